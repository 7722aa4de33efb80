"""A bar that shows how far something is."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

#: Seconds of work from which on a bar is shown.
_PATIENCE = 2.0


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far something is, on a terminal and after a while only.

    Args:
        doing: What is done to one book, or member, after the other.
    """
    began = time.monotonic()
    is_seen = sys.stderr.isatty()
    shown = False

    def progress(done: int, total: int) -> None:
        nonlocal shown
        if is_seen and (shown or time.monotonic() - began > _PATIENCE):
            shown = True
            filled = "#" * (30 * done // total)
            click.echo(f"\r{doing} [{filled:30}] {done} of {total}", nl=False, err=True)

    yield progress
    if shown:
        click.echo(err=True)
