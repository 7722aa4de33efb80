"""``tax calendar``: by when patronage is paid, told and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import options
from coopledger.cli import rendering
from coopledger.cli.keeping import language_option
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.journal.loading import load_sound_book
from coopledger.phrases import Phrase
from coopledger.services.duedates import STATES
from coopledger.services.duedates import calendar_csv
from coopledger.services.duedates import calendar_shape
from coopledger.services.duedates import due_dates
from coopledger.services.duedates import in_words
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from coopledger.services.duedates import DueDate


@click.command()
@book_option
@click.option("--today", type=Day(), help="How it stands on a day; default: today.")
@format_option("text", "json", "csv")
@language_option
def calendar(book: Path, today: datetime.date | None, form: str, language: str) -> None:
    """Show by when patronage is paid, told and reported, and what was done.

    \b
    Example: coopledger tax calendar --book ledger/green-team --today 2026-01-15
    """
    day = today or options.today()
    case = load_sound_book(book).case
    dates = due_dates(case, day)
    say = wording_of(language)
    if form == "json":
        rendering.as_json(calendar_shape(case.books.title, day, dates))
        return
    if form == "csv":
        rendering.say(calendar_csv(dates, say).rstrip("\n"))
        return
    title = Phrase(
        "{coop}: by when patronage is paid, told and reported, as of {day}",
        coop=case.books.title,
        day=day,
    )
    rendering.heading(say(title))
    rendering.table(
        [say(head) for head in _HEADS],
        [
            (
                one.due,
                in_words(one, say),
                say(STATES[one.state]),
                one.done or " ",
                _left(one),
            )
            for one in dates
        ],
    )
    for source in dict.fromkeys(one.source for one in dates):
        rendering.say(say(Phrase("Source: {source}.", source=source)))


def _left(one: DueDate) -> object:
    """Return what is open; nothing where it is done, or cannot be counted."""
    return one.left or " "


_HEADS = (
    Phrase("due"),
    Phrase("what"),
    Phrase("state"),
    Phrase("done on"),
    Phrase("still open"),
)
