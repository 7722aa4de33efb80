"""Opening balances: members' capital by component and year, and reserves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import NOTICES
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg
from coopledger.journal.planning import as_text
from coopledger.services.importing.people import People
from coopledger.services.importing.records import CHANGED
from coopledger.services.importing.records import NO_MEMBER
from coopledger.services.importing.records import Fact
from coopledger.services.importing.records import Outcome
from coopledger.services.importing.values import UnfitError
from coopledger.services.proposing import CHUNK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.journal.chart import Chart
    from coopledger.journal.loading import Book
    from coopledger.services.importing.records import Record
    from coopledger.services.importing.records import Trouble

    #: Whose, which component, and of which year of allotment.
    Place = tuple[str, str, int | None]

HEADS = ("member", "component", "year", "amount", "date")

#: What takes off a member's capital.
_TAKEN_OFF = frozenset({"uncalled", "member-loss"})

NARRATION = {"en": "Opening balances", "es": "Saldos de apertura"}
#: Where the other side stands until the other balances are booked against it.
ACCOUNT = {"en": "Assets:Opening", "es": "Assets:Apertura"}


_NO_COMPONENT = (
    "is of no component",
    "Add a column 'Component', or say --component for all rows.",
)
_NOBODYS = ("has a reserve, which is nobody's", "Leave the member out.")


class _Balance(NamedTuple):
    """What somebody, or the co-op, has on a day."""

    member: str
    role: str
    year: int | None
    amount: Decimal
    date: datetime.date

    @property
    def place(self) -> Place:
        """What there can be one balance of."""
        return self.member, self.role, self.year

    @property
    def increase(self) -> Decimal:
        """By how much it adds to what the role is about."""
        return -self.amount if self.role in _TAKEN_OFF else self.amount


def openings_of(
    book: Book, records: Iterable[Record], against: str, component: str
) -> Outcome:
    """Turn rows into opening balances; those that are booked are known.

    Args:
        book: The book.
        records: The rows.
        against: The account on the other side, or "" for one of that name.
        component: The component of rows that do not say one, or "".
    """
    outcome = Outcome(HEADS, [], [])
    opening = _Opening(book, component)
    new: list[_Balance] = []
    for record in records:
        try:
            balance = opening.balance_of(record)
        except UnfitError as unfit:
            outcome.troubles.append(opening.trouble(record, unfit))
            continue
        troubles = list(opening.troubles(balance, record))
        outcome.troubles += troubles
        if troubles:
            continue
        is_known = opening.is_booked(balance)
        new += [] if is_known else [balance]
        outcome.facts.append(Fact(record.row, (*balance,), is_known))
    planned = list(opening.planned(new, against))
    outcome.text = as_text(planned, book) if planned else ""
    outcome.until = max((one.date for one in new), default=None)
    return outcome


def components_of(chart: Chart) -> list[str]:
    """Return the roles that an opening balance can be of."""
    own = [role for role in chart.templates if role in CAPITAL]
    shared = [
        role
        for role, templates in chart.templates.items()
        if role in COLLECTIVE and "{" not in templates[-1]
    ]
    return own + shared


class _Opening:
    """Compares rows with the opening balances of a book."""

    def __init__(self, book: Book, component: str) -> None:
        books = book.case.books
        self._book = book
        self._component = component
        self._first = books.founded or books.last
        self._people = People(books.register)
        self._rows: dict[Place, int] = {}
        self._booked: defaultdict[Place, Decimal] = defaultdict(lambda: ZERO)
        for booking, leg in books.traces_in(CAPITAL | COLLECTIVE):
            if kind_of(booking, leg) == "opening":
                place = leg.member, leg.role, leg.year or booking.year
                self._booked[place] += leg.amount

    def balance_of(self, record: Record) -> _Balance:
        """Return what a row says.

        Raises:
            UnfitError: It says not whose it is, or not what.
        """
        role = record.get("component") or self._component
        if not role:
            raise UnfitError(*_NO_COMPONENT)
        told = record.get("member")
        if role in COLLECTIVE and told:
            raise UnfitError(*_NOBODYS)
        if role not in COLLECTIVE and not told:
            raise UnfitError(*NO_MEMBER)
        member = self._people.find(told) if told else ""
        date = record.get("date") or self._first
        return _Balance(member, role, record.get("year"), record.get("amount"), date)

    def trouble(self, record: Record, unfit: UnfitError) -> Trouble:
        """Say why a row is no balance, at the column where it can be mended."""
        if record.get("component") or self._component:
            return record.trouble("member", unfit.found, unfit.fix)
        name = "component" if "component" in record.columns else "amount"
        return record.trouble(name, unfit.found, unfit.fix)

    def troubles(self, balance: _Balance, record: Record) -> Iterator[Trouble]:
        """Say what is wrong with a row, taken by itself and with the book."""
        of = f"{balance.member} {balance.role} {balance.year or ''}".strip()
        if balance.place in self._rows:
            found = f"is of {of}, as in row {self._rows[balance.place]}"
            yield record.trouble("amount", found, "Delete one of them, or add them up.")
            return
        self._rows[balance.place] = record.row
        if balance.year and balance.role not in NOTICES:
            found = f"is a year of {balance.role}, which has none"
            fix = "Leave it blank; only what was retained has years of allotment."
            yield record.trouble("year", found, fix)
        if balance.year and balance.year > balance.date.year:
            found = f"is later than the balance, of {balance.date}"
            yield record.trouble("year", found, "Correct the year, or the day.")
        booked = self._booked.get(balance.place, ZERO)
        if booked and booked != balance.increase:
            yield record.trouble(
                "amount",
                f"is not what the book opens {of} with ({abs(booked):,f})",
                CHANGED,
            )

    def is_booked(self, balance: _Balance) -> bool:
        """Say whether the book has it already; nothing need not be booked."""
        return self._booked.get(balance.place, ZERO) == balance.increase

    def planned(self, new: Iterable[_Balance], against: str) -> Iterator[Planned]:
        """Lay balances out as transactions of one day each."""
        days: defaultdict[datetime.date, list[_Balance]] = defaultdict(list)
        for one in new:
            days[one.date].append(one)
        for day in sorted(days):
            for first in range(0, len(days[day]), CHUNK):
                yield self._entry(day, days[day][first : first + CHUNK], against)

    def _entry(
        self, day: datetime.date, listed: list[_Balance], against: str
    ) -> Planned:
        language = self._book.case.policy.preset_on(day).language
        other = self._book.chart.written(ACCOUNT.get(language, ACCOUNT["en"]))
        total = sum((one.increase for one in listed), ZERO)
        legs = [
            PlannedLeg(self._account(one), -one.increase, year=one.year)
            for one in listed
        ]
        return Planned(
            date=day,
            payee=self._book.case.books.title,
            narration=NARRATION.get(language, NARRATION["en"]),
            year=None,
            kind="opening",
            link="",
            legs=(*legs, PlannedLeg(against or other, total)),
            tags=frozenset(),
            is_fact=True,
        )

    def _account(self, balance: _Balance) -> str:
        year = str(balance.year or balance.date.year)
        return self._book.chart.account(balance.role, member=balance.member, year=year)
