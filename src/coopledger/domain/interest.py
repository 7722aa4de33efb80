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

from fractions import Fraction
from functools import cache
from functools import partial
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.periods import add_months
from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.periods import FiscalYear

_MONTHS = 12


def capital_by_time(
    movements: Iterable[CapitalMovement],
    year: FiscalYear,
    method: str,
    day_count: str = "actual",
    *,
    running: bool = True,
) -> Weights[str]:
    """Return capital times the part of the year it stood, by member.

    Args:
        movements: All movements of the book.
        year: The year.
        method: One of `METHODS`.
        day_count: Days that make a year in the method ``day``: ``365``, ``360`` or
            ``actual`` (the year's own number of days).
        running: Whether changes in the year count, or only the opening balance.

    Returns:
        Exact amounts in the book's currency; times a rate they are the interest.
        Whoever owes more than they hold has none.
    """
    # Very many movements fall on few days.
    counted = cache(partial(METHODS[method], year))
    whole = (year.end - year.start).days + 1 if method == "day" else _MONTHS
    stood: dict[str, Decimal] = {}
    for movement in movements:
        day, member = movement.date, movement.member
        if day > year.end:
            continue
        is_opening = day < year.start or movement.kind == "opening"
        if is_opening or running:
            time = whole if is_opening else counted(day)
            stood[member] = stood.get(member, ZERO) + movement.amount * time
    is_fixed = method == "day" and day_count != "actual"
    basis = int(day_count) if is_fixed else whole
    return Weights.of(stood).above_zero.times(Fraction(1, basis))


def _days(year: FiscalYear, day: datetime.date) -> int:
    return (year.end - day).days + 1


def _month_ends(year: FiscalYear, day: datetime.date) -> int:
    ends = (add_months(year.start, n) - ONE_DAY for n in range(1, _MONTHS + 1))
    return sum(day <= end for end in ends)


def _months_from_its_own(year: FiscalYear, day: datetime.date) -> int:
    years, months = day.year - year.start.year, day.month - year.start.month
    return _MONTHS - (years * _MONTHS + months)


def _months_from_the_next(year: FiscalYear, day: datetime.date) -> int:
    return _months_from_its_own(year, day) - 1


#: For how many of the year's days or months a change on one of its days stands.
METHODS: dict[str, Callable[[FiscalYear, datetime.date], int]] = {
    "day": _days,
    "month-end-average": _month_ends,
    "month-of-payment": _months_from_its_own,
    "month-after-payment": _months_from_the_next,
}
