"""Rules on pay: solidarity between the highest and the lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case


def hourly_pay(case: Case, figures: YearFigures) -> dict[str, Decimal]:
    """Return the hourly pay of everybody within the scope of the pay ratio.

    Only people with hours in the year count: pay per hour is what makes part-time and
    full-time comparable.
    """
    scope = case.policy.text("pay.ratio-scope", figures.fiscal.end, "members")
    people = dict(figures.members)
    if scope == "all":
        people |= figures.hired
    return {
        person: labour.amount / labour.hours
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
        pay = hourly_pay(case, figures)
        if cap is None or not pay:
            continue
        high, low = (
            max(pay, key=lambda one: pay[one]),
            min(pay, key=lambda one: pay[one]),
        )
        if pay[high] > cap * pay[low]:
            ratio = round(pay[high] / pay[low], 4)
            yield Breach(
                f"In fiscal year {figures.fiscal.label} {high} is paid {ratio} times "
                f"as much an hour as {low}.",
                "Change pay, or the cap by decision of the assembly.",
                case.books.origin,
                on,
                amount=ratio,
                limit=cap,
            )
