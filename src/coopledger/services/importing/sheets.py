"""A sheet as rows of plain cells, wherever it comes from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from coopledger.errors import CoopledgerError

Plain = str | Decimal | datetime.date | bool | None

#: The day before the first one that most spreadsheets count.
EPOCH = datetime.date(1899, 12, 30)


class UnreadableFileError(CoopledgerError):
    """A file holds no sheet that could be read."""

    def __init__(self, path: str, why: str) -> None:
        """Say why, and what to save it as."""
        super().__init__(
            f"{path} cannot be read: {why}. Nothing was imported; save it as an Excel "
            "workbook (.xlsx) or as CSV in UTF-8."
        )


class Cell(NamedTuple):
    """A cell: its value; or why it has none that could be taken, and what to do."""

    value: Plain = None
    trouble: str = ""
    fix: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all stands in it."""
        is_empty = isinstance(self.value, str) and not self.value.strip()
        return not self.trouble and (self.value is None or is_empty)


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; the first row has number 1.

    Attributes:
        name: Its name; of a text file, that of the file.
        rows: The rows, blank ones included.
        epoch: The day from which numbers count as days.
        form: How it was written, for people.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    epoch: datetime.date = EPOCH
    form: str = "workbook"

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; rows and columns that are shorter end in blanks.

        Args:
            row: Number of the row, from 1.
            column: Number of the column, from 0.
        """
        cells = self.rows[row - 1]
        return cells[column] if column < len(cells) else BLANK


def letter_of(column: int) -> str:
    """Return what spreadsheets call a column, counted from 0."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
