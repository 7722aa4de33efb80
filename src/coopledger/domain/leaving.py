"""Accounts of people who left: what was settled, what it earned, and what was paid.

A settlement turns capital into a debt of the co-op (`redemption-payable`), at once or
in several parts.  Payments are first set against interest, then against the debt.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import REDEMPTIONS
from coopledger.domain.instalments import due_by
from coopledger.domain.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.books import Books
    from coopledger.domain.findings import Origin
    from coopledger.domain.instalments import Due
    from coopledger.domain.members import MemberEvent
    from coopledger.domain.refunds import Refund

    #: Rates of a year, each with its first day, in order.
    Rates = Sequence[tuple[datetime.date, Decimal | None]]

_MONTHS = 12
#: Kinds under which a debt to a leaver grows without capital falling.
_INTEREST, _RAISED = "interest", "revaluation"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Capital that became a debt to its holder.

    Attributes:
        date: The day.
        amount: How much.
        dues: The parts agreed, none where nothing was agreed.
        origin: Where it stands.
    """

    date: datetime.date
    amount: Decimal
    dues: tuple[Due, ...]
    origin: Origin


@dataclass(slots=True)
class Leaver:
    """Somebody who left and did not come back.

    Attributes:
        ending: The line of the register.
        refunds: Decisions about the refund, in order of date.
        capital: Changes of the capital, by day.
        settlements: What became a debt.
        interest: Interest on that debt, by day.
        raised: What else the debt or the capital grew by after the year of leaving:
            transaction and posting.
        payments: What was paid of debt and interest, by day.
    """

    ending: MemberEvent
    refunds: tuple[Refund, ...] = ()
    capital: list[Due] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    interest: list[Due] = field(default_factory=list)
    raised: list[tuple[Booking, Leg]] = field(default_factory=list)
    payments: list[Due] = field(default_factory=list)

    @property
    def member(self) -> str:
        """Id of the member."""
        return self.ending.member

    @property
    def left(self) -> datetime.date:
        """Last day of the membership."""
        return self.ending.date

    def held(self, on: datetime.date) -> Decimal:
        """Return the capital that is not settled at the end of a day."""
        return due_by(self.capital, on)

    def owed(self, on: datetime.date) -> Decimal:
        """Return the debt with its interest at the end of a day."""
        settled = sum((one.amount for one in self.settlements if one.date <= on), ZERO)
        return settled + due_by(self.interest, on) - due_by(self.payments, on)

    def repaid(self, on: datetime.date) -> Decimal:
        """Return what was paid of the debt itself, interest having been paid first."""
        return max(ZERO, due_by(self.payments, on) - due_by(self.interest, on))

    def outstanding(self, on: datetime.date) -> Decimal:
        """Return what is unpaid of the debt itself at the end of a day."""
        settled = sum((one.amount for one in self.settlements if one.date <= on), ZERO)
        return max(ZERO, settled - self.repaid(on))

    def anniversaries(
        self, settlement: Settlement, until: datetime.date
    ) -> Iterator[tuple[int, datetime.date]]:
        """Return each full year after a settlement up to a day, numbered from one."""
        number = 1
        while (day := add_months(settlement.date, number * _MONTHS)) <= until:
            yield number, day
            number += 1

    def accrued(self, until: datetime.date, rates: Rates) -> Fraction | None:
        """Return the interest on the debt from its beginning up to a day.

        Args:
            until: The day; what is paid on it still earned up to it.
            rates: Rates of a year, each with its first day, in order.

        Returns:
            The exact amount, each day being its part of the year that began with the
            anniversary of the first settlement before it; None where the rate of some
            day is not known.
        """
        total, begin, number = Fraction(0), self.settlements[0].date, 1
        while begin < until:
            end = add_months(self.settlements[0].date, number * _MONTHS)
            part = self._accrued_in(begin, min(end, until), rates)
            if part is None:
                return None
            total += part / (end - begin).days
            begin, number = end, number + 1
        return total

    def _accrued_in(
        self, begin: datetime.date, end: datetime.date, rates: Rates
    ) -> Fraction | None:
        """Return the interest of some days at the rate of a year for each day."""
        days = {begin, end, *(day for day, _ in rates), *self._moved()}
        total = Fraction(0)
        for start, stop in pairwise(sorted(day for day in days if begin <= day <= end)):
            rate = rate_on(rates, start)
            if rate is None:
                return None
            interest = Fraction(self.outstanding(start)) * Fraction(rate)
            total += interest * (stop - start).days
        return total

    def _moved(self) -> Iterator[datetime.date]:
        yield from (one.date for one in self.settlements)
        yield from (day for day, _ in (*self.interest, *self.payments))


def kept_of(contributions: Decimal, rate: Decimal, unit: Decimal) -> Decimal:
    """Return what a deduction on leaving comes to, in favour of who leaves."""
    return portion(max(contributions, ZERO), rate, unit, "down")


def rate_on(rates: Rates, on: datetime.date) -> Decimal | None:
    """Return the rate of a day, None where none is known."""
    known = [rate for day, rate in rates if day <= on]
    return known[-1] if known else None


def leavers_of(books: Books) -> dict[str, Leaver]:
    """Return everybody who left and did not come back, with what was booked of them.

    Books of which nobody left are not looked through.
    """
    register = books.register
    ends = {
        member: register.ending(member, datetime.date.max) for member in register.events
    }
    leavers = {
        member: Leaver(ending, tuple(r for r in books.refunds if r.member == member))
        for member, ending in ends.items()
        if ending
    }
    for note, roles in ((_capital, CAPITAL), (_debt, REDEMPTIONS)) if leavers else ():
        for booking, leg in books.traces_in(roles):
            if leg.member in leavers:
                note(leavers[leg.member], booking, leg, books)
    return leavers


def _capital(leaver: Leaver, booking: Booking, leg: Leg, books: Books) -> None:
    leaver.capital.append((booking.date, leg.amount))
    year = booking.year or books.year_end.year_of(booking.date).label
    is_later = year > books.year_end.year_of(leaver.left).label
    if leg.amount > 0 and is_later and kind_of(booking, leg) == _RAISED:
        leaver.raised.append((booking, leg))


def _debt(leaver: Leaver, booking: Booking, leg: Leg, books: Books) -> None:
    kind = leg.kind or booking.kind
    if leg.amount < 0:
        leaver.payments.append((booking.date, -leg.amount))
        return
    reserves = [one for one in booking.legs if one.role == "revaluation-reserve"]
    if kind == _RAISED or reserves:
        leaver.raised.append((booking, leg))
    elif kind == _INTEREST or _is_expense(booking, leg):
        leaver.interest.append((booking.date, leg.amount))
        return
    plan = booking.plan
    dues = plan.dues(leg.amount, booking.date, books.unit) if plan else []
    leaver.settlements.append(
        Settlement(booking.date, leg.amount, tuple(dues), leg.origin)
    )


def _is_expense(booking: Booking, leg: Leg) -> bool:
    """Say whether a debt grows at the co-op's expense and not out of capital."""
    is_spent = "Expenses" in booking.plain or any(
        one.root == "Expenses" for one in booking.legs
    )
    return is_spent and not any(
        one.member == leg.member and one.role in CAPITAL for one in booking.legs
    )
