"""Genuine Fava over ledgers that do not change while they are read.

One Fava application serves everybody under one prefix, because Fava keeps addresses in
a cache of the whole process.  Which ledger a request is about is written into that
request by the gate, and nothing else is found by any name.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from fava.application import create_app
from fava.core import FavaLedger
from fava.core import accounts
from flask import request

from coopledger.journal.loading import collector_off
from coopledger.journal.overhearing import listening
from coopledger.portal.shelling import AskingShell
from coopledger.services.hashing import hashed_once
from coopledger.services.wording import OWN
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import ItemsView

    from flask import Flask
    from flask.wrappers import Response

#: Where Fava is, seen from outside.
PREFIX = "/books"

#: What the gate writes into a request: the ledger, its name in addresses, the role.
LEDGER = "coopledger.ledger"
SLUG = "coopledger.slug"
ROLE = "coopledger.role"

#: How exact the clocks of file systems are, in nanoseconds.
TICK = 20_000_000
#: A book that is being written is read so many times before the old one is kept.
_TRIES = 3

#: What the portal adds to the sidebar: words and address.
_LINKS = [("My account", "/account")]


class Snapshot(FavaLedger):
    """A ledger as it was loaded; a change makes another one.

    Fava itself loads into the ledger that others are reading, which may show them half
    of the old one and half of the new one.
    """

    def __init__(self, path: Path) -> None:
        self._is_loaded = False
        super().__init__(str(path.resolve()), poll_watcher=True)
        self.query_shell.shell = AskingShell(self)

    def load_file(self) -> None:
        """Load, the first time only."""
        if self._is_loaded:
            return
        begun = time.time_ns() - TICK
        with collector_off(), hashed_once(accounts), listening() as heard:
            super().load_file()
        #: What the plugin read of it, which need not be read again.
        self.heard = tuple(heard)
        self._traces = self._traces_now()
        #: Whether a file was written while it was read, and may have been read in half.
        self.is_doubtful = any(trace[1] >= begun for trace in self._traces)
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
        return self.is_doubtful or self._traces != self._traces_now()

    @property
    def unread(self) -> int:
        """How many places of the text could not be read, and are not in it."""
        readers = ("beancount.loader", "beancount.parser")
        return sum(type(one).__module__.startswith(readers) for one in self.errors)

    def _traces_now(self) -> set[tuple[str, int, int, int]]:
        """Return what every writing of a file changes, and every file put in its place.

        Whatever a file says of when it was written: a copy may be older than the last.
        """
        files, folders = self.paths_to_watch()
        watched = {Path(self.beancount_file_path), *files}
        if self.unread:
            # A file that could not be found appears in a folder.
            watched |= {path.parent for path in watched}
        watched |= {Path(path) for one in folders for path, _, _ in os.walk(one)}
        return {_trace(path) for path in watched}


def _trace(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return str(path), 0, 0, 0
    return str(path), found.st_ctime_ns, found.st_size, found.st_ino


class Current:
    """A book's latest snapshot.

    Attributes:
        path: The top-level file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._snapshot = self._whole = Snapshot(path)

    def snapshot(self) -> Snapshot:
        """Return the book as it is now.

        While one request loads a book that has changed, the others read the old one.
        """
        if self._lock.acquire(blocking=False):
            try:
                if self._snapshot.is_outdated:
                    self._load()
            finally:
                self._lock.release()
        return self._snapshot

    def whole(self) -> Snapshot:
        """Return the book as it was last read without new mistakes in its form.

        A line that cannot be read is missing from a book, and with it somebody's money.
        """
        latest = self.snapshot()
        if latest.unread <= self._whole.unread:
            self._whole = latest
        return self._whole

    def _load(self) -> None:
        """Load the book when nobody writes it; keep the old one where they never stop.

        A file may be empty for a moment before what is new stands in it.
        """
        # Books refer to themselves: those before would stay in memory for long.
        gc.collect()
        for _ in range(_TRIES):
            time.sleep(TICK / 1_000_000_000)
            try:
                found = Snapshot(self.path)
            except (OSError, ValueError):
                # Fava's answer to a file that is not there.
                continue
            if not found.is_doubtful:
                self._snapshot = found
                return


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
