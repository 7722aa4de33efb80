"""Fiscal years and deadlines, by calendar arithmetic.

A fiscal year bears the label that Fava gives it: with a year end of 06-30, fiscal year
2025 runs from 2024-07-01 to 2025-06-30; with 15-31 (a month beyond twelve, Fava's way
to name a year by its start) the end lies in the following calendar year.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

ONE_DAY = datetime.timedelta(days=1)

_MONTHS = 12
#: A year without a leap day.
_ORDINARY = 2001


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """One fiscal year: its label, first day and last day (both inclusive)."""

    label: int
    start: datetime.date
    end: datetime.date

    def __contains__(self, day: object) -> bool:
        """Say whether a day lies in the year."""
        return isinstance(day, datetime.date) and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class FiscalYearEnd:
    """Month and day on which fiscal years end, as in Fava's option.

    Attributes:
        month: 1 to 12, or more than 12 when the year is named by its start.
        day: Day of the month.
    """

    month: int = 12
    day: int = 31

    @classmethod
    def parse(cls, text: str) -> FiscalYearEnd | None:
        """Read ``MM-DD``; None when the text is not of that form."""
        match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
        if not match:
            return None
        month, day = int(match[1]), int(match[2])
        # 29 February is no year end, as in Fava: most years do not have it.
        if month == 0 or not 1 <= day <= _days_in(_ORDINARY, month):
            return None
        return cls(month, day)

    def year(self, label: int) -> FiscalYear:
        """Return the fiscal year of that label."""
        return FiscalYear(label, self._end(label - 1) + ONE_DAY, self._end(label))

    def year_of(self, day: datetime.date) -> FiscalYear:
        """Return the fiscal year in which a day lies."""
        label = day.year - (self.month - 1) // _MONTHS
        return self.year(label if day <= self._end(label) else label + 1)

    def _end(self, label: int) -> datetime.date:
        year = label + (self.month - 1) // _MONTHS
        if year < datetime.MINYEAR:
            return datetime.date.min
        if year > datetime.MAXYEAR:
            return datetime.date.max
        month = (self.month - 1) % _MONTHS + 1
        # Fava lets a year that ends on 28 February end on the 29th in leap years.
        is_february_end = (month, self.day) == (2, 28)
        day = _days_in(year, month) if is_february_end else self.day
        return datetime.date(year, month, day)


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, (month - 1) % _MONTHS + 1)[1]


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later, or the last day of that month."""
    years, index = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, index + 1
    return datetime.date(year, month, min(day.day, _days_in(year, month)))


def nth_day_of_month_after(year: FiscalYear, month: int, day: int) -> datetime.date:
    """Return the n-th day of the n-th month after a fiscal year's end.

    Args:
        year: The fiscal year.
        month: How many months after the year end, e.g. 9 for "the ninth month".
        day: Day of that month, e.g. 15.

    Returns:
        The date; for a year that ends on 30 June 2025, the fifteenth day of the ninth
        month is 15 March 2026 (26 U.S.C. 1382(d)).
    """
    return add_months(year.end.replace(day=1), month).replace(day=day)
