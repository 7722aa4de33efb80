"""Interest on capital, and capital brought up to date: to the cent, day and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

ITALY = "it-prevalent"
STATE = "es-state-worker"

BY_DAY = '2019-01-01 custom "coop-parameter" "interest.day-count" "actual"\n'
INTEREST = """
{day} * "Intereses"
  Expenses:InteresesAportaciones  {amount} EUR
  Equity:Socias:Ana:Intereses    -{amount} EUR
"""
LOSS = """
2024-07-01 * "Avería"
  Expenses:Reparaciones  {0} EUR
  Assets:Banco          -{0} EUR
"""


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


@pytest.mark.parametrize(
    ("day", "at", "beyond"),
    [("2022-12-31", "90.00", "90.01"), ("2023-12-31", "92.50", "92.51")],
)
def test_the_limit_follows_the_legal_interest_of_its_year(
    day: str, at: str, beyond: str, tmp_path: Path
) -> None:
    earned = """
2022-06-30 * "Ventas de 2022 y 2023"
  Assets:Banco    500.00 EUR
  Income:Ventas  -500.00 EUR
2023-06-30 * "Ventas de 2022 y 2023"
  Assets:Banco    500.00 EUR
  Income:Ventas  -500.00 EUR
"""
    before = BY_DAY + earned
    lawful = before + INTEREST.format(day=day, amount=at)
    assert ids(tmp_path, BASQUE, lawful) == []
    above = before + INTEREST.format(day=day, amount=beyond)
    assert ids(tmp_path, BASQUE, above) == ["COOP-INT-01"]


def test_capital_that_stood_half_a_year_earns_half(tmp_path: Path) -> None:
    ledger = """
2023-07-02 * "Ana aporta más"
  Assets:Banco                     365.00 EUR
  Equity:Socias:Ana:Aportaciones  -365.00 EUR
2023-06-30 * "Ventas de 2023"
  Assets:Banco    500.00 EUR
  Income:Ventas  -500.00 EUR
"""
    before = BY_DAY + ledger
    # 92.50 on what stood all year, and 9.25 % of 365.00 for 183 of 365 days.
    at = before + INTEREST.format(day="2023-12-31", amount="109.42")
    assert ids(tmp_path, BASQUE, at) == []
    above = before + INTEREST.format(day="2023-12-31", amount="109.44")
    assert said(tmp_path, BASQUE, above) == [
        (
            "COOP-INT-01: Ana is credited 109.44 of interest for fiscal year 2023; at "
            "the highest lawful rate, 0.0925, on their capital by the time it "
            "stood it is 109.42 at most."
        )
    ]


def test_interest_that_is_distributed_is_compared_as_well(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "interest.legal-rate" 0.01
2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Utili:Destinati         1,000.00 EUR
  Equity:Riserve:Legale           -300.00 EUR
  Liabilities:Fondi:Mutualistico   -30.00 EUR
  Equity:Soci:Ana:Dividendi        {0} EUR
    coop-step: "interest"
  Liabilities:Soci:Bea:DaPagare    {1} EUR
    coop-step: "interest"
  Equity:Riserve:Indivisibile     -{2} EUR
"""
    at = ledger.format("-20.05", "-20.05", "629.90")
    assert ids(tmp_path, ITALY, at) == []
    above = ledger.format("-36.00", "-35.00", "599.00")
    assert ids(tmp_path, ITALY, above) == ["COOP-APP-09", "COOP-INT-01"]


def test_interest_paid_in_money_alone_is_seen_by_its_step(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "interest.legal-rate" 0.01
2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Utili:Destinati         1,000.00 EUR
  Equity:Riserve:Legale           -300.00 EUR
  Liabilities:Fondi:Mutualistico   -30.00 EUR
  Liabilities:Soci:Bea:DaPagare    -36.00 EUR
    coop-step: "interest"
  Equity:Riserve:Indivisibile     -634.00 EUR
"""
    assert "COOP-INT-01" in ids(tmp_path, ITALY, ledger)


def test_the_group_takes_two_fifths_of_a_result_for_interest_at_most(
    tmp_path: Path,
) -> None:
    # A result of 150.00 before interest: 60.00 at most.
    before = BY_DAY + LOSS.format("850.00")
    at = before + INTEREST.format(day="2024-12-31", amount="60.00")
    assert ids(tmp_path, MONDRAGON, at) == []
    above = before + INTEREST.format(day="2024-12-31", amount="60.01")
    assert ids(tmp_path, MONDRAGON, above) == ["COOP-INT-03"]


def test_free_reserves_allow_interest_in_a_year_of_loss(tmp_path: Path) -> None:
    before = """
2020-01-02 * "Reservas de antes"
  coop-kind: "opening"
  Assets:Banco                               50.00 EUR
  Equity:Reservas:FondoReservaVoluntario    -50.00 EUR
"""
    lost = before + LOSS.format("1100.00")
    at = lost + INTEREST.format(day="2024-12-31", amount="50.00")
    assert ids(tmp_path, BASQUE, at) == []
    above = lost + INTEREST.format(day="2024-12-31", amount="50.01")
    assert said(tmp_path, BASQUE, above) == [
        (
            "COOP-INT-03: Interest of 50.01 is credited for fiscal year 2024; its "
            "result, before interest, allows 50.00."
        )
    ]


def test_the_state_allows_no_interest_out_of_reserves(tmp_path: Path) -> None:
    before = """
2020-01-02 * "Reservas de antes"
  coop-kind: "opening"
  Assets:Banco                               50.00 EUR
  Equity:Reservas:FondoReservaVoluntario    -50.00 EUR
"""
    ledger = before + LOSS.format("1000.00")
    given = ledger + INTEREST.format(day="2024-12-31", amount="0.01")
    assert ids(tmp_path, STATE, given) == ["COOP-INT-03"]


@pytest.mark.parametrize(
    ("debts", "expected"), [("15,519.99", []), ("15,520.00", ["COOP-INT-06"])]
)
def test_net_worth_has_to_be_above_a_quarter_of_the_debts(
    debts: str, expected: list[str], tmp_path: Path
) -> None:
    # Net worth 4,000.00 at the year's end; the debts are the loan, what the fund holds,
    # and together just below or at four times as much.
    given = "20.05" if not expected else "20.00"
    ledger = f"""
2024-12-30 * "Un mutuo"
  Liabilities:Mutuo            -{debts} EUR
  Assets:Banca                  {debts} EUR
2024-12-30 * "Un altro mutuo"
  Liabilities:Mutuo             -380.00 EUR
  Assets:Banca                   380.00 EUR
2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Utili:Destinati         1,000.00 EUR
  Equity:Riserve:Legale           -300.00 EUR
  Liabilities:Fondi:Mutualistico   -30.00 EUR
  Equity:Soci:Ana:Dividendi       -{given} EUR
  Equity:Riserve:Indivisibile     -{"649.95" if not expected else "650.00"} EUR
"""
    found_ids = ids(tmp_path, ITALY, ledger)
    assert [one for one in found_ids if one != "COOP-APP-09"] == expected


def test_a_rise_that_nobody_decided_raises_nothing(tmp_path: Path) -> None:
    ledger = """
2024-06-30 * "Regularización de balances"
  Assets:Edificio                 100.00 EUR
  Equity:Reservas:Actualizacion  -100.00 EUR
2024-12-31 * "Actualización"
  coop-kind: "revaluation"
  Equity:Reservas:Actualizacion     0.01 EUR
  Equity:Socias:Ana:Aportaciones   -0.01 EUR
"""
    assert said(tmp_path, BASQUE, ledger) == [
        (
            "COOP-INT-04: The capital of Ana, 1000.00, is raised by 0.01 for fiscal "
            "year 2024; the rise in prices that was decided allows 0."
        )
    ]


def test_a_law_without_revaluation_has_no_rule_on_it(tmp_path: Path) -> None:
    ledger = """
2024-06-30 * "Revaluation of the building"
  coop-kind: "revaluation"
  Assets:Building                  100.00 USD
  Equity:Members:Ana:Contribution -100.00 USD
"""
    assert ids(tmp_path, "us-worker-ica", ledger) == []


def test_members_are_not_brought_up_to_date_out_of_the_compulsory_reserve(
    tmp_path: Path,
) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "revaluation.cpi" 0.02
2024-12-31 * "Actualización"
  coop-kind: "revaluation"
  Equity:Reservas:FondoReservaObligatorio  20.00 EUR
  Equity:Socias:Ana:Aportaciones          -20.00 EUR
"""
    assert ids(tmp_path, BASQUE, ledger) == ["COOP-RES-03"]


def test_a_year_that_cannot_be_worked_out_limits_no_interest(tmp_path: Path) -> None:
    ledger = """
2020-01-01 custom "coop-parameter" "patronage.combination" "share-of-pool"
2024-11-30 * "Ana gives back more than she did"
  Expenses:Anticipos:Ana  -600.00 EUR
  Assets:Banco             600.00 EUR
2024-12-31 * "Intereses"
  Expenses:InteresesAportaciones  50.00 EUR
  Equity:Socias:Ana:Intereses    -50.00 EUR
"""
    assert "COOP-INT-03" not in ids(tmp_path, BASQUE, ledger)


def test_interest_of_a_year_outside_the_book_is_left_alone(tmp_path: Path) -> None:
    ledger = """
2024-12-31 * "Interest and a rise of 1999"
  coop-year: "1999"
  coop-kind: "revaluation"
  Expenses:InteresesAportaciones    500.00 EUR
  Equity:Socias:Ana:Aportaciones   -500.00 EUR
"""
    assert ids(tmp_path, BASQUE, ledger) == []


def test_interest_without_a_limit_of_the_result_is_left_alone(tmp_path: Path) -> None:
    ledger = """
2020-06-01 custom "coop-policy" "us-colab"
2024-12-31 * "Interest of 2024"
  Expenses:InterestOnCapital    50.00 USD
  Equity:Members:Ana:Interest  -50.00 USD
"""
    assert "COOP-INT-03" not in ids(tmp_path, "us-worker-ica", ledger)


def test_interest_that_becomes_capital_is_not_credited_again(tmp_path: Path) -> None:
    ledger = BY_DAY + INTEREST.format(day="2024-12-31", amount="92.50")
    moved = """
2024-12-31 * "Los intereses pasan a aportaciones"
  coop-kind: "conversion"
  Equity:Socias:Ana:Intereses      92.50 EUR
  Equity:Socias:Ana:Aportaciones  -92.50 EUR
"""
    assert ids(tmp_path, BASQUE, ledger + moved) == []
