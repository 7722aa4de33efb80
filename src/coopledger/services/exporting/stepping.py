"""Formulas of one step: what it starts from, and what it takes.

They follow `coopledger.domain.appropriation` kind by kind, on whole units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import is_whole
from coopledger.domain.amounts import round_to
from coopledger.domain.division import is_keyed
from coopledger.domain.steps import split_term
from coopledger.services.exporting.arithmetic import literal
from coopledger.services.exporting.naming import amount_name
from coopledger.services.exporting.naming import fact_name
from coopledger.services.exporting.naming import slug
from coopledger.services.exporting.subject import MEMBERS
from coopledger.services.exporting.wanting import EXACT
from coopledger.services.exporting.wanting import VALUED
from coopledger.services.exporting.wanting import WANTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.domain.steps import AppliedStep
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.subject import Subject


@dataclass(frozen=True, slots=True)
class Stepping:
    """One step, and where its figures stand.

    Attributes:
        subject: The year.
        applied: The step with its figures.
        at: Addresses of the cells of its row.
        before: What remained before it: an address or a name.
    """

    subject: Subject
    applied: AppliedStep
    at: Addresses
    before: str

    def elsewhere(self, draft: Draft) -> Stepping:
        """Return the same with addresses as other sheets write them."""
        at = {key: draft.elsewhere(address) for key, address in self.at.items()}
        is_address = re.fullmatch(r"[A-Z]+\d+", self.before)
        before = draft.elsewhere(self.before) if is_address else self.before
        return replace(self, at=at, before=before)

    # --- sums of terms ----------------------------------------------------------------

    @property
    def earlier(self) -> dict[str, Decimal]:
        """Amounts of the steps before this one."""
        amounts: dict[str, Decimal] = {}
        for applied in self.subject.steps:
            if applied is self.applied:
                break
            amounts[applied.step.id] = applied.amount
        return amounts

    def named(self, term: str) -> str:
        """Return a term without its sign as formulas call it."""
        _, factor, name = split_term(term)
        called = self._called(name)
        if not factor:
            return called
        return self.subject.arithmetic.times(called, slug(factor), "nearest")

    def _called(self, name: str) -> str:
        kind, _, step = name.partition(":")
        if name == "remaining":
            return self.before
        if kind == "step":
            return amount_name(step) if step in self.earlier else "0"
        if kind == "spill":
            return literal(self._spilled(step))
        return fact_name(name)

    def total(self, terms: Sequence[str]) -> str:
        """Add signed terms up; below zero counts as zero."""
        if not terms:
            return "0"
        signed = "".join(
            f"{'-' if split_term(term)[0] < 0 else '+'}{self.named(term)}"
            for term in terms
        )
        return f"MAX(0,{self.subject.arithmetic.net(signed.removeprefix('+'))})"

    def value(self, terms: Sequence[str]) -> Decimal:
        """Return what `total` comes to."""
        return max(ZERO, sum(map(self._value, terms), ZERO))

    def _value(self, term: str) -> Decimal:
        sign, factor, name = split_term(term)
        amount = self._fact(name)
        if factor and amount:
            rate = self.subject.settings[factor].value
            exact = Fraction(str(rate)) * Fraction(amount)
            amount = round_to(exact, self.subject.facts.unit)
        return sign * amount

    def _fact(self, name: str) -> Decimal:
        kind, _, step = name.partition(":")
        if name == "remaining":
            return self.remained
        if kind == "step":
            return self.earlier.get(step, ZERO)
        if kind == "spill":
            return self._spilled(step)
        if name == "loss":
            return self.subject.loss
        return self.subject.facts.terms.get(name, ZERO)

    def _spilled(self, step: str) -> Decimal:
        """Return what an earlier step could give to nobody of those who divide it."""
        for applied in self.subject.steps:
            if applied.step.id == step and (applied.parts or applied.key):
                return applied.divided - applied.amount
        return ZERO

    @property
    def remained(self) -> Decimal:
        """What remained before the step."""
        return self.applied.remaining + self.taking * self.applied.amount

    @property
    def taking(self) -> int:
        """Times that the amount is taken from what remains: 1, 0 or -1."""
        return self.subject.taking(self.applied.step)

    # --- rate and amount --------------------------------------------------------------

    @property
    def in_grace(self) -> str:
        """Say whether the year is one of the first, as a formula."""
        return f"{fact_name('index')}<={slug(self.applied.step.grace)}"

    def rate(self) -> str:
        """Return the rate of a step that has one, as a formula."""
        step = self.applied.step
        sums = [cap.split("+") for cap in step.caps]
        caps = [
            "+".join(map(slug, names))
            for names in sums
            if all(name in self.subject.settings for name in names)
        ]
        named = slug(step.rate)
        least = f"MIN({','.join([named, *caps])})" if caps else named
        return f"IF({self.in_grace},1,{least})" if step.grace else least

    @property
    def is_decided(self) -> bool:
        """Whether every parameter of the step has a value, caps left aside."""
        step = self.applied.step
        needed = set(step.parameters) - set(step.capping)
        return needed <= self.subject.settings.keys()

    @property
    def called(self) -> set[str]:
        """Numeric parameters that the step's formulas call, so that they may change."""
        step = self.applied.step
        if not self.is_live or step.kind in VALUED:
            return set()
        names = {step.rate, step.slice, step.years, step.excess, step.grace}
        factors = {split_term(term)[1] for term in step.terms}
        known = self.subject.settings.keys()
        cash = {step.cash} if self.is_plain else set()
        called = names | factors | {*step.capping} & known | cash
        return {name for name in called if name}

    # --- members' parts ---------------------------------------------------------------

    def is_set(self, parameter: str) -> bool:
        """Whether a parameter is there and says more than nothing."""
        setting = self.subject.settings.get(parameter)
        return setting is not None and setting.value not in {
            Decimal(0),
            False,
            "bylaw",
            "check",
        }

    @property
    def has_parts(self) -> bool:
        """Whether people have anything of the step, or would have at another rate."""
        people = bool(self.applied.parts or self.applied.hired)
        return people and (self.applied.amount != 0 or not self._is_barred)

    @property
    def _is_barred(self) -> bool:
        """Whether the step takes nothing at any rate: there is nothing to take it of.

        What was booked of it in spite of that is shown.
        """
        step = self.applied.step
        if any(leg.step == step.id for _, leg in self.subject.posted.legs()):
            return False
        sums = (step.base, *step.limits)
        return any(all(map(_stands, terms)) and not self.value(terms) for terms in sums)

    @property
    def is_split(self) -> bool:
        """Whether parts are what an exact split by weights gives, and nothing less."""
        step = self.applied.step
        is_cut = any(
            map(self.is_set, (step.part_cap, step.part_limit, step.part_floor))
        )
        return (is_keyed(step) or step.kind == MEMBERS) and not is_cut

    @property
    def is_plain(self) -> bool:
        """Whether a part is only money and one kind of paper, by a formula."""
        step = self.applied.step
        special = (step.withholding, step.cash_below, step.consent, step.replenish)
        return self.is_split and not any(map(self.is_set, special))

    def share(self, base: str) -> str:
        """Take the step's rate of a base, rounded as the step says."""
        arithmetic, rounding = self.subject.arithmetic, self.applied.step.round
        if not self.applied.step.rate:
            return base if arithmetic.is_whole else arithmetic.whole(base, rounding)
        return arithmetic.times(base, self.at["rate"], rounding)

    def allowed(self) -> str:
        """Return what the step takes: what it wants, within its limits."""
        wanted = WANTED[self.applied.step.kind](self)
        if self.applied.step.skip_in_grace:
            wanted = f"IF({self.in_grace},0,{wanted})"
        limits = [self.before] if self.taking else []
        if self.applied.step.limits:
            limit, arithmetic = self.at["limit"], self.subject.arithmetic
            whole = limit if arithmetic.is_whole else arithmetic.whole(limit, "down")
            limits.append(whole)
        least = f"MIN({','.join([wanted, *limits])})" if limits else wanted
        return f"MAX(0,{self.subject.arithmetic.net(least)})"

    @property
    def is_live(self) -> bool:
        """Whether formulas may stand for the step's figures at all."""
        return self.subject.arithmetic.is_exact and self.is_decided

    @property
    def is_exact(self) -> bool:
        """Whether a formula gives the amount to the last unit."""
        unit, step = self.subject.facts.unit, self.applied.step
        if not self.is_live or step.kind not in WANTED or step.when:
            return False
        if not is_whole(self.value(step.less), unit):
            return False
        exact = EXACT.get(step.kind)
        return exact is None or exact(self)


def _stands(term: str) -> bool:
    """Say whether a term is as it is, whatever rates are chosen."""
    _, factor, name = split_term(term)
    is_running = name == "remaining" or name.startswith(("step:", "spill:"))
    return not factor and not is_running


def planned(subject: Subject) -> list[Stepping]:
    """Return the steps of a year before any sheet has addresses for them."""
    return [Stepping(subject, applied, {}, "") for applied in subject.steps]
