"""A legal number, or day, is a dated record in a preset and never a literal in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "coopledger"
MODULES = [
    path.relative_to(SOURCE)
    for layer in ("domain", "law", "rules", "journal")
    for path in sorted((SOURCE / layer).glob("*.py"))
] + [
    path.relative_to(SOURCE)
    for path in sorted((SOURCE / "services").glob("*.py"))
    if path.name != "demonstrating.py"
]
#: Half a unit, for rounding to the nearest; no rate.
HALF = "Fraction(1, 2)"
#: How alike two words must be for one to be offered for the other; no rate.
NEARNESS = "0.85"
DATES = {"datetime.date", "date"}
#: Shown decimals of exact numbers; nothing is reckoned with them.
SHOWN = "Decimal('0.000001')"


def literals_in(tree: ast.AST) -> list[str]:
    """Return every number in some code that could be a rate or an amount of law."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and _is_float(node):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "Decimal",
            "Fraction",
        }:
            given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            is_text = any(isinstance(value, str) for value in given)
            is_rate = is_text or len(given) > 1 or any(v not in {0, 1} for v in given)
            if is_rate and ast.unparse(node) not in {HALF, SHOWN}:
                found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Call) and _is_fixed_date(node):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Constant) and _is_percentage(node.value):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def _is_fixed_date(call: ast.Call) -> bool:
    is_date = ast.unparse(call.func) in DATES
    return is_date and all(isinstance(arg, ast.Constant) for arg in call.args)


def _is_float(constant: ast.Constant) -> bool:
    return isinstance(constant.value, float) and ast.unparse(constant) != NEARNESS


def _is_percentage(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)? ?%", value) is not None


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_rate_and_no_amount_of_law_stands_in_code(module: Path) -> None:
    assert literals_in(ast.parse((SOURCE / module).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "0.2",
        "Decimal('0.20')",
        "Decimal(5)",
        "Fraction(1, 3)",
        "Fraction('.2')",
        "datetime.date(2020, 1, 29)",
        "f('20 %')",
    ],
)
def test_a_stray_rate_would_be_found(code: str) -> None:
    found = literals_in(ast.parse(f"rate = {code}"))
    assert [line.removeprefix("1: ") in code for line in found] == [True]


@pytest.mark.parametrize("code", ["0", "Decimal(1)", "Fraction(0)", HALF, "month = 12"])
def test_ordinary_arithmetic_is_left_alone(code: str) -> None:
    assert literals_in(ast.parse(code)) == []
