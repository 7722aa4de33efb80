"""``members``, ``capital``, ``statement`` and ``statements``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli import telling
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.cli.progress import bar
from coopledger.journal.loading import load_sound_book
from coopledger.services import shaping
from coopledger.services.stating import capital_of_year
from coopledger.services.stating import last_day
from coopledger.services.stating import members_on
from coopledger.services.stating import statement_of
from coopledger.services.telling import Teller
from coopledger.services.telling import Wishes
from coopledger.services.wording import OWN
from coopledger.services.wording import languages

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from coopledger.domain.books import Books

_F = TypeVar("_F", bound="Callable[..., object]")


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


def period_options(function: _F) -> _F:
    """Add ``--year`` and ``--from``, ``--to``, of which one or the other is used."""
    for option in (
        click.option("--to", "end", type=Day(), default=None, help="Last day."),
        click.option("--from", "start", type=Day(), default=None, help="First day."),
        click.option("--year", type=int, default=None, help="Or a fiscal year."),
    ):
        function = option(function)
    return function


def page_options(function: _F) -> _F:
    """Add what decides how a text for members reads."""
    for option in (
        click.option(
            "--contact",
            default="",
            help="Whom members ask, as it stands there, such as "
            "'Ana, books@coop.example'.",
        ),
        click.option(
            "--language",
            type=click.Choice(languages()),
            default=OWN,
            show_default=True,
            help="The language of the words, numbers and days.",
        ),
    ):
        function = option(function)
    return function


def refuse_muddled(
    year: int | None, start: datetime.date | None, end: datetime.date | None
) -> None:
    """Refuse days that cannot be a period."""
    if year is not None and (start or end):
        message = "--year says which days; leave --from and --to out"
        raise click.UsageError(message)
    if start and end and start > end:
        message = f"--from {start} is later than --to {end}"
        raise click.UsageError(message)


def period_of(
    books: Books,
    year: int | None,
    start: datetime.date | None,
    end: datetime.date | None,
) -> tuple[datetime.date | None, datetime.date | None]:
    """Return first and last day of what is asked for; None for the book's own.

    Raises:
        YearUnknownError: The book does not reach that year.
        UsageError: The book ends before the first day, and no last one is given.
    """
    if year is None:
        last = last_day(books)
        if start and not end and start > last:
            message = f"--from {start} is later than the book's last day, {last}"
            raise click.UsageError(message)
        return start, end
    table = capital_of_year(books, year)
    return table.start, table.end


def refuse_mismatched(form: str, output: Path | None, *, force: bool) -> None:
    """Refuse a file without a format that makes one, and the other way round."""
    if (form in {"html", "pdf"}) is (output is None):
        message = "--format html or pdf and --output FILE go together"
        raise click.UsageError(message)
    if force and output is None:
        message = "--force is for a file that --output names; there is none"
        raise click.UsageError(message)


@click.command()
@click.argument("member")
@book_option
@period_options
@format_option("text", "json", "html", "pdf")
@page_options
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, with --format html or pdf.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def statement(
    member: str,
    book: Path,
    year: int | None,
    start: datetime.date | None,
    end: datetime.date | None,
    form: str,
    language: str,
    contact: str,
    output: Path | None,
    force: bool,
) -> None:
    """Show one member's capital account, movement by movement.

    \b
    Example: coopledger statement Odessa --book ledger/freedom-farms
    """
    refuse_muddled(year, start, end)
    refuse_mismatched(form, output, force=force)
    if form == "json" and (contact or language != OWN):
        message = "--language and --contact are for people; leave them out for JSON"
        raise click.UsageError(message)
    loaded = load_sound_book(book)
    books = loaded.case.books
    first, last = period_of(books, year, start, end)
    wishes = Wishes(first, last, language, contact, form)
    if output is not None:
        from coopledger.cli.wiring import write_statement  # noqa: PLC0415 - loads Jinja

        write_statement(loaded, member, output, wishes, force=force)
        rendering.say(f"Written to {output}, which only you may read.")
    elif form == "json":
        found = statement_of(books, member, first, last)
        rendering.as_json(shaping.statement_shape(books.currency, found))
    else:
        teller = Teller(loaded, wishes)
        telling.statement(teller.told(teller.account(member)))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@book_option
@period_options
@format_option("html", "pdf")
@page_options
def statements(
    folder: Path,
    book: Path,
    year: int | None,
    start: datetime.date | None,
    end: datetime.date | None,
    form: str,
    language: str,
    contact: str,
) -> None:
    """Write every member's statement as a page into a new FOLDER.

    The folder and its files are for you alone to read; each holds one member's data.

    \b
    Example: coopledger statements pages-2024 --book ledger/green-team --year 2024
    """
    from coopledger.cli.wiring import write_statements  # noqa: PLC0415 - loads Jinja

    refuse_muddled(year, start, end)
    loaded = load_sound_book(book)
    first, last = period_of(loaded.case.books, year, start, end)
    wishes = Wishes(first, last, language, contact, form)
    with bar("Writing") as progress:
        count = write_statements(loaded, folder, progress, wishes)
    rendering.say(
        f"Written to {folder}, which only you may read: {count} statement(s)."
    )
