"""``payouts``: what is to be paid to members, as files that a bank reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.keeping import file_option
from coopledger.cli.keeping import language_option
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.loading import load_sound_book
from coopledger.journal.placing import put_private
from coopledger.phrases import Phrase
from coopledger.services.keeping.ciphers import Opener
from coopledger.services.keeping.vault import vault_beside
from coopledger.services.payouts import filing
from coopledger.services.payouts.gathering import booked_payouts
from coopledger.services.payouts.gathering import due_payouts
from coopledger.services.stating import last_day
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from coopledger.services.keeping.vault import Kept
    from coopledger.services.keeping.vault import Number
    from coopledger.services.payouts.gathering import Payouts
    from coopledger.services.wording import Wording

_FILE = click.Path(path_type=Path, dir_okay=False)


class PayoutsRefusedError(CoopledgerError):
    """A file would lack payments."""

    def __init__(self, count: int) -> None:
        """Say what can be done."""
        super().__init__(
            f"{count} account(s) are missing or wrong, so that nothing was written: "
            "the file would not pay what the book owes. Enter them, or name whoever is "
            "paid in another way with --leave-out."
        )


@click.command()
@book_option
@click.option("--on", type=Day(), help="Day of payment; default: the book's last.")
@click.option(
    "--booked",
    is_flag=True,
    help="What the book says was paid on that day, not what is due by it.",
)
@format_option("text", "json", "csv", "sepa")
@click.option(
    "--identity", type=_FILE, default=None, help="The private key that opens accounts."
)
@click.option("--output", type=_FILE, default=None, help="The file to write.")
@click.option("--leave-out", multiple=True, help="A member who is paid otherwise.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@file_option
@language_option
def payouts(
    book: Path,
    on: datetime.date | None,
    booked: bool,
    form: str,
    identity: Path | None,
    output: Path | None,
    leave_out: tuple[str, ...],
    force: bool,
    file: Path | None,
    language: str,
) -> None:
    """List what is to be paid to members on a day, or write it for the bank.

    With --identity and --output the file has whole accounts; what is shown has the last
    four of them. A SEPA file is for books in euro.

    \b
    Example: coopledger payouts --book ledger/basque --on 2026-06-30
    """
    is_file = form in {"csv", "sepa"} and output is not None
    if bool(identity) != is_file or (form == "sepa" and not is_file):
        message = (
            "a file for the bank needs --format csv or sepa, --identity KEY and "
            "--output FILE together; without them accounts are shown as last four"
        )
        raise click.UsageError(message)
    loaded = load_sound_book(book)
    books = loaded.case.books
    for member in leave_out:
        books.register.refuse_unknown(member)
    day = on or last_day(books)
    found = (booked_payouts if booked else due_payouts)(loaded, day).without(leave_out)
    vault = vault_beside(loaded.path, file)
    if identity and output:
        numbers = vault.opened("accounts", Opener(identity))
        _write(found, numbers, form, output, language, force=force)
        return
    accounts = filing.shown(vault.of("accounts"))
    if form == "json":
        rendering.as_json(filing.payouts_shape(found, accounts))
    elif form == "csv":
        say = wording_of(language)
        rendering.say(filing.payouts_csv(found, accounts, say).rstrip("\n"))
    else:
        _print(found, vault.of("accounts"), language)


def _write(
    found: Payouts,
    numbers: Mapping[str, Number],
    form: str,
    output: Path,
    language: str,
    *,
    force: bool,
) -> None:
    say = wording_of(language)
    if output.exists() and not force:
        raise FileExistsAlreadyError(str(output))
    gaps = filing.gaps(found, numbers, is_sepa=form == "sepa")
    for gap in gaps:
        click.echo(say(gap), err=True)
    if gaps:
        raise PayoutsRefusedError(len(gaps))
    if form == "sepa":
        text = filing.payouts_sepa(found, numbers)
    else:
        text = filing.payouts_csv(found, filing.opened(numbers), say)
    put_private(output, text)
    rendering.say(f"Written to {output}, which only you may read.")
    rendering.say(say(_total(found)))


def _total(found: Payouts) -> Phrase:
    return Phrase(
        "{count} payment(s), {amount} {currency} in all, on {day}.",
        count=str(len(found.lines)),
        amount=found.amount,
        currency=found.currency,
        day=found.on,
    )


def _print(found: Payouts, accounts: Mapping[str, Kept], language: str) -> None:
    say = wording_of(language)
    title = Phrase("{coop}: payments to members", coop=found.title)
    rendering.heading(say(title))
    if found.lines:
        _table(found, accounts, say)
    rendering.say(say(_total(found)))
    rest, much = found.rest, -found.overpaid
    if rest:
        words = Phrase("Owed beyond, and not paid with this: {amount}.", amount=rest)
        rendering.say(say(words))
    if much:
        rendering.say(say(Phrase("Paid too much, as booked: {amount}.", amount=much)))


def _table(found: Payouts, accounts: Mapping[str, Kept], say: Wording) -> None:
    missing = say(Phrase("missing"))
    rows: list[tuple[object, ...]] = [
        (
            one.name,
            say(one.reason),
            accounts[one.member].masked if one.member in accounts else missing,
            one.owed,
            one.withheld,
            one.amount,
        )
        for one in found.lines
    ]
    sums = (found.owed, found.withheld, found.amount)
    rows.append((say(Phrase("total")), " ", " ", *sums))
    rendering.table([say(head) for head in _HEADS], rows)


_HEADS = (
    Phrase("member"),
    Phrase("what for"),
    Phrase("account"),
    Phrase("owed"),
    Phrase("withheld"),
    Phrase("to pay"),
)
