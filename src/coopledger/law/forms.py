"""When a patron's form is due, and what of it is on file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.filings import COUNTED
from coopledger.domain.filings import PATRON_FORM
from coopledger.domain.periods import FiscalYearEnd
from coopledger.domain.periods import nth_day_of_month_after
from coopledger.law.reporting import WITHHELD

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.books import Books
    from coopledger.domain.filings import Filing
    from coopledger.domain.members import Register
    from coopledger.law.policy import Policy
    from coopledger.law.preset import Preset


_REGIME = "tax.regime"
_SUBCHAPTER_T = "sub-t"


def is_under_subchapter_t(policy: Policy, on: datetime.date) -> bool:
    """Say whether a co-op is taxed under Subchapter T on a day."""
    return policy.text(_REGIME, on, "none") == _SUBCHAPTER_T


def knows_regime_of(needs: Iterable[str], preset: Preset) -> bool:
    """Say whether a co-op can be taxed under a preset as who reads parameters asks.

    Whoever reads the tax regime asks whether it is Subchapter T.
    """
    regime = preset.parameter(_REGIME)
    return _REGIME not in needs or bool(regime and _SUBCHAPTER_T in regime.choices)


@lru_cache(maxsize=256)
def year_end(year: int) -> datetime.date:
    """Return the last day of a calendar year."""
    return FiscalYearEnd().year(year).end


@dataclass(frozen=True, slots=True)
class FormTerms:
    """For whom a form is due on the payments of a calendar year, and until when.

    Attributes:
        year: The calendar year.
        due: The last day.
        minimum: The smallest sum.
        is_exempt: Whether the co-op is exempt as a whole.
    """

    year: int
    due: datetime.date
    minimum: Decimal
    is_exempt: bool

    def is_due(
        self, register: Register, member: str, boxes: Mapping[str, Decimal]
    ) -> bool:
        """Say whether a member has to get a form; whoever is withheld from has."""
        if self.is_exempt or register.is_exempt_payee(member, year_end(self.year)):
            return False
        return counted(boxes) >= self.minimum or boxes.get(WITHHELD, ZERO) > 0


def counted(boxes: Mapping[str, Decimal]) -> Decimal:
    """Return the sum of the boxes that decide whether a form is due."""
    return sum((boxes.get(box, ZERO) for box in COUNTED), ZERO)


def terms_of(policy: Policy, year: int) -> FormTerms | None:
    """Return the terms of a calendar year, or None where there are no such forms."""
    on = year_end(year)
    minimum = policy.find_number("patronage-form.minimum", on)
    if minimum is None or not is_under_subchapter_t(policy, on):
        return None
    month, day = (
        int(policy.number(f"patronage-form.{part}", on)) for part in ("month", "day")
    )
    exempt = policy.find("patronage-form.exempt", on)
    return FormTerms(
        year=year,
        due=nth_day_of_month_after(FiscalYearEnd().year(year), month, day),
        minimum=minimum,
        is_exempt=bool(exempt and exempt.value),
    )


def forms_on_file(books: Books) -> dict[tuple[int, str], Filing]:
    """Return each member's form of each year; a later one corrects an earlier one."""
    return {
        (filing.year, filing.member): filing
        for filing in books.filings
        if filing.form == PATRON_FORM and filing.member in books.register.events
    }
