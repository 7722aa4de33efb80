"""``tax``: what patrons' tax forms report, and by when what has to be done."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.grouping import Commands
from coopledger.cli.keeping import file_option
from coopledger.cli.keeping import language_option
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.domain.filings import KNOWN
from coopledger.domain.filings import PATRON_BOXES
from coopledger.domain.filings import PATRON_FORM
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.loading import load_sound_book
from coopledger.journal.placing import put_private
from coopledger.phrases import Phrase
from coopledger.phrases import word
from coopledger.services.keeping.ciphers import Opener
from coopledger.services.keeping.vault import vault_beside
from coopledger.services.taxforms import iris
from coopledger.services.taxforms.columns import edition_for
from coopledger.services.taxforms.columns import known_maps
from coopledger.services.taxforms.columns import map_for
from coopledger.services.taxforms.columns import read_map
from coopledger.services.taxing import LABEL
from coopledger.services.taxing import filing_lines
from coopledger.services.taxing import patron_worksheet
from coopledger.services.taxing import worksheet_csv
from coopledger.services.taxing import worksheet_shape
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from coopledger.journal.loading import Book
    from coopledger.services.taxforms.columns import ColumnMap
    from coopledger.services.taxing import Worksheet
    from coopledger.services.wording import Wording

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(
    commands=Commands(
        {"1099-patr": "taxing:patronage_form", "calendar": "duedates:calendar"}
    )
)
def tax() -> None:
    """Work out what tax forms report, and the days by which things are done.

    \b
    Example: coopledger tax calendar --book ledger/green-team --today 2026-01-15
    """


@click.command("1099-patr")
@book_option
@click.option(
    "--year",
    type=click.IntRange(datetime.MINYEAR, datetime.MAXYEAR - 1),
    required=True,
    help="Calendar year of payment.",
)
@click.option(
    "--layout",
    type=click.Choice([one.id for one in known_maps(PATRON_FORM, "paper")]),
    default=None,
    help="Edition that numbers the boxes; default: that of the year.",
)
@format_option("text", "json", "csv", "beancount", "iris")
@click.option(
    "--columns",
    type=_FILE,
    default=None,
    help="With iris: a column map of your own; default: that of the year.",
)
@click.option(
    "--identity",
    type=_FILE,
    default=None,
    help="With iris: the private key that opens tax numbers; without it the last four.",
)
@click.option("--output", type=_FILE, help="With iris: the file to write.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@file_option
@language_option
def patronage_form(
    book: Path,
    year: int,
    layout: str | None,
    form: str,
    columns: Path | None,
    identity: Path | None,
    output: Path | None,
    force: bool,
    file: Path | None,
    language: str,
) -> None:
    """Work out what Form 1099-PATR reports: a worksheet, not a filing.

    With --format beancount: the lines that record the forms once they are furnished.
    With --format iris: a file in the shape that the IRIS portal reads.

    \b
    Example: coopledger tax 1099-patr --book ledger/freedom-farms --year 2024
    """
    if form != "iris" and (columns or identity or output):
        message = "--columns, --identity and --output go with --format iris"
        raise click.UsageError(message)
    if identity and not output:
        message = "tax numbers are never shown on a screen: add --output FILE.csv"
        raise click.UsageError(message)
    loaded = load_sound_book(book)
    sheet = patron_worksheet(loaded.case, year)
    edition = edition_for(PATRON_FORM, year, layout)
    if form == "json":
        rendering.as_json(worksheet_shape(sheet, edition))
    elif form == "csv":
        rendering.say(worksheet_csv(sheet).rstrip("\n"))
    elif form == "beancount":
        rendering.say(filing_lines(sheet).rstrip("\n"))
    elif form == "iris":
        chosen = read_map(columns) if columns else map_for(PATRON_FORM, "iris", year)
        made = _sheets(loaded, sheet, chosen, identity, file)
        _hand_over(made, output, chosen, language, force=force)
    else:
        _print(loaded.case.books.title, sheet, edition, wording_of(language))


def _sheets(
    book: Book,
    sheet: Worksheet,
    columns: ColumnMap,
    identity: Path | None,
    file: Path | None,
) -> iris.Sheets:
    vault = vault_beside(book.path, file)
    people = (
        iris.plain(vault.opened("tax-ids", Opener(identity)))
        if identity
        else iris.masked(vault.of("tax-ids"))
    )
    books = book.case.books
    return iris.sheets_of(sheet, columns, books.register, people, books.title)


def _hand_over(
    made: iris.Sheets,
    output: Path | None,
    columns: ColumnMap,
    language: str,
    *,
    force: bool,
) -> None:
    say = wording_of(language)
    for gap in made.gaps:
        click.echo(say(gap), err=True)
    if output is None:
        if len(made.files) > 1:
            message = (
                f"{made.count} forms are more than the {columns.rows} that one file "
                "may hold: add --output FILE.csv, and several are written"
            )
            raise click.UsageError(message)
        rendering.say(made.files[0].rstrip("\n"))
        return
    more = range(2, len(made.files) + 1)
    paths = [output, *(output.with_stem(f"{output.stem}-{n}") for n in more)]
    for path in paths:
        if path.exists() and not force:
            raise FileExistsAlreadyError(str(path))
    for path, text in zip(paths, made.files, strict=True):
        put_private(path, text)
        rendering.say(f"Written to {path}, which only you may read.")
    rendering.say(
        f"{made.count} form(s), a {LABEL}. Columns: {columns.id} "
        f"({columns.confidence}, looked up on {columns.checked_on}); hold them against "
        "the portal's own template."
    )


def _print(title: str, sheet: Worksheet, edition: ColumnMap, say: Wording) -> None:
    head = Phrase(
        "{coop}: Form {form} on payments of {year}, worksheet, not a filing",
        coop=title,
        form=PATRON_FORM,
        year=sheet.year,
    )
    rendering.heading(say(head))
    if not sheet.lines:
        none = Phrase(
            "Nothing that the form reports was paid in {year}.", year=sheet.year
        )
        rendering.say(say(none))
        return
    numbers, total = edition.numbers, sheet.total
    shown = [box for box in KNOWN if total[box]]
    _table(sheet, [(box, numbers[box]) for box in shown], say)
    rendering.say()
    for box in shown:
        words = say(word(PATRON_BOXES[box]))
        said = Phrase("Box {number}: {words}.", number=numbers[box], words=words)
        rendering.say(say(said))
    empty = ", ".join(numbers[box] for box in numbers if box not in KNOWN)
    rendering.say(say(Phrase("Not in the books: boxes {boxes}.", boxes=empty)))
    terms = Phrase(
        "In {currency}. A form is due from {minimum} on, and whenever tax was "
        "withheld; it reaches the member by {day}.",
        currency=sheet.currency,
        minimum=str(sheet.terms.minimum),
        day=str(sheet.terms.due),
    )
    rendering.say(say(terms))


def _table(sheet: Worksheet, boxes: list[tuple[str, str]], say: Wording) -> None:
    """Print a line for each member, with the boxes that anybody has."""
    heads = [Phrase("member"), Phrase("name")]
    heads += [Phrase("box {number}", number=number) for _, number in boxes]
    heads += [Phrase("due"), Phrase("filed")]
    rows: list[tuple[object, ...]] = [
        (
            line.member,
            line.name,
            *(line.boxes[box] for box, _ in boxes),
            say(Phrase("yes") if line.is_due else Phrase("no")),
            line.filed or say(Phrase("differs") if line.filing else Phrase("not yet")),
        )
        for line in sheet.lines
    ]
    sums = (sheet.total[box] for box, _ in boxes)
    rows.append((say(Phrase("total")), "", *sums, " ", " "))
    rendering.table([say(head) for head in heads], rows)
