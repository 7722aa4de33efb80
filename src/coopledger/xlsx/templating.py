"""Templates as workbooks: cells to fill in, with lists to choose from."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from coopledger.xlsx import packing
from coopledger.xlsx import styling
from coopledger.xlsx import wording
from coopledger.xlsx.writing import fill_text
from coopledger.xlsx.writing import put

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from coopledger.services.importing.templates import Choices
    from coopledger.services.importing.templates import Column
    from coopledger.services.importing.templates import Template

#: Where the notes and the headings stand, and how many rows there are to fill in.
_NOTES, _HEADINGS, _ROWS = 3, 4, 2000

_LINES = 4

#: Days that spreadsheets count rightly, and that no slip has moved by ages.
_DAYS = (datetime.date(1901, 1, 1), datetime.date(2099, 12, 31))

_FORMATS = {"date": "yyyy-mm-dd", "number": "0.00##", "year": "0"}


def write_template(template: Template, path: Path, *, force: bool = False) -> None:
    """Write a template at once or not at all.

    Raises:
        FileExistsAlreadyError: The file is there already, and `force` is not given.
        FileNotWritableError: The system does not let it be written.
    """
    put(lambda file: file.write(as_bytes(template)), path, force=force)


def as_bytes(template: Template) -> bytes:
    """Return the file of a template; the same one gives the same bytes."""
    native = openpyxl.Workbook()
    native.remove(native.worksheets[0])
    for style in styling.text_styles():
        native.add_named_style(style)
    sheet = native.create_sheet(template.name)
    lists = native.create_sheet(template.lists)
    _add_columns(sheet, lists, template)
    _set_up(sheet, template)
    stamp = datetime.datetime.combine(template.dated, datetime.time())
    native.properties.creator = "coopledger"
    native.properties.title = wording.plain(template.title)
    native.properties.created = stamp
    raw, file = io.BytesIO(), io.BytesIO()
    native.save(raw)
    packing.pack(raw, [(), ()], template.dated, file)
    return file.getvalue()


def _add_columns(sheet: Worksheet, lists: Worksheet, template: Template) -> None:
    """Add each column: its note, its heading, and the cells below."""
    used = 0
    for number, column in enumerate(template.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        _fill(sheet, _NOTES, number, styling.name_of_line("note"), column.note)
        is_number = column.form in {"amount", "number"}
        head = styling.name_of_header("money" if is_number else "text")
        _fill(sheet, _HEADINGS, number, head, column.title)
        source = ""
        if column.choices:
            source = _list(lists, used + 1, column.choices)
            used += 2 if column.choices.remarks else 1
        area = f"{letter}{_HEADINGS + 1}:{letter}{_HEADINGS + _ROWS}"
        _format(sheet, number, column, template.decimals)
        validation = _validation(column, source, template.refused)
        if validation:
            validation.add(area)
            sheet.add_data_validation(validation)


def _fill(sheet: Worksheet, row: int, column: int, style: str, text: str) -> None:
    cell = sheet.cell(row, column)
    cell.style = style
    fill_text(cell, text)


def _format(sheet: Worksheet, number: int, column: Column, decimals: int) -> None:
    """Give the cells below a heading their format, so that text stays text."""
    money = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    shown = _FORMATS.get(column.form, money if column.form == "amount" else "@")
    # As their headings stand.
    is_number = column.form in {"amount", "number"}
    side = Alignment(
        horizontal="right" if is_number else "left", indent=0 if is_number else 1
    )
    for row in range(_HEADINGS + 1, _HEADINGS + _ROWS + 1):
        cell = sheet.cell(row, number)
        cell.alignment = side
        cell.number_format = shown
        cell.protection = Protection(locked=False)


def _list(lists: Worksheet, column: int, choices: Choices) -> str:
    """Write choices down, and return where they stand."""
    letter = get_column_letter(column)
    _fill(lists, 1, column, styling.name_of_header("text"), choices.title)
    for row, word in enumerate(choices.words, start=2):
        fill_text(lists.cell(row, column), word)
    for row, remark in enumerate(choices.remarks, start=2):
        fill_text(lists.cell(row, column + 1), remark)
    widest = max(map(len, (choices.title, *choices.words)))
    lists.column_dimensions[letter].width = widest + 4
    if choices.remarks:
        following = get_column_letter(column + 1)
        lists.column_dimensions[following].width = max(map(len, choices.remarks)) + 4
    where = lists.title.replace("'", "''")
    return f"'{where}'!${letter}$2:${letter}${len(choices.words) + 1}"


def _validation(column: Column, source: str, title: str) -> DataValidation | None:
    """Return what may be entered in a column; None where anything may."""
    if source:
        validation = DataValidation("list", formula1=source, allow_blank=True)
    elif column.form == "date":
        first, last = (f"DATE({day:%Y},{day.month},{day.day})" for day in _DAYS)
        validation = DataValidation(
            "date", operator="between", formula1=first, formula2=last
        )
    elif column.form == "year":
        validation = DataValidation(
            "whole", operator="between", formula1="1900", formula2="2099"
        )
    elif column.form in {"amount", "number"}:
        validation = DataValidation(
            "decimal", operator="greaterThanOrEqual", formula1="0"
        )
    else:
        return None
    validation.allow_blank = True
    validation.showErrorMessage = True
    validation.errorTitle = title
    validation.error = wording.plain(column.ask)[:200]
    return validation


def _set_up(sheet: Worksheet, template: Template) -> None:
    """Set title, view and print of the sheet that is filled in."""
    _fill(sheet, 1, 1, styling.name_of_line("title"), template.title)
    _fill(sheet, 2, 1, styling.name_of_line("subtitle"), template.intro)
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[_NOTES].height = _LINES * 15.0
    sheet.row_dimensions[_HEADINGS].height = 22
    sheet.freeze_panes = f"A{_HEADINGS + 1}"
    sheet.print_title_rows = f"{_HEADINGS}:{_HEADINGS}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.6)
