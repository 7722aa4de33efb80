"""The values of an appropriation: steps, facts, and what they come to.

A preset lists the steps as data; `coopledger.domain.kinds` says what each kind asks
for, and `coopledger.domain.appropriation` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.weights import Weights
from coopledger.domain.words import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal
    from fractions import Fraction

    from coopledger.domain.amounts import Rounding

Treatment = Literal["appropriation", "expense", "transfer"]
Among = Literal["", "members", "workers"]
Key = Literal["patronage", "capital", "equal"]
LeftOver = Literal["next", "others"]
Lookback = Literal["surplus-years", "years"]

#: Bases and classes that a step is divided by; nothing stands for all of them.
Audience = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the preset states it; names are parameters, terms are facts.

    Attributes:
        id: Id, used as `coop-step` in the books.
        title: What the step is, for people.
        kind: Key of `KINDS`.
        base: Signed terms that are added up; below zero counts as zero.  Interest is
            reckoned on ``capital.by-time``, or on the roles named as
            ``capital.by-time:ROLE``.
        rate: Parameter that multiplies the base, or "" for the whole base.
        less: Terms that count towards the target already.
        limits: Sums of terms; the amount never passes the least of them.
        when: Sums of terms that must all be above zero, or the step takes nothing.
        against: Terms that the base is weighed against (alpha).
        counts: Roles whose past allocations count (average); by default its own.
        round: How the amount is rounded.
        role: Role that receives the amount (or bears it, in a loss).
        treatment: Whether it is appropriated from the result, an expense of the year,
            or a transfer that leaves the result alone.
        expense_role: Role of the expense, or what a transfer is charged to.
        movement: Kind of the movement of capital, where the role does not tell.
        among: Who divides the amount: ``members``, ``workers`` (members and hired
            workers), or "" when it goes to one account.
        by: The key of that division: ``patronage``, ``capital`` or ``equal``.
        bases: Bases of patronage that count for it; by default all.
        classes: Classes of members who divide it; by default all that take part.
        hired_weight: Parameter that multiplies the weight of hired workers.
        seniority_step: Parameter: what each full year of membership adds to a weight.
        seniority_cap: Parameter: the highest multiple of a weight.
        part_cap: Parameter: the largest share of the amount for one person.
        part_limit: Parameter: the largest amount for one person.
        part_floor: Parameter: parts below it are not allocated at all.
        left_over: Whether what these leave goes to the steps that follow (``next``) or
            is divided among the ``others``.
        cash_below: Parameter: parts up to it are paid wholly in money.
        consent: Parameter: ``bylaw``, ``check`` (by cashing the cheque, which is known
            only later) or ``written``; without a member's written consent the
            notice is nonqualified.
        replenish: Parameter, a switch: whether what is retained first makes good what
            losses took from the member.
        fund: Name of the fund, for roles whose account names one.
        caps: Sums of parameters that the rate never passes (interest).
        withholding: Parameter with the part of what is paid that is withheld.
        slice: Parameter with the first slice (slice).
        years: Parameter with a number of years (average).
        lookback: Whether these are the last with a surplus or simply the last.
        presentation: Parameter: ``expense`` or ``distribution``, instead of what
            `treatment` says.
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
    limits: tuple[tuple[str, ...], ...] = ()
    when: tuple[tuple[str, ...], ...] = ()
    against: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    round: Rounding = "nearest"
    role: str = ""
    treatment: Treatment = "appropriation"
    expense_role: str = ""
    movement: str = ""
    among: Among = ""
    by: Key = "patronage"
    bases: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    hired_weight: str = ""
    seniority_step: str = ""
    seniority_cap: str = ""
    part_cap: str = ""
    part_limit: str = ""
    part_floor: str = ""
    left_over: LeftOver = "next"
    cash_below: str = ""
    consent: str = ""
    replenish: str = ""
    fund: str = ""
    caps: tuple[str, ...] = ()
    withholding: str = ""
    slice: str = ""
    years: str = ""
    lookback: Lookback = "surplus-years"
    presentation: str = ""
    excess: str = ""
    grace: str = ""
    skip_in_grace: bool = False
    cash: str = ""
    notice: str = ""
    source: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of all parameters that the step reads, in a fixed order."""
        named = (
            self.rate,
            self.slice,
            self.years,
            self.excess,
            self.grace,
            self.cash,
            self.notice,
            self.hired_weight,
            self.seniority_step,
            self.seniority_cap,
            self.part_cap,
            self.part_limit,
            self.part_floor,
            self.presentation,
            self.cash_below,
            self.consent,
            self.replenish,
            self.withholding,
            *self.capping,
            *(factor for term in self.terms if (factor := split_term(term)[1])),
        )
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def audience(self) -> Audience:
        """Bases and classes that the step is divided by."""
        return self.bases, self.classes

    @property
    def capping(self) -> tuple[str, ...]:
        """Names of the parameters that cap the rate; undecided ones cap nothing."""
        return tuple(name for cap in self.caps for name in cap.split("+"))

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms that the step names."""
        limiting = (term for terms in (*self.limits, *self.when) for term in terms)
        return (*self.base, *self.less, *limiting, *self.against)


def split_term(term: str) -> tuple[int, str, str]:
    """Take a term apart: ``-PARAM*TERM`` gives -1, the parameter and the term."""
    name = term.removeprefix("-")
    factor, is_product, rest = name.partition("*")
    sign = -1 if term.startswith("-") else 1
    return (sign, factor, rest) if is_product else (sign, "", name)


@dataclass(frozen=True, slots=True)
class PastYear:
    """What an earlier year with a surplus put where.

    Attributes:
        label: Fiscal year.
        surplus: The base of that year's compulsory allocations.
        allocated: Amount by role, and by step as ``step:ID``.
        terms: The year's own facts, as in `Facts.terms`.
    """

    label: int
    surplus: Decimal
    allocated: Mapping[str, Decimal]
    terms: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books say about a year, as far as steps ask for it.

    Attributes:
        pool: What there is to distribute; negative for a loss.
        terms: Amount by term, see the language of presets in ``docs/law.md``.
        weights: Patronage weight by member who takes part in a surplus.
        loss_weights: The same for those who take part in a loss.
        hired_weights: The same measure for hired workers.
        units: Quantity of patronage, however it is weighed, by member.
        weights_by: Patronage weight by member, for steps of some bases or classes.
        units_by: The same for quantities.
        classes: Class of each member at the year's end, where a step asks for it.
        seniority: Full years of membership at the year's end, by member.
        consents: Members whose written consent to qualified notices is on record.
        deficits: What losses took from each member and later years may make good.
        capital_time: Capital times the part of the year it stood, by member.
        capital_time_by: The same for one role of capital alone, by role.
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
    hired_weights: Mapping[str, Fraction] = field(default_factory=dict)
    seniority: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, Fraction] = field(default_factory=dict)
    weights_by: Mapping[Audience, Mapping[str, Fraction]] = field(default_factory=dict)
    units_by: Mapping[Audience, Mapping[str, Fraction]] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    capital_time: Mapping[str, Fraction] = field(default_factory=dict)
    capital_time_by: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    consents: frozenset[str] = frozenset()
    deficits: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def taken_back(self) -> Iterator[str]:
        """Members who took back more than they did, by any key."""
        for weights in (self.weights, self.loss_weights, *self.weights_by.values()):
            yield from Weights.of(weights).below_zero

    def weights_for(self, step: Step) -> Mapping[str, Fraction]:
        """Return the weights that a step of a surplus is divided by."""
        return self.weights_by.get(step.audience, self.weights)

    def units_for(self, step: Step) -> Mapping[str, Fraction]:
        """Return the quantities that a charge is reckoned on."""
        return self.units_by.get(step.audience, self.units)


class Line(NamedTuple):
    """One member's part of a step that members divide.

    Attributes:
        member: Member id.
        amount: The member's part of the step.
        cash: What is due in money, what is withheld of it included.
        retained: What is added to capital.
        nonqualified: What is allocated without being qualified for tax.
        withheld: What of the money goes to the tax office.
        replenished: What of the part makes good earlier losses of the member.
    """

    member: str
    amount: Decimal
    cash: Decimal
    retained: Decimal
    nonqualified: Decimal
    withheld: Decimal = ZERO
    replenished: Decimal = ZERO


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
        cap: What the step's limits allow at most; None where it has none.
        how: What the kind makes of the base, where that is more than a rate of it.
        unmet: Terms of the first condition that does not hold, with their amounts.
        divided: What people divide, before caps or somebody's own capital cut a part.
        key: Exact weight of everybody who divides the step, by (hired, name), in the
            order that breaks ties.
        parts: Amount by member, for steps that go to members.
        hired: Amount by hired worker, where they take part.
        lines: The members' parts with what is paid and what is retained.
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
    cap: Decimal | None = None
    how: str = ""
    unmet: tuple[tuple[str, Decimal], ...] = ()
    divided: Decimal = ZERO
    key: Weights[tuple[bool, str]] = field(default_factory=lambda: Weights({}))
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    hired: Mapping[str, Decimal] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    sources: tuple[str, ...] = ()
    _line_of: dict[str, Line] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def line_of(self, member: str) -> Line | None:
        """Return a member's part with what becomes of it; None where there is none."""
        if not self._line_of:
            self._line_of.update((line.member, line) for line in self.lines)
        return self._line_of.get(member)

    @property
    def sentence(self) -> str:
        """Explain the step: what, of which base, at which rate, by which source."""
        return sentence_of(self)


@dataclass(frozen=True, slots=True)
class Appropriation:
    """A year's result, step by step.

    Attributes:
        pool: What was there; negative for a loss.
        steps: The steps in order, those of amount zero included.
        remaining: What found no destination; zero when all is well.
        charges: What was fixed before the result was known, and comes off it whatever
            it is (per-unit retains).
    """

    pool: Decimal
    steps: tuple[AppliedStep, ...]
    remaining: Decimal
    charges: Decimal = ZERO

    @property
    def is_loss(self) -> bool:
        """Whether the year ended in a loss."""
        return self.pool < self.charges

    @property
    def lines(self) -> tuple[Line, ...]:
        """All members' parts by patronage; interest and the like stand apart."""
        return tuple(
            line
            for step in self.steps
            if step.step.kind == "patronage"
            for line in step.lines
        )

    def step(self, name: str) -> AppliedStep | None:
        """Return a step by its id."""
        return next((s for s in self.steps if s.step.id == name), None)

    def to_role(self, role: str) -> Decimal:
        """Return what all steps together give to a role."""
        return sum((s.amount for s in self.steps if s.step.role == role), ZERO)
