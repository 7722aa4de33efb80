"""The way in from spreadsheets: members, hours and opening balances."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from itertools import count
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.journal.writing import draft_of_lines
from coopledger.journal.writing import write_draft
from coopledger.services.checking import findings_by
from coopledger.services.importing.hours import hours_of
from coopledger.services.importing.members import members_of
from coopledger.services.importing.openings import components_of
from coopledger.services.importing.openings import openings_of
from coopledger.services.importing.records import Reader
from coopledger.services.importing.records import habits_of
from coopledger.services.importing.tables import Wanted
from coopledger.services.importing.tables import find_table
from coopledger.services.importing.values import Habits
from coopledger.services.importing.words import called
from coopledger.services.importing.words import compared

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.importing.records import Outcome
    from coopledger.services.importing.sheets import Sheet
    from coopledger.services.importing.tables import Table

#: Folder, beside the top-level file, that imports are written to.
FOLDER = "imports"


class SheetMissingError(CoopledgerError):
    """A file has no sheet of a name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Offer the nearest."""
        super().__init__(f"There is no sheet '{name}'{offer_nearest(name, known)}")


class AccountMissingError(CoopledgerError):
    """An account is to be booked to that the book does not open."""

    def __init__(self, account: str, known: set[str]) -> None:
        """Offer the nearest."""
        super().__init__(
            f"The book opens no account '{account}'{offer_nearest(account, known)}"
        )


class ComponentUnknownError(CoopledgerError):
    """A component was named that the chart of accounts does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Offer the nearest."""
        super().__init__(f"There is no component '{name}'{offer_nearest(name, known)}")


class RowsWrongError(CoopledgerError):
    """A sheet was to be written of which some row is wrong."""

    def __init__(self, count_: int) -> None:
        """Say that nothing was written."""
        rows = "1 row is" if count_ == 1 else f"{count_} rows are"
        super().__init__(f"{rows} wrong, so that nothing was written.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was said of an import.

    Attributes:
        today: The day it is; nobody can have worked later.
        wanted: What was said of the columns.
        sheet: The sheet, or "".
        habits: How numbers and days are written, where that was said.
        against: The account on the other side, or "".
    """

    today: datetime.date
    wanted: Wanted = field(default_factory=Wanted)
    sheet: str = ""
    habits: Habits = field(default_factory=lambda: Habits(mark=""))
    against: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was read for a book.

    Attributes:
        table: What was read of it.
        habits: How its texts write numbers and days.
        outcome: What its rows say, and what is wrong with them.
        totals: Rows that add others up and were not read.
    """

    table: Table
    habits: Habits
    outcome: Outcome
    totals: tuple[int, ...]

    @property
    def new(self) -> int:
        """How many facts the book does not have yet."""
        return sum(not fact.is_known for fact in self.outcome.facts)


def import_of(
    book: Book, sheets: Sequence[Sheet], wishes: Wishes, where: str
) -> Import:
    """Read the facts of a file for a book, and compare them with it.

    Args:
        book: The book.
        sheets: What the file holds.
        wishes: What was said of it.
        where: What to call the file.

    Raises:
        CoopledgerError: No table of facts can be made out.
    """
    if wishes.against and wishes.against not in book.opened:
        raise AccountMissingError(wishes.against, book.opened)
    words = _words(book)
    component = _component(wishes.wanted.component, words["component"])
    table = find_table(_chosen(sheets, wishes.sheet), wishes.wanted, where)
    books = book.case.books
    asked = Habits(wishes.habits.mark, wishes.habits.days, books.currency)
    habits = habits_of(table, asked)
    records, troubles, totals = Reader(table, habits, books.unit, words).records()
    if table.kind == "members":
        outcome = members_of(book, records)
    elif table.kind == "hours":
        outcome = hours_of(book, records, wishes.against, wishes.today)
    else:
        outcome = openings_of(book, records, wishes.against, component)
    outcome.troubles = sorted([*troubles, *outcome.troubles])
    return Import(table, habits, outcome, tuple(totals))


def write_import(book: Book, found: Import) -> Path:
    """Write what a file says and the book does not have, all of it or nothing.

    Returns:
        The new file, which the book includes.

    Raises:
        RowsWrongError: Some row is wrong.
        ProposalUncleanError: With it the book would show more findings than before.
        BookChangedError: Somebody else saved the book meanwhile.
    """
    outcome = found.outcome
    if outcome.troubles or outcome.until is None:
        raise RowsWrongError(len({one.row for one in outcome.troubles}))
    place = _free_place(book, found.table.kind)
    # What is brought into the past may be wrong later on only, as a balance is.
    until = max([outcome.until, *(entry.date for entry in book.entries[-1:])])
    draft = draft_of_lines(book, place, outcome.text, until)
    return write_draft(draft, findings_by)


def _free_place(book: Book, kind: str) -> str:
    """Return the first place, numbered if need be, that no file has yet."""
    folder = book.path.parent / FOLDER
    names = chain([kind], (f"{kind}-{number}" for number in count(2)))
    free = (name for name in names if not (folder / f"{name}.beancount").exists())
    return f"{FOLDER}/{next(free)}"


def _chosen(sheets: Sequence[Sheet], name: str) -> Sequence[Sheet]:
    if not name:
        return sheets
    chosen = [sheet for sheet in sheets if compared(sheet.name) == compared(name)]
    if not chosen:
        raise SheetMissingError(name, [sheet.name for sheet in sheets])
    return chosen


def _words(book: Book) -> dict[str, Mapping[str, str]]:
    """Return what words mean in this book, by the form of their field."""
    roles = components_of(book.chart)
    meanings = called("components")
    classes: dict[str, str] = {}
    for policy in book.case.policy.presets:
        titles = [compared(one.title) for one in policy.classes.values()]
        for id_, one in policy.classes.items():
            if titles.count(compared(one.title)) == 1:
                classes.setdefault(compared(one.title), id_)
        classes |= {compared(id_): id_ for id_ in policy.classes}
    return {
        "class": classes,
        "exit": called("exits"),
        "component": {word: role for word, role in meanings.items() if role in roles},
    }


def _component(name: str, known: Mapping[str, str]) -> str:
    if name and compared(name) not in known:
        raise ComponentUnknownError(name, sorted(set(known.values())))
    return known[compared(name)] if name else ""
