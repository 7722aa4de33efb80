"""Hours: what members worked, and what they were paid for it, as postings of pay."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg
from coopledger.journal.planning import as_text
from coopledger.journal.recalling import pay_in
from coopledger.services.importing.people import People
from coopledger.services.importing.records import CHANGED
from coopledger.services.importing.records import Fact
from coopledger.services.importing.records import Outcome
from coopledger.services.importing.values import UnfitError
from coopledger.services.proposing import CHUNK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.journal.loading import Book
    from coopledger.journal.recalling import Paid
    from coopledger.services.importing.records import Record
    from coopledger.services.importing.records import Trouble

HEADS = ("member", "date", "hours", "pay", "memo")

NARRATION = {"en": "Hours", "es": "Horas"}


class PayerMissingError(CoopledgerError):
    """Pay is to be booked, and nothing says from which account it was paid."""

    def __init__(self) -> None:
        """Name the option."""
        super().__init__(
            "The sheet has pay, and nothing says from which account it was paid. Say "
            "--against ACCOUNT, such as the bank's."
        )


class _Work(NamedTuple):
    """What a row says of one member's work."""

    member: str
    date: datetime.date
    hours: Decimal
    pay: Decimal
    factor: Decimal | None
    memo: str


def hours_of(
    book: Book, records: Iterable[Record], against: str, today: datetime.date
) -> Outcome:
    """Turn rows into postings of pay with hours; those that are booked are known.

    Args:
        book: The book.
        records: The rows.
        against: The account that pay was paid from, or "".
        today: The day it is; hours of later ones are refused.

    Raises:
        PayerMissingError: All rows are right, there is new pay, and no such account.
    """
    outcome = Outcome(HEADS, [], [])
    working = _Working(book, today)
    new: list[_Work] = []
    for record in records:
        try:
            work = working.work_of(record)
        except UnfitError as unfit:
            outcome.troubles.append(record.trouble("member", unfit.found, unfit.fix))
            continue
        troubles = list(working.troubles(work, record))
        outcome.troubles += troubles
        if troubles:
            continue
        is_known = working.is_booked(work)
        new += [] if is_known else [work]
        words = (work.member, work.date, work.hours, work.pay, work.memo)
        outcome.facts.append(Fact(record.row, words, is_known))
    if outcome.troubles:
        return outcome
    if any(work.pay for work in new) and not against:
        raise PayerMissingError
    planned = list(working.planned(new, against))
    outcome.text = as_text(planned, book) if planned else ""
    outcome.until = max((work.date for work in new), default=None)
    return outcome


class _Working:
    """Compares rows with what a book has of pay and hours."""

    def __init__(self, book: Book, today: datetime.date) -> None:
        self._book = book
        self._today = today
        self._people = People(book.case.books.register)
        self._rows: dict[tuple[str, datetime.date, str], int] = {}
        self._booked: defaultdict[tuple[str, datetime.date, str], list[Paid]] = (
            defaultdict(list)
        )
        for paid in pay_in(book):
            self._booked[paid.member, paid.date, paid.memo].append(paid)

    def work_of(self, record: Record) -> _Work:
        """Return what a row says.

        Raises:
            UnfitError: Nobody is called so.
        """
        return _Work(
            self._people.find(record.get("member")),
            record.get("date"),
            record.get("hours"),
            record.get("pay") or ZERO,
            record.get("factor"),
            record.get("memo") or "",
        )

    def troubles(self, work: _Work, record: Record) -> Iterator[Trouble]:
        """Say what is wrong with a row, taken by itself and with the book."""
        place = work.member, work.date, work.memo
        if place in self._rows:
            yield record.trouble(
                "hours",
                f"are hours of {work.member} on {work.date}, as in row "
                f"{self._rows[place]}",
                "Delete one of the rows; or where both are meant, add them up, or tell "
                "them apart by a memo.",
            )
            return
        self._rows[place] = record.row
        if work.date > self._today:
            yield record.trouble(
                "date",
                f"is later than today, {self._today}",
                "Correct the day; hours are booked when they have been worked.",
            )
        register = self._book.case.books.register
        if register.standing(work.member, work.date) is None:
            first = register.events[work.member][0].date
            found = f"is before {work.member} stands in the register ({first})"
            yield record.trouble("date", found, "Correct the day, or the register.")
        factor = self._factor(work.date)
        if factor and work.factor is None:
            found = f"has no {factor}, by which the hours count"
            yield record.trouble("factor", found, "Add a column 'Factor'.")
        if work.factor is not None and not factor:
            found = "is a factor, and no basis of patronage on that day has one"
            yield record.trouble(
                "factor", found, "Leave the column out: --map COLUMN=-."
            )
        if self._booked[place] and not self.is_booked(work):
            yield self._contradiction(self._booked[place][0], record)

    def _contradiction(self, paid: Paid, record: Record) -> Trouble:
        where = f"{paid.origin.file}:{paid.origin.line}"
        if paid.hours is None:
            found = f"are not in the book, which has the pay of that day ({where})"
            return record.trouble("hours", found, "Write hours: NUMBER below it there.")
        found = f"is not what the book has: {paid.hours} hours, {paid.pay:,f} ({where})"
        return record.trouble("hours", found, CHANGED)

    def is_booked(self, work: _Work) -> bool:
        """Say whether the book has it already."""
        booked = self._booked[work.member, work.date, work.memo]
        return any((b.hours, b.pay) == (work.hours, work.pay) for b in booked)

    def planned(self, new: Iterable[_Work], against: str) -> Iterator[Planned]:
        """Lay new work out as a transaction for each day."""
        days: defaultdict[datetime.date, list[_Work]] = defaultdict(list)
        for work in new:
            days[work.date].append(work)
        for day in sorted(days):
            for first in range(0, len(days[day]), CHUNK):
                yield self._entry(day, days[day][first : first + CHUNK], against)

    def _entry(self, day: datetime.date, listed: list[_Work], against: str) -> Planned:
        legs = [self._leg(work) for work in listed]
        paid = sum((work.pay for work in listed), ZERO)
        legs += [PlannedLeg(against, -paid)] if paid else []
        language = self._book.case.policy.preset_on(day).language
        return Planned(
            date=day,
            payee=self._book.case.books.title,
            narration=NARRATION.get(language, NARRATION["en"]),
            year=None,
            kind="",
            link="",
            legs=tuple(legs),
            tags=frozenset(),
            is_fact=True,
        )

    def _leg(self, work: _Work) -> PlannedLeg:
        own: list[tuple[str, Decimal | str]] = [("hours", work.hours)]
        if work.factor is not None:
            own.append((self._factor(work.date), work.factor))
        if work.memo:
            own.append(("memo", work.memo))
        account = self._book.chart.account(
            "advance", member=work.member, year=str(work.date.year)
        )
        return PlannedLeg(account, work.pay, own=tuple(own))

    def _factor(self, day: datetime.date) -> str:
        """Return the key by which hours count on a day, or ""."""
        bases = [one for one in self._book.case.books.bases if one.date <= day]
        latest = {one.basis: one for one in bases if one.measure == "hours"}
        return next((one.factor for one in latest.values() if one.factor), "")
