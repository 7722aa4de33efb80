"""Commands imported when they are called, so that none waits for the others."""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    import click


class Commands(MutableMapping[str, "click.Command"]):
    """The commands of a group by name, each imported when it is asked for."""

    def __init__(self, places: Mapping[str, str]) -> None:
        """Take where each command is: ``module:name`` below `coopledger.cli`."""
        self._places = dict(places)
        self._known: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        """Return a command."""
        if name not in self._known:
            module, _, attribute = self._places[name].partition(":")
            found = import_module(f"coopledger.cli.{module}")
            self._known[name] = getattr(found, attribute)
        return self._known[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        """Take a command that a module of its group brings along."""
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        """Take a command away."""
        self._known.pop(name, None)
        del self._places[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names, of which none is imported for that."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)
