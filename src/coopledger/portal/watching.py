"""Clients that send slowly on purpose, and hold a thread while they do, are cut off."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from cheroot.server import HTTPConnection
from cheroot.server import HTTPRequest
from cheroot.wsgi import Gateway_10

from coopledger.portal.gate import READ

#: All of a request has to be there after so many seconds ...
SECONDS = 20.0
#: ... and all of its answer taken after so many more.
TAKEN = 120.0


class WatchedRequest(HTTPRequest):
    """A request whose line, headers and body have to come within a time."""

    def parse_request(self) -> None:
        """Read line and headers; the time goes on until the body was read too."""
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


class WatchedGateway(Gateway_10):
    """Tells the application how to say that it has read everything."""

    def get_environ(self) -> Any:
        """Return the request's environment."""
        environ: dict[str, Any] = super().get_environ()
        environ[READ] = self.req.watch.cancel
        return environ


def _cut_off(connection: Any) -> None:
    """Close a connection under whoever waits for it."""
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)
