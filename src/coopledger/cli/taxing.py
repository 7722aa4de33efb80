"""``tax``: what patrons' tax forms report."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.domain.filings import KNOWN
from coopledger.domain.filings import LAYOUTS
from coopledger.domain.filings import PATRON_BOXES
from coopledger.domain.filings import PATRON_FORM
from coopledger.journal.loading import load_sound_book
from coopledger.services.taxing import LABEL
from coopledger.services.taxing import filing_lines
from coopledger.services.taxing import patron_worksheet
from coopledger.services.taxing import worksheet_csv
from coopledger.services.taxing import worksheet_shape

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.taxing import Worksheet


@click.command()
@click.argument("document", metavar="FORM", type=click.Choice([PATRON_FORM.lower()]))
@book_option
@click.option(
    "--year",
    type=click.IntRange(datetime.MINYEAR, datetime.MAXYEAR - 1),
    required=True,
    help="Calendar year of payment.",
)
@click.option(
    "--layout",
    type=click.Choice(list(LAYOUTS)),
    default=next(iter(LAYOUTS)),
    show_default=True,
    help="Edition that numbers the boxes.",
)
@format_option("text", "json", "csv", "beancount")
def tax(document: str, book: Path, year: int, layout: str, form: str) -> None:
    """Work out what a tax form reports: a worksheet, not a filing.

    FORM is 1099-patr. With --format beancount: the lines that record the forms once
    they are furnished.

    \b
    Example: coopledger tax 1099-patr --book ledger/freedom-farms --year 2024
    """
    del document
    loaded = load_sound_book(book)
    sheet = patron_worksheet(loaded.case, year)
    if form == "json":
        rendering.as_json(worksheet_shape(sheet, layout))
    elif form == "csv":
        rendering.say(worksheet_csv(sheet).rstrip("\n"))
    elif form == "beancount":
        rendering.say(filing_lines(sheet).rstrip("\n"))
    else:
        _print(loaded.case.books.title, sheet, layout)


def _print(title: str, sheet: Worksheet, layout: str) -> None:
    rendering.heading(
        f"{title}: Form {PATRON_FORM} on payments of {sheet.year}, {LABEL}"
    )
    if not sheet.lines:
        rendering.say(f"Nothing that the form reports was paid in {sheet.year}.")
        return
    total, numbers = sheet.total, LAYOUTS[layout]
    shown = [box for box in KNOWN if total[box]]
    rendering.table(
        ("member", "name", *(f"box {numbers[box]}" for box in shown), "due", "filed"),
        [
            (
                line.member,
                line.name,
                *(line.boxes[box] for box in shown),
                "yes" if line.is_due else "no",
                line.filed or ("differs" if line.filing else "not yet"),
            )
            for line in sheet.lines
        ]
        + [("total", "", *(total[box] for box in shown), " ", " ")],
    )
    rendering.say()
    for box in shown:
        rendering.say(f"Box {numbers[box]}: {PATRON_BOXES[box]}.")
    empty = ", ".join(numbers[box] for box in numbers if box not in KNOWN)
    rendering.say(f"Not in the books: boxes {empty}.")
    rendering.say(
        f"In {sheet.currency}. A form is due from {sheet.terms.minimum} on, and "
        f"whenever tax was withheld; it reaches the member by {sheet.terms.due}."
    )
