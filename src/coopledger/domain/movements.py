"""What kind of movement a leg of a transaction is, from what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import OWED
from coopledger.domain.capital import CapitalMovement

if TYPE_CHECKING:
    from coopledger.domain.books import Booking
    from coopledger.domain.books import Leg


def movement_of(booking: Booking, leg: Leg) -> CapitalMovement:
    """Return the movement of capital that a leg of a transaction is."""
    return CapitalMovement(
        date=booking.date,
        member=leg.member,
        role=leg.role,
        kind=kind_of(booking, leg),
        amount=leg.amount,
        year=booking.year,
        text=booking.text,
        origin=leg.origin,
    )


#: Capital that is paid in, and capital that was retained.
_PAID_IN = frozenset({"contribution", "voluntary", "redeemable", "uncalled"})
_RETAINED = frozenset({"patronage", "nonqualified", "member-interest"})


def kind_of(booking: Booking, leg: Leg) -> str:
    """Return the kind of a movement of capital; "" when it could be several.

    The kind that the booking states decides for every leg that it can apply to; where
    nothing is stated it follows from the roles on the legs.  A posting may state its
    own.
    """
    if leg.kind:
        return leg.kind
    if booking.kind and booking.kind not in {"appropriation", "entry-fee"}:
        return _stated(booking, leg)
    return _inferred(booking, leg)


def _stated(booking: Booking, leg: Leg) -> str:
    # A loss year's transaction may also offset or restore; the sign tells.
    if booking.kind == "loss" and leg.role == "member-loss" and leg.amount > 0:
        return "loss-restored"
    return booking.kind


def _inferred(booking: Booking, leg: Leg) -> str:
    # First, because a distribution has two legs for each of very many members.
    if any(other.role == "surplus-appropriated" for other in booking.legs):
        return _of_appropriation(leg)
    others = {other.role for other in booking.legs if other is not leg}
    if _is_between_members(booking, leg):
        return "transfer"
    if leg.amount > 0:
        is_gift = any(o.role in COLLECTIVE and o.amount < 0 for o in booking.legs)
        return "" if is_gift else _of_increase(leg, others, booking.plain)
    return _of_decrease(leg, others, booking.plain)


def _of_appropriation(leg: Leg) -> str:
    if leg.role == "member-loss":
        return "loss" if leg.amount < 0 else "loss-restored"
    if leg.role == "member-interest":
        return "interest"
    if leg.amount < 0:
        return "loss"
    return "patronage" if leg.role in {"patronage", "nonqualified"} else ""


def _is_between_members(booking: Booking, leg: Leg) -> bool:
    others = {
        other.member
        for other in booking.legs
        if other.role in CAPITAL and (other.amount > 0) != (leg.amount > 0)
    }
    return bool(others - {leg.member}) and not booking.plain


def _of_increase(leg: Leg, others: set[str], plain: frozenset[str]) -> str:
    if leg.role == "member-interest" and "capital-interest-expense" in others:
        return "interest"
    if leg.role not in _PAID_IN or not plain <= {"Assets"}:
        return ""
    return "conversion" if others & _RETAINED else "contribution"


def _of_decrease(leg: Leg, others: set[str], plain: frozenset[str]) -> str:
    if leg.role == "uncalled":
        return "contribution"
    if others & COLLECTIVE:
        # A deduction, a fee, a gift to the reserve: only the book can say.
        return ""
    if others & OWED or plain == {"Assets"}:
        return "redemption"
    return "conversion" if others & _PAID_IN and not plain else ""
