"""What each member was paid of what is reported to the tax office, and when.

A patronage dividend is reported for the calendar year in which it is paid: its money on
the day of payment, its qualified paper on the day of the distribution.  Paper that is
not qualified is reported when it is redeemed in money.  What a payment settles is
found by setting payments against what was declared, the oldest first, unless they name
a year.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import OWED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.books import Books
    from coopledger.law.case import Posted

PATRONAGE = "patronage-dividends"
RETAINS = "per-unit-retains"
REDEEMED = "redeemed-nonqualified"
WITHHELD = "withheld"

#: Roles that tell what members are owed and paid, beside what is retained for them.
_PAID_ROLES = OWED | {"nonqualified", "per-unit-retain"}

#: Kinds of accounts that money comes from.
_MONEY = frozenset({"Assets", "Liabilities"})

#: What a member is owed, by role and member.
Account = tuple[str, str]


class Reported(NamedTuple):
    """An amount that belongs into a box of a member's form.

    Attributes:
        date: Day of payment.
        member: The member.
        box: The box, by its meaning.
        amount: The amount.
        year: Fiscal year it was declared for, or None.
        declared: Where it was declared.
        paid: Where it was paid.
        booking: The transaction that paid it.
    """

    date: datetime.date
    member: str
    box: str
    amount: Decimal
    year: int | None
    declared: Leg
    paid: Leg
    booking: Booking

    @property
    def is_money(self) -> bool:
        """Whether it was paid in money, which few ask of all that there is."""
        return is_in_money(self.booking, self.member)


@dataclass(slots=True)
class Debt:
    """What a member was promised, and how much of it is reported when it is paid.

    Attributes:
        booking: The transaction.
        leg: Its posting.
        box: The box it belongs into, or "".
        amount: How much of it does.
        paid: How much was paid of all.
        payments: Payments with what they settled, in order.
    """

    booking: Booking
    leg: Leg
    box: str
    amount: Decimal
    paid: Decimal = ZERO
    payments: list[tuple[Booking, Leg, Decimal]] = field(default_factory=list)

    @property
    def open(self) -> Decimal:
        """What is not paid yet."""
        return self.leg.amount - self.paid

    def pay(self, booking: Booking, leg: Leg, amount: Decimal) -> None:
        """Settle a part of it."""
        self.paid += amount
        self.payments.append((booking, leg, amount))

    def reported(self, unit: Decimal) -> Iterator[Reported]:
        """Return the part of each payment that is reported; all parts add up."""
        so_far, reported = ZERO, ZERO
        for booking, leg, amount in self.payments:
            so_far += amount
            due = self._due(so_far, unit)
            if due != reported:
                yield Reported(
                    date=booking.date,
                    member=leg.member,
                    box=self.box,
                    amount=due - reported,
                    year=self.booking.year,
                    declared=self.leg,
                    paid=leg,
                    booking=booking,
                )
            reported = due

    def paid_by(self, day: datetime.date) -> Decimal:
        """Return how much of it was paid by the end of a day."""
        paid = (amount for booking, _, amount in self.payments if booking.date <= day)
        return sum(paid, ZERO)

    def reported_of(self, before: Decimal, after: Decimal, unit: Decimal) -> Decimal:
        """Return how much is reported of what was paid between two states of it."""
        return self._due(after, unit) - self._due(before, unit)

    def _due(self, paid: Decimal, unit: Decimal) -> Decimal:
        """Return what is reported once so much of all is paid."""
        if self.amount in {self.leg.amount, ZERO}:
            return paid if self.amount else ZERO
        part = Fraction(self.amount) * Fraction(paid) / Fraction(self.leg.amount)
        return round_to(part, unit)


def is_in_money(booking: Booking, member: str) -> bool:
    """Say whether a payment is one in money, and does not become capital."""
    return not any(
        leg.member == member and leg.role in CAPITAL and leg.amount > 0
        for leg in booking.legs
    )


def is_kept(booking: Booking) -> bool:
    """Say whether a payment put what was owed into a reserve, and paid nobody.

    What a member turns into capital of their own was theirs to turn.
    """
    return booking.plain.isdisjoint(_MONEY) and any(
        leg.role in COLLECTIVE and leg.amount > 0 for leg in booking.legs
    )


@dataclass(slots=True)
class Reports:
    """What is reported, and what payments settled.

    Attributes:
        debts: What members were promised, by account, in order.
        entries: What is reported, in order of date.
        withheld: Tax withheld from payments to members: transaction and posting, with
            the member, or "" where nothing says from whom.
        patronage: Patronage declared in money, by fiscal year.
    """

    debts: dict[Account, list[Debt]]
    entries: list[Reported]
    withheld: list[tuple[Booking, Leg, str]]
    patronage: dict[int, list[Debt]] = field(default_factory=dict)
    _by_year: dict[int, dict[str, dict[str, Decimal]]] = field(
        default_factory=dict, repr=False
    )

    def __post_init__(self) -> None:
        """Add everything up by calendar year, member and box."""
        for debt in (debt for owed in self.debts.values() for debt in owed):
            if debt.box == PATRONAGE and debt.booking.year is not None:
                self.patronage.setdefault(debt.booking.year, []).append(debt)
        for entry in self.entries:
            self._add(entry.date.year, entry.member, entry.box, entry.amount)
        for booking, leg, member in self.withheld:
            if member:
                self._add(booking.date.year, member, WITHHELD, leg.amount)

    def _add(self, year: int, member: str, box: str, amount: Decimal) -> None:
        boxes = self._by_year.setdefault(year, {}).setdefault(member, {})
        boxes[box] = boxes.get(box, ZERO) + amount

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years in which anything was paid or withheld."""
        return tuple(sorted(self._by_year))

    def last_paid(self, year: int, member: str) -> Leg:
        """Return a member's last payment of a calendar year, or what was withheld."""
        paid = [
            entry.paid
            for entry in self.entries
            if entry.member == member and entry.date.year == year
        ]
        kept = [
            leg
            for booking, leg, one in self.withheld
            if one == member and booking.date.year == year
        ]
        return (paid or kept)[-1]

    def boxes(self, year: int) -> dict[str, dict[str, Decimal]]:
        """Return what is reported of a calendar year, by member and box."""
        return self._by_year.get(year, {})


def reports_of(books: Books, posted: Iterable[Posted]) -> Reports:
    """Find what is reported of every year.

    Args:
        books: The books.
        posted: What was distributed of each year.
    """
    distributed, unit = list(posted), books.unit
    bookings = {id(one): one for one, _ in books.traces_in(_PAID_ROLES)}
    patronage = {
        id(leg)
        for one in distributed
        for _, leg in one.legs()
        if leg.role == "member-payable" and one.is_patronage(leg)
    }
    days: dict[int | None, datetime.date] = {
        one.year: one.bookings[-1].date for one in distributed
    }
    debts: dict[Account, list[Debt]] = defaultdict(list)
    payments: dict[Account, list[tuple[Booking, Leg]]] = defaultdict(list)
    entries = list(_qualified(distributed))
    withheld: list[tuple[Booking, Leg, str]] = []
    for booking in bookings.values():
        redeemed = _redeemed(booking)
        for leg in booking.legs:
            if leg.role in OWED and leg.amount > 0:
                debts[leg.role, leg.member].append(
                    _debt(booking, leg, patronage, redeemed, unit)
                )
            elif leg.role in OWED and leg.amount < 0:
                payments[leg.role, leg.member].append((booking, leg))
        entries += _at_once(booking, redeemed, unit)
        entries += _retained(booking, days)
        withheld += _withheld(booking)
    for account, listed in payments.items():
        _settle(debts[account], listed)
    for owed in debts.values():
        for debt in owed:
            entries += debt.reported(unit)
    entries.sort(key=lambda entry: entry.date)
    return Reports(debts, entries, withheld)


def _qualified(distributed: Iterable[Posted]) -> Iterator[Reported]:
    """Return the paper that members got, qualified by its role."""
    for one in distributed:
        for booking, leg in one.legs():
            if leg.role == "patronage" and one.is_patronage(leg):
                yield _on_paper(booking, leg, PATRONAGE)


def _on_paper(
    booking: Booking, leg: Leg, box: str, day: datetime.date | None = None
) -> Reported:
    return Reported(
        date=day or booking.date,
        member=leg.member,
        box=box,
        amount=leg.amount,
        year=booking.year,
        declared=leg,
        paid=leg,
        booking=booking,
    )


def _retained(
    booking: Booking, days: Mapping[int | None, datetime.date]
) -> Iterator[Reported]:
    """Return what was kept back for each unit delivered.

    What a closing books as of the year's last day is paid when the year is distributed.
    """
    if any(leg.role == "per-unit-expense" for leg in booking.legs):
        day = days.get(booking.year) if booking.is_appropriation else None
        for leg in booking.legs:
            if leg.role == "per-unit-retain":
                yield _on_paper(booking, leg, RETAINS, day)


def _redeemed(booking: Booking) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the capital that a transaction redeems, and what is nonqualified of it."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for leg in booking.legs:
        is_less = leg.role in CAPITAL - {"uncalled"} and leg.amount < 0
        if is_less and kind_of(booking, leg) == "redemption":
            whole, paper = found.get(leg.member, (ZERO, ZERO))
            own = -leg.amount if leg.role == "nonqualified" else ZERO
            found[leg.member] = (whole - leg.amount, paper + own)
    return found


def _debt(
    booking: Booking,
    leg: Leg,
    patronage: set[int],
    redeemed: dict[str, tuple[Decimal, Decimal]],
    unit: Decimal,
) -> Debt:
    if id(leg) in patronage:
        return Debt(booking, leg, PATRONAGE, leg.amount)
    whole, paper = redeemed.get(leg.member, (ZERO, ZERO))
    if paper:
        share = min(Fraction(1), Fraction(leg.amount) / Fraction(whole))
        return Debt(booking, leg, REDEEMED, round_to(Fraction(paper) * share, unit))
    return Debt(booking, leg, "", ZERO)


def _at_once(
    booking: Booking, redeemed: dict[str, tuple[Decimal, Decimal]], unit: Decimal
) -> Iterator[Reported]:
    """Return the nonqualified paper that is redeemed without becoming a debt first."""
    for member, (_, paper) in redeemed.items():
        later = sum(
            (
                _debt(booking, leg, set(), redeemed, unit).amount
                for leg in booking.legs
                if leg.role in OWED and leg.amount > 0 and leg.member == member
            ),
            ZERO,
        )
        if paper > later:
            leg = next(
                leg
                for leg in booking.legs
                if leg.role == "nonqualified" and leg.member == member
            )
            yield Reported(
                date=booking.date,
                member=member,
                box=REDEEMED,
                amount=paper - later,
                year=booking.year,
                declared=leg,
                paid=leg,
                booking=booking,
            )


def _withheld(booking: Booking) -> Iterator[tuple[Booking, Leg, str]]:
    """Return the tax withheld from payments to members, with the member.

    A posting says from whom, or only one member is paid; otherwise nobody can tell.
    """
    paid = {leg.member for leg in booking.legs if leg.amount < 0 and _is_owed(leg)}
    for leg in booking.legs:
        if leg.role == "withholding-payable" and leg.amount and paid:
            only = next(iter(paid)) if len(paid) == 1 else ""
            yield booking, leg, leg.member or only


def _is_owed(leg: Leg) -> bool:
    return leg.role in OWED or leg.role in CAPITAL


def _settle(debts: list[Debt], payments: list[tuple[Booking, Leg]]) -> None:
    """Set payments against what was promised, the oldest first.

    A payment that names a fiscal year settles only what was promised of that year.
    """
    left = [-leg.amount for _, leg in payments]
    for debt in debts:
        for index, (booking, leg) in enumerate(payments):
            fits = booking.year in {None, debt.booking.year}
            if fits and left[index] and debt.open:
                amount = min(debt.open, left[index])
                debt.pay(booking, leg, amount)
                left[index] -= amount
