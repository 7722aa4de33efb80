"""Numbers of the rule list that a general rule covers: each is broken, and found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import US
from tests.rules.ledgers import found

if TYPE_CHECKING:
    from pathlib import Path


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


HIRED = """
2024-12-31 * "Salario de Dan, cuatro veces lo que Bea"
  Expenses:Salarios:Dan   400.00 EUR
    hours: 10
  Assets:Banco           -400.00 EUR
"""


def test_an_employee_gets_a_quarter_of_a_member_s_part(tmp_path: Path) -> None:
    # R47: 600 of result; 420 to divide by 300, 100 and a quarter of 400.
    ledger = (
        HIRED
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                 600.00 EUR
  Liabilities:Fondos:EducacionPromocion     -60.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -120.00 EUR
  Equity:Socias:Ana:Retornos               -{0} EUR
  Equity:Socias:Bea:Retornos                -84.00 EUR
  Liabilities:Asalariadas:Dan:APagar        -{1} EUR
"""
    )
    assert ids(tmp_path, BASQUE, ledger.format("252.00", "84.00")) == []
    less = ledger.format("253.00", "83.00")
    assert set(ids(tmp_path, BASQUE, less)) == {"COOP-APP-04"}


def test_a_basis_that_is_declared_in_its_year_comes_too_late(tmp_path: Path) -> None:
    # R89: of the two bases the one of 2024 counts from 2025 on.
    ledger = (
        """
2024-06-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "pieces"
"""
        + DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1,000.00 USD
  Equity:Collective                 -250.00 USD
  Liabilities:Members:Ana:Payable   -375.00 USD
  Liabilities:Members:Bea:Payable   -375.00 USD
"""
    )
    assert set(ids(tmp_path, US, ledger)) == {"COOP-APP-04"}


def test_equal_work_that_gets_unequal_parts_is_found(tmp_path: Path) -> None:
    # R90: Bea makes up for her hours and has as many as Ana.
    ledger = (
        """
2024-12-31 * "Advances"
  Expenses:Advances:Bea   200.00 USD
    hours: 20
  Assets:Bank            -200.00 USD
"""
        + DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       800.00 USD
  Equity:Collective                -200.00 USD
  Liabilities:Members:Ana:Payable  -{0} USD
  Liabilities:Members:Bea:Payable  -{1} USD
"""
    )
    assert ids(tmp_path, US, ledger.format("300.00", "300.00")) == []
    unequal = ledger.format("300.02", "299.98")
    assert set(ids(tmp_path, US, unequal)) == {"COOP-APP-04"}


def test_a_basis_that_counts_other_people_s_business_gives_them_nothing(
    tmp_path: Path,
) -> None:
    # R110: Dan, who is no member, has half of the hours on the basis.
    ledger = (
        """
2024-12-31 * "Advances"
  Expenses:Advances:Dan   400.00 USD
    hours: 40
  Assets:Bank            -400.00 USD
"""
        + DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       600.00 USD
  Equity:Collective                -375.00 USD
  Liabilities:Members:Ana:Payable  -112.50 USD
  Liabilities:Members:Bea:Payable  -112.50 USD
"""
    )
    assert "COOP-APP-04" in ids(tmp_path, US, ledger)


def test_a_ristourne_out_of_the_general_reserve_is_found(tmp_path: Path) -> None:
    # R109.
    ledger = """
2024-06-01 custom "coop-policy" "ca-qc-worker"
2024-06-01 * "Ristourne de la réserve générale"
  coop-kind: "patronage"
  Equity:Collective             100.00 USD
  Equity:Members:Ana:Patronage -100.00 USD
"""
    assert "COOP-RES-03" in ids(tmp_path, US, ledger)


def test_a_share_of_a_wrong_base_is_found_by_its_amount(
    tmp_path: Path,
) -> None:
    # R40: the base is what the loss of 100.00 leaves, and a fifth of it 180.00.
    ledger = (
        """
2023-12-31 * "Pérdida de antes"
  Equity:Resultado:PerdidasAnteriores   100.00 EUR
  Assets:Banco                         -100.00 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1,000.00 EUR
  Equity:Resultado:PerdidasAnteriores       -100.00 EUR
  Liabilities:Fondos:EducacionPromocion     -{0} EUR
  Equity:Reservas:FondoReservaObligatorio   -{1} EUR
  Equity:Socias:Ana:Retornos                -472.50 EUR
  Equity:Socias:Bea:Retornos                -157.50 EUR
"""
    )
    assert ids(tmp_path, BASQUE, ledger.format("90.00", "180.00")) == []
    wrong = ledger.format("90.01", "179.99")
    assert ids(tmp_path, BASQUE, wrong) == ["COOP-RES-01"]


def test_an_entry_fee_that_is_paid_back_is_found(tmp_path: Path) -> None:
    # R03: straight from the reserve, or as if it had been capital.
    from_reserve = """
2024-06-01 * "Bea gets her fee back"
  Equity:Reserves:EntryFees   20.00 USD
  Assets:Bank                -20.00 USD
"""
    as_capital = """
2024-06-01 * "Bea gets her capital and her fee back"
  Equity:Members:Bea:Contribution  1020.00 USD
  Assets:Bank                     -1020.00 USD
"""
    assert ids(tmp_path, US, from_reserve) == ["COOP-RES-03"]
    assert ids(tmp_path, US, as_capital) == ["COOP-CAP-01"]


def test_collective_funds_below_the_alpha_floor_are_found(tmp_path: Path) -> None:
    # R50: of 1,000 with a payroll of 400 alpha is 1,000 / 1,400; 100 are education.
    classic = """
2020-01-02 custom "coop-policy" "mondragon-classic"
2020-01-01 custom "coop-parameter" "interest.rate" 0
"""
    ledger = (
        DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
  Equity:Socias:Ana:Retornos               -{1} EUR
  Equity:Socias:Bea:Retornos               -{2} EUR
"""
    )
    at = ledger.format("614.29", "214.28", "71.43")
    assert ids(tmp_path, BASQUE, classic + at) == []
    below = ledger.format("614.25", "214.31", "71.44")
    assert ids(tmp_path, BASQUE, classic + below) == ["COOP-APP-09"]
