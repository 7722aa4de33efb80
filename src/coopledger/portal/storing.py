"""The one file that holds people, sessions, invitations and attempts.

It is an SQLite database, because several processes write it (two servers, the command
line) and an invitation has to be used up exactly once; see decision 10.  Only its owner
can read it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any
from typing import Self

from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The file's name inside the folder of the portal's state.
NAME = "people.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  member TEXT NOT NULL,
  password TEXT NOT NULL DEFAULT '',
  secret TEXT NOT NULL DEFAULT '',
  counter INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS invitations (
  digest TEXT PRIMARY KEY,
  name TEXT NOT NULL REFERENCES people(name) ON DELETE CASCADE,
  expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
  digest TEXT PRIMARY KEY,
  name TEXT NOT NULL REFERENCES people(name) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  started REAL NOT NULL,
  seen REAL NOT NULL,
  address TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attempts (key TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts (key, at);
"""


class StateNotSafeError(CoopledgerError):
    """Others can read or change what the portal keeps."""

    def __init__(self, path: Path) -> None:
        """Name the file and the way out."""
        super().__init__(
            f"{path} can be read or changed by other users of this machine, and it "
            f"holds what people sign in with. Take that right from them, for example "
            f"with: chmod go= '{path}'."
        )


class StateForeignError(CoopledgerError):
    """The folder is another user's, who could not read what is written into it."""

    def __init__(self, folder: Path) -> None:
        """Name whose it is, and the way out."""
        owner = _owner_of(folder)
        super().__init__(
            f"{folder} belongs to {owner}, who could not read what another user writes "
            f"there. Run this as {owner}, for example with runuser."
        )


def _owner_of(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:
        return f"user {folder.stat().st_uid}"


class Store:
    """A connection to the file; several threads may share it.

    Attributes:
        folder: The folder of the portal's state.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise StateForeignError(folder)
        path = folder / NAME
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if path.stat().st_mode & 0o077:
            raise StateNotSafeError(path)
        self._connection = sqlite3.connect(
            path, timeout=30, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA foreign_keys = ON")
        # Readers do not wait for writers; a power cut may end the latest sessions.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Do several things as one, or none of them."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def run(self, sql: str, *values: Any) -> int:
        """Change something; return how many rows changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Ask for rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Any:
        """Ask for the one row, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()
