"""Postings looked up by role, and by whose they are; each look takes one pass.

Rules ask for the same few sets of roles again and again, and members' pages for one
member's part of them, member after member.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import CapitalMovement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.bookings import Trace


@dataclass(slots=True)
class Index:
    """The postings of a book, found when they are first asked for.

    Attributes:
        bookings: Transactions with a role, in order of date.
    """

    bookings: Sequence[Booking]
    _traces: dict[frozenset[str], list[Trace]] = field(default_factory=dict)
    _own: dict[frozenset[str], dict[str, list[Trace]]] = field(default_factory=dict)
    _movements: list[CapitalMovement] | None = None
    _own_movements: dict[str, list[CapitalMovement]] | None = None

    def traces_in(self, roles: frozenset[str]) -> list[Trace]:
        """Return every posting in some roles with its transaction, in order of date."""
        if roles not in self._traces:
            self._traces[roles] = [
                (booking, leg)
                for booking in self.bookings
                for leg in booking.legs
                if leg.role in roles
            ]
        return self._traces[roles]

    def traces_of(self, member: str, roles: frozenset[str]) -> Sequence[Trace]:
        """Return a member's postings in some roles, as `traces_in` has them."""
        if roles not in self._own:
            own = self._own[roles] = {}
            for trace in self.traces_in(roles):
                own.setdefault(trace[1].member, []).append(trace)
        return self._own[roles].get(member, ())

    def booked_movements(self) -> Iterator[tuple[Booking, CapitalMovement]]:
        """Return all movements of members' capital with their transactions."""
        for booking, leg in self.traces_in(CAPITAL):
            yield booking, _movement(booking, leg)

    def movements(self) -> list[CapitalMovement]:
        """Return all movements of members' capital, in order of date."""
        if self._movements is None:
            self._movements = [movement for _, movement in self.booked_movements()]
        return self._movements

    def movements_of(self, member: str) -> Sequence[CapitalMovement]:
        """Return the movements of one member's capital, in order of date."""
        if self._own_movements is None:
            own: dict[str, list[CapitalMovement]] = {}
            for movement in self.movements():
                own.setdefault(movement.member, []).append(movement)
            self._own_movements = own
        return self._own_movements.get(member, ())


def _movement(booking: Booking, leg: Leg) -> CapitalMovement:
    return CapitalMovement(
        booking.date,
        leg.member,
        leg.role,
        kind_of(booking, leg),
        leg.amount,
        leg.year or booking.year,
        booking.text,
        leg.origin,
    )
