"""Every posting of a period as plain data, for those who list or add them up."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core import data

from coopledger.journal.accounts import impersonal
from coopledger.journal.accounts import number_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.journal.loading import Book


class Posting(NamedTuple):
    """One posting with what its transaction says.

    Attributes:
        entry: Number of the transaction in the period, counted from 1.
        date: Its day.
        flag: Its flag: ``*`` or ``!``.
        payee: Its payee, or "".
        narration: Its narration.
        links: Its links, e.g. the resolution behind it.
        account: The account.
        member: Whose account it is, or "".
        amount: In the book's currency, positive for a debit.
    """

    entry: int
    date: datetime.date
    flag: str
    payee: str
    narration: str
    links: str
    account: str
    member: str
    amount: Decimal


class Known(NamedTuple):
    """What an account is.

    Attributes:
        general: Its name; a member's or a worker's part is a placeholder.
        root: Its kind: ``Assets``, ``Income`` ...
        role: Its role, or "".
        member: Whose it is, or "".
        name: The fund, peer or worker that it names, or "".
    """

    general: str
    root: str
    role: str
    member: str
    name: str


def known_of(book: Book, account: str) -> Known:
    """Say what an account of a book is."""
    own_root = account.partition(":")[0]
    roots = book.chart.roots.items()
    root = next((root for root, own in roots if own == own_root), own_root)
    place = book.chart.place(account)
    if place is None:
        return Known(account, root, "", "", "")
    general = impersonal(account, place)
    return Known(general, root, place.role, place.member, place.name)


def postings_between(
    book: Book, start: datetime.date, end: datetime.date
) -> Iterator[Posting]:
    """Return the postings of a period, both days inclusive, in the book's order."""
    currency, number = book.case.books.currency, 0
    members: dict[str, str] = {}
    for entry in book.entries:
        if type(entry) is not data.Transaction or not start <= entry.date <= end:
            continue
        number += 1
        links = ", ".join(sorted(entry.links or ()))
        for posting in entry.postings:
            account = posting.account
            if account not in members:
                members[account] = known_of(book, account).member
            yield Posting(
                number,
                entry.date,
                entry.flag or "",
                entry.payee or "",
                entry.narration or "",
                links,
                account,
                members[account],
                number_of(posting, currency),
            )
