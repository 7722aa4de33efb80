"""A federation at a glance: each enterprise's year, people, findings and dues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import YearSummary
    from coopledger.services.federating.gathering import Federation


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise at a glance.

    Attributes:
        book: Its summary.
        year: The year that is shown; None where the book does not have it.
        owed: What others owe it at the end of its book.
        owing: What it owes others then.
    """

    book: EnterpriseSummary
    year: YearSummary | None
    owed: Decimal
    owing: Decimal


def lines_of(federation: Federation, label: int | None) -> list[Line]:
    """Return a federation's books at a glance, its own first.

    Args:
        federation: The federation.
        label: The fiscal year; without it, each book's last whole one.
    """
    return [_line(book, label) for book in federation.books.values()]


def _line(book: EnterpriseSummary, label: int | None) -> Line:
    by_peer: dict[str, Decimal] = {}
    for movement in book.dues:
        by_peer[movement.name] = by_peer.get(movement.name, ZERO) + movement.amount
    owed = sum((one for one in by_peer.values() if one > 0), ZERO)
    owing = sum((-one for one in by_peer.values() if one < 0), ZERO)
    return Line(book, _year(book, label), owed, owing)


def _year(book: EnterpriseSummary, label: int | None) -> YearSummary | None:
    if label is not None:
        return book.year(label)
    active = [year for year in book.years if year.has_activity]
    whole = [year for year in active if year.end <= book.last]
    return [*active[-1:], *whole][-1] if active else None
