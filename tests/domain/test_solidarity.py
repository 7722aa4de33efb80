"""Pooling, funds and aid: published figures, and what holds for any."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.amounts import ZERO
from coopledger.domain.solidarity import FederalShare
from coopledger.domain.solidarity import FederalStep
from coopledger.domain.solidarity import Standing
from coopledger.domain.solidarity import WeightlessPoolError
from coopledger.domain.solidarity import share_out
from coopledger.law.preset import common_preset

CENT = Decimal("0.01")
STEPS = common_preset().federation


@dataclass(frozen=True)
class Decided:
    """What a federation decided: for all, or for one enterprise."""

    values: dict[str, Any]
    own: dict[tuple[str, str], Any] = field(default_factory=dict)

    def _value(self, enterprise: str, name: str) -> Any:
        return self.own.get((enterprise, name), self.values.get(name))

    def number(self, enterprise: str, name: str) -> Decimal:
        return Decimal(self._value(enterprise, name))

    def text(self, enterprise: str, name: str) -> str:
        return str(self._value(enterprise, name) or "result")

    def switch(self, enterprise: str, name: str) -> bool:
        return self._value(enterprise, name) is not False

    def is_decided(self, enterprise: str, name: str) -> bool:
        return self._value(enterprise, name) is not None


def standing(name: str, result: str, payroll: str = "0", **more: Any) -> Standing:
    keys = {"payroll": Decimal(payroll), "members": ZERO, "hours": ZERO}
    return Standing(name, Decimal(result), keys=keys, **more)


def shares(
    coops: list[Standing],
    decided: Decided,
    funds: dict[str, str] | None = None,
    steps: tuple[FederalStep, ...] = STEPS,
) -> dict[str, FederalShare]:
    held = {name: Decimal(amount) for name, amount in (funds or {}).items()}
    found = share_out(steps, coops, held, decided, CENT)
    return {one.step.id: one for one in found}


THREE = [
    standing("a", "300000", "400000"),
    standing("b", "100000", "300000"),
    standing("c", "-50000", "300000"),
]


@pytest.mark.parametrize(
    ("losses", "nets"),
    [
        (True, ["-48000", "1500", "46500"]),
        (False, ["-42000", "6000", "36000"]),
    ],
)
def test_a_pool_is_shared_by_payroll_with_losses_or_without(
    *, losses: bool, nets: list[str]
) -> None:
    decided = Decided(
        {"pool.rate": "0.30", "pool.key": "payroll", "pool.losses": losses}
    )
    pool = shares(THREE, decided)["pool"]
    assert list(pool.nets.values()) == [Decimal(net) for net in nets]
    assert pool.parts["c"].base == (Decimal(-50000) if losses else 0)


def test_an_enterprise_may_have_a_rate_of_its_own_or_none_and_then_no_part() -> None:
    decided = Decided({"pool.key": "payroll"}, {("a", "pool.rate"): "0.10"})
    pool = shares(THREE, decided)["pool"]
    assert pool.nets == {"a": ZERO, "b": ZERO, "c": ZERO}
    assert pool.parts["a"].given == Decimal(30000)
    assert pool.parts["a"].received == Decimal(30000)
    assert pool.parts["b"].rate is None


def test_a_pool_that_nobody_has_a_weight_in_is_refused() -> None:
    decided = Decided({"pool.rate": "0.10", "pool.key": "hours"})
    with pytest.raises(WeightlessPoolError):
        shares(THREE, decided)


def test_a_pool_of_nothing_is_shared_by_nobody() -> None:
    decided = Decided({"pool.rate": "0.10", "pool.key": "hours"})
    assert shares([standing("a", "0")], decided)["pool"].nets == {"a": ZERO}


def test_a_year_goes_through_pool_solidarity_aid_and_central_fund_in_order() -> None:
    # R1 = 252,000; 101,500; -3,500. 2 % of what is positive, half of what is not.
    decided = Decided(
        {
            "pool.rate": "0.30",
            "pool.key": "payroll",
            "solidarity.rate": "0.02",
            "aid.cap": "0.50",
            "central.rate": "0.10",
        },
        {("b", "central.rate"): "0.20"},
    )
    found = shares(THREE, decided, {"Mutual": "100"})
    assert found["solidarity"].nets == {
        "a": Decimal("-5040.00"),
        "b": Decimal("-2030.00"),
        "c": ZERO,
    }
    assert found["aid"].nets["c"] == Decimal("1750.00")
    assert found["aid"].fund == Decimal(100 + 5040 + 2030 - 1750)
    # Of 246,960 a tenth, of 99,470 a fifth, of what is still a loss nothing.
    assert [-net for net in found["central"].nets.values()] == [
        Decimal("24696.00"),
        Decimal("19894.00"),
        ZERO,
    ]
    assert found["central"].fund == Decimal("44590.00")


def test_a_fund_may_take_its_part_after_tax_and_in_whole_units() -> None:
    coop = standing("cafe", "28177.72", tax=Decimal("1600.00"))
    decided = Decided(
        {
            "solidarity.rate": "0.02",
            "solidarity.base": "result-after-tax",
            "solidarity.unit": "1",
        }
    )
    assert shares([coop], decided)["solidarity"].nets == {"cafe": Decimal(-532)}


def test_rounded_to_a_larger_unit_a_part_is_never_more_than_there_is() -> None:
    decided = Decided({"solidarity.rate": "1", "solidarity.unit": "100"})
    assert shares([standing("a", "60")], decided)["solidarity"].nets == {"a": ZERO}


def test_a_common_education_fund_gets_a_part_of_what_each_fund_got() -> None:
    coop = standing("a", "100", allocated={"education-fund": Decimal("10.00")})
    found = shares([coop], Decided({"common-education.share": "0.20"}))["education"]
    assert found.nets == {"a": Decimal("-2.00")}
    assert found.fund == Decimal("2.00")


def test_aid_is_shared_in_proportion_where_the_fund_is_short() -> None:
    coops = [standing("a", "-300"), standing("b", "-100"), standing("c", "50")]
    found = shares(coops, Decided({"aid.cap": "0.50"}), {"Mutual": "100.01"})["aid"]
    assert found.nets == {"a": Decimal("75.01"), "b": Decimal("25.00"), "c": ZERO}
    assert found.parts["a"].wanted == Decimal("150.00")
    assert found.fund == ZERO


def test_what_nobody_decided_moves_nothing() -> None:
    for found in shares(THREE, Decided({}), {"Mutual": "1000"}).values():
        assert set(found.nets.values()) == {ZERO}


# --- what holds for any ---------------------------------------------------------------

_CENTS = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100)
_RATES = st.integers(0, 100).map(lambda n: str(Decimal(n) / 100))


@st.composite
def federations(draw: st.DrawFn) -> list[Standing]:
    return [
        Standing(
            f"coop-{number}",
            draw(_CENTS),
            tax=draw(st.integers(0, 10**6).map(lambda n: Decimal(n) / 100)),
            keys={"payroll": draw(st.integers(1, 10**7).map(Decimal))},
        )
        for number in range(draw(st.integers(1, 8)))
    ]


@st.composite
def decisions(draw: st.DrawFn) -> Decided:
    rates = {
        name: draw(_RATES)
        for name in ("pool.rate", "solidarity.rate", "aid.cap", "central.rate")
    }
    words = {
        "pool.key": "payroll",
        "pool.losses": draw(st.booleans()),
        "solidarity.base": draw(st.sampled_from(["result", "result-after-tax"])),
        "solidarity.unit": draw(st.sampled_from([None, "1", "10"])),
    }
    own = {("coop-0", "pool.rate"): draw(_RATES)}
    return Decided(rates | words, own)


@given(federations(), decisions(), st.integers(0, 10**8))
def test_pools_sum_to_zero_funds_hold_and_aid_stays_within_loss_cap_and_fund(
    coops: list[Standing], decided: Decided, cents: int
) -> None:
    held = Decimal(cents) / 100
    found = share_out(STEPS, coops, {"Mutual": held}, decided, CENT)
    by_id = {one.step.id: one for one in found}
    assert sum(by_id["pool"].nets.values(), ZERO) == 0
    assert all(one.fund >= 0 for one in found)
    fed = sum((part.given for part in by_id["solidarity"].parts.values()), ZERO)
    aid = by_id["aid"].parts
    assert sum((part.received for part in aid.values()), ZERO) <= held + fed
    for part in aid.values():
        assert part.received <= part.wanted <= part.base * Decimal(part.rate or 0)
    for one in found:
        for part in one.parts.values():
            assert one.step.kind == "pool" or 0 <= part.given <= max(ZERO, part.base)
            assert part.net % CENT == 0


@given(federations(), decisions(), st.randoms(use_true_random=False))
def test_the_order_of_enterprises_moves_nobody_by_more_than_a_cent_a_step(
    coops: list[Standing], decided: Decided, random: Any
) -> None:
    funds = {"Mutual": Decimal(500)}
    plain = share_out(STEPS, coops, funds, decided, CENT)
    mixed = [*coops]
    random.shuffle(mixed)
    other = share_out(STEPS, mixed, funds, decided, CENT)
    assert abs(plain[0].nets["coop-0"] - other[0].nets["coop-0"]) <= CENT
