"""Rows of tables as the XML of a sheet, one after the other.

openpyxl makes an object of every cell, which for tens of thousands of members takes
more time and memory than all the rest.  It makes everything else of a sheet; the rows
of tables are written here, as text, and put between what it made.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING
from typing import get_args
from xml.sax.saxutils import escape

from openpyxl.cell.cell import Cell as NativeCell
from openpyxl.utils import get_column_letter

from coopledger.services.exporting.description import Form
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import Look
from coopledger.xlsx import styling
from coopledger.xlsx import wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.description import Content
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Table

    #: Number of a cell's style, by form, look, and whether it is marked as text.
    Styles = Mapping[tuple[Form, Look, bool], int]

ROW_HEIGHT = 15.0

#: The day before the first one that spreadsheets count, as they should have counted;
#: before the first day that they count rightly, days are text.
_ZERO = datetime.date(1899, 12, 30)
_FIRST_DAY = datetime.date(1900, 3, 1)


def style_numbers(target: Worksheet) -> Styles:
    """Return the number of each style of cells; the file gets all of them.

    Args:
        target: Any sheet of the file.
    """
    numbers: dict[tuple[Form, Look, bool], int] = {}
    for form in get_args(Form):
        for look in get_args(Look):
            for is_marked in (False, True):
                cell = NativeCell(target, row=1, column=1)
                cell.style = styling.name_of(form, look)
                cell.quotePrefix = is_marked
                numbers[form, look, is_marked] = cell.style_id
    return numbers


def rows_of(
    sheet: Sheet, widths: Sequence[int], styles: Styles
) -> Iterator[tuple[int, str]]:
    """Return the rows below the headers: number and XML, in order of the sheet."""
    letters = [get_column_letter(number + 1) for number in range(len(widths))]
    for table in sheet.tables:
        yield from _rows(table, letters, widths, styles)


def _rows(
    table: Table, letters: Sequence[str], widths: Sequence[int], styles: Styles
) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(table.rows, start=table.first):
        height = lines_of(row, widths) * ROW_HEIGHT + 2
        cells = _cells(row, letters, number, styles)
        yield number, f'<row r="{number}" ht="{height}" customHeight="1">{cells}</row>'
    if table.total:
        number = table.last + 1
        cells = _cells(table.total, letters, number, styles)
        yield number, f'<row r="{number}">{cells}</row>'


def _cells(
    row: Sequence[Cell], letters: Sequence[str], number: int, styles: Styles
) -> str:
    return "".join(
        [
            _cell(cell, f"{letter}{number}", styles)
            for cell, letter in zip(row, letters, strict=False)
        ]
    )


def _cell(cell: Cell, at: str, styles: Styles) -> str:
    content = cell.content
    is_text = isinstance(content, str)
    style = styles[
        cell.form, cell.look, is_text and wording.is_risky(content)  # type: ignore[arg-type]
    ]
    return f'<c r="{at}" s="{style}"{_inside(content)}'


def _inside(content: Content) -> str:
    """Return a cell from the end of its attributes on."""
    if content is None:
        return "/>"
    if isinstance(content, str):
        text = f'<t xml:space="preserve">{_text(content)}</t>'
        return f' t="inlineStr"><is>{text}</is></c>'
    if isinstance(content, Decimal):
        return f"><v>{content}</v></c>"
    return _formula(content) if isinstance(content, Formula) else _day(content)


def _formula(formula: Formula) -> str:
    told, value = f"<f>{escape(formula.text)}</f>", formula.value
    if isinstance(value, str):
        return f' t="str">{told}<v>{_text(value)}</v></c>'
    return f">{told}<v>{value}</v></c>"


def _day(day: datetime.date) -> str:
    is_counted = day >= _FIRST_DAY
    return f"><v>{(day - _ZERO).days}</v></c>" if is_counted else _inside(str(day))


def _text(text: str) -> str:
    # A carriage return that stands as it is would be read as a line feed.
    return escape(wording.plain(text), {"\r": "&#13;"})


# --- heights --------------------------------------------------------------------------


def lines_of(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """Return how many lines a row's wrapped texts take; no program does so itself."""
    most = 1
    for cell, width in zip(row, widths, strict=False):
        if cell.form == "wrapped" and isinstance(cell.content, str):
            most = max(most, lines(cell.content, width - 2))
    return most


def lines(text: str, width: float) -> int:
    """Guess how many lines a text takes in a column."""
    fitting = max(1.0, width * 1.12)
    return sum(max(1, ceil(len(part) / fitting)) for part in text.split("\n"))
