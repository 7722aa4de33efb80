"""A year starts from its last day: nothing of itself, all of the years before it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.periods import FiscalYear
from coopledger.journal.loading import load_book
from coopledger.law.standing import bearable
from coopledger.law.standing import consents_of
from coopledger.law.standing import deficits_of
from coopledger.law.standing import members_on
from coopledger.law.standing import movements_before
from coopledger.law.standing import seniority_of
from coopledger.law.standing import standing_of
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.books import Books

Y2024 = FiscalYear(2024, datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
Y2025 = FiscalYear(2025, datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))

#: The year's own expense, dated on its last day.
OWN = """
2024-12-31 * "Interest of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Expenses:InterestOnCapital       90.00 USD
  Equity:Members:Ana:Interest     -60.00 USD
  Liabilities:Members:Ana:Payable -30.00 USD
"""

#: A loss of 2024 that is distributed after 2025 is over.
LATE = """
2025-06-30 * "Sales"
  Assets:Bank    10.00 USD
  Income:Sales  -10.00 USD
2026-03-30 * "Loss of 2024" #coop-appropriation ^GA-2026-01
  coop-kind: "loss"
  coop-year: "2024"
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Members:Ana:Losses      60.00 USD
  Equity:Collective              40.00 USD
"""


def book(folder: Path, more: str) -> Books:
    """Write the sample by-laws' preamble and more lines."""
    lines = "".join(f"{line}\n" for line in more.splitlines() if line)
    text = f"{books.preamble('us-worker-ica')}\n{lines}"
    return load_book(books.write(folder, text)).case.books


def test_what_a_year_s_own_distribution_booked_by_its_end_is_left_out(
    tmp_path: Path,
) -> None:
    made = book(tmp_path, OWN)
    figures = made.years[2024]
    assert figures.capital["Ana"] == 1060
    standing = standing_of(made, figures)
    assert standing.capital["Ana"] == 1000
    assert standing.balances["member-payable"] == 0
    assert standing.debts == figures.debts - 30
    roles = [one.role for one in movements_before(made, Y2024)]
    assert "member-interest" not in roles
    assert "member-interest" in [one.role for one in movements_before(made, Y2025)]


def test_in_the_next_year_it_has_happened(tmp_path: Path) -> None:
    made = book(tmp_path, OWN + LATE.split("\n2026", maxsplit=1)[0])
    assert standing_of(made, made.years[2025]).capital["Ana"] == 1060


def test_what_earlier_years_distribute_late_is_counted(tmp_path: Path) -> None:
    made = book(tmp_path, LATE)
    figures = made.years[2025]
    assert figures.capital["Ana"] == 1000
    standing = standing_of(made, figures)
    assert [standing.capital["Ana"], standing.balances["collective"]] == [940, 460]
    assert standing_of(made, made.years[2024]).capital["Ana"] == 1000
    assert deficits_of(made, Y2025) == {"Ana": 60}
    assert deficits_of(made, Y2024) == {}


def test_who_is_repaid_before_the_resolution_can_bear_less(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
2025-02-01 * "A part of her contribution is repaid; the year named changes nothing"
  coop-kind: "redemption"
  coop-year: "2024"
  Equity:Members:Ana:Contribution   300.00 USD
  Assets:Bank                      -300.00 USD
2025-03-01 * "Bea pays in"
  coop-kind: "contribution"
  Assets:Bank                       50.00 USD
  Equity:Members:Bea:Contribution  -50.00 USD
2025-03-30 * "Interest of 2025, ahead of time" #coop-appropriation ^GA-2025-01
  coop-kind: "interest"
  coop-year: "2025"
  Expenses:InterestOnCapital    40.00 USD
  Equity:Members:Ana:Interest  -40.00 USD
2025-03-31 * "Loss of 2024" #coop-appropriation ^GA-2025-01
  coop-kind: "loss"
  coop-year: "2024"
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Members:Ana:Losses     100.00 USD
""",
    )
    standing = standing_of(made, made.years[2024])
    resolved = bearable(made, standing, Y2024, datetime.date(2025, 3, 31))
    assert resolved == {"Ana": Decimal(740), "Bea": Decimal(1000)}
    before = bearable(made, standing, Y2024, datetime.date(2025, 1, 31))
    assert before == {"Ana": Decimal(1000), "Bea": Decimal(1000)}


def test_losses_that_are_made_good_again_are_no_deficit(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
2024-03-01 * "Losses"
  coop-kind: "loss"
  Equity:Members:Ana:Losses   60.00 USD
  Equity:Members:Bea:Losses   20.00 USD
  Equity:Collective          -80.00 USD
2024-09-01 * "Made good"
  coop-kind: "loss-restored"
  Equity:Collective           79.50 USD
  Equity:Members:Ana:Losses  -59.50 USD
  Equity:Members:Bea:Losses  -20.00 USD
2025-01-01 * "Made good later"
  coop-kind: "loss-restored"
  Equity:Collective            0.50 USD
  Equity:Members:Ana:Losses   -0.50 USD
""",
    )
    assert deficits_of(made, Y2024) == {"Ana": Decimal("0.50")}
    assert deficits_of(made, Y2025) == {}


def test_full_years_of_membership_count_from_the_present_one(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
2024-01-01 custom "coop-member" "Cleo" "apply"
2023-01-01 custom "coop-member" "Dan" "join"
  class: "worker"
2023-12-31 custom "coop-member" "Dan" "leave"
2024-07-01 custom "coop-member" "Dan" "join"
  class: "worker"
""",
    )
    day = datetime.date
    assert seniority_of(made, day(2025, 6, 30)) == {"Ana": 5, "Bea": 5, "Dan": 0}
    assert seniority_of(made, day(2025, 7, 1))["Dan"] == 1
    assert seniority_of(made, day(2025, 1, 1))["Ana"] == 4
    assert members_on(made, day(2024, 1, 1)) == 2
    assert members_on(made, day(2024, 7, 1)) == 3


def test_a_consent_counts_for_the_year_in_which_it_is_given(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
2024-05-01 custom "coop-member" "Ana" "class"
  class: "worker"
  consent: 2024-12-31
""",
    )
    assert consents_of(made, Y2024.end) == {"Ana"}
    assert consents_of(made, datetime.date(2024, 12, 30)) == frozenset()


def test_prior_losses_are_what_is_still_carried(tmp_path: Path) -> None:
    carried = """
2023-12-31 * "Carried"
  Equity:Surplus:PriorLosses   100.00 USD
  Assets:Bank                 -100.00 USD
"""
    made = book(tmp_path, carried)
    assert standing_of(made, made.years[2024]).prior_losses == 100
    nothing = book(tmp_path, "")
    assert standing_of(nothing, nothing.years[2024]).prior_losses == Decimal(0)
