"""A workbook as an independent engine reckons it, beside what was said it would be.

The engine reads the file that our writer makes, throws every value beside a formula
away, and reckons anew.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from typing import Any

import formualizer

from coopledger import xlsx
from coopledger.services.exporting.description import Formula

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.description import Workbook

#: Forms whose figures are whole units or whole numbers, so that nothing may be near.
EXACT = frozenset({"money", "difference", "whole"})


class Recalculated:
    """A workbook in the other engine, open for changes.

    Attributes:
        workbook: The workbook as data.
        native: The same in the other engine.
    """

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.native = formualizer.Workbook.from_bytes(xlsx.as_bytes(workbook))
        self.native.evaluate_all()

    def value(self, sheet: str, row: int, column: int) -> Any:
        return self.native.get_value(sheet, row, column)

    def where(self, name: str) -> tuple[str, int, int]:
        """Return where a named cell stands."""
        return next(
            (sheet.name, row, column)
            for sheet in self.workbook.sheets
            for row, column, cell in sheet.cells()
            if cell.name == name
        )

    def __contains__(self, name: object) -> bool:
        """Say whether there is a cell of that name."""
        return any(
            cell.name == name
            for sheet in self.workbook.sheets
            for _, _, cell in sheet.cells()
        )

    def named(self, name: str) -> Any:
        """Return the value of a named cell."""
        return self.value(*self.where(name))

    def change(self, name: str, value: Decimal | str) -> None:
        """Enter another value into a named cell and reckon anew."""
        new = value if isinstance(value, str) else float(value)
        self.native.set_value(*self.where(name), new)
        self.native.evaluate_all()

    def column(self, sheet: str, table: str, key: str) -> list[Any]:
        """Return the values of a column of a table."""
        one = self.workbook.sheet(sheet).table(table)
        number = [column.key for column in one.columns].index(key) + 1
        return [
            self.value(sheet, row, number) for row in range(one.first, one.last + 1)
        ]

    def amounts(self, sheet: str, table: str, key: str) -> dict[str, float]:
        """Return a column of figures by member."""
        members = self.column(sheet, table, "member")
        return dict(zip(members, self.column(sheet, table, key), strict=True))

    @property
    def flag(self) -> str:
        """The one flag on the first sheet."""
        rows = self.column("Read me", "about", "what")
        flags = dict(zip(rows, self.column("Read me", "about", "value"), strict=True))
        return str(flags["All checks"])

    @property
    def failing(self) -> list[str]:
        """What the checks find not to agree."""
        what = self.column("Checks", "checks", "what")
        statuses = self.column("Checks", "checks", "status")
        return [
            check
            for check, status in zip(what, statuses, strict=True)
            if status != "OK"
        ]

    def formulas(self) -> list[tuple[str, int, int, Cell, Formula]]:
        """Return every formula with its place."""
        return [
            (sheet.name, row, column, cell, cell.content)
            for sheet in self.workbook.sheets
            for row, column, cell in sheet.cells()
            if isinstance(cell.content, Formula)
        ]

    def disagreements(self) -> list[str]:
        """Return every formula that does not come to what was said it would."""
        return [
            f"{sheet} R{row}C{column}: ={formula.text} is {got!r}, not {formula.value}"
            for sheet, row, column, cell, formula in self.formulas()
            for got in [self.value(sheet, row, column)]
            if not _agrees(got, formula.value, cell.form)
        ]


def _agrees(got: Any, said: Decimal | str, form: str) -> bool:
    if isinstance(said, str):
        return bool(got == said)
    if not isinstance(got, int | float):
        return False
    if form in EXACT:
        return float(got) == float(said)
    return math.isclose(got, said, rel_tol=1e-12, abs_tol=1e-12)
