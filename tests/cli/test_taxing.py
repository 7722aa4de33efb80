"""``tax``: every face says that it is a worksheet, and wrong use is one sentence."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import FARMS
from tests.cli.running import LEDGER
from tests.cli.running import run

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


@pytest.mark.parametrize("year", ["0", "9999", "soon"])
def test_a_year_that_is_none_is_wrong_use(year: str) -> None:
    done = run(*TAX, "--year", year)
    assert done.exit_code == 2
    assert "--year" in done.stderr


def test_a_book_of_another_country_has_no_such_form() -> None:
    done = run("tax", "1099-patr", "--book", LEDGER / "basque", "--year", "2024")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "under Subchapter T, and tax.regime on 2024-12-31 is es-coop" in done.stderr
