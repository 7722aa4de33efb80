"""The demonstration: the whole year of a federation, on a copy."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.transfers import of_year
from coopledger.errors import CoopledgerError
from coopledger.journal.finding import find_books
from coopledger.journal.loading import load_sound_book
from coopledger.services.checking import Check
from coopledger.services.checking import check_book
from coopledger.services.closing import Closing
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from coopledger.services.federating.gathering import NoFederationError
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.mirroring import proposals_of
from coopledger.services.federating.proposing import NothingDecidedError
from coopledger.services.federating.proposing import propose
from coopledger.services.federating.proposing import write_joint
from coopledger.services.federating.sharing import share_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.proposing import JointProposal

#: Marks a folder as one that a demonstration made and may therefore replace.
_MARK = ".coopledger-demonstration"


class FolderTakenError(CoopledgerError):
    """A folder that no demonstration made would be replaced."""

    def __init__(self, folder: str) -> None:
        """Name the folder and the way out."""
        super().__init__(
            f"{folder} exists already and no demonstration made it; it was left as it "
            "is. Name another folder with --into."
        )


class CopyOverlapsError(CoopledgerError):
    """The books would be replaced by their copy, or copied into themselves."""

    def __init__(self, folder: str, source: str) -> None:
        """Name both folders and the way out."""
        super().__init__(
            f"{folder} cannot hold the copy, because {source} and it lie within each "
            "other; nothing was changed. Name another folder with --into."
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """One book's last year, closed on the copy.

    Attributes:
        before: The check before.
        book: The book as it was when it was closed.
        closing: The closing that was written, or that proposed nothing.
        written: The new file, or None.
        after: The check after.
        again: The same closing asked for again.
    """

    before: Check
    book: Book
    closing: Closing
    written: Path | None
    after: Check
    again: Closing


def copy_books(source: Path, target: Path) -> list[Path]:
    """Copy a folder of books and return the copies.

    Raises:
        BookNotFoundError: There are no books in the source.
        FolderTakenError: The target exists and no demonstration made it.
        CopyOverlapsError: Source and target lie within each other.
    """
    find_books(source)
    folder = source.parent if source.is_file() else source
    if _overlap(target.resolve(), folder.resolve()):
        raise CopyOverlapsError(str(target), str(folder))
    if target.exists():
        if not (target / _MARK).exists():
            raise FolderTakenError(str(target))
        shutil.rmtree(target)
    target.mkdir(parents=True)
    # The mark first: a copy that is interrupted may be replaced as well.
    (target / _MARK).write_text("made by 'coopledger demo'\n", "utf-8")
    shutil.copytree(folder, target, dirs_exist_ok=True)
    return find_books(target / source.name if source.is_file() else target)


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def close_last_years(paths: list[Path]) -> Iterator[Closed]:
    """Close the last undistributed year of each book that has one to close."""
    for path in paths:
        book = load_sound_book(path)
        year = _last_year(book)
        if year is not None:
            yield _close(book, year)


def _last_year(book: Book) -> int | None:
    books = book.case.books
    over = [
        label
        for label, figures in books.years.items()
        if figures.has_activity and _resolution(book, label)
    ]
    return max(over, default=None)


def _resolution(book: Book, year: int) -> str:
    """Return the first decision after a year's end, which approves its accounts.

    That is the assembly's; the board may have decided something else before.
    """
    books = book.case.books
    fiscal, following = books.years[year].fiscal, books.year_end.year(year + 1)
    after = [
        one
        for one in books.resolutions.values()
        if fiscal.end < one.date <= following.end
    ]
    after.sort(key=lambda one: (one.body == "board", one.date))
    return after[0].id if after else ""


def _close(book: Book, year: int) -> Closed:
    before = check_book(book)
    resolution = _resolution(book, year)
    closing = close_year(book, year, resolution)
    written = None if closing.is_booked else write_closing(book, closing)
    reloaded = load_sound_book(book.path)
    return Closed(
        before=before,
        book=book,
        closing=closing,
        written=written,
        after=check_book(reloaded),
        again=close_year(reloaded, year, resolution),
    )


# --- the federation -------------------------------------------------------------------

#: What a federation does together, in the order in which it is booked.
_TOGETHER = ("pool", "fund", "aid")


@dataclass(frozen=True, slots=True)
class Together:
    """What the enterprises of a federation did together, on the copy.

    Attributes:
        joint: Their parts.
        written: The new files, one in each book concerned.
    """

    joint: JointProposal
    written: tuple[Path, ...]


def act_together(folder: Path) -> Iterator[Together]:
    """Pool, fund and help in the last whole year of a federation, where there is one.

    Steps of which the federation decided nothing are left out.
    """
    for kind in _TOGETHER:
        found = last_year(folder)
        if found is None:
            return
        federation, year = found
        try:
            joint = propose(share_year(federation, year), kind, _decision(found))
        except NothingDecidedError:
            continue
        files = write_joint(federation, proposals_of(joint))
        yield Together(joint, tuple(files))


@dataclass(frozen=True, slots=True)
class Helped:
    """An earlier year in which an enterprise had a loss: the most aid, and that given.

    Attributes:
        joint: The most that could be given.
        given: What the federation's own book has.
    """

    joint: JointProposal
    given: Decimal


def earlier_aid(folder: Path) -> Helped | None:
    """Return the aid of the last year before in which somebody had a loss.

    It is looked at only; the federation decided it in its time.
    """
    found = last_year(folder)
    if found is None:
        return None
    federation, year = found
    labels = [one.label for one in federation.own.years if one.label < year]
    for label in reversed(labels):
        with suppress(CoopledgerError):
            joint = propose(share_year(federation, label), "aid", "")
            parts = [part for one in joint.decided for part in one.parts.values()]
            if any(part.base for part in parts):
                own = of_year(federation.own.transfers, label)
                aid = (-one.signed for one in own if one.nature == "aid")
                return Helped(joint, sum(aid, ZERO))
    return None


def last_year(folder: Path) -> tuple[Federation, int] | None:
    """Return a federation and its last whole year; None where there is none."""
    try:
        federation = gather(folder)
    except NoFederationError:
        return None
    own = federation.own
    whole = [year.label for year in own.years if year.end <= own.last]
    return (federation, whole[-1]) if whole else None


def _decision(found: tuple[Federation, int]) -> str:
    """Return the first decision after all have ended a year; "" where there is none."""
    federation, label = found
    years = filter(None, (book.year(label) for book in federation.books.values()))
    last = max(year.end for year in years)
    after = [one for one in federation.own.decisions if one.date > last]
    return min(after, key=lambda one: one.date).id if after else ""
