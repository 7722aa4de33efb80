"""A book as tidy pandas frames, for notebooks: one row a fact, one column a property.

>>> from coopledger import frames
>>> book = frames.load("ledger/green-team")
>>> capital = frames.capital(book)
>>> capital.groupby("member")["amount"].sum()  # doctest: +SKIP

Amounts and quantities are exact `Decimal` in columns of type ``object``, shares exact
fractions: sums of them are exact too.  Days are ``datetime64[s]``; years are
``Int64``, so that one can be missing; texts and identifiers are ``str``.  `COLUMNS` has
what every column is.  A frame has its columns and types even where it has no rows.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import pandas as pd

from coopledger.journal.loading import load_sound_book
from coopledger.law.weighing import counting_of
from coopledger.law.weighing import weights_of
from coopledger.services.distributing import distribution_of
from coopledger.services.distributing import outlines_of
from coopledger.services.stating import in_words
from coopledger.services.stating import last_day
from coopledger.services.stating import members_on

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.journal.loading import Book
    from coopledger.services.distributing import Distribution

__all__ = [
    "COLUMNS",
    "appropriation",
    "capital",
    "load",
    "members",
    "patronage",
    "transfers",
]

TEXT, DAY, YEAR, EXACT, YES = "str", "datetime64[s]", "Int64", "object", "bool"


class Column(NamedTuple):
    """A column of a frame: its pandas type, and what stands in it."""

    dtype: str
    meaning: str


#: Every column, frame by frame, in its order.
COLUMNS: dict[str, dict[str, Column]] = {
    "members": {
        "member": Column(TEXT, "id"),
        "name": Column(TEXT, "latest known name, or the id"),
        "class": Column(TEXT, "class of members on the day, or empty"),
        "status": Column(TEXT, "applicant, member, paused, left or deceased"),
        "joined": Column(DAY, "first day of the membership"),
        "left": Column(DAY, "last day of it, missing while it lasts"),
        "capital": Column(EXACT, "the member's capital at the end of the day"),
    },
    "capital": {
        "date": Column(DAY, "day of the transaction"),
        "member": Column(TEXT, "id"),
        "component": Column(TEXT, "component of the capital, by role"),
        "kind": Column(TEXT, "kind of movement"),
        "year": Column(YEAR, "fiscal year that it belongs to, where it is said"),
        "amount": Column(EXACT, "in the book's currency; above zero it adds"),
        "words": Column(TEXT, "what it is, in plain words"),
        "narration": Column(TEXT, "the transaction's own text"),
        "file": Column(TEXT, "where it stands: the file"),
        "line": Column(YEAR, "and the line"),
    },
    "patronage": {
        "year": Column(YEAR, "fiscal year"),
        "member": Column(TEXT, "id"),
        "basis": Column(TEXT, "basis of patronage"),
        "quantity": Column(EXACT, "hours, pay or whatever the basis counts"),
        "share": Column(EXACT, "the member's part of all bases together, a fraction"),
    },
    "appropriation": {
        "year": Column(YEAR, "fiscal year"),
        "state": Column(TEXT, "running, proposed, draft, booked or sealed"),
        "step": Column(TEXT, "id of the step"),
        "title": Column(TEXT, "the step, for people"),
        "role": Column(TEXT, "role that gets it, or bears it"),
        "base": Column(EXACT, "what the rate is applied to"),
        "rate": Column(EXACT, "the rate, missing where there is none"),
        "amount": Column(EXACT, "what the step takes, below zero in a loss"),
        "person": Column(TEXT, "who divides it, or empty for one account"),
        "is_hired": Column(YES, "whether that is a hired worker"),
        "part": Column(EXACT, "that person's part; without a person the amount"),
        "remaining": Column(EXACT, "what is left after the step"),
    },
    "transfers": {
        "id": Column(TEXT, "id that both enterprises' books give it"),
        "date": Column(DAY, "day of the transaction"),
        "peer": Column(TEXT, "the other enterprise"),
        "nature": Column(TEXT, "pool, solidarity, loan ..."),
        "side": Column(TEXT, "gives or receives"),
        "amount": Column(EXACT, "above zero where it is received"),
        "currency": Column(TEXT, "its currency"),
        "year": Column(YEAR, "fiscal year that it is of, where it is said"),
        "fund": Column(TEXT, "the fund, or empty"),
        "file": Column(TEXT, "where it stands: the file"),
        "line": Column(YEAR, "and the line"),
    },
}


def load(path: str | Path) -> Book:
    """Load a co-operative's book.

    Args:
        path: Its top-level file, or the folder that it is in.

    Raises:
        CoopledgerError: There is no book, or it cannot be read to the end.
    """
    return load_sound_book(Path(path))


def members(book: Book, on: datetime.date | None = None) -> pd.DataFrame:
    """Return everybody in the register, with their capital.

    Args:
        book: The book.
        on: As of the end of this day; by default the last one the book speaks of.
    """
    books = book.case.books
    day = on or last_day(books)
    held: dict[str, Any] = {}
    for movement in books.movements():
        if movement.date <= day:
            held[movement.member] = held.get(movement.member, 0) + movement.amount
    nothing = books.unit * 0
    return _frame(
        "members",
        (
            (*one[:4], one.joined, one.left, held.get(one.member, nothing))
            for one in members_on(books, day)
        ),
    )


def capital(book: Book) -> pd.DataFrame:
    """Return every movement of members' capital, in order of date."""
    return _frame(
        "capital",
        (
            (
                one.date,
                one.member,
                one.role,
                one.kind,
                one.year,
                one.amount,
                str(in_words(one)),
                one.text,
                one.origin.file,
                one.origin.line,
            )
            for one in book.case.books.movements()
        ),
    )


def patronage(book: Book) -> pd.DataFrame:
    """Return what members did, by fiscal year and basis, and what it weighs."""
    return _frame("patronage", _patronage(book))


def appropriation(book: Book, year: int | None = None) -> pd.DataFrame:
    """Return how results are distributed, step by step and person by person.

    A step that people divide has a row for each of them, all others have one.

    Args:
        book: The book.
        year: Label of one fiscal year; by default all with any activity that are over.

    Raises:
        CoopledgerError: The book does not reach the year, or a parameter that is
            needed is not to be had.
    """
    over = [one.year for one in outlines_of(book) if one.state != "running"]
    years = over if year is None else [year]
    found = [distribution_of(book, label) for label in years]
    return _frame("appropriation", (row for one in found for row in _steps(one)))


def transfers(book: Book) -> pd.DataFrame:
    """Return what passed between this enterprise and others of its federation."""
    return _frame(
        "transfers",
        (
            (
                one.id,
                one.date,
                one.peer,
                one.nature,
                one.side,
                one.signed,
                one.currency,
                one.year,
                one.fund,
                one.origin.file,
                one.origin.line,
            )
            for one in book.case.books.transfers
        ),
    )


def _patronage(book: Book) -> Iterator[tuple[Any, ...]]:
    case = book.case
    for label, figures in case.books.years.items() if case.policy.policies else ():
        counts = counting_of(case.books, case.policy, figures, "patronage")
        weights = weights_of(counts).numbers
        whole = sum(weights.values())
        for (basis, member), activity in figures.activity.items():
            part = Fraction(weights.get(member, 0), whole) if whole else None
            yield label, member, basis, activity.total, part


def _steps(found: Distribution) -> Iterator[tuple[Any, ...]]:
    label = found.figures.fiscal.label
    for one in found.appropriation.steps:
        step = one.step
        about = (label, found.state, step.id, step.title, step.role)
        figures = (one.base, one.rate, one.amount)
        people = [(name, False, part) for name, part in one.parts.items()]
        people += [(name, True, part) for name, part in one.hired.items()]
        for person in people or [("", False, one.amount)]:
            yield (*about, *figures, *person, one.remaining)


def _frame(name: str, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    columns = COLUMNS[name]
    return pd.DataFrame(
        {
            column: pd.Series(list(values), dtype=kind.dtype)
            for (column, kind), values in zip(
                columns.items(), _across(rows, len(columns)), strict=True
            )
        }
    )


def _across(rows: Iterable[tuple[Any, ...]], width: int) -> Iterable[Any]:
    """Return the columns of rows, also where there are none."""
    return list(zip(*rows, strict=True)) or [()] * width
