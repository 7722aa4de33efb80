"""Rates and sums of terms in words, for sentences that explain a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


def percent(rate: Decimal) -> str:
    """Write a rate as a percentage, without zeros that say nothing."""
    return f"{(rate * 100).normalize():f} %"


def sum_in_words(terms: Sequence[tuple[str, Decimal]]) -> str:
    """Write signed terms with their amounts."""
    words = "".join(_term_in_words(*term) for term in terms)
    return words.removeprefix(" plus ").strip()


def _term_in_words(term: str, amount: Decimal) -> str:
    sign = "less" if term.startswith("-") else "plus"
    name = term.removeprefix("-").replace(":", " ").replace(".", " ").replace("-", " ")
    return f" {sign} {name} {abs(amount)}"
