"""Sessions that the server keeps: they expire, can be listed, and can be ended."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.portal.people import People
from coopledger.portal.people import digest_of

if TYPE_CHECKING:
    from coopledger.portal.people import Person
    from coopledger.portal.storing import Store

#: A session ends after so many seconds in which nothing was asked for ...
IDLE = 30 * 60
#: ... and after so many in any case.
LONGEST = 12 * 60 * 60

#: How often it is written down that a session was used.
_NOTED = 60


@dataclass(frozen=True)
class Session:
    """One session of somebody.

    Attributes:
        digest: What it is known by here; not what the browser has.
        name: Whose it is.
        started: When it began.
        seen: When it was last used, to the minute.
        address: Where it was begun from.
    """

    digest: str
    name: str
    started: float
    seen: float
    address: str


class Sessions:
    """The sessions of everybody."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._people = People(store)

    def begin(self, person: Person, address: str) -> str:
        """Begin a session; return the token for the browser."""
        token = secrets.token_urlsafe(32)
        now = time.time()
        self._forget_old(now)
        self._store.run(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
            digest_of(token),
            person.name,
            person.version,
            now,
            now,
            address,
        )
        return token

    def whose(self, token: str) -> Person | None:
        """Return whose session a token is; None where it is over."""
        now = time.time()
        row = self._store.row(
            "SELECT * FROM sessions WHERE digest = ? AND seen > ? AND started > ?",
            digest_of(token),
            now - IDLE,
            now - LONGEST,
        )
        person = self._people.find(row["name"]) if row else None
        if not person or person.is_disabled or person.version != row["version"]:
            return None
        if now - row["seen"] > _NOTED:
            self._store.run(
                "UPDATE sessions SET seen = ? WHERE digest = ?", now, row["digest"]
            )
        return person

    def of(self, person: Person) -> list[Session]:
        """Return somebody's open sessions, the latest first."""
        return [one for one in self.all() if one.name == person.name]

    def all(self) -> list[Session]:
        """Return everybody's open sessions, the latest first."""
        now = time.time()
        rows = self._store.rows(
            "SELECT sessions.* FROM sessions JOIN people USING (name, version) "
            "WHERE NOT disabled AND seen > ? AND started > ? ORDER BY started DESC",
            now - IDLE,
            now - LONGEST,
        )
        keys = ("digest", "name", "started", "seen", "address")
        return [Session(*(row[key] for key in keys)) for row in rows]

    @staticmethod
    def digest(token: str) -> str:
        """Return what the session of a token is known by."""
        return digest_of(token)

    def end(self, token: str) -> None:
        """End the session of a token."""
        self._store.run("DELETE FROM sessions WHERE digest = ?", digest_of(token))

    def end_one(self, person: Person, digest: str) -> None:
        """End one of somebody's sessions."""
        sql = "DELETE FROM sessions WHERE digest = ? AND name = ?"
        self._store.run(sql, digest, person.name)

    def end_others(self, person: Person, token: str) -> None:
        """End all of somebody's sessions but that of a token."""
        sql = "DELETE FROM sessions WHERE name = ? AND digest <> ?"
        self._store.run(sql, person.name, digest_of(token))

    def end_all(self, name: str) -> None:
        """End all of somebody's sessions."""
        self._store.run("DELETE FROM sessions WHERE name = ?", name)

    def _forget_old(self, now: float) -> None:
        self._store.run(
            "DELETE FROM sessions WHERE seen <= ? OR started <= ?",
            now - IDLE,
            now - LONGEST,
        )
