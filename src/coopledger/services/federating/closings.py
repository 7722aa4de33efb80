"""A year's appropriation of every enterprise, reckoned where its book is loaded.

Each assembly decides for itself: nothing is written here, and of each book only totals
come back, never an entry or a name.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.errors import CoopledgerError
from coopledger.services.closing import close_year
from coopledger.services.federating.sharing import belonging
from coopledger.services.federating.sharing import booked_by
from coopledger.services.federating.sharing import share_year

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from typing import Literal

    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book
    from coopledger.services.closing import Closing
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.reading import More

    State = Literal["proposed", "booked", "sealed", "not closable"]


@dataclass(frozen=True, slots=True)
class StepTotal:
    """What one step takes; below zero it is a part of a loss.

    Attributes:
        id: Id of the step.
        title: Name for people.
        amount: What it takes of the base.
        members: How many members have a part in it.
        cash: What they get of it in money.
        retained: What of it becomes, or is taken from, their capital.
    """

    id: str
    title: str
    amount: Decimal
    members: int
    cash: Decimal
    retained: Decimal


@dataclass(frozen=True, slots=True)
class YearTotals:
    """The year of one enterprise.

    Attributes:
        currency: Currency of its book.
        state: Whether it is still to be booked, booked, sealed, or not closable.
        why: Why it cannot be closed, one sentence.
        result: Its result before tax; None where the book does not reach the year.
        base: What is distributed; None where it cannot be closed.
        steps: The steps, those that take nothing left out; they add up to the base.
        members: How many members have a part in any of them.
    """

    currency: str
    state: State
    why: str = ""
    result: Decimal | None = None
    base: Decimal | None = None
    steps: tuple[StepTotal, ...] = ()
    members: int = 0

    @property
    def cash(self) -> Decimal:
        """What members get in money."""
        return sum((step.cash for step in self.steps), ZERO)

    @property
    def retained(self) -> Decimal:
        """What becomes members' capital, less what is taken from it."""
        return sum((step.retained for step in self.steps), ZERO)


@dataclass(frozen=True, slots=True)
class FederalClosing:
    """A year of a whole federation.

    Attributes:
        federation: The federation.
        year: Label of the fiscal year; each enterprise's own year of that label.
        enterprises: The year of each enterprise that was in the federation.
        pending: Titles of the federation's steps that are not booked yet and would
            change what is proposed, by enterprise.
        doubt: Why that cannot be said; else nothing.
    """

    federation: Federation
    year: int
    enterprises: dict[str, YearTotals]
    pending: dict[str, tuple[str, ...]]
    doubt: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the year of every enterprise could be reckoned."""
        states = {one.state for one in self.enterprises.values()}
        is_all = bool(states) and not self.federation.troubles
        return is_all and "not closable" not in states

    @property
    def totals(self) -> dict[str, YearTotals]:
        """What all that could be reckoned comes to, by currency."""
        found: dict[str, list[YearTotals]] = defaultdict(list)
        for one in self.enterprises.values():
            if one.base is not None:
                found[one.currency].append(one)
        return {currency: _together(currency, own) for currency, own in found.items()}


def totals_of_year(year: int) -> More:
    """Return what takes a year's totals of each book while it is loaded."""
    return partial(_totals, year=year)


def closings_of(federation: Federation, year: int) -> FederalClosing:
    """Put a year together, of a federation read with `totals_of_year`."""
    on = federation.own.year_end.year(year).end
    found = {
        name: totals
        for name in belonging(federation, on)
        if isinstance(totals := federation.more.get(name), YearTotals)
    }
    try:
        unbooked = _unbooked(federation, year)
    except CoopledgerError as error:
        return FederalClosing(federation, year, found, {}, str(error))
    pending = {
        name: tuple(titles)
        for name, titles in unbooked.items()
        if found[name].state == "proposed"
    }
    return FederalClosing(federation, year, found, pending)


def _unbooked(federation: Federation, year: int) -> dict[str, list[str]]:
    """Return the steps that a year's result is to contain and does not yet.

    What is taken of the distribution itself can only be booked after it.
    """
    policy, found = federation.policy, defaultdict[str, list[str]](list)
    on = federation.own.year_end.year(year).end
    steps = policy.preset_on(on).federation if policy.policies else ()
    if not steps or policy.text("federation.booking", on, "") != "year-end":
        return found
    shared = share_year(federation, year)
    for share in shared.shares:
        booked = {} if share.step.of else booked_by(shared, share.step)
        for name, net in share.nets.items():
            if net and not share.step.of and name not in booked:
                found[name].append(share.step.title)
    return found


# --- one book -------------------------------------------------------------------------


def _totals(book: Book, year: int) -> YearTotals:
    """Close a year, and keep only what it comes to."""
    books = book.case.books
    figures = books.years.get(year)
    result = sum(figures.result.values(), ZERO) if figures else None
    try:
        closing = close_year(book, year)
    except CoopledgerError as error:
        return YearTotals(books.currency, "not closable", str(error), result)
    appropriation = closing.appropriation
    return YearTotals(
        books.currency,
        _state(book, year, closing),
        result=result,
        base=appropriation.pool,
        steps=tuple(
            _step(step, _sign(step, appropriation))
            for step in appropriation.steps
            if step.amount
        ),
        members=len({name for step in appropriation.steps for name in step.parts}),
    )


def _state(book: Book, year: int, closing: Closing) -> State:
    if not closing.is_booked:
        return "proposed"
    is_sealed = any(seal.year == year for seal in book.case.books.seals)
    return "sealed" if is_sealed else "booked"


def _sign(step: AppliedStep, appropriation: Appropriation) -> int:
    is_borne = appropriation.is_loss and step.step.treatment != "expense"
    return -1 if is_borne else 1


def _step(step: AppliedStep, sign: int) -> StepTotal:
    # Nothing, taken from nothing, is to have no sign.
    got = ZERO + sign * sum(step.parts.values(), ZERO)
    if step.lines:
        cash = ZERO + sign * sum((line.cash for line in step.lines), ZERO)
    else:
        is_capital = sign < 0 or step.step.role in CAPITAL
        cash = ZERO if is_capital else got
    return StepTotal(
        step.step.id,
        step.step.title,
        sign * step.amount,
        len(step.parts),
        cash,
        got - cash,
    )


# --- all together ---------------------------------------------------------------------


def _together(currency: str, years: Iterable[YearTotals]) -> YearTotals:
    """Add years up, step by step; a total is proposed while any of them is."""
    listed = list(years)
    steps: dict[tuple[str, str], StepTotal] = {}
    for one in (step for year in listed for step in year.steps):
        # What bears a loss and what takes of a surplus may have one id.
        key = one.id, one.title
        steps[key] = _added(steps[key], one) if key in steps else one
    states = Counter(one.state for one in listed)
    order: tuple[State, ...] = ("proposed", "booked", "sealed")
    return YearTotals(
        currency,
        next(state for state in order if states[state]),
        result=sum((one.result or ZERO for one in listed), ZERO),
        base=sum((one.base or ZERO for one in listed), ZERO),
        steps=tuple(steps.values()),
        members=sum(one.members for one in listed),
    )


def _added(one: StepTotal, other: StepTotal) -> StepTotal:
    return StepTotal(
        one.id,
        one.title,
        one.amount + other.amount,
        one.members + other.members,
        one.cash + other.cash,
        one.retained + other.retained,
    )
