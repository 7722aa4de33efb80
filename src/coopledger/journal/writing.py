"""Writing proposals into files, without ever losing one.

A proposal goes into a file of its own; the top-level file gains one ``include`` line.
Both are first written beside their place, loaded together with the plugin on, and only
then renamed into place, so that an interruption leaves the books as they were.
"""

from __future__ import annotations

import contextlib
import hashlib
import posixpath
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.placing import beside
from coopledger.journal.placing import clear_beside
from coopledger.journal.placing import put_file
from coopledger.journal.placing import read_text
from coopledger.journal.placing import write_text
from coopledger.journal.planning import as_text

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.domain.findings import Finding
    from coopledger.journal.loading import Book
    from coopledger.journal.planning import Planned

    #: Checks the book at a path, its Beancount errors among the findings, as of a day.
    Checker = Callable[[Path, datetime.date], Sequence[Finding]]

#: Folder, beside the top-level file, that proposals are written to.
FOLDER = "closings"

#: A line that includes a file, or all files of a pattern.
_INCLUDE = re.compile(r'^include[ \t]+"([^"\n]*)"', re.MULTILINE)


class BookChangedError(CoopledgerError):
    """Somebody else saved the book while a proposal for it was being checked."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(
            f"{path} was changed by somebody else at this very moment, so that nothing "
            "was written; run the command again."
        )


class ProposalUncleanError(CoopledgerError):
    """A proposal would bring errors into the book, so that it was not written."""

    def __init__(self, first: str, count: int) -> None:
        """Quote the first error."""
        super().__init__(
            f"The proposal was not written: with it the book shows {count} more "
            f"finding(s), the first being: {first}"
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal on its way into a book.

    Attributes:
        main: The top-level file.
        target: The new file.
        text: What stands in it.
        until: The last day that it says anything of.
        digest: That of the top-level file's text, which can be large.
    """

    main: Path
    target: Path
    text: str
    until: datetime.date
    digest: bytes

    def try_out(self, check: Checker) -> None:
        """Put the proposal beside its place, and check the book with it.

        Raises:
            ProposalUncleanError: With it the book would show more findings than before.
        """
        staged, staged_main = beside(self.target), beside(self.main)
        self.target.parent.mkdir(exist_ok=True)
        write_text(staged, self.text, like=self.main)
        without = _without(read_text(self.main), relative_name(self.target))
        trial = _with_include(without, relative_name(staged))
        write_text(staged_main, trial, like=self.main)
        known = {(one.rule, one.found) for one in check(self.main, self.until)}
        _refuse_unclean(self.until, known, check(staged_main, self.until))

    def refuse_changed(self) -> None:
        """Refuse to go on where somebody else saved the book meanwhile.

        Raises:
            BookChangedError: Somebody did.
        """
        if _digest(self.main) != self.digest:
            raise BookChangedError(str(self.main))

    def put(self) -> None:
        """Put both files in their places.

        The new file goes first: until the top-level file names it, it is not there.
        """
        put_file(self.target, self.text, like=self.main)
        include_in(self.main, self.target)

    def clear(self) -> None:
        """Take away what stands beside the places."""
        clear_beside(self.target, self.main)
        with contextlib.suppress(OSError):
            self.target.parent.rmdir()


def draft_of(
    book: Book, name: str, planned: Sequence[Planned], *, force: bool = False
) -> Draft:
    """Return a proposal as it would be written beside a book and included.

    Args:
        book: The book.
        name: Name of the new file, without folder and ending.
        planned: The proposal's transactions.
        force: Whether a file of that name may be replaced.

    Raises:
        FileExistsAlreadyError: There is a file of that name with something else in it.
    """
    until = max(plan.date for plan in planned)
    lines = as_text(planned, book)
    return draft_of_lines(book, f"{FOLDER}/{name}", lines, until, force=force)


def draft_of_lines(
    book: Book, place: str, lines: str, until: datetime.date, *, force: bool = False
) -> Draft:
    """Return lines as they would be written beside a book and included.

    Args:
        book: The book.
        place: The new file: its folder beside the book, and its name without ending.
        lines: What it says.
        until: The last day that it says anything of.
        force: Whether a file of that name may be replaced.

    Raises:
        FileExistsAlreadyError: There is a file of that name with something else in it.
    """
    main = book.path
    target = main.parent / f"{place}.beancount"
    text = _root_names(book) + lines
    draft = Draft(main, target, text, until, _digest(main))
    if not force and holds_something_else(draft, book):
        raise FileExistsAlreadyError(str(target))
    return draft


def _digest(main: Path) -> bytes:
    return hashlib.sha256(read_text(main).encode()).digest()


def relative_name(target: Path) -> str:
    """Return a new file's name as the top-level file includes it."""
    return f"{target.parent.name}/{target.name}"


def include_in(main: Path, target: Path) -> None:
    """Include a file in a top-level file, unless that includes it already."""
    old = read_text(main)
    new = _with_include(old, relative_name(target))
    if new != old:
        put_file(main, new, like=main)


def write_proposal(
    book: Book,
    name: str,
    planned: Sequence[Planned],
    check: Checker,
    *,
    force: bool = False,
) -> Path:
    """Write a proposal beside a book and include it.

    Args:
        book: The book.
        name: Name of the new file, without folder and ending.
        planned: The proposal's transactions.
        check: Checks the book as it would be, as of the proposal's last day: what is
            missing by then all the same is not the proposal's fault.
        force: Whether a file of that name may be replaced.

    Returns:
        The new file.

    Raises:
        FileExistsAlreadyError: There is a file of that name with something else in it.
        ProposalUncleanError: With it the book would show more findings than before.
        BookChangedError: Somebody else saved the book meanwhile.
    """
    return write_draft(draft_of(book, name, planned, force=force), check)


def write_draft(draft: Draft, check: Checker) -> Path:
    """Write a draft that brings no finding, and return the new file.

    Raises:
        ProposalUncleanError: With it the book would show more findings than before.
        BookChangedError: Somebody else saved the book meanwhile.
    """
    try:
        draft.try_out(check)
        draft.refuse_changed()
        draft.put()
    finally:
        draft.clear()
    return draft.target


def holds_something_else(draft: Draft, book: Book) -> bool:
    """Say whether a draft's file is there and no rest of an interrupted run."""
    target = draft.target
    is_included = str(target) in book.options.get("include", ())
    return is_included or (target.exists() and read_text(target) != draft.text)


def _root_names(book: Book) -> str:
    """Repeat the book's own root names, which Beancount asks of each file."""
    lines = [
        f'option "name_{root.lower()}" "{own}"\n'
        for root, own in book.chart.roots.items()
        if own != root
    ]
    return "".join([*lines, "\n"]) if lines else ""


def _with_include(text: str, relative: str) -> str:
    """Include a file in a top-level file's text, unless a line there does already."""
    if any(_covers(pattern, relative) for pattern in _INCLUDE.findall(text)):
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    return f'{text.rstrip()}{end}include "{relative}"{end}'


def _without(text: str, relative: str) -> str:
    """Take the lines out that include a file by its name."""
    return _INCLUDE.sub(
        lambda line: "" if posixpath.normpath(line[1]) == relative else line[0], text
    )


def _covers(pattern: str, relative: str) -> bool:
    wanted, given = relative.split("/"), posixpath.normpath(pattern).split("/")
    if "**" in given:
        return fnmatchcase(relative, pattern.replace("**/", "*"))
    return len(given) == len(wanted) and all(map(fnmatchcase, wanted, given))


def write_new_file(path: Path, text: str, *, force: bool = False) -> None:
    """Write a file at once or not at all.

    Raises:
        FileExistsAlreadyError: It exists and `force` is not given.
    """
    if path.exists() and not force:
        raise FileExistsAlreadyError(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        put_file(path, text)
    finally:
        clear_beside(path)


def _refuse_unclean(
    until: datetime.date, known: set[tuple[str, str]], found: Sequence[Finding]
) -> None:
    """Refuse a proposal that brings findings.

    A finding of a later date is no defect of it but what has to be done next, such as
    the payment of what it declares.
    """
    new = [
        one
        for one in found
        if (one.rule, one.found) not in known
        and (one.date is None or one.date <= until)
    ]
    if new:
        raise ProposalUncleanError(new[0].sentence.strip(), len(new))
