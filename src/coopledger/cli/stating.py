"""``members``, ``capital`` and ``statement``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.journal.loading import load_sound_book
from coopledger.services import shaping
from coopledger.services.stating import capital_of_year
from coopledger.services.stating import last_day
from coopledger.services.stating import members_on
from coopledger.services.stating import statement_of

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from coopledger.domain.books import Books


def names_of(books: Books) -> dict[str, str]:
    """Return the name of every member, by id."""
    return {member: books.register.name(member) for member in books.register.ids}


@click.command()
@book_option
@click.option(
    "--on", type=Day(), default=None, help="The day; default: the book's last."
)
@format_option("text", "json")
def members(book: Path, on: datetime.date | None, form: str) -> None:
    """Show the register of members as of any day.

    \b
    Example: coopledger members --book ledger/freedom-farms --on 2024-12-31
    """
    books = load_sound_book(book).case.books
    day = on or last_day(books)
    listed = members_on(books, day)
    if form == "json":
        rendering.as_json(shapes.members_shape(day, listed))
        return
    rendering.heading(f"{books.title}: register on {day}")
    rendering.table(
        ("member", "name", "class", "status", "joined", "left"),
        [
            (m.member, m.name, m.member_class, m.status, m.joined, m.left)
            for m in listed
        ],
    )


@click.command()
@book_option
@year_option
@format_option("text", "json")
def capital(book: Path, year: int, form: str) -> None:
    """Show every member's capital account over a fiscal year.

    \b
    Example: coopledger capital --book ledger/freedom-farms --year 2024
    """
    books = load_sound_book(book).case.books
    table = capital_of_year(books, year)
    if form == "json":
        rendering.as_json(shapes.capital_shape(year, books.currency, table))
        return
    rendering.heading(
        f"{books.title}: members' capital in {books.currency}, fiscal year {year} "
        f"({table.start} to {table.end})"
    )
    rendering.capital(table, names_of(books))


@click.command()
@click.argument("member")
@book_option
@click.option("--from", "start", type=Day(), default=None, help="First day.")
@click.option("--to", "end", type=Day(), default=None, help="Last day.")
@format_option("text", "json")
def statement(
    member: str,
    book: Path,
    start: datetime.date | None,
    end: datetime.date | None,
    form: str,
) -> None:
    """Show one member's capital account, movement by movement.

    \b
    Example: coopledger statement Odessa --book ledger/freedom-farms
    """
    if start and end and start > end:
        message = f"--from {start} is later than --to {end}"
        raise click.UsageError(message)
    books = load_sound_book(book).case.books
    found = statement_of(books, member, start, end)
    if form == "json":
        rendering.as_json(shaping.statement_shape(books.currency, found))
        return
    rendering.statement(found, books.currency)
