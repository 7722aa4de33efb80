"""One enterprise's book, reduced to what a federation asks for.

A summary is small whatever the size of the book: figures by year, balances by account
with members' accounts added up, and what passes between enterprises.  It holds no
person's name and no figure of one person, can be sent between processes, and stands for
the book in all that a federation reckons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from coopledger.domain.books import Enterprise
    from coopledger.domain.books import ParameterChoice
    from coopledger.domain.books import PolicyChoice
    from coopledger.domain.findings import Origin
    from coopledger.domain.periods import FiscalYearEnd
    from coopledger.domain.transfers import Transfer


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds at a year's end, or took in the year.

    Attributes:
        account: Its name; a member's or a worker's own part is ``{member}`` or
            ``{worker}``, and all of them are added up.
        root: ``Assets``, ``Liabilities``, ``Equity``, ``Income`` or ``Expenses``.
        role: What it is for, or "".
        name: The peer or fund that it names, or "".
        amount: Positive when it is what such an account usually is: a debit of assets
            and expenses, a credit of all others.
    """

    account: str
    root: str
    role: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """Pay, hours and people of one year.

    Attributes:
        payroll_members: Members' pay.
        payroll_hired: Pay of those who are hired.
        hours_members: Members' hours.
        hours_hired: Hours of those who are hired.
        members: How many members there are on the year's last day.
        joined: How many joined in the year.
        left: How many left or died in the year.
        hired: How many people without membership were paid.
        highest: The highest pay for an hour, as the pay ratio counts it.
        lowest: The lowest one.
    """

    payroll_members: Decimal
    payroll_hired: Decimal
    hours_members: Decimal
    hours_hired: Decimal
    members: int
    joined: int
    left: int
    hired: int
    highest: Decimal | None
    lowest: Decimal | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a year's figures may be wrong: the rule that is broken, and where."""

    rule: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class YearSummary:
    """What one fiscal year of an enterprise came to.

    Attributes:
        label: The year.
        start: Its first day.
        end: Its last day.
        is_closed: Whether its result was distributed, or there was nothing to.
        has_activity: Whether there was any income or expense.
        result: Income less expenses, before tax.
        tax: Tax that was booked.
        interest: Interest on capital that was booked as an expense.
        turnover: All income.
        net_worth: Assets less liabilities at the year's end.
        debts: Liabilities at the year's end.
        capital: Members' capital at the year's end.
        work: Pay, hours and people.
        balances: Balances of assets, liabilities and equity at the year's end.
        flows: What each account moved in the year.
        allocated: What the year's distribution credited, by role.
        changes: How members' capital moved, by column of the roll-forward.
        doubt: Why its figures may be wrong; None where nothing was found.
    """

    label: int
    start: datetime.date
    end: datetime.date
    is_closed: bool
    has_activity: bool
    result: Decimal
    tax: Decimal
    interest: Decimal
    turnover: Decimal
    net_worth: Decimal
    debts: Decimal
    capital: Decimal
    work: Work
    balances: tuple[Balance, ...]
    flows: tuple[Balance, ...]
    allocated: tuple[tuple[str, Decimal], ...]
    changes: tuple[tuple[str, Decimal], ...]
    doubt: Doubt | None = None

    def balance(self, role: str, name: str = "") -> Decimal:
        """Return the balance of a role, or of what it has of one peer or fund."""
        return sum(
            (
                one.amount
                for one in self.balances
                if one.role == role and name in {"", one.name}
            ),
            ZERO,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of what is owed between enterprises, or of a fund.

    Attributes:
        date: Day of the transaction.
        name: The peer or fund, as the account names it.
        amount: What it adds: to what the peer owes, or to the fund.
        origin: Where it stands.
    """

    date: datetime.date
    name: str
    amount: Decimal
    origin: Origin


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a currency cost in another on a day, by the book."""

    date: datetime.date
    currency: str
    number: Decimal
    quote: str


@dataclass(frozen=True, slots=True)
class Count:
    """How often a rule was broken."""

    rule: str
    severity: str
    number: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A resolution on file: its id and its day."""

    id: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Presence:
    """A membership of somebody whom the whole federation knows by an id of its own.

    Attributes:
        person: That id.
        joined: First day.
        left: Last day; None while it lasts.
    """

    person: str
    joined: datetime.date
    left: datetime.date | None

    def covers(self, day: datetime.date) -> bool:
        """Say whether somebody is a member on a day."""
        return self.joined <= day and (self.left is None or day <= self.left)


@dataclass(frozen=True, slots=True)
class Move:
    """A member who goes to another enterprise or comes from one, as a register says.

    Attributes:
        date: The day.
        is_leaving: Whether they go there.
        peer: Id of the other enterprise.
        person: The id by which the whole federation knows them, or "".
        leaves_capital: Whether they went without all of their capital.
        loses_years: Whether what was retained went along as of other years than those
            of which the book has it.
        origin: Where the line of the register stands.
    """

    date: datetime.date
    is_leaving: bool
    peer: str
    person: str
    leaves_capital: bool
    loses_years: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class EnterpriseSummary:
    """One enterprise's book in small.

    Attributes:
        id: Id of the enterprise, as its own book says.
        title: Title of the book.
        currency: Its currency.
        unit: The smallest unit of that.
        preset: The preset in force at the book's end, or "".
        origin: Where the book begins.
        last: Date of the last transaction.
        years: Its fiscal years, in order.
        transfers: What passed between it and others, in order of date.
        dues: What others owe it, less what it owes them, by movement.
        funds: The funds that it holds, by movement.
        findings: What its own check found, by rule.
        prices: Prices of currencies that the book records.
        decisions: Its resolutions.
        enterprises: The enterprises that it names; those of a federation have a path.
        policies: Presets by date.
        choices: Own parameters by date.
        founded: First day on which it says anything co-operative that binds.
        year_end: When its fiscal years end.
        persons: Memberships of those whom the whole federation knows by an id.
        moves: Who went to other enterprises or came from them.
    """

    id: str
    title: str
    currency: str
    unit: Decimal
    preset: str
    origin: Origin
    last: datetime.date
    years: tuple[YearSummary, ...]
    transfers: tuple[Transfer, ...]
    dues: tuple[Movement, ...]
    funds: tuple[Movement, ...]
    findings: tuple[Count, ...]
    prices: tuple[Price, ...]
    decisions: tuple[Decision, ...]
    enterprises: tuple[Enterprise, ...]
    policies: tuple[PolicyChoice, ...]
    choices: tuple[ParameterChoice, ...]
    founded: datetime.date | None
    year_end: FiscalYearEnd
    persons: tuple[Presence, ...] = ()
    moves: tuple[Move, ...] = ()

    def year(self, label: int) -> YearSummary | None:
        """Return a fiscal year, or None where the book does not reach it."""
        return next((one for one in self.years if one.label == label), None)

    @property
    def found(self) -> int:
        """How many findings its own check had."""
        return sum(one.number for one in self.findings)

    @property
    def owed(self) -> Decimal:
        """What others owe it, less what it owes them, at the book's end."""
        return sum((one.amount for one in self.dues), ZERO)
