"""The rule on pay: whom it compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_hired_workers_count_where_the_by_laws_compare_all(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "pay.ratio-scope" "{scope}"
2025-06-30 * "Anticipos y salarios"
  Expenses:Anticipos:Ana   601.00 EUR
    hours: 10
  Expenses:Salarios:Dan    100.00 EUR
    hours: 10
  Assets:Banco
"""
    assert said(tmp_path, MONDRAGON, ledger.format(scope="members")) == []
    assert said(tmp_path, MONDRAGON, ledger.format(scope="all")) == [
        (
            "COOP-PAY-01: In fiscal year 2025 Ana is paid 6.01 times as much an hour "
            "as Dan; the most is 6 times."
        ),
    ]


def test_unpaid_hours_and_pay_without_hours_are_not_compared(tmp_path: Path) -> None:
    ledger = """
2025-06-30 * "Anticipos"
  Expenses:Anticipos:Ana   600.00 EUR
    hours: 1
  Expenses:Anticipos:Bea     0.00 EUR
    hours: 10
  Assets:Banco
2026-06-30 * "Anticipos"
  Expenses:Anticipos:Ana   600.00 EUR
    hours: 1
  Expenses:Anticipos:Bea    10.00 EUR
  Assets:Banco
"""
    assert said(tmp_path, MONDRAGON, ledger) == []


HIRED = """
2024-12-31 * "Salario de Carla"
  Expenses:Salarios:Carla  100.00 EUR
    hours: {0}
  Assets:Banco            -100.00 EUR
"""


@pytest.mark.parametrize(
    ("preset", "hours", "expected"),
    [
        ("es-state-worker", "12", []),
        ("es-state-worker", "12.01", ["COOP-PAY-13"]),
        # Up to eight members may hire two people, however long they work.
        ("es-basque-worker", "12.01", []),
    ],
)
def test_hired_hours_stay_below_three_tenths_but_in_a_small_co_op(
    preset: str, hours: str, expected: list[str], tmp_path: Path
) -> None:
    findings = found(tmp_path, preset, HIRED.format(hours))
    assert [one.rule for one in findings] == expected


def test_a_third_employee_is_one_too_many_for_a_small_co_op(tmp_path: Path) -> None:
    ledger = HIRED.format("12.01")
    for name in ("Dora", "Eva"):
        ledger += HIRED.format("0").replace("Carla", name)
    findings = found(tmp_path, "es-basque-worker", ledger)
    assert [one.rule for one in findings] == ["COOP-PAY-13"]


def test_returns_count_with_pay_beside_the_sector(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "pay.sector-norm" 100
2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Resultado:Aplicado                1,000.00 EUR
  Liabilities:Fondos:EducacionPromocion      -50.00 EUR
  Equity:Reservas:FondoReservaObligatorio   -949.99 EUR
  Equity:Socias:Ana:Retornos                  -0.01 EUR
"""
    findings = found(tmp_path, "es-state-worker", ledger)
    assert [one.found for one in findings] == [
        (
            "Members are paid 200.01 on average in fiscal year 2024, returns "
            "included; 200 is the most for tax."
        )
    ]


def test_pay_of_exactly_the_limit_beside_the_sector_is_in_order(
    tmp_path: Path,
) -> None:
    norm = '2024-01-01 custom "coop-parameter" "pay.sector-norm" 100\n'
    assert found(tmp_path, "es-state-worker", norm) == []


def test_work_that_is_taken_back_asks_for_no_pay(tmp_path: Path) -> None:
    ledger = """
2023-12-31 custom "coop-patronage" "horas" "Assets:Horas:{member}"
  measure: "units"
  currency: "HORA"
2024-11-30 * "Horas de Ana que no hubo"
  Assets:Horas:Ana  -10 HORA
  Income:Horas       10 HORA
"""
    assert found(tmp_path, "es-basque-worker", ledger) == []
