"""One pass over all postings: bookings with a role, and each year's figures.

This is the only loop over postings.  It is kept flat and uses plain dicts, because it
runs each time a book loads: rules and engines read what it leaves behind.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import convert
from beancount.core import data

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import APPROPRIATION_TAG
from coopledger.domain.books import Booking
from coopledger.domain.books import Leg
from coopledger.domain.books import YearFigures
from coopledger.domain.findings import Remark
from coopledger.domain.members import Register
from coopledger.domain.patronage import bases_in_force
from coopledger.errors import offer_nearest
from coopledger.errors import only_near
from coopledger.journal.accounts import LEFT_OUT
from coopledger.journal.accounts import add_balance
from coopledger.journal.accounts import add_result
from coopledger.journal.accounts import growth_of
from coopledger.journal.accounts import number_of
from coopledger.journal.directives import is_ours
from coopledger.journal.directives import origin_of
from coopledger.journal.directives import wrong_metadata
from coopledger.journal.entries import booking_of
from coopledger.journal.entries import leg_of
from coopledger.journal.transferring import transfer_of
from coopledger.journal.unpriced import Unpriced
from coopledger.journal.vocabulary import METADATA
from coopledger.journal.vocabulary import TAGS
from coopledger.journal.work import Work
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.periods import FiscalYearEnd
    from coopledger.domain.transfers import Transfer
    from coopledger.journal.accounts import Account

#: How many years a book may reach to either side of its middle.
_REACH = 200
#: Length of a posting's metadata that the parser itself gives.
_PARSED = 2
#: And of a transaction's, tolerances among it.
_PARSED_ENTRY = 3


@dataclass(slots=True)
class Pass:
    """What the pass has seen so far.

    Attributes:
        accounts: Every account of the book that was opened.
        special: Those of them with a role or a measure.
        currency: The book's currency.
        year_end: When fiscal years end.
        bases: All patronage bases.
        founded: First cooperative date of the book.
        register: The members.
    """

    accounts: Mapping[str, Account]
    special: Mapping[str, Account]
    currency: str
    year_end: FiscalYearEnd
    bases: Sequence[PatronageBasis] = ()
    founded: datetime.date | None = None
    register: Register = field(default_factory=Register)
    bookings: list[Booking] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    years: dict[int, YearFigures] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    last: datetime.date = datetime.date.min
    _sums: defaultdict[str, Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )
    _shifted: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    _balances: dict[str, Decimal] = field(default_factory=dict)
    _foreign_keys: set[str] = field(default_factory=set)
    _work: Work = field(init=False)
    _unpriced: Unpriced = field(init=False)

    def __post_init__(self) -> None:
        """Begin to count, and to remark, in the same place."""
        self._work = Work(self.currency, self.remarks)
        self._unpriced = Unpriced(self.currency, self.bases)

    def run(self, transactions: Sequence[data.Transaction]) -> None:
        """Read all transactions, in order of date."""
        transactions = self._credible(transactions)
        current: YearFigures | None = None
        start = 0
        while start < len(transactions):
            current = self._next_year(current, transactions[start].date)
            last_day = current.fiscal.end
            end = bisect_right(transactions, last_day, start, key=lambda t: t.date)
            self._read(transactions[start:end])
            start = end
        if current:
            self._close(current)
            self.last = transactions[-1].date

    def _credible(
        self, transactions: Sequence[data.Transaction]
    ) -> Sequence[data.Transaction]:
        """Leave out what is dated ages away from the middle of the book: a slip.

        A year for each of the ages between would be worked out in vain.
        """
        if not transactions:
            return transactions
        # The earlier one of two: a slip into the future is the commoner one.
        middle = transactions[(len(transactions) - 1) // 2].date.year
        ends = transactions[0].date.year, transactions[-1].date.year
        if all(abs(year - middle) <= _REACH for year in ends):
            return transactions
        near = []
        for entry in transactions:
            away = abs(entry.date.year - middle)
            if away <= _REACH:
                near.append(entry)
            else:
                found = Phrase(
                    "The date {day} is {away} years from the middle of the book, "
                    "{middle}, and nothing of this transaction is counted.",
                    day=entry.date,
                    away=away,
                    middle=middle,
                )
                at = origin_of(entry.meta)
                # Without a date: it may belong to any year, and keeps all from closing.
                self.remarks.append(
                    Remark("vocabulary", found, Phrase("Correct the date."), at)
                )
        return near

    def _read(  # noqa: C901 - flat, because it is the one loop over all postings
        self, year: Iterable[data.Transaction]
    ) -> None:
        currency, special, sums = self.currency, self.special, self._sums
        paid_on, worked = self._work.paid.get, self._work.worked
        is_foreign = self._foreign_keys.issuperset
        for entry in year:
            is_special = is_booking = False
            # After booking every posting has its units, and these have their number.
            # Taking tuples apart is faster than asking for their fields by name.
            postings: Sequence[Any] = entry.postings
            for posting in postings:
                account, (number, unit), cost, _, _, meta = posting
                amount = number
                if unit != currency or cost is not None:
                    amount = self._other_currency(entry, posting)
                sums[account] += amount
                if account in special:
                    is_special = True
                    known = special[account]
                    is_booking = is_booking or known.makes_booking
                    if known.is_counted:
                        # Nearly all of it is pay that says its hours plainly.
                        hours: Any = meta.get("hours") if meta else None
                        rows = paid_on(account)
                        is_plain = type(hours) is Decimal and hours > ZERO < number
                        if is_plain and rows is not None:
                            rows.append((entry.date, amount, hours))
                            worked[account] += hours
                        else:
                            self._work.keep(known, number, amount, entry, posting)
                if meta and len(meta) > _PARSED and not is_foreign(meta):
                    self._posting_metadata(entry, posting)
            meta = entry.meta
            is_said = len(meta) > _PARSED_ENTRY and not is_foreign(meta)
            if is_said and self._entry_metadata(entry):
                is_special = is_booking = True
            if is_special:
                self._special(entry, is_booking=is_booking)
        self._work.count(sums)

    # --- years ------------------------------------------------------------------------

    def _next_year(
        self, current: YearFigures | None, day: datetime.date
    ) -> YearFigures:
        following = self.year_end.year_of(day)
        while current is not None:
            self._close(current)
            fiscal = self.year_end.year(current.fiscal.label + 1)
            if fiscal.label >= following.label:
                break
            current = self.years[fiscal.label] = YearFigures(fiscal)
        figures = self.years[following.label] = YearFigures(following)
        in_force = bases_in_force(self.bases, following, self.founded)
        self._work.begin(figures, in_force)
        return figures

    def _close(self, figures: YearFigures) -> None:
        """Turn the year's sums by account into the year's figures."""
        for name, total in self._sums.items():
            account = self.accounts.get(name)
            if account and account.root in {"Income", "Expenses"}:
                add_result(figures, account, account.origin, total)
            elif account:
                self._balances[name] = self._balances.get(name, ZERO) + total
        for (name, origin), moved in self._shifted.items():
            account = self.accounts[name]
            add_result(figures, account, origin, moved)
            add_result(figures, account, account.origin, -moved)
        for name, balance in self._balances.items():
            if balance:
                add_balance(figures, self.accounts[name], balance)
        # Handed over as they are; a copy of very many accounts would cost.
        figures.sums, self._sums = self._sums, defaultdict(lambda: ZERO)
        self._shifted.clear()
        self.remarks.extend(self._unpriced.remarks(figures.fiscal))

    # --- the slow path: postings that say something -----------------------------------

    def _other_currency(
        self, entry: data.Transaction, posting: data.Posting
    ) -> Decimal:
        """Return what a posting comes to in the book's currency."""
        units: Any = posting.units
        account = self.special.get(posting.account)
        if account and account.place and not account.counts_units and self.currency:
            self._remark(
                "currency",
                entry.date,
                posting.meta or entry.meta,
                Phrase(
                    "{account} holds {currency}; this book's cooperative accounts "
                    "are kept in {own}.",
                    account=posting.account,
                    currency=units.currency,
                    own=self.currency,
                ),
                Phrase("Book the amount in {own}.", own=self.currency),
            )
        number = number_of(posting, self.currency)
        known = self.accounts.get(posting.account)
        if not number and known and self.currency and not self._is_told(entry):
            self._unpriced.note(known, entry, posting)
        return number

    def _is_told(self, entry: data.Transaction) -> bool:
        """Say whether a transaction has another currency on a cooperative account."""
        postings: Sequence[Any] = entry.postings
        told = (
            self.special[p.account]
            for p in postings
            if p.account in self.special and p.units.currency != self.currency
        )
        return any(one.place and not one.counts_units for one in told)

    def _ours(self, meta: data.Meta) -> data.Meta:
        """Return what of some metadata is cooperative, or meant to be.

        A book has few keys and very many postings, so that those which are not ours
        are kept.
        """
        foreign = self._foreign_keys
        ours = {k: v for k, v in meta.items() if k not in foreign and is_ours(k)}
        if len(ours) < len(meta):
            foreign.update(meta.keys() - ours.keys())
        return ours

    def _posting_metadata(self, entry: data.Transaction, posting: data.Posting) -> None:
        meta = posting.meta or {}
        ours = self._ours(meta)
        if not ours:
            return
        self.remarks.extend(wrong_metadata(ours, entry.date, origin_of(meta)))
        if "coop-origin" in meta:
            self._shift(posting, meta["coop-origin"])

    def _tags(self, entry: data.Transaction) -> None:
        for tag in sorted(entry.tags):
            if _is_misspelt(tag):
                self._remark(
                    "vocabulary",
                    entry.date,
                    entry.meta,
                    Phrase(
                        "There is no tag '#{tag}'{nearest}",
                        tag=tag,
                        nearest=offer_nearest(tag, TAGS),
                    ),
                    Phrase("Correct the tag."),
                )

    def _entry_metadata(self, entry: data.Transaction) -> bool:
        """Read a transaction's own metadata; say whether they make it a booking."""
        ours = self._ours(entry.meta)
        if not ours:
            return False
        wrong = wrong_metadata(ours, entry.date, origin_of(entry.meta))
        self.remarks.extend(wrong)
        if "coop-transfer" in entry.meta:
            self.transfers.append(
                transfer_of(entry, self.accounts, self.currency, self.register)
            )
        elif "coop-peer" in entry.meta or "coop-nature" in entry.meta:
            self._remark(
                "transfer",
                entry.date,
                entry.meta,
                Phrase(
                    "This transaction says with whom or what a transfer is, and has "
                    "no coop-transfer."
                ),
                Phrase("Add coop-transfer, an id that the other book has as well."),
            )
        if "coop-origin" in entry.meta:
            for posting in entry.postings:
                if "coop-origin" not in (posting.meta or {}):
                    self._shift(posting, entry.meta["coop-origin"])
        # A fine is one whichever accounts it stands on.
        return entry.meta.get("coop-kind") == "fine"

    def _shift(self, posting: data.Posting, origin: object) -> None:
        """Count an income or expense under another origin than its account's."""
        account = self.accounts.get(posting.account)
        known = METADATA["coop-origin"][1]
        if account is None or account.root not in {"Income", "Expenses"}:
            return
        if origin in known and origin != account.origin:
            key = (posting.account, str(origin))
            old = self._shifted.get(key, ZERO)
            self._shifted[key] = old + number_of(posting, self.currency)

    def _special(self, entry: data.Transaction, *, is_booking: bool) -> None:
        # Most special transactions are pay, for which no legs have to be made.
        if is_booking:
            self.bookings.append(self._booking(entry))
            self._tags(entry)
        if APPROPRIATION_TAG in (entry.tags or ()):
            self._leave_out(entry)

    def _leave_out(self, entry: data.Transaction) -> None:
        """Keep what an appropriation books as an expense out of the year's result.

        A result that contained its own appropriation would change by being closed.
        """
        for posting in entry.postings:
            account = self.accounts.get(posting.account)
            number = convert.get_weight(posting).number
            if account and account.root in {"Income", "Expenses"} and number:
                key = (posting.account, LEFT_OUT)
                self._shifted[key] = self._shifted.get(key, ZERO) + number

    def _booking(self, entry: data.Transaction) -> Booking:
        legs: list[Leg] = []
        plain: set[str] = set()
        for posting in entry.postings:
            account = self.special.get(posting.account)
            if account is None or account.place is None:
                known = self.accounts.get(posting.account)
                plain.add(known.root if known else "")
            else:
                growth = growth_of(account, posting, self.currency)
                legs.append(leg_of(account, account.place, posting, entry, growth))
        return booking_of(entry, tuple(legs), frozenset(plain))

    def _remark(
        self,
        about: str,
        date: datetime.date,
        meta: data.Meta,
        found: Phrase,
        fix: Phrase,
    ) -> None:
        self.remarks.append(Remark(about, found, fix, origin_of(meta), date))


@lru_cache(maxsize=4096)
def _is_misspelt(tag: str) -> bool:
    """Say whether a tag was meant to be one of ours and is none; cached as keys are."""
    return tag not in TAGS and (tag.startswith("coop") or bool(only_near(tag, TAGS)))
