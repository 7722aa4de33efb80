"""Loading a book with Beancount, without its pickle cache and without the collector.

A load creates no garbage that the cyclic collector could free, so that the collector
only costs time; and a stale pickle cache costs more than a load.  Both are switched off
while a book loads, for this process and for this load only.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.core import flags
from beancount.parser import grammar
from beancount.parser import lexer
from beancount.parser import parser

from coopledger.errors import BookUnreadableError
from coopledger.errors import NoPolicyError
from coopledger.journal.directives import is_cooperative
from coopledger.journal.directives import read_directive
from coopledger.journal.finding import find_book
from coopledger.journal.overhearing import listening
from coopledger.journal.reading import read_books
from coopledger.journal.records import read_records
from coopledger.journal.sayings import as_phrase
from coopledger.journal.sparing import spared
from coopledger.law.case import Case

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.domain.books import RuleSwitch
    from coopledger.journal.chart import Chart
    from coopledger.journal.overhearing import Reading

PLUGIN = "coopledger.plugin"

#: Errors after which part of a book is missing: lines, files, or a plugin's work.
_INCOMPLETE = (
    parser.ParserError,  # type: ignore[attr-defined]
    lexer.LexerError,
    grammar.ParserError,
    loader.LoadError,
)


@dataclass(frozen=True)
class Book:
    """One loaded book: Beancount's side, and ours as soon as it is asked for.

    Where the plugin has read the book while it loaded, its findings may be all that is
    wanted; a large book is not read a second time for nothing.

    Attributes:
        path: The top-level file, absolute.
        entries: Beancount's entries.
        errors: Beancount's errors, the plugin's findings among them.
        options: Beancount's options.
        heard: What the plugin read while it loaded.
    """

    path: Path
    entries: Sequence[data.Directive]
    errors: Sequence[Any]
    options: dict[str, Any]
    heard: Sequence[Reading] = field(default=(), repr=False, compare=False)

    @cached_property
    def _reading(self) -> tuple[Case, Chart]:
        known = self._heard()
        if known:
            return Case(known.books, known.policy), known.chart
        with collector_off():
            books, policy, chart = read_books(self.entries, self.options)
        return Case(books, policy), chart

    def _heard(self) -> Reading | None:
        """Return the plugin's reading, unless the book went on to change after it.

        Plugins may put other things into entries without making new ones; Beancount's
        own, which add what is padded, do not.
        """
        if not self.heard or self.options["plugin"][-1][0] != PLUGIN:
            return None
        last = self.heard[-1]
        return last if last.is_of(self.entries) else None

    @property
    def case(self) -> Case:
        """The cooperative data under its law."""
        return self._reading[0]

    @property
    def chart(self) -> Chart:
        """The chart of accounts."""
        return self._reading[1]

    @property
    def title(self) -> str:
        """What the book calls itself."""
        return str(self.options.get("title", ""))

    @property
    def is_cooperative(self) -> bool:
        """Whether there is a cooperative word in it."""
        return any(
            type(entry) is data.Custom and is_cooperative(entry)
            for entry in self.entries
        )

    @property
    def is_checked(self) -> bool:
        """Whether the plugin has checked it; it leaves other books alone."""
        return self.has_plugin and self.is_cooperative

    @property
    def has_plugin(self) -> bool:
        """Whether the top-level file switches the plugin on."""
        return any(name == PLUGIN for name, _ in self.options.get("plugin", ()))

    @property
    def switches(self) -> list[RuleSwitch]:
        """Which rules of practice are switched off or on, and why, in order of date."""
        written = [
            read_directive(entry)[0]
            for entry in self.entries
            if type(entry) is data.Custom and entry.type == "coop-rule"
        ]
        return read_records(one for one in written if one).switches

    def opened_after(self, day: datetime.date) -> dict[str, datetime.date]:
        """Return accounts that are opened after a day only, with that later day."""
        return {
            one.account: one.date
            for one in self.entries
            if type(one) is data.Open and one.date > day
        }

    def closed_before(self, day: datetime.date) -> dict[str, datetime.date]:
        """Return accounts that are closed before a day, with that earlier day."""
        return {
            one.account: one.date
            for one in self.entries
            if type(one) is data.Close and one.date < day
        }

    @property
    def opened(self) -> set[str]:
        """Names of all accounts that are opened."""
        return {one.account for one in self.entries if type(one) is data.Open}


@contextmanager
def collector_off() -> Iterator[None]:
    """Switch the cyclic garbage collector off for a while.

    What was made meanwhile counts as old afterwards: otherwise the collector would at
    once look through all of it, and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # Unless the program froze objects of its own, which must stay frozen.
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def load_entries(
    path: Path,
) -> tuple[Sequence[data.Directive], Sequence[Any], dict[str, Any]]:
    """Load a file with Beancount alone: entries, errors and options."""
    loader.initialize(use_cache=False)
    with collector_off(), spared():
        return loader.load_file(str(path.resolve()))


def load_book(path: Path) -> Book:
    """Load the one book at a path; it is read when its case is asked for.

    Args:
        path: As for `find_books`.

    Raises:
        BookNotFoundError: There is no book.
        SeveralBooksError: There are several.
    """
    main = find_book(path)
    with listening() as heard:
        entries, errors, options = load_entries(main)
    book = Book(main.resolve(), entries, errors, options, heard)
    if any(isinstance(error, loader.LoadError) for error in errors):
        # Perhaps it was our plugin that failed: reading says why in one sentence.
        _ = book.case
    return book


def load_sound_book(path: Path) -> Book:
    """Load a co-operative's book that Beancount could read to the end.

    Raises:
        BookUnreadableError: Lines, files or plugins are missing, so that figures would
            be wrong.
        NoPolicyError: There is nothing cooperative in it.
    """
    book = load_book(path)
    broken = [error for error in book.errors if isinstance(error, _INCOMPLETE)]
    if broken:
        raise BookUnreadableError(*_broken_at(book, broken[0]), len(broken))
    if not book.case.books.is_cooperative:
        raise NoPolicyError(str(book.path))
    return book


def _broken_at(book: Book, error: Any) -> tuple[str, str]:
    """Return where an error stands, and its words."""
    source = error.source or {}
    if source.get("lineno"):
        where = f"{source.get('filename', book.path)}:{source['lineno']}"
        return where, as_phrase(words_of(error))
    for entry in book.entries:
        # Beancount's own plugins stumble over it, and do not say where.
        if type(entry) is data.Custom and not entry.values:
            return ":".join(map(str, _place(entry))), f"'{entry.type}' has no values"
    return str(book.path), as_phrase(words_of(error))


def unpadded(book: Book) -> Case:
    """Read a book as the plugin sees it, which runs before Beancount pads."""
    pads = {_place(entry) for entry in book.entries if type(entry) is data.Pad}
    entries = [
        entry
        for entry in book.entries
        if type(entry) is not data.Transaction
        or entry.flag != flags.FLAG_PADDING
        or _place(entry) not in pads
    ]
    books, policy, _ = read_books(entries, book.options)
    return Case(books, policy)


def _place(entry: data.Directive) -> tuple[str, int]:
    return str(entry.meta.get("filename")), int(entry.meta.get("lineno", 0))


def words_of(error: Any) -> str:
    """Return an error's message as one line; of a traceback, its last line."""
    text, _, trace = str(error.message).partition("Traceback (most recent call last):")
    last = trace.strip().rpartition("\n")[2]
    line = " ".join(f"{text}{last}".split())
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line
    )
