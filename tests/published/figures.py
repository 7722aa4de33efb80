"""Published figures as data: what a source says, and what has to come out of it.

A case is one file in ``cases``.  It holds books in short form: members, what they did,
what a year came to; and beside that the figures that the source printed.  Words and
numbers are checked strictly, so that a misspelt expectation cannot pass unread.
"""

from __future__ import annotations

import datetime
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

HERE = Path(__file__).parent

Amounts = dict[str, Decimal]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where the figures were published."""

    title: str = Field(min_length=1)
    address: str = Field(min_length=1)
    locator: str = ""


class Choice(_Strict):
    """A parameter that the co-op sets, from the first year or from a later one."""

    name: str
    value: Decimal | str
    since: int | None = None


class Basis(_Strict):
    """What counts as patronage; its account is debited or credited with the use."""

    id: str
    account: str
    measure: str = "amount"
    currency: str = ""
    weight: Decimal | None = None
    share: Decimal | None = None


class Year(_Strict):
    """One fiscal year: what happened, and what comes out.

    Attributes:
        label: The year.
        result: Result of the year, but for what the book's own entries bring.
        use: Quantity by basis and member.
        asked_on: The day of the closing, where it matters.
        distribution: A distribution booked by hand, in place of a proposal.
        steps: Amount by step.
        parts: Amount by member; cash, retained and nonqualified are parts of it.
        by_step: Amount by step and member, where members divide several.
        withheld: What of all a member's money goes to the tax office.
        rounded_down: Published lower limits of the whole money, the whole retained
            part, and of all that was paid out with redemptions of the next year.
        paid_out: Money and redemptions together, exactly.
        rates: Amount by member for each unit of use.
        weights: Exact weight by member.
        by_basis: Each member's part of one basis's own pool.
        pools: Each basis's own pool.
        terms: Facts of the year by term, ``net-worth`` besides.
        roles: What the distribution gave to each role, whoever wrote it.
        misprints: By step, a printed figure that must not come out.
        below: By step, a printed figure that is higher than what comes out.
        above: By step, a printed figure that is lower than what comes out.
        refused: Words of the refusal to close the year.
        findings: Rules that the distribution breaks.
        booked_twice: Rules that a second booking of the same distribution breaks.
    """

    label: int
    result: Decimal | None = None
    use: dict[str, Amounts] = {}
    asked_on: datetime.date | None = None
    distribution: str = ""
    steps: Amounts = {}
    parts: Amounts = {}
    by_step: dict[str, Amounts] = {}
    withheld: Amounts = {}
    cash: Amounts = {}
    retained: Amounts = {}
    nonqualified: Amounts = {}
    rounded_down: dict[Literal["cash", "retained", "paid-out"], Decimal] = {}
    paid_out: Decimal | None = None
    rates: Amounts = {}
    weights: Amounts = {}
    by_basis: dict[str, Amounts] = {}
    pools: Amounts = {}
    terms: Amounts = {}
    roles: Amounts = {}
    misprints: Amounts = {}
    below: Amounts = {}
    above: Amounts = {}
    refused: str = ""
    findings: list[str] = []
    booked_twice: list[str] = []


class Statement(_Strict):
    """A member's capital account over a period; without a member, everybody's.

    Attributes:
        member: The member, or "".
        start: First day.
        end: Last day.
        closing: Capital at the end.
        rows: Capital after each movement.
        columns: Sums by column of the roll-forward.
        components: Capital by role.
        uncalled: What is subscribed and not yet paid.
    """

    member: str = ""
    start: datetime.date | None = None
    end: datetime.date | None = None
    closing: Decimal | None = None
    rows: list[Decimal] = []
    columns: Amounts = {}
    components: Amounts = {}
    uncalled: Decimal | None = None


class BookFigures(_Strict):
    """One small book: what is written into it, and what has to come out.

    Attributes:
        name: Name, for the test's own id.
        preset: What governs it: one that ships, or one beside these files.
        currency: Its currency.
        member_class: Class of all members.
        members: Members, in the order of joining.
        basis: Patronage bases.
        parameter: The co-op's own choices.
        entries: Beancount text: whatever else happened.
        findings: Rules that the book breaks as it stands.
        year: Years.
        statement: Statements.
    """

    name: str
    preset: str
    currency: str
    member_class: str = "member"
    members: list[str]
    basis: list[Basis] = []
    parameter: list[Choice] = []
    entries: str = ""
    findings: list[str] = []
    year: list[Year] = Field(min_length=1)
    statement: list[Statement] = []


class Split(_Strict):
    """A fund of which no key was published, only what it has to add up to."""

    pool: Decimal
    unit: Decimal
    parties: int
    average: Decimal
    average_unit: Decimal


class Case(_Strict):
    """One published case.

    Attributes:
        id: Its id.
        title: What it is about.
        source: Where it was published.
        quality: A exact, B within its rounding, C inconsistent in itself.
        notes: Where the source's convention is another one, and what was assumed.
        outside: Published figures that lie outside what the product does.
        book: Books.
        split: A fund to divide.
    """

    id: str
    title: str = Field(min_length=1)
    source: Source
    quality: Literal["A", "B", "C"]
    notes: list[str] = []
    outside: list[str] = []
    book: list[BookFigures] = []
    split: list[Split] = []


def case_of(path: Path) -> Case:
    """Read one case."""
    text = path.read_text("utf-8")
    return Case.model_validate(tomllib.loads(text, parse_float=Decimal))


CASES = [case_of(path) for path in sorted((HERE / "cases").glob("*.toml"))]
