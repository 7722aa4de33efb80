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
from coopledger.domain.books import Labour
from coopledger.domain.books import Leg
from coopledger.domain.books import YearFigures
from coopledger.domain.findings import Remark
from coopledger.domain.patronage import bases_in_force
from coopledger.errors import offer_nearest
from coopledger.errors import only_near
from coopledger.journal.accounts import LEFT_OUT
from coopledger.journal.accounts import add_balance
from coopledger.journal.accounts import add_result
from coopledger.journal.directives import METADATA
from coopledger.journal.directives import TAGS
from coopledger.journal.directives import is_number
from coopledger.journal.directives import number_in
from coopledger.journal.directives import origin_of
from coopledger.journal.directives import wrong_metadata
from coopledger.journal.entries import booking_of
from coopledger.journal.entries import leg_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.periods import FiscalYearEnd
    from coopledger.journal.accounts import Account

    #: Days and quantities of one member and basis, and what an account adds to them.
    _Rows = list[tuple[datetime.date, Decimal]]
    _Measured = tuple[PatronageBasis, tuple[str, str], _Rows]

#: Length of the metadata that the parser itself gives.
_POSTING_META = 2
_ENTRY_META = 3


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
    """

    accounts: Mapping[str, Account]
    special: Mapping[str, Account]
    currency: str
    year_end: FiscalYearEnd
    bases: Sequence[PatronageBasis] = ()
    founded: datetime.date | None = None
    bookings: list[Booking] = field(default_factory=list)
    years: dict[int, YearFigures] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    last: datetime.date = datetime.date.min
    _sums: defaultdict[str, Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )
    _shifted: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    _balances: dict[str, Decimal] = field(default_factory=dict)
    _measured: dict[str, list[_Measured]] = field(default_factory=dict)
    _labour: dict[str, Labour] = field(default_factory=dict)

    def run(self, transactions: Sequence[data.Transaction]) -> None:
        """Read all transactions, in order of date."""
        current: YearFigures | None = None
        start = 0
        while start < len(transactions):
            current = self._next_year(current, transactions[start].date)
            last_day = current.fiscal.end
            end = bisect_right(transactions, last_day, start, key=lambda t: t.date)
            self._read(transactions[start:end], current)
            start = end
        if current:
            self._close(current)
            self.last = transactions[-1].date

    def _read(self, year: Iterable[data.Transaction], figures: YearFigures) -> None:
        currency, special, sums = self.currency, self.special, self._sums
        for entry in year:
            hits = []
            # After booking every posting has its units, and these have their number.
            # Taking tuples apart is faster than asking for their fields by name.
            postings: Sequence[Any] = entry.postings
            for posting in postings:
                account, (number, unit), cost, _, _, meta = posting
                if unit == currency and cost is None:
                    sums[account] += number
                else:
                    self._other_currency(entry, posting)
                if account in special:
                    hits.append(posting)
                if meta and len(meta) > _POSTING_META and _is_ours(tuple(meta)):
                    self._posting_metadata(entry, posting)
            if len(entry.meta) > _ENTRY_META and _is_ours(tuple(entry.meta)):
                self._entry_metadata(entry)
            if hits:
                self._special(entry, hits, figures)

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
        self._measured = self._measured_in(following)
        self._labour = {}
        return figures

    def _measured_in(self, year: FiscalYear) -> dict[str, list[_Measured]]:
        """Return what each account measures in a year; no posting has to ask again."""
        in_force = set(bases_in_force(self.bases, year, self.founded))
        found: dict[str, list[_Measured]] = {}
        rows: defaultdict[tuple[str, str], _Rows] = defaultdict(list)
        for name, account in self.special.items():
            for basis, member in account.bases:
                if basis in in_force:
                    key = (basis.basis, member)
                    found.setdefault(name, []).append((basis, key, rows[key]))
        return found

    def _close(self, figures: YearFigures) -> None:
        """Turn the year's sums by account into the year's figures."""
        for name, total in self._sums.items():
            account = self.accounts.get(name)
            self._balances[name] = self._balances.get(name, ZERO) + total
            if account and account.root in {"Income", "Expenses"}:
                add_result(figures, account, account.origin, total)
        for (name, origin), moved in self._shifted.items():
            account = self.accounts[name]
            add_result(figures, account, origin, moved)
            add_result(figures, account, account.origin, -moved)
        for name, balance in self._balances.items():
            account = self.accounts.get(name)
            if account and balance:
                add_balance(figures, account, balance)
        self._sums.clear()
        self._shifted.clear()

    # --- the slow path: postings that say something -----------------------------------

    def _other_currency(self, entry: data.Transaction, posting: data.Posting) -> None:
        units: Any = posting.units
        account = self.special.get(posting.account)
        if account and account.place and not account.counts_units and self.currency:
            self._remark(
                "currency",
                entry.date,
                posting.meta or entry.meta,
                f"{posting.account} holds {units.currency}; this book's "
                f"cooperative accounts are kept in {self.currency}.",
                f"Book the amount in {self.currency}.",
            )
        number = self._number(posting)
        if number:
            self._sums[posting.account] += number

    def _number(self, posting: data.Posting) -> Decimal:
        """Return a posting's amount in the book's currency, at its price or cost."""
        units: Any = posting.units
        if units.currency == self.currency and posting.cost is None:
            number: Decimal = units.number
            return number
        weight = convert.get_weight(posting)
        return (weight.number or ZERO) if weight.currency == self.currency else ZERO

    def _growth(self, account: Account, posting: data.Posting) -> Decimal:
        """Return how much a posting adds to what the account is about."""
        units: Any = posting.units
        if units.currency == self.currency and posting.cost is None:
            # As in `_number`, without a second call for each of very many postings.
            number: Decimal = units.number
        else:
            number = self._number(posting)
        return number if account.sign > 0 else -number

    def _posting_metadata(self, entry: data.Transaction, posting: data.Posting) -> None:
        meta = posting.meta or {}
        at = origin_of(meta)
        self.remarks.extend(wrong_metadata(meta, entry.date, at))
        if "coop-origin" in meta:
            self._shift(posting, meta["coop-origin"])

    def _tags(self, entry: data.Transaction) -> None:
        for tag in sorted(entry.tags):
            if _is_misspelt(tag):
                self._remark(
                    "vocabulary",
                    entry.date,
                    entry.meta,
                    f"There is no tag '#{tag}'{offer_nearest(tag, TAGS)}",
                    "Correct the tag.",
                )

    def _entry_metadata(self, entry: data.Transaction) -> None:
        wrong = wrong_metadata(entry.meta, entry.date, origin_of(entry.meta))
        self.remarks.extend(wrong)
        if "coop-origin" in entry.meta:
            for posting in entry.postings:
                if "coop-origin" not in (posting.meta or {}):
                    self._shift(posting, entry.meta["coop-origin"])

    def _shift(self, posting: data.Posting, origin: object) -> None:
        """Count an income or expense under another origin than its account's."""
        account = self.accounts.get(posting.account)
        known = METADATA["coop-origin"][1]
        if account is None or account.root not in {"Income", "Expenses"}:
            return
        if origin in known and origin != account.origin:
            key = (posting.account, str(origin))
            old = self._shifted.get(key, ZERO)
            self._shifted[key] = old + self._number(posting)

    def _special(
        self,
        entry: data.Transaction,
        postings: Iterable[data.Posting],
        figures: YearFigures,
    ) -> None:
        is_booking = False
        for posting in postings:
            account = self.special[posting.account]
            if account.is_pay or account.bases:
                self._count(account, posting, entry, figures)
            is_booking |= account.makes_booking
        if is_booking:
            # Most special transactions are pay, for which no legs have to be made.
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
                growth = self._growth(account, posting)
                legs.append(leg_of(account, account.place, posting, entry, growth))
        return booking_of(entry, tuple(legs), frozenset(plain))

    def _count(
        self,
        account: Account,
        posting: data.Posting,
        entry: data.Transaction,
        figures: YearFigures,
    ) -> None:
        """Count a posting as somebody's pay and as patronage."""
        takes = account.takes(posting)
        value = posting.meta.get("hours") if posting.meta else None
        # Nearly all pay says its hours plainly; only what does not is looked into.
        is_plain = type(value) is Decimal
        if account.is_pay:
            labour = self._labour.get(account.name) or self._labour_of(
                account, posting, entry, figures
            )
            hours = value if is_plain else self._hours(account, posting, entry)
            if takes and hours:
                hours = -abs(hours)
            paid = self._growth(account, posting)
            self._work(labour, posting, entry, paid, hours)
        for basis, key, rows in self._measured.get(account.name, ()):
            is_hours = is_plain and basis.measure == "hours"
            quantity = (
                value if is_hours else self._quantity(basis, account, posting, entry)
            )
            if quantity and takes:
                quantity = -abs(quantity)
            if quantity is not None and basis.factor:
                factor = self._key(basis.factor, posting, entry, basis)
                quantity = None if factor is None else quantity * factor
            if quantity:
                if not rows:
                    figures.activity[key] = rows
                rows.append((entry.date, quantity))

    def _work(
        self,
        labour: Labour,
        posting: data.Posting,
        entry: data.Transaction,
        paid: Decimal,
        hours: Decimal | None,
    ) -> None:
        """Count a posting as pay, with the hours it is for."""
        worked = hours or ZERO
        labour.amount += paid
        labour.hours += worked
        labour.rows.append((entry.date, paid, worked))
        if hours is None and "hours" not in (posting.meta or ()):
            at = origin_of(posting.meta or entry.meta)
            labour.unmeasured.append((entry.date, at))
        elif worked < 0 < paid:
            at = origin_of(posting.meta or entry.meta)
            labour.negative.append((entry.date, at))

    def _hours(
        self, account: Account, posting: data.Posting, entry: data.Transaction
    ) -> Decimal | None:
        """Read somebody's hours; what is no number is remarked on once."""
        value = (posting.meta or {}).get("hours")
        hours = number_in(value)
        if value is None:
            self._misspelt_hours(posting, entry)
        if value is None or hours is not None:
            return hours
        measured = self._measured.get(account.name, ())
        if all(basis.measure != "hours" for basis, _, _ in measured):
            self._remark(
                "measure",
                entry.date,
                posting.meta or entry.meta,
                f"The posting to {posting.account} says '{value}' for 'hours'.",
                "Write hours: NUMBER under the posting, without quotes.",
            )
        return hours

    def _misspelt_hours(self, posting: data.Posting, entry: data.Transaction) -> None:
        """Offer ``hours`` where a posting of pay has a key that is nearly that."""
        for key in posting.meta or {}:
            if only_near(key, ("hours",)):
                self._remark(
                    "vocabulary",
                    entry.date,
                    posting.meta or entry.meta,
                    f"The posting to {posting.account} says '{key}'; did you mean "
                    "'hours'?",
                    "Write hours: NUMBER under the posting.",
                )

    def _labour_of(
        self,
        account: Account,
        posting: data.Posting,
        entry: data.Transaction,
        figures: YearFigures,
    ) -> Labour:
        """Begin with the pay and hours of the person to whom an account belongs."""
        place: Any = account.place
        side = figures.members if place.role == "advance" else figures.hired
        labour = side.setdefault(place.member or place.name, Labour())
        at = origin_of(posting.meta or entry.meta)
        labour.first = labour.first or (entry.date, at)
        self._labour[account.name] = labour
        return labour

    def _quantity(
        self,
        basis: PatronageBasis,
        account: Account,
        posting: data.Posting,
        entry: data.Transaction,
    ) -> Decimal | None:
        if basis.measure == "amount":
            return self._growth(account, posting)
        if basis.measure == "units":
            units: Any = posting.units
            is_counted = units.currency == basis.currency or not basis.currency
            return abs(units.number) if is_counted else ZERO
        return self._key(basis.measure, posting, entry, basis)

    def _key(
        self,
        key: str,
        posting: data.Posting,
        entry: data.Transaction,
        basis: PatronageBasis,
    ) -> Decimal | None:
        value = (posting.meta or {}).get(key)
        number = number_in(value)
        if number is None:
            what = "has no" if value is None else f"says '{value}' for"
            is_quoted = isinstance(value, str) and is_number(value)
            self._remark(
                "measure",
                entry.date,
                posting.meta or entry.meta,
                f"The posting to {posting.account} {what} '{key}', by which the "
                f"patronage basis '{basis.basis}' is measured.",
                f"Take the quotes off: {key}: {value}."
                if is_quoted
                else f"Add {key}: NUMBER under the posting (0 where nothing counts).",
            )
        return number

    def _remark(
        self, about: str, date: datetime.date, meta: data.Meta, found: str, fix: str
    ) -> None:
        self.remarks.append(Remark(about, found, fix, origin_of(meta), date))


@lru_cache(maxsize=4096)
def _is_misspelt(tag: str) -> bool:
    """Say whether a tag was meant to be one of ours and is none; cached as keys are."""
    return tag not in TAGS and (tag.startswith("coop") or bool(only_near(tag, TAGS)))


@lru_cache(maxsize=4096)
def _is_ours(keys: tuple[str, ...]) -> bool:
    """Say whether any of the keys of some metadata is cooperative, or meant to be.

    A book has few combinations of keys and very many postings, hence the cache.
    """
    return any(key.startswith("coop") for key in keys)
