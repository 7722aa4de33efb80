"""What the plugin reads while a book loads, handed to whoever loads it.

The plugin and the command that loads a book want the same reading, and a large book
takes its time.  Nothing is kept beyond the load.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core import data

    from coopledger.domain.books import Books
    from coopledger.journal.chart import Chart
    from coopledger.law.policy import Policy


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of some entries.

    Attributes:
        entries: The entries, in their order.
        books: The cooperative data.
        policy: What governs them.
        chart: The chart of accounts.
    """

    entries: Sequence[data.Directive]
    books: Books
    policy: Policy
    chart: Chart

    def is_of(self, entries: Sequence[data.Directive]) -> bool:
        """Say whether it was made of these very entries, none more and none less."""
        is_as_long = len(self.entries) == len(entries)
        return is_as_long and all(map(is_, self.entries, entries))


_LISTENER: ContextVar[list[Reading] | None] = ContextVar("listener", default=None)


@contextmanager
def listening() -> Iterator[list[Reading]]:
    """Collect what the plugin reads meanwhile, in this thread."""
    heard: list[Reading] = []
    token = _LISTENER.set(heard)
    try:
        yield heard
    finally:
        _LISTENER.reset(token)


def heard_so_far() -> Sequence[Reading]:
    """Return what was read in the load that is under way, if anybody listens to it."""
    return tuple(_LISTENER.get() or ())


def tell(
    entries: Sequence[data.Directive], books: Books, policy: Policy, chart: Chart
) -> None:
    """Hand a reading to whoever listens, before the entries' list goes on its way."""
    heard = _LISTENER.get()
    if heard is not None:
        heard.append(Reading(tuple(entries), books, policy, chart))
