"""Members as sheets name them: by id, or by a name that only one of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.errors import offer_nearest
from coopledger.services.importing.values import UnfitError
from coopledger.services.importing.words import compared

if TYPE_CHECKING:
    from coopledger.domain.members import Register


_SEVERAL = "is the name of several members"
_UNKNOWN = "stands in no line of the register"


class People:
    """Finds members by what a sheet calls them."""

    def __init__(self, register: Register) -> None:
        """Look the names of a register up once."""
        self._ids = set(register.events)
        self._called: dict[str, set[str]] = {}
        for member, events in register.events.items():
            for word in (member, *(event.name for event in events if event.name)):
                self._called.setdefault(compared(word), set()).add(member)

    def find(self, text: str) -> str:
        """Return the id of a member.

        Raises:
            UnfitError: Nobody is called so, or several are.
        """
        if text in self._ids:
            return text
        found = sorted(self._called.get(compared(text), ()))
        if len(found) == 1:
            return found[0]
        if found:
            raise UnfitError(_SEVERAL, f"Write one of: {', '.join(found)}.")
        near = offer_nearest(text, self._ids).removeprefix("; ")
        fix = "Import the members first."
        if self._ids:
            fix = f"Correct it, or import the member first; {near}"
        raise UnfitError(_UNKNOWN, fix)

    def named(self, name: str) -> list[str]:
        """Return the ids of everybody who is called so."""
        return sorted(self._called.get(compared(name), ()))
