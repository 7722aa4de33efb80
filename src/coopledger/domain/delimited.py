"""Comma-separated values that a spreadsheet opens as they are."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

#: Spreadsheets take a text that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return a text as no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def delimited(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table: no text becomes a formula, amounts have all their decimals.

    Args:
        names: What stands in the first line.
        rows: Texts, amounts and days; None for nothing.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
