"""Every limit to the cent: at the limit nothing is found, one cent beyond the rule is.

The ledgers stand after the preamble of their preset (``preambles/``): two members, Ana
with three quarters of the work and Bea with one, and a surplus of 1,000.00 in 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import COLLECTIVE_BEARS
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import LOSS
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import US
from tests.rules.ledgers import WORK_OF_2025
from tests.rules.ledgers import found

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Boundary:
    """A ledger with a gap, the figures at the limit, and those one cent beyond it."""

    rule: str
    what: str
    preset: str
    ledger: str
    at: tuple[str, ...]
    beyond: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}-{self.what}".replace(" ", "-")


BOUNDARIES = [
    Boundary(
        "COOP-CAP-01",
        "capital repaid to the last cent",
        US,
        """
2024-06-01 * "Repaid"
  Equity:Members:Ana:Contribution  {0} USD
  Assets:Bank                     -{0} USD
""",
        at=("1000.00",),
        beyond=("1000.01",),
    ),
    Boundary(
        "COOP-CAP-03",
        "equity without a role",
        US,
        """
2024-06-01 * "Taken over from the old books"
  Assets:Bank               10.00 USD
  Equity:Opening-Balances  -10.00 USD
2024-06-02 * "And placed"
  Equity:Opening-Balances    {0} USD
  Equity:Collective         -{0} USD
""",
        at=("10.00",),
        beyond=("9.99",),
    ),
    Boundary(
        "COOP-APP-01",
        "less than the surplus",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       {0} USD
  Equity:Collective                -{1} USD
  Liabilities:Members:Ana:Payable  -562.50 USD
  Liabilities:Members:Bea:Payable  -187.50 USD
""",
        at=("1000.00", "250.00"),
        beyond=("999.99", "249.99"),
    ),
    Boundary(
        "COOP-APP-01",
        "more than the surplus",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       {0} USD
  Equity:Collective                -{0} USD
""",
        at=("1000.00",),
        beyond=("1000.01",),
    ),
    Boundary(
        "COOP-APP-01",
        "what the education fund took as an expense",
        BASQUE,
        """
2024-12-31 * "Dotación" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Expenses:DotacionEducacion              100.00 EUR
  Liabilities:Fondos:EducacionPromocion  -100.00 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                 {0} EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
""",
        at=("900.00",),
        beyond=("900.01",),
    ),
    Boundary(
        "COOP-APP-02",
        "the leftover cent",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.01 USD
  Liabilities:Members:Ana:Payable  -{0} USD
  Liabilities:Members:Bea:Payable  -{1} USD
""",
        at=("562.49", "187.50"),
        beyond=("562.50", "187.49"),
    ),
    Boundary(
        "COOP-APP-04",
        "two cents from the other",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -{0} USD
  Liabilities:Members:Bea:Payable  -{1} USD
""",
        at=("562.50", "187.50"),
        beyond=("562.52", "187.48"),
    ),
    Boundary(
        "COOP-RES-01",
        "a fifth of the surplus",
        BASQUE,
        DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -400.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
  Equity:Reservas:FondoReservaVoluntario   -{1} EUR
""",
        at=("200.00", "400.00"),
        beyond=("199.99", "400.01"),
    ),
    Boundary(
        "COOP-RES-01",
        "a fifth is rounded up to the next cent",
        BASQUE,
        """
2024-07-01 * "Un céntimo más de ventas"
  Assets:Banco    0.01 EUR
  Income:Ventas  -0.01 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.01 EUR
  Liabilities:Fondos:EducacionPromocion    -400.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
  Equity:Reservas:FondoReservaVoluntario   -{1} EUR
""",
        at=("200.01", "400.00"),
        beyond=("200.00", "400.01"),
    ),
    Boundary(
        "COOP-RES-01",
        "a fifth of what is left after tax",
        BASQUE,
        """
2024-12-31 * "Impuesto de sociedades"
  Expenses:Impuestos   200.00 EUR
  Assets:Banco        -200.00 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                 800.00 EUR
  Liabilities:Fondos:EducacionPromocion    -400.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
  Equity:Reservas:FondoReservaVoluntario   -{1} EUR
""",
        at=("160.00", "240.00"),
        beyond=("159.99", "240.01"),
    ),
    Boundary(
        "COOP-RES-02",
        "a tenth of the surplus",
        BASQUE,
        DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -{0} EUR
  Equity:Reservas:FondoReservaObligatorio  -{1} EUR
""",
        at=("100.00", "900.00"),
        beyond=("99.99", "900.01"),
    ),
    Boundary(
        "COOP-RES-02",
        "half of it while the reserve is one cent under half the capital",
        BASQUE,
        """
2020-01-01 custom "coop-parameter" "education.rate" 0.05
2024-06-01 * "Pérdida que carga el fondo" ^GA-2025-01
  coop-kind: "loss"
  Equity:Reservas:FondoReservaObligatorio  0.01 EUR
  Assets:Banco                            -0.01 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -{0} EUR
  Equity:Reservas:FondoReservaObligatorio  -{1} EUR
""",
        at=("50.00", "950.00"),
        beyond=("49.99", "950.01"),
    ),
    Boundary(
        "COOP-RES-03",
        "entry fees go over to the collective account whole",
        US,
        """
2024-06-01 * "Entry fees"
  Equity:Reserves:EntryFees       20.00 USD
  Equity:Collective              -{0} USD
  Liabilities:Members:Ana:Payable {1} USD
""",
        at=("20.00", "0.00"),
        beyond=("19.99", "-0.01"),
    ),
    Boundary(
        "COOP-APP-05",
        "losses of earlier years made good first",
        BASQUE,
        """
2023-12-31 * "Pérdida de 2023"
  Equity:Resultado:PerdidasAnteriores   100.00 EUR
  Assets:Banco                         -100.00 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Equity:Resultado:PerdidasAnteriores      -{0} EUR
  Liabilities:Fondos:EducacionPromocion    -{1} EUR
  Equity:Reservas:FondoReservaObligatorio  -270.00 EUR
  Equity:Socias:Ana:Retornos               -405.00 EUR
  Equity:Socias:Bea:Retornos               -135.00 EUR
""",
        at=("100.00", "90.00"),
        beyond=("99.99", "90.01"),
    ),
    Boundary(
        "COOP-LOSS-01",
        "30 per cent of the surplus went to the funds, so 30 per cent of the loss may",
        BASQUE,
        DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -200.00 EUR
  Equity:Socias:Ana:Retornos               -525.00 EUR
  Equity:Socias:Bea:Retornos               -175.00 EUR
2025-06-30 * "Avería"
  Expenses:Reparaciones  100.00 EUR
  Assets:Banco          -100.00 EUR
"""
        + LOSS
        + """
  Equity:Resultado:Aplicado                -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio   {0} EUR
  Equity:Resultado:PerdidasAnteriores       {1} EUR
""",
        at=("30.00", "70.00"),
        beyond=("30.01", "69.99"),
    ),
    Boundary(
        "COOP-LOSS-01",
        "what the reserve has above half the capital may bear losses too",
        BASQUE,
        """
2025-06-30 * "Avería"
  Expenses:Reparaciones  100.00 EUR
  Assets:Banco          -100.00 EUR
2025-06-30 * "Cuota de ingreso"
  coop-kind: "entry-fee"
  Assets:Banco                       40.00 EUR
  Equity:Reservas:CuotasDeIngreso   -40.00 EUR
"""
        + LOSS
        + """
  Equity:Resultado:Aplicado                -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio   {0} EUR
  Equity:Resultado:PerdidasAnteriores       {1} EUR
""",
        at=("40.00", "60.00"),
        beyond=("40.01", "59.99"),
    ),
    Boundary(
        "COOP-LOSS-01",
        "voluntary reserves need not bear all they could",
        BASQUE,
        """
2023-06-01 * "Reserva voluntaria"
  Assets:Banco                             80.00 EUR
  Equity:Reservas:FondoReservaVoluntario  -80.00 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -200.00 EUR
  Equity:Socias:Ana:Retornos               -525.00 EUR
  Equity:Socias:Bea:Retornos               -175.00 EUR
2025-06-30 * "Avería"
  Expenses:Reparaciones  100.00 EUR
  Assets:Banco          -100.00 EUR
"""
        + LOSS
        + """
  Equity:Resultado:Aplicado                -100.00 EUR
  Equity:Reservas:FondoReservaVoluntario     60.00 EUR
  Equity:Reservas:FondoReservaObligatorio   {0} EUR
  Equity:Resultado:PerdidasAnteriores       {1} EUR
""",
        at=("30.00", "10.00"),
        beyond=("30.01", "9.99"),
    ),
    Boundary(
        "COOP-LOSS-02",
        "three quarters and one quarter",
        US,
        COLLECTIVE_BEARS.format("0")
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Members:Ana:Losses      {0} USD
  Equity:Members:Bea:Losses      {1} USD
""",
        at=("75.00", "25.00"),
        beyond=("75.01", "24.99"),
    ),
    Boundary(
        "COOP-LOSS-03",
        "the whole capital",
        US,
        COLLECTIVE_BEARS.format("0")
        + """
2025-06-29 * "A repair"
  Expenses:Repairs   3900.00 USD
  Assets:Bank       -3900.00 USD
"""
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -4000.00 USD
  Equity:Suspense               {1} USD
  Equity:Members:Ana:Losses     {0} USD
  Equity:Members:Bea:Losses     1000.00 USD
""",
        at=("1000.00", "2000.00"),
        beyond=("1000.01", "1999.99"),
    ),
    Boundary(
        "COOP-LOSS-04",
        "the whole loss",
        US,
        COLLECTIVE_BEARS.format("1")
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -{0} USD
  Equity:Suspense               {0} USD
""",
        at=("100.00",),
        beyond=("100.01",),
    ),
    Boundary(
        "COOP-LOSS-05",
        "the collective account down to nothing",
        US,
        COLLECTIVE_BEARS.format("1")
        + WORK_OF_2025
        + """
2025-07-01 * "A theft" ^GA-2025-01
  coop-kind: "loss"
  Equity:Collective   400.00 USD
  Assets:Bank        -400.00 USD
"""
        + LOSS
        + """
  Equity:Surplus:Appropriated  -100.00 USD
  Equity:Collective             {0} USD
  Equity:Suspense               {1} USD
""",
        at=("100.00", "0.00"),
        beyond=("100.01", "-0.01"),
    ),
    Boundary(
        "COOP-PAY-01",
        "six times the lowest",
        MONDRAGON,
        """
2025-06-30 * "Anticipos"
  Expenses:Anticipos:Ana   {0} EUR
    hours: 10
  Expenses:Anticipos:Bea   100.00 EUR
    hours: 10
  Assets:Banco
""",
        at=("600.00",),
        beyond=("600.01",),
    ),
    Boundary(
        "COOP-PAY-01",
        "three times a wage with endless decimals",
        MONDRAGON,
        """
2025-01-01 custom "coop-parameter" "pay.ratio-cap" 3
2025-06-30 * "Anticipos"
  Expenses:Anticipos:Ana   {0} EUR
    hours: 1
  Expenses:Anticipos:Bea   100.00 EUR
    hours: 3
  Assets:Banco
""",
        at=("100.00",),
        beyond=("100.01",),
    ),
    Boundary(
        "COOP-TAX-01",
        "what members' hours earned",
        US,
        """
2024-11-30 * "Wages of a helper, as many hours as the members'"
  Expenses:Wages:Dan   400.00 USD
    hours: 40
  Assets:Bank         -400.00 USD
"""
        + DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       600.00 USD
  Equity:Collective                -{0} USD
  Liabilities:Members:Ana:Payable  -{1} USD
  Liabilities:Members:Bea:Payable   -75.00 USD
""",
        at=("300.00", "225.00"),
        beyond=("299.99", "225.01"),
    ),
    Boundary(
        "COOP-TAX-02",
        "a fifth in money",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -{0} USD
  Equity:Members:Ana:Patronage     -{1} USD
  Liabilities:Members:Bea:Payable   -37.50 USD
  Equity:Members:Bea:Patronage     -150.00 USD
""",
        at=("112.50", "450.00"),
        beyond=("112.49", "450.01"),
    ),
    Boundary(
        "COOP-TAX-02",
        "a fifth of 33.32 is 6.67 and not 6.66",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -866.72 USD
  Liabilities:Members:Ana:Payable   -99.96 USD
  Liabilities:Members:Bea:Payable  -{0} USD
  Equity:Members:Bea:Patronage     -{1} USD
""",
        at=("6.67", "26.65"),
        beyond=("6.66", "26.66"),
    ),
    Boundary(
        "COOP-TAX-02",
        "no minimum in money under a nonqualified notice",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Equity:Members:Ana:Nonqualified  -{0} USD
  Equity:Members:Ana:Patronage      {1} USD
  Liabilities:Members:Bea:Payable  -187.50 USD
""",
        at=("562.50", "0.00"),
        beyond=("562.49", "-0.01"),
    ),
]

each_boundary = pytest.mark.parametrize("boundary", BOUNDARIES, ids=str)


def rules_found(folder: Path, preset: str, ledger: str) -> set[str]:
    """Return the ids of all findings in a ledger after its preset's preamble."""
    return {finding.rule for finding in found(folder, preset, ledger)}


@each_boundary
def test_nothing_is_found_at_the_limit(boundary: Boundary, tmp_path: Path) -> None:
    ledger = boundary.ledger.format(*boundary.at)
    assert rules_found(tmp_path, boundary.preset, ledger) == set()


@each_boundary
def test_one_cent_beyond_is_found(boundary: Boundary, tmp_path: Path) -> None:
    ledger = boundary.ledger.format(*boundary.beyond)
    assert rules_found(tmp_path, boundary.preset, ledger) == {boundary.rule}
