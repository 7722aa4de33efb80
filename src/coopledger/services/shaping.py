"""Figures of members as plain data with text for every amount: the JSON of all faces.

Amounts are strings, so that no reader turns them into floats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.capital import COLUMNS

if TYPE_CHECKING:
    from coopledger.domain.capital import CapitalLine
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
