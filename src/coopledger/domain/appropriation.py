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
from typing import Literal
from typing import Protocol

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import Rounding
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

ONE = Decimal(1)

Treatment = Literal["appropriation", "expense"]


class Rates(Protocol):
    """Gives the value of a parameter for the year, and its sources."""

    def number(self, name: str) -> Decimal:
        """Return a parameter that is a number."""

    def text(self, name: str) -> str:
        """Return a parameter that is a word."""

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the texts that the value rests on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the preset states it; names are parameters, terms are facts.

    Attributes:
        id: Id, used as `coop-step` in the books.
        title: What the step is, for people.
        kind: Key of `KINDS`.
        base: Signed terms that are added up; below zero counts as zero.
        rate: Parameter that multiplies the base, or "" for the whole base.
        less: Terms that count towards the target already.
        limit: Terms whose sum the amount never passes, or nothing.
        against: Terms that the base is weighed against (alpha).
        counts: Roles whose past allocations count (average); by default its own.
        round: How the amount is rounded.
        role: Role that receives the amount (or bears it, in a loss).
        treatment: Whether it is appropriated or an expense of the year.
        expense_role: Role of the expense, where it is one.
        slice: Parameter with the first slice (slice).
        years: Parameter with a number of years (average).
        excess: Parameter with a share of capital (average).
        grace: Parameter with a number of start-up years.
        skip_in_grace: Whether the step is left out in start-up years.
        cash: Parameter with the part of patronage paid in money.
        notice: Parameter with the kind of notice.
        source: The text the step itself rests on.
    """

    id: str
    title: str
    kind: str
    base: tuple[str, ...] = ("remaining",)
    rate: str = ""
    less: tuple[str, ...] = ()
    limit: tuple[str, ...] | None = None
    against: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    round: Rounding = "nearest"
    role: str = ""
    treatment: Treatment = "appropriation"
    expense_role: str = ""
    slice: str = ""
    years: str = ""
    excess: str = ""
    grace: str = ""
    skip_in_grace: bool = False
    cash: str = ""
    notice: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastYear:
    """What an earlier year with a surplus put where.

    Attributes:
        label: Fiscal year.
        surplus: The base of that year's compulsory allocations.
        allocated: Amount by role.
    """

    label: int
    surplus: Decimal
    allocated: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books say about a year, as far as steps ask for it.

    Attributes:
        pool: What there is to distribute; negative for a loss.
        terms: Amount by term, see the language of presets in ``docs/law.md``.
        weights: Patronage weight by member who takes part in a surplus.
        loss_weights: The same for those who take part in a loss.
        capital: Capital by member, the limit of what a member can bear.
        order: Members in the order that breaks ties.
        history: Earlier years, oldest first.
        index: 1 in the enterprise's first fiscal year, and so on.
        unit: Smallest unit of the currency.
    """

    pool: Decimal
    terms: Mapping[str, Decimal]
    weights: Mapping[str, Fraction]
    loss_weights: Mapping[str, Fraction]
    capital: Mapping[str, Decimal]
    order: Sequence[str]
    history: Sequence[PastYear]
    index: int
    unit: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One member's part of a patronage step.

    Attributes:
        member: Member id.
        weight: Exact patronage weight.
        amount: The member's part of the pool.
        cash: What is paid in money.
        retained: What is added to capital.
        nonqualified: What is allocated without being qualified for tax.
    """

    member: str
    weight: Fraction
    amount: Decimal
    cash: Decimal
    retained: Decimal
    nonqualified: Decimal


@dataclass(frozen=True, slots=True)
class AppliedStep:
    """One step with its figures.

    Attributes:
        step: The step as the preset states it.
        terms: The base's terms with their amounts.
        base: Their sum, not below zero.
        less: What counted towards the target already, term by term.
        rate: The rate, or None.
        amount: What the step takes.
        remaining: What is left after it.
        wanted: What the step would take if nothing limited it, rounded.
        parts: Amount by member, for steps that go to members.
        lines: The same with cash and retained parts, for patronage.
        sources: Texts behind the step and its rate.
    """

    step: Step
    terms: tuple[tuple[str, Decimal], ...]
    base: Decimal
    less: tuple[tuple[str, Decimal], ...]
    rate: Decimal | None
    amount: Decimal
    remaining: Decimal
    wanted: Decimal = ZERO
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Explain the step: what, of which base, at which rate, by which source."""
        rate = "" if self.rate is None else f"{_percent(self.rate)} of "
        base = _sum_in_words(self.terms) or "what remains"
        less = f", less {_sum_in_words(self.less)} already counted" if self.less else ""
        source = f" ({'; '.join(self.sources)})" if self.sources else ""
        return (
            f"{self.step.title}: {rate}{base}{less} = {self.amount}; "
            f"{self.remaining} remains{source}."
        )


@dataclass(frozen=True, slots=True)
class Appropriation:
    """A year's result, step by step.

    Attributes:
        pool: What was there; negative for a loss.
        steps: The steps in order, those of amount zero included.
        remaining: What found no destination; zero when all is well.
    """

    pool: Decimal
    steps: tuple[AppliedStep, ...]
    remaining: Decimal

    @property
    def is_loss(self) -> bool:
        """Whether the year ended in a loss."""
        return self.pool < 0

    @property
    def lines(self) -> tuple[Line, ...]:
        """All members' patronage lines, over all steps."""
        return tuple(line for step in self.steps for line in step.lines)

    def step(self, name: str) -> AppliedStep | None:
        """Return a step by its id."""
        return next((s for s in self.steps if s.step.id == name), None)

    def to_role(self, role: str) -> Decimal:
        """Return what all steps together give to a role."""
        return sum((s.amount for s in self.steps if s.step.role == role), ZERO)


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
    cash_share = run.rates.number(step.cash) if step.cash else ZERO
    notice = run.rates.text(step.notice) if step.notice else "capitalised"
    return tuple(
        _line(run, member, part, cash_share, notice) for member, part in parts.items()
    )


def _line(
    run: _Run, member: str, part: Decimal, cash_share: Decimal, notice: str
) -> Line:
    # A qualified notice needs at least its share in money for each patron (26 U.S.C.
    # 1388(c)(1)), therefore the cash part is rounded up, never to the nearest.
    exact = Fraction(part) * Fraction(cash_share)
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


# --- words ----------------------------------------------------------------------------


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"


def _sum_in_words(terms: Sequence[tuple[str, Decimal]]) -> str:
    words = "".join(_term_in_words(*term) for term in terms)
    return words.removeprefix(" plus ").strip()


def _term_in_words(term: str, amount: Decimal) -> str:
    sign = "less" if term.startswith("-") else "plus"
    name = term.removeprefix("-").replace(":", " ").replace(".", " ").replace("-", " ")
    return f" {sign} {name} {abs(amount)}"
