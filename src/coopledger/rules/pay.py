"""Rules on pay: solidarity between the highest and the lowest."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import round_to
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.books import Labour
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case


#: Ratios are shown with four decimals; they are compared exactly.
_SHOWN = Decimal(1).scaleb(-4)


def hourly_pay(case: Case, figures: YearFigures) -> dict[str, Fraction]:
    """Return the exact hourly pay of everybody within the scope of the pay ratio.

    Only people with hours in the year count: pay per hour is what makes part-time and
    full-time comparable.
    """
    scope = case.policy.text("pay.ratio-scope", figures.fiscal.end, "members")
    people = dict(figures.members)
    if scope == "all":
        people |= figures.hired
    return {
        person: Fraction(labour.amount) / Fraction(labour.hours)
        for person, labour in people.items()
        if labour.hours > 0 and labour.amount > 0
    }


@rule(
    "COOP-PAY-01",
    basis="statutes",
    sources=("pay solidarity, one of Mondragón's ten principles",),
    needs=("pay.ratio-cap",),
    catalogue=("R82",),
    example="mondragon-2015",
)
def pay_ratio_stays_within_its_cap(case: Case) -> Iterator[Breach]:
    """The highest hourly pay is no more than the agreed multiple of the lowest.

    Holds::

        2025-06-30 * "Anticipos"
          Expenses:Anticipos:Ana   600.00 EUR
            hours: 10
          Expenses:Anticipos:Bea   100.00 EUR
            hours: 10
          Assets:Banco            -700.00 EUR

    Breaks::

        2025-06-30 * "Anticipos"
          Expenses:Anticipos:Ana   600.01 EUR
            hours: 10
          Expenses:Anticipos:Bea   100.00 EUR
            hours: 10
          Assets:Banco            -700.01 EUR
    """
    for figures in case.books.years.values():
        on = figures.fiscal.end
        cap = case.policy.find_number("pay.ratio-cap", on)
        pay = {} if cap is None else hourly_pay(case, figures)
        if cap is None or not pay:
            continue
        low = min(pay, key=lambda one: pay[one])
        high = max(reversed(pay), key=lambda one: pay[one])
        if pay[high] > Fraction(cap) * pay[low]:
            ratio = round_to(pay[high] / pay[low], _SHOWN, "up").normalize()
            yield Breach(
                f"In fiscal year {figures.fiscal.label} {high} is paid {ratio:f} times "
                f"as much an hour as {low}.",
                "Change pay, or the cap by decision of the assembly.",
                case.books.origin,
                on,
                amount=ratio,
                limit=cap,
            )


@rule(
    "COOP-PAY-02",
    basis="practice",
    severity="warning",
    sources=LANGUAGE_REFERENCE,
    catalogue=("hours",),
    example="mondragon-2015",
    yields=True,
)
def pay_says_its_hours(case: Case) -> Iterator[Breach]:
    """Where hours count and are kept, all pay says how many hours it is for.

    Holds::

        2025-06-30 * "Anticipos"
          Expenses:Anticipos:Ana   600.00 EUR
            hours: 10
          Assets:Banco            -600.00 EUR

    Breaks::

        2025-06-30 * "Anticipos"
          Expenses:Anticipos:Ana   600.00 EUR
            hours: 60
          Expenses:Anticipos:Ana   100.00 EUR
          Assets:Banco            -700.00 EUR
    """
    for figures in case.books.years.values():
        for person, labour in {**figures.members, **figures.hired}.items():
            is_unmeasured = labour.unmeasured and labour.amount > 0
            if is_unmeasured and _hours_count(case, figures, labour):
                yield _without_hours(figures, person, labour)


def _hours_count(case: Case, figures: YearFigures, labour: Labour) -> bool:
    """Say whether somebody's missing hours change anything.

    Either hours divide a year's result between members and others, or pay by the hour
    is compared, where only people who have hours at all take part.
    """
    on = figures.fiscal.end
    if figures.hired and case.policy.text("labour.measure", on, "") == "hours":
        return True
    has_cap = case.policy.find_number("pay.ratio-cap", on) is not None
    return has_cap and labour.hours > 0


def _without_hours(figures: YearFigures, person: str, labour: Labour) -> Breach:
    date, origin = labour.unmeasured[0]
    return Breach(
        f"{len(labour.unmeasured)} of {person}'s {len(labour.rows)} payments in fiscal "
        f"year {figures.fiscal.label} say no hours.",
        "Add hours: NUMBER under each posting (0 where none were worked).",
        origin,
        date,
    )


@rule(
    "COOP-PAY-03",
    basis="practice",
    severity="warning",
    sources=LANGUAGE_REFERENCE,
    catalogue=("hours",),
    example="mondragon-2015",
)
def hours_are_possible(case: Case) -> Iterator[Breach]:
    """Nobody is paid for hours below zero.

    Holds::

        2025-06-30 * "Anticipos"
          Expenses:Anticipos:Ana   600.00 EUR
            hours: 0
          Assets:Banco            -600.00 EUR

    Breaks::

        2025-06-30 * "Anticipos"
          Expenses:Anticipos:Ana   600.00 EUR
            hours: -1
          Assets:Banco            -600.00 EUR
    """
    for figures in case.books.years.values():
        for person, labour in {**figures.members, **figures.hired}.items():
            for date, origin in labour.negative:
                yield Breach(
                    f"{person} is paid on {date} for hours below zero.",
                    "Take the sign off, or take the pay back with the hours.",
                    origin,
                    date,
                )
