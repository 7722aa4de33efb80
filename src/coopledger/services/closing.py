"""Closing a year: what it came to, step by step, and the proposal to book.

Commands propose and people decide: a proposal is ordinary Beancount text that names
the resolution behind it.  Nothing here writes a file.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.errors import ResolutionUnknownError
from coopledger.errors import YearNotClosableError
from coopledger.journal.sealing import digests_of
from coopledger.journal.writing import Planned
from coopledger.journal.writing import as_text
from coopledger.journal.writing import write_proposal
from coopledger.services.checking import check_path
from coopledger.services.proposing import planned_entries
from coopledger.services.replaying import booked_by_account

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.books import Resolution
    from coopledger.domain.books import YearFigures
    from coopledger.domain.findings import Finding
    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book


@dataclass(frozen=True, slots=True)
class Closing:
    """A year, its appropriation, and what is still to be booked.

    Attributes:
        figures: The year as the books have it.
        appropriation: The steps.
        resolution: The decision behind the proposal; None for a draft.
        planned: Transactions that are not booked yet; empty when all is booked.
        text: The same as Beancount text.
    """

    figures: YearFigures
    appropriation: Appropriation
    resolution: Resolution | None
    planned: tuple[Planned, ...]
    text: str

    @property
    def is_booked(self) -> bool:
        """Whether there is nothing left to propose."""
        return not self.planned

    @property
    def base(self) -> dict[str, Decimal]:
        """What the year's distributable result is made of."""
        tax = sum(self.figures.tax.values(), ZERO)
        return (
            {**self.figures.result, "tax": -tax} if tax else dict(self.figures.result)
        )


def close_year(
    book: Book, year: int, resolution: str = "", today: datetime.date | None = None
) -> Closing:
    """Work out a year and propose what is not booked yet.

    Args:
        book: The book.
        year: Label of the fiscal year.
        resolution: Id of the resolution that decides the distribution; without one the
            proposal is a draft that no rule accepts.
        today: The day on which this is asked; default: today.

    Returns:
        The closing; its text is empty when everything is booked already.

    Raises:
        YearNotClosableError: The year has no activity, is not over, follows one that
            is not closed, leaves something without a destination, or was booked
            differently.
        ResolutionUnknownError: No such resolution is on file.
        CoopledgerError: A parameter that is needed is unknown, undated or undecided.
    """
    figures = _figures(
        book, year, today or datetime.datetime.now(tz=datetime.UTC).date()
    )
    decided = _resolution(book, figures, resolution)
    appropriation = book.case.appropriation(year)
    if appropriation.remaining:
        raise YearNotClosableError(year, _no_destination(book, appropriation))
    planned = planned_entries(book, figures, appropriation, decided)
    missing = _not_booked(book, year, planned)
    text = as_text(missing, book) if missing else ""
    return Closing(figures, appropriation, decided, missing, text)


def write_closing(book: Book, closing: Closing, *, force: bool = False) -> Path:
    """Write a closing's proposal beside the book and include it.

    Args:
        book: The book.
        closing: A closing with something to propose.
        force: Whether an included file of the same name may be replaced.

    Returns:
        The new file.

    Raises:
        CoopledgerError: The file exists, or the proposal would bring findings.
    """
    name = f"closing-{closing.figures.fiscal.label}"
    return write_proposal(book, name, closing.planned, _findings, force=force)


def _findings(path: Path) -> Sequence[Finding]:
    return check_path(path).findings


def seal_year(book: Book, year: int) -> str:
    """Return the directive that seals a year, dated on the book's last day.

    Raises:
        YearNotClosableError: The year has no activity or is not distributed yet.
    """
    books = book.case.books
    figures = books.years.get(year)
    if figures is None or not _is_closed(book, year):
        raise YearNotClosableError(year, "only a distributed year can be sealed.")
    digest = digests_of(book.entries, [figures.fiscal])[year]
    return f'{books.last} custom "coop-seal" "{year}" "{digest}"'


# --- may the year be closed? ----------------------------------------------------------


def _figures(book: Book, year: int, today: datetime.date) -> YearFigures:
    books = book.case.books
    figures = books.years.get(year)
    if figures is None or not figures.has_activity:
        active = [str(y) for y, one in books.years.items() if one.has_activity]
        raise YearNotClosableError(
            year,
            f"the book has no income and no expenses in it. Years with activity: "
            f"{', '.join(active) or 'none'}.",
        )
    if figures.fiscal.end >= today:
        raise YearNotClosableError(
            year, f"it ends on {figures.fiscal.end}; close it after that day."
        )
    for label, earlier in books.years.items():
        if label < year and earlier.has_activity and not _is_closed(book, label):
            raise YearNotClosableError(
                year,
                f"fiscal year {label} before it was not distributed yet, and what "
                f"it leaves counts here. Close {label} first.",
            )
    return figures


def _is_closed(book: Book, year: int) -> bool:
    pool = book.case.facts(year).pool
    return pool == 0 or bool(book.case.books.appropriations(year))


def _resolution(book: Book, figures: YearFigures, name: str) -> Resolution | None:
    if not name:
        return None
    on_file = book.case.books.resolutions
    if name not in on_file:
        raise ResolutionUnknownError(name, on_file)
    resolution = on_file[name]
    if resolution.date <= figures.fiscal.end:
        raise YearNotClosableError(
            figures.fiscal.label,
            f"resolution {name} is of {resolution.date}, before the year ended on "
            f"{figures.fiscal.end}. Name the resolution that approved its accounts.",
        )
    return resolution


def _no_destination(book: Book, appropriation: Appropriation) -> str:
    kind = "members" if appropriation.is_loss else "patronage"
    facts = book.case.books
    unserved = [s for s in appropriation.steps if s.step.kind == kind and not s.parts]
    if unserved and not facts.bases:
        return (
            f"{appropriation.remaining} has no destination, because the book says "
            "nowhere what counts as patronage. Declare it with coop-patronage."
        )
    if unserved:
        return (
            f"{appropriation.remaining} has no destination, because no member has "
            "any patronage in the year. Record it, or have the assembly decide."
        )
    return (
        f"{appropriation.remaining} has no destination: the steps of the preset do "
        "not use it up. Set the shares so that they do."
    )


# --- what is booked already -----------------------------------------------------------


def _not_booked(
    book: Book, year: int, planned: tuple[Planned, ...]
) -> tuple[Planned, ...]:
    """Leave out what is booked; refuse when something else was booked."""
    posted = booked_by_account(book, year)
    bookings = book.case.books.appropriations(year)
    missing = []
    for plan in planned:
        if _is_posted(plan, posted):
            _take_off(plan, posted)
        else:
            missing.append(plan)
    left = {account: amount for account, amount in posted.items() if amount}
    if bookings and left:
        where = bookings[0].origin
        listed = ", ".join(f"{account} {left[account]}" for account in sorted(left)[:3])
        raise YearNotClosableError(
            year,
            f"it was distributed already at {where.file}:{where.line}, and the books "
            f"now give other amounts (booked otherwise: {listed}). Correct that "
            "distribution, or what it rests on, first.",
        )
    return tuple(missing)


def _is_posted(plan: Planned, posted: dict[str, Decimal]) -> bool:
    """Say whether all of a transaction's accounts have their amount already."""
    return all(
        account in posted and abs(posted[account]) >= abs(amount)
        for account, amount in plan.by_account().items()
    )


def _take_off(plan: Planned, posted: dict[str, Decimal]) -> None:
    for account, amount in plan.by_account().items():
        posted[account] -= amount
