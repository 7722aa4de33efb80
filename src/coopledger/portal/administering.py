"""What is done about people from the command line, and written into the log."""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.portal.auditing import AuditLog
from coopledger.portal.people import People
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import NAME
from coopledger.portal.storing import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.portal.sessions import Session

#: Who does it, in the log: nobody signs in on the command line.
COMMANDS = "(command line)"
#: Where a server writes down under which address it is reached.
_ADDRESS = "address"
#: So much of what a session is known by tells it from all others.
_ID = 12


class NoPortalError(CoopledgerError):
    """There is nothing of a portal in a folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"There is no portal in {folder}: nobody has been added yet. Name its "
            "folder with --state, or add somebody with 'coopledger users add'."
        )


class NoSessionError(CoopledgerError):
    """An id is not that of one open session."""

    def __init__(self, digest: str) -> None:
        """Name the id and the way out."""
        super().__init__(
            f"There is no one open session whose id begins with '{digest}': it may be "
            "over. Take an id from the list that 'coopledger users sessions' prints."
        )


class Office:
    """People as the command line sees them."""

    def __init__(self, store: Store) -> None:
        self._people = People(store)
        self._sessions = Sessions(store)
        self._log = AuditLog(store.folder)
        self._address = store.folder / _ADDRESS

    def add(self, name: str, role: str, member: str, hours: float) -> str:
        """Add somebody; return the link for them."""
        self._people.add(name, role, member)
        self._note("people-add", name)
        return self._link(name, hours)

    def change_role(self, name: str, role: str, member: str) -> None:
        """Give somebody another role."""
        self._people.change_role(name, role, member)
        self._note("people-role", name)

    def everybody(self) -> list[dict[str, str]]:
        """Return everybody, without anything that one could sign in with."""
        return [
            {
                "name": one.name,
                "role": one.role,
                "member": one.member,
                "state": one.state,
                "second_factor": "yes" if one.secret else "no",
            }
            for one in self._people.all()
        ]

    def disable(self, name: str, *, is_disabled: bool) -> None:
        """Keep somebody out, or let them in again."""
        self._people.disable(name, is_disabled=is_disabled)
        self._note("people-disable" if is_disabled else "people-enable", name)

    def reset(self, name: str, hours: float) -> str:
        """Forget somebody's password and second factor; return the link for them."""
        self._people.reset(name)
        self._note("people-reset", name)
        return self._link(name, hours)

    def invite(self, name: str, hours: float) -> str:
        """Return a link for somebody."""
        link = self._link(name, hours)
        self._note("people-invite", name)
        return link

    def sessions(self) -> list[dict[str, str]]:
        """Return everybody's open sessions, the latest first; days and times are UTC.

        The id is part of a digest: nobody gets in with it.
        """
        return [
            {
                "id": one.digest[:_ID],
                "name": one.name,
                "started": _moment(one.started),
                "seen": _moment(one.seen),
                "address": one.address,
            }
            for one in self._sessions.all()
        ]

    def end_session(self, digest: str) -> str:
        """End the one session whose id begins so; return whose it was.

        Raises:
            NoSessionError: There is none, or more than one.
        """
        found = [one for one in self._sessions.all() if _begins(one, digest)]
        if len(found) != 1:
            raise NoSessionError(digest)
        person = self._people.named(found[0].name)
        self._sessions.end_one(person, found[0].digest)
        self._note("people-end", person.name)
        return person.name

    def end_sessions(self, name: str) -> int:
        """End all of somebody's sessions; return how many were open."""
        count = len(self._sessions.of(self._people.named(name)))
        self._sessions.end_all(name)
        self._note("people-end", name)
        return count

    def _link(self, name: str, hours: float) -> str:
        token = self._people.invite(name, hours)
        known = self._address
        base = known.read_text("utf-8").strip() if known.is_file() else "/"
        return f"{base}invitation/{token}"

    def _note(self, what: str, person: str) -> None:
        self._log.note(COMMANDS, what, person=person)


def _begins(session: Session, digest: str) -> bool:
    return bool(digest) and session.digest.startswith(digest)


def _moment(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(sep=" ", timespec="minutes")[:16]


@contextmanager
def opened(folder: Path, *, is_new: bool = False) -> Iterator[Office]:
    """Open what a portal keeps.

    Args:
        folder: Its folder.
        is_new: Whether it may be there for the first time.

    Raises:
        NoPortalError: It is not there.
    """
    if not is_new and not (folder / NAME).is_file():
        raise NoPortalError(folder)
    with Store(folder) as store:
        yield Office(store)


def remember_address(folder: Path, address: str) -> None:
    """Write down under which address the portal is reached, for later links."""
    (folder / _ADDRESS).write_text(f"{address}\n", "utf-8")
