"""What a bookkeeper forgets does not put a distribution or hours out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.journal.loading import load_book
from coopledger.law.weighing import counting_of
from coopledger.law.weighing import member_labour_result
from coopledger.law.weighing import weights_of
from tests import books
from tests.rules.ledgers import US
from tests.rules.ledgers import lines_of
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path

    from coopledger.law.case import Case
    from coopledger.law.weighing import Counting

UNTAGGED = """
2025-04-01 * "Distribution of 2024, and nobody thought of the tag" ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated      1,000.00 USD
  Equity:Collective                 -250.00 USD
  Liabilities:Members:Ana:Payable   -375.00 USD
  Liabilities:Members:Bea:Payable   -375.00 USD
"""
CANDIDATE = """
2024-01-01 custom "coop-member" "Cleo" "join"
  class: "probationer"
2024-12-31 * "A candidate works as much as both members"
  Expenses:Advances:Cleo  400.00 USD
    hours: 40
  Assets:Bank            -400.00 USD
"""
LEAVER = """
2024-02-10 custom "coop-member" "Bea" "leave"
2024-03-05 * "Bea's last pay"
  Expenses:Advances:Bea   40.00 USD
    hours: 4
  Assets:Bank            -40.00 USD
"""


def case_of(folder: Path, ledger: str) -> Case:
    """Load a ledger after the preamble."""
    text = f"{books.preamble(US)}\n{lines_of(ledger)}"
    return load_book(books.write(folder, text)).case


def counts_of(case: Case) -> Counting:
    """Return who takes part in the surplus of 2024."""
    figures = case.books.years[2024]
    return counting_of(case.books, case.policy, figures, "patronage")


def weights(case: Case) -> Mapping[str, Fraction]:
    """Return the patronage weights of 2024."""
    return weights_of(counts_of(case))


def test_a_distribution_without_its_tag_is_judged_all_the_same(tmp_path: Path) -> None:
    rules = {one.partition(":")[0] for one in said(tmp_path, US, UNTAGGED)}
    assert "COOP-APP-04" in rules


def test_what_takes_from_the_result_without_a_year_is_found(tmp_path: Path) -> None:
    bonus = UNTAGGED.replace('  coop-year: "2024"\n', "")
    rules = {one.partition(":")[0] for one in said(tmp_path, US, bonus)}
    assert "COOP-APP-06" in rules


def test_a_candidate_s_labour_is_no_member_s(tmp_path: Path) -> None:
    case = case_of(tmp_path, CANDIDATE)
    figures = case.books.years[2024]
    earned = member_labour_result(counts_of(case))
    assert earned == figures.result["cooperative"] / 2


def test_a_stranger_s_pay_is_no_member_s_labour(tmp_path: Path) -> None:
    stranger = CANDIDATE.replace("Cleo", "Nobody").split("2024-12-31")[1]
    case = case_of(tmp_path, f"2024-12-31{stranger}")
    figures = case.books.years[2024]
    earned = member_labour_result(counts_of(case))
    assert earned == figures.result["cooperative"] / 2


def test_a_leaver_s_last_pay_counts_and_later_hours_do_not(tmp_path: Path) -> None:
    assert weights(case_of(tmp_path, LEAVER)) == {"Ana": 30, "Bea": 4}


def test_hours_that_are_no_number_are_found_where_nothing_is_measured_by_them(
    tmp_path: Path,
) -> None:
    wages = """
2024-11-30 * "Wages"
  Expenses:Wages:Dan   40.00 USD
    hours: "many"
  Assets:Bank         -40.00 USD
"""
    assert said(tmp_path, US, wages) == [
        "COOP-LANG-03: The posting to Expenses:Wages:Dan says 'many' for 'hours'."
    ]
