"""Sheets in the order of the layout; what it leaves out is hidden, formulas need it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.layouts import Layout


def arranged(sheets: Iterable[Sheet], layout: Layout) -> tuple[Sheet, ...]:
    """Put sheets into the order of a layout.

    Raises:
        LayoutUnreadableError: It names a table that a sheet does not have.
    """
    order = [*layout.sheets]
    shown, hidden = [], []
    for sheet in sheets:
        if layout.shows(sheet.id):
            _refuse_unknown(sheet, layout)
            shown.append(sheet)
        else:
            hidden.append(replace(sheet, is_hidden=True))
    shown.sort(key=lambda sheet: order.index(sheet.id))
    return (*shown, *hidden)


def _refuse_unknown(sheet: Sheet, layout: Layout) -> None:
    named = set(layout.sheets[sheet.id].tables)
    known = {*_tables(sheet), *layout.own_tables(sheet.id)}
    layout.refuse_unknown(f"table of sheet '{sheet.id}'", named, known)


def _tables(sheet: Sheet) -> Iterator[str]:
    return (table.name for table in sheet.tables)
