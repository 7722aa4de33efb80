"""Rules on entry: the fee, and probation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

CLEO = """
2024-06-01 custom "coop-member" "Cleo" "join"
  class: "worker"
2024-06-01 * "Aportación de Cleo"
  Assets:Banco                      1000.00 EUR
  Equity:Socias:Cleo:Aportaciones  -1000.00 EUR
"""
FEE = """
{day} * "Cuota de ingreso"
  {says}
  Assets:Banco                      {fee} EUR
  Equity:Reservas:CuotasDeIngreso  -{fee} EUR
"""
GOES_ON = """
{0} * "El libro sigue"
  Expenses:Varios   1.00 EUR
  Assets:Banco     -1.00 EUR
"""


def fee(amount: str, day: str = "2024-06-01", says: str = 'coop-member: "Cleo"') -> str:
    return FEE.format(day=day, fee=amount, says=says)


def ids(folder: Path, ledger: str, preset: str = BASQUE) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


@pytest.mark.parametrize("day", ["2024-05-02", "2024-06-01", "2024-07-01"])
def test_a_fee_that_stands_alone_is_compared_with_its_member_s_contribution(
    tmp_path: Path, day: str
) -> None:
    assert ids(tmp_path, CLEO + fee("250.00", day)) == []
    assert ids(tmp_path, CLEO + fee("250.01", day)) == ["COOP-MEM-04"]


def test_two_fees_of_one_member_count_together(tmp_path: Path) -> None:
    ledger = CLEO + fee("200.00") + fee("50.01", "2024-08-01")
    assert said(tmp_path, BASQUE, ledger) == [
        (
            "COOP-MEM-04: Cleo pays an entry fee of 250.01 on a compulsory "
            "contribution of 1000.00; 250.00 is the most."
        ),
    ]


def test_what_is_paid_in_after_joining_allows_no_higher_fee(tmp_path: Path) -> None:
    more = CLEO.partition("2024-06-01 *")[2].join(["2025-06-01 *", ""])
    assert ids(tmp_path, CLEO + more + fee("300.00")) == ["COOP-MEM-04"]


def test_the_co_op_s_own_figure_counts_where_somebody_pays_in_bit_by_bit(
    tmp_path: Path,
) -> None:
    stated = """
2024-01-01 custom "coop-parameter" "contribution.compulsory" 1200
"""
    assert ids(tmp_path, CLEO + fee("300.00")) == ["COOP-MEM-04"]
    assert ids(tmp_path, stated + CLEO + fee("300.00")) == []
    assert ids(tmp_path, stated + CLEO + fee("300.01")) == ["COOP-MEM-04"]


def test_a_fee_of_nobody_in_particular_is_compared_with_nothing(tmp_path: Path) -> None:
    assert ids(tmp_path, CLEO + fee("900.00", says='coop-kind: "entry-fee"')) == []


def test_a_fee_that_goes_straight_to_the_reserve_is_one_too(tmp_path: Path) -> None:
    ledger = """
2024-06-01 custom "coop-member" "Cleo" "join"
  class: "worker"
2024-06-01 * "Aportación y cuota de Cleo"
  Assets:Banco                              1300.00 EUR
  Equity:Socias:Cleo:Aportaciones          -1000.00 EUR
  Equity:Reservas:FondoReservaObligatorio   -300.00 EUR
    coop-kind: "entry-fee"
"""
    assert ids(tmp_path, ledger) == ["COOP-MEM-04"]


def test_fees_from_before_the_book_are_compared_with_nothing(tmp_path: Path) -> None:
    says = 'coop-kind: "opening"\n  coop-member: "Cleo"'
    assert ids(tmp_path, CLEO + fee("900.00", says=says)) == []


def test_by_laws_without_a_limit_set_none(tmp_path: Path) -> None:
    ledger = """
2024-06-01 * "Entry fee"
  coop-member: "Ana"
  Assets:Bank                5000.00 USD
  Equity:Reserves:EntryFees -5000.00 USD
"""
    assert ids(tmp_path, ledger, US) == []


# --- probation ------------------------------------------------------------------------

PROBATION = """
{1} custom "coop-member" "{0}" "join"
  class: "probationer"
"""


def test_a_fee_on_probation_is_found(tmp_path: Path) -> None:
    ledger = PROBATION.format("Cleo", "2025-06-01") + fee("10.00", "2025-06-02")
    assert said(tmp_path, BASQUE, ledger) == [
        (
            "COOP-MEM-06: Cleo pays an entry fee of 10.00 and is in the class "
            "'Aspirante en periodo de prueba', which holds no capital."
        ),
    ]


def test_whoever_only_applied_may_pay_in_already(tmp_path: Path) -> None:
    ledger = """
2025-06-01 custom "coop-member" "Cleo" "apply"
  class: "probationer"
"""
    assert ids(tmp_path, ledger + fee("10.00", "2025-06-02")) == []


def test_probation_that_lasts_is_found_when_the_book_goes_beyond_its_end(
    tmp_path: Path,
) -> None:
    ledger = PROBATION.format("Cleo", "2025-01-31")
    assert ids(tmp_path, ledger + GOES_ON.format("2025-07-31")) == []
    (one,) = found(tmp_path, BASQUE, ledger + GOES_ON.format("2025-08-01"))
    assert (one.rule, one.severity, str(one.date)) == (
        "COOP-MEM-07",
        "warning",
        "2025-07-31",
    )


def test_whoever_leaves_during_probation_is_on_it_no_longer(tmp_path: Path) -> None:
    ledger = PROBATION.format("Cleo", "2025-01-31")
    ledger += '2025-03-01 custom "coop-member" "Cleo" "leave"\n'
    assert ids(tmp_path, ledger + GOES_ON.format("2026-01-01")) == []


def test_a_pause_does_not_begin_a_probation_anew(tmp_path: Path) -> None:
    ledger = PROBATION.format("Cleo", "2025-01-31")
    ledger += '2025-03-01 custom "coop-member" "Cleo" "pause"\n'
    ledger += '2025-04-01 custom "coop-member" "Cleo" "resume"\n'
    assert ids(tmp_path, ledger + GOES_ON.format("2025-08-01")) == ["COOP-MEM-07"]


def test_one_member_in_five_may_be_on_probation_for_longer(tmp_path: Path) -> None:
    members = "".join(
        f'2024-01-01 custom "coop-member" "{name}" "join"\n  class: "worker"\n'
        for name in ("Dan", "Eva")
    )
    long = PROBATION.format("Cleo", "2024-01-15")
    short = members.partition('2024-01-01 custom "coop-member" "Eva"')[0]
    book = GOES_ON.format("2025-07-15")
    assert ids(tmp_path, members + long + book) == []
    assert ids(tmp_path, short + long + book) == ["COOP-MEM-07"]
    later = members + long + GOES_ON.format("2025-07-16")
    assert ids(tmp_path, later) == ["COOP-MEM-07"]
    second = PROBATION.format("Fay", "2024-02-15")
    assert ids(tmp_path, members + long + second + book) == ["COOP-MEM-07"]
    # Whoever comes when the first has been admitted may take as long.
    admitted = '2024-08-01 custom "coop-member" "Cleo" "class"\n  class: "worker"\n'
    assert ids(tmp_path, members + long + admitted + second + book) == []


def test_by_laws_may_set_one_limit_and_no_longer_one(tmp_path: Path) -> None:
    ledger = """
2020-01-01 custom "coop-policy" "custom"
2020-01-01 custom "coop-parameter" "probation.months" 3
"""
    book = GOES_ON.format("2025-04-16")
    day = PROBATION.format("Cleo", "2025-01-15")
    assert "COOP-MEM-07" in ids(tmp_path, ledger + day + book)


# --- newcomers and the eldest ---------------------------------------------------------

STATE = "es-state-worker"
INDEX = """
{0} custom "coop-parameter" "prices.index" {1}
"""
PRICES = INDEX.format("2020-01-01", "100.0") + INDEX.format("2024-01-01", "120.0")


def newcomer(amount: str, kind: str = "worker") -> str:
    return f"""
2024-06-01 custom "coop-member" "Cleo" "join"
  class: "{kind}"
2024-06-01 * "Aportación de Cleo"
  Assets:Banco                      {amount} EUR
  Equity:Socias:Cleo:Aportaciones  -{amount} EUR
"""


def test_a_newcomer_says_whose_contribution_theirs_is_above(tmp_path: Path) -> None:
    assert ids(tmp_path, PRICES + newcomer("1200.00"), STATE) == []
    assert said(tmp_path, STATE, PRICES + newcomer("1200.01")) == [
        (
            "COOP-CAP-11: Cleo subscribes 1200.01 on joining; what Ana contributed "
            "comes to 1200.00 at the prices of 2024-06-01."
        ),
    ]


def test_without_an_index_for_both_days_nothing_is_compared(tmp_path: Path) -> None:
    assert ids(tmp_path, newcomer("9000.00"), STATE) == []
    late = INDEX.format("2024-01-01", "120.0")
    assert ids(tmp_path, late + newcomer("9000.00"), STATE) == []


def test_the_basque_act_compares_with_nobody(tmp_path: Path) -> None:
    assert ids(tmp_path, newcomer("1200.01")) == []


def test_a_newcomer_is_compared_with_members_of_the_same_class(tmp_path: Path) -> None:
    ledger = PRICES + newcomer("9000.00", "collaborator")
    assert ids(tmp_path, ledger, STATE) == []


def test_what_the_eldest_paid_in_later_counts_at_the_prices_of_its_day(
    tmp_path: Path,
) -> None:
    more = """
2024-03-01 * "Ana aporta más"
  Assets:Banco                      300.00 EUR
  Equity:Socias:Ana:Aportaciones   -300.00 EUR
"""
    later = more.replace("2024-03-01", "2024-07-01")
    assert ids(tmp_path, PRICES + more + newcomer("1500.00"), STATE) == []
    assert ids(tmp_path, PRICES + more + newcomer("1500.01"), STATE) == ["COOP-CAP-11"]
    assert ids(tmp_path, PRICES + later + newcomer("1500.00"), STATE) == ["COOP-CAP-11"]


def test_who_joined_with_everybody_else_is_no_newcomer(tmp_path: Path) -> None:
    ledger = PRICES + newcomer("9000.00").replace("2024-06-01", "2020-01-02")
    assert ids(tmp_path, ledger, STATE) == []


def test_an_eldest_member_of_whom_the_book_has_nothing_sets_no_limit(
    tmp_path: Path,
) -> None:
    eldest = '2019-01-01 custom "coop-member" "Eva" "join"\n  class: "worker"\n'
    ledger = PRICES + eldest + newcomer("1000.00")
    assert ids(tmp_path, ledger, STATE) == []
