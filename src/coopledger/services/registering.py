"""Showing the register: who belongs, who votes, who came and went, who works."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import round_to
from coopledger.domain.members import ENDINGS
from coopledger.services.federating.summarising import work_of

if TYPE_CHECKING:
    import datetime

    from coopledger.domain.enterprise import Work
    from coopledger.domain.members import MemberEvent
    from coopledger.domain.members import Membership
    from coopledger.journal.loading import Book

_CAP = "pay.ratio-cap"
#: How finely figures are shown; nothing is reckoned with what is shown.
_SHOWN, _TENTH_OF_A_PERCENT = Decimal(1).scaleb(-2), Decimal(1).scaleb(-3)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody in the register on a day.

    Attributes:
        membership: Who it is.
        votes: Whether their class votes; None where the law in force knows no such
            class.
    """

    membership: Membership
    votes: bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the register within a period, with the name it is about."""

    event: MemberEvent
    name: str


@dataclass(frozen=True, slots=True)
class WorkYear:
    """Who worked in a year, and how far pay is apart.

    Attributes:
        label: The fiscal year.
        work: Pay, hours and people.
        ratio: The highest pay for an hour as a multiple of the lowest; None where
            fewer than two people have pay and hours.
        cap: The highest multiple that is allowed; None where nobody decided one.
    """

    label: int
    work: Work
    ratio: Fraction | None
    cap: Decimal | None

    @property
    def hours(self) -> Decimal:
        """All hours."""
        return self.work.hours_members + self.work.hours_hired

    @property
    def hired_share(self) -> Decimal | None:
        """What part of all hours was hired, to a tenth of a percent."""
        part = Fraction(self.work.hours_hired) / Fraction(self.hours or 1)
        return round_to(part, _TENTH_OF_A_PERCENT) if self.hours else None

    @property
    def ratio_shown(self) -> Decimal | None:
        """The ratio with two decimals, never rounded down."""
        return None if self.ratio is None else round_to(self.ratio, _SHOWN, "up")


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The register on a day, and what happened in the period up to it.

    Attributes:
        on: The day.
        members: Everybody who is a member.
        others: Applicants, and people who left.
        changes: What happened in the period.
        years: Work in each year of the period.
    """

    on: datetime.date
    members: tuple[Entry, ...]
    others: tuple[Entry, ...]
    changes: tuple[Change, ...]
    years: tuple[WorkYear, ...]

    @property
    def votes(self) -> int:
        """How many votes there are: each member whose class votes has one."""
        return sum(one.votes is True for one in self.members)

    @property
    def joined(self) -> int:
        """How many joined in the period."""
        return sum(one.event.event == "join" for one in self.changes)

    @property
    def left(self) -> int:
        """How many left or died in the period."""
        return sum(one.event.event in ENDINGS for one in self.changes)


def register_of(book: Book, start: datetime.date, end: datetime.date) -> RegisterPage:
    """Return the register at the end of a period, and what happened in it.

    Args:
        book: The book.
        start: First day of the period.
        end: Last day.
    """
    books = book.case.books
    known = [_entry(book, one, end) for one in books.register.as_of(end)]
    events = [
        Change(event, books.register.name(member))
        for member in books.register.ids
        for event in books.register.events[member]
        if start <= event.date <= end
    ]
    years = [one for one in books.years.values() if one.fiscal.start <= end]
    return RegisterPage(
        on=end,
        members=tuple(one for one in known if one.membership.is_member),
        others=tuple(one for one in known if not one.membership.is_member),
        changes=tuple(sorted(events, key=lambda one: one.event.date)),
        years=tuple(
            found
            for figures in years
            if figures.fiscal.end >= start
            for found in [_work_year(book, figures.fiscal.label)]
            if found.hours or found.work.payroll_members or found.work.payroll_hired
        ),
    )


def _entry(book: Book, one: Membership, on: datetime.date) -> Entry:
    own = book.case.policy.class_on(one.member_class, on)
    return Entry(one, own.votes if own else None)


def _work_year(book: Book, label: int) -> WorkYear:
    figures = book.case.books.years[label]
    work = work_of(book, figures)
    high, low = work.highest, work.lowest
    ratio = Fraction(high) / Fraction(low) if high and low else None
    cap = book.case.policy.find_number(_CAP, figures.fiscal.end)
    return WorkYear(label, work, ratio, cap)
