"""What stood at the end of a year, as far as its own appropriation may ask for it.

Years are not always distributed before the next one is over, and some of an
appropriation is dated on the year's last day.  A year is judged as if every earlier one
had been distributed by its end and nothing of itself, so that it comes to the same
whenever it is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import MEMBER_LOSS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Container
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import Booking
    from coopledger.domain.books import Books
    from coopledger.domain.books import YearFigures
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.periods import FiscalYear


@dataclass(frozen=True, slots=True)
class Standing:
    """Balances at a year's end.

    Attributes:
        balances: Balance by role.
        capital: Capital by member.
        debts: Liabilities.
        equity: Net worth: assets less liabilities.
    """

    balances: dict[str, Decimal]
    capital: dict[str, Decimal]
    debts: Decimal
    equity: Decimal

    @property
    def prior_losses(self) -> Decimal:
        """The losses of earlier years that are still carried."""
        return max(ZERO, -self.balances.get("prior-losses", ZERO))


def standing_of(books: Books, figures: YearFigures) -> Standing:
    """Return the balances at a year's end that its appropriation starts from."""
    balances, capital = dict(figures.balances), dict(figures.capital)
    debts = figures.debts
    for booking in books.distributions:
        sign = _shift(booking, figures.fiscal)
        for leg in booking.legs if sign else ():
            if leg.root in {"Income", "Expenses"}:
                continue
            moved = sign * leg.amount
            balances[leg.role] = balances.get(leg.role, ZERO) + moved
            if leg.role in CAPITAL:
                capital[leg.member] = capital.get(leg.member, ZERO) + moved
            if leg.root == "Liabilities":
                debts += moved
    equity = figures.net_worth + figures.debts - debts
    return Standing(balances, capital, debts, equity)


def bearable(
    books: Books, standing: Standing, year: FiscalYear, on: datetime.date
) -> dict[str, Decimal]:
    """Return what each member can bear of a year's loss that is booked on a day.

    Who was repaid between the year's end and the resolution has less left to lose than
    stood at the year's end; the lesser of both days counts.

    Args:
        books: The books.
        standing: What stood at the year's end.
        year: The year of the loss.
        on: The day on which the loss is booked.

    Returns:
        Capital by member, the year's own distribution left out.
    """
    then: dict[str, Decimal] = {}
    for booking, leg in books.traces_in(CAPITAL):
        is_own = booking.is_appropriation and booking.year == year.label
        if booking.date <= on and not is_own:
            then[leg.member] = then.get(leg.member, ZERO) + leg.amount
    return {
        member: min(amount, then.get(member, ZERO))
        for member, amount in standing.capital.items()
    }


def _shift(booking: Booking, year: FiscalYear) -> int:
    """Say whether a distribution is still to be counted (1), or not yet (-1)."""
    is_earlier = booking.year is not None and booking.year < year.label
    if is_earlier and booking.date > year.end:
        return 1
    return -1 if booking.year == year.label and booking.date <= year.end else 0


def highest_of(books: Books, year: FiscalYear, roles: Container[str]) -> Decimal:
    """Return the most that roles ever stood at on the evening of a day.

    Earlier years count as distributed, the year itself as not.
    """
    moved: dict[datetime.date, Decimal] = {}
    for booking in books.bookings:
        shift = _shift(booking, year) if booking.is_appropriation else 0
        if shift < 0 or (shift == 0 and booking.date > year.end):
            continue
        day = min(booking.date, year.end)
        for leg in booking.legs:
            if leg.role in roles:
                moved[day] = moved.get(day, ZERO) + leg.amount
    return max(accumulate((moved[day] for day in sorted(moved)), initial=ZERO))


def movements_before(books: Books, year: FiscalYear) -> list[CapitalMovement]:
    """Return the movements of capital that are no appropriation of the year itself."""
    return [
        movement
        for booking, movement in books.booked_movements()
        if not (booking.is_appropriation and booking.year == year.label)
    ]


def seniority_of(books: Books, on: datetime.date) -> dict[str, int]:
    """Return everybody's full years of membership on a day."""
    return {
        one.member: _full_years(one.joined, on)
        for one in books.register.as_of(on)
        if one.joined
    }


def _full_years(start: datetime.date, end: datetime.date) -> int:
    had_anniversary = (end.month, end.day) >= (start.month, start.day)
    return max(0, end.year - start.year - (0 if had_anniversary else 1))


def members_on(books: Books, on: datetime.date) -> int:
    """Return how many members there are on a day."""
    return sum(one.is_member for one in books.register.as_of(on))


def classes_on(books: Books, on: datetime.date) -> dict[str, str]:
    """Return the class of everybody in the register on a day."""
    return {one.member: one.member_class for one in books.register.as_of(on)}


def consents_of(books: Books, on: datetime.date) -> frozenset[str]:
    """Return the members whose written consent is of that day or earlier.

    A consent holds for the patronage of the year in which it is given and of later
    years (26 U.S.C. 1388(c)(3)(B)).
    """
    return frozenset(
        event.member
        for events in books.register.events.values()
        for event in events
        if event.consent and event.consent <= on
    )


def consent_of(books: Books, member: str, on: datetime.date) -> datetime.date | None:
    """Return the day of a member's first written consent by a day, or None."""
    events = books.register.events.get(member, ())
    days = [one.consent for one in events if one.consent and one.consent <= on]
    return min(days, default=None)


def deficits_of(books: Books, year: FiscalYear) -> dict[str, Decimal]:
    """Return what earlier losses took from each member and nobody made good yet."""
    found: dict[str, Decimal] = {}
    for member, amount in _losses_and_returns(books, year):
        found[member] = found.get(member, ZERO) - amount
    return {member: deficit for member, deficit in found.items() if deficit > 0}


def _losses_and_returns(
    books: Books, year: FiscalYear
) -> Iterator[tuple[str, Decimal]]:
    for booking, leg in books.traces_in(MEMBER_LOSS):
        shift = _shift(booking, year) if booking.is_appropriation else 0
        if shift > 0 or (shift == 0 and booking.date <= year.end):
            yield leg.member, leg.amount
