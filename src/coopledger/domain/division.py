"""Who divides a step's amount, by which key, and what becomes of each part.

Members and hired workers may divide one amount; parts always add up to it, or to less
where somebody's own capital or a cap limits a part (what is above is never moved to the
others silently).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portions_at
from coopledger.domain.amounts import round_each
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split
from coopledger.domain.amounts import split_as_listed
from coopledger.domain.kinds import counted_by
from coopledger.domain.steps import Line
from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from decimal import Decimal

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
    step: Step, run: Run, amount: Decimal, key: Weights[Person]
) -> dict[Person, Decimal]:
    """Divide a step's amount.

    Args:
        step: A step that is divided.
        run: The run so far.
        amount: What the step takes, within its limits.
        key: Exact weight by person, in the order that breaks ties.

    Returns:
        Part by person, ``(False, member)`` or ``(True, hired worker)``, in the order
        of the key.  Parts add up to the amount, or to less where a cap or somebody's
        capital limits them; nothing where nobody has any weight.
    """
    return _DIVISIONS.get(step.kind, _by_key)(step, run, amount, key)


def key_of(step: Step, run: Run) -> Weights[Person]:
    """Return the exact weight of everybody who divides a step.

    People are listed in the order that breaks ties: members as they joined, then
    hired workers by name.
    """
    own = _own_weights(step, run.facts)
    if step.seniority_step:
        own = Weights.of({m: w * _seniority(step, run, m) for m, w in own.items()})
    numbers = own.numbers
    listed: dict[Person, int] = {
        (False, member): numbers[member]
        for member in run.facts.order
        if numbers.get(member)
    }
    return Weights(listed, own.per).plus(_hired_weights(step, run))


def _own_weights(step: Step, facts: Facts) -> Weights[str]:
    """Return the weights of members, before seniority."""
    if step.kind == "members":
        return Weights.of(facts.loss_weights)
    if step.kind in _DIVISIONS:
        return counted_by(step, facts)
    if step.by == "capital":
        return _capital_of(step, facts)
    weights = Weights.of(facts.weights_for(step))
    return Weights(dict.fromkeys(weights, 1)) if step.by == "equal" else weights


def _hired_weights(step: Step, run: Run) -> Weights[Person]:
    """Return the weights of hired workers, where they divide with the members."""
    if step.among != "workers" or not is_keyed(step):
        return Weights({})
    own = Weights.of(run.facts.hired_weights)
    if step.by == "equal":
        own = Weights(dict.fromkeys(own, 1))
    if step.hired_weight:
        own = own.times(run.rates.number(step.hired_weight))
    numbers = own.numbers
    return Weights({(True, n): numbers[n] for n in sorted(own) if numbers[n]}, own.per)


def _capital_of(step: Step, facts: Facts) -> Weights[str]:
    return Weights.of(
        {
            member: capital
            for member, capital in facts.capital.items()
            if capital > 0
            and (not step.classes or facts.classes.get(member) in step.classes)
        }
    )


def _seniority(step: Step, run: Run, member: str) -> Fraction:
    gained = run.rates.number(step.seniority_step) * run.facts.seniority.get(member, 0)
    coefficient = 1 + Fraction(gained)
    if step.seniority_cap:
        coefficient = min(coefficient, Fraction(run.rates.number(step.seniority_cap)))
    return coefficient


def split_among(
    amount: Decimal, key: Weights[Person], facts: Facts
) -> dict[Person, Decimal]:
    """Split an amount exactly by a key in any order; nothing when it is empty."""
    hired = sorted(person for person in key if person[0])
    order = [*((False, member) for member in facts.order), *hired]
    return split(amount, key, facts.unit, order) if key else {}


def _split(
    amount: Decimal, key: Weights[Person], facts: Facts
) -> dict[Person, Decimal]:
    """Split an amount exactly by a step's key, which is in order."""
    return split_as_listed(amount, key, facts.unit) if key else {}


def _by_key(
    step: Step, run: Run, amount: Decimal, key: Weights[Person]
) -> dict[Person, Decimal]:
    floor = run.rates.number(step.part_floor) if step.part_floor else ZERO
    cap = _part_cap(step, run, amount)
    parts = _split(amount, key, run.facts)
    if step.left_over == "others":
        own = key.of_people(p for p, part in parts.items() if part >= floor)
        parts = _below(cap, amount, own, run.facts)
    elif cap is not None:
        parts = {person: min(part, cap) for person, part in parts.items()}
    if floor:
        parts = {person: part for person, part in parts.items() if part >= floor}
    return parts


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
    cap: Decimal | None, amount: Decimal, key: Weights[Person], facts: Facts
) -> dict[Person, Decimal]:
    """Divide an amount so that what is above somebody's cap goes to the others."""
    full: dict[Person, Decimal] = {}
    while True:
        others = key.of_people(person for person in key if person not in full)
        left = amount - sum(full.values(), ZERO)
        parts = _split(left, others, facts)
        above = [p for p, part in parts.items() if cap is not None and part > cap]
        if not above:
            done = {**full, **parts}
            return {person: done[person] for person in key if person in done}
        full |= dict.fromkeys(above, cap or ZERO)


def _of_loss(
    _step: Step, run: Run, amount: Decimal, key: Weights[Person]
) -> dict[Person, Decimal]:
    """Divide a loss by patronage; nobody bears more than their own capital."""
    facts = run.facts
    return {
        person: min(part, max(ZERO, facts.capital.get(person[1], ZERO)))
        for person, part in _split(amount, key, facts).items()
    }


def _of_each(
    step: Step, run: Run, amount: Decimal, key: Weights[Person]
) -> dict[Person, Decimal]:
    """Round each part; where a limit binds, scale all of them exactly."""
    exact = key.times(run.rate(step) or ZERO)
    parts = round_each(exact, run.facts.unit)
    if sum(parts.values(), ZERO) == amount:
        return {person: part for person, part in parts.items() if part}
    return _split(amount, exact, run.facts)


_DIVISIONS: dict[
    str, Callable[[Step, Run, Decimal, Weights[Person]], dict[Person, Decimal]]
] = {
    "members": _of_loss,
    "interest": _of_each,
    "per-unit": _of_each,
}


# --- what becomes of a part -----------------------------------------------------------


def lines_of(step: Step, run: Run, parts: Mapping[str, Decimal]) -> tuple[Line, ...]:
    """Return what is paid, retained and withheld of each member's part."""
    if step.kind == "members" or not parts:
        return ()
    terms = _Terms.of(step, run, max(parts.values()))
    return tuple([terms.line(member, part) for member, part in parts.items()])


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a step makes of each member's part, the same for everybody.

    Attributes:
        cash_below: Parts up to it are paid wholly in money.
        in_cash: Gives what is paid of a part above.
        withheld: Gives what is withheld of what is paid.
        deficits: What members' parts make good first.
        qualified: Whether notices are qualified; None where each member's consent
            tells.
        consents: Members whose consent is on record.
    """

    cash_below: Decimal
    in_cash: Callable[[Decimal], Decimal]
    withheld: Callable[[Decimal], Decimal]
    deficits: Mapping[str, Decimal]
    qualified: bool | None
    consents: frozenset[str]

    @classmethod
    def of(cls, step: Step, run: Run, largest: Decimal) -> _Terms:
        """Read them once for all parts, of which the largest is given."""
        rates, unit = run.rates, run.facts.unit
        cash_below = rates.number(step.cash_below) if step.cash_below else -unit
        is_shared = bool(step.cash) and largest > cash_below
        cash = rates.number(step.cash) if is_shared else ZERO
        rate = rates.number(step.withholding) if step.withholding else ZERO
        replenishes = bool(step.replenish) and rates.switch(step.replenish)
        return cls(
            cash_below=cash_below,
            # A qualified notice needs at least its share in money for each patron (26
            # U.S.C. 1388(c)(1)), therefore it is rounded up, never to the nearest.
            in_cash=portions_at(cash, unit, "up"),
            withheld=portions_at(rate, unit),
            deficits=run.facts.deficits if replenishes else {},
            qualified=_qualified(step, run),
            consents=run.facts.consents,
        )

    def line(self, member: str, part: Decimal) -> Line:
        """Return what becomes of one member's part."""
        is_small = part <= self.cash_below
        cash = part if is_small else min(part, self.in_cash(part))
        paper = part - cash
        replenished = min(paper, self.deficits.get(member, ZERO))
        rest = paper - replenished
        qualified = self.qualified
        if qualified is None:
            qualified = member in self.consents
        retained, nonqualified = (rest, ZERO) if qualified else (ZERO, rest)
        withheld = self.withheld(cash)
        return Line(member, part, cash, retained, nonqualified, withheld, replenished)


def _qualified(step: Step, run: Run) -> bool | None:
    """Say whether what is retained is not nonqualified (26 U.S.C. 1388(c)).

    None where that depends on each member's written consent.
    """
    notice = run.rates.text(step.notice) if step.notice else "capitalised"
    if notice != "qualified" or not step.consent:
        return notice != "nonqualified"
    return True if run.rates.text(step.consent) != "written" else None
