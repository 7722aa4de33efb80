"""What a member is shown of their own account."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import MemberUnknownError
from coopledger.journal.loading import load_book
from coopledger.services.showing import account_of
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.showing import MemberAccount

HEAD = """
option "title" "Test Co-op"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2022-01-01 custom "coop-policy" "us-worker-ica"
2022-01-01 custom "coop-member" "Ana" "join"
  class: "worker"
"""
IN_PARTS = """
2022-01-10 * "Ana pays a quarter now and the rest in three parts"
  coop-instalments: 3
  coop-every: 2
  Assets:Bank                         250.00 USD
  Equity:Members:Ana:Uncalled         750.00 USD
  Equity:Members:Ana:Contribution  -1,000.00 USD
"""
PAID = """
2022-04-01 * "Ana pays a part, and a little more"
  Assets:Bank                         300.00 USD
  Equity:Members:Ana:Uncalled        -300.00 USD
"""
LEAVING = """
2022-01-10 * "Ana pays at once"
  Assets:Bank                       1,000.00 USD
  Equity:Members:Ana:Contribution  -1,000.00 USD
2023-06-30 custom "coop-member" "Ana" "leave"
  exit: "retirement"
2023-06-30 * "Her account becomes a debt, paid in two parts"
  coop-kind: "redemption"
  coop-instalments: 2
  coop-every: 12
  Equity:Members:Ana:Contribution   1,000.00 USD
  Liabilities:Redemptions:Ana      -1,000.00 USD
"""


def shown(folder: Path, text: str, on: datetime.date | None = None) -> MemberAccount:
    book = load_book(books.write(folder, HEAD + text))
    return account_of(book, "Ana", None, on)


def days(one: tuple[object, ...]) -> list[tuple[object, ...]]:
    return [(p.date, p.amount) for p in one]  # type: ignore[attr-defined]


def test_instalments_are_due_on_the_days_that_were_agreed(tmp_path: Path) -> None:
    found = shown(tmp_path, IN_PARTS)
    assert days(found.to_pay) == [
        (datetime.date(2022, 3, 10), Decimal(250)),
        (datetime.date(2022, 5, 10), Decimal(250)),
        (datetime.date(2022, 7, 10), Decimal(250)),
    ]


def test_what_was_paid_is_taken_off_the_oldest_instalment(tmp_path: Path) -> None:
    found = shown(tmp_path, IN_PARTS + PAID)
    assert days(found.to_pay) == [
        (datetime.date(2022, 5, 10), Decimal(200)),
        (datetime.date(2022, 7, 10), Decimal(250)),
    ]
    assert sum(p.amount for p in found.to_pay) == found.statement.uncalled


def test_what_is_unpaid_without_an_agreement_has_no_day(tmp_path: Path) -> None:
    alone = IN_PARTS.replace("  coop-instalments: 3\n  coop-every: 2\n", "")
    assert days(shown(tmp_path, alone).to_pay) == [(None, Decimal(750))]


def test_a_leaver_sees_when_the_money_comes(tmp_path: Path) -> None:
    found = shown(tmp_path, LEAVING)
    assert days(found.to_get) == [
        (datetime.date(2024, 6, 30), Decimal(500)),
        (datetime.date(2025, 6, 30), Decimal(500)),
    ]
    assert found.to_pay == ()


def test_a_debt_without_a_day_is_shown_all_the_same(tmp_path: Path) -> None:
    patronage = """
2023-03-15 * "Ana's part in money"
  coop-kind: "appropriation"
  coop-year: "2022"
  Equity:Surplus:Appropriated         40.00 USD
  Liabilities:Members:Ana:Payable    -40.00 USD
"""
    found = shown(tmp_path, IN_PARTS + patronage)
    assert days(found.to_get) == [(None, Decimal(40))]


def test_retained_patronage_is_told_by_the_year_of_its_allotment(
    tmp_path: Path,
) -> None:
    parts = "".join(
        f"""
{year + 1}-03-15 * "Patronage"
  coop-kind: "patronage"
  coop-year: "{year}"
  Equity:Surplus:Appropriated    {amount}.00 USD
  Equity:Members:Ana:Patronage  -{amount}.00 USD
"""
        for year, amount in ((2021, 10), (2022, 20))
    )
    redeemed = """
2024-01-15 * "The oldest is redeemed"
  coop-kind: "redemption"
  Equity:Members:Ana:Patronage   15.00 USD
  Assets:Bank                   -15.00 USD
"""
    found = shown(tmp_path, parts + redeemed)
    assert [(one.role, one.year, one.amount) for one in found.holdings] == [
        ("patronage", 2022, Decimal(15))
    ]
    before = shown(tmp_path, parts + redeemed, datetime.date(2023, 12, 31))
    assert [(one.year, one.amount) for one in before.holdings] == [
        (2021, Decimal(10)),
        (2022, Decimal(20)),
    ]


def test_somebody_who_is_not_there_is_named(tmp_path: Path) -> None:
    book = load_book(books.write(tmp_path, HEAD))
    with pytest.raises(MemberUnknownError, match="no member 'Zoe'"):
        account_of(book, "Zoe")
