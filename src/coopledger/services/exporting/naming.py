"""Names by which formulas call the figures of a year."""

from __future__ import annotations

from functools import cache


@cache
def slug(name: str) -> str:
    """Turn a dotted name into one that formulas may use."""
    return "".join(char if char.isalnum() else "_" for char in name)


def fact_name(term: str) -> str:
    """Return the name of a fact in formulas."""
    return f"fact_{slug(term)}"


def amount_name(step: str) -> str:
    """Return the name of a step's amount in formulas."""
    return f"amount_{slug(step)}"


def parts_name(step: str) -> str:
    """Return the name of what members get by a step, in formulas."""
    return f"parts_{slug(step)}"
