"""The rows of a table as typed values, and what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from coopledger.domain.words import seen
from coopledger.errors import offer_nearest
from coopledger.services.importing import values
from coopledger.services.importing.values import UnfitError
from coopledger.services.importing.words import compared
from coopledger.services.importing.words import fields_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.services.importing.sheets import Cell
    from coopledger.services.importing.tables import Column
    from coopledger.services.importing.tables import Table
    from coopledger.services.importing.values import Habits
    from coopledger.services.importing.words import Field

#: How much of a value a message shows.
_SHOWN = 60


CHANGED = "Correct the sheet, or the book by hand; an import changes nothing there."
NO_MEMBER = (
    "is empty",
    "Name the member; where the row adds others up, call it 'Total'.",
)
_EMPTY = ("is empty", "Fill it in, or delete the whole row.")


class Trouble(NamedTuple):
    """What is wrong with a row: where, what, and what to do."""

    row: int
    column: str
    value: str
    found: str
    fix: str

    @property
    def sentence(self) -> str:
        """All of it in words."""
        column = f", column {self.column}" if self.column else ""
        value = f"'{self.value}' " if self.value else "this "
        return f"row {self.row}{column}: {value}{self.found}. {self.fix}"


class Fact(NamedTuple):
    """What a row says: its number, the words of it, and whether the book has it."""

    row: int
    words: tuple[Any, ...]
    is_known: bool


@dataclass(slots=True)
class Outcome:
    """What came of the rows of a table.

    Attributes:
        heads: What the words of a fact are.
        facts: What the rows say.
        troubles: What is wrong with them.
        text: The Beancount text of the facts that the book does not have.
        until: The last day of those.
    """

    heads: tuple[str, ...]
    facts: list[Fact]
    troubles: list[Trouble]
    text: str = ""
    until: datetime.date | None = None

    def sums(self) -> dict[str, Decimal]:
        """Add up what the rows say, each component by itself, to be compared."""
        found: dict[str, Decimal] = {}
        for fact in self.facts:
            words = dict(zip(self.heads, fact.words, strict=True))
            for head, word in words.items():
                if isinstance(word, Decimal):
                    what = str(words.get("component", head))
                    found[what] = found.get(what, Decimal()) + word
        return found


@dataclass(frozen=True, slots=True)
class Record:
    """A row's values, by field; what is blank is not there."""

    row: int
    values: Mapping[str, Any]
    columns: Mapping[str, Column]
    cells: Mapping[str, Cell]

    def get(self, name: str) -> Any:
        """Return the value of a field, or None."""
        return self.values.get(name)

    def trouble(self, name: str, found: str, fix: str) -> Trouble:
        """Return what is wrong with a field of this row."""
        return _trouble(
            self.row, self.columns.get(name), self.cells.get(name), found, fix
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the cells of a table.

    Attributes:
        table: The table.
        habits: How its texts write numbers and days.
        unit: Smallest unit of the currency.
        words: What words mean, by the form of their field.
    """

    table: Table
    habits: Habits
    unit: Decimal
    words: Mapping[str, Mapping[str, str]]

    def records(self) -> tuple[list[Record], list[Trouble], list[int]]:
        """Return the rows that can be read, what is wrong, and rows of totals."""
        records: list[Record] = []
        troubles: list[Trouble] = []
        totals: list[int] = []
        for row in self.table.rows():
            if self.table.is_total(row):
                totals.append(row)
                continue
            for columns in self._columns_of(row):
                record, wrong = self._record(row, columns)
                troubles += wrong
                if not wrong:
                    records.append(record)
        return records, troubles, totals

    def _columns_of(self, row: int) -> Iterator[Mapping[str, Column]]:
        """Return the columns of each fact of a row: it may have several amounts."""
        if not self.table.amounts:
            yield self.table.columns
        for one in self.table.amounts:
            if not self.table.sheet.cell(row, one.index).is_blank:
                yield {**self.table.columns, "amount": one}

    def _record(
        self, row: int, columns: Mapping[str, Column]
    ) -> tuple[Record, list[Trouble]]:
        found: dict[str, Any] = {}
        troubles: list[Trouble] = []
        cells = {n: self.table.sheet.cell(row, c.index) for n, c in columns.items()}
        for name, column in columns.items():
            one, cell = fields_of(self.table.kind)[name], cells[name]
            if cell.is_blank:
                if one.is_needed:
                    said = NO_MEMBER if one.form == "member" else _EMPTY
                    troubles.append(_trouble(row, column, cell, *said))
                continue
            try:
                found[name] = self._value(one, cell)
            except UnfitError as unfit:
                troubles.append(_trouble(row, column, cell, unfit.found, unfit.fix))
        amount = columns.get("amount")
        if amount and amount.component:
            found["component"] = amount.component
        if amount and amount.year:
            found["year"] = amount.year
        return Record(row, found, columns, cells), troubles

    def _value(self, one: Field, cell: Cell) -> Any:
        if cell.trouble:
            raise UnfitError(cell.trouble, cell.fix)
        if one.form in self.words:
            return _word(values.text_in(cell), self.words[one.form])
        readers: dict[str, Callable[[], Any]] = {
            "date": lambda: values.date_in(cell, self.habits),
            "number": lambda: values.number_in(cell, self.habits),
            "amount": lambda: values.amount_in(cell, self.habits, self.unit),
            "year": lambda: values.year_in(cell),
        }
        return readers.get(one.form, lambda: values.text_in(cell))()


def _word(text: str, known: Mapping[str, str]) -> str:
    meaning = known.get(compared(text))
    if meaning is None:
        offer = offer_nearest(text.casefold(), known).removeprefix("; ")
        found = "is none of the words for it"
        raise UnfitError(found, f"Correct it; {offer}")
    return meaning


def habits_of(table: Table, asked: Habits) -> Habits:
    """Return how a table's texts write numbers and days.

    What was asked for holds; otherwise what its own texts tell, and where they tell
    nothing what is usual in the language of its headings.
    """
    spanish = table.language == "es"
    texts = {form: list(_texts(table, form)) for form in ("number", "amount", "date")}
    numbers = texts["number"] + texts["amount"]
    mark = asked.mark or values.mark_told_by(numbers, asked.currency)
    days = asked.days or values.days_told_by(texts["date"])
    return replace(
        asked,
        mark=mark or (values.COMMA if spanish else values.POINT),
        days=days or (values.DAY_FIRST if spanish else ""),
        epoch=table.sheet.epoch,
    )


def _texts(table: Table, form: str) -> Iterator[str]:
    fields = fields_of(table.kind)
    columns = [c for name, c in table.columns.items() if fields[name].form == form]
    columns += table.amounts if form == "amount" else ()
    for row in table.rows():
        for column in columns:
            value = table.sheet.cell(row, column.index).value
            if isinstance(value, str):
                yield value


def _trouble(
    row: int, column: Column | None, cell: Cell | None, found: str, fix: str
) -> Trouble:
    value = cell.value if cell else None
    shown = "" if value is None else seen(str(value).strip())
    if len(shown) > _SHOWN:
        shown = f"{shown[: _SHOWN - 1]}…"
    return Trouble(row, column.label if column else "", shown, found, fix)
