"""Rules on a distribution itself: to whom, when, how often, by which decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.law.case import PATRONAGE_ROLES
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.surpluses import PROPORTION
from coopledger.rules.surpluses import eligible_parts
from coopledger.rules.surpluses import surplus_years

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.law.case import Case
    from coopledger.law.case import Posted


@rule("COOP-APP-03", basis="law", sources=PROPORTION, catalogue=("R35",))
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
          Equity:Collective                    -999.99 USD
          Liabilities:Members:Cleo:Payable       -0.01 USD
    """
    for figures, posted in case.distributed_years():
        eligible = eligible_parts(case, posted)
        for member, part in posted.patronage.items():
            if part > 0 and member not in eligible:
                booking, origin = posted.place_of(member)
                yield Breach(
                    Phrase(
                        "{member} receives {part} of fiscal year {year} without "
                        "having been a member who takes part in it.",
                        member=member,
                        part=part,
                        year=figures.fiscal.label,
                    ),
                    Phrase("Correct the member, or the register."),
                    origin,
                    booking.date,
                    amount=part,
                    limit=ZERO,
                )


#: What a distribution may say it is; any other kind would hide what it does.
_KINDS = frozenset({"", "appropriation", "loss", "patronage", "interest"})


@rule(
    "COOP-APP-10",
    basis="practice",
    sources=("coopledger language reference, docs/language.md",),
    catalogue=("kinds",),
)
def a_distribution_is_called_one(case: Case) -> Iterator[Breach]:
    """A distribution is not called a movement of another kind.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          coop-kind: "appropriation"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          coop-kind: "redemption"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD
    """
    for booking in case.books.distributions:
        takes = any(leg.role == "surplus-appropriated" for leg in booking.legs)
        if takes and booking.kind not in _KINDS:
            yield Breach(
                Phrase("A distribution is called '{kind}'.", kind=booking.kind),
                Phrase('Write coop-kind: "appropriation", or "loss" for a loss.'),
                *booking.place,
                suggestion='coop-kind: "appropriation"\n',
            )


@rule(
    "COOP-APP-11",
    basis="statutes",
    sources=("parts add up, always: docs/decisions/0003-exact-split.md",),
    catalogue=("R33",),
    example="es-basque-worker",
)
def a_year_is_distributed_whole(case: Case) -> Iterator[Breach]:
    """What a resolution decides of a year's result is booked whole, not in part.

    Holds::

        2024-12-31 * "COFIP de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Expenses:DotacionEducacion              100.00 EUR
          Liabilities:Fondos:EducacionPromocion  -100.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                 900.00 EUR
          Equity:Reservas:FondoReservaObligatorio  -900.00 EUR

    Breaks::

        2024-12-31 * "COFIP de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Expenses:DotacionEducacion              100.00 EUR
          Liabilities:Fondos:EducacionPromocion  -100.00 EUR
    """
    for figures, posted in case.distributed_years():
        left = case.facts(posted.year).pool - posted.expensed
        if left and not posted.is_decided and _was_decided(case, posted):
            yield Breach(
                Phrase(
                    "Of fiscal year {year} only the expense of {expensed} was "
                    "booked; {left} is not distributed.",
                    year=figures.fiscal.label,
                    expensed=posted.expensed,
                    left=left,
                ),
                Phrase(
                    "Run 'coopledger close --year {year} --resolution ID --write', "
                    "which books what is missing.",
                    year=figures.fiscal.label,
                ),
                *posted.first.place,
                amount=posted.expensed,
                limit=case.facts(posted.year).pool,
            )


def _was_decided(case: Case, posted: Posted) -> bool:
    """Say whether the bookings name a resolution on file: the assembly has met."""
    return any(
        link in case.books.resolutions
        for booking in posted.bookings
        for link in booking.links
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
            if takes_from_result(booking) and booking.date <= figures.fiscal.end:
                yield Breach(
                    Phrase(
                        "Fiscal year {year} ends on {end} and is distributed on {day}.",
                        year=figures.fiscal.label,
                        end=figures.fiscal.end,
                        day=booking.date,
                    ),
                    Phrase("Date the distribution after the accounts were approved."),
                    *booking.place,
                )
    for booking in case.books.bookings:
        if booking.is_appropriation and booking.year not in case.books.years:
            said = (
                Phrase(
                    "fiscal year '{year}', which this book does not have",
                    year=booking.year,
                )
                if booking.year
                else Phrase("no fiscal year")
            )
            yield Breach(
                Phrase("This distribution names {said}.", said=said),
                Phrase('Name the fiscal year with coop-year: "YYYY".'),
                *booking.place,
            )


def takes_from_result(booking: Booking) -> bool:
    """Say whether a booking distributes a result, or a part of it."""
    return any(leg.role == "surplus-appropriated" for leg in booking.legs)


@rule(
    "COOP-APP-07",
    basis="practice",
    sources=("a second booking of the same part is a mistake",),
    catalogue=("R53",),
)
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
          Equity:Surplus:Appropriated           100.00 USD
          Liabilities:Members:Bea:Payable      -100.00 USD
        2025-04-03 * "The rest of it" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated            87.50 USD
          Liabilities:Members:Bea:Payable       -87.50 USD
    """
    roles = PATRONAGE_ROLES | CAPITAL
    for figures, posted in case.distributed_years():
        first: dict[tuple[str, str], Booking] = {}
        for booking, leg in posted.legs():
            if leg.role not in roles or not leg.member:
                continue
            # Interest and patronage may come to a member in two transactions.
            key = (leg.member, leg.step)
            earlier = first.setdefault(key, booking)
            if earlier is not booking:
                first[key] = booking
                yield Breach(
                    Phrase(
                        "{member} receives fiscal year {year} a second time; the "
                        "first stands at line {line}.",
                        member=leg.member,
                        year=figures.fiscal.label,
                        line=earlier.origin.line,
                    ),
                    Phrase("Remove one of the two; correct an amount in the first."),
                    leg.origin,
                    booking.date,
                    amount=leg.amount,
                )


@rule(
    "COOP-APP-12",
    basis="statutes",
    sources=("parts add up, always: docs/decisions/0003-exact-split.md",),
    catalogue=("R33",),
)
def a_surplus_goes_where_it_may(case: Case) -> Iterator[Breach]:
    """All of a surplus goes to members, workers, reserves and funds, by account.

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
          Assets:Bank                          -750.00 USD
    """
    # An assembly may keep more than the by-laws ask for; what each reserve and fund
    # gets at least, and each member's part of the rest, are other rules' business.
    for _, posted in surplus_years(case):
        for booking in posted.bookings:
            taken = _of_role(booking, is_taken=True)
            placed = _of_role(booking, is_taken=False)
            astray = taken - placed
            if taken > 0 and booking.plain and astray:
                yield Breach(
                    Phrase(
                        "{amount} of the surplus goes to accounts without a role.",
                        amount=astray,
                    ),
                    Phrase(
                        "Credit it to the members' own accounts, a reserve or a "
                        "fund; pay it in a transaction of its own."
                    ),
                    *booking.place,
                    amount=astray,
                    limit=ZERO,
                )


def _of_role(booking: Booking, *, is_taken: bool) -> Decimal:
    """Return what a distribution takes from the result, or puts on accounts."""
    amounts = [
        leg.amount
        for leg in booking.legs
        if (leg.role == "surplus-appropriated") is is_taken
    ]
    total = sum(amounts, ZERO)
    return -total if is_taken else total
