"""Rules on payments to patrons: checks, deductions, withholding, netting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import US
from tests.rules.ledgers import filing
from tests.rules.ledgers import rules_of
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

HALF = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated       1000.00 USD
  Equity:Collective                 -250.00 USD
  Liabilities:Members:Ana:Payable   -281.25 USD
  Equity:Members:Ana:Patronage      -281.25 USD
  Liabilities:Members:Bea:Payable    -93.75 USD
  Equity:Members:Bea:Patronage       -93.75 USD
"""
NONQUALIFIED = HALF.replace(":Patronage  ", ":Nonqualified")
PAID = """
2025-05-01 * "Paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable    281.25 USD
  Liabilities:Members:Bea:Payable     93.75 USD
  Assets:Bank                       -375.00 USD
"""
LATER = """
{day} * "The book goes on"
  Assets:Cash   1.00 USD
  Assets:Bank  -1.00 USD
"""
FORMS = """
2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
  patronage-dividends: 562.50
2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Bea"
  patronage-dividends: 187.50
"""


# --- checks ---------------------------------------------------------------------------

BY_CHECK = """
2020-01-01 custom "coop-parameter" "patronage.consent" "check"
"""
CHECKS = """
2025-09-15 * "Qualified checks"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable    281.25 USD
    {ana}
  Liabilities:Members:Bea:Payable     93.75 USD
    coop-cleared: 2025-09-18
  Assets:Bank                       -375.00 USD
"""


@pytest.mark.parametrize(
    ("ana", "day", "found"),
    [
        ("coop-cleared: 2025-12-14", "2026-01-31", ""),
        ("coop-cleared: 2025-12-15", "2026-01-31", "is cashed on 2025-12-15"),
        ('note: "not back yet"', "2025-12-14", ""),
        ('note: "not back yet"', "2025-12-15", "is not cashed"),
    ],
)
def test_a_check_that_is_a_consent_is_cashed_by_the_ninetieth_day(
    ana: str, day: str, found: str, tmp_path: Path
) -> None:
    ledger = BY_CHECK + HALF + CHECKS.format(ana=ana) + LATER.format(day=day)
    expected = (
        f"COOP-TAX-10: Ana's check of fiscal year 2024 {found}; as a consent it counts "
        "until 2025-12-14."
    )
    assert said(tmp_path, US, ledger) == ([expected] if found else [])


@pytest.mark.parametrize(
    "ledger",
    [
        HALF + CHECKS.format(ana="coop-cleared: 2025-12-15"),
        BY_CHECK + NONQUALIFIED + CHECKS.format(ana="coop-cleared: 2025-12-15"),
        BY_CHECK
        + '2020-02-01 custom "coop-member" "Ana" "class"\n  consent: 2020-02-01\n'
        + HALF
        + CHECKS.format(ana="coop-cleared: 2025-12-15"),
    ],
    ids=["by-laws are the consent", "no qualified paper", "consent in writing"],
)
def test_a_check_that_is_no_consent_may_be_cashed_whenever(
    ledger: str, tmp_path: Path
) -> None:
    assert said(tmp_path, US, ledger) == []


def test_a_dividend_that_becomes_a_contribution_needs_no_check(tmp_path: Path) -> None:
    turned = """
2025-06-01 * "Ana leaves the money in the co-op"
  coop-kind: "contribution"
  Liabilities:Members:Ana:Payable    281.25 USD
  Equity:Members:Ana:Contribution   -281.25 USD
2025-09-15 * "Bea's check"
  coop-kind: "payment"
  coop-cleared: 2025-09-20
  Liabilities:Members:Bea:Payable     93.75 USD
  Assets:Bank                        -93.75 USD
"""
    ledger = BY_CHECK + HALF + turned + LATER.format(day="2026-01-31")
    assert said(tmp_path, US, ledger) == []


# --- the co-op's return ---------------------------------------------------------------


def returned(**boxes: str) -> str:
    return filing("2025-09-15", '"1120-C" "2024"', **boxes)


@pytest.mark.parametrize("stated", ["375.00", "0"])
def test_the_return_may_deduct_what_was_paid_in_money(
    stated: str, tmp_path: Path
) -> None:
    ledger = NONQUALIFIED + PAID + returned(patronage_dividends=stated)
    assert said(tmp_path, US, ledger) == []


def test_a_return_never_deducts_nonqualified_paper_when_it_is_given(
    tmp_path: Path,
) -> None:
    ledger = NONQUALIFIED + PAID + returned(patronage_dividends="375.01")
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-TAX-11: The return of fiscal year 2024 deducts 375.01 as "
            "patronage-dividends; 375.00 was paid, or given qualified paper for, until "
            "2025-09-15."
        ),
    ]


@pytest.mark.parametrize(
    ("stated", "count"), [("374.60", 0), ("375", 0), ("374.61", 1), ("376", 1)]
)
def test_a_return_may_be_made_up_in_whole_dollars(
    stated: str, count: int, tmp_path: Path
) -> None:
    # 374.60 are paid in money, and the rest is nonqualified.
    odd = NONQUALIFIED.replace("Ana:Payable   -281.25", "Ana:Payable   -280.85")
    odd = odd.replace("Ana:Nonqualified    -281.25", "Ana:Nonqualified    -281.65")
    paid = PAID.replace("281.25", "280.85").replace("-375.00", "-374.60")
    filed = returned(patronage_dividends=stated)
    assert len(said(tmp_path, US, odd + paid + filed)) == count


def test_what_is_paid_after_the_period_is_not_deducted(tmp_path: Path) -> None:
    late = PAID.replace("2025-05-01", "2025-09-16")
    found = said(tmp_path, US, HALF + late + returned(patronage_dividends="750"))
    assert rules_of(found) == ["COOP-TAX-03", "COOP-TAX-03", "COOP-TAX-11"]


def test_what_may_still_be_paid_in_time_may_be_deducted(tmp_path: Path) -> None:
    ledger = HALF + returned(patronage_dividends="750")
    assert said(tmp_path, US, ledger) == []


REDEEMED = """
2025-06-01 * "Paper is redeemed"
  Equity:Members:Ana:Nonqualified     75.00 USD
  Equity:Members:Bea:Nonqualified     25.00 USD
  Assets:Bank                       -100.00 USD
"""


def test_redeemed_paper_is_deducted_under_its_own_heading(tmp_path: Path) -> None:
    start = NONQUALIFIED + PAID + REDEEMED
    good = returned(patronage_dividends="375", redeemed_nonqualified="100.00")
    assert said(tmp_path, US, start + good) == []
    bad = returned(patronage_dividends="375", redeemed_nonqualified="100.01")
    assert rules_of(said(tmp_path, US, start + bad)) == ["COOP-TAX-11"]


def test_patronage_of_another_year_is_not_deducted_in_the_year_of_payment(
    tmp_path: Path,
) -> None:
    sales = """
2025-12-31 * "Sales of 2025"
  Assets:Bank    1.00 USD
  Income:Sales  -1.00 USD
"""
    filed = filing("2026-03-15", '"1120-C" "2025"', patronage_dividends="0.01")
    found = said(tmp_path, US, HALF + PAID + sales + filed)
    assert rules_of(found) == ["COOP-TAX-11"]


def test_paper_redeemed_before_the_year_began_is_not_deducted_in_it(
    tmp_path: Path,
) -> None:
    sales = """
2026-01-02 * "Sales of 2026"
  Assets:Bank    1.00 USD
  Income:Sales  -1.00 USD
"""
    filed = filing("2026-03-15", '"1120-C" "2026"', redeemed_nonqualified="0.01")
    found = said(tmp_path, US, NONQUALIFIED + PAID + REDEEMED + sales + filed)
    assert rules_of(found) == ["COOP-TAX-11"]


def test_a_corrected_return_replaces_the_first_one(tmp_path: Path) -> None:
    wrong = returned(patronage_dividends="900")
    right = returned(patronage_dividends="750").replace("2025-09-15", "2025-12-01")
    assert said(tmp_path, US, HALF + PAID + wrong + right) == []


def test_a_return_of_a_year_that_the_book_does_not_have_is_left_alone(
    tmp_path: Path,
) -> None:
    old = returned(patronage_dividends="900").replace('"2024"', '"2001"')
    old = old.replace("2025-09-15", "2021-01-01")
    found = said(tmp_path, US, HALF + PAID + old)
    assert rules_of(found) == ["COOP-TAX-18"]


# --- backup withholding ---------------------------------------------------------------

WITHHOLD = """
2025-01-15 custom "coop-member" "Ana" "withhold"
  cause: "{cause}"
"""
KEPT = """
2025-05-01 * "Ana is paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable    {money} USD
  Liabilities:Withholding           -{kept} USD
  Assets:Bank
2025-05-01 * "Bea is paid"
  coop-kind: "payment"
  Liabilities:Members:Bea:Payable     93.75 USD
  Assets:Bank                        -93.75 USD
"""


def withholding(kept: str, cause: str = "tin", distribution: str = HALF) -> str:
    money = distribution.split("Ana:Payable")[1].split("USD", maxsplit=1)[0].strip(" -")
    paid = KEPT.format(kept=kept, money=money)
    return WITHHOLD.format(cause=cause) + distribution + paid


@pytest.mark.parametrize(("kept", "count"), [("67.50", 0), ("67.49", 1), ("67.51", 1)])
def test_backup_withholding_is_of_the_money_and_to_the_cent(
    kept: str, count: int, tmp_path: Path
) -> None:
    expected = (
        f"COOP-TAX-12: {kept} is withheld from 281.25 that Ana is paid in money; 24 % "
        "of it is 67.50."
    )
    found = said(tmp_path, US, withholding(kept))
    assert found == [expected] * count


@pytest.mark.parametrize(("kept", "count"), [("67.39", 1), ("67.40", 0), ("67.41", 0)])
def test_a_fraction_of_a_cent_may_be_rounded_either_way(
    kept: str, count: int, tmp_path: Path
) -> None:
    # 24 % of 280.87 is 67.4088.
    odd = HALF.replace("Ana:Payable   -281.25", "Ana:Payable   -280.87")
    odd = odd.replace("Ana:Patronage      -281.25", "Ana:Patronage      -281.63")
    assert len(said(tmp_path, US, withholding(kept, distribution=odd))) == count


def test_nothing_is_withheld_before_it_begins_or_after_it_ends(tmp_path: Path) -> None:
    plain = HALF + PAID
    after = WITHHOLD.format(cause="tin").replace("2025-01-15", "2025-05-02")
    assert said(tmp_path, US, plain + after) == []
    ended = '2025-04-30 custom "coop-member" "Ana" "release"\n'
    assert said(tmp_path, US, WITHHOLD.format(cause="tin") + plain + ended) == []
    on_the_day = WITHHOLD.format(cause="tin").replace("2025-01-15", "2025-05-01")
    assert len(said(tmp_path, US, plain + on_the_day)) == 1


@pytest.mark.parametrize(
    ("money", "paper", "cause", "count"),
    [
        ("281.25", "281.25", "underreporting", 1),
        ("281.24", "281.26", "underreporting", 0),
        ("281.24", "281.26", "tin", 1),
    ],
)
def test_undeclared_income_counts_only_where_half_is_in_money(
    money: str, paper: str, cause: str, count: int, tmp_path: Path
) -> None:
    ledger = HALF.replace("Payable   -281.25", f"Payable   -{money}")
    ledger = ledger.replace("Patronage      -281.25", f"Patronage      -{paper}")
    paid = PAID.replace("281.25", money).replace("      -375.00 USD", "")
    found = said(tmp_path, US, WITHHOLD.format(cause=cause) + ledger + paid)
    assert rules_of(found) == ["COOP-TAX-12"] * count


def test_where_several_are_paid_the_book_says_from_whom_is_withheld(
    tmp_path: Path,
) -> None:
    paid = """
2025-05-01 * "Paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable    281.25 USD
  Liabilities:Members:Bea:Payable     93.75 USD
  Liabilities:Withholding            -67.50 USD
    {whose}
  Assets:Bank                       -307.50 USD
"""
    start = WITHHOLD.format(cause="tin") + HALF
    named = paid.format(whose='coop-member: "Ana"')
    assert said(tmp_path, US, start + named) == []
    unnamed = paid.format(whose='note: "Ana\'s"')
    assert rules_of(said(tmp_path, US, start + unnamed)) == ["COOP-TAX-12"]


def test_the_rate_is_that_of_the_day_of_payment(tmp_path: Path) -> None:
    early = HALF.replace("2025-04-01", "2017-04-01").replace("2024", "2016")
    early = early.replace("GA-2025-01", "GA-2017-01")
    ledger = f"""
2016-01-01 custom "coop-policy" "us-worker-ica"
2016-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{{member}}"
  measure: "hours"
2016-01-01 custom "coop-member" "Ana" "join"
  class: "worker"
2016-01-01 custom "coop-member" "Bea" "join"
  class: "worker"
2017-03-01 custom "coop-resolution" "GA-2017-01" "Result of 2016"
2016-06-30 * "Sales and advances"
  Expenses:Advances:Ana  300.00 USD
    hours: 30
  Expenses:Advances:Bea  100.00 USD
    hours: 10
  Income:Sales         -1400.00 USD
  Assets:Bank           1000.00 USD
2017-01-02 custom "coop-member" "Ana" "withhold"
{early}
2017-05-01 * "Ana is paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable    281.25 USD
  Liabilities:Withholding            -78.75 USD
  Assets:Bank                       -202.50 USD
"""
    header = 'option "operating_currency" "USD"\nplugin "coopledger.plugin"\n'
    assert said(tmp_path, US, ledger, header) == []
    less = ledger.replace("78.75", "67.50").replace("202.50", "213.75")
    assert "28 % of it is 78.75" in said(tmp_path, US, less, header)[0]


def test_interest_paid_on_the_same_day_may_be_withheld_from_as_well(
    tmp_path: Path,
) -> None:
    interest = """
2024-12-31 * "Interest"
  coop-kind: "interest"
  Expenses:InterestOnCapital          10.00 USD
  Liabilities:Members:Ana:Payable    -10.00 USD
"""
    start = WITHHOLD.format(cause="tin")
    half = HALF.replace("1000.00", "990.00").replace("-250.00", "-240.00")
    ledger = start + interest + half + KEPT.format(money="291.25", kept="69.90")
    found = said(tmp_path, US, ledger)
    assert [line for line in found if line.startswith("COOP-TAX-12")] == []
    too_much = ledger.replace("-69.90", "-69.91")
    found = said(tmp_path, US, too_much)
    assert len([line for line in found if line.startswith("COOP-TAX-12")]) == 1


def test_a_partnership_withholds_nothing_of_this_kind(tmp_path: Path) -> None:
    regime = '2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"\n'
    ledger = regime + WITHHOLD.format(cause="tin") + HALF + PAID
    assert said(tmp_path, US, ledger) == []


# --- netting --------------------------------------------------------------------------

UNITS = """
2024-01-01 open Expenses:Press
  coop-unit: "press"
2024-01-01 open Income:Fields
  coop-unit: "fields"
2024-07-01 * "The press"
  Expenses:Press    {press} USD
  Assets:Bank      -{press} USD
2024-07-01 * "The fields"
  Income:Fields    -{fields} USD
  Assets:Bank       {fields} USD
"""


def test_a_loss_of_one_unit_is_told_until_the_end_of_the_payment_period(
    tmp_path: Path,
) -> None:
    start = UNITS.format(press="300.00", fields="300.00") + HALF + PAID
    told = '{} custom "coop-filing" "netting-notice" "2024"\n'
    assert said(tmp_path, US, start + told.format("2025-09-15")) == []
    assert said(tmp_path, US, start + LATER.format(day="2025-09-15")) == []
    late = [
        (
            "COOP-TAX-13: The patronage of fiscal year 2024 sets the loss of press "
            "(-300.00) against what other units earned, and patrons were not told by "
            "2025-09-15."
        ),
    ]
    assert said(tmp_path, US, start + told.format("2025-09-16")) == late
    assert said(tmp_path, US, start + LATER.format(day="2025-09-16")) == late


@pytest.mark.parametrize(
    ("press", "fields", "account", "rest"),
    [
        ("0.00", "300.00", "Expenses:Common", "300.00"),
        ("300.00", "0.00", "Income:Common", "-300.00"),
    ],
    ids=["no unit lost", "no unit earned"],
)
def test_nothing_is_netted_where_not_one_lost_and_another_earned(
    press: str, fields: str, account: str, rest: str, tmp_path: Path
) -> None:
    common = f"""
2024-07-02 * "What is of no unit"
  {account}    {rest} USD
  Assets:Bank
"""
    units = UNITS.format(press=press, fields=fields)
    ledger = units + common + HALF + PAID + LATER.format(day="2025-12-01")
    assert said(tmp_path, US, ledger) == []
