"""Rules on Subchapter T: payments, years to 30 June, partnerships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


TO_JUNE = """
2020-01-01 custom "fava-option" "fiscal-year-end" "06-30"
2025-02-01 * "Sales of the year to June 2025"
  Assets:Bank    1400.00 USD
  Income:Sales  -1400.00 USD
2025-09-30 custom "coop-resolution" "GA-2025-09" "Result of the year to June 2025"
2025-10-01 * "Distribution" #coop-appropriation ^GA-2025-09
  coop-year: "2025"
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
"""
PAID = """
{day} * "Paid"
  coop-kind: "payment"
  coop-year: "2025"
  Liabilities:Members:Ana:Payable   562.50 USD
  Liabilities:Members:Bea:Payable   187.50 USD
  Assets:Bank                      -750.00 USD
"""


def test_a_year_to_30_june_is_paid_until_15_march(tmp_path: Path) -> None:
    assert said(tmp_path, US, TO_JUNE + PAID.format(day="2026-03-15")) == []


def test_the_16th_of_march_is_too_late_for_a_year_to_30_june(tmp_path: Path) -> None:
    assert said(tmp_path, US, TO_JUNE + PAID.format(day="2026-03-16")) == [
        (
            "COOP-TAX-03: Ana's money of fiscal year 2025 is paid on 2026-03-16; the "
            "payment period ended on 2026-03-15."
        ),
        (
            "COOP-TAX-03: Bea's money of fiscal year 2025 is paid on 2026-03-16; the "
            "payment period ended on 2026-03-15."
        ),
    ]


def test_money_that_never_came_is_found_once_the_period_is_over(tmp_path: Path) -> None:
    later = """
{day} * "Something else"
  Assets:Cash   1.00 USD
  Assets:Bank  -1.00 USD
"""
    assert said(tmp_path, US, TO_JUNE + later.format(day="2026-03-15")) == []
    assert said(tmp_path, US, TO_JUNE + later.format(day="2026-03-16")) == [
        (
            "COOP-TAX-03: Ana's money of fiscal year 2025 is not paid in full: "
            "562.50 of it is open; the payment period ended on 2026-03-15."
        ),
        (
            "COOP-TAX-03: Bea's money of fiscal year 2025 is not paid in full: "
            "187.50 of it is open; the payment period ended on 2026-03-15."
        ),
    ]


def test_payments_go_to_the_year_they_name_or_else_to_the_oldest(
    tmp_path: Path,
) -> None:
    ledger = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
2025-05-01 * "Sales and advances of 2025"
  Income:Sales           -1400.00 USD
  Expenses:Advances:Ana    300.00 USD
    hours: 30
  Expenses:Advances:Bea    100.00 USD
    hours: 10
  Assets:Bank             1000.00 USD
2025-09-15 * "Ana is paid for 2024, in two parts"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable   500.00 USD
  Assets:Bank                      -500.00 USD
2025-09-15 * "and the rest"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable    62.50 USD
  Assets:Bank                       -62.50 USD
2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
  patronage-dividends: 562.50
2026-04-01 * "Distribution of 2025" #coop-appropriation ^GA-2026-01
  coop-year: "2025"
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
2026-09-15 * "Bea is paid for 2025 only"
  coop-kind: "payment"
  coop-year: "2025"
  Liabilities:Members:Bea:Payable   187.50 USD
  Liabilities:Members:Ana:Payable   562.50 USD
  Assets:Bank                      -750.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-TAX-03: Bea's money of fiscal year 2024 is not paid in full: "
            "187.50 of it is open; the payment period ended on 2025-09-15."
        ),
    ]


def test_a_partnership_has_no_rules_on_notices_and_payment(tmp_path: Path) -> None:
    ledger = """
2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Equity:Members:Ana:Patronage     -562.50 USD
  Equity:Members:Bea:Patronage     -187.50 USD
"""
    assert said(tmp_path, US, ledger) == []


def test_what_goes_to_a_reserve_is_not_paid(tmp_path: Path) -> None:
    declared = """
  Equity:Surplus:Appropriated       1,000.00 USD
  Equity:Collective                  -250.00 USD
  Liabilities:Members:Ana:Payable    -562.50 USD
  Liabilities:Members:Bea:Payable    -187.50 USD
2025-06-01 * "Settled"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable     562.50 USD
  Liabilities:Members:Bea:Payable     187.50 USD
  {account}  -750.00 USD
2025-12-31 * "The book goes on"
  Expenses:Rent   1.00 USD
  Assets:Bank    -1.00 USD
"""
    for account, found_ in (
        ("Assets:Bank", False),
        ("Liabilities:CreditCard", False),
        ("Equity:Collective", True),
    ):
        ledger = DISTRIBUTION + declared.format(account=account)
        rules = [one.rule for one in found(tmp_path, US, ledger)]
        assert ("COOP-TAX-03" in rules) is found_
