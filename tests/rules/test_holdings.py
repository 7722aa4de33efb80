"""Rules on what members hold: the largest part, and the least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

STATE = "es-state-worker"
GOES_ON = """
{0} * "El libro sigue"
  Expenses:Varios   1.00 EUR
  Assets:Banco     -1.00 EUR
"""


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


def joins(member: str, amount: str, *lines: str, kind: str = "worker") -> str:
    more = "".join(f"  {line}\n" for line in lines)
    return f"""
2024-06-01 custom "coop-member" "{member}" "join"
  class: "{kind}"
{more}
2024-06-01 * "Aportación de {member}"
  Assets:Banco                       {amount} EUR
  Equity:Socias:{member}:Aportaciones  -{amount} EUR
"""


def test_three_members_cannot_hold_exactly_a_third_each_for_ever(
    tmp_path: Path,
) -> None:
    assert ids(tmp_path, STATE, joins("Cleo", "1000.01")) == []


def test_a_member_with_more_than_a_third_is_found_where_it_came_in(
    tmp_path: Path,
) -> None:
    assert said(
        tmp_path, STATE, joins("Dan", "1000.00") + joins("Cleo", "1500.03")
    ) == [
        (
            "COOP-CAP-10: Cleo holds 1500.03 of the capital at the end of fiscal year "
            "2024; 1500.01 is the most."
        )
    ]


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("co-operative", []),
        ("non-profit", []),
        ("co-operative-owned", []),
        ("company", ["COOP-CAP-10"]),
    ],
)
def test_co_operatives_and_what_serves_no_profit_may_hold_more(
    tmp_path: Path, entity: str, expected: list[str]
) -> None:
    ledger = joins("Dan", "1000.00") + joins("Cleo", "2000.00", f'entity: "{entity}"')
    assert ids(tmp_path, STATE, ledger) == expected


def eight_more() -> str:
    return "".join(
        joins(name, "1.00") for name in ("Cy", "Dan", "Eva", "Fay")
    ) + "".join(joins(name, "1.00") for name in ("Gil", "Hua", "Ida", "Jon"))


def test_the_basque_act_leaves_ten_members_alone_and_not_eleven(
    tmp_path: Path,
) -> None:
    # Ana and Bea hold 1,000.00 each, nearly half of all there is.
    assert ids(tmp_path, BASQUE, eight_more()) == []
    eleven = eight_more() + joins("Kai", "1.00")
    assert ids(tmp_path, BASQUE, eleven) == ["COOP-CAP-10", "COOP-CAP-10"]


def test_the_basque_act_leaves_collaborators_out(tmp_path: Path) -> None:
    eleven = eight_more().replace("1.00", "1000.00")
    ledger = eleven + joins("Kai", "90000.00", kind="collaborator")
    assert ids(tmp_path, BASQUE, ledger) == []
    assert ids(tmp_path, BASQUE, eleven + joins("Kai", "90000.00")) == ["COOP-CAP-10"]


def test_what_is_subscribed_counts_whether_it_is_paid_or_not(tmp_path: Path) -> None:
    ledger = joins("Dan", "1000.00") + joins("Cleo", "1000.00").replace(
        "  Assets:Banco                       1000.00 EUR",
        "  Assets:Banco                        250.00 EUR\n"
        "  Equity:Socias:Cleo:DesembolsosPendientes  750.00 EUR",
    )
    assert ids(tmp_path, STATE, ledger) == []


def test_an_unknown_entity_is_a_word_that_nobody_knows(tmp_path: Path) -> None:
    ledger = joins("Cleo", "1.00", 'entity: "cooperative"')
    assert "COOP-LANG-01" in ids(tmp_path, STATE, ledger)


# --- too little -----------------------------------------------------------------------

MINIMUM = '2024-01-01 custom "coop-parameter" "contribution.minimum" 900\n'
LOSS = """
2024-06-01 * "A cargo de Ana"
  coop-kind: "loss"
  Equity:Socias:Ana:Perdidas            {0} EUR
  Equity:Resultado:PerdidasAnteriores  -{0} EUR
"""


def test_a_loss_that_leaves_the_minimum_is_no_matter(tmp_path: Path) -> None:
    book = MINIMUM + LOSS.format("100.00") + GOES_ON.format("2025-06-02")
    assert ids(tmp_path, BASQUE, book) == []


def test_what_is_missing_may_be_made_good_until_the_day_itself(tmp_path: Path) -> None:
    loss = MINIMUM + LOSS.format("100.01")
    assert ids(tmp_path, BASQUE, loss + GOES_ON.format("2025-06-01")) == []
    assert said(tmp_path, BASQUE, loss + GOES_ON.format("2025-06-02")) == [
        (
            "COOP-CAP-12: Ana holds 899.99 on 2025-06-01; the minimum that a loss of "
            "2024-06-01 took them below was to be made good by then."
        )
    ]


def test_two_losses_below_the_minimum_are_said_once(tmp_path: Path) -> None:
    second = LOSS.format("50.00").replace("2024-06-01", "2024-07-01")
    book = MINIMUM + LOSS.format("100.01") + second + GOES_ON.format("2026-06-02")
    assert ids(tmp_path, BASQUE, book) == ["COOP-CAP-12"]


def test_whoever_left_makes_nothing_good(tmp_path: Path) -> None:
    left = '2025-05-31 custom "coop-member" "Ana" "leave"\n  exit: "justified"\n'
    book = MINIMUM + LOSS.format("100.01") + left + GOES_ON.format("2025-06-02")
    assert ids(tmp_path, BASQUE, book) == []


def test_who_holds_less_without_a_loss_is_no_matter_of_this_rule(
    tmp_path: Path,
) -> None:
    book = MINIMUM + joins("Cleo", "10.00") + LOSS.format("1.00")
    assert ids(tmp_path, BASQUE, book + GOES_ON.format("2026-06-02")) == []


def test_without_a_minimum_nobody_falls_below_it(tmp_path: Path) -> None:
    book = LOSS.format("900.00") + GOES_ON.format("2026-06-02")
    assert ids(tmp_path, BASQUE, book) == []


CAPITAL = """
{0} * "{1}"
  Equity:Socias:Ana:Aportaciones   {2} EUR
  Assets:Banco                     {3} EUR
"""
REACHED = CAPITAL.format("2023-06-01", "Ana aporta", "-1000.00", "1000.00")
FALLEN = CAPITAL.format("2023-07-01", "A Ana", "300.00", "-300.00")


def test_capital_below_its_minimum_waits_a_year(tmp_path: Path) -> None:
    again = CAPITAL.format("{0}", "Ana repone", "-300.00", "300.00")
    before = REACHED + FALLEN
    assert ids(tmp_path, BASQUE, before + again.format("2024-07-01")) == []
    assert said(tmp_path, BASQUE, before + again.format("2024-07-02")) == [
        (
            "COOP-CAP-13: The capital falls to 2700.00 on 2023-07-01 and is not back "
            "at its minimum of 3000.00 by 2024-07-01."
        )
    ]


def test_capital_that_falls_and_falls_again_is_said_once(tmp_path: Path) -> None:
    more = CAPITAL.format("2023-08-01", "A Ana", "1.00", "-1.00")
    assert ids(tmp_path, BASQUE, REACHED + FALLEN + more) == ["COOP-CAP-13"]


def test_a_minimum_that_the_statutes_do_not_set_is_none(tmp_path: Path) -> None:
    assert ids(tmp_path, STATE, REACHED + FALLEN) == []
    own = '2020-01-01 custom "coop-parameter" "capital.minimum" 3000\n'
    assert ids(tmp_path, STATE, own + REACHED + FALLEN) == ["COOP-CAP-13"]
