"""Playing vectors: what comes out, beside what has to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import split
from coopledger.domain.amounts import unit_of
from coopledger.domain.appropriation import appropriate
from coopledger.domain.appropriation import steps_for
from coopledger.domain.books import ORIGINS
from coopledger.domain.books import ParameterChoice
from coopledger.domain.books import PolicyChoice
from coopledger.domain.capital import CapitalMovement
from coopledger.domain.findings import Origin
from coopledger.domain.interest import capital_by_time
from coopledger.domain.kinds import BY_TIME
from coopledger.domain.notices import compare_notices
from coopledger.domain.periods import FiscalYear
from coopledger.domain.periods import nth_day_of_month_after
from coopledger.domain.steps import Facts
from coopledger.domain.steps import PastYear
from coopledger.domain.steps import Step
from coopledger.domain.weights import Weights
from coopledger.law.building import step_of
from coopledger.law.policy import Policy
from coopledger.law.policy import RatesOn
from coopledger.law.preset import load_preset
from coopledger.law.weighing import ALL
from coopledger.services.vectors import repaying
from coopledger.services.vectors import sharing
from coopledger.services.vectors.comparing import Difference
from coopledger.services.vectors.comparing import compared
from coopledger.services.vectors.comparing import same

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.kinds import Rates
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Audience
    from coopledger.services.vectors.format import CaseVector
    from coopledger.services.vectors.format import DeadlineVector
    from coopledger.services.vectors.format import InterestVector
    from coopledger.services.vectors.format import NoticesVector
    from coopledger.services.vectors.format import SplitVector
    from coopledger.services.vectors.format import Value
    from coopledger.services.vectors.format import VectorFile
    from coopledger.services.vectors.format import Year

_HERE = Origin("vectors", 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one vector."""

    kind: str
    name: str
    differences: tuple[Difference, ...]


def play(file: VectorFile) -> list[Outcome]:
    """Play all vectors of a file, in its order by kind.

    Raises:
        CoopledgerError: A preset or parameter that a vector needs is not to be had.
    """
    return [
        Outcome(kind, one.name, tuple(differences))
        for kind, one, differences in _played(file)
    ]


def _played(file: VectorFile) -> Iterator[tuple[str, Any, list[Difference]]]:
    for case in file.case:
        yield "case", case, _case(file, case)
    for kind, play in _PLAYS.items():
        for one in getattr(file, kind):
            yield kind, one, play(one)


def _split(vector: SplitVector) -> list[Difference]:
    order = list(vector.weights)
    parts = split(vector.pool, vector.weights, vector.unit, order)
    return compared("parts", vector.expect, parts)


def _deadline(vector: DeadlineVector) -> list[Difference]:
    year = FiscalYear(0, vector.year_end, vector.year_end)
    day = nth_day_of_month_after(year, vector.month, vector.day)
    return same("day", vector.expect, day)


def _notices(vector: NoticesVector) -> list[Difference]:
    both = compare_notices(
        vector.amount, vector.cash_share, vector.tax_rate, vector.unit
    )
    return same("cash", vector.expect, both.nonqualified.cash)


# --- a year's appropriation -----------------------------------------------------------


class _Written:
    """The parameters that a file writes out."""

    def __init__(self, rates: Mapping[str, Value]) -> None:
        self.rates = rates

    def number(self, name: str) -> Decimal:
        return Decimal(self.rates[name])

    def text(self, name: str) -> str:
        return str(self.rates[name])

    def switch(self, name: str) -> bool:
        return self.rates[name] is True

    def is_decided(self, name: str) -> bool:
        return name in self.rates

    def sources(self, name: str) -> tuple[str, ...]:
        return (f"the vector's {name}",)


def appropriation_of(file: VectorFile, case: CaseVector) -> Appropriation:
    """Apply a preset's steps, or those written in the file, to a case's year.

    Raises:
        CoopledgerError: A preset or parameter is not to be had.
    """
    preset_id = case.preset or file.preset
    rates: Rates
    if preset_id and case.on:
        preset = load_preset(preset_id)
        surplus, loss = preset.surplus, preset.loss
        rates = RatesOn(_policy(preset_id, case), case.on)
        currency = case.currency or preset.currency
    else:
        surplus = tuple(step_of(raw, {}) for raw in file.surplus)
        loss = tuple(step_of(raw, {}) for raw in file.loss)
        rates = _Written({**file.rates, **case.choices})
        currency = case.currency
    audiences = {step.audience for step in surplus} - {ALL}
    facts = facts_of(case.year, unit_of(currency), audiences)
    facts, steps = steps_for(facts, surplus, loss, rates)
    return appropriate(facts, steps, rates)


def _policy(preset: str, case: CaseVector) -> Policy:
    first = datetime.date.min
    choices = [
        ParameterChoice(first, name, value, "statutes", "", _HERE)
        for name, value in case.choices.items()
    ]
    return Policy(case.name, [PolicyChoice(first, preset, _HERE)], choices)


def _case(file: VectorFile, case: CaseVector) -> list[Difference]:
    done, expect = appropriation_of(file, case), case.expect
    steps = {applied.step.id: applied for applied in done.steps}
    unknown = [name for name in expect.steps if name not in steps]
    found = {name: applied.amount for name, applied in steps.items()}
    differences = [
        *(Difference(f"steps.{name}", "a step", "none") for name in unknown),
        *compared("steps", expect.steps, found),
        *same("remaining", expect.remaining, done.remaining),
    ]
    for field in ("parts", "hired-parts"):
        for name, wanted in getattr(expect, field.replace("-", "_")).items():
            applied = steps.get(name)
            people = "hired" if field == "hired-parts" else "parts"
            got = getattr(applied, people) if applied else {}
            differences += compared(f"{field}.{name}", wanted, got)
    for field in ("cash", "retained", "nonqualified", "withheld", "replenished"):
        for name, wanted in getattr(expect, field).items():
            lines = steps[name].lines if name in steps else ()
            got = {line.member: getattr(line, field) for line in lines}
            differences += compared(f"{field}.{name}", wanted, got)
    return differences


def facts_of(year: Year, unit: Decimal, audiences: Collection[Audience] = ()) -> Facts:
    """Return the facts of a year as a vector gives them."""
    weights_by = {audience: _weights_by(year, *audience) for audience in audiences}
    weights = Weights.of(year.weights)
    losing = weights if year.loss_weights is None else Weights.of(year.loss_weights)
    by_time = Weights.of(year.capital_time)
    terms = _terms(year, by_time)
    return Facts(
        pool=terms["result"] - terms["tax"],
        terms=terms,
        weights=weights,
        loss_weights=losing,
        units=weights if year.units is None else Weights.of(year.units),
        hired_weights=Weights.of(year.hired),
        weights_by=weights_by,
        units_by=weights_by,
        classes=year.classes,
        seniority=year.seniority,
        capital_time=by_time,
        capital_time_by={r: Weights.of(own) for r, own in year.capital_time_by.items()},
        consents=frozenset(year.consents),
        deficits=year.deficits,
        capital=year.capital,
        order=_names(year),
        history=[
            PastYear(past.label, past.surplus, past.allocated, past.terms)
            for past in year.history
        ],
        index=year.fiscal_year_number,
        unit=unit,
    )


def _weights_by(
    year: Year, bases: Collection[str], classes: Collection[str]
) -> Weights[str]:
    """Return the weights by some bases, of members of some classes."""
    columns = [year.weights_by.get(basis, {}) for basis in bases] or [year.weights]
    total: Weights[str] = Weights({})
    for column in columns:
        total = total.plus(Weights.of(column))
    return total.of_people(
        member for member in total if not classes or year.classes.get(member) in classes
    )


def _names(year: Year) -> list[str]:
    """Return everybody whom a year names, in order: ties go by it."""
    named: Iterable[str] = (
        *year.weights,
        *(name for own in year.weights_by.values() for name in own),
        *(year.units or ()),
        *(year.loss_weights or ()),
        *year.capital,
        *year.capital_time,
        *(name for own in year.capital_time_by.values() for name in own),
    )
    return list(dict.fromkeys(named))


def _by_origin(given: Decimal | dict[str, Decimal]) -> dict[str, Decimal]:
    return given if isinstance(given, dict) else {"cooperative": given}


def _terms(year: Year, by_time: Weights[str]) -> dict[str, Decimal]:
    result, tax = _by_origin(year.result), _by_origin(year.tax)
    pool = sum(result.values(), ZERO) - sum(tax.values(), ZERO)
    own = result.get("cooperative", ZERO) if year.surplus is None else year.surplus
    capital = sum(year.capital.values(), ZERO)
    highest = year.capital_highest
    pay = year.payroll
    stood = by_time.total
    return {
        **{f"balance:{role}": amount for role, amount in year.balances.items()},
        **{
            f"highest:{role}": max(amount, year.highest.get(role, ZERO))
            for role, amount in {**year.highest, **year.balances}.items()
        },
        **{f"result.{origin}": result.get(origin, ZERO) for origin in ORIGINS},
        **{f"tax.{origin}": tax.get(origin, ZERO) for origin in ORIGINS},
        "result": sum(result.values(), ZERO),
        "tax": sum(tax.values(), ZERO),
        "surplus": own,
        "profit": pool - own,
        "prior-losses": year.prior_losses,
        "loss": max(ZERO, -pool),
        "capital": capital,
        "capital.highest": capital if highest is None else highest,
        BY_TIME: Decimal(stood.numerator) / Decimal(stood.denominator),
        "debts": year.debts,
        "equity": year.equity,
        "turnover": year.turnover,
        "payroll": pay.members + pay.hired,
        "payroll.members": pay.members,
        "payroll.hired": pay.hired,
        "members": Decimal(len(year.weights) if year.members is None else year.members),
        "workers": Decimal(len(year.hired) if year.workers is None else year.workers),
    }


# --- interest on capital --------------------------------------------------------------


def _interest(vector: InterestVector) -> list[Difference]:
    year = FiscalYear(vector.end.year, vector.start, vector.end)
    movements = [
        CapitalMovement(
            one.date, one.member, "contribution", "", one.amount, None, "", _HERE
        )
        for one in vector.movements
    ]
    running = vector.balance == "running"
    stood = capital_by_time(
        movements, year, vector.method, vector.day_count, running=running
    )
    names = list(dict.fromkeys(one.member for one in movements))
    step, rates = _interest_step(vector)
    facts = Facts(
        pool=ZERO,
        terms={} if vector.limit is None else {"result": vector.limit},
        weights={},
        loss_weights={},
        capital={},
        order=names,
        history=(),
        index=1,
        unit=vector.unit,
        capital_time=stood,
    )
    (applied,) = appropriate(facts, [step], rates).steps
    differences = compared("interest", vector.expect, applied.parts)
    for field in ("cash", "withheld"):
        wanted = getattr(vector, field)
        found = {line.member: getattr(line, field) for line in applied.lines}
        if wanted is not None:
            differences += compared(field, wanted, found)
    return differences


def _interest_step(vector: InterestVector) -> tuple[Step, _Written]:
    """Return the step that pays what a vector describes, with its parameters."""
    step = Step(
        id="interest",
        title=vector.name,
        kind="interest",
        rate="rate",
        caps=tuple(f"cap-{index}" for index, _ in enumerate(vector.caps)),
        cash="cash-share",
        withholding="withholding",
        limits=() if vector.limit is None else (("result",),),
        treatment="transfer",
    )
    caps: dict[str, Value] = {f"cap-{i}": cap for i, cap in enumerate(vector.caps)}
    rates = _Written(
        {
            **caps,
            "rate": vector.rate,
            "cash-share": vector.cash_share,
            "withholding": vector.withholding,
        }
    )
    return step, rates


#: What is compared of each kind of vector but the cases, which need their file.
_PLAYS: dict[str, Callable[[Any], list[Difference]]] = {
    "split": _split,
    "interest": _interest,
    "deadline": _deadline,
    "notices": _notices,
    "redemption": repaying.redemption,
    "settlement": repaying.settlement,
    "federation": sharing.federation,
}
