"""The page *Distribution*, as an assembly reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopledger.cli.yearshapes import close_shape
from coopledger.journal.loading import load_book
from coopledger.services.closing import close_year
from tests.fava_ext.conftest import NOT_COOPERATIVE
from tests.fava_ext.pages import SLUG
from tests.fava_ext.pages import table_called
from tests.fava_ext.pages import text_of
from tests.fava_ext.test_capital import WORKED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fava_ext.pages import Office

    OfficeOver = Callable[[str], Office]

STEPS = "The result, step by step"
PARTS = "Everybody&#39;s part"
#: The distribution of 2022 taken out again: it is open.
OPEN = WORKED.rpartition("2023-03-15")[0]
DECIDED = (
    WORKED.replace("#coop-appropriation", "#coop-appropriation ^GA-1")
    + '2023-03-01 custom "coop-resolution" "GA-1" "<i>Approved</i>"\n'
)


def test_each_step_shows_its_base_its_rate_and_what_remains(
    office_over: OfficeOver,
) -> None:
    book = OPEN.replace('"collective.share" 0', '"collective.share" 0.25')
    page = office_over(book).page("Distribution")
    rows = {row[0]: row[1:] for row in table_called(page, STEPS)}
    assert rows["What there is to distribute"][-2] == "300.00"
    collective = rows[
        "Surplus that brings the collective account to its share of the year"
    ]
    assert collective[0].startswith("25\N{NO-BREAK SPACE}% of 300.00")
    assert collective[2:4] == ["75.00", "225.00"]
    assert "Sample By-laws for a Worker Cooperative" in collective[4]


def test_the_members_parts_are_those_of_the_service(
    office_over: OfficeOver, tmp_path: Path
) -> None:
    page = office_over(OPEN).page("Distribution")
    follows = load_book(tmp_path).case.appropriation(2022)
    shown = {row[0]: row[1] for row in table_called(page, PARTS)[1:]}
    expected = {line.member: f"{line.amount:,}" for line in follows.lines}
    assert shown == {
        "Ana Ruiz": expected["Ana"],
        "<b>Bo</b>": expected["Bo"],
        "Total": "300.00",
    }


@pytest.mark.parametrize(
    ("book", "state"),
    [
        (OPEN, "proposed"),
        (OPEN.replace("2022-12-31", "2022-12-30"), "running"),
        (WORKED, "booked"),
        (WORKED.replace("2023-03-15 *", "2023-03-15 !"), "draft"),
        (WORKED + '2023-03-15 custom "coop-seal" "2022" "0"\n', "sealed"),
    ],
)
def test_the_page_says_how_far_a_year_got(
    office_over: OfficeOver, book: str, state: str
) -> None:
    page = office_over(book).page("Distribution", time="FY2022")
    assert f'<span class="coop-tag">{state}</span>' in page
    assert table_called(page, "All years")[1][2] == state


def test_the_decision_behind_a_distribution_is_named_and_escaped(
    office_over: OfficeOver,
) -> None:
    page = office_over(DECIDED).page("Distribution", time="2022")
    assert "Decided on Mar 1, 2023 by GA-1: &lt;i&gt;Approved" in page


def test_what_was_booked_otherwise_is_told_account_by_account(
    office_over: OfficeOver,
) -> None:
    book = WORKED.replace("-200.00 USD", "-201.00 USD").replace(
        "-100.00 USD\n", "-99.00 USD\n"
    )
    page = office_over(book).page("Distribution", time="2022")
    assert "On 2 accounts something else was booked" in page
    rows = table_called(page, "Booked otherwise than it follows")
    assert ["Equity:Members:Ana:Patronage", "-200.00", "-201.00"] in rows


def test_a_loss_is_shown_as_what_members_bear(office_over: OfficeOver) -> None:
    book = OPEN.replace("299.75", "100.00").replace("300.25", "100.00")
    page = text_of(office_over(book).page("Distribution"))
    assert "Loss of 2022: -100.00 USD" in page
    assert "The loss to be covered" in page


def test_a_book_without_any_result_says_where_it_is(office_over: OfficeOver) -> None:
    book = WORKED.partition("2022-01-02 *")[0]
    page = text_of(office_over(book).page("Distribution"))
    assert "There is no year with income and expenses" in page


@pytest.mark.parametrize("time", ["nonsense", "2031", "1999", "0"])
def test_a_year_that_is_not_there_gets_one_sentence(
    office_over: OfficeOver, time: str
) -> None:
    office = office_over(WORKED)
    page = office.page("Distribution", time=time)
    assert page.count('role="alert"') == 1
    found = office.json("year", page="Distribution", status=404, time=time)
    assert found["error"].endswith(".")


def test_a_parameter_that_is_missing_gets_its_own_sentence(
    office_over: OfficeOver,
) -> None:
    book = WORKED.replace("us-worker-ica", "uk-worker")
    page = text_of(office_over(book).page("Distribution", time="2022"))
    assert "is not decided for" in page


def test_the_json_of_a_year_is_that_of_the_command(
    office_over: OfficeOver, tmp_path: Path
) -> None:
    found = office_over(OPEN).json("year", page="Distribution")
    book = load_book(tmp_path)
    expected = close_shape(close_year(book, 2022), book)
    assert expected.pop("entries")
    assert found.items() >= expected.items()
    assert (found["state"], found["differences"]) == ("proposed", [])


def test_a_book_that_is_not_cooperative_gets_one_sentence(
    office_over: OfficeOver,
) -> None:
    page = office_over(NOT_COOPERATIVE).page("Distribution")
    assert "no cooperative directives" in page


def test_the_sidebar_has_the_page(office: Office) -> None:
    assert '"report_title":"Distribution"' in office.client.get(f"{SLUG}/journal/").text
