"""Capital by the time it stood, in the four ways that are in use."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.capital import CapitalMovement
from coopledger.domain.findings import Origin
from coopledger.domain.interest import METHODS
from coopledger.domain.interest import capital_by_time
from coopledger.domain.periods import FiscalYear
from coopledger.domain.periods import FiscalYearEnd

YEAR = FiscalYear(2025, datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
LEAP = FiscalYear(2024, datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
ENDS = [
    FiscalYearEnd(month, day)
    for month, day in zip(
        range(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True
    )
]


def paid(
    day: datetime.date, amount: str, kind: str = "contribution"
) -> CapitalMovement:
    """Return a movement of Ana's capital."""
    here = Origin("main.beancount", 1)
    return CapitalMovement(
        day, "Ana", "contribution", kind, Decimal(amount), None, "", here
    )


def stood(
    movements: list[CapitalMovement],
    year: FiscalYear,
    method: str = "day",
    day_count: str = "actual",
    *,
    running: bool = True,
) -> Fraction:
    """Return Ana's capital by time."""
    found = capital_by_time(movements, year, method, day_count, running=running)
    return found.get("Ana", Fraction(0))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("end", ENDS, ids=lambda end: f"{end.month:02}")
def test_what_stood_all_year_counts_whole_in_every_fiscal_year(
    method: str, end: FiscalYearEnd
) -> None:
    year = end.year(2025)
    assert stood([paid(datetime.date(2000, 1, 1), "100")], year, method) == 100


@pytest.mark.parametrize(
    ("year", "part"), [(YEAR, Fraction(1, 365)), (LEAP, Fraction(1, 366))]
)
def test_who_joins_on_the_last_day_counts_for_one_day(
    year: FiscalYear, part: Fraction
) -> None:
    assert stood([paid(year.end, "100")], year) == 100 * part


@pytest.mark.parametrize(
    ("day_count", "whole"),
    [("actual", 1), ("365", Fraction(366, 365)), ("360", Fraction(366, 360))],
)
def test_a_leap_year_is_longer_by_a_fixed_number_of_days(
    day_count: str, whole: Fraction
) -> None:
    assert stood([paid(YEAR.start, "1")], YEAR, "day", "actual") == 1
    before = [paid(datetime.date(2020, 1, 1), "1")]
    assert stood(before, LEAP, "day", day_count) == whole


@pytest.mark.parametrize("month", range(1, 13))
def test_a_payment_counts_from_its_own_month_or_from_the_next(month: int) -> None:
    for day in (1, 28):
        movements = [paid(datetime.date(2025, month, day), "12")]
        assert stood(movements, YEAR, "month-of-payment") == 13 - month
        assert stood(movements, YEAR, "month-after-payment") == 12 - month


def test_months_are_counted_from_the_start_of_the_fiscal_year() -> None:
    year = FiscalYearEnd(6, 30).year(2025)
    july = [paid(datetime.date(2024, 7, 15), "12")]
    january = [paid(datetime.date(2025, 1, 15), "12")]
    june = [paid(datetime.date(2025, 6, 30), "12")]
    assert [stood(m, year, "month-of-payment") for m in (july, january, june)] == [
        12,
        6,
        1,
    ]


def test_the_average_of_month_ends_is_the_average_of_share_months() -> None:
    """Six months at 6,000 and six at 12,000 are 9,000."""
    movements = [
        paid(datetime.date(2024, 5, 5), "6000"),
        paid(datetime.date(2025, 7, 31), "6000"),
    ]
    assert stood(movements, YEAR, "month-end-average") == 9000
    later = [movements[0], paid(datetime.date(2025, 8, 1), "6000")]
    assert stood(later, YEAR, "month-end-average") == 8500


def test_on_the_opening_balance_only_what_stood_on_the_first_day_counts() -> None:
    movements = [
        paid(datetime.date(2024, 12, 31), "100"),
        paid(datetime.date(2025, 1, 1), "50"),
    ]
    assert stood(movements, YEAR, running=False) == 100
    assert stood(movements, YEAR) == 150


def test_an_opening_of_the_book_itself_stood_from_the_first_day() -> None:
    movements = [paid(datetime.date(2025, 3, 1), "100", "opening")]
    assert stood(movements, YEAR, running=False) == 100
    assert stood(movements, YEAR, "month-of-payment") == 100


def test_what_comes_after_the_year_is_not_looked_at() -> None:
    movements = [
        paid(datetime.date(2026, 1, 1), "100"),
        paid(datetime.date(2026, 2, 1), "100", "opening"),
    ]
    assert stood(movements, YEAR) == 0


def test_who_owes_more_than_they_hold_has_nothing_that_earns() -> None:
    movements = [paid(YEAR.start, "100"), paid(YEAR.start, "-100")]
    assert stood(movements, YEAR) == 0
    assert stood([paid(YEAR.start, "-5")], YEAR) == 0


DAYS = st.dates(YEAR.start, YEAR.end)
MOVEMENTS = st.lists(st.tuples(DAYS, st.decimals(-1000, 1000, places=2)), max_size=8)


@given(MOVEMENTS)
def test_by_day_it_is_the_mean_of_the_balances_of_all_days(
    drawn: list[tuple[datetime.date, Decimal]],
) -> None:
    movements = [paid(day, str(amount)) for day, amount in drawn]
    movements.append(paid(datetime.date(2024, 1, 1), "10000"))
    days = [YEAR.start + datetime.timedelta(days=n) for n in range(365)]
    balances = [
        sum((m.amount for m in movements if m.date <= day), Decimal(0)) for day in days
    ]
    assert stood(movements, YEAR) == Fraction(sum(balances)) / 365


@given(MOVEMENTS, st.sampled_from(sorted(METHODS)))
def test_the_order_of_movements_means_nothing(
    drawn: list[tuple[datetime.date, Decimal]], method: str
) -> None:
    movements = [paid(day, str(amount)) for day, amount in drawn]
    assert stood(movements, YEAR, method) == stood(movements[::-1], YEAR, method)
