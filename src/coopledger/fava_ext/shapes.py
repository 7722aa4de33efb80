"""The JSON of the pages: the shapes of ``coopledger capital`` and ``statement``.

Amounts are strings, so that no reader turns them into floats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.capital import COLUMNS

if TYPE_CHECKING:
    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalLine
    from coopledger.fava_ext.adapter import Period
    from coopledger.services.stating import CapitalTable
    from coopledger.services.stating import Statement

SCHEMA = 1


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
        "members": [{"member": line.member, **_columns(line)} for line in table.lines],
        "total": _columns(table.total),
    }


def fiscal_label(books: Books, period: Period) -> int | None:
    """Return the label of the fiscal year that a period is, or None."""
    fiscal = books.year_end.year_of(period.end)
    return (
        fiscal.label
        if (fiscal.start, fiscal.end) == (period.start, period.end)
        else None
    )


def _columns(line: CapitalLine) -> dict[str, str]:
    return {column: str(getattr(line, column)) for column in COLUMNS}


def statement_shape(currency: str, statement: Statement) -> dict[str, Any]:
    """Return the shape of ``statement``."""
    return {
        "schema": SCHEMA,
        "member": statement.membership.member,
        "name": statement.membership.name,
        "class": statement.membership.member_class,
        "status": statement.membership.status,
        "start": statement.start.isoformat(),
        "end": statement.end.isoformat(),
        "currency": currency,
        "opening": str(statement.line.opening),
        "movements": [
            {
                "date": row.movement.date.isoformat(),
                "kind": row.movement.kind,
                "component": row.movement.role,
                "words": row.words,
                "narration": row.movement.text,
                "year": row.movement.year,
                "amount": str(row.movement.amount),
                "balance": str(row.balance),
            }
            for row in statement.rows
        ],
        "closing": str(statement.line.closing),
        "components": {k: str(v) for k, v in statement.components.items()},
        "owed": {k: str(v) for k, v in statement.owed.items()},
    }
