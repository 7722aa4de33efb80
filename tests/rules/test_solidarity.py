"""Transfers, funds and aid in one book: at the limit, beyond it, and left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

POOLED = """
2024-12-31 * "Federation" "Pool of 2024"
  coop-transfer: "POOL-2024"
  coop-peer: "federation"
  coop-year: "2024"
  Expenses:Pooling              {0} USD
  Liabilities:DueTo:Federation -{0} USD
"""
GIVEN = """
2025-04-01 * "Federation" "To the solidarity fund"
  coop-transfer: "FED-1"
  coop-peer: "federation"
  coop-year: "{1}"
  Expenses:Solidarity:Mutual   {0} USD
  Assets:Bank                 -{0} USD
"""
RATE = '2024-01-01 custom "coop-parameter" "solidarity.rate" 0.02\n'


@pytest.mark.parametrize(
    ("ledger", "what"),
    [
        (
            '  coop-transfer: "X"\n  Expenses:Pooling  5 USD\n  Assets:Bank  -5 USD\n',
            "names no peer",
        ),
        (
            """  coop-transfer: "X"
  coop-peer: "b"
  coop-nature: "trade"
  Assets:Stock  5 USD
  Assets:Bank  -5 USD
""",
            "moves no amount that could be told",
        ),
        (
            "  Expenses:Pooling  5 USD\n  Assets:Bank  -5 USD\n",
            "this transaction has no coop-transfer",
        ),
    ],
)
def test_what_a_transfer_does_not_say_is_asked_for(
    tmp_path: Path, ledger: str, what: str
) -> None:
    (sentence,) = said(tmp_path, US, f'2024-06-01 * "Something"\n{ledger}')
    assert sentence.startswith("COOP-FED-11")
    assert what in sentence


def test_balances_brought_forward_need_no_transfer(tmp_path: Path) -> None:
    ledger = """
2020-01-02 * "Brought forward"
  coop-kind: "opening"
  Assets:DueFrom:Federation     20.00 USD
  Equity:Collective            -20.00 USD
"""
    assert said(tmp_path, US, ledger) == []


def test_an_exception_for_nobody_is_found_with_the_nearest(tmp_path: Path) -> None:
    ledger = """
2020-01-01 custom "coop-enterprise" "farm" "farm.beancount"
2025-03-31 custom "coop-parameter" "pool.rate" 0.20
  enterprise: "fam"
  resolution: "GA-2025-01"
"""
    (sentence,) = said(tmp_path, US, ledger)
    assert "did you mean 'farm'" in sentence


def test_a_pool_without_a_year_adds_up_as_well(tmp_path: Path) -> None:
    ledger = """
2020-01-01 custom "coop-enterprise" "farm" "farm.beancount"
2024-12-31 * "Farm" "Pool"
  coop-transfer: "POOL-1"
  coop-peer: "farm"
  Assets:DueFrom:Farm   20.00 USD
  Income:Pooling       -20.00 USD
"""
    (sentence,) = said(tmp_path, US, ledger)
    assert "The pool without a coop-year leaves 20.00" in sentence


def test_the_part_is_taken_after_the_pool_and_before_what_was_booked(
    tmp_path: Path,
) -> None:
    # 1,000 was earned; 100 of it went to the pool on the year's last day.
    assert said(tmp_path, US, RATE + POOLED.format(100) + GIVEN.format(18, 2024)) == []
    (sentence,) = said(tmp_path, US, RATE + POOLED.format(100) + GIVEN.format(20, 2024))
    assert "0.02 of 900.00 is 18.00" in sentence


def test_the_part_may_be_taken_after_tax_and_to_whole_units(tmp_path: Path) -> None:
    more = """
2024-01-01 custom "coop-parameter" "solidarity.base" "result-after-tax"
2024-01-01 custom "coop-parameter" "solidarity.unit" 1
2024-12-31 * "Tax of 2024"
  Expenses:Tax      30.00 USD
  Liabilities:Tax  -30.00 USD
"""
    # 2 % of 970 is 19.40.
    assert said(tmp_path, US, RATE + more + GIVEN.format(19, 2024)) == []
    (sentence,) = said(tmp_path, US, RATE + more + GIVEN.format("19.40", 2024))
    assert sentence.startswith("COOP-FED-18")


def test_where_no_rate_is_decided_any_part_will_do(tmp_path: Path) -> None:
    assert said(tmp_path, US, GIVEN.format(33, 2024)) == []


def test_a_year_that_the_book_does_not_have_is_not_judged(tmp_path: Path) -> None:
    assert said(tmp_path, US, RATE + GIVEN.format(33, 2012)) == []


def test_a_result_of_nothing_feeds_no_fund(tmp_path: Path) -> None:
    pooled = POOLED.format(1000)
    (sentence,) = said(tmp_path, US, RATE + pooled + GIVEN.format(1, 2024))
    assert sentence.startswith("COOP-FED-17")
    assert "whose result is 0.00" in sentence


def test_of_half_a_unit_of_surplus_a_part_may_be_given(tmp_path: Path) -> None:
    pooled = POOLED.format("999.50")
    assert said(tmp_path, US, RATE + pooled + GIVEN.format("0.01", 2024)) == []


AID = """
2025-05-01 * "Federation" "Aid for 2024"
  coop-transfer: "AID-1"
  coop-peer: "federation"
  coop-year: "2024"
  Assets:Bank                {0} USD
  Income:Solidarity:Mutual  -{0} USD
"""
LOSS = """
2024-11-01 * "A fire"
  Expenses:Fire  1,100.00 USD
  Assets:Bank   -1,100.00 USD
"""


def test_without_a_cap_aid_may_cover_the_loss_and_not_a_cent_more(
    tmp_path: Path,
) -> None:
    assert said(tmp_path, US, LOSS + AID.format("100.00")) == []
    (sentence,) = said(tmp_path, US, LOSS + AID.format("100.01"))
    assert sentence.startswith("COOP-FED-19")


def test_aid_for_a_year_with_a_surplus_is_found(tmp_path: Path) -> None:
    (sentence,) = said(tmp_path, US, AID.format("0.01"))
    assert "whose loss is 0" in sentence


def test_who_gives_and_gets_for_one_year_goes_in_a_circle(tmp_path: Path) -> None:
    later = GIVEN.replace("2025-04-01", "2025-09-01").format("1", 2024)
    found = said(tmp_path, US, LOSS + AID.format("50.00") + later)
    assert sorted(one.partition(":")[0] for one in found) == [
        "COOP-FED-17",
        "COOP-FED-20",
    ]


def test_another_fund_is_no_circle(tmp_path: Path) -> None:
    other = GIVEN.replace("Solidarity:Mutual ", "Solidarity:Central")
    ledger = LOSS + AID.format("50.00") + other.format("1", 2023)
    found = said(tmp_path, US, ledger)
    assert [one for one in found if "COOP-FED-20" in one] == []


def test_paying_later_what_was_owed_is_not_counted_again(tmp_path: Path) -> None:
    paid = """
2025-04-01 * "Federation" "The pool of 2024, paid"
  coop-transfer: "PAID-1"
  coop-peer: "federation"
  coop-year: "2024"
  Liabilities:DueTo:Federation  100.00 USD
  Assets:Bank                  -100.00 USD
"""
    ledger = RATE + POOLED.format("100.00") + paid + GIVEN.format(18, 2024)
    assert said(tmp_path, US, ledger) == []


@pytest.mark.parametrize(("rate", "found"), [("0.15", 0), ("0.40", 0), ("0.41", 1)])
def test_a_pool_rate_outside_the_range_of_the_group_is_found(
    tmp_path: Path, rate: str, found: int
) -> None:
    ledger = f"""
2024-01-01 custom "coop-policy" "mondragon-classic"
2024-01-01 custom "coop-parameter" "pool.rate" {rate}
  resolution: "GA-2023-01"
2023-12-31 custom "coop-resolution" "GA-2023-01" "The pool"
"""
    sentences = said(tmp_path, "es-basque-worker", ledger)
    assert len([one for one in sentences if "COOP-LAW-03" in one]) == found


@pytest.mark.parametrize("account", ["Assets:Bank", "Liabilities:DueTo:Federation"])
@pytest.mark.parametrize("left", ['coop-peer: "federation"', 'coop-nature: "fee"'])
def test_a_transfer_that_lost_its_id_is_found_once(
    tmp_path: Path, left: str, account: str
) -> None:
    ledger = f"""
2024-02-01 * "Federation" "Dues for 2024"
  {left}
  Expenses:Dues   20.00 USD
  {account}      -20.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-FED-11: This transaction says with whom or what a transfer is, and "
            "has no coop-transfer."
        )
    ]
