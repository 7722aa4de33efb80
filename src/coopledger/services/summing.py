"""Sums over all members, as far as the by-laws let every member see them.

A sum is shown of a closed year only, rounded, and where no reader can reckon back to a
few people.  What could be reckoned back: the sum less one's own part; the difference of
two years, between which a few joined, paid in or left; what a few have of something
that most have not.  For each of these the people behind it are counted, and where
they are few the figure is left out, and said to be.  What the rounding takes away is no
less than the largest part of any one person, so that nobody stands out by their size.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.services.attributing import COUNTS
from coopledger.services.attributing import figures_of
from coopledger.services.attributing import people_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import Books
    from coopledger.law.policy import Policy
    from coopledger.services.attributing import Figure

#: The parameters: whether sums are shown, and over how many others at least.
SHOWN, LEAST = "members.aggregates", "members.aggregates-others"

#: What a member's book calls the directive of a sum, and a sum that is left out.
DIRECTIVE = "portal-sum"
LEFT_OUT = "left-out"


class Sum(NamedTuple):
    """What is said of a figure of a year: its rounded sum, or that it is left out.

    Attributes:
        name: The figure.
        year: The fiscal year.
        number: The sum; None where it is left out.
        step: What it is rounded to a multiple of.
    """

    name: str
    year: int
    number: Decimal | None
    step: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """What members may see of all the others.

    Attributes:
        said: What is said, the same to everybody.
        figures: The figures that it rests on, each name's in order of year.
        least: Over how many others each sum is at least.
        people: Who a member is, where several ids are one person or a name is known.
    """

    said: Sequence[Sum] = ()
    figures: Mapping[str, Sequence[Figure]] = field(default_factory=dict)
    least: int = 0
    people: Mapping[str, str] = field(default_factory=dict)

    def said_to(self, books: Books, member: str) -> list[Sum]:
        """Return what is said to one member: of years in which they were one."""
        fiscal = {year: figures.fiscal for year, figures in books.years.items()}
        return [
            one
            for one in self.said
            if books.register.was_member(
                member, fiscal[one.year].start, fiscal[one.year].end
            )
        ]


def sums_of(books: Books, policy: Policy, private: Collection[Decimal] = ()) -> Sums:
    """Return what members may see of all the others.

    Args:
        books: The books.
        policy: What governs them.
        private: Amounts that are single members', without sign: no sum is one of them.
    """
    shown = _years_to_show(books, policy)
    least = _least(books, policy) if shown else None
    if least is None:
        return Sums()
    figures = figures_of(books, until=max(shown))
    said = [
        one
        for series in figures.values()
        for one in _said(series, shown, least, private)
    ]
    return Sums(tuple(said), figures, least, people_of(books))


def closed_years(books: Books) -> list[int]:
    """Return the years that are sealed, as all before them are, and did not change.

    A year without income and expenses, such as that of the foundation, cannot be
    sealed.
    """
    closed = []
    for year, figures in books.years.items():
        digests = {seal.digest for seal in books.seals if seal.year == year}
        is_sealed = digests == {books.digests.get(year)}
        if is_sealed:
            closed.append(year)
        elif figures.has_activity or digests:
            break
    return closed


def _years_to_show(books: Books, policy: Policy) -> list[int]:
    """Return the closed years of which by-laws let sums be shown.

    They let it on the year's last day, as with every parameter, and at the end of the
    book: whoever switches it off takes away what was shown.
    """
    if not policy.policies:
        return []
    days = [choice.date for choice in books.choices if choice.name == SHOWN]
    last = max([books.last, *days])
    days_of = {year: books.years[year].fiscal.end for year in closed_years(books)}
    return [
        year
        for year, end in days_of.items()
        if all(_is_on(policy, day) for day in (end, last))
    ]


def _is_on(policy: Policy, day: datetime.date) -> bool:
    setting = policy.find(SHOWN, day)
    return setting is not None and setting.value is True


def _least(books: Books, policy: Policy) -> int | None:
    """Return the most others that were ever asked for; None where it is out of bounds.

    Earlier sums are still known to those who read them.
    """
    days = {choice.date for choice in books.choices if choice.name == LEAST}
    asked = []
    for day in {*days, books.last}:
        number = policy.find_number(LEAST, day)
        bounds = policy.bounds(LEAST, day, "statutes")
        if number is None or not all(bound.allows(number) for bound in bounds):
            return None
        asked.append(number)
    return int(max(asked).to_integral_value(rounding="ROUND_CEILING"))


# --- what is said of them, and the proof that it may be -------------------------------


def _said(
    series: Sequence[Figure],
    shown: Collection[int],
    least: int,
    private: Collection[Decimal],
) -> Iterator[Sum]:
    """Say one figure year by year; what would tell of a few is left out."""
    step = step_of(series)
    known: list[Figure] = []
    for one in series:
        if one.year not in shown or not one.parts:
            continue
        number = round_to(one.total, step)
        is_somebodys = one.name not in COUNTS and abs(number) in private
        # One more than others: the reader may be among them, and all read the same.
        groups = [one.parts, *groups_between(series, known, one)]
        is_of_few = any(0 < len(group) <= least for group in groups)
        if is_of_few or is_somebodys:
            yield Sum(one.name, one.year, None, step)
        else:
            known.append(one)
            yield Sum(one.name, one.year, number, step)


def doubt_about(one: Sum, said: Sequence[Sum], sums: Sums, member: str) -> str:
    """Return why a sum may not be said to a member; "" where it may.

    It trusts nothing of how the sum was found: it counts the others than this reader
    who are behind it, and behind its difference from all else that is said.
    """
    series = sums.figures.get(one.name, ())
    figure = _figure_in(series, one.year)
    if figure is None:
        return "it is no figure of the book"
    if one.number != round_to(figure.total, one.step) or one.step < step_of(series):
        return "it is not rounded as it should be"
    known = [
        _figure_in(series, other.year)
        for other in said
        if other.name == one.name and other.year != one.year
        if other.number is not None
    ]
    others = [each for each in known if each is not None]
    reader = sums.people.get(member, member)
    if len(figure.parts.keys() - {reader}) < sums.least:
        return "too few others are behind it"
    for group in groups_between(series, others, figure):
        if 0 < len(set(group) - {reader}) < sums.least:
            return "it differs from another year by too few others"
    return ""


def _figure_in(series: Sequence[Figure], year: int) -> Figure | None:
    return next((one for one in series if one.year == year), None)


def groups_between(
    series: Sequence[Figure], known: Sequence[Figure], one: Figure
) -> Iterator[Collection[str]]:
    """Return who is behind the difference of a figure from each one that is known.

    Where a figure goes on from year to year, who changed it is looked at kind by kind,
    since the beginning and since each year that is known: what most people get may be
    known from another figure, and what is left is few people's.
    """
    spans = [(series[0].year - 1, one.year)]
    for other in known:
        early, late = sorted((other, one), key=lambda figure: figure.year)
        spans.append((early.year, late.year))
        if one.name != "collective":
            people = early.parts.keys() | late.parts.keys()
            yield {
                who
                for who in people
                if early.parts.get(who, ZERO) != late.parts.get(who, ZERO)
            }
    for first, last in spans:
        between = [each for each in series if first < each.year <= last]
        for kind in {kind for each in between for kind in each.moved}:
            yield {who for each in between for who in each.moved.get(kind, ())}


def step_of(series: Sequence[Figure]) -> Decimal:
    """Return the least round step that no person's part exceeds in any year."""
    amounts = [
        abs(amount)
        for one in series
        for parts in (one.parts, *one.moved.values())
        for amount in parts.values()
    ]
    largest, step = max(amounts, default=ZERO), Decimal(1)
    while largest > step:
        step = _next(step)
    return step


def _next(step: Decimal) -> Decimal:
    """Return what follows in 1, 2, 5, 10, 20, 50 ..."""
    return step * 5 / 2 if str(step).startswith("2") else step * 2
