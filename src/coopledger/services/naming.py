"""Names of files for proposals."""

from __future__ import annotations

from itertools import chain
from itertools import count
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopledger.journal.loading import Book


def free_name(book: Book, name: str) -> str:
    """Return the first name, numbered if need be, that no included file has yet."""
    taken = {PurePath(included).stem for included in book.options.get("include", ())}
    numbered = (f"{name}-{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)
