"""What a page is asked for: a period, and what is wrong with the question."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from coopledger.domain.books import Books


class FilterUnreadableError(CoopledgerError):
    """Fava cannot read its time filter."""

    def __init__(self, time: str) -> None:
        """Quote the filter and show what Fava reads."""
        super().__init__(
            Phrase(
                "The time filter '{time}' is no period. Fava reads, for example: 2024, "
                "FY2024, 2024-Q3, 2024-03 - 2024-08.",
                time=time,
            )
        )


class NothingCooperativeError(CoopledgerError):
    """The book says nothing about a co-operative."""

    def __init__(self) -> None:
        """Say which directives are missing."""
        super().__init__(
            Phrase(
                "This book has no cooperative directives, so that there is nothing to "
                "show here. Name the law that governs it with a coop-policy directive "
                "and the members with coop-member directives."
            )
        )


@dataclass(frozen=True, slots=True)
class Period:
    """What Fava's time filter asks for, both days inclusive.

    Attributes:
        start: First day; None without a filter.
        end: Last day; without a filter the book's last.
        time: The filter's own text, "" without one.
    """

    start: datetime.date | None
    end: datetime.date
    time: str

    @property
    def first(self) -> datetime.date:
        """The first day, or the first day there is."""
        return self.start or datetime.date.min


def fiscal_label(books: Books, period: Period) -> int | None:
    """Return the label of the fiscal year that a period is, or None."""
    fiscal = books.year_end.year_of(period.end)
    return (
        fiscal.label
        if (fiscal.start, fiscal.end) == (period.start, period.end)
        else None
    )
