"""Books under their law, with what was booked of each year beside what follows.

Rules look at a `Case`: the calculation that services propose from is the one that they
compare the books with, and each year is calculated once.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.appropriation import appropriate
from coopledger.domain.appropriation import steps_for
from coopledger.domain.capital import ACTIVITY
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import PAID_IN
from coopledger.domain.leaving import leavers_of
from coopledger.domain.subscriptions import subscribers_of
from coopledger.errors import CoopledgerError
from coopledger.errors import PatronageNegativeError
from coopledger.law.evaluating import facts_of
from coopledger.law.policy import RatesOn
from coopledger.law.reporting import reports_of
from coopledger.law.traces import traces_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.books import Books
    from coopledger.domain.books import YearFigures
    from coopledger.domain.findings import Origin
    from coopledger.domain.leaving import Leaver
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Facts
    from coopledger.domain.subscriptions import Subscriber
    from coopledger.law.policy import Policy
    from coopledger.law.reporting import Reports
    from coopledger.law.traces import Traces

#: Roles in which a member's part of a surplus is credited.
PATRONAGE_ROLES = frozenset({"patronage", "nonqualified", "member-payable"})


@dataclass(slots=True)
class Posted:
    """What the books say was distributed of one year.

    Attributes:
        year: Label of the fiscal year.
        bookings: Its appropriation transactions, in order.
        kinds: Kind of each step of the preset, by the step's id.
    """

    year: int
    bookings: list[Booking]
    kinds: Mapping[str, str] = field(default_factory=dict)
    _by_member: dict[frozenset[str], dict[str, Decimal]] = field(
        default_factory=dict, repr=False, compare=False
    )

    _legs: list[tuple[Booking, Leg]] = field(
        default_factory=list, repr=False, compare=False
    )

    _patronage: dict[frozenset[str], dict[str, Decimal]] = field(
        default_factory=dict, repr=False, compare=False
    )

    _shared: dict[str, Decimal] | None = field(default=None, repr=False, compare=False)
    _deciding: Booking | None = field(default=None, repr=False, compare=False)

    @property
    def first(self) -> Booking:
        """The first of the transactions."""
        return self.bookings[0]

    @property
    def deciding(self) -> Booking:
        """The first that takes from the result, not interest as an expense before."""
        if self._deciding is None:
            taking = (b for b, leg in self.legs() if leg.role == "surplus-appropriated")
            self._deciding = next(taking, self.first)
        return self._deciding

    def legs(self) -> list[tuple[Booking, Leg]]:
        """Return every leg with its transaction, put together once."""
        if len(self._legs) == 0:
            self._legs = [(one, leg) for one in self.bookings for leg in one.legs]
        return self._legs

    @property
    def distributed(self) -> Decimal:
        """What was taken from the result: positive for a surplus."""
        return -sum(
            (
                leg.amount
                for _, leg in self.legs()
                if leg.role == "surplus-appropriated"
            ),
            ZERO,
        )

    @property
    def is_decided(self) -> bool:
        """Whether anything was taken from the result yet (not only an expense)."""
        return any(leg.role == "surplus-appropriated" for _, leg in self.legs())

    def to_role(self, role: str) -> Decimal:
        """Return what a role received."""
        return sum((leg.amount for _, leg in self.legs() if leg.role == role), ZERO)

    def by_member(self, roles: frozenset[str]) -> dict[str, Decimal]:
        """Return what each member received in some roles."""
        if roles not in self._by_member:
            found: dict[str, Decimal] = {}
            for _, leg in self.legs():
                if leg.role in roles and leg.member:
                    found[leg.member] = found.get(leg.member, ZERO) + leg.amount
            self._by_member[roles] = found
        return dict(self._by_member[roles])

    @property
    def expensed(self) -> Decimal:
        """What was booked as an expense of the year out of its result."""
        return sum(
            (
                leg.amount
                for _, leg in self.legs()
                if leg.root == "Expenses" and leg.role in ACTIVITY
            ),
            ZERO,
        )

    def is_patronage(self, leg: Leg) -> bool:
        """Say whether a posting is a member's part by patronage.

        Its step tells; where the book names none, its role does.
        """
        kind = self.kinds.get(leg.step)
        by_role = leg.role in PATRONAGE_ROLES
        return bool(leg.member) and (kind == "patronage" if kind else by_role)

    @property
    def patronage(self) -> dict[str, Decimal]:
        """Each member's part of the surplus, paid and retained."""
        return self.patronage_in(CAPITAL | PATRONAGE_ROLES)

    def patronage_in(self, roles: frozenset[str]) -> dict[str, Decimal]:
        """Return each member's part by patronage in some roles only."""
        if roles not in self._patronage:
            found: dict[str, Decimal] = {}
            for _, leg in self.legs():
                if leg.role in roles and self.is_patronage(leg):
                    found[leg.member] = found.get(leg.member, ZERO) + leg.amount
            self._patronage[roles] = found
        return dict(self._patronage[roles])

    @property
    def hired(self) -> dict[str, Decimal]:
        """Each hired worker's part, by name."""
        found: dict[str, Decimal] = {}
        for _, leg in self.legs():
            if leg.role == "worker-payable":
                found[leg.name] = found.get(leg.name, ZERO) + leg.amount
        return found

    @property
    def losses(self) -> dict[str, Decimal]:
        """Each member's part of the loss, positive."""
        parts = self.by_member(frozenset({"member-loss"}))
        return {member: -part for member, part in parts.items() if part < 0}

    def shared_by(self, member: str) -> Decimal:
        """Return one member's part of the surplus, or of the loss below zero."""
        if self._shared is None:
            self._shared = self.patronage
            for one, loss in self.losses.items():
                self._shared[one] = self._shared.get(one, ZERO) - loss
        return self._shared.get(member, ZERO)

    def place_of(self, member: str) -> tuple[Booking, Origin]:
        """Return where a member is first named, or where the distribution begins."""
        for booking, leg in self.legs():
            if leg.member == member:
                return booking, leg.origin
        return self.first, self.first.origin


@dataclass(slots=True)
class Case:
    """The books of an enterprise under the law that governs them.

    Attributes:
        books: The books.
        policy: What governs them.
        known_rules: Basis of every rule that may look at the case, by id.
    """

    books: Books
    policy: Policy
    known_rules: Mapping[str, str] = field(default_factory=dict, repr=False)
    _posted: list[Posted] | None = field(default=None, repr=False)
    _facts: dict[int, Facts] = field(default_factory=dict, repr=False)
    _decided: dict[int, datetime.date] = field(default_factory=dict, repr=False)
    _appropriations: dict[int, Appropriation] = field(default_factory=dict, repr=False)
    _traces: Traces | None = field(default=None, repr=False)
    _subscribers: dict[str, Subscriber] | None = field(default=None, repr=False)
    _leavers: dict[str, Leaver] | None = field(default=None, repr=False)

    @property
    def leavers(self) -> dict[str, Leaver]:
        """Everybody who left for good, with what was booked of them."""
        if self._leavers is None:
            self._leavers = leavers_of(self.books)
        return self._leavers

    _reports: Reports | None = field(default=None, repr=False)

    @property
    def traces(self) -> Traces:
        """What several rules look for among all transactions."""
        if self._traces is None:
            self._traces = traces_of(self.books, self._kinds)
        return self._traces

    @property
    def reports(self) -> Reports:
        """What members were paid of what is reported to the tax office."""
        if self._reports is None:
            posted = (posted for _, posted in self.distributed_years())
            self._reports = reports_of(self.books, posted)
        return self._reports

    @property
    def subscribers(self) -> dict[str, Subscriber]:
        """What each member subscribed of capital, and paid in."""
        if self._subscribers is None:
            self._subscribers = subscribers_of(self.books.traces_in(PAID_IN))
        return self._subscribers

    def distributed_years(self) -> Iterator[tuple[YearFigures, Posted]]:
        """Return the years of which something was distributed."""
        if self._posted is None:
            bookings = self.books.appropriations_by_year()
            self._posted = [
                Posted(label, bookings[label], self._kinds(label))
                for label in sorted(bookings)
            ]
        for posted in self._posted:
            if posted.year in self.books.years:
                yield self.books.years[posted.year], posted

    def posted(self, year: int) -> Posted:
        """Return what the books say was distributed of a year."""
        return Posted(year, self.books.appropriations(year), self._kinds(year))

    def _kinds(self, year: int) -> dict[str, str]:
        figures = self.books.years.get(year)
        if figures is None:
            return {}
        preset = self.policy.preset_on(figures.fiscal.end)
        return {step.id: step.kind for step in (*preset.loss, *preset.surplus)}

    def facts(self, year: int) -> Facts:
        """Return the facts of a year of the books."""
        if year not in self._facts:
            figures = self.books.years[year]
            day = self._distributed_on(year) or self._decided.get(year)
            self._facts[year] = facts_of(self.books, self.policy, figures, day)
        return self._facts[year]

    def decide(self, year: int, day: datetime.date) -> None:
        """Say on which day a year is going to be distributed, if it is not yet."""
        self._decided[year] = day
        self._facts.pop(year, None)
        self._appropriations.pop(year, None)

    def _distributed_on(self, year: int) -> datetime.date | None:
        return next(
            (
                booking.date
                for booking in self.books.appropriations(year)
                if any(leg.role == "surplus-appropriated" for leg in booking.legs)
            ),
            None,
        )

    def appropriation(self, year: int) -> Appropriation:
        """Apply the preset's steps to a year of the books.

        Raises:
            PatronageNegativeError: Somebody took back more than they did.
            CoopledgerError: A parameter that a step needs is not to be had.
        """
        if year not in self._appropriations:
            facts = self.facts(year)
            for member in facts.taken_back:
                raise PatronageNegativeError(member, year)
            end = self.books.years[year].fiscal.end
            rates = RatesOn(self.policy, end)
            preset = self.policy.preset_on(end)
            facts, steps = steps_for(facts, preset.surplus, preset.loss, rates)
            self._appropriations[year] = appropriate(facts, steps, rates)
        return self._appropriations[year]

    def is_loss(self, year: int) -> bool:
        """Say whether a year ended in a loss, what is owed whatever it is included."""
        expected = self.expected(year)
        return expected.is_loss if expected else self.facts(year).pool < 0

    def expected(self, year: int) -> Appropriation | None:
        """Return what follows for a year, or None where it cannot be worked out.

        That is the business of a rule of its own.
        """
        try:
            return self.appropriation(year)
        except CoopledgerError:
            return None
