"""Rules on reserves and the education fund: fed enough, and never given away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import EDUCATION_FUND
from coopledger.domain.capital import INDIVISIBLE
from coopledger.domain.capital import OWED
from coopledger.domain.words import role_in_words
from coopledger.phrases import Phrase
from coopledger.phrases import all_of
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.surpluses import surplus_years

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.case import Posted

#: Kinds of transaction that may take from an indivisible reserve, once decided.
_REASONS = frozenset({"loss", "statutory", "transfer-by-law"})

#: Where losses are carried until something covers them.
_CARRIED = frozenset({"prior-losses", "suspense"})


def legal_minimums(
    case: Case, year: int, role: str
) -> Iterator[tuple[frozenset[str], Decimal]]:
    """Return what the law asks of a year for a role.

    Returns:
        For each step that feeds the role and whose rate has a lower bound: the roles
        whose allocations count towards it (a top-up counts other steps' as well), and
        the least that they receive together, not rounded.
    """
    expected = case.expected(year)
    if expected is None:
        return
    on = case.books.years[year].fiscal.end
    role_of = {applied.step.id: applied.step.role for applied in expected.steps}
    for applied in expected.steps:
        step = applied.step
        if step.role != role or not step.rate:
            continue
        bounds = case.policy.bounds(step.rate, on, "statutes")
        rate = max((one.minimum for one in bounds if one.minimum), default=ZERO)
        counted = {role_of.get(term.partition(":")[2], role) for term in step.less}
        least = rate * applied.base
        if applied.cap is not None:
            least = min(least, applied.cap)
        yield frozenset(counted | {role}), least


def _missing(
    case: Case, posted: Posted, named: str, given: Decimal, exact: Decimal
) -> Breach:
    figures = case.books.years[posted.year]
    least = round_to(exact, case.books.unit, "up")
    return Breach(
        Phrase(
            "The {role} receives {given} of fiscal year {year}; the least is {least}.",
            role=named,
            given=given,
            year=figures.fiscal.label,
            least=least,
        ),
        Phrase(
            "Compare with 'coopledger close --year {year}' and correct the "
            "distribution.",
            year=figures.fiscal.label,
        ),
        *posted.first.place,
        amount=given,
        limit=least,
    )


@rule(
    "COOP-RES-01",
    basis="law",
    sources=("Ley 27/1999, art. 58", "Ley 11/2019, art. 70"),
    needs=("reserves.mandatory.rate",),
    catalogue=("R37", "R40"),
    example="es-basque-worker",
)
def mandatory_reserve_is_fed(case: Case) -> Iterator[Breach]:
    """The mandatory reserve receives at least the legal share of the surplus.

    Holds::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                     1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion          -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio        -200.00 EUR
          Equity:Socias:Ana:Retornos                     -525.00 EUR
          Equity:Socias:Bea:Retornos                     -175.00 EUR

    Breaks::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                     1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion          -200.01 EUR
          Equity:Reservas:FondoReservaObligatorio        -199.99 EUR
          Equity:Socias:Ana:Retornos                     -450.00 EUR
          Equity:Socias:Bea:Retornos                     -150.00 EUR
    """
    for _, posted in surplus_years(case):
        for roles, least in legal_minimums(case, posted.year, "mandatory-reserve"):
            given = sum((posted.to_role(role) for role in roles), ZERO)
            if given < least:
                named = all_of([role_in_words(role) for role in sorted(roles)])
                yield _missing(case, posted, named, given, least)


@rule(
    "COOP-RES-02",
    basis="law",
    sources=("Ley 27/1999, art. 58", "Ley 11/2019, art. 70.3"),
    needs=("education.minimum",),
    catalogue=("R38",),
    example="es-basque-worker",
)
def education_fund_is_fed(case: Case) -> Iterator[Breach]:
    """The education fund receives at least the legal share of the surplus.

    Holds::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                     1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion          -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio        -900.00 EUR

    Breaks::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                     1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion           -99.99 EUR
          Equity:Reservas:FondoReservaObligatorio        -900.01 EUR
    """
    for figures, posted in surplus_years(case):
        rate = _education_minimum(case, figures)
        expected = case.expected(posted.year)
        if rate is None or expected is None:
            continue
        base = max(
            (s.base for s in expected.steps if s.step.role == "education-fund"),
            default=ZERO,
        )
        given = posted.to_role("education-fund")
        if given < rate * base:
            named = role_in_words("education-fund")
            yield _missing(case, posted, named, given, rate * base)


def _education_minimum(case: Case, figures: YearFigures) -> Decimal | None:
    """Return the rate; it is lower while the reserve is low compared with capital."""
    on = figures.fiscal.end
    rate = case.policy.find_number("education.minimum", on)
    low = case.policy.find_number("education.minimum-low-reserve", on)
    share = case.policy.find_number("education.low-reserve-share", on)
    if rate is None or low is None or share is None:
        return rate
    held = sum(
        (
            figures.balances.get(role, ZERO)
            for role in ("mandatory-reserve", "entry-fees")
        ),
        ZERO,
    )
    return low if held < share * sum(figures.capital.values(), ZERO) else rate


@rule(
    "COOP-RES-03",
    basis="law",
    sources=(
        "Ley 27/1999, art. 55",
        "Ley 11/2019, art. 71",
        "New York Cooperative Corporations Law, art. 5-A § 93",
    ),
    catalogue=("R31", "R41", "R109"),
)
def indivisible_stays_indivisible(case: Case) -> Iterator[Breach]:
    """Nothing is taken from an indivisible reserve but for losses and by law.

    Holds::

        2024-06-01 * "Entry fees go over to the collective account"
          Equity:Reserves:EntryFees    20.00 USD
          Equity:Collective           -20.00 USD

    Breaks::

        2024-06-01 * "A bonus out of the collective account"
          Equity:Collective                 100.00 USD
          Liabilities:Members:Ana:Payable  -100.00 USD
    """
    losing = {
        figures.fiscal.label
        for figures in case.books.years.values()
        if case.is_loss(figures.fiscal.label)
    }
    for booking in case.books.bookings:
        legs = [leg for leg in booking.legs if leg.role in INDIVISIBLE]
        net = sum((leg.amount for leg in legs), ZERO)
        if net < 0 and not _may_take(case, booking, losing):
            yield Breach(
                Phrase("{amount} leaves the indivisible reserves.", amount=-net),
                Phrase(
                    "Undo it. If a loss or a law asks for it, say so with coop-kind: "
                    '"loss", "statutory" or "transfer-by-law", and link the '
                    "resolution; no member ever gets any of it."
                ),
                next(leg.origin for leg in legs if leg.amount < 0),
                booking.date,
                amount=-net,
                limit=ZERO,
            )


def _may_take(case: Case, booking: Booking, losing: set[int]) -> bool:
    """Say whether a loss or a law takes from a reserve; a word alone does not do."""
    if booking.is_appropriation and booking.year in losing:
        return True
    gains = any(o.role in CAPITAL | OWED and o.amount > 0 for o in booking.legs)
    if gains:
        return False
    if any(leg.role in _CARRIED and leg.amount > 0 for leg in booking.legs):
        return True
    is_decided = any(link in case.books.resolutions for link in booking.links)
    return booking.kind in _REASONS and is_decided


@rule(
    "COOP-RES-04",
    basis="law",
    sources=("Orden EHA/3360/2010", "Ley 11/2019, art. 72"),
    catalogue=("R43", "R44"),
    example="es-basque-worker",
)
def education_fund_is_no_equity(case: Case) -> Iterator[Breach]:
    """The education fund is a liability; it is no equity and goes to no member.

    Holds::

        2024-06-01 * "Curso de contabilidad cooperativa"
          Liabilities:Fondos:EducacionPromocion  50.00 EUR
          Assets:Banco                          -50.00 EUR

    Breaks::

        2024-06-01 * "Del fondo de educación a Ana"
          Liabilities:Fondos:EducacionPromocion  50.00 EUR
          Liabilities:Socias:Ana:RetornosAPagar -50.00 EUR
    """
    for booking, leg in case.books.traces_in(EDUCATION_FUND):
        members = {o.member for o in booking.legs if o.role in CAPITAL | OWED}
        if leg.root == "Equity":
            found = Phrase(
                "{account} keeps the education fund in equity.", account=leg.account
            )
        elif leg.amount < 0 and members and not booking.is_appropriation:
            found = Phrase(
                "{amount} of the education fund goes to members.", amount=-leg.amount
            )
        else:
            continue
        yield Breach(
            found,
            Phrase("Keep the fund among the liabilities and spend it on its purpose."),
            leg.origin,
            booking.date,
            amount=leg.amount,
        )


@rule(
    "COOP-RES-14",
    basis="law",
    sources=("Ley 27/1999, art. 56.4.b", "Ley 11/2019, art. 72.4"),
    needs=("fines.to-education-fund",),
    catalogue=("R46",),
    example="es-basque-worker",
)
def fines_go_to_the_education_fund(case: Case) -> Iterator[Breach]:
    """What members pay as a fine goes to the education fund whole.

    Holds::

        2024-06-01 * "Bea" "Sanción"
          coop-kind: "fine"
          Assets:Banco                            50.00 EUR
          Liabilities:Fondos:EducacionPromocion  -50.00 EUR

    Breaks::

        2024-06-01 * "Bea" "Sanción"
          coop-kind: "fine"
          Assets:Banco       50.00 EUR
          Income:Sanciones  -50.00 EUR
    """
    for booking in case.books.bookings:
        if booking.kind != "fine":
            continue
        rule_holds = case.policy.find("fines.to-education-fund", booking.date)
        if rule_holds is None or rule_holds.value is not True:
            continue
        growing = {leg.role for leg in booking.legs if leg.amount > 0}
        if "education-fund" not in growing:
            found = Phrase("A fine does not go to the education fund.")
        elif growing & COLLECTIVE or "Income" in booking.plain:
            found = Phrase("A fine goes to the education fund only in part.")
        else:
            continue
        yield Breach(
            found,
            Phrase("Credit it to the education fund; it is no income of the co-op."),
            *booking.place,
        )
