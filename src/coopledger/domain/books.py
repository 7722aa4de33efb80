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
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import OWED
from coopledger.domain.capital import CapitalMovement
from coopledger.domain.findings import Origin
from coopledger.domain.findings import Remark
from coopledger.domain.members import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.periods import FiscalYearEnd

#: The tag of every transaction that distributes a result.
APPROPRIATION_TAG = "coop-appropriation"

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
    """A co-op's or federation's own dated choice of one parameter."""

    date: datetime.date
    name: str
    value: Value
    level: str
    resolution: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an assembly or a board decided, and when."""

    id: str
    date: datetime.date
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Seal:
    """A year declared closed, with the digest of its entries."""

    year: int
    date: datetime.date
    digest: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise named by the book: this one, or one of a federation's."""

    id: str
    path: str
    date: datetime.date
    origin: Origin


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


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting to an account that has a role.

    Attributes:
        account: The account's name, for messages only.
        root: Its kind: ``Assets``, ``Liabilities``, ``Equity`` ...
        role: What the account is for.
        amount: Positive when it increases what the role is about.
        member: Member id, for members' accounts.
        name: Year, peer, fund or worker that the account names, if any.
        step: The step of an appropriation (`coop-step`), or "".
        origin: Where the posting stands.
        kind: The posting's own `coop-kind`, or "".
    """

    account: str
    root: str
    role: str
    amount: Decimal
    member: str
    name: str
    step: str
    origin: Origin
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """A transaction that touches capital, reserves, funds or another enterprise.

    Attributes:
        date: Its date.
        text: Payee and narration.
        flag: ``*`` when it is final, ``!`` for a draft.
        kind: `coop-kind`, or "".
        year: `coop-year`, or None.
        tags: Tags.
        links: Links; resolutions are linked.
        transfer: `coop-transfer`, or "".
        peer: `coop-peer`, or "".
        legs: Postings with a role.
        plain: Roots of the accounts of its other postings (``Assets`` ...).
        origin: Where it stands.
    """

    date: datetime.date
    text: str
    flag: str
    kind: str
    year: int | None
    tags: frozenset[str]
    links: frozenset[str]
    transfer: str
    peer: str
    legs: tuple[Leg, ...]
    plain: frozenset[str]
    origin: Origin

    @property
    def is_appropriation(self) -> bool:
        """Whether it distributes a year's result."""
        return APPROPRIATION_TAG in self.tags


@dataclass(slots=True)
class Labour:
    """Pay and hours of one person in one year."""

    amount: Decimal = ZERO
    hours: Decimal = ZERO
    months: set[int] = field(default_factory=set)


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
        activity: Measured patronage by basis and member: date and quantity.
        balances: Balance by role at the year's end.
        capital: Capital by member at the year's end.
        debts: Liabilities at the year's end.
        turnover: All income, appropriations left out.
        net_worth: Assets less liabilities at the year's end.
        unplaced: Balance of equity accounts without a role at the year's end.
    """

    fiscal: FiscalYear
    result: dict[str, Decimal] = field(default_factory=dict)
    tax: dict[str, Decimal] = field(default_factory=dict)
    interest: Decimal = ZERO
    members: dict[str, Labour] = field(default_factory=dict)
    hired: dict[str, Labour] = field(default_factory=dict)
    activity: dict[tuple[str, str], list[tuple[datetime.date, Decimal]]] = field(
        default_factory=dict
    )
    balances: dict[str, Decimal] = field(default_factory=dict)
    capital: dict[str, Decimal] = field(default_factory=dict)
    debts: Decimal = ZERO
    turnover: Decimal = ZERO
    net_worth: Decimal = ZERO
    unplaced: dict[str, Decimal] = field(default_factory=dict)

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
        bookings: Transactions with a role, in order of date.
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
    digests: dict[int, str] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    years: dict[int, YearFigures] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    last: datetime.date = datetime.date.min
    is_cooperative: bool = True

    @property
    def origin(self) -> Origin:
        """Where the book begins; for findings about the whole book."""
        return Origin(self.path, 1)

    @property
    def founded(self) -> datetime.date | None:
        """The first day the book says anything cooperative binding."""
        dates = [choice.date for choice in self.policies]
        dates += [enterprise.date for enterprise in self.enterprises]
        return min(dates, default=None)

    def appropriations(self, year: int) -> list[Booking]:
        """Return the transactions that distributed a year's result."""
        return [
            booking
            for booking in self.bookings
            if booking.is_appropriation and booking.year == year
        ]

    def appropriations_by_year(self) -> dict[int, list[Booking]]:
        """Return all transactions that distributed a result, by year, in one pass."""
        found: dict[int, list[Booking]] = {}
        for booking in self.bookings:
            if booking.is_appropriation and booking.year is not None:
                found.setdefault(booking.year, []).append(booking)
        return found

    def movements(self) -> list[CapitalMovement]:
        """Return all movements of members' capital, in order of date."""
        return [movement for _, movement in self.booked_movements()]

    def booked_movements(self) -> Iterator[tuple[Booking, CapitalMovement]]:
        """Return all movements of members' capital with their transactions."""
        for booking in self.bookings:
            for leg in booking.legs:
                if leg.role in CAPITAL:
                    yield booking, _movement(booking, leg)


def _movement(booking: Booking, leg: Leg) -> CapitalMovement:
    return CapitalMovement(
        date=booking.date,
        member=leg.member,
        role=leg.role,
        kind=kind_of(booking, leg),
        amount=leg.amount,
        year=booking.year,
        text=booking.text,
        origin=leg.origin,
    )


#: Capital that is paid in, and capital that was retained.
_PAID_IN = frozenset({"contribution", "voluntary", "redeemable", "uncalled"})
_RETAINED = frozenset({"patronage", "nonqualified", "member-interest"})


def kind_of(booking: Booking, leg: Leg) -> str:
    """Return the kind of a movement of capital; "" when it could be several.

    The kind that the booking states decides for every leg that it can apply to; where
    nothing is stated it follows from the roles on the legs.  A posting may state its own.
    """
    if leg.kind:
        return leg.kind
    if booking.kind and booking.kind not in {"appropriation", "entry-fee"}:
        return _stated(booking, leg)
    return _inferred(booking, leg)


def _stated(booking: Booking, leg: Leg) -> str:
    # A loss year's transaction may also offset or restore; the sign tells.
    if booking.kind == "loss" and leg.role == "member-loss" and leg.amount > 0:
        return "loss-restored"
    return booking.kind


def _inferred(booking: Booking, leg: Leg) -> str:
    # First, because a distribution has two legs for each of very many members.
    if any(other.role == "surplus-appropriated" for other in booking.legs):
        return _of_appropriation(leg)
    others = {other.role for other in booking.legs if other is not leg}
    if _is_between_members(booking, leg):
        return "transfer"
    if leg.amount > 0:
        is_gift = any(o.role in COLLECTIVE and o.amount < 0 for o in booking.legs)
        return "" if is_gift else _of_increase(leg, others, booking.plain)
    return _of_decrease(leg, others, booking.plain)


def _of_appropriation(leg: Leg) -> str:
    if leg.role == "member-loss":
        return "loss" if leg.amount < 0 else "loss-restored"
    if leg.role == "member-interest":
        return "interest"
    if leg.amount < 0:
        return "loss"
    return "patronage" if leg.role in {"patronage", "nonqualified"} else ""


def _is_between_members(booking: Booking, leg: Leg) -> bool:
    others = {
        other.member
        for other in booking.legs
        if other.role in CAPITAL and (other.amount > 0) != (leg.amount > 0)
    }
    return bool(others - {leg.member}) and not booking.plain


def _of_increase(leg: Leg, others: set[str], plain: frozenset[str]) -> str:
    if leg.role == "member-interest" and "capital-interest-expense" in others:
        return "interest"
    if leg.role not in _PAID_IN or not plain <= {"Assets"}:
        return ""
    return "conversion" if others & _RETAINED else "contribution"


def _of_decrease(leg: Leg, others: set[str], plain: frozenset[str]) -> str:
    if leg.role == "uncalled":
        return "contribution"
    if others & COLLECTIVE:
        # A deduction, a fee, a gift to the reserve: only the book can say.
        return ""
    if others & OWED or plain == {"Assets"}:
        return "redemption"
    return "conversion" if others & _PAID_IN and not plain else ""
