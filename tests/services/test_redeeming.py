"""Redeeming: the oldest year first, to the cent, into entries that load clean."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import CoopledgerError
from coopledger.journal.loading import load_book
from coopledger.services.checking import check_path
from coopledger.services.redeeming import redemption_of
from coopledger.services.redeeming import write_redemption
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.redeeming import Redemption

LEDGER = """
2024-01-02 * "Allotted for 2020"
  coop-kind: "opening"
  coop-year: "2020"
  Assets:Bank                        400.00 USD
  Equity:Members:Ana:Patronage      -200.00 USD
  Equity:Members:Ana:Nonqualified   -100.00 USD
  Equity:Members:Bea:Patronage      -100.00 USD
2024-01-02 * "Allotted for 2021"
  coop-kind: "opening"
  coop-year: "2021"
  Assets:Bank                        400.00 USD
  Equity:Members:Ana:Patronage      -200.00 USD
  Equity:Members:Bea:Patronage      -200.00 USD
2026-01-31 custom "coop-resolution" "BD-2026-01" "500.01 is redeemed"
"""
BOARD = "BD-2026-01"


def proposed(
    folder: Path, ledger: str = LEDGER, **wishes: object
) -> tuple[Path, Redemption]:
    path = books.write(folder, f"{books.preamble('us-worker-ica')}\n{ledger}")
    return path, redemption_of(load_book(path), **wishes)  # type: ignore[arg-type]


def test_a_budget_is_used_up_the_oldest_year_first(tmp_path: Path) -> None:
    path, one = proposed(
        tmp_path, year=2021, amount=Decimal("500.01"), resolution=BOARD
    )
    assert one.parts == {
        2020: {"Ana": Decimal("300.00"), "Bea": Decimal("100.00")},
        2021: {"Ana": Decimal("50.01"), "Bea": Decimal("50.00")},
    }
    assert one.total == Decimal("500.01")
    first = one.planned[0]
    assert {leg.account: str(leg.amount) for leg in first.legs} == {
        "Equity:Members:Ana:Patronage": "200.00",
        "Equity:Members:Ana:Nonqualified": "100.00",
        "Liabilities:Redemptions:Ana": "-300.00",
        "Equity:Members:Bea:Patronage": "100.00",
        "Liabilities:Redemptions:Bea": "-100.00",
    }
    written = write_redemption(load_book(path), one)
    assert written.name == "redemption-BD-2026-01.beancount"
    assert check_path(path).findings == ()
    again = redemption_of(load_book(path), 2021, Decimal("500.01"), resolution=BOARD)
    assert again.is_booked
    assert again.held == {2021: {"Ana": Decimal("149.99"), "Bea": Decimal("150.00")}}


def test_without_an_amount_whole_years_are_redeemed(tmp_path: Path) -> None:
    _, one = proposed(tmp_path, year=2020)
    assert (one.total, one.on) == (Decimal("400.00"), datetime.date(2024, 12, 31))
    assert list(one.parts) == [2020]
    assert one.text.count(" ! ") == 1


def test_accounts_of_leavers_are_settled_otherwise(tmp_path: Path) -> None:
    gone = LEDGER + '2024-06-30 custom "coop-member" "Bea" "leave"\n'
    _, one = proposed(tmp_path, gone, year=2020)
    assert one.parts == {2020: {"Ana": Decimal("300.00")}}


def test_what_is_allotted_after_the_day_is_not_there_yet(tmp_path: Path) -> None:
    with pytest.raises(CoopledgerError, match="nothing that was retained up to 2021"):
        proposed(tmp_path, year=2021, on=datetime.date(2024, 1, 1))


def test_many_members_stand_in_several_balanced_transactions(tmp_path: Path) -> None:
    names = [f"M{number:03}" for number in range(251)]
    ledger = "".join(
        f'2020-01-02 custom "coop-member" "{name}" "join"\n  class: "worker"\n'
        for name in names
    )
    ledger += '2024-01-02 * "Allotted"\n  coop-kind: "opening"\n  coop-year: "2019"\n'
    ledger += "".join(
        f"  Equity:Members:{name}:Patronage  -1.00 USD\n" for name in names
    )
    ledger += "  Assets:Bank\n"
    _, one = proposed(tmp_path, ledger, year=2019)
    assert [len(plan.legs) for plan in one.planned] == [500, 2]
    assert [sum(leg.amount for leg in plan.legs) for plan in one.planned] == [0, 0]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0.00", "the amount is 0.00"),
        ("-1.00", "the amount is -1.00"),
        ("0.001", "0.001 is no whole number of units of 0.01 USD"),
    ],
)
def test_an_amount_that_nobody_can_pay_is_refused(
    amount: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(CoopledgerError, match=sentence):
        proposed(tmp_path, year=2021, amount=Decimal(amount))


def test_a_percentage_of_everything_takes_each_ones_oldest_year_first(
    tmp_path: Path,
) -> None:
    name = "patronage.redemption-method"
    choice = f'2024-01-01 custom "coop-parameter" "{name}" "percentage"\n'
    path, one = proposed(
        tmp_path,
        LEDGER + choice,
        year=2021,
        amount=Decimal("400.01"),
        resolution=BOARD,
    )
    assert one.parts == {
        2020: {"Ana": Decimal("250.01"), "Bea": Decimal("100.00")},
        2021: {"Bea": Decimal("50.00")},
    }
    write_redemption(load_book(path), one)
    assert check_path(path).findings == ()


def test_where_another_order_holds_this_one_is_not_proposed(tmp_path: Path) -> None:
    choice = '2024-01-01 custom "coop-parameter" "patronage.redemption-method" "age"\n'
    with pytest.raises(CoopledgerError, match="redemption-method is 'age'"):
        proposed(tmp_path, LEDGER + choice, year=2021)
