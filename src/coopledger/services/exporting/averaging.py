"""Recent averages in a workbook: which earlier years count, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.kinds import recent_average
from coopledger.domain.kinds import recent_years
from coopledger.domain.kinds import surplus_of
from coopledger.services.exporting.naming import slug

if TYPE_CHECKING:
    from fractions import Fraction

    from coopledger.domain.steps import PastYear
    from coopledger.domain.steps import Step
    from coopledger.services.exporting.subject import Subject


def average_name(step: str) -> str:
    """Return the name of a step's average in formulas."""
    return f"average_{slug(step)}"


def average_years(subject: Subject, step: Step) -> list[PastYear]:
    """Return the earlier years with a surplus that may count, oldest first."""
    recent = recent_years(subject.facts.history, step, _years_back(subject, step))
    return [year for year in recent if surplus_of(year, step.against) > 0]


def average_value(subject: Subject, step: Step) -> Fraction:
    """Return the exact recent average share."""
    counted = step.counts or (step.role,)
    years = average_years(subject, step)
    return recent_average(years, counted, _years_back(subject, step), step.against)


def _years_back(subject: Subject, step: Step) -> int:
    return int(str(subject.settings[step.years].value))
