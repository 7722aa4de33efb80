"""Interest on capital: how much capital stood for how long.

Capital counts by time in one of four ways that are in use; each is exact.

day
    The balance at the end of each day, over the days of the year.
month-end-average
    The mean of the balances at the end of each month.
month-of-payment
    A payment earns from the month in which it is made (January: 12/12).
month-after-payment
    A payment earns from the month after it is made (January: 11/12).
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.periods import add_months
from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.periods import FiscalYear

#: A balance at the beginning and changes by day, in order.
Path = tuple[Decimal, list[tuple[datetime.date, Decimal]]]

_MONTHS = 12


def paths_of(
    movements: Iterable[CapitalMovement], year: FiscalYear, *, running: bool
) -> dict[str, Path]:
    """Return each member's capital at the beginning of a year and its changes.

    Args:
        movements: All movements of the book.
        year: The year.
        running: Whether changes in the year count, or only the opening balance.
    """
    opening: dict[str, Decimal] = {}
    changes: dict[str, list[tuple[datetime.date, Decimal]]] = {}
    for movement in movements:
        member = movement.member
        is_opening = movement.date < year.start or movement.kind == "opening"
        if movement.date <= year.end and is_opening:
            opening[member] = opening.get(member, ZERO) + movement.amount
        elif movement.date <= year.end and running:
            own = changes.setdefault(member, [])
            own.append((movement.date, movement.amount))
    members = dict.fromkeys([*opening, *changes])
    return {
        member: (opening.get(member, ZERO), sorted(changes.get(member, ())))
        for member in members
    }


def capital_by_time(
    paths: Mapping[str, Path], year: FiscalYear, method: str, day_count: str
) -> Weights[str]:
    """Return capital times the part of the year it stood, by member.

    Args:
        paths: Opening balance and changes, by member.
        year: The year.
        method: One of `METHODS`.
        day_count: Days that make a year in the method ``day``: ``365``, ``360`` or
            ``actual`` (the year's own number of days).

    Returns:
        Exact amounts in the book's currency; times a rate they are the interest.
    """
    weigh = METHODS[method]
    stood = {member: weigh(path, year) for member, path in paths.items()}
    times = _days_that_make_a_year(year, day_count) if method == "day" else _MONTHS
    return Weights.of(stood).above_zero.times(Fraction(1, times))


def _days_in(year: FiscalYear) -> int:
    return (year.end - year.start).days + 1


def _days_that_make_a_year(year: FiscalYear, day_count: str) -> int:
    return _days_in(year) if day_count == "actual" else int(day_count)


def _by_day(path: Path, year: FiscalYear) -> Decimal:
    """Add up each amount times the days it stood."""
    opening, changes = path
    later = [amount * ((year.end - day).days + 1) for day, amount in changes]
    return sum(later, opening * _days_in(year))


def _by_month_end(path: Path, year: FiscalYear) -> Decimal:
    """Add up what stood at the end of each month."""
    opening, changes = path
    ends = [add_months(year.start, month) - ONE_DAY for month in range(1, _MONTHS + 1)]
    later = [amount * sum(day <= end for end in ends) for day, amount in changes]
    return sum(later, opening * _MONTHS)


def _from_month(path: Path, year: FiscalYear, delay: int) -> Decimal:
    """Add up each amount times the months it stood."""
    opening, changes = path
    later = [
        amount * (_MONTHS - _months_between(year.start, day) - delay)
        for day, amount in changes
    ]
    return sum(later, opening * _MONTHS)


def _months_between(start: datetime.date, day: datetime.date) -> int:
    return (day.year - start.year) * _MONTHS + day.month - start.month


def _month_of_payment(path: Path, year: FiscalYear) -> Decimal:
    return _from_month(path, year, 0)


def _month_after_payment(path: Path, year: FiscalYear) -> Decimal:
    return _from_month(path, year, 1)


#: How capital is weighed by time: in days, or in months.
METHODS: dict[str, Callable[[Path, FiscalYear], Decimal]] = {
    "day": _by_day,
    "month-end-average": _by_month_end,
    "month-of-payment": _month_of_payment,
    "month-after-payment": _month_after_payment,
}
