"""Books read and reduced to their summaries, in parallel where that is worthwhile.

This is what loads Beancount and the rules, and what needs neither while nothing changed
goes without it.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import BrokenExecutor
from concurrent.futures import Future
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.journal.loading import load_sound_book
from coopledger.journal.querying import forget
from coopledger.services.federating.caching import contents_of
from coopledger.services.federating.summarising import summary_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping
    from concurrent.futures import Executor

    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.journal.loading import Book
    from coopledger.services.federating.caching import Contents

    #: Told how many books are read, and how many there are.
    Progress = Callable[[int, int], None]
    #: What else is taken of a book while it is loaded: something small, by a function
    #: that another process can be given.
    More = Callable[[Book], object]
    #: Summary and key, or None and, in the third place, why there is none; and what
    #: else was asked for.
    Result = tuple[EnterpriseSummary | None, str, str, object]

#: How many books are read at a time.
PROCESSES = 2
#: Below this many bytes of books another process costs more than it saves.
_WORTHWHILE = 2_000_000


def reduced(
    main: str, more: More | None = None
) -> tuple[EnterpriseSummary, str, object]:
    """Load a book once and reduce it.

    Returns:
        Its summary; the key of its files as they stand after the load, or "" where
        it has others than are known; and what else was asked for.
    """
    path = Path(main)
    book = load_sound_book(path)
    included = {Path(name) for name in book.options.get("include", ())}
    files = {one.resolve() for one in included if one.suffix != ".toml"}
    after = contents_of(path)
    is_known = files <= set(after.digests)
    summary = summary_of(book)
    found = more(book) if more else None
    forget(str(book.path))
    return summary, after.key if is_known else "", found


def summarised(main: str, more: More | None = None) -> Result:
    """Reduce the book at a path, in whatever process.

    Returns:
        Summary and key, or None and, in the third place, why there is none; and what
        else was asked for.
    """
    try:
        summary, key, found = reduced(main, more)
    except CoopledgerError as error:
        return None, "", error.words, None
    except OSError as error:
        return None, "", f"{error.filename or main}: {error.strerror or error}.", None
    return summary, key, "", found


def read_all(
    books: Mapping[str, Contents],
    total: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
    more: More | None = None,
) -> Iterator[tuple[str, Result]]:
    """Read books in parallel, in whatever order they are done.

    Args:
        books: Their files, by id.
        total: How many books there are, those included that need no reading.
        executor: What the work is handed to; by default two processes, where that is
            worthwhile.
        progress: Told how far it is.
        more: What else is taken of each.
    """
    task = partial(summarised, more=more)
    done = total - len(books)
    mains = {name: str(contents.main) for name, contents in books.items()}
    sizes = {name: contents.size for name, contents in books.items()}
    with _executor(sizes.values(), executor) as given:
        if given is None:
            results = ((name, task(main)) for name, main in mains.items())
        else:
            # What takes longest comes first, so that nobody waits for it at the end.
            futures = {
                _submitted(given, partial(task, mains[name])): name
                for name in sorted(sizes, key=lambda name: -sizes[name])
            }
            results = (
                (futures[one], _outcome(one, partial(task, mains[futures[one]])))
                for one in as_completed(futures)
            )
        for result in results:
            done += 1
            if progress:
                progress(done, total)
            yield result


def _submitted(executor: Executor, task: Callable[[], Result]) -> Future[Result]:
    """Hand a book over; where processes are gone already, say so when it is asked."""
    try:
        return executor.submit(task)
    except BrokenExecutor as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        return failed


def _outcome(future: Future[Result], again: Callable[[], Result]) -> Result:
    """Return what came of a book; where its process was killed, read it here."""
    try:
        return future.result()
    except BrokenExecutor:
        return again()


@contextmanager
def _executor(
    sizes: Collection[int], executor: Executor | None
) -> Iterator[Executor | None]:
    """Give what the work is handed to; None where it is best done here."""
    if executor is not None:
        yield executor
    elif len(sizes) < 2 or sum(sizes) < _WORTHWHILE:
        yield None
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
            yield pool
