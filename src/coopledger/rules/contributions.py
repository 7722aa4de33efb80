"""Rules on contributions: who may take them over, and how they are paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.periods import add_months
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.law.case import Case


@rule(
    "COOP-CAP-05",
    basis="law",
    sources=("Ley 27/1999, art. 50", "Ley 11/2019, art. 65"),
    needs=("transfer.join-months", "transfer.heir-months"),
    catalogue=("R11",),
    example="es-basque-worker",
    yields_to=("COOP-CAP-02",),
)
def capital_passes_to_members_and_heirs(case: Case) -> Iterator[Breach]:
    """Capital passes only to members, to who joins soon, and to heirs who ask to join.

    Holds::

        2024-03-01 * "Ana cede parte de su aportación a Cleo"
          Equity:Socias:Ana:Aportaciones    100.00 EUR
          Equity:Socias:Cleo:Aportaciones  -100.00 EUR
        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"

    Breaks::

        2024-03-01 * "Ana cede parte de su aportación a Cleo"
          Equity:Socias:Ana:Aportaciones    100.00 EUR
          Equity:Socias:Cleo:Aportaciones  -100.00 EUR
        2024-06-02 custom "coop-member" "Cleo" "join"
          class: "worker"
    """
    for booking, leg in case.books.traces_in(CAPITAL):
        if leg.amount <= 0 or kind_of(booking, leg) != "transfer":
            continue
        limit = _last_day_to_join(case, booking, leg)
        if limit is None or case.books.last <= limit:
            continue
        yield Breach(
            f"{leg.member} takes over capital on {booking.date} and is no member by "
            f"{limit}.",
            "Register when they joined or asked to; otherwise undo the transfer and "
            "repay the capital.",
            leg.origin,
            booking.date,
            amount=leg.amount,
        )


def _last_day_to_join(case: Case, booking: Booking, taken: Leg) -> datetime.date | None:
    """Return the day by which whoever took capital over had to join and did not.

    An heir has to ask for it, counted from the death; everybody else has to join.
    """
    register, find = case.books.register, case.policy.find_number
    died = _day_of_death(case, booking, taken)
    months = find(f"transfer.{'heir' if died else 'join'}-months", booking.date)
    if months is None:
        return None
    start = died or booking.date
    limit = add_months(start, int(months))
    asked = any(
        event.event in ({"apply", "join"} if died else {"join"})
        and start <= event.date <= limit
        for event in register.events.get(taken.member, ())
    )
    standing = register.during(taken.member, booking.date)
    is_member = standing is not None and standing.is_member
    return None if asked or is_member else limit


def _day_of_death(case: Case, booking: Booking, taken: Leg) -> datetime.date | None:
    """Return when the member died whose capital somebody takes over."""
    givers = {leg.member for leg in booking.legs if leg.role in CAPITAL}
    for giver in sorted(givers - {taken.member}):
        standing = case.books.register.standing(giver, booking.date)
        if standing and standing.status == "deceased":
            return standing.left
    return None
