"""The page on federations names every rule between books, in its own words."""

from __future__ import annotations

from coopledger.rules.federal import FEDERAL_RULES
from tests.docs.documents import ROOT

PAGE = ROOT / "docs" / "federation.md"


def test_each_rule_between_books_stands_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    rows = [f"| `{rule.id}` | {rule.statement} |" for rule in FEDERAL_RULES]
    assert [row for row in rows if row not in page] == []
