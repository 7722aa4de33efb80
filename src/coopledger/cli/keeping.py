"""``tax-ids`` and ``accounts``: numbers that never stand in a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import click

from coopledger.cli import rendering
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import today
from coopledger.domain.delimited import delimited
from coopledger.errors import FileExistsAlreadyError
from coopledger.errors import MemberUnknownError
from coopledger.journal.loading import load_sound_book
from coopledger.journal.placing import put_private
from coopledger.phrases import Phrase
from coopledger.services.keeping.ciphers import new_key
from coopledger.services.keeping.entering import read_list
from coopledger.services.keeping.vault import FILE
from coopledger.services.keeping.vault import PAYER
from coopledger.services.keeping.vault import vault_beside
from coopledger.services.keeping.vault import write_vault
from coopledger.services.shaping import SCHEMA
from coopledger.services.wording import OWN
from coopledger.services.wording import languages
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from typing import BinaryIO

    from coopledger.domain.books import Books
    from coopledger.services.keeping.vault import Kept
    from coopledger.services.keeping.vault import Sort
    from coopledger.services.wording import Wording

_F = TypeVar("_F", bound="Callable[..., object]")


def file_option(function: _F) -> _F:
    """Add ``--file``."""
    return click.option(
        "--file",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help=f"The file of private numbers; default: {FILE} beside the book.",
    )(function)


def language_option(function: _F) -> _F:
    """Add ``--language``."""
    return click.option(
        "--language",
        type=click.Choice(languages()),
        default=OWN,
        show_default=True,
        help="The language of the sentences.",
    )(function)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a list: whose, by what name, and what is kept of them."""

    member: str
    name: str
    kept: Kept | None


def _add(sort: Sort, what: str) -> click.Command:
    @click.command("add", help=_ADDING.format(sort=sort, what=what))
    @click.argument("source", type=click.File("rb"), default="-", metavar="[CSV]")
    @book_option
    @file_option
    @click.option("--key", default="", help="The public key, for a new file: age1...")
    @language_option
    @click.pass_context
    def add(
        context: click.Context,
        source: BinaryIO,
        book: Path,
        file: Path | None,
        key: str,
        language: str,
    ) -> None:
        loaded = load_sound_book(book)
        vault = vault_beside(loaded.path, file).with_key(key)
        known = {*loaded.case.books.register.ids, PAYER}
        entered = read_list(sort, source.read(), known)
        say = wording_of(language)
        for heading in entered.unread:
            click.echo(
                say(Phrase("Not read: column '{name}'.", name=heading)), err=True
            )
        if entered.troubles:
            for trouble in entered.troubles:
                click.echo(say(trouble), err=True)
            click.echo(say(Phrase("Nothing was written.")), err=True)
            context.exit(1)
        write_vault(vault.adding(sort, entered.numbers, today()))
        for one in entered.numbers:
            rendering.say(f"{one.member}: {one.kind} *****{one.last}")
        told = Phrase(
            "{count} written to {file}, encrypted; only you may read it.",
            count=str(len(entered.numbers)),
            file=str(vault.path),
        )
        rendering.say(say(told))

    return add


_ADDING = """Read {what} from a CSV file, or from what is piped in, and keep them
encrypted. A member's number that is there already is replaced.

\b
Example: coopledger {sort} add numbers.csv --book ledger/green-team --key age1...
"""


def _list(sort: Sort, what: str) -> click.Command:
    @click.command("list", help=f"Name everybody, with the last four of {what}.")
    @book_option
    @file_option
    @format_option("text", "json", "csv")
    @language_option
    def list_(book: Path, file: Path | None, form: str, language: str) -> None:
        loaded = load_sound_book(book)
        rows = _rows(loaded.case.books, vault_beside(loaded.path, file).of(sort))
        if form == "json":
            rendering.as_json({"schema": SCHEMA, sort: [_shape(one) for one in rows]})
            return
        say = wording_of(language)
        cells = [_cells(one, say) for one in rows]
        if form == "csv":
            rendering.say(delimited(_HEADS, cells).rstrip("\n"))
        else:
            rendering.table([say(head) for head in _HEADS], cells)

    return list_


def _rows(books: Books, kept: Mapping[str, Kept]) -> list[_Row]:
    """Return the co-op, all members, and whoever else a number is kept of."""
    register = books.register
    strangers = sorted(kept.keys() - {*register.ids, PAYER})
    members = [_Row(PAYER, books.title, kept.get(PAYER))]
    members += [_Row(one, register.name(one), kept.get(one)) for one in register.ids]
    return members + [_Row(one, "", kept[one]) for one in strangers]


_HEADS = (
    Phrase("member"),
    Phrase("name"),
    Phrase("kind"),
    Phrase("number"),
    Phrase("since"),
)


def _cells(row: _Row, say: Wording) -> tuple[str, ...]:
    kept = row.kept
    if kept is None:
        return (row.member, row.name, "", say(Phrase("missing")), "")
    return (row.member, row.name, kept.kind, kept.masked, kept.since.isoformat())


def _shape(row: _Row) -> dict[str, str | None]:
    kept = row.kept
    return {
        "member": row.member,
        "name": row.name,
        "kind": kept.kind if kept else None,
        "last": kept.last if kept else None,
        "since": kept.since.isoformat() if kept else None,
    }


def _remove(sort: Sort, what: str) -> click.Command:
    @click.command("remove", help=f"Forget one member's part of {what}.")
    @click.argument("member")
    @book_option
    @file_option
    def remove(member: str, book: Path, file: Path | None) -> None:
        loaded = load_sound_book(book)
        vault = vault_beside(loaded.path, file)
        if member not in vault.of(sort):
            raise MemberUnknownError(member, vault.of(sort))
        write_vault(vault.without(sort, member))
        rendering.say(f"{member} is no longer in {vault.path}; copies of it may be.")

    return remove


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Make a pair of keys: the private half goes into FILE, the public one is shown.

    Do this on the machine that files forms or pays, and keep FILE there: whoever has it
    reads the numbers, and without it nobody does.

    \b
    Example: coopledger tax-ids key coop.key
    """
    if file.exists():
        raise FileExistsAlreadyError(str(file))
    text, public = new_key()
    put_private(file, text)
    rendering.say(f"Written to {file}, which only you may read. Keep it off the")
    rendering.say("machine of the books, and a copy of it in a safe. The public half:")
    rendering.say(public)


def _group(sort: Sort, what: str) -> click.Group:
    commands = [_add(sort, what), _list(sort, what), _remove(sort, what), key]
    text = f"""Keep {what} out of the ledger: encrypted beside it, shown as last four.

    \b
    Example: coopledger {sort} list --book ledger/green-team
    """
    return click.Group(
        sort, commands={one.name or "": one for one in commands}, help=text
    )


tax_ids = _group("tax-ids", "tax numbers")
accounts = _group("accounts", "bank accounts")
