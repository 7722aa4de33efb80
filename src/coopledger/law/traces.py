"""What several rules look for among all transactions, found in one pass over them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Trace
    from coopledger.domain.books import Books

#: Roles in which interest on capital is credited, what is withheld of it included.
_INTEREST_ROLES = CAPITAL | {"member-payable", "withholding-payable"}


def by_member(traces: list[Trace]) -> dict[str, Decimal]:
    """Add postings up by member; what belongs to no member stands under ""."""
    found: dict[str, Decimal] = {}
    for _, leg in traces:
        found[leg.member] = found.get(leg.member, ZERO) + leg.amount
    return found


def place_of(traces: list[Trace], member: str) -> Trace:
    """Return a member's last posting."""
    return next(trace for trace in reversed(traces) if trace[1].member == member)


@dataclass(slots=True)
class Traces:
    """Postings by what they are, each with its transaction, in order of date.

    Attributes:
        interest: Interest on capital that was credited, by fiscal year.
        revaluations: Members' capital brought up to date, by fiscal year.
    """

    interest: dict[int, list[Trace]] = field(default_factory=lambda: defaultdict(list))
    revaluations: dict[int, list[Trace]] = field(
        default_factory=lambda: defaultdict(list)
    )


def traces_of(
    books: Books, kinds_of_steps: Callable[[int], Mapping[str, str]]
) -> Traces:
    """Pass once over all transactions.

    Args:
        books: The books.
        kinds_of_steps: Gives the kind of each step of a fiscal year, by its id.
    """
    traces = Traces()
    for booking in books.bookings:
        roles = {leg.role for leg in booking.legs}
        year = booking.year or books.year_end.year_of(booking.date).label
        if "capital-interest-expense" in roles or "member-interest" in roles:
            traces.interest[year] += _interest(booking, roles)
        elif booking.is_appropriation:
            kinds = kinds_of_steps(year)
            traces.interest[year] += _interest_by_step(booking, kinds)
        if booking.kind == "revaluation" or "revaluation-reserve" in roles:
            traces.revaluations[year] += _revaluations(booking)
    return traces


def _interest(booking: Booking, roles: set[str]) -> Iterator[Trace]:
    """Return what a transaction credits as interest.

    All that stands against interest as an expense is interest; otherwise what is of
    that kind, and what the same step pays of it in money.
    """
    is_expense = "capital-interest-expense" in roles
    steps = {
        leg.step
        for leg in booking.legs
        if leg.role == "member-interest" and kind_of(booking, leg) == "interest"
    } - {""}
    for leg in booking.legs:
        if leg.role not in _INTEREST_ROLES:
            continue
        is_own = leg.role == "member-interest" and kind_of(booking, leg) == "interest"
        if is_expense or is_own or leg.step in steps:
            yield booking, leg


def _interest_by_step(booking: Booking, kinds: Mapping[str, str]) -> Iterator[Trace]:
    """Return what a distribution pays as interest, all of it in money."""
    for leg in booking.legs:
        if kinds.get(leg.step) == "interest" and leg.role in _INTEREST_ROLES:
            yield booking, leg


def _revaluations(booking: Booking) -> Iterator[Trace]:
    return (
        (booking, leg)
        for leg in booking.legs
        if leg.role in CAPITAL and kind_of(booking, leg) == "revaluation"
    )
