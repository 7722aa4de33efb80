"""A workbook as plain data: sheets, tables, typed cells.  No file format is known here.

What a cell holds decides what it is: a `str` is text and stays text whatever it begins
with, a `Decimal` is a number, a date is a date, and only a `Formula` is a formula.  So
nothing that stands in a book can become a formula.

A table of very many rows does not hold them: it makes each one when somebody reads it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple
from typing import Protocol

from coopledger.services.exporting.making import Made

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

#: How a value is shown.
Form = Literal[
    "text",
    "wrapped",
    "strong",
    "code",
    "money",
    "difference",
    "whole",
    "number",
    "quantity",
    "rate",
    "date",
    "status",
]

#: What a cell is to the reader: it has a colour and may be changed, or not.
Look = Literal["plain", "input", "fact", "total"]

#: How amounts below zero are shown.
Negatives = Literal["red", "minus", "brackets"]

#: What a line of text on a sheet is.
Level = Literal["title", "subtitle", "note", "caption"]

#: What no spreadsheet takes in the name of a sheet, and how long one may be.
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]|^'|'$")
NAME_LENGTH = 31

OK = "OK"
CHECK = "CHECK"


class Formula(NamedTuple):
    """A formula, and what it comes to with the figures of the book.

    Attributes:
        text: The formula without its equals sign.
        value: Its value, reckoned here; a program that recalculates gets the same.
    """

    text: str
    value: Decimal | str


Content = str | Decimal | datetime.date | Formula | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be entered into a cell that is open for changes.

    Attributes:
        kind: A number that is not negative, a whole one, or one of some words.
        words: The words.
    """

    kind: Literal["number", "whole", "word"]
    words: tuple[str, ...] = ()


class Cell(NamedTuple):
    """One cell.

    Attributes:
        content: What it holds.
        form: How it is shown.
        look: What it is to the reader; an ``input`` may be changed.
        name: Name by which formulas call it, or "".
        entry: What may be entered.
    """

    content: Content = None
    form: Form = "text"
    look: Look = "plain"
    name: str = ""
    entry: Entry | None = None


#: How many rows of a long table show what its columns hold.
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: Name within the program.
        title: Header.
        width: Width in characters.
        name: Name by which formulas call its data rows, or "".
        is_hidden: Whether it is kept for formulas only.
    """

    key: str
    title: str
    width: int
    name: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text across a sheet."""

    row: int
    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Table:
    """A header, rows of cells, and perhaps a row of totals below them.

    Attributes:
        name: Name of the table, unique in the workbook.
        row: Row of the header, counted from 1; the table begins in the first column.
        columns: Its columns.
        rows: Its rows, at least one, each as long as the columns.  Where they are made
            as they are read, each column is of one form, and no cell has a name or may
            be changed.
        total: The totals' row, or nothing.
        filtered: Whether its header offers filters.
    """

    name: str
    row: int
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    total: tuple[Cell, ...] = ()
    filtered: bool = False

    @property
    def first(self) -> int:
        """First row of data."""
        return self.row + 1

    @property
    def last(self) -> int:
        """Last row of data."""
        return self.row + len(self.rows)

    @property
    def is_long(self) -> bool:
        """Whether its rows are made as they are read."""
        return isinstance(self.rows, Made)

    @property
    def shown(self) -> Sequence[tuple[Cell, ...]]:
        """Rows that show what its columns hold: all, or the first ones of very many."""
        return self.rows[:_SHOWN] if self.is_long else self.rows

    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        """Return every cell below the header, with its row and column."""
        yield from _placed(self.rows, self.first)
        yield from _placed([self.total], self.last + 1)

    def marked(self) -> Iterator[tuple[int, int, Cell]]:
        """Return the cells that may have a name or be changed, with row and column."""
        if not self.is_long:
            yield from _placed(self.rows, self.first)
        yield from _placed([self.total], self.last + 1)


def _placed(
    rows: Iterable[tuple[Cell, ...]], first: int
) -> Iterator[tuple[int, int, Cell]]:
    for row, cells in enumerate(rows, start=first):
        for column, cell in enumerate(cells, start=1):
            yield row, column, cell


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one column of a table, as a chart shows them.

    Attributes:
        key: The column.
        colour: Six hexadecimal digits, or "" for figures that only lift others.
    """

    key: str
    colour: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked columns, or bars that lie, over the rows of a table.

    Attributes:
        title: What it shows.
        table: The table.
        label: The column that names the rows.
        series: What is stacked, from the bottom.
        row: Row of its upper edge.
        column: Column of its left edge.
        is_lying: Whether its bars lie, the first on top; long names fit beside them.
    """

    title: str
    table: str
    label: str
    series: tuple[Series, ...]
    row: int
    column: int
    is_lying: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, from top to bottom.

    Attributes:
        name: Its name.
        purpose: What it holds, in a sentence.
        lines: Lines of text.
        tables: Tables; the first one's header stays in sight and is repeated in print.
        fixed: How many columns stay in sight.
        id: What layouts call it.
        is_hidden: Whether it is kept for formulas only.
        charts: Charts of its tables.
        is_one_page: Whether it is printed on one page, upright, however long it is.
    """

    name: str
    purpose: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    fixed: int = 0
    id: str = ""
    is_hidden: bool = False
    charts: tuple[Chart, ...] = ()
    is_one_page: bool = False

    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        """Return every cell of every table, with its row and column."""
        for table in self.tables:
            yield from table.cells()

    def marked(self) -> Iterator[tuple[int, int, Cell]]:
        """Return the cells that may have a name or be changed, with row and column."""
        for table in self.tables:
            yield from table.marked()

    def table(self, name: str) -> Table:
        """Return a table by its name."""
        return next(table for table in self.tables if table.name == name)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole workbook.

    Attributes:
        title: What it is about.
        period: The fiscal year, in words.
        sheets: Its sheets, in order.
        decimals: Decimals of the currency.
        dated: The day it bears; the same books give the same day.
        negatives: How amounts below zero are shown.
        days: Format of days.
        warning: What stands in the head of each printed page beside the period.
        paging: The foot of a page, with ``{page}`` and ``{pages}``.
    """

    title: str
    period: str
    sheets: tuple[Sheet, ...]
    decimals: int
    dated: datetime.date
    negatives: Negatives = "red"
    days: str = "yyyy-mm-dd"
    warning: str = "not audited"
    paging: str = "Page {page} of {pages}"

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by its name."""
        return next(sheet for sheet in self.sheets if sheet.name == name)


class Writer(Protocol):
    """Puts a workbook into a file."""

    def __call__(
        self, workbook: Workbook, path: Path, *, force: bool = False
    ) -> object:
        """Write the file at once or not at all; keep an old one without `force`."""


# --- cells of one kind ----------------------------------------------------------------


def text(content: str, form: Form = "text") -> Cell:
    """Return a cell with a text."""
    return Cell(content, form)


def fact(content: Decimal | str, form: Form, name: str = "") -> Cell:
    """Return a cell with a figure from the books."""
    return Cell(content, form, "fact", name)


def live(formula: str, value: Decimal | str, form: Form, name: str = "") -> Cell:
    """Return a cell with a formula and its value."""
    return Cell(Formula(formula, value), form, "plain", name)


def summed(formula: str, value: Decimal | str, form: Form, name: str = "") -> Cell:
    """Return a cell of a row of totals."""
    return Cell(Formula(formula, value), form, "total", name)
