"""Rules on losses, where they have to look twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import books
from tests.rules.ledgers import COLLECTIVE_BEARS
from tests.rules.ledgers import LOSS
from tests.rules.ledgers import US
from tests.rules.ledgers import WORK_OF_2025
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_a_member_left_out_of_a_loss_is_found(tmp_path: Path) -> None:
    ledger = (
        WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Members:Ana:Losses     100.00 USD
"""
    )
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-LOSS-02: Bea bears 0 of the loss of fiscal year 2025; by activity it "
            "is 25.00."
        ),
        (
            "COOP-LOSS-02: Ana bears 100.00 of the loss of fiscal year 2025; by "
            "activity it is 75.00."
        ),
    ]


def test_a_loss_cannot_be_divided_where_more_was_taken_back_than_done(
    tmp_path: Path,
) -> None:
    ledger = (
        """
2025-06-29 * "Bea gives back the pay of another year, and a repair"
  Expenses:Advances:Bea  -100.00 USD
    hours: -11
  Expenses:Repairs        200.00 USD
  Assets:Bank            -100.00 USD
"""
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -200.00 USD
  Equity:Members:Ana:Losses     200.00 USD
"""
    )
    (one,) = said(tmp_path, US, ledger)
    assert one.startswith("COOP-LAW-04: Fiscal year 2025 cannot be checked: The patr")


def test_a_loss_of_somebody_who_takes_no_part_is_found(tmp_path: Path) -> None:
    ledger = (
        COLLECTIVE_BEARS.format("0")
        + """
2025-01-01 custom "coop-member" "Cleo" "join"
  class: "probationer"
2025-01-02 * "Cleo" "What a candidate should not have to pay in"
  Assets:Bank                        10.00 USD
  Equity:Members:Cleo:Contribution  -10.00 USD
"""
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Members:Ana:Losses      67.50 USD
  Equity:Members:Bea:Losses      22.50 USD
  Equity:Members:Cleo:Losses     10.00 USD
"""
    )
    assert said(tmp_path, US, ledger) == [
        (
            "COOP-MEM-06: Cleo pays a contribution of 10.00 and is in the class "
            "'Candidate', which holds no capital."
        ),
        (
            "COOP-LOSS-02: Cleo bears 10.00 of the loss of fiscal year 2025; by "
            "activity it is 0."
        ),
    ]


def test_who_has_no_more_capital_bears_less_and_the_others_bear_no_more(
    tmp_path: Path,
) -> None:
    ledger = (
        COLLECTIVE_BEARS.format("0")
        + """
2025-06-29 * "A repair"
  Expenses:Repairs   1900.00 USD
  Assets:Bank       -1900.00 USD
"""
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -2000.00 USD
  Equity:Members:Ana:Losses     1000.00 USD
  Equity:Members:Bea:Losses      500.00 USD
  Equity:Suspense                500.00 USD
"""
    )
    assert said(tmp_path, US, ledger) == []


def test_the_engine_s_cents_stand_where_a_member_s_capital_ran_out(
    tmp_path: Path,
) -> None:
    # Of 0.04 by 1 : 1 : 4 : 4 Dan bears 0.02; of the 0.02 that are left without Cleo,
    # who has 0.01 only, he would bear 0.01 and Ana the other.
    ledger = (
        """
2025-01-01 custom "coop-member" "Cleo" "join"
  class: "worker"
2025-01-01 custom "coop-member" "Dan" "join"
  class: "worker"
2025-01-02 * "Capital"
  Assets:Bank                        10.01 USD
  Equity:Members:Cleo:Contribution   -0.01 USD
  Equity:Members:Dan:Contribution   -10.00 USD
2025-06-29 * "A repair"
  Expenses:Repairs    0.05 USD
  Assets:Bank        -0.05 USD
2025-06-30 * "Hours"
  Expenses:Advances:Ana    0.00 USD
    hours: 1
  Expenses:Advances:Bea    0.00 USD
    hours: 1
  Expenses:Advances:Cleo   0.00 USD
    hours: 4
  Expenses:Advances:Dan    0.00 USD
    hours: 4
"""
        + LOSS
        + """
  Equity:Surplus:Appropriated  -0.05 USD
  Equity:Collective             0.01 USD
  Equity:Members:Cleo:Losses    0.01 USD
  Equity:Members:Dan:Losses     0.02 USD
  Equity:Suspense               0.01 USD
"""
    )
    assert said(tmp_path, US, ledger) == []


def test_a_reserve_counts_at_the_end_of_the_day(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "A theft" ^GA-2025-01
  coop-kind: "loss"
  Equity:Collective   600.00 USD
  Assets:Bank        -600.00 USD
2024-06-01 * "A gift that day"
  Assets:Bank         {gift} USD
  Equity:Collective  -{gift} USD
"""
    assert said(tmp_path, US, ledger.format(gift="100.00")) == []
    assert said(tmp_path, US, ledger.format(gift="99.99")) == [
        "COOP-LOSS-05: Equity:Collective falls to -0.01.",
    ]


def start_up() -> str:
    """Return the preamble with the co-op founded in 2024."""
    text = books.preamble(US)
    for directive in ("coop-enterprise", "coop-policy"):
        text = text.replace(
            f'2020-01-01 custom "{directive}"', f'2024-01-01 custom "{directive}"'
        )
    return text


def test_members_bear_no_loss_of_the_second_year(tmp_path: Path) -> None:
    ledger = (
        WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Collective              99.99 USD
  Equity:Members:Ana:Losses       0.01 USD
"""
    )
    assert said(tmp_path, US, ledger, start_up()) == [
        "COOP-LOSS-05: Members bear 0.01 of the loss of a start-up year (2025).",
    ]


def test_the_collective_account_alone_bears_the_second_year(tmp_path: Path) -> None:
    ledger = (
        WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Collective             100.00 USD
"""
    )
    assert said(tmp_path, US, ledger, start_up()) == []


def test_members_bear_the_part_of_the_by_laws_and_no_other(tmp_path: Path) -> None:
    ledger = (
        WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Collective             {0} USD
  Equity:Members:Ana:Losses     {1} USD
  Equity:Members:Bea:Losses     {2} USD
"""
    )
    assert said(tmp_path, US, ledger.format("25.00", "56.25", "18.75")) == []
    assert said(tmp_path, US, ledger.format("20.00", "60.00", "20.00")) == [
        (
            "COOP-LOSS-06: Members bear 80.00 of the loss of fiscal year 2025; by the "
            "by-laws it is 75.00."
        ),
    ]
    bears_less = ledger.format("60.00", "30.00", "10.00")
    assert said(tmp_path, US, bears_less)[0].startswith("COOP-LOSS-06")
    own = COLLECTIVE_BEARS.format("0.60")
    assert said(tmp_path, US, own + bears_less) == []
