"""Rules on patrons' forms: who needs one, what it reports, and of which year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import US
from tests.rules.ledgers import filing
from tests.rules.ledgers import rules_of
from tests.rules.ledgers import said
from tests.rules.test_patrons import FORMS
from tests.rules.test_patrons import HALF
from tests.rules.test_patrons import LATER
from tests.rules.test_patrons import PAID

if TYPE_CHECKING:
    from pathlib import Path

GOES_ON = LATER.format(day="2026-02-01")
PAPER = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated          1000.00 USD
  Equity:Collective                    -250.00 USD
  Equity:Members:Ana:Nonqualified      -562.50 USD
  Equity:Members:Bea:Nonqualified      -187.50 USD
"""
REDEEMED = """
2025-06-01 * "Paper is redeemed, alike for both"
  Equity:Members:Ana:Nonqualified    {} USD
  Equity:Members:Bea:Nonqualified     3.33 USD
  Assets:Bank
"""


def redeemed(amount: str) -> str:
    return PAPER + REDEEMED.format(amount)


def form(**boxes: str) -> str:
    return filing("2026-01-31", '"1099-PATR" "2025" "Ana"', **boxes)


# --- who needs one --------------------------------------------------------------------


def test_a_form_is_due_from_the_legal_minimum_on(tmp_path: Path) -> None:
    assert said(tmp_path, US, redeemed("9.99") + GOES_ON) == []
    assert said(tmp_path, US, redeemed("10.00") + GOES_ON) == [
        "COOP-TAX-14: Ana was paid 10.00 in 2025, and no 1099-PATR is on record."
    ]


def test_a_form_is_missing_once_january_is_over(tmp_path: Path) -> None:
    in_time = LATER.format(day="2026-01-31")
    assert said(tmp_path, US, redeemed("10.00") + in_time) == []
    found = said(tmp_path, US, redeemed("10.00") + GOES_ON)
    assert rules_of(found) == ["COOP-TAX-14"]


def test_whoever_had_tax_withheld_needs_a_form_for_any_sum(tmp_path: Path) -> None:
    ledger = (
        PAPER
        + '2025-05-01 custom "coop-member" "Ana" "withhold"\n'
        + """
2025-06-01 * "Ana's paper is redeemed"
  Equity:Members:Ana:Nonqualified    1.00 USD
  Liabilities:Withholding           -0.24 USD
    coop-member: "Ana"
  Equity:Members:Bea:Nonqualified    0.33 USD
  Assets:Bank                       -1.09 USD
"""
        + GOES_ON
    )
    assert rules_of(said(tmp_path, US, ledger)) == ["COOP-TAX-14"]
    filed = form(redeemed_nonqualified="1.00", withheld="0.24")
    assert said(tmp_path, US, ledger + filed) == []


@pytest.mark.parametrize(
    "exempt",
    [
        '2025-01-01 custom "coop-member" "Ana" "class"\n  payee: "exempt"\n',
        '2020-01-01 custom "coop-parameter" "patronage-form.exempt" TRUE\n',
        '2020-01-01 custom "coop-parameter" "tax.regime" "none"\n',
    ],
    ids=["a corporation", "an exempt co-op", "another regime"],
)
def test_no_form_is_due_to_and_from_whoever_is_exempt(
    exempt: str, tmp_path: Path
) -> None:
    assert said(tmp_path, US, exempt + redeemed("10.00") + GOES_ON) == []


def test_a_corporation_that_becomes_a_person_gets_a_form_again(tmp_path: Path) -> None:
    payee = '{} custom "coop-member" "Ana" "class"\n  payee: "{}"\n'
    both = payee.format("2025-01-01", "exempt") + payee.format("2025-12-31", "person")
    found = said(tmp_path, US, both + redeemed("10.00") + GOES_ON)
    assert rules_of(found) == ["COOP-TAX-14"]


def test_what_is_declared_and_not_paid_is_not_reported(
    tmp_path: Path,
) -> None:
    money = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated       1000.00 USD
  Equity:Collective                 -250.00 USD
  Liabilities:Members:Ana:Payable   -562.50 USD
  Liabilities:Members:Bea:Payable   -187.50 USD
"""
    found = said(tmp_path, US, money + GOES_ON)
    assert rules_of(found) == ["COOP-TAX-03", "COOP-TAX-03"]


# --- what it reports ------------------------------------------------------------------

REPORTED = HALF + PAID + GOES_ON


def test_forms_that_report_what_was_paid_are_right(tmp_path: Path) -> None:
    assert said(tmp_path, US, REPORTED + FORMS) == []


@pytest.mark.parametrize(
    ("stated", "rule"),
    [("9.99", "COOP-TAX-15"), ("10.00", ""), ("10.01", "COOP-TAX-17")],
)
def test_redeemed_paper_is_on_the_form_to_the_cent(
    stated: str, rule: str, tmp_path: Path
) -> None:
    found = said(tmp_path, US, redeemed("10.00") + form(redeemed_nonqualified=stated))
    assert rules_of(found) == ([rule] if rule else [])


@pytest.mark.parametrize("stated", ["562.49", "562.51", "0"])
def test_a_form_reports_what_was_paid_in_its_year(stated: str, tmp_path: Path) -> None:
    found = said(tmp_path, US, HALF + PAID + form(patronage_dividends=stated))
    assert found == [
        (
            f"COOP-TAX-17: The 1099-PATR of Ana for 2025 reports {stated} as "
            "patronage-dividends; in that year it was 562.50."
        )
    ]


def test_a_form_of_the_year_of_patronage_names_the_year_of_payment(
    tmp_path: Path,
) -> None:
    words = '"1099-PATR" "2024" "Ana"'
    early = filing("2025-06-01", words, patronage_dividends="562.50")
    found = said(tmp_path, US, HALF + PAID + early)
    assert found == [
        (
            "COOP-TAX-17: The 1099-PATR of Ana for 2024 reports 562.50 as "
            "patronage-dividends; in that year it was 0, and 562.50 in 2025."
        )
    ]


def test_a_corrected_form_replaces_the_first_one(tmp_path: Path) -> None:
    wrong = form(patronage_dividends="1.00")
    right = form(patronage_dividends="562.50").replace("2026-01-31", "2026-02-15")
    assert said(tmp_path, US, HALF + PAID + wrong + right) == []


MISPLACED = {
    "retained patronage as a per-unit retain": (
        {"patronage_dividends": "562.50", "per_unit_retains": "281.25"},
        "reports 281.25 as per-unit-retains, and nothing was kept back by unit.",
    ),
    "money as qualified payments": (
        {"patronage_dividends": "562.50", "qualified_payments": "281.25"},
        "fills qualified-payments and is not marked as specified-cooperative.",
    ),
    "the mark without its boxes": (
        {"patronage_dividends": "562.50", "specified_cooperative": "TRUE"},
        "is marked as specified-cooperative and fills no box that is for such.",
    ),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_boxes_hold_what_they_mean(case: str, tmp_path: Path) -> None:
    boxes, words = MISPLACED[case]
    found = said(tmp_path, US, HALF + PAID + form(**boxes))
    assert found == [f"COOP-TAX-16: The 1099-PATR of Ana for 2025 {words}"]


def test_a_specified_co_operative_fills_its_own_boxes(tmp_path: Path) -> None:
    filled = form(
        patronage_dividends="562.50",
        qualified_payments="281.25",
        trade_items="1.00",
        specified_cooperative="TRUE",
    )
    assert said(tmp_path, US, HALF + PAID + filled) == []


def test_what_is_withheld_is_less_than_what_it_is_withheld_from(tmp_path: Path) -> None:
    filled = form(patronage_dividends="562.50", withheld="562.50")
    found = said(tmp_path, US, HALF + PAID + filled)
    assert rules_of(found) == ["COOP-TAX-16", "COOP-TAX-17"]


RETAINS = """
2025-06-30 * "A tenth of a dollar for each litre that Ana delivered"
  coop-kind: "patronage"
  Expenses:PerUnitRetains            40.00 USD
  Equity:Members:Ana:Retains        -40.00 USD
"""


@pytest.mark.parametrize(("stated", "count"), [("40.00", 0), ("40.01", 1)])
def test_per_unit_retains_have_a_box_of_their_own(
    stated: str, count: int, tmp_path: Path
) -> None:
    found = said(tmp_path, US, RETAINS + form(per_unit_retains=stated))
    assert rules_of(found) == ["COOP-TAX-17"] * count


def test_a_form_of_somebody_nobody_knows_is_a_slip_and_nothing_else(
    tmp_path: Path,
) -> None:
    strange = form(patronage_dividends="562.50").replace('"Ana"', '"Anna"')
    assert said(tmp_path, US, HALF + PAID + strange) == [
        "COOP-LANG-01: 'Anna' is not in the register; did you mean 'Ana'?"
    ]


# --- which co-ops ---------------------------------------------------------------------


@pytest.mark.parametrize("regime", ["sub-k", "none"])
@pytest.mark.parametrize("filed", ["1099-PATR", "1120-C", "netting-notice"])
def test_forms_of_subchapter_t_are_for_nobody_else(
    regime: str, filed: str, tmp_path: Path
) -> None:
    parameter = f'2020-01-01 custom "coop-parameter" "tax.regime" "{regime}"\n'
    whose = ' "Ana"' if filed == "1099-PATR" else ""
    line = f'2026-01-31 custom "coop-filing" "{filed}" "2025"{whose}\n'
    assert said(tmp_path, US, parameter + HALF + line) == [
        (
            f"COOP-TAX-18: A {filed} of 2025 is on record, and the tax regime of that "
            f"year is {regime}."
        )
    ]


def test_a_co_op_that_becomes_a_partnership_keeps_its_old_forms(tmp_path: Path) -> None:
    later = '2026-01-01 custom "coop-parameter" "tax.regime" "sub-k"\n'
    assert said(tmp_path, US, later + REPORTED + FORMS) == []
    sooner = later.replace("2026-01-01", "2025-12-31")
    found = said(tmp_path, US, sooner + REPORTED + FORMS)
    assert rules_of(found) == ["COOP-TAX-18", "COOP-TAX-18"]
