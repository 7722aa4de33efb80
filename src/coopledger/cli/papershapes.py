"""The JSON of ``notices``; see ``docs/json.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from coopledger.services.allotments import Allotment
    from coopledger.services.allotments import Allotments
    from coopledger.services.qualifying import Qualification


def notices_shape(found: Allotments, currency: str) -> dict[str, Any]:
    """Return the shape of ``notices``."""
    fiscal, terms = found.figures.fiscal, found.terms
    return {
        "schema": SCHEMA,
        "year": fiscal.label,
        "start": fiscal.start.isoformat(),
        "end": fiscal.end.isoformat(),
        "currency": currency,
        "state": "proposed" if found.is_proposed else "booked",
        "date": None if found.is_proposed else found.day.isoformat(),
        "resolution": found.resolution or None,
        "regime": found.regime,
        "pay_by": terms.deadline.isoformat() if terms else None,
        "members": [_notice(one) for one in found.members],
        "total": str(sum((one.stated for one in found.members), ZERO)),
    }


def _notice(one: Allotment) -> dict[str, Any]:
    return {
        "member": one.member,
        "name": one.name,
        "stated": str(one.stated),
        "patronage": str(one.dividend.whole),
        "money": str(one.money),
        "withheld": str(one.withheld),
        "retained": str(one.retained),
        "parts": [
            {
                "step": part.words,
                "kind": part.kind or None,
                "component": part.role,
                "amount": str(part.amount),
            }
            for part in one.parts
        ],
        "payments": [
            {
                "date": paid.date.isoformat(),
                "amount": str(paid.amount),
                "withheld": str(paid.withheld),
                "as": "money" if paid.is_money else "capital",
            }
            for paid in one.payments
        ],
        "unpaid": str(one.open),
        "notice": _qualification(one.qualification),
    }


def _qualification(found: Qualification | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "verdict": found.verdict,
        "conditions": [
            {
                "condition": one.key,
                "state": one.state,
                "words": one.answer,
                "sources": list(one.sources),
            }
            for one in found.conditions
        ],
    }
