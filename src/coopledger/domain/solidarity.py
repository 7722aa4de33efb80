"""Pooling, funds and aid: what enterprises of a federation do together, exactly.

The steps and their order come from the federation's policy.  Each step sees every
enterprise's result as the steps before it left it.  A pool adds up to zero, a fund is
never overdrawn, and aid never exceeds the loss, its cap or the fund.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Literal
from typing import Protocol

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.amounts import split

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

FederalKind = Literal["pool", "fund", "aid"]


@dataclass(frozen=True, slots=True)
class FederalStep:
    """One step that enterprises take together; rates are names of parameters.

    Attributes:
        id: Id.
        title: Name for people.
        kind: ``pool``, ``fund`` or ``aid``.
        nature: Nature of the transfers that come of it.
        rate: Parameter: the part that is taken, or for aid the cap.
        base: Parameter: what a part is taken of.
        of: Role, in place of a base: a part of what the distribution gave to it.
        fund: Name of the fund.
        key: Parameter: what a pool is shared by.
        losses: Parameter: whether losses are pooled as well.
        unit: Parameter: the unit to which parts are rounded, where it is decided.
        source: The text that it rests on.
    """

    id: str
    title: str
    kind: FederalKind
    nature: str
    rate: str
    base: str = ""
    of: str = ""
    fund: str = ""
    key: str = ""
    losses: str = ""
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a federation's steps may ask of one enterprise and its year.

    Attributes:
        id: Its id.
        result: Result before tax and before the year's own pooling, funds and aid.
        tax: Tax on it.
        keys: What a pool may be shared by: ``payroll``, ``members``, ``hours``.
        allocated: What the year's distribution gave to roles.
    """

    id: str
    result: Decimal
    tax: Decimal = ZERO
    keys: Mapping[str, Decimal] = field(default_factory=dict)
    allocated: Mapping[str, Decimal] = field(default_factory=dict)


class FederalRates(Protocol):
    """The federation's decisions, as they hold for one enterprise."""

    def number(self, enterprise: str, name: str) -> Decimal:
        """Return a parameter that is a number."""

    def text(self, enterprise: str, name: str) -> str:
        """Return a parameter that is a word."""

    def switch(self, enterprise: str, name: str) -> bool:
        """Return a parameter that is true or false."""

    def is_decided(self, enterprise: str, name: str) -> bool:
        """Say whether a parameter has a value."""


@dataclass(frozen=True, slots=True)
class Part:
    """One enterprise's part in a step.

    Attributes:
        base: What it was reckoned on.
        rate: At which rate; None where none is decided.
        given: What it gives.
        received: What it receives.
        wanted: What it would receive if there were enough.
    """

    base: Decimal
    rate: Decimal | None
    given: Decimal = ZERO
    received: Decimal = ZERO
    wanted: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What it receives, less what it gives."""
        return self.received - self.given


@dataclass(frozen=True, slots=True)
class FederalShare:
    """A step with every enterprise's part in it.

    Attributes:
        step: The step.
        parts: Part by enterprise.
        fund: What the step's fund holds after it.
    """

    step: FederalStep
    parts: Mapping[str, Part]
    fund: Decimal = ZERO

    @property
    def nets(self) -> dict[str, Decimal]:
        """What each enterprise receives, less what it gives."""
        return {name: part.net for name, part in self.parts.items()}


class WeightlessPoolError(ValueError):
    """A pool that nobody has a weight to share in."""


def share_out(
    steps: Iterable[FederalStep],
    enterprises: Sequence[Standing],
    funds: Mapping[str, Decimal],
    rates: FederalRates,
    unit: Decimal,
) -> list[FederalShare]:
    """Take all steps of a year, one after the other.

    Args:
        steps: The steps, in the order of the federation's policy.
        enterprises: The enterprises, in the order that breaks ties.
        funds: What each fund holds, before anything of the year goes to it.
        rates: The federation's decisions.
        unit: The smallest unit of the currency.

    Raises:
        WeightlessPoolError: There is a pool and nobody has any of its key.
    """
    running = {one.id: one.result for one in enterprises}
    held = dict(funds)
    shares = []
    for step in steps:
        parts = _KINDS[step.kind](_Run(step, enterprises, running, held, rates, unit))
        if step.fund:
            left = sum((part.net for part in parts.values()), ZERO)
            held[step.fund] = held.get(step.fund, ZERO) - left
        if not step.of:
            running = {name: running[name] + part.net for name, part in parts.items()}
        shares.append(FederalShare(step, parts, held.get(step.fund, ZERO)))
    return shares


@dataclass(frozen=True, slots=True)
class _Run:
    """A step in the course of a year."""

    step: FederalStep
    enterprises: Sequence[Standing]
    running: Mapping[str, Decimal]
    funds: Mapping[str, Decimal]
    rates: FederalRates
    unit: Decimal

    def rate(self, enterprise: str) -> Decimal | None:
        """Return the step's rate, or None where the federation decided none."""
        name = self.step.rate
        is_decided = self.rates.is_decided(enterprise, name)
        return self.rates.number(enterprise, name) if is_decided else None

    def base(self, one: Standing) -> Decimal:
        """Return what the step's part of an enterprise is taken of."""
        if self.step.of:
            return one.allocated.get(self.step.of, ZERO)
        word = self.rates.text(one.id, self.step.base) if self.step.base else ""
        return self.running[one.id] - (one.tax if word == "result-after-tax" else ZERO)

    def rounding(self, enterprise: str) -> Decimal:
        """Return the unit to which parts are rounded."""
        name = self.step.unit
        if not name or not self.rates.is_decided(enterprise, name):
            return self.unit
        return max(self.unit, self.rates.number(enterprise, name))


def _pool(run: _Run) -> dict[str, Part]:
    """Take a part of each result, and share what comes together by the key.

    A loss is pooled with its sign: who has one gives less than nothing.
    """
    bases, rates, given, weights = {}, {}, {}, {}
    for one in run.enterprises:
        base, rate = run.base(one), run.rate(one.id)
        if not run.rates.switch(one.id, run.step.losses):
            base = max(ZERO, base)
        bases[one.id], rates[one.id] = base, rate
        given[one.id] = portion(base, rate, run.unit) if rate else ZERO
        if rate is not None:
            key = run.rates.text(one.id, run.step.key)
            weights[one.id] = max(ZERO, one.keys.get(key, ZERO))
    pool = sum(given.values(), ZERO)
    shared = _shared(pool, weights, run.unit)
    return {
        name: Part(bases[name], rates[name], given[name], shared.get(name, ZERO))
        for name in bases
    }


def _shared(
    pool: Decimal, weights: Mapping[str, Decimal], unit: Decimal
) -> dict[str, Decimal]:
    if not pool:
        return {}
    if not any(weights.values()):
        raise WeightlessPoolError
    return split(pool, weights, unit, list(weights))


def _fund(run: _Run) -> dict[str, Part]:
    """Take a part of each result that is positive, for the fund."""
    parts = {}
    for one in run.enterprises:
        base, rate = max(ZERO, run.base(one)), run.rate(one.id)
        unit = run.rounding(one.id)
        given = portion(base, rate, unit).quantize(run.unit) if rate else ZERO
        if given > base:
            # Rounded to a larger unit it would be more than there is.
            given = portion(base, Decimal(1), unit, "down").quantize(run.unit)
        parts[one.id] = Part(base, rate, given=given)
    return parts


def _aid(run: _Run) -> dict[str, Part]:
    """Cover a part of each loss, as far as the fund reaches; in proportion if short."""
    losses = {one.id: max(ZERO, -run.running[one.id]) for one in run.enterprises}
    rates = {name: run.rate(name) for name in losses}
    wanted = {
        name: portion(loss, rates[name] or ZERO, run.unit, "down")
        for name, loss in losses.items()
    }
    total = sum(wanted.values(), ZERO)
    available = max(ZERO, run.funds.get(run.step.fund, ZERO))
    got = wanted
    if total > available:
        units = portion(available, Decimal(1), run.unit, "down")
        got = split(units, wanted, run.unit, list(wanted))
    return {
        name: Part(losses[name], rates[name], received=got[name], wanted=wanted[name])
        for name in losses
    }


_KINDS = {"pool": _pool, "fund": _fund, "aid": _aid}
