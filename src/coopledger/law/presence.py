"""Who was there long enough in a year to share in it, where a law asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.periods import ONE_DAY
from coopledger.domain.periods import add_months

if TYPE_CHECKING:
    import datetime

    from coopledger.domain.books import Books
    from coopledger.domain.books import Labour
    from coopledger.domain.books import YearFigures
    from coopledger.law.policy import Policy


class Presence:
    """Says who had months enough in a year, or seniority enough at its end.

    Months of presence are those in which somebody was paid, or was a member.  Seniority
    runs from the first pay or from joining.  A book that pays once a year does not tell
    how long anybody was there, and nobody is left out for it.
    """

    def __init__(self, books: Books, policy: Policy, figures: YearFigures) -> None:
        self.books = books
        self.figures = figures
        end = figures.fiscal.end
        self.months = policy.find_number("workers.minimum-months", end)
        self.seniority = policy.find_number("workers.seniority-months", end)
        self._pays_by_month: bool | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether the law asks for any presence at all."""
        return self.months is not None and self.seniority is not None

    def is_too_short(self, name: str, *, is_member: bool) -> bool:
        """Say whether somebody was there too short a time to share in the year."""
        if self.months is None or self.seniority is None:
            return False
        people = self.figures.members if is_member else self.figures.hired
        labour = people.get(name)
        if labour is None or not self.pays_by_month:
            return False
        return not (
            _months_paid(labour) >= self.months
            or self._was_member_for(name, int(self.months))
            or self._is_senior(name, int(self.seniority))
        )

    @property
    def pays_by_month(self) -> bool:
        """Whether anybody is paid in as many months as the law asks for."""
        if self._pays_by_month is None:
            people = [*self.figures.members.values(), *self.figures.hired.values()]
            self._pays_by_month = any(
                _months_paid(labour) >= (self.months or 0) for labour in people
            )
        return self._pays_by_month

    def _was_member_for(self, name: str, months: int) -> bool:
        fiscal = self.figures.fiscal
        standing = self.books.register.during(name, fiscal.end)
        if standing is None or standing.joined is None:
            return False
        start = max(standing.joined, fiscal.start)
        end = min(standing.left or fiscal.end, fiscal.end)
        return add_months(start, months) <= end + ONE_DAY

    def _is_senior(self, name: str, months: int) -> bool:
        since = self._since(name)
        return add_months(since, months) <= self.figures.fiscal.end + ONE_DAY

    def _since(self, name: str) -> datetime.date:
        """Return the day of somebody's first pay, as member or not, or of joining."""
        standing = self.books.register.during(name, self.figures.fiscal.end)
        days = [self.figures.fiscal.end]
        if standing and standing.joined:
            days.append(standing.joined)
        for figures in self.books.years.values():
            for people in (figures.members, figures.hired):
                labour = people.get(name)
                if labour and labour.first:
                    days.append(labour.first[0])
        return min(days)


def _months_paid(labour: Labour) -> int:
    return len({(day.year, day.month) for day, *_ in labour.rows})
