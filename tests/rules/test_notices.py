"""Rules on notices and retains: consent, and amounts per unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

PRODUCER = "us-producer"
WRITTEN = """
2023-01-01 custom "coop-parameter" "patronage.consent" "written"
"""
CONSENT = """
{0} custom "coop-member" "Ana" "class"
  class: "worker"
  consent: {0}
"""
PARTS = (
    DISTRIBUTION
    + """
  Equity:Surplus:Appropriated       1000.00 USD
  Equity:Collective                 -250.00 USD
  Liabilities:Members:Ana:Payable   -112.50 USD
  Equity:Members:Ana:{0}  -450.00 USD
  Liabilities:Members:Bea:Payable   -187.50 USD
"""
)


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2022-06-01", []), ("2024-12-31", []), ("2025-01-01", ["COOP-TAX-04"])],
)
def test_a_consent_counts_for_the_year_in_which_it_is_given(
    tmp_path: Path, day: str, expected: list[str]
) -> None:
    ledger = WRITTEN + CONSENT.format(day) + PARTS.format("Patronage")
    assert ids(tmp_path, US, ledger) == expected


def test_without_any_consent_the_notice_is_not_qualified(tmp_path: Path) -> None:
    assert said(tmp_path, US, WRITTEN + PARTS.format("Patronage")) == [
        (
            "COOP-TAX-04: Ana has 450.00 of fiscal year 2024 on a qualified notice and "
            "no consent of 2024-12-31 or earlier on record."
        ),
    ]
    assert ids(tmp_path, US, WRITTEN + PARTS.format("Nonqualified")) == []


def test_by_laws_that_make_membership_a_consent_need_no_other(tmp_path: Path) -> None:
    assert ids(tmp_path, US, PARTS.format("Patronage")) == []


def test_a_partnership_needs_no_consent(tmp_path: Path) -> None:
    regime = '2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"\n'
    assert ids(tmp_path, US, regime + WRITTEN + PARTS.format("Patronage")) == []


# --- per-unit retains -----------------------------------------------------------------

RATE = """
{0} custom "coop-parameter" "retain.rate" {1}
"""
RETAINS = """
{0} * "Retains"
  coop-kind: "patronage"
  {3}
  Expenses:PerUnitRetains
  Equity:Members:Ana:Retains   -{1} USD
  Equity:Members:Bea:Retains   -{2} USD
"""


def retains(
    ana: str, bea: str, day: str = "2024-12-31", says: str = "office: 1"
) -> str:
    return RETAINS.format(day, ana, bea, says)


def test_a_rate_that_is_fixed_within_the_year_is_no_rate_of_it(tmp_path: Path) -> None:
    booked = retains("15.00", "5.00")
    assert ids(tmp_path, PRODUCER, RATE.format("2024-01-01", "0.05") + booked) == []
    assert said(tmp_path, PRODUCER, RATE.format("2024-01-02", "0.05") + booked) == [
        (
            "COOP-TAX-05: 15.00 is retained of Ana's deliveries of fiscal year 2024; "
            "by the rate that was fixed before the year it is 0.00."
        ),
        (
            "COOP-TAX-05: 5.00 is retained of Bea's deliveries of fiscal year 2024; "
            "by the rate that was fixed before the year it is 0.00."
        ),
    ]


def test_each_posting_may_be_rounded_by_itself_and_no_more(tmp_path: Path) -> None:
    # 300 gallons at 0.0533 are 15.99, 100 are 5.33; three postings of a third each.
    rate = RATE.format("2023-12-01", "0.0533")
    thirds = "".join(retains("5.33", "1.78", f"2024-0{m}-28") for m in (1, 2, 3))
    assert ids(tmp_path, PRODUCER, rate + thirds) == []
    more = thirds.replace("5.33", "5.34", 1)
    assert ids(tmp_path, PRODUCER, rate + more) == []
    most = thirds.replace("5.33", "5.34", 2)
    assert ids(tmp_path, PRODUCER, rate + most) == ["COOP-TAX-05"]


def test_whoever_delivered_and_has_nothing_retained_is_found(tmp_path: Path) -> None:
    rate = RATE.format("2023-12-01", "0.05")
    ledger = rate + retains("15.00", "0.00")
    assert ids(tmp_path, PRODUCER, ledger) == ["COOP-TAX-05"]
    only = ledger.replace("  Equity:Members:Bea:Retains   -0.00 USD\n", "")
    assert ids(tmp_path, PRODUCER, only) == ["COOP-TAX-05"]


def test_retains_belong_to_the_year_that_they_name(tmp_path: Path) -> None:
    rate = RATE.format("2023-12-01", "0.05")
    late = retains("15.00", "5.00", "2025-01-15")
    assert ids(tmp_path, PRODUCER, rate + late) == ["COOP-TAX-05", "COOP-TAX-05"]
    named = retains("15.00", "5.00", "2025-01-15", 'coop-year: "2024"')
    assert ids(tmp_path, PRODUCER, rate + named) == []


def test_what_is_repaid_of_retains_is_no_retain(tmp_path: Path) -> None:
    repaid = """
2025-01-15 * "Retains of 2024 repaid"
  coop-kind: "redemption"
  Equity:Members:Ana:Retains   15.00 USD
  Assets:Bank                 -15.00 USD
"""
    ledger = RATE.format("2023-12-01", "0.05") + retains("15.00", "5.00") + repaid
    assert ids(tmp_path, PRODUCER, ledger) == []


def test_a_form_that_knows_no_retains_has_no_rate_for_them(tmp_path: Path) -> None:
    assert ids(tmp_path, US, retains("15.00", "5.00")) == []


def test_retains_of_a_year_that_the_book_does_not_have_are_left_alone(
    tmp_path: Path,
) -> None:
    named = retains("15.00", "5.00", says='coop-year: "2018"')
    rules = ids(tmp_path, PRODUCER, RATE.format("2017-12-01", "0.05") + named)
    assert "COOP-TAX-05" not in rules
