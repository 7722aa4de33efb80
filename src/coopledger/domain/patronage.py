"""Members' patronage in a year: from what was measured to exact weights.

Weights are exact fractions.  Two ways of combining several bases exist, and the by-laws
choose: *weighted-sum* adds up measure times weight; *share-of-pool* lets every basis
divide its own share of the pool.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from coopledger.domain.books import Activity
    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.domain.periods import FiscalYear


def _day_by_day(_: str) -> bool | None:
    return None


def bases_in_force(
    bases: Iterable[PatronageBasis], year: FiscalYear, founded: datetime.date | None
) -> list[PatronageBasis]:
    """Return the bases that divide a year's pool.

    Args:
        bases: All bases of the book.
        year: The fiscal year.
        founded: First cooperative date of the book.

    Returns:
        For each basis id the last one dated on or before the first day of the year: a
        basis chosen later cannot apply to the year (26 U.S.C. 1388(a)(2)).  In the
        year of foundation those of that year count.
    """
    limit = year.start
    if founded is not None and founded in year:
        limit = max(limit, *(b.date for b in bases if b.date in year), founded)
    latest: dict[str, PatronageBasis] = {}
    for basis in sorted(bases, key=lambda basis: basis.date):
        if basis.date <= limit:
            latest[basis.basis] = basis
    return list(latest.values())


def measured(
    figures: YearFigures,
    basis: PatronageBasis,
    counts: Callable[[str, datetime.date], bool],
    throughout: Callable[[str], bool | None] = _day_by_day,
    only: str = "",
) -> dict[str, Decimal]:
    """Add up one basis by member, leaving out what does not count.

    Args:
        figures: The year.
        basis: The basis.
        counts: Says of a member and a day whether activity counts.
        throughout: Says it of all days at once; None where they differ.
        only: The one member that is asked for; "" for all.

    Returns:
        Quantity by member, in the basis's own measure; no zeros.  It is negative where
        more was taken back than recorded.
    """
    rows, own = figures.activity, (basis.basis, only)
    if only:
        rows = {own: rows[own]} if own in rows else {}
    totals = {
        member: _counted(activity, member, counts, whole=throughout(member))
        for (name, member), activity in rows.items()
        if name == basis.basis
    }
    return {member: total for member, total in totals.items() if total}


def _counted(
    activity: Activity,
    member: str,
    counts: Callable[[str, datetime.date], bool],
    *,
    whole: bool | None,
) -> Decimal:
    """Add up what counts of a member's activity, by day only where that matters."""
    if whole is None:
        return sum([q for day, q in activity if counts(member, day)], Decimal(0))
    return activity.total if whole else Decimal(0)


def weights(
    quantities: Mapping[str, Mapping[str, Decimal]],
    bases: Iterable[PatronageBasis],
    combination: str,
) -> Weights[str]:
    """Combine the bases into one weight by member.

    Args:
        quantities: Quantity by basis id and member.
        bases: The bases in force.
        combination: ``weighted-sum`` or ``share-of-pool``.

    Returns:
        Exact weight by member; members without any are left out.
    """
    total: Weights[str] = Weights({})
    for basis in bases:
        column = quantities.get(basis.basis, {})
        factor = _factor(basis, column, combination)
        total = total.plus(Weights.of(column).times(factor))
    return total.without_zeros


def _factor(
    basis: PatronageBasis, column: Mapping[str, Decimal], combination: str
) -> Fraction:
    if combination != "share-of-pool":
        return Fraction(basis.weight)
    whole = sum(column.values())
    share = Fraction(1) if basis.share is None else Fraction(basis.share)
    return share / Fraction(whole) if whole else Fraction(0)
