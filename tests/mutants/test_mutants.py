"""Proof that rules bite: one thing made wrong is found, or its life is explained."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.operators import OPERATORS
from tests.mutants.operators import Operator
from tests.mutants.stock import Mutant
from tests.mutants.stock import judged
from tests.mutants.stock import load_stock

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "quality.md"
WHYS = tomllib.loads(Path(__file__).with_name("survivors.toml").read_text("utf-8"))
BEGIN, END = "<!-- mutants -->\n", "<!-- end of mutants -->\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mutant and who spoke up about it."""

    mutant: Mutant
    by: tuple[str, ...]

    @property
    def why(self) -> str:
        """Why nobody has to, or "" where nobody said."""
        operator, place = self.mutant.operator, self.mutant.place
        for one in WHYS["why"]:
            if one["operator"] == operator and one.get("place", "") in place:
                return str(one["why"])
        return ""


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    """Return all mutants of the demonstration books with their verdicts.

    Of every operator and book the first place and the last, so that young and old
    years are both changed.
    """
    found = []
    for path in sorted((ROOT / "ledger").glob("*/main.beancount")):
        stock = load_stock(path)
        for operator in OPERATORS:
            changes = list(operator(stock))
            ends = {0: changes[0], len(changes) - 1: changes[-1]} if changes else {}
            for place, entries in ends.values():
                mutant = Mutant(operator.__name__, stock.name, place, entries)
                found.append(Verdict(mutant, tuple(judged(stock, entries))))
    return found


def test_there_are_mutants_enough(verdicts: list[Verdict]) -> None:
    assert len(verdicts) >= 300
    assert len({one.mutant.operator for one in verdicts}) >= 25


def test_every_mutant_is_found_or_its_life_explained(verdicts: list[Verdict]) -> None:
    unexplained = [one.mutant.key for one in verdicts if not one.by and not one.why]
    assert unexplained == []


def test_no_explanation_is_left_of_what_is_found_now(verdicts: list[Verdict]) -> None:
    used = {one.why for one in verdicts if not one.by}
    assert [one for one in WHYS["why"] if one["why"] not in used] == []


def test_the_page_shows_what_was_found(
    verdicts: list[Verdict], *, update_goldens: bool
) -> None:
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    fresh = f"{before}{BEGIN}{_table(verdicts)}{END}{after}"
    if update_goldens:
        PAGE.write_text(fresh, "utf-8")
    assert update_goldens or text == fresh


def _table(verdicts: list[Verdict]) -> str:
    found = sum(1 for one in verdicts if one.by)
    lines = [
        "",
        f"{len(verdicts)} mutants, {len(OPERATORS)} operators; {found} were found.",
        "",
        "| what was done | mutants | found | by |",
        "|---|---|---|---|",
        *(_row(operator, verdicts) for operator in OPERATORS),
        "",
        "| mutant that lives | why |",
        "|---|---|",
    ]
    living = {one.mutant.key: one.why for one in verdicts if not one.by}
    lines += [f"| {key.replace(' | ', ', ')} | {why} |" for key, why in living.items()]
    return "\n".join([*lines, "", ""])


def _row(operator: Operator, verdicts: list[Verdict]) -> str:
    own = [one for one in verdicts if one.mutant.operator == operator.__name__]
    count = Counter(rule for one in own for rule in one.by)
    order = sorted(count.items(), key=lambda at: (-at[1], at[0]))
    rules = ", ".join(f"{rule} {number}" for rule, number in order)
    words = (operator.__doc__ or "").strip().rstrip(".")
    caught = sum(1 for one in own if one.by)
    return f"| {words} | {len(own)} | {caught} | {rules or 'nobody'} |"
