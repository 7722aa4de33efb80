"""What is done about people from the command line, and written into the log."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.portal.auditing import AuditLog
from coopledger.portal.people import People
from coopledger.portal.storing import NAME
from coopledger.portal.storing import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Who does it, in the log: nobody signs in on the command line.
COMMANDS = "(command line)"
#: Where a server writes down under which address it is reached.
_ADDRESS = "address"


class NoPortalError(CoopledgerError):
    """There is nothing of a portal in a folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"There is no portal in {folder}: nobody has been added yet. Name its "
            "folder with --state, or add somebody with 'coopledger users add'."
        )


class Office:
    """People as the command line sees them."""

    def __init__(self, store: Store) -> None:
        self._people = People(store)
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

    def _link(self, name: str, hours: float) -> str:
        token = self._people.invite(name, hours)
        known = self._address
        base = known.read_text("utf-8").strip() if known.is_file() else "/"
        return f"{base}invitation/{token}"

    def _note(self, what: str, person: str) -> None:
        self._log.note(COMMANDS, what, person=person)


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
