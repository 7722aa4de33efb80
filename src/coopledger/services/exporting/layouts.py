"""How a workbook is laid out, read from a file that a treasurer may edit.

It says which sheets there are and in which order, what they are called in each
language, and which columns their tables show, how wide and how.  A sheet or a column
that is not named is hidden where formulas need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING
from typing import Literal

from pydantic import Field

from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.law.strictly import Strict
from coopledger.law.strictly import read_strictly
from coopledger.services.exporting.description import NAME_LENGTH
from coopledger.services.exporting.description import NOT_IN_NAMES
from coopledger.services.exporting.description import Negatives

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from coopledger.services.exporting.description import Form

#: Name of a book's own file, beside its main file.
OWN_FILE = "workbook.toml"

#: How a column of figures may be shown.
_Figure = Literal["money", "whole", "number", "quantity", "rate"]

#: How long a name may be: several sheets of one kind get a number behind it.
_LONGEST = NAME_LENGTH - 3

#: Formats of days: letters that stand for parts of a day, and what may be between.
_DATE = re.compile(r"[ymd.\-/ ]+")


class LayoutUnreadableError(CoopledgerError):
    """A file of sheets is not as it should be."""

    def __init__(self, path: str, problems: Collection[str]) -> None:
        """Name the file and everything that is wrong in it."""
        listed = "; ".join(problems)
        stop = "" if listed.endswith((".", "?")) else "."
        super().__init__(
            f"{path} cannot be used for the workbook: {listed}{stop} "
            "Correct the file; docs/workbook.md shows its form."
        )


# --- the file -------------------------------------------------------------------------


class _RawTable(Strict):
    columns: list[str] = Field(default_factory=list)
    widths: dict[str, int] = Field(default_factory=dict)
    formats: dict[str, _Figure] = Field(default_factory=dict)
    titles: dict[str, dict[str, str]] = Field(default_factory=dict)


class _RawSheet(Strict):
    id: str
    title: dict[str, str] = Field(default_factory=dict)
    table: dict[str, _RawTable] = Field(default_factory=dict)


class _RawFormats(Strict):
    date: str = "yyyy-mm-dd"
    negatives: Negatives = "red"


class _RawLayout(Strict):
    formats: _RawFormats = _RawFormats()
    sheet: list[_RawSheet] = Field(min_length=1)


# --- what it says ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Which columns a table shows.

    Attributes:
        columns: Keys of the columns that are shown, in order; none for all.
        widths: Width by column, in characters.
        forms: How figures are shown, by column.
        titles: Titles of columns, by language.
    """

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def named(self) -> set[str]:
        """Every column that it says anything of."""
        own = {key for titles in self.titles.values() for key in titles}
        return own | {*self.columns} | self.widths.keys() | self.forms.keys()


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet: its names by language, and its tables."""

    titles: Mapping[str, str]
    tables: Mapping[str, TableLayout]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a workbook is laid out.

    Attributes:
        path: The file, for messages.
        sheets: The sheets that are shown, by id, in order.
        names: What all sheets are called, by id and language, those not shown too.
        date: Format of days.
        negatives: How amounts below zero are shown.
    """

    path: str
    sheets: Mapping[str, SheetLayout]
    names: Mapping[str, Mapping[str, str]]
    date: str
    negatives: Negatives

    def shows(self, sheet: str) -> bool:
        """Say whether a sheet is shown."""
        return sheet in self.sheets

    def table(self, sheet: str, name: str) -> TableLayout:
        """Return what the file says of a table."""
        known = self.sheets.get(sheet)
        return (known and known.tables.get(name)) or TableLayout()

    def own_tables(self, sheet: str) -> Collection[str]:
        """Return the tables that the program's own layout names of a sheet.

        A year need not have each of them.
        """
        return default_layout().sheets[sheet].tables

    def refuse_unknown(
        self, what: str, names: set[str], known: Collection[str]
    ) -> None:
        """Refuse names that there are not.

        Raises:
            LayoutUnreadableError: With each of them, and the nearest that there is.
        """
        problems = [
            f"there is no {what} '{name}'{offer_nearest(name, known)}"
            for name in sorted(names.difference(known))
        ]
        if problems:
            raise LayoutUnreadableError(self.path, problems)


@cache
def default_layout() -> Layout:
    """Return the layout that comes with the program."""
    raw = _read(_default(), OWN_FILE)
    return _layout(OWN_FILE, raw, raw)


def _default() -> bytes:
    folder = resources.files("coopledger.services.exporting")
    return folder.joinpath(OWN_FILE).read_bytes()


def layout_for(main: Path, given: Path | None = None) -> Layout:
    """Return the layout for a book: a given one, the book's own, or the default.

    Args:
        main: The book's top-level file.
        given: A file that was asked for.

    Raises:
        LayoutUnreadableError: The file cannot be used, with all that is wrong in it.
    """
    own = main.parent / OWN_FILE
    path = given or (own if own.is_file() else None)
    return read_layout(path) if path else default_layout()


def read_layout(path: Path) -> Layout:
    """Read a file.

    Raises:
        LayoutUnreadableError: It cannot be used, with all that is wrong in it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise LayoutUnreadableError(str(path), [why]) from None
    return _layout(str(path), _read(data, str(path)), _read(_default(), OWN_FILE))


def _read(data: bytes, path: str) -> _RawLayout:
    return read_strictly(data, _RawLayout, partial(LayoutUnreadableError, path))


def _layout(path: str, raw: _RawLayout, default: _RawLayout) -> Layout:
    given = {one.id: one for one in default.sheet}
    problems = [*_problems(raw, given)]
    names = {
        id_: {**one.title, **next((o.title for o in raw.sheet if o.id == id_), {})}
        for id_, one in given.items()
    }
    problems += _clashes(names)
    if problems:
        raise LayoutUnreadableError(path, problems)
    sheets = {
        one.id: SheetLayout(names[one.id], _tables(given[one.id].table | one.table))
        for one in raw.sheet
    }
    return Layout(path, sheets, names, raw.formats.date, raw.formats.negatives)


def _tables(raw: Mapping[str, _RawTable]) -> dict[str, TableLayout]:
    return {
        name: TableLayout(tuple(one.columns), one.widths, one.formats, one.titles)
        for name, one in raw.items()
    }


# --- what can be wrong in it ----------------------------------------------------------


def _problems(raw: _RawLayout, given: Mapping[str, _RawSheet]) -> Iterator[str]:
    seen: set[str] = set()
    for one in raw.sheet:
        if one.id in seen:
            yield f"sheet '{one.id}' stands there twice"
        elif one.id not in given:
            yield f"there is no sheet '{one.id}'{offer_nearest(one.id, given)}"
        seen.add(one.id)
        for table, columns in one.table.items():
            yield from _of_table(f"{one.id}.{table}", columns)
        for title in one.title.values():
            if not 0 < len(title) <= _LONGEST or NOT_IN_NAMES.search(title):
                yield (
                    f"'{title}' can be no sheet's name: it has to have 1 to {_LONGEST} "
                    "characters, none of them [ ] : * ? / \\ and no ' at either end"
                )
    if not _DATE.fullmatch(raw.formats.date):
        yield f"'{raw.formats.date}' is no format of days: yyyy-mm-dd is one"


def _of_table(where: str, table: _RawTable) -> Iterator[str]:
    for key in sorted({k for k in table.columns if table.columns.count(k) > 1}):
        yield f"{where}: column '{key}' stands there twice"
    for key, width in table.widths.items():
        if not 1 <= width <= 255:
            yield f"{where}: column '{key}' is 1 to 255 characters wide, not {width}"


def _clashes(names: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Find sheets of one name in one language; capitals make no difference."""
    seen: dict[tuple[str, str], str] = {}
    for id_, titles in names.items():
        for language, title in titles.items():
            other = seen.setdefault((language, title.casefold()), id_)
            if other != id_:
                yield f"sheets '{other}' and '{id_}' are both called '{title}'"
