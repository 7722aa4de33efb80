"""Figures of all the members, by the people behind them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLLECTIVE
from coopledger.law.case import PATRONAGE_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.books import Books
    from coopledger.domain.books import YearFigures

#: The figures, with their names for people.
FIGURES = {
    "members": "Members at the year's end",
    "capital": "All members' capital at the year's end",
    "collective": "Collective capital and reserves at the year's end",
    "patronage": "Patronage allocated in the year",
    "hours": "Members' hours in the year",
}
#: Figures that count people and are nobody's in amount.
COUNTS = frozenset({"members"})

#: Somebody who cannot be told from what was booked.
_SOMEBODY = ""

#: Whose how much is.
Parts = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one year, by the people behind it.

    Attributes:
        name: One of `FIGURES`.
        year: Label of the fiscal year.
        total: All of it.
        parts: Whose it is.
        moved: What changed it in the year, by kind and person, where it goes on from
            year to year.
    """

    name: str
    year: int
    total: Decimal
    parts: Mapping[str, Decimal]
    moved: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)


def figures_of(books: Books, until: int) -> dict[str, list[Figure]]:
    """Return all figures of all years up to one, by name and in order of year."""
    whose = _Whose(books)
    years = [one for year, one in books.years.items() if year <= until]
    return {
        name: [make(books, figures, whose) for figures in years]
        for name, make in _MAKERS.items()
    }


def people_of(books: Books) -> dict[str, str]:
    """Return who each id is: two ids of one person are one."""
    people = books.register.people()
    return {one: who for who, ids in people.items() for one in ids}


class _Whose:
    """Says who somebody is."""

    def __init__(self, books: Books) -> None:
        self._who = people_of(books)

    def __call__(self, member: str) -> str:
        return self._who.get(member, member)

    def added(self, rows: Iterator[tuple[str, Decimal]]) -> Parts:
        """Add amounts up by person, and leave out who has nothing."""
        parts: defaultdict[str, Decimal] = defaultdict(Decimal)
        for member, amount in rows:
            parts[self(member)] += amount
        return {who: amount for who, amount in parts.items() if amount}


def _members(books: Books, figures: YearFigures, whose: _Whose) -> Figure:
    there = (m for m in books.register.as_of(figures.fiscal.end) if m.is_member)
    parts = dict.fromkeys((whose(one.member) for one in there), Decimal(1))
    return Figure("members", figures.fiscal.label, Decimal(len(parts)), parts)


def _capital(books: Books, figures: YearFigures, whose: _Whose) -> Figure:
    parts = whose.added(iter(figures.capital.items()))
    moved: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for one in books.movements():
        if one.date in figures.fiscal:
            moved[f"{one.role} {one.kind}"].append((one.member, one.amount))
    return Figure(
        "capital",
        figures.fiscal.label,
        sum(parts.values(), ZERO),
        parts,
        {kind: whose.added(iter(rows)) for kind, rows in moved.items()},
    )


def _collective(books: Books, figures: YearFigures, whose: _Whose) -> Figure:
    """Return what belongs to all together, and what single people brought about."""
    moved: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for booking in books.bookings:
        if booking.is_appropriation or booking.date not in figures.fiscal:
            continue
        legs = [leg.amount for leg in booking.legs if leg.role in COLLECTIVE]
        if not sum(legs, ZERO):
            continue
        members = {leg.member for leg in booking.legs if leg.member} or {_SOMEBODY}
        kind = booking.kind if _SOMEBODY not in members else f"{booking.kind} by ?"
        moved[kind] += [(one, abs(leg)) for one in members for leg in legs]
    total = sum((figures.balances.get(role, ZERO) for role in COLLECTIVE), ZERO)
    return Figure(
        "collective",
        figures.fiscal.label,
        total,
        _members(books, figures, whose).parts if total else {},
        {kind: whose.added(iter(rows)) for kind, rows in moved.items()},
    )


def _patronage(books: Books, figures: YearFigures, whose: _Whose) -> Figure:
    rows = (
        (leg.member, leg.amount)
        for booking in books.distributions
        if booking.date in figures.fiscal
        for leg in booking.legs
        if leg.member and leg.role in PATRONAGE_ROLES
    )
    parts = whose.added(rows)
    total = sum(parts.values(), ZERO)
    return Figure("patronage", figures.fiscal.label, total, parts)


def _hours(_: Books, figures: YearFigures, whose: _Whose) -> Figure:
    parts = whose.added((one, work.hours) for one, work in figures.members.items())
    return Figure("hours", figures.fiscal.label, sum(parts.values(), ZERO), parts)


_MAKERS = {
    "members": _members,
    "capital": _capital,
    "collective": _collective,
    "patronage": _patronage,
    "hours": _hours,
}
