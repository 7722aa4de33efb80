"""Steps explain themselves in a sentence, and never take more than what remains."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.appropriation import appropriate
from coopledger.domain.kinds import KINDS
from coopledger.domain.kinds import recent_average
from coopledger.domain.steps import Facts
from coopledger.domain.steps import PastYear
from coopledger.domain.steps import Step
from tests.domain.years import Written

CENT = Decimal("0.01")


def facts(pool: str, **terms: str) -> Facts:
    """Write a year with two members."""
    weights = {"Ana": Fraction(3), "Bea": Fraction(1)}
    return Facts(
        pool=Decimal(pool),
        terms={name: Decimal(amount) for name, amount in terms.items()},
        weights=weights,
        loss_weights=weights,
        capital={"Ana": Decimal(100)},
        order=["Ana", "Bea"],
        history=[],
        index=3,
        unit=CENT,
    )


RESERVE = Step(
    id="reserve",
    title="Reserve",
    kind="share",
    base=("result", "-tax"),
    rate="rate",
    role="mandatory-reserve",
    source=("Act, art. 1",),
)
REST = Step(id="rest", title="Members", kind="patronage", role="patronage")


def test_a_step_says_its_base_rate_amount_and_source() -> None:
    done = appropriate(
        facts("800", result="1000", tax="200"), [RESERVE], Written(rate="0.25")
    )
    assert done.steps[0].sentence == (
        "Reserve: 25 % of result 1,000 less tax 200 = 200.00; 600.00 remains "
        "(Act, art. 1; source of rate)."
    )


def test_a_step_says_what_counted_already() -> None:
    step = Step(
        id="collective",
        title="Collective account",
        kind="top-up",
        base=("result",),
        rate="rate",
        less=("step:reserve", "balance:entry-fees"),
        role="collective",
    )
    done = appropriate(
        facts("1000", result="1000"), [RESERVE, step], Written(rate="0.25")
    )
    assert done.steps[1].sentence == (
        "Collective account: 25 % of result 1,000, less step reserve 250.00 "
        "already counted = 0.00; 750.00 remains (source of rate)."
    )


def test_a_step_without_base_rate_or_source_says_so_little() -> None:
    step = Step(id="rest", title="Rest", kind="rest", base=(), role="collective")
    (done,) = appropriate(facts("5"), [step], Written()).steps
    assert done.sentence == "Rest: what remains = 5.00; 0.00 remains."


def test_an_appropriation_is_asked_by_step_and_by_role() -> None:
    done = appropriate(
        facts("1000", result="1000"), [RESERVE, REST], Written(rate="0.2")
    )
    assert not done.is_loss
    assert [line.amount for line in done.lines] == [600, 200]
    assert done.to_role("mandatory-reserve") == 200
    assert done.to_role("collective") == 0
    step = done.step("rest")
    assert step is not None
    assert step.amount == 800
    assert done.step("no such step") is None


def test_a_year_that_came_out_even_is_no_loss() -> None:
    assert not appropriate(facts("0"), [], Written()).is_loss


def test_what_a_step_wanted_is_kept_beside_what_it_took() -> None:
    step = Step(
        id="r", title="R", kind="share", base=("result",), limits=(("capital",),)
    )
    (done,) = appropriate(
        facts("50", result="100", capital="20"), [step], Written()
    ).steps
    assert done.wanted == 100
    assert done.amount == 20


def test_a_limit_below_zero_lets_nothing_through() -> None:
    step = Step(
        id="r", title="R", kind="share", base=("result",), limits=(("-capital",),)
    )
    (done,) = appropriate(
        facts("50", result="100", capital="20"), [step], Written()
    ).steps
    assert done.amount == 0


def test_in_a_start_up_year_a_rate_counts_as_one_and_a_step_may_be_left_out() -> None:
    loss = ("loss",)
    steps = [
        Step(id="c", title="C", kind="share", base=loss, rate="rate", grace="grace"),
        Step(id="m", title="M", kind="members", grace="grace", skip_in_grace=True),
    ]
    third = facts("-100", loss="100")
    started = appropriate(third, steps, Written(rate="0.25", grace="2"))
    assert [step.amount for step in started.steps] == [25, Decimal("56.25")]
    starting = appropriate(third, steps, Written(rate="0.25", grace="3"))
    assert [step.amount for step in starting.steps] == [100, 0]
    assert starting.is_loss


def test_what_a_member_cannot_bear_remains() -> None:
    step = Step(id="m", title="M", kind="members")
    done = appropriate(facts("-1000"), [step], Written())
    assert done.steps[0].parts == {"Ana": 100, "Bea": 0}
    assert done.remaining == 900


def test_without_anybody_s_activity_nothing_goes_to_members() -> None:
    idle = facts("100")
    for kind in ("patronage", "members"):
        nobody = Facts(
            pool=idle.pool,
            terms={},
            weights={},
            loss_weights={},
            capital={},
            order=[],
            history=[],
            index=1,
            unit=CENT,
        )
        done = appropriate(nobody, [Step(id="m", title="M", kind=kind)], Written())
        assert done.steps[0].parts == {}
        assert done.remaining == 100


@given(
    st.decimals(-(10**6), 10**6, places=2),
    st.lists(
        st.tuples(
            st.sampled_from(sorted(set(KINDS) - {"average"})),
            st.decimals(0, 3, places=2),
            st.sampled_from(["nearest", "up", "down"]),
            st.sampled_from([None, ("capital",), ("remaining", "-capital")]),
        ),
        max_size=6,
    ),
    st.decimals(0, 10**6, places=2),
)
def test_steps_and_what_remains_always_add_up_to_the_pool(
    pool: Decimal,
    drawn: list[tuple[str, Decimal, str, tuple[str, ...] | None]],
    capital: Decimal,
) -> None:
    steps = [
        Step(
            id=f"s{index}",
            title="A step",
            kind=kind,
            rate=f"r{index}",
            slice=f"r{index}",
            against=("capital",),
            round=how,  # type: ignore[arg-type]  # one of the three words
            limits=() if limit is None else (limit,),
        )
        for index, (kind, _, how, limit) in enumerate(drawn)
    ]
    rates = {f"r{index}": str(rate) for index, (_, rate, _, _) in enumerate(drawn)}
    done = appropriate(facts(str(pool), capital=str(capital)), steps, Written(**rates))
    assert sum((s.amount for s in done.steps), done.remaining) == abs(pool)
    assert all(step.amount >= 0 for step in done.steps)
    assert done.remaining >= 0


def test_the_recent_average_is_of_years_with_a_surplus_only() -> None:
    def year(surplus: str, reserve: str) -> PastYear:
        return PastYear(0, Decimal(surplus), {"mandatory-reserve": Decimal(reserve)})

    years = [year("100", "90"), year("100", "20"), year("0", "0"), year("100", "30")]
    roles = ("mandatory-reserve", "education-fund")
    assert recent_average(years, roles, 2) == Fraction(1, 4)
    assert recent_average(years, roles, 5) == Fraction(140, 300)
    assert recent_average([], roles, 5) == 0


def test_the_recent_average_is_never_more_than_the_whole() -> None:
    years = [PastYear(0, Decimal(100), {"mandatory-reserve": Decimal(150)})]
    assert recent_average(years, ("mandatory-reserve",), 5) == 1
