"""Who worked how much in a year, and what counts as whose patronage."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core.amount import Amount

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import Activity
from coopledger.domain.books import Labour
from coopledger.domain.findings import Remark
from coopledger.errors import only_near
from coopledger.journal.directives import is_number
from coopledger.journal.directives import number_in
from coopledger.journal.directives import origin_of
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from beancount.core import data

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.journal.accounts import Account

    #: A basis that an account measures, and whose activity it is.
    Measured = tuple[PatronageBasis, str]
    #: Day, pay and hours.
    Paid = tuple[datetime.date, Decimal, Decimal]
    #: The number of a posting's units, what that is in the book's currency, its
    #: transaction and itself.
    Hit = tuple[Decimal, Decimal, data.Transaction, data.Posting]


#: Where day, pay and hours hold what a basis measures.
_COLUMNS = {"amount": 1, "hours": 2}


class _Kept(NamedTuple):
    """What is looked at of an account's year, and its first posting."""

    account: Account
    measured: list[Measured]
    hits: list[Hit]
    first: tuple[data.Transaction, data.Posting]


class Work:
    """Counts the work of one year after the other, and what is measured of it.

    Attributes:
        paid: Day, pay and hours of plain pay, by account, until it is counted.
        worked: The sum of its hours, by account.
    """

    def __init__(self, currency: str, remarks: list[Remark]) -> None:
        """Begin without a year.

        Args:
            currency: The book's currency.
            remarks: Where to note what cannot be taken as it stands.
        """
        self.currency = currency
        self.remarks = remarks
        self.paid: dict[str, list[Paid]] = {}
        self.worked: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self._kept: dict[str, _Kept] = {}
        self._in_force: dict[str, PatronageBasis] = {}

    def begin(self, figures: YearFigures, in_force: Iterable[PatronageBasis]) -> None:
        """Begin a year.

        Args:
            figures: Where the year's work goes.
            in_force: The bases that divide its pool.
        """
        self._figures = figures
        self._in_force = {basis.basis: basis for basis in in_force}

    def keep(
        self,
        account: Account,
        number: Decimal,
        amount: Decimal,
        entry: data.Transaction,
        posting: data.Posting,
    ) -> None:
        """Keep a posting that has to be looked at closely, and each year's first.

        Where day, pay and hours are all that the year asks of the account, what follows
        on it may go straight into `paid` and `worked`.

        Args:
            account: The account.
            number: The number of the posting's units.
            amount: What that is in the book's currency.
            entry: The transaction.
            posting: The posting.
        """
        name = account.name
        kept = self._kept.get(name)
        if kept is None:
            kept = _Kept(account, self._measured(account), [], (entry, posting))
            self._kept[name] = kept
            if account.is_pay and account.sign > 0 and _asks_no_more(kept.measured):
                self.paid[name] = []
        hours: Any = posting.meta.get("hours") if posting.meta else None
        if name in self.paid and type(hours) is Decimal and hours > ZERO < number:
            self.paid[name].append((entry.date, amount, hours))
            self.worked[name] += hours
        else:
            kept.hits.append((number, amount, entry, posting))

    def _measured(self, account: Account) -> list[Measured]:
        """Return the bases in force that an account measures, and whose activity."""
        return [
            (basis, member)
            for basis, member in account.bases
            if self._in_force.get(basis.basis) is basis
        ]

    def count(self, sums: Mapping[str, Decimal]) -> None:
        """Count what was collected of a year as somebody's pay and as patronage.

        A whole account at a time, because most postings of a book that say something
        are pay, and all but the posting itself is the same for each.

        Args:
            sums: What was booked on each account in the year, in Beancount's sign.
        """
        for account, measured, hits, (entry, posting) in self._kept.values():
            if account.is_pay:
                labour = self._labour_of(account)
                began = (entry.date, origin_of(posting.meta or entry.meta))
                labour.first = min(labour.first or began, began)
                paid = sums[account.name]
                labour.amount += paid if account.sign > 0 else -paid
                if hits:
                    labour.rows += self._read_pay(account, labour, hits)
                if account.name in self.paid:
                    self._count_plain(account, measured, labour)
            for basis, member in measured if hits else ():
                rows = [*self._measure(account, basis, hits)]
                self._note(basis, member, rows, 1, _total(rows, 1))
        self.paid.clear()
        self.worked.clear()
        self._kept.clear()

    def _count_plain(
        self, account: Account, measured: Iterable[Measured], labour: Labour
    ) -> None:
        rows, worked = self.paid[account.name], self.worked[account.name]
        labour.rows += rows
        labour.hours += worked
        for basis, member in measured:
            column = _COLUMNS[basis.measure]
            total = worked if basis.measure == "hours" else _total(rows, column)
            self._note(basis, member, rows, column, total)

    def _note(
        self,
        basis: PatronageBasis,
        member: str,
        rows: Sequence[Any],
        column: int,
        total: Decimal,
    ) -> None:
        """Add rows to a member's activity, unless nothing of them counts."""
        if total or any(row[column] for row in rows):
            key = (basis.basis, member)
            activity = self._figures.activity.get(key)
            if activity is None:
                activity = self._figures.activity[key] = Activity()
            activity.add(rows, column, total)

    def _read_pay(
        self, account: Account, labour: Labour, hits: Iterable[Hit]
    ) -> Iterator[Paid]:
        """Read pay closely, and count its hours."""
        for number, amount, entry, posting in hits:
            hours = self._hours(account, posting, entry)
            if hours and account.takes(number):
                hours = -abs(hours)
            paid = amount if account.sign > 0 else -amount
            at = origin_of(posting.meta or entry.meta)
            if hours is None and "hours" not in (posting.meta or ()):
                labour.unmeasured.append((entry.date, at))
            elif (hours or ZERO) < ZERO < paid:
                labour.negative.append((entry.date, at))
            labour.hours += hours or ZERO
            yield entry.date, paid, hours or ZERO

    def _measure(
        self, account: Account, basis: PatronageBasis, hits: Sequence[Hit]
    ) -> Iterator[tuple[datetime.date, Decimal]]:
        """Measure one basis of patronage on a year's postings to one account."""
        for number, amount, entry, posting in hits:
            quantity: Decimal | None
            if basis.measure == "amount":
                quantity = amount if account.sign > 0 else -amount
            else:
                quantity = self._quantity(basis, posting, entry)
            if quantity and account.takes(number):
                quantity = -abs(quantity)
            if quantity is not None and basis.factor:
                factor = self._key(basis.factor, posting, entry, basis)
                quantity = None if factor is None else quantity * factor
            if quantity:
                yield entry.date, quantity

    def _hours(
        self, account: Account, posting: data.Posting, entry: data.Transaction
    ) -> Decimal | None:
        """Read somebody's hours; what is no number is remarked on once."""
        meta = posting.meta or {}
        if "hours" not in meta:
            self._misspelt_hours(posting, entry)
            return None
        hours = number_in(meta["hours"])
        measured = (basis.measure for basis, _ in self._measured(account))
        if hours is None and "hours" not in measured:
            self._remark(
                "measure",
                entry.date,
                posting.meta or entry.meta,
                Phrase(
                    "The posting to {account} {said}.",
                    account=posting.account,
                    said=_said(meta, "hours"),
                ),
                _as_number("hours", meta["hours"]),
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
                    Phrase(
                        "The posting to {account} says '{key}'; did you mean 'hours'?",
                        account=posting.account,
                        key=key,
                    ),
                    Phrase("Write hours: NUMBER under the posting."),
                )

    def _labour_of(self, account: Account) -> Labour:
        """Return the pay and hours of the person to whom an account belongs."""
        place: Any = account.place
        figures = self._figures
        side = figures.members if place.role == "advance" else figures.hired
        return side.setdefault(place.member or place.name, Labour())

    def _quantity(
        self,
        basis: PatronageBasis,
        posting: data.Posting,
        entry: data.Transaction,
    ) -> Decimal | None:
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
        meta = posting.meta or {}
        number = number_in(meta.get(key))
        if number is None:
            self._remark(
                "measure",
                entry.date,
                posting.meta or entry.meta,
                Phrase(
                    "The posting to {account} {said}, by which the patronage basis "
                    "'{basis}' is measured.",
                    account=posting.account,
                    said=_said(meta, key),
                    basis=basis.basis,
                ),
                _as_number(key, meta.get(key)),
            )
        return number

    def _remark(
        self,
        about: str,
        date: datetime.date,
        meta: data.Meta,
        found: Phrase,
        fix: Phrase,
    ) -> None:
        self.remarks.append(Remark(about, found, fix, origin_of(meta), date))


def _total(rows: Iterable[Any], column: int) -> Decimal:
    return sum([row[column] for row in rows], ZERO)


def _said(meta: data.Meta, key: str) -> Phrase:
    """Say what a posting gives for a key, where that is no number."""
    if key not in meta:
        return Phrase("has no '{key}'", key=key)
    value = meta[key]
    if value is None:
        return Phrase("says nothing for '{key}'", key=key)
    return Phrase("says {value} for '{key}'", value=repr(str(value)), key=key)


def _as_number(key: str, value: object) -> Phrase:
    """Say how the number is to be written."""
    if isinstance(value, str) and is_number(value):
        return Phrase("Take the quotes off: {key}: {value}.", key=key, value=value)
    if isinstance(value, Amount):
        return Phrase(
            "Write the number alone, without a currency: {key}: {number}.",
            key=key,
            number=str(value.number),
        )
    if value is None:
        return Phrase(
            "Add {key}: NUMBER under the posting (0 where nothing counts).", key=key
        )
    return Phrase(
        "Write {key}: NUMBER under the posting (0 where nothing counts).", key=key
    )


def _asks_no_more(measured: Iterable[Measured]) -> bool:
    """Say whether day, pay and hours are all that bases ask of an account."""
    return all(basis.measure in _COLUMNS and not basis.factor for basis, _ in measured)
