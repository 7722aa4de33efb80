"""Hashes of entries, each reckoned once while a book loads.

Fava opens an entry by a hash over all of its postings.  It reckons it for each account
whose last entry it is: where one transaction has thousands of members, that is their
number squared.  `coopledger serve` gives Fava's reckoning a memory, which lasts as long
as one load of one book.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

#: What the load that is under way in this thread has reckoned: entry and hash, by the
#: entry's identity. The entry itself is kept, so that no other one has that identity.
_known: ContextVar[dict[int, tuple[object, str]]] = ContextVar("known")

#: How Fava's modules call the function.
_NAME = "hash_entry"


class HashedOnce:
    """A function that reckons hashes, with a memory while a book loads."""

    def __init__(self, reckon: Callable[[Any], str]) -> None:
        self._reckon = reckon

    def __call__(self, entry: object) -> str:
        """Return an entry's hash."""
        known = _known.get(None)
        if known is None:
            return self._reckon(entry)
        if id(entry) not in known:
            known[id(entry)] = entry, self._reckon(entry)
        return known[id(entry)][1]


@contextmanager
def hashed_once(home: Any) -> Iterator[None]:
    """Let a module of Fava's reckon each entry's hash once, until the end of the block.

    Args:
        home: The module, which knows the function as `hash_entry`.
    """
    reckon = getattr(home, _NAME)
    if not isinstance(reckon, HashedOnce):
        # It stays: without a load under way in its thread it does what it did before.
        setattr(home, _NAME, HashedOnce(reckon))
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)
