"""The days by which what follows from patronage has to be done, and what was done.

What is not deducted in the payment period is not deducted at all, and a notice that is
given too late is none (26 U.S.C. 1382(d)).  Each day follows from dated records of the
preset; nothing of it stands here.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

from coopledger.domain.amounts import ZERO
from coopledger.domain.delimited import delimited
from coopledger.domain.filings import NETTING_NOTICE
from coopledger.errors import CoopledgerError
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.forms import year_end
from coopledger.phrases import Phrase
from coopledger.rules.tax import payment_deadline
from coopledger.services.shaping import SCHEMA
from coopledger.services.taxing import patron_worksheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.case import Posted
    from coopledger.law.reporting import Debt

    Say = Callable[[Phrase], str]

State = Literal["done", "done late", "open", "late"]

#: What has to be done, in words.
TASKS = {
    "notify": Phrase("Distribute the result and give members their written notices"),
    "pay": Phrase("Pay the money part"),
    "check": Phrase("Qualified checks are cashed"),
    "netting": Phrase("Tell patrons which loss was set against which earnings"),
    "form": Phrase("Give each patron Form 1099-PATR"),
}
STATES = {
    "done": Phrase("done"),
    "done late": Phrase("done late"),
    "open": Phrase("open"),
    "late": Phrase("late"),
}
COLUMNS = ("due", "task", "year", "state", "done", "open", "source")


class NoPaymentPeriodError(CoopledgerError):
    """There are no such days for a co-op of that tax regime."""

    def __init__(self, book: str, on: datetime.date, regime: str) -> None:
        """Name the regime."""
        super().__init__(
            f"{book} has no payment period: it is for co-operatives under Subchapter "
            f"T, and tax.regime on {on} is {regime}."
        )


@dataclass(frozen=True, slots=True)
class DueDate:
    """Something that has to be done by a day.

    Attributes:
        due: The last day.
        task: What, a key of `TASKS`.
        year: The fiscal year that it is about; for a form the calendar year of payment.
        done: The day on which all of it was done, or None.
        left: What of it is open on the day that was asked for: an amount, for a form
            the number of forms; None where nothing can be counted.
        state: How it stands on that day.
        source: Where the day comes from, and how sure that is.
    """

    due: datetime.date
    task: str
    year: int
    done: datetime.date | None
    left: Decimal | int | None
    state: State
    source: str


def due_dates(case: Case, today: datetime.date) -> tuple[DueDate, ...]:
    """Return all days of a book, in order, as they stand on one day.

    Args:
        case: The books under their law.
        today: The day; what was booked later is not done yet.

    Raises:
        NoPaymentPeriodError: The co-op was never under Subchapter T.
    """
    books, policy = case.books, case.policy
    years = [
        figures
        for figures in books.years.values()
        if is_under_subchapter_t(policy, figures.fiscal.end)
    ]
    if not years:
        regime = policy.text("tax.regime", today, "none")
        raise NoPaymentPeriodError(books.title or books.path, today, regime)
    posted = {one.year: one for _, one in case.distributed_years()}
    found = [
        one
        for figures in years
        if figures.fiscal.end <= today
        for one in _of_year(case, figures, posted.get(figures.fiscal.label), today)
    ]
    found += _forms(case, today)
    return tuple(sorted(found, key=lambda one: (one.due, one.year, one.task)))


def _of_year(
    case: Case, figures: YearFigures, posted: Posted | None, today: datetime.date
) -> Iterator[DueDate]:
    """Return what has to be done about the patronage of a fiscal year."""
    due, year = payment_deadline(case, figures), figures.fiscal.label
    source = _source(case, "payment-period.month", figures.fiscal.end)

    def task(
        name: str,
        done: datetime.date | None,
        left: Decimal | None = None,
        last: datetime.date = due,
    ) -> DueDate:
        when = done if done and done <= today else None
        return DueDate(last, name, year, when, left, _state(when, last, today), source)

    if posted is None or not posted.is_decided:
        if case.facts(year).terms["surplus"] > 0:
            yield task("notify", None)
        return
    if posted.patronage:
        yield task("notify", posted.deciding.date)
    debts = case.reports.patronage.get(year, [])
    if debts:
        left = sum((_open(debt, today) for debt in debts), ZERO)
        paid = [booking.date for debt in debts for booking, _, _ in debt.payments]
        yield task("pay", max(paid) if not left else None, left)
    if any(made < 0 for made in figures.units.values()) and posted.patronage:
        told = [
            one.date
            for one in case.books.filings
            if one.form == NETTING_NOTICE and one.year == year
        ]
        yield task("netting", min(told, default=None))
    days = case.policy.find_number("qualified-check.days", figures.fiscal.end)
    consent = case.policy.text("patronage.consent", figures.fiscal.end, "")
    if consent == "check" and days is not None and debts:
        cleared = [
            leg.cleared for debt in debts for _, leg, _ in debt.payments if leg.cleared
        ]
        is_all = len(cleared) == sum(len(debt.payments) for debt in debts)
        last = due + datetime.timedelta(days=int(days))
        yield task("check", max(cleared) if cleared and is_all else None, None, last)


def _open(debt: Debt, today: datetime.date) -> Decimal:
    return debt.leg.amount - debt.paid_by(today)


def _forms(case: Case, today: datetime.date) -> Iterator[DueDate]:
    """Return the days by which patrons get their forms, by year of payment."""
    for year in case.reports.years:
        if year > today.year or not is_under_subchapter_t(case.policy, year_end(year)):
            continue
        sheet = patron_worksheet(case, year)
        days = [line.filed for line in sheet.lines if line.is_due]
        if not days:
            continue
        given = [day for day in days if day and day <= today]
        left = len(days) - len(given)
        done, due = (None if left else max(given)), sheet.terms.due
        state = _state(done, due, today)
        source = _source(case, "patronage-form.month", year_end(year))
        yield DueDate(due, "form", year, done, left, state, source)


def _source(case: Case, name: str, on: datetime.date) -> str:
    return "; ".join(case.policy.setting(name, on).sources)


def _state(
    done: datetime.date | None, due: datetime.date, today: datetime.date
) -> State:
    if done:
        return "done late" if done > due else "done"
    return "late" if today > due else "open"


def calendar_shape(
    title: str, today: datetime.date, dates: tuple[DueDate, ...]
) -> dict[str, Any]:
    """Return the days as plain data, see ``docs/json.md``."""
    return {
        "schema": SCHEMA,
        "book": title,
        "today": today.isoformat(),
        "dates": [
            {
                "due": one.due.isoformat(),
                "task": one.task,
                "year": one.year,
                "state": one.state,
                "done": one.done.isoformat() if one.done else None,
                "open": None if one.left is None else str(one.left),
                "source": one.source,
            }
            for one in dates
        ],
    }


def in_words(one: DueDate, say: Say = str) -> str:
    """Say what has to be done, and of which year."""
    words = say(TASKS[one.task])
    if one.task == "form":
        said = Phrase("{task} (payments of {year})", task=words, year=one.year)
    else:
        said = Phrase("{task} (fiscal year {year})", task=words, year=one.year)
    return say(said)


def calendar_csv(dates: tuple[DueDate, ...], say: Say = str) -> str:
    """Return the days as comma-separated values."""
    rows = (
        (
            one.due,
            say(TASKS[one.task]),
            str(one.year),
            say(STATES[one.state]),
            one.done,
            one.left,
            one.source,
        )
        for one in dates
    )
    return delimited(COLUMNS, rows)
