"""A year of a book under its law: what there is, who takes part, with which weight."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from coopledger.domain.capital import CAPITAL
from coopledger.domain.steps import Step
from coopledger.errors import CoopledgerError
from coopledger.errors import PatronageNegativeError
from coopledger.journal.loading import load_book
from coopledger.law.evaluating import facts_of
from coopledger.law.evaluating import history_of
from coopledger.law.policy import Policy
from coopledger.law.standing import highest_of
from coopledger.law.weighing import bases_of
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.steps import Facts
    from coopledger.law.case import Case

US = "us-worker-ica"
BASQUE = "es-basque-worker"


def case(folder: Path, preset: str, more: str = "") -> Case:
    """Write a preset's preamble and more lines, and put the book under its law."""
    lines = "".join(f"{line}\n" for line in more.splitlines() if line)
    path = books.write(folder, f"{books.preamble(preset)}\n{lines}")
    return load_book(path).case


def facts(folder: Path, more: str = "", preset: str = US, year: int = 2024) -> Facts:
    """Return the facts of a year."""
    return case(folder, preset, more).facts(year)


# --- what there is --------------------------------------------------------------------


def test_the_pool_is_what_tax_leaves_of_the_result(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        """
2024-12-31 * "Tax"
  Expenses:Tax   200.00 USD
  Assets:Bank   -200.00 USD
""",
    )
    assert found.pool == 800
    assert found.terms["result"] == found.terms["result.cooperative"] == 1000
    assert found.terms["tax"] == found.terms["tax.cooperative"] == 200
    assert found.terms["loss"] == 0
    assert found.terms["payroll"] == 400
    assert found.terms["balance:collective"] == 500
    assert found.terms["capital"] == 2000


def test_a_loss_is_a_positive_term(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        """
2024-12-31 * "A repair"
  Expenses:Repairs   1500.00 USD
  Assets:Bank       -1500.00 USD
""",
    )
    assert found.pool == -500
    assert found.terms["loss"] == 500
    assert found.loss_weights == {"Ana": 30, "Bea": 10}


def test_fractions_of_a_cent_are_no_part_of_what_is_distributed(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        """
2024-12-31 * "Sold for euro"
  Assets:Euro     10.00 EUR @ 1.12345 USD
  Income:Sales   -11.2345 USD
""",
    )
    assert found.terms["result"] == Decimal("1011.2345")
    assert found.pool == Decimal("1011.23")


def test_hours_divide_the_result_between_members_and_others(tmp_path: Path) -> None:
    hired = """
2024-11-30 * "Wages"
  Expenses:Wages:Dan   100.00 USD
    hours: 40
  Assets:Bank         -100.00 USD
"""
    found = facts(tmp_path, hired)
    assert found.terms["surplus"] == found.terms["profit"] == 450
    by_pay = '2020-01-01 custom "coop-parameter" "labour.measure" "amount"\n'
    found = facts(tmp_path, hired + by_pay)
    assert (found.terms["surplus"], found.terms["profit"]) == (
        Decimal(720),
        Decimal(180),
    )


def test_without_anybody_s_work_all_of_the_result_is_the_members(
    tmp_path: Path,
) -> None:
    found = facts(
        tmp_path,
        """
2023-06-30 * "Sales"
  Assets:Bank    10.00 USD
  Income:Sales  -10.00 USD
""",
        year=2023,
    )
    assert found.terms["surplus"] == 10


def test_only_the_cooperative_result_is_due_to_work(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        """
2024-12-31 * "A gift"
  coop-origin: "extraordinary"
  Assets:Bank    50.00 USD
  Income:Gifts  -50.00 USD
""",
    )
    assert (found.terms["surplus"], found.terms["profit"]) == (
        Decimal(1000),
        Decimal(50),
    )


def test_the_highest_capital_is_that_of_any_day_so_far(tmp_path: Path) -> None:
    lent_for_a_month = """
2024-06-30 * "Paid in"
  Equity:Members:Ana:Contribution  -500.00 USD
  Assets:Bank                       500.00 USD
2024-07-31 * "Repaid"
  Equity:Members:Ana:Contribution   500.00 USD
  Assets:Bank                      -500.00 USD
2025-06-30 * "Paid in later"
  Equity:Members:Ana:Contribution  -900.00 USD
  Assets:Bank                       900.00 USD
"""
    books = case(tmp_path, US, lent_for_a_month).books
    year = books.years[2024].fiscal
    assert sum(books.years[2024].capital.values()) == 2000
    assert highest_of(books, year, CAPITAL) == 2500


def test_the_highest_balance_counts_no_distribution_of_the_year_itself(
    tmp_path: Path,
) -> None:
    moved = """
2024-06-30 * "A loss of 2023" ^coop-2023
  coop-kind: "loss"
  coop-year: 2023
  Equity:Collective            200.00 USD
  Equity:Surplus:Appropriated -200.00 USD
2025-03-01 * "Surplus of 2024"
  coop-kind: "appropriation"
  coop-year: 2024
  Equity:Surplus:Appropriated  900.00 USD
  Equity:Collective           -900.00 USD
"""
    found = case(tmp_path, US, moved)
    year = found.books.years[2024].fiscal
    assert found.facts(2024).terms["balance:collective"] == 300
    assert highest_of(found.books, year, {"collective"}) == 500


def test_members_are_counted_where_a_step_asks_for_them(tmp_path: Path) -> None:
    made = case(
        tmp_path, US, JOINS.format(day="2024-12-31", event="join", name="worker")
    )
    per_head = Step(id="head", title="Per head", kind="share", base=("members",))
    preset = made.policy.preset_on(made.books.years[2024].fiscal.end)
    asking = replace(preset, surplus=(per_head, *preset.surplus))
    with patch.object(Policy, "preset_on", return_value=asking):
        found = facts_of(made.books, made.policy, made.books.years[2024])
    assert found.terms["members"] == 3
    assert "members" not in made.facts(2024).terms


def test_what_later_years_may_make_good_is_known_where_one_step_asks(
    tmp_path: Path,
) -> None:
    lost = """
2023-03-01 * "A loss of earlier years"
  coop-kind: "loss"
  Equity:Members:Ana:Losses   60.00 USD
  Equity:Collective          -60.00 USD
"""
    assert facts(tmp_path, lost).deficits == {"Ana": 60}


def test_losses_of_earlier_years_are_those_still_carried(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        """
2023-12-31 * "Loss"
  Equity:Resultado:PerdidasAnteriores   100.00 EUR
  Assets:Banco                         -100.00 EUR
""",
        BASQUE,
    )
    assert found.terms["prior-losses"] == 100


def test_history_is_what_was_booked_of_earlier_years(tmp_path: Path) -> None:
    distribution = """
2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Resultado:Aplicado                1000.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -200.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -100.00 EUR
  Equity:Socias:Ana:Retornos               -700.00 EUR
"""
    made = case(tmp_path, BASQUE, distribution)
    figures = made.books.years[2025]
    history = history_of(made.books, made.policy, figures)
    past = history[-1]
    assert (past.label, past.surplus) == (2024, Decimal(1000))
    assert past.allocated == {"mandatory-reserve": 300, "patronage": 700}
    assert [year.label for year in history] == list(range(2020, 2025))


def test_fiscal_years_are_counted_from_the_first_day_of_the_co_op(
    tmp_path: Path,
) -> None:
    assert facts(tmp_path).index == 5
    text = books.preamble(US).replace(
        '2020-01-01 custom "coop-enterprise"', '2024-05-01 custom "coop-enterprise"'
    )
    young = text.replace(
        '2020-01-01 custom "coop-policy"', '2024-05-01 custom "coop-policy"'
    )
    assert load_book(books.write(tmp_path, young)).case.facts(2024).index == 1


# --- who takes part -------------------------------------------------------------------

JOINS = """
{day} custom "coop-member" "Cleo" "{event}"
  class: "{name}"
2024-03-31 * "Pay"
  Expenses:Advances:Cleo   0.00 USD
    hours: 16
2024-09-30 * "Pay"
  Expenses:Advances:Cleo   0.00 USD
    hours: 4
"""


def test_all_work_of_a_member_counts(tmp_path: Path) -> None:
    joined = JOINS.format(day="2024-01-01", event="join", name="worker")
    assert facts(tmp_path, joined).weights == {
        "Ana": Fraction(30),
        "Bea": Fraction(10),
        "Cleo": Fraction(20),
    }


def test_work_before_joining_does_not_count(tmp_path: Path) -> None:
    joined = JOINS.format(day="2024-04-01", event="join", name="worker")
    assert facts(tmp_path, joined).weights["Cleo"] == 4


def test_work_as_an_applicant_does_not_count(tmp_path: Path) -> None:
    applied = JOINS.format(day="2024-01-01", event="apply", name="worker")
    joins = '2024-04-01 custom "coop-member" "Cleo" "join"\n'
    assert facts(tmp_path, applied + joins).weights["Cleo"] == 4
    assert "Cleo" not in facts(tmp_path, applied).weights


def test_work_in_a_class_without_patronage_does_not_count(tmp_path: Path) -> None:
    joined = JOINS.format(day="2024-01-01", event="join", name="probationer")
    promoted = '2024-06-01 custom "coop-member" "Cleo" "class"\n  class: "worker"\n'
    assert "Cleo" not in facts(tmp_path, joined).weights
    assert facts(tmp_path, joined + promoted).weights["Cleo"] == 4


def test_a_class_that_nobody_knows_takes_no_part(tmp_path: Path) -> None:
    joined = JOINS.format(day="2024-01-01", event="join", name="wrker")
    assert "Cleo" not in facts(tmp_path, joined).weights


def test_a_leaver_s_last_pay_counts_and_nothing_later(tmp_path: Path) -> None:
    joined = JOINS.format(day="2023-01-01", event="join", name="worker")
    left = '2024-08-31 custom "coop-member" "Cleo" "leave"\n'
    assert facts(tmp_path, joined + left).weights["Cleo"] == 20
    long_ago = left.replace("2024-08-31", "2024-05-15")
    assert facts(tmp_path, joined + long_ago).weights["Cleo"] == 16


def test_who_left_before_the_year_takes_no_part(tmp_path: Path) -> None:
    joined = JOINS.format(day="2022-01-01", event="join", name="worker")
    left = '2023-12-31 custom "coop-member" "Cleo" "leave"\n'
    assert "Cleo" not in facts(tmp_path, joined + left).weights


def test_under_sixteen_hours_a_year_a_member_has_no_part(tmp_path: Path) -> None:
    joined = JOINS.format(day="2024-01-01", event="join", name="worker")
    least = '2020-01-01 custom "coop-parameter" "patronage.minimum-hours" {}\n'
    assert "Cleo" in facts(tmp_path, joined + least.format(20)).weights
    assert "Cleo" not in facts(tmp_path, joined + least.format(21)).weights


def test_where_the_law_changes_within_a_year_each_day_has_its_own(
    tmp_path: Path,
) -> None:
    changed = """
2024-06-01 custom "coop-policy" "us-worker-ica"
2023-01-01 custom "coop-member" "Cleo" "join"
  class: "collaborator"
2024-03-31 * "Anticipos"
  Expenses:Anticipos:Cleo   16.00 EUR
  Assets:Banco             -16.00 EUR
2024-09-30 * "Anticipos"
  Expenses:Anticipos:Ana    4.00 EUR
  Assets:Banco             -4.00 EUR
"""
    assert facts(tmp_path, changed, BASQUE).weights == {"Ana": 304, "Bea": 100}


def test_bases_of_a_year_are_those_that_stood_before_it(tmp_path: Path) -> None:
    made = case(
        tmp_path,
        US,
        '2024-06-01 custom "coop-patronage" "sales" "Income:Sales:{member}"\n',
    )
    year = made.books.years[2024]
    assert [basis.basis for basis in bases_of(made.books, year)] == ["labour"]


# --- what follows ---------------------------------------------------------------------


def test_a_year_is_worked_out_once(tmp_path: Path) -> None:
    made = case(tmp_path, US)
    assert made.appropriation(2024) is made.appropriation(2024)
    assert made.expected(2024) is made.appropriation(2024)
    assert made.appropriation(2024).to_role("collective") == 250


def test_where_a_figure_is_missing_nothing_is_expected(tmp_path: Path) -> None:
    made = case(
        tmp_path,
        BASQUE,
        """
2019-06-30 * "Venta"
  Assets:Banco    10.00 EUR
  Income:Ventas  -10.00 EUR
""",
    )
    assert made.expected(2019) is None
    with pytest.raises(CoopledgerError, match="has no value on 2019-12-31"):
        made.appropriation(2019)


def test_negative_patronage_names_its_member(tmp_path: Path) -> None:
    made = case(
        tmp_path,
        US,
        """
2024-12-31 * "Bea gives back the pay of another year"
  Expenses:Advances:Bea  -110.00 USD
    hours: -11
  Assets:Bank             110.00 USD
""",
    )
    with pytest.raises(PatronageNegativeError, match="patronage of Bea in fiscal year"):
        made.appropriation(2024)
