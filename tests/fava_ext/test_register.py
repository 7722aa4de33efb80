"""The page *Register*, as an assembly reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import table_called
from tests.fava_ext.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fava_ext.pages import Office

    OfficeOver = Callable[[str], Office]

WORK = """
2022-05-01 custom "coop-parameter" "pay.ratio-cap" 5
2022-06-30 * "Payroll"
  Expenses:Advances:Ana     400.00 USD
    hours: 20
  Expenses:Advances:Bo      150.00 USD
    hours: 10
  Expenses:Wages:Hired       90.00 USD
    hours: 10
  Assets:Bank              -640.00 USD
"""


def test_members_are_those_of_the_periods_last_day(office: Office) -> None:
    before = office.page("Register", time="2022")
    after = office.page("Register", time="2024")
    assert "On Dec 31, 2022: 2 members, 2 votes." in before
    assert "On Dec 31, 2024: 1 members, 1 votes." in after
    assert [row[0] for row in table_called(after, "Members on Dec 31, 2024")[1:]] == [
        "Ana Ruiz"
    ]


def test_joins_and_leaves_of_the_period_are_told_with_their_reasons(
    office: Office,
) -> None:
    page = office.page("Register", time="2023")
    assert "In the period 0 joined and 1 left." in page
    assert table_called(page, "What happened in the period")[1:] == [
        ["Jun 30, 2023", "<b>Bo</b>", "left", "moves away"]
    ]
    assert "&lt;b&gt;Bo&lt;/b&gt; , left on Jun 30, 2023" in text_of(page)


def test_a_line_that_is_later_than_the_last_transaction_counts(
    office_over: OfficeOver,
) -> None:
    later = '2024-06-01 custom "coop-member" "Cy" "join"\n  class: "worker"\n'
    page = office_over(BOOK + later).page("Register")
    assert "On Jun 1, 2024: 2 members" in page


def test_members_of_a_class_without_a_vote_have_none(office_over: OfficeOver) -> None:
    trial = '2024-01-01 custom "coop-member" "Cy" "join"\n  class: "probationer"\n'
    page = office_over(BOOK + trial).page("Register", time="2024")
    rows = {row[0]: row[-1] for row in table_called(page, "Members on Dec 31, 2024")}
    assert (rows["Ana Ruiz"], rows["Cy"]) == ("yes", "no")
    assert "2 members, 1 votes" in page


def test_hours_of_members_and_hired_and_the_ratio_of_pay_are_shown(
    office_over: OfficeOver,
) -> None:
    page = office_over(BOOK + WORK).page("Register", time="2022")
    assert table_called(page, "Work and pay")[1] == [
        "2022",
        "30",
        "10",
        "25\N{NO-BREAK SPACE}%",
        "550.00",
        "90.00",
        "1.34 to 1",
        "5 to 1",
    ]


def test_the_json_tells_the_same(office_over: OfficeOver) -> None:
    found = office_over(BOOK + WORK).json("members", page="Register", time="2022")
    assert (found["on"], found["votes"], found["joined"]) == ("2022-12-31", 2, 2)
    assert found["years"][0]["pay_ratio"] == "1.34"
    assert [one["member"] for one in found["members"]] == ["Ana", "Bo"]


@pytest.mark.parametrize("time", ["x", "0000", "2024 - 2020"])
def test_a_bad_time_filter_gets_one_sentence(office: Office, time: str) -> None:
    assert "is no period" in office.page("Register", time=time)
    found = office.json("members", page="Register", status=404, time=time)
    assert "is no period" in found["error"]
