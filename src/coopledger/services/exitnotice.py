"""What a member who leaves is told: what they get, when, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.law.leaving import deduction_sources
from coopledger.law.leaving import interest_sources
from coopledger.law.leaving import years_sources
from coopledger.phrases import Phrase
from coopledger.phrases import Rate

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.leaving import Leaver
    from coopledger.journal.loading import Book
    from coopledger.services.leaving import Exit

#: Kinds of movement by which an account is settled.
_SETTLING = frozenset({"redemption", "deduction"})

#: Kinds of exit in words.
_KINDS = {
    "justified": Phrase("justified"),
    "unjustified": Phrase("without justification"),
    "minimum-stay": Phrase("before the least time that was promised"),
    "expulsion": Phrase("expulsion"),
    "death": Phrase("death"),
    "retirement": Phrase("retirement"),
    "transfer": Phrase("to another co-operative"),
}


class Event(NamedTuple):
    """Something that was booked of an account after its holder left.

    Attributes:
        date: The day.
        words: What it was, in words.
        amount: By how much the debt to the leaver grew; below zero where it fell.
        owed: The debt after it.
    """

    date: datetime.date
    words: Phrase
    amount: Decimal
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that an exit rests on: how it stands, and the texts behind it."""

    words: Phrase
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExitNotice:
    """What somebody who leaves is told.

    Attributes:
        found: The figures of `exit`.
        name: The member's name.
        kind: The kind of exit in words, or "".
        history: What was booked of earlier settlements, in order.
        settled: What earlier settlements took out of the capital, by component.
        kept: What the co-op kept of that.
        rules: The rules that it rests on.
    """

    found: Exit
    name: str
    kind: str
    history: tuple[Event, ...]
    settled: dict[str, Decimal]
    kept: Decimal
    rules: tuple[Rule, ...]

    @property
    def whole(self) -> Decimal:
        """All that is still to be paid, without interest to come."""
        return self.found.settled + self.found.owed + self.found.declared

    @property
    def interest(self) -> Decimal:
        """The least interest that the payments to come bring."""
        payments = self.found.payments
        return sum((one.interest or ZERO for one in payments), ZERO)


def exit_notice_of(book: Book, found: Exit) -> ExitNotice:
    """Put together what a leaver is told, from the figures of `exit`.

    Args:
        book: The book.
        found: What the exit comes to.
    """
    case, ending = book.case, found.ending
    leaver = case.leavers.get(ending.member)
    booked = [*_booked(book, found)] if leaver else []
    return ExitNotice(
        found=found,
        name=case.books.register.name(ending.member),
        kind=_KINDS.get(ending.exit_kind, ""),
        history=tuple(_history(leaver, found.on)) if leaver else (),
        settled=_settled(booked),
        kept=-sum((one.amount for one in booked if one.kind == "deduction"), ZERO),
        rules=tuple(_rules(book, found)),
    )


def _history(leaver: Leaver, on: datetime.date) -> Iterator[Event]:
    became = Phrase("Capital became a debt to you")
    dated = [(one.date, 0, became, one.amount) for one in leaver.settlements]
    dated += [(day, 1, Phrase("Interest"), a) for day, a in leaver.interest]
    dated += [(day, 2, Phrase("Paid to you"), -a) for day, a in leaver.payments]
    owed = ZERO
    for day, _, words, amount in sorted(dated, key=lambda one: one[:2]):
        if day <= on:
            owed += amount
            yield Event(day, words, amount, owed)


def _booked(book: Book, found: Exit) -> Iterator[CapitalMovement]:
    """Return what settlements took out of the capital since the member left."""
    member, left = found.ending.member, found.ending.date
    for one in book.case.books.index.movements_of(member):
        if one.kind in _SETTLING and left <= one.date <= found.on:
            yield one


def _settled(booked: Iterable[CapitalMovement]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in booked:
        sums[one.role] = sums.get(one.role, ZERO) - one.amount
    return {role: amount for role, amount in sums.items() if amount}


def _rules(book: Book, found: Exit) -> Iterator[Rule]:
    policy, ending, rate = book.case.policy, found.ending, found.rate
    kind, left = ending.exit_kind, ending.date
    yield Rule(_deduction(found), deduction_sources(policy, kind, left))
    if found.deadline:
        words = Phrase("Everything is due by {day}.", day=found.deadline)
        yield Rule(words, years_sources(policy, kind, left))
    else:
        yield Rule(Phrase("This book has no rule on how soon it has to be paid."), ())
    if rate is None:
        yield Rule(Phrase("This book has no rule on interest until then."), ())
    else:
        words = Phrase("Until then it earns {rate} a year at least.", rate=Rate(rate))
        yield Rule(words, interest_sources(policy, found.on))


def _deduction(found: Exit) -> Phrase:
    of = found.deduction
    if of.amount:
        return Phrase(
            "{rate} of the compulsory contributions, {base}, is kept: {amount}.",
            rate=Rate(of.rate),
            base=of.base,
            amount=of.amount,
        )
    if of.limit == 0:
        return Phrase("Nothing may be kept for an exit of this kind.")
    if of.limit is not None and found.components:
        return Phrase(
            "Nothing is kept; the most that may be is {rate} of the compulsory "
            "contributions.",
            rate=Rate(of.limit),
        )
    return Phrase("The by-laws, as this book has them, keep nothing of it back.")
