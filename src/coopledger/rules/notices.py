"""Rules on notices and retains under Subchapter T: consent, and amounts per unit."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.kinds import CHARGES
from coopledger.law.standing import consents_of
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.tax import subchapter_t_years

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.bookings import Trace
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case

_QUALIFIED = frozenset({"patronage"})
_RETAINS = frozenset({"per-unit-retain"})


@rule(
    "COOP-TAX-04",
    basis="law",
    sources=("26 U.S.C. § 1388(c)(2)",),
    needs=("tax.regime", "patronage.consent"),
    catalogue=("R94",),
)
def qualified_notices_rest_on_consent(case: Case) -> Iterator[Breach]:
    """A notice is qualified only for a member who has consented, where each has to.

    Holds::

        2023-01-01 custom "coop-parameter" "patronage.consent" "written"
        2024-12-31 custom "coop-member" "Ana" "class"
          class: "worker"
          consent: 2024-12-31
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -112.50 USD
          Equity:Members:Ana:Patronage       -450.00 USD
          Liabilities:Members:Bea:Payable    -187.50 USD

    Breaks::

        2023-01-01 custom "coop-parameter" "patronage.consent" "written"
        2025-01-01 custom "coop-member" "Ana" "class"
          class: "worker"
          consent: 2025-01-01
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -112.50 USD
          Equity:Members:Ana:Patronage       -450.00 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
    """
    for figures, posted in subchapter_t_years(case):
        on = figures.fiscal.end
        if case.policy.text("patronage.consent", on, "bylaw") != "written":
            continue
        consents = consents_of(case.books, on)
        for member, part in posted.patronage_in(_QUALIFIED).items():
            if part > 0 and member not in consents:
                booking, origin = posted.place_of(member)
                yield Breach(
                    Phrase(
                        "{member} has {part} of fiscal year {year} on a qualified "
                        "notice and no consent of {day} or earlier on record.",
                        member=member,
                        part=part,
                        year=figures.fiscal.label,
                        day=on,
                    ),
                    Phrase(
                        "Record the consent with consent: in the register, or book "
                        "the part as nonqualified."
                    ),
                    origin,
                    booking.date,
                    amount=part,
                )


@rule(
    "COOP-TAX-05",
    basis="law",
    sources=("26 U.S.C. § 1388(f)",),
    needs=("retain.rate",),
    catalogue=("R102",),
    example="us-producer",
)
def retains_are_units_times_a_fixed_rate(case: Case) -> Iterator[Breach]:
    """A per-unit retain is the units delivered times the rate fixed before the year.

    Holds::

        2023-12-01 custom "coop-parameter" "retain.rate" 0.05
        2024-12-31 * "Retains of 2024"
          coop-kind: "patronage"
          Expenses:PerUnitRetains       20.00 USD
          Equity:Members:Ana:Retains   -15.00 USD
          Equity:Members:Bea:Retains    -5.00 USD

    Breaks::

        2023-12-01 custom "coop-parameter" "retain.rate" 0.05
        2024-12-31 * "Retains of 2024"
          coop-kind: "patronage"
          Expenses:PerUnitRetains       20.01 USD
          Equity:Members:Ana:Retains   -15.01 USD
          Equity:Members:Bea:Retains    -5.00 USD
    """
    for figures, traces in _retained(case):
        rate = case.policy.find_number("retain.rate", figures.fiscal.end)
        if rate is None:
            continue
        units = _units(case, figures)
        for member, own in _by_member(traces, units).items():
            exact = units.get(member, Fraction(0)) * Fraction(rate)
            given = sum((leg.amount for _, leg in own), ZERO)
            # Each posting may have been rounded by itself.
            slack = Fraction(case.books.unit) * max(1, len(own)) / 2
            if abs(Fraction(given) - exact) > slack:
                yield _wrong_retain(case, figures, member, own or traces, exact)


def _retained(case: Case) -> Iterator[tuple[YearFigures, list[Trace]]]:
    """Return the years in which anything was retained, with its postings."""
    found: defaultdict[int, list[Trace]] = defaultdict(list)
    for booking, leg in case.books.traces_in(_RETAINS):
        if any(other.role == "per-unit-expense" for other in booking.legs):
            year = booking.year or case.books.year_end.year_of(booking.date).label
            found[year].append((booking, leg))
    for year, traces in found.items():
        if year in case.books.years:
            yield case.books.years[year], traces


def _units(case: Case, figures: YearFigures) -> Mapping[str, Fraction]:
    """Return what each member delivered of what a step charges per unit."""
    preset = case.policy.preset_on(figures.fiscal.end)
    step = next((one for one in preset.surplus if one.kind in CHARGES), None)
    return case.facts(figures.fiscal.label).units_for(step) if step else {}


def _by_member(
    traces: list[Trace], units: Mapping[str, Fraction]
) -> dict[str, list[Trace]]:
    found: dict[str, list[Trace]] = {member: [] for member in units}
    for booking, leg in traces:
        found.setdefault(leg.member, []).append((booking, leg))
    return found


def _wrong_retain(
    case: Case,
    figures: YearFigures,
    member: str,
    traces: list[Trace],
    exact: Fraction,
) -> Breach:
    booking, leg = traces[-1]
    given = sum((leg.amount for _, leg in traces if leg.member == member), ZERO)
    due = round_to(exact, case.books.unit)
    return Breach(
        Phrase(
            "{given} is retained of {member}'s deliveries of fiscal year {year}; by "
            "the rate that was fixed before the year it is {due}.",
            given=given,
            member=member,
            year=figures.fiscal.label,
            due=due,
        ),
        Phrase(
            "Retain units times that rate; what depends on the year's result is a "
            "patronage dividend."
        ),
        leg.origin,
        booking.date,
        amount=given,
        limit=due,
    )
