"""The one writer of workbooks: typed cells, safe text, print set-up, protection."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
from collections import Counter
from importlib import import_module
from math import ceil
from typing import IO
from typing import TYPE_CHECKING
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.xml import LXML

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.xlsx import charting
from coopledger.xlsx import packing
from coopledger.xlsx import printing
from coopledger.xlsx import rowing
from coopledger.xlsx import styling
from coopledger.xlsx import wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell as NativeCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.description import Entry
    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.description import Line
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Table
    from coopledger.services.exporting.description import Workbook

#: Raised where a file cannot be written.  openpyxl writes each sheet into a file
#: of its own first, and where lxml is installed it is lxml that says so.
_UNWRITTEN: tuple[type[Exception], ...] = (
    OSError,
    *([import_module("lxml.etree").LxmlError] if LXML else ()),
)


#: A note is at least so wide, and so wide is a column of which nothing is said.
_NOTE, _USUAL = 90, 8

#: How many rows a sheet can have.
_MOST_ROWS = 1_048_576


class FileNotWritableError(CoopledgerError):
    """A workbook cannot be put where it was asked for."""

    def __init__(self, path: str, why: str) -> None:
        """Name the file and the reason of the system."""
        super().__init__(f"{path} cannot be written: {why}. Nothing was written.")


class SheetTooLongError(CoopledgerError):
    """A sheet has more rows than any spreadsheet."""

    def __init__(self, sheet: str, rows: int) -> None:
        """Name the sheet, and how to do without it."""
        super().__init__(
            f"The sheet '{sheet}' would have {rows:,} rows, and spreadsheets have "
            f"{_MOST_ROWS:,} at most. Nothing was written; leave the sheet out in "
            "workbook.toml, or ask for less in its query."
        )


def write(workbook: Workbook, path: Path, *, force: bool = False) -> None:
    """Write a workbook at once or not at all.

    Args:
        workbook: The workbook as data.
        path: The file.
        force: Whether a file that is there already may be replaced.

    Raises:
        FileExistsAlreadyError: It is there already, and `force` is not given.
        FileNotWritableError: The system does not let it be written.
        SheetTooLongError: A sheet has more rows than spreadsheets have.
    """
    put(lambda file: write_into(workbook, file), path, force=force)


def put(
    fill: Callable[[IO[bytes]], object], path: Path, *, force: bool = False
) -> None:
    """Write what is made at once or not at all.

    Args:
        fill: Writes the content into an open file.
        path: Where it goes.
        force: Whether a file that is there already may be replaced.

    Raises:
        FileExistsAlreadyError: It is there already, and `force` is not given.
        FileNotWritableError: The system does not let it be written.
    """
    if path.exists() and not force:
        raise FileExistsAlreadyError(str(path))
    staged = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with staged.open("wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    except _UNWRITTEN as error:
        why = getattr(error, "strerror", "") or str(error)
        raise FileNotWritableError(str(path), why) from None
    finally:
        with contextlib.suppress(OSError):
            staged.unlink(missing_ok=True)


def as_bytes(workbook: Workbook) -> bytes:
    """Return the file of a workbook; the same workbook gives the same bytes.

    Raises:
        SheetTooLongError: A sheet has more rows than spreadsheets have.
    """
    file = io.BytesIO()
    write_into(workbook, file)
    return file.getvalue()


def write_into(workbook: Workbook, file: IO[bytes]) -> None:
    """Write a workbook into an open file, row by row.

    Raises:
        SheetTooLongError: A sheet has more rows than spreadsheets have.
    """
    for sheet in workbook.sheets:
        last = max((table.last + 1 for table in sheet.tables), default=0)
        if last > _MOST_ROWS:
            raise SheetTooLongError(sheet.name, last)
    native = openpyxl.Workbook()
    native.remove(native.worksheets[0])
    for style in styling.styles(workbook):
        native.add_named_style(style)
    for sheet in workbook.sheets:
        _add_sheet(native, workbook, sheet)
    native.active = next(
        (n for n, sheet in enumerate(workbook.sheets) if not sheet.is_hidden), 0
    )
    native.calculation = CalcProperties(fullCalcOnLoad=True)
    stamp = datetime.datetime.combine(workbook.dated, datetime.time())
    native.properties.creator = "coopledger"
    native.properties.title = wording.plain(f"{workbook.title}, {workbook.period}")
    native.properties.created = stamp
    styles = rowing.style_numbers(native.worksheets[0])
    raw = io.BytesIO()
    native.save(raw)
    rows = [rowing.rows_of(one, _widths(one), styles) for one in workbook.sheets]
    packing.pack(raw, rows, workbook.dated, file)


# --- sheets ---------------------------------------------------------------------------


def _add_sheet(native: openpyxl.Workbook, workbook: Workbook, sheet: Sheet) -> None:
    target = native.create_sheet(sheet.name)
    widths = _widths(sheet)
    _set_columns(target, sheet, widths)
    for line in sheet.lines:
        _add_line(target, line, widths)
    for table in sheet.tables:
        _add_header(target, table, widths)
        if table.filtered:
            _add_filter(target, table)
    marks = _marks(sheet)
    _add_names(native, sheet, marks)
    _add_entries(target, marks)
    _add_colours(target, marks)
    for chart in sheet.charts:
        charting.add_chart(target, sheet, chart)
    _protect(target)
    _set_view(target, sheet)
    printing.lay_out(target, workbook, sheet)


def _widths(sheet: Sheet) -> list[int]:
    """Return the width of each column: the first table that has it decides."""
    widths: list[int] = []
    for table in sheet.tables:
        widths += [column.width for column in table.columns[len(widths) :]]
    return widths


def _set_columns(target: Worksheet, sheet: Sheet, widths: list[int]) -> None:
    for column, width in enumerate(widths, start=1):
        target.column_dimensions[get_column_letter(column)].width = width
    for column in _hidden(sheet):
        target.column_dimensions[get_column_letter(column)].hidden = True


def _hidden(sheet: Sheet) -> Iterator[int]:
    """Return the columns that no table of the sheet shows."""
    widest = max(len(table.columns) for table in sheet.tables)
    for number in range(widest):
        own = [t.columns[number] for t in sheet.tables if number < len(t.columns)]
        if all(column.is_hidden for column in own):
            yield number + 1


def fill_text(target: NativeCell | MergedCell, text: str) -> None:
    """Put a text into a cell so that it stays one."""
    target.value = wording.plain(text)
    # openpyxl guesses formulas and errors from what a text looks like.
    target.data_type = "s"
    if wording.is_risky(text):
        target.quotePrefix = True


def _add_line(target: Worksheet, line: Line, widths: list[int]) -> None:
    cell = target.cell(line.row, 1)
    cell.style = styling.name_of_line(line.level)
    fill_text(cell, line.text)
    if line.level == "note":
        # A note is wider than a narrow table, or it would be a tower of words.
        more = ceil(max(0, _NOTE - sum(widths)) / _USUAL)
        target.merge_cells(
            start_row=line.row,
            end_row=line.row,
            start_column=1,
            end_column=len(widths) + more,
        )
        lines = rowing.lines(line.text, sum(widths) + more * _USUAL)
        target.row_dimensions[line.row].height = lines * rowing.ROW_HEIGHT
    if line.level == "title":
        target.row_dimensions[line.row].height = 24


def _add_header(target: Worksheet, table: Table, widths: list[int]) -> None:
    columns = zip(table.columns, zip(*table.shown, strict=True), strict=True)
    for number, (column, cells) in enumerate(columns, start=1):
        cell = target.cell(table.row, number)
        cell.style = styling.name_of_header(_form_of(cells))
        fill_text(cell, column.title)
    lines = max(
        rowing.lines(column.title, width - 3)
        for column, width in zip(table.columns, widths, strict=False)
    )
    target.row_dimensions[table.row].height = lines * rowing.ROW_HEIGHT + 4


def _form_of(cells: Sequence[Cell]) -> Form:
    """Return the form of most cells of a column, empty ones apart."""
    forms = Counter(cell.form for cell in cells if cell.content is not None)
    return forms.most_common(1)[0][0] if forms else cells[0].form


def _add_filter(target: Worksheet, table: Table) -> None:
    last = get_column_letter(len(table.columns))
    area = f"A{table.row}:{last}{table.last}"
    # Left to itself, openpyxl makes every cell of the table to read its header.
    columns = [
        TableColumn(id=number, name=wording.plain(column.title))
        for number, column in enumerate(table.columns, start=1)
    ]
    native = NativeTable(
        displayName=f"table_{table.name}",
        ref=area,
        tableColumns=columns,
        autoFilter=AutoFilter(ref=area),
    )
    target.add_table(native)


class _Marks(NamedTuple):
    """Cells of a sheet that need more than their row: by row and column.

    Attributes:
        named: Cells with a name.
        open: Cells into which something may be entered.
        coloured: Where cells of a form stand whose colour follows them: column, first
            and last row.
    """

    named: list[tuple[int, int, str]]
    open: list[tuple[int, int, Entry]]
    coloured: dict[Form, list[tuple[int, int, int]]]


def _marks(sheet: Sheet) -> _Marks:
    """Find them all in one pass; the first row of a long table shows its columns."""
    marks = _Marks([], [], {"status": [], "difference": []})
    for row, column, cell in sheet.marked():
        if cell.name:
            marks.named.append((row, column, cell.name))
        if cell.entry is not None:
            marks.open.append((row, column, cell.entry))
        if cell.form in marks.coloured:
            marks.coloured[cell.form].append((column, row, row))
    for table in sheet.tables:
        for column, cell in enumerate(table.rows[0] if table.is_long else (), start=1):
            if cell.form in marks.coloured:
                marks.coloured[cell.form].append((column, table.first, table.last))
    return marks


def _add_names(native: openpyxl.Workbook, sheet: Sheet, marks: _Marks) -> None:
    where = "'" + sheet.name.replace("'", "''") + "'"
    for table in sheet.tables:
        for number, column in enumerate(table.columns, start=1):
            letter = get_column_letter(number)
            rows = f"${letter}${table.first}:${letter}${table.last}"
            _add_name(native, column.name, f"{where}!{rows}")
    for row, number, name in marks.named:
        _add_name(native, name, f"{where}!${get_column_letter(number)}${row}")


def _add_name(native: openpyxl.Workbook, name: str, area: str) -> None:
    if name in native.defined_names:
        message = f"'{name}' would be the name of two places"
        raise ValueError(message)
    if name:
        native.defined_names[name] = DefinedName(name, attr_text=area)


# --- what may be entered, and colours -------------------------------------------------


def _add_entries(target: Worksheet, marks: _Marks) -> None:
    for row, column, entry in marks.open:
        validation = _validation(entry)
        validation.add(f"{get_column_letter(column)}{row}")
        target.add_data_validation(validation)


def _validation(entry: Entry) -> DataValidation:
    if entry.kind == "word":
        listed = f'"{",".join(entry.words)}"'
        validation = DataValidation("list", formula1=listed, allow_blank=False)
        validation.error = f"One of: {', '.join(entry.words)}."
    else:
        validation = DataValidation(
            "whole" if entry.kind == "whole" else "decimal",
            operator="greaterThanOrEqual",
            formula1="0",
            allow_blank=False,
        )
        validation.error = "A number that is not negative."
    validation.errorTitle = "Not possible here"
    validation.showErrorMessage = True
    return validation


def _add_colours(target: Worksheet, marks: _Marks) -> None:
    for area in _areas(marks.coloured["status"]):
        for rule in styling.status_rules(area.partition(":")[0]):
            target.conditional_formatting.add(area, rule)
    for area in _areas(marks.coloured["difference"]):
        for rule in styling.difference_rules():
            target.conditional_formatting.add(area, rule)


def _areas(spots: list[tuple[int, int, int]]) -> Iterator[str]:
    """Return the ranges of cells, column by column, one for what is not parted."""
    runs: list[tuple[int, int, int]] = []
    for column, first, last in sorted(spots):
        is_next = bool(runs) and (runs[-1][0], runs[-1][2]) == (column, first - 1)
        top = runs.pop()[1] if is_next else first
        runs.append((column, top, last))
    for column, first, last in runs:
        letter = get_column_letter(column)
        yield f"{letter}{first}:{letter}{last}"


# --- protection, view and print -------------------------------------------------------


def _protect(target: Worksheet) -> None:
    """Lock what is no input, without a password: a rail, not a wall."""
    target.protection.sheet = True
    target.protection.formatColumns = False
    target.protection.formatRows = False
    target.protection.autoFilter = False


def _set_view(target: Worksheet, sheet: Sheet) -> None:
    target.sheet_state = "hidden" if sheet.is_hidden else "visible"
    target.sheet_view.showGridLines = False
    first = sheet.tables[0]
    target.freeze_panes = f"{get_column_letter(sheet.fixed + 1)}{first.first}"
