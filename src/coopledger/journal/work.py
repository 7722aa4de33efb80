"""Who worked how much in a year, and what counts as whose patronage."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import Labour
from coopledger.domain.findings import Remark
from coopledger.errors import only_near
from coopledger.journal.accounts import growth_of
from coopledger.journal.directives import is_number
from coopledger.journal.directives import number_in
from coopledger.journal.directives import origin_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from collections.abc import Sequence

    from beancount.core import data

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.journal.accounts import Account

    #: Days and quantities of one member and basis, and what an account adds to them.
    Rows = list[tuple[datetime.date, Decimal]]
    Measured = tuple[PatronageBasis, tuple[str, str], Rows]


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
        self._labour: dict[str, Labour] = {}

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
        self._labour = {}

    def count(
        self,
        account: Account,
        posting: data.Posting,
        entry: data.Transaction,
    ) -> None:
        """Count a posting as somebody's pay and as patronage."""
        takes = account.takes(posting)
        value = posting.meta.get("hours") if posting.meta else None
        # Nearly all pay says its hours plainly; only what does not is looked into.
        is_plain = type(value) is Decimal
        if account.is_pay:
            labour = self._labour.get(account.name) or self._labour_of(
                account, posting, entry
            )
            hours = value if is_plain else self._hours(account, posting, entry)
            if takes and hours:
                hours = -abs(hours)
            paid = growth_of(account, posting, self.currency)
            _add_up(labour, posting, entry, paid, hours)
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
                    self._figures.activity[key] = rows
                rows.append((entry.date, quantity))

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
    ) -> Labour:
        """Begin with the pay and hours of the person to whom an account belongs."""
        place: Any = account.place
        figures = self._figures
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
            return growth_of(account, posting, self.currency)
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


def _add_up(
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
