"""Rules on what those who join pay, beside what others paid before them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import round_to
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.law.case import Case


@rule(
    "COOP-CAP-11",
    basis="law",
    sources=("Ley 27/1999, art. 46.7",),
    needs=("contribution.senior-cap", "prices.index"),
    catalogue=("R09",),
    example="es-state-worker",
)
def newcomers_pay_no_more_than_the_eldest(case: Case) -> Iterator[Breach]:
    """On joining nobody subscribes more than the eldest member did, at today's prices.

    Holds::

        2020-01-01 custom "coop-parameter" "prices.index" 100.0
        2024-01-01 custom "coop-parameter" "prices.index" 118.0
        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Aportación de Cleo"
          Assets:Banco                      1,180.00 EUR
          Equity:Socias:Cleo:Aportaciones  -1,180.00 EUR

    Breaks::

        2020-01-01 custom "coop-parameter" "prices.index" 100.0
        2024-01-01 custom "coop-parameter" "prices.index" 118.0
        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Aportación de Cleo"
          Assets:Banco                      1,180.01 EUR
          Equity:Socias:Cleo:Aportaciones  -1,180.01 EUR
    """
    for member, whose in case.subscribers.items():
        first = next(iter(whose.subscriptions), None)
        if first is None or first.is_brought_forward:
            continue
        day = first.booking.date
        cap = case.policy.find_number("contribution.senior-cap", day)
        eldest = _eldest(case, member, day) if cap is not None else []
        values = [_at_prices_of(case, one, day) for one in eldest]
        known = [value for value in values if value is not None]
        if cap is None or not known or len(known) < len(values):
            continue
        limit = max(known) * Fraction(cap)
        if Fraction(first.compulsory) > limit:
            shown = round_to(limit, case.books.unit, "down")
            yield Breach(
                Phrase(
                    "{member} subscribes {subscribed} on joining; what {eldest} "
                    "contributed comes to {limit} at the prices of {day}.",
                    member=member,
                    subscribed=first.compulsory,
                    eldest=eldest[0],
                    limit=shown,
                    day=day,
                ),
                Phrase(
                    "Lower the compulsory contribution, or book what is voluntary as "
                    "such."
                ),
                first.leg.origin,
                day,
                amount=first.compulsory,
                limit=shown,
            )


def _eldest(case: Case, newcomer: str, on: datetime.date) -> list[str]:
    """Return the members of a newcomer's class who have been members for longest."""
    register = case.books.register
    standing = register.during(newcomer, on)
    others = [
        one
        for one in register.as_of(on)
        if one.is_member
        and one.joined
        and standing
        and one.member_class == standing.member_class
        and one.joined < (standing.joined or on)
    ]
    first = min((one.joined for one in others if one.joined), default=None)
    return [one.member for one in others if one.joined == first]


def _at_prices_of(case: Case, member: str, on: datetime.date) -> Fraction | None:
    """Return a member's compulsory contributions by a day, at that day's prices.

    None where the book has none of them, or no index for one of the days.
    """
    register, find = case.books.register, case.policy.find_number
    whose = case.subscribers.get(member)
    total, now = Fraction(0), find("prices.index", on)
    for one in whose.subscriptions if whose else ():
        day = one.booking.date
        standing = register.during(member, day)
        if one.is_brought_forward and standing and standing.joined:
            day = standing.joined
        then = find("prices.index", day)
        if not now or not then:
            return None
        if one.booking.date <= on:
            total += Fraction(one.compulsory) * Fraction(now) / Fraction(then)
    return total or None
