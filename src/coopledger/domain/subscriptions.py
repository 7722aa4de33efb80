"""What members subscribed, and how much of it is paid on which day.

A subscription is what grows in a member's contributions against money and against
`uncalled`, the part that is still to be paid.  What is paid later lessens `uncalled`
and counts for the oldest subscription first.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.bookings import Trace

#: Kinds of movement that subscribe: now, or before the book began.
_SUBSCRIBE = frozenset({"contribution", "opening"})


@dataclass(slots=True)
class Subscription:
    """What one transaction subscribes for a member.

    Attributes:
        booking: The transaction.
        leg: Its first posting of the member.
        compulsory: Compulsory contribution that is subscribed.
        voluntary: Voluntary contribution that is subscribed.
        unpaid: What of both is not paid with it.
    """

    booking: Booking
    leg: Leg
    compulsory: Decimal = ZERO
    voluntary: Decimal = ZERO
    unpaid: Decimal = ZERO

    @property
    def is_brought_forward(self) -> bool:
        """Whether it was subscribed before the book began."""
        return kind_of(self.booking, self.leg) == "opening"

    def add(self, leg: Leg) -> None:
        """Count a posting of the transaction."""
        if leg.role == "uncalled":
            self.unpaid -= leg.amount
        elif leg.role == "voluntary":
            self.voluntary += leg.amount
        else:
            self.compulsory += leg.amount


@dataclass(slots=True)
class Subscriber:
    """All that one member subscribed and paid.

    Attributes:
        subscriptions: In order of date.
        payments: Day and amount of what was paid, or written off, later.
    """

    subscriptions: list[Subscription] = field(default_factory=list)
    payments: list[tuple[datetime.date, Decimal]] = field(default_factory=list)

    def left(self, number: int, on: datetime.date) -> Decimal:
        """Return what is unpaid of a subscription at the end of a day."""
        paid = sum((amount for day, amount in self.payments if day <= on), ZERO)
        older = sum((one.unpaid for one in self.subscriptions[:number]), ZERO)
        unpaid = self.subscriptions[number].unpaid
        return unpaid - min(unpaid, max(ZERO, paid - older))


def subscribers_of(traces: Iterable[Trace]) -> dict[str, Subscriber]:
    """Return what each member subscribed and paid.

    Args:
        traces: All postings of paid-in capital, in order of date.
    """
    found: dict[str, Subscriber] = {}
    for booking, legs in _by_transaction(traces):
        # In one pass: a transaction may have legs of very many members.
        by_member: dict[str, list[Leg]] = {}
        for leg in legs:
            by_member.setdefault(leg.member, []).append(leg)
        for member, own in by_member.items():
            _count(booking, own, found.setdefault(member, Subscriber()))
    return found


def _by_transaction(traces: Iterable[Trace]) -> list[tuple[Booking, list[Leg]]]:
    grouped: list[tuple[Booking, list[Leg]]] = []
    for booking, leg in traces:
        if not grouped or grouped[-1][0] is not booking:
            grouped.append((booking, []))
        grouped[-1][1].append(leg)
    return grouped


def _count(booking: Booking, legs: list[Leg], whose: Subscriber) -> None:
    growing = [leg for leg in legs if leg.role != "uncalled" and leg.amount > 0]
    first = next((leg for leg in growing if kind_of(booking, leg) in _SUBSCRIBE), None)
    uncalled = sum((leg.amount for leg in legs if leg.role == "uncalled"), ZERO)
    if uncalled > 0:
        whose.payments.append((booking.date, uncalled))
    elif first:
        subscription = Subscription(booking, first)
        for leg in legs:
            subscription.add(leg)
        whose.subscriptions.append(subscription)
