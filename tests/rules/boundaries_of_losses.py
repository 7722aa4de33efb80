"""Limits to the cent of a loss: who bears it, and up to what."""

from __future__ import annotations

from tests.rules.boundary import Boundary
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import COLLECTIVE_BEARS
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import LOSS
from tests.rules.ledgers import US
from tests.rules.ledgers import WORK_OF_2025

OF_LOSSES = [
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
        "COOP-LOSS-06",
        "three quarters of a loss, give or take the cent that rounding may cost",
        US,
        """
2025-01-01 custom "coop-parameter" "loss.collective-share" 0.25
2025-06-29 * "A repair"
  Expenses:Repairs   100.00 USD
  Assets:Bank       -100.00 USD
"""
        + WORK_OF_2025
        + LOSS
        + """
  Equity:Surplus:Appropriated  -200.00 USD
  Equity:Collective              {0} USD
  Equity:Members:Ana:Losses      {1} USD
  Equity:Members:Bea:Losses       37.50 USD
""",
        at=("49.99", "112.51"),
        beyond=("49.98", "112.52"),
    ),
]
