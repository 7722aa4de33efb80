"""What one pass over the postings leaves: each year's figures, bookings and hours."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_book
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.books import Books

HEAD = """
option "operating_currency" "USD"
2020-01-01 custom "coop-enterprise" "example"
2020-01-01 custom "coop-policy" "us-worker-ica"
2020-01-01 custom "coop-member" "Ana" "join"
  class: "worker"
2020-01-01 custom "coop-member" "Bea" "join"
  class: "worker"
"""
BY_HOURS = """
2020-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "hours"
"""


def read(folder: Path, text: str, head: str = HEAD) -> Books:
    """Write a book and read it."""
    lines = "".join(f"{line}\n" for line in (head + text).splitlines() if line)
    return load_book(books.write(folder, lines)).case.books


def remarks(found: Books, about: str) -> list[str]:
    """Return what was remarked about a subject."""
    return [remark.found for remark in found.remarks if remark.about == about]


def activity(found: Books, year: int = 2024) -> dict[tuple[str, str], Decimal]:
    """Return what was measured in a year, by basis and member."""
    return {
        key: sum((quantity for _, quantity in rows), Decimal(0))
        for key, rows in found.years[year].activity.items()
    }


# --- hours ----------------------------------------------------------------------------


def test_hours_are_read_from_the_postings(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        BY_HOURS
        + """
2024-01-31 * "Pay"
  Expenses:Advances:Ana  100.00 USD
    hours: 7.5
  Expenses:Advances:Bea    0.00 USD
    hours: 4
  Assets:Bank           -100.00 USD
""",
    )
    assert found.remarks == []
    assert activity(found) == {
        ("labour", "Ana"): Decimal("7.5"),
        ("labour", "Bea"): Decimal(4),
    }
    ana = found.years[2024].members["Ana"]
    day = datetime.date(2024, 1, 31)
    assert (str(ana.amount), str(ana.hours)) == ("100.00", "7.5")
    assert ana.rows == [(day, Decimal("100.00"), Decimal("7.5"))]


@pytest.mark.parametrize("hours", ["5", "-5"])
def test_pay_taken_back_takes_its_hours_back(tmp_path: Path, hours: str) -> None:
    found = read(
        tmp_path,
        BY_HOURS
        + f"""
2024-01-31 * "Pay"
  Expenses:Advances:Ana  100.00 USD
    hours: 20
  Assets:Bank           -100.00 USD
2024-02-01 * "Taken back"
  Expenses:Advances:Ana  -25.00 USD
    hours: {hours}
  Assets:Bank             25.00 USD
""",
    )
    assert activity(found) == {("labour", "Ana"): 15}
    assert found.years[2024].members["Ana"].hours == 15


def test_hours_that_are_missing_or_no_number_are_remarked(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        BY_HOURS
        + """
2024-01-31 * "Pay"
  Expenses:Advances:Ana   50.00 USD
  Expenses:Advances:Ana   50.00 USD
    hours: "many"
  Assets:Bank           -100.00 USD
""",
    )
    assert activity(found) == {}
    assert remarks(found, "measure") == [
        (
            "The posting to Expenses:Advances:Ana has no 'hours', by which the "
            "patronage basis 'labour' is measured."
        ),
        (
            "The posting to Expenses:Advances:Ana says 'many' for 'hours', by which "
            "the patronage basis 'labour' is measured."
        ),
    ]
    origins = [remark.origin.line for remark in found.remarks]
    assert origins[1] == origins[0] + 1


def test_hours_written_as_an_amount_do_not_count(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        BY_HOURS
        + """
2024-01-31 * "Pay"
  Expenses:Advances:Ana   50.00 USD
    hours: 3 HOURS
  Assets:Bank            -50.00 USD
""",
    )
    assert activity(found) == {}
    assert [remark.fix for remark in found.remarks] == [
        "Write the number alone, without a currency: hours: 3."
    ]


def test_hours_of_hired_workers_stand_apart(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        BY_HOURS
        + """
2024-01-31 * "Pay"
  Expenses:Wages:Dan      50.00 USD
    hours: 3
  Assets:Bank            -50.00 USD
""",
    )
    assert activity(found) == {}
    assert found.years[2024].hired["Dan"].hours == 3
    assert found.years[2024].members == {}
    assert found.bookings == []


def test_a_factor_multiplies_the_measure(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "hours"
  factor: "grade"
2024-01-31 * "Pay"
  Expenses:Advances:Ana   50.00 USD
    hours: 10
    grade: 1.6
  Expenses:Advances:Bea   50.00 USD
    hours: 10
  Assets:Bank           -100.00 USD
""",
    )
    assert activity(found) == {("labour", "Ana"): 16}
    (one,) = remarks(found, "measure")
    assert "has no 'grade'" in one


# --- amounts and units ----------------------------------------------------------------


def test_an_amount_is_measured_in_the_book_s_currency(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "coop-patronage" "purchases" "Income:Sales:{member}"
2024-01-31 * "Bought"
  Assets:Bank            100.00 USD
  Income:Sales:Ana      -100.00 USD
2024-02-01 * "Bought in euro"
  Assets:Bank             11.00 USD
  Income:Sales:Ana       -10.00 EUR @ 1.10 USD
2024-02-02 * "Brought back"
  Assets:Bank            -30.00 USD
  Income:Sales:Ana        30.00 USD
""",
    )
    assert activity(found) == {("purchases", "Ana"): Decimal("81.00")}


def test_money_of_the_book_bought_for_other_money_counts_as_what_it_is(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "coop-patronage" "purchases" "Income:Sales:{member}"
2024-01-31 * "Paid from the account in euro"
  Assets:Euro              90.00 EUR
  Income:Sales:Ana       -100.00 USD @ 0.90 EUR
2024-02-01 * "Capital, paid from the account in euro"
  Assets:Euro                        9.00 EUR
  Equity:Members:Ana:Contribution  -10.00 USD @ 0.90 EUR
""",
    )
    assert activity(found) == {("purchases", "Ana"): 100}
    assert found.years[2024].capital == {"Ana": 10}
    assert [movement.amount for movement in found.movements()] == [10]


def test_units_of_a_commodity_are_counted(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "coop-patronage" "milk" "Expenses:Milk:{member}"
  measure: "units"
  currency: "LITRES"
2020-01-01 custom "coop-patronage" "all" "Expenses:Milk:{member}"
  measure: "units"
2024-01-31 * "Delivered"
  Expenses:Milk:Ana   100 LITRES @ 0.50 USD
  Expenses:Milk:Ana    20 BOTTLES @ 1.00 USD
  Assets:Bank         -70.00 USD
2024-02-01 * "Sour, and given back"
  Expenses:Milk:Ana   -10 LITRES @ 0.50 USD
  Assets:Bank           5.00 USD
""",
    )
    assert activity(found) == {("milk", "Ana"): 90, ("all", "Ana"): 110}
    assert found.remarks == []
    assert found.years[2024].result == {"cooperative": Decimal("-65.00")}


def test_units_on_an_income_account_count_up_too(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "coop-patronage" "bread" "Income:Bread:{member}"
  measure: "units"
2024-01-31 * "Sold"
  Income:Bread:Ana    -10 LOAVES @ 3.00 USD
  Assets:Bank          30.00 USD
""",
    )
    assert activity(found) == {("bread", "Ana"): 10}


def test_only_bases_in_force_before_the_year_measure_it(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-02 custom "coop-patronage" "late" "Expenses:Advances:{member}"
2024-01-31 * "Pay"
  Expenses:Advances:Ana   50.00 USD
  Assets:Bank            -50.00 USD
2025-01-31 * "Pay"
  Expenses:Advances:Ana   50.00 USD
  Assets:Bank            -50.00 USD
""",
    )
    assert activity(found, 2024) == {}
    assert activity(found, 2025) == {("late", "Ana"): 50}


# --- a second currency ----------------------------------------------------------------


def test_capital_in_another_currency_is_remarked_and_counts_at_its_price(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path,
        """
2024-01-31 * "Euro"
  Assets:Bank                        10.00 EUR
  Equity:Members:Ana:Contribution   -10.00 EUR
2024-02-01 * "Euro at a price"
  Assets:Bank                        11.00 USD
  Equity:Members:Ana:Contribution   -10.00 EUR @ 1.10 USD
""",
    )
    assert (
        remarks(found, "currency")
        == [
            (
                "Equity:Members:Ana:Contribution holds EUR; this book's cooperative "
                "accounts are kept in USD."
            ),
        ]
        * 2
    )
    assert found.years[2024].capital == {"Ana": Decimal("11.00")}
    assert [str(movement.amount) for movement in found.movements()] == ["0", "11.0000"]


def test_ordinary_accounts_may_hold_anything(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-31 * "Shares of another co-op"
  Assets:Shares   10 SHARES {5.00 USD}
  Assets:Bank    -50.00 USD
""",
    )
    assert found.remarks == []
    assert found.years[2024].net_worth == 0


def test_pay_in_another_currency_is_remarked_and_counts_at_its_price(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path,
        """
2024-01-31 * "Pay in euro"
  Expenses:Advances:Ana   10.00 EUR @ 1.10 USD
  Assets:Bank            -11.00 USD
""",
    )
    assert len(remarks(found, "currency")) == 1
    assert found.years[2024].members["Ana"].amount == Decimal("11.00")


def test_a_book_without_a_currency_of_its_own_is_remarked_once(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-31 * "Capital"
  Assets:Bank                        10.00 USD
  Equity:Members:Ana:Contribution   -10.00 USD
""",
        HEAD.replace('option "operating_currency" "USD"', ""),
    )
    (one,) = remarks(found, "currency")
    assert one == "This book names no operating currency."


# --- results by origin ----------------------------------------------------------------

GRANT = """
2020-01-01 open Income:Grants
  coop-origin: "extra-cooperative"
2024-01-31 * "A grant"
  Assets:Bank      100.00 USD
  Income:Grants   -100.00 USD
"""


def test_results_are_cooperative_unless_something_else_is_said(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        GRANT
        + """
2024-01-31 * "Sales"
  Assets:Bank       50.00 USD
  Income:Sales     -50.00 USD
2024-12-31 * "Tax"
  Expenses:Tax      20.00 USD
  Assets:Bank      -20.00 USD
""",
    )
    assert found.years[2024].result == {"cooperative": 50, "extra-cooperative": 100}
    assert found.years[2024].tax == {"cooperative": 20}
    assert found.years[2024].has_activity


def test_a_transaction_s_origin_wins_over_its_accounts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        GRANT
        + """
2024-02-01 * "A gift after a flood, and what was spent of it"
  coop-origin: "extraordinary"
  Assets:Bank       50.00 USD
  Expenses:Pumps    20.00 USD
  Income:Grants    -70.00 USD
""",
    )
    assert found.years[2024].result == {
        "cooperative": 0,
        "extra-cooperative": 100,
        "extraordinary": 50,
    }


def test_a_posting_s_origin_wins_over_its_transaction(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        GRANT
        + """
2024-02-01 * "Mixed"
  coop-origin: "extraordinary"
  Assets:Bank       50.00 USD
  Income:Sales     -20.00 USD
    coop-origin: "extra-cooperative"
  Income:Sales     -20.00 USD
    coop-origin: "cooperative"
  Income:Sales     -10.00 USD
""",
    )
    assert found.years[2024].result == {
        "cooperative": 20,
        "extra-cooperative": 120,
        "extraordinary": 10,
    }


def test_tax_has_an_origin_too(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-12-31 * "Tax on other results"
  Expenses:Tax      20.00 USD
    coop-origin: "extra-cooperative"
  Assets:Bank      -20.00 USD
""",
    )
    assert found.years[2024].tax == {"cooperative": 0, "extra-cooperative": 20}


def test_the_education_expense_is_no_part_of_the_result(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-12-31 * "Education, and interest on capital"
  Expenses:EducationFund                10.00 USD
  Liabilities:Funds:Education          -10.00 USD
  Expenses:InterestOnCapital             5.00 USD
  Equity:Members:Ana:Interest           -5.00 USD
""",
    )
    year = found.years[2024]
    assert year.result == {"cooperative": -5}
    assert year.interest == 5
    assert year.balances["education-fund"] == 10
    assert (year.debts, year.net_worth) == (Decimal(10), Decimal(-10))


# --- years ----------------------------------------------------------------------------


def test_a_year_without_a_transaction_is_a_year_all_the_same(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2021-06-01 * "Capital"
  Assets:Bank                       10.00 USD
  Equity:Members:Ana:Contribution  -10.00 USD
2024-06-01 * "Capital"
  Assets:Bank                        5.00 USD
  Equity:Members:Ana:Contribution   -5.00 USD
""",
    )
    assert list(found.years) == [2021, 2022, 2023, 2024]
    assert [year.capital["Ana"] for year in found.years.values()] == [10, 10, 10, 15]
    assert not found.years[2022].has_activity
    assert found.last == datetime.date(2024, 6, 1)


@pytest.mark.parametrize(
    "option",
    [
        '2020-01-01 custom "fava-option" "fiscal-year-end" "06-30"',
        '2020-01-01 custom "fava-option" "fiscal_year_end" "06-30"',
        (
            '2020-01-01 custom "fava-option" "fiscal-year-end" "03-31"\n'
            '2020-01-02 custom "fava-option" "fiscal-year-end" "06-30"'
        ),
    ],
)
def test_fiscal_years_end_when_fava_says_so(tmp_path: Path, option: str) -> None:
    found = read(
        tmp_path,
        f"""
{option}
2024-06-30 * "Sales"
  Assets:Bank    10.00 USD
  Income:Sales  -10.00 USD
2024-07-01 * "Sales"
  Assets:Bank     7.00 USD
  Income:Sales   -7.00 USD
""",
    )
    assert {label: year.result for label, year in found.years.items()} == {
        2024: {"cooperative": 10},
        2025: {"cooperative": 7},
    }
    assert found.remarks == []


def test_a_year_end_that_nobody_can_read_is_remarked(tmp_path: Path) -> None:
    found = read(
        tmp_path, '2020-01-01 custom "fava-option" "fiscal-year-end" "30 June"\n'
    )
    assert remarks(found, "vocabulary") == [
        "Fava's option fiscal-year-end takes MM-DD, not 30 June.",
    ]


def test_other_options_of_fava_say_nothing_of_years(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2020-01-01 custom "fava-option" "language" "es"
2020-01-01 custom "fava-option" "fiscal-year-end"
""",
    )
    assert found.year_end.month == 12
    assert remarks(found, "vocabulary") == [
        "Fava's option fiscal-year-end takes MM-DD, not nothing.",
    ]


# --- bookings -------------------------------------------------------------------------


def test_a_booking_keeps_what_rules_ask_about_a_transaction(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2025-04-01 ! "Assembly" "Distribution" #coop-appropriation ^GA-1
  coop-kind: "appropriation"
  coop-year: "2024"
  coop-transfer: "T-1"
  coop-peer: "Green-Team"
  Equity:Surplus:Appropriated       10.00 USD
    coop-step: "patronage"
  Equity:Members:Ana:Patronage      -9.00 USD
  Liabilities:DueTo:Green-Team      -1.00 USD
  Assets:Bank                        1.00 USD
  Assets:Cash                       -1.00 USD
""",
    )
    (booking,) = found.bookings
    assert booking.text == "Assembly · Distribution"
    assert (booking.flag, booking.kind, booking.year) == ("!", "appropriation", 2024)
    assert (booking.transfer, booking.peer) == ("T-1", "Green-Team")
    assert booking.is_appropriation
    assert booking.links == {"GA-1"}
    assert booking.plain == {"Assets"}
    legs = [
        (leg.role, str(leg.amount), leg.member, leg.name, leg.step)
        for leg in booking.legs
    ]
    assert legs == [
        ("surplus-appropriated", "-10.00", "", "", "patronage"),
        ("patronage", "9.00", "Ana", "", ""),
        ("due-to", "1.00", "", "Green-Team", ""),
    ]
    assert [leg.origin.line for leg in booking.legs] == [
        booking.origin.line + 5,
        booking.origin.line + 7,
        booking.origin.line + 8,
    ]


@pytest.mark.parametrize(("kind", "distributes"), [("opening", False), ("loss", True)])
def test_a_result_brought_forward_is_no_distribution(
    tmp_path: Path, kind: str, *, distributes: bool
) -> None:
    found = read(
        tmp_path,
        f"""
2024-01-01 * "Brought forward, or distributed without the tag"
  coop-kind: "{kind}"
  Equity:Surplus:Appropriated   10.00 USD
  Equity:Collective            -10.00 USD
""",
    )
    (booking,) = found.bookings
    assert booking.is_appropriation is distributes


def test_an_elided_amount_is_read_as_the_amount_it_stands_for(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-31 * "Capital"
  Assets:Bank                       10.00 USD
  Equity:Members:Ana:Contribution
""",
    )
    assert [movement.amount for movement in found.movements()] == [10]


def test_equity_without_a_role_is_listed_at_each_year_s_end(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
2024-01-31 * "Old books"
  Assets:Bank               10.00 USD
  Equity:Opening-Balances  -10.00 USD
""",
    )
    assert found.years[2024].unplaced == {"Equity:Opening-Balances": 10}


def test_an_account_that_is_not_opened_is_left_to_beancount(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    text = f"""{HEAD}
2024-01-31 * "To an account that nobody opened"
  Assets:Bank     10.00 USD
  Income:Sales   -10.00 USD
"""
    path.write_text(text, "utf-8")
    found = load_book(path).case.books
    assert found.years[2024].result == {}
    assert found.bookings == []


# --- dates that slipped ---------------------------------------------------------------

TRADE = """
2024-06-30 * "Sales"
  Assets:Bank    10.00 USD
  Income:Sales  -10.00 USD
"""


@pytest.mark.parametrize(
    "date", ["0024-06-30", "0001-01-01", "2225-01-01", "9999-06-30", "9999-12-31"]
)
@pytest.mark.parametrize("end", ["12-31", "06-30"])
def test_a_date_ages_away_is_a_slip_and_makes_no_years(
    tmp_path: Path, date: str, end: str
) -> None:
    option = f'2020-01-01 custom "fava-option" "fiscal-year-end" "{end}"\n'
    slip = TRADE.replace("2024-06-30", date)
    found = read(tmp_path, option + TRADE * 3 + slip)
    (remark,) = remarks(found, "vocabulary")
    assert remark.startswith(f"The date {date} is ")
    assert list(found.years) == [2024]
    assert found.years[2024].result == {"cooperative": 30}
    assert found.last == datetime.date(2024, 6, 30)


def test_a_book_may_be_old(tmp_path: Path) -> None:
    found = read(tmp_path, TRADE * 3 + TRADE.replace("2024", "1824"))
    assert remarks(found, "vocabulary") == []
    assert len(found.years) == 201
