"""The digest of a year: what was booked decides, not where or in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopledger.domain.periods import FiscalYearEnd
from coopledger.journal.loading import load_entries
from coopledger.journal.sealing import digests_of
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

FIRST = """
2024-01-31 * "Sales"
  Assets:Bank    10.00 USD
  Income:Sales  -10.00 USD
"""
SECOND = """
2024-01-31 * "Rent"
  Expenses:Rent  5.00 USD
  Assets:Bank   -5.00 USD
"""
NEXT_YEAR = """
2025-01-01 * "Rent"
  Expenses:Rent  5.00 USD
  Assets:Bank   -5.00 USD
"""
YEAR = FiscalYearEnd().year(2024)


def digest(folder: Path, text: str) -> str:
    """Return the digest of 2024."""
    entries, _, _ = load_entries(books.write(folder, text))
    return digests_of(entries, [YEAR])[2024]


def test_order_and_place_of_transactions_do_not_matter(tmp_path: Path) -> None:
    before = digest(tmp_path, FIRST + SECOND)
    assert len(before) == 16
    assert digest(tmp_path, SECOND + "\n\n;; moved\n" + FIRST) == before


def test_metadata_and_other_years_do_not_matter(tmp_path: Path) -> None:
    before = digest(tmp_path, FIRST + SECOND)
    noted = FIRST.replace('"Sales"\n', '"Sales"\n  note: "seen"\n')
    assert digest(tmp_path, noted + SECOND + NEXT_YEAR) == before


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("10.00", "10.01"),
        ('"Sales"', '"Sale"'),
        ("2024-01-31 * ", "2024-02-01 * "),
        ("Income:Sales", "Income:Gifts"),
        ('"Sales"\n', '"Sales"\n  coop-origin: "extraordinary"\n'),
        ("10.00 USD\n  Income", "10.00 USD\n    hours: 3\n  Income"),
    ],
)
def test_any_change_of_what_was_booked_changes_the_digest(
    tmp_path: Path, right: str, wrong: str
) -> None:
    before = digest(tmp_path, FIRST + SECOND)
    assert digest(tmp_path, FIRST.replace(right, wrong) + SECOND) != before


def test_one_transaction_less_changes_the_digest(tmp_path: Path) -> None:
    assert digest(tmp_path, FIRST) != digest(tmp_path, FIRST + SECOND)
