"""The rule on pay: whom it compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_hired_workers_count_where_the_by_laws_compare_all(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "pay.ratio-scope" "{scope}"
2025-06-30 * "Anticipos y salarios"
  Expenses:Anticipos:Ana   601.00 EUR
    hours: 10
  Expenses:Salarios:Dan    100.00 EUR
    hours: 10
  Assets:Banco
"""
    assert said(tmp_path, MONDRAGON, ledger.format(scope="members")) == []
    assert said(tmp_path, MONDRAGON, ledger.format(scope="all")) == [
        (
            "COOP-PAY-01: In fiscal year 2025 Ana is paid 6.01 times as much an hour "
            "as Dan."
        ),
    ]


def test_unpaid_hours_and_pay_without_hours_are_not_compared(tmp_path: Path) -> None:
    ledger = """
2025-06-30 * "Anticipos"
  Expenses:Anticipos:Ana   600.00 EUR
    hours: 1
  Expenses:Anticipos:Bea     0.00 EUR
    hours: 10
  Assets:Banco
2026-06-30 * "Anticipos"
  Expenses:Anticipos:Ana   600.00 EUR
    hours: 1
  Expenses:Anticipos:Bea    10.00 EUR
  Assets:Banco
"""
    assert said(tmp_path, MONDRAGON, ledger) == []
