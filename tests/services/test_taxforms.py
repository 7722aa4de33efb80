"""The file in the shape of the portal's: columns as data, boxes by meaning."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.filings import PATRON_BOXES
from coopledger.domain.filings import PATRON_FORM
from coopledger.journal.loading import load_sound_book
from coopledger.services.keeping.vault import Number
from coopledger.services.taxforms import iris
from coopledger.services.taxforms.columns import ColumnMapUnreadableError
from coopledger.services.taxforms.columns import NoColumnMapError
from coopledger.services.taxforms.columns import edition_for
from coopledger.services.taxforms.columns import known_maps
from coopledger.services.taxforms.columns import map_for
from coopledger.services.taxforms.columns import read_map
from coopledger.services.taxing import patron_worksheet
from tests import books
from tests.rules.ledgers import US
from tests.rules.ledgers import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.taxforms.columns import ColumnMap
    from coopledger.services.taxforms.iris import Sheets

DISTRIBUTED = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated         1000.00 USD
  Equity:Collective                   -250.00 USD
  Equity:Members:Ana:Patronage        -450.00 USD
  Liabilities:Members:Ana:Payable     -112.50 USD
  Equity:Members:Bea:Nonqualified     -187.50 USD
2025-05-01 * "Paid, less tax of Ana's money"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable      112.50 USD
  Liabilities:Withholding              -27.00 USD
    coop-member: "Ana"
  Assets:Bank                          -85.50 USD
2026-02-01 * "Bea's paper is redeemed, up to the least that is reported"
  Equity:Members:Bea:Nonqualified       {paid} USD
  Assets:Bank                          -{paid} USD
"""
PAYER = Number("payer", "EIN", "123456789", {"address": "1 Mill Rd", "city": "Otis"})
ANA = Number(
    "Ana",
    "SSN",
    "123456780",
    {"first-name": "Ana", "last-name": "=Ruiz", "city": "Otis", "zip": "01253"},
)


def sheets(folder: Path, year: int, paid: str = "10.00") -> Sheets:
    ledger = lines_of(DISTRIBUTED.replace("{paid}", paid))
    path = books.write(folder, f"{books.preamble(US)}\n{ledger}")
    case = load_sound_book(path).case
    people = iris.plain({"payer": PAYER, "Ana": ANA})
    columns = map_for(PATRON_FORM, "iris", year)
    sheet = patron_worksheet(case, year)
    return iris.sheets_of(sheet, columns, case.books.register, people, "The =Coop")


def records(made: Sheets) -> list[dict[str, str]]:
    return [
        row
        for text in made.files
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


# --- the file -------------------------------------------------------------------------


def test_money_and_paper_stand_in_box_1_and_what_was_withheld_in_box_4(
    tmp_path: Path,
) -> None:
    (row,) = records(sheets(tmp_path, 2025))
    boxes = {
        heading: value
        for heading, value in row.items()
        if heading.startswith("Box") and value
    }
    assert boxes == {
        "Box 1 - Patronage dividends": "562.50",
        "Box 4 - Federal income tax withheld": "27.00",
        "Box 13 - Specified cooperative": "N",
    }


def test_redeemed_nonqualified_paper_stands_in_box_5_of_the_year_of_payment(
    tmp_path: Path,
) -> None:
    (row,) = records(sheets(tmp_path, 2026))
    assert row["Form Account Number"] == "Bea"
    assert row["Box 5 - Redeemed nonqualified notices"] == "10.00"
    assert row["Box 1 - Patronage dividends"] == ""
    assert row["Tax Year"] == "2026"


@pytest.mark.parametrize(("paid", "count"), [("9.99", 0), ("10.00", 1), ("10.01", 1)])
def test_a_form_stands_there_from_the_legal_minimum_on(
    paid: str, count: int, tmp_path: Path
) -> None:
    made = sheets(tmp_path, 2026, paid)
    assert (made.count, len(records(made))) == (count, count)


@pytest.mark.parametrize(("more", "count"), [("4.99", 0), ("5.00", 1)])
def test_all_counted_boxes_together_reach_the_minimum(
    more: str, count: int, tmp_path: Path
) -> None:
    kept = f"""
2025-12-01 * "Bea delivers, and some of it is kept back by unit"
  Expenses:PerUnitRetains             {more} USD
  Equity:Members:Bea:Retains         -{more} USD
2025-12-02 * "Some of Bea's paper is redeemed"
  Equity:Members:Bea:Nonqualified       5.00 USD
  Assets:Bank                          -5.00 USD
"""
    ledger = lines_of(DISTRIBUTED.replace("{paid}", "20.00") + kept)
    path = books.write(tmp_path, f"{books.preamble(US)}\n{ledger}")
    case = load_sound_book(path).case
    sheet = patron_worksheet(case, 2025)
    columns = map_for(PATRON_FORM, "iris", 2025)
    made = iris.sheets_of(sheet, columns, case.books.register, {}, "Coop")
    own = [row for row in records(made) if row["Form Account Number"] == "Bea"]
    assert len(own) == count
    assert [row["Box 3 - Per-unit retain allocations"] for row in own] == [more] * count


def test_every_row_says_that_it_is_no_filing(tmp_path: Path) -> None:
    rows = records(sheets(tmp_path, 2025))
    assert {row["Worksheet"] for row in rows} == {"worksheet, not a filing"}


def test_people_stand_there_as_they_were_entered_and_no_name_is_a_formula(
    tmp_path: Path,
) -> None:
    (row,) = records(sheets(tmp_path, 2025))
    assert row["Recipient Taxpayer ID Number"] == "123456780"
    assert row["Recipient TIN Type"] == "SSN"
    assert row["Recipient First Name"] == "Ana"
    assert row["Recipient Last Name (Surname)"] == "'=Ruiz"
    assert row["Payer Taxpayer ID Number"] == "123456789"
    assert row["Payer Business or Entity Name Line 1"] == "The =Coop"
    assert row["Payer City/Town"] == "Otis"


def test_a_name_is_not_taken_apart_by_guessing(tmp_path: Path) -> None:
    (row,) = records(sheets(tmp_path, 2026))
    assert row["Recipient Last Name (Surname)"] == "Bea"
    assert row["Recipient First Name"] == ""


def test_a_member_that_is_no_person_is_a_business(tmp_path: Path) -> None:
    entity = '2025-01-01 custom "coop-member" "Ana" "class"\n  class: "worker"\n'
    ledger = lines_of(DISTRIBUTED.replace("{paid}", "10.00"))
    text = f'{books.preamble(US)}\n{entity}  entity: "company"\n{ledger}'
    case = load_sound_book(books.write(tmp_path, text)).case
    columns = map_for(PATRON_FORM, "iris", 2025)
    sheet = patron_worksheet(case, 2025)
    made = iris.sheets_of(sheet, columns, case.books.register, {}, "Coop")
    (row,) = records(made)
    assert row["Recipient Name Type"] == "B"
    assert row["Recipient Business or Entity Name Line 1"] == "Ana"
    assert row["Recipient Last Name (Surname)"] == ""


def test_what_a_row_lacks_is_said_of_each(tmp_path: Path) -> None:
    said = sheets(tmp_path, 2026).gaps
    assert [str(one).partition(":")[0] for one in said] == ["payer", "Bea"]
    assert "tax number, address, city" in said[1]


def test_a_foreign_number_has_no_kind_that_the_office_knows(tmp_path: Path) -> None:
    known = iris.plain({"Ana": Number("Ana", "OTHER", "12345678Z")})
    assert known["Ana"] == {"tin": "12345678Z", "tin-type": ""}
    assert "kind of tax number" in sheets(tmp_path, 2026).gaps[-1]


def test_more_forms_than_a_file_holds_go_into_several(tmp_path: Path) -> None:
    both = DISTRIBUTED.replace("2026-02-01", "2025-12-01")
    ledger = lines_of(both.replace("{paid}", "20.00"))
    path = books.write(tmp_path, f"{books.preamble(US)}\n{ledger}")
    case = load_sound_book(path).case
    columns = replace(map_for(PATRON_FORM, "iris", 2025), rows=1)
    sheet = patron_worksheet(case, 2025)
    made = iris.sheets_of(sheet, columns, case.books.register, {}, "Coop")
    assert [text.count("\n") for text in made.files] == [2, 2]
    assert made.count == 2


# --- column maps ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "map_", [*known_maps(PATRON_FORM, "iris"), *known_maps(PATRON_FORM, "paper")]
)
def test_a_map_that_ships_has_no_box_twice_and_no_unknown_one(
    map_: ColumnMap,
) -> None:
    numbers = map_.numbers
    assert set(numbers) <= set(PATRON_BOXES)
    assert len(set(numbers.values())) == len(numbers)


def test_the_map_for_the_portal_has_every_box_and_says_how_sure_it_is() -> None:
    columns = map_for(PATRON_FORM, "iris", 2025)
    assert set(columns.numbers) == set(PATRON_BOXES)
    assert columns.confidence == "background"


def test_a_year_that_no_map_is_for_is_refused_and_none_is_guessed() -> None:
    with pytest.raises(NoColumnMapError) as raised:
        map_for(PATRON_FORM, "iris", 2031)
    assert "for payments of 2031; there are: iris-2025 (2023 to 2026)" in str(
        raised.value
    )


def test_a_year_of_no_edition_has_the_numbers_of_the_newest() -> None:
    assert edition_for(PATRON_FORM, 2017).id == "2017"
    assert edition_for(PATRON_FORM, 2019).id == "2023"
    assert edition_for(PATRON_FORM, 2026).id == "2023"
    assert edition_for(PATRON_FORM, 2026, "2017").id == "2017"


GOOD = """
schema = 1
id = "own"
form = "1099-PATR"
kind = "iris"
version = "1"
from-year = 2026
source = "a template"
confidence = "seen"
checked-on = 2027-01-12
[[column]]
heading = "Number"
means = "recipient.tin"
[[column]]
heading = "Label"
means = "label"
"""


def test_a_map_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD, "utf-8")
    read = read_map(path)
    assert read.columns == (("Number", "recipient.tin"), ("Label", "label"))
    assert (read.years, read.is_for(2025), read.is_for(2099)) == (
        "2026 on",
        False,
        True,
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("recipient.tin", "recipient.tan", "no known meaning 'recipient.tan'"),
        ('"Label"', '"Number"', "heading 'Number' stands there twice"),
        ('"recipient.tin"', '"label"', "meaning 'label' stands there twice"),
        ('means = "label"', "", "no column means 'label'"),
        ("from-year = 2026", "from-year = 2026\nto-year = 2025", "is before from-year"),
        ("schema = 1", "schema = 2", "schema"),
        ("schema = 1", "rows = 0\nschema = 1", "rows"),
        ("schema = 1", "schema =", "Invalid value"),
    ],
)
def test_what_is_wrong_in_a_map_is_said(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(ColumnMapUnreadableError) as raised:
        read_map(path)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_map_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ColumnMapUnreadableError, match=r"No such file"):
        read_map(tmp_path / "none.toml")
