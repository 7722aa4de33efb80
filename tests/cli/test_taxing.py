"""``tax``: every face says that it is a worksheet, and wrong use is one sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.filings import PATRON_BOXES
from coopledger.services.wording import catalogue_of
from tests import books
from tests.cli.running import FARMS
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.rules.ledgers import US

if TYPE_CHECKING:
    from pathlib import Path

TAX = ("tax", "1099-patr", "--book", FARMS)


def test_the_table_numbers_the_boxes_that_are_filled() -> None:
    shown = run(*TAX, "--year", "2024").output
    assert "worksheet, not a filing" in shown
    assert "box 1  due  filed" in shown
    assert "Not in the books: boxes 2, 6, 7, 8, 9, 10, 11, 12." in shown
    assert "27,400.71" in shown


def test_an_older_edition_numbers_them_otherwise() -> None:
    printed = run(*TAX, "--year", "2024", "--layout", "2017", "--format", "json").output
    boxes = json.loads(printed)["members"][0]["boxes"]
    assert {one["meaning"]: one["box"] for one in boxes}["qualified-payments"] == "B"


def test_a_year_without_payments_says_so() -> None:
    shown = run(*TAX, "--year", "2019").output
    assert shown.endswith("Nothing that the form reports was paid in 2019.\n")


def test_what_is_on_record_is_not_printed_as_lines_again() -> None:
    assert run(*TAX, "--year", "2024", "--format", "beancount").output.strip() == ""
    assert (
        run(*TAX, "--year", "2024", "--format", "csv").output.count("2025-01-31") == 8
    )


def test_the_table_is_said_in_spanish_too() -> None:
    shown = run(*TAX, "--year", "2024", "--language", "es").output
    assert "hoja de trabajo, no una declaración" in shown
    assert "Casilla 1: Retornos cooperativos, en dinero y en títulos" in shown
    assert set(PATRON_BOXES.values()) - catalogue_of("es").keys() == set()


# --- the file in the shape of the portal's --------------------------------------------

IRIS = (*TAX, "--year", "2024", "--format", "iris")
OWN = """
schema = 1
id = "own"
form = "1099-PATR"
kind = "iris"
version = "1"
from-year = 2024
rows = {rows}
source = "a template"
confidence = "seen"
checked-on = 2027-01-12
[[column]]
heading = "Who"
means = "member"
[[column]]
heading = "Box one"
means = "box:patronage-dividends"
[[column]]
heading = "What"
means = "label"
"""


def own_map(folder: Path, rows: int = 100) -> Path:
    path = folder / "own.toml"
    path.write_text(OWN.format(rows=rows), "utf-8")
    return path


def test_columns_are_those_of_the_map_that_is_named(tmp_path: Path) -> None:
    lines = run(*IRIS, "--columns", own_map(tmp_path)).stdout.splitlines()
    assert lines[:2] == [
        "Who,Box one,What",
        'Amara,3673.24,"worksheet, not a filing"',
    ]
    assert len(lines) == 9


def test_forms_beyond_what_one_file_holds_go_into_the_next(tmp_path: Path) -> None:
    words = ("--columns", own_map(tmp_path, 5))
    done = run(*IRIS, *words)
    assert (done.exit_code, "8 forms are more than the 5" in done.stderr) == (2, True)
    out = tmp_path / "patr.csv"
    done = run(*IRIS, *words, "--output", out)
    assert done.exit_code == 0
    sizes = [
        path.read_text("utf-8").count("\n") for path in (out, tmp_path / "patr-2.csv")
    ]
    assert sizes == [6, 4]
    out.unlink()
    again = run(*IRIS, *words, "--output", out)
    assert (again.exit_code, out.exists()) == (2, False)


def test_a_year_that_no_map_is_for_is_refused() -> None:
    done = run(*TAX, "--year", "2019", "--format", "iris")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "No column map of Form 1099-PATR is for payments of 2019" in done.stderr


def test_a_partnership_has_no_such_file(tmp_path: Path) -> None:
    choice = '2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"\n'
    path = books.write(tmp_path, f"{books.preamble(US)}\n{choice}")
    words = ("tax", "1099-patr", "--book", path, "--year", "2025", "--format", "iris")
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Schedule K-1" in done.stderr


@pytest.mark.parametrize("option", ["--columns", "--identity", "--output"])
def test_options_of_the_file_go_with_the_file_alone(option: str) -> None:
    done = run(*TAX, "--year", "2024", option, "x")
    assert (done.exit_code, "--format iris" in done.stderr) == (2, True)


# --- wrong use ------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["0", "9999", "soon"])
def test_a_year_that_is_none_is_wrong_use(year: str) -> None:
    done = run(*TAX, "--year", year)
    assert done.exit_code == 2
    assert "--year" in done.stderr


def test_a_book_of_another_country_has_no_such_form() -> None:
    done = run("tax", "1099-patr", "--book", LEDGER / "basque", "--year", "2024")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "under Subchapter T, and tax.regime on 2024-12-31 is es-coop" in done.stderr
