"""The JSON of the pages: the shapes of ``coopledger capital`` and ``statement``.

Amounts are strings, so that no reader turns them into floats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.services.shaping import SCHEMA
from coopledger.services.shaping import capital_lines

if TYPE_CHECKING:
    from coopledger.domain.books import Books
    from coopledger.fava_ext.adapter import Period
    from coopledger.services.stating import CapitalTable


def capital_shape(books: Books, period: Period, table: CapitalTable) -> dict[str, Any]:
    """Return the shape of ``capital``, with the days of the period.

    The year is None when the period is no fiscal year of the book; the start is None
    when nothing was filtered.
    """
    return {
        "schema": SCHEMA,
        "year": fiscal_label(books, period),
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat(),
        "currency": books.currency,
        **capital_lines(table),
    }


def fiscal_label(books: Books, period: Period) -> int | None:
    """Return the label of the fiscal year that a period is, or None."""
    fiscal = books.year_end.year_of(period.end)
    return (
        fiscal.label
        if (fiscal.start, fiscal.end) == (period.start, period.end)
        else None
    )
