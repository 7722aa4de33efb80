"""Three tests that hold for every rule, present and future: its docstring is true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coopledger.law.preset import preset_paths
from coopledger.rules import LANGUAGE
from coopledger.rules import RULES
from coopledger.rules.reasons import REASONS
from coopledger.rules.rule import jurisdiction_of
from coopledger.rules.rule import sources_of
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.rules import Rule

INCLUDED = """\
plugin "beancount.plugins.leafonly"
"""

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def ledger(rule: Rule, block: str, folder: Path) -> str:
    """Return an example ledger of a rule: the preset's preamble, then the block."""
    (folder / "included.beancount").write_text(INCLUDED, "utf-8")
    named = rule.id != "COOP-LAW-01"
    return books.preamble(rule.example, with_policy=named) + "\n" + block


@each_rule
def test_nothing_is_found_where_the_rule_holds(rule: Rule, tmp_path: Path) -> None:
    found = books.findings_of(tmp_path, ledger(rule, rule.holds, tmp_path))
    assert [finding.sentence for finding in found] == []


@each_rule
def test_only_this_rule_is_found_where_it_breaks(rule: Rule, tmp_path: Path) -> None:
    found = books.findings_of(tmp_path, ledger(rule, rule.breaks, tmp_path))
    assert {finding.rule for finding in found} == {rule.id}, [
        finding.sentence for finding in found
    ]


@each_rule
def test_a_rule_says_what_it_demands_and_why(rule: Rule) -> None:
    assert rule.statement.endswith(".")
    assert rule.holds.strip()
    assert rule.breaks.strip()
    assert all(rule.sources)
    assert rule.sources
    assert rule.basis in {"law", "federation", "statutes", "practice"}
    assert rule.severity in {"error", "warning"}
    assert rule.catalogue
    assert rule.reason.endswith(".")
    assert rule.reason != rule.statement


def test_there_is_a_reason_for_rules_that_exist_alone() -> None:
    assert REASONS.keys() == {rule.id for rule in RULES}


@each_rule
def test_every_article_that_a_rule_quotes_is_of_a_known_country(rule: Rule) -> None:
    unknown = [
        source
        for source in rule.sources
        if re.search(r"\bart\.|§", source) and not jurisdiction_of(source)
    ]
    assert unknown == []


@each_rule
def test_a_finding_has_a_source_in_every_country(rule: Rule) -> None:
    folders = {path.parent.name for path in preset_paths().values()}
    assert [place for place in folders if not sources_of(rule.sources, place)] == []


def test_where_a_country_has_a_text_no_other_one_is_quoted() -> None:
    both = ("26 U.S.C. § 1", "Ley 11/2019, art. 1", "the by-laws")
    assert sources_of(both, "us") == ("26 U.S.C. § 1", "the by-laws")
    assert sources_of(both[:2], "uk") == both[:2]
    assert sources_of(both, "") == both


def test_a_rule_yields_to_rules_that_exist() -> None:
    ids = {rule.id for rule in RULES}
    assert {name for rule in RULES for name in rule.yields_to} <= ids


def test_no_two_rules_share_an_id() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(set(ids)) == sorted(ids)


def test_the_rules_on_the_text_itself_are_rules_like_all_others() -> None:
    assert set(LANGUAGE) <= set(RULES)
