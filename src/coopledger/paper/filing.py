"""Pages put into files that nobody but their owner may read, at once or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.placing import beside
from coopledger.journal.placing import clear_beside
from coopledger.paper.composing import Composer
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.paper.composing import Wishes
    from coopledger.services.showing import MemberAccount

#: A member's id that is a file's name as it stands, on every system.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class FolderInUseError(CoopledgerError):
    """Pages would mix with other files."""

    def __init__(self, path: str) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"{path} is there already and is no empty folder; name a new folder, so "
            "that the pages of one period stay together and nothing is replaced."
        )


class NobodyInPeriodError(CoopledgerError):
    """There is nobody to write a statement for."""

    def __init__(self) -> None:
        """Say which days to choose."""
        super().__init__(
            "Nobody was a member or had an account in that period; choose another one "
            "with --year, or --from and --to."
        )


def write_one(
    book: Book, member: str, wishes: Wishes, path: Path, *, force: bool = False
) -> None:
    """Write one member's statement at once or not at all.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
        FileExistsAlreadyError: The file is there already, and `force` is not given.
    """
    refuse_taken(path, force=force)
    composer = Composer(book, wishes)
    put_page(path, composer.page(composer.account(member)))


def refuse_taken(path: Path, *, force: bool) -> None:
    """Refuse a file that is there already.

    Raises:
        FileExistsAlreadyError: It is, and `force` is not given.
    """
    if path.exists() and not force:
        raise FileExistsAlreadyError(str(path))


def put_page(path: Path, page: str) -> None:
    """Write a page that only its owner may read, at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = beside(path)
    try:
        _write_private(staged, page)
        staged.replace(path)
    finally:
        clear_beside(path)


def write_all(
    book: Book,
    wishes: Wishes,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the statements of all members into a new folder, at once or not at all.

    Args:
        book: The book.
        wishes: Period, language, and whom to ask.
        folder: The folder; it may not be there yet, or has to be empty.
        progress: Told how many members are done, and how many there are.

    Returns:
        How many statements there are.

    Raises:
        FolderInUseError: The folder has something in it.
        NobodyInPeriodError: There is nobody to write to.
    """
    refuse_used(folder)
    composer = Composer(book, wishes)
    names = file_names(composer.books.register.ids, "statement")
    count = put_pages(
        folder,
        ((names[member], page) for member, page in _pages(composer, progress)),
    )
    if not count:
        raise NobodyInPeriodError
    return count


def refuse_used(folder: Path) -> None:
    """Refuse a folder that has something in it.

    Raises:
        FolderInUseError: It has.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(str(folder))


def put_pages(folder: Path, pages: Iterable[tuple[str, str]]) -> int:
    """Write pages into a new folder of their owner's, at once or not at all.

    Args:
        folder: The folder; it may not be there yet, or has to be empty.
        pages: Name and text of each file.

    Returns:
        How many there are; without any there is no folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_beside(folder)
    staged, count = beside(folder), 0
    try:
        staged.mkdir(mode=0o700)
        for name, page in pages:
            _write_private(staged / name, page)
            count += 1
        if count:
            _put_folder(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return count


def file_names(members: Iterable[str], stem: str) -> dict[str, str]:
    """Return the name of each member's file.

    An id is in it as it stands where every system takes it, and where no other id
    differs from it in small and capital letters alone.
    """
    ids = [*members]
    alike = Counter(map(str.casefold, ids))
    return {
        one: f"{stem}-{_plain(one, is_alone=alike[one.casefold()] == 1)}.html"
        for one in ids
    }


def _plain(member: str, *, is_alone: bool) -> str:
    if is_alone and _SAFE.fullmatch(member):
        return member
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", member)[:40]
    digest = hashlib.sha256(member.encode("utf-8", "surrogatepass")).hexdigest()
    # A point is in no id that stands as it is, so that the two kinds never meet.
    return f"{plain}.{digest[:12]}"


def _pages(
    composer: Composer, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[str, str]]:
    ids = composer.books.register.ids
    for done, member in enumerate(ids, start=1):
        account = composer.account(member)
        if _concerns(composer, account):
            yield member, composer.page(account)
        if progress:
            progress(done, len(ids))


def _concerns(composer: Composer, account: MemberAccount) -> bool:
    """Say whether somebody was a member in the period, or has any figure in it."""
    found, books = account.statement, composer.books
    start = composer.wishes.start or found.start
    end = composer.wishes.end or last_day(books)
    has_figures = found.line.opening or found.line.closing or found.rows or found.owed
    return bool(has_figures) or books.register.was_member(
        found.membership.member, start, end
    )


def _write_private(path: Path, text: str) -> None:
    """Write a new file to the disk that nobody but its owner may read."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _put_folder(staged: Path, folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        # Elsewhere than on POSIX a folder does not take an empty one's place.
        folder.rmdir()
    staged.replace(folder)
