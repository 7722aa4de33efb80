"""Rules on interest on members' capital: how much, and out of what."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.law.evaluating import time_stood
from coopledger.law.standing import movements_before
from coopledger.law.traces import by_member
from coopledger.law.traces import place_of
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.bookings import Trace
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case


def interest_years(case: Case) -> Iterator[tuple[YearFigures, list[Trace]]]:
    """Return the years of which interest on capital was credited."""
    for year, traces in case.traces.interest.items():
        if traces and year in case.books.years:
            yield case.books.years[year], traces


def _capital_time(
    case: Case, figures: YearFigures, traces: list[Trace]
) -> Mapping[str, Fraction]:
    """Return members' capital by the time it stood, as the by-laws count time.

    The interest that is looked at earns none itself.
    """
    known = case.facts(figures.fiscal.label).capital_time
    if known and all(booking.is_appropriation for booking, _ in traces):
        return known
    own = {leg.origin for _, leg in traces}
    movements = movements_before(case.books, figures.fiscal)
    earning = [movement for movement in movements if movement.origin not in own]
    return time_stood(case.policy, figures.fiscal, earning)


def _above_rate(
    case: Case, figures: YearFigures, traces: list[Trace], rate: Decimal, words: Phrase
) -> Iterator[Breach]:
    """Find members with more interest than a rate gives, by a cent or more."""
    standing = _capital_time(case, figures, traces)
    for member, given in by_member(traces).items():
        limit = standing.get(member, Fraction(0)) * Fraction(rate)
        if member and Fraction(given) - limit >= Fraction(case.books.unit):
            booking, leg = place_of(traces, member)
            shown = round_to(limit, case.books.unit, "down")
            yield Breach(
                Phrase(
                    "{member} is credited {given} of interest for fiscal year "
                    "{year}; {words} on their capital by the time it stood it is "
                    "{limit} at most.",
                    member=member,
                    given=given,
                    year=figures.fiscal.label,
                    words=words,
                    limit=shown,
                ),
                Phrase(
                    "Lower the interest to the limit, or correct rate, capital or days."
                ),
                leg.origin,
                booking.date,
                amount=given,
                limit=shown,
            )


@rule(
    "COOP-INT-01",
    basis="law",
    sources=(
        "Ley 27/1999, art. 48",
        "Ley 11/2019, art. 63",
        "Codice civile, art. 2514",
    ),
    needs=("interest.legal-rate", "interest.over-legal"),
    catalogue=("R22", "R105"),
    example="es-basque-worker",
)
def interest_stays_near_the_legal_rate(case: Case) -> Iterator[Breach]:
    """Interest on capital stays within so many points above the legal rate.

    Holds::

        2024-01-01 custom "coop-parameter" "interest.day-count" "actual"
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones  92.50 EUR
          Equity:Socias:Ana:Intereses    -92.50 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "interest.day-count" "actual"
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones  92.51 EUR
          Equity:Socias:Ana:Intereses    -92.51 EUR
    """
    for figures, traces in interest_years(case):
        on = figures.fiscal.end
        legal = case.policy.find_number("interest.legal-rate", on)
        over = case.policy.find_number("interest.over-legal", on)
        if legal is not None and over is not None:
            rate = legal + over
            words = Phrase(
                "at the highest lawful rate, {rate},", rate=Figure(rate.normalize())
            )
            yield from _above_rate(case, figures, traces, rate, words)


@rule(
    "COOP-INT-02",
    basis="statutes",
    sources=("MONDRAGON Congress of 2010", "SELC sample by-laws"),
    needs=("interest.policy-cap",),
    catalogue=("R21", "R32"),
    example="mondragon-2015",
)
def interest_stays_below_the_own_cap(case: Case) -> Iterator[Breach]:
    """Interest on capital stays within the cap of the co-op or of its group.

    Holds::

        2024-01-01 custom "coop-parameter" "interest.day-count" "actual"
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones  75.00 EUR
          Equity:Socias:Ana:Intereses    -75.00 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "interest.day-count" "actual"
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones  75.01 EUR
          Equity:Socias:Ana:Intereses    -75.01 EUR
    """
    for figures, traces in interest_years(case):
        cap = case.policy.find_number("interest.policy-cap", figures.fiscal.end)
        if cap is not None:
            words = Phrase("at the cap of {cap}", cap=Figure(cap.normalize()))
            yield from _above_rate(case, figures, traces, cap, words)


@rule(
    "COOP-INT-03",
    basis="law",
    sources=(
        "Ley 27/1999, art. 48",
        "Ley 11/2019, art. 63",
        "Loi n° 78-763, art. 33",
        "MONDRAGON Congress of 2010",
    ),
    needs=("interest.rate",),
    catalogue=("R23", "R24", "R25", "R107"),
    example="es-basque-worker",
)
def interest_comes_out_of_a_result(case: Case) -> Iterator[Breach]:
    """Interest on capital is never more than the part of a result it may take.

    Holds::

        2024-07-01 * "Avería"
          Expenses:Reparaciones  950.00 EUR
          Assets:Banco          -950.00 EUR
        2024-12-31 * "Intereses de 2024, de un resultado de 50"
          Expenses:InteresesAportaciones  50.00 EUR
          Equity:Socias:Ana:Intereses    -50.00 EUR

    Breaks::

        2024-07-01 * "Avería"
          Expenses:Reparaciones  950.00 EUR
          Assets:Banco          -950.00 EUR
        2024-12-31 * "Intereses de 2024, de un resultado de 50"
          Expenses:InteresesAportaciones  50.01 EUR
          Equity:Socias:Ana:Intereses    -50.01 EUR
    """
    for figures, traces in interest_years(case):
        given = sum((leg.amount for _, leg in traces), ZERO)
        limit = _limit_of_interest(case, figures)
        if limit is not None and given > limit:
            booking, leg = traces[-1]
            yield Breach(
                Phrase(
                    "Interest of {given} is credited for fiscal year {year}; its "
                    "result, before interest, allows {limit}.",
                    given=given,
                    year=figures.fiscal.label,
                    limit=limit,
                ),
                Phrase("Lower the interest to what the result allows."),
                leg.origin,
                booking.date,
                amount=given,
                limit=limit,
            )


def _limit_of_interest(case: Case, figures: YearFigures) -> Decimal | None:
    """Return what the limits of the preset's interest steps allow together.

    Interest that was booked as an expense already is inside the result and is added
    again.  Where the law takes free reserves as well as a surplus, they count.
    """
    year = figures.fiscal.label
    expected = case.expected(year)
    if expected is None:
        return None
    share = case.policy.find_number("interest.result-share-cap", figures.fiscal.end)
    part = 1 if share is None else share
    booked = part * figures.interest
    if expected.is_loss:
        allowed = part * case.facts(year).terms["result"] + booked
    else:
        caps = [s.cap for s in expected.steps if s.step.kind == "interest"]
        if not caps or None in caps:
            return None
        allowed = sum((cap for cap in caps if cap is not None), ZERO) + booked
    return max(ZERO, allowed, _free_reserves(case, figures))


def _free_reserves(case: Case, figures: YearFigures) -> Decimal:
    setting = case.policy.find("interest.free-reserves", figures.fiscal.end)
    if setting is None or setting.value is not True:
        return ZERO
    return figures.balances.get("voluntary-reserve", ZERO)


@rule(
    "COOP-INT-06",
    basis="law",
    sources=("Codice civile, art. 2545-quinquies",),
    needs=("interest.equity-debt-minimum",),
    catalogue=("R105",),
    example="it-prevalent",
)
def weak_balance_sheets_pay_no_interest(case: Case) -> Iterator[Breach]:
    """No interest on capital is paid while net worth is too small beside the debts.

    Holds::

        2025-04-01 * "Distribuzione del 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Utili:Destinati         1,000.00 EUR
          Equity:Riserve:Legale           -300.00 EUR
          Liabilities:Fondi:Mutualistico   -30.00 EUR
          Equity:Soci:Ana:Dividendi        -20.00 EUR
          Equity:Riserve:Indivisibile     -650.00 EUR

    Breaks::

        2024-12-30 * "Un mutuo"
          Liabilities:Mutuo            -16,000.00 EUR
          Assets:Banca                  16,000.00 EUR
        2025-04-01 * "Distribuzione del 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Utili:Destinati         1,000.00 EUR
          Equity:Riserve:Legale           -300.00 EUR
          Liabilities:Fondi:Mutualistico   -30.00 EUR
          Equity:Soci:Ana:Dividendi        -20.00 EUR
          Equity:Riserve:Indivisibile     -650.00 EUR
    """
    for figures, traces in interest_years(case):
        terms = case.facts(figures.fiscal.label).terms
        least = case.policy.find_number(
            "interest.equity-debt-minimum", figures.fiscal.end
        )
        given = sum((leg.amount for _, leg in traces), ZERO)
        if least is None or given <= 0 or terms["equity"] > least * terms["debts"]:
            continue
        booking, _ = traces[-1]
        yield Breach(
            Phrase(
                "Interest of {given} is credited for fiscal year {year} with a net "
                "worth of {net_worth} and debts of {debts}; net worth has to be above "
                "{least}.",
                given=given,
                year=figures.fiscal.label,
                net_worth=terms["equity"],
                debts=terms["debts"],
                least=(least * terms["debts"]).normalize(),
            ),
            Phrase("Put the amount into the reserves."),
            *booking.place,
            amount=terms["equity"],
            limit=least * terms["debts"],
        )


@rule(
    "COOP-INT-07",
    basis="law",
    sources=("Ley 20/1990, art. 18.3",),
    needs=("interest.basic-rate", "interest.deductible-over"),
    catalogue=("R27",),
    severity="warning",
    example="es-state-worker",
)
def interest_above_the_basic_rate_is_taxed(case: Case) -> Iterator[Breach]:
    """Interest on capital is an expense for tax up to some points above the basic rate.

    Holds::

        2024-01-01 custom "coop-parameter" "interest.day-count" "actual"
        2024-01-01 custom "coop-parameter" "interest.basic-rate" 0.02
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones  50.00 EUR
          Equity:Socias:Ana:Intereses    -50.00 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "interest.day-count" "actual"
        2024-01-01 custom "coop-parameter" "interest.basic-rate" 0.02
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones  50.01 EUR
          Equity:Socias:Ana:Intereses    -50.01 EUR
    """
    for figures, traces in interest_years(case):
        on = figures.fiscal.end
        basic = case.policy.find_number("interest.basic-rate", on)
        over = case.policy.find_number("interest.deductible-over", on)
        if basic is not None and over is not None:
            words = Phrase(
                "at the highest deductible rate, {rate},",
                rate=Figure((basic + over).normalize()),
            )
            yield from _above_rate(case, figures, traces, basic + over, words)
