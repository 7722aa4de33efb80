"""The one writer of workbooks: typed cells, safe text, print set-up, protection."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
from collections import Counter
from importlib import import_module
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.xml import LXML

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.services.exporting.description import Formula
from coopledger.xlsx import charting
from coopledger.xlsx import packing
from coopledger.xlsx import styling
from coopledger.xlsx import wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from decimal import Decimal
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

_ROW_HEIGHT = 15.0

#: The first day that spreadsheets count rightly (theirs has a 29 February 1900).
_FIRST_DAY = datetime.date(1900, 3, 1)


#: Raised where a file cannot be written.  openpyxl writes each sheet into a file
#: of its own first, and where lxml is installed it is lxml that says so.
_UNWRITTEN: tuple[type[Exception], ...] = (
    OSError,
    *([import_module("lxml.etree").LxmlError] if LXML else ()),
)


class FileNotWritableError(CoopledgerError):
    """A workbook cannot be put where it was asked for."""

    def __init__(self, path: str, why: str) -> None:
        """Name the file and the reason of the system."""
        super().__init__(f"{path} cannot be written: {why}. Nothing was written.")


def write(workbook: Workbook, path: Path, *, force: bool = False) -> None:
    """Write a workbook at once or not at all.

    Args:
        workbook: The workbook as data.
        path: The file.
        force: Whether a file that is there already may be replaced.

    Raises:
        FileExistsAlreadyError: It is there already, and `force` is not given.
        FileNotWritableError: The system does not let it be written.
    """
    put(lambda: as_bytes(workbook), path, force=force)


def put(make: Callable[[], bytes], path: Path, *, force: bool = False) -> None:
    """Write what is made at once or not at all.

    Args:
        make: Makes the file.
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
        content = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        with staged.open("wb") as file:
            file.write(content)
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
    """Return the file of a workbook; the same workbook gives the same bytes."""
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
    raw = io.BytesIO()
    native.save(raw)
    values = [dict(_values(sheet)) for sheet in workbook.sheets]
    return packing.packed(raw.getvalue(), values, workbook.dated)


def _values(sheet: Sheet) -> Iterator[tuple[str, Decimal | str]]:
    for row, column, cell in sheet.cells():
        if isinstance(cell.content, Formula):
            yield f"{get_column_letter(column)}{row}", cell.content.value


# --- sheets ---------------------------------------------------------------------------


def _add_sheet(native: openpyxl.Workbook, workbook: Workbook, sheet: Sheet) -> None:
    target = native.create_sheet(sheet.name)
    widths = _widths(sheet)
    _set_columns(target, sheet, widths)
    for line in sheet.lines:
        _add_line(target, line, widths)
    for table in sheet.tables:
        _add_header(target, table, widths)
        for row, column, cell in table.cells():
            fill(target.cell(row, column), cell)
        _fit_rows(target, table, widths)
        if table.filtered:
            _add_filter(target, table)
    _add_names(native, sheet)
    _add_entries(target, sheet)
    _add_colours(target, sheet)
    for chart in sheet.charts:
        charting.add_chart(target, sheet, chart)
    _protect(target)
    _set_view(target, sheet)
    _set_print(target, workbook, sheet)


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


def fill(target: NativeCell | MergedCell, cell: Cell) -> None:
    """Put a cell's content where it belongs, as what it is."""
    target.style = styling.name_of(cell.form, cell.look)
    content = cell.content
    if isinstance(content, datetime.date) and content < _FIRST_DAY:
        content = content.isoformat()
    if isinstance(content, str):
        fill_text(target, content)
    elif isinstance(content, Formula):
        target.value = f"={content.text}"
    elif content is not None:
        target.value = content


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
        target.merge_cells(
            start_row=line.row, end_row=line.row, start_column=1, end_column=len(widths)
        )
        lines = _lines(line.text, sum(widths))
        target.row_dimensions[line.row].height = lines * _ROW_HEIGHT
    if line.level == "title":
        target.row_dimensions[line.row].height = 24


def _add_header(target: Worksheet, table: Table, widths: list[int]) -> None:
    for number, column in enumerate(table.columns, start=1):
        cell = target.cell(table.row, number)
        cell.style = styling.name_of_header(_form_of(table, number))
        fill_text(cell, column.title)
    lines = max(
        _lines(column.title, width - 3)
        for column, width in zip(table.columns, widths, strict=False)
    )
    target.row_dimensions[table.row].height = lines * _ROW_HEIGHT + 4


def _form_of(table: Table, column: int) -> Form:
    """Return the form of most cells of a column, empty ones apart."""
    cells = [row[column - 1] for row in table.rows]
    filled = [cell for cell in cells if cell.content is not None]
    return Counter(cell.form for cell in filled or cells).most_common(1)[0][0]


def _fit_rows(target: Worksheet, table: Table, widths: list[int]) -> None:
    """Make rows as high as their wrapped texts need; no program does so itself."""
    for row, cells in enumerate(table.rows, start=table.first):
        wrapped = [
            _lines(cell.content, width - 2)
            for cell, width in zip(cells, widths, strict=False)
            if cell.form == "wrapped" and isinstance(cell.content, str)
        ]
        lines = max(wrapped, default=1)
        target.row_dimensions[row].height = lines * _ROW_HEIGHT + 2


def _lines(text: str, width: float) -> int:
    """Guess how many lines a text takes in a column."""
    fitting = max(1.0, width * 1.12)
    return sum(max(1, ceil(len(part) / fitting)) for part in text.split("\n"))


def _add_filter(target: Worksheet, table: Table) -> None:
    last = get_column_letter(len(table.columns))
    native = NativeTable(
        displayName=f"table_{table.name}", ref=f"A{table.row}:{last}{table.last}"
    )
    target.add_table(native)


def _add_names(native: openpyxl.Workbook, sheet: Sheet) -> None:
    where = "'" + sheet.name.replace("'", "''") + "'"
    for table in sheet.tables:
        for number, column in enumerate(table.columns, start=1):
            letter = get_column_letter(number)
            rows = f"${letter}${table.first}:${letter}${table.last}"
            _add_name(native, column.name, f"{where}!{rows}")
    for row, number, cell in sheet.cells():
        _add_name(native, cell.name, f"{where}!${get_column_letter(number)}${row}")


def _add_name(native: openpyxl.Workbook, name: str, area: str) -> None:
    if name in native.defined_names:
        message = f"'{name}' would be the name of two places"
        raise ValueError(message)
    if name:
        native.defined_names[name] = DefinedName(name, attr_text=area)


# --- what may be entered, and colours -------------------------------------------------


def _add_entries(target: Worksheet, sheet: Sheet) -> None:
    for row, column, cell in sheet.cells():
        if cell.entry is not None:
            validation = _validation(cell.entry)
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


def _add_colours(target: Worksheet, sheet: Sheet) -> None:
    for area in _areas(sheet, "status"):
        for rule in styling.status_rules(area.partition(":")[0]):
            target.conditional_formatting.add(area, rule)
    for area in _areas(sheet, "difference"):
        for rule in styling.difference_rules():
            target.conditional_formatting.add(area, rule)


def _areas(sheet: Sheet, form: Form) -> Iterator[str]:
    """Return the ranges of cells of a form, column by column."""
    found = sorted((c, r) for r, c, cell in sheet.cells() if cell.form == form)
    for (column, _), run in groupby(
        enumerate(found), lambda item: (item[1][0], item[1][1] - item[0])
    ):
        rows = [row for _, (_, row) in run]
        letter = get_column_letter(column)
        yield f"{letter}{rows[0]}:{letter}{rows[-1]}"


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


def _set_print(target: Worksheet, workbook: Workbook, sheet: Sheet) -> None:
    target.page_setup.orientation = "landscape"
    target.page_setup.fitToWidth = 1
    # Charts are not cut in two; tables go on as long as they are.
    target.page_setup.fitToHeight = 1 if sheet.charts else 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_margins = PageMargins(
        left=0.4, right=0.4, top=0.9, bottom=0.8, header=0.4, footer=0.4
    )
    if len(sheet.tables) == 1:
        header = sheet.tables[0].row
        target.print_title_rows = f"{header}:{header}"
    head, foot = HeaderFooterItem(), HeaderFooterItem()
    head.left.text = wording.in_header(workbook.title)
    head.center.text = wording.in_header(sheet.name)
    head.right.text = wording.in_header(f"{workbook.period}, {workbook.warning}")
    foot.left.text = "coopledger"
    foot.center.text = wording.in_header(workbook.paging).format(page="&P", pages="&N")
    target.oddHeader, target.oddFooter = head, foot
