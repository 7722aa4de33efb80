"""What of co-operative principles can be measured in the books of a federation.

A measure is a figure of each enterprise and of all together: a sum, or one sum by
another.  Which principle is measured by what is no business of this file: lists of
principles are data.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import RECEIVES

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Mapping

    from coopledger.domain.statements import View

    #: A sum, and what it is divided by; None where there is nothing to measure.
    Figures = tuple[Fraction, Fraction] | None

#: How many decimals each unit is shown with; money has those of its currency.
_DECIMALS = {"people": 0, "number": 0, "hours": 2, "ratio": 2, "share": 4}
_WHOLE = Fraction(1)

#: Parts of a surplus that go to those who worked.
_TO_LABOUR = frozenset(
    {"patronage", "nonqualified", "member-payable", "worker-payable"}
)

#: Transfers by which enterprises help each other.
_HELP = frozenset({"pool", "solidarity", "central", "education", "aid"})


@dataclass(frozen=True, slots=True)
class Form:
    """How something is measured.

    Attributes:
        title: What the figure says.
        unit: ``people``, ``hours``, ``money``, ``share``, ``ratio`` or ``number``.
        of: Gives an enterprise's sum and what it is divided by.
        is_largest: Whether all together have the largest of the enterprises' figures,
            instead of all sums by all divisors.
    """

    title: str
    unit: str
    of: Callable[[View], Figures]
    is_largest: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure came to.

    Attributes:
        id: Its id.
        title: What the figure says.
        unit: As in `Form`.
        values: Figure by enterprise; None where nothing can be said.
        group: The figure of all together, or None.
    """

    id: str
    title: str
    unit: str
    values: dict[str, Decimal | None]
    group: Decimal | None

    @property
    def taken(self) -> int:
        """Of how many enterprises there is a figure."""
        return sum(value is not None for value in self.values.values())


def measure(name: str, views: Mapping[str, View], unit: Decimal) -> Measure:
    """Measure something of all enterprises.

    Args:
        name: One of `MEASURES`.
        views: The enterprises by id.
        unit: The smallest unit of the group's currency.

    Returns:
        The figures.  Money is in the group's currency at the average rate; where no
        enterprise has anything to divide by, there is no figure.
    """
    form = MEASURES[name]
    decimals = _DECIMALS.get(form.unit)
    step = unit if decimals is None else Decimal(1).scaleb(-decimals)
    found = {
        enterprise: _in_group(form.of(view), view, is_money=form.unit == "money")
        for enterprise, view in views.items()
    }
    values = {enterprise: _quotient(one, step) for enterprise, one in found.items()}
    if form.is_largest:
        known = [value for value in values.values() if value is not None]
        group = max(known, default=None)
    else:
        group = _quotient(_added(list(found.values())), step)
    return Measure(name, form.title, form.unit, values, group)


def _in_group(figures: Figures, view: View, *, is_money: bool) -> Figures:
    if figures is None or not is_money:
        return figures
    return figures[0] * view.average, figures[1]


def _quotient(figures: Figures, step: Decimal) -> Decimal | None:
    if figures is None or figures[1] == 0:
        return None
    return round_to(figures[0] / figures[1], step)


def _added(found: Collection[Figures]) -> Figures:
    """Add the sums up; divisors of one stay one."""
    known = [one for one in found if one is not None]
    if not known:
        return None
    number = sum((one[0] for one in known), Fraction(0))
    divisors = [one[1] for one in known]
    is_plain = all(one == _WHOLE for one in divisors)
    return number, _WHOLE if is_plain else sum(divisors, Fraction(0))


# --- what is measured -----------------------------------------------------------------


def _sum(amount: Decimal | int) -> Figures:
    return Fraction(amount), _WHOLE


def _by(amount: Decimal, whole: Decimal) -> Figures:
    return (Fraction(amount), Fraction(whole)) if whole else None


def _flow(view: View, *roles: str) -> Decimal:
    return sum((one.amount for one in view.year.flows if one.role in roles), ZERO)


def _allocated(view: View, roles: Collection[str]) -> Decimal:
    found = (amount for role, amount in view.year.allocated if role in roles)
    return sum(found, ZERO)


def _of_surplus(view: View, amount: Decimal) -> Figures:
    """Return a part of the year's surplus after tax; a loss has no parts."""
    surplus = view.year.result - view.year.tax
    return _by(amount, surplus) if surplus > 0 else None


def _of_distributed(view: View, amount: Decimal) -> Figures:
    return _of_surplus(view, amount) if view.year.is_closed else None


def _transferred(view: View, side: str) -> Figures:
    year = view.year
    return _sum(
        sum(
            (
                one.amount
                for one in view.book.transfers
                if one.side == side
                and one.nature in _HELP
                and year.start <= one.date <= year.end
            ),
            ZERO,
        )
    )


def _pay_ratio(view: View) -> Figures:
    work = view.year.work
    if work.highest is None or not work.lowest:
        return None
    return Fraction(work.highest), Fraction(work.lowest)


def _interest(view: View) -> Decimal:
    return view.year.interest + _allocated(view, {"member-interest"})


def _opening_capital(view: View) -> Decimal:
    return dict(view.year.changes)["opening"]


def _decisions(view: View) -> Figures:
    year = view.year
    return _sum(sum(year.start <= d.date <= year.end for d in view.book.decisions))


MEASURES: Mapping[str, Form] = {
    "members": Form(
        "Members at the year's end", "people", lambda v: _sum(v.year.work.members)
    ),
    "joined": Form("Joined in the year", "people", lambda v: _sum(v.year.work.joined)),
    "left": Form("Left in the year", "people", lambda v: _sum(v.year.work.left)),
    "hired": Form(
        "Paid without membership", "people", lambda v: _sum(v.year.work.hired)
    ),
    "entry-fees": Form(
        "Entry fees taken", "money", lambda v: _sum(_flow(v, "entry-fees"))
    ),
    "entry-fee-each": Form(
        "Entry fees for each who joined",
        "money",
        lambda v: _by(_flow(v, "entry-fees"), Decimal(v.year.work.joined)),
    ),
    "hours-of-members": Form(
        "Hours worked by members", "hours", lambda v: _sum(v.year.work.hours_members)
    ),
    "hours-of-hired": Form(
        "Hours worked by others", "hours", lambda v: _sum(v.year.work.hours_hired)
    ),
    "members-share-of-hours": Form(
        "Of all hours, worked by members",
        "share",
        lambda v: _by(
            v.year.work.hours_members,
            v.year.work.hours_members + v.year.work.hours_hired,
        ),
    ),
    "pay-ratio": Form(
        "Highest pay for an hour by the lowest", "ratio", _pay_ratio, is_largest=True
    ),
    "interest": Form("Interest paid on capital", "money", lambda v: _sum(_interest(v))),
    "interest-on-capital": Form(
        "Interest, of the capital at the beginning",
        "share",
        lambda v: _by(_interest(v), _opening_capital(v)),
    ),
    "interest-cap": Form(
        "Interest, the highest rate that is allowed",
        "share",
        lambda v: None if v.interest_cap is None else _sum(v.interest_cap),
        is_largest=True,
    ),
    "capital": Form(
        "Members' capital at the year's end", "money", lambda v: _sum(v.year.capital)
    ),
    "share-to-reserves": Form(
        "Of the surplus, to common reserves",
        "share",
        lambda v: _of_distributed(v, _allocated(v, COLLECTIVE)),
    ),
    "share-to-education": Form(
        "Of the surplus, to education",
        "share",
        lambda v: _of_surplus(
            v, _allocated(v, {"education-fund"}) + _flow(v, "education-expense")
        ),
    ),
    "share-to-solidarity": Form(
        "Of the surplus, to solidarity",
        "share",
        lambda v: _of_surplus(v, _flow(v, "solidarity-paid", "pool-paid")),
    ),
    "share-to-labour": Form(
        "Of the surplus, to those who worked",
        "share",
        lambda v: _of_distributed(v, _allocated(v, _TO_LABOUR)),
    ),
    "given": Form(
        "Given to other enterprises and funds",
        "money",
        lambda v: _transferred(v, GIVES),
    ),
    "received": Form(
        "Received from other enterprises and funds",
        "money",
        lambda v: _transferred(v, RECEIVES),
    ),
    "decisions": Form("Resolutions on file of the year", "number", _decisions),
}
