"""Showing how a year's result is distributed: step by step, and how far it got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError
from coopledger.errors import YearUnknownError
from coopledger.services.replaying import replay_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.books import Resolution
    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book
    from coopledger.law.case import Posted
    from coopledger.services.replaying import Difference

#: How far a year got: it still runs, its distribution is only proposed, drafted in the
#: book, booked, or sealed against changes.
State = Literal["running", "proposed", "draft", "booked", "sealed"]

_DRAFT = "!"


@dataclass(frozen=True, slots=True)
class Outline:
    """One year in a line: its result, and how far its distribution got."""

    year: int
    result: Decimal
    state: State


@dataclass(frozen=True, slots=True)
class Share:
    """What one person gets of a year, or bears of its loss.

    Attributes:
        person: Member id, or the name of a hired worker.
        is_hired: Whether it is a hired worker.
        parts: Amount by step.
        total: All of them; below zero for a loss.
        cash: What of it is due in money.
    """

    person: str
    is_hired: bool
    parts: Mapping[str, Decimal]
    total: Decimal
    cash: Decimal


@dataclass(frozen=True, slots=True)
class Distribution:
    """A year's distribution.

    Attributes:
        figures: The year as the book has it.
        state: How far it got.
        appropriation: What follows for it, step by step.
        resolutions: The decisions behind what is booked, by step; "" for all of it.
        shares: What everybody gets or bears.
        differences: Accounts on which something else was booked than follows.
    """

    figures: YearFigures
    state: State
    appropriation: Appropriation
    resolutions: Mapping[str, tuple[Resolution, ...]]
    shares: tuple[Share, ...]
    differences: tuple[Difference, ...]

    @property
    def totals(self) -> dict[str, Decimal]:
        """What people get of each step together."""
        sums: dict[str, Decimal] = {}
        for share in self.shares:
            for step, part in share.parts.items():
                sums[step] = sums.get(step, ZERO) + part
        return sums

    @property
    def total(self) -> Decimal:
        """What people get of all steps."""
        return sum((share.total for share in self.shares), ZERO)

    @property
    def cash(self) -> Decimal:
        """What of that is due in money."""
        return sum((share.cash for share in self.shares), ZERO)


def outlines_of(book: Book) -> list[Outline]:
    """Return every year with activity in a line, the earliest first."""
    found = []
    for label, figures in book.case.books.years.items():
        if figures.has_activity:
            result = book.case.facts(label).pool
            found.append(Outline(label, result, state_of(book, label)))
    return found


def state_of(book: Book, year: int) -> State:
    """Say how far a year's distribution got."""
    books = book.case.books
    if any(seal.year == year for seal in books.seals):
        return "sealed"
    bookings = books.appropriations(year)
    if any(booking.flag == _DRAFT for booking in bookings):
        return "draft"
    if bookings:
        return "booked"
    figures = books.years[year]
    return "running" if books.last < figures.fiscal.end else "proposed"


def distribution_of(book: Book, year: int) -> Distribution:
    """Work a year's distribution out, and say how far it got.

    Args:
        book: The book.
        year: Label of the fiscal year.

    Raises:
        YearUnknownError: The book does not reach the year.
        CoopledgerError: A parameter that is needed is not to be had.
    """
    case = book.case
    if year not in case.books.years:
        raise YearUnknownError(year, case.books.years)
    appropriation = case.appropriation(year)
    state = state_of(book, year)
    is_booked = state in {"booked", "sealed"}
    return Distribution(
        figures=case.books.years[year],
        state=state,
        appropriation=appropriation,
        resolutions=_resolutions(book, case.posted(year)),
        shares=_shares(appropriation),
        differences=_differences(book, year) if is_booked else (),
    )


def _differences(book: Book, year: int) -> tuple[Difference, ...]:
    try:
        return replay_year(book, year).differences
    except CoopledgerError:
        # Accounts that the chart does not have: a rule of its own says so.
        return ()


def _resolutions(book: Book, posted: Posted) -> dict[str, tuple[Resolution, ...]]:
    on_file = book.case.books.resolutions
    found: dict[str, dict[str, Resolution]] = {}
    for booking, leg in posted.legs():
        for link in booking.links & on_file.keys():
            for step in {"", leg.step}:
                found.setdefault(step, {})[link] = on_file[link]
    return {step: tuple(own.values()) for step, own in found.items()}


def _shares(appropriation: Appropriation) -> tuple[Share, ...]:
    """Return everybody's part of every step, in the order in which they divide it."""
    parts: dict[tuple[bool, str], dict[str, Decimal]] = {}
    cash: dict[tuple[bool, str], Decimal] = {}
    for step in appropriation.steps:
        for person, amount in _people(step).items():
            parts.setdefault(person, {})[step.step.id] = amount
        for line in step.lines:
            person = (False, line.member)
            cash[person] = cash.get(person, ZERO) + line.cash
    return tuple(
        Share(
            name,
            is_hired,
            own,
            sum(own.values(), ZERO),
            cash.get((is_hired, name), ZERO),
        )
        for (is_hired, name), own in parts.items()
    )


def _people(step: AppliedStep) -> dict[tuple[bool, str], Decimal]:
    sign = -1 if step.step.kind == "members" else 1
    return {
        **{(False, member): sign * part for member, part in step.parts.items()},
        **{(True, worker): part for worker, part in step.hired.items()},
    }
