"""Queries that are kept: a file each, with its title and what it is for.

The first lines of a file are comments.  The first one is the title, the others say what
the query is for; a line that begins with a language, such as ``es:``, says the same in
that language.  A line that begins with ``columns:`` says what columns are called, with
commas between: ``paid = Paid in the month``.  ``%(year)s``, ``%(start)s`` and
``%(end)s`` stand for the fiscal year, ``%(income)s`` and so on for what the book calls
its root accounts.

Those that ship lie beside this module; a treasurer's own lie in ``reports/queries`` of
a folder above the book, and one of the same name comes before one that ships.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import YearUnknownError
from coopledger.journal.querying import QueryFailedError
from coopledger.journal.querying import run_query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from coopledger.journal.loading import Book
    from coopledger.journal.querying import Answer

#: Where the queries lie that ship.
SHIPPED = Path(__file__).parent / "queries"
#: Where a treasurer's own lie, seen from a folder above the book.
OWN = Path("reports") / "queries"

_COMMENT = re.compile(r"^;[ \t]*(?:(?P<language>[a-z]{2}):[ \t]+)?(?P<words>.*)$")
_COLUMNS = "columns:"
_PERIOD = re.compile(r"%\((?:year|start|end)\)s")


class QueryUnknownError(CoopledgerError):
    """No query of that name is kept."""

    def __init__(self, name: str, known: Iterable[str], folder: Path) -> None:
        """Name those that there are, and where to put others."""
        super().__init__(
            f"No query is called '{name}'. There are: {', '.join(sorted(known))}. Put "
            f"others into {folder}, a file NAME.bql each."
        )


class QueryUntitledError(CoopledgerError):
    """A query's file does not say what it is."""

    def __init__(self, path: Path) -> None:
        """Say how it should begin."""
        super().__init__(
            f"{path} does not say what it is, and its sheet could not be found again. "
            "Begin it with a line '; TITLE', and lines on what it is for."
        )


class KeptQueryFailedError(CoopledgerError):
    """A query that is kept cannot be answered."""

    def __init__(self, path: Path, why: str) -> None:
        """Name its file and the reason."""
        super().__init__(
            f"{path} cannot be answered, and nothing was done: {why}. Correct the "
            "query; docs/queries.md tells what one may use."
        )


class YearNeededError(CoopledgerError):
    """A query is about a year, and none was given."""

    def __init__(self, name: str) -> None:
        """Say what to add."""
        super().__init__(
            f"The query '{name}' is about a fiscal year, and none was given. Add "
            "--year YEAR."
        )


@dataclass(frozen=True, slots=True)
class Query:
    """A query that is kept.

    Attributes:
        name: Its name, that of its file.
        path: The file.
        titles: Its title by language; "" is that of the file.
        purposes: What it is for, in the same way.
        bql: What it asks.
        heads: What its columns are called, in the same way, by their name in the query.
    """

    name: str
    path: Path
    titles: dict[str, str]
    purposes: dict[str, str]
    bql: str
    heads: dict[str, dict[str, str]]

    @property
    def needs_year(self) -> bool:
        """Whether it is about a fiscal year."""
        return bool(_PERIOD.search(self.bql))

    def title(self, language: str = "") -> str:
        """Return the title in a language, or else as it is."""
        return self.titles.get(language) or self.titles[""]

    def purpose(self, language: str = "") -> str:
        """Return what it is for in a language, or else as it is said."""
        return self.purposes.get(language) or self.purposes.get("", "")

    def head(self, column: str, language: str = "") -> str:
        """Return what a column is called; one of amounts has its currency behind it."""
        name, _, currency = column.partition(" ")
        both = (self.heads.get(one, {}).get(name) for one in (language, ""))
        called = next((one for one in both if one), name)
        return f"{called} {currency}".rstrip()


def read_query(path: Path) -> Query:
    """Read a query's file.

    Raises:
        QueryUntitledError: It does not begin with a title.
        CoopledgerError: It is no text.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        message = f"{path} is no text in UTF-8, and cannot be read. Save it as UTF-8."
        raise CoopledgerError(message) from None
    said: dict[str, list[str]] = {}
    while lines and (found := _COMMENT.match(lines[0].strip())):
        said.setdefault(found["language"] or "", []).append(found["words"].strip())
        del lines[0]
    heads = {language: _heads(words) for language, words in said.items()}
    said = {language: _without_heads(words) for language, words in said.items()}
    if not any(said.get("", ())):
        raise QueryUntitledError(path)
    return Query(
        path.stem,
        path,
        {language: words[0] for language, words in said.items() if words},
        {language: " ".join(words[1:]) for language, words in said.items()},
        "\n".join(lines).strip().removesuffix(";"),
        heads,
    )


def _heads(words: list[str]) -> dict[str, str]:
    """Read what columns are called: ``paid = Paid in the month``, commas between."""
    told = (one.removeprefix(_COLUMNS) for one in words if one.startswith(_COLUMNS))
    pairs = (pair.partition("=") for line in told for pair in line.split(","))
    return {name.strip(): called.strip() for name, _, called in pairs if called.strip()}


def _without_heads(words: list[str]) -> list[str]:
    return [one for one in words if not one.startswith(_COLUMNS)]


def own_folder(book: Path) -> Path:
    """Return where the queries of a book's people lie: in the nearest folder above."""
    above = book.resolve().parents
    return next((one / OWN for one in above if (one / OWN).is_dir()), above[0] / OWN)


def queries_for(book: Path) -> dict[str, Query]:
    """Return all queries by name: those that ship, and a book's own before them.

    Args:
        book: The book's top-level file.

    Raises:
        CoopledgerError: One of them cannot be read.
    """
    paths = (*sorted(SHIPPED.glob("*.bql")), *sorted(own_folder(book).glob("*.bql")))
    return {path.stem: read_query(path) for path in paths}


def query_named(name: str, book: Path) -> Query:
    """Return a query by its name.

    Raises:
        QueryUnknownError: There is none.
    """
    known = queries_for(book)
    if name not in known:
        raise QueryUnknownError(name, known, own_folder(book))
    return known[name]


def answer_to(query: Query, book: Book, year: int | None) -> Answer:
    """Ask a book a query.

    Args:
        query: The query.
        book: The book.
        year: The fiscal year that it is about, where it is about one.

    Raises:
        YearNeededError: It is about one, and none was given.
        YearUnknownError: The book does not reach it.
        KeptQueryFailedError: The query is wrong.
    """
    roots = book.chart.roots.items()
    given: dict[str, date | int | str] = {root.lower(): own for root, own in roots}
    if query.needs_year:
        if year is None:
            raise YearNeededError(query.name)
        years = book.case.books.years
        if year not in years:
            raise YearUnknownError(year, years)
        fiscal = years[year].fiscal
        given |= {"year": year, "start": fiscal.start, "end": fiscal.end}
    try:
        return run_query(book, query.bql, given)
    except QueryFailedError as error:
        raise KeptQueryFailedError(query.path, error.why) from None
