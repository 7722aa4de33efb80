"""The JSON shapes that commands print, documented in ``docs/json.md``.

Amounts are strings, so that no reader turns them into floats.  ``schema`` is raised
when a shape changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLUMNS
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction

    from coopledger.domain.capital import CapitalLine
    from coopledger.domain.findings import Finding
    from coopledger.domain.members import Membership
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Line
    from coopledger.journal.chart import Chart
    from coopledger.law.policy import Setting
    from coopledger.law.preset import Preset
    from coopledger.rules import Rule
    from coopledger.services.closing import Closing
    from coopledger.services.lawreading import Change
    from coopledger.services.lawreading import Reading
    from coopledger.services.lawreading import Record
    from coopledger.services.replaying import Replay
    from coopledger.services.stating import CapitalTable
    from coopledger.services.stating import Statement

SCHEMA = 1


def check_shape(book: str, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the shape of ``check``."""
    return {
        "schema": SCHEMA,
        "book": book,
        "findings": [_finding(finding) for finding in findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "basis": finding.basis,
        "severity": finding.severity,
        "message": " ".join(
            part for part in (finding.found, finding.why, finding.fix) if part
        ),
        "book": finding.book,
        "file": finding.origin.file,
        "line": finding.origin.line,
        "date": _date(finding.date),
        "amount": _amount(finding.amount),
        "limit": _amount(finding.limit),
        "source": list(finding.sources),
    }


def rules_shape(rules: Iterable[Rule]) -> dict[str, Any]:
    """Return the shape of ``rules``."""
    return {
        "schema": SCHEMA,
        "rules": [
            {
                "id": rule.id,
                "statement": rule.statement,
                "basis": rule.basis,
                "severity": rule.severity,
                "sources": list(rule.sources),
                "presets": presets_of(rule),
            }
            for rule in rules
        ],
    }


def presets_of(rule: Rule) -> list[str]:
    """Return the presets that have everything a rule needs."""
    needed = set(rule.needs)
    return [name for name in preset_paths() if needed <= load_preset(name).names]


def members_shape(on: datetime.date, members: Iterable[Membership]) -> dict[str, Any]:
    """Return the shape of ``members``."""
    return {
        "schema": SCHEMA,
        "on": on.isoformat(),
        "members": [
            {
                "member": one.member,
                "name": one.name,
                "class": one.member_class,
                "joined": _date(one.joined),
                "left": _date(one.left),
                "status": one.status,
            }
            for one in members
        ],
    }


def capital_shape(year: int, currency: str, table: CapitalTable) -> dict[str, Any]:
    """Return the shape of ``capital``."""
    return {
        "schema": SCHEMA,
        "year": year,
        "currency": currency,
        "members": [
            {"member": line.member, **capital_columns(line)} for line in table.lines
        ],
        "total": capital_columns(table.total),
    }


def capital_columns(line: CapitalLine) -> dict[str, str]:
    """Return the columns of one line, as text."""
    return {column: str(getattr(line, column)) for column in COLUMNS}


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


def close_shape(closing: Closing, currency: str, chart: Chart) -> dict[str, Any]:
    """Return the shape of ``close``."""
    appropriation = closing.appropriation
    return {
        "schema": SCHEMA,
        "year": closing.figures.fiscal.label,
        "currency": currency,
        "result": str(appropriation.pool),
        "base": {name: str(amount) for name, amount in closing.base.items()},
        "steps": [_step(step, chart) for step in appropriation.steps],
        "members": [_line(line) for line in appropriation.lines]
        or [
            _loss_line(member, part)
            for step in appropriation.steps
            for member, part in step.parts.items()
        ],
        "entries": closing.text,
    }


def _step(step: AppliedStep, chart: Chart) -> dict[str, Any]:
    templates = chart.templates.get(step.step.role, ("",))
    return {
        "id": step.step.id,
        "title": step.step.title,
        "kind": step.step.kind,
        "base": str(step.base),
        "rate": _amount(step.rate),
        "amount": str(step.amount),
        "remaining": str(step.remaining),
        "account": templates[-1],
        "source": list(step.sources),
        "sentence": step.sentence,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "member": line.member,
        "weight": exact(line.weight),
        "amount": str(line.amount),
        "cash": str(line.cash),
        "retained": str(line.retained),
        "nonqualified": str(line.nonqualified),
        "withheld": str(line.withheld),
        "replenished": str(line.replenished),
    }


def _loss_line(member: str, part: Decimal) -> dict[str, Any]:
    # What a member bears of a loss is taken from capital, never asked for in money.
    borne, nothing = str(-part), str(ZERO * part)
    return {
        "member": member,
        "weight": None,
        "amount": borne,
        "cash": nothing,
        "retained": borne,
        "nonqualified": nothing,
    }


def exact(weight: Fraction) -> str:
    """Write a fraction as a whole number, a finite decimal, or ``a/b``."""
    if weight.denominator == 1:
        return str(weight.numerator)
    scaled = weight * 10**6
    if scaled.denominator == 1:
        return f"{float(weight):.6f}".rstrip("0")
    return f"{weight.numerator}/{weight.denominator}"


def law_shape(
    preset: Preset, on: datetime.date, readings: Iterable[Reading]
) -> dict[str, Any]:
    """Return the shape of ``law PRESET``."""
    return {
        "schema": SCHEMA,
        "preset": preset.id,
        "title": preset.title,
        "on": on.isoformat(),
        "parameters": [
            {
                "name": one.parameter.name,
                "title": one.parameter.title,
                **_setting(one.setting),
            }
            for one in readings
        ],
    }


def _setting(setting: Setting | None) -> dict[str, Any]:
    dated = setting.dated if setting else None
    return {
        "value": str(setting.value) if setting else None,
        "level": setting.level if setting else None,
        "confidence": dated.confidence if dated else None,
        "since": _date(dated.start) if dated else None,
        "checked_on": _date(dated.checked_on) if dated else None,
        "source": list(setting.sources) if setting else [],
    }


def law_diff_shape(
    preset: str, first: datetime.date, second: datetime.date, changes: Iterable[Change]
) -> dict[str, Any]:
    """Return the shape of ``law diff``."""
    return {
        "schema": SCHEMA,
        "preset": preset,
        "first": first.isoformat(),
        "second": second.isoformat(),
        "changes": [
            {
                "name": one.parameter.name,
                "before": _setting(one.before),
                "after": _setting(one.after),
            }
            for one in changes
        ],
    }


def law_records_shape(records: Iterable[Record]) -> dict[str, Any]:
    """Return the shape of ``law due`` and ``law --unconfirmed``."""
    return {
        "schema": SCHEMA,
        "parameters": [
            {
                "preset": one.preset.id,
                "name": one.parameter.name,
                "value": str(one.dated.value),
                "since": one.dated.start.isoformat(),
                "checked_on": one.dated.checked_on.isoformat(),
                "confidence": one.dated.confidence,
                "source": str(one.dated.source),
                "note": one.dated.note,
            }
            for one in records
        ],
    }


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


def _date(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
