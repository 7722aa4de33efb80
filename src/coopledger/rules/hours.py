"""Rules on hours: all that count are written down, and none of them is impossible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.phrases import Phrase
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.books import Labour
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case


@rule(
    "COOP-PAY-02",
    basis="practice",
    severity="warning",
    sources=LANGUAGE_REFERENCE,
    catalogue=("hours",),
    example="mondragon-2015",
    yields_to=("COOP-LANG-01", "COOP-LANG-03"),
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
        Phrase(
            "{count} of {person}'s {all} payments in fiscal year {year} say no hours.",
            count=len(labour.unmeasured),
            person=person,
            all=len(labour.rows),
            year=figures.fiscal.label,
        ),
        Phrase("Add hours: NUMBER under each posting (0 where none were worked)."),
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
                    Phrase(
                        "{person} is paid on {day} for hours below zero.",
                        person=person,
                        day=date,
                    ),
                    Phrase("Take the sign off, or take the pay back with the hours."),
                    origin,
                    date,
                )
