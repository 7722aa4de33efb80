"""``serve``: books in Fava, for the office or, behind the portal, for everybody."""

from __future__ import annotations

from pathlib import Path

import click

from coopledger.cli import rendering
from coopledger.cli.admitting import ROLES
from coopledger.cli.admitting import state_option
from coopledger.cli.options import book_option
from coopledger.journal.finding import find_book
from coopledger.journal.finding import find_books

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)

#: Which roles must have a second factor.
_NEED_FACTOR = {
    "staff": frozenset(ROLES) - {"member"},
    "everybody": frozenset(ROLES),
    "nobody": frozenset[str](),
}


@click.command()
@book_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5000,
    show_default=True,
    help="Local port; 0 takes any that is free.",
)
@click.option("--read-only", is_flag=True, help="Do not let Fava change the books.")
@click.option(
    "--portal",
    "is_portal",
    is_flag=True,
    help="Let people sign in, each to what is theirs; the options below are for it.",
)
@state_option
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--hostname", default="", help="Name under which browsers reach it.")
@click.option("--certificate", type=_FILE, help="Certificate for HTTPS, as PEM.")
@click.option("--key", type=_FILE, help="The certificate's key, as PEM.")
@click.option("--proxy", is_flag=True, help="A proxy on this machine does HTTPS.")
@click.option(
    "--only",
    "side",
    type=click.Choice(("members", "staff")),
    help="Serve one side; the members' side needs no book.",
)
@click.option("--published", type=_FOLDER, help="Where members' books are published.")
@click.option(
    "--second-factor",
    "factor",
    type=click.Choice(tuple(_NEED_FACTOR)),
    default="staff",
    show_default=True,
    help="Who must have a second factor.",
)
def serve(
    book: Path,
    port: int,
    read_only: bool,
    is_portal: bool,
    state: Path,
    host: str,
    hostname: str,
    certificate: Path | None,
    key: Path | None,
    proxy: bool,
    side: str | None,
    published: Path | None,
    factor: str,
) -> None:
    """Open the books in Fava for the office, on this machine only.

    With --portal people sign in, and members see their own book alone.

    \b
    Example: coopledger serve --book ledger/freedom-farms
    """
    from coopledger.cli import wiring  # noqa: PLC0415 - loads Fava

    if not is_portal:
        books = find_books(book)
        wiring.serve_books(books, port=port, read_only=read_only, on_ready=_ready)
        return
    wiring.serve_portal(
        None if side == "members" else find_book(book),
        state,
        on_ready=_ready,
        host=host,
        port=port,
        hostname=hostname,
        certificate=_pair(certificate, key),
        is_behind_proxy=proxy,
        side=side or "everybody",
        published=published,
        needs_factor=_NEED_FACTOR[factor],
    )


def _pair(certificate: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        message = "--certificate and --key go together"
        raise click.UsageError(message)
    return certificate, key


def _ready(url: str) -> None:
    rendering.say(f"Open {url} (stop with Ctrl-C).")
