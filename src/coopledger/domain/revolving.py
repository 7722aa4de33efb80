"""Retained patronage by the year in which it was allotted, and redeeming it in order.

A revolving fund pays the oldest year first, and where the money does not suffice for a
whole year, everybody of that year in the same proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import NOTICES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.bookings import Trace
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.periods import FiscalYearEnd

#: What changes how much of it can be redeemed.
REVOLVING = NOTICES | {"member-loss"}

#: Amounts by allotment year and member.
ByYear = dict[int, dict[str, Decimal]]


@dataclass(slots=True)
class RevolvingFund:
    """What was allotted and not redeemed yet, posting by posting in order of date.

    Attributes:
        year_end: When fiscal years end.
        outstanding: By year and member.
        redeemed: What was redeemed so far, by year and member.
        accounts: What each account holds of it, by year and member.
    """

    year_end: FiscalYearEnd
    outstanding: ByYear = field(default_factory=dict)
    redeemed: ByYear = field(default_factory=dict)
    accounts: dict[tuple[int, str], dict[str, Decimal]] = field(default_factory=dict)
    _losses: dict[str, Decimal] = field(default_factory=dict)

    def note(self, booking: Booking, leg: Leg) -> dict[int, Decimal]:
        """Take a posting in; return what it redeems, by year.

        Capital from before the book, and any that names no year, counts as of the
        year before.  A redemption that names no year takes the oldest; a loss that was
        charged to retained capital itself takes the newest.
        """
        member = leg.member
        if leg.role not in NOTICES:
            self._losses[member] = self._losses.get(member, ZERO) - leg.amount
            return {}
        named = leg.year or booking.year
        if leg.amount > 0:
            year = named or self.year_end.year_of(booking.date).label - 1
            own = self.outstanding.setdefault(year, {})
            own[member] = own.get(member, ZERO) + leg.amount
            self._hold(year, leg, leg.amount)
            return {}
        kind = kind_of(booking, leg)
        taken = self._take(leg, named, newest=kind == "loss")
        if kind != "redemption":
            return {}
        for year, amount in taken.items():
            own = self.redeemed.setdefault(year, {})
            own[member] = own.get(member, ZERO) + amount
        return taken

    def _hold(self, year: int, leg: Leg, amount: Decimal) -> None:
        own = self.accounts.setdefault((year, leg.member), {})
        own[leg.account] = own.get(leg.account, ZERO) + amount

    def _take(self, leg: Leg, named: int | None, *, newest: bool) -> dict[int, Decimal]:
        member, amount = leg.member, -leg.amount
        order = sorted(self.outstanding, reverse=newest)
        if named in self.outstanding:
            order = [named, *(year for year in order if year != named)]
        taken: dict[int, Decimal] = {}
        for year in order:
            part = min(amount, self.outstanding[year].get(member, ZERO))
            if part > 0:
                taken[year] = part
                self.outstanding[year][member] -= part
                self._hold(year, leg, -part)
                amount -= part
        return taken

    def held(self, member: str, account: str) -> dict[int, Decimal]:
        """Return what an account holds of a member's, the oldest year first."""
        return {
            year: held[account]
            for (year, whose), held in sorted(self.accounts.items())
            if whose == member and held.get(account)
        }

    def redeemable(self, until: int | None = None) -> ByYear:
        """Return what can be redeemed, the oldest year first.

        Losses that were charged stand against what was allotted last.

        Args:
            until: The last year of allotment to look at; None for all.
        """
        left = {member: -loss for member, loss in self._losses.items()}
        for own in self.outstanding.values():
            for member, amount in own.items():
                left[member] = left.get(member, ZERO) + amount
        found: ByYear = {}
        for year in sorted(self.outstanding):
            for member, amount in self.outstanding[year].items():
                part = min(amount, left[member])
                if part > 0 and (until is None or year <= until):
                    found.setdefault(year, {})[member] = part
                    left[member] -= part
        return found


def oldest_first(
    budget: Decimal, redeemable: ByYear, unit: Decimal, order: Sequence[str]
) -> ByYear:
    """Redeem as much as a budget allows, year by year, the last one in proportion.

    Args:
        budget: What there is to pay with, a whole number of units.
        redeemable: What can be redeemed, by year and member.
        unit: The smallest unit of the currency.
        order: All members in the order that breaks ties.

    Returns:
        What is redeemed, by year and member; together no more than the budget.
    """
    found: ByYear = {}
    for year in sorted(redeemable):
        own = redeemable[year]
        pool = min(budget, sum(own.values(), ZERO))
        if pool <= 0:
            break
        parts = split(pool, own, unit, order)
        found[year] = {member: part for member, part in parts.items() if part}
        budget -= pool
    return found


def in_proportion(
    budget: Decimal, redeemable: ByYear, unit: Decimal, order: Sequence[str]
) -> ByYear:
    """Redeem the same percentage of what everybody holds, each one's oldest first.

    The arguments and what is returned are those of `oldest_first`.
    """
    totals: dict[str, Decimal] = {}
    for own in redeemable.values():
        for member, amount in own.items():
            totals[member] = totals.get(member, ZERO) + amount
    pool = min(budget, sum(totals.values(), ZERO))
    left = split(pool, totals, unit, order) if pool > 0 else {}
    found: ByYear = {}
    for year in sorted(redeemable):
        for member, amount in redeemable[year].items():
            part = min(amount, left.get(member, ZERO))
            if part > 0:
                found.setdefault(year, {})[member] = part
                left[member] -= part
    return found


def by_allotment(
    moved: Iterable[tuple[Trace, CapitalMovement]], year_end: FiscalYearEnd
) -> Iterator[CapitalMovement]:
    """Part movements of capital by the year in which it was allotted.

    What was retained has the year that `RevolvingFund` finds; a part that it does not
    find, and all other capital, has none.
    """
    fund = RevolvingFund(year_end)
    for (booking, leg), movement in moved:
        left = movement.amount
        for year, part in _allotted(fund, booking, leg).items():
            left -= part
            yield movement._replace(year=year, amount=part)
        if left:
            yield movement._replace(year=None, amount=left)


def _allotted(fund: RevolvingFund, booking: Booking, leg: Leg) -> dict[int, Decimal]:
    """Note a posting; return what it changed of each year."""
    if leg.role not in NOTICES:
        return {}
    before = _by_year(fund, leg)
    fund.note(booking, leg)
    changes = {
        year: held - before.get(year, ZERO)
        for year, held in _by_year(fund, leg).items()
    }
    return {year: part for year, part in changes.items() if part}


def _by_year(fund: RevolvingFund, leg: Leg) -> dict[int, Decimal]:
    held = {
        year: fund.accounts.get((year, leg.member), {}) for year in fund.outstanding
    }
    return {year: own.get(leg.account, ZERO) for year, own in held.items()}


#: Orders of redemption that can be reckoned, by method.
ORDERS = {"fifo": oldest_first, "percentage": in_proportion}


def out_of_proportion(
    redeemed: Mapping[str, Decimal], held: Mapping[str, Decimal], unit: Decimal
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Find who got more of one year than in proportion to what they hold of it.

    Args:
        redeemed: What was redeemed of the year, by member.
        held: What everybody held of it before, by member, those included.
        unit: The smallest unit of the currency.

    Returns:
        Member, what they got, and what it would be in proportion, rounded down.
    """
    paid, whole = sum(redeemed.values(), ZERO), sum(held.values(), ZERO)
    for member, amount in redeemed.items():
        if (amount - unit) * whole >= paid * held[member]:
            fair = Fraction(paid) * Fraction(held[member]) / Fraction(whole)
            yield member, amount, round_to(fair, unit, "down")
