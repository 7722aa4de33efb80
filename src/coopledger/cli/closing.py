"""``close`` and ``seal``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.cli.stating import names_of
from coopledger.errors import CoopledgerError
from coopledger.journal.loading import Book
from coopledger.journal.loading import load_sound_book
from coopledger.services.closing import Closing
from coopledger.services.closing import close_year
from coopledger.services.closing import seal_year
from coopledger.services.closing import write_closing
from coopledger.services.explaining import explanations_of

if TYPE_CHECKING:
    from pathlib import Path


class ResolutionNeededError(CoopledgerError):
    """A proposal is to be written without a decision behind it."""

    def __init__(self, year: int) -> None:
        """Name the way out."""
        super().__init__(
            f"Fiscal year {year} is not written without a resolution: nobody has "
            "decided it. Record the decision with coop-resolution and name it with "
            "--resolution ID."
        )


@click.command()
@book_option
@year_option
@click.option("--resolution", default="", help="Id of the resolution that decides it.")
@click.option("--write", is_flag=True, help="Write the proposal into the book.")
@click.option("--explain", is_flag=True, help="Say each step in a sentence.")
@click.option("--force", is_flag=True, help="Replace a proposal of the same name.")
@format_option("text", "json")
def close(
    book: Path,
    year: int,
    resolution: str,
    write: bool,
    explain: bool,
    force: bool,
    form: str,
) -> None:
    """Close a year: its result, who gets or bears what, and the entries to book.

    \b
    Example: coopledger close --book ledger/freedom-farms --year 2025
    """
    if write and not resolution:
        raise ResolutionNeededError(year)
    loaded = load_sound_book(book)
    closing = close_year(loaded, year, resolution)
    if write and not closing.is_booked:
        written = write_closing(loaded, closing, force=force)
        if form == "text":
            show(loaded, closing, explain=explain)
            rendering.say(f"\nWritten to {written} and included in {loaded.path}.")
            return
    if form == "json":
        currency = loaded.case.books.currency
        rendering.as_json(shapes.close_shape(closing, currency, loaded.chart))
        return
    show(loaded, closing, explain=explain)
    if closing.is_booked:
        rendering.say("\nEverything is booked; there is nothing to propose.")
        return
    rendering.heading("Proposal")
    rendering.say(closing.text)


def show(book: Book, closing: Closing, *, explain: bool) -> None:
    """Print the waterfall and the members' parts."""
    books = book.case.books
    word = "Loss" if closing.appropriation.is_loss else "Surplus"
    fiscal = closing.figures.fiscal
    rendering.heading(
        f"{books.title}: fiscal year {fiscal.label} ({fiscal.start} to {fiscal.end}), "
        f"in {books.currency}"
    )
    rendering.waterfall(closing.appropriation, f"{word} of the year after tax")
    if explain:
        rendering.heading("How each step came about")
        rendering.explanation(closing.appropriation)
        rendering.heading("How each member's part came about")
        explained = explanations_of(book.case, closing.appropriation, fiscal.label)
        rendering.parts_explained(explained, names_of(books))
    if any(step.parts for step in closing.appropriation.steps):
        rendering.heading("Members")
        rendering.parts(closing.appropriation, names_of(books))


@click.command()
@book_option
@year_option
def seal(book: Path, year: int) -> None:
    """Print the directive that seals a closed year against later changes.

    \b
    Example: coopledger seal --book ledger/freedom-farms --year 2024
    """
    rendering.say(seal_year(load_sound_book(book), year))
