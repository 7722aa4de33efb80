"""The page *Capital accounts*, as a bookkeeper reads it."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING

import pytest

from coopledger.cli import shapes as command_shapes
from coopledger.journal.loading import load_book
from coopledger.services import shaping
from coopledger.services.stating import capital_of_year
from coopledger.services.stating import statement_of
from tests import books
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.conftest import NOT_COOPERATIVE
from tests.fava_ext.pages import PAGE
from tests.fava_ext.pages import SLUG
from tests.fava_ext.pages import Office
from tests.fava_ext.pages import statement_in
from tests.fava_ext.pages import table_called
from tests.fava_ext.pages import tables_in
from tests.fava_ext.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    OfficeOver = Callable[[str], Office]

JUNE_YEARS = '\n2022-01-01 custom "fava-option" "fiscal-year-end" "06-30"\n'

#: Written after Fava read its accounts: the book itself never opened it.
UNOPENED = """
2024-03-01 * "Somebody" "Pays into an account that nobody opened"
  Assets:Bank                          70.00 USD
  Equity:Members:Nobody:Contribution  -70.00 USD
"""

# --- the list -------------------------------------------------------------------------


def test_the_list_shows_each_members_way_from_opening_to_closing(
    office: Office,
) -> None:
    assert office.listing()["Ana Ruiz"] == {
        "Member": "Ana Ruiz",
        "Id": "Ana",
        "Class": "worker",
        "Status": "member",
        "Opening": "0.00",
        "Contributions": "1,050.00",
        "Patronage": "200.15",
        "Redemptions": "",
        "Closing": "1,250.15",
    }


def test_under_a_time_filter_the_opening_is_the_balance_and_not_zero(
    office: Office,
) -> None:
    ana = office.listing(time="2024")["Ana Ruiz"]
    assert (ana["Opening"], ana["Contributions"], ana["Closing"]) == (
        "1,200.15",
        "50.00",
        "1,250.15",
    )


def test_the_last_day_of_the_filter_counts_and_the_next_one_does_not(
    office: Office,
) -> None:
    until_the_day_before = office.listing(time="2023-01-01 - 2023-06-29")
    until_the_day = office.listing(time="2023-01-01 - 2023-06-30")
    assert until_the_day_before["<b>Bo</b>"]["Closing"] == "600.10"
    assert until_the_day["<b>Bo</b>"]["Closing"] == "0.00"


def test_the_totals_add_the_columns_up(office: Office) -> None:
    total = office.listing(time="2023")["Total"]
    assert (total["Opening"], total["Patronage"]) == ("1,500.00", "300.25")
    assert (total["Redemptions"], total["Closing"]) == ("-600.10", "1,200.15")


@pytest.mark.parametrize("time", ["", "2022", "2023", "2024", "2023-02 - 2023-04"])
def test_the_total_ties_to_favas_own_balance_sheet(office: Office, time: str) -> None:
    assert "The total of all closing balances is the members&#39; capital" in text_of(
        office.page(time=time)
    )


@pytest.mark.parametrize("time", ["2022", "2023", "2024", "2023-02 - 2023-04"])
def test_what_the_total_is_held_against_is_what_fava_shows(
    office: Office, time: str
) -> None:
    address = f"{SLUG}/api/balance_sheet"
    answer = office.client.get(address, query_string={"time": time}).get_json()
    tree = next(one for one in answer["data"]["trees"] if one["account"] == "Equity")
    members = next(
        (one for one in tree["children"] if one["account"] == "Equity:Members"), None
    )
    shown = members["balance_children"].get("USD", 0) if members else 0
    total = office.listing(time=time)["Total"]["Closing"]
    assert f"{-shown:,.2f}" == total


def test_a_total_that_does_not_tie_says_so_with_both_amounts(
    office_over: OfficeOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "with_opens", lambda text: text + UNOPENED)
    opened = books._ACCOUNT.findall(BOOK)
    opens = "".join(f"2020-01-01 open {name}\n" for name in sorted(set(opened)))
    text = text_of(office_over(BOOK + opens).page())
    assert "The total does not tie: the closing balances come to 1,250.15 USD" in text
    assert "in the balance sheet come to 1,320.15 USD" in text


def test_who_has_nothing_in_the_period_stands_below_the_list(office: Office) -> None:
    assert "<b>Bo</b>" not in office.listing(time="2024")
    assert "&lt;b&gt;Bo&lt;/b&gt; , worker, left on Jun 30, 2023" in text_of(
        office.page(time="2024")
    )


def test_a_period_before_anybody_paid_shows_nobody(office: Office) -> None:
    assert "Nobody has any capital in this period." in office.page(time="2021")


def test_capital_of_somebody_who_is_in_no_register_is_listed_and_marked(
    office_over: OfficeOver,
) -> None:
    stranger = UNOPENED.replace("Nobody", "Zoe")
    assert office_over(BOOK + stranger).listing()["Zoe"]["Status"] == (
        "not in the register"
    )


def test_transfers_have_a_column_where_there_are_any(office_over: OfficeOver) -> None:
    transfer = """
2023-05-01 * "Bo" "Gives Ana a part of his account"
  Equity:Members:Bo:Contribution    10.00 USD
  Equity:Members:Ana:Contribution  -10.00 USD
"""
    listing = office_over(BOOK + transfer).listing()
    assert listing["Ana Ruiz"]["Transfers"] == "10.00"


def test_each_fiscal_year_is_one_click_away(office_over: OfficeOver) -> None:
    office = office_over(BOOK + JUNE_YEARS)
    assert f'href="{PAGE}?time=FY2023"' in office.page()
    assert "Fiscal year 2023: Jul 1, 2022 to Jun 30, 2023" in office.page(time="FY2023")


def test_a_link_to_a_member_keeps_the_filters(office: Office) -> None:
    link = f'href="{PAGE}?member=Ana&amp;account=Assets&amp;time=2024"'
    assert link in office.page(time="2024", account="Assets")


def test_cents_are_shown_even_where_most_amounts_of_the_book_are_whole(
    office_over: OfficeOver,
) -> None:
    whole = "".join(
        f'2024-03-{day:02} * "Whole amounts"\n'
        f"  Assets:Bank  {day} USD\n  Income:Sales  -{day} USD\n"
        for day in range(1, 31)
    )
    ana = office_over(BOOK + whole).listing()["Ana Ruiz"]
    assert ana["Closing"] == "1,250.15"


# --- one member -----------------------------------------------------------------------


def test_a_statement_runs_from_the_opening_to_the_closing_balance(
    office: Office,
) -> None:
    assert office.statement("Ana", time="2024") == [
        ["Jan 1, 2024", "Opening balance", "", "", "", "1,200.15"],
        [
            "Feb 1, 2024",
            "Contribution",
            "Contribution",
            "Ana · Pays some more",
            "50.00",
            "1,250.15",
        ],
        ["Dec 31, 2024", "Closing balance", "", "", "", "1,250.15"],
    ]


@pytest.mark.parametrize("member", ["Ana", "Bo"])
@pytest.mark.parametrize("time", ["", "2022", "2023", "2024"])
def test_the_running_balance_ends_at_the_closing_balance(
    office: Office, member: str, time: str
) -> None:
    *movements, closing = office.statement(member, time=time)
    assert movements[-1][-1] == closing[-1]


def test_the_heading_says_who_the_member_is(office: Office) -> None:
    assert "Ana · worker · member since Jan 1, 2022" in text_of(
        office.page(member="Ana")
    )
    assert "Bo · worker · member from Jan 1, 2022 to Jun 30, 2023 (left)" in text_of(
        office.page(member="Bo")
    )


def test_a_paused_member_and_an_applicant_are_called_so(
    office_over: OfficeOver,
) -> None:
    events = """
2024-01-01 custom "coop-member" "Ana" "pause"
2024-01-01 custom "coop-member" "Cy" "apply"
"""
    office = office_over(BOOK + events)
    assert "paused, member since Jan 1, 2022" in office.page(member="Ana")
    assert "Cy · applicant" in text_of(office.page(member="Cy"))


def test_components_debts_and_open_instalments_have_their_own_tables(
    office: Office,
) -> None:
    page = office.page(member="Bo", time="2022")
    _, components, besides, *_ = tables_in(page)
    assert components == [
        ["Contribution", "1,000.00"],
        ["Still to be paid in", "-500.00"],
    ]
    assert besides == [
        ["By the member: Instalment of the contribution", "no day agreed", "500.00", ""]
    ]
    page = office.page(member="Bo", time="2023")
    _, components, besides, *_ = tables_in(page)
    assert components == [["Nothing on Dec 31, 2023"]]
    assert besides == [["Capital being paid out", "Jun 30, 2028", "600.10", ""]]


def test_an_unpaid_part_of_a_contribution_is_about_the_contribution(
    office: Office,
) -> None:
    rows = [row[1:3] for row in office.statement("Bo", time="2022")[1:-1]]
    assert rows == [
        ["Still to be paid", "Contribution"],
        ["Contribution", "Contribution"],
    ]


def test_the_bare_words_of_the_language_are_not_repeated_beside_what_they_mean(
    office_over: OfficeOver,
) -> None:
    more = """
2024-03-01 * "patronage 2023"
  Assets:Bank                       10.00 USD
  Equity:Members:Ana:Contribution  -10.00 USD
2024-03-02 * "Ana" "patronage 2023"
  Assets:Bank                       10.00 USD
  Equity:Members:Ana:Contribution  -10.00 USD
"""
    page = office_over(BOOK + more).page(member="Ana", time="2024-03")
    assert page.count("patronage 2023") == 1


def test_each_row_opens_its_entry_in_fava(office: Office) -> None:
    page = office.page(member="Ana", time="2024")
    found = re.search(r'href="#context-([0-9a-f]{32})"', page)
    assert found is not None
    answer = office.client.get(
        f"{SLUG}/api/context", query_string={"entry_hash": found[1]}
    )
    assert answer.get_json()["data"]["entry"]["narration"] == "Pays some more"


def charts_of(page: str) -> list[dict[str, object]]:
    """Return what the page hands to Fava's chart component."""
    found = re.search(r'type="charts"><script[^>]*>(.*?)</script>', page)
    return [] if found is None else list(json.loads(found[1]))


def test_the_balance_is_drawn_over_time(office: Office) -> None:
    line = charts_of(office.page(member="Ana", time="2024"))[0]
    assert line == {
        "type": "balances",
        "label": "Balance",
        "data": [
            {"date": "2024-01-01", "balance": {"USD": 1200.15}},
            {"date": "2024-02-01", "balance": {"USD": 1250.15}},
            {"date": "2024-12-31", "balance": {"USD": 1250.15}},
        ],
    }


def test_changes_and_parts_are_stacked_by_component_for_each_fiscal_year(
    office: Office,
) -> None:
    _, changes, parts = charts_of(office.page(member="Ana", time="2023 - 2024"))
    contribution, patronage = "Contribution", "Retained patronage"
    assert [
        (bar["date"], bar["account_balances"])
        for bar in changes["data"]  # type: ignore[attr-defined]
    ] == [
        ("2023-12-31", {patronage: {"USD": 200.15}}),
        ("2024-12-31", {contribution: {"USD": 50}}),
    ]
    assert [
        (bar["date"], bar["account_balances"])
        for bar in parts["data"]  # type: ignore[attr-defined]
    ] == [
        ("2023-12-31", {contribution: {"USD": 1000}, patronage: {"USD": 200.15}}),
        ("2024-12-31", {contribution: {"USD": 1050}, patronage: {"USD": 200.15}}),
    ]


def test_a_balance_that_the_book_opens_with_is_no_change(
    office_over: OfficeOver,
) -> None:
    opening = BOOK.replace(
        '"Pays her contribution"', '"Brought forward"\n  coop-kind: "opening"'
    )
    page = office_over(opening).page(member="Ana", time="2022")
    assert statement_in(page)[1] == [
        "Jan 1, 2022",
        "Opening balance",
        "",
        "",
        "",
        "1,000.00",
    ]
    assert [chart["label"] for chart in charts_of(page)] == [
        "Balance",
        "Components at each year end",
    ]


def test_the_list_draws_every_year_up_to_the_end_of_the_period(
    office: Office,
) -> None:
    page = office.page(time="2023")
    bars, line = charts_of(page)
    assert [bar["date"] for bar in bars["data"]] == [  # type: ignore[attr-defined]
        "2022-12-31",
        "2023-12-31",
    ]
    assert line["data"][-1]["balance"] == {"USD": 1200.15}  # type: ignore[index]
    assert table_called(page, "By component, at each year end") == [
        ["Component", "Dec 31, 2022", "Dec 31, 2023"],
        ["Contribution", "2,000.00", "1,000.00"],
        ["Still to be paid in", "-500.00", ""],
        ["Retained patronage", "", "200.15"],
    ]


def test_the_way_back_to_the_list_keeps_the_filters(office: Office) -> None:
    page = office.page(member="Ana", time="2024")
    assert f'<a href="{PAGE}?time=2024">← All members</a>' in page


# --- how it was worked out ------------------------------------------------------------

#: Ana and Bo share 300 by their hours, and of Ana's pay it is known what it was for.
WORKED = (
    BOOK.split("2023-03-15")[0]
    + """
2022-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "hours"
2022-01-01 custom "coop-parameter" "collective.share" 0
2022-01-01 custom "coop-parameter" "patronage.cash-share" 0
2022-06-30 * "Payroll"
  Expenses:Advances:Ana   200.00 USD
    hours: 20
  Expenses:Advances:Bo    100.00 USD
    hours: 10
  Assets:Bank            -300.00 USD
2022-07-31 * "Customers" "Sales"
  Assets:Bank             299.75 USD
  Income:Sales           -299.75 USD
2023-03-15 * "Test" "Patronage" #coop-appropriation
  coop-kind: "appropriation"
  coop-year: "2022"
  Equity:Surplus:Appropriated         300.00 USD
  Equity:Members:Ana:Patronage       -200.00 USD
  Equity:Members:Bo:Patronage        -100.00 USD
"""
)


def test_a_part_of_the_surplus_is_worked_out_from_the_pool_and_the_hours(
    office_over: OfficeOver,
) -> None:
    page = text_of(office_over(WORKED).page(member="Ana"))
    assert "Patronage of 2022: 200.00 USD" in page
    assert "What there was to divide 300.00" in page
    assert "The member's own hours 20" in page.replace("&#39;", "'")
    assert "300.00 \N{MULTIPLICATION SIGN} 20 ÷ 30 = 200 200.00" in page


def test_arithmetic_that_leads_to_another_amount_is_not_shown(
    office_over: OfficeOver,
) -> None:
    page = text_of(
        office_over(WORKED.replace("hours: 20", "hours: 21")).page(member="Ana")
    )
    assert "Patronage of 2022: 200.00 USD" in page
    assert "What there was to divide" not in page
    assert "it was worked out in the book of the whole co-operative" in page


def test_a_book_of_one_member_opens_at_their_account(office_over: OfficeOver) -> None:
    alone = """
option "title" "Test Co-op"
option "operating_currency" "USD"
2022-01-01 custom "fava-extension" "coopledger.fava_ext"
2022-01-01 custom "coop-policy" "us-worker-ica"
2022-01-01 custom "coop-member" "Ana" "join"
  name: "Ana Ruiz"
2022-01-02 * "Ana" "Pays her contribution"
  Equity:Cooperative                1,000.00 USD
  Equity:Members:Ana:Contribution  -1,000.00 USD
2023-03-15 * "Patronage"
  coop-kind: "patronage"
  coop-year: "2022"
  Equity:Cooperative                  200.00 USD
  Equity:Members:Ana:Patronage       -200.00 USD
"""
    page = text_of(office_over(alone).page())
    assert "Ana Ruiz Ana · member since Jan 1, 2022" in page
    assert "All members" not in page
    assert "Patronage of 2022" in page


# --- what cannot be shown -------------------------------------------------------------


def test_filters_that_are_not_followed_are_named(office: Office) -> None:
    page = text_of(office.page(time="2024", account="Assets", filter="#tag"))
    assert "the account filter “Assets” is not applied here" in page
    assert "the text filter “#tag” is not applied here" in page
    assert office.listing(account="Assets", filter="#tag") == office.listing()


def test_a_filter_that_fava_cannot_parse_does_no_harm(office: Office) -> None:
    assert "the text filter “((” is not applied here" in office.page(filter="((")


def test_a_name_with_markup_is_shown_as_text(office: Office) -> None:
    for page in (office.page(), office.page(member="Bo")):
        assert "&lt;b&gt;Bo&lt;/b&gt;" in page
        assert "<b>" not in page
    assert "Pays &lt;i&gt;half&lt;/i&gt; of his" in office.page(member="Bo")


def test_markup_in_the_address_is_shown_as_text(office: Office) -> None:
    page = office.page(member="<script>x</script>", account="<script>y</script>")
    assert "<script>x" not in page
    assert "<script>y" not in office.page(account="<script>y</script>")


def test_an_unknown_member_gets_one_sentence_that_offers_the_nearest(
    office: Office,
) -> None:
    assert "There is no member 'An' in the register; did you mean 'Ana'?" in (
        office.page(member="An").replace("&#39;", "'")
    )


def test_a_time_filter_that_is_no_period_gets_one_sentence(office: Office) -> None:
    for time in ("soon", "2025 - 2024", "0001"):
        sentence = f"The time filter &#39;{time}&#39; is no period."
        assert sentence in office.page(time=time)
        assert "error" in office.json("members", status=404, time=time)


def test_a_book_that_is_not_cooperative_gets_one_sentence(
    office_over: OfficeOver,
) -> None:
    office = office_over(NOT_COOPERATIVE)
    assert "This book has no cooperative directives" in office.page()
    assert "This book has no cooperative directives" in office.page(member="Ana")
    assert "error" in office.json("members", status=404)


def test_errors_that_may_make_figures_wrong_are_announced(
    office_over: OfficeOver,
) -> None:
    page = text_of(office_over(BOOK + "\n2024-05-05 nonsense\n").page())
    assert "Beancount reports 1 error in this book" in page


def test_numbers_are_hidden_in_incognito_mode(office: Office) -> None:
    from fava import template_filters  # noqa: PLC0415 - only here

    environment = office.client.application.jinja_env
    environment.filters["incognito"] = template_filters.replace_numbers
    page = office.page()
    assert "1,250.15" not in page
    assert "X,XXX.XX" in page


# --- reloading ------------------------------------------------------------------------


def test_the_page_shows_a_change_of_the_book_at_once(
    office: Office, tmp_path: Path
) -> None:
    assert office.listing()["Ana Ruiz"]["Closing"] == "1,250.15"
    book = tmp_path / "main.beancount"
    book.write_text(book.read_text("utf-8").replace("50.00 USD", "60.00 USD"), "utf-8")
    assert office.listing()["Ana Ruiz"]["Closing"] == "1,260.15"


# --- JSON -----------------------------------------------------------------------------


def test_the_json_of_a_fiscal_year_is_that_of_the_command(
    office: Office, tmp_path: Path
) -> None:
    read = load_book(tmp_path).case.books
    expected = command_shapes.capital_shape(2023, "USD", capital_of_year(read, 2023))
    days = {"start": "2023-01-01", "end": "2023-12-31"}
    assert office.json("members", time="2023") == {**expected, **days}


def test_the_json_of_another_period_has_no_year(office: Office) -> None:
    found = office.json("members", time="2023-Q1")
    assert (found["year"], found["start"], found["end"]) == (
        None,
        "2023-01-01",
        "2023-03-31",
    )
    assert office.json("members")["start"] is None


def test_the_json_of_a_statement_is_that_of_the_command(
    office: Office, tmp_path: Path
) -> None:
    read = load_book(tmp_path).case.books
    days = datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)
    expected = shaping.statement_shape("USD", statement_of(read, "Bo", *days))
    assert (
        office.json("statement", member="Bo", time="2023").items() >= expected.items()
    )


@pytest.mark.parametrize("query", [{"member": "Zoe"}, {"member": "Ana", "time": "x"}])
def test_json_that_cannot_be_had_is_a_sentence(
    office: Office, query: dict[str, str]
) -> None:
    found = office.json("statement", status=404, **query)
    assert found["schema"] == 1
    assert found["error"].endswith((".", "?"))
