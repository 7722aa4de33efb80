"""Letters to members: notices of allocation, settlements, payouts, reminders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from coopledger.paper.filing import file_names
from coopledger.paper.filing import put_page
from coopledger.paper.filing import put_pages
from coopledger.paper.filing import refuse_taken
from coopledger.paper.filing import refuse_used
from coopledger.paper.pressing import Press
from coopledger.phrases import Rate
from coopledger.services.allotments import Allotments
from coopledger.services.exitnotice import ExitNotice
from coopledger.services.qualifying import PARTNERSHIP
from coopledger.services.qualifying import SOURCES
from coopledger.services.qualifying import STATES
from coopledger.services.qualifying import VERDICTS
from coopledger.services.qualifying import tax_words
from coopledger.services.reminding import Reminders
from coopledger.services.scheduling import Schedule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.services.allotments import Allotment


@dataclass(frozen=True, slots=True)
class Look:
    """How letters read.

    Attributes:
        language: Language or locale, such as ``es`` or ``es_ES``.
        contact: Whom members ask; "" where nobody is named.
        form: What the pages become: ``html`` or ``pdf``.
    """

    language: str = "en"
    contact: str = ""
    form: str = "html"


class Letter(NamedTuple):
    """One letter: whom it is about, and what its template is filled with."""

    member: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters of one kind.

    Attributes:
        kind: The template, and how the files' names begin.
        as_of: The day as of which the books are told.
        letters: The letters, in order.
    """

    kind: str
    as_of: datetime.date
    letters: Sequence[Letter]


# --- what they say --------------------------------------------------------------------


@singledispatch
def batch_of(told: object, books: Books) -> Batch:
    """Return the letters that tell a service's answer.

    Args:
        told: The answer: allotments, an exit, a schedule of payouts, or reminders.
        books: The books that it is about.
    """
    raise NotImplementedError(type(told), books)


@batch_of.register(Allotments)
def _notices(told: Allotments, books: Books) -> Batch:
    letters = [
        Letter(
            one.member,
            {
                "name": one.name,
                "one": one,
                "states": STATES,
                "tax": tuple(_tax(told, one)),
                "tax_sources": SOURCES,
                "verdicts": VERDICTS,
                "year": told,
            },
        )
        for one in told.members
    ]
    return Batch("notice", books.last_said, letters)


def _tax(found: Allotments, one: Allotment) -> Iterator[str]:
    if found.terms and one.stated > 0:
        verdict = one.qualification.verdict if one.qualification else None
        yield from tax_words(found.terms, one.dividend, verdict, found.day)
    elif found.regime == "sub-k":
        yield PARTNERSHIP


@batch_of.register(ExitNotice)
def _exit(told: ExitNotice, books: Books) -> Batch:
    del books
    found = told.found
    values = {"name": told.name, "one": told, "rate": Rate(found.deduction.rate)}
    return Batch("exit", found.on, [Letter(found.ending.member, values)])


@batch_of.register(Schedule)
def _payouts(told: Schedule, books: Books) -> Batch:
    values = {
        "found": told,
        "name": books.register.name(told.member) if told.member else "",
        "names": {one.member: one.name for one in told.payouts},
    }
    return Batch("payouts", told.on, [Letter(told.member, values)])


@batch_of.register(Reminders)
def _reminders(told: Reminders, books: Books) -> Batch:
    del books
    letters = [
        Letter(one.member, {"name": one.name, "one": one, "pay_to": told.pay_to})
        for one in told.members
    ]
    return Batch("reminder", told.today, letters)


# --- files ----------------------------------------------------------------------------


def write_letter(
    books: Books, batch: Batch, look: Look, path: Path, *, force: bool = False
) -> None:
    """Write the one letter of a batch at once or not at all.

    Raises:
        FileExistsAlreadyError: The file is there already, and `force` is not given.
        PrinterMissingError: There is nothing to print PDF with.
    """
    refuse_taken(path, force=force)
    (page,) = pages(books, batch, look)
    put_page(path, page, look.form)


def write_letters(
    books: Books,
    batch: Batch,
    look: Look,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write letters into a new folder, a file for each member, all or none.

    Args:
        books: The books that they are about.
        batch: The letters.
        look: How they read.
        folder: The folder; it may not be there yet, or has to be empty.
        progress: Told how many letters are done, and how many there are.

    Returns:
        How many there are.

    Raises:
        FolderInUseError: The folder has something in it.
        PrinterMissingError: There is nothing to print PDF with.
    """
    refuse_used(folder)
    names = file_names(books.register.ids, batch.kind, look.form)

    def named() -> Iterator[tuple[str, str]]:
        made = pages(books, batch, look)
        for done, (letter, page) in enumerate(
            zip(batch.letters, made, strict=True), start=1
        ):
            yield names[letter.member], page
            if progress:
                progress(done, len(batch.letters))

    return put_pages(folder, named(), look.form)


def pages(books: Books, batch: Batch, look: Look) -> Iterator[str]:
    """Return each letter as HTML."""
    press = Press(books.title, look.language)
    for letter in batch.letters:
        yield press.page(
            f"{batch.kind}.html",
            books.register.language(letter.member),
            as_of=batch.as_of,
            contact=look.contact,
            currency=books.currency,
            **letter.values,
        )
