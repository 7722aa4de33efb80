"""``exit`` and ``redeem``: what is repaid to members, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import exitshapes
from coopledger.cli import rendering
from coopledger.cli.notifying import PAGES
from coopledger.cli.notifying import Place
from coopledger.cli.notifying import file_letters
from coopledger.cli.notifying import form_of
from coopledger.cli.notifying import output_option
from coopledger.cli.options import Day
from coopledger.cli.options import Number
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.cli.stating import names_of
from coopledger.cli.stating import page_options
from coopledger.domain.members import EXIT_KINDS
from coopledger.domain.members import MOVED
from coopledger.errors import CoopledgerError
from coopledger.journal.loading import load_sound_book
from coopledger.services.exitnotice import exit_notice_of
from coopledger.services.leaving import Wishes
from coopledger.services.leaving import exit_of
from coopledger.services.leaving import write_exit
from coopledger.services.redeeming import redemption_of
from coopledger.services.redeeming import write_redemption

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.leaving import Exit
    from coopledger.services.redeeming import Redemption


class UndecidedError(CoopledgerError):
    """A proposal is to be written without a decision behind it."""

    def __init__(self) -> None:
        """Name the way out."""
        super().__init__(
            "Nothing is written without a resolution: nobody has decided it. Record "
            "the decision with coop-resolution and name it with --resolution ID."
        )


_on = click.option(
    "--on",
    type=Day(),
    default=None,
    help="The day; default: that of the resolution, else the book's last.",
)
_resolution = click.option(
    "--resolution", default="", help="Id of the resolution that decides it."
)
_write = click.option("--write", is_flag=True, help="Write the proposal into the book.")
_force = click.option(
    "--force", is_flag=True, help="Replace a proposal of the same name."
)


@click.command("exit")
@click.argument("member")
@book_option
@_on
@click.option(
    "--kind",
    # Who goes to another enterprise is settled by 'federation move', in both books.
    type=click.Choice([kind for kind in EXIT_KINDS if kind != MOVED]),
    default=None,
    help="Kind of exit, where the register has none.",
)
@click.option(
    "--deduction",
    type=Number(),
    default=None,
    help="Share of the compulsory contributions to keep; default: as the by-laws say.",
)
@click.option(
    "--instalments",
    type=click.IntRange(min=1),
    default=None,
    help="How many instalments; default: one on each anniversary of leaving.",
)
@_resolution
@_write
@_force
@format_option("text", "json", *PAGES)
@page_options
@output_option
def exit_(
    member: str,
    book: Path,
    on: datetime.date | None,
    kind: str | None,
    deduction: Decimal | None,
    instalments: int | None,
    resolution: str,
    write: bool,
    force: bool,
    form: str,
    output: Path | None,
    **look: str,
) -> None:
    """Show what a leaver is owed and when, and propose the settlement.

    With --format html or pdf: the paper for the one who leaves.

    \b
    Example: coopledger exit Tobias --book ledger/freedom-farms
    Example: coopledger exit Leire --book ledger/basque --on 2025-12-31
    """
    if write and not resolution:
        raise UndecidedError
    place = Place(None, output)
    form_of(form, place, look)
    loaded = load_sound_book(book)
    wishes = Wishes(on, kind or "", resolution, deduction, instalments)
    found = exit_of(loaded, member, wishes)
    written = None
    if write and not found.is_booked:
        written = write_exit(loaded, found, force=force)
    if form == "json":
        rendering.as_json(exitshapes.exit_shape(found, loaded.case.books))
        return
    if form in PAGES:
        told = exit_notice_of(loaded, found)
        file_letters(loaded.case.books, told, place, form, force=force, **look)
        return
    _show_exit(loaded, found)
    _end(loaded, written, found.text, "There is nothing left to settle.")


def _show_exit(book: Book, found: Exit) -> None:
    books, ending = book.case.books, found.ending
    name = books.register.name(ending.member)
    kind = f" ({ending.exit_kind})" if ending.exit_kind else ""
    rendering.heading(
        f"{books.title}: {name} leaves on {ending.date}{kind}; "
        f"as of {found.on}, in {books.currency}"
    )
    rows: list[tuple[str, Decimal]] = list(found.components.items())
    if found.deduction.amount:
        rows.append((f"less {_kept(found)}", -found.deduction.amount))
    rows.append(("becomes a debt now", found.settled))
    rows.append(("owed already", found.owed))
    if found.declared:
        rows.append(("declared in money, not paid", found.declared))
    rendering.table(("what", "amount"), rows)
    for line in _remarks(found):
        rendering.say(line)
    if found.payments:
        rendering.heading("To be paid")
        rendering.table(
            ("date", "capital", "interest", "still owed"),
            [(p.date, p.capital, p.interest, p.outstanding) for p in found.payments],
        )


def _kept(found: Exit) -> str:
    of = found.deduction
    return f"deduction, {rendering.percent(of.rate)} of {rendering.money(of.base)}"


def _remarks(found: Exit) -> list[str]:
    limit, rate = found.deduction.limit, found.rate
    lines = []
    if limit is not None:
        lines.append(f"Highest deduction for this exit: {rendering.percent(limit)}.")
    if found.deadline:
        lines.append(f"Everything is due by {found.deadline}.")
    else:
        lines.append("Law and by-laws give no time; agree one with --instalments.")
    if rate is None:
        lines.append("No rate of interest on what is owed is decided.")
    else:
        lines.append(
            f"Least interest on what is owed: {rendering.percent(rate)} a year."
        )
    lines += [
        f"The result of {year} is not distributed yet; a part of it may follow."
        for year in found.undistributed
    ]
    return lines


@click.command()
@book_option
@year_option
@click.option(
    "--amount",
    type=Number(),
    default=None,
    help="What there is to redeem with; default: all of those years.",
)
@_on
@_resolution
@_write
@_force
@format_option("text", "json")
def redeem(
    book: Path,
    year: int,
    amount: Decimal | None,
    on: datetime.date | None,
    resolution: str,
    write: bool,
    force: bool,
    form: str,
) -> None:
    """Redeem what was retained up to a year, in the order that the by-laws give.

    The oldest year comes first, and everybody gets the same part of it; or everybody
    gets the same percentage of all (patronage.redemption-method).

    \b
    Example: coopledger redeem --book ledger/freedom-farms --year 2023 --amount 5000
    """
    if write and not resolution:
        raise UndecidedError
    loaded = load_sound_book(book)
    found = redemption_of(loaded, year, amount, on, resolution)
    written = None
    if write and not found.is_booked:
        written = write_redemption(loaded, found, force=force)
    if form == "json":
        rendering.as_json(exitshapes.redemption_shape(found, loaded.case.books))
        return
    _show_redemption(loaded, found)
    _end(loaded, written, found.text, "That resolution is carried out already.")


def _show_redemption(book: Book, found: Redemption) -> None:
    books = book.case.books
    names = names_of(books)
    rendering.heading(
        f"{books.title}: redemption of what was allotted up to {found.year}, on "
        f"{found.on}, in {books.currency}"
    )
    rows = [
        (year, names.get(member, member), held, found.part(year, member))
        for year, own in found.held.items()
        for member, held in own.items()
    ]
    rendering.table(("year", "member", "outstanding", "redeemed"), rows)
    rendering.say(f"Redeemed in all: {rendering.money(found.total)}.")


def _end(book: Book, written: Path | None, text: str, done: str) -> None:
    """Say where the proposal was written, or show it, or that there is none."""
    if written:
        rendering.say(f"\nWritten to {written} and included in {book.path}.")
    elif text:
        rendering.heading("Proposal")
        rendering.say(text)
    else:
        rendering.say(f"\n{done}")
