"""Workbooks as people leave them: each odd cell gets a sentence at its row."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from coopledger.services.importing.sheets import UnreadableFileError
from coopledger.xlsx import reading
from tests.services.spreadsheets import coop
from tests.services.spreadsheets import filled
from tests.services.spreadsheets import read
from tests.services.spreadsheets import sentences
from tests.services.spreadsheets import state

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime.date(2024, 1, 31)
HEADS = ("Member", "Date", "Hours", "Memo")


def workbook(*rows: tuple[Any, ...]) -> openpyxl.Workbook:
    """Return a workbook with some rows below headings."""
    native = openpyxl.Workbook()
    for row in (HEADS, *rows):
        native.worksheets[0].append(row)
    return native


def saved(native: openpyxl.Workbook, folder: Path) -> Path:
    """Save a workbook."""
    path = folder / "sheet.xlsx"
    native.save(path)
    return path


def test_floats_are_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    file = saved(workbook(("Ana", DAY, 0.1 + 0.2)), tmp_path)
    (sheet,) = reading.read(file)
    assert sheet.cell(2, 2).value == Decimal("0.3")
    assert sheet.cell(2, 1).value == DAY


def test_numbers_in_a_column_of_days_are_days(tmp_path: Path) -> None:
    main = coop(tmp_path)
    native = workbook(("Ana", 45322, 8))
    found = read(main, saved(native, tmp_path))
    assert found.outcome.facts[0].words[1] == DAY
    native.epoch = CALENDAR_MAC_1904
    native.worksheets[0]["B2"] = 45322 - 1462
    found = read(main, saved(native, tmp_path))
    assert found.outcome.facts[0].words[1] == DAY


ODD: dict[str, object] = {
    "row 2, column C 'Hours': '=1+1' is a formula without a value.": "=1+1",
    "'#REF!' is an error in place of a value. Correct the formula.": "#REF!",
    "'True' is no number. Write a number, and format the cell as one.": True,
    "'2024-01-31' is no number.": DAY,
    "'07:30:00' is a time and no number.": datetime.time(7, 30),
    "'eight' is no number.": "eight",
    "this is empty. Fill it in, or delete the whole row.": None,
}


@pytest.mark.parametrize(("said", "value"), ODD.items(), ids=map(repr, ODD.values()))
def test_an_odd_cell_gets_a_sentence(tmp_path: Path, said: str, value: object) -> None:
    main = coop(tmp_path)
    before = state(main.parent)
    found = read(main, saved(workbook(("Ana", DAY, value)), tmp_path))
    assert len(sentences(found)) == 1
    assert said in sentences(found)[0]
    assert state(main.parent) == before


def test_merged_cells_get_a_sentence_where_they_are_read(tmp_path: Path) -> None:
    main = coop(tmp_path)
    native = workbook(("Ana", DAY, 8), ("Bea", DAY, 7), ("Bea", DAY, 6))
    native.worksheets[0].merge_cells("A3:A4")
    native.worksheets[0].merge_cells("D2:E2")
    found = read(main, saved(native, tmp_path))
    (said,) = sentences(found)
    assert said.startswith("row 4, column A 'Member': this is merged with others (A3:")


def test_moved_columns_blank_rows_titles_and_totals_are_no_obstacle(
    tmp_path: Path,
) -> None:
    main = coop(tmp_path)
    native = openpyxl.Workbook()
    sheet = native.worksheets[0]
    sheet["B2"] = "Hours of January"
    sheet.merge_cells("B2:F2")
    for column, heading in zip("CEFG", ("HOURS", "Note", "Día", "nombre"), strict=True):
        sheet[f"{column}5"] = heading
    for row, member in ((7, "Ana"), (9, "Bea")):
        sheet[f"C{row}"], sheet[f"F{row}"], sheet[f"G{row}"] = 8, DAY, member
    sheet["B11"], sheet["C11"] = "Total", "=SUM(C7:C9)"
    found = read(main, saved(native, tmp_path))
    assert sentences(found) == []
    assert found.totals == (11,)
    assert [fact.row for fact in found.outcome.facts] == [7, 9]


def test_the_sheet_that_fits_is_taken_and_hidden_ones_are_not(tmp_path: Path) -> None:
    main = coop(tmp_path)
    native = workbook(("Ana", DAY, 8))
    native.create_sheet("Prices").append(("Thing", "Price"))
    copy = native.copy_worksheet(native.worksheets[0])
    copy.sheet_state = "hidden"
    found = read(main, saved(native, tmp_path))
    assert found.table.sheet.name == "Sheet"
    copy.sheet_state = "visible"
    with pytest.raises(Exception, match="Several sheets could be meant: 'Sheet'"):
        read(main, saved(native, tmp_path))


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    main = coop(tmp_path)
    rows = [
        {1: "Ana", 2: DAY, 3: 8, 5: "=1+1"},
        {1: "Bea", 2: DAY, 3: 8, 5: "@SUM(A1)"},
    ]
    found = read(main, filled(main, "hours", rows))
    assert [fact.words[4] for fact in found.outcome.facts] == ["=1+1", "@SUM(A1)"]


def test_what_unpacks_to_very_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LARGEST", 1000)
    with pytest.raises(UnreadableFileError, match="unpacks to very much"):
        reading.read(saved(workbook(), tmp_path))


def test_formats_below_the_last_value_are_no_rows(tmp_path: Path) -> None:
    native = workbook(("Ana", DAY, 8))
    native.worksheets[0]["C1048576"].number_format = "0.00"
    (sheet,) = reading.read(saved(native, tmp_path))
    assert len(sheet.rows) == 2


@pytest.mark.parametrize("name", ["sheet.xls", "sheet.csv", "sheet.xlsb", "sheet"])
def test_a_workbook_is_known_by_what_is_in_it(tmp_path: Path, name: str) -> None:
    file = saved(workbook(("Ana", DAY, 8)), tmp_path).rename(tmp_path / name)
    assert read(coop(tmp_path), file).new == 1


#: Damage to a workbook: the part of it, what is replaced there, and by what.
DAMAGE = [
    ("xl/styles.xml", b"<cellXfs", b"<nothing"),
    ("xl/worksheets/sheet1.xml", b"<v>8</v>", b"<v>eight</v>"),
    ("xl/worksheets/sheet1.xml", b"</sheetData>", b""),
    ("xl/workbook.xml", b"sheetId=", b"sheet="),
]


@pytest.mark.parametrize(("part", "before", "after"), DAMAGE)
def test_a_damaged_workbook_is_refused(
    tmp_path: Path, part: str, before: bytes, after: bytes
) -> None:
    whole = saved(workbook(("Ana", DAY, 8)), tmp_path)
    file = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            assert name != part or before in raw
            new.writestr(name, raw.replace(before, after) if name == part else raw)
    with pytest.raises(UnreadableFileError, match="no workbook, or damaged"):
        reading.read(file)


def test_a_packed_file_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("hello", "world")
    with pytest.raises(UnreadableFileError, match="no workbook"):
        reading.read(path)
