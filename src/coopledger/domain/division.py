"""Who divides a step's amount, by which key, and what becomes of each part.

Members and hired workers may divide one amount; parts always add up to it, or to less
where somebody's own capital or a cap limits a part (what is above is never moved to the
others silently).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split
from coopledger.domain.kinds import counted_by
from coopledger.domain.kinds import parts_of_each
from coopledger.domain.steps import Line

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from coopledger.domain.kinds import Run
    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import Step

#: A member, or a hired worker; the two may bear the same name.
Person = tuple[bool, str]

#: Kinds whose amount is divided although the step does not say among whom.
_DIVIDED = frozenset({"patronage", "per-unit", "interest", "members"})


def is_divided(step: Step) -> bool:
    """Say whether a step's amount is divided among people."""
    return bool(step.among) or step.kind in _DIVIDED


def is_keyed(step: Step) -> bool:
    """Say whether a step is divided by patronage, capital or equally."""
    return is_divided(step) and step.kind not in _DIVISIONS


def divide(
    step: Step, run: Run, amount: Decimal, key: Mapping[Person, Fraction]
) -> dict[Person, Decimal]:
    """Divide a step's amount.

    Args:
        step: A step that is divided.
        run: The run so far.
        amount: What the step takes, within its limits.
        key: Exact weight by person, for steps that have a key.

    Returns:
        Part by person, ``(False, member)`` or ``(True, hired worker)``, in the order
        that breaks ties.  Parts add up to the amount, or to less where a cap or
        somebody's capital limits them; nothing where nobody has any weight.
    """
    if is_keyed(step):
        return _by_key(step, run, amount, key)
    return _DIVISIONS[step.kind](step, run, amount)


def key_of(step: Step, run: Run) -> dict[Person, Fraction]:
    """Return the exact weight of everybody who divides a step."""
    facts = run.facts
    weights = facts.weights_for(step)
    own: Mapping[str, Fraction] = {
        "patronage": weights,
        "capital": _capital_of(step, facts),
        "equal": dict.fromkeys(weights, Fraction(1)),
    }[step.by]
    if step.seniority_step:
        own = {m: w * _seniority(step, run, m) for m, w in own.items()}
    key = {(False, member): weight for member, weight in own.items()}
    if step.among == "workers":
        factor = (
            run.rates.number(step.hired_weight) if step.hired_weight else Decimal(1)
        )
        hired = facts.hired_weights
        if step.by == "equal":
            hired = dict.fromkeys(hired, Fraction(1))
        key |= {(True, name): w * Fraction(factor) for name, w in hired.items()}
    return {person: weight for person, weight in key.items() if weight}


def _capital_of(step: Step, facts: Facts) -> dict[str, Fraction]:
    return {
        member: Fraction(capital)
        for member, capital in facts.capital.items()
        if capital > 0
        and (not step.classes or facts.classes.get(member) in step.classes)
    }


def _seniority(step: Step, run: Run, member: str) -> Fraction:
    gained = run.rates.number(step.seniority_step) * run.facts.seniority.get(member, 0)
    coefficient = 1 + Fraction(gained)
    if step.seniority_cap:
        coefficient = min(coefficient, Fraction(run.rates.number(step.seniority_cap)))
    return coefficient


def split_among(
    amount: Decimal, key: Mapping[Person, Fraction], facts: Facts
) -> dict[Person, Decimal]:
    """Split an amount exactly by a key; nothing when nobody has any weight."""
    if not key:
        return {}
    hired = sorted(person for person in key if person[0])
    order = [*((False, member) for member in facts.order), *hired]
    return split(amount, key, facts.unit, order)


def _by_key(
    step: Step, run: Run, amount: Decimal, key: Mapping[Person, Fraction]
) -> dict[Person, Decimal]:
    floor = run.rates.number(step.part_floor) if step.part_floor else ZERO
    cap = _part_cap(step, run, amount)
    parts = split_among(amount, key, run.facts)
    if step.left_over == "others":
        own = {person: key[person] for person, part in parts.items() if part >= floor}
        parts = _below(cap, amount, own, run.facts)
    elif cap is not None:
        parts = {person: min(part, cap) for person, part in parts.items()}
    return {person: part for person, part in parts.items() if part >= floor}


def _part_cap(step: Step, run: Run, amount: Decimal) -> Decimal | None:
    """Return the most that one person may have of a step."""
    caps = []
    if step.part_cap:
        share = Fraction(run.rates.number(step.part_cap))
        caps.append(round_to(share * Fraction(amount), run.facts.unit, "down"))
    if step.part_limit:
        caps.append(run.rates.number(step.part_limit))
    return min(caps, default=None)


def _below(
    cap: Decimal | None, amount: Decimal, key: Mapping[Person, Fraction], facts: Facts
) -> dict[Person, Decimal]:
    """Divide an amount so that what is above somebody's cap goes to the others."""
    full: dict[Person, Decimal] = {}
    while True:
        others = {person: w for person, w in key.items() if person not in full}
        left = amount - sum(full.values(), ZERO)
        parts = split_among(left, others, facts)
        above = [p for p, part in parts.items() if cap is not None and part > cap]
        if not above:
            done = {**full, **parts}
            return {person: done[person] for person in key if person in done}
        full |= dict.fromkeys(above, cap or ZERO)


def _of_loss(_step: Step, run: Run, amount: Decimal) -> dict[Person, Decimal]:
    """Divide a loss by patronage; nobody bears more than their own capital."""
    facts = run.facts
    key = {(False, member): weight for member, weight in facts.loss_weights.items()}
    return {
        person: min(part, max(ZERO, facts.capital.get(person[1], ZERO)))
        for person, part in split_among(amount, key, facts).items()
    }


def _of_each(step: Step, run: Run, amount: Decimal) -> dict[Person, Decimal]:
    """Round each part; where a limit binds, scale all of them exactly."""
    unit = run.facts.unit
    exact = parts_of_each(counted_by(step, run.facts), run.rate(step))
    parts = {(False, m): round_to(part, unit) for m, part in exact.items()}
    if sum(parts.values(), ZERO) == amount:
        return {
            (False, member): parts[False, member]
            for member in run.facts.order
            if parts.get((False, member))
        }
    key = {(False, member): part for member, part in exact.items()}
    return split_among(amount, key, run.facts)


_DIVISIONS: dict[str, Callable[[Step, Run, Decimal], dict[Person, Decimal]]] = {
    "members": _of_loss,
    "interest": _of_each,
    "per-unit": _of_each,
}


# --- what becomes of a part -----------------------------------------------------------


def lines_of(
    step: Step,
    run: Run,
    parts: Mapping[str, Decimal],
    key: Mapping[Person, Fraction],
) -> tuple[Line, ...]:
    """Return what is paid, retained and withheld of each member's part."""
    if step.kind == "members":
        return ()
    counted = {} if is_keyed(step) else counted_by(step, run.facts)
    return tuple(
        _line(step, run, member, part, counted.get(member) or key[False, member])
        for member, part in parts.items()
    )


def _line(step: Step, run: Run, member: str, part: Decimal, weight: Fraction) -> Line:
    cash = _cash(step, run, part)
    rate = run.rates.number(step.withholding) if step.withholding else ZERO
    paper = part - cash
    replenished = min(paper, _deficit(step, run, member))
    rest = paper - replenished
    is_qualified = _is_qualified(step, run, member)
    return Line(
        member=member,
        weight=weight,
        amount=part,
        cash=cash,
        retained=rest if is_qualified else ZERO,
        nonqualified=ZERO if is_qualified else rest,
        withheld=portion(cash, rate, run.facts.unit),
        replenished=replenished,
    )


def _cash(step: Step, run: Run, part: Decimal) -> Decimal:
    if step.cash_below and part <= run.rates.number(step.cash_below):
        return part
    share = run.rates.number(step.cash) if step.cash else ZERO
    # A qualified notice needs at least its share in money for each patron (26 U.S.C.
    # 1388(c)(1)), therefore the cash part is rounded up, never to the nearest.
    return min(part, portion(part, share, run.facts.unit, "up"))


def _deficit(step: Step, run: Run, member: str) -> Decimal:
    if not step.replenish or not run.rates.switch(step.replenish):
        return ZERO
    return run.facts.deficits.get(member, ZERO)


def _is_qualified(step: Step, run: Run, member: str) -> bool:
    """Say whether what is retained is not nonqualified (26 U.S.C. 1388(c))."""
    notice = run.rates.text(step.notice) if step.notice else "capitalised"
    if notice != "qualified" or not step.consent:
        return notice != "nonqualified"
    return run.rates.text(step.consent) == "bylaw" or member in run.facts.consents
