"""Applying the ordered steps that use up a surplus, or that cover a loss.

Every step keeps its base, rate, amount and source, so that it can be explained in one
sentence.  Amounts are positive in a loss as well: they say how much of the loss a step
bears.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.division import divide
from coopledger.domain.division import is_divided
from coopledger.domain.division import key_of
from coopledger.domain.division import lines_of
from coopledger.domain.kinds import CHARGES
from coopledger.domain.kinds import HOW
from coopledger.domain.kinds import KINDS
from coopledger.domain.kinds import Run
from coopledger.domain.kinds import counted_by
from coopledger.domain.steps import AppliedStep
from coopledger.domain.steps import Appropriation
from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.kinds import Rates
    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import Step
    from coopledger.domain.steps import Treatment

#: Kinds that reckon by what each member has, and those that take what is left.
_OF_EACH = frozenset({"interest", "per-unit"})
_OF_THE_REST = frozenset({"rest", "carry"})


def appropriate(facts: Facts, steps: Sequence[Step], rates: Rates) -> Appropriation:
    """Apply the steps to a year's result.

    Args:
        facts: The year; a negative pool is a loss, and the steps say who bears it.
        steps: The preset's steps for a surplus or for a loss.
        rates: The parameters in force for the year.

    Returns:
        The appropriation.  No step takes more than what remains.
    """
    run = Run(facts, rates, ZERO)
    run.remaining = -facts.pool if run.is_loss else facts.pool
    applied = tuple(_apply(step, run) for step in steps)
    charges = sum((a.amount for a in applied if a.step.kind in CHARGES), ZERO)
    return Appropriation(facts.pool, applied, run.remaining, charges)


def steps_for(
    facts: Facts, surplus: Sequence[Step], loss: Sequence[Step], rates: Rates
) -> tuple[Facts, tuple[Step, ...]]:
    """Choose a year's steps by its result, after what is fixed without regard to it.

    Per-unit retains are part of what the co-op owes for deliveries (26 U.S.C.
    1388(f)): they come off a surplus first, enlarge a loss, and may turn the one into
    the other.

    Args:
        facts: The year.
        surplus: The preset's steps for a surplus.
        loss: Its steps for a loss.
        rates: The parameters in force for the year.

    Returns:
        The facts, with the whole loss where there is one, and the steps.
    """
    charging = tuple(step for step in surplus if step.kind in CHARGES)
    run = Run(facts, rates, ZERO)
    charges = sum((_apply(step, run).wanted for step in charging), ZERO)
    left = facts.pool - charges
    if left >= 0:
        return facts, tuple(surplus)
    terms = {**facts.terms, "loss": -left}
    return replace(facts, terms=terms), (*charging, *loss)


_PRESENTED: dict[str, Treatment] = {
    "expense": "expense",
    "distribution": "appropriation",
}


def _presented(step: Step, rates: Rates) -> Step:
    """Return a step with the treatment that the co-op has chosen for it."""
    if not step.presentation or not rates.is_decided(step.presentation):
        return step
    return replace(step, treatment=_PRESENTED[rates.text(step.presentation)])


def _apply(step: Step, run: Run) -> AppliedStep:
    step = _presented(step, run.rates)
    needed = set(step.parameters) - set(step.capping)
    decided = all(run.rates.is_decided(name) for name in needed)
    if not decided and _is_idle(step, run):
        return _idle(step, run)
    terms, base = run.signed(step.base), run.total(step.base)
    rate, less = run.rate(step), run.signed(step.less)
    unmet = run.unmet(step)
    skipped = bool(unmet) or (step.skip_in_grace and run.in_grace(step))
    exact = Fraction(0) if skipped else KINDS[step.kind](step, run, base, rate)
    wanted = round_to(exact, run.facts.unit, step.round)
    # What is undecided stops nothing as long as the step takes nothing.
    cap = _cap(step, run) if decided or wanted > 0 else None
    amount = _within_limits(step, run, wanted, cap)
    divides = is_divided(step) and (decided or amount > 0)
    key = key_of(step, run) if divides else Weights({})
    parts = divide(step, run, amount, key) if divides else {}
    divided = amount
    if is_divided(step):
        amount = sum(parts.values(), ZERO).quantize(run.facts.unit)
        # Only where somebody divides: an amount for nobody at all is no spill.
        run.spilled[step.id] = divided - amount if parts or key else ZERO
    own = {name: part for (hired, name), part in parts.items() if not hired}
    applied = AppliedStep(
        step=step,
        terms=terms,
        base=base,
        less=less,
        rate=rate,
        amount=amount,
        remaining=run.remaining - _taken(step, run, amount),
        wanted=wanted,
        cap=cap,
        how=HOW[step.kind](step, run, base, rate) if step.kind in HOW else "",
        unmet=unmet,
        divided=divided if is_divided(step) else ZERO,
        key=key,
        parts=own,
        hired={name: part for (hired, name), part in parts.items() if hired},
        lines=lines_of(step, run, own),
        sources=_sources(step, run, is_telling=bool(amount or unmet)),
    )
    run.remaining = applied.remaining
    run.done[step.id] = amount
    return applied


def _taken(step: Step, run: Run, amount: Decimal) -> Decimal:
    """Return what a step takes from the result; below zero where it adds to a loss."""
    if step.treatment == "transfer":
        return ZERO
    return -amount if run.is_loss and step.kind in CHARGES else amount


def _is_idle(step: Step, run: Run) -> bool:
    """Say whether a step takes nothing, whatever will be decided of it."""
    is_bound = step.treatment != "transfer" and step.kind not in CHARGES
    if is_bound and run.remaining == 0:
        return True
    if step.kind in _OF_EACH:
        return not counted_by(step, run.facts)
    return step.kind not in _OF_THE_REST and run.total(step.base) == 0


def _idle(step: Step, run: Run) -> AppliedStep:
    nothing = ZERO.quantize(run.facts.unit)
    run.done[step.id] = nothing
    return AppliedStep(
        step=step,
        terms=(),
        base=nothing,
        less=(),
        rate=None,
        amount=nothing,
        remaining=run.remaining,
        wanted=nothing,
        sources=_sources(step, run, is_telling=False),
    )


def _cap(step: Step, run: Run) -> Decimal | None:
    if not step.limits:
        return None
    least = min(run.total(terms) for terms in step.limits)
    return round_to(least, run.facts.unit, "down")


def _within_limits(
    step: Step, run: Run, wanted: Decimal, cap: Decimal | None
) -> Decimal:
    is_charge = run.is_loss and step.kind in CHARGES
    is_free = step.treatment == "transfer" or is_charge
    limits = [] if is_free else [run.remaining]
    if cap is not None:
        limits.append(cap)
    return max(ZERO, min([wanted, *limits])).quantize(run.facts.unit)


def _sources(step: Step, run: Run, *, is_telling: bool) -> tuple[str, ...]:
    """Return the texts behind a step; where it takes nothing, those of its rate."""
    silent = _silent(step, run)
    named = step.parameters if is_telling else (step.rate,)
    telling = [name for name in named if name and name not in silent]
    found = [source for name in telling for source in run.rates.sources(name)]
    return tuple(dict.fromkeys([*step.source, *found]))


def _silent(step: Step, run: Run) -> set[str]:
    """Return parameters that change nothing as they are set: they explain nothing."""
    rates = run.rates
    numbers = (step.part_floor, step.cash_below, step.withholding, step.seniority_step)
    silent = {
        name for name in numbers if rates.is_decided(name) and not rates.number(name)
    }
    if rates.is_decided(step.replenish) and not rates.switch(step.replenish):
        silent.add(step.replenish)
    if rates.is_decided(step.consent) and rates.text(step.consent) != "written":
        silent.add(step.consent)
    return silent
