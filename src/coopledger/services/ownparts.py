"""What of the reckoning of a year's parts is a member's own.

How a part came about needs the whole book: what there was to divide, and what everybody
did.  The member's own measures, weight and part are theirs to know in any case, and
what came to each unit follows from these alone.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.services.explaining import SHARED
from coopledger.services.explaining import explanations_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.domain.steps import Appropriation
    from coopledger.law.case import Case
    from coopledger.law.case import Posted
    from coopledger.services.explaining import Explanation

#: What a member's own book calls the directives of a part and of a measure of it.
PART, MEASURE = "portal-part", "portal-measure"

#: How finely weights are said.
FINEST = Decimal("0.000001")


class OwnMeasure(NamedTuple):
    """What a member did by one basis.

    Attributes:
        unit: What is counted: ``amount``, ``hours``, a commodity ...
        quantity: How much of it.
        weight: What one of it weighs.
    """

    unit: str
    quantity: Decimal
    weight: Decimal


class OwnPart(NamedTuple):
    """A member's part of one step of a year's result.

    Attributes:
        year: Label of the fiscal year.
        step: Id of the step.
        times: What the weight was multiplied by for years of membership; else 1.
        weight: The member's weight, to six decimals.
        amount: The part, of a loss as well.
        measures: What the weight was made of; nothing where all weigh the same.
    """

    year: int
    step: str
    times: Decimal
    weight: Decimal
    amount: Decimal
    measures: tuple[OwnMeasure, ...]

    @property
    def rate(self) -> Fraction | None:
        """What came to each unit of the weight."""
        return Fraction(self.amount) / Fraction(self.weight) if self.weight else None

    @property
    def is_consistent(self) -> bool:
        """Whether the weight is what the measures weigh, as far as it is said."""
        sums = [one.quantity * one.weight for one in self.measures]
        near = FINEST * (1 + sum(map(abs, sums)))
        return not sums or abs(sum(sums) * self.times - self.weight) <= near


def own_parts(case: Case) -> dict[str, list[OwnPart]]:
    """Return each member's parts of all years whose reckoning leads to what was booked.

    Args:
        case: The whole book under its law.
    """
    found: dict[str, list[OwnPart]] = {}
    for _, posted in case.distributed_years() if case.policy.policies else ():
        expected = case.expected(posted.year)
        if expected is not None:
            for member, parts in _reckoned(case, expected, posted.year):
                if agrees(expected, posted, member, parts):
                    own = [_own(one, posted.year) for one in parts]
                    found.setdefault(member, []).extend(own)
    return found


def _reckoned(
    case: Case, expected: Appropriation, year: int
) -> Iterator[tuple[str, list[Explanation]]]:
    by_member: dict[str, list[Explanation]] = {}
    for one in explanations_of(case, expected, year, kinds=SHARED):
        is_hired, name = one.person
        if not is_hired:
            by_member.setdefault(name, []).append(one)
    yield from by_member.items()


def agrees(
    expected: Appropriation,
    posted: Posted,
    member: str,
    parts: Sequence[Explanation],
) -> bool:
    """Say whether a member's parts are what was booked for them."""
    booked = posted.shared_by(member)
    reckoned = sum((one.amount for one in parts), ZERO)
    return reckoned == abs(booked) and expected.is_loss == (booked < 0)


def _own(one: Explanation, year: int) -> OwnPart:
    return OwnPart(
        year=year,
        step=one.step.step.id,
        times=round_to(one.coefficient, FINEST),
        weight=round_to(one.weight, FINEST),
        amount=one.amount,
        measures=tuple(
            OwnMeasure(measure.unit, measure.quantity, measure.weight)
            for measure in one.measures
        ),
    )
