"""What stands between a browser and Fava on the same machine.

A server on 127.0.0.1 can be reached by every page that the same browser has open.
Nothing but the pages of the server itself may use it, and nothing that stands in a book
may run as a script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.services.shielding import shielded

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication
    from wsgiref.types import WSGIEnvironment

#: Where a request may come from; browsers say, other programs do not.
_OWN = frozenset({"same-origin", "none", ""})

_REFUSAL = (
    b"This server answers only to its own pages: open its address in the browser's "
    b"address line instead of following a link from another site.\n"
)


class Guard:
    """Lets a browser use an application from its own pages only.

    Attributes:
        app: The application.
        hosts: Names, with port, under which it may be asked for.
    """

    def __init__(self, app: WSGIApplication, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = hosts

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request, or refuse it."""
        is_own = environ.get("HTTP_SEC_FETCH_SITE", "") in _OWN
        start = shielded(start_response)
        if environ.get("HTTP_HOST", "") not in self.hosts or not is_own:
            start("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [_REFUSAL]
        return self.app(environ, start)
