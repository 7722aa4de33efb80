"""Rules on law and by-laws: what is not known, not dated, or of the wrong type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import books
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import MONDRAGON
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_a_misspelt_preset_leaves_the_book_without_law(tmp_path: Path) -> None:
    text = books.preamble(US).replace('"us-worker-ica"', '"us-worker-ika"')
    findings = books.findings_of(tmp_path, text)
    assert {one.rule for one in findings} == {"COOP-LANG-01", "COOP-LAW-01"}


def test_a_choice_of_the_wrong_type_is_found_and_never_used(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "pay.ratio-cap" "five"
2024-01-01 custom "coop-parameter" "pay.ratio-scope" "everybody"
"""
    assert said(tmp_path, MONDRAGON, ledger) == [
        "COOP-LAW-02: 'pay.ratio-cap' takes a number, not 'five'.",
        "COOP-LAW-02: 'pay.ratio-scope' takes one of members, all, not 'everybody'.",
    ]


def test_thirty_is_never_taken_for_thirty_per_cent(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-parameter" "collective.share" {share}
"""
    for share in ("0", "0.30", "1"):
        assert said(tmp_path, US, ledger.format(share=share)) == []
    for share in ("30", "1.01", "-0.01"):
        assert said(tmp_path, US, ledger.format(share=share)) == [
            (
                "COOP-LAW-02: 'collective.share' is the share of a step and lies "
                f"between 0 and 1; {share} does not."
            ),
        ]


def test_a_year_from_before_the_law_cannot_be_checked_and_is_found(
    tmp_path: Path,
) -> None:
    ledger = """
2019-06-30 * "Ventas de 2019"
  Assets:Banco    10.00 EUR
  Income:Ventas  -10.00 EUR
2020-06-30 custom "coop-resolution" "GA-2020-01" "Resultado de 2019"
2020-06-30 * "Aplicación de 2019" #coop-appropriation ^GA-2020-01
  coop-year: "2019"
  Equity:Resultado:Aplicado                 10.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -10.00 EUR
"""
    (one,) = found(tmp_path, BASQUE, ledger)
    assert one.rule == "COOP-LAW-04"
    assert "has no value on 2019-12-31: its first value is of 2020-01-29" in one.found
