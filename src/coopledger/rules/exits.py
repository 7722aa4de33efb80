"""Rules on leaving: what may be kept of a leaver's account, and when it is repaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.law.case import Case

#: Contributions of which something may be kept; what is retained or voluntary is not.
_COMPULSORY = frozenset({"contribution", "redeemable", "uncalled"})


def _is_kept(case: Case, booking: Booking, leg: Leg) -> bool:
    """Say whether a leg is a deduction from the account of somebody who left."""
    if leg.role not in CAPITAL or leg.amount >= 0:
        return False
    if kind_of(booking, leg) != "deduction":
        return False
    standing = case.books.register.standing(leg.member, booking.date)
    return standing is not None and standing.left is not None


def _highest_share(case: Case, on: datetime.date) -> Decimal | None:
    """Return the highest share that may be kept, for whatever reason somebody left."""
    find = case.policy.find_number
    unjustified = find("exit.deduction-unjustified", on)
    expelled = find("exit.deduction-expulsion", on)
    if unjustified is None or expelled is None:
        return None
    extra = find("exit.deduction-stay-extra", on) or ZERO
    return max(unjustified + extra, expelled)


def _kept_of(case: Case) -> Iterator[tuple[Booking, Leg, Decimal, Decimal]]:
    """Return each deduction with the sum kept so far and the contributions before."""
    held: dict[str, Decimal] = {}
    kept: dict[str, Decimal] = {}
    before: dict[str, Decimal] = {}
    for booking in case.books.bookings:
        for leg in booking.legs:
            if _is_kept(case, booking, leg):
                before.setdefault(leg.member, held.get(leg.member, ZERO))
                kept[leg.member] = kept.get(leg.member, ZERO) - leg.amount
                yield booking, leg, kept[leg.member], before[leg.member]
            if leg.role in _COMPULSORY:
                held[leg.member] = held.get(leg.member, ZERO) + leg.amount


@rule(
    "COOP-EXIT-01",
    basis="law",
    sources=("Ley 11/2019, art. 66", "Ley 27/1999, art. 51"),
    needs=("exit.deduction-unjustified", "exit.deduction-expulsion"),
    catalogue=("R62",),
    example="es-basque-worker",
)
def deductions_stay_within_their_limit(case: Case) -> Iterator[Breach]:
    """Of a leaver's contributions no more is kept than the largest deduction allowed.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Deducción del treinta por ciento"
          coop-kind: "deduction"
          Equity:Socias:Bea:Aportaciones            300.00 EUR
          Equity:Reservas:FondoReservaObligatorio  -300.00 EUR

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Deducción de más"
          coop-kind: "deduction"
          Equity:Socias:Bea:Aportaciones            300.01 EUR
          Equity:Reservas:FondoReservaObligatorio  -300.01 EUR
    """
    for booking, leg, kept, before in _kept_of(case):
        share = _highest_share(case, booking.date)
        if share is None or kept <= share * before:
            continue
        limit = portion(before, share, case.books.unit, "down")
        yield Breach(
            f"{kept} is kept of {leg.member}'s contributions of {before}; {limit} is "
            "the most.",
            "Lower the deduction, or name the movement what it is with coop-kind.",
            leg.origin,
            booking.date,
            amount=kept,
            limit=limit,
        )
