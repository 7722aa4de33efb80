"""Members' statements as pages for screen and printer."""

from __future__ import annotations

from coopledger.paper.composing import Wishes
from coopledger.paper.filing import write_all
from coopledger.paper.filing import write_one

__all__ = ["Wishes", "write_all", "write_one"]
