"""The worksheet of patrons' forms: published cases, boxes, faces, and refusals."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.filings import PATRON_BOXES
from coopledger.domain.filings import PATRON_FORM
from coopledger.journal.loading import load_sound_book
from coopledger.services.checking import check_path
from coopledger.services.taxforms.columns import edition_for
from coopledger.services.taxforms.columns import known_maps
from coopledger.services.taxing import NoPatronFormError
from coopledger.services.taxing import Worksheet
from coopledger.services.taxing import filing_lines
from coopledger.services.taxing import patron_worksheet
from coopledger.services.taxing import worksheet_csv
from coopledger.services.taxing import worksheet_shape
from tests import books
from tests.rules.ledgers import US
from tests.rules.ledgers import lines_of

if TYPE_CHECKING:
    from pathlib import Path

#: Numbers of boxes by meaning, by edition.
LAYOUTS = {one.id: one.numbers for one in known_maps(PATRON_FORM, "paper")}

DECISION = '2026-03-31 custom "coop-resolution" "GA-2026-03" "The surplus of 2025"\n'

#: A surplus of 10,000, shared 60 to 40, a fifth in money (published by Co-op Source
#: Network as a test of its own software, which then puts the parts into wrong boxes).
SHARED = (
    '2020-01-01 custom "coop-parameter" "collective.share" 0\n'
    + DECISION
    + """
2025-06-30 * "Sales, and advances of 60 and 40 hours"
  Income:Sales            -11000.00 USD
  Expenses:Advances:Ana      600.00 USD
    hours: 60
  Expenses:Advances:Bea      400.00 USD
    hours: 40
  Assets:Bank              10000.00 USD
2026-04-01 * "Distribution" #coop-appropriation ^GA-2026-03
  coop-year: "2025"
  Equity:Surplus:Appropriated      10000.00 USD
  Liabilities:Members:Ana:Payable  -1200.00 USD
  Equity:Members:Ana:Patronage     -4800.00 USD
  Liabilities:Members:Bea:Payable   -800.00 USD
  Equity:Members:Bea:Patronage     -3200.00 USD
2026-05-01 * "Paid"
  coop-kind: "payment"
  coop-year: "2025"
  Liabilities:Members:Ana:Payable   1200.00 USD
  Liabilities:Members:Bea:Payable    800.00 USD
  Assets:Bank                      -2000.00 USD
"""
)
NONQUALIFIED = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated         1000.00 USD
  Equity:Collective                   -250.00 USD
  Equity:Members:Ana:Nonqualified     -562.50 USD
  Equity:Members:Bea:Nonqualified     -187.50 USD
"""


def written(folder: Path, ledger: str) -> Path:
    return books.write(folder, f"{books.preamble(US)}\n{lines_of(ledger)}")


def worksheet(folder: Path, ledger: str, year: int) -> Worksheet:
    return patron_worksheet(load_sound_book(written(folder, ledger)).case, year)


def boxes_of(sheet: Worksheet) -> dict[str, dict[str, str]]:
    return {
        line.member: {box: str(sum_) for box, sum_ in line.boxes.items() if sum_}
        for line in sheet.lines
    }


# --- published cases ------------------------------------------------------------------


def test_money_and_retained_paper_are_one_dividend_in_box_1(tmp_path: Path) -> None:
    sheet = worksheet(tmp_path, SHARED, 2026)
    assert boxes_of(sheet) == {
        "Ana": {"patronage-dividends": "6000.00"},
        "Bea": {"patronage-dividends": "4000.00"},
    }
    numbered = worksheet_shape(sheet, edition_for(PATRON_FORM, 2026))["members"][0][
        "boxes"
    ]
    filled = {one["box"]: one["amount"] for one in numbered if one["amount"]}
    assert filled == {"1": "6000.00", "3": "0", "4": "0", "5": "0"}
    assert {one["box"] for one in numbered if one["amount"] is None} == {
        *("2", "6", "7", "8", "9", "10", "11", "12")
    }


def test_the_amounts_of_a_published_record_are_read_by_meaning() -> None:
    # moov-io/irs, a record of payee with form 1099-PATR in the file layout of 2017:
    # the amounts 1 to 9, A to H and J are 1.00, 2.00, ... 18.00, in cents.
    codes = "123456789ABCDEFGHJ"
    record = "".join(f"{100 * number:012d}" for number in range(1, len(codes) + 1))
    amounts = {
        code: Decimal(record[12 * place : 12 * place + 12]).scaleb(-2)
        for place, code in enumerate(codes)
    }
    layout = LAYOUTS["2017"]
    read = {box: amounts[code] for box, code in layout.items()}
    assert read["patronage-dividends"] == Decimal("1.00")
    assert read["redeemed-nonqualified"] == Decimal("5.00")
    assert read["investment-credit"] == Decimal("7.00")
    assert read["qualified-payments"] == Decimal("11.00")


def test_box_7_has_meant_two_things() -> None:
    meanings = {
        edition: [box for box, number in layout.items() if number == "7"]
        for edition, layout in LAYOUTS.items()
    }
    assert meanings == {"2023": ["qualified-payments"], "2017": ["investment-credit"]}


@pytest.mark.parametrize("edition", LAYOUTS)
def test_an_edition_numbers_known_boxes_and_none_twice(edition: str) -> None:
    layout = LAYOUTS[edition]
    assert set(layout) <= set(PATRON_BOXES)
    assert len(set(layout.values())) == len(layout)


# --- what is paid, and when -----------------------------------------------------------


def test_each_part_is_reported_for_the_year_in_which_it_is_paid(tmp_path: Path) -> None:
    late = SHARED.replace("2026-05-01", "2027-01-05")
    case = load_sound_book(written(tmp_path, late)).case
    assert boxes_of(patron_worksheet(case, 2026))["Ana"] == {
        "patronage-dividends": "4800.00"
    }
    assert boxes_of(patron_worksheet(case, 2027))["Ana"] == {
        "patronage-dividends": "1200.00"
    }


def test_nonqualified_paper_is_reported_when_it_is_redeemed_and_not_before(
    tmp_path: Path,
) -> None:
    redeemed = """
2026-02-01 * "Ana's paper is redeemed"
  Equity:Members:Ana:Nonqualified      200.00 USD
  Assets:Bank                         -200.00 USD
"""
    case = load_sound_book(written(tmp_path, NONQUALIFIED + redeemed)).case
    assert patron_worksheet(case, 2025).lines == ()
    assert boxes_of(patron_worksheet(case, 2026)) == {
        "Ana": {"redeemed-nonqualified": "200.00"}
    }


LEAVING = """
2026-01-31 custom "coop-member" "Ana" "leave"
2026-02-01 * "Ana's account becomes a debt"
  Equity:Members:Ana:Nonqualified      562.50 USD
  Equity:Members:Ana:Contribution     1000.00 USD
  {debt}                             -1562.50 USD
2026-03-01 * "A third"
  {debt}                               520.83 USD
  Assets:Bank                         -520.83 USD
2027-03-01 * "A third"
  {debt}                               520.83 USD
  Assets:Bank                         -520.83 USD
2028-03-01 * "The rest"
  {debt}                               520.84 USD
  Assets:Bank                         -520.84 USD
"""


@pytest.mark.parametrize(
    "debt", ["Liabilities:Redemptions:Ana", "Liabilities:Members:Ana:Payable"]
)
def test_a_debt_is_reported_in_the_proportion_of_its_paper_to_the_cent(
    debt: str, tmp_path: Path
) -> None:
    ledger = NONQUALIFIED + LEAVING.format(debt=debt)
    case = load_sound_book(written(tmp_path, ledger)).case
    paid = [
        boxes_of(patron_worksheet(case, year))["Ana"]["redeemed-nonqualified"]
        for year in (2026, 2027, 2028)
    ]
    assert paid == ["187.50", "187.50", "187.50"]


def test_what_is_redeemed_partly_at_once_is_reported_partly_at_once(
    tmp_path: Path,
) -> None:
    ledger = (
        NONQUALIFIED
        + """
2026-02-01 * "Half of Ana's paper now, half next year"
  Equity:Members:Ana:Nonqualified      562.50 USD
  Liabilities:Redemptions:Ana         -281.25 USD
  Assets:Bank                         -281.25 USD
2027-02-01 * "The other half"
  Liabilities:Redemptions:Ana          281.25 USD
  Assets:Bank                         -281.25 USD
"""
    )
    case = load_sound_book(written(tmp_path, ledger)).case
    paid = [boxes_of(patron_worksheet(case, year))["Ana"] for year in (2026, 2027)]
    assert paid == [{"redeemed-nonqualified": "281.25"}] * 2


def test_repaid_contributions_and_interest_are_not_on_the_form(tmp_path: Path) -> None:
    ledger = """
2025-01-31 * "Interest, and a part of a contribution"
  coop-kind: "interest"
  Expenses:InterestOnCapital          10.00 USD
  Liabilities:Members:Ana:Payable    -10.00 USD
2025-02-01 * "Paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable     10.00 USD
  Assets:Bank                        -10.00 USD
2025-02-02 * "A part of the contribution"
  Equity:Members:Ana:Contribution    100.00 USD
  Assets:Bank                       -100.00 USD
"""
    assert worksheet(tmp_path, ledger, 2025).lines == ()


def test_a_dividend_that_becomes_a_contribution_is_paid_on_that_day(
    tmp_path: Path,
) -> None:
    turned = SHARED.replace('coop-kind: "payment"', 'coop-kind: "contribution"')
    turned = turned.replace(
        "  Assets:Bank                      -2000.00 USD",
        "  Equity:Members:Ana:Contribution  -1200.00 USD\n"
        "  Equity:Members:Bea:Contribution   -800.00 USD",
    )
    assert boxes_of(worksheet(tmp_path, turned, 2026))["Bea"] == {
        "patronage-dividends": "4000.00"
    }


# --- faces ----------------------------------------------------------------------------


def test_the_lines_that_are_printed_settle_what_check_asks_for(tmp_path: Path) -> None:
    on = '2027-02-01 * "The book goes on"\n  Assets:Bank  1.00 USD\n  Income:Sales\n'
    path = written(tmp_path, SHARED + on)
    missing = [finding.rule for finding in check_path(path).findings]
    assert missing == ["COOP-TAX-14", "COOP-TAX-14"]
    lines = filing_lines(patron_worksheet(load_sound_book(path).case, 2026))
    assert lines.splitlines()[:2] == [
        '2027-01-31 custom "coop-filing" "1099-PATR" "2026" "Ana"',
        "  patronage-dividends: 6000.00",
    ]
    path.write_text(path.read_text("utf-8") + lines, "utf-8")
    assert check_path(path).is_clean
    again = patron_worksheet(load_sound_book(path).case, 2026)
    assert filing_lines(again) == ""
    assert [str(line.filed) for line in again.lines] == ["2027-01-31", "2027-01-31"]


def test_a_form_that_says_something_else_counts_as_missing(tmp_path: Path) -> None:
    wrong = '2027-01-31 custom "coop-filing" "1099-PATR" "2026" "{}"\n'
    filed = wrong.format("Ana") + "  patronage-dividends: 1200.00\n"
    sheet = worksheet(tmp_path, SHARED + filed, 2026)
    assert [line.member for line in sheet.missing] == ["Ana", "Bea"]
    assert sheet.lines[0].filed is None


def test_whoever_has_a_form_and_was_paid_nothing_is_on_the_worksheet(
    tmp_path: Path,
) -> None:
    filed = '2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Bea"\n'
    sheet = worksheet(tmp_path, filed + "  patronage-dividends: 5.00\n", 2025)
    assert boxes_of(sheet) == {"Bea": {}}
    assert not sheet.lines[0].is_due


def test_the_csv_has_a_column_for_each_meaning_and_says_what_it_is(
    tmp_path: Path,
) -> None:
    text = worksheet_csv(worksheet(tmp_path, SHARED, 2026))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0])[2:14] == list(PATRON_BOXES)
    assert {row["document"] for row in rows} == {"worksheet, not a filing"}
    assert [row["patronage-dividends"] for row in rows] == ["6000.00", "4000.00"]
    assert [(row["required"], row["filed"]) for row in rows] == [("yes", "")] * 2


@pytest.mark.parametrize("regime", ["sub-k", "none"])
def test_a_book_of_another_regime_has_no_such_worksheet(
    regime: str, tmp_path: Path
) -> None:
    ledger = f'2020-01-01 custom "coop-parameter" "tax.regime" "{regime}"\n' + SHARED
    with pytest.raises(NoPatronFormError) as raised:
        worksheet(tmp_path, ledger, 2026)
    assert f"tax.regime on 2026-12-31 is {regime}" in str(raised.value)
    assert ("Schedule K-1" in str(raised.value)) == (regime == "sub-k")
