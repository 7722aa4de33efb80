"""Showing members their own account: each movement in words, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.revolving import REVOLVING
from coopledger.domain.revolving import RevolvingFund
from coopledger.errors import CoopledgerError
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.services.explaining import SHARED
from coopledger.services.explaining import explanations_of
from coopledger.services.leaving import payouts_of
from coopledger.services.ownparts import agrees
from coopledger.services.stating import Statement
from coopledger.services.stating import statement_of
from coopledger.services.titles import COMPONENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.books import Books
    from coopledger.domain.books import Resolution
    from coopledger.domain.capital import CapitalMovement
    from coopledger.journal.loading import Book
    from coopledger.law.case import Case
    from coopledger.law.case import Posted
    from coopledger.services.explaining import Explanation
    from coopledger.services.ownparts import OwnPart
    from coopledger.services.paying import Payment

#: What a member's own book calls the directive of a year's rate of interest.
RATE = "portal-rate"

#: What a member is owed outside capital and what has no day yet, in words.
_CAPITAL = "redemption-payable"
_PLAIN_DEBTS = ("member-payable", _CAPITAL)


@dataclass(frozen=True, slots=True)
class Holding:
    """A part of the capital: component, year of allotment where known, amount."""

    role: str
    year: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payable:
    """Something still to be paid.

    Attributes:
        words: What it is.
        date: When; None where no day is agreed.
        amount: How much.
        interest: Interest that comes with it; None where none is known.
        role: What the co-op owes it as; "" for what the member owes.
        agreed: The day that was agreed, where it may be over by `date`.
    """

    words: Phrase
    date: datetime.date | None
    amount: Decimal
    interest: Decimal | None = None
    role: str = ""
    agreed: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A member's own part of a step, with what the law calls the step."""

    title: str
    part: OwnPart


@dataclass(frozen=True, slots=True)
class Told:
    """What is put into a member's own book because that alone does not lead to it.

    Attributes:
        rates: Rates of the interest that they were given, by year.
        parts: Their parts of the years' results.
    """

    rates: Mapping[int, Rate] = field(default_factory=dict)
    parts: Sequence[OwnPart] = ()


@dataclass(frozen=True, slots=True)
class Working:
    """How a member's part of one year's result came about.

    Attributes:
        year: The fiscal year.
        booked: What was booked for the member; below zero for a loss.
        decided: The fiscal year in which it was booked.
        date: The day of that.
        decisions: What it rests on, by the name of each resolution.
        parts: The arithmetic, step by step; nothing where the book does not lead to
            what was booked, as a book of one member alone never does.
        own: Then, what of the arithmetic is the member's own, if the book says it.
    """

    year: int
    booked: Decimal
    decided: int
    date: datetime.date
    decisions: Mapping[str, Resolution]
    parts: tuple[Explanation, ...]
    own: tuple[NamedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """All that a member's page tells.

    Attributes:
        statement: Opening, movements, closing.
        words: Each movement of the statement in words, in the same order.
        holdings: What the capital consists of at the end, in the order of its names.
        to_pay: What the member has still to pay in.
        to_get: What the co-op has still to pay to the member.
        workings: How each year's part came about, the latest year first.
    """

    statement: Statement
    words: tuple[Phrase, ...]
    holdings: tuple[Holding, ...]
    to_pay: tuple[Payable, ...]
    to_get: tuple[Payable, ...]
    workings: tuple[Working, ...]


def account_of(
    book: Book,
    member: str,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    told: Told | None = None,
) -> MemberAccount:
    """Return all that a member's page tells of a period.

    Args:
        book: The book.
        member: Member id.
        start: First day; default: the beginning.
        end: Last day; default: the book's last.
        told: What the book says of the member beside its movements, if it does.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
    """
    case, told = book.case, told or Told()
    found = statement_of(case.books, member, start, end)
    return MemberAccount(
        statement=found,
        words=tuple(
            _in_words(case, row.movement, row.words, told.rates) for row in found.rows
        ),
        holdings=tuple(sorted(_holdings(case.books, found), key=_rank)),
        to_pay=tuple(to_pay(case, found)),
        to_get=tuple(to_get(book, found)),
        workings=tuple(_workings(case, found, told.parts)),
    )


# --- in words -------------------------------------------------------------------------


def _in_words(
    case: Case, movement: CapitalMovement, words: Phrase, rates: Mapping[int, Rate]
) -> Phrase:
    """Say a movement in words, interest with its rate where one year's is known."""
    if movement.kind != "interest":
        return words
    year = _year_of(case, movement)
    rate = rates.get(year) or _interest_rate(case, year)
    if rate is None:
        return words
    return Phrase("Interest of {year} at {rate}", year=year, rate=rate)


def _year_of(case: Case, movement: CapitalMovement) -> int:
    return movement.year or case.books.year_end.year_of(movement.date).label


def interest_rates(case: Case) -> dict[str, dict[int, Rate]]:
    """Return the rates of the years of which each member was given interest."""
    found: dict[str, dict[int, Rate]] = {}
    known: dict[int, Rate | None] = {}
    for movement in case.books.movements() if case.policy.policies else ():
        if movement.kind == "interest":
            year = _year_of(case, movement)
            if year not in known:
                known[year] = _interest_rate(case, year)
            if rate := known[year]:
                found.setdefault(movement.member, {})[year] = rate
    return found


def _interest_rate(case: Case, year: int) -> Rate | None:
    """Return the one rate of a year's interest on capital, or None."""
    expected = case.expected(year) if year in case.books.years else None
    steps = expected.steps if expected else ()
    rates = {step.rate for step in steps if step.step.kind == "interest" and step.rate}
    return Rate(rates.pop()) if len(rates) == 1 else None


# --- what there is --------------------------------------------------------------------


def _rank(one: Holding) -> tuple[int, int]:
    return [*COMPONENTS].index(one.role), one.year or 0


def _holdings(books: Books, found: Statement) -> Iterator[Holding]:
    """Return the components, retained patronage by the year of its allotment."""
    member, fund = found.membership.member, RevolvingFund(books.year_end)
    roles: dict[str, str] = {}
    for booking, leg in books.index.traces_of(member, REVOLVING):
        if booking.date <= found.end:
            fund.note(booking, leg)
            roles[leg.account] = leg.role
    by_year: dict[tuple[str, int], Decimal] = {}
    for year, _ in sorted(fund.accounts):
        for account, amount in fund.accounts[year, member].items():
            key = roles[account], year
            by_year[key] = by_year.get(key, ZERO) + amount
    for role, amount in found.components.items():
        own = {year: part for (name, year), part in by_year.items() if name == role}
        if sum(own.values(), ZERO) == amount:
            yield from (Holding(role, year, part) for year, part in own.items() if part)
        else:
            yield Holding(role, None, amount)


# --- what is owed ---------------------------------------------------------------------


def to_pay(case: Case, found: Statement) -> Iterator[Payable]:
    """Return the instalments that are still to be paid in, the oldest first."""
    whose = case.subscribers.get(found.membership.member)
    if whose is None or found.uncalled <= 0:
        return
    words, left = Phrase("Instalment of the contribution"), found.uncalled
    for number, one in enumerate(whose.subscriptions):
        unpaid = whose.left(number, found.end)
        plan = one.booking.plan
        if unpaid <= 0 or plan is None or one.booking.date > found.end:
            continue
        paid = one.unpaid - unpaid
        for day, amount in plan.dues(one.unpaid, one.booking.date, case.books.unit):
            due = amount - min(paid, amount)
            paid -= amount - due
            due = min(due, left)
            left -= due
            if due:
                yield Payable(words, day, due)
    if left > 0:
        yield Payable(words, None, left)


def to_get(book: Book, found: Statement) -> Iterator[Payable]:
    """Return what is still to be paid out, with days where they are agreed."""
    left = dict(found.owed)
    capital = Phrase("Capital being paid out")
    for one in _payouts(book, found):
        due = min(one.capital, left.get(_CAPITAL, ZERO))
        if due > 0:
            left[_CAPITAL] -= due
            yield Payable(capital, one.date, due, one.interest, _CAPITAL, one.agreed)
    for role, words in zip(
        _PLAIN_DEBTS, (Phrase("Payable to the member"), capital), strict=True
    ):
        if left.get(role):
            yield Payable(words, None, left[role], role=role)


def _payouts(book: Book, found: Statement) -> Iterator[Payment]:
    try:
        yield from payouts_of(book, found.membership.member, found.end)
    except CoopledgerError:
        # Without the law's deadline or rate there is no day to name.
        return


# --- how it came about ----------------------------------------------------------------


def _workings(
    case: Case, found: Statement, own: Sequence[OwnPart]
) -> Iterator[Working]:
    member = found.membership.member
    for _, posted in reversed([*case.distributed_years()]):
        booked, day = posted.shared_by(member), posted.deciding.date
        if booked and found.start <= day <= found.end:
            decided = case.books.year_end.year_of(day).label
            parts = _parts(case, posted, member)
            named = () if parts else _named(case, posted.year, own)
            resolved = _decisions(case.books, posted.deciding)
            yield Working(
                posted.year, booked, decided, day, resolved, parts, tuple(named)
            )


def _decisions(books: Books, booking: Booking) -> dict[str, Resolution]:
    links = booking.links & books.resolutions.keys()
    return {name: books.resolutions[name] for name in links}


def _parts(case: Case, posted: Posted, member: str) -> tuple[Explanation, ...]:
    """Return the arithmetic, if it leads to what was booked."""
    expected = case.expected(posted.year)
    if expected is None:
        return ()
    person = (False, member)
    parts = explanations_of(case, expected, posted.year, person, SHARED)
    return tuple(parts) if agrees(expected, posted, member, parts) else ()


def _named(case: Case, year: int, own: Sequence[OwnPart]) -> Iterator[NamedPart]:
    """Name a member's parts of a year as the law names the steps."""
    preset = case.policy.preset_on(case.books.years[year].fiscal.end)
    titles = {step.id: step.title for step in (*preset.loss, *preset.surplus)}
    for part in own:
        if part.year == year:
            yield NamedPart(titles.get(part.step, "The member's part"), part)
