"""Rules on leaving: what may be kept, to the cent and under each limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

LEAVES = """
2024-06-30 custom "coop-member" "Bea" "leave"
"""
KEPT = """
2024-06-30 * "Deducción"
  coop-kind: "deduction"
  Equity:Socias:Bea:Aportaciones            {0} EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
"""


def test_deductions_in_two_parts_are_added_up(tmp_path: Path) -> None:
    ledger = LEAVES + KEPT.format("200.00")
    assert said(tmp_path, BASQUE, ledger + KEPT.format("100.00")) == []
    (finding,) = found(tmp_path, BASQUE, ledger + KEPT.format("100.01"))
    assert (finding.rule, str(finding.limit)) == ("COOP-EXIT-01", "300.00")
    assert finding.found == (
        "300.01 is kept of Bea's contributions of 1000.00; 300.00 is the most."
    )


def test_what_a_member_gives_up_is_no_deduction_of_a_leaver(tmp_path: Path) -> None:
    assert said(tmp_path, BASQUE, KEPT.format("300.01")) == []


def test_bylaws_without_deductions_let_not_a_cent_be_kept(tmp_path: Path) -> None:
    ledger = (
        LEAVES
        + """
2024-06-30 * "Kept"
  coop-kind: "deduction"
  Equity:Members:Bea:Contribution   0.01 USD
  Equity:Collective                -0.01 USD
"""
    )
    assert [line[:12] for line in said(tmp_path, US, ledger)] == ["COOP-EXIT-01"]


def test_before_the_law_held_nothing_is_limited(tmp_path: Path) -> None:
    ledger = (LEAVES + KEPT.format("500.00")).replace("2024-06-30", "2020-01-28")
    assert said(tmp_path, BASQUE, ledger) == []
