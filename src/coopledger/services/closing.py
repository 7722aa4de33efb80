"""Closing a year: what it came to, step by step, and the proposal to book.

Commands propose and people decide: a proposal is ordinary Beancount text that names
the resolution behind it.  Nothing here writes a file.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.errors import YearNotClosableError
from coopledger.errors import YearNotSealableError
from coopledger.journal.planning import Planned
from coopledger.journal.planning import as_text
from coopledger.journal.sealing import digests_of
from coopledger.journal.writing import write_proposal
from coopledger.services.checking import findings_by
from coopledger.services.closability import closable_year
from coopledger.services.closability import decided_by
from coopledger.services.closability import is_closed
from coopledger.services.closability import whole_appropriation
from coopledger.services.naming import free_name
from coopledger.services.proposing import planned_entries
from coopledger.services.replaying import booked_by_account
from coopledger.services.replaying import differences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.bookings import Booking
    from coopledger.domain.books import Resolution
    from coopledger.domain.books import YearFigures
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
        return base_of(self.figures)


def base_of(figures: YearFigures) -> dict[str, Decimal]:
    """Return what a year's distributable result is made of."""
    tax = sum(figures.tax.values(), ZERO)
    return {**figures.result, "tax": -tax} if tax else dict(figures.result)


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
            is not closed, has figures that may be wrong, leaves something without a
            destination, or was booked differently.
        ResolutionUnknownError: No such resolution is on file.
        CoopledgerError: A parameter that is needed is unknown, undated or undecided.
    """
    figures = closable_year(
        book, year, today or datetime.datetime.now(tz=datetime.UTC).date()
    )
    decided = decided_by(book, figures, resolution)
    if decided:
        book.case.decide(year, decided.date)
    appropriation = whole_appropriation(book, figures)
    planned = planned_entries(book, figures, appropriation, decided)
    missing = _not_booked(book, year, planned)
    _refuse_closed_accounts(book, year, missing)
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
    name = _free_name(book, closing.figures.fiscal.label)
    return write_proposal(book, name, closing.planned, findings_by, force=force)


def _free_name(book: Book, year: int) -> str:
    """Name the file of a closing; the rest of a year goes into a file of its own."""
    name = f"closing-{year}"
    return free_name(book, name) if book.case.books.appropriations(year) else name


def seal_year(book: Book, year: int) -> str:
    """Return the directive that seals a year, dated on the book's last day.

    Raises:
        YearNotSealableError: The year has no activity or is not distributed yet.
    """
    books = book.case.books
    figures = books.years.get(year)
    if figures is None or not is_closed(book, year):
        raise YearNotSealableError(year)
    digest = digests_of(book.entries, [figures.fiscal])[year]
    return f'{books.last} custom "coop-seal" "{year}" "{digest}"'


# --- what is booked already -----------------------------------------------------------


def _not_booked(
    book: Book, year: int, planned: tuple[Planned, ...]
) -> tuple[Planned, ...]:
    """Leave out what is booked; refuse when something else was booked."""
    posted = booked_by_account(book, year)
    bookings = book.case.books.appropriations(year)
    _refuse_drafts(year, bookings)
    missing = []
    for plan in planned:
        if _is_posted(plan, posted):
            _take_off(plan, posted)
        else:
            missing.append(plan)
    left = {account: amount for account, amount in posted.items() if amount}
    if bookings and left:
        where = bookings[0].origin
        raise YearNotClosableError(
            year,
            f"it was distributed already at {where.file}:{where.line}, and the books "
            f"now give other amounts: {_differences(book, year, planned)}. Correct "
            "that distribution, or what it rests on, first.",
        )
    return tuple(missing)


def _refuse_closed_accounts(book: Book, year: int, planned: Sequence[Planned]) -> None:
    """Refuse a proposal into an account that is not open on its day."""
    for day, plans in groupby(planned, attrgetter("date")):
        later, earlier = book.opened_after(day), book.closed_before(day)
        for account in (leg.account for plan in plans for leg in plan.legs):
            if account not in later and account not in earlier:
                continue
            why = (
                f"opened on {later[account]} only. Open it earlier"
                if account in later
                else f"closed on {earlier[account]}. Take that 'close' out, or date it "
                "later"
            )
            raise YearNotClosableError(
                year,
                f"{account}, into which {day} would book, is {why}, and ask again.",
            )


#: Beancount's flag of what is not final.
_DRAFT = "!"
#: How many accounts a refusal names.
_NAMED = 3


def _differences(book: Book, year: int, planned: tuple[Planned, ...]) -> str:
    """Say by account what was booked otherwise than it follows."""
    found = differences(planned, booked_by_account(book, year))
    words = [f"{one.account} {one.booked}, not {one.follows}" for one in found]
    more = len(words) - _NAMED
    return "; ".join(words[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _refuse_drafts(year: int, bookings: Sequence[Booking]) -> None:
    """Refuse a year of which only a draft was booked, which no rule accepts."""
    for booking in bookings:
        if booking.flag == _DRAFT:
            raise YearNotClosableError(
                year,
                f"{booking.origin.file}:{booking.origin.line} is a draft of its "
                "distribution (flag !). Take it out and let this command propose the "
                "final one, or give it the flag * and the link of its resolution.",
            )


def _is_posted(plan: Planned, posted: dict[str, Decimal]) -> bool:
    """Say whether all of a transaction's accounts have their amount already."""
    return bool(posted) and all(
        account in posted and abs(posted[account]) >= abs(amount)
        for account, amount in plan.by_account().items()
    )


def _take_off(plan: Planned, posted: dict[str, Decimal]) -> None:
    for account, amount in plan.by_account().items():
        posted[account] -= amount
