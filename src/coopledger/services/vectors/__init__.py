"""Vectors: worked figures as data, for this program and for any other.

The format is documented in ``docs/vectors.md``.
"""

from __future__ import annotations

from coopledger.services.vectors.comparing import Difference
from coopledger.services.vectors.format import read_vectors
from coopledger.services.vectors.playing import Outcome
from coopledger.services.vectors.playing import play

__all__ = ["Difference", "Outcome", "play", "read_vectors"]
