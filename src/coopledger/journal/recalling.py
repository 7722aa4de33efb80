"""What a book says already of somebody's pay and hours, posting by posting."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core import data

from coopledger.journal.directives import number_in
from coopledger.journal.directives import origin_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.findings import Origin
    from coopledger.journal.loading import Book


class Paid(NamedTuple):
    """A posting to a member's pay.

    Attributes:
        member: Whose it is.
        date: Its day.
        pay: What was paid.
        hours: The hours that it says, or None.
        memo: What it says of itself, or "".
        origin: Where it stands.
    """

    member: str
    date: datetime.date
    pay: Decimal
    hours: Decimal | None
    memo: str
    origin: Origin


def pay_in(book: Book) -> Iterator[Paid]:
    """Return every posting to members' pay."""
    members: dict[str, str] = {}
    for entry in book.entries:
        if type(entry) is not data.Transaction:
            continue
        for posting in entry.postings:
            if posting.account not in members:
                place = book.chart.place(posting.account)
                is_pay = place is not None and place.role == "advance"
                members[posting.account] = place.member if place and is_pay else ""
            member = members[posting.account]
            if member:
                yield _paid(member, entry, posting)


def _paid(member: str, entry: data.Transaction, posting: data.Posting) -> Paid:
    meta = posting.meta or {}
    pay = posting.units.number if posting.units else None
    return Paid(
        member,
        entry.date,
        pay if isinstance(pay, Decimal) else Decimal(),
        number_in(meta.get("hours")),
        str(meta.get("memo") or ""),
        origin_of(posting.meta or entry.meta),
    )
