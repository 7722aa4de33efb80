"""Rules on reserves and the education fund, where they have to look twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_half_for_education_needs_a_quarter_with_the_reserve(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Pérdida que carga el fondo" ^GA-2025-01
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
            "fiscal year 2024; the least is 250.00."
        ),
        (
            "COOP-RES-01: The mandatory reserve receives 199.99 of fiscal year 2024; "
            "the least is 200.00."
        ),
    ]


def test_of_two_minimums_the_higher_one_counts(tmp_path: Path) -> None:
    federation = """
2020-01-01 custom "coop-parameter" "reserves.mandatory.rate" 0.25
  level: "federation"
"""
    distribution = """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
  Equity:Reservas:FondoReservaVoluntario   -{1} EUR
"""
    least = federation + DISTRIBUTION + distribution.format("250.00", "650.00")
    assert said(tmp_path, BASQUE, least) == []
    less = federation + DISTRIBUTION + distribution.format("249.99", "650.01")
    assert said(tmp_path, BASQUE, less) == [
        (
            "COOP-RES-01: The mandatory reserve receives 249.99 of fiscal year 2024; "
            "the least is 250.00."
        )
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


def test_what_a_member_gives_the_education_fund_is_no_gift_to_them(
    tmp_path: Path,
) -> None:
    ledger = """
2024-06-01 * "Ana gives up half an euro for the fund"
  coop-kind: "redemption"
  Equity:Socias:Ana:Aportaciones          0.50 EUR
  Liabilities:Fondos:EducacionPromocion  -0.50 EUR
"""
    assert [one for one in said(tmp_path, BASQUE, ledger) if "RES-04" in one] == []


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


def test_a_word_alone_takes_nothing_from_an_indivisible_reserve(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Called a loss, {what}" {link}
  coop-kind: "{kind}"
  Equity:Collective     10.00 USD
  {to}  -10.00 USD
"""

    def rules(kind: str, to: str, link: str = "") -> list[str]:
        text = ledger.format(what=to, kind=kind, to=to, link=link)
        return [one.rule for one in found(tmp_path, US, text)]

    for kind in ("loss", "statutory", "transfer-by-law"):
        assert rules(kind, "Assets:Bank") == ["COOP-RES-03"]
        assert rules(kind, "Assets:Bank", "^GA-2099-01") == ["COOP-RES-03"]
        assert rules(kind, "Assets:Bank", "^GA-2025-01") == []
        own = "Liabilities:Members:Ana:Payable"
        assert rules(kind, own, "^GA-2025-01") == ["COOP-RES-03"]


def test_a_loss_that_is_carried_may_be_taken_from_a_reserve(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "An earlier loss, covered by the collective account"
  Equity:Collective   10.00 USD
  Equity:Suspense    -10.00 USD
"""
    assert said(tmp_path, US, ledger) == []


FINE = """
2024-06-01 * "Bea" "Sanción"
  coop-kind: "fine"
"""


def test_a_fine_that_goes_to_the_fund_in_part_is_found(tmp_path: Path) -> None:
    part = """
  Assets:Banco                              50.00 EUR
  Liabilities:Fondos:EducacionPromocion    -30.00 EUR
  {0}  -20.00 EUR
"""
    for account in ("Income:Sanciones", "Equity:Reservas:FondoReservaVoluntario"):
        assert said(tmp_path, BASQUE, FINE + part.format(account)) == [
            "COOP-RES-14: A fine goes to the education fund only in part."
        ]


def test_a_fine_may_be_taken_from_capital_or_from_what_is_owed(tmp_path: Path) -> None:
    from_capital = """
  Equity:Socias:Bea:Aportaciones            50.00 EUR
  Liabilities:Fondos:EducacionPromocion    -50.00 EUR
"""
    assert said(tmp_path, BASQUE, FINE + from_capital) == []


def test_a_fine_of_another_law_goes_where_its_by_laws_say(tmp_path: Path) -> None:
    fine = FINE + "  Assets:Bank   5.00 USD\n  Income:Fines  -5.00 USD\n"
    assert said(tmp_path, US, fine) == []


def test_whom_a_fine_takes_below_the_minimum_makes_it_good(tmp_path: Path) -> None:
    ledger = (
        '2024-01-01 custom "coop-parameter" "contribution.minimum" 1000\n'
        + FINE
        + """
  Equity:Socias:Bea:Aportaciones            50.00 EUR
  Liabilities:Fondos:EducacionPromocion    -50.00 EUR
2025-06-02 * "El libro sigue"
  Expenses:Varios   1.00 EUR
  Assets:Banco     -1.00 EUR
"""
    )
    (one,) = found(tmp_path, BASQUE, ledger)
    assert one.rule == "COOP-CAP-12"


def test_the_least_is_said_in_whole_cents(tmp_path: Path) -> None:
    ledger = (
        """
2024-12-31 * "Un céntimo más"
  Assets:Banco    0.01 EUR
  Income:Ventas  -0.01 EUR
"""
        + DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.01 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -900.01 EUR
"""
    )
    (one,) = found(tmp_path, BASQUE, ledger)
    assert one.found.endswith("the least is 100.01.")
    assert str(one.limit) == "100.01"
