"""The JSON shape of ``federation consolidate``, documented in ``docs/json.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.statements import SECTIONS
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.consolidation import Row
    from coopledger.domain.elimination import Elimination
    from coopledger.domain.statements import View
    from coopledger.services.federating.consolidating import Consolidation


def consolidation_shape(found: Consolidation) -> dict[str, Any]:
    """Return the statements of a group with all that led to them."""
    return {
        "schema": SCHEMA,
        "year": found.year,
        "end": found.end.isoformat(),
        "currency": found.currency,
        "enterprises": [_view(name, view) for name, view in found.views.items()],
        "left_out": [
            {"enterprise": name, "why": why} for name, why in found.out.items()
        ],
        "lines": [_row(row) for row in found.statements.rows],
        "totals": {
            section: dict(
                zip(
                    ("aggregated", "eliminated", "consolidated"),
                    map(str, found.statements.total(section)),
                    strict=True,
                )
            )
            for section in SECTIONS
        },
        "equity": [
            {
                "id": one.line.id,
                "title": one.line.title,
                "opening": str(one.opening),
                "change": str(one.change),
                "closing": str(one.closing),
            }
            for one in found.equity
        ],
        "capital": {
            "total": _texts(found.capital),
            "enterprises": [
                {"enterprise": name, **_texts(moved)}
                for name, moved in found.capital_by.items()
            ],
        },
        "eliminations": [_elimination(one) for one in found.statements.eliminations],
        "kept": [
            {
                "enterprise": one.enterprise,
                "what": one.what,
                "amount": str(one.amount),
                "why": one.why,
            }
            for one in found.statements.kept
        ],
    }


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def _view(name: str, view: View) -> dict[str, Any]:
    return {
        "enterprise": name,
        "title": view.book.title,
        "currency": view.book.currency,
        "start": view.year.start.isoformat(),
        "end": view.year.end.isoformat(),
        "closing": str(view.closing),
        "average": str(view.average),
        "findings": view.book.found,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.line.id,
        "title": row.line.title,
        "section": row.line.section,
        "enterprises": _texts(row.amounts),
        "aggregated": str(row.aggregated),
        "eliminated": str(row.eliminated),
        "consolidated": str(row.consolidated),
    }


def _elimination(one: Elimination) -> dict[str, Any]:
    transfer = one.giver.transfer
    return {
        "transfer": transfer.id,
        "nature": transfer.nature,
        "giver": one.giver.book,
        "receiver": one.receiver.book,
        "date": transfer.date.isoformat(),
        "taken": [
            {
                "enterprise": taken.enterprise,
                "item": taken.line,
                "account": taken.account,
                "amount": str(taken.amount),
            }
            for taken in one.taken
        ],
    }
