"""Rules on capital, where they have to look twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_capital_counts_at_the_end_of_the_day(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Repaid too early in the day"
  Equity:Members:Ana:Contribution   1500.00 USD
  Assets:Bank                      -1500.00 USD
2024-06-01 * "Paid in later that day"
  Equity:Members:Ana:Contribution   -500.00 USD
  Assets:Bank                        500.00 USD
"""
    assert said(tmp_path, US, ledger) == []


def test_each_day_that_takes_more_than_there_is_is_found(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Too much"
  Equity:Members:Ana:Contribution   1200.00 USD
  Assets:Bank                      -1200.00 USD
2024-06-02 * "A part comes back"
  Equity:Members:Ana:Contribution    -50.00 USD
  Assets:Bank                         50.00 USD
2024-06-03 * "Too much again"
  Equity:Members:Ana:Contribution     10.00 USD
  Assets:Bank                        -10.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        "COOP-CAP-01: The capital of Ana falls to -200.00.",
        "COOP-CAP-01: The capital of Ana falls to -160.00.",
    ]


def test_what_is_repaid_after_a_loss_took_too_much_is_found(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "A loss above the capital"
  coop-kind: "loss"
  Equity:Members:Ana:Losses          1000.01 USD
  Assets:Bank                       -1000.01 USD
2024-06-02 * "And then something repaid"
  Equity:Members:Ana:Contribution       1.00 USD
  Assets:Bank                          -1.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        "COOP-LOSS-03: Ana is charged 1000.01 and holds 1000.00.",
        "COOP-CAP-01: The capital of Ana falls to -1.01.",
    ]


def test_a_loss_is_a_loss_on_whichever_account_of_a_member(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "A loss above the capital, taken from the contribution"
  coop-kind: "loss"
  Equity:Members:Ana:Contribution    1000.01 USD
  Assets:Bank                       -1000.01 USD
"""
    assert said(tmp_path, US, ledger) == [
        "COOP-LOSS-03: Ana is charged 1000.01 and holds 1000.00.",
    ]


def test_an_account_of_nobody_is_found_once_with_the_nearest_member(
    tmp_path: Path,
) -> None:
    ledger = """
2024-06-01 * "Twice the same slip"
  Equity:Members:Anna:Contribution   -10.00 USD
  Equity:Members:Anna:Contribution   -10.00 USD
  Assets:Bank                         20.00 USD
2024-06-02 * "And an account that no template knows"
  Equity:Members:Ana:Contribusion    -10.00 USD
  Assets:Bank                         10.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-CAP-02: Equity:Members:Anna:Contribution belongs to nobody in the "
            "register; did you mean 'Ana'?"
        ),
        (
            "COOP-CAP-02: Equity:Members:Ana:Contribusion stands among the members and "
            "has no role."
        ),
    ]


def test_equity_without_a_role_may_wait_for_the_end_of_the_year(tmp_path: Path) -> None:
    ledger = """
2025-06-01 * "Not placed yet"
  Assets:Bank               10.00 USD
  Equity:Opening-Balances  -10.00 USD
"""
    assert said(tmp_path, US, ledger) == []
