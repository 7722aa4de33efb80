"""What the charts of our pages show, as dates and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.services.titles import COMPONENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.periods import FiscalYear
    from coopledger.services.stating import Statement

    #: Says a text in the reader's language.
    Say = Callable[[str], str]

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


def charts_of_member(books: Books, statement: Statement, say: Say) -> list[Chart]:
    """Return the charts of one member's statement, leaving out empty ones."""
    member, end = statement.membership.member, statement.end
    own = [m for m in books.movements() if m.member == member and m.date <= end]
    years = _years(books, statement.start, end)
    within = [m for m in own if m.date >= statement.start and m.kind != "opening"]
    return _telling(
        Chart(say("Balance"), tuple(_balances(statement)), stacked=False),
        Chart(
            say("Change in each fiscal year"),
            _bars(within, years, end, say, is_change=True),
            stacked=True,
        ),
        Chart(
            say("Components at each year end"),
            _bars(own, years, end, say),
            stacked=True,
        ),
    )


def charts_of_all(
    books: Books, start: datetime.date | None, end: datetime.date, say: Say
) -> list[Chart]:
    """Return the charts of all members' capital, leaving out empty ones."""
    own = [m for m in books.movements() if m.date <= end]
    # Every year up to the end, whatever the period: one bar alone tells little.
    years = _years(books, own[0].date if own else end, end)
    return _telling(
        Chart(
            say("Components at each year end"),
            _bars(own, years, end, say),
            stacked=True,
        ),
        Chart(say("All members' capital"), _totals(own, start, end), stacked=False),
    )


def _telling(*charts: Chart) -> list[Chart]:
    return [chart for chart in charts if any(parts for _, parts in chart.points)]


def _balances(statement: Statement) -> Iterator[Point]:
    """Return the balance after each day with a movement, and at both ends."""
    by_day = {statement.start: statement.line.opening}
    for row in statement.rows:
        by_day[row.movement.date] = row.balance
    by_day[statement.end] = statement.line.closing
    return ((day, {"": balance}) for day, balance in by_day.items())


def _totals(
    own: Sequence[CapitalMovement], start: datetime.date | None, end: datetime.date
) -> tuple[Point, ...]:
    """Return what all capital came to after each day with a movement."""
    by_day: dict[datetime.date, Decimal] = {}
    total = ZERO
    for movement in own:
        total += movement.amount
        by_day[movement.date] = total
    by_day[end] = total
    return tuple(
        (day, {"": amount})
        for day, amount in by_day.items()
        if start is None or day >= start
    )


def _years(books: Books, start: datetime.date, end: datetime.date) -> list[FiscalYear]:
    years = [figures.fiscal for figures in books.years.values()]
    return [year for year in years if year.start <= end and year.end >= start]


def _bars(
    movements: Iterable[CapitalMovement],
    years: Sequence[FiscalYear],
    end: datetime.date,
    say: Say,
    *,
    is_change: bool = False,
) -> tuple[Point, ...]:
    """Return each year's change, or what there is at its end, by component."""
    bars: list[Point] = []
    waiting = list(movements)
    place, sums = 0, dict[str, "Decimal"]()
    for year in years:
        sums = {} if is_change else dict(sums)
        while place < len(waiting) and waiting[place].date <= year.end:
            movement = waiting[place]
            sums[movement.role] = sums.get(movement.role, ZERO) + movement.amount
            place += 1
        bars.append((min(year.end, end), _named(sums, say)))
    return tuple(bars)


def _named(sums: dict[str, Decimal], say: Say) -> dict[str, Decimal]:
    return {
        say(name): sums[role] for role, name in COMPONENTS.items() if sums.get(role)
    }
