"""The JSON shapes that commands print, documented in ``docs/json.md``.

Amounts are strings, so that no reader turns them into floats.  ``schema`` is raised
when a shape changes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.services.shaping import SCHEMA
from coopledger.services.shaping import capital_lines
from coopledger.services.shaping import finding_shape

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.domain.books import RuleSwitch
    from coopledger.domain.findings import Finding
    from coopledger.domain.members import Membership
    from coopledger.domain.notices import Comparison
    from coopledger.domain.notices import Notice
    from coopledger.law.policy import Setting
    from coopledger.law.preset import Preset
    from coopledger.rules import Rule
    from coopledger.services.importing import Import
    from coopledger.services.lawreading import Change
    from coopledger.services.lawreading import Reading
    from coopledger.services.lawreading import Record
    from coopledger.services.stating import CapitalTable
    from coopledger.services.vectors import Outcome


def check_shape(
    book: str, findings: Iterable[Finding], switched_off: Iterable[RuleSwitch] = ()
) -> dict[str, Any]:
    """Return the shape of ``check``."""
    return {
        "schema": SCHEMA,
        "book": book,
        "findings": [finding_shape(finding) for finding in findings],
        "switched_off": [
            {
                "rule": switch.rule,
                "since": date_text(switch.date),
                "reason": switch.reason,
                "file": switch.origin.file,
                "line": switch.origin.line,
            }
            for switch in switched_off
        ],
    }


def rules_shape(rules: Iterable[tuple[Rule, Iterable[str]]]) -> dict[str, Any]:
    """Return the shape of ``rules``: each with the presets under which it can break."""
    return {
        "schema": SCHEMA,
        "rules": [
            {
                "id": rule.id,
                "statement": rule.statement,
                "basis": rule.basis,
                "severity": rule.severity,
                "sources": list(rule.sources),
                "presets": list(presets),
            }
            for rule, presets in rules
        ],
    }


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
                "joined": date_text(one.joined),
                "left": date_text(one.left),
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
        **capital_lines(table),
    }


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
        "since": date_text(dated.start) if dated else None,
        "checked_on": date_text(dated.checked_on) if dated else None,
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


def vectors_shape(
    played: Iterable[tuple[Path, Sequence[Outcome]]],
) -> dict[str, Any]:
    """Return the shape of ``vectors``."""
    return {
        "schema": SCHEMA,
        "files": [
            {
                "file": str(path),
                "vectors": [
                    {
                        "kind": one.kind,
                        "name": one.name,
                        "differences": [
                            {
                                "what": difference.what,
                                "expected": difference.expected,
                                "found": difference.found,
                            }
                            for difference in one.differences
                        ],
                    }
                    for one in outcomes
                ],
            }
            for path, outcomes in played
        ],
    }


def notices_shape(currency: str, both: Comparison) -> dict[str, Any]:
    """Return the shape of ``compare-notices``."""
    return {
        "schema": SCHEMA,
        "currency": currency,
        "qualified": _notice(both.qualified),
        "nonqualified": _notice(both.nonqualified),
        "neutral": both.is_neutral,
    }


def _notice(notice: Notice) -> dict[str, str]:
    return {
        "cash": str(notice.cash),
        "paper": str(notice.paper),
        "tax": str(notice.tax),
        "kept": str(notice.kept),
    }


def import_shape(found: Import, written: Path | None) -> dict[str, Any]:
    """Return the shape of ``import``."""
    outcome = found.outcome
    return {
        "schema": SCHEMA,
        "kind": found.table.kind,
        "sheet": found.table.sheet.name,
        "facts": [
            {
                "row": fact.row,
                **{
                    head: word if head == "year" else plain_text(word)
                    for head, word in zip(outcome.heads, fact.words, strict=True)
                },
                "booked": fact.is_known,
            }
            for fact in outcome.facts
        ],
        "troubles": [trouble._asdict() for trouble in outcome.troubles],
        "totals": list(found.totals),
        "unread": list(found.table.unread),
        "text": outcome.text,
        "written": str(written) if written else None,
    }


def plain_text(value: object) -> str | None:
    """Write any value, or nothing."""
    if isinstance(value, Decimal):
        return amount_text(value)
    return None if value is None else str(value)


def date_text(day: datetime.date | None) -> str | None:
    """Write a day, or nothing."""
    return day.isoformat() if day else None


def amount_text(amount: Decimal | None) -> str | None:
    """Write an amount, or nothing."""
    return None if amount is None else f"{amount:f}"
