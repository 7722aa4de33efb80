"""A federation at a glance: each enterprise's year, people, findings and dues."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class People:
    """How many people a federation has, and how many were counted several times.

    Attributes:
        memberships: Members of all enterprises, added up.
        several: How many people the federation knows by an id in several enterprises.
        persons: How many there are when each of these counts once.
    """

    memberships: int
    several: int
    persons: int


def people_of(lines: Iterable[Line]) -> People:
    """Count people once who are members of several enterprises, by the federation's id.

    Each enterprise's members count on the last day of the year that is shown of it.
    """
    memberships = 0
    known: Counter[str] = Counter()
    for line in lines:
        if line.year:
            day = line.year.end
            memberships += line.year.work.members
            known.update({one.person for one in line.book.persons if one.covers(day)})
    several = [number for number in known.values() if number > 1]
    again = sum(several) - len(several)
    return People(memberships, len(several), memberships - again)


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
