"""Comma-separated values: no text becomes a formula, amounts stay exact."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal

import pytest

from coopledger.domain.delimited import delimited
from coopledger.domain.delimited import harmless

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\tname",
    "\rname",
    '=HYPERLINK("http://x")',
]
ORDINARY = ["Ana Ruiz", "", "a=b", " =1", 'Zoë, "Z"', "שלום", "🐝", "x" * 5000]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_be_a_formula_has_an_apostrophe_before_it(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ORDINARY)
def test_any_other_text_is_left_alone_and_comes_back_as_it_was(text: str) -> None:
    assert harmless(text) == text
    table = delimited(["a", "b"], [(text, "x")])
    assert [*csv.reader(io.StringIO(table, newline=""))][1] == [text, "x"]


def test_amounts_and_days_are_no_texts() -> None:
    row = (Decimal("-1E+2"), Decimal("0.10"), datetime.date(2026, 1, 31), None, 7)
    assert delimited(["a"], [row]) == "a\n-100,0.10,2026-01-31,,7\n"
