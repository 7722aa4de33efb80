"""Rules on a distribution, where they have to look twice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests import books
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import rules_of
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_three_equal_members_get_the_cent_by_date_of_joining(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-member" "Abe" "join"
  class: "worker"
2024-12-30 * "All three have worked 30 hours"
  Expenses:Advances:Abe   0.00 USD
    hours: 30
  Expenses:Advances:Bea   0.00 USD
    hours: 20
"""
    distribution = """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -900.00 USD
  Liabilities:Members:Ana:Payable   -33.34 USD
  Liabilities:Members:Bea:Payable   -33.33 USD
  Liabilities:Members:Abe:Payable   -33.33 USD
"""
    assert said(tmp_path, US, ledger + DISTRIBUTION + distribution) == []


def test_a_member_who_did_nothing_gets_nothing(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-member" "Cleo" "join"
  class: "worker"
"""
    distribution = """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -900.00 USD
  Liabilities:Members:Ana:Payable   -75.00 USD
  Liabilities:Members:Cleo:Payable  -25.00 USD
"""
    assert said(tmp_path, US, ledger + DISTRIBUTION + distribution) == [
        "COOP-APP-04: Bea received 0 of fiscal year 2024; by patronage it is 25.00.",
        "COOP-APP-04: Cleo received 25.00 of fiscal year 2024; by patronage it is 0.",
    ]


def test_a_cent_to_a_member_who_did_nothing_is_found(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-member" "Cleo" "join"
  class: "worker"
"""
    distribution = """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -900.00 USD
  Liabilities:Members:Ana:Payable   -75.00 USD
  Liabilities:Members:Bea:Payable   -24.99 USD
  Liabilities:Members:Cleo:Payable   -0.01 USD
"""
    assert said(tmp_path, US, ledger + DISTRIBUTION + distribution) == [
        (
            "COOP-APP-02: Bea received 24.99 of fiscal year 2024; the exact split "
            "gives 25.00."
        ),
        "COOP-APP-02: Cleo received 0.01 of fiscal year 2024; the exact split gives 0.",
    ]


def test_parts_of_a_cent_are_no_exact_split(tmp_path: Path) -> None:
    distribution = """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.005 USD
  Liabilities:Members:Ana:Payable  -562.495 USD
  Liabilities:Members:Bea:Payable  -187.500 USD
"""
    assert said(tmp_path, US, DISTRIBUTION + distribution) == [
        (
            "COOP-APP-02: Ana received 562.495 of fiscal year 2024; the exact split "
            "gives 562.49."
        ),
    ]


def test_patronage_without_a_basis_in_force_before_the_year_is_found(
    tmp_path: Path,
) -> None:
    distribution = """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
"""
    text = books.preamble(US).replace(
        '2020-01-01 custom "coop-patronage"', '2024-01-02 custom "coop-patronage"'
    )
    (one,) = found(tmp_path, US, DISTRIBUTION + distribution, text)
    assert one.rule == "COOP-APP-04"
    assert "no basis in force before that year" in one.found


def test_where_more_was_taken_back_than_done_nothing_can_be_worked_out(
    tmp_path: Path,
) -> None:
    ledger = """
2024-12-30 * "Bea gives back the pay of another year"
  Expenses:Advances:Bea  -110.00 USD
    hours: -11
  Assets:Bank             110.00 USD
"""
    distribution = """
  Equity:Surplus:Appropriated      1110.00 USD
  Equity:Collective                -300.00 USD
  Liabilities:Members:Ana:Payable  -810.00 USD
"""
    assert said(tmp_path, US, ledger + DISTRIBUTION + distribution) == [
        (
            "COOP-LAW-04: Fiscal year 2024 cannot be checked: The patronage of Bea in "
            "fiscal year 2024 is negative: more was taken back than recorded in it. "
            "Book what belongs to another year there."
        ),
    ]


def test_a_distribution_of_a_year_the_book_does_not_have_is_found(
    tmp_path: Path,
) -> None:
    ledger = """
2025-04-01 * "Of an unknown year" #coop-appropriation ^GA-2025-01
  coop-year: "2019"
  Equity:Surplus:Appropriated      10.00 USD
  Equity:Collective               -10.00 USD
2025-04-02 * "Of no year" #coop-appropriation ^GA-2025-01
  Equity:Surplus:Appropriated     -10.00 USD
  Equity:Collective                10.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-APP-06: This distribution names fiscal year '2019', which this book "
            "does not have."
        ),
        "COOP-APP-06: This distribution names no fiscal year.",
        "COOP-RES-03: 10.00 leaves the indivisible reserves.",
    ]


def test_of_a_year_that_came_out_even_there_is_nothing_to_distribute(
    tmp_path: Path,
) -> None:
    ledger = """
2023-12-31 * "Income and expenses of 2023"
  Income:Sales    -50.00 USD
  Expenses:Rent    50.00 USD
2025-04-01 * "Distribution of 2023" #coop-appropriation ^GA-2025-01
  coop-year: "2023"
  Equity:Surplus:Appropriated    0.01 USD
  Equity:Collective             -0.01 USD
"""
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-APP-01: 0.01 of fiscal year 2023 was distributed; 0.00 was there to "
            "distribute."
        ),
    ]


def test_a_resolution_that_comes_later_carries_nothing(tmp_path: Path) -> None:
    ledger = """
2025-04-02 custom "coop-resolution" "GA-2025-02" "One day too late"
2025-04-01 * "Distribution" #coop-appropriation ^GA-2025-02
  coop-year: "2024"
  Equity:Surplus:Appropriated    1000.00 USD
  Equity:Collective             -1000.00 USD
"""
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-APP-08: Resolution GA-2025-02 is of 2025-04-02, later than the "
            "distribution of 2025-04-01."
        ),
    ]


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("", "This distribution links to no resolution."),
        (
            " ^GA-2025-10",
            (
                "This distribution links to GA-2025-10, and no such resolution is on "
                "file; did you mean 'GA-2025-01'?"
            ),
        ),
    ],
)
def test_a_link_that_is_missing_and_one_that_is_mistyped_are_told_apart(
    tmp_path: Path, link: str, sentence: str
) -> None:
    ledger = f"""
2025-04-01 * "Distribution" #coop-appropriation{link}
  coop-year: "2024"
  Equity:Surplus:Appropriated    1000.00 USD
  Equity:Collective             -1000.00 USD
"""
    assert said(tmp_path, US, ledger) == [f"COOP-APP-08: {sentence}"]


def test_who_has_which_part_is_not_said_while_hours_are_missing(
    tmp_path: Path,
) -> None:
    ledger = (
        """
2024-12-31 * "Advances"
  Expenses:Advances:Bea   200.00 USD
  Assets:Bank            -200.00 USD
"""
        + DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       800.00 USD
  Equity:Collective                -200.00 USD
  Liabilities:Members:Ana:Payable  -300.00 USD
  Liabilities:Members:Bea:Payable  -300.00 USD
"""
    )
    off = """
2024-01-01 custom "coop-rule" "COOP-LANG-03" "off"
  reason: "the hours of that year are lost"
"""
    assert rules_of(said(tmp_path, US, ledger)) == ["COOP-LANG-03"]
    assert rules_of(said(tmp_path, US, ledger + off)) == ["COOP-APP-04"] * 2


def test_an_expense_of_the_year_rests_on_a_later_resolution(tmp_path: Path) -> None:
    ledger = """
2024-12-31 * "Dotación" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Expenses:DotacionEducacion              100.00 EUR
  Liabilities:Fondos:EducacionPromocion  -100.00 EUR
2025-04-01 * "Aplicación" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Resultado:Aplicado                 900.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -900.00 EUR
"""
    assert said(tmp_path, BASQUE, ledger) == []


def test_a_year_whose_whole_result_went_into_an_expense_is_whole(
    tmp_path: Path,
) -> None:
    ledger = """
2024-12-31 * "Dotación" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Expenses:DotacionEducacion              1000.00 EUR
  Liabilities:Fondos:EducacionPromocion  -1000.00 EUR
"""
    assert said(tmp_path, BASQUE, ledger) == []


def test_an_expense_that_awaits_its_resolution_is_no_half_distribution(
    tmp_path: Path,
) -> None:
    ledger = """
2024-12-31 * "Dotación" #coop-appropriation
  coop-year: "2024"
  Expenses:DotacionEducacion              100.00 EUR
  Liabilities:Fondos:EducacionPromocion  -100.00 EUR
"""
    rules = {sentence.partition(":")[0] for sentence in said(tmp_path, BASQUE, ledger)}
    assert rules == {"COOP-APP-08"}


CARRIED = """
2023-06-30 * "A loss of 2023, carried in suspense"
  coop-kind: "opening"
  Equity:Suspense  {0} USD
  Assets:Bank     -{0} USD
"""


@pytest.mark.parametrize(
    ("made_good", "expected"),
    [
        ("100.00", []),
        (
            "99.99",
            [
                (
                    "COOP-APP-05: Fiscal year 2024 was distributed to members, but of "
                    "its surplus 99.99 went to the losses carried as suspense, where "
                    "100.00 were due."
                )
            ],
        ),
    ],
)
def test_losses_are_made_good_wherever_a_preset_carries_them(
    tmp_path: Path, made_good: str, expected: list[str]
) -> None:
    # What makes a loss good counts towards the collective account's quarter.
    kept = Decimal(250) - Decimal(made_good)
    ledger = CARRIED.format("100.00") + DISTRIBUTION
    ledger += f"""
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Suspense                  -{made_good} USD
  Equity:Collective                -{kept} USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
"""
    assert said(tmp_path, US, ledger) == expected


def test_chunks_of_a_long_distribution_are_one_distribution(tmp_path: Path) -> None:
    ledger = """
2025-04-01 * "First chunk" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated       812.50 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -562.50 USD
2025-04-01 * "Second chunk" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated       187.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
"""
    assert said(tmp_path, US, ledger) == []


def test_the_second_time_names_the_first(tmp_path: Path) -> None:
    ledger = """
2025-04-01 * "First" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated       999.99 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.49 USD
2025-04-01 * "One cent more" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated         0.01 USD
  Liabilities:Members:Bea:Payable    -0.01 USD
"""
    (one,) = found(tmp_path, US, ledger)
    assert one.rule == "COOP-APP-07"
    assert one.found == (
        "Bea receives fiscal year 2024 a second time; the first stands at line "
        f"{one.origin.line - 9}."
    )


def test_a_surplus_that_leaves_the_members_out_is_found(tmp_path: Path) -> None:
    for account in ("Assets:Bank", "Expenses:Rent", "Equity:Nobody"):
        ledger = f"""
  Equity:Surplus:Appropriated  1,000.00 USD
  Equity:Collective             -250.00 USD
  {account}  -750.00 USD
"""
        rules = [one.rule for one in found(tmp_path, US, DISTRIBUTION + ledger)]
        assert "COOP-APP-12" in rules
