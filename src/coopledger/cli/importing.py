"""``template`` and ``import``: spreadsheets to fill in, and the way in from them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import cast

import click

from coopledger.cli import rendering
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import today
from coopledger.cli.shapes import import_shape
from coopledger.cli.sharing import refuse_no_workbook
from coopledger.journal.loading import load_sound_book
from coopledger.services.importing import Wishes
from coopledger.services.importing import import_of
from coopledger.services.importing import write_import
from coopledger.services.importing.tables import Wanted
from coopledger.services.importing.values import COMMA
from coopledger.services.importing.values import DAY_FIRST
from coopledger.services.importing.values import MONTH_FIRST
from coopledger.services.importing.values import POINT
from coopledger.services.importing.values import Habits
from coopledger.services.importing.words import KINDS
from coopledger.services.importing.words import LANGUAGES

if TYPE_CHECKING:
    from coopledger.services.importing import Import
    from coopledger.services.importing.words import Kind

#: How many rows a preview shows.
_SHOWN = 20


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@book_option
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=None,
    help="Language of the headings; default: that of the book's accounts.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def template(
    kind: str, file: Path, book: Path, language: str | None, force: bool
) -> None:
    """Write a workbook to fill in, with lists to choose from, for import.

    \b
    Example: coopledger template hours hours.xlsx --book ledger/green-team
    """
    refuse_no_workbook(file)
    from coopledger.cli.wiring import write_template  # noqa: PLC0415 - loads openpyxl

    loaded = load_sound_book(book)
    write_template(loaded, cast("Kind", kind), language or "", file, force=force)
    rendering.say(f"Written to {file}. Fill it in, then:")
    rendering.say(f"{rendering.program()} import {file} --book {book}")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@book_option
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default=None,
    help="What the rows are; default: as the headings say.",
)
@click.option("--sheet", default="", help="Name of the sheet, where several fit.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    help="COLUMN=FIELD: a heading or letter, and what it is; '-' for nothing.",
)
@click.option(
    "--component",
    default="",
    help="Of opening balances: the component of rows that do not say one.",
)
@click.option(
    "--against",
    default="",
    help="The account on the other side, such as the bank from which pay was paid.",
)
@click.option(
    "--dates",
    type=click.Choice([DAY_FIRST, MONTH_FIRST]),
    default=None,
    help="How days such as 03/04/2024 are meant; default: as the file tells.",
)
@click.option(
    "--decimal",
    type=click.Choice([POINT, COMMA]),
    default=None,
    help="The decimal mark of numbers that are texts; default: as the file tells.",
)
@click.option("--write", is_flag=True, help="Write what is new into the book.")
@format_option("text", "json", "beancount")
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    book: Path,
    kind: str | None,
    sheet: str,
    mapped: tuple[str, ...],
    component: str,
    against: str,
    dates: str | None,
    decimal: str | None,
    write: bool,
    form: str,
) -> None:
    """Read members, hours or opening balances from a spreadsheet or CSV file.

    It shows what it makes of the file, row by row, and writes with --write only.

    \b
    Example: coopledger template members members.xlsx --book ledger/green-team
    Example: coopledger import members.xlsx --book ledger/green-team
    """
    wanted = Wanted(cast("Kind | None", kind), _columns(mapped), component)
    habits = Habits(mark=decimal or "", days=dates or "")
    from coopledger.cli.wiring import read_sheets  # noqa: PLC0415 - loads openpyxl

    loaded = load_sound_book(book)
    wishes = Wishes(today(), wanted, sheet, habits, against)
    found = import_of(loaded, read_sheets(file), wishes, str(file))
    is_wrong = bool(found.outcome.troubles)
    written = None
    if write and found.new and not is_wrong:
        written = write_import(loaded, found)
    if form == "json":
        rendering.as_json(import_shape(found, written))
    elif form == "beancount":
        rendering.say(found.outcome.text.rstrip())
    else:
        _show(found, write=write)
        if written:
            rendering.say(f"\nWritten to {written} and included in {loaded.path}.")
    if is_wrong:
        if form == "beancount":
            for trouble in found.outcome.troubles:
                click.echo(trouble.sentence, err=True)
        context.exit(1)


def _columns(mapped: tuple[str, ...]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for text in mapped:
        column, mark, field = text.rpartition("=")
        if not mark or not column.strip():
            message = f"--map takes COLUMN=FIELD, not '{text}'"
            raise click.UsageError(message)
        columns[column.strip()] = field.strip()
    return columns


def _show(found: Import, *, write: bool) -> None:
    table, outcome = found.table, found.outcome
    rendering.heading(
        f"{table.sheet.name} ({table.sheet.form}): {table.kind}, headings in row "
        f"{table.heading}"
    )
    read = [*((name, c) for name, c in table.columns.items())]
    read += [(_of(c.component, c.year), c) for c in table.amounts]
    rendering.table(("column", "is read as"), [(c.label, name) for name, c in read])
    for heading in table.unread:
        rendering.say(f"Not read: column '{heading}'.")
    for row in found.totals:
        rendering.say(f"Not read: row {row}, a total.")
    if outcome.facts:
        rendering.heading("What the rows say")
        rows = [
            (str(f.row), *map(_shown, f.words), "in the book" if f.is_known else "new")
            for f in outcome.facts[:_SHOWN]
        ]
        rendering.table(("row", *outcome.heads, ""), rows)
    if len(outcome.facts) > _SHOWN:
        rendering.say(f"... and {len(outcome.facts) - _SHOWN} more rows")
    if sums := outcome.sums():
        listed = (f"{name} {rendering.money(total)}" for name, total in sums.items())
        rendering.say(f"In all: {', '.join(listed)}.")
    if outcome.troubles:
        rendering.heading("What is wrong")
        for trouble in outcome.troubles:
            rendering.say(trouble.sentence)
    rendering.say(f"\n{_end(found, write=write)}")


def _of(component: str, year: int | None) -> str:
    words = ["amount", *([f"of {component}"] if component else [])]
    return " ".join([*words, *([f"of year {year}"] if year else [])])


def _shown(value: object) -> object:
    """Show a number as such, and nothing as nothing."""
    if isinstance(value, Decimal):
        return value
    return "" if value is None else str(value)


def _end(found: Import, *, write: bool) -> str:
    outcome = found.outcome
    known = len(outcome.facts) - found.new
    if outcome.troubles:
        rows = len({one.row for one in outcome.troubles})
        wrong = "1 row is" if rows == 1 else f"{rows} rows are"
        return f"{wrong} wrong, so that nothing was written."
    if not outcome.facts:
        return "There are no rows below the headings yet; nothing was written."
    told = f"{found.new} new, {known} in the book already"
    if not found.new:
        return f"{told}: nothing is to be written."
    return f"{told}." if write else f"{told}; add --write to write them into the book."
