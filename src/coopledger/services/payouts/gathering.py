"""Who is paid how much: what is due by a day, or what was booked as paid on one.

The sums are those of the book to the cent.  What is withheld for the tax office is kept
from the money alone, and shown beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import OWED
from coopledger.errors import CoopledgerError
from coopledger.law.leaving import years_to_repay
from coopledger.law.withholding import is_withheld_from
from coopledger.law.withholding import withholding_rate
from coopledger.phrases import Phrase
from coopledger.services.leaving import due_already
from coopledger.services.paying import deadline_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.journal.loading import Book

_DEBT = "redemption-payable"
#: Root of the accounts that money is paid from.
_MONEY = "Assets"
#: What is paid, by the role of what is owed.
REASONS = {
    "member-payable": Phrase("Payable to the member"),
    _DEBT: Phrase("Capital being paid out"),
    "": Phrase("Paid to the member"),
}


class WithheldFromNobodyError(CoopledgerError):
    """Several are paid, and the book does not say from whom tax is withheld."""

    def __init__(self, booking: Booking) -> None:
        """Name the transaction."""
        super().__init__(
            f"{booking.origin.file}:{booking.origin.line}: several members are paid, "
            "and nothing says from whom tax is withheld, so that nobody can tell what "
            "each of them gets. Name the member with coop-member on the posting."
        )


@dataclass(frozen=True, slots=True)
class Payout:
    """A payment to one member.

    Attributes:
        member: Id.
        name: Name.
        role: What is paid off; "" for what was booked as paid.
        owed: What it settles.
        withheld: What of it goes to the tax office.
        language: The language that the member is written to in.
    """

    member: str
    name: str
    role: str
    owed: Decimal
    withheld: Decimal = ZERO
    language: str = ""

    @property
    def amount(self) -> Decimal:
        """What the member gets."""
        return self.owed - self.withheld

    @property
    def reason(self) -> Phrase:
        """What it is for, in words."""
        return REASONS[self.role]


@dataclass(frozen=True, slots=True)
class Payouts:
    """Everything that is paid on a day.

    Attributes:
        title: The co-op.
        currency: The book's currency.
        on: The day of payment.
        lines: The payments, in order of joining.
        rest: What the book owes to members beyond: not due by then, or left out.
        overpaid: What members were paid too much, as the book stands, as an amount
            below zero.
    """

    title: str
    currency: str
    on: datetime.date
    lines: tuple[Payout, ...]
    rest: Decimal = ZERO
    overpaid: Decimal = ZERO

    @property
    def owed(self) -> Decimal:
        """All that the payments settle."""
        return sum((one.owed for one in self.lines), ZERO)

    @property
    def withheld(self) -> Decimal:
        """All that is withheld."""
        return sum((one.withheld for one in self.lines), ZERO)

    @property
    def amount(self) -> Decimal:
        """All that members get."""
        return sum((one.amount for one in self.lines), ZERO)

    def without(self, members: Iterable[str]) -> Payouts:
        """Return it without some members, whose money is paid in another way."""
        out = {*members}
        left = tuple(one for one in self.lines if one.member not in out)
        gone = sum((one.owed for one in self.lines if one.member in out), ZERO)
        return replace(self, lines=left, rest=self.rest + gone)


def due_payouts(book: Book, on: datetime.date) -> Payouts:
    """Return what is due to members by the end of a day.

    What was declared in money is due at once; capital that is being repaid by the days
    that were agreed, or by the law's last day.

    Args:
        book: The book.
        on: The day, which may lie ahead of the book.
    """
    books = book.case.books
    lines, rest, overpaid = [], ZERO, ZERO
    balances = _balances(book, on)
    in_order = sorted(balances, key=lambda one: (books.register.rank(one[1]), one[0]))
    for role, member in in_order:
        balance = balances[role, member]
        due = _due(book, role, member, on, balance)
        overpaid += min(balance, ZERO)
        rest += max(balance, ZERO) - due
        if due > 0:
            kept = _to_withhold(book, role, member, on, due)
            lines.append(_payout(book, on, member, role, (due, kept)))
    return Payouts(books.title, books.currency, on, tuple(lines), rest, overpaid)


def _payout(
    book: Book,
    on: datetime.date,
    member: str,
    role: str,
    sums: tuple[Decimal, Decimal],
) -> Payout:
    """Return a payment: what it settles, and what is withheld of that."""
    register, policy = book.case.books.register, book.case.policy
    law = policy.preset_on(on).language if policy.policies else ""
    language = register.language(member) or law
    return Payout(member, register.name(member), role, *sums, language=language)


def _balances(book: Book, on: datetime.date) -> dict[tuple[str, str], Decimal]:
    """Return what the book owes to each member, by role and member."""
    found: dict[tuple[str, str], Decimal] = {}
    for booking, leg in book.case.books.traces_in(OWED):
        if booking.date <= on:
            key = (leg.role, leg.member)
            found[key] = found.get(key, ZERO) + leg.amount
    return found


def _due(
    book: Book, role: str, member: str, on: datetime.date, balance: Decimal
) -> Decimal:
    leaver = book.case.leavers.get(member)
    if role != _DEBT or leaver is None or not leaver.settlements:
        return max(balance, ZERO)
    interest = max(ZERO, balance - leaver.outstanding(on))
    dues = due_already(book, member, on, _deadline(book, member, on))
    agreed = sum((amount for day, amount in dues if day <= on), ZERO)
    return max(ZERO, min(balance, agreed + interest))


def _deadline(book: Book, member: str, on: datetime.date) -> datetime.date | None:
    ending = book.case.books.register.ending(member, on)
    if ending is None:
        return None
    try:
        years = years_to_repay(book.case.policy, ending.exit_kind, ending.date)
    except CoopledgerError:
        # The law of that day gives no time.
        return None
    return deadline_of(ending.date, years)


def _to_withhold(
    book: Book, role: str, member: str, on: datetime.date, due: Decimal
) -> Decimal:
    """Return the tax to keep from what is due, of what a form reports of it.

    Payments are set against what was promised, the oldest first.
    """
    case = book.case
    cause = case.books.register.withheld_for(member, on)
    rate = withholding_rate(case.policy, on)
    if not cause or rate is None:
        return ZERO
    unit, base, left = case.books.unit, ZERO, due
    for debt in case.reports.debts.get((role, member), ()):
        if debt.booking.date > on or left <= 0:
            break
        before = debt.paid_by(on)
        paid = min(debt.leg.amount - before, left)
        left -= paid
        what = (on, debt.box, debt.booking.year)
        if debt.box and is_withheld_from(case, member, cause, what):
            base += debt.reported_of(before, before + paid, unit)
    return portion(base, rate, unit)


def booked_payouts(book: Book, on: datetime.date) -> Payouts:
    """Return what the book says was paid to members on a day, in money.

    Args:
        book: The book.
        on: The day.

    Raises:
        WithheldFromNobodyError: Nobody can tell from whom tax was withheld.
    """
    books = book.case.books
    withheld: dict[tuple[int, str], Decimal] = {}
    for booking, leg, member in book.case.reports.withheld:
        if booking.date == on:
            if not member:
                raise WithheldFromNobodyError(booking)
            key = (id(booking), member)
            withheld[key] = withheld.get(key, ZERO) + leg.amount
    paid: dict[str, tuple[Decimal, Decimal]] = {}
    for booking in (one for one in books.bookings if one.date == on):
        for member, owed in _paid_by(booking):
            kept = withheld.get((id(booking), member), ZERO)
            before = paid.get(member, (ZERO, ZERO))
            paid[member] = (before[0] + owed, before[1] + kept)
    lines = (
        _payout(book, on, member, "", paid[member])
        for member in sorted(paid, key=books.register.rank)
    )
    return Payouts(books.title, books.currency, on, tuple(lines))


def _paid_by(booking: Booking) -> Iterator[tuple[str, Decimal]]:
    """Return by how much a transaction lowers what each member has, for money."""
    if _MONEY not in booking.plain:
        return
    lowered: dict[str, Decimal] = {}
    for leg in filter(_is_members, booking.legs):
        lowered[leg.member] = lowered.get(leg.member, ZERO) - leg.amount
    yield from ((member, owed) for member, owed in lowered.items() if owed > 0)


def _is_members(leg: Leg) -> bool:
    return leg.role in OWED or leg.role in CAPITAL
