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
) -> dict[str, Fraction]:
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
    found = {member: weigh(path, year, day_count) for member, path in paths.items()}
    return {member: amount for member, amount in found.items() if amount > 0}


def _by_day(path: Path, year: FiscalYear, day_count: str) -> Fraction:
    opening, changes = path
    days = (year.end - year.start).days + 1
    basis = days if day_count == "actual" else int(day_count)
    # One fraction for each amount: everybody's capital goes through here.
    number, per = opening.as_integer_ratio()
    total = Fraction(number * days, per * basis)
    for day, amount in changes:
        number, per = amount.as_integer_ratio()
        total += Fraction(number * ((year.end - day).days + 1), per * basis)
    return total


def _by_month_end(path: Path, year: FiscalYear, _day_count: str) -> Fraction:
    opening, changes = path
    total = Fraction(0)
    for month in range(1, _MONTHS + 1):
        end = add_months(year.start, month) - ONE_DAY
        standing = sum((amount for day, amount in changes if day <= end), opening)
        total += Fraction(standing)
    return total / _MONTHS


def _from_month(path: Path, year: FiscalYear, delay: int) -> Fraction:
    opening, changes = path
    total = Fraction(opening) * _MONTHS
    for day, amount in changes:
        index = (day.year - year.start.year) * _MONTHS + day.month - year.start.month
        total += Fraction(amount) * (_MONTHS - index - delay)
    return total / _MONTHS


def _month_of_payment(path: Path, year: FiscalYear, _day_count: str) -> Fraction:
    return _from_month(path, year, 0)


def _month_after_payment(path: Path, year: FiscalYear, _day_count: str) -> Fraction:
    return _from_month(path, year, 1)


METHODS: dict[str, Callable[[Path, FiscalYear, str], Fraction]] = {
    "day": _by_day,
    "month-end-average": _by_month_end,
    "month-of-payment": _month_of_payment,
    "month-after-payment": _month_after_payment,
}
