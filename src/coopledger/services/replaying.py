"""Replaying a year: what follows for it today, beside what was booked then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.errors import YearUnknownError
from coopledger.services.proposing import planned_entries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book
    from coopledger.journal.planning import Planned


@dataclass(frozen=True, slots=True)
class Difference:
    """An account on which a year was booked otherwise than it follows.

    Attributes:
        account: The account.
        follows: The amount that follows, in Beancount's sign.
        booked: The amount that was booked.
    """

    account: str
    follows: Decimal
    booked: Decimal

    @property
    def gap(self) -> Decimal:
        """What was booked less what follows."""
        return self.booked - self.follows


@dataclass(frozen=True, slots=True)
class Replay:
    """A year worked out again under the values in force for it.

    Attributes:
        year: Label of the fiscal year.
        appropriation: What follows for it.
        differences: Accounts that were booked otherwise; none when all agrees.
        is_booked: Whether anything was booked of it at all.
    """

    year: int
    appropriation: Appropriation
    differences: tuple[Difference, ...]
    is_booked: bool


def replay_year(book: Book, year: int) -> Replay:
    """Work a past year out again and compare it with the books.

    Args:
        book: The book.
        year: Label of the fiscal year.

    Returns:
        The replay.  A change of law or by-laws after the year changes nothing in it,
        because every year is evaluated under the values in force on its last day.

    Raises:
        YearUnknownError: The book does not reach the year.
        CoopledgerError: A parameter that is needed is not to be had.
    """
    books = book.case.books
    if year not in books.years:
        raise YearUnknownError(year, books.years)
    appropriation = book.case.appropriation(year)
    planned = planned_entries(book, books.years[year], appropriation, None)
    booked = booked_by_account(book, year)
    return Replay(year, appropriation, differences(planned, booked), bool(booked))


def differences(
    planned: Iterable[Planned], booked: Mapping[str, Decimal]
) -> tuple[Difference, ...]:
    """Compare transactions that follow with what was booked, account by account.

    Args:
        planned: The transactions.
        booked: What was booked by account, in Beancount's sign.

    Returns:
        The accounts on which both are not the same, by name.
    """
    follows: dict[str, Decimal] = {}
    for plan in planned:
        for account, amount in plan.by_account().items():
            follows[account] = follows.get(account, ZERO) + amount
    return tuple(
        Difference(account, follows.get(account, ZERO), booked.get(account, ZERO))
        for account in sorted(follows.keys() | booked.keys())
        if follows.get(account, ZERO) != booked.get(account, ZERO)
    )


def booked_by_account(book: Book, year: int) -> dict[str, Decimal]:
    """Return what a year's appropriation booked, by account, in Beancount's sign."""
    booked: dict[str, Decimal] = {}
    for booking in book.case.books.appropriations(year):
        for leg in booking.legs:
            sign = 1 if leg.root in {"Assets", "Expenses"} else -1
            booked[leg.account] = booked.get(leg.account, ZERO) + sign * leg.amount
    return booked
