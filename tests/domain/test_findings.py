"""A finding is one text: id, what, why, what to do, by which source."""

from __future__ import annotations

from coopledger.domain.findings import Finding
from coopledger.domain.findings import Origin


def finding(*sources: str, line: int = 1, rule: str = "COOP-CAP-01") -> Finding:
    """Build a finding."""
    return Finding(
        rule=rule,
        basis="law",
        severity="error",
        found="Found.",
        why="Why.",
        fix="Do.",
        origin=Origin("main.beancount", line),
        sources=sources,
    )


def test_a_finding_reads_as_one_text() -> None:
    assert finding("Act, art. 1", "By-laws").sentence == (
        "COOP-CAP-01: Found. Why. Do. [Act, art. 1; By-laws]"
    )


def test_a_finding_without_a_source_ends_with_what_to_do() -> None:
    assert finding().sentence == "COOP-CAP-01: Found. Why. Do."


def test_findings_are_ordered_by_place_and_then_by_rule() -> None:
    found = [finding(line=2), finding(line=1, rule="Z"), finding(line=1, rule="A")]
    ordered = sorted(found, key=lambda one: one.sort_key)
    assert [(one.origin.line, one.rule) for one in ordered] == [
        (1, "A"),
        (1, "Z"),
        (2, "COOP-CAP-01"),
    ]
