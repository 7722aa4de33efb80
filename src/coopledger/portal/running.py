"""Putting the portal together and serving it."""

from __future__ import annotations

import logging
import os
import socket
import ssl
import threading
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Literal

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from coopledger.errors import CoopledgerError
from coopledger.portal.administering import remember_address
from coopledger.portal.auditing import AuditLog
from coopledger.portal.gate import LARGEST
from coopledger.portal.gate import Gate
from coopledger.portal.gate import Setting
from coopledger.portal.gate import is_this_machine
from coopledger.portal.pages import Pages
from coopledger.portal.pages import make_pages
from coopledger.portal.pages import refusals
from coopledger.portal.people import ROLES
from coopledger.portal.publishing import FOLDER
from coopledger.portal.publishing import LookedAt
from coopledger.portal.publishing import Published
from coopledger.portal.publishing import Publisher
from coopledger.portal.serving import Current
from coopledger.portal.serving import make_fava
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import Store
from coopledger.portal.watching import WatchedConnection
from coopledger.portal.watching import WatchedGateway

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.portal.publishing import Shelf

_log = logging.getLogger(__name__)

#: Who is served: everybody, or one side in a process of its own.
Side = Literal["everybody", "members", "staff"]

STAFF = frozenset(ROLES) - {"member"}

#: So many requests are answered at once.
_THREADS = 16
#: How often a publishing process looks for changes of the book, in seconds.
_LOOK = 5.0


class NotSafeThereError(CoopledgerError):
    """The portal was to be reached by others without encryption."""

    def __init__(self, host: str) -> None:
        """Say what to do."""
        super().__init__(
            f"The portal is not served on {host} without encryption: passwords and "
            "figures could be read on the way. Give --certificate and --key, or "
            "serve it on 127.0.0.1 behind a proxy that encrypts, with --proxy and "
            "--hostname."
        )


class PortalPortTakenError(CoopledgerError):
    """Another program listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        """Name the port and the way out."""
        super().__init__(
            f"Port {port} on {host} cannot be had. Stop the program that uses it, or "
            "give another port with --port."
        )


class CertificateError(CoopledgerError):
    """The certificate or its key cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        """Name the file and the reason."""
        super().__init__(
            f"The certificate {path} cannot be used with its key ({why}). Give a "
            "certificate and an unencrypted key as PEM files."
        )


class NothingPublishedError(CoopledgerError):
    """The members' side was given no folder of books that it can read."""

    def __init__(self, folder: Path) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"{folder} is no folder with members' books that this process can read. "
            "Name with --published the folder into which the staff's side publishes, "
            "and let this user's group read it."
        )


class BookMissingError(CoopledgerError):
    """A process that shows the full book was given none."""


@dataclass(frozen=True)
class Place:
    """Where and how the portal is served.

    Attributes:
        state: The folder of what it keeps.
        host: The address that it listens on.
        port: The port; 0 takes any that is free.
        hostname: The name under which browsers reach it; "" takes the address.
        certificate: The certificate and its key; None without.
        is_behind_proxy: Whether a proxy on this machine encrypts.
        side: Whom this process serves.
        published: Where members' books are published, if not inside the state.
        needs_factor: Roles that must have a second factor.
    """

    state: Path
    host: str = "127.0.0.1"
    port: int = 5000
    hostname: str = ""
    certificate: tuple[Path, Path] | None = None
    is_behind_proxy: bool = False
    side: Side = "everybody"
    published: Path | None = None
    needs_factor: Collection[str] = field(default=STAFF)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.is_behind_proxy or self.certificate is not None

    def hosts(self, port: int) -> set[str]:
        """Return the names under which it may be asked for, with their ports."""
        names = {self.hostname} if self.hostname else {self.host, "localhost"}
        usual = 443 if self.is_secure else 80
        found = {f"{name}:{port}" for name in names}
        return found | names if self.is_behind_proxy or port == usual else found


@contextmanager
def opened(book: Path | None, place: Place, port: int) -> Iterator[Gate]:
    """Put the portal together; take it apart at the end of the block.

    Args:
        book: The full book's top-level file; None where only members are served.
        place: Where it is served.
        port: The port that browsers name.

    Raises:
        BookMissingError: A book is needed and none is given.
        NothingPublishedError: Members' books cannot be read where they should be.
    """
    is_for_members_only = place.side == "members"
    if book is None and not is_for_members_only:
        message = "Name the book to serve with --book."
        raise BookMissingError(message)
    folder = place.published or place.state / FOLDER
    if is_for_members_only and not os.access(folder, os.R_OK | os.X_OK):
        raise NothingPublishedError(folder)
    setting = Setting(
        place.hosts(port), place.is_secure, place.is_behind_proxy, place.needs_factor
    )
    with Store(place.state) as store, closing(AuditLog(place.state)) as log:
        current = None if is_for_members_only or book is None else Current(book)
        publisher = _publisher(current, folder, place)
        shelf: Shelf | None = publisher or Published(folder)
        pages = Pages(
            title=current.snapshot().options["title"] if current else "coopledger",
            store=store,
            sessions=Sessions(store),
            log=log,
            setting=setting,
            members=publisher.members if publisher else tuple,
            looked_at=publisher.looked_at if publisher else LookedAt,
        )
        shown = None if place.side == "staff" else shelf
        app = make_pages(pages)
        gate = Gate(
            setting=setting,
            sessions=pages.sessions,
            log=log,
            pages=app,
            refusal=refusals(pages, app),
            fava=make_fava(),
            full=current,
            shelf=shown,
        )
        with _publishing(publisher if place.side == "staff" else None):
            yield gate


def _publisher(current: Current | None, folder: Path, place: Place) -> Publisher | None:
    """Return who publishes; a folder of its own may be read by the group."""
    if current is None:
        return None
    return Publisher(current, folder, 0o640 if place.published else 0o600)


@contextmanager
def _publishing(publisher: Publisher | None) -> Iterator[None]:
    """Publish again and again for another process, until the end of the block."""
    if publisher is None:
        yield
        return
    publisher.publish_all()
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(_LOOK):
            try:
                publisher.publish_all()
            except Exception:  # noqa: BLE001 - whatever it is, members wait for the next try
                # A full disk, or a book in the middle of a change: it is tried again.
                _log.exception("Members' books could not be published.")

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def prepare(place: Place) -> Server:
    """Take the port, before a book is loaded, which may take a while.

    Raises:
        NotSafeThereError: Others could read along.
        PortalPortTakenError: The port cannot be had.
        CertificateError: The certificate cannot be used.
    """
    if not place.certificate and not is_this_machine(place.host):
        raise NotSafeThereError(place.host)
    _refuse_taken(place.host, place.port)
    server = Server(
        (place.host, place.port),
        _not_yet,
        numthreads=_THREADS,
        max=_THREADS,
        request_queue_size=128,
        timeout=10,
    )
    server.gateway = WatchedGateway
    server.ConnectionClass = WatchedConnection
    server.max_request_body_size = LARGEST
    server.max_request_header_size = 16 * 1024
    if place.certificate:
        server.ssl_adapter = _adapter(*place.certificate)
    server.prepare()
    return server


def serve(
    book: Path | None, place: Place, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve the portal until interrupted.

    Args:
        book: The full book's top-level file, where this process has one.
        place: Where it is served.
        on_ready: Is told the address, when the book is loaded.
    """
    server = prepare(place)
    try:
        port = server.bind_addr[1]
        with opened(book, place, port) as gate:
            server.wsgi_app = gate
            name = place.hostname or place.host
            shown = name if place.is_behind_proxy else f"{name}:{port}"
            address = f"{gate.setting.scheme}://{shown}/"
            remember_address(place.state, address)
            if on_ready is not None:
                on_ready(address)
            server.serve()
    except KeyboardInterrupt:
        return
    finally:
        server.stop()


def _not_yet(environ: object, start_response: Callable[..., object]) -> list[bytes]:
    """Answer before there is a book."""
    del environ
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"Not ready yet.\n"]


def _refuse_taken(host: str, port: int) -> None:
    """Try the port first: the server would leave its own attempt open."""
    try:
        socket.create_server((host, port)).close()
    except OSError:
        raise PortalPortTakenError(host, port) from None


def _adapter(certificate: Path, key: Path) -> BuiltinSSLAdapter:
    try:
        adapter = BuiltinSSLAdapter(str(certificate), str(key))
    except (OSError, ssl.SSLError) as error:
        raise CertificateError(certificate, str(error)) from None
    adapter.context.minimum_version = ssl.TLSVersion.TLSv1_2
    return adapter
