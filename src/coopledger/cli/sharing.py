"""``export`` and ``query``: figures for others to work with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.journal.loading import load_sound_book
from coopledger.services.shaping import SCHEMA
from coopledger.services.wording import OWN
from coopledger.services.wording import languages

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_PLACE = click.Path(path_type=Path, exists=True)

if TYPE_CHECKING:
    from coopledger.journal.querying import Answer


def refuse_no_workbook(file: Path) -> None:
    """Refuse a name that no workbook can be written to."""
    if file.suffix.lower() != ".xlsx":
        message = f"{file} does not end in .xlsx, and a workbook is what is written"
        raise click.UsageError(message)
    if not file.parent.is_dir():
        message = f"there is no folder {file.parent} to write {file.name} into"
        raise click.UsageError(message)


@click.command()
@book_option
@year_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option(
    "--layout",
    type=_FILE,
    help="Which sheets and columns, by a file; default: workbook.toml beside the book.",
)
@click.option(
    "--language",
    type=click.Choice(languages()),
    default=OWN,
    show_default=True,
    help="Language of the words that are not the book's own.",
)
@click.option(
    "--federation",
    type=_PLACE,
    help="The federation's book: transfers are held against the other enterprises'.",
)
def export(
    book: Path,
    year: int,
    file: Path,
    *,
    force: bool,
    layout: Path | None,
    language: str,
    federation: Path | None,
) -> None:
    """Write a year's workbook, with live formulas that tie out.

    \b
    Example: coopledger export --book ledger/freedom-farms --year 2025 ff-2025.xlsx
    """
    refuse_no_workbook(file)
    from coopledger.cli.wiring import write_workbook  # noqa: PLC0415 - loads openpyxl

    write_workbook(
        load_sound_book(book),
        year,
        file,
        force=force,
        layout=layout,
        language=language,
        federation=federation,
    )
    rendering.say(f"Written to {file}.")


@click.command()
@click.argument("bql")
@book_option
@format_option("text", "csv", "json")
def query(bql: str, book: Path, form: str) -> None:
    """Run a BQL query; our tables are #members, #capital and #patronage.

    \b
    Example: coopledger query --book ledger/green-team "SELECT * FROM #members"
    """
    from coopledger.journal import querying  # noqa: PLC0415 - loads beanquery

    show_answer(querying.run_query(load_sound_book(book), bql), form)


def show_answer(answer: Answer, form: str) -> None:
    """Print what came of a query, as text, CSV or JSON."""
    from coopledger.journal import querying  # noqa: PLC0415 - loads beanquery

    if form == "text":
        rendering.say(answer.text.rstrip())
    elif form == "csv":
        rendering.say(querying.as_csv(answer.names, answer.rows).rstrip())
    else:
        listed = [
            {
                name: querying.plain(value)
                for name, value in zip(answer.names, row, strict=True)
            }
            for row in answer.rows
        ]
        rendering.as_json(
            {"schema": SCHEMA, "columns": list(answer.names), "rows": listed}
        )
