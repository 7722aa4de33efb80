"""Rules on reserves and the education fund, where they have to look twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_half_for_education_needs_a_quarter_with_the_reserve(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Pérdida que carga el fondo"
  coop-kind: "loss"
  Equity:Reservas:FondoReservaObligatorio  500.00 EUR
  Assets:Banco                            -500.00 EUR
"""
    distribution = """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion     -50.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -199.99 EUR
  Equity:Reservas:FondoReservaVoluntario   -750.01 EUR
"""
    assert said(tmp_path, BASQUE, ledger + DISTRIBUTION + distribution) == [
        (
            "COOP-RES-01: The education fund and mandatory reserve receives 249.99 of "
            "fiscal year 2024; the least is 250."
        ),
        (
            "COOP-RES-01: The mandatory reserve receives 199.99 of fiscal year 2024; "
            "the least is 200."
        ),
    ]


def test_what_by_laws_ask_above_the_law_is_asked_by_the_by_laws(
    tmp_path: Path,
) -> None:
    ledger = """
2020-01-01 custom "coop-parameter" "reserves.mandatory.rate" 0.30
"""
    distribution = """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -200.00 EUR
  Equity:Reservas:FondoReservaVoluntario   -700.00 EUR
"""
    assert said(tmp_path, MONDRAGON, ledger + DISTRIBUTION + distribution) == [
        (
            "COOP-APP-09: The mandatory reserve received 200.00 of fiscal year 2024; "
            "law and by-laws give it 300.00."
        )
    ]


def test_the_education_fund_is_kept_out_of_equity(tmp_path: Path) -> None:
    ledger = """
2020-01-01 custom "coop-account" "education-fund" "Equity:Fondos:Educacion"
2024-06-01 * "Una donación al fondo"
  Assets:Banco               10.00 EUR
  Equity:Fondos:Educacion   -10.00 EUR
"""
    assert said(tmp_path, BASQUE, ledger) == [
        "COOP-RES-04: Equity:Fondos:Educacion keeps the education fund in equity.",
    ]


def test_a_year_that_came_out_even_is_no_loss_to_be_covered(tmp_path: Path) -> None:
    ledger = """
2025-06-30 * "Income and expenses of 2025"
  Income:Sales    -50.00 USD
  Expenses:Rent    50.00 USD
2026-03-31 * "What there was none of" #coop-appropriation ^GA-2026-01
  coop-year: "2025"
  Equity:Collective                 0.01 USD
  Liabilities:Members:Ana:Payable  -0.01 USD
"""
    assert "COOP-RES-03: 0.01 leaves the indivisible reserves." in said(
        tmp_path, US, ledger
    )
