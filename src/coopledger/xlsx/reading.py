"""Workbooks read as rows of plain cells; what is no plain value says why."""

from __future__ import annotations

import datetime
import warnings
import zipfile
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import BinaryIO

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from coopledger.services.importing.sheets import BLANK
from coopledger.services.importing.sheets import EPOCH
from coopledger.services.importing.sheets import Cell
from coopledger.services.importing.sheets import Sheet
from coopledger.services.importing.sheets import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as NativeCell
    from openpyxl.worksheet.worksheet import Worksheet

#: A workbook that unpacks to more is none that people keep.
_LARGEST = 500_000_000

#: Spreadsheets themselves hold no more digits than these.
_DIGITS = 15

#: What openpyxl and the packing raise over files that are broken; they have no error
#: of their own for it.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)

_EPOCH_1904 = datetime.date(1904, 1, 1)


def read(path: Path) -> list[Sheet]:
    """Read the sheets of a workbook that can be seen.

    Args:
        path: The file.

    Raises:
        UnreadableFileError: It is no workbook, or none of a reasonable size.
    """
    try:
        with path.open("rb") as file:
            return _sheets(path, file)
    except _BROKEN:
        raise UnreadableFileError(str(path), "it is no workbook, or damaged") from None


def _sheets(path: Path, file: BinaryIO) -> list[Sheet]:
    with zipfile.ZipFile(file) as packed:
        size = sum(one.file_size for one in packed.infolist())
    if size > _LARGEST:
        raise UnreadableFileError(str(path), "it unpacks to very much")
    values, formulas = _loaded(file, values=True), _loaded(file, values=False)
    epoch = _EPOCH_1904 if values.epoch == CALENDAR_MAC_1904 else EPOCH
    return [
        Sheet(sheet.title, tuple(_rows(sheet, formulas[sheet.title])), epoch)
        for sheet in values.worksheets
        if sheet.sheet_state == "visible"
    ]


def _loaded(file: BinaryIO, *, values: bool) -> Workbook:
    with warnings.catch_warnings():
        # Of what openpyxl does not keep, such as pictures, nothing is read anyway.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(file, data_only=values)


def _rows(values: Worksheet, formulas: Worksheet) -> Iterator[tuple[Cell, ...]]:
    merged = {
        (row, column): area.coord
        for area in values.merged_cells.ranges
        for row, column in area.cells
    }
    last = _last_row(formulas)
    rows = values.iter_rows(max_row=last), formulas.iter_rows(max_row=last)
    for row, written in zip(*rows, strict=True) if last else ():
        yield tuple(
            _cell(value, formula, merged.get((value.row, value.column), ""))
            for value, formula in zip(row, written, strict=True)
        )


def _last_row(sheet: Worksheet) -> int:
    """Return the last row with a value, or 0.

    Many a sheet has a format down to its very last row; openpyxl counts those, and
    would make a cell of each place up to there.
    """
    cells = sheet._cells  # noqa: SLF001 - what is public makes the cells
    return max(
        (at for (at, _), cell in cells.items() if cell.value is not None), default=0
    )


def _cell(
    cell: NativeCell | MergedCell, written: NativeCell | MergedCell, merged: str
) -> Cell:
    if isinstance(cell, MergedCell):
        why = f"is merged with others ({merged})"
        return Cell(None, why, "Unmerge them, and fill in each.")
    if isinstance(written, MergedCell) or (
        cell.value is None and written.value is None
    ):
        return BLANK
    if written.data_type == "f" and cell.value is None:
        formula = str(getattr(written.value, "text", written.value))
        fix = "Open and save the file in a spreadsheet program, or write the value."
        return Cell(formula, "is a formula without a value", fix)
    if cell.data_type == "e":
        why = "is an error in place of a value"
        return Cell(str(cell.value), why, "Correct the formula.")
    return _plain(cell.value)


def _plain(value: object) -> Cell:
    """Return a value as cells have it; floats as spreadsheets show them in full."""
    if isinstance(value, float):
        return Cell(Decimal(f"{value:.{_DIGITS}g}"))
    if isinstance(value, int) and not isinstance(value, bool):
        return Cell(Decimal(value))
    if isinstance(value, datetime.datetime):
        return Cell(value.date())
    if isinstance(value, bool | str | datetime.date):
        return Cell(value)
    # A time of day, which is no number of hours, and whatever else there may be.
    return Cell(str(value))
