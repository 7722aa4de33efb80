"""Refunds that may be refused: by age of request, alike on one day, interest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import STATE
from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

ASK = '{on} custom "coop-refund" "{who}" "request" {much} EUR\n'
PAID = """
{on} * "Paid"
  coop-kind: "redemption"
  Equity:Socias:Ana:Aportaciones   {ana} EUR
  Equity:Socias:Bea:Aportaciones   {bea} EUR
  Assets:Banco
"""
SAME_DAY = ASK.format(on="2024-01-10", who="Ana", much="300.00") + ASK.format(
    on="2024-01-10", who="Bea", much="100.00"
)


def test_requests_of_one_day_are_paid_in_proportion(tmp_path: Path) -> None:
    paid = PAID.format(on="2024-06-30", ana="{0}", bea="{1}")
    assert said(tmp_path, STATE, SAME_DAY + paid.format("150.00", "50.00")) == []
    assert said(tmp_path, STATE, SAME_DAY + paid.format("150.01", "49.99")) == [
        (
            "COOP-RED-01: Of the requests of 2024-01-10, Ana was paid 150.01 by "
            "2024-12-31; in proportion it is 150.00."
        )
    ]


def test_an_odd_cent_is_nobody_s_advantage(tmp_path: Path) -> None:
    paid = PAID.format(on="2024-06-30", ana="{0}", bea="{1}")
    # 100.01 in proportion: 75.0075 and 25.0025.
    assert said(tmp_path, STATE, SAME_DAY + paid.format("75.01", "25.00")) == []
    assert said(tmp_path, STATE, SAME_DAY + paid.format("75.00", "25.01")) == []
    assert said(tmp_path, STATE, SAME_DAY + paid.format("75.02", "24.99")) != []


def test_a_refused_request_keeps_its_place_until_it_is_withdrawn(
    tmp_path: Path,
) -> None:
    ledger = (
        ASK.format(on="2024-01-10", who="Ana", much="300.00")
        + '2024-02-01 custom "coop-refund" "Ana" "refuse"\n'
        + ASK.format(on="2024-03-10", who="Bea", much="100.00")
        + PAID.format(on="2024-06-30", ana="0.00", bea="100.00")
    )
    assert said(tmp_path, STATE, ledger) == [
        (
            "COOP-RED-01: Bea asked on 2024-03-10 and was paid 100.00, while 300.00 of "
            "what Ana asked for on 2024-01-10 is unpaid."
        )
    ]
    withdrawn = '2024-06-30 custom "coop-refund" "Ana" "withdraw"\n'
    assert said(tmp_path, STATE, ledger + withdrawn) == []


def test_what_was_paid_before_the_request_is_no_payment_of_it(tmp_path: Path) -> None:
    ledger = (
        PAID.format(on="2024-01-05", ana="0.00", bea="100.00")
        + ASK.format(on="2024-01-10", who="Ana", much="300.00")
        + ASK.format(on="2024-03-10", who="Bea", much="100.00")
    )
    assert said(tmp_path, STATE, ledger) == []


def test_a_leaver_asks_by_leaving_for_all_there_is(tmp_path: Path) -> None:
    ledger = """
2024-01-31 custom "coop-member" "Bea" "leave"
2024-02-10 custom "coop-refund" "Bea" "grant"
2024-02-15 custom "coop-refund" "Ana" "request" 300.00 EUR
2024-03-01 * "Bea" "Liquidación"
  coop-kind: "redemption"
  Equity:Socias:Bea:Aportaciones  1000.00 EUR
  Liabilities:Reembolsos:Bea     -1000.00 EUR
2024-03-02 * "Bea"
  coop-kind: "redemption"
  Liabilities:Reembolsos:Bea       {0} EUR
  Assets:Banco
2024-03-02 * "Ana"
  coop-kind: "redemption"
  Equity:Socias:Ana:Aportaciones   300.00 EUR
  Assets:Banco                    -300.00 EUR
"""
    assert said(tmp_path, STATE, ledger.format("1000.00")) == []
    (one,) = said(tmp_path, STATE, ledger.format("999.99"))
    assert "while 0.01 of what Bea asked for on 2024-01-31 is unpaid" in one


def test_a_refund_is_in_the_currency_of_the_book(tmp_path: Path) -> None:
    asked = '2024-01-10 custom "coop-refund" "Ana" "request" 10.00 USD\n'
    assert said(tmp_path, STATE, asked) == [
        (
            "COOP-BOOK-02: The refund of Ana is 10.00 USD; this book's cooperative "
            "accounts are kept in EUR."
        )
    ]


def test_who_asked_for_nothing_is_nobody_s_elder(tmp_path: Path) -> None:
    ledger = """
2024-01-31 custom "coop-member" "Cleo" "join"
  class: "worker"
2024-02-01 * "Cleo" "Aportación"
  Assets:Banco                     100.00 EUR
  Equity:Socias:Cleo:Aportaciones -100.00 EUR
"""
    paid = PAID.format(on="2024-06-30", ana="150.00", bea="50.00")
    assert said(tmp_path, STATE, ledger + SAME_DAY + paid) == []


# --- interest -------------------------------------------------------------------------

INTEREST = """
2020-01-02 custom "coop-parameter" "interest.rate" 0.01
2024-12-31 * "Intereses"
  Expenses:InteresesAportaciones   10.00 EUR
  Equity:Socias:Ana:Intereses     -10.00 EUR
"""
LEFT = '2023-12-31 custom "coop-member" "Bea" "leave"\n'
REFUND = '{0} custom "coop-refund" "Bea" "{1}"\n'


def test_a_refusal_counts_for_the_year_at_whose_end_it_stands(tmp_path: Path) -> None:
    ledger = INTEREST + LEFT + REFUND.format("{0}", "refuse")
    assert said(tmp_path, BASQUE, ledger.format("2025-01-01")) == []
    assert said(tmp_path, BASQUE, ledger.format("2024-12-31")) == [
        (
            "COOP-INT-08: The capital of Bea, whose refund was refused, earned no "
            "interest in fiscal year 2024, and that of others did."
        )
    ]
    granted = ledger.format("2024-02-01") + REFUND.format("2024-12-31", "grant")
    assert said(tmp_path, BASQUE, granted) == []


def test_where_nobody_earns_interest_nobody_is_passed_over(tmp_path: Path) -> None:
    ledger = LEFT + REFUND.format("2024-02-01", "refuse")
    assert said(tmp_path, BASQUE, ledger) == []


def test_where_the_law_gives_no_preference_none_is_asked_for(tmp_path: Path) -> None:
    ledger = """
2024-01-02 custom "coop-parameter" "interest.rate" 0.01
2023-12-31 custom "coop-member" "Bea" "leave"
2024-02-01 custom "coop-refund" "Bea" "refuse"
2024-12-31 * "Interest"
  Expenses:InterestOnCapital      10.00 USD
  Equity:Members:Ana:Interest    -10.00 USD
"""
    assert said(tmp_path, US, ledger) == []
