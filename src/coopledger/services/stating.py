"""Stating: the register, members' capital, and one member's statement."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import OWED
from coopledger.domain.capital import CapitalLine
from coopledger.domain.capital import roll_forward
from coopledger.domain.capital import total_of
from coopledger.errors import MemberUnknownError
from coopledger.errors import YearUnknownError
from coopledger.phrases import Phrase
from coopledger.services.titles import MOVEMENTS

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.members import Membership


@dataclass(frozen=True, slots=True)
class CapitalTable:
    """All members' capital over a period.

    Attributes:
        start: First day.
        end: Last day.
        lines: Line by member, in order of join date and id.
        total: All lines added up.
    """

    start: datetime.date
    end: datetime.date
    lines: tuple[CapitalLine, ...]
    total: CapitalLine


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement on a statement, with the capital after it."""

    movement: CapitalMovement
    words: Phrase
    balance: Decimal

    @property
    def role(self) -> str:
        """The component it is about: of what is unpaid of one, and of an instalment."""
        role = self.movement.role
        return "contribution" if role == "uncalled" else role


@dataclass(frozen=True, slots=True)
class Statement:
    """One member's capital account over a period.

    Attributes:
        membership: Who the member is at the end of the period.
        line: The period in one line, column by column.
        rows: Every movement of the period, with running balance.
        components: Capital by role at the end of the period.
        owed: What the co-op owes the member besides capital, by role.
        uncalled: What the member has still to pay of the subscription.
        start: First day.
        end: Last day.
    """

    membership: Membership
    line: CapitalLine
    rows: tuple[StatementRow, ...]
    components: dict[str, Decimal]
    owed: dict[str, Decimal]
    uncalled: Decimal
    start: datetime.date
    end: datetime.date


def last_day(books: Books) -> datetime.date:
    """Return the last day a book says anything of: a transaction or a member."""
    return books.last_said


def members_on(books: Books, on: datetime.date) -> list[Membership]:
    """Return everybody known on a day, in order of join date and id."""
    return books.register.as_of(on)


def capital_of_year(books: Books, year: int) -> CapitalTable:
    """Roll members' capital forward over a fiscal year.

    Raises:
        YearUnknownError: The book does not reach that year.
    """
    if year not in books.years:
        raise YearUnknownError(year, books.years)
    fiscal = books.years[year].fiscal
    return capital_between(books, fiscal.start, fiscal.end)


def capital_between(
    books: Books, start: datetime.date, end: datetime.date
) -> CapitalTable:
    """Roll members' capital forward over a period, both days inclusive."""
    lines = roll_forward(books.movements(), start, end)
    order = sorted(lines, key=books.register.rank)
    ordered = tuple(lines[member] for member in order)
    return CapitalTable(start, end, ordered, total_of(ordered))


def statement_of(
    books: Books,
    member: str,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
) -> Statement:
    """Return one member's statement over a period.

    Args:
        books: The books.
        member: Member id.
        start: First day; default: the beginning.
        end: Last day; default: `last_day`.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
    """
    whole = books.register.during(member, last_day(books))
    if whole is None:
        raise MemberUnknownError(member, books.register.events)
    first, last = start or datetime.date.min, end or last_day(books)
    own = [m for m in books.index.movements_of(member) if m.date <= last]
    line = roll_forward(own, first, last).get(member, CapitalLine(member))
    return Statement(
        membership=books.register.during(member, last) or whole,
        line=line,
        rows=tuple(_rows(own, line.opening, first)),
        components=_components(own),
        owed=_owed(books, member, last),
        uncalled=-_components(own).get("uncalled", ZERO),
        start=first if start else (own[0].date if own else last),
        end=last,
    )


def _rows(
    movements: list[CapitalMovement], opening: Decimal, start: datetime.date
) -> list[StatementRow]:
    balance, rows = opening, []
    for movement in movements:
        if movement.date < start or movement.kind == "opening":
            continue
        balance += movement.amount
        rows.append(StatementRow(movement, in_words(movement), balance))
    return rows


def in_words(movement: CapitalMovement) -> Phrase:
    """Say in plain words what a movement is."""
    words = MOVEMENTS.get(movement.kind, "Movement")
    if movement.role == "uncalled" and movement.kind == "contribution":
        words = "Instalment paid" if movement.amount > 0 else "Still to be paid"
    if movement.role == "nonqualified" and movement.kind == "patronage":
        words = "Patronage (nonqualified)"
    if movement.year:
        return Phrase(f"{words} of {{year}}", year=movement.year)
    return Phrase(words)


def _components(movements: list[CapitalMovement]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for movement in movements:
        sums[movement.role] = sums.get(movement.role, ZERO) + movement.amount
    return {role: amount for role, amount in sums.items() if amount}


def _owed(books: Books, member: str, last: datetime.date) -> dict[str, Decimal]:
    owed: dict[str, Decimal] = {}
    for booking, leg in books.index.traces_of(member, OWED):
        if booking.date <= last:
            owed[leg.role] = owed.get(leg.role, ZERO) + leg.amount
    return {role: amount for role, amount in owed.items() if amount}
