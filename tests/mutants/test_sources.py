"""The changes that mutation testing makes, and the record of the last run."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.mutants.changes import changed
from tests.mutants.changes import changes_in
from tests.mutants.sources import Record
from tests.mutants.sources import mutants_of

PAGE = Path(__file__).parents[2] / "docs" / "quality.md"
WHYS = tomllib.loads(Path(__file__).with_name("kept.toml").read_text("utf-8"))["why"]
BEGIN, END = "<!-- changes -->\n", "<!-- end of changes -->\n"


def becomes(code: str) -> list[str]:
    """Return a line of code with each change made."""
    made = (changed(code, one.number) for one in changes_in(code))
    return [ast.unparse(tree).splitlines()[-1] for tree in made]


CODE = {
    "a < b": ["a <= b", "a >= b"],
    "a == b": ["a != b"],
    "a in b": ["a not in b"],
    "a + b": ["a - b"],
    "a // b": ["a * b"],
    "a += b": ["a -= b"],
    "a and b": ["a or b"],
    "[a for a in b if c]": ["[a for a in b if True]"],
    "a if b else c": ["a if not b else c"],
    "max(a, b)": ["min(a, b)"],
    "f(-a)": ["f(+a)"],
    "f(2)": ["f(3)"],
    "f(True)": ["f(False)"],
    "f('member-payable')": ["f('member-payable-not')"],
    "f('Two words, for people.')": [],
    "f(f'{a} of 2')": [],
    "import a": [],
}


@pytest.mark.parametrize("code", CODE)
def test_a_change_is_one_operator_number_or_word(code: str) -> None:
    assert becomes(code) == CODE[code]


def test_what_is_said_of_code_is_not_changed() -> None:
    code = '''
@rule("COOP-X-01", severity="error")
def f(a: Literal["x"] = None) -> Literal["y"]:
    """word"""
    return a
'''
    assert changes_in(code) == []


def test_lines_are_those_of_the_statement() -> None:
    code = "a = 1\nif (b\n        == c):\n    d = 2\n"
    assert [(one.line, one.last) for one in changes_in(code)] == [
        (1, 1),
        (2, 3),
        (2, 3),
        (4, 4),
    ]


def test_every_module_that_reckons_can_be_changed() -> None:
    modules = {mutant.module.split("/")[0] for mutant in mutants_of()}
    assert modules == {"domain", "law", "rules"}


# --- the record -----------------------------------------------------------------------


def why(survivor: dict[str, str]) -> str:
    """Return why a survivor may live, or "" where nobody said."""
    for one in WHYS:
        if one["module"] == survivor["module"] and one["was"] in survivor["was"]:
            return str(one["why"])
    return ""


def section() -> str:
    """Return the part of the page that shows the record."""
    found = Record.read()
    whole, seen = sum(found.made.values()), sum(found.noticed.values())
    kinds = [
        f"| {kind} | {found.made[kind]} | {found.noticed.get(kind, 0)} |"
        for kind in sorted(found.made)
    ]
    survivors = [
        f"| `{one['module']}`: `{cell(one['was'])}` to `{cell(one['becomes'])}` "
        f"| {why(one)} |"
        for one in found.survivors
    ]
    score = (
        f"{whole} of {found.possible} possible changes were drawn (seed {found.seed}, "
        f"{found.day}); the tests noticed {seen}, {100 * seen / whole:.1f} %."
    )
    lines = [
        score,
        "",
        "| what was changed | made | noticed |",
        "|---|---|---|",
        *kinds,
    ]
    lines += ["", "| change that nobody noticed | why |", "|---|---|", *survivors]
    return BEGIN + "\n" + "\n".join(lines) + "\n\n" + END


def cell(code: str) -> str:
    """Write code so that it stays in its cell of a table."""
    short = code if len(code) <= 90 else code[:87] + "..."
    return short.replace("|", "\\|").replace("`", "")


def test_the_page_shows_the_last_run(*, update_goldens: bool) -> None:
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    expected = before + section() + after
    if update_goldens:
        PAGE.write_text(expected, "utf-8")
    assert update_goldens or page == expected


def test_every_survivor_has_a_reason() -> None:
    assert [one for one in Record.read().survivors if not why(one)] == []
