"""A sheet being filled from top to bottom; it gives every row its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from typing import TypeVar

from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Chart
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import Line
from coopledger.services.exporting.description import Sheet
from coopledger.services.exporting.description import Table
from coopledger.services.exporting.layouts import TableLayout
from coopledger.services.exporting.making import Made

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.description import Level
    from coopledger.services.exporting.description import Series
    from coopledger.services.exporting.layouts import Layout

    #: A row of a table: cell by key of its column.
    Row = Mapping[str, Cell]
    #: Address by key of the column, in one row.
    Addresses = Mapping[str, str]

T = TypeVar("T")

#: What stands where a row has nothing; very many rows of a long table do somewhere.
_EMPTY = Cell()

#: Columns that only some years' tables have, so that layouts may always name them.
OPTIONAL = frozenset({"less", "limit", "withheld"})

#: How many rows high a chart is.
CHART_ROWS = 20

#: As if a table beside a chart had so many columns, so that charts stand in line.
_LEAST_COLUMNS = 5

_LETTERS = 26


@cache
def letter(column: int) -> str:
    """Return the letters of a column, counted from 1: A, B, ... Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def parted(address: str) -> tuple[str, int]:
    """Part an address into its letters and its row."""
    letters = address.rstrip("0123456789")
    return letters, int(address[len(letters) :])


def one_above(address: str) -> str:
    """Return the address of the cell above."""
    letters, row = parted(address)
    return f"{letters}{row - 1}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, and where each stands."""

    listed: tuple[Column, ...]

    @classmethod
    def of(cls, *columns: Column | None) -> Columns:
        """Keep the columns that there are."""
        return cls(tuple(column for column in columns if column is not None))

    def at(self, row: int) -> dict[str, str]:
        """Return the address of every column in a row."""
        return {
            column.key: f"{letter(number)}{row}"
            for number, column in enumerate(self.listed, start=1)
        }

    def over(self, first: int, last: int) -> dict[str, str]:
        """Return the range of every column from one row to another."""
        top, bottom = self.at(first), self.at(last)
        return {key: f"{top[key]}:{bottom[key]}" for key in top}

    def lay(self, row: Row, empty: Cell = _EMPTY) -> tuple[Cell, ...]:
        """Put cells into the order of the columns; `empty` stands where none is."""
        laid = [row.get(column.key, empty) for column in self.listed]
        known = {column.key for column in self.listed}
        if not row.keys() <= known:
            message = f"no such column: {', '.join(sorted(row.keys() - known))}"
            raise KeyError(message)
        return tuple(laid)


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a table as other sheets call its cells.

    Attributes:
        column: The sheet and the column: ``'Members'!$B$``.
        first: The first row of data.
    """

    column: str
    first: int

    def at(self, number: int) -> str:
        """Return the address of a row's cell, by the row's number, counted from 0."""
        return f"{self.column}{self.first + number}"


def shown(row: Row, forms: Mapping[str, Form]) -> Row:
    """Show the figures of a row in the forms that are asked for."""
    if not forms:
        return row
    return {
        key: cell._replace(form=forms[key])
        if key in forms and is_figure(cell)
        else cell
        for key, cell in row.items()
    }


def is_figure(cell: Cell) -> bool:
    """Say whether a cell holds a number, or a formula that comes to one."""
    content = cell.content
    value = content.value if isinstance(content, Formula) else content
    return isinstance(value, Decimal)


@dataclass(slots=True)
class Draft:
    """A sheet in the making.

    Attributes:
        name: Name of the sheet.
        purpose: What it holds, in a sentence.
        fixed: How many columns stay in sight.
        row: The next free row.
        id: What layouts call it.
        layout: How its tables are laid out; None for as they are described.
        language: The language of columns' titles that the layout gives.
    """

    name: str
    purpose: str
    fixed: int = 0
    row: int = 1
    id: str = ""
    layout: Layout | None = None
    language: str = ""
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)

    def say(self, text: str, level: Level = "note") -> None:
        """Add a line of text."""
        self.lines.append(Line(self.row, text, level))
        self.row += 1

    def begin(self, title: str, subtitle: str, *notes: str) -> None:
        """Add the head of the sheet."""
        self.say(title, "title")
        self.say(subtitle, "subtitle")
        for note in notes:
            self.say(note)
        self.row += 1

    def table(  # noqa: PLR0913 - what a table may have
        self,
        name: str,
        columns: Columns,
        items: Iterable[T],
        make: Callable[[T, Addresses], Row],
        *,
        total: Callable[[Addresses], Row] | None = None,
        caption: str = "",
        filtered: bool = False,
        is_long: bool = False,
    ) -> Table:
        """Add a table; one without rows gets an empty one, so that ranges exist.

        Args:
            name: Name of the table.
            columns: Its columns.
            items: What its rows are about, one each.
            make: Makes the row of one item, given the addresses of the row.
            total: Maker of the totals' row, given the ranges of the columns.
            caption: Line above the header.
            filtered: Whether the header offers filters.
            is_long: Whether there may be very many rows: `make` is then called for a
                row when it is read, and gives the same each time.
        """
        if caption:
            self.say(caption, "caption")
        told = self.layout.table(self.id, name) if self.layout else TableLayout()
        columns = self._arranged(columns, told, name)
        first = self.row + 1
        held = items if isinstance(items, Sequence) else tuple(items)

        def laid(number: int) -> tuple[Cell, ...]:
            row = make(held[number], columns.at(first + number))
            return columns.lay(shown(row, told.forms))

        rows: Sequence[tuple[Cell, ...]] = Made(len(held), laid)
        if not is_long or not held:
            rows = tuple(rows) or (columns.lay({}),)
        ranges = columns.over(first, first + len(rows) - 1)
        table = Table(
            name=name,
            row=self.row,
            columns=columns.listed,
            rows=rows,
            total=self._total(columns, told, total(ranges)) if total else (),
            filtered=filtered,
        )
        self.tables.append(table)
        self.row = table.last + (1 if total else 0) + 2
        return table

    def _arranged(self, columns: Columns, told: TableLayout, name: str) -> Columns:
        """Put columns into the order of the layout, what it leaves out at the end."""
        by_key = {column.key: column for column in columns.listed}
        if self.layout:
            known = by_key.keys() | OPTIONAL
            self.layout.refuse_unknown(f"column of '{name}'", told.named, known)
        titles = told.titles.get(self.language, {})
        order = [key for key in told.columns or by_key if key in by_key]
        order += [key for key in by_key if key not in order]
        return Columns(
            tuple(
                replace(
                    by_key[key],
                    title=titles.get(key, by_key[key].title),
                    width=told.widths.get(key, by_key[key].width),
                    is_hidden=bool(told.columns) and key not in told.columns,
                )
                for key in order
            )
        )

    def _total(self, columns: Columns, told: TableLayout, row: Row) -> tuple[Cell, ...]:
        return columns.lay(shown(row, told.forms), Cell(look="total"))

    def chart(
        self,
        title: str,
        table: Table,
        label: str,
        *series: Series,
        is_lying: bool = False,
    ) -> None:
        """Add a chart of a table to the right of it."""
        column = max(len(table.columns), _LEAST_COLUMNS) + 2
        self.charts.append(
            Chart(title, table.name, label, series, table.row, column, is_lying)
        )
        self.row = max(self.row, table.row + CHART_ROWS + 2)

    def place(self, table: Table, key: str) -> Place:
        """Return a column of a table as other sheets call its cells."""
        first = table.first
        address = self.elsewhere(Columns(table.columns).at(first)[key])
        return Place(address.removesuffix(str(first)), first)

    def elsewhere(self, address: str) -> str:
        """Return an address on this sheet as other sheets write it."""
        letters, row = parted(address)
        return f"'{self.name}'!${letters}${row}"

    @property
    def done(self) -> Sheet:
        """The sheet as it is."""
        return Sheet(
            name=self.name,
            purpose=self.purpose,
            lines=tuple(self.lines),
            tables=tuple(self.tables),
            fixed=self.fixed,
            id=self.id,
            charts=tuple(self.charts),
        )
