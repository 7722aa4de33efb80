"""Applying the ordered steps that use up a surplus, or that cover a loss.

Every step keeps its base, rate, amount and source, so that it can be explained in one
sentence.  Amounts are positive in a loss as well: they say how much of the loss a step
bears.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.division import divide
from coopledger.domain.division import is_divided
from coopledger.domain.division import is_keyed
from coopledger.domain.division import key_of
from coopledger.domain.division import lines_of
from coopledger.domain.kinds import KINDS
from coopledger.domain.kinds import Run
from coopledger.domain.steps import AppliedStep
from coopledger.domain.steps import Appropriation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import Rates
    from coopledger.domain.steps import Step


def appropriate(facts: Facts, steps: Sequence[Step], rates: Rates) -> Appropriation:
    """Apply the steps to a year's result.

    Args:
        facts: The year; a negative pool is a loss, and the steps say who bears it.
        steps: The preset's steps for a surplus or for a loss.
        rates: The parameters in force for the year.

    Returns:
        The appropriation.  No step takes more than what remains.
    """
    run = Run(facts, rates, abs(facts.pool))
    applied = tuple(_apply(step, run) for step in steps)
    return Appropriation(facts.pool, applied, run.remaining)


def _apply(step: Step, run: Run) -> AppliedStep:
    terms = run.signed(step.base)
    base, rate, less = run.total(step.base), run.rate(step), run.signed(step.less)
    skipped = step.skip_in_grace and run.in_grace(step)
    exact = Fraction(0) if skipped else KINDS[step.kind](step, run, base, rate)
    wanted = round_to(exact, run.facts.unit, step.round)
    cap = _cap(step, run)
    amount = _within_limits(step, run, wanted, cap)
    parts = divide(step, run, amount) if is_divided(step) else {}
    if is_divided(step):
        amount = sum(parts.values(), ZERO).quantize(run.facts.unit)
    taken = ZERO if step.treatment == "transfer" else amount
    own = {name: part for (hired, name), part in parts.items() if not hired}
    applied = AppliedStep(
        step=step,
        terms=terms,
        base=base,
        less=less,
        rate=rate,
        amount=amount,
        remaining=run.remaining - taken,
        wanted=wanted,
        cap=cap,
        key=key_of(step, run) if is_keyed(step) else {},
        parts=own,
        hired={name: part for (hired, name), part in parts.items() if hired},
        lines=lines_of(step, run, own),
        sources=_sources(step, run),
    )
    run.remaining -= taken
    run.done[step.id] = amount
    return applied


def _cap(step: Step, run: Run) -> Decimal | None:
    if step.limit is None:
        return None
    return round_to(run.total(step.limit), run.facts.unit, "down")


def _within_limits(
    step: Step, run: Run, wanted: Decimal, cap: Decimal | None
) -> Decimal:
    limits = [] if step.treatment == "transfer" else [run.remaining]
    if cap is not None:
        limits.append(cap)
    return max(ZERO, min([wanted, *limits])).quantize(run.facts.unit)


def _sources(step: Step, run: Run) -> tuple[str, ...]:
    found = [source for name in step.parameters for source in run.rates.sources(name)]
    return tuple(dict.fromkeys([*step.source, *found]))
