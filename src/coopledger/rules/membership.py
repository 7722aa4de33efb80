"""Rules on membership: who is a member, and what entry costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.capital import CAPITAL
from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase
from coopledger.phrases import word
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.domain.members import MemberEvent
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
                    Phrase(
                        "The entry fee of {amount} stands on {account}.",
                        amount=leg.amount,
                        account=leg.account,
                    ),
                    Phrase("Credit it to the entry fees of the collective reserve."),
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
    for event, before in case.books.register.disordered:
        yield Breach(
            Phrase(
                "'{event}' of {member} cannot follow: {member} is {status} on {day}.",
                event=event.event,
                member=event.member,
                status=word(before or "unknown"),
                day=event.date,
            ),
            Phrase(
                "Correct the date or the event, or add the line that is missing before."
            ),
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
                    Phrase(
                        "There is no class '{name}'{nearest}",
                        name=event.member_class,
                        nearest=offer_nearest(event.member_class, known),
                    ),
                    Phrase("Name a class of the preset that governs the book."),
                    event.origin,
                    event.date,
                )
            elif event.event == "join" and not named:
                yield Breach(
                    Phrase("{member} joins without a class.", member=event.member),
                    Phrase(
                        "Add class: with one of {classes}.", classes=", ".join(known)
                    ),
                    event.origin,
                    event.date,
                )


@rule(
    "COOP-MEM-05",
    basis="law",
    sources=(
        "Massachusetts General Laws, ch. 157A § 6",
        "New York Cooperative Corporations Law, art. 5-A § 93",
        "Ley 27/1999, art. 26",
        "Ley 11/2019, art. 37.1",
    ),
    catalogue=("R10",),
)
def one_member_has_one_vote(case: Case) -> Iterator[Breach]:
    """Nobody stands in the register as two members with a vote at the same time.

    Holds::

        2024-01-01 custom "coop-member" "Cleo" "join"
          name: "Cleo Marsh"
          class: "worker"
        2024-03-31 custom "coop-member" "Cleo" "leave"
        2024-04-01 custom "coop-member" "Marsh" "join"
          name: "Cleo Marsh"
          class: "worker"

    Breaks::

        2024-01-01 custom "coop-member" "Cleo" "join"
          name: "Cleo Marsh"
          class: "worker"
        2024-03-31 custom "coop-member" "Marsh" "join"
          name: "Cleo Marsh"
          class: "worker"
    """
    for person, ids in case.books.register.people().items():
        for event, other in _second_votes(case, ids) if len(ids) > 1 else ():
            yield Breach(
                Phrase(
                    "{person} has a vote as {other} and as {member} on {day}.",
                    person=person,
                    other=other,
                    member=event.member,
                    day=event.date,
                ),
                Phrase(
                    "Keep one membership; where these are two people, tell them "
                    "apart with person: on their lines."
                ),
                event.origin,
                event.date,
            )


def _second_votes(case: Case, ids: Iterable[str]) -> Iterator[tuple[MemberEvent, str]]:
    """Return the lines that give somebody a second vote, with who has the first."""
    lines = [event for member in ids for event in case.books.register.events[member]]
    seen: list[str] = []
    for event in sorted(lines, key=lambda event: event.date):
        seen.append(event.member)
        others = (one for one in seen if one != event.member)
        other = next((one for one in others if _votes(case, one, event.date)), "")
        gives = event.event in {"join", "class"}
        if gives and other and _votes(case, event.member, event.date):
            yield event, other


def _votes(case: Case, member: str, on: datetime.date) -> bool:
    standing = case.books.register.during(member, on)
    if standing is None or not standing.is_member:
        return False
    own = case.policy.class_on(standing.member_class, on)
    return own is not None and own.votes
