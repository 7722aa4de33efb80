"""What each kind of step asks for: small functions in one table.

A kind is a function of the step, the run so far, the base and the rate; it returns the
exact amount that the step wants, before rounding and before its limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import Protocol

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_each
from coopledger.domain.amounts import round_to
from coopledger.domain.steps import split_term
from coopledger.domain.weights import Weights
from coopledger.domain.words import money
from coopledger.domain.words import percent

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from coopledger.domain.steps import Facts
    from coopledger.domain.steps import PastYear
    from coopledger.domain.steps import Step

ONE = Decimal(1)

#: The base of interest: capital by the time it stood; ``capital.by-time:ROLE`` is that
#: of one role.
BY_TIME = "capital.by-time"

#: What is fixed before the result is known, and comes off it whatever it is.
CHARGES = frozenset({"per-unit"})


class Rates(Protocol):
    """Gives the value of a parameter for the year, and its sources."""

    def number(self, name: str) -> Decimal:
        """Return a parameter that is a number."""

    def text(self, name: str) -> str:
        """Return a parameter that is a word."""

    def is_decided(self, name: str) -> bool:
        """Say whether a parameter has a value at all."""

    def switch(self, name: str) -> bool:
        """Return a parameter that is true or false."""

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the texts that the value rests on."""


@dataclass(slots=True)
class Run:
    """The state while the steps are applied."""

    facts: Facts
    rates: Rates
    remaining: Decimal
    done: dict[str, Decimal] = field(default_factory=dict)
    spilled: dict[str, Decimal] = field(default_factory=dict)

    @property
    def is_loss(self) -> bool:
        """Whether the steps say who bears a loss."""
        loss = self.facts.terms.get("loss", ZERO)
        return self.facts.pool < 0 or loss > 0

    def term(self, term: str) -> Decimal:
        """Return a signed term: a fact, or a parameter times a fact."""
        sign, factor, name = split_term(term)
        amount = self._fact(name)
        # Nothing is nothing at any rate, decided or not.
        if factor and amount:
            exact = Fraction(self.rates.number(factor)) * Fraction(amount)
            amount = round_to(exact, self.facts.unit)
        return sign * amount if amount else amount

    def _fact(self, name: str) -> Decimal:
        if name == "remaining":
            return self.remaining
        if name.startswith("step:"):
            return self.done.get(name.removeprefix("step:"), ZERO)
        if name.startswith("spill:"):
            return self.spilled.get(name.removeprefix("spill:"), ZERO)
        return self.facts.terms.get(name, ZERO)

    def signed(self, terms: Sequence[str]) -> tuple[tuple[str, Decimal], ...]:
        """Return terms with their amounts."""
        return tuple((term, self.term(term)) for term in terms)

    def total(self, terms: Sequence[str]) -> Decimal:
        """Return the sum of terms; below zero counts as zero."""
        return max(ZERO, sum((amount for _, amount in self.signed(terms)), ZERO))

    def unmet(self, step: Step) -> tuple[tuple[str, Decimal], ...]:
        """Return the first condition of a step that does not hold, with its figures."""
        for terms in step.when:
            signed = self.signed(terms)
            if sum((amount for _, amount in signed), ZERO) <= 0:
                return signed
        return ()

    def in_grace(self, step: Step) -> bool:
        """Say whether the year is one of the step's start-up years."""
        return bool(step.grace) and self.facts.index <= self.rates.number(step.grace)

    def rate(self, step: Step) -> Decimal | None:
        """Return the step's rate under its caps; None where it has none."""
        if not step.rate:
            return None
        if self.in_grace(step):
            return ONE
        return min([self.rates.number(step.rate), *caps_of(step, self.rates)])


def caps_of(step: Step, rates: Rates) -> list[Decimal]:
    """Return the caps on a step's rate; one that nobody decided caps nothing."""
    sums = [cap.split("+") for cap in step.caps]
    return [
        sum((rates.number(name) for name in names), ZERO)
        for names in sums
        if all(rates.is_decided(name) for name in names)
    ]


def _share(_step: Step, _run: Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """A rate of the base, or all of it."""
    return Fraction(base) * Fraction(ONE if rate is None else rate)


def _top_up(step: Step, run: Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """A rate of the base, less what counts towards that target already."""
    return _share(step, run, base, rate) - Fraction(run.total(step.less))


def _slice(step: Step, run: Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """A first slice of the base wholly, then a rate of the rest."""
    first = _first_slice(step, run, base)
    return Fraction(first) + _share(step, run, base - first, rate)


def _first_slice(step: Step, run: Run, base: Decimal) -> Decimal:
    return min(base, run.rates.number(step.slice))


def _alpha(step: Step, run: Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """Base * base / (base + against), never under the floor, less what counts."""
    floor = Fraction(ZERO if rate is None else rate)
    alpha = max(floor, _weighed(step, run, base))
    return Fraction(base) * alpha - Fraction(run.total(step.less))


def _weighed(step: Step, run: Run, base: Decimal) -> Fraction:
    whole = Fraction(base + run.total(step.against))
    return Fraction(base) / whole if base else Fraction(0)


def _offset(step: Step, run: Run, base: Decimal, rate: Decimal | None) -> Fraction:
    """Prior losses that the surplus makes good."""
    return _share(step, run, base, rate)


def _rest(_step: Step, run: Run, _base: Decimal, _rate: Decimal | None) -> Fraction:
    """All that remains."""
    return Fraction(run.remaining)


def _average(step: Step, run: Run, base: Decimal, _rate: Decimal | None) -> Fraction:
    """The recent average share put into reserves, and what exceeds part of capital."""
    return Fraction(base) * _mean(step, run) + Fraction(_excess(step, run))


def _mean(step: Step, run: Run) -> Fraction:
    counted = step.counts or (step.role,)
    years = int(run.rates.number(step.years))
    recent = recent_years(run.facts.history, step, years)
    return recent_average(recent, counted, years, step.against)


def _excess(step: Step, run: Run) -> Decimal:
    if not step.excess:
        return ZERO
    # Entry fees are part of the mandatory reserve wherever the law knows both.
    held = run.term(f"balance:{step.role}") + run.term("balance:entry-fees")
    return max(ZERO, held - run.rates.number(step.excess) * run.term("capital"))


def recent_years(
    history: Sequence[PastYear], step: Step, years: int
) -> Sequence[PastYear]:
    """Return the years that an average looks at: the last ones, or all there are.

    Args:
        history: Earlier years, oldest first.
        step: The step; of years with a surplus the last ones count anyway.
        years: How many years it looks back.
    """
    if step.lookback != "years" or not history:
        return history
    first = history[-1].label - years
    return [year for year in history if year.label > first]


def recent_average(
    history: Sequence[PastYear],
    counts: Sequence[str],
    years: int,
    base: Sequence[str] = (),
) -> Fraction:
    """Return the mean share of the surplus that recent years put somewhere.

    Args:
        history: Earlier years, oldest first.
        counts: The roles, or steps as ``step:ID``, whose allocations count.
        years: How many years with a surplus to look back.
        base: Terms that make a year's surplus; default: all of it.

    Returns:
        The mean of each year's share, between 0 and 1; 0 without history.
    """
    bases = [(year, surplus_of(year, base)) for year in history]
    recent = [(year, surplus) for year, surplus in bases if surplus > 0][-years:]
    shares = [
        Fraction(sum((year.allocated.get(name, ZERO) for name in counts), ZERO))
        / Fraction(surplus)
        for year, surplus in recent
    ]
    if not shares:
        return Fraction(0)
    return min(Fraction(1), sum(shares, Fraction(0)) / len(shares))


def surplus_of(year: PastYear, base: Sequence[str]) -> Decimal:
    """Return what a past year's allocations are measured by: terms, or its surplus."""
    if not base:
        return year.surplus
    signed = [split_term(term) for term in base]
    return sum((sign * year.terms.get(name, ZERO) for sign, _, name in signed), ZERO)


def _each(step: Step, run: Run, _base: Decimal, rate: Decimal | None) -> Fraction:
    """The rate of what each member has, each part rounded."""
    exact = counted_by(step, run.facts).times(rate or ZERO)
    return Fraction(sum(round_each(exact, run.facts.unit).values(), ZERO))


def counted_by(step: Step, facts: Facts) -> Weights[str]:
    """Return what a rate is paid for, by member: units, or capital by time.

    Args:
        step: A step of kind ``per-unit`` or ``interest``.
        facts: The year.

    Returns:
        Quantity of patronage; or capital by the time it stood, of all roles or of
        those that the step's base names; nothing where interest is booked already.
    """
    if step.kind in CHARGES:
        return Weights.of(facts.units_for(step))
    if facts.terms.get("interest"):
        # The books have the year's interest already: a co-op may reckon it itself.
        return Weights({})
    signed = [(sign, name) for sign, _, name in map(split_term, step.base)]
    roles = [
        (sign, role)
        for sign, name in signed
        if (role := name.removeprefix(f"{BY_TIME}:")) != name
    ]
    if not roles:
        return _of_classes(step, facts, Weights.of(facts.capital_time))
    total: Weights[str] = Weights({})
    for sign, role in roles:
        own = Weights.of(facts.capital_time_by.get(role, {}))
        total = total.plus(own.times(Decimal(sign)))
    return _of_classes(step, facts, total.above_zero)


def _of_classes(step: Step, facts: Facts, amounts: Weights[str]) -> Weights[str]:
    if not step.classes:
        return amounts
    return amounts.of_people(m for m in amounts if facts.classes.get(m) in step.classes)


KINDS: dict[str, Callable[[Step, Run, Decimal, Decimal | None], Fraction]] = {
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
    "interest": _each,
    "per-unit": _each,
}


# --- what a kind makes of its base, in words ------------------------------------------

#: How finely a share that was worked out is shown; nothing is reckoned with it.
_SHOWN = Decimal("0.000001")


def _say_average(step: Step, run: Run, _base: Decimal, _rate: Decimal | None) -> str:
    mean = percent(round_to(_mean(step, run), _SHOWN))
    excess = round_to(_excess(step, run), run.facts.unit)
    above = f"{money(excess)} held above its part of capital, and " if excess else ""
    return f"{above}the recent average of {mean} of "


def _say_alpha(step: Step, run: Run, base: Decimal, rate: Decimal | None) -> str:
    weighed = round_to(_weighed(step, run, base), _SHOWN)
    if rate is not None and rate >= weighed:
        return f"the floor of {percent(rate)} (alpha {percent(weighed)}) of "
    against = run.total(step.against)
    return f"alpha {percent(weighed)} (weighed against {money(against)}) of "


def _say_slice(step: Step, run: Run, base: Decimal, rate: Decimal | None) -> str:
    first = money(_first_slice(step, run, base))
    rest = percent(ONE if rate is None else rate)
    return f"{first} whole, then {rest} of the rest of "


def _say_interest(_step: Step, run: Run, _base: Decimal, rate: Decimal | None) -> str:
    booked = run.facts.terms.get("interest")
    if not booked or rate is None:
        return ""
    return f"nothing beside the {money(booked)} booked already for {percent(rate)} of "


HOW: dict[str, Callable[[Step, Run, Decimal, Decimal | None], str]] = {
    "interest": _say_interest,
    "average": _say_average,
    "alpha": _say_alpha,
    "slice": _say_slice,
}
