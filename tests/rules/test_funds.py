"""What the law feeds, and what waits too long: boundaries, years, other laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

STATE = "es-state-worker"
SCOP = """
option "title" "Scop"
option "operating_currency" "EUR"
plugin "coopledger.plugin"
2020-01-01 custom "coop-policy" "fr-scop"
2020-01-01 custom "coop-patronage" "labour" "Expenses:Remunerations:{member}"
  measure: "amount"
2020-01-02 custom "coop-account" "advance" "Expenses:Remunerations:{member}"
2020-01-02 custom "coop-account" "member-payable" "Liabilities:Associes:{member}"
2020-01-02 custom "coop-account" "surplus-appropriated" "Equity:Resultat:Affecte"
2020-01-02 custom "coop-account" "mandatory-reserve" "Equity:ReserveLegale"
2020-01-02 custom "coop-account" "development-fund" "Equity:Developpement"
2020-01-02 custom "coop-member" "Ana" "join"
  class: "worker"
2025-03-31 custom "coop-resolution" "GA-2025-01" "Affectation"
2020-01-02 * "Parts sociales"
  coop-kind: "opening"
  Assets:Banque              5,000.00 EUR
  Equity:ReserveLegale      -5,000.00 EUR
2024-06-30 * "Ventes"
  Assets:Banque              1,400.00 EUR
  Income:Ventes             -1,400.00 EUR
2024-12-31 * "Paie"
  Expenses:Remunerations:Ana   400.00 EUR
  Assets:Banque               -400.00 EUR
"""


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


@pytest.mark.parametrize(
    ("part", "expected"), [("250.00", []), ("249.99", ["COOP-RES-13"])]
)
def test_workers_of_a_scop_receive_a_quarter_at_least(
    part: str, expected: list[str], tmp_path: Path
) -> None:
    ledger = (
        '2020-01-01 custom "coop-parameter" "workers.share" 0.25\n'
        + DISTRIBUTION
        + f"""
  Equity:Resultat:Affecte        1,000.00 EUR
  Liabilities:Associes:Ana      -{part} EUR
  Equity:Developpement          -{"750.00" if not expected else "750.01"} EUR
"""
    )
    findings = found(tmp_path, "fr-scop", ledger, text=SCOP)
    assert [one.rule for one in findings] == expected


def test_each_result_feeds_the_reserve_and_a_loss_of_one_kind_nothing(
    tmp_path: Path,
) -> None:
    ledger = (
        """
2024-07-01 * "Un negocio que sale mal"
  coop-origin: "extra-cooperative"
  Expenses:Otros   100.00 EUR
  Assets:Banco    -100.00 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                 900.00 EUR
  Liabilities:Fondos:EducacionPromocion     -50.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -200.00 EUR
  Equity:Reservas:FondoReservaVoluntario   -650.00 EUR
"""
    )
    assert ids(tmp_path, STATE, ledger) == []


FED = (
    DISTRIBUTION
    + """
  Equity:Resultado:Aplicado                1,000.00 EUR
  Liabilities:Fondos:EducacionPromocion     -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio   -900.00 EUR
"""
)
LATER = """
2027-01-01 * "El libro sigue"
  Assets:Caja    1.00 EUR
  Assets:Banco  -1.00 EUR
"""
SPENT = """
2026-12-31 * "Formación"
  Liabilities:Fondos:EducacionPromocion  {0} EUR
  Assets:Banco                          -{0} EUR
"""


def test_education_money_has_until_the_last_day_of_the_next_year(
    tmp_path: Path,
) -> None:
    assert ids(tmp_path, BASQUE, FED) == []
    assert ids(tmp_path, BASQUE, FED + LATER) == ["COOP-RES-11"]


def test_the_oldest_education_money_is_spent_first(tmp_path: Path) -> None:
    spent = FED + SPENT.format("199.99") + LATER
    assert said(tmp_path, BASQUE, spent) == [
        (
            "COOP-RES-11: 0.01 of what the education fund received of fiscal year "
            "2024 was not spent by 2026-12-31."
        )
    ]
    assert ids(tmp_path, BASQUE, FED + SPENT.format("200.00") + LATER) == []


def test_a_gift_to_the_education_fund_is_not_due_like_a_year_s_part(
    tmp_path: Path,
) -> None:
    gift = """
2025-05-01 * "Donación al fondo"
  coop-year: "2024"
  Assets:Banco                             50.00 EUR
  Liabilities:Fondos:EducacionPromocion   -50.00 EUR
"""
    assert ids(tmp_path, BASQUE, gift + LATER) == []


def test_money_of_a_later_year_is_not_due_yet(tmp_path: Path) -> None:
    ledger = """
2025-06-30 * "Ventas de 2025"
  Assets:Banco    1000.00 EUR
  Income:Ventas  -1000.00 EUR
2026-03-31 * "Aplicación de 2025" #coop-appropriation ^GA-2026-01
  coop-year: "2025"
  Equity:Resultado:Aplicado                1,000.00 EUR
  Liabilities:Fondos:EducacionPromocion     -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio   -900.00 EUR
"""
    whole = FED + ledger + SPENT.format("200.00") + LATER
    assert ids(tmp_path, BASQUE, whole) == []


CARRIED = """
2020-06-30 * "Pérdida de antes"
  Equity:Resultado:PerdidasAnteriores   100.00 EUR
  Assets:Banco                         -100.00 EUR
2021-06-30 * "Otra pérdida"
  Equity:Resultado:PerdidasAnteriores    50.00 EUR
  Assets:Banco                          -50.00 EUR
2026-12-31 * "Compensada"
  coop-kind: "loss"
  Equity:Resultado:PerdidasAnteriores  -{0} EUR
  Assets:Banco                          {0} EUR
"""


def test_the_oldest_loss_is_made_good_first(tmp_path: Path) -> None:
    assert ids(tmp_path, BASQUE, CARRIED.format("100.00") + LATER) == []
    assert said(tmp_path, BASQUE, CARRIED.format("99.99") + LATER) == [
        (
            "COOP-LOSS-10: 0.01 of the loss of fiscal year 2020 is still carried after "
            "2026-12-31."
        )
    ]


def test_the_state_gives_seven_years_where_the_basques_give_five(
    tmp_path: Path,
) -> None:
    ledger = CARRIED.format("0.01") + LATER
    assert ids(tmp_path, STATE, ledger) == []
    after = ledger + LATER.replace("2027", "2029")
    assert ids(tmp_path, STATE, after) == ["COOP-LOSS-10"]


def test_a_law_without_a_term_lets_losses_be_carried(tmp_path: Path) -> None:
    ledger = """
2020-06-30 * "A loss of before"
  Equity:Surplus:PriorLosses   100.00 USD
  Assets:Bank                 -100.00 USD
2040-01-01 * "The book goes on"
  Assets:Cash    1.00 USD
  Assets:Bank   -1.00 USD
"""
    assert ids(tmp_path, US, ledger) == []


def test_somebody_on_probation_bears_no_loss(tmp_path: Path) -> None:
    ledger = """
2024-02-01 custom "coop-member" "Cleo" "join"
  class: "probationer"
2025-06-30 * "Avería"
  Expenses:Reparaciones  100.00 EUR
  Assets:Banco          -100.00 EUR
2025-06-30 * "Aportación"
  Assets:Banco                      10.00 EUR
  Equity:Socias:Cleo:Aportaciones  -10.00 EUR
2026-03-31 * "Pérdida de 2025" #coop-appropriation ^GA-2026-01
  coop-year: "2025"
  Equity:Resultado:Aplicado             -100.00 EUR
  Equity:Resultado:PerdidasAnteriores     99.99 EUR
  Equity:Socias:Cleo:Perdidas              0.01 EUR
"""
    assert "COOP-LOSS-02" in ids(tmp_path, BASQUE, ledger)
