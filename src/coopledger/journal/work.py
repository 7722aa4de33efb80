"""Who worked how much in a year, and what counts as whose patronage."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import Activity
from coopledger.domain.books import Labour
from coopledger.domain.findings import Remark
from coopledger.errors import only_near
from coopledger.journal.directives import is_number
from coopledger.journal.directives import number_in
from coopledger.journal.directives import origin_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from beancount.core import data

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.journal.accounts import Account

    #: A basis and whose activity an account measures by it.
    Measured = tuple[PatronageBasis, str]
    #: Day, pay and hours.
    Paid = tuple[datetime.date, Decimal, Decimal]
    #: A posting: its day, the number of its units, what that is in the book's currency,
    #: what it says for hours, its transaction and itself.
    Hit = tuple[datetime.date, Decimal, Decimal, Any, data.Transaction, data.Posting]


class Work:
    """Counts the work of one year after the other, and what is measured of it."""

    def __init__(self, currency: str, remarks: list[Remark]) -> None:
        """Begin without a year.

        Args:
            currency: The book's currency.
            remarks: Where to note what cannot be taken as it stands.
        """
        self.currency = currency
        self.remarks = remarks
        self._measured: Mapping[str, Sequence[Measured]] = {}

    def begin(
        self, figures: YearFigures, measured: Mapping[str, Sequence[Measured]]
    ) -> None:
        """Begin a year.

        Args:
            figures: Where the year's work goes.
            measured: What each account measures in it.
        """
        self._figures = figures
        self._measured = measured

    def count(self, account: Account, hits: Sequence[Hit]) -> None:
        """Count a year's postings to one account as somebody's pay and as patronage.

        A whole account at a time, because most postings of a book that say something
        are pay, and all but the posting itself is the same for each.

        Args:
            account: The account.
            hits: Its postings in the year.
        """
        if not hits:
            return
        # Nearly all pay says its hours plainly; only what does not is looked into.
        is_plain = {type(hours) for _, _, _, hours, _, _ in hits} == {Decimal}
        paid = self._count_pay(account, hits) if account.is_pay else []
        for basis, member in self._measured.get(account.name, ()):
            if paid and is_plain and basis.measure == "hours" and not basis.factor:
                self._note(basis, member, paid, 2)
            else:
                rows = [*self._measure(account, basis, hits)]
                self._note(basis, member, rows, 1)

    def _note(
        self, basis: PatronageBasis, member: str, rows: Sequence[Any], column: int
    ) -> None:
        if any(row[column] for row in rows):
            key = (basis.basis, member)
            self._figures.activity.setdefault(key, Activity()).add(rows, column)

    def _count_pay(self, account: Account, hits: Sequence[Hit]) -> Sequence[Paid]:
        """Return day, pay and hours of each posting, after counting them."""
        labour = self._labour_of(account, *hits[0][-2:])
        rows = []
        for day, number, amount, value, entry, posting in hits:
            hours = value
            if type(value) is not Decimal:
                hours = self._hours(account, posting, entry)
            if hours and account.takes(number):
                hours = -abs(hours)
            paid = amount if account.sign > 0 else -amount
            rows.append((day, paid, hours or ZERO))
            if not hours or hours < ZERO:
                _note_oddity(labour, posting, entry, paid, hours)
        labour.rows += rows
        labour.amount += sum([paid for _, paid, _ in rows], ZERO)
        labour.hours += sum([hours for _, _, hours in rows], ZERO)
        return rows

    def _measure(
        self, account: Account, basis: PatronageBasis, hits: Sequence[Hit]
    ) -> Iterator[tuple[datetime.date, Decimal]]:
        """Measure one basis of patronage on a year's postings to one account."""
        for day, number, amount, _, entry, posting in hits:
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
                yield day, quantity

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
        if all(basis.measure != "hours" for basis, _ in measured):
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
        self, account: Account, entry: data.Transaction, posting: data.Posting
    ) -> Labour:
        """Return the pay and hours of the person to whom an account belongs.

        Who is paid on several accounts has several first postings; the earliest counts.
        """
        place: Any = account.place
        figures = self._figures
        side = figures.members if place.role == "advance" else figures.hired
        labour = side.setdefault(place.member or place.name, Labour())
        began = (entry.date, origin_of(posting.meta or entry.meta))
        labour.first = min(labour.first or began, began)
        return labour

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


def _note_oddity(
    labour: Labour,
    posting: data.Posting,
    entry: data.Transaction,
    paid: Decimal,
    hours: Decimal | None,
) -> None:
    """Keep the place of pay that says no hours, or hours below zero."""
    at = origin_of(posting.meta or entry.meta)
    if hours is None and "hours" not in (posting.meta or ()):
        labour.unmeasured.append((entry.date, at))
    elif (hours or ZERO) < ZERO < paid:
        labour.negative.append((entry.date, at))
