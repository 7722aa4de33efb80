"""The printed rule book for an assembly: made from the rules, and never out of date."""

from __future__ import annotations

import re

from coopledger.law.preset import preset_paths
from coopledger.rules import RULES
from coopledger.services.rulebook import printed
from tests.cli.running import run
from tests.docs.documents import ROOT
from tests.goldens import expect

PAGE = ROOT / "reports" / "rules.md"
DECISION = ROOT / "docs" / "decisions" / "0009-the-rule-list.md"
NUMBERS = [f"R{number:02}" for number in range(1, 111)]


def test_the_printed_rule_book_is_up_to_date(*, update_goldens: bool) -> None:
    expect(PAGE, printed(), update=update_goldens)


def test_every_rule_has_its_chapter_and_every_preset_its_line() -> None:
    page = printed()
    assert [rule.id for rule in RULES if f"### {rule.id}\n" not in page] == []
    assert [name for name in preset_paths() if f"| `{name}` |" not in page] == []


def test_the_command_prints_the_same() -> None:
    assert run("rules", "--format", "markdown").stdout == printed()


def test_a_preset_s_rule_book_leaves_out_what_does_not_hold_under_it() -> None:
    page = run("rules", "--preset", "us-worker-ica", "--format", "markdown").stdout
    assert "### COOP-TAX-02\n" in page
    assert "### COOP-RES-02\n" not in page
    assert "`es-basque-worker`" not in page
    assert "`us-worker-ica` from 2012-05-01" in page


def test_a_rule_says_since_when_it_holds_or_what_it_waits_for() -> None:
    page = run("rules", "--preset", "es-basque-worker", "--format", "markdown").stdout
    assert "Holds under every law, at all times." in page
    for reads, since in (
        ("probation.months", "from 2020-01-29"),
        ("interest.policy-cap", "once the co-op decides"),
        ("transfer.days", "at all times"),
    ):
        assert f"Reads `{reads}`. Holds under `es-basque-worker` {since}." in page


def test_rules_on_a_tax_hold_where_a_co_op_can_be_under_it() -> None:
    page = run("rules", "--preset", "es-basque-worker", "--format", "markdown").stdout
    assert "### COOP-MEM-04\n" in page
    assert "### COOP-TAX-" not in page


def test_the_decision_says_of_each_number_what_became_of_it() -> None:
    rows = re.findall(r"(?m)^\| (R[^|]+) \| ([^|]+) \|$", DECISION.read_text("utf-8"))
    said = {number: words for head, words in rows for number in head.split(", ")}
    assert sorted(said) == sorted(NUMBERS)
    covered = [
        (rule.id, number)
        for rule in RULES
        for number in rule.catalogue
        if number in said and f"`{rule.id}`" not in said[number]
    ]
    assert covered == []
