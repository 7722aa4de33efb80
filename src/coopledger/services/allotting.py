"""What each member was allotted of a year's result: what a notice of it tells.

A notice tells of what is booked.  What only follows from the books is told on request,
and says that it is proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.errors import YearUnknownError
from coopledger.law.reporting import PATRONAGE
from coopledger.law.reporting import is_in_money
from coopledger.law.reporting import is_kept
from coopledger.services.allotments import IN_MONEY
from coopledger.services.allotments import MONEY
from coopledger.services.allotments import WITHHELD
from coopledger.services.allotments import Allotment
from coopledger.services.allotments import Allotments
from coopledger.services.allotments import NotDistributedError
from coopledger.services.allotments import NothingAllottedError
from coopledger.services.allotments import Part
from coopledger.services.closability import is_closed
from coopledger.services.closing import close_year
from coopledger.services.qualifying import Dividend
from coopledger.services.qualifying import Paid
from coopledger.services.qualifying import Terms
from coopledger.services.titles import COMPONENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import Line
    from coopledger.journal.loading import Book
    from coopledger.journal.planning import Planned
    from coopledger.journal.planning import PlannedLeg
    from coopledger.law.case import Case
    from coopledger.law.case import Posted
    from coopledger.law.reporting import Debt

_TOLD = CAPITAL | {MONEY}
_RETAINS = frozenset({"per-unit-retain"})
#: Beancount's flag of what is not final.
_DRAFT = "!"


def allotments_of(
    book: Book,
    year: int,
    member: str = "",
    *,
    proposed: bool = False,
    today: datetime.date | None = None,
) -> Allotments:
    """Return what members were allotted of a year's result.

    Args:
        book: The book.
        year: The fiscal year.
        member: The one member who is asked for; "" for all.
        proposed: Whether a year that is not booked yet is told of as well.
        today: The day on which this is asked; default: today.

    Raises:
        YearUnknownError: The book does not reach that year.
        NotDistributedError: The year is not booked, and nobody asked for a proposal.
        YearNotClosableError: It is not booked, and cannot be proposed either.
        NothingAllottedError: There is nobody to give notice to.
        MemberUnknownError: Nobody of that id is in the register.
    """
    case = book.case
    if year not in case.books.years:
        raise YearUnknownError(year, case.books.years)
    if member:
        case.books.register.refuse_unknown(member)
    told = _told(book, year, proposed=proposed, today=today)
    members = tuple(
        _allotment(case, told, one)
        for one in sorted(told.parts, key=case.books.register.rank)
        if member in {"", one}
    )
    if not members:
        raise NothingAllottedError(year, member)
    end = told.figures.fiscal.end
    return Allotments(
        figures=told.figures,
        is_proposed=told.is_proposed,
        day=told.day,
        resolution=told.resolution,
        regime=case.policy.text("tax.regime", end, "none"),
        terms=told.terms,
        members=members,
    )


# --- what is booked, and what follows -------------------------------------------------


@dataclass(slots=True)
class _Told:
    """What is put together for all members of a year."""

    figures: YearFigures
    is_proposed: bool
    day: datetime.date
    resolution: str
    terms: Terms | None
    parts: dict[str, dict[tuple[str, str], Part]] = field(default_factory=dict)
    payments: dict[str, list[Paid]] = field(default_factory=dict)

    def add(self, member: str, step: str, part: Part) -> None:
        """Add a part to what the same step gave a member in the same role."""
        own = self.parts.setdefault(member, {})
        before = own.get((step, part.role))
        if before:
            part = part._replace(amount=before.amount + part.amount)
        own[step, part.role] = part


def _told(
    book: Book, year: int, *, proposed: bool, today: datetime.date | None
) -> _Told:
    case, figures = book.case, book.case.books.years[year]
    posted = case.posted(year)
    is_draft = any(one.flag == _DRAFT for one in posted.bookings)
    is_booked = bool(posted.bookings) and is_closed(book, year)
    is_proposed = is_draft or not is_booked
    if is_proposed and not proposed:
        raise NotDistributedError(year, is_draft=is_draft)
    planned = () if is_booked else close_year(book, year, today=today).planned
    told = _Told(
        figures=figures,
        is_proposed=is_proposed,
        day=posted.deciding.date if is_booked else _day(figures, planned),
        resolution=_resolution_of(case, posted) if is_booked else "",
        terms=Terms.of(case, figures, is_proposed=is_proposed),
    )
    titles = _titles(case, figures)
    for member, step, role, amount in (
        *_booked(posted),
        *_retained(case, year),
        *(_planned(book, leg) for plan in planned for leg in plan.legs),
    ):
        if member and role in _TOLD and amount:
            words = titles.get(step, COMPONENTS.get(role, role))
            kind = posted.kinds.get(step, "")
            told.add(member, step, Part(words, kind, role, amount))
    _withhold(case, year, told)
    if not is_proposed:
        told.payments = _payments(case, posted)
    return told


_Leg = tuple[str, str, str, "Decimal"]


def _day(figures: YearFigures, planned: Sequence[Planned]) -> datetime.date:
    return planned[-1].date if planned else figures.fiscal.end


def _booked(posted: Posted) -> Iterator[_Leg]:
    for _, leg in posted.legs():
        yield leg.member, leg.step, leg.role, leg.amount


def _retained(case: Case, year: int) -> Iterator[_Leg]:
    """Return what was kept back per unit in the year itself, apart from its closing."""
    for booking, leg in case.books.traces_in(_RETAINS):
        label = booking.year or case.books.year_end.year_of(booking.date).label
        is_kept_back = any(one.role == "per-unit-expense" for one in booking.legs)
        if is_kept_back and label == year and not booking.is_appropriation:
            yield leg.member, leg.step, leg.role, leg.amount


def _planned(book: Book, leg: PlannedLeg) -> _Leg:
    place = book.chart.place(leg.account)
    return (
        (place.member, leg.step, place.role, -leg.amount)
        if place
        else ("", leg.step, "", -leg.amount)
    )


def _titles(case: Case, figures: YearFigures) -> dict[str, str]:
    preset = case.policy.preset_on(figures.fiscal.end)
    return {step.id: step.title for step in (*preset.loss, *preset.surplus)}


def _resolution_of(case: Case, posted: Posted) -> str:
    links = posted.deciding.links & case.books.resolutions.keys()
    return min(links, default="")


def _withhold(case: Case, year: int, told: _Told) -> None:
    """Add what is withheld at the distribution, where the parts agree with it.

    The posting to the tax office does not say of whom it is.
    """
    expected = case.expected(year)
    for applied in expected.steps if expected else ():
        step = applied.step
        for line in applied.lines:
            if line.withheld and _agrees(told, step.id, line):
                part = Part(step.title, step.kind, WITHHELD, line.withheld)
                told.add(line.member, step.id, part)


def _agrees(told: _Told, step: str, line: Line) -> bool:
    part = told.parts.get(line.member, {}).get((step, MONEY))
    return line.cash - line.withheld == (part.amount if part else ZERO)


def _payments(case: Case, posted: Posted) -> dict[str, list[Paid]]:
    """Return what was paid of what the distribution declared in money."""
    own = {id(booking) for booking in posted.bookings}
    kept = {(id(one), member): leg.amount for one, leg, member in case.reports.withheld}
    found: dict[str, list[Paid]] = {}
    for (role, member), debts in case.reports.debts.items():
        if role == MONEY:
            of_year = (debt for debt in debts if id(debt.booking) in own)
            found[member] = [
                _paid(debt, one, kept) for debt in of_year for one in debt.payments
            ]
    return found


def _paid(
    debt: Debt,
    payment: tuple[Booking, Leg, Decimal],
    withheld: dict[tuple[int, str], Decimal],
) -> Paid:
    booking, leg, amount = payment
    member = leg.member
    return Paid(
        date=booking.date,
        amount=amount,
        is_money=is_in_money(booking, member),
        withheld=withheld.pop((id(booking), member), ZERO),
        cleared=leg.cleared,
        counts=not is_kept(booking),
        is_dividend=debt.box == PATRONAGE,
    )


# --- one member -----------------------------------------------------------------------


def _allotment(case: Case, told: _Told, member: str) -> Allotment:
    parts = tuple(told.parts[member].values())
    payments = [*told.payments.get(member, ())]
    if not told.is_proposed:
        payments += _paid_at_once(told, parts)
    payments.sort(key=lambda one: one.date)
    dividend = _dividend(member, parts, payments)
    terms = told.terms
    return Allotment(
        member=member,
        name=case.books.register.name(member),
        parts=parts,
        payments=tuple(payments),
        dividend=dividend,
        qualification=terms.qualify(dividend) if terms else None,
    )


def _paid_at_once(told: _Told, parts: Iterable[Part]) -> Iterator[Paid]:
    """Return what is withheld at the distribution: so much is paid by it."""
    for one in parts:
        if one.role == WITHHELD:
            yield Paid(
                date=told.day,
                amount=one.amount,
                is_money=True,
                withheld=one.amount,
                cleared=None,
                counts=True,
                is_dividend=one.is_patronage,
            )


def _dividend(member: str, parts: Sequence[Part], payments: Iterable[Paid]) -> Dividend:
    roles: dict[str, Decimal] = {}
    for one in parts:
        if one.is_patronage:
            roles[one.role] = roles.get(one.role, ZERO) + one.amount
    return Dividend(
        member=member,
        whole=sum(roles.values(), ZERO),
        money=sum((roles.get(role, ZERO) for role in IN_MONEY), ZERO),
        paper=roles.get("patronage", ZERO),
        nonqualified=roles.get("nonqualified", ZERO),
        retains=sum((p.amount for p in parts if p.role in _RETAINS), ZERO),
        payments=tuple(one for one in payments if one.is_dividend),
    )
