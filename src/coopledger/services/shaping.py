"""Figures of members as plain data with text for every amount: the JSON of all faces.

Amounts are strings, so that no reader turns them into floats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.capital import COLUMNS
from coopledger.domain.findings import joined

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.capital import CapitalLine
    from coopledger.domain.findings import Finding
    from coopledger.services.ownparts import OwnPart
    from coopledger.services.showing import MemberAccount
    from coopledger.services.showing import Payable
    from coopledger.services.stating import CapitalTable
    from coopledger.services.stating import Statement

#: Version of the shapes, see ``docs/json.md``.
SCHEMA = 1


def capital_columns(line: CapitalLine) -> dict[str, str]:
    """Return the columns of one line, as text."""
    return {column: str(getattr(line, column)) for column in COLUMNS}


def capital_lines(table: CapitalTable) -> dict[str, Any]:
    """Return the lines of all members and their total."""
    return {
        "members": [
            {"member": line.member, **capital_columns(line)} for line in table.lines
        ],
        "total": capital_columns(table.total),
    }


def statement_shape(currency: str, statement: Statement) -> dict[str, Any]:
    """Return the shape of ``statement``."""
    return {
        "schema": SCHEMA,
        "member": statement.membership.member,
        "name": statement.membership.name,
        "class": statement.membership.member_class,
        "status": statement.membership.status,
        "start": statement.start.isoformat(),
        "end": statement.end.isoformat(),
        "currency": currency,
        "opening": str(statement.line.opening),
        "movements": [
            {
                "date": row.movement.date.isoformat(),
                "kind": row.movement.kind,
                "component": row.movement.role,
                "words": row.words,
                "narration": row.movement.text,
                "year": row.movement.year,
                "amount": str(row.movement.amount),
                "balance": str(row.balance),
            }
            for row in statement.rows
        ],
        "closing": str(statement.line.closing),
        "components": {k: str(v) for k, v in statement.components.items()},
        "owed": {k: str(v) for k, v in statement.owed.items()},
    }


def account_shape(account: MemberAccount) -> dict[str, Any]:
    """Return what a member's page tells besides the statement."""
    return {
        "holdings": [
            {"component": one.role, "year": one.year, "amount": str(one.amount)}
            for one in account.holdings
        ],
        "to_pay": [_payable(one) for one in account.to_pay],
        "to_get": [_payable(one) for one in account.to_get],
        "workings": [
            {
                "year": one.year,
                "booked": str(one.booked),
                "parts": [
                    {"step": part.step.step.id, "sentence": part.sentence}
                    for part in one.parts
                ],
                "own": [_own_part(named.part) for named in one.own],
            }
            for one in account.workings
        ],
    }


def _own_part(part: OwnPart) -> dict[str, Any]:
    return {
        "step": part.step,
        "measures": [
            {
                "unit": one.unit,
                "quantity": str(one.quantity),
                "weight": str(one.weight),
            }
            for one in part.measures
        ],
        "times": str(part.times),
        "weight": str(part.weight),
        "amount": str(part.amount),
    }


def _payable(one: Payable) -> dict[str, Any]:
    return {
        "words": str(one.words),
        "date": one.date.isoformat() if one.date else None,
        "amount": str(one.amount),
        "interest": None if one.interest is None else str(one.interest),
    }


def finding_shape(finding: Finding) -> dict[str, Any]:
    """Return a finding with all its parts."""
    return {
        "rule": finding.rule,
        "basis": finding.basis,
        "severity": finding.severity,
        "message": joined(finding.found, finding.why, finding.fix),
        "reason": finding.reason,
        "book": finding.book,
        "file": finding.origin.file,
        "line": finding.origin.line,
        "date": finding.date.isoformat() if finding.date else None,
        "amount": _text(finding.amount),
        "limit": _text(finding.limit),
        "source": list(finding.sources),
        "suggestion": finding.suggestion,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
