"""Who has still to pay instalments of a contribution, and since when they are due."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError
from coopledger.errors import MemberUnknownError
from coopledger.services.shaping import SCHEMA
from coopledger.services.showing import to_pay
from coopledger.services.stating import statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.journal.loading import Book


class NobodyOwesError(CoopledgerError):
    """There is nobody to remind."""

    def __init__(self, today: datetime.date, member: str, *, overdue: bool) -> None:
        """Say of whom and of which day."""
        who, which = (member, "no") if member else ("Nobody", "an")
        does = "is behind with" if overdue else "owes"
        super().__init__(
            f"{who} {does} {which} instalment on {today}, so that there is nobody to "
            "remind."
        )


class Instalment(NamedTuple):
    """An instalment that is not paid.

    Attributes:
        date: When it is due; None where no day was agreed.
        amount: What is unpaid of it.
        days: By how many days it is overdue; 0 where it is not.
    """

    date: datetime.date | None
    amount: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one member has still to pay.

    Attributes:
        member: Member id.
        name: The member's name.
        instalments: What is unpaid, the oldest first.
    """

    member: str
    name: str
    instalments: tuple[Instalment, ...]

    @property
    def total(self) -> Decimal:
        """All that is unpaid."""
        return sum((one.amount for one in self.instalments), ZERO)

    @property
    def overdue(self) -> Decimal:
        """What of it is past its day."""
        return sum((one.amount for one in self.instalments if one.days), ZERO)

    @property
    def oldest(self) -> datetime.date:
        """The day of the oldest instalment; the last of all days where it has none."""
        days = (one.date for one in self.instalments if one.date)
        return min(days, default=datetime.date.max)


@dataclass(frozen=True, slots=True)
class Reminders:
    """Everybody who has still to pay instalments.

    Attributes:
        today: The day as of which it is asked.
        currency: The book's currency.
        pay_to: How it is paid, as the book says it; "" where it does not.
        members: Whose oldest instalment is due first, first.
    """

    today: datetime.date
    currency: str
    pay_to: str
    members: tuple[Reminder, ...]


def reminders_of(
    book: Book, today: datetime.date, member: str = "", *, only_overdue: bool = False
) -> Reminders:
    """Return who owes instalments on a day; nobody who owes nothing.

    Args:
        book: The book.
        today: The day.
        member: The one member who is asked for; "" for all.
        only_overdue: Whether those with nothing overdue are left out.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
        NobodyOwesError: There is nobody to remind.
    """
    books = book.case.books
    if member and member not in books.register.events:
        raise MemberUnknownError(member, books.register.events)
    ids = [member] if member else books.register.ids
    found = [
        Reminder(who, books.register.name(who), own)
        for who in ids
        if (own := tuple(_instalments(book, who, today)))
        and (not only_overdue or any(one.days for one in own))
    ]
    if not found:
        raise NobodyOwesError(today, member, overdue=only_overdue)
    found.sort(key=lambda one: one.oldest)
    return Reminders(today, books.currency, books.pay_to, tuple(found))


def _instalments(book: Book, member: str, today: datetime.date) -> Iterator[Instalment]:
    case = book.case
    if case.books.register.during(member, today) is None:
        return
    unpaid = to_pay(case, statement_of(case.books, member, None, today))
    for one in sorted(unpaid, key=lambda one: one.date or datetime.date.max):
        days = (today - one.date).days if one.date else 0
        yield Instalment(one.date, one.amount, max(0, days))


def reminders_shape(found: Reminders) -> dict[str, Any]:
    """Return reminders as plain data, see ``docs/json.md``."""
    return {
        "schema": SCHEMA,
        "today": found.today.isoformat(),
        "currency": found.currency,
        "pay_to": found.pay_to or None,
        "members": [
            {
                "member": one.member,
                "name": one.name,
                "instalments": [
                    {
                        "due": own.date.isoformat() if own.date else None,
                        "amount": str(own.amount),
                        "days": own.days,
                    }
                    for own in one.instalments
                ],
                "total": str(one.total),
                "overdue": str(one.overdue),
            }
            for one in found.members
        ],
    }
