"""Instalments: their days, their amounts, and that they add up."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.instalments import Plan
from coopledger.domain.instalments import due_by

CENT = Decimal("0.01")
AGREED = datetime.date(2024, 8, 31)


def test_equal_parts_begin_one_period_after_the_agreement() -> None:
    dues = Plan(count=3, every=6).dues(Decimal("100.00"), AGREED, CENT)
    assert [(str(day), str(amount)) for day, amount in dues] == [
        ("2025-02-28", "33.34"),
        ("2025-08-28", "33.33"),
        ("2026-02-28", "33.33"),
    ]


def test_parts_of_a_fixed_amount_end_with_the_rest() -> None:
    plan = Plan(count=3, every=1, first=AGREED, each=Decimal("40.00"))
    amounts = [str(amount) for _, amount in plan.dues(Decimal("100.00"), AGREED, CENT)]
    assert amounts == ["40.00", "40.00", "20.00"]


def test_more_than_there_is_is_never_due() -> None:
    plan = Plan(count=3, each=Decimal("60.00"))
    amounts = [amount for _, amount in plan.dues(Decimal("100.00"), AGREED, CENT)]
    assert amounts == [Decimal("60.00"), Decimal("40.00"), Decimal(0)]


def test_instalments_without_an_end_are_due_on_the_last_day_there_is() -> None:
    dues = Plan(count=2, every=12 * 9000).dues(Decimal("1.00"), AGREED, CENT)
    assert [day for day, _ in dues] == [datetime.date.max, datetime.date.max]


@given(
    amount=st.integers(0, 10**7).map(lambda cents: cents * CENT),
    count=st.integers(1, 60),
    each=st.none() | st.integers(1, 10**6).map(lambda cents: cents * CENT),
)
def test_instalments_add_up(amount: Decimal, count: int, each: Decimal | None) -> None:
    dues = Plan(count=count, each=each).dues(amount, AGREED, CENT)
    assert len(dues) == count
    assert due_by(dues, datetime.date.max) == amount
    assert all(part >= 0 for _, part in dues)
