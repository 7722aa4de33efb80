"""Libraries that only some co-ops need, loaded when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from coopledger.errors import CoopledgerError


class LibraryMissingError(CoopledgerError):
    """What was asked for needs a library that is not installed."""

    def __init__(self, what: str, library: str, extra: str) -> None:
        """Say what needs it, and what to install."""
        super().__init__(
            f"{what} needs the package {library}, which is not installed here: "
            f"pip install 'coopledger[{extra}]'."
        )


def optional(library: str, extra: str, what: str) -> Any:
    """Return an optional library.

    Args:
        library: Its name as a module.
        extra: The extra of this program that brings it.
        what: What needs it, as the beginning of a sentence.

    Raises:
        LibraryMissingError: It is not installed.
    """
    try:
        return import_module(library)
    except ImportError:
        raise LibraryMissingError(what, library.partition(".")[0], extra) from None
