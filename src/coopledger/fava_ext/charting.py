"""What the charts of a member's page show, as dates and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import Books
    from coopledger.domain.periods import FiscalYear
    from coopledger.services.stating import Statement

Point = tuple["datetime.date", dict[str, "Decimal"]]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes:
        label: Its name.
        points: Amount by part, at dates.
        stacked: Whether parts stand on each other as bars; else their sum is a line.
    """

    label: str
    points: tuple[Point, ...]
    stacked: bool


def charts_of(books: Books, statement: Statement) -> list[Chart]:
    """Return the charts of one member's statement, leaving out empty ones."""
    charts = [
        Chart("Balance", tuple(_balances(statement)), stacked=False),
        Chart("Change in each fiscal year", _changes(books, statement), stacked=True),
        Chart("Parts at each year end", _parts(books, statement), stacked=True),
    ]
    return [chart for chart in charts if any(parts for _, parts in chart.points)]


def _balances(statement: Statement) -> Iterator[Point]:
    """Return the balance after each day with a movement, and at both ends."""
    by_day = {statement.start: statement.line.opening}
    for row in statement.rows:
        by_day[row.movement.date] = row.balance
    by_day[statement.end] = statement.line.closing
    return ((day, {"": balance}) for day, balance in by_day.items())


def _changes(books: Books, statement: Statement) -> tuple[Point, ...]:
    legs = [leg for leg in _legs(books, statement) if leg[0] >= statement.start]
    return tuple(
        (_last_day(year, statement), _by_account(legs, year.start, year.end))
        for year in _years(books, statement)
    )


def _parts(books: Books, statement: Statement) -> tuple[Point, ...]:
    legs = list(_legs(books, statement, with_opening=True))
    return tuple(
        (_last_day(year, statement), _by_account(legs, None, year.end))
        for year in _years(books, statement)
    )


def _years(books: Books, statement: Statement) -> list[FiscalYear]:
    years = [figures.fiscal for figures in books.years.values()]
    start, end = statement.start, statement.end
    return [year for year in years if year.start <= end and year.end >= start]


def _last_day(year: FiscalYear, statement: Statement) -> datetime.date:
    return min(year.end, statement.end)


def _legs(
    books: Books, statement: Statement, *, with_opening: bool = False
) -> Iterator[tuple[datetime.date, str, Decimal]]:
    """Return date, account and amount of a member's movements up to the end."""
    member = statement.membership.member
    for booking in books.bookings:
        if booking.date > statement.end:
            continue
        for leg in booking.legs:
            if leg.member == member and leg.role in CAPITAL:
                is_opening = kind_of(booking, leg) == "opening"
                if with_opening or not is_opening:
                    yield booking.date, leg.account, leg.amount


def _by_account(
    legs: Iterable[tuple[datetime.date, str, Decimal]],
    start: datetime.date | None,
    end: datetime.date,
) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for day, account, amount in legs:
        if (start is None or start <= day) and day <= end:
            sums[account] = sums.get(account, ZERO) + amount
    return {account: amount for account, amount in sums.items() if amount}
