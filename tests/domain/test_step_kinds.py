"""What each kind of step asks for, and what stops it from asking."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.appropriation import appropriate
from coopledger.domain.appropriation import steps_for
from coopledger.domain.steps import PastYear
from coopledger.domain.steps import split_term
from tests.domain.years import WEIGHTS
from tests.domain.years import Written
from tests.domain.years import one
from tests.domain.years import patronage
from tests.domain.years import run
from tests.domain.years import step
from tests.domain.years import year

if TYPE_CHECKING:
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Step

# --- terms ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "parted"),
    [
        ("result", (1, "", "result")),
        ("-result", (-1, "", "result")),
        ("rate*step:a", (1, "rate", "step:a")),
        ("-reserves.debts-share*debts", (-1, "reserves.debts-share", "debts")),
    ],
)
def test_a_term_has_a_sign_a_factor_and_a_name(
    term: str, parted: tuple[int, str, str]
) -> None:
    assert split_term(term) == parted


def test_a_factor_times_a_fact_is_rounded_to_the_unit() -> None:
    base = ("rate*result", "-rate*step:none")
    done = one(year("0.99"), step("share", base=base), rate="0.5")
    assert done.terms == (
        ("rate*result", Decimal("0.50")),
        ("-rate*step:none", Decimal(0)),
    )
    assert done.amount == Decimal("0.50")


def test_a_factor_of_nothing_need_not_be_decided() -> None:
    done = one(year("5", terms={"debts": "0"}), step("share", base=("rate*debts",)))
    assert done.amount == 0


# --- undecided parameters -------------------------------------------------------------


def test_a_step_without_a_base_asks_for_no_rate() -> None:
    reserve = step("share", base=("tax",), rate="rate", limits=(("cap*result",),))
    done = run(year("100"), reserve, patronage())
    assert [one.amount for one in done.steps] == [0, 100]
    assert (done.steps[0].rate, done.steps[0].terms) == (None, ())


def test_once_all_is_used_up_a_step_asks_for_nothing() -> None:
    done = run(year("100"), patronage(), step("slice", slice="first", rate="rate"))
    assert done.remaining == 0
    assert done.steps[1].amount == 0


def test_a_rate_of_nothing_asks_for_no_limit_and_no_cash_share() -> None:
    quiet = patronage(rate="rate", cash="cash", limits=(("cap*result",),))
    done = run(year("100"), quiet, rate="0")
    assert done.steps[0].amount == 0
    assert done.steps[0].parts == {}
    assert done.remaining == 100


def test_a_step_that_takes_something_asks_for_all_it_names() -> None:
    with pytest.raises(KeyError, match="cash"):
        run(year("100"), patronage(cash="cash"))
    with pytest.raises(KeyError, match="rate"):
        run(year("100"), step("share", base=("result",), rate="rate"))
    with pytest.raises(KeyError, match="cap"):
        run(year("100"), step("share", base=("result",), limits=(("cap*result",),)))


def test_a_step_that_takes_less_than_a_whole_unit_asks_as_well() -> None:
    half = step("share", base=("result",), limits=(("cap*result",),))
    with pytest.raises(KeyError, match="cap"):
        run(year("0.50"), half)


def test_members_who_divide_less_than_a_whole_unit_ask_as_well() -> None:
    with pytest.raises(KeyError, match="cash"):
        run(year("0.50"), patronage(cash="cash"))


def test_a_transfer_asks_although_nothing_remains() -> None:
    update = step("share", base=("capital",), rate="cpi", treatment="transfer")
    with pytest.raises(KeyError, match="cpi"):
        run(year("0", terms={"capital": "100"}), update)


# --- rates and caps -------------------------------------------------------------------

STOOD = year("1000", capital_time={"Ana": Fraction(3000), "Bea": Fraction(1000)})


def interest(**more: object) -> Decimal:
    """Return the rate that a step of interest comes to."""
    capped = step("interest", rate="rate", caps=("policy", "legal+over"))
    rate = one(STOOD, capped, **{name: str(value) for name, value in more.items()}).rate
    assert rate is not None
    return rate


def test_the_lowest_of_rate_and_caps_counts() -> None:
    assert interest(rate="0.05", policy="0.075", legal="0.03", over="0.06") == Decimal(
        "0.05"
    )
    assert interest(rate="0.08", policy="0.075", legal="0.03", over="0.06") == Decimal(
        "0.075"
    )
    assert interest(rate="0.20", policy="0.15", legal="0.03", over="0.06") == Decimal(
        "0.09"
    )


def test_a_cap_that_is_undecided_caps_nothing() -> None:
    assert interest(rate="0.20", legal="0.03", over="0.06") == Decimal("0.09")
    assert interest(rate="0.20", policy="0.15", legal="0.03") == Decimal("0.15")
    assert interest(rate="0.20") == Decimal("0.20")


def test_rate_cap_of_the_law_and_amount_bind_together() -> None:
    """Ten members' 15,000 at 8 %: 7.5 % by the policy, 8,000 by the amount."""
    stood = {f"M{number}": Fraction(15000) for number in range(10)}
    facts = year("20000", capital_time=stood, order=list(stood))
    capped = step(
        "interest",
        rate="rate",
        caps=("policy", "legal+over"),
        limits=(("share*result",),),
    )
    rates = {"rate": "0.08", "policy": "0.075", "legal": "0.0325", "over": "0.06"}
    done = one(facts, capped, share="0.40", **rates)
    assert [done.rate, done.wanted] == [Decimal("0.075"), 11250]
    assert set(done.parts.values()) == {Decimal(800)}


# --- interest -------------------------------------------------------------------------


def test_interest_is_a_rate_of_each_members_capital_by_time() -> None:
    done = one(STOOD, step("interest", rate="rate"), rate="0.05")
    assert done.parts == {"Ana": 150, "Bea": 50}
    assert done.key == {(False, "Ana"): 3000, (False, "Bea"): 1000}


def test_a_role_may_earn_by_itself() -> None:
    by_role = {
        "voluntary": {"Ana": Fraction(2000)},
        "contribution": {"Ana": Fraction(1000), "Bea": Fraction(1000)},
        "uncalled": {"Bea": Fraction(1000)},
    }
    facts = year("1000", capital_time_by=by_role)
    base = (
        "capital.by-time:voluntary",
        "capital.by-time:contribution",
        "-capital.by-time:uncalled",
    )
    done = one(facts, step("interest", base=base, rate="rate"), rate="0.1")
    assert done.parts == {"Ana": 300}
    none = ("capital.by-time:patronage",)
    assert one(facts, step("interest", base=none, rate="rate"), rate="0.1").amount == 0


def test_interest_that_the_books_have_is_not_paid_twice() -> None:
    booked = year(
        "1000", capital_time={"Ana": Fraction(3000)}, terms={"interest": "150"}
    )
    done = one(booked, step("interest", rate="rate"), rate="0.05")
    assert done.amount == 0
    assert done.parts == {}


def test_without_capital_there_is_no_interest_whatever_the_rate() -> None:
    assert one(year("1000"), step("interest", rate="rate")).amount == 0


def test_interest_never_takes_more_than_remains() -> None:
    facts = year("100", capital_time={"Ana": Fraction(3000), "Bea": Fraction(1000)})
    done = run(facts, step("interest", rate="rate"), rate="0.05")
    assert done.steps[0].parts == {"Ana": 75, "Bea": 25}
    assert done.remaining == 0


# --- per-unit retains -----------------------------------------------------------------

RETAINS = step("per-unit", base=("units",), rate="retain", role="per-unit-retain")


@given(
    units=st.dictionaries(
        st.sampled_from(["Ana", "Bea", "Cleo"]), st.integers(1, 10**6), min_size=1
    ),
    rate=st.decimals(0, 10, places=4),
)
def test_a_retain_is_the_units_times_the_rate_and_nothing_else(
    units: dict[str, int], rate: Decimal
) -> None:
    """26 U.S.C. 1388(f): fixed without reference to net earnings."""
    facts = year("0", units={m: Fraction(u) for m, u in units.items()})
    facts, steps = steps_for(facts, (RETAINS,), (), Written(retain=str(rate)))
    (done,) = appropriate(facts, steps, Written(retain=str(rate))).steps
    for member, number in units.items():
        exact = (rate * number).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
        assert done.parts.get(member, 0) == exact


SURPLUS = (RETAINS, patronage())
LOSS = (step("share", id="reserve", base=("loss",)), step("carry"))


def of_a_year(pool: str, retain: str) -> Appropriation:
    """Apply retains, then what is due to members or borne."""
    terms = {"loss": str(max(Decimal(0), -Decimal(pool)))}
    facts = year(pool, units=WEIGHTS, terms=terms)
    rates = Written(retain=retain)
    facts, steps = steps_for(facts, SURPLUS, LOSS, rates)
    return appropriate(facts, steps, rates)


@pytest.mark.parametrize(
    ("pool", "amounts", "is_loss"),
    [
        ("100", {"per-unit": 20, "patronage": 80}, False),
        ("20", {"per-unit": 20, "patronage": 0}, False),
        ("8", {"per-unit": 20, "reserve": 12, "carry": 0}, True),
        ("0", {"per-unit": 20, "reserve": 20, "carry": 0}, True),
        ("-100", {"per-unit": 20, "reserve": 120, "carry": 0}, True),
    ],
)
def test_retains_come_off_first_and_may_turn_a_surplus_into_a_loss(
    pool: str, amounts: dict[str, int], *, is_loss: bool
) -> None:
    done = of_a_year(pool, "5")
    assert {one.step.id: one.amount for one in done.steps} == amounts
    assert done.is_loss is is_loss
    assert [done.charges, done.remaining] == [20, 0]


def test_without_retains_the_sign_of_the_result_decides() -> None:
    facts = year("-5", terms={"loss": "5"})
    assert steps_for(facts, (patronage(),), LOSS, Written())[1] == LOSS
    facts = year("5")
    assert steps_for(facts, (patronage(),), LOSS, Written())[1] == (patronage(),)


# --- transfers ------------------------------------------------------------------------

UPDATE = step(
    "share",
    base=("part*capital",),
    rate="cpi",
    limits=(("balance:revaluation-reserve", "-prior-losses"),),
    role="contribution",
    treatment="transfer",
    expense_role="revaluation-reserve",
    among="members",
    by="capital",
)


def updated(reserve: str, losses: str = "0") -> list[Decimal]:
    """Return what Ana's and Bea's 300 and 100 grow by at 70 % of 4 %."""
    facts = year(
        "50",
        capital={"Ana": Decimal(300), "Bea": Decimal(100)},
        terms={
            "capital": "400",
            "balance:revaluation-reserve": reserve,
            "prior-losses": losses,
        },
    )
    done = run(facts, patronage(), UPDATE, part="0.7", cpi="0.04")
    assert done.remaining == 0
    return list(done.steps[1].parts.values())


def test_capital_is_brought_up_to_date_out_of_the_revaluation_reserve() -> None:
    assert updated("1000") == [Decimal("8.40"), Decimal("2.80")]


def test_a_revaluation_is_limited_by_its_reserve_and_after_losses() -> None:
    assert updated("4") == [3, 1]
    assert updated("1000", "996") == [3, 1]
    assert updated("10", "10") == [0, 0]


def test_a_transfer_takes_nothing_from_the_result() -> None:
    facts = year("0", terms={"capital": "100"})
    update = step("share", base=("capital",), rate="cpi", treatment="transfer")
    done = run(facts, update, cpi="0.05")
    assert [done.steps[0].amount, done.remaining] == [5, 0]


# --- the recent average ---------------------------------------------------------------

PAST = tuple(
    PastYear(
        label,
        Decimal(surplus),
        {"mandatory-reserve": Decimal(reserve), "step:other": Decimal(other)},
        {"result.cooperative": Decimal(own), "result.extra-cooperative": Decimal(rest)},
    )
    for label, surplus, reserve, other, own, rest in (
        (2021, 100, 40, 10, 80, 20),
        (2022, 0, 0, 0, -50, 0),
        (2023, 100, 30, 10, 100, 0),
    )
)


def averaged(**more: object) -> Decimal:
    """Return what an average of two years bears of a loss of 100."""
    facts = year("-100", terms={"loss": "100", "capital": "50"}, history=PAST)
    average = step("average", base=("loss",), years="years", role="mandatory-reserve")
    changed = {**{n: getattr(average, n) for n in ("base", "years", "role")}, **more}
    return one(facts, step("average", **changed), years="2", excess="0.5").amount


def test_an_average_is_that_of_years_with_a_surplus() -> None:
    assert averaged() == 35


def test_an_average_may_count_steps_and_a_base_of_its_own() -> None:
    assert averaged(counts=("step:other",)) == 10
    assert averaged(counts=("step:other",), against=("result.cooperative",)) == Decimal(
        "11.25"
    )
    assert averaged(
        counts=("step:other",), against=("result.extra-cooperative",)
    ) == Decimal("50.00")
    assert averaged(against=("result.cooperative", "-result.extra-cooperative")) == (
        Decimal("48.33")
    )


def test_without_a_history_the_average_is_nothing() -> None:
    facts = year("-100", terms={"loss": "100"})
    average = step("average", base=("loss",), years="years", role="mandatory-reserve")
    assert one(facts, average, years="5").amount == 0


def test_what_a_reserve_holds_above_a_share_of_capital_bears_as_well() -> None:
    facts = year(
        "-100",
        terms={
            "loss": "100",
            "capital": "50",
            "balance:mandatory-reserve": "30",
            "balance:entry-fees": "5",
        },
    )
    average = step(
        "average",
        base=("loss",),
        years="years",
        excess="excess",
        role="mandatory-reserve",
    )
    assert one(facts, average, years="5", excess="0.5").amount == 10
    assert one(facts, average, years="5", excess="1").amount == 0


# --- alpha, slice, top-up, grace ------------------------------------------------------

ALPHA = step(
    "alpha", base=("result",), against=("payroll",), rate="floor", less=("step:none",)
)


@pytest.mark.parametrize(
    ("surplus", "payroll", "share"),
    [
        ("100", "900", "30.00"),
        ("200", "600", "60.00"),
        ("430", "1000", "129.30"),
        ("500", "500", "250.00"),
        ("1000", "500", "666.67"),
    ],
)
def test_alpha_is_the_surplus_over_surplus_and_payroll_at_least_its_floor(
    surplus: str, payroll: str, share: str
) -> None:
    facts = year(surplus, terms={"payroll": payroll})
    assert one(facts, ALPHA, floor="0.30").amount == Decimal(share)


def test_alpha_without_a_floor_or_a_surplus() -> None:
    facts = year("100", terms={"payroll": "900"})
    bare = step("alpha", base=("result",), against=("payroll",))
    assert one(facts, bare).amount == 10
    assert one(year("0"), bare).amount == 0


@given(
    st.decimals(1, 10**6, places=2),
    st.decimals(0, 10**6, places=2),
    st.decimals("0.01", 10**5, places=2),
)
def test_more_surplus_never_lowers_what_alpha_leaves_to_members(
    surplus: Decimal, payroll: Decimal, more: Decimal
) -> None:
    left = [
        run(year(str(pool), terms={"payroll": str(payroll)}), ALPHA, floor="0.3")
        for pool in (surplus, surplus + more)
    ]
    # Each amount is rounded by itself, so that a cent may go either way.
    assert left[1].remaining >= left[0].remaining - Decimal("0.01")
    assert left[1].remaining <= max(payroll, left[1].pool * Decimal("0.7")) + 1


def test_a_first_slice_whole_then_a_rate_of_the_rest() -> None:
    sliced = step("slice", base=("result",), slice="first", rate="rate")
    assert one(year("60"), sliced, first="100", rate="0.5").amount == 60
    assert one(year("160"), sliced, first="100", rate="0.5").amount == 130


def test_start_up_years_are_the_first_ones() -> None:
    own = step("share", base=("loss",), rate="rate", grace="years", role="collective")
    terms = {"loss": "100"}
    assert (
        one(year("-100", terms=terms, index=2), own, rate="0.25", years="2").rate == 1
    )
    third = one(year("-100", terms=terms, index=3), own, rate="0.25", years="2")
    assert third.amount == 25


# --- several limits, and conditions ---------------------------------------------------


@pytest.mark.parametrize(
    ("debts", "amount"), [("100", "40.00"), ("30", "30.00"), ("0", "0")]
)
def test_the_least_of_several_limits_counts(debts: str, amount: str) -> None:
    limits = (("cap*result",), ("debts",))
    facts = year("80", terms={"debts": debts})
    done = one(facts, step("share", base=("result",), limits=limits), cap="0.5")
    assert done.amount == Decimal(amount)
    assert done.cap == Decimal(amount)


@pytest.mark.parametrize(
    ("equity", "amount"), [("25.01", "80"), ("25", "0"), ("-5", "0")]
)
def test_a_step_with_a_condition_takes_nothing_unless_it_is_above_zero(
    equity: str, amount: str
) -> None:
    facts = year("80", terms={"equity": equity, "debts": "100"})
    gated = step("share", base=("result",), when=(("equity", "-cover*debts"),))
    assert one(facts, gated, cover="0.25").amount == Decimal(amount)


def test_the_sentence_says_which_condition_does_not_hold() -> None:
    facts = year("80", terms={"equity": "25", "debts": "100"})
    gated = step("share", base=("result",), when=(("equity", "-debts"),))
    assert one(facts, gated).sentence == (
        "Share: nothing, because equity 25 less debts 100 is not above zero."
    )


# --- a choice of presentation, and of the years that count ----------------------------


@pytest.mark.parametrize(
    ("rates", "treatment"),
    [
        ({"how": "expense"}, "expense"),
        ({"how": "distribution"}, "appropriation"),
        ({}, "transfer"),
    ],
)
def test_a_co_op_may_choose_how_a_step_is_presented(
    rates: dict[str, str], treatment: str
) -> None:
    shown = step("share", base=("result",), presentation="how", treatment="transfer")
    facts = year("80")
    if rates:
        assert one(facts, shown, **rates).step.treatment == treatment
    else:
        assert one(year("0"), shown).step.treatment == treatment


def test_an_average_looks_at_the_last_years_or_at_the_last_with_a_surplus() -> None:
    surpluses = {2017: 100, 2018: 100, 2019: 0, 2020: 0, 2021: 100}
    history = [
        PastYear(label, Decimal(surplus), {"reserve": Decimal(surplus * share) / 10})
        for (label, surplus), share in zip(
            surpluses.items(), (10, 6, 0, 0, 2), strict=True
        )
    ]
    facts = year("-100", history=history, terms={"loss": "100"})
    plain = step("average", base=("loss",), years="years", counts=("reserve",))
    assert one(facts, plain, years="3").amount == 60
    recent = step(
        "average", base=("loss",), years="years", counts=("reserve",), lookback="years"
    )
    assert one(facts, recent, years="3").amount == 20
    assert one(facts, recent, years="4").amount == 40
    assert one(year("-100", terms={"loss": "100"}), recent, years="3").amount == 0


# --- what a step says of its arithmetic -----------------------------------------------


def test_a_slice_says_its_first_part_and_its_rate() -> None:
    sliced = step("slice", base=("result",), rate="rate", slice="first")
    done = one(year("250"), sliced, rate="0.5", first="100")
    assert done.sentence.startswith(
        "Slice: 100 whole, then 50 % of the rest of result 250 = 175.00; 75.00 remains"
    )


@pytest.mark.parametrize(
    ("payroll", "words"),
    [
        ("150", "alpha 40 % (weighed against 150) of result 100 = 40.00"),
        ("900", "the floor of 30 % (alpha 10 %) of result 100 = 30.00"),
    ],
)
def test_alpha_says_whether_its_floor_holds(payroll: str, words: str) -> None:
    weighed = step("alpha", base=("result",), rate="floor", against=("payroll",))
    done = one(year("100", terms={"payroll": payroll}), weighed, floor="0.3")
    assert words in done.sentence


def test_an_average_says_its_share_and_what_is_held_above_a_part_of_capital() -> None:
    terms = {"loss": "80", "capital": "100", "balance:reserve": "70"}
    history = [PastYear(2024, Decimal(60), {"reserve": Decimal(20)})]
    averaged = step(
        "average", base=("loss",), role="reserve", years="years", excess="part"
    )
    facts = year("-80", terms=terms, history=history)
    done = one(facts, averaged, years="5", part="0.5")
    assert "20.00 held above its part of capital, and the recent average of " in (
        done.sentence
    )
    assert "33.3333 % of loss 80 = 46.67" in done.sentence


@pytest.mark.parametrize(
    ("taking", "words"),
    [
        (step("share", base=("debts",)), "debts 90, no more than was left = 80.00"),
        (
            step("share", base=("debts",), limits=(("tax",),)),
            "debts 90, at most 7.00 = 7.00",
        ),
        (
            patronage(part_limit="most"),
            "remaining 80, as far as parts may go = 40.00",
        ),
        (
            step("share", base=("debts", "-cap*tax", "units")),
            "debts 90 less cap x tax 3.50, no more than was left = 80.00",
        ),
        (
            step("share", base=("-profit", "debts")),
            "negative profit 5 plus debts 90, no more than was left = 80.00",
        ),
    ],
)
def test_a_step_says_what_cut_it(taking: Step, words: str) -> None:
    facts = year("80", terms={"debts": "90", "tax": "7", "units": "0", "profit": "-5"})
    assert words in one(facts, taking, most="20", cap="0.5").sentence
