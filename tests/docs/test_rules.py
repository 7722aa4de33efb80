"""The page on rules: its table is what the rules themselves say."""

from __future__ import annotations

from coopledger.rules import RULES
from tests.docs.documents import ROOT

PAGE = ROOT / "docs" / "rules.md"
HEAD = "| id | basis | statement | parameters | source |\n|---|---|---|---|---|\n"


def table() -> str:
    """Return the table of all rules."""
    rows = [
        (
            f"`{rule.id}`",
            rule.basis,
            rule.statement,
            ", ".join(f"`{name}`" for name in rule.needs),
            "; ".join(rule.sources),
        )
        for rule in sorted(RULES, key=lambda rule: rule.id)
    ]
    return HEAD + "".join(
        f"| {' | '.join(row)} |\n".replace("|  |", "| |") for row in rows
    )


def test_the_table_is_up_to_date(*, update_goldens: bool) -> None:
    page = PAGE.read_text("utf-8")
    fresh = page.partition("| id |")[0] + table()
    if update_goldens:
        PAGE.write_text(fresh, "utf-8")
    assert update_goldens or page == fresh
