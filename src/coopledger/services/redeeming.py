"""Redeeming what was retained: the oldest year first, or a part of everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import is_whole
from coopledger.domain.capital import NOTICES
from coopledger.domain.revolving import ORDERS
from coopledger.domain.revolving import REVOLVING
from coopledger.domain.revolving import RevolvingFund
from coopledger.errors import NotRedeemableError
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg
from coopledger.journal.planning import as_text
from coopledger.journal.writing import write_proposal
from coopledger.services.checking import findings_by
from coopledger.services.proposing import CHUNK
from coopledger.services.resolving import resolution_of
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.domain.books import Resolution
    from coopledger.domain.revolving import ByYear
    from coopledger.journal.loading import Book

_METHOD = "patronage.redemption-method"


@dataclass(frozen=True, slots=True)
class Redemption:
    """What is redeemed of which year, and the entries that book it.

    Attributes:
        year: The last year of allotment that is looked at.
        on: The day.
        budget: What there is to redeem with; None for all of it.
        method: The order: ``fifo`` or ``percentage``.
        held: What can be redeemed, by year and member.
        parts: What is redeemed, by year and member.
        resolution: The decision; None for a draft.
        planned: Transactions that are not booked yet.
        text: The same as Beancount text.
    """

    year: int
    on: datetime.date
    budget: Decimal | None
    method: str
    held: ByYear
    parts: ByYear
    resolution: Resolution | None
    planned: tuple[Planned, ...]
    text: str

    @property
    def total(self) -> Decimal:
        """All that is redeemed."""
        return sum((a for own in self.parts.values() for a in own.values()), ZERO)

    def part(self, year: int, member: str) -> Decimal:
        """Return what is redeemed of one member's part of a year."""
        return self.parts.get(year, {}).get(member, ZERO)

    @property
    def is_booked(self) -> bool:
        """Whether the resolution was carried out already."""
        return not self.planned


def redemption_of(
    book: Book,
    year: int,
    amount: Decimal | None = None,
    on: datetime.date | None = None,
    resolution: str = "",
) -> Redemption:
    """Propose to redeem what was retained, up to an allotment year and an amount.

    Args:
        book: The book.
        year: The last year of allotment to redeem.
        amount: What there is to redeem with; None redeems all of those years.
        on: The day; default: that of the resolution, else the last of the book.
        resolution: Id of the decision; without one the proposal is a draft.

    Raises:
        NotRedeemableError: There is nothing to redeem, or another order holds.
        ResolutionUnknownError: No such resolution is on file.
    """
    books = book.case.books
    decided = resolution_of(books, resolution, on)
    day = on or (decided.date if decided else last_day(books))
    method = _method(book, day)
    fund = _fund_of(books, day)
    held = {
        allotted: own
        for allotted, parts in fund.redeemable(year).items()
        if (own := {m: a for m, a in parts.items() if _stays(books, m, day)})
    }
    if decided and _is_carried_out(books, decided):
        return Redemption(year, day, amount, method, held, {}, decided, (), "")
    budget = _budget(books, year, held, amount)
    parts = ORDERS[method](budget, held, books.unit, books.register.ids)
    planned = tuple(_planned(book, fund, parts, day, decided))
    text = as_text(planned, book)
    return Redemption(year, day, amount, method, held, parts, decided, planned, text)


def write_redemption(
    book: Book, redemption: Redemption, *, force: bool = False
) -> Path:
    """Write a redemption's proposal beside the book and include it.

    Raises:
        CoopledgerError: The file exists, or the proposal would bring findings.
    """
    by = redemption.resolution
    name = f"redemption-{by.id if by else redemption.year}"
    return write_proposal(
        book,
        name,
        redemption.planned,
        findings_by,
        force=force,
    )


def _method(book: Book, day: datetime.date) -> str:
    """Return the order of redemption; where the by-laws are silent, the oldest first.

    Raises:
        NotRedeemableError: It asks for what no book says, such as the members' age.
    """
    method = book.case.policy.text(_METHOD, day, "fifo")
    if method not in ORDERS:
        why = (
            f"{_METHOD} is '{method}' on {day}, and this command knows "
            f"{' and '.join(ORDERS)} only. Book the redemption as the by-laws say."
        )
        raise NotRedeemableError(why)
    return method


def _fund_of(books: Books, day: datetime.date) -> RevolvingFund:
    fund = RevolvingFund(books.year_end)
    for booking, leg in books.traces_in(REVOLVING):
        if booking.date <= day:
            fund.note(booking, leg)
    return fund


def _stays(books: Books, member: str, day: datetime.date) -> bool:
    """Say whether somebody is paid by this order; accounts of leavers are settled."""
    return books.register.ending(member, day) is None


def _is_carried_out(books: Books, decided: Resolution) -> bool:
    return any(
        decided.id in booking.links and leg.amount < 0
        for booking, leg in books.traces_in(NOTICES)
    )


def _budget(books: Books, year: int, held: ByYear, amount: Decimal | None) -> Decimal:
    total = sum((a for own in held.values() for a in own.values()), ZERO)
    why = ""
    if not total:
        why = f"nothing that was retained up to {year} is outstanding."
    elif amount is not None and amount <= 0:
        why = f"the amount is {amount}. Give one above zero."
    elif amount is not None and not is_whole(amount, books.unit):
        why = f"{amount} is no whole number of units of {books.unit} {books.currency}."
    if why:
        raise NotRedeemableError(why)
    return total if amount is None else amount


def _planned(
    book: Book,
    fund: RevolvingFund,
    parts: ByYear,
    day: datetime.date,
    decided: Resolution | None,
) -> Iterator[Planned]:
    """Return a balanced transaction for each year, or several for many members."""
    for year, own in parts.items():
        members = list(own)
        for start in range(0, len(members), CHUNK):
            chunk = members[start : start + CHUNK]
            legs = (
                leg
                for member in chunk
                for leg in _legs(book, fund, year, member, own[member])
            )
            yield Planned(
                date=day,
                payee=book.case.books.title,
                narration=f"Redemption of what was allotted for {year}",
                year=year,
                kind="redemption",
                link=decided.id if decided else "",
                legs=tuple(legs),
                tags=frozenset(),
            )


def _legs(
    book: Book, fund: RevolvingFund, year: int, member: str, part: Decimal
) -> Iterator[PlannedLeg]:
    """Return what one member's part is taken from, and the debt that it becomes."""
    left = part
    for account, held in fund.accounts[year, member].items():
        taken = min(left, held)
        if taken > 0:
            yield PlannedLeg(account, taken)
            left -= taken
    owed = book.chart.account("redemption-payable", member=member)
    yield PlannedLeg(owed, left - part)
