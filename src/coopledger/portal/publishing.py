"""Members' books as files, each one proved before it is written."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import threading
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol
from typing import cast

from coopledger.errors import CoopledgerError
from coopledger.journal.loading import collector_off
from coopledger.portal.composing import written
from coopledger.portal.deriving import divide
from coopledger.portal.proving import NotPublishedError
from coopledger.portal.proving import prove
from coopledger.portal.serving import Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coopledger.portal.deriving import Division
    from coopledger.portal.serving import Current

_log = logging.getLogger(__name__)

#: The folder of published books inside the portal's state.
FOLDER = "published"
_BOOK = "book.beancount"

#: How many seconds a page waits for all members' books to be looked at.
_PATIENCE = 1.0
#: So many members' books are kept open; the others are opened again when asked for.
_OPEN = 300


class NoBookError(CoopledgerError):
    """A member has no book that may be shown."""

    def __init__(self) -> None:
        """Say so without saying why: the reason may be somebody else's."""
        super().__init__(
            "Your book cannot be shown at the moment. Please tell whoever keeps the "
            "books of your co-operative; they can see the reason."
        )


class Shelf(Protocol):
    """Where members' books are taken from."""

    def ledger_of(self, member: str) -> Snapshot:
        """Return a member's own book.

        Raises:
            NoBookError: There is none that may be shown.
        """


def place_of(folder: Path, member: str) -> Path:
    """Return where a member's book is published; the name says nothing."""
    name = hashlib.sha256(f"coopledger {member}".encode()).hexdigest()[:32]
    return folder / name / _BOOK


class Published:
    """Members' books that another process has published."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: dict[str, Snapshot] = {}

    def ledger_of(self, member: str) -> Snapshot:
        """Return a member's own book, as it was last published."""
        path = place_of(self._folder, member)
        with self._lock:
            known = self._open.pop(member, None)
            if not path.is_file():
                raise NoBookError
            if known is None or known.is_outdated:
                known = Snapshot(path)
            self._open[member] = known
            while len(self._open) > _OPEN:
                del self._open[next(iter(self._open))]
        return known


@dataclass(frozen=True)
class LookedAt:
    """What is known of members' books.

    Attributes:
        refused: Why books are not shown, by member.
        waiting: How many nobody has asked for since the full book changed.
    """

    refused: Mapping[str, str] = field(default_factory=dict)
    waiting: int = 0


class Publisher:
    """Divides the full book whenever it has changed, and publishes what is proved."""

    def __init__(self, book: Current, folder: Path, mode: int = 0o600) -> None:
        self._book = book
        self._folder = folder
        self._mode = mode
        self._lock = threading.RLock()
        self._published = Published(folder)
        self._source: Snapshot | None = None
        self._division: Division | None = None
        self._done: set[str] = set()
        self._refused: dict[str, str] = {}
        self._looking: threading.Thread | None = None
        folder.mkdir(mode=_of_folder(mode), parents=True, exist_ok=True)

    def ledger_of(self, member: str) -> Snapshot:
        """Return a member's own book, of the full book as it is now."""
        with self._lock:
            division = self._current()
            self._publish(division, member)
        return self._published.ledger_of(member)

    def publish_all(self) -> None:
        """Publish everybody's book; take away those of people who are gone.

        A book that fails unforeseen holds up nobody else's; the first failure is raised
        when all have been tried.
        """
        failures: list[Exception] = []
        for member in self.members():
            # One after the other: whoever asks for their own book comes in between.
            with self._lock:
                division = self._current()
                try:
                    if member in division.shares:
                        self._publish(division, member)
                except Exception as error:  # noqa: BLE001 - raised below
                    failures.append(error)
        kept = {place_of(self._folder, one).parent.name for one in self.members()}
        for folder in self._folder.iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder)
        if failures:
            raise failures[0]

    def looked_at(self) -> LookedAt:
        """Return which books are shown, as far as it is known of the present book.

        What is not known yet is found out meanwhile; for a small book that is waited
        for, for a large one it is not.
        """
        if self._known().waiting:
            self._begin().join(_PATIENCE)
        return self._known()

    def _known(self) -> LookedAt:
        with self._lock:
            members = self._current().shares.keys()
            return LookedAt(dict(self._refused), len(members - self._done))

    def _begin(self) -> threading.Thread:
        """Look at everybody's book in a thread of its own, unless one is at it."""
        with self._lock:
            if self._looking is None or not self._looking.is_alive():
                self._looking = threading.Thread(target=self._look, daemon=True)
                self._looking.start()
            return self._looking

    def _look(self) -> None:
        try:
            self.publish_all()
        except Exception:  # noqa: BLE001 - whatever it is, the next who asks tries again
            _log.exception("Members' books could not be published.")

    def members(self) -> list[str]:
        """Everybody who has a book."""
        with self._lock:
            return list(self._current().shares)

    def _current(self) -> Division:
        source = self._book.whole()
        if self._division is None or source is not self._source:
            entries = cast("Any", source.all_entries)
            with collector_off():
                self._division = divide(entries, {**source.options}, source.heard)
            self._source = source
            self._done.clear()
            self._refused.clear()
        return self._division

    def _publish(self, division: Division, member: str) -> None:
        """Publish a member's book, or take away the old one."""
        if member in self._done:
            return
        path = place_of(self._folder, member)
        try:
            text = _proved(division, member)
        except NotPublishedError as error:
            self._refused[member] = error.why
            path.unlink(missing_ok=True)
        except Exception:
            # What is not proved is not shown, nor is what was proved before.
            path.unlink(missing_ok=True)
            raise
        else:
            if not path.is_file() or path.read_text("utf-8") != text:
                _write(path, text, self._mode)
        # Not before: whatever fails on the way is tried again, and no old book shown.
        self._done.add(member)


def _proved(division: Division, member: str) -> str:
    if member not in division.shares:
        raise NotPublishedError(member, "the book knows no such member")
    text = written(division, member)
    prove(text, division, member)
    return text


def _of_folder(mode: int) -> int:
    """Return the rights of a folder, whose files have these, to those who read them."""
    return mode | (mode & 0o444) >> 2


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file at once, readable by nobody else before it is complete."""
    path.parent.mkdir(mode=_of_folder(mode), exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
    ) as file:
        file.write(text.encode("utf-8"))
    new.replace(path)
