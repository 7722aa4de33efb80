"""Guessing is slow: attempts to sign in are counted by name and by address."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopledger.portal.storing import Store

#: Attempts are counted over so many seconds.
WINDOW = 15 * 60
#: So many that failed shut a name out for the rest of that time ...
BY_NAME = 6
#: ... and so many an address, behind which there may be an office.
BY_ADDRESS = 30


class Throttle:
    """Counts attempts that failed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def admit(self, name: str, address: str) -> bool:
        """Say whether another attempt may be made, and count it as failed at once.

        Many attempts at the same moment are many attempts.
        """
        now = time.time()
        with self._store.changing():
            self._store.run("DELETE FROM attempts WHERE at <= ?", now - WINDOW)
            limits = {f"name {name[:64]}": BY_NAME, f"address {address}": BY_ADDRESS}
            sql = "SELECT count(*) AS number FROM attempts WHERE key = ?"
            for key, limit in limits.items():
                if self._store.row(sql, key)["number"] >= limit:
                    return False
            for key in limits:
                self._store.run("INSERT INTO attempts VALUES (?, ?)", key, now)
        return True

    def forgive(self, name: str, address: str) -> None:
        """Take back what was counted for somebody who has signed in."""
        self._store.run("DELETE FROM attempts WHERE key = ?", f"name {name[:64]}")
        self._store.run(
            "DELETE FROM attempts WHERE rowid IN "
            "(SELECT rowid FROM attempts WHERE key = ? ORDER BY at DESC LIMIT 1)",
            f"address {address}",
        )
