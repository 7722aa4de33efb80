"""Rules on capital, where they have to look twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
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


def test_on_the_last_day_of_the_year_it_is_due(tmp_path: Path) -> None:
    ledger = """
2025-12-31 * "Not placed yet"
  Assets:Bank               10.00 USD
  Equity:Opening-Balances  -10.00 USD
"""
    (sentence,) = said(tmp_path, US, ledger)
    assert sentence.startswith("COOP-CAP-03: At the end of fiscal year 2025")


# --- classes of refund ----------------------------------------------------------------

PAID_IN = """
2024-06-01 * "Ana aporta"
  Assets:Banco   100.00 EUR
  {0}           -100.00 EUR
    {1}
"""
EQUITY = "Equity:Socias:Ana:Aportaciones"
DEBT = "Liabilities:Socias:Ana:Reembolsable"


def test_capital_that_may_be_kept_is_no_debt(tmp_path: Path) -> None:
    ledger = PAID_IN.format(DEBT, 'coop-refund-class: "b"')
    assert said(tmp_path, BASQUE, ledger) == [
        (
            "COOP-CAP-14: Liabilities:Socias:Ana:Reembolsable holds capital of class "
            "(b), which is equity."
        ),
    ]


def test_the_role_tells_the_class_where_nothing_else_does(tmp_path: Path) -> None:
    for account in (EQUITY, DEBT):
        assert said(tmp_path, BASQUE, PAID_IN.format(account, "office: 1")) == []
    own = """
2020-01-01 custom "coop-account" "redeemable" "Equity:Socias:{member}:ConDerecho"
"""
    ledger = own + PAID_IN.format("Equity:Socias:Ana:ConDerecho", "office: 1")
    assert [one[:11] for one in said(tmp_path, BASQUE, ledger)] == ["COOP-CAP-14"]


def test_an_account_states_the_class_for_all_of_its_postings(tmp_path: Path) -> None:
    opened = f'2020-01-01 open {EQUITY}\n  coop-refund-class: "a"\n'
    twice = PAID_IN.format(EQUITY, "office: 1") * 2
    assert [one[:11] for one in said(tmp_path, BASQUE, opened + twice)] == [
        "COOP-CAP-14"
    ]


def test_before_the_order_of_2010_and_elsewhere_the_class_puts_capital_nowhere(
    tmp_path: Path,
) -> None:
    ledger = """
2024-06-01 * "Ana pays in"
  Assets:Bank                       100.00 USD
  Equity:Members:Ana:Contribution  -100.00 USD
    coop-refund-class: "a"
"""
    assert said(tmp_path, US, ledger) == []
    early = """
2010-12-31 custom "coop-policy" "es-state-worker"
{0} * "Ana aporta"
  Assets:Banco                     100.00 EUR
  Equity:Socias:Ana:Aportaciones  -100.00 EUR
    coop-refund-class: "a"
"""
    book = BASQUE
    assert said(tmp_path, book, early.format("2010-12-31")) == []
    assert [one[:11] for one in said(tmp_path, book, early.format("2011-01-01"))] == [
        "COOP-CAP-14"
    ]


def test_a_class_that_nobody_knows_is_a_wrong_word(tmp_path: Path) -> None:
    ledger = PAID_IN.format(EQUITY, 'coop-refund-class: "c"')
    assert said(tmp_path, BASQUE, ledger)[0].startswith("COOP-LANG-01")
