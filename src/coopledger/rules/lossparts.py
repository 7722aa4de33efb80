"""Rules on the part of a loss that members bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split
from coopledger.domain.weights import Weights
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.law.case import Case
    from coopledger.law.case import Posted
from coopledger.rules.losses import LOSS_LAW
from coopledger.rules.losses import losing_years


@rule(
    "COOP-LOSS-02",
    basis="law",
    sources=LOSS_LAW,
    catalogue=("R56", "R59"),
)
def members_bear_losses_by_activity(case: Case) -> Iterator[Breach]:
    """Members bear their part of a loss in proportion to their activity.

    Holds::

        2025-01-01 custom "coop-parameter" "loss.collective-share" 0.5
        2025-06-30 * "A repair"
          Expenses:Repairs    100.00 USD
          Assets:Bank        -100.00 USD
        2025-06-30 * "Advances"
          Expenses:Advances:Ana  75.00 USD
            hours: 15
          Expenses:Advances:Bea  25.00 USD
            hours: 5
          Assets:Bank          -100.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -200.00 USD
          Equity:Suspense               100.00 USD
          Equity:Members:Ana:Losses      75.00 USD
          Equity:Members:Bea:Losses      25.00 USD

    Breaks::

        2025-01-01 custom "coop-parameter" "loss.collective-share" 0.5
        2025-06-30 * "A repair"
          Expenses:Repairs    100.00 USD
          Assets:Bank        -100.00 USD
        2025-06-30 * "Advances"
          Expenses:Advances:Ana  75.00 USD
            hours: 15
          Expenses:Advances:Bea  25.00 USD
            hours: 5
          Assets:Bank          -100.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -200.00 USD
          Equity:Suspense               100.00 USD
          Equity:Members:Ana:Losses      74.99 USD
          Equity:Members:Bea:Losses      25.01 USD
    """
    for figures, posted in losing_years(case):
        for member, part, fair in _unfair_parts(case, posted):
            booking, origin = posted.place_of(member)
            yield Breach(
                Phrase(
                    "{member} bears {part} of the loss of fiscal year {year}; by "
                    "activity it is {fair}.",
                    member=member,
                    part=part,
                    year=figures.fiscal.label,
                    fair=fair,
                ),
                Phrase(
                    "Divide the members' part by patronage, with largest remainder."
                ),
                origin,
                booking.date,
                amount=part,
                limit=fair,
            )


def _unfair_parts(case: Case, posted: Posted) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Return member, part and fair part of everybody whose part is not fair.

    Somebody whose whole capital is gone bears less than others, and the others bear no
    more for it.  Then both divisions of the cents are fair: that of the whole pool,
    and that of what the others bear together.
    """
    facts = case.facts(posted.year)
    borne = posted.losses
    if not borne or Weights.of(facts.loss_weights).below_zero:
        return
    parts = {m: borne.get(m, ZERO) for m in facts.order if m in facts.loss_weights}
    free = {m: part for m, part in parts.items() if part != facts.capital.get(m, ZERO)}
    fair = _by_activity(case, posted.year, free)
    proposed = _proposed(case, posted.year)
    for member, part in free.items():
        if part not in {fair[member], proposed.get(member)}:
            yield member, part, fair[member]
    for member, part in borne.items():
        if member not in parts:
            yield member, part, ZERO


def _by_activity(
    case: Case, year: int, parts: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Divide what some members bear together among them by their activity."""
    facts = case.facts(year)
    weights = Weights.of(facts.loss_weights).of_people(parts)
    pool = round_to(sum(parts.values(), ZERO), facts.unit, "down")
    return split(pool, weights, facts.unit, facts.order) if weights else {}


def _proposed(case: Case, year: int) -> Mapping[str, Decimal]:
    """Return what members bear by the steps of the preset."""
    expected = case.expected(year)
    steps = expected.steps if expected else ()
    return next((s.parts for s in steps if s.step.kind == "members"), {})


#: Parameters by which by-laws say who bears which part of a loss.
_SHARES = ("loss.collective-share", "loss.members-share", "loss.reserves-share")


@rule(
    "COOP-LOSS-06",
    basis="statutes",
    sources=("the by-laws: the preset's steps and the choices on file",),
    catalogue=("R61",),
    severity="warning",
    yields_to=("COOP-LOSS-02", "COOP-LOSS-03", "COOP-LOSS-04"),
)
def members_bear_the_part_of_the_bylaws(case: Case) -> Iterator[Breach]:
    """Members together bear the part of a loss that the by-laws give them.

    Holds::

        2025-06-30 * "A repair"
          Expenses:Repairs    100.00 USD
          Assets:Bank        -100.00 USD
        2025-06-30 * "Advances"
          Expenses:Advances:Ana  75.00 USD
            hours: 15
          Expenses:Advances:Bea  25.00 USD
            hours: 5
          Assets:Bank          -100.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -200.00 USD
          Equity:Collective              50.00 USD
          Equity:Members:Ana:Losses     112.50 USD
          Equity:Members:Bea:Losses      37.50 USD

    Breaks::

        2025-06-30 * "A repair"
          Expenses:Repairs    100.00 USD
          Assets:Bank        -100.00 USD
        2025-06-30 * "Advances"
          Expenses:Advances:Ana  75.00 USD
            hours: 15
          Expenses:Advances:Bea  25.00 USD
            hours: 5
          Assets:Bank          -100.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -200.00 USD
          Equity:Collective              49.96 USD
          Equity:Members:Ana:Losses     112.53 USD
          Equity:Members:Bea:Losses      37.51 USD
    """
    unit = case.books.unit
    for figures, posted in losing_years(case):
        on = figures.fiscal.end
        is_said = any(case.policy.find(name, on) for name in _SHARES)
        due = sum(_proposed(case, posted.year).values(), ZERO)
        borne = sum(posted.losses.values(), ZERO)
        if is_said and case.expected(posted.year) and abs(borne - due) > unit:
            yield Breach(
                Phrase(
                    "Members bear {borne} of the loss of fiscal year {year}; by the "
                    "by-laws it is {due}.",
                    borne=borne,
                    year=figures.fiscal.label,
                    due=due,
                ),
                Phrase("Correct the distribution, or put the other choice on file."),
                *posted.first.place,
                amount=borne,
                limit=due,
            )
