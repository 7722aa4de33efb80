"""Rules on a co-op's own criteria: what stays capital, and which years are sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import DISTRIBUTION
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

PARTS = (
    DISTRIBUTION
    + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -450.00 EUR
  Equity:Socias:Ana:Retornos               -{0} EUR
  Liabilities:Socias:Ana:RetornosAPagar    -{1} EUR
  Equity:Socias:Bea:Retornos               -112.50 EUR
"""
)
KEPT = PARTS.format("337.50", "0.00")


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


def chooses(name: str, value: str, day: str = "2024-12-31") -> str:
    return f'{day} custom "coop-parameter" "{name}" {value}\n'


def test_a_cent_of_a_return_in_money_is_found_where_all_stays_capital(
    tmp_path: Path,
) -> None:
    assert ids(tmp_path, MONDRAGON, KEPT) == []
    assert said(tmp_path, MONDRAGON, PARTS.format("337.49", "0.01")) == [
        (
            "COOP-APP-13: 0.01 of Ana's return of fiscal year 2024 is declared in "
            "money; the by-laws add returns to the capital."
        ),
    ]


def test_by_laws_that_pay_anything_in_money_are_no_matter(tmp_path: Path) -> None:
    ledger = chooses("patronage.cash-share", "0.10") + PARTS.format("300.00", "37.50")
    assert ids(tmp_path, MONDRAGON, ledger) == []


def test_by_laws_that_pay_small_parts_in_money_are_no_matter(tmp_path: Path) -> None:
    consumers = """
2024-01-01 custom "coop-policy" "us-consumer"
2024-01-01 custom "coop-parameter" "patronage.cash-share" 0
2024-01-01 custom "coop-parameter" "patronage.cash-below" 200
"""
    rules = ids(tmp_path, MONDRAGON, consumers + PARTS.format("300.00", "37.50"))
    assert "COOP-APP-13" not in rules


def test_a_year_with_too_much_debt_says_which_ratio_it_was(tmp_path: Path) -> None:
    debt = chooses("prudence.debt-ratio", "2.6")
    assert said(tmp_path, MONDRAGON, debt + KEPT) == [
        (
            "COOP-APP-14: Members get a return of fiscal year 2024, in which net debt "
            "is 2.6 times EBITDA, above 2.5."
        ),
    ]


def test_without_the_ratio_that_the_co_op_records_none_is_looked_at(
    tmp_path: Path,
) -> None:
    loan = """
2024-12-30 * "Un préstamo"
  Assets:Banco               90000.00 EUR
  Liabilities:Prestamo      -90000.00 EUR
"""
    assert ids(tmp_path, MONDRAGON, loan + KEPT) == []
    ratio = chooses("prudence.debt-ratio", "1")
    (one,) = found(tmp_path, MONDRAGON, ratio + loan + KEPT)
    assert "net worth is below 1.0 times the debts" in one.found


def test_a_low_net_result_is_weak_too(tmp_path: Path) -> None:
    # 1,000 of a net worth of 11,111.12 is less than nine per cent.
    gift = """
2024-12-30 * "Una donación"
  Assets:Banco                              {0} EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
"""
    ratio = chooses("prudence.debt-ratio", "1")
    at = ratio + gift.format("7111.11") + KEPT
    assert ids(tmp_path, MONDRAGON, at) == []
    (one,) = found(tmp_path, MONDRAGON, ratio + gift.format("7111.12") + KEPT)
    assert "the net result is below 0.09 of net worth" in one.found


def test_the_assembly_may_decide_on_other_criteria_for_a_year(tmp_path: Path) -> None:
    debt = chooses("prudence.debt-ratio", "2.6")
    other = chooses("prudence.other-criteria", "TRUE")
    assert ids(tmp_path, MONDRAGON, debt + other + KEPT) == []


def test_a_weak_year_that_gives_members_nothing_is_no_matter(tmp_path: Path) -> None:
    kept = (
        DISTRIBUTION
        + """
  Equity:Resultado:Aplicado                1000.00 EUR
  Liabilities:Fondos:EducacionPromocion    -100.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -900.00 EUR
"""
    )
    debt = chooses("prudence.debt-ratio", "2.6")
    assert ids(tmp_path, MONDRAGON, debt + kept) == []


def test_the_act_alone_knows_no_such_ratios(tmp_path: Path) -> None:
    debt = chooses("prudence.debt-ratio", "2.6")
    assert ids(tmp_path, BASQUE, debt) == ["COOP-LAW-02"]
