"""Explaining: why each member's part of a step is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.patronage import measured
from coopledger.law.evaluating import bases_of
from coopledger.law.evaluating import counting_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Line
    from coopledger.law.case import Case

#: How finely an exact number is shown; nothing is reckoned with what is shown.
_SHOWN = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a member did in a year by one basis.

    Attributes:
        basis: Id of the basis.
        unit: What is counted: ``amount``, ``units``, ``hours`` ...
        quantity: How much of it.
        weight: What one of it weighs.
    """

    basis: str
    unit: str
    quantity: Decimal
    weight: Decimal

    def __str__(self) -> str:
        """Say the measure, with its weight where it has one."""
        factor = "" if self.weight == 1 else f" at {self.weight.normalize():f}"
        return f"{self.quantity:,f} {self.unit}{factor}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one member's part of one step came about.

    Attributes:
        member: Member id.
        step: The step.
        measures: What the member did, by basis (for steps divided by patronage).
        weight: The member's exact weight.
        whole: The weight of all who divide the step.
        pool: What was divided.
        exact: The exact part before the last cent was placed.
        line: The part, with what is paid and retained.
    """

    member: str
    step: AppliedStep
    measures: tuple[Measure, ...]
    weight: Fraction
    whole: Fraction
    pool: Decimal
    exact: Fraction
    line: Line

    @property
    def sentence(self) -> str:
        """Say the whole arithmetic in one sentence."""
        done = " and ".join(str(measure) for measure in self.measures)
        given = f"{done}: " if done else ""
        return (
            f"{given}{self.pool:,f} x {_short(self.weight)} / {_short(self.whole)} = "
            f"{_short(self.exact)}, booked as {self.line.amount:,f}"
        )


def explanations_of(
    case: Case, appropriation: Appropriation, year: int
) -> list[Explanation]:
    """Explain every member's part of every step that members divide.

    Args:
        case: The book under its law.
        appropriation: The year's steps.
        year: Label of the year.
    """
    done = _measures(case, year)
    return [
        explanation
        for step in appropriation.steps
        for explanation in _of_step(step, done)
    ]


def _of_step(
    step: AppliedStep, done: dict[str, tuple[Measure, ...]]
) -> Iterator[Explanation]:
    whole = sum((line.weight for line in step.lines), Fraction(0))
    pool = sum((line.amount for line in step.lines), ZERO)
    by_patronage = step.step.by == "patronage" and step.step.kind != "interest"
    for line in step.lines:
        yield Explanation(
            member=line.member,
            step=step,
            measures=done.get(line.member, ()) if by_patronage else (),
            weight=line.weight,
            whole=whole,
            pool=pool,
            exact=Fraction(pool) * line.weight / whole if whole else Fraction(0),
            line=line,
        )


def _measures(case: Case, year: int) -> dict[str, tuple[Measure, ...]]:
    books, figures = case.books, case.books.years[year]
    counts = counting_of(books, case.policy, figures, "patronage")
    found: dict[str, list[Measure]] = {}
    for basis in bases_of(books, figures):
        for member, quantity in measured(figures, basis, counts).items():
            own = Measure(basis.basis, _unit(basis), quantity, basis.weight)
            found.setdefault(member, []).append(own)
    return {member: tuple(measures) for member, measures in found.items()}


def _unit(basis: PatronageBasis) -> str:
    counted = basis.currency if basis.measure == "units" else basis.measure
    return counted or basis.measure


def _short(number: Fraction) -> str:
    """Write an exact number with at most six decimals, without trailing zeros."""
    text = f"{round_to(number, _SHOWN):,f}"
    return text.rstrip("0").rstrip(".")
