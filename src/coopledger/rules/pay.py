"""Rules on pay and work: solidarity, the least, and whose work it is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.law.standing import members_on
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

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
                Phrase(
                    "In fiscal year {year} {high} is paid {ratio} times as much an "
                    "hour as {low}; the most is {cap} times.",
                    year=figures.fiscal.label,
                    high=high,
                    ratio=Figure(ratio),
                    low=low,
                    cap=Figure(cap.normalize()),
                ),
                Phrase(
                    "Correct the pay or the hours of one of the two; the assembly "
                    "may decide on another cap."
                ),
                case.books.origin,
                on,
                amount=ratio,
                limit=cap,
            )


def hours_of(people: Mapping[str, Labour]) -> Decimal:
    """Return what people worked in a year together."""
    return sum((labour.hours for labour in people.values()), ZERO)


@rule(
    "COOP-PAY-10",
    basis="law",
    sources=("Ley 11/2019, art. 103",),
    needs=("pay.minimum-year", "pay.full-time-hours"),
    catalogue=("R83",),
    example="es-basque-worker",
)
def advances_reach_the_minimum_wage(case: Case) -> Iterator[Breach]:
    """Whoever works full time is advanced the legal minimum wage of a year at least.

    Holds::

        2024-01-01 custom "coop-parameter" "pay.full-time-hours" 1000
        2024-12-31 * "Anticipos, hasta 15,876 EUR por cada 1,000 horas"
          Expenses:Anticipos:Ana     176.28 EUR
          Expenses:Anticipos:Bea      58.76 EUR
          Assets:Banco              -235.04 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "pay.full-time-hours" 1000
        2024-12-31 * "Anticipos, hasta casi 15,876 EUR por cada 1,000 horas"
          Expenses:Anticipos:Ana     176.27 EUR
          Expenses:Anticipos:Bea      58.76 EUR
          Assets:Banco              -235.03 EUR
    """
    for figures in case.books.years.values():
        on = figures.fiscal.end
        least = case.policy.find_number("pay.minimum-year", on)
        full = case.policy.find_number("pay.full-time-hours", on)
        if least is None or full is None:
            continue
        for member, labour in figures.members.items():
            due = Fraction(least) * Fraction(labour.hours) / Fraction(full)
            if labour.hours > 0 and labour.amount < due:
                shown = round_to(due, case.books.unit, "up")
                yield Breach(
                    Phrase(
                        "{member} is advanced {paid} for {hours} hours of fiscal "
                        "year {year}; the minimum wage for them is {limit}.",
                        member=member,
                        paid=labour.amount,
                        hours=Figure(labour.hours),
                        year=figures.fiscal.label,
                        limit=shown,
                    ),
                    Phrase("Raise the advances, or correct the hours."),
                    case.books.origin,
                    on,
                    amount=labour.amount,
                    limit=shown,
                )


@rule(
    "COOP-PAY-11",
    basis="law",
    sources=("Ley 11/2019, art. 103",),
    needs=("pay.monthly",),
    catalogue=("R84",),
    severity="warning",
    example="es-basque-worker",
)
def who_works_is_advanced_monthly(case: Case) -> Iterator[Breach]:
    """A member who works in a month is advanced pay in that month.

    Holds::

        2023-12-31 custom "coop-patronage" "horas" "Assets:Horas:{member}"
          measure: "units"
          currency: "HORA"
        2024-12-31 * "Horas de Ana"
          Assets:Horas:Ana   10 HORA
          Income:Horas      -10 HORA

    Breaks::

        2023-12-31 custom "coop-patronage" "horas" "Assets:Horas:{member}"
          measure: "units"
          currency: "HORA"
        2024-11-30 * "Horas de Ana, a quien en noviembre no se anticipa nada"
          Assets:Horas:Ana   10 HORA
          Income:Horas      -10 HORA
    """
    for figures in case.books.years.values():
        setting = case.policy.find("pay.monthly", figures.fiscal.end)
        if setting is None or setting.value is not True:
            continue
        for member, months in _unpaid_months(figures).items():
            listed = ", ".join(f"{month:02}" for month in sorted(months))
            yield Breach(
                Phrase(
                    "{member} works in month {listed} of fiscal year {year} and is "
                    "advanced nothing in it.",
                    member=member,
                    listed=listed,
                    year=figures.fiscal.label,
                ),
                Phrase("Pay advances each month, or correct the dates."),
                case.books.origin,
                figures.fiscal.end,
            )


def _unpaid_months(figures: YearFigures) -> dict[str, set[int]]:
    """Return the months in which members worked without an advance."""
    worked: dict[str, set[int]] = {}
    for (_, member), activity in figures.activity.items():
        months = {day.month for day, quantity in activity if quantity > 0}
        worked[member] = worked.get(member, set()) | months
    paid = {
        member: {day.month for day, _, _ in labour.rows}
        for member, labour in figures.members.items()
    }
    open_ = {
        member: months - paid.get(member, set()) for member, months in worked.items()
    }
    return {member: months for member, months in open_.items() if months}


@rule(
    "COOP-PAY-12",
    basis="law",
    sources=("Ley 20/1990, art. 8",),
    needs=("pay.sector-norm", "pay.sector-multiple"),
    catalogue=("R85",),
    severity="warning",
    example="es-state-worker",
)
def pay_stays_near_the_sector(case: Case) -> Iterator[Breach]:
    """Members' average pay, returns included, is no more than so many times the norm.

    Holds::

        2024-01-01 custom "coop-parameter" "pay.sector-norm" 100

    Breaks::

        2024-01-01 custom "coop-parameter" "pay.sector-norm" 99.99
    """
    for figures in case.books.years.values():
        on, year = figures.fiscal.end, figures.fiscal.label
        norm = case.policy.find_number("pay.sector-norm", on)
        multiple = case.policy.find_number("pay.sector-multiple", on)
        people = [one for one in figures.members.values() if one.amount > 0]
        if norm is None or multiple is None or not people:
            continue
        returns = sum(case.posted(year).patronage.values(), ZERO)
        paid = sum((one.amount for one in people), returns)
        average = Fraction(paid) / len(people)
        if average > Fraction(norm * multiple):
            shown = round_to(average, case.books.unit, "up")
            yield Breach(
                Phrase(
                    "Members are paid {average} on average in fiscal year {year}, "
                    "returns included; {limit} is the most for tax.",
                    average=shown,
                    year=year,
                    limit=(norm * multiple).normalize(),
                ),
                Phrase(
                    "Ask for advice: above it the special protection for tax is lost."
                ),
                case.books.origin,
                on,
                amount=shown,
                limit=norm * multiple,
            )


@rule(
    "COOP-PAY-13",
    basis="law",
    sources=("Ley 27/1999, art. 80.7", "Ley 11/2019, art. 103.4"),
    needs=("hired.hours-cap",),
    catalogue=("R86",),
    severity="warning",
    example="es-state-worker",
)
def hired_labour_stays_within_its_share(case: Case) -> Iterator[Breach]:
    """Those who are hired work no more than a part of the hours of the members.

    Holds::

        2024-12-31 * "Salario de Carla"
          Expenses:Salarios:Carla  100.00 EUR
            hours: 12
          Assets:Banco            -100.00 EUR

    Breaks::

        2024-12-31 * "Salario de Carla"
          Expenses:Salarios:Carla  100.00 EUR
            hours: 12.01
          Assets:Banco            -100.00 EUR
    """
    for figures in case.books.years.values():
        on = figures.fiscal.end
        cap = case.policy.find_number("hired.hours-cap", on)
        hired, members = hours_of(figures.hired), hours_of(figures.members)
        is_within = not members or hired <= (cap or ZERO) * members
        if cap is None or is_within or _is_small(case, figures):
            continue
        yield Breach(
            Phrase(
                "Those who are hired work {hired} hours in fiscal year {year}; "
                "beside {hours} hours of members it may be {limit}.",
                hired=Figure(hired),
                year=figures.fiscal.label,
                hours=Figure(members),
                limit=Figure((cap * members).normalize()),
            ),
            Phrase("Offer membership, or note why their hours do not count by law."),
            case.books.origin,
            on,
            amount=hired,
            limit=cap * members,
        )


def _is_small(case: Case, figures: YearFigures) -> bool:
    """Say whether a co-op is so small that it may hire a few people anyhow."""
    on = figures.fiscal.end
    members = case.policy.find_number("hired.small-members", on)
    employees = case.policy.find_number("hired.small-employees", on)
    if members is None or employees is None:
        return False
    is_small = members_on(case.books, on) <= members
    return is_small and len(figures.hired) <= employees


@rule(
    "COOP-PAY-14",
    basis="law",
    sources=("Ley 20/1990, art. 13.10",),
    needs=("business.others-cap",),
    catalogue=("R87",),
    severity="warning",
    example="es-state-worker",
)
def business_with_others_stays_the_smaller_part(case: Case) -> Iterator[Breach]:
    """Business with those who are no members is no more than a part of all business.

    Holds::

        2024-07-01 * "Ventas a terceros"
          coop-origin: "extra-cooperative"
          Assets:Banco              1,400.00 EUR
          Income:Terceros          -1,400.00 EUR

    Breaks::

        2024-07-01 * "Ventas a terceros"
          coop-origin: "extra-cooperative"
          Assets:Banco              1,400.01 EUR
          Income:Terceros          -1,400.01 EUR
    """
    for figures in case.books.years.values():
        cap = case.policy.find_number("business.others-cap", figures.fiscal.end)
        others = figures.turnover_others
        if cap is not None and others > max(ZERO, cap * figures.turnover):
            limit = cap * figures.turnover
            yield Breach(
                Phrase(
                    "Business with others came to {others} in fiscal year {year}, of "
                    "{all} in all.",
                    others=figures.turnover_others,
                    year=figures.fiscal.label,
                    all=figures.turnover,
                ),
                Phrase(
                    "Ask for advice: above the limit the protection for tax is lost."
                ),
                case.books.origin,
                figures.fiscal.end,
                amount=figures.turnover_others,
                limit=limit,
            )
