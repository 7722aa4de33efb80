"""What a co-op has still to pay to its members, and when: all of it, by day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.delimited import delimited
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.reporting import PATRONAGE
from coopledger.phrases import Phrase
from coopledger.rules.tax import payment_deadline
from coopledger.services.shaping import SCHEMA
from coopledger.services.showing import to_get
from coopledger.services.stating import last_day
from coopledger.services.stating import statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.journal.loading import Book
    from coopledger.law.case import Case
    from coopledger.law.reporting import Debt

_MONEY = "member-payable"


@dataclass(frozen=True, slots=True)
class Payout:
    """One amount that the co-op has still to pay.

    Attributes:
        member: Member id.
        name: The member's name.
        role: What it is owed as: `member-payable` or `redemption-payable`.
        words: What it is, in words.
        date: The day; None where none is agreed.
        amount: How much.
        interest: The least interest that comes with it; None where none is known.
    """

    member: str
    name: str
    role: str
    words: Phrase
    date: datetime.date | None
    amount: Decimal
    interest: Decimal | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that is still to be paid to members after a day.

    Attributes:
        on: The day.
        currency: The book's currency.
        payouts: By date, then in order of joining; what has no day comes last.
        member: The one member it is about; "" for all.
    """

    on: datetime.date
    currency: str
    payouts: tuple[Payout, ...]
    member: str = ""

    @property
    def total(self) -> Decimal:
        """All of it, without interest."""
        return sum((one.amount for one in self.payouts), ZERO)

    @property
    def interest(self) -> Decimal:
        """All interest that is known."""
        return sum((one.interest or ZERO for one in self.payouts), ZERO)

    @property
    def overdue(self) -> Decimal:
        """What of it is past its day."""
        late = (one.amount for one in self.payouts if self.days_late(one))
        return sum(late, ZERO)

    def days_late(self, one: Payout) -> int:
        """Return by how many days something is past its day; 0 where it is not."""
        return max(0, (self.on - one.date).days) if one.date else 0

    def by_member(self) -> dict[str, Decimal]:
        """Return what each member is owed, in order of first payment."""
        found: dict[str, Decimal] = {}
        for one in self.payouts:
            found[one.member] = found.get(one.member, ZERO) + one.amount
        return found


def schedule_of(
    book: Book, on: datetime.date | None = None, member: str = ""
) -> Schedule:
    """Return what a book still has to pay to members, with the days agreed.

    Args:
        book: The book.
        on: The day as of which it is asked; default: the book's last.
        member: The one member who is asked for; "" for all.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
    """
    books = book.case.books
    if member:
        books.register.refuse_unknown(member)
    day = on or last_day(books)
    ids = [member] if member else books.register.ids
    payouts = [one for who in ids for one in _payouts(book, who, day)]
    payouts.sort(key=lambda one: one.date or datetime.date.max)
    return Schedule(day, books.currency, tuple(payouts), member)


def _payouts(book: Book, member: str, day: datetime.date) -> Iterator[Payout]:
    books = book.case.books
    found, name = statement_of(books, member, None, day), books.register.name(member)
    for one in to_get(book, found):
        left = one.amount
        for words, deadline, due in _periods(book.case, member, day):
            part = min(left, due) if one.role == _MONEY and not one.date else ZERO
            if part > 0:
                left -= part
                yield Payout(member, name, one.role, words, deadline, part, None)
        if left:
            agreed = one.agreed or one.date
            yield Payout(member, name, one.role, one.words, agreed, left, one.interest)


def _periods(
    case: Case, member: str, day: datetime.date
) -> Iterator[tuple[Phrase, datetime.date, Decimal]]:
    """Return patronage in money that has to be paid by a day, the oldest first."""
    for debt in case.reports.debts.get((_MONEY, member), ()):
        figures = case.books.years.get(debt.booking.year or 0)
        if figures is None or debt.booking.date > day or debt.box != PATRONAGE:
            continue
        if is_under_subchapter_t(case.policy, figures.fiscal.end):
            words = Phrase("Patronage of {year} in money", year=figures.fiscal.label)
            yield words, payment_deadline(case, figures), _open_on(debt, day)


def _open_on(debt: Debt, day: datetime.date) -> Decimal:
    paid = (amount for booking, _, amount in debt.payments if booking.date <= day)
    return debt.leg.amount - sum(paid, ZERO)


# --- as data --------------------------------------------------------------------------


def schedule_shape(found: Schedule) -> dict[str, Any]:
    """Return a schedule as plain data, see ``docs/json.md``."""
    return {
        "schema": SCHEMA,
        "on": found.on.isoformat(),
        "currency": found.currency,
        "payouts": [
            {
                "date": one.date.isoformat() if one.date else None,
                "member": one.member,
                "name": one.name,
                "what": one.words,
                "owed_as": one.role,
                "amount": str(one.amount),
                "interest": None if one.interest is None else str(one.interest),
                "days": found.days_late(one),
            }
            for one in found.payouts
        ],
        "members": [
            {"member": member, "amount": str(amount)}
            for member, amount in found.by_member().items()
        ],
        "total": str(found.total),
        "interest": str(found.interest),
        "overdue": str(found.overdue),
    }


_COLUMNS = ("date", "member", "name", "what", "owed_as", "amount", "interest")


def schedule_csv(found: Schedule) -> str:
    """Return a schedule as comma-separated values, in which no text is a formula."""
    rows = [
        (
            one.date,
            one.member,
            one.name,
            one.words,
            one.role,
            one.amount,
            one.interest,
            found.days_late(one),
        )
        for one in found.payouts
    ]
    return delimited((*_COLUMNS, "days"), rows)
