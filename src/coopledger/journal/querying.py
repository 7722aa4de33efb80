"""Our tables for BQL: ``#members``, ``#capital`` and ``#patronage``.

They are registered when the plugin is imported, so that Fava's query page and
``coopledger query`` have them.  Each follows Fava's filters as far as its rows have a
date: capital movements of transactions that are filtered out are left out.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import beanquery
from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.inventory import Inventory
from beancount.core.position import Position
from beanquery import tables
from beanquery.query_render import render_text
from beanquery.sources import beancount as source

from coopledger.domain.delimited import harmless
from coopledger.errors import CoopledgerError
from coopledger.journal.asking import TWO_QUESTIONS
from coopledger.journal.asking import WRONG_QUESTION
from coopledger.journal.asking import asks_twice
from coopledger.journal.reading import read_books
from coopledger.law.case import Case
from coopledger.law.weighing import counting_of
from coopledger.law.weighing import weights_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.journal.loading import Book

#: The latest reading of each book of this process, by its top-level file: filters of
#: Fava take away the directives that say what the accounts mean.
_READINGS: dict[str, Case] = {}


class QueryFailedError(CoopledgerError):
    """A query cannot be answered."""

    def __init__(self, query: str, why: str) -> None:
        """Quote the query and the reason."""
        self.why = why
        super().__init__(f"The query '{query}' cannot be answered: {why}.")


def remember(filename: str, case: Case) -> None:
    """Keep the reading of a whole book for queries on parts of it."""
    _READINGS[filename] = case


def forget(filename: str) -> None:
    """Let go of a reading, in a process that goes on to very many books."""
    _READINGS.pop(filename, None)


class _CoopTable(tables.Table):
    """A table over the cooperative reading of a book; rows are made when asked for."""

    def __init__(
        self, entries: Sequence[data.Directive], options: dict[str, Any]
    ) -> None:
        self.entries = entries
        self.options = options

    @property
    def case(self) -> Case:
        """The whole book, even when the entries are filtered."""
        known = _READINGS.get(str(self.options.get("filename")))
        if known is not None:
            return known
        books, policy, _ = read_books(self.entries, self.options)
        return Case(books, policy)

    def places(self) -> set[tuple[str, int]]:
        """Where the transactions that a filter left stand."""
        return {
            (entry.meta.get("filename", ""), entry.meta.get("lineno", 0))
            for entry in self.entries
            if type(entry) is data.Transaction
        }


def _columns(**types: type) -> dict[str, Any]:
    return {
        name: source.GetItemColumn(index, kind)
        for index, (name, kind) in enumerate(types.items())
    }


class MembersTable(_CoopTable):
    """The register at the date of the last entry."""

    name = "members"
    columns = _columns(
        member=str, name=str, **{"class": str}, status=str, joined=date, left_on=date
    )

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Return a row for everybody known."""
        last = max((entry.date for entry in self.entries), default=date.min)
        for one in self.case.books.register.as_of(last):
            yield (
                one.member,
                one.name,
                one.member_class,
                one.status,
                one.joined,
                one.left,
            )


class CapitalTable(_CoopTable):
    """Every movement of members' capital."""

    name = "capital"
    columns = _columns(
        date=date,
        member=str,
        component=str,
        kind=str,
        amount=Decimal,
        year=int,
        narration=str,
    )

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Return a row for each movement among the entries."""
        places = self.places()
        for booking, movement in self.case.books.booked_movements():
            if (booking.origin.file, booking.origin.line) in places:
                yield (
                    movement.date,
                    movement.member,
                    movement.role,
                    movement.kind,
                    movement.amount,
                    movement.year,
                    movement.text,
                )


class PatronageTable(_CoopTable):
    """Patronage by fiscal year and member: quantity by basis, and weight."""

    name = "patronage"
    columns = _columns(
        year=int, member=str, basis=str, quantity=Decimal, weight=Decimal
    )

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Return a row for each year, basis and member."""
        case = self.case
        for label, figures in case.books.years.items():
            if not case.policy.policies:
                return
            weights = weights_of(
                counting_of(case.books, case.policy, figures, "patronage")
            )
            for (basis, member), activity in figures.activity.items():
                weight = weights.get(member)
                yield (
                    label,
                    member,
                    basis,
                    activity.total,
                    Decimal(weight.numerator) / weight.denominator if weight else None,
                )


_TABLES = (MembersTable, CapitalTable, PatronageTable)


def register_tables() -> None:
    """Make our tables known to beanquery, once."""
    # There is no public way; beanquery's own tables stand in this very list.
    known: list[type[tables.Table]] = source._TABLES  # type: ignore[assignment]  # noqa: SLF001
    known.extend(table for table in _TABLES if table not in known)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query.

    Attributes:
        names: The columns' names.
        rows: The rows, in beanquery's own values.
        text: The same as text, in columns.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    text: str


def run_query(
    book: Book, query: str, given: Mapping[str, date | int | str] | None = None
) -> Answer:
    """Run one BQL query.

    Args:
        book: The book.
        query: The query; our tables are ``#members``, ``#capital``, ``#patronage``.
        given: What stands for ``%(name)s`` in it, by name.

    Raises:
        QueryFailedError: The query is wrong.
    """
    if asks_twice(query):
        raise QueryFailedError(query, TWO_QUESTIONS)
    register_tables()
    remember(str(book.options["filename"]), book.case)
    connection = beanquery.connect(
        "beancount:", entries=book.entries, errors=[], options=book.options
    )
    try:
        cursor = connection.execute(query, dict(given or {}))
        rows = tuple(tuple(row) for row in cursor.fetchall())
    except WRONG_QUESTION as error:
        why = str(error) if query.strip() else "it is empty"
        raise QueryFailedError(query, why) from None
    text = io.StringIO()
    render_text(cursor.description, rows, book.options["dcontext"], text, narrow=False)
    names = tuple(column.name for column in cursor.description)
    return Answer(names, rows, text.getvalue())


def parted(answer: Answer) -> Answer:
    """Part what has a currency into its numbers, one column for each currency.

    Spreadsheets know numbers and no amounts.  What is held at a cost stays text.
    """
    names: list[str] = []
    columns: list[Sequence[Any]] = []
    for name, values in zip(answer.names, _across(answer), strict=True):
        found = [_numbers(value) for value in values]
        currencies = sorted({one for own in found if own for one in own})
        if None in found or not currencies:
            names.append(name)
            columns.append(values)
        for currency in () if None in found else currencies:
            names.append(f"{name} {currency}")
            columns.append([own.get(currency) if own else None for own in found])
    return Answer(tuple(names), tuple(zip(*columns, strict=True)), answer.text)


def _across(answer: Answer) -> Sequence[Sequence[Any]]:
    return list(zip(*answer.rows, strict=True)) or [()] * len(answer.names)


def _numbers(value: object) -> dict[str, Decimal] | None:
    """Return a value's numbers by currency; None where it is none that has them."""
    if value is None:
        return {}
    if isinstance(value, Amount):
        return {value.currency: value.number} if value.number is not None else {}
    if isinstance(value, Position):
        return None if value.cost else _numbers(value.units)
    if not isinstance(value, Inventory) or any(one.cost for one in value):
        return None
    return {one.units.currency: one.units.number for one in value}


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write a result as CSV, in which no text becomes a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    shown = plain(value)
    if isinstance(shown, list):
        shown = ", ".join(shown)
    return harmless(value) if isinstance(value, str) else shown


def plain(value: object) -> int | str | list[str] | None:
    """Return a value of a result as JSON knows it: amounts as text, sets in order."""
    if isinstance(value, set | frozenset | list | tuple) and not hasattr(
        value, "_fields"
    ):
        return sorted(str(one) for one in value)
    return value if isinstance(value, int | None) else str(value)
