"""Words that were meant to be ours: a slip in a word must never hide it."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache


def as_ours(word: str) -> str:
    """Write a word as ours are written: in small letters, with hyphens."""
    return word.lower().replace("_", "-").replace(" ", "-")


@lru_cache(maxsize=4096)
def is_meant(word: str, known: frozenset[str]) -> bool:
    """Say whether a word is one of ours, or was meant to be.

    A book has few different words and very many places for them, so that the answers
    are kept.

    Args:
        word: What was written.
        known: Our words of that sort.
    """
    ours = as_ours(word)
    return ours.startswith("coop") or bool(
        get_close_matches(ours, known, n=1, cutoff=0.85)
    )
