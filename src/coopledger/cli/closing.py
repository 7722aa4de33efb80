"""``close`` and ``seal``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import yearshapes
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.cli.stating import names_of
from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError
from coopledger.journal.loading import Book
from coopledger.journal.loading import load_sound_book
from coopledger.services.closing import Closing
from coopledger.services.closing import close_year
from coopledger.services.closing import seal_year
from coopledger.services.closing import write_closing
from coopledger.services.explaining import explanations_of
from coopledger.services.whatif import compare_scenarios
from coopledger.services.whatif import parse_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ScenarioWrittenError(CoopledgerError):
    """What might be is to be written into the books."""

    def __init__(self) -> None:
        """Say how to decide it instead."""
        super().__init__(
            "--set only compares; nothing of it is written. Decide the value with "
            "coop-parameter, then close the year."
        )


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
@click.option(
    "--set",
    "scenarios",
    multiple=True,
    metavar="[NAME:] PARAMETER=VALUE",
    help="Compare with the year under another parameter; may be given several times.",
)
@format_option("text", "json")
def close(
    book: Path,
    year: int,
    resolution: str,
    write: bool,
    explain: bool,
    force: bool,
    scenarios: tuple[str, ...],
    form: str,
) -> None:
    """Close a year: its result, who gets or bears what, and the entries to book.

    \b
    Example: coopledger close --book ledger/freedom-farms --year 2025
    Example: coopledger close --book ledger/basque --year 2025 --set education.rate=0.2
    """
    if write and not resolution:
        raise ResolutionNeededError(year)
    if write and scenarios:
        raise ScenarioWrittenError
    loaded = load_sound_book(book)
    if scenarios:
        _compare(loaded, year, scenarios, form, explain=explain)
        return
    closing = close_year(loaded, year, resolution)
    if write and not closing.is_booked:
        written = write_closing(loaded, closing, force=force)
        if form == "text":
            show(loaded, closing, explain=explain)
            rendering.say(f"\nWritten to {written} and included in {loaded.path}.")
            return
    if form == "json":
        rendering.as_json(yearshapes.close_shape(closing, loaded))
        return
    show(loaded, closing, explain=explain)
    if closing.is_booked:
        rendering.say("\nEverything is booked; there is nothing to propose.")
        return
    rendering.heading("Proposal")
    rendering.say(closing.text)


def _compare(
    book: Book, year: int, texts: Sequence[str], form: str, *, explain: bool
) -> None:
    """Show a year as it is and under other parameters, side by side."""
    outcomes = compare_scenarios(book, year, [parse_scenario(text) for text in texts])
    currency = book.case.books.currency
    if form == "json":
        rendering.as_json(yearshapes.scenarios_shape(year, currency, outcomes))
        return
    rendering.heading(f"{book.case.books.title}: fiscal year {year}, in {currency}")
    names = [one.scenario.name for one in outcomes]
    ids = dict.fromkeys(
        step.step.id for one in outcomes for step in one.appropriation.steps
    )
    titles = {
        step.step.id: step.step.title
        for one in outcomes
        for step in one.appropriation.steps
    }
    amounts = [
        {step.step.id: step.amount for step in one.appropriation.steps}
        for one in outcomes
    ]
    rows: list[Sequence[object]] = [
        (titles[name], *(found.get(name) for found in amounts))
        for name in ids
        if any(found.get(name) for found in amounts)
    ]
    rows.append(("Not used up", *(one.appropriation.remaining for one in outcomes)))
    rendering.table(("step", *names), rows)
    if explain:
        for one in outcomes:
            rendering.heading(f"How each step comes about: {one.scenario.name}")
            rendering.explanation(one.appropriation)
    rendering.heading("Members: all they get, and of it in money")
    got = [yearshapes.received(one) for one in outcomes]
    members = dict.fromkeys(member for found in got for member in found)
    who = names_of(book.case.books)
    nothing = (ZERO, ZERO)
    rendering.table(
        ("member", *(column for name in names for column in (name, "in money"))),
        [
            (
                who.get(member, member),
                *(part for found in got for part in found.get(member, nothing)),
            )
            for member in members
        ],
    )


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
        explained = explanations_of(book.case, closing.appropriation, fiscal.label)
        if explained:
            rendering.heading("How each member's part came about")
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
