"""A workbook in its reader's language: what is ours is said, what is the book's stays.

Titles, headers, lines of text and phrases in cells are ours.  All other text in cells
comes from the book or from the law, and is left as it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from coopledger.phrases import Phrase
from coopledger.services.exporting.making import Made
from coopledger.services.exporting.wishing import QUERIES
from coopledger.services.exporting.wishing import sheet_id
from coopledger.services.wording import OWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.description import Column
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Table
    from coopledger.services.exporting.description import Workbook
    from coopledger.services.wording import Wording


def said(workbook: Workbook, say: Wording) -> Workbook:
    """Return a workbook in another language; formulas and figures stay."""
    if say.language == OWN:
        return workbook
    return replace(
        workbook,
        period=say(workbook.period),
        warning=say(workbook.warning),
        paging=say(workbook.paging),
        sheets=tuple(_sheet(sheet, say) for sheet in workbook.sheets),
    )


def _sheet(sheet: Sheet, say: Wording) -> Sheet:
    if sheet.id == sheet_id(QUERIES):
        # The query's own file says it in each language.
        return sheet
    return replace(
        sheet,
        lines=tuple(replace(line, text=say(line.text)) for line in sheet.lines),
        tables=tuple(_table(table, say) for table in sheet.tables),
        charts=tuple(replace(one, title=say(one.title)) for one in sheet.charts),
    )


def _table(table: Table, say: Wording) -> Table:
    return replace(
        table,
        columns=tuple(_column(column, say) for column in table.columns),
        rows=_rows(table.rows, partial(_cell, say=say)),
        total=tuple(_cell(cell, say) for cell in table.total),
    )


def _rows(
    rows: Sequence[tuple[Cell, ...]], change: Callable[[Cell], Cell]
) -> Sequence[tuple[Cell, ...]]:
    def changed(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(map(change, row))

    return rows.each(changed) if isinstance(rows, Made) else tuple(map(changed, rows))


def _column(column: Column, say: Wording) -> Column:
    return replace(column, title=say(column.title))


def _cell(cell: Cell, say: Wording) -> Cell:
    if not isinstance(cell.content, Phrase):
        return cell
    return cell._replace(content=say(cell.content))
