"""Opening books in genuine Fava for the office, on this machine only."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import quote

from cheroot.wsgi import Server
from fava.application import _LedgerSlugLoader
from fava.application import create_app
from fava.core import FavaLedger
from fava.core import accounts

from coopledger.errors import CoopledgerError
from coopledger.fava_ext.capital import CapitalAccounts
from coopledger.fava_ext.guarding import Guard
from coopledger.journal.finding import find_books
from coopledger.journal.loading import collector_off
from coopledger.journal.overhearing import listening
from coopledger.services.hashing import hashed_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Flask


class PortTakenError(CoopledgerError):
    """Another program listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        """Name the port and the way out."""
        super().__init__(
            f"Port {port} on {host} cannot be had; another program, perhaps another "
            "'coopledger serve', is using it. Stop that one or give another port with "
            "--port."
        )


class NotThisMachineError(CoopledgerError):
    """Books were to be served to other machines."""

    def __init__(self, host: str) -> None:
        """Say why that is refused."""
        super().__init__(
            f"Books are served on this machine only (127.0.0.1), not on {host}: Fava "
            "asks nobody for a password, and whoever reaches it can read and change "
            "everything."
        )


class Ledger(FavaLedger):
    """A book in Fava, however many members are in one of its transactions."""

    def load_file(self) -> None:
        """Load; reckon each entry's hash once, and read what is cooperative once."""
        with hashed_once(accounts), listening():
            super().load_file()


class _Ledgers(_LedgerSlugLoader):
    """Where Fava keeps its ledgers."""

    def _load(self) -> list[FavaLedger]:
        paths = self.fava_app.config["BEANCOUNT_FILES"]
        return [Ledger(path, poll_watcher=self.poll_watcher) for path in paths]


def serve(
    paths: Sequence[Path],
    host: str = "127.0.0.1",
    port: int = 5000,
    *,
    read_only: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve books in Fava until interrupted.

    Args:
        paths: Books, or folders of books.
        host: An address of this machine alone.
        port: The port; 0 takes any that is free.
        read_only: Whether Fava may not change the books.
        on_ready: Is told the address of the first book's capital accounts, when all
            books are loaded.

    Raises:
        BookNotFoundError: There is no book at a path.
        NotThisMachineError: The host is an address that others can reach.
        PortTakenError: The port cannot be had.
    """
    server, app = prepare(paths, host, port, read_only=read_only)
    try:
        with collector_off():
            page = first_page(app)
        if on_ready is not None:
            on_ready(f"http://{host}:{server.bind_addr[1]}{page}")
        server.serve()
    except KeyboardInterrupt:
        return
    finally:
        server.stop()


def prepare(
    paths: Sequence[Path], host: str, port: int, *, read_only: bool
) -> tuple[Server, Flask]:
    """Take the port before the books are loaded, which may take a while."""
    if not _is_this_machine(host):
        raise NotThisMachineError(host)
    _refuse_taken(host, port)
    books = [str(book.resolve()) for path in paths for book in find_books(path)]
    app = create_app(books, read_only=read_only)
    app.config["LEDGERS"] = _Ledgers(app)
    server = Server((host, port), app)
    server.prepare()
    bound = server.bind_addr[1]
    server.wsgi_app = Guard(app, {f"{name}:{bound}" for name in (host, "localhost")})
    return server, app


def first_page(app: Flask) -> str:
    """Load all books; return the path of the first one's capital accounts."""
    books = app.config["LEDGERS"]
    slug, ledger = books.first_slug(), books.ledgers[0]
    if ledger.extensions.get_extension(CapitalAccounts.__qualname__) is None:
        return f"/{quote(slug)}/"
    return f"/{quote(slug)}/extension/{CapitalAccounts.__qualname__}/"


def _refuse_taken(host: str, port: int) -> None:
    """Try the port first: the server would leave its own attempt open."""
    try:
        socket.create_server((host, port)).close()
    except OSError:
        raise PortTakenError(host, port) from None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
