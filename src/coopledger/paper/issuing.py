"""Members' statements issued: one of them, or everybody's of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.paper.composing import Composer
from coopledger.paper.filing import file_names
from coopledger.paper.filing import put_page
from coopledger.paper.filing import put_pages
from coopledger.paper.filing import refuse_taken
from coopledger.paper.filing import refuse_used
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.showing import MemberAccount
    from coopledger.services.telling import Wishes


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

    Args:
        book: The book.
        member: Member id.
        wishes: Period, language, whom to ask, and the form.
        path: The file.
        force: Whether a file that is there already may be replaced.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
        FileExistsAlreadyError: The file is there already, and `force` is not given.
        LibraryMissingError, PangoMissingError: There is nothing to print PDF with.
    """
    refuse_taken(path, force=force)
    composer = Composer(book, wishes)
    page = composer.page(composer.account(member))
    put_page(path, page, wishes.form)


def write_all(
    book: Book,
    wishes: Wishes,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the statements of all members into a new folder, at once or not at all.

    Args:
        book: The book.
        wishes: Period, language, whom to ask, and the form.
        folder: The folder; it may not be there yet, or has to be empty.
        progress: Told how many members are done, and how many there are.

    Returns:
        How many statements there are.

    Raises:
        FolderInUseError: The folder has something in it.
        NobodyInPeriodError: There is nobody to write to.
        LibraryMissingError, PangoMissingError: There is nothing to print PDF with.
    """
    refuse_used(folder)
    pages = _pages(Composer(book, wishes), progress)
    count = put_pages(folder, pages, wishes.form)
    if not count:
        raise NobodyInPeriodError
    return count


def _pages(
    composer: Composer, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[str, str]]:
    ids = composer.books.register.ids
    names = file_names(ids, "statement", composer.wishes.form)
    for done, member in enumerate(ids, start=1):
        account = composer.account(member)
        if _concerns(composer, account):
            yield names[member], composer.page(account)
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
