"""Which rows and columns of a sheet are facts: headings found and recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.services.importing.sheets import letter_of
from coopledger.services.importing.words import KINDS
from coopledger.services.importing.words import LANGUAGES
from coopledger.services.importing.words import called
from coopledger.services.importing.words import compared
from coopledger.services.importing.words import fields_of
from coopledger.services.importing.words import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.services.importing.sheets import Sheet
    from coopledger.services.importing.words import Kind

#: Headings stand in one of the first rows.
_FIRST_ROWS = 30

#: What a column is mapped to so that it is not read.
NOTHING = "-"

_YEAR = re.compile(r"(?:19|20)\d\d")


class HeadingsUnknownError(CoopledgerError):
    """No row of a file has the headings that are needed."""

    def __init__(self, where: str, seen: str, missing: Iterable[str] = ()) -> None:
        """Say what was recognised, what is missing, and how to map it."""
        listed = ", ".join(f"'{name}'" for name in missing)
        lacking = f", and nothing says which column is {listed}" if listed else ""
        super().__init__(
            f"{where}: {seen}{lacking}. Nothing was imported; name the column with "
            "--map COLUMN=FIELD, or take a sheet that 'coopledger template' writes."
        )


class ColumnUnknownError(CoopledgerError):
    """A column was mapped that is not there."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Offer the nearest."""
        near = offer_nearest(name, known)
        super().__init__(f"--map: there is no column '{name}'{near}")


class FieldUnknownError(CoopledgerError):
    """A column was mapped to what no column can be."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Offer the nearest."""
        near = offer_nearest(name, known)
        super().__init__(f"--map: no column can be '{name}'{near}")


class ColumnsAlikeError(CoopledgerError):
    """Several columns could be one and the same."""

    def __init__(self, heading: str, where: str) -> None:
        """Name the columns and the way out."""
        super().__init__(
            f"Columns {where} are both called '{heading}', and one of them is meant. "
            "Say --map LETTER=FIELD for it."
        )


class SheetUnclearError(CoopledgerError):
    """Several sheets of a file could be meant."""

    def __init__(self, found: Iterable[str]) -> None:
        """List them and name the option."""
        listed = ", ".join(f"'{one}'" for one in found)
        super().__init__(
            f"Several sheets could be meant: {listed}. Say which with --sheet NAME."
        )


class KindUnclearError(CoopledgerError):
    """A sheet could be of several kinds."""

    def __init__(self, found: Iterable[str]) -> None:
        """List them and name the option."""
        listed = " or ".join(found)
        super().__init__(f"The sheet could be {listed}. Say which with --kind KIND.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read.

    Attributes:
        index: Its number, from 0.
        heading: What stands above it.
        component: The component that it is of, where the heading says so.
        year: The year that it is of, where the heading says so.
    """

    index: int
    heading: str
    component: str = ""
    year: int | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{letter_of(self.index)} '{self.heading}'"


@dataclass(frozen=True, slots=True)
class Table:
    """The part of a sheet that is read.

    Attributes:
        sheet: The sheet.
        kind: What its rows are.
        heading: Number of the row of headings.
        columns: The column of each field.
        amounts: Columns that each hold an amount of a component or year of their own.
        unread: Headings of the other columns.
        language: The language of most headings.
    """

    sheet: Sheet
    kind: Kind
    heading: int
    columns: Mapping[str, Column]
    amounts: tuple[Column, ...] = ()
    unread: tuple[str, ...] = ()
    language: str = "en"

    @property
    def known(self) -> int:
        """How many columns are recognised."""
        return len(self.columns) + len(self.amounts)

    @property
    def missing(self) -> list[str]:
        """The fields that no column is, and that every sheet has."""
        apart = {"component", "amount"} if self.amounts else set()
        return [
            one.name
            for one in fields_of(self.kind).values()
            if (one.is_needed or one.form == "member")
            and one.name not in {*self.columns, *apart}
        ]

    def rows(self) -> Iterator[int]:
        """Return the numbers of the rows below the headings that have anything."""
        indices = [one.index for one in (*self.columns.values(), *self.amounts)]
        for row in range(self.heading + 1, len(self.sheet.rows) + 1):
            if not all(self.sheet.cell(row, index).is_blank for index in indices):
                yield row

    def is_total(self, row: int) -> bool:
        """Say whether a row adds the others up."""
        first = next((c for c in self.sheet.rows[row - 1] if not c.is_blank), None)
        value = first.value if first else None
        return isinstance(value, str) and compared(value) in totals()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said of the columns.

    Attributes:
        kind: The kind of facts; None to recognise it.
        columns: Field by heading or letter of the column.
        component: The component of all amounts, where no column says it; or "".
    """

    kind: Kind | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    component: str = ""


def known_columns(sheet: Sheet) -> int:
    """Return how many columns of a sheet are recognised at most."""
    found = (table.known for kind in KINDS for table in _tables(sheet, kind, Wanted()))
    return max(found, default=0)


def find_table(sheets: Sequence[Sheet], wanted: Wanted, where: str) -> Table:
    """Find the table of facts in a file.

    Raises:
        HeadingsUnknownError: There is none.
        SheetUnclearError: There are several.
        KindUnclearError: It could be of several kinds.
        ColumnUnknownError: A column that was mapped is not there.
        FieldUnknownError: A column was mapped to what none can be.
        ColumnsAlikeError: Two columns could be one field.
    """
    kinds = (wanted.kind,) if wanted.kind else KINDS
    _refuse_unknown_fields(kinds, wanted)
    tables = [
        t for sheet in sheets for kind in kinds for t in _tables(sheet, kind, wanted)
    ]
    whole = [table for table in tables if not table.missing]
    if not whole:
        raise _nothing(tables, wanted, where)
    best = _best(whole)
    _refuse_unknown_columns(best, wanted)
    _refuse_alike(best, wanted)
    return best


def _tables(sheet: Sheet, kind: Kind, wanted: Wanted) -> list[Table]:
    """Return what each of the first rows would mean as headings."""
    last = min(_FIRST_ROWS, len(sheet.rows))
    found = (_table(sheet, kind, row, wanted) for row in range(1, last + 1))
    return [table for table in found if table.known]


def _table(sheet: Sheet, kind: Kind, row: int, wanted: Wanted) -> Table:
    """Return what a row would mean as headings."""
    headings = _headings(sheet, row)
    told = {index: _told(index, one, wanted) for index, one in headings.items()}
    columns = _columns(kind, headings, told)
    if kind == "members" and "name" not in columns and "member" in columns:
        # A register without ids calls its members by their names.
        columns["name"] = columns.pop("member")
    taken = {one.index for one in columns.values()}
    taken |= {index for index, name in told.items() if name}
    amounts: tuple[Column, ...] = ()
    if kind == "opening-balances" and "amount" not in columns:
        amounts = tuple(_amounts(headings, taken))
    read = {one.index for one in (*columns.values(), *amounts)}
    unread = tuple(one for index, one in headings.items() if index not in read)
    language = _language(kind, columns)
    return Table(sheet, kind, row, columns, amounts, unread, language)


def _columns(
    kind: Kind, headings: Mapping[int, str], told: Mapping[int, str]
) -> dict[str, Column]:
    """Return the column of each field: as it was mapped, else the likeliest."""
    fields = fields_of(kind)
    columns = {
        name: Column(index, headings[index])
        for index, name in told.items()
        if name in fields
    }
    taken = {index for index, name in told.items() if name}
    ranked = sorted(
        (rank, index, name)
        for index, heading in headings.items()
        for name, rank in _ranks(kind, heading)
    )
    for _, index, name in ranked:
        if name not in columns and index not in taken:
            columns[name] = Column(index, headings[index])
            taken.add(index)
    return dict(sorted(columns.items(), key=lambda one: one[1].index))


def _headings(sheet: Sheet, row: int) -> dict[int, str]:
    found = {}
    for index, cell in enumerate(sheet.rows[row - 1]):
        if not cell.is_blank and not cell.trouble:
            found[index] = " ".join(str(cell.value).split())
    return found


def _told(index: int, heading: str, wanted: Wanted) -> str:
    """Return the field that a column was mapped to, or ""."""
    for name, of in wanted.columns.items():
        if compared(name) == compared(heading):
            return of
    return wanted.columns.get(letter_of(index), "")


def _ranks(kind: Kind, heading: str) -> Iterator[tuple[str, int]]:
    """Return the fields that a heading can be, the likeliest with the lowest rank."""
    wanted = compared(heading)
    for one in fields_of(kind).values():
        for language in LANGUAGES:
            words = [compared(word) for word in one.headings[language]]
            if wanted in words:
                yield one.name, words.index(wanted)


def _amounts(headings: Mapping[int, str], taken: set[int]) -> Iterator[Column]:
    """Return the columns that each hold amounts of their own component or year."""
    components = called("components")
    for index, heading in headings.items():
        year = _YEAR.search(heading)
        rest = compared(_YEAR.sub("", heading))
        if index not in taken and (rest in components or (year and not rest)):
            told = int(year[0]) if year else None
            yield Column(index, heading, components.get(rest, ""), told)


def _language(kind: Kind, columns: Mapping[str, Column]) -> str:
    fields = fields_of(kind)

    def spoken(language: str) -> int:
        return sum(
            compared(column.heading) in map(compared, fields[name].headings[language])
            for name, column in columns.items()
        )

    return max(LANGUAGES, key=spoken)


def _best(tables: Sequence[Table]) -> Table:
    """Return the table with most columns; the first of several in one sheet."""
    most = max(table.known for table in tables)
    best = [table for table in tables if table.known == most]
    names = list(dict.fromkeys(table.sheet.name for table in best))
    if len(names) > 1:
        raise SheetUnclearError(names)
    kinds = list(dict.fromkeys(table.kind for table in best))
    if len(kinds) > 1:
        raise KindUnclearError(kinds)
    return best[0]


def _nothing(
    tables: Sequence[Table], wanted: Wanted, where: str
) -> HeadingsUnknownError:
    nearest = max(
        tables, key=lambda table: (table.known, -len(table.missing)), default=None
    )
    if nearest is None:
        kinds = [wanted.kind] if wanted.kind else KINDS
        listed = " or ".join([*filter(None, [", ".join(kinds[:-1])]), kinds[-1]])
        seen = f"its first {_FIRST_ROWS} rows have no heading of {listed}"
        return HeadingsUnknownError(where, seen)
    known = ", ".join(f"'{one.heading}'" for one in nearest.columns.values())
    seen = f"row {nearest.heading} looks like the headings of {nearest.kind} ({known})"
    return HeadingsUnknownError(where, seen, nearest.missing)


def _refuse_unknown_fields(kinds: Iterable[Kind], wanted: Wanted) -> None:
    known = {name for kind in kinds for name in fields_of(kind)}
    for name in wanted.columns.values():
        if name not in known and name != NOTHING:
            raise FieldUnknownError(name, known)


def _refuse_unknown_columns(table: Table, wanted: Wanted) -> None:
    headings = _headings(table.sheet, table.heading)
    known = {compared(one) for one in headings.values()} | set(map(letter_of, headings))
    for name, of in wanted.columns.items():
        if compared(name) not in known and name not in known:
            raise ColumnUnknownError(name, headings.values())
        if of != NOTHING and of not in fields_of(table.kind):
            raise FieldUnknownError(of, fields_of(table.kind))


def _refuse_alike(table: Table, wanted: Wanted) -> None:
    """Refuse headings that stand twice, where one of them is read."""
    headings = _headings(table.sheet, table.heading)
    for column in table.columns.values():
        if _told(column.index, column.heading, wanted):
            continue
        alike = [
            i for i, h in headings.items() if compared(h) == compared(column.heading)
        ]
        if len(alike) > 1:
            where = " and ".join(map(letter_of, alike))
            raise ColumnsAlikeError(column.heading, where)
