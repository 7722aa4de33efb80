"""Fiscal years are Fava's, and deadlines go by the calendar."""

from __future__ import annotations

import datetime

import pytest
from fava.util.date import FiscalYearEnd as FavaYearEnd
from fava.util.date import get_fiscal_period
from fava.util.date import parse_fye_string
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.periods import ONE_DAY
from coopledger.domain.periods import FiscalYear
from coopledger.domain.periods import FiscalYearEnd
from coopledger.domain.periods import add_months
from coopledger.domain.periods import nth_day_of_month_after

ENDS = [
    (month, day)
    for month in range(1, 24)
    for day in (1, 15, 27, 28, 30, 31)
    if FiscalYearEnd.parse(f"{month:02}-{day:02}")
]


def date(text: str) -> datetime.date:
    """Read a date."""
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(("month", "day"), ENDS)
def test_a_fiscal_year_is_the_one_that_fava_shows(month: int, day: int) -> None:
    own, favas = FiscalYearEnd(month, day), FavaYearEnd(month, day)
    for label in range(1999, 2030):
        start, after = get_fiscal_period(label, favas)
        year = own.year(label)
        assert (year.start, year.end + ONE_DAY) == (start, after)


@given(
    st.sampled_from(ENDS),
    st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1)),
)
def test_a_day_lies_in_the_year_it_is_told_to_lie_in(
    end: tuple[int, int], on: datetime.date
) -> None:
    fiscal = FiscalYearEnd(*end).year_of(on)
    assert on in fiscal
    assert fiscal == FiscalYearEnd(*end).year(fiscal.label)


@given(st.sampled_from(ENDS), st.integers(1990, 2090))
def test_years_follow_each_other_without_a_gap(
    end: tuple[int, int], label: int
) -> None:
    year_end = FiscalYearEnd(*end)
    assert year_end.year(label).end + ONE_DAY == year_end.year(label + 1).start


@pytest.mark.parametrize(
    "text",
    ["12-31", "06-30", "02-28", "15-31", "13-01", "02-29", "06-31", "6-30", "end", ""],
)
def test_what_fava_cannot_read_is_not_read_here_either(text: str) -> None:
    own, favas = FiscalYearEnd.parse(text), parse_fye_string(text)
    assert (own is None) == (favas is None)
    if own and favas:
        assert (own.month, own.day) == (favas.month, favas.day)


def test_there_is_no_month_zero() -> None:
    assert FiscalYearEnd.parse("00-31") is None


def test_the_year_to_june_is_named_by_its_end() -> None:
    year = FiscalYearEnd(6, 30).year(2025)
    assert year == FiscalYear(2025, date("2024-07-01"), date("2025-06-30"))
    assert date("2025-06-30") in year
    assert date("2025-07-01") not in year
    assert "2025-01-01" not in year


def test_a_year_may_be_named_by_its_start() -> None:
    year = FiscalYearEnd(15, 31).year(2024)
    assert (year.start, year.end) == (date("2024-04-01"), date("2025-03-31"))
    assert FiscalYearEnd(15, 31).year_of(date("2025-03-31")).label == 2024


def test_a_year_to_the_end_of_february_ends_on_the_29th_in_leap_years() -> None:
    year_end = FiscalYearEnd(2, 28)
    assert year_end.year(2024).end == date("2024-02-29")
    assert year_end.year(2025).end == date("2025-02-28")


# 26 U.S.C. 1382(d): the payment period ends on the fifteenth day of the ninth month.
@pytest.mark.parametrize(
    ("end", "label", "deadline"),
    [
        ("12-31", 2025, "2026-09-15"),
        ("06-30", 2025, "2026-03-15"),
        ("09-30", 2025, "2026-06-15"),
        ("01-31", 2026, "2026-10-15"),
        ("03-31", 2025, "2025-12-15"),
        ("02-28", 2024, "2024-11-15"),
        ("05-31", 2025, "2026-02-15"),
        ("10-31", 2025, "2026-07-15"),
        ("15-31", 2024, "2025-12-15"),
    ],
)
def test_the_payment_period_ends_on_the_15th_of_the_ninth_month(
    end: str, label: int, deadline: str
) -> None:
    year_end = FiscalYearEnd.parse(end)
    assert year_end
    assert nth_day_of_month_after(year_end.year(label), 9, 15) == date(deadline)


@given(st.sampled_from(ENDS), st.integers(1990, 2090))
def test_the_ninth_month_after_any_year_end_is_nine_months_later(
    end: tuple[int, int], label: int
) -> None:
    year = FiscalYearEnd(*end).year(label)
    deadline = nth_day_of_month_after(year, 9, 15)
    months = (deadline.year - year.end.year) * 12 + deadline.month - year.end.month
    assert (months, deadline.day) == (9, 15)


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    assert add_months(date("2025-01-31"), 1) == date("2025-02-28")
    assert add_months(date("2024-01-31"), 1) == date("2024-02-29")
    assert add_months(date("2025-11-30"), 3) == date("2026-02-28")
    assert add_months(date("2025-05-15"), 12) == date("2026-05-15")
    assert add_months(date("2025-01-15"), -1) == date("2024-12-15")


@pytest.mark.parametrize("end", ["12-31", "06-30", "15-31"])
@pytest.mark.parametrize("day", [datetime.date.min, datetime.date.max])
def test_the_first_and_the_last_day_of_the_calendar_lie_in_a_year(
    end: str, day: datetime.date
) -> None:
    parsed = FiscalYearEnd.parse(end)
    assert parsed is not None
    fiscal = parsed.year_of(day)
    assert fiscal.start <= fiscal.end
    assert day <= fiscal.end
