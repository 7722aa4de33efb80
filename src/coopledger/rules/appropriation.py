"""Rules on distributing a surplus: what, to whom, in which proportion, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import split
from coopledger.law.case import PATRONAGE_ROLES
from coopledger.law.evaluating import prior_losses
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import Booking
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.case import Posted

_PROPORTION = ("26 U.S.C. § 1388(a)", "Ley 20/1990, art. 13", "Ley 11/2019, art. 70")
_EXACT = ("parts add up, always: docs/decisions/0003-exact-split.md",)


@rule("COOP-APP-01", basis="statutes", sources=_EXACT, catalogue=("R33",))
def appropriations_add_up(case: Case) -> Iterator[Breach]:
    """What is taken from a year's surplus is the whole surplus, and not more.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Equity:Members:Ana:Patronage         -562.50 USD
          Equity:Members:Bea:Patronage         -187.50 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated           900.00 USD
          Equity:Collective                    -150.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD
    """
    for figures, posted in case.distributed_years():
        facts = case.facts(posted.year)
        if facts.pool < 0 or not posted.is_decided:
            continue
        due = facts.pool - _expensed(case, posted.year)
        if posted.distributed != due:
            yield Breach(
                f"{posted.distributed} of fiscal year {figures.fiscal.label} was "
                f"distributed; {due} was there to distribute.",
                "Distribute exactly the surplus: compare with "
                f"'coopledger close --year {figures.fiscal.label}'.",
                posted.first.origin,
                posted.first.date,
                amount=posted.distributed,
                limit=due,
            )


def _expensed(case: Case, year: int) -> Decimal:
    """Return what was booked as an expense out of the result (education fund)."""
    return sum(
        (
            leg.amount
            for booking in case.books.appropriations(year)
            for leg in booking.legs
            if leg.role == "education-expense"
        ),
        ZERO,
    )


def _eligible_parts(case: Case, posted: Posted) -> dict[str, Decimal]:
    """Return the posted patronage of those who may receive any."""
    weights = case.facts(posted.year).weights
    return {
        member: part
        for member, part in posted.patronage.items()
        if member in weights or _takes_part(case, posted.year, member)
    }


def _takes_part(case: Case, year: int, member: str) -> bool:
    fiscal = case.books.years[year].fiscal
    register = case.books.register
    if not register.was_member(member, fiscal.start, fiscal.end):
        return False
    held = register.classes(member, fiscal.start, fiscal.end)
    classes = [case.policy.class_on(name, fiscal.end) for name in held]
    return any(one.patronage for one in classes if one)


def _exact_parts(case: Case, posted: Posted) -> dict[str, Decimal]:
    """Split what was posted as it should have been; empty without any patronage."""
    facts = case.facts(posted.year)
    pool = sum(_eligible_parts(case, posted).values(), ZERO)
    if not facts.weights or pool % facts.unit:
        return {}
    return split(pool, facts.weights, facts.unit, facts.order)


@rule("COOP-APP-02", basis="statutes", sources=_EXACT, catalogue=("R34",))
def parts_are_split_exactly(case: Case) -> Iterator[Breach]:
    """Leftover cents go by largest remainder, ties by join date and then member id.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -999.99 USD
          Liabilities:Members:Ana:Payable        -0.01 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -999.99 USD
          Liabilities:Members:Bea:Payable        -0.01 USD
    """
    for figures, posted in case.distributed_years():
        exact = _exact_parts(case, posted)
        parts = _eligible_parts(case, posted)
        off = {m: parts.get(m, ZERO) - part for m, part in exact.items()}
        if all(abs(gap) <= case.books.unit for gap in off.values()):
            for member, gap in off.items():
                if gap:
                    yield _leak(figures, posted, member, exact[member], gap)


def _leak(
    figures: YearFigures, posted: Posted, member: str, exact: Decimal, gap: Decimal
) -> Breach:
    origin = posted.first.origin
    if member in posted.patronage:
        origin = posted.where(member)[1].origin
    return Breach(
        f"{member} received {exact + gap} of fiscal year {figures.fiscal.label}; the "
        f"exact split gives {exact}.",
        f"Book {exact}, so that everybody's cent can be worked out again.",
        origin,
        posted.first.date,
        amount=exact + gap,
        limit=exact,
    )


@rule("COOP-APP-03", basis="law", sources=_PROPORTION, catalogue=("R35",))
def patronage_goes_to_members(case: Case) -> Iterator[Breach]:
    """Patronage of a year goes only to those who were members on a day of it.

    Holds::

        2024-12-31 custom "coop-member" "Bea" "leave"
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD

    Breaks::

        2025-02-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -900.00 USD
          Liabilities:Members:Cleo:Payable     -100.00 USD
    """
    for figures, posted in case.distributed_years():
        eligible = _eligible_parts(case, posted)
        for member, part in posted.patronage.items():
            if part > 0 and member not in eligible:
                booking, leg = posted.where(member)
                yield Breach(
                    f"{member} receives {part} of fiscal year {figures.fiscal.label} "
                    "without having been a member who takes part in it.",
                    "Correct the member, or the register.",
                    leg.origin,
                    booking.date,
                    amount=part,
                    limit=ZERO,
                )


@rule("COOP-APP-04", basis="law", sources=_PROPORTION, catalogue=("R36",))
def patronage_is_proportional(case: Case) -> Iterator[Breach]:
    """Each member's part is the pool times their patronage over all patronage.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -375.00 USD
          Liabilities:Members:Bea:Payable      -375.00 USD
    """
    for figures, posted in case.distributed_years():
        exact = _exact_parts(case, posted)
        parts = _eligible_parts(case, posted)
        off = {m: parts.get(m, ZERO) - part for m, part in exact.items()}
        if not exact and parts:
            yield _without_weights(figures, posted)
        if all(abs(gap) <= case.books.unit for gap in off.values()):
            continue
        for member, gap in off.items():
            if abs(gap) > case.books.unit:
                yield _disproportion(figures, posted, member, exact[member], gap)


def _without_weights(figures: YearFigures, posted: Posted) -> Breach:
    return Breach(
        f"Patronage of fiscal year {figures.fiscal.label} was distributed, but no "
        "basis in force before that year measures anything in it.",
        "Declare the basis with coop-patronage, dated before the year began.",
        posted.first.origin,
        posted.first.date,
    )


def _disproportion(
    figures: YearFigures, posted: Posted, member: str, exact: Decimal, gap: Decimal
) -> Breach:
    origin = posted.first.origin
    if member in posted.patronage:
        origin = posted.where(member)[1].origin
    return Breach(
        f"{member} received {exact + gap} of fiscal year {figures.fiscal.label}; by "
        f"patronage it is {exact}.",
        "Correct the part, or the hours or amounts that it rests on.",
        origin,
        posted.first.date,
        amount=exact + gap,
        limit=exact,
    )


@rule(
    "COOP-APP-05",
    basis="law",
    sources=("Ley 11/2019, art. 70 and 73", "Ley 27/1999, art. 58 and 59"),
    catalogue=("R42",),
    example="es-basque-worker",
)
def prior_losses_come_first(case: Case) -> Iterator[Breach]:
    """No patronage is distributed while losses of earlier years are not made good.

    Holds::

        2023-12-31 * "Loss carried from 2023"
          Equity:Resultado:PerdidasAnteriores  100.00 EUR
          Assets:Banco                        -100.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                     1,000.00 EUR
          Equity:Resultado:PerdidasAnteriores            -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio        -900.00 EUR

    Breaks::

        2023-12-31 * "Loss carried from 2023"
          Equity:Resultado:PerdidasAnteriores  100.00 EUR
          Assets:Banco                        -100.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                     1,000.00 EUR
          Equity:Reservas:FondoReservaObligatorio        -300.00 EUR
          Equity:Socias:Ana:Retornos                     -525.00 EUR
          Equity:Socias:Bea:Retornos                     -175.00 EUR
    """
    for figures, posted in case.distributed_years():
        carried = prior_losses(figures)
        due = min(carried, max(ZERO, case.facts(posted.year).pool))
        made_good = posted.to_role("prior-losses")
        if made_good < due and any(part > 0 for part in posted.patronage.values()):
            yield Breach(
                f"Losses of {carried} are carried from earlier years and {made_good} "
                f"of them were made good before fiscal year {figures.fiscal.label} "
                "was distributed to members.",
                "Set the surplus against the losses first.",
                posted.first.origin,
                posted.first.date,
                amount=made_good,
                limit=due,
            )


@rule(
    "COOP-APP-06",
    basis="law",
    sources=("Ley 11/2019, art. 75", "26 U.S.C. § 1388(a)"),
    catalogue=("R52",),
)
def only_ended_years_are_distributed(case: Case) -> Iterator[Breach]:
    """A year's result is distributed after the year has ended.

    Holds::

        2025-01-01 custom "coop-resolution" "GA-2025-00" "Distribution"
        2025-01-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-00
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD

    Breaks::

        2024-12-31 custom "coop-resolution" "GA-2024-09" "Distribution"
        2024-12-31 * "Distribution of 2024" #coop-appropriation ^GA-2024-09
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD
    """
    for figures, posted in case.distributed_years():
        for booking in posted.bookings:
            if _takes_from_result(booking) and booking.date <= figures.fiscal.end:
                yield Breach(
                    f"Fiscal year {figures.fiscal.label} ends on {figures.fiscal.end} "
                    f"and is distributed on {booking.date}.",
                    "Date the distribution after the accounts were approved.",
                    booking.origin,
                    booking.date,
                )
    for booking in case.books.bookings:
        if booking.is_appropriation and booking.year not in case.books.years:
            said = booking.year or "no year"
            yield Breach(
                f"A distribution names {said}, which this book does not have.",
                'Name the fiscal year with coop-year: "YYYY".',
                booking.origin,
                booking.date,
            )


def _takes_from_result(booking: Booking) -> bool:
    return any(leg.role == "surplus-appropriated" for leg in booking.legs)


@rule("COOP-APP-07", basis="practice", sources=_EXACT, catalogue=("R53",))
def nobody_gets_a_year_twice(case: Case) -> Iterator[Breach]:
    """A member receives a year's patronage, or bears its loss, once.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated           812.50 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
        2025-04-02 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated           187.50 USD
          Liabilities:Members:Bea:Payable      -100.00 USD
          Liabilities:Members:Bea:Payable       -50.00 USD
          Liabilities:Members:Bea:Payable       -37.50 USD
        2025-04-03 * "And again" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Liabilities:Members:Bea:Payable       187.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD
    """
    roles = PATRONAGE_ROLES | {"member-loss"}
    for figures, posted in case.distributed_years():
        first: dict[str, Booking] = {}
        for booking, leg in posted.legs():
            if leg.role not in roles or not leg.member:
                continue
            earlier = first.setdefault(leg.member, booking)
            if earlier is not booking:
                first[leg.member] = booking
                yield Breach(
                    f"{leg.member} receives fiscal year {figures.fiscal.label} a "
                    f"second time; the first stands at line {earlier.origin.line}.",
                    "Remove one of the two; correct an amount in the first.",
                    leg.origin,
                    booking.date,
                    amount=leg.amount,
                )


@rule(
    "COOP-APP-08",
    basis="statutes",
    sources=("Ley 11/2019, art. 70", "26 U.S.C. § 1388(a)(2)"),
    catalogue=("resolution",),
)
def a_resolution_comes_first(case: Case) -> Iterator[Breach]:
    """A distribution rests on a resolution that is on file and not later than it.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD
    """
    for booking in case.books.bookings:
        if not booking.is_appropriation:
            continue
        named = [
            case.books.resolutions[link]
            for link in sorted(booking.links)
            if link in case.books.resolutions
        ]
        late = [one for one in named if one.date > booking.date]
        if not named:
            found = "This distribution names no resolution that is on file."
        elif len(late) == len(named) and _takes_from_result(booking):
            found = (
                f"Resolution {late[0].id} is of {late[0].date}, later than the "
                f"distribution of {booking.date}."
            )
        else:
            continue
        yield Breach(
            found,
            "Record the resolution with coop-resolution and link it with ^ID.",
            booking.origin,
            booking.date,
        )
