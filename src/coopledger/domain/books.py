"""One enterprise's books as plain cooperative data.

Everything here was read from Beancount by `coopledger.journal` and knows nothing of it:
no account names in rules, no signs of double entry.  Amounts are positive when they
increase what the role is about (see `coopledger.domain.capital`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import APPROPRIATION_TAG
from coopledger.domain.bookings import Booking
from coopledger.domain.bookings import Leg
from coopledger.domain.bookings import kind_of
from coopledger.domain.findings import Origin
from coopledger.domain.findings import Remark
from coopledger.domain.members import Register
from coopledger.domain.searching import Index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from typing import Any

    from coopledger.domain.bookings import Trace
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.filings import Filing
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.periods import FiscalYearEnd
    from coopledger.domain.refunds import Refund
    from coopledger.domain.transfers import Transfer

__all__ = [
    "APPROPRIATION_TAG",
    "ORIGINS",
    "Activity",
    "Booking",
    "Books",
    "Enterprise",
    "Labour",
    "Leg",
    "ParameterChoice",
    "PatronageBasis",
    "PolicyChoice",
    "Resolution",
    "RuleSwitch",
    "Seal",
    "Value",
    "YearFigures",
    "kind_of",
]

#: Origins of results (Ley 27/1999 art. 57 and everybody's need to tell them apart).
ORIGINS = ("cooperative", "extra-cooperative", "extraordinary")

Value = Decimal | str | bool | datetime.date


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """Which preset governs the book from a date."""

    date: datetime.date
    preset: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ParameterChoice:
    """A co-op's or federation's own dated choice of one parameter.

    Attributes:
        date: From when it holds.
        name: The parameter.
        value: What was chosen; of an amount its number.
        level: Who chose: ``federation`` or ``statutes``.
        resolution: The decision, or "".
        origin: Where it stands.
        currency: That of an amount, or "".
        enterprise: The one enterprise that a federation chooses for, or "".
    """

    date: datetime.date
    name: str
    value: Value
    level: str
    resolution: str
    origin: Origin
    currency: str = ""
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an assembly or a board (`body`) decided, and when."""

    id: str
    date: datetime.date
    text: str
    origin: Origin
    body: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """A year declared closed, with the digest of its entries."""

    year: int
    date: datetime.date
    digest: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class RuleSwitch:
    """A rule of practice switched off, or on again, from a date, with the reason."""

    rule: str
    is_off: bool
    reason: str
    date: datetime.date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise named by the book: this one, or one of a federation's.

    Attributes:
        id: Its id.
        path: Where its book is; "" for this one.
        date: From when it holds.
        origin: Where it stands.
        pay_to: How members pay what they owe it, in the book's words, or "".
    """

    id: str
    path: str
    date: datetime.date
    origin: Origin
    pay_to: str = ""


@dataclass(frozen=True, slots=True)
class PatronageBasis:
    """What counts as patronage from a date, and how it is weighed.

    Attributes:
        basis: Id, such as ``labour``.
        template: Account template; one component is ``{member}``.
        measure: ``amount``, ``units``, or a metadata key on the posting.
        weight: What one measured unit weighs.
        share: Part of the pool that this basis divides (with several bases).
        factor: Metadata key whose value multiplies the measure, or "".
        currency: Commodity that is counted when the measure is ``units``.
        date: From when it holds.
        origin: Where it stands.
    """

    basis: str
    template: str
    measure: str
    weight: Decimal
    share: Decimal | None
    factor: str
    currency: str
    date: datetime.date
    origin: Origin


@dataclass(slots=True)
class Labour:
    """Pay and hours of one person in one year.

    Attributes:
        first: Day and place of the first pay.
        amount: All pay.
        hours: All hours.
        rows: Day, pay and hours of each posting.
        unmeasured: Day and place of pay that says no hours.
        negative: Day and place of pay for hours below zero.
    """

    first: tuple[datetime.date, Origin] | None = None
    amount: Decimal = ZERO
    hours: Decimal = ZERO
    rows: list[tuple[datetime.date, Decimal, Decimal]] = field(default_factory=list)
    unmeasured: list[tuple[datetime.date, Origin]] = field(default_factory=list)
    negative: list[tuple[datetime.date, Origin]] = field(default_factory=list)

    def worked(self, measure: str) -> Decimal:
        """Return what was worked, in hours or in pay."""
        return self.hours if measure == "hours" else self.amount


@dataclass(slots=True)
class Activity:
    """What was measured of one member by one basis in one year.

    Iterating gives day and quantity of each posting that counts.

    Attributes:
        total: The sum of all quantities.
    """

    total: Decimal = ZERO
    _parts: list[tuple[Sequence[Any], int]] = field(default_factory=list)

    def add(self, rows: Sequence[Any], column: int, total: Decimal) -> None:
        """Count the rows of one account; the rows are kept, not copied.

        Args:
            rows: A tuple for each posting; its first value is the day.
            column: Which of its values is the quantity.
            total: The sum of the quantities.
        """
        self.total += total
        self._parts.append((rows, column))

    def __iter__(self) -> Iterator[tuple[datetime.date, Decimal]]:
        """Return day and quantity of each posting of which anything counts."""
        for rows, column in self._parts:
            for row in rows:
                if row[column]:
                    yield row[0], row[column]


@dataclass(slots=True)
class YearFigures:
    """What one fiscal year came to, before anything is appropriated.

    Attributes:
        fiscal: The year.
        result: Income less expenses by origin, before tax, before the education
            fund's expense; capital interest is inside.
        tax: Income tax by origin.
        interest: Interest on capital that was booked as an expense.
        members: Pay and hours by member.
        hired: Pay and hours by person who is no member.
        activity: Measured patronage by basis and member.
        balances: Balance by role at the year's end.
        capital: Capital by member at the year's end.
        debts: Liabilities at the year's end.
        turnover: All income, appropriations left out.
        turnover_others: What of it is business with others than members.
        net_worth: Assets less liabilities at the year's end.
        unplaced: Balance of equity accounts without a role at the year's end.
        sums: What each account moved in the year, in Beancount's sign.
        units: Income less expenses of each unit that the accounts name.
    """

    fiscal: FiscalYear
    result: dict[str, Decimal] = field(default_factory=dict)
    tax: dict[str, Decimal] = field(default_factory=dict)
    interest: Decimal = ZERO
    members: dict[str, Labour] = field(default_factory=dict)
    hired: dict[str, Labour] = field(default_factory=dict)
    activity: dict[tuple[str, str], Activity] = field(default_factory=dict)
    balances: dict[str, Decimal] = field(default_factory=dict)
    capital: dict[str, Decimal] = field(default_factory=dict)
    debts: Decimal = ZERO
    turnover: Decimal = ZERO
    turnover_others: Decimal = ZERO
    net_worth: Decimal = ZERO
    unplaced: dict[str, Decimal] = field(default_factory=dict)
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    units: dict[str, Decimal] = field(default_factory=dict)

    @property
    def has_activity(self) -> bool:
        """Whether there was any income or expense in the year, even if they cancel."""
        return bool(self.result or self.tax)


@dataclass(slots=True)
class Books:
    """Everything cooperative in one enterprise's book.

    Attributes:
        enterprise: Id of the enterprise, or "".
        title: Title of the book.
        path: Path of the top-level file.
        currency: The book's currency.
        unit: Its smallest unit.
        year_end: When fiscal years end.
        enterprises: All enterprises named (the first without a path is this one).
        policies: Presets by date.
        choices: Own parameters by date.
        bases: Patronage bases by date.
        register: The members.
        resolutions: By id.
        seals: Sealed years.
        switches: Rules of practice that are switched off or on, by date.
        refunds: Requests to repay capital and the answers, by date.
        filings: Forms that were filed and notices that were given, by date.
        bookings: Transactions with a role, in order of date.
        transfers: What passes between this enterprise and others, in order of date.
        years: Figures by fiscal year label, in order.
        remarks: What could not be taken as it stands.
        last: Date of the last transaction.
        is_cooperative: Whether there is anything cooperative at all.
    """

    enterprise: str
    title: str
    path: str
    currency: str
    unit: Decimal
    year_end: FiscalYearEnd
    enterprises: list[Enterprise] = field(default_factory=list)
    policies: list[PolicyChoice] = field(default_factory=list)
    choices: list[ParameterChoice] = field(default_factory=list)
    bases: list[PatronageBasis] = field(default_factory=list)
    register: Register = field(default_factory=Register)
    resolutions: dict[str, Resolution] = field(default_factory=dict)
    seals: list[Seal] = field(default_factory=list)
    switches: list[RuleSwitch] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    years: dict[int, YearFigures] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    last: datetime.date = datetime.date.min
    is_cooperative: bool = True
    _distributions: tuple[Booking, ...] | None = field(
        default=None, repr=False, compare=False
    )

    _index: Index | None = field(default=None, repr=False, compare=False)
    _last_event: datetime.date | None = field(default=None, repr=False, compare=False)

    @property
    def distributions(self) -> tuple[Booking, ...]:
        """The transactions that distributed a result, in order of date."""
        if self._distributions is None:
            self._distributions = tuple(
                booking for booking in self.bookings if booking.is_appropriation
            )
        return self._distributions

    @property
    def origin(self) -> Origin:
        """Where the book begins; for findings about the whole book."""
        return Origin(self.path, 1)

    @property
    def pay_to(self) -> str:
        """How members pay what they owe, as the book says it last, or ""."""
        said = [one.pay_to for one in self.enterprises if one.pay_to and not one.path]
        return said[-1] if said else ""

    @property
    def founded(self) -> datetime.date | None:
        """The first day the book says anything cooperative binding."""
        dates = [choice.date for choice in self.policies]
        dates += [enterprise.date for enterprise in self.enterprises]
        return min(dates, default=None)

    def appropriations(self, year: int) -> list[Booking]:
        """Return the transactions that distributed a year's result."""
        return [booking for booking in self.distributions if booking.year == year]

    def appropriations_by_year(self) -> dict[int, list[Booking]]:
        """Return all transactions that distributed a result, by year, in one pass."""
        found: dict[int, list[Booking]] = {}
        for booking in self.distributions:
            if booking.year is not None:
                found.setdefault(booking.year, []).append(booking)
        return found

    @property
    def index(self) -> Index:
        """The postings by role and by member."""
        if self._index is None:
            self._index = Index(self.bookings)
        return self._index

    @property
    def last_said(self) -> datetime.date:
        """The last day of which anything is said: a transaction or a member."""
        if self._last_event is None:
            events = self.register.events.values()
            days = [event.date for own in events for event in own]
            self._last_event = max(days, default=datetime.date.min)
        return max(self.last, self._last_event)

    def traces_in(self, roles: frozenset[str]) -> list[Trace]:
        """Return every posting in some roles with its transaction, in order of date."""
        return self.index.traces_in(roles)

    def movements(self) -> list[CapitalMovement]:
        """Return all movements of members' capital, in order of date."""
        return self.index.movements()

    def booked_movements(self) -> Iterator[tuple[Booking, CapitalMovement]]:
        """Return all movements of members' capital with their transactions."""
        return self.index.booked_movements()
