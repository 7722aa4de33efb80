"""A federation: its enterprises' books read, compared and written together."""

from __future__ import annotations
