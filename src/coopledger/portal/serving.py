"""Genuine Fava over ledgers that do not change while they are read.

One Fava application serves everybody under one prefix, because Fava keeps addresses in
a cache of the whole process.  Which ledger a request is about is written into that
request by the gate, and nothing else is found by any name.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from typing import Any

from fava.application import create_app
from fava.core import FavaLedger
from fava.core import accounts
from flask import request

from coopledger.journal.loading import collector_off
from coopledger.portal.shelling import AskingShell
from coopledger.services.hashing import hashed_once
from coopledger.services.wording import OWN
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import ItemsView
    from pathlib import Path

    from flask import Flask
    from flask.wrappers import Response

#: Where Fava is, seen from outside.
PREFIX = "/books"

#: What the gate writes into a request: the ledger, its name in addresses, the role.
LEDGER = "coopledger.ledger"
SLUG = "coopledger.slug"
ROLE = "coopledger.role"

#: How exact the clocks of file systems are, in nanoseconds.
_TICK = 20_000_000

#: What the portal adds to the sidebar: words and address.
_LINKS = [("My account", "/account")]


class Snapshot(FavaLedger):
    """A ledger as it was loaded; a change makes another one.

    Fava itself loads into the ledger that others are reading, which may show them half
    of the old one and half of the new one.
    """

    def __init__(self, path: Path) -> None:
        self._is_loaded = self._is_doubtful = False
        super().__init__(str(path.resolve()), poll_watcher=True)
        self.query_shell.shell = AskingShell(self)

    def load_file(self) -> None:
        """Load, the first time only."""
        if self._is_loaded:
            return
        begun = time.time_ns() - _TICK
        with collector_off(), hashed_once(accounts):
            super().load_file()
        # A file that was saved while it was read may have been read before.
        self._is_doubtful = begun <= self.watcher.last_checked <= time.time_ns()
        say = wording_of(self.fava_options.language or OWN)
        links = [(say(words), address) for words, address in _LINKS]
        self.misc.sidebar_links = [*self.misc.sidebar_links, *links]
        self._is_loaded = True

    def changed(self) -> bool:
        """Say no: whoever asks for the ledger again gets the new one."""
        return False

    @property
    def is_outdated(self) -> bool:
        """Whether a file of it has changed since."""
        return self._is_doubtful or bool(self.watcher.check())


class Current:
    """A book's latest snapshot.

    Attributes:
        path: The top-level file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._snapshot = Snapshot(path)

    def snapshot(self) -> Snapshot:
        """Return the book as it is now.

        While one request loads a book that has changed, the others read the old one.
        """
        if self._lock.acquire(blocking=False):
            try:
                if self._snapshot.is_outdated:
                    self._snapshot = Snapshot(self.path)
            finally:
                self._lock.release()
        return self._snapshot


class _OfTheRequest:
    """Stands where Fava keeps its ledgers; knows the one of the request."""

    @property
    def ledgers(self) -> list[FavaLedger]:
        """Return the one ledger."""
        return [request.environ[LEDGER]]

    def first_slug(self) -> str:
        """Return the one name."""
        return str(request.environ[SLUG])

    def items(self) -> ItemsView[str, FavaLedger]:
        """Return the one name with its ledger."""
        return {self.first_slug(): self.ledgers[0]}.items()

    def __getitem__(self, slug: str) -> FavaLedger:
        """Return the ledger, if it is asked for by its name."""
        return dict(self.items())[slug]


def make_fava() -> Flask:
    """Make the one application of Fava."""
    app = create_app([], poll_watcher=True)
    app.config["LEDGERS"] = _OfTheRequest()
    # What goes wrong unforeseen is the gate's to say.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.after_request(_add_style)
    return app


def _add_style(response: Response) -> Response:
    """Leave out of Fava's pages what a role has no use for.

    It is for the eye only: what may be done is decided by the gate.
    """
    if response.mimetype == "text/html" and not response.direct_passthrough:
        role: Any = request.environ.get(ROLE, "")
        link = f'<link rel="stylesheet" href="/style/{role}.css"></head>'
        response.set_data(response.get_data(as_text=True).replace("</head>", link, 1))
    return response
