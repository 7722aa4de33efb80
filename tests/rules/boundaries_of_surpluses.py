"""Limits to the cent of a surplus: what is divided and what is reserved."""

from __future__ import annotations

from tests.rules.boundary import Boundary
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import US

OF_SURPLUSES = [
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
        "COOP-APP-09",
        "a quarter of the surplus",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -{0} USD
  Liabilities:Members:Ana:Payable  -{1} USD
  Liabilities:Members:Bea:Payable  -187.50 USD
""",
        at=("250.00", "562.50"),
        beyond=("249.99", "562.51"),
    ),
    Boundary(
        "COOP-APP-12",
        "a cent that goes to nobody",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated      1000.00 USD
  Equity:Collective                -250.00 USD
  Liabilities:Members:Ana:Payable  -{0} USD
  Liabilities:Members:Bea:Payable  -187.50 USD
  Assets:Bank                       {1} USD
""",
        at=("562.50", "0.00"),
        beyond=("562.49", "-0.01"),
    ),
    Boundary(
        "COOP-RES-11",
        "education money to the last cent",
        BASQUE,
        DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -900.00 EUR
2026-12-31 * "Cursos"
  Liabilities:Fondos:EducacionPromocion  {0} EUR
  Assets:Banco                          -{0} EUR
2027-01-01 * "El libro sigue"
  Assets:Caja    1.00 EUR
  Assets:Banco  -1.00 EUR
""",
        at=("200.00",),
        beyond=("199.99",),
    ),
]
