"""What came of queries as sheets: typed cells, one column a property."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.journal.querying import parted
from coopledger.journal.querying import plain
from coopledger.phrases import Phrase
from coopledger.services.asking import SHIPPED
from coopledger.services.asking import answer_to
from coopledger.services.asking import queries_for
from coopledger.services.exporting.description import NAME_LENGTH
from coopledger.services.exporting.description import NOT_IN_NAMES
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Workbook
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.drafting import Draft
from coopledger.services.exporting.saying import said
from coopledger.services.exporting.wishing import QUERIES
from coopledger.services.exporting.wishing import sheet_id
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.journal.loading import Book
    from coopledger.journal.querying import Answer
    from coopledger.services.asking import Query
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.subject import Subject

#: What parts two sheets of one name.
_NUMBERED = " ({number})"
#: Columns are no wider than this, in letters.
_WIDEST = 60


def own_sheets(subject: Subject, others: Iterable[Sheet]) -> Iterator[Sheet]:
    """Make a sheet of every query that the book's own people put beside it.

    Args:
        subject: The book and its year.
        others: The sheets that the workbook has already; no two have one name.

    Raises:
        CoopledgerError: A query cannot be read, or cannot be answered.
    """
    book, year = subject.book, subject.fiscal.label
    taken = {sheet.name.lower() for sheet in others}
    for query in queries_for(book.path).values():
        if query.path.parent != SHIPPED:
            sheet = _sheet(query, book, year, subject.wish.language)
            name, number = sheet.name, 1
            while name.lower() in taken:
                number += 1
                behind = _NUMBERED.format(number=number)
                name = f"{sheet.name[: NAME_LENGTH - len(behind)]}{behind}"
            taken.add(name.lower())
            yield replace(sheet, name=name)


def sheet_of(
    query: Query, answer: Answer, subtitle: str, decimals: int, language: str = ""
) -> Sheet:
    """Make a sheet of what came of a query: typed cells, one column a property.

    Args:
        query: The query.
        answer: What came of it.
        subtitle: Whose book it was asked, and for when.
        decimals: Decimals of the currency.
        language: Of the title, such as ``es``.
    """
    found = parted(answer)
    draft = Draft(_sheet_name(query.title(language)), query.purpose(language), fixed=1)
    notes = [query.purpose(language)] if query.purpose(language) else []
    draft.begin(query.title(language), subtitle, *notes)
    heads = [query.head(name, language) for name in found.names]
    columns = [
        Column(str(number), head, _width(head, [row[number] for row in found.rows]))
        for number, head in enumerate(heads)
    ]
    draft.table(
        f"query_{re.sub(r'[^a-zA-Z0-9]', '_', query.name)}",
        Columns.of(*columns),
        found.rows,
        lambda row, _: {
            str(number): _cell(value, decimals) for number, value in enumerate(row)
        },
        filtered=True,
        is_long=True,
    )
    return draft.done


def workbook_of(query: Query, book: Book, year: int | None, language: str) -> Workbook:
    """Describe what came of one query as a workbook.

    Raises:
        CoopledgerError: As for `answer_to`.
    """
    workbook = Workbook(
        title=book.title,
        period=_period(query, book, year),
        sheets=(_sheet(query, book, year, language),),
        decimals=_decimals(book),
        dated=book.case.books.last,
    )
    return said(workbook, wording_of(language))


def _sheet(query: Query, book: Book, year: int | None, language: str) -> Sheet:
    period = wording_of(language)(_period(query, book, year))
    answer = answer_to(query, book, year)
    subtitle = f"{book.title} · {period}"
    sheet = sheet_of(query, answer, subtitle, _decimals(book), language)
    return replace(sheet, id=sheet_id(QUERIES))


def _period(query: Query, book: Book, year: int | None) -> Phrase:
    if query.needs_year and year is not None:
        return Phrase("Fiscal year {year}", year=year)
    return Phrase("Until {day}", day=book.case.books.last)


def _decimals(book: Book) -> int:
    return -int(book.case.books.unit.as_tuple().exponent)


def _sheet_name(title: str) -> str:
    """Return a title as the name of a sheet, which takes fewer signs."""
    allowed = NOT_IN_NAMES.sub(" ", title).strip(" '")
    return allowed[:NAME_LENGTH].strip(" '") or QUERIES


def _cell(value: Any, decimals: int) -> Cell:
    if value is None:
        return Cell()
    if isinstance(value, Decimal):
        is_money = -int(value.as_tuple().exponent) <= decimals
        return Cell(value, "money" if is_money else "quantity")
    if isinstance(value, date):
        return Cell(value, "date")
    if isinstance(value, int) and not isinstance(value, bool):
        # Most whole numbers of queries are years, in which nothing parts thousands.
        return Cell(Decimal(value), "number")
    return text(_as_text(value))


def _as_text(value: Any) -> str:
    shown = plain(value)
    return ", ".join(shown) if isinstance(shown, list) else str(shown)


def _width(name: str, values: Sequence[Any]) -> int:
    longest = max([len(name), *(len(_as_text(value)) for value in values)])
    return min(longest + 4, _WIDEST)
