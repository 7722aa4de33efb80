"""Proposing: a year's steps as transactions, every posting with its step."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import KINDS
from coopledger.journal.writing import Planned
from coopledger.journal.writing import PlannedLeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
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

    def account(
        self, role: str, *, member: str = "", fund: str = "", worker: str = ""
    ) -> str:
        year = str(self.year)
        return self.chart.account(
            role, member=member, year=year, fund=fund, worker=worker
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
        First the expenses of the year, dated on its last day, then the distribution in
        balanced transactions of at most `CHUNK` people each.

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
    plans = [
        _transaction(
            book,
            date=figures.fiscal.end,
            text=f"{step.step.title}, fiscal year {year}",
            year=year,
            kind="appropriation",
            resolution=resolution,
            legs=tuple(_expense_legs(step, layout)),
        )
        for step in expensed
        if step.amount
    ]
    chunks = list(_chunked(taken, layout))
    for number, legs in enumerate(chunks, start=1):
        part = f" ({number} of {len(chunks)})" if len(chunks) > 1 else ""
        plans.append(
            _transaction(
                book,
                date=decided_on,
                text=f"Distribution of the {word} of fiscal year {year}{part}",
                year=year,
                kind="loss" if loss else "appropriation",
                resolution=resolution,
                legs=legs,
            )
        )
    return tuple(plans)


def _transaction(  # noqa: PLR0913 - one argument for each part of a transaction
    book: Book,
    *,
    date: datetime.date,
    text: str,
    year: int,
    kind: str,
    resolution: Resolution | None,
    legs: tuple[PlannedLeg, ...],
) -> Planned:
    return Planned(
        date=date,
        payee=book.case.books.title,
        narration=text,
        year=year,
        kind=kind,
        link=resolution.id if resolution else "",
        legs=legs,
    )


def _expense_legs(step: AppliedStep, layout: _Layout) -> Iterator[PlannedLeg]:
    spent = layout.account(step.step.expense_role)
    yield PlannedLeg(spent, step.amount, step.step.id)
    yield from _receiving_legs(step, replace(layout, sign=-1))


def _chunked(
    steps: Sequence[AppliedStep], layout: _Layout
) -> Iterator[tuple[PlannedLeg, ...]]:
    """Lay the steps out in transactions of at most `CHUNK` members, each balanced."""
    legs: list[PlannedLeg] = []
    members = 0
    for step in steps:
        if not step.amount:
            continue
        for part, amount, count in _portions(step, layout):
            if members + count > CHUNK and legs:
                yield tuple(legs)
                legs, members = [], 0
            is_transfer = step.step.treatment == "transfer"
            charged = step.step.expense_role if is_transfer else "surplus-appropriated"
            contra = layout.account(charged)
            legs.append(PlannedLeg(contra, -layout.sign * amount, step.step.id))
            legs.extend(part)
            members += count
    if legs:
        yield tuple(legs)


_Portion = tuple[list[PlannedLeg], "Decimal", int]


def _portions(step: AppliedStep, layout: _Layout) -> Iterator[_Portion]:
    """Return a step's legs in portions of at most `CHUNK` people, with their sum."""
    people = [(False, name) for name in step.parts]
    people += [(True, name) for name in step.hired]
    if len(people) <= CHUNK:
        yield list(_receiving_legs(step, layout)), step.amount, len(people)
        return
    for start in range(0, len(people), CHUNK):
        chosen = frozenset(people[start : start + CHUNK])
        portion = _portion_of(step, chosen)
        yield list(_receiving_legs(portion, layout)), portion.amount, len(chosen)


def _portion_of(step: AppliedStep, chosen: frozenset[tuple[bool, str]]) -> AppliedStep:
    """Return the part of a step that concerns some of its people."""
    parts = {n: part for n, part in step.parts.items() if (False, n) in chosen}
    hired = {n: part for n, part in step.hired.items() if (True, n) in chosen}
    return replace(
        step,
        parts=parts,
        hired=hired,
        lines=tuple(line for line in step.lines if line.member in parts),
        amount=sum([*parts.values(), *hired.values()], ZERO),
    )


def _receiving_legs(step: AppliedStep, layout: _Layout) -> Iterator[PlannedLeg]:
    """Return the postings that receive a step's amount (or bear it, in a loss)."""
    role, name = step.step.role, step.step.id
    if not step.parts and not step.hired:
        account = layout.account(role, fund=step.step.fund)
        yield PlannedLeg(account, layout.sign * step.amount, name)
        return
    lines = {line.member: line for line in step.lines}
    for member, part in step.parts.items():
        for own_role, amount in _by_role(step, part, lines.get(member)).items():
            if amount:
                account = layout.account(own_role, member=member)
                kind = _kind(step, own_role)
                yield PlannedLeg(account, layout.sign * amount, name, kind)
    for worker, part in step.hired.items():
        if part:
            account = layout.account("worker-payable", worker=worker)
            yield PlannedLeg(account, layout.sign * part, name)


#: Roles from which the kind of a movement follows by itself.
_TELLING = frozenset({"patronage", "nonqualified", "member-interest", "member-loss"})


def _kind(step: AppliedStep, role: str) -> str:
    """Return the kind of a movement of capital, where the role does not tell it."""
    if role not in CAPITAL:
        return ""
    said = step.step.movement or ("" if role in _TELLING else step.step.kind)
    return said if said in KINDS else ""


def _by_role(step: AppliedStep, part: Decimal, line: Line | None) -> dict[str, Decimal]:
    """Return where one member's part goes."""
    if line is None:
        return {step.step.role: part}
    shares = {
        "member-payable": line.cash - line.withheld,
        "withholding-payable": line.withheld,
        "nonqualified": line.nonqualified,
        "member-loss": line.replenished,
    }
    # The retained part may go to one of those very accounts.
    shares[step.step.role] = shares.get(step.step.role, ZERO) + line.retained
    return shares
