"""The JSON of ``exit`` and ``redeem``; see ``docs/json.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.books import Books
    from coopledger.services.leaving import Exit
    from coopledger.services.redeeming import Redemption


def exit_shape(found: Exit, books: Books) -> dict[str, Any]:
    """Return the shape of ``exit``."""
    ending, deduction = found.ending, found.deduction
    return {
        "schema": SCHEMA,
        "member": ending.member,
        "name": books.register.name(ending.member),
        "left": ending.date.isoformat(),
        "exit": ending.exit_kind or None,
        "on": found.on.isoformat(),
        "currency": books.currency,
        "components": {role: str(amount) for role, amount in found.components.items()},
        "deduction": {
            "rate": str(deduction.rate),
            "limit": _text(deduction.limit),
            "base": str(deduction.base),
            "amount": str(deduction.amount),
        },
        "settled": str(found.settled),
        "owed": str(found.owed),
        "declared": str(found.declared),
        "deadline": found.deadline.isoformat() if found.deadline else None,
        "interest_rate": _text(found.rate),
        "payments": [
            {
                "date": one.date.isoformat(),
                "capital": str(one.capital),
                "interest": _text(one.interest),
                "outstanding": str(one.outstanding),
            }
            for one in found.payments
        ],
        "undistributed": [{"year": year} for year in found.undistributed],
        "entries": found.text,
    }


def redemption_shape(found: Redemption, books: Books) -> dict[str, Any]:
    """Return the shape of ``redeem``."""
    return {
        "schema": SCHEMA,
        "year": found.year,
        "on": found.on.isoformat(),
        "currency": books.currency,
        "method": found.method,
        "budget": _text(found.budget),
        "redeemed": str(found.total),
        "years": [
            {
                "year": year,
                "members": [
                    {
                        "member": member,
                        "outstanding": str(held),
                        "redeemed": str(found.part(year, member)),
                    }
                    for member, held in own.items()
                ],
            }
            for year, own in found.held.items()
        ],
        "entries": found.text,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
