"""What is kept from one load to the next: what pages share, and pages laid out."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from beancount.core.convert import get_cost
from beancount.core.data import Transaction
from fava.beans import funcs
from jinja2 import BytecodeCache

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.services.hashing import HashedOnce

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from jinja2.bccache import Bucket
    from markupsafe import Markup

    from coopledger.journal.loading import Book

#: How many pages are kept as they were laid out.
_KEPT_PAGES = 48
#: Fava's own reckoning, which need not be repeated while a book loads.
_hash_entry = HashedOnce(funcs.hash_entry)
#: From how many postings on an entry's hash is reckoned while the book loads.
_LARGE = 50


@dataclass(slots=True)
class Shelf:
    """What was worked out of one load, for all our pages; a reload begins a new one.

    Attributes:
        book: The whole book, whatever Fava's filters say.
        capital: What Beancount's own entries moved on members' capital accounts, day by
            day: currency, and amount at cost, positive for a credit.
        pages: Pages as they were laid out, by address and locale, the last ones only.
        hashes: Hash of an entry by its identity: of one with hundreds of postings it
            takes a while.
    """

    book: Book
    capital: tuple[tuple[datetime.date, str, Decimal], ...] = ()
    pages: dict[tuple[str, ...], Markup] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Work out what many pages ask for, as a part of the load."""
        case = self.book.case
        _ = case.books.movements()
        if case.policy.policies:
            for _, posted in case.distributed_years():
                _ = case.expected(posted.year)
        for entry in self.book.entries:
            if type(entry) is Transaction and len(entry.postings) > _LARGE:
                _ = self.hash_of(entry)

    def hash_of(self, entry: Any) -> str:
        """Return the hash that Fava opens an entry with, reckoned once."""
        known = self.hashes.get(id(entry))
        if known is None:
            known = self.hashes[id(entry)] = _hash_entry(entry)
        return known

    def keep(self, key: tuple[str, ...], page: Markup) -> None:
        """Keep a page, and let the oldest go where there are too many."""
        # One step each, so that threads cannot disturb one another.
        for oldest in list(self.pages)[: -_KEPT_PAGES + 1]:
            self.pages.pop(oldest, None)
        self.pages[key] = page


def capital_by_day(book: Book) -> Iterator[tuple[datetime.date, str, Decimal]]:
    """Add Beancount's postings to members' capital up, day by day."""
    is_capital: dict[str, bool] = {}
    sums: dict[tuple[datetime.date, str], Decimal] = {}
    for entry in book.entries:
        if type(entry) is not Transaction:
            continue
        for posting in entry.postings:
            account = posting.account
            if account not in is_capital:
                place = book.chart.place(account)
                is_capital[account] = place is not None and place.role in CAPITAL
            if is_capital[account]:
                number, currency = get_cost(posting)
                key = entry.date, currency
                sums[key] = sums.get(key, ZERO) - number
    return ((day, currency, number) for (day, currency), number in sums.items())


class Compiled(BytecodeCache):
    """Templates as they were compiled once, for all books of a process."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template what was compiled before."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.known[bucket.key] = bucket.bytecode_to_string()


#: What all books of a process share.
COMPILED = Compiled()
