"""Accounts of leavers: what is settled, earned and paid, and refunds refused."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.findings import Origin
from coopledger.domain.members import MemberEvent
from coopledger.domain.members import Register
from coopledger.domain.refunds import Demand
from coopledger.domain.refunds import Refund
from coopledger.domain.refunds import demands_of
from coopledger.domain.refunds import is_refused
from coopledger.domain.refunds import requested_on
from coopledger.journal.loading import load_book
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.leaving import Leaver
    from coopledger.domain.members import EventName
    from coopledger.domain.refunds import RefundEvent

LEFT = datetime.date(2024, 6, 30)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def refund(event: RefundEvent, on: str) -> Refund:
    return Refund("Bea", event, day(on), None, Origin("", 0))


def leaver(folder: Path, ledger: str) -> Leaver:
    text = books.preamble("us-worker-ica") + ledger
    return load_book(books.write(folder, text)).case.leavers["Bea"]


LEDGER = """
2024-06-30 custom "coop-member" "Bea" "leave"
  exit: "retirement"
2024-07-31 * "Her account becomes a debt, with a first interest"
  Equity:Members:Bea:Contribution  1000.00 USD
  Liabilities:Redemptions:Bea     -1000.00 USD
2024-08-31 * "Interest"
  Expenses:Interest                  10.00 USD
  Liabilities:Redemptions:Bea       -10.00 USD
2024-08-31 * "Interest out of the interest on capital"
  Expenses:InterestOnCapital          5.00 USD
  Liabilities:Redemptions:Bea        -5.00 USD
2024-09-30 * "Paid"
  Liabilities:Redemptions:Bea       115.00 USD
  Assets:Bank                      -115.00 USD
"""


def test_a_leavers_account_can_be_read_on_any_day(tmp_path: Path) -> None:
    found = leaver(tmp_path, LEDGER)
    assert (found.member, found.left, found.ending.exit_kind) == (
        "Bea",
        LEFT,
        "retirement",
    )
    on = {name: day(name) for name in ("2024-07-30", "2024-08-31", "2024-09-30")}
    assert [str(found.held(one)) for one in on.values()] == ["1000.00", "0.00", "0.00"]
    assert [str(found.owed(one)) for one in on.values()] == ["0", "1015.00", "900.00"]
    assert [str(found.repaid(one)) for one in on.values()] == ["0", "0", "100.00"]
    assert [str(found.outstanding(one)) for one in on.values()] == [
        "0",
        "1000.00",
        "900.00",
    ]


DEBT = LEDGER.partition('2024-08-31 * "Interest"')[0]


def test_a_part_of_a_year_earns_by_its_days(tmp_path: Path) -> None:
    found = leaver(tmp_path, DEBT)
    rates = [(day("2024-01-01"), Decimal("0.10"))]
    first = Fraction(1000) / 10
    assert found.accrued(day("2024-08-10"), rates) == first * Fraction(10, 365)
    assert found.accrued(day("2025-07-31"), rates) == first
    assert found.accrued(day("2025-08-10"), rates) == first * Fraction(375, 365)
    assert found.accrued(day("2025-08-10"), []) is None


def test_what_capital_turns_into_a_debt_is_no_interest(tmp_path: Path) -> None:
    ledger = LEDGER.replace(
        "  Liabilities:Redemptions:Bea     -1000.00 USD\n",
        "  Expenses:Fees  3.00 USD\n  Liabilities:Redemptions:Bea  -1003.00 USD\n",
    )
    found = leaver(tmp_path, ledger)
    assert [str(one.amount) for one in found.settlements] == ["1003.00"]


def test_nobody_is_a_leaver_of_a_book_that_nobody_left(tmp_path: Path) -> None:
    path = books.write(tmp_path, books.preamble("us-worker-ica"))
    assert load_book(path).case.leavers == {}


def test_an_exit_ends_the_membership_before_it_and_no_later_one() -> None:
    def event(what: EventName, on: str) -> MemberEvent:
        return MemberEvent("Bea", what, day(on), Origin("", 0))

    register = Register.of(
        [
            event("join", "2020-01-01"),
            event("leave", "2021-12-31"),
            event("join", "2023-01-01"),
            event("die", "2024-06-30"),
        ]
    )
    ends = {
        on: register.ending("Bea", day(on))
        for on in ("2021-12-30", "2021-12-31", "2022-12-31", "2023-01-01", "2024-06-30")
    }
    assert [one.date.year if one else None for one in ends.values()] == [
        None,
        2021,
        2021,
        None,
        2024,
    ]
    last = ends["2024-06-30"]
    assert last is not None
    assert last.exit_kind == "death"


def test_a_refusal_stands_until_it_is_granted() -> None:
    steps = [refund("refuse", "2024-07-01"), refund("grant", "2025-01-01")]
    assert not is_refused(steps, day("2024-06-30"))
    assert is_refused(steps, day("2024-07-01"))
    assert is_refused(steps, day("2024-12-31"))
    assert not is_refused(steps, day("2025-01-01"))


def test_the_time_to_pay_runs_from_leaving_or_from_what_was_granted() -> None:
    asked = refund("request", "2024-05-01")
    assert demands_of([asked], LEFT) == [Demand(LEFT)]
    assert demands_of([asked, refund("refuse", "2024-07-01")], LEFT) == []
    early = [asked, refund("grant", "2024-05-31")]
    assert demands_of(early, LEFT) == [Demand(LEFT)]
    late = [asked, refund("grant", "2024-12-31")]
    assert demands_of(late, LEFT) == [Demand(day("2024-12-31"))]


def test_the_first_request_counts_until_it_is_withdrawn() -> None:
    steps = [refund("request", "2024-01-01"), refund("request", "2024-02-01")]
    assert requested_on(steps, None) == day("2024-01-01")
    assert requested_on([*steps, refund("withdraw", "2024-03-01")], None) is None
    assert requested_on([], LEFT) == LEFT
