"""Qualified and nonqualified notices that leave a co-op the same."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.notices import Notice
from coopledger.domain.notices import compare_notices

CENT = Decimal("0.01")


def amounts(notice: Notice) -> list[Decimal]:
    """Return cash, paper, tax and what is kept."""
    return [notice.cash, notice.paper, notice.tax, notice.kept]


def test_of_100_with_40_in_money_a_nonqualified_notice_pays_20_at_a_quarter_tax() -> (
    None
):
    both = compare_notices(Decimal(100), Decimal("0.4"), Decimal("0.25"), CENT)
    assert amounts(both.qualified) == [40, 60, 0, 60]
    assert amounts(both.nonqualified) == [20, 80, 20, 60]
    assert both.is_neutral


def test_a_high_tax_leaves_less_even_without_any_money() -> None:
    both = compare_notices(Decimal(100), Decimal("0.2"), Decimal("0.5"), CENT)
    assert amounts(both.nonqualified) == [0, 100, 50, 50]
    assert not both.is_neutral


@given(
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 1, places=3),
    st.decimals(0, "0.9", places=3),
)
def test_a_co_op_never_keeps_less_where_there_is_a_neutral_notice(
    amount: Decimal, cash: Decimal, tax: Decimal
) -> None:
    both = compare_notices(amount, cash, tax, CENT)
    for notice in (both.qualified, both.nonqualified):
        assert notice.cash + notice.paper == amount
        assert notice.paper - notice.tax == notice.kept
    if both.is_neutral:
        # A cent less in money leaves at most a cent more.
        gap = both.nonqualified.kept - both.qualified.kept
        assert 0 <= gap <= 2 * CENT
    else:
        assert both.nonqualified.cash == 0
        assert both.nonqualified.kept < both.qualified.kept
