"""Rules on the figures of a distribution: all of it, exactly, in which proportion."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.division import split_among
from coopledger.domain.weights import Weights
from coopledger.phrases import Phrase
from coopledger.rules.language import unmeasured_years
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.surpluses import PROPORTION
from coopledger.rules.surpluses import eligible_parts
from coopledger.rules.surpluses import surplus_years

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.domain.division import Person
    from coopledger.domain.steps import AppliedStep
    from coopledger.law.case import Case
    from coopledger.law.case import Posted

_EXACT = ("parts add up, always: docs/decisions/0003-exact-split.md",)


@rule("COOP-APP-01", basis="statutes", sources=_EXACT, catalogue=("R33",))
def appropriations_add_up(case: Case) -> Iterator[Breach]:
    """What is taken from a year's surplus is the whole surplus, and not more.

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
          Equity:Surplus:Appropriated           999.99 USD
          Equity:Collective                    -249.99 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD
    """
    for figures, posted in surplus_years(case):
        due = case.facts(posted.year).pool - posted.expensed
        if posted.distributed != due:
            yield Breach(
                Phrase(
                    "{distributed} of fiscal year {year} was distributed; {due} was "
                    "there to distribute.",
                    distributed=posted.distributed,
                    year=figures.fiscal.label,
                    due=due,
                ),
                Phrase(
                    "Distribute exactly the surplus: compare with 'coopledger close "
                    "--year {year}'.",
                    year=figures.fiscal.label,
                ),
                *posted.first.place,
                amount=posted.distributed,
                limit=due,
            )


@dataclass(frozen=True, slots=True)
class _Part:
    """What a member received of a year, beside the exact part."""

    member: str
    given: Decimal
    exact: Decimal

    @property
    def gap(self) -> Decimal:
        return abs(self.given - self.exact)


def _parts(case: Case, posted: Posted) -> list[_Part]:
    """Compare what was posted with the exact split; nothing where nothing weighs."""
    order = case.facts(posted.year).order
    given = eligible_parts(case, posted)
    exact = _exact_parts(case, posted, given)
    return [
        _Part(member, given.get(member, ZERO), exact.get(member, ZERO))
        for member in order
        if exact and (member in given or member in exact)
    ]


def _exact_parts(
    case: Case, posted: Posted, given: dict[str, Decimal]
) -> dict[str, Decimal]:
    """Split what was posted as the preset's own steps split it."""
    facts = case.facts(posted.year)
    pool = sum([*given.values(), *posted.hired.values()], ZERO)
    expected = case.expected(posted.year)
    steps = (
        [s for s in expected.steps if s.step.kind == "patronage"] if expected else []
    )
    if steps and pool == sum((step.amount for step in steps), ZERO):
        exact: dict[str, Decimal] = {}
        for step in steps:
            for member, part in step.parts.items():
                exact[member] = exact.get(member, ZERO) + part
        return exact
    key = _whole_key(steps)
    weights = Weights.of(facts.weights)
    if weights.below_zero:
        return {}
    if not key:
        numbers = {(False, member): own for member, own in weights.numbers.items()}
        key = Weights(numbers, weights.per)
    whole = round_to(pool, facts.unit, "down")
    parts = split_among(whole, key, facts)
    return {name: part for (hired, name), part in parts.items() if not hired}


def _whole_key(steps: Sequence[AppliedStep]) -> Weights[Person]:
    """Return what each person has of all returns together; steps may have own keys."""
    if len({step.step.audience for step in steps}) == 1:
        return steps[0].key
    total: Weights[Person] = Weights({})
    for step in (one for one in steps if one.key and one.amount):
        total = total.plus(step.key.times(Fraction(step.amount) / step.key.total))
    return total


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
        parts = _parts(case, posted)
        if all(part.gap <= case.books.unit for part in parts):
            for part in parts:
                if part.gap:
                    yield _leak(figures, posted, part)


def _leak(figures: YearFigures, posted: Posted, part: _Part) -> Breach:
    booking, origin = posted.place_of(part.member)
    return Breach(
        Phrase(
            "{member} received {given} of fiscal year {year}; the exact split gives "
            "{exact}.",
            member=part.member,
            given=part.given,
            year=figures.fiscal.label,
            exact=part.exact,
        ),
        Phrase(
            "Book {exact}, so that everybody's cent can be worked out again.",
            exact=part.exact,
        ),
        origin,
        booking.date,
        amount=part.given,
        limit=part.exact,
    )


@rule(
    "COOP-APP-04",
    basis="law",
    sources=PROPORTION,
    catalogue=("R36", "R47", "R89", "R90", "R110"),
)
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
          Liabilities:Members:Ana:Payable      -562.48 USD
          Liabilities:Members:Bea:Payable      -187.52 USD
    """
    # Where a measure is missing nobody's part is known, and COOP-LANG-03 says so.
    unknown = unmeasured_years(case)
    for figures, posted in case.distributed_years():
        if posted.year in unknown:
            continue
        if not case.facts(posted.year).weights and eligible_parts(case, posted):
            yield _without_weights(figures, posted)
        for part in _parts(case, posted):
            if part.gap > case.books.unit:
                yield _disproportion(figures, posted, part)


def _without_weights(figures: YearFigures, posted: Posted) -> Breach:
    return Breach(
        Phrase(
            "Patronage of fiscal year {year} was distributed, but no basis in force "
            "before that year measures anything in it.",
            year=figures.fiscal.label,
        ),
        Phrase("Declare the basis with coop-patronage, dated before the year began."),
        *posted.first.place,
    )


def _disproportion(figures: YearFigures, posted: Posted, part: _Part) -> Breach:
    booking, origin = posted.place_of(part.member)
    return Breach(
        Phrase(
            "{member} received {given} of fiscal year {year}; by patronage it is "
            "{exact}.",
            member=part.member,
            given=part.given,
            year=figures.fiscal.label,
            exact=part.exact,
        ),
        Phrase("Correct the part, or the hours or amounts that it rests on."),
        origin,
        booking.date,
        amount=part.given,
        limit=part.exact,
    )
