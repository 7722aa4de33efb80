"""Rules on membership: who is a member, and what entry costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.capital import CAPITAL
from coopledger.errors import offer_nearest
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.law.case import Case

_FEE_SOURCES = (
    "Ley 27/1999, art. 52 and 55",
    "Ley 11/2019, art. 68 and 71",
    "Orden EHA/3360/2010",
)


@rule("COOP-MEM-01", basis="law", sources=_FEE_SOURCES, catalogue=("R02",))
def entry_fee_is_no_capital(case: Case) -> Iterator[Breach]:
    """An entry fee belongs to the collective reserve and is never a member's capital.

    Holds::

        2024-06-01 * "Cleo" "Entry fee"
          coop-kind: "entry-fee"
          Assets:Bank               50.00 USD
          Equity:Reserves:EntryFees -50.00 USD

    Breaks::

        2024-06-01 * "Bea" "Entry fee"
          coop-kind: "entry-fee"
          Assets:Bank                      50.00 USD
          Equity:Members:Bea:Contribution -50.00 USD
    """
    for booking in case.books.bookings:
        if booking.kind != "entry-fee":
            continue
        for leg in booking.legs:
            if leg.role in CAPITAL:
                yield Breach(
                    f"The entry fee of {leg.amount} stands on {leg.account}.",
                    "Credit it to the entry fees of the collective reserve.",
                    leg.origin,
                    booking.date,
                    amount=leg.amount,
                )


@rule(
    "COOP-MEM-02",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("register",),
)
def register_makes_sense(case: Case) -> Iterator[Breach]:
    """The lines of the register follow each other: nobody leaves before joining.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
          reason: "moves away"

    Breaks::

        2024-06-30 custom "coop-member" "Cleo" "leave"
    """
    words = {"": "unknown"}
    for event, before in case.books.register.disordered:
        yield Breach(
            f"'{event.event}' of {event.member} cannot follow: {event.member} is "
            f"{words.get(before, before)} on {event.date}.",
            "Correct the date or the event, or add the line that is missing before.",
            event.origin,
            event.date,
        )


@rule(
    "COOP-MEM-03",
    basis="statutes",
    sources=("the classes of members in the preset",),
    catalogue=("classes",),
)
def classes_are_known(case: Case) -> Iterator[Breach]:
    """Every member joins in a class that the statutes know.

    Holds::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"

    Breaks::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "wrker"
    """
    for events in case.books.register.events.values():
        named = False
        for event in events:
            known = case.policy.classes_on(event.date)
            named = named or bool(event.member_class)
            if event.member_class and event.member_class not in known:
                yield Breach(
                    f"There is no class '{event.member_class}'"
                    f"{offer_nearest(event.member_class, known)}",
                    "Name a class of the preset that governs the book.",
                    event.origin,
                    event.date,
                )
            elif event.event == "join" and not named:
                yield Breach(
                    f"{event.member} joins without a class.",
                    f"Add class: with one of {', '.join(known)}.",
                    event.origin,
                    event.date,
                )
