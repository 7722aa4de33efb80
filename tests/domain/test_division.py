"""Who divides a step's amount, by which key, and what becomes of each part."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.steps import Step
from tests.domain.years import CENT
from tests.domain.years import one
from tests.domain.years import patronage
from tests.domain.years import run
from tests.domain.years import step
from tests.domain.years import year

HALF = Fraction(1, 2)

# --- the key --------------------------------------------------------------------------


def test_members_divide_by_patronage() -> None:
    assert one(year("100"), patronage()).parts == {"Ana": 75, "Bea": 25}


def test_members_divide_by_capital() -> None:
    facts = year("100", capital={"Ana": Decimal(10), "Cleo": Decimal(30)})
    assert one(facts, patronage(by="capital")).parts == {"Ana": 25, "Cleo": 75}


def test_capital_below_zero_has_no_weight() -> None:
    facts = year("100", capital={"Ana": Decimal(10), "Bea": Decimal(-30)})
    assert one(facts, patronage(by="capital")).parts == {"Ana": 100}


def test_capital_of_somebody_whom_no_register_names_divides_nothing() -> None:
    facts = year("100", capital={"Ana": Decimal(10), "Nobody": Decimal(30)})
    assert one(facts, patronage(by="capital")).parts == {"Ana": 100}


def test_everybody_with_patronage_gets_the_same() -> None:
    assert one(year("100"), patronage(by="equal")).parts == {"Ana": 50, "Bea": 50}


def test_a_share_that_names_its_members_is_divided_too() -> None:
    share = step("share", base=("result",), rate="rate", among="members")
    done = one(year("100"), share, rate="0.1")
    assert done.parts == {"Ana": Decimal("7.50"), "Bea": Decimal("2.50")}


def test_without_anybody_nothing_is_taken() -> None:
    for by in ("patronage", "equal"):
        done = run(year("100", weights={}), patronage(by=by))
        assert [done.steps[0].amount, done.remaining] == [0, 100]


def test_who_gets_nothing_has_no_part() -> None:
    facts = year("1000", capital_time={"Ana": Fraction(3000), "Bea": Fraction(1, 100)})
    assert one(facts, step("interest", rate="rate"), rate="0.05").parts == {"Ana": 150}


# --- hired workers --------------------------------------------------------------------

SHARED = year("100", hired_weights={"Helga": Fraction(4)})


def test_hired_workers_divide_with_the_members_by_what_they_worked() -> None:
    done = one(SHARED, patronage(among="workers"))
    assert done.parts == {"Ana": Decimal("37.50"), "Bea": Decimal("12.50")}
    assert done.hired == {"Helga": 50}
    assert done.amount == 100


def test_a_quarter_of_a_members_weight_is_a_quarter_of_an_equal_members_return() -> (
    None
):
    """Ley 11/2019, article 103.5: Helga worked as much as Ana."""
    facts = year("47.50", hired_weights={"Helga": Fraction(3)})
    done = one(facts, patronage(among="workers", hired_weight="factor"), factor="0.25")
    assert done.hired["Helga"] * 4 == done.parts["Ana"]


def test_hired_workers_count_for_nothing_at_a_weight_of_zero() -> None:
    done = one(SHARED, patronage(among="workers", hired_weight="factor"), factor="0")
    assert done.parts == {"Ana": 75, "Bea": 25}
    assert done.hired == {}


def test_equal_shares_are_equal_for_hired_workers_as_well() -> None:
    done = one(SHARED, patronage(among="workers", by="equal"))
    assert [*done.parts.values(), *done.hired.values()] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def test_a_member_and_a_hired_worker_may_bear_one_name() -> None:
    facts = year("100", hired_weights={"Ana": Fraction(4)})
    done = one(facts, patronage(among="workers"))
    assert [done.parts["Ana"], done.hired["Ana"]] == [Decimal("37.50"), 50]


def test_hired_workers_alone_may_have_it_all() -> None:
    facts = year("100", weights={}, hired_weights={"Helga": Fraction(1)})
    done = one(facts, patronage(among="workers"))
    assert done.parts == {}
    assert done.hired == {"Helga": 100}


# --- seniority ------------------------------------------------------------------------

SENIOR = year("400", seniority={"Ana": 15, "Bea": 5})
BY_SENIORITY = patronage(seniority_step="step", seniority_cap="cap", by="equal")


def test_each_full_year_adds_to_a_weight_and_seniority_at_most_doubles_it() -> None:
    """Loi 78-763, article 33: 1.5 for five years, 2 and not 2.5 for fifteen."""
    done = one(SENIOR, BY_SENIORITY, step="0.1", cap="2")
    assert done.key == {(False, "Ana"): 2, (False, "Bea"): Fraction(3, 2)}
    assert done.parts == {"Ana": Decimal("228.57"), "Bea": Decimal("171.43")}


def test_without_a_cap_seniority_goes_on() -> None:
    done = one(SENIOR, patronage(seniority_step="step"), step="0.1")
    assert done.key == {(False, "Ana"): Fraction(15, 2), (False, "Bea"): Fraction(3, 2)}


def test_who_has_no_seniority_keeps_their_weight() -> None:
    done = one(year("400"), BY_SENIORITY, step="0.1", cap="2")
    assert set(done.key.values()) == {1}


# --- caps, floors, spill --------------------------------------------------------------


def test_nobody_gets_more_than_a_share_and_the_rest_is_left() -> None:
    done = run(year("100"), patronage(part_cap="cap"), cap="0.5")
    assert done.steps[0].parts == {"Ana": 50, "Bea": 25}
    assert [done.steps[0].divided, done.steps[0].amount] == [100, 75]
    assert done.remaining == 25


def test_a_cap_is_rounded_down() -> None:
    done = one(year("0.99"), patronage(part_cap="cap"), cap="0.5")
    assert done.parts == {"Ana": Decimal("0.49"), "Bea": Decimal("0.25")}


def test_parts_that_are_too_small_are_not_allocated() -> None:
    done = run(year("100"), patronage(part_floor="floor"), floor="25.01")
    assert done.steps[0].parts == {"Ana": 75}
    assert done.remaining == 25


def test_a_part_of_exactly_the_floor_is_allocated() -> None:
    done = run(year("100"), patronage(part_floor="floor"), floor="25")
    assert done.steps[0].parts == {"Ana": 75, "Bea": 25}


def test_what_is_cut_off_is_a_term_for_later_steps() -> None:
    spill = step("share", base=("spill:patronage",), role="collective")
    done = run(year("100"), patronage(part_floor="floor"), spill, floor="30")
    assert [one.amount for one in done.steps] == [75, 25]
    assert done.remaining == 0


def test_what_nobody_at_all_divides_is_no_spill() -> None:
    spill = step("share", base=("spill:patronage",), role="collective")
    done = run(year("100", weights={}), patronage(), spill)
    assert [one.amount for one in done.steps] == [0, 0]
    assert done.remaining == 100


def test_the_spill_of_a_step_that_is_not_there_is_nothing() -> None:
    assert one(year("100"), step("share", base=("spill:none",))).amount == 0


def test_a_loss_that_own_capital_cannot_bear_is_a_spill_too() -> None:
    facts = year("-300", terms={"loss": "300"})
    spill = step("share", base=("spill:members",), role="suspense")
    done = run(facts, step("members", role="member-loss"), spill)
    assert done.steps[0].parts == {"Ana": 100, "Bea": 75}
    assert done.steps[1].amount == 125


# --- paid, retained, nonqualified -----------------------------------------------------

NOTICE = patronage(cash="cash", notice="notice")


@pytest.mark.parametrize(
    ("notice", "retained", "nonqualified"),
    [("capitalised", 45, 0), ("qualified", 45, 0), ("nonqualified", 0, 45)],
)
def test_the_kind_of_notice_says_what_the_paper_is(
    notice: str, retained: int, nonqualified: int
) -> None:
    line = one(year("100"), NOTICE, cash="0.4", notice=notice).lines[0]
    assert line.cash == 30
    assert [line.retained, line.nonqualified] == [retained, nonqualified]


def test_the_money_is_rounded_up_and_never_more_than_the_part() -> None:
    facts = year("33.32", weights={"Ana": Fraction(1)})
    (line,) = one(facts, NOTICE, cash="0.2", notice="qualified").lines
    assert (line.cash, line.retained) == (Decimal("6.67"), Decimal("26.65"))
    (line,) = one(facts, NOTICE, cash="1", notice="qualified").lines
    assert [line.cash, line.retained] == [Decimal("33.32"), 0]


def test_small_parts_are_paid_wholly_in_money() -> None:
    small = patronage(cash="cash", notice="notice", cash_below="small")
    rates = {"cash": "0.2", "notice": "qualified"}
    ana, bea = one(year("100"), small, small="25", **rates).lines
    assert [ana.cash, bea.cash, bea.retained] == [15, 25, 0]
    ana, bea = one(year("100"), small, small="24.99", **rates).lines
    assert [ana.cash, bea.cash, bea.retained] == [15, 5, 20]


CONSENT = patronage(cash="cash", notice="notice", consent="consent")


def consenting(notice: str, consent: str) -> list[Decimal]:
    """Return retained and nonqualified of Ana, who consented, and Bea, who did not."""
    facts = year("100", consents=frozenset({"Ana"}))
    lines = one(facts, CONSENT, cash="0.2", notice=notice, consent=consent).lines
    return [part for line in lines for part in (line.retained, line.nonqualified)]


def test_without_a_written_consent_a_notice_is_nonqualified() -> None:
    assert consenting("qualified", "written") == [60, 0, 0, 20]


def test_where_membership_is_consent_nobody_has_to_write() -> None:
    assert consenting("qualified", "bylaw") == [60, 0, 20, 0]


def test_a_consent_makes_no_other_notice_qualified() -> None:
    assert consenting("nonqualified", "written") == [0, 60, 0, 20]
    assert consenting("capitalised", "written") == [60, 0, 20, 0]


REPLENISH = patronage(cash="cash", notice="notice", replenish="restore")


def restored(deficits: dict[str, Decimal], restore: str = "true") -> list[Decimal]:
    """Return cash, made good and retained of a part of 75 for Ana."""
    facts = year("100", deficits=deficits)
    rates = {"cash": "0.2", "notice": "capitalised", "restore": restore}
    line = one(facts, REPLENISH, **rates).lines[0]
    return [line.cash, line.replenished, line.retained]


def test_what_is_retained_first_makes_good_what_losses_took() -> None:
    assert restored({"Ana": Decimal(40)}) == [15, 40, 20]
    assert restored({"Ana": Decimal(400)}) == [15, 60, 0]
    assert restored({"Bea": Decimal(400)}) == [15, 0, 60]


def test_losses_stay_taken_where_the_by_laws_do_not_restore_them() -> None:
    assert restored({"Ana": Decimal(40)}, "false") == [15, 0, 60]


def test_of_the_money_a_part_is_withheld() -> None:
    withheld = patronage(cash="cash", withholding="tax")
    ana, bea = one(year("100"), withheld, cash="0.5", tax="0.19").lines
    assert (ana.cash, ana.withheld) == (Decimal("37.50"), Decimal("7.13"))
    assert (bea.cash, bea.withheld) == (Decimal("12.50"), Decimal("2.38"))


# --- what a cap or a floor leaves -----------------------------------------------------

FOUR = year(
    "1000",
    weights={"Ana": Fraction(70), "Bea": Fraction(20), "Cleo": Fraction(9)},
    hired_weights={"Helga": Fraction(1)},
)


def test_what_is_above_a_cap_goes_to_the_others_as_often_as_it_takes() -> None:
    # Ana is cut at 400; of the other 600 Bea would get 400 exactly; Cleo 180, Helga 20.
    capped = patronage(part_limit="most", left_over="others", among="workers")
    done = one(FOUR, capped, most="400")
    assert done.parts == {"Ana": 400, "Bea": 400, "Cleo": 180}
    assert done.hired == {"Helga": 20}
    # At 350 Ana is cut first, then Bea, and Cleo and Helga share the other 300.
    again = one(FOUR, capped, most="350")
    assert again.parts == {"Ana": 350, "Bea": 350, "Cleo": 270}
    assert again.hired == {"Helga": 30}


def test_a_cap_that_cuts_everybody_leaves_the_rest_to_the_steps_that_follow() -> None:
    capped = patronage(part_limit="most", left_over="others")
    done = run(FOUR, capped, step("rest"), most="100")
    assert done.steps[0].parts == {"Ana": 100, "Bea": 100, "Cleo": 100}
    assert done.steps[1].amount == 700


def test_the_lower_of_two_caps_counts_and_leaves_the_rest_where_nobody_says() -> None:
    capped = patronage(part_limit="most", part_cap="cap")
    done = one(FOUR, capped, most="350", cap="0.5")
    assert done.parts == {
        "Ana": 350,
        "Bea": Decimal("202.02"),
        "Cleo": Decimal("90.91"),
    }
    assert one(FOUR, capped, most="650", cap="0.5").parts["Ana"] == 500


def test_what_is_too_small_for_somebody_goes_to_the_others() -> None:
    small = patronage(part_floor="least", left_over="others", among="workers")
    done = one(FOUR, small, least="100")
    assert done.parts == {"Ana": Decimal("777.78"), "Bea": Decimal("222.22")}
    assert done.amount == 1000


# --- bases and classes ----------------------------------------------------------------


def test_a_step_may_be_divided_by_some_bases_among_some_classes() -> None:
    both = (("milk",), ("farmer",))
    facts = year(
        "100",
        weights_by={both: {"Bea": Fraction(2), "Cleo": Fraction(3)}},
        classes={"Ana": "worker", "Bea": "farmer"},
    )
    by_milk = patronage(bases=("milk",), classes=("farmer",))
    assert one(facts, by_milk).parts == {"Bea": 40, "Cleo": 60}
    equally = patronage(bases=("milk",), classes=("farmer",), by="equal")
    assert one(facts, equally).parts == {"Bea": 50, "Cleo": 50}
    by_capital = patronage(classes=("farmer",), by="capital")
    assert one(facts, by_capital).parts == {"Bea": 100}


def test_interest_may_be_for_one_class_alone() -> None:
    stood = {"Ana": Fraction(100), "Bea": Fraction(300)}
    facts = year(
        "100",
        capital_time=stood,
        capital_time_by={"voluntary": stood},
        classes={"Ana": "worker", "Bea": "investor"},
    )
    for base in ((), ("capital.by-time:voluntary",)):
        paid = step("interest", base=base, rate="rate", classes=("investor",))
        assert one(facts, paid, rate="0.1").parts == {"Bea": 30}


def test_retains_may_be_reckoned_on_the_units_of_one_basis() -> None:
    facts = year("100", units_by={(("milk",), ()): {"Bea": Fraction(30)}})
    retain = step("per-unit", rate="rate", bases=("milk",))
    assert one(facts, retain, rate="0.5").parts == {"Bea": 15}


# --- what holds for all ---------------------------------------------------------------

WEIGHTS = st.dictionaries(
    st.sampled_from(["Ana", "Bea", "Cleo"]),
    st.fractions(0, 10**6, max_denominator=100),
)
RATE = st.decimals(0, 1, places=3)


@given(
    pool=st.decimals(0, 10**7, places=2),
    weights=WEIGHTS,
    hired=WEIGHTS,
    years=st.dictionaries(st.sampled_from(["Ana", "Bea"]), st.integers(0, 40)),
    rates=st.tuples(RATE, RATE, RATE, RATE),
    floor=st.decimals(0, 10**4, places=2),
    by=st.sampled_from(["patronage", "capital", "equal"]),
    among=st.sampled_from(["members", "workers"]),
)
def test_parts_never_add_up_to_more_and_without_cuts_to_exactly_the_amount(
    pool: Decimal,
    weights: dict[str, Fraction],
    hired: dict[str, Fraction],
    years: dict[str, int],
    rates: tuple[Decimal, ...],
    floor: Decimal,
    by: str,
    among: str,
) -> None:
    cash, factor, cap, tax = (str(rate) for rate in rates)
    facts = year(
        str(pool),
        weights={m: w for m, w in weights.items() if w},
        hired_weights={m: w for m, w in hired.items() if w},
        seniority=years,
        deficits={"Ana": Decimal("12.34")},
    )
    whole = Step(
        id="whole",
        title="Whole",
        kind="patronage",
        by=by,  # type: ignore[arg-type]  # one of the three words
        among=among,  # type: ignore[arg-type]  # one of the two words
        hired_weight="factor",
        seniority_step="factor",
        cash="cash",
        withholding="tax",
        replenish="restore",
    )
    written = {"cash": cash, "factor": factor, "tax": tax, "restore": "true"}
    done = one(facts, whole, **written)
    assert done.amount == sum([*done.parts.values(), *done.hired.values()])
    assert done.amount == (pool if done.key else 0)
    for line in done.lines:
        kept = line.retained + line.nonqualified + line.replenished
        assert line.cash + kept == line.amount
        assert 0 <= line.withheld <= line.cash
        assert min(line.retained, line.replenished) >= 0
    cut = patronage(by=by, among=among, part_cap="cap", part_floor="floor")
    less = run(facts, cut, cap=cap, floor=str(floor))
    assert less.steps[0].amount + less.remaining == pool
    limit = less.steps[0].divided * Decimal(cap)
    assert all(floor <= part <= limit for part in less.steps[0].parts.values())


@given(
    stood=st.dictionaries(
        st.sampled_from(["Ana", "Bea", "Cleo"]),
        st.fractions(Fraction(1, 100), 10**7, max_denominator=365),
        min_size=1,
    ),
    rate=st.decimals(0, 1, places=4),
    limit=st.decimals(0, 10**6, places=2),
)
def test_interest_that_a_limit_cuts_is_scaled_exactly(
    stood: dict[str, Fraction], rate: Decimal, limit: Decimal
) -> None:
    facts = year("1000000000", capital_time=stood, terms={"cap": str(limit)})
    interest = step("interest", rate="rate", limits=(("cap",),))
    done = one(facts, interest, rate=str(rate))
    exact = {member: amount * Fraction(rate) for member, amount in stood.items()}
    assert done.amount == sum(done.parts.values())
    assert done.amount == min(done.wanted, limit)
    if done.wanted <= limit:
        gaps = [abs(Fraction(done.parts.get(m, 0)) - exact[m]) for m in exact]
        assert max(gaps) <= HALF * Fraction(CENT)
    else:
        whole = sum(exact.values())
        for member, part in done.parts.items():
            fair = Fraction(limit) * exact[member] / whole
            assert abs(Fraction(part) - fair) < Fraction(CENT)
