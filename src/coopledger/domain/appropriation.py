"""The ordered steps that use up a surplus, or that cover a loss.

A preset lists the steps as data; the kinds of step are the small functions in `KINDS`.
Every step keeps its base, rate, amount and source, so that it can be explained in one
sentence.  Amounts are positive in a loss as well: they say how much of the loss a step
bears.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split
from coopledger.domain.steps import AppliedStep
from coopledger.domain.steps import Appropriation
from coopledger.domain.steps import Facts
from coopledger.domain.steps import Line
from coopledger.domain.steps import PastYear
from coopledger.domain.steps import Rates
from coopledger.domain.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

__all__ = [
    "KINDS",
    "AppliedStep",
    "Appropriation",
    "Facts",
    "Line",
    "PastYear",
    "Rates",
    "Step",
    "appropriate",
    "recent_average",
]

ONE = Decimal(1)


@dataclass(slots=True)
class _Run:
    """The state while the steps are applied."""

    facts: Facts
    rates: Rates
    remaining: Decimal
    done: dict[str, Decimal] = field(default_factory=dict)

    def term(self, name: str) -> Decimal:
        if name == "remaining":
            return self.remaining
        if name.startswith("step:"):
            return self.done.get(name.removeprefix("step:"), ZERO)
        return self.facts.terms.get(name, ZERO)

    def signed(self, terms: Sequence[str]) -> tuple[tuple[str, Decimal], ...]:
        return tuple(
            (term, -self.term(term[1:]) if term.startswith("-") else self.term(term))
            for term in terms
        )

    def total(self, terms: Sequence[str]) -> Decimal:
        return max(ZERO, sum((amount for _, amount in self.signed(terms)), ZERO))

    def in_grace(self, step: Step) -> bool:
        return bool(step.grace) and self.facts.index <= self.rates.number(step.grace)

    def rate(self, step: Step) -> Decimal | None:
        if not step.rate:
            return None
        return ONE if self.in_grace(step) else self.rates.number(step.rate)


def appropriate(facts: Facts, steps: Sequence[Step], rates: Rates) -> Appropriation:
    """Apply the steps to a year's result.

    Args:
        facts: The year; a negative pool is a loss, and the steps say who bears it.
        steps: The preset's steps for a surplus or for a loss.
        rates: The parameters in force for the year.

    Returns:
        The appropriation.  No step takes more than what remains.
    """
    run = _Run(facts, rates, abs(facts.pool))
    applied = tuple(_apply(step, run) for step in steps)
    return Appropriation(facts.pool, applied, run.remaining)


def _apply(step: Step, run: _Run) -> AppliedStep:
    terms = run.signed(step.base)
    base, rate = run.total(step.base), run.rate(step)
    skipped = step.skip_in_grace and run.in_grace(step)
    exact = Fraction(0) if skipped else KINDS[step.kind](step, run, base, rate)
    wanted = round_to(exact, run.facts.unit, step.round)
    amount = _within_limits(step, run, wanted)
    parts = _PARTS[step.kind](step, run, amount) if step.kind in _PARTS else {}
    if step.kind in _PARTS:
        amount = sum(parts.values(), ZERO)
    run.remaining -= amount
    run.done[step.id] = amount
    return AppliedStep(
        step=step,
        terms=terms,
        base=base,
        less=run.signed(step.less),
        rate=rate,
        amount=amount,
        remaining=run.remaining,
        wanted=wanted,
        parts=parts,
        lines=_lines(step, run, parts) if step.kind == "patronage" else (),
        sources=_sources(step, run),
    )


def _within_limits(step: Step, run: _Run, amount: Decimal) -> Decimal:
    limits = [run.remaining]
    if step.limit is not None:
        limits.append(round_to(run.total(step.limit), run.facts.unit, "down"))
    return max(ZERO, min(amount, *limits)).quantize(run.facts.unit)


def _sources(step: Step, run: _Run) -> tuple[str, ...]:
    names = (step.rate, step.slice, step.years, step.excess, step.grace, step.cash)
    found = [source for name in names if name for source in run.rates.sources(name)]
    return tuple(dict.fromkeys([*step.source, *found]))


# --- kinds of step: step, run, base, rate -> exact amount wanted ----------------------


def _share(_step: Step, _run: _Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """A rate of the base, or all of it."""
    return Fraction(base) * Fraction(ONE if rate is None else rate)


def _top_up(step: Step, run: _Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """A rate of the base, less what counts towards that target already."""
    return _share(step, run, base, rate) - Fraction(run.total(step.less))


def _slice(step: Step, run: _Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """A first slice of the base wholly, then a rate of the rest."""
    first = min(base, run.rates.number(step.slice))
    return Fraction(first) + _share(step, run, base - first, rate)


def _alpha(step: Step, run: _Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """Base * base / (base + against), never under the floor, less what counts."""
    if base == 0:
        return Fraction(0)
    weighed = Fraction(base) / Fraction(base + run.total(step.against))
    floor = Fraction(ZERO if rate is None else rate)
    return Fraction(base) * max(floor, weighed) - Fraction(run.total(step.less))


def _offset(step: Step, run: _Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """Prior losses that the surplus makes good."""
    return _share(step, run, base, rate)


def _rest(_step: Step, run: _Run, _base: Decimal, _rate: Decimal | None) -> Fraction:
    """All that remains."""
    return Fraction(run.remaining)


def _average(step: Step, run: _Run, base: Decimal, _rate: Decimal | None) -> Fraction:
    """The recent average share put into reserves, and what exceeds part of capital."""
    counted = step.counts or (step.role,)
    years = int(run.rates.number(step.years))
    mean = recent_average(run.facts.history, counted, years)
    return Fraction(base) * mean + Fraction(_excess(step, run))


def _excess(step: Step, run: _Run) -> Decimal:
    if not step.excess:
        return ZERO
    # Entry fees are part of the mandatory reserve wherever the law knows both.
    held = run.term(f"balance:{step.role}") + run.term("balance:entry-fees")
    return max(ZERO, held - run.rates.number(step.excess) * run.term("capital"))


def recent_average(
    history: Sequence[PastYear], roles: Sequence[str], years: int
) -> Fraction:
    """Return the mean share of the surplus that recent years put into some roles.

    Args:
        history: Earlier years, oldest first.
        roles: The roles whose allocations count.
        years: How many years with a surplus to look back.

    Returns:
        The mean of each year's share, between 0 and 1; 0 without history.
    """
    recent = [year for year in history if year.surplus > 0][-years:]
    shares = [
        Fraction(sum((year.allocated.get(role, ZERO) for role in roles), ZERO))
        / Fraction(year.surplus)
        for year in recent
    ]
    if not shares:
        return Fraction(0)
    return min(Fraction(1), sum(shares, Fraction(0)) / len(shares))


KINDS: dict[str, Callable[[Step, _Run, Decimal, Decimal | None], Fraction]] = {
    "share": _share,
    "top-up": _top_up,
    "slice": _slice,
    "alpha": _alpha,
    "offset": _offset,
    "patronage": _share,
    "rest": _rest,
    "average": _average,
    "members": _share,
    "carry": _rest,
}


# --- parts of members -----------------------------------------------------------------


def _patronage_parts(_step: Step, run: _Run, amount: Decimal) -> dict[str, Decimal]:
    facts = run.facts
    if not facts.weights:
        return {}
    return split(amount, facts.weights, facts.unit, facts.order)


def _loss_parts(_step: Step, run: _Run, amount: Decimal) -> dict[str, Decimal]:
    """Divide by patronage; nobody bears more than their own capital.

    What is above somebody's capital stays uncovered; it is not moved to the others.
    """
    facts = run.facts
    if not facts.loss_weights:
        return {}
    parts = split(amount, facts.loss_weights, facts.unit, facts.order)
    return {
        member: min(part, max(ZERO, facts.capital.get(member, ZERO)))
        for member, part in parts.items()
    }


_PARTS = {"patronage": _patronage_parts, "members": _loss_parts}


def _lines(step: Step, run: _Run, parts: Mapping[str, Decimal]) -> tuple[Line, ...]:
    cash_share = Fraction(run.rates.number(step.cash) if step.cash else ZERO)
    notice = run.rates.text(step.notice) if step.notice else "capitalised"
    return tuple(
        _line(run, member, part, cash_share, notice) for member, part in parts.items()
    )


def _line(
    run: _Run, member: str, part: Decimal, cash_share: Fraction, notice: str
) -> Line:
    # A qualified notice needs at least its share in money for each patron (26 U.S.C.
    # 1388(c)(1)), therefore the cash part is rounded up, never to the nearest.
    exact = Fraction(part) * cash_share
    cash = min(part, round_to(exact, run.facts.unit, "up"))
    paper = part - cash
    nonqualified = notice == "nonqualified"
    return Line(
        member=member,
        weight=run.facts.weights[member],
        amount=part,
        cash=cash,
        retained=ZERO if nonqualified else paper,
        nonqualified=paper if nonqualified else ZERO,
    )
