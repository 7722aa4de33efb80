"""``report``: queries that are kept, with their titles, in whatever form is wanted."""

from __future__ import annotations

from pathlib import Path

import click

from coopledger.cli import rendering
from coopledger.cli.grouping import Commands
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.sharing import refuse_no_workbook
from coopledger.cli.sharing import show_answer
from coopledger.journal.finding import find_book
from coopledger.journal.loading import load_sound_book
from coopledger.services.shaping import SCHEMA


@click.group(commands=Commands({"list": "reporting:list_", "run": "reporting:run"}))
def report() -> None:
    """Ask questions that are kept in files: those that ship, and your own.

    \b
    Example: coopledger report run trial-balance --book ledger/green-team --year 2025
    """


@report.command("list")
@book_option
@click.option("--language", default="", help="Of the titles, such as es.")
@format_option("text", "json")
def list_(book: Path, language: str, form: str) -> None:
    """Name all queries, with what each is for."""
    from coopledger.services import asking  # noqa: PLC0415 - loads beanquery

    main = find_book(book)
    known = asking.queries_for(main)
    if form == "json":
        rendering.as_json(
            {
                "schema": SCHEMA,
                "queries": [
                    {
                        "name": one.name,
                        "title": one.title(language),
                        "purpose": one.purpose(language),
                        "needs_year": one.needs_year,
                        "file": str(one.path)
                        if one.path.parent != asking.SHIPPED
                        else None,
                    }
                    for one in known.values()
                ],
            }
        )
        return
    width = max(map(len, known))
    for one in known.values():
        rendering.say(
            f"{one.name:{width}}  {one.title(language)}. {one.purpose(language)}"
        )
    rendering.say(f"Your own go into {asking.own_folder(main)}, a file NAME.bql each.")


@report.command()
@click.argument("name")
@book_option
@click.option("--year", type=int, help="Fiscal year, where the query is about one.")
@click.option("--language", default="", help="Of titles in a workbook, such as es.")
@format_option("text", "csv", "json", "xlsx")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The workbook to write.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def run(
    name: str,
    book: Path,
    year: int | None,
    language: str,
    form: str,
    output: Path | None,
    force: bool,
) -> None:
    """Run a query by its name.

    \b
    Example: coopledger report run members --book ledger/green-team --format csv
    """
    from coopledger.services import asking  # noqa: PLC0415 - loads beanquery

    query = asking.query_named(name, find_book(book))
    loaded = load_sound_book(book)
    if form != "xlsx":
        show_answer(asking.answer_to(query, loaded, year), form)
        return
    if output is None:
        message = "a workbook needs a file to be written to: add --output FILE.xlsx"
        raise click.UsageError(message)
    refuse_no_workbook(output)
    from coopledger.cli.wiring import write_report  # noqa: PLC0415 - loads openpyxl

    write_report(query, loaded, year, output, language=language, force=force)
    rendering.say(f"Written to {output}.")
