"""Limits to the cent of dealings with people: capital, pay, interest and tax."""

from __future__ import annotations

from tests.rules.boundary import Boundary
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import STATE
from tests.rules.ledgers import US

ITALIAN = "it-prevalent"
HALF_NONQUALIFIED = (
    DISTRIBUTION
    + """
  Equity:Surplus:Appropriated       1,000.00 USD
  Equity:Collective                  -250.00 USD
  Liabilities:Members:Ana:Payable    -281.25 USD
  Equity:Members:Ana:Nonqualified    -281.25 USD
  Liabilities:Members:Bea:Payable     -93.75 USD
  Equity:Members:Bea:Nonqualified     -93.75 USD
"""
)

OF_DEALINGS = [
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
    Boundary(
        "COOP-CAP-08",
        "instalments to the last cent",
        BASQUE,
        """
2024-06-01 custom "coop-member" "Cleo" "join"
  class: "worker"
2024-06-01 * "Cleo suscribe, y paga el resto en tres meses"
  coop-instalments: 3
  coop-every: 1
  Assets:Banco                                400.00 EUR
  Equity:Socias:Cleo:DesembolsosPendientes    600.00 EUR
  Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR
2024-09-01 * "Cleo paga lo que queda"
  Assets:Banco                                {0} EUR
  Equity:Socias:Cleo:DesembolsosPendientes   -{0} EUR
""",
        at=("600.00",),
        beyond=("599.99",),
    ),
    Boundary(
        "COOP-EXIT-03",
        "all that a leaver holds",
        US,
        """
2020-06-30 custom "coop-member" "Bea" "leave"
2025-06-30 * "Bea" "On the last day"
  coop-kind: "redemption"
  Equity:Members:Bea:Contribution   {0} USD
  Assets:Bank                      -{0} USD
2025-07-01 * "The book goes on"
  Assets:Bank     10.00 USD
  Income:Sales   -10.00 USD
""",
        at=("1000.00",),
        beyond=("999.99",),
    ),
    Boundary(
        "COOP-FED-17",
        "a result of one cent",
        US,
        """
2024-07-01 * "Rent"
  Expenses:Rent   {0} USD
  Assets:Bank    -{0} USD
2025-04-01 * "Federation" "To the solidarity fund, for 2024"
  coop-transfer: "FED-1"
  coop-peer: "federation"
  coop-year: "2024"
  Expenses:Solidarity:Mutual   0.01 USD
  Assets:Bank                 -0.01 USD
""",
        at=("999.99",),
        beyond=("1000.00",),
    ),
    Boundary(
        "COOP-INT-06",
        "net worth one cent above a quarter of the debts",
        ITALIAN,
        """
2024-12-30 * "Un mutuo"
  Liabilities:Mutuo  -{0} EUR
  Assets:Banca        {0} EUR
"""
        + DISTRIBUTION
        + """
  Equity:Utili:Destinati         1,000.00 EUR
  Equity:Riserve:Legale           -300.00 EUR
  Liabilities:Fondi:Mutualistico   -30.00 EUR
  Equity:Soci:Ana:Dividendi        -20.00 EUR
  Equity:Riserve:Indivisibile     -650.00 EUR
""",
        at=("15899.96",),
        beyond=("15900.00",),
    ),
    Boundary(
        "COOP-PAY-12",
        "twice the norm of the sector, on average",
        STATE,
        """
2024-01-01 custom "coop-parameter" "pay.sector-norm" 100
2024-12-31 * "Un anticipo más"
  Expenses:Anticipos:Ana   {0} EUR
    hours: 0
  Assets:Banco            -{0} EUR
""",
        at=("0.00",),
        beyond=("0.01",),
    ),
    Boundary(
        "COOP-TAX-11",
        "what was paid in money is deducted",
        US,
        HALF_NONQUALIFIED
        + """
2025-09-15 custom "coop-filing" "1120-C" "2024"
  patronage-dividends: {0}
""",
        at=("375.00",),
        beyond=("375.01",),
    ),
    Boundary(
        "COOP-TAX-12",
        "24 per cent of the money",
        US,
        """
2025-01-15 custom "coop-member" "Ana" "withhold"
  cause: "tin"
"""
        + HALF_NONQUALIFIED
        + """
2025-05-01 * "Ana is paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable   281.25 USD
  Liabilities:Withholding            -{0} USD
  Assets:Bank                        -{1} USD
""",
        at=("67.50", "213.75"),
        beyond=("67.49", "213.76"),
    ),
    Boundary(
        "COOP-TAX-14",
        "ten dollars in a year",
        US,
        DISTRIBUTION
        + """
  Equity:Surplus:Appropriated       1,000.00 USD
  Equity:Collective                  -{0} USD
  Equity:Members:Ana:Nonqualified    -{1} USD
  Liabilities:Members:Bea:Payable    -{2} USD
2025-05-01 * "Bea is paid"
  coop-kind: "payment"
  Liabilities:Members:Bea:Payable     {2} USD
  Assets:Bank                        -{2} USD
2026-02-01 * "The book goes on"
  Assets:Bank     1.00 USD
  Income:Sales   -1.00 USD
""",
        at=("960.04", "29.97", "9.99"),
        beyond=("960.00", "30.00", "10.00"),
    ),
    Boundary(
        "COOP-TAX-17",
        "what was paid, to the cent",
        US,
        HALF_NONQUALIFIED
        + """
2025-05-01 * "Ana is paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable   281.25 USD
  Assets:Bank                      -281.25 USD
2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
  patronage-dividends: {0}
""",
        at=("281.25",),
        beyond=("281.26",),
    ),
]
