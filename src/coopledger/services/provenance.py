"""Where figures come from: the book as it stood, and the program."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopledger.journal.loading import Book


def digests_of(book: Book) -> dict[str, str]:
    """Return the SHA-256 of every file of a book, by its path from the book's folder.

    Presets, which the plugin adds to the files that are watched, are no part of it.
    """
    presets = {
        str(layer.path)
        for preset in book.case.policy.presets
        for layer in preset.grounds
    }
    folder = book.path.parent
    files = {str(book.path), *map(str, book.options.get("include", ()))} - presets
    names = {os.path.relpath(file, folder).replace(os.sep, "/"): file for file in files}
    return {
        name: hashlib.sha256(Path(file).read_bytes()).hexdigest()
        for name, file in sorted(names.items())
    }


def digest_of(digests: Mapping[str, str]) -> str:
    """Return one digest for all files of a book, whatever they are called."""
    return hashlib.sha256("\n".join(sorted(digests.values())).encode()).hexdigest()


def made_by() -> str:
    """Name the program and its version."""
    try:
        return f"coopledger {version('coopledger')}"
    except PackageNotFoundError:
        return "coopledger (not installed)"
