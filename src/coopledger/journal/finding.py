"""Where books are, found without loading any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.errors import BookNotFoundError
from coopledger.errors import SeveralBooksError

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "main.beancount"

#: What stands beside a federation's book while several books are written.
MARKER = ".coopledger-writing.json"


def find_books(path: Path) -> list[Path]:
    """Return the top-level files of the book or books at a path.

    Args:
        path: A Beancount file, a folder with a ``main.beancount``, or a folder of such
            folders.

    Raises:
        BookNotFoundError: There is no book.
    """
    if path.is_file():
        return [path]
    if (path / MAIN).is_file():
        return [path / MAIN]
    found = sorted(path.glob(f"*/{MAIN}"))
    if not found:
        raise BookNotFoundError(str(path))
    return found


def find_book(path: Path) -> Path:
    """Return the top-level file of the one book at a path.

    Raises:
        BookNotFoundError: There is no book.
        SeveralBooksError: There are several.
    """
    found = find_books(path)
    if len(found) > 1:
        raise SeveralBooksError(str(path), [book.parent.name for book in found])
    return found[0]
