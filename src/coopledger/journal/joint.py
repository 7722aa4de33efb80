"""Writing proposals into several books: into all of them, or into none.

Each is first tried out beside its book.  When all are clean, one file says what is
going to be written and where; from then on it is decided.  Should the program be
killed while it writes, that file is still there, and the next run finishes from it.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.placing import clear_beside
from coopledger.journal.placing import put_file
from coopledger.journal.planning import as_text
from coopledger.journal.writing import draft_of
from coopledger.journal.writing import holds_something_else
from coopledger.journal.writing import include_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from coopledger.journal.loading import Book
    from coopledger.journal.planning import Planned
    from coopledger.journal.writing import Checker
    from coopledger.journal.writing import Draft


class InterruptedWriteError(CoopledgerError):
    """What an interrupted run was going to write cannot be made out."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(
            f"{path} was left by a run that was interrupted, and cannot be read. Look "
            "which books have its proposal, complete or remove it by hand, and then "
            "delete the file."
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for one of the books, which need not be kept in memory for it.

    Attributes:
        title: What the book calls itself.
        planned: Its transactions.
        text: The same as Beancount text.
        draft: How it would be written.
        is_taken: Whether there is a file of its name with something else in it.
    """

    title: str
    planned: Sequence[Planned]
    text: str
    draft: Draft
    is_taken: bool


def proposal_for(book: Book, name: str, planned: Sequence[Planned]) -> Proposal:
    """Return a proposal for a book.

    Args:
        book: The book.
        name: Name of the new file, without folder and ending.
        planned: Its transactions.
    """
    draft = draft_of(book, name, planned, force=True)
    taken = holds_something_else(draft, book)
    return Proposal(book.title, planned, as_text(planned, book), draft, taken)


def write_together(
    proposals: Sequence[Proposal],
    marker: Path,
    check: Checker,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write proposals into all their books, or into none.

    Args:
        proposals: The proposals, each for a book of its own.
        marker: The file that says what is being written, beside the federation's book.
        check: Checks a book as it would be.
        progress: Told how many are checked, and how many there are.

    Returns:
        The new files.

    Raises:
        FileExistsAlreadyError: There is a file of that name with something else in it.
        ProposalUncleanError: A book would show more findings than before.
        BookChangedError: Somebody else saved a book meanwhile.
    """
    drafts = [one.draft for one in proposals]
    for one in proposals:
        if one.is_taken:
            raise FileExistsAlreadyError(str(one.draft.target))
    try:
        for done, proposal in enumerate(proposals, start=1):
            proposal.draft.try_out(check)
            if progress:
                progress(done, len(proposals))
        for draft in drafts:
            draft.refuse_changed()
        put_file(marker, _told(drafts), like=drafts[0].main)
        for draft in drafts:
            draft.put()
        marker.unlink()
    finally:
        clear_beside(marker)
        for draft in drafts:
            draft.clear()
    return [draft.target for draft in drafts]


def _told(drafts: Sequence[Draft]) -> str:
    return json.dumps(
        [[str(one.main), str(one.target), one.text] for one in drafts],
        ensure_ascii=False,
    )


def finish(marker: Path) -> list[Path]:
    """Finish what an interrupted run had begun to write; nothing where none had.

    It was decided and found clean, so that it is completed and not taken back.  A book
    that somebody saved since keeps what it has and includes the new file.

    Raises:
        InterruptedWriteError: It cannot be made out what was to be written.
    """
    try:
        told = json.loads(marker.read_text("utf-8"))
        books = [(Path(main), Path(target), str(text)) for main, target, text in told]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError):
        raise InterruptedWriteError(str(marker)) from None
    for main, target, text in books:
        target.parent.mkdir(exist_ok=True)
        put_file(target, text, like=main)
        include_in(main, target)
        clear_beside(target, main)
    with contextlib.suppress(FileNotFoundError):
        marker.unlink()
    return [target for _, target, _ in books]
