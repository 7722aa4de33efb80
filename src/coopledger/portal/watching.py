"""Clients that send slowly on purpose, and hold a thread while they do, are cut off.

Whoever is still sending what was refused is heard out for a moment: a connection that
is closed under a sender loses the answer, and a proxy says 502 in its place.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Any

from cheroot.server import HTTPConnection
from cheroot.server import HTTPRequest
from cheroot.wsgi import Gateway_10

from coopledger.portal.gate import LARGEST
from coopledger.portal.gate import READ

#: All of a request has to be there after so many seconds ...
SECONDS = 20.0
#: ... and all of its answer taken after so many more.
TAKEN = 120.0
#: What was refused unread is taken for so many seconds before the connection ends ...
LINGERING = 2.0
#: ... and so many bytes of it.
LINGERED = 16 * LARGEST


class WatchedRequest(HTTPRequest):
    """A request whose line, headers and body have to come within a time."""

    def parse_request(self) -> None:
        """Read line and headers; the time goes on until the body was read too."""
        self.conn.is_read = False
        self._cut_off_after(SECONDS)
        super().parse_request()
        if not self.ready:
            self.watch.cancel()
        # Such a body is refused unread, and must not pass for the next request.
        self.close_connection |= self.chunked_read

    def send_headers(self) -> None:
        """Begin to answer, and watch that the answer is taken."""
        self.watch.cancel()
        self._cut_off_after(TAKEN)
        super().send_headers()

    def _cut_off_after(self, seconds: float) -> None:
        self.watch = threading.Timer(seconds, _cut_off, (self.conn,))
        self.watch.daemon = True
        self.watch.start()

    def respond(self) -> None:
        """Answer, and stop the time in any case."""
        try:
            super().respond()
        finally:
            self.watch.cancel()


class WatchedConnection(HTTPConnection):
    """A connection with such requests."""

    RequestHandlerClass = WatchedRequest
    #: Whether all of the latest request was read.
    is_read = True

    def communicate(self) -> bool:
        """Answer a request; say whether another one may follow."""
        is_kept = bool(super().communicate())
        if not is_kept and not self.is_read:
            with suppress(OSError):
                self._hear_out()
        return is_kept

    def _hear_out(self) -> None:
        """Say that the answer is over, and take what is still being sent."""
        self.socket.shutdown(socket.SHUT_WR)
        end, left = time.monotonic() + LINGERING, LINGERED
        while left > 0 and (seconds := end - time.monotonic()) > 0:
            self.socket.settimeout(seconds)
            taken = len(self.socket.recv(65536))
            left = left - taken if taken else 0


class WatchedGateway(Gateway_10):
    """Tells the application how to say that it has read everything."""

    def get_environ(self) -> Any:
        """Return the request's environment."""
        environ: dict[str, Any] = super().get_environ()
        environ[READ] = self._is_read
        return environ

    def _is_read(self) -> None:
        self.req.watch.cancel()
        self.req.conn.is_read = True


def _cut_off(connection: Any) -> None:
    """Close a connection under whoever waits for it."""
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)
