"""Years of which a surplus was distributed, and who may take part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.case import Posted

#: Texts that give a surplus to members in proportion to what they did with the co-op.
PROPORTION = ("26 U.S.C. § 1388(a)", "Ley 20/1990, art. 13", "Ley 11/2019, art. 70")


def surplus_years(case: Case) -> Iterator[tuple[YearFigures, Posted]]:
    """Return the years of which a surplus was distributed."""
    for figures, posted in case.distributed_years():
        if posted.is_decided and not case.is_loss(posted.year):
            yield figures, posted


def eligible_parts(case: Case, posted: Posted) -> dict[str, Decimal]:
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
