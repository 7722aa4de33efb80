"""What holds under every preset, whatever a year came to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.domain.amounts import unit_of
from coopledger.domain.appropriation import appropriate
from coopledger.domain.appropriation import steps_for
from coopledger.domain.books import ParameterChoice
from coopledger.domain.books import PolicyChoice
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.findings import Origin
from coopledger.domain.steps import Facts
from coopledger.domain.steps import PastYear
from coopledger.law.policy import Policy
from coopledger.law.policy import RatesOn
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths

if TYPE_CHECKING:
    from coopledger.domain.books import Value
    from coopledger.domain.steps import Appropriation

PRESETS = sorted(preset_paths())
HERE = Origin("main.beancount", 1)
DAY = datetime.date(2025, 12, 31)
MEMBERS = ("Ana", "Bea", "Cleo")

each_preset = pytest.mark.parametrize("preset", PRESETS)


@cache
def policy(preset: str, *later: ParameterChoice) -> Policy:
    """Let a preset govern, with a choice of whatever it leaves to the co-op."""
    loaded = load_preset(preset)
    choices = []
    for name in sorted(loaded.names):
        parameter = loaded.parameter(name)
        assert parameter
        value: Value = Decimal("0.05") if name == "interest.rate" else Decimal("0.10")
        if parameter.unit == "choice":
            value = parameter.choices[0]
        elif parameter.unit == "switch":
            value = True
        is_open = parameter.dated(DAY).value is None and not name.endswith("-cap")
        if is_open or name in {"interest.rate", "retain.rate"}:
            choices.append(
                ParameterChoice(datetime.date.min, name, value, "statutes", "", HERE)
            )
    governing = [PolicyChoice(datetime.date.min, preset, HERE)]
    return Policy("A co-op", governing, [*choices, *later])


@dataclass(frozen=True)
class Drawn:
    """A year as it was drawn: amounts in the smallest unit of the currency."""

    results: tuple[int, int, int]
    taxes: int
    balances: tuple[int, ...]
    capital: tuple[int, ...]
    weights: tuple[int, ...]
    hired: int
    pay: int
    debts: int
    past: int

    def facts(self, preset: str) -> Facts:
        """Return the year's facts, all told by amounts of the preset's currency."""
        unit = unit_of(load_preset(preset).currency)
        own, other, odd = (Decimal(one) * unit for one in self.results)
        tax = min(self.taxes * unit, max(Decimal(0), own))
        pool = own + other + odd - tax
        capital = {m: c * unit for m, c in zip(MEMBERS, self.capital, strict=True)}
        weights = {
            member: Fraction(weight)
            for member, weight in zip(MEMBERS, self.weights, strict=True)
        }
        whole = sum(capital.values(), Decimal(0))
        hired = Fraction(self.hired)
        surplus = (
            Fraction(own) * sum(weights.values()) / (sum(weights.values()) + hired)
        )
        mine = Decimal(int(surplus / Fraction(unit))) * unit
        reserves = sorted(COLLECTIVE - {"fund"})
        balances = dict(zip(reserves, self.balances, strict=False))
        pay = self.pay * unit
        return Facts(
            pool=pool,
            terms={
                **{f"balance:{role}": b * unit for role, b in balances.items()},
                "result.cooperative": own,
                "result.extra-cooperative": other,
                "result.extraordinary": odd,
                "result": own + other + odd,
                "tax.cooperative": tax,
                "tax": tax,
                "surplus": mine,
                "profit": pool - mine,
                "prior-losses": self.past * unit,
                "loss": max(Decimal(0), -pool),
                "capital": whole,
                "capital.highest": whole,
                "capital.by-time": whole,
                "debts": self.debts * unit,
                "equity": whole,
                "payroll": pay,
                "payroll.members": pay,
                "turnover": abs(own) + pay,
            },
            weights=weights,
            loss_weights=weights,
            units=weights,
            hired_weights={"Helga": hired} if hired else {},
            seniority={"Ana": 12, "Bea": 3},
            capital_time={m: Fraction(c) for m, c in capital.items() if c},
            capital=capital,
            consents=frozenset({"Ana"}),
            deficits={"Bea": 7 * unit},
            order=MEMBERS,
            history=[
                PastYear(
                    2024,
                    Decimal(1000),
                    {
                        "mandatory-reserve": Decimal(300),
                        "step:mandatory-reserve": Decimal(300),
                    },
                    {"result.cooperative": Decimal(1000)},
                )
            ],
            index=5,
            unit=unit,
        )


SMALL, LARGE = st.integers(0, 10**4), st.integers(0, 10**8)


def years(results: st.SearchStrategy[tuple[int, int, int]]) -> st.SearchStrategy[Drawn]:
    """Draw years with such results by origin."""
    return st.builds(
        Drawn,
        results=results,
        taxes=LARGE,
        balances=st.tuples(*[LARGE] * 7),
        capital=st.tuples(*[LARGE] * 3),
        weights=st.tuples(*[st.integers(1, 2000)] * 3),
        hired=SMALL,
        pay=LARGE,
        debts=LARGE,
        past=st.sampled_from([0, 0, 12345, 10**7]),
    )


GOOD = years(
    st.tuples(LARGE, st.sampled_from([0, 0, 10**6]), st.sampled_from([0, 777]))
)
BAD = years(st.tuples(st.integers(-(10**8), -1), st.integers(-(10**6), 0), st.just(0)))
ANY = st.one_of(GOOD, BAD)


def worked_out(
    preset: str, drawn: Drawn, *later: ParameterChoice, on: datetime.date = DAY
) -> tuple[Facts, Appropriation]:
    """Apply a preset's steps to a year."""
    governing = policy(preset, *later)
    rates, steps = RatesOn(governing, on), load_preset(preset)
    facts = drawn.facts(preset)
    facts, chosen = steps_for(facts, steps.surplus, steps.loss, rates)
    return facts, appropriate(facts, chosen, rates)


def signed(done: Appropriation) -> Decimal:
    """Add up what steps take from the result; a charge enlarges a loss."""
    total = Decimal(0)
    for one in done.steps:
        if one.step.treatment == "transfer":
            continue
        is_charge = one.step.kind == "per-unit" and done.is_loss
        total += -one.amount if is_charge else one.amount
    return total


@each_preset
@given(drawn=ANY)
@settings(max_examples=25)
def test_steps_and_parts_add_up_and_nothing_is_left(preset: str, drawn: Drawn) -> None:
    facts, done = worked_out(preset, drawn)
    start = -facts.pool if done.is_loss else facts.pool
    assert signed(done) + done.remaining == start
    assert done.remaining == 0
    for one in done.steps:
        assert one.amount >= 0
        people = [*one.parts.values(), *one.hired.values()]
        assert min(people, default=Decimal(0)) >= 0
        if one.parts or one.hired:
            assert sum(people, Decimal(0)) == one.amount
        for line in one.lines:
            kept = line.retained + line.nonqualified + line.replenished
            assert line.cash + kept == line.amount
            assert 0 <= line.withheld <= line.cash


@each_preset
@given(drawn=ANY)
@settings(max_examples=25)
def test_no_step_takes_what_is_not_there(preset: str, drawn: Drawn) -> None:
    _, done = worked_out(preset, drawn)
    before = -done.pool if done.is_loss else done.pool
    for one in done.steps:
        is_charge = one.step.kind == "per-unit" and done.is_loss
        if one.step.treatment != "transfer" and not is_charge:
            assert one.amount <= before
        if one.cap is not None:
            assert one.amount <= one.cap
        before = one.remaining


@each_preset
@given(drawn=BAD)
@settings(max_examples=25)
def test_a_loss_distributes_nothing_and_leaves_no_reserve_below_zero(
    preset: str, drawn: Drawn
) -> None:
    facts, done = worked_out(preset, drawn)
    taken: dict[str, Decimal] = {}
    for one in done.steps:
        if one.step.kind == "per-unit":
            continue
        assert one.lines == ()
        assert one.hired == {}
        taken[one.step.role] = taken.get(one.step.role, Decimal(0)) + one.amount
        for member, part in one.parts.items():
            assert part <= facts.capital[member]
    for role, amount in taken.items():
        if role in COLLECTIVE:
            assert amount <= facts.terms[f"balance:{role}"]


@each_preset
@given(drawn=GOOD, more=st.integers(1, 10**7))
@settings(max_examples=25)
def test_more_surplus_never_lowers_anybody_s_part(
    preset: str, drawn: Drawn, more: int
) -> None:
    """But for odd units, which the largest remainders may take from one to another."""
    own, other, odd = drawn.results
    facts, less = worked_out(preset, drawn)
    _, better = worked_out(preset, replace(drawn, results=(own + more, other, odd)))
    before, after = received(less), received(better)
    tolerance = 2 * len(less.steps) * facts.unit
    for member, part in before.items():
        assert after.get(member, Decimal(0)) >= part - tolerance


def received(done: Appropriation) -> dict[str, Decimal]:
    """Return what members get of all steps, or what they bear, below zero."""
    got: dict[str, Decimal] = {}
    for one in done.steps:
        sign = -1 if one.step.kind == "members" else 1
        for member, part in one.parts.items():
            if one.step.treatment != "transfer":
                got[member] = got.get(member, Decimal(0)) + sign * part
    return got


@each_preset
@given(drawn=ANY, value=st.decimals(0, 1, places=2), data=st.data())
@settings(max_examples=15)
def test_a_parameter_that_changes_later_never_changes_an_earlier_year(
    preset: str, drawn: Drawn, value: Decimal, data: st.DataObject
) -> None:
    loaded = load_preset(preset)
    ratios = [
        name
        for name in sorted(loaded.names)
        if (parameter := loaded.parameter(name)) and parameter.unit == "ratio"
    ]
    name = data.draw(st.sampled_from(ratios))
    day_after = DAY + datetime.timedelta(days=1)
    later = ParameterChoice(day_after, name, value, "statutes", "", HERE)
    assert worked_out(preset, drawn, later) == worked_out(preset, drawn)
