"""Templates: what may be entered is what the book has, and a copy is the same file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.loading import load_sound_book
from coopledger.services.importing.templates import template_of
from coopledger.services.importing.words import KINDS
from coopledger.services.importing.words import LANGUAGES
from coopledger.services.importing.words import fields_of
from coopledger.xlsx import templating
from tests.services.spreadsheets import HEADINGS
from tests.services.spreadsheets import PEOPLE
from tests.services.spreadsheets import coop
from tests.services.spreadsheets import read

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from coopledger.services.importing.words import Kind


def opened(main: Path, kind: Kind, language: str = "en") -> Workbook:
    """Return a template as a spreadsheet program sees it."""
    made = templating.as_bytes(template_of(load_sound_book(main), kind, language))
    return openpyxl.load_workbook(io.BytesIO(made))


def choices(native: Workbook, column: str) -> list[object]:
    """Return what a column's cells are chosen from."""
    first = f"{column}{HEADINGS + 1}"
    (validation,) = [
        one
        for one in native.worksheets[0].data_validations.dataValidation
        if first in one.sqref
    ]
    sheet, _, area = validation.formula1.replace("$", "").partition("!")
    return [row[0].value for row in native[sheet.strip("'")][area]]


def test_members_components_and_classes_of_the_book_can_be_chosen(
    tmp_path: Path,
) -> None:
    main = coop(tmp_path)
    assert choices(opened(main, "hours"), "A") == list(PEOPLE)
    components = choices(opened(main, "opening-balances", "es"), "B")
    assert "Aportación obligatoria" in components
    assert "Cuenta colectiva" in components
    assert choices(opened(main, "members"), "D") == ["Worker-member", "Candidate"]


def test_days_years_and_amounts_are_asked_for_as_such(tmp_path: Path) -> None:
    sheet = opened(coop(tmp_path), "opening-balances").worksheets[0]
    kinds = {str(one.sqref): one.type for one in sheet.data_validations.dataValidation}
    assert kinds["C5:C2004"] == "whole"
    assert kinds["D5:D2004"] == "decimal"
    assert kinds["E5:E2004"] == "date"
    assert sheet["D5"].number_format == "#,##0.00"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_template_is_read_as_what_it_is(
    tmp_path: Path, kind: Kind, language: str
) -> None:
    main = coop(tmp_path)
    file = tmp_path / "template.xlsx"
    made = template_of(load_sound_book(main), kind, language)
    templating.write_template(made, file)
    found = read(main, file)
    assert (found.table.kind, found.table.language) == (kind, language)
    assert set(fields_of(kind)) - set(found.table.columns) <= {"factor"}
    assert found.outcome.facts == []
    with pytest.raises(FileExistsAlreadyError):
        templating.write_template(made, file)


def test_a_template_of_the_same_book_is_the_same_file(tmp_path: Path) -> None:
    made = template_of(load_sound_book(coop(tmp_path)), "hours", "en")
    assert templating.as_bytes(made) == templating.as_bytes(made)


def test_the_language_is_that_of_the_books_accounts_unless_said(tmp_path: Path) -> None:
    basque = load_sound_book(coop(tmp_path / "es", "es-basque-worker"))
    french = load_sound_book(coop(tmp_path / "fr", "fr-scop"))
    assert template_of(basque, "hours").name == "Horas"
    assert template_of(french, "hours").name == "Hours"
    assert template_of(basque, "hours", "en").name == "Hours"
