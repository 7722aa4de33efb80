"""The one writer of workbooks: text stays text, bytes the same, files safe."""

from __future__ import annotations

import datetime
import io
import os
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import formualizer
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger import xlsx
from coopledger.errors import FileExistsAlreadyError
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Chart
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Entry
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import Line
from coopledger.services.exporting.description import Series
from coopledger.services.exporting.description import Sheet
from coopledger.services.exporting.description import Table
from coopledger.services.exporting.description import Workbook
from coopledger.services.exporting.making import Made
from coopledger.xlsx.writing import FileNotWritableError
from coopledger.xlsx.writing import SheetTooLongError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from coopledger.services.exporting.description import Negatives

RISKY = [
    "=1+1",
    '=HYPERLINK("http://example.com")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
]
PLAIN = ["01234", "1E5", "TRUE", "#REF!", "2025-01-01", "{=1+1}", "'=1", "ﬀ — é", "😀"]

COLUMNS = (Column("a", "A", 12, "all_a"), Column("b", "B", 12))


def book_of(
    *contents: Cell, decimals: int = 2, title: str = "Title", **changes: object
) -> Workbook:
    """Return a workbook with a sheet with a table with one column of cells."""
    rows = tuple((cell, Cell()) for cell in contents)
    table = Table(name="t", row=3, columns=COLUMNS, rows=rows, filtered=True)
    sheet = Sheet("One sheet", "Purpose", (Line(1, title, "title"),), (table,), 1)
    sheet = replace(sheet, **changes)  # type: ignore[arg-type]
    return Workbook(title, "fiscal year 2025", (sheet,), decimals, DAY)


DAY = datetime.date(2025, 12, 31)


def reopened(workbook: Workbook, *, data_only: bool = False) -> Worksheet:
    native = openpyxl.load_workbook(
        io.BytesIO(xlsx.as_bytes(workbook)), data_only=data_only
    )
    return native["One sheet"]


def reckoned(workbook: Workbook, row: int = 4) -> object:
    native = formualizer.Workbook.from_bytes(xlsx.as_bytes(workbook))
    native.evaluate_all()
    return native.evaluate_cell("One sheet", row, 1)


# --- text stays text ------------------------------------------------------------------


@pytest.mark.parametrize("text", RISKY)
def test_a_text_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    workbook = book_of(Cell(text))
    cell = reopened(workbook)["A4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert reckoned(workbook) == text


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_that_looks_like_anything_else_is_that_text(text: str) -> None:
    workbook = book_of(Cell(text))
    cell = reopened(workbook)["A4"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert reckoned(workbook) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_is_there_as_it_was_and_never_a_formula(text: str) -> None:
    workbook = book_of(Cell(f"={text}"))
    native = formualizer.Workbook.from_bytes(xlsx.as_bytes(workbook))
    assert native.get_formula("One sheet", 4, 1) is None


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\x1fb", "a\ufffeb", "a\ud800b"])
def test_a_character_that_no_file_can_hold_leaves_a_mark(text: str) -> None:
    assert reopened(book_of(Cell(text)))["A4"].value == "a\ufffdb"


def test_a_text_that_is_too_long_is_cut_so_that_it_shows() -> None:
    value = reopened(book_of(Cell("x" * 40_000)))["A4"].value
    assert isinstance(value, str)
    assert (len(value), value[-2:]) == (32_767, "x…")


def test_what_spreadsheets_read_as_a_character_code_is_read_as_it_is() -> None:
    assert reckoned(book_of(Cell("_x003D_1+1"))) == "_x003D_1+1"


def test_titles_and_headers_are_text_too() -> None:
    columns = (Column("a", "=1+1", 12), Column("b", "@B", 12))
    workbook = book_of(Cell("x"), title="=1+1")
    sheet = workbook.sheets[0]
    table = replace(sheet.tables[0], columns=columns)
    workbook = replace(workbook, sheets=(replace(sheet, tables=(table,)),))
    native = reopened(workbook)
    assert [native[at].data_type for at in ("A1", "A3", "B3")] == ["s"] * 3


def test_an_ampersand_in_a_title_is_no_code_in_the_head_of_a_page() -> None:
    head = reopened(book_of(Cell("x"), title="R&D")).oddHeader
    assert head is not None
    assert head.left.text == "R&&D"


# --- typed cells ----------------------------------------------------------------------


def test_numbers_and_dates_are_numbers_and_dates() -> None:
    day = datetime.date(2025, 6, 30)
    workbook = book_of(Cell(Decimal("1234.50"), "money"), Cell(day, "date"))
    native = reopened(workbook)
    assert native["A4"].value == 1234.5
    assert native["A5"].value == datetime.datetime(2025, 6, 30)  # noqa: DTZ001
    assert native["A5"].number_format == "yyyy-mm-dd"


def test_rows_stand_between_lines_and_headers_in_their_order() -> None:
    workbook = book_of(Cell("x"), Cell("y"))
    sheet = workbook.sheets[0]
    below = replace(
        sheet.tables[0], name="u", row=8, columns=(Column("a", "Below", 9),), rows=()
    )
    below = replace(below, rows=((Cell(Decimal(7), "money"),),))
    lines = (*sheet.lines, Line(7, "Between", "caption"))
    sheet = replace(sheet, lines=lines, tables=(sheet.tables[0], below))
    native = reopened(replace(workbook, sheets=(sheet,)))
    column = [native.cell(row, 1).value for row in range(1, 10)]
    assert column == ["Title", None, "A", "x", "y", None, "Between", "Below", 7]


def test_a_row_is_as_high_as_its_wrapped_text() -> None:
    native = reopened(book_of(Cell("word " * 20, "wrapped"), Cell("word")))
    heights = [native.row_dimensions[row].height for row in (4, 5)]
    assert heights == [9 * 15 + 2, 17]


def test_a_day_before_spreadsheets_count_is_text() -> None:
    cell = reopened(book_of(Cell(datetime.date(1844, 12, 21), "date")))["A4"]
    assert (cell.value, cell.data_type) == ("1844-12-21", "s")


@pytest.mark.parametrize(
    ("decimals", "shown"),
    [
        (0, "#,##0;[Red]-#,##0;"),
        (2, "#,##0.00####;[Red]-#,##0.00####;"),
        (3, "#,##0.000####;[Red]-#,##0.000####;"),
    ],
)
def test_money_is_shown_with_the_currencys_decimals(decimals: int, shown: str) -> None:
    cell = Cell(Decimal(5), "money")
    money = reopened(book_of(cell, decimals=decimals))["A4"].number_format
    assert money.startswith(shown)


@pytest.mark.parametrize(
    ("negatives", "shown"),
    [("minus", "#,##0;-#,##0;"), ("brackets", "#,##0;(#,##0);")],
)
def test_amounts_below_zero_are_shown_as_the_layout_says(
    negatives: Negatives, shown: str
) -> None:
    workbook = replace(
        book_of(Cell(Decimal(-5), "money"), decimals=0), negatives=negatives
    )
    assert reopened(workbook)["A4"].number_format.startswith(shown)


def test_days_are_shown_as_the_layout_says() -> None:
    workbook = replace(book_of(Cell(DAY, "date")), days="dd.mm.yyyy")
    assert reopened(workbook)["A4"].number_format == "dd.mm.yyyy"


# --- charts, and what is hidden -------------------------------------------------------


def charted(**changes: Any) -> Any:
    chart = Chart("Growth", "t", "a", (Series("b", ""), Series("a", "35466B")), 3, 4)
    workbook = book_of(Cell("x"), Cell("y"), charts=(replace(chart, **changes),))
    native: Any = reopened(workbook)
    return native._charts[0]


def test_a_chart_shows_the_columns_of_its_table() -> None:
    chart = charted()
    assert [one.val.numRef.f for one in chart.series] == [
        "'One sheet'!$B$4:$B$5",
        "'One sheet'!$A$4:$A$5",
    ]
    assert chart.series[0].cat.numRef.f == "'One sheet'!$A$4:$A$5"
    assert (chart.type, chart.grouping, chart.legend) == ("col", "stacked", None)


def test_figures_that_only_lift_others_have_no_colour() -> None:
    chart = charted()
    assert chart.series[0].graphicalProperties.noFill is True
    assert chart.series[1].graphicalProperties.solidFill.RGB == "35466B"


def test_bars_that_lie_begin_at_the_top() -> None:
    chart = charted(is_lying=True, series=(Series("b", "35466B"),))
    assert (chart.type, chart.x_axis.scaling.orientation) == ("bar", "maxMin")
    assert chart.legend is not None


def test_a_column_is_hidden_where_no_table_shows_it() -> None:
    columns = (replace(COLUMNS[0], is_hidden=True), replace(COLUMNS[1], name="b"))
    workbook = book_of(Cell("x"))
    table = replace(workbook.sheets[0].tables[0], columns=columns)
    sheet = replace(workbook.sheets[0], tables=(table,))
    native = reopened(replace(workbook, sheets=(sheet,)))
    assert [native.column_dimensions[at].hidden for at in "AB"] == [True, False]


def test_a_hidden_sheet_is_there_and_not_shown() -> None:
    workbook = book_of(Cell("x"))
    (sheet,) = workbook.sheets
    bare = replace(sheet.tables[0], name="u", columns=(Column("a", "A", 9),) * 2)
    hidden = replace(sheet, name="Hidden", is_hidden=True, tables=(bare,))
    raw = xlsx.as_bytes(replace(workbook, sheets=(hidden, sheet)))
    native = openpyxl.load_workbook(io.BytesIO(raw))
    assert [one.sheet_state for one in native.worksheets] == ["hidden", "visible"]
    assert native.active is native["One sheet"]


def test_a_formula_has_its_value_beside_it_for_previews() -> None:
    workbook = book_of(
        Cell(Formula("1+2", Decimal(3)), "money"),
        Cell(Formula("A4/3", Decimal("0.3"))),
        Cell(Formula('IF(1<2,"<OK>","no")', "<OK>"), "status"),
        Cell(Formula("10^15", Decimal(10**15)), "whole"),
    )
    values = reopened(workbook, data_only=True)
    assert [values[f"A{row}"].value for row in range(4, 8)] == [3, 0.3, "<OK>", 10**15]
    assert reopened(workbook)["A6"].value == '=IF(1<2,"<OK>","no")'


def test_spreadsheets_reckon_anew_when_they_open_the_file() -> None:
    raw = xlsx.as_bytes(book_of(Cell(Formula("1", Decimal(1)))))
    assert openpyxl.load_workbook(io.BytesIO(raw)).calculation.fullCalcOnLoad is True


# --- names, entries, protection, view and print ---------------------------------------


def test_named_cells_and_columns_are_names_of_the_workbook() -> None:
    raw = xlsx.as_bytes(book_of(Cell(Decimal(1), name="one"), Cell(Decimal(2))))
    names = openpyxl.load_workbook(io.BytesIO(raw)).defined_names
    assert names["one"].attr_text == "'One sheet'!$A$4"
    assert names["all_a"].attr_text == "'One sheet'!$A$4:$A$5"


def test_a_name_for_two_places_is_refused() -> None:
    with pytest.raises(ValueError, match="'all_a' would be the name of two places"):
        xlsx.as_bytes(book_of(Cell(Decimal(1), name="all_a")))


def test_only_inputs_are_open_and_no_password_is_needed() -> None:
    native = reopened(book_of(Cell(Decimal(1), "rate", "input"), Cell(Decimal(2))))
    assert (native["A4"].protection.locked, native["A5"].protection.locked) == (
        False,
        True,
    )
    assert native.protection.sheet is True
    assert native.protection.password is None


def test_inputs_say_what_may_be_entered() -> None:
    number, words = Entry("number"), Entry("word", ("a", "b"))
    native = reopened(
        book_of(
            Cell(Decimal(1), "rate", "input", entry=number),
            Cell(Decimal(1), "number", "input", entry=Entry("whole")),
            Cell("a", "text", "input", entry=words),
        )
    )
    rules = [(v.type, v.formula1) for v in native.data_validations.dataValidation]
    assert rules == [("decimal", "0"), ("whole", "0"), ("list", '"a,b"')]


def test_statuses_and_differences_have_colours_that_follow_them() -> None:
    native = reopened(
        book_of(
            Cell(Formula('"OK"', "OK"), "status"),
            Cell(Decimal(1), "difference"),
            Cell(Formula('"OK"', "OK"), "status"),
        )
    )
    areas = {str(area.sqref): len(area.rules) for area in native.conditional_formatting}
    assert areas == {"A4": 3, "A6": 3, "A5": 1}


def test_the_header_stays_in_sight_and_is_repeated_in_print() -> None:
    native = reopened(book_of(Cell("x")))
    assert native.freeze_panes == "B4"
    assert native.print_title_rows == "$3:$3"
    assert native.page_setup.orientation == "landscape"
    assert native.page_setup.fitToWidth == 1
    assert native.oddFooter is not None
    assert native.oddFooter.center.text == "Page &P of &N"


@pytest.mark.parametrize(("rows", "pages"), [(42, 1), (43, 0)])
def test_what_only_just_does_not_fit_a_page_is_made_to_fit_and_more_goes_on(
    rows: int, pages: int
) -> None:
    native = reopened(book_of(*[Cell("x")] * rows))
    assert native.page_setup.fitToHeight == pages


def test_a_table_filters_its_rows_and_leaves_its_total_out() -> None:
    workbook = book_of(Cell("x"), Cell("y"))
    sheet = workbook.sheets[0]
    table = replace(sheet.tables[0], total=(Cell("Total"), Cell()))
    workbook = replace(workbook, sheets=(replace(sheet, tables=(table,)),))
    native = reopened(workbook)
    assert native.tables["table_t"].ref == "A3:B5"
    assert native.tables["table_t"].autoFilter.ref == "A3:B5"
    assert native.tables["table_t"].column_names == ["A", "B"]
    assert native["A6"].value == "Total"


# --- the same bytes -------------------------------------------------------------------


def test_the_same_workbook_gives_the_same_bytes_at_any_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workbook = book_of(Cell("x"), Cell(Formula("1", Decimal(1))))
    first = xlsx.as_bytes(workbook)
    later = datetime.datetime(2031, 2, 3, tzinfo=datetime.UTC)

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Clock:
            return cls.fromtimestamp(later.timestamp(), tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Clock)
    monkeypatch.setattr("time.time", later.timestamp)
    assert xlsx.as_bytes(workbook) == first


def test_the_file_bears_the_day_of_the_books_and_no_other() -> None:
    raw = xlsx.as_bytes(book_of(Cell("x")))
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}
        core = file.read("docProps/core.xml").decode()
    assert core.count("2025-12-31T00:00:00Z") == 2


# --- files stay safe ------------------------------------------------------------------


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "new" / "year.xlsx"
    workbook = book_of(Cell("x"))
    xlsx.write(workbook, target)
    assert target.read_bytes() == xlsx.as_bytes(workbook)
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_is_there_is_kept_without_force(tmp_path: Path) -> None:
    target = tmp_path / "year.xlsx"
    target.write_text("mine", "utf-8")
    with pytest.raises(FileExistsAlreadyError):
        xlsx.write(book_of(Cell("x")), target)
    assert target.read_text("utf-8") == "mine"
    xlsx.write(book_of(Cell("x")), target, force=True)
    assert zipfile.is_zipfile(target)


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "year.xlsx"
    target.write_text("mine", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileNotWritableError, match="No space left on device"):
        xlsx.write(book_of(Cell("x")), target, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["year.xlsx"]
    assert target.read_text("utf-8") == "mine"


def test_a_failure_of_the_librarys_own_files_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    etree = pytest.importorskip("lxml.etree")

    error = etree.SerialisationError("IO_WRITE")

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(openpyxl.Workbook, "save", broken)
    with pytest.raises(FileNotWritableError, match="IO_WRITE"):
        xlsx.write(book_of(Cell("x")), tmp_path / "year.xlsx")


@pytest.mark.parametrize("where", ["a-folder", "a-file/year.xlsx"])
def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, where: str, place: Callable[[Path], None]
) -> None:
    place(tmp_path)
    with pytest.raises(FileNotWritableError, match="cannot be written"):
        xlsx.write(book_of(Cell("x")), tmp_path / where, force=True)


@pytest.fixture
def place() -> Callable[[Path], None]:
    """Make a folder and a file in the way."""

    def make(folder: Path) -> None:
        (folder / "a-folder").mkdir()
        (folder / "a-file").write_text("", "utf-8")

    return make


def test_a_sheet_of_more_rows_than_spreadsheets_have_is_refused_by_its_name(
    tmp_path: Path,
) -> None:
    book = book_of(Cell(Decimal(1)))
    (table,) = book.sheets[0].tables
    much = replace(table, rows=Made(1_048_576, lambda _: table.rows[0]))
    long = replace(book, sheets=(replace(book.sheets[0], tables=(much,)),))
    with pytest.raises(SheetTooLongError, match=r"1,048,576 at most\. Nothing was"):
        xlsx.write(long, tmp_path / "long.xlsx")
    assert [*tmp_path.iterdir()] == []


@given(st.decimals(-(10**12), 10**12, places=2), st.decimals(-1, 1, places=12))
def test_figures_stand_in_the_file_digit_by_digit(
    amount: Decimal, share: Decimal
) -> None:
    book = book_of(Cell(amount), Cell(Formula("1+1", share)))
    file = xlsx.as_bytes(book)
    read = openpyxl.load_workbook(io.BytesIO(file), data_only=True).worksheets[0]
    cells = [cell for row in read.iter_rows() for cell in row]
    found = [cell.value for cell in cells if isinstance(cell.value, int | float)]
    assert found == [float(amount), float(share)]
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        text = package.read("xl/worksheets/sheet1.xml").decode()
    assert f"<v>{amount}</v>" in text
    assert f"<v>{share}</v>" in text


def test_a_note_over_a_narrow_table_is_no_tower_of_words() -> None:
    note = "What members were paid in each month of the year, on account of a surplus."
    workbook = book_of(Cell("x"), Cell("y"), lines=(Line(1, note, "note"),))
    native = reopened(workbook)
    (area,) = native.merged_cells.ranges
    assert area.min_col == 1
    assert area.max_col > len(COLUMNS)
    assert native.row_dimensions[1].height == 15
