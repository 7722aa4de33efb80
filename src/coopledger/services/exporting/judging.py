"""The sheet of rules: what was found, and what was checked and holds."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.phrases import Phrase
from coopledger.rules.rule import jurisdiction_of
from coopledger.services.exporting import wording
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.ruling import ruling_of

if TYPE_CHECKING:
    from coopledger.domain.findings import Finding
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject
    from coopledger.services.ruling import Judged

RULES = "Rules"

_VERDICTS = {
    "broken": Phrase("broken"),
    "holds": Phrase("holds"),
    "off": Phrase("switched off"),
    "idle": Phrase("does not apply"),
}
_SEVERITIES = {"error": Phrase("error"), "warning": Phrase("warning")}

_FINDINGS = Columns.of(
    Column("rule", "Rule", 16),
    Column("severity", "Severity", 12),
    Column("date", "Date", 12),
    Column("found", "What was found", 62),
    Column("fix", "What to do", 46),
    Column("where", "Where", 34),
)
_RULES = Columns.of(
    Column("rule", "Rule", 16),
    Column("verdict", "Verdict", 16),
    Column("count", "Found", 12),
    Column("statement", "What it says", 62),
    Column("sources", "Rests on", 46),
    Column("theme", "Theme", 34),
)


def rules_sheet(subject: Subject) -> Sheet:
    """Make the sheet: findings of the whole book, errors first, then every rule."""
    ruling = ruling_of(subject.book)
    severities = Counter(finding.severity for finding in ruling.findings)
    draft = subject.draft(RULES, "What the rules found, and which of them hold")
    draft.begin(
        RULES,
        subject.subtitle,
        Phrase(
            "The whole book was checked, to its last day. Errors: {errors}. Warnings: "
            "{warnings}. Rules that hold: {holds}; broken: {broken}; switched off: "
            "{off}; that do not apply: {idle}.",
            errors=severities["error"],
            warnings=severities["warning"],
            holds=ruling.count("holds"),
            broken=ruling.count("broken"),
            off=ruling.count("off"),
            idle=ruling.count("idle"),
        ),
    )
    if ruling.findings:
        draft.table(
            "findings",
            _FINDINGS,
            ruling.findings,
            lambda one, _: _finding_row(subject, one),
            caption="Findings",
        )
    judged = [(theme, one) for theme, own in ruling.themes.items() for one in own]
    draft.table(
        "rules",
        _RULES,
        judged,
        lambda item, _: _rule_row(subject, *item),
        caption="All rules",
        filtered=True,
    )
    return draft.done


def _finding_row(subject: Subject, one: Finding) -> Row:
    file = os.path.relpath(one.origin.file, subject.book.path.parent)
    return {
        "rule": text(one.rule),
        "severity": text(_SEVERITIES[one.severity]),
        "date": Cell(one.date, "date"),
        "found": text(one.found, "wrapped"),
        "fix": text(one.fix, "wrapped"),
        "where": text(f"{Path(file).as_posix()}:{one.origin.line}"),
    }


def _named(one: Judged) -> list[str]:
    """Return what a rule rests on; what is no text of a law is a text of ours."""
    own = {s for s in one.rule.sources if not jurisdiction_of(s)}
    return [wording.ours(source) if source in own else source for source in one.sources]


def _rule_row(subject: Subject, theme: str, one: Judged) -> Row:
    verdict = _VERDICTS[one.verdict]
    return {
        "rule": text(one.rule.id),
        "verdict": text(verdict),
        "count": fact(subject.facts.unit * 0 + one.count, "whole"),
        "statement": text(wording.ours(one.rule.statement), "wrapped"),
        "theme": text(wording.ours(theme)),
        "sources": text(wording.of_sources(_named(one)), "wrapped"),
    }
