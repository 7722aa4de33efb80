"""Federations of a few lines, written to folders as their members would."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.books import with_opens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HEAD = """option "title" "{id}"
option "operating_currency" "{currency}"
plugin "coopledger.plugin"

2020-01-01 custom "coop-enterprise" "{id}"
2020-01-01 custom "coop-policy" "us-worker-ica"
2020-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{{member}}"
  measure: "amount"
"""


def named(id_: str, path: str = "") -> str:
    """Return the line by which a federation names an enterprise."""
    where = path or f"../{id_}/main.beancount"
    return f'2020-01-01 custom "coop-enterprise" "{id_}" "{where}"\n'


def write_book(folder: Path, id_: str, text: str = "", currency: str = "USD") -> Path:
    """Write the book of one enterprise into a folder of its own."""
    path = folder / id_ / "main.beancount"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(with_opens(HEAD.format(id=id_, currency=currency) + text), "utf-8")
    return path


def write_federation(folder: Path, ids: Iterable[str], text: str = "") -> Path:
    """Write a federation's book that names enterprises."""
    return write_book(folder, "federation", "".join(map(named, ids)) + text)


def earned(amount: str, year: int = 2024) -> str:
    """Return a year's result; a negative one is a loss."""
    return (
        f'{year}-06-30 * "The year"\n'
        f"  Assets:Bank    {amount} USD\n"
        f"  Income:Sales  {-Decimal(amount)} USD\n"
    )
