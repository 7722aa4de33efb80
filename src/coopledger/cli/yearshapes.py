"""The JSON shapes of a year: closed, replayed, or compared with what might be."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.services.shaping import SCHEMA
from coopledger.services.yearshaping import year_shape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.journal.loading import Book
    from coopledger.services.closing import Closing
    from coopledger.services.replaying import Replay
    from coopledger.services.whatif import Outcome


def close_shape(closing: Closing, book: Book) -> dict[str, Any]:
    """Return the shape of ``close``."""
    found = year_shape(book, closing.figures, closing.appropriation)
    return {**found, "entries": closing.text}


def replay_shape(replay: Replay, currency: str) -> dict[str, Any]:
    """Return the shape of ``replay``."""
    return {
        "schema": SCHEMA,
        "year": replay.year,
        "currency": currency,
        "booked": replay.is_booked,
        "result": str(replay.appropriation.pool),
        "differences": [
            {
                "account": one.account,
                "follows": str(one.follows),
                "booked": str(one.booked),
                "difference": str(one.gap),
            }
            for one in replay.differences
        ],
    }


def scenarios_shape(
    year: int, currency: str, outcomes: Iterable[Outcome]
) -> dict[str, Any]:
    """Return the shape of ``close --set``."""
    return {
        "schema": SCHEMA,
        "year": year,
        "currency": currency,
        "scenarios": [
            {
                "name": one.scenario.name,
                "settings": dict(one.scenario.settings),
                "result": str(one.appropriation.pool),
                "remaining": str(one.appropriation.remaining),
                "steps": [
                    {"id": step.step.id, "amount": str(step.amount)}
                    for step in one.appropriation.steps
                ],
                "members": [
                    {"member": member, "amount": str(amount), "cash": str(cash)}
                    for member, (amount, cash) in received(one).items()
                ],
            }
            for one in outcomes
        ],
    }


def received(outcome: Outcome) -> Mapping[str, tuple[Decimal, Decimal]]:
    """Return what each member gets of all steps (below zero: bears), and in money."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for step in outcome.appropriation.steps:
        cash = {line.member: line.cash for line in step.lines}
        sign = -1 if step.step.kind == "members" else 1
        for member, part in step.parts.items():
            amount, paid = found.get(member, (ZERO, ZERO))
            found[member] = (amount + sign * part, paid + cash.get(member, ZERO))
    return found
