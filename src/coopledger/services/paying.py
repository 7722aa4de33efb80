"""When a debt to a leaver is paid: instalments to propose, and their interest."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.instalments import Plan
from coopledger.domain.periods import add_months

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.instalments import Due

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment to come, with the interest of the time before it.

    Attributes:
        date: When it is due.
        capital: What it repays.
        interest: The least interest up to that day, from now on at the rate of the
            settlement's day; None where no rate is decided.
        outstanding: What is left to repay after it.
        agreed: The day that was agreed, which may be over.
    """

    date: datetime.date
    capital: Decimal
    interest: Decimal | None
    outstanding: Decimal
    agreed: datetime.date


@dataclass(frozen=True, slots=True)
class Since:
    """From which day interest is reckoned, at which rate, and what is due before."""

    day: datetime.date
    rate: Decimal | None
    arrears: Fraction


def deadline_of(left: datetime.date, years: Decimal | None) -> datetime.date | None:
    """Return the last day to pay; None where law and by-laws give no time."""
    return None if years is None else add_months(left, int(years * _MONTHS))


def plan_for(
    left: datetime.date,
    day: datetime.date,
    deadline: datetime.date | None,
    count: int | None,
) -> Plan | None:
    """Return the instalments to propose.

    Args:
        left: The day of leaving.
        day: The day of the settlement.
        deadline: The last day to pay; None where law and by-laws give no time.
        count: How many there are to be; None for one on each anniversary of leaving.

    Returns:
        The instalments; None where nothing says how long it takes.
    """
    if count is None:
        return _on_anniversaries(left, day, deadline) if deadline else None
    every = _MONTHS
    if deadline and deadline > day:
        months = (deadline.year - day.year) * _MONTHS + deadline.month - day.month
        every = max(1, (months - (deadline.day < day.day)) // count)
    return Plan(count, every, add_months(day, every))


def _on_anniversaries(
    left: datetime.date, day: datetime.date, deadline: datetime.date
) -> Plan:
    number, ahead = 1, []
    while (anniversary := add_months(left, number * _MONTHS)) <= deadline:
        ahead += [anniversary] if anniversary > day else []
        number += 1
    return Plan(len(ahead), first=ahead[0]) if ahead else Plan(first=max(day, deadline))


def payments_of(dues: list[Due], since: Since, unit: Decimal) -> Iterator[Payment]:
    """Return the payments to come with their interest.

    Args:
        dues: What is due, and when.
        since: From when on interest is reckoned.
        unit: The smallest unit of the currency.
    """
    outstanding = sum((amount for _, amount in dues), ZERO)
    before, accrued, credited = since.day, since.arrears, ZERO
    for due, agreed, amount in sorted((max(d, since.day), d, a) for d, a in dues):
        interest: Decimal | None = None
        if since.rate is not None:
            years = _years(since.day, before, due)
            accrued += Fraction(outstanding) * Fraction(since.rate) * years
            interest = round_to(accrued, unit) - credited
            credited += interest
        outstanding -= amount
        before = due
        yield Payment(due, amount, interest, outstanding, agreed)


def _years(origin: datetime.date, start: datetime.date, end: datetime.date) -> Fraction:
    """Return the time between two days in years that begin with an anniversary."""
    total, number, begin = Fraction(0), 1, origin
    while begin < end:
        stop = add_months(origin, number * _MONTHS)
        days = (min(end, stop) - max(start, begin)).days
        total += Fraction(max(0, days), (stop - begin).days)
        begin, number = stop, number + 1
    return total
