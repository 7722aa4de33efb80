"""Rules on funds that the law feeds, and on money and losses that wait too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.capital import EDUCATION_FUND
from coopledger.phrases import Phrase
from coopledger.phrases import word
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.surpluses import surplus_years

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Trace
    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import AppliedStep
    from coopledger.law.case import Case
    from coopledger.law.case import Posted

#: Roles that rules of their own look after.
_LOOKED_AFTER = frozenset({"mandatory-reserve", "education-fund"})


@rule(
    "COOP-RES-10",
    basis="law",
    sources=("Ley 27/1999, art. 58.2",),
    needs=("reserves.mandatory.rate", "reserves.extra-cooperative.rate"),
    catalogue=("R39",),
    example="es-state-worker",
)
def reserve_gets_its_part_of_each_result(case: Case) -> Iterator[Breach]:
    """The mandatory reserve receives its legal share of each kind of result, added up.

    Holds::

        2024-07-01 * "Alquiler de un local"
          coop-origin: "extra-cooperative"
          Assets:Banco                              200.00 EUR
          Income:Alquileres                        -200.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado               1,200.00 EUR
          Liabilities:Fondos:EducacionPromocion     -50.00 EUR
          Equity:Reservas:FondoReservaObligatorio  -300.00 EUR
          Equity:Reservas:FondoReservaVoluntario   -850.00 EUR

    Breaks::

        2024-07-01 * "Alquiler de un local"
          coop-origin: "extra-cooperative"
          Assets:Banco                              200.00 EUR
          Income:Alquileres                        -200.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado               1,200.00 EUR
          Liabilities:Fondos:EducacionPromocion     -50.00 EUR
          Equity:Reservas:FondoReservaObligatorio  -299.99 EUR
          Equity:Reservas:FondoReservaVoluntario   -850.01 EUR
    """
    for figures, posted in surplus_years(case):
        expected = case.expected(posted.year)
        steps = expected.steps if expected else ()
        own = [one for one in steps if one.step.role == "mandatory-reserve"]
        leasts = [_legal_least(case, figures, one) for one in own]
        parts = [least for least in leasts if least > 0]
        given, due = posted.to_role("mandatory-reserve"), sum(parts, ZERO)
        # What falls short of a single part is the business of the rule on that part.
        if len(parts) > 1 and max(parts) <= given < due:
            yield Breach(
                Phrase(
                    "The mandatory reserve receives {given} of fiscal year {year}; "
                    "its parts of the several results come to {due}.",
                    given=given,
                    year=figures.fiscal.label,
                    due=due.normalize(),
                ),
                Phrase("Raise it by the part of the extra-cooperative result."),
                *posted.first.place,
                amount=given,
                limit=due,
            )


@rule(
    "COOP-RES-11",
    basis="law",
    sources=("Ley 11/2019, art. 72",),
    needs=("education.spend-years",),
    catalogue=("R45",),
    severity="warning",
    example="es-basque-worker",
)
def education_money_is_spent_in_time(case: Case) -> Iterator[Breach]:
    """What the education fund receives is spent, or given away, within its time.

    Holds::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion     -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio   -900.00 EUR
        2026-12-31 * "Lo que quedaba, a una entidad sin ánimo de lucro"
          Liabilities:Fondos:EducacionPromocion      200.00 EUR
          Assets:Banco                              -200.00 EUR
        2027-01-01 * "El libro sigue"
          Assets:Caja                                  1.00 EUR
          Assets:Banco                                -1.00 EUR

    Breaks::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion     -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio   -900.00 EUR
        2027-01-01 * "Lo que quedaba, un día tarde"
          Liabilities:Fondos:EducacionPromocion      200.00 EUR
          Assets:Banco                              -200.00 EUR
    """
    for label, figures in case.books.years.items():
        moved = case.books.traces_in(EDUCATION_FUND)
        fed = [trace for trace in moved if _feeds(trace) and trace[0].year == label]
        years = case.policy.find_number("education.spend-years", figures.fiscal.end)
        if not fed or years is None:
            continue
        approved = case.books.year_end.year_of(max(t[0].date for t in fed)).label
        deadline = case.books.year_end.year(max(approved, label + 1) + int(years)).end
        left = _unspent(case, label, deadline)
        if left > 0 and case.books.last > deadline:
            _, leg = fed[-1]
            yield Breach(
                Phrase(
                    "{left} of what the education fund received of fiscal year "
                    "{year} was not spent by {deadline}.",
                    left=left,
                    year=label,
                    deadline=deadline,
                ),
                Phrase("Spend it on its purpose, or give it to a body that serves it."),
                leg.origin,
                deadline,
                amount=left,
                limit=ZERO,
            )


def _feeds(trace: Trace) -> bool:
    booking, leg = trace
    return booking.is_appropriation and leg.amount > 0


def _unspent(case: Case, label: int, deadline: datetime.date) -> Decimal:
    """Return what is left of a year's part on a day; older money is spent first."""
    own = left = ZERO
    for booking, leg in case.books.traces_in(EDUCATION_FUND):
        is_later = _feeds((booking, leg)) and (booking.year or 0) > label
        if _feeds((booking, leg)) and booking.year == label:
            own += leg.amount
        if not is_later and (leg.amount > 0 or booking.date <= deadline):
            left += leg.amount
    return max(ZERO, min(own, left))


@rule(
    "COOP-RES-13",
    basis="law",
    sources=("Legge 59/1992, art. 11", "Loi n° 78-763, art. 33"),
    needs=("reserves.mandatory.rate",),
    catalogue=("R104", "R107"),
    example="it-prevalent",
)
def whatever_the_law_feeds_is_fed(case: Case) -> Iterator[Breach]:
    """Every other fund or part that the law feeds receives its legal minimum.

    Holds::

        2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Utili:Destinati         1,000.00 EUR
          Equity:Riserve:Legale           -300.00 EUR
          Liabilities:Fondi:Mutualistico   -30.00 EUR
          Equity:Riserve:Indivisibile     -670.00 EUR

    Breaks::

        2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Utili:Destinati         1,000.00 EUR
          Equity:Riserve:Legale           -300.00 EUR
          Liabilities:Fondi:Mutualistico   -29.99 EUR
          Equity:Riserve:Indivisibile     -670.01 EUR
    """
    for figures, posted in surplus_years(case):
        expected = case.expected(posted.year)
        for applied in expected.steps if expected else ():
            if applied.step.role in _LOOKED_AFTER:
                continue
            least = _legal_least(case, figures, applied)
            given = _given(posted, applied)
            if given < least:
                shown = round_to(least, case.books.unit, "up")
                yield Breach(
                    Phrase(
                        "'{step}' receives {given} of fiscal year {year}; the least "
                        "is {limit}.",
                        step=word(applied.step.title),
                        given=given,
                        year=figures.fiscal.label,
                        limit=shown,
                    ),
                    Phrase("Raise it to the least that the law asks for."),
                    *posted.first.place,
                    amount=given,
                    limit=shown,
                )


def _legal_least(case: Case, figures: YearFigures, applied: AppliedStep) -> Decimal:
    """Return the least that the law wants a step to take; zero where it says none."""
    step = applied.step
    is_share = step.kind in {"share", "patronage"} and step.treatment != "transfer"
    if not is_share or not step.rate or applied.unmet:
        return ZERO
    bounds = case.policy.bounds(step.rate, figures.fiscal.end, "statutes")
    rate = max((one.least for one in bounds if one.least), default=ZERO)
    least = round_to(rate * applied.base, case.books.unit, step.round)
    return least if applied.cap is None else min(least, max(ZERO, applied.cap))


def _given(posted: Posted, applied: AppliedStep) -> Decimal:
    """Return what a step's role received; a part for members may be paid anyhow."""
    if applied.step.kind != "patronage":
        return posted.to_role(applied.step.role)
    return sum([*posted.patronage.values(), *posted.hired.values()], ZERO)


@rule(
    "COOP-APP-21",
    basis="law",
    sources=("Legge 142/2001, art. 3.2.b",),
    needs=("patronage.pay-share",),
    catalogue=("R106",),
    example="it-prevalent",
)
def returns_stay_within_a_part_of_pay(case: Case) -> Iterator[Breach]:
    """Returns to members are no more than a part of what they were paid for work.

    Holds::

        2021-01-01 custom "coop-parameter" "patronage.share" 1
        2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Utili:Destinati         1,000.00 EUR
          Equity:Riserve:Legale           -300.00 EUR
          Liabilities:Fondi:Mutualistico   -30.00 EUR
          Equity:Soci:Ana:Ristorni         -90.00 EUR
          Equity:Soci:Bea:Ristorni         -30.00 EUR
          Equity:Riserve:Indivisibile     -550.00 EUR

    Breaks::

        2021-01-01 custom "coop-parameter" "patronage.share" 1
        2025-04-01 * "Destinazione del 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Utili:Destinati         1,000.00 EUR
          Equity:Riserve:Legale           -300.00 EUR
          Liabilities:Fondi:Mutualistico   -30.00 EUR
          Equity:Soci:Ana:Ristorni         -90.01 EUR
          Equity:Soci:Bea:Ristorni         -30.00 EUR
          Equity:Riserve:Indivisibile     -549.99 EUR
    """
    for figures, posted in surplus_years(case):
        share = case.policy.find_number("patronage.pay-share", figures.fiscal.end)
        paid = case.facts(posted.year).terms["payroll.members"]
        given = sum(posted.patronage.values(), ZERO)
        if share is not None and given > share * paid:
            yield Breach(
                Phrase(
                    "Returns of {given} go to members for fiscal year {year}; beside "
                    "pay of {paid} they may be {limit}.",
                    given=given,
                    year=figures.fiscal.label,
                    paid=paid,
                    limit=(share * paid).normalize(),
                ),
                Phrase("Put what is above the limit into the reserves."),
                *posted.first.place,
                amount=given,
                limit=share * paid,
            )
