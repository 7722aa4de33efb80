"""The page *Rules*: what was found, and what each rule asks and why."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from fava.ext import extension_endpoint

from coopledger.fava_ext import words
from coopledger.fava_ext.adapter import CooperativePage
from coopledger.fava_ext.adapter import View
from coopledger.services.ruling import ruling_of
from coopledger.services.shaping import SCHEMA
from coopledger.services.shaping import finding_shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from coopledger.domain.findings import Finding
    from coopledger.domain.findings import Origin
    from coopledger.fava_ext.asking import Period
    from coopledger.services.ruling import Ruling


@dataclass(slots=True, kw_only=True)
class RuleView(View):
    """What the page shows.

    Attributes:
        ruling: The book beside the rule book.
        findings: Findings by severity, the errors first.
        later: How many findings lie outside the time filter.
        severities: What severities are called.
        verdicts: What verdicts are called.
        bases: On whose authority a rule stands.
    """

    ruling: Ruling
    findings: Mapping[str, list[Finding]]
    later: int
    severities: Mapping[str, tuple[str, str]]
    verdicts: Mapping[str, str]
    bases: Mapping[str, str]


class Rules(CooperativePage):
    """The findings by severity, and the rule book with what was checked and passed."""

    title = "Rules"

    def view(self) -> View:
        """Return the findings of the period, and all rules."""
        period = self.period()
        _ = self.books
        ruling = ruling_of(self.book)
        shown = [one for one in ruling.findings if _is_in(one, period)]
        view = RuleView(
            template="coopledger/rules.html",
            ruling=ruling,
            findings={
                severity: [one for one in shown if one.severity == severity]
                for severity in words.SEVERITIES
            },
            later=len(ruling.findings) - len(shown),
            severities=words.SEVERITIES,
            verdicts=words.VERDICTS,
            bases=words.BASES,
        )
        self.framed(view, period)
        view.load_errors = 0
        return view

    @property
    def has_editor(self) -> bool:
        """Whether the reader may open the files: ``{'editor': False}`` says no."""
        return self.settings.get("editor") is not False

    def place(self, origin: Origin) -> str:
        """Say where something stands, from the folder of the book."""
        folder = self.book.path.parent
        return f"{os.path.relpath(origin.file, folder)}:{origin.line}"

    @extension_endpoint
    def findings(self) -> Response:
        """Answer with the findings of the period and what came of each rule."""
        return self.answer(self._shape)

    def _shape(self) -> dict[str, Any]:
        period = self.period()
        _ = self.books
        ruling = ruling_of(self.book)
        return {
            "schema": SCHEMA,
            "findings": [
                finding_shape(one) for one in ruling.findings if _is_in(one, period)
            ],
            "rules": [
                {
                    "id": one.rule.id,
                    "verdict": one.verdict,
                    "findings": one.count,
                    "statement": one.rule.statement,
                    "sources": list(one.sources),
                }
                for own in ruling.themes.values()
                for one in own
            ],
        }


def _is_in(finding: Finding, period: Period) -> bool:
    """Say whether a finding is of a period; what has no date always is."""
    if finding.date is None or period.start is None:
        return True
    return period.start <= finding.date <= period.end
