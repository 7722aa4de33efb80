"""All books of a federation, read in parallel and reduced to their summaries.

The work is handed to any `concurrent.futures` executor; only summaries come back.  A
book that cannot be had is named, and the others are reported all the same.
"""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import PresetUnknownError
from coopledger.journal.finding import MARKER
from coopledger.journal.finding import find_book
from coopledger.journal.finding import find_books
from coopledger.law.policy import Policy
from coopledger.law.preset import common_preset
from coopledger.law.preset import load_preset
from coopledger.law.preset import presets_read
from coopledger.law.preset import take_over
from coopledger.phrases import Phrase
from coopledger.services.federating.caching import Contents
from coopledger.services.federating.caching import contents_of
from coopledger.services.federating.caching import keep
from coopledger.services.federating.caching import keep_presets
from coopledger.services.federating.caching import kept
from coopledger.services.federating.caching import kept_presets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from coopledger.domain.books import Enterprise
    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.findings import Origin
    from coopledger.services.federating.reading import More
    from coopledger.services.federating.reading import Progress
    from coopledger.services.federating.reading import Result


#: How many files are digested at a time.
_THREADS = 2


class NoFederationError(CoopledgerError):
    """A book names no enterprises that it is made of."""

    def __init__(self, path: str) -> None:
        """Name the book and the line that is missing."""
        super().__init__(
            f"{path} is no federation's book: it names no enterprises with the paths "
            "of their books. Add a line for each: "
            'DATE custom "coop-enterprise" "ID" "../ID/main.beancount".'
        )


class NamelessFederationError(CoopledgerError):
    """A federation's book names enterprises, and does not say who it is itself."""

    def __init__(self, path: str) -> None:
        """Name the book and the line that is missing."""
        super().__init__(
            f"{path} names the federation's enterprises and gives no id of its own, by "
            "which their transfers could name it. Add a line without a path: "
            'DATE custom "coop-enterprise" "ID".'
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """A book that cannot be had.

    Attributes:
        id: Id of the enterprise, as the federation names it.
        path: Where its book should be.
        why: What is wrong, one sentence.
        origin: Where the federation names it.
    """

    id: str
    path: Path
    why: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Settings:
    """How a federation is read.

    Attributes:
        cache: Folder of kept summaries, or None to keep and use none.
        executor: What the work is handed to; by default two processes, where that is
            worthwhile.
        progress: Told how far it is.
        more: What else is taken of each enterprise's book, while it is loaded for
            its summary; every one is loaded then.
    """

    cache: Path | None = None
    executor: Executor | None = None
    progress: Progress | None = None
    more: More | None = None


@dataclass(frozen=True, slots=True)
class Federation:
    """A federation with all its enterprises that can be had.

    Attributes:
        own: The federation's own book.
        enterprises: The enterprises' books by id, in the order of the federation's.
        troubles: Those that cannot be had.
        paths: Top-level file by id, the federation's own included.
        asked: How many books had to be read, because no summary of them was kept.
        is_interrupted: Whether a run was killed while it wrote into the books.
        more: What else was asked for, by enterprise.
    """

    own: EnterpriseSummary
    enterprises: dict[str, EnterpriseSummary]
    troubles: tuple[Trouble, ...]
    paths: dict[str, Path]
    asked: int = 0
    is_interrupted: bool = False
    more: dict[str, object] = field(default_factory=dict)
    policy: Policy = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the federation under its own policy."""
        object.__setattr__(self, "policy", policy_of(self.own))

    @property
    def books(self) -> dict[str, EnterpriseSummary]:
        """All books by id: the federation's own, then its enterprises'."""
        return {self.own.id: self.own, **self.enterprises}


def policy_of(book: EnterpriseSummary) -> Policy:
    """Return what governs a book, by its summary."""
    return Policy(book.title, book.policies, book.choices, book.year_end, book.founded)


def gather(path: Path, settings: Settings | None = None) -> Federation:
    """Read a federation's book and those of all its enterprises.

    Args:
        path: The federation's book, or a folder of books of which one is a
            federation's.
        settings: How to read them.

    Raises:
        BookNotFoundError: There is no book.
        NoFederationError: None is a federation's.
        NamelessFederationError: It has no id of its own.
        BookUnreadableError: The federation's own book cannot be read.
    """
    how = settings or Settings()
    main, own = _federation_at(path, how)
    named = _named(own, main)
    more: dict[str, object] = {}
    found, failed, asked = _summaries(named, how, more)
    troubles = [
        Trouble(one.id, named[one.id], failed[one.id], one.origin)
        for one in own.enterprises
        if one.id in failed
    ]
    if how.cache:
        _know_presets(how.cache, (own, *found.values()))
    paths = {own.id: main, **named}
    interrupted = (main.parent / MARKER).exists()
    return Federation(own, found, tuple(troubles), paths, asked, interrupted, more)


def _federation_at(path: Path, how: Settings) -> tuple[Path, EnterpriseSummary]:
    """Return the book that names others, of those at a path."""
    mains = find_books(path)
    for main in mains if len(mains) == 1 else filter(_names_others, mains):
        summary = _own_summary(main.resolve(), how)
        if any(one.path for one in summary.enterprises):
            if not summary.id:
                raise NamelessFederationError(str(main))
            return main.resolve(), summary
    raise NoFederationError(str(path))


def _names_others(main: Path) -> bool:
    """Say whether a book may name others, without loading it."""
    return any(
        line.count(b'"') >= 6
        for path in contents_of(main).digests
        for line in path.read_bytes().splitlines()
        if b'"coop-enterprise"' in line
    )


def _own_summary(main: Path, how: Settings) -> EnterpriseSummary:
    contents = contents_of(main)
    found = kept(how.cache, contents) if how.cache else None
    if found is None:
        from coopledger.services.federating import reading  # noqa: PLC0415 - as below

        found, after, _ = reading.reduced(str(main))
        _keep(how, contents, after, found)
    return found


def _named(own: EnterpriseSummary, main: Path) -> dict[str, Path]:
    """Return where the enterprises' books should be, by id."""
    return {
        one.id: _path(one, main)
        for one in own.enterprises
        if one.path and one.id != own.id
    }


def _path(one: Enterprise, main: Path) -> Path:
    folder = Path(one.origin.file).parent if one.origin.file else main.parent
    # Unlike a path's own way to do so, it takes links that lead round in a circle.
    return Path(os.path.realpath(folder / one.path))


# --- all of them ----------------------------------------------------------------------


def _summaries(
    named: dict[str, Path], how: Settings, more: dict[str, object]
) -> tuple[dict[str, EnterpriseSummary], dict[str, str], int]:
    """Return summaries by id, why others are missing, and how many were read.

    What else was asked for of those is put into `more`.
    """
    found: dict[str, EnterpriseSummary] = {}
    failed: dict[str, str] = {}
    contents: dict[str, Contents] = {}
    cache = None if how.more else how.cache
    # Reading and digesting files lets other threads go on meanwhile.
    with ThreadPoolExecutor(_THREADS) as pool:
        for name, one in zip(named, pool.map(_contents, named.values()), strict=True):
            if not isinstance(one, Contents):
                failed[name] = one
                continue
            contents[name] = one
            summary = kept(cache, one) if cache else None
            if summary:
                found[name] = summary
    missing = {name: one for name, one in contents.items() if name not in found}
    for name, (summary, after, why, else_) in _read(missing, how, len(named)):
        if summary is None:
            failed[name] = why
        else:
            found[name] = summary
            more[name] = else_
            _keep(how, missing[name], after, summary)
    _refuse_strangers(found, failed)
    return {name: found[name] for name in named if name in found}, failed, len(missing)


def _contents(path: Path) -> Contents | str:
    """Return a book's files as they stand, or why they cannot be had."""
    try:
        contents = contents_of(find_book(path))
        # Worked out here, while other threads read.
        _ = contents.key
    except CoopledgerError as error:
        return error.words
    except OSError as error:
        return f"{error.filename or path}: {error.strerror or error}."
    return contents


def _refuse_strangers(
    found: dict[str, EnterpriseSummary], failed: dict[str, str]
) -> None:
    """Set books aside that say they are somebody else's."""
    for name, summary in list(found.items()):
        if summary.id != name:
            own = f"'{summary.id}'" if summary.id else Phrase("no id at all")
            failed[name] = Phrase(
                "{file} is not the book of '{name}': it gives {own} as its "
                "coop-enterprise. Correct the id, there or in the federation.",
                file=summary.origin.file,
                name=name,
                own=own,
            )
            del found[name]


def _know_presets(cache: Path, books: Iterable[EnterpriseSummary]) -> None:
    """Have the presets at hand that govern books, from an earlier run if need be.

    One that nobody has is told where it is asked for.
    """
    kept = kept_presets(cache)
    take_over(kept)
    for preset in {choice.preset for book in books for choice in book.policies}:
        with contextlib.suppress(PresetUnknownError):
            load_preset(preset)
            common_preset()
    if presets_read().keys() - kept.keys():
        keep_presets(cache, presets_read())


def _keep(
    how: Settings, contents: Contents, after: str, summary: EnterpriseSummary
) -> None:
    """Keep a summary, unless the book changed while it was read."""
    if how.cache and contents.key == after:
        keep(how.cache, contents, summary)


def _read(
    books: dict[str, Contents], how: Settings, total: int
) -> Iterable[tuple[str, Result]]:
    """Read books, where there are any to be read.

    What loads them, Beancount and the rules, is itself loaded only then.
    """
    if not books:
        return ()
    from coopledger.services.federating import reading  # noqa: PLC0415 - see above

    return reading.read_all(books, total, how.executor, how.progress, how.more)
