"""Proposing: a year's steps as transactions, every posting with its step."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from itertools import chain
from itertools import islice
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import KINDS
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import Resolution
    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Line
    from coopledger.journal.chart import Chart
    from coopledger.journal.loading import Book

#: People in one transaction.  Fava hashes a whole transaction once for each account it
#: touches, so that one transaction over thousands of members would be quadratic.
CHUNK = 250

#: Stands for a person in an account's name; no name of an account has braces.
_PERSON = "{person}"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a year's steps become postings.

    Attributes:
        chart: The chart of accounts.
        year: The fiscal year, for charts that keep one account for each.
        sign: -1 for a surplus, which is credited; 1 for a loss.
    """

    chart: Chart
    year: int
    sign: int

    def account(self, role: str, *, fund: str = "") -> str:
        """Return the account of a role that is nobody's in particular."""
        return self.chart.account(
            role, member="", year=str(self.year), fund=fund, worker=""
        )

    def pattern(self, role: str) -> str:
        """Return the account of a role, with `_PERSON` in the place of whose it is."""
        return self.chart.account(
            role, member=_PERSON, year=str(self.year), fund="", worker=_PERSON
        )


def planned_entries(
    book: Book,
    figures: YearFigures,
    appropriation: Appropriation,
    resolution: Resolution | None,
) -> tuple[Planned, ...]:
    """Lay a year's appropriation out as the transactions that book it.

    Args:
        book: The book.
        figures: The year.
        appropriation: Its steps.
        resolution: The decision; None for a draft, dated the day after the year.

    Returns:
        First the expenses of the year, dated on its last day, then the distribution,
        both in balanced transactions of at most `CHUNK` people each.

    Raises:
        RoleMissingError: The chart has no account for something that is to be booked.
    """
    expensed = [s for s in appropriation.steps if s.step.treatment == "expense"]
    taken = [s for s in appropriation.steps if s.step.treatment != "expense"]
    first = figures.fiscal.end + datetime.timedelta(days=1)
    decided_on = resolution.date if resolution else first
    year = figures.fiscal.label
    loss = appropriation.is_loss
    layout = _Layout(book.chart, year, 1 if loss else -1)
    word = "loss" if loss else "surplus"
    entry = partial(_transactions, book, year, resolution)
    plans: list[Planned] = []
    for step in expensed:
        text = f"{step.step.title}, fiscal year {year}"
        legs = _chunked([step], replace(layout, sign=-1))
        plans += entry(figures.fiscal.end, "appropriation", text, legs)
    text = f"Distribution of the {word} of fiscal year {year}"
    kind = "loss" if loss else "appropriation"
    plans += entry(decided_on, kind, text, _chunked(taken, layout))
    return tuple(plans)


def _transactions(  # noqa: PLR0913, PLR0917 - one for each part of a transaction
    book: Book,
    year: int,
    resolution: Resolution | None,
    date: datetime.date,
    kind: str,
    text: str,
    chunks: Iterable[tuple[PlannedLeg, ...]],
) -> Iterator[Planned]:
    """Make a transaction of each chunk of postings, numbered where they are several."""
    listed = list(chunks)
    for number, legs in enumerate(listed, start=1):
        part = f" ({number} of {len(listed)})" if len(listed) > 1 else ""
        yield Planned(
            date=date,
            payee=book.case.books.title,
            narration=f"{text}{part}",
            year=year,
            kind=kind,
            link=resolution.id if resolution else "",
            legs=legs,
        )


def _chunked(
    steps: Iterable[AppliedStep], layout: _Layout
) -> Iterator[tuple[PlannedLeg, ...]]:
    """Lay the steps out in transactions of at most `CHUNK` members, each balanced."""
    legs: list[PlannedLeg] = []
    members = 0
    for step in steps:
        if not step.amount:
            continue
        contra = layout.account(_charged(step))
        for part, count in _portions(step, layout):
            if members + count > CHUNK and legs:
                yield tuple(legs)
                legs, members = [], 0
            amount = sum([leg.amount for leg in part], ZERO)
            legs.append(PlannedLeg(contra, -amount, step.step.id))
            legs += part
            members += count
    if legs:
        yield tuple(legs)


def _charged(step: AppliedStep) -> str:
    """Return the role that a step's amount is charged to."""
    is_from_result = step.step.treatment == "appropriation"
    return "surplus-appropriated" if is_from_result else step.step.expense_role


_Portion = tuple[list[PlannedLeg], int]


def _portions(step: AppliedStep, layout: _Layout) -> Iterator[_Portion]:
    """Return what receives a step's amount (or bears it, in a loss).

    The postings come in portions of at most `CHUNK` people, with their number.
    """
    if not step.parts and not step.hired:
        account = layout.account(step.step.role, fund=step.step.fund)
        yield [PlannedLeg(account, layout.sign * step.amount, step.step.id)], 0
        return
    people = chain(_of_members(step, layout), _of_hired(step, layout))
    while own := list(islice(people, CHUNK)):
        yield list(chain.from_iterable(own)), len(own)


def _of_members(step: AppliedStep, layout: _Layout) -> Iterator[list[PlannedLeg]]:
    """Return the postings of each member who has any."""
    if step.lines:
        shares = ((line.member, _by_role(step, line)) for line in step.lines)
    else:
        shares = ((name, {step.step.role: part}) for name, part in step.parts.items())
    places: dict[str, tuple[str, str]] = {}
    for member, by_role in shares:
        legs = []
        for role, amount in by_role.items():
            if not amount:
                continue
            if role not in places:
                places[role] = layout.pattern(role), _kind(step, role)
            pattern, kind = places[role]
            account = pattern.replace(_PERSON, member)
            legs.append(PlannedLeg(account, layout.sign * amount, step.step.id, kind))
        if legs:
            yield legs


def _of_hired(step: AppliedStep, layout: _Layout) -> Iterator[list[PlannedLeg]]:
    """Return the posting of each hired worker who has any."""
    for worker, part in step.hired.items():
        if part:
            account = layout.pattern("worker-payable").replace(_PERSON, worker)
            yield [PlannedLeg(account, layout.sign * part, step.step.id)]


#: Roles from which the kind of a movement follows by itself.
_TELLING = frozenset({"patronage", "nonqualified", "member-interest", "member-loss"})


def _kind(step: AppliedStep, role: str) -> str:
    """Return the kind of a movement of capital, where the role does not tell it."""
    if role not in CAPITAL:
        return ""
    said = step.step.movement or ("" if role in _TELLING else step.step.kind)
    return said if said in KINDS else ""


def _by_role(step: AppliedStep, line: Line) -> dict[str, Decimal]:
    """Return where one member's part goes."""
    shares = {
        "member-payable": line.cash - line.withheld,
        "withholding-payable": line.withheld,
        "nonqualified": line.nonqualified,
        "member-loss": line.replenished,
    }
    # The retained part may go to one of those very accounts.
    shares[step.step.role] = shares.get(step.step.role, ZERO) + line.retained
    return shares
