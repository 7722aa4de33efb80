"""Explaining: why each person's part of a step is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import round_to
from coopledger.domain.patronage import measured
from coopledger.law.weighing import bases_of
from coopledger.law.weighing import counting_of
from coopledger.services.wording import SHOWN

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.division import Person
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Audience
    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import Line
    from coopledger.law.case import Case

#: Kinds of steps that are a member's part of the result itself.
SHARED = frozenset({"patronage", "members"})

#: Kinds whose parts are a rate of what somebody has, and what that is.
_OF_EACH = {"interest": "capital by time", "per-unit": "units"}


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
    """How one person's part of one step came about.

    Attributes:
        person: Member or hired worker.
        step: The step.
        measures: What the member did, by basis (for steps divided by patronage).
        coefficient: What the weight was multiplied by, for seniority.
        weight: The person's exact weight.
        whole: The weight of all who divide the step.
        exact: The exact part, before the last cent was placed and any limit applied.
        amount: The part.
    """

    person: Person
    step: AppliedStep
    measures: tuple[Measure, ...]
    coefficient: Fraction
    weight: Fraction
    whole: Fraction
    exact: Fraction
    amount: Decimal

    @property
    def name(self) -> str:
        """Id of the member, or name of the hired worker."""
        return self.person[1]

    @property
    def line(self) -> Line | None:
        """What becomes of a member's part; None of a hired worker's."""
        is_hired, name = self.person
        return None if is_hired else self.step.line_of(name)

    @property
    def sentence(self) -> str:
        """Say the whole arithmetic in one sentence."""
        return f"{self._given}{self._arithmetic} = {_short(self.exact)}, {self._booked}"

    @property
    def _given(self) -> str:
        done = " and ".join(str(measure) for measure in self.measures)
        times = f" x {_short(self.coefficient)}" if self.coefficient != 1 else ""
        return f"{done}{times}: " if done else ""

    @property
    def _arithmetic(self) -> str:
        counted = _OF_EACH.get(self.step.step.kind)
        if counted:
            return f"{counted} {_short(self.weight)} x {self.step.rate or 0:f}"
        pool = self.step.divided
        return f"{pool:,f} x {_short(self.weight)} / {_short(self.whole)}"

    @property
    def _booked(self) -> str:
        exponent = int(self.amount.as_tuple().exponent)
        is_near = abs(Fraction(self.amount) - self.exact) < Decimal(1).scaleb(exponent)
        why = "" if is_near else " within its limits"
        return f"booked as {self.amount:,f}{why}"


def explanations_of(
    case: Case,
    appropriation: Appropriation,
    year: int,
    only: Person | None = None,
    kinds: Collection[str] = (),
) -> list[Explanation]:
    """Explain everybody's part of every step of which people divide anything.

    Args:
        case: The book under its law.
        appropriation: The year's steps.
        year: Label of the year.
        only: The one person whose parts are asked for; None for everybody's.
        kinds: Kinds of the steps that are asked for; by default all.
    """
    switch = "losses" if appropriation.is_loss else "patronage"
    facts = case.facts(year)
    steps = [
        step
        for step in appropriation.steps
        if step.divided and (not kinds or step.step.kind in kinds)
    ]
    done = {
        audience: _measures(case, year, switch, audience, only)
        for audience in {step.step.audience for step in steps}
    }
    return [
        explanation
        for step in steps
        for explanation in _of_step(step, facts, done[step.step.audience], only)
    ]


def _of_step(
    step: AppliedStep,
    facts: Facts,
    done: Mapping[str, tuple[Measure, ...]],
    only: Person | None,
) -> Iterator[Explanation]:
    whole = step.key.total
    kind = step.step.kind
    by_patronage = step.step.by == "patronage" and kind != "interest"
    wanted = [only] if only else _people(step)
    for person in wanted:
        is_hired, name = person
        amount = (step.hired if is_hired else step.parts).get(name)
        if amount is None:
            continue
        weight = step.key[person]
        measures = done.get(name, ()) if by_patronage and not is_hired else ()
        exact = (
            weight * Fraction(step.rate or 0)
            if kind in _OF_EACH
            else Fraction(step.divided) * weight / whole
        )
        yield Explanation(
            person=person,
            step=step,
            measures=measures,
            coefficient=_coefficient(step, facts, person, weight),
            weight=weight,
            whole=whole,
            exact=exact,
            amount=amount,
        )


def _people(step: AppliedStep) -> Iterator[Person]:
    """Return everybody who has a part of a step."""
    yield from ((False, member) for member in step.parts)
    yield from ((True, worker) for worker in step.hired)


def _coefficient(
    step: AppliedStep, facts: Facts, person: Person, weight: Fraction
) -> Fraction:
    is_hired, name = person
    if is_hired or not step.step.seniority_step or step.step.by != "patronage":
        return Fraction(1)
    return weight / facts.weights_for(step.step)[name]


def _measures(
    case: Case, year: int, switch: str, audience: Audience, only: Person | None
) -> dict[str, tuple[Measure, ...]]:
    books, figures = case.books, case.books.years[year]
    named, classes = audience
    counts = counting_of(books, case.policy, figures, switch, classes)
    found: dict[str, list[Measure]] = {}
    for basis in bases_of(books, figures, named):
        own_id = only[1] if only else ""
        quantities = measured(figures, basis, counts, counts.throughout, own_id)
        for member, quantity in quantities.items():
            own = Measure(basis.basis, _unit(basis), quantity, basis.weight)
            found.setdefault(member, []).append(own)
    return {member: tuple(measures) for member, measures in found.items()}


def _unit(basis: PatronageBasis) -> str:
    counted = basis.currency if basis.measure == "units" else basis.measure
    return counted or basis.measure


def _short(number: Fraction) -> str:
    """Write an exact number with at most six decimals, without trailing zeros."""
    text = f"{round_to(number, SHOWN):,f}"
    return text.rstrip("0").rstrip(".")
