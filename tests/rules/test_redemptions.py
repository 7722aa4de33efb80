"""Redeeming what was retained: the oldest year first, alike within it, and solvent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import books
from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

ALLOTTED = """
2024-01-02 * "Allotted for {year}"
  coop-kind: "opening"
  coop-year: "{year}"
  Assets:Bank
  Equity:Members:Ana:Patronage   -{ana} USD
  Equity:Members:Bea:Patronage   -{bea} USD
"""
TWO_YEARS = ALLOTTED.format(year=2020, ana="30.00", bea="10.00") + ALLOTTED.format(
    year=2021, ana="100.00", bea="100.00"
)
REDEEMED = """
{on} * "Redeemed"
  coop-kind: "redemption"
  {year}
  Equity:Members:Ana:Patronage    {ana} USD
  Equity:Members:Bea:Patronage    {bea} USD
  Assets:Bank
"""


def redeemed(on: str, year: int | None, ana: str, bea: str) -> str:
    named = f'coop-year: "{year}"' if year else "note: 1"
    return REDEEMED.format(on=on, year=named, ana=ana, bea=bea)


def test_a_later_year_waits_for_an_older_one(tmp_path: Path) -> None:
    later = redeemed("2024-06-02", 2021, "20.00", "20.00")
    for day in ("2024-06-01", "2024-06-02"):
        whole = redeemed(day, 2020, "30.00", "10.00")
        assert said(tmp_path, US, TWO_YEARS + whole + later) == []
    short = redeemed("2024-06-01", 2020, "29.99", "10.00")
    assert said(tmp_path, US, TWO_YEARS + short + later) == [
        (
            "COOP-RED-02: What was allotted for 2021 is redeemed, while 0.01 "
            "allotted for 2020 is outstanding."
        )
    ]


def test_without_a_year_the_oldest_is_redeemed(tmp_path: Path) -> None:
    over = redeemed("2024-06-01", None, "40.00", "20.00")
    assert said(tmp_path, US, TWO_YEARS + over) == []
    under = redeemed("2024-06-01", None, "40.00", "9.99")
    assert [one[:11] for one in said(tmp_path, US, TWO_YEARS + under)] == [
        "COOP-RED-02",
        "COOP-RED-02",
    ]


def test_one_posting_may_name_a_year_of_its_own(tmp_path: Path) -> None:
    ledger = (
        TWO_YEARS
        + """
2024-06-01 * "Two years at once"
  coop-kind: "redemption"
  Equity:Members:Ana:Patronage    30.00 USD
    coop-year: "2020"
  Equity:Members:Bea:Patronage    10.00 USD
    coop-year: "2020"
  Equity:Members:Ana:Patronage    20.00 USD
    coop-year: "2021"
  Equity:Members:Bea:Patronage    20.00 USD
    coop-year: "2021"
  Assets:Bank                    -80.00 USD
"""
    )
    assert said(tmp_path, US, ledger) == []


def test_a_round_may_be_paid_on_several_days_of_a_year(tmp_path: Path) -> None:
    first = redeemed("2024-06-01", 2020, "15.00", "0.00")
    later = redeemed("{0}", 2020, "0.00", "5.00")
    assert said(tmp_path, US, TWO_YEARS + first + later.format("2024-12-31")) == []
    (late,) = said(tmp_path, US, TWO_YEARS + first + later.format("2025-01-01"))
    assert late == (
        "COOP-RED-02: Of what was allotted for 2020, Ana got 15.00 by 2024-12-31; in "
        "proportion to what everybody holds of it, it is 11.25."
    )


def test_whoever_leaves_in_the_year_is_paid_by_other_terms(tmp_path: Path) -> None:
    ledger = TWO_YEARS + redeemed("2024-06-01", 2021, "0.00", "100.00")
    leaves = '2024-{0} custom "coop-member" "Bea" "leave"\n'
    assert said(tmp_path, US, ledger + leaves.format("12-31")) == []
    assert [one[:11] for one in said(tmp_path, US, ledger)] == [
        "COOP-RED-02",
        "COOP-RED-02",
    ]


def test_another_method_has_another_order(tmp_path: Path) -> None:
    ledger = TWO_YEARS + redeemed("2024-06-01", 2021, "100.00", "0.00")
    choice = '2024-01-01 custom "coop-parameter" "{0}" "age"\n'
    assert (
        said(tmp_path, US, choice.format("patronage.redemption-method") + ledger) == []
    )


def test_what_a_loss_took_is_not_outstanding(tmp_path: Path) -> None:
    # Bea lost all but her contribution, so that nothing of 2020 is left to redeem.
    loss = """
2024-03-01 * "What earlier losses took"
  coop-kind: "opening"
  Equity:Members:Bea:Losses        {0} USD
  Assets:Bank                     -{0} USD
"""
    ledger = TWO_YEARS + redeemed("2024-06-01", None, "130.00", "0.00")
    assert said(tmp_path, US, ledger + loss.format("110.00")) == []
    assert said(tmp_path, US, ledger + loss.format("109.99")) != []


def test_capital_is_repaid_only_while_debts_are_covered(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Repaid"
  Equity:Members:Ana:Contribution  500.00 USD
  Assets:Bank                     -500.00 USD
2024-12-31 * "A bad year"
  Expenses:Repairs                {0} USD
  Liabilities:Loan               -{0} USD
"""
    assert said(tmp_path, US, ledger.format("3020.00")) == []
    twice = ledger + ledger.replace("2024-12-31", "2024-12-30").format("0.00")
    assert said(tmp_path, US, twice.format("2520.01")) == [
        (
            "COOP-RED-03: 500.00 of Ana's capital is repaid in fiscal year 2024, at "
            "whose end the net worth is -0.01."
        )
    ]


def test_the_order_reaches_over_years(tmp_path: Path) -> None:
    text = books.preamble(US)
    ledger = TWO_YEARS + redeemed("2024-06-01", 2020, "15.00", "5.00")
    ledger += redeemed("2025-06-01", 2020, "15.00", "5.00")
    ledger += redeemed("2026-06-01", 2021, "{0}", "100.00")
    assert said(tmp_path, US, ledger.format("100.00"), text) == []
    (one,) = said(tmp_path, US, ledger.format("99.97"), text)
    assert "Bea got 100.00 by 2026-06-01" in one
