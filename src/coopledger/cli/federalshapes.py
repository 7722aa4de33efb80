"""The JSON shapes of ``federation``, documented in ``docs/json.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.cli.shapes import amount_text
from coopledger.cli.shapes import check_shape
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopledger.services.federating.checking import FederationCheck
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.status import Line


def troubles_of(federation: Federation) -> list[dict[str, str]]:
    """Return the books that could not be had."""
    return [
        {"enterprise": one.id, "path": str(one.path), "why": one.why}
        for one in federation.troubles
    ]


def status_shape(federation: Federation, lines: Iterable[Line]) -> dict[str, Any]:
    """Return the shape of ``federation status``."""
    return {
        "schema": SCHEMA,
        "federation": federation.own.id,
        "enterprises": [_line(one) for one in lines],
        "troubles": troubles_of(federation),
    }


def _line(line: Line) -> dict[str, Any]:
    book, year = line.book, line.year
    return {
        "enterprise": book.id,
        "title": book.title,
        "currency": book.currency,
        "findings": book.found,
        "year": year.label if year else None,
        "end": year.end.isoformat() if year else None,
        "closed": year.is_closed if year else None,
        "result": amount_text(year.result if year else None),
        "members": year.work.members if year else None,
        "payroll": amount_text(_payroll(line)),
        "owed": amount_text(line.owed),
        "owing": amount_text(line.owing),
    }


def _payroll(line: Line) -> Any:
    work = line.year.work if line.year else None
    return work.payroll_members + work.payroll_hired if work else None


def federation_check_shape(check: FederationCheck) -> dict[str, Any]:
    """Return the shape of ``federation check``."""
    own = check_shape(check.federation.own.id, check.findings)
    return {
        "schema": SCHEMA,
        "federation": check.federation.own.id,
        "days": check.days,
        "matched": len(check.pairing.matched),
        "unread": [one.transfer.id for one in check.pairing.unread],
        "findings": own["findings"],
        "troubles": troubles_of(check.federation),
    }
