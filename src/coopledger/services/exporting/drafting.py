"""A sheet being filled from top to bottom; it gives every row its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import TypeVar

from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Line
from coopledger.services.exporting.description import Sheet
from coopledger.services.exporting.description import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from coopledger.services.exporting.description import Level

    #: A row of a table: cell by key of its column.
    Row = Mapping[str, Cell]
    #: Address by key of the column, in one row.
    Addresses = Mapping[str, str]

T = TypeVar("T")

_LETTERS = 26


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

    def lay(self, row: Row, empty: Cell | None = None) -> tuple[Cell, ...]:
        """Put cells into the order of the columns; `empty` stands where none is."""
        unknown = row.keys() - {column.key for column in self.listed}
        if unknown:
            message = f"no such column: {', '.join(sorted(unknown))}"
            raise KeyError(message)
        return tuple(row.get(column.key, empty or Cell()) for column in self.listed)


@dataclass(slots=True)
class Draft:
    """A sheet in the making.

    Attributes:
        name: Name of the sheet.
        purpose: What it holds, in a sentence.
        fixed: How many columns stay in sight.
        row: The next free row.
    """

    name: str
    purpose: str
    fixed: int = 0
    row: int = 1
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

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
        """
        if caption:
            self.say(caption, "caption")
        first = self.row + 1
        laid = [
            columns.lay(make(item, columns.at(number)))
            for number, item in enumerate(items, start=first)
        ] or [columns.lay({})]
        ranges = columns.over(first, first + len(laid) - 1)
        table = Table(
            name=name,
            row=self.row,
            columns=columns.listed,
            rows=tuple(laid),
            total=columns.lay(total(ranges), Cell(look="total")) if total else (),
            filtered=filtered,
        )
        self.tables.append(table)
        self.row = table.last + (1 if total else 0) + 2
        return table

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
        )
