"""Who has still to pay instalments of a contribution, and since when they are due."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError
from coopledger.rules.contributions import last_day_to_pay
from coopledger.services.shaping import SCHEMA
from coopledger.services.showing import to_pay
from coopledger.services.stating import statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.journal.loading import Book
    from coopledger.law.case import Case

#: The parameter that says how long there is to pay in.
_MONTHS = "subscription.instalment-months"


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
        date: When it is due; None where neither agreement nor rule says it.
        amount: What is unpaid of it.
        days: By how many days it is overdue; 0 where it is not.
        sources: The texts behind the day, where a rule gives it and no agreement.
    """

    date: datetime.date | None
    amount: Decimal
    days: int
    sources: tuple[str, ...] = ()


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
    if member:
        books.register.refuse_unknown(member)
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
    found: list[Instalment] = []
    for one in to_pay(case, statement_of(case.books, member, None, today)):
        if one.date:
            found.append(Instalment(one.date, one.amount, _days(one.date, today)))
        else:
            found += _by_rule(case, member, one.amount, today)
    yield from sorted(found, key=lambda one: one.date or datetime.date.max)


def _by_rule(
    case: Case, member: str, amount: Decimal, today: datetime.date
) -> Iterator[Instalment]:
    """Return what no day was agreed for, with the last day that a rule gives."""
    whose, left = case.subscribers[member], amount
    for number, one in enumerate(whose.subscriptions):
        unpaid = ZERO if one.booking.plan else min(left, whose.left(number, today))
        limit = last_day_to_pay(case, member, one) if unpaid > 0 else None
        if limit:
            left -= unpaid
            setting = case.policy.setting(_MONTHS, one.booking.date)
            yield Instalment(limit, unpaid, _days(limit, today), setting.sources)
    if left > 0:
        yield Instalment(None, left, 0)


def _days(due: datetime.date, today: datetime.date) -> int:
    return max(0, (today - due).days)


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
                        "sources": list(own.sources),
                    }
                    for own in one.instalments
                ],
                "total": str(one.total),
                "overdue": str(one.overdue),
            }
            for one in found.members
        ],
    }
