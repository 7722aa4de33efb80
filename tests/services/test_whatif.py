"""What if: scenarios beside the year as it is, within what law and federation allow."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import CoopledgerError
from coopledger.errors import ParameterUnknownError
from coopledger.errors import YearUnknownError
from coopledger.services.whatif import ScenarioBoundError
from coopledger.services.whatif import ScenarioError
from coopledger.services.whatif import ScenarioTwiceError
from coopledger.services.whatif import ScenarioValueError
from coopledger.services.whatif import compare_scenarios
from coopledger.services.whatif import parse_scenario
from tests import digests
from tests.services.coops import YEAR
from tests.services.coops import Coop
from tests.services.coops import of_hours
from tests.services.workbooks import demo

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.whatif import Outcome


def compared(book: Book, *texts: str, year: int = YEAR) -> list[Outcome]:
    return compare_scenarios(book, year, [parse_scenario(text) for text in texts])


def given(outcome: Outcome, step: str) -> Decimal:
    return next(
        one.amount for one in outcome.appropriation.steps if one.step.id == step
    )


def in_money(outcome: Outcome) -> Decimal:
    return sum(
        (line.cash for one in outcome.appropriation.steps for line in one.lines),
        Decimal(0),
    )


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return of_hours("10", "30", result="1000.00").write(tmp_path)


def test_named_scenarios_stand_beside_the_year_and_all_of_them_together(
    book: Book,
) -> None:
    outcomes = compared(book, "collective.share=0.40", "less cash: cash.share=0.25")
    names = [one.scenario.name for one in outcomes]
    assert names == ["as it is", "collective.share=0.40", "less cash", "all together"]
    assert [given(one, "collective") for one in outcomes] == [250, 400, 250, 400]
    assert [in_money(one) for one in outcomes] == [
        Decimal("375.00"),
        Decimal("300.00"),
        Decimal("187.51"),
        Decimal("150.00"),
    ]


def test_a_name_may_leave_patronage_out_and_is_written_out_in_full(book: Book) -> None:
    (_, one) = compared(book, "cash.share=0.25")
    assert one.scenario.settings == {"patronage.cash-share": "0.25"}
    assert one.scenario.name == "cash.share=0.25"


def test_two_values_of_one_parameter_are_not_put_together(book: Book) -> None:
    outcomes = compared(book, "cash.share=0.25", "patronage.cash-share=30%")
    assert [one.scenario.name for one in outcomes][1:] == [
        "cash.share=0.25",
        "patronage.cash-share=30%",
    ]


def test_a_scenario_may_set_several_parameters(book: Book) -> None:
    (_, one) = compared(book, "Plan B: collective.share=40%, patronage.cash-share=1")
    assert given(one, "collective") == 400
    assert in_money(one) == 600


def test_a_scenario_leaves_the_book_and_its_year_as_they_were(tmp_path: Path) -> None:
    book = of_hours("10", "30").write(tmp_path)
    before = (digests.digest(tmp_path), book.case.appropriation(YEAR))
    compared(book, "collective.share=0.40")
    assert (digests.digest(tmp_path), book.case.appropriation(YEAR)) == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("patronage.cash-share=0.1", "1388.*at least 0.20 with a qualified notice"),
        ("patronage.notice=qualified, cash.share=19%", "at least 0.20"),
    ],
)
def test_too_little_money_for_a_qualified_notice_is_not_worked_out(
    book: Book, text: str, sentence: str
) -> None:
    with pytest.raises(ScenarioBoundError, match=sentence):
        compared(book, text)


def test_a_nonqualified_notice_may_pay_nothing_in_money(book: Book) -> None:
    (_, one) = compared(book, "patronage.notice=nonqualified, cash.share=0")
    assert in_money(one) == 0


def test_what_the_law_does_not_allow_is_refused_with_its_article() -> None:
    with pytest.raises(ScenarioBoundError, match=r"art\. 70.* at least 0\.20"):
        compared(demo("basque"), "reserves.mandatory.rate=0.1")


def test_a_law_without_a_rule_for_notices_asks_for_no_money() -> None:
    outcomes = compared(demo("basque"), "education.rate=0.2")
    assert given(outcomes[1], "education") > given(outcomes[0], "education")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("collective.share=abc", "takes a number, not 'abc'"),
        ("collective.share=NaN", "takes a number, not 'NaN'"),
        ("collective.share=Infinity", "takes a number, not 'Infinity'"),
        ("collective.share=5", "cannot be 5: it is a share, from 0 to 1"),
        ("collective.share=-10%", "cannot be -0.10: it is a share"),
        ("loss.grace-years=-1", "cannot be -1: it is never below zero"),
        ("patronage.notice=perhaps", "takes one of capitalised"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_sentence(
    book: Book, text: str, sentence: str
) -> None:
    with pytest.raises(ScenarioValueError, match=sentence):
        compared(book, text)


def test_a_switch_is_said_in_words_and_anything_else_is_refused() -> None:
    book = demo("basque")
    outcomes = compared(book, "loss.replenish=yes", "loss.replenish=FALSE")
    assert len(outcomes) == 3
    with pytest.raises(ScenarioValueError, match="takes TRUE or FALSE, not 'maybe'"):
        compared(book, "loss.replenish=maybe")


def test_a_parameter_that_the_law_does_not_know_is_refused(book: Book) -> None:
    with pytest.raises(ParameterUnknownError, match="did you mean 'coll"):
        compared(book, "colective.share=0.4")


def test_a_year_that_the_book_does_not_reach_is_refused(book: Book) -> None:
    with pytest.raises(YearUnknownError):
        compared(book, "collective.share=0.4", year=1999)


@pytest.mark.parametrize("text", ["collective.share", "=0.4", "A:", "x=", "a=1,,b=2"])
def test_what_is_no_scenario_shows_the_form(text: str) -> None:
    with pytest.raises(ScenarioError, match="NAME: PARAMETER=VALUE"):
        parse_scenario(text)


def test_a_scenario_that_sets_a_parameter_twice_is_refused() -> None:
    with pytest.raises(ScenarioTwiceError, match="a scenario of its own"):
        parse_scenario("A: collective.share=0.3, collective.share=0.5")


def test_a_figure_that_the_co_op_has_not_decided_is_named(tmp_path: Path) -> None:
    custom = Coop({"M00": Decimal(10)}, Decimal(1000), preset="custom").write(tmp_path)
    with pytest.raises(CoopledgerError):
        compared(custom, "patronage.cash-share=0.5")
