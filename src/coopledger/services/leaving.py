"""Somebody leaves: what is owed, when it is due, and the entries that settle it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.instalments import due_by
from coopledger.domain.leaving import kept_of
from coopledger.domain.members import MemberEvent
from coopledger.domain.refunds import is_refused
from coopledger.errors import ExitNotSettledError
from coopledger.journal.planning import Planned
from coopledger.journal.planning import as_text
from coopledger.journal.writing import write_proposal
from coopledger.law.leaving import COMPULSORY
from coopledger.law.leaving import agreed_deduction
from coopledger.law.leaving import highest_deduction
from coopledger.law.leaving import interest_rate
from coopledger.law.leaving import rates_of
from coopledger.law.leaving import years_to_repay
from coopledger.services.checking import findings_by
from coopledger.services.closability import is_closed
from coopledger.services.naming import free_name
from coopledger.services.paying import Payment
from coopledger.services.paying import Since
from coopledger.services.paying import deadline_of
from coopledger.services.paying import payments_of
from coopledger.services.paying import plan_for
from coopledger.services.resolving import resolution_of
from coopledger.services.settling import Balances
from coopledger.services.settling import Terms
from coopledger.services.settling import settlement_entries
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.domain.books import Resolution
    from coopledger.domain.instalments import Due
    from coopledger.journal.loading import Book

_MONTHS = 12
_DECLARED = frozenset({"member-payable"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beyond what law and by-laws say.

    Attributes:
        on: The day of the settlement.
        kind: Kind of exit, where the register has none.
        resolution: Id of the decision; without one the proposal is a draft.
        deduction: Share of the compulsory contributions to keep; None for what the
            by-laws say.
        instalments: How many instalments; None for one on each anniversary.
    """

    on: datetime.date | None = None
    kind: str = ""
    resolution: str = ""
    deduction: Decimal | None = None
    instalments: int | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """What the co-op keeps: rate, the highest rate, what it is of, and the amount."""

    rate: Decimal
    limit: Decimal | None
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Exit:
    """What is owed to somebody who leaves, and how it is settled.

    Attributes:
        ending: The line of the register, on file or proposed.
        on: The day of the settlement.
        components: Capital by role that is not settled yet.
        deduction: What is kept of it.
        settled: What becomes a debt now.
        owed: What is owed already, of settlements before.
        declared: What was declared in money, such as patronage, and is not paid.
        deadline: The last day to pay; None where law and by-laws give no time.
        rate: Least yearly interest on the debt; None where it is not decided.
        payments: What is to be paid, and when.
        undistributed: Years of the membership whose result is not distributed yet.
        resolution: The decision; None for a draft.
        planned: Transactions that are not booked yet.
        text: The same as Beancount text.
    """

    ending: MemberEvent
    on: datetime.date
    components: Mapping[str, Decimal]
    deduction: Deduction
    settled: Decimal
    owed: Decimal
    declared: Decimal
    deadline: datetime.date | None
    rate: Decimal | None
    payments: tuple[Payment, ...]
    undistributed: tuple[int, ...]
    resolution: Resolution | None
    planned: tuple[Planned, ...]
    text: str

    @property
    def is_booked(self) -> bool:
        """Whether there is nothing left to settle."""
        return not self.planned


def exit_of(book: Book, member: str, wishes: Wishes) -> Exit:
    """Work out what somebody who leaves is owed, and propose the settlement.

    Args:
        book: The book.
        member: Id of the member.
        wishes: What is asked for beyond what law and by-laws say.

    Raises:
        MemberUnknownError: Nobody of that id is in the register.
        ExitNotSettledError: They did not join, left on another day or in another way,
            the refund was refused, or more is to be kept than is allowed.
    """
    books, policy = book.case.books, book.case.policy
    decided = resolution_of(books, wishes.resolution, wishes.on)
    ending, is_on_file = _ending(books, member, wishes)
    day = _day(books, ending, wishes, decided)
    balances = _balances(books, member, day)
    deduction = _deduction(book, ending, wishes, balances)
    settled = sum((a for _, a in balances.values()), ZERO) - deduction.amount
    years = years_to_repay(policy, ending.exit_kind, ending.date)
    deadline = deadline_of(ending.date, years)
    plan = plan_for(ending.date, day, deadline, wishes.instalments)
    rate = interest_rate(policy, day)
    planned: tuple[Planned, ...] = ()
    if settled > 0:
        planned = tuple(
            settlement_entries(
                book,
                Terms(ending, is_on_file, day, decided, plan),
                balances,
                deduction.amount,
            )
        )
    dues = [*due_already(book, member, day, deadline)]
    dues += plan.dues(settled, day, books.unit) if planned and plan else ()
    components: dict[str, Decimal] = {}
    for role, amount in balances.values():
        components[role] = components.get(role, ZERO) + amount
    return Exit(
        ending=ending,
        on=day,
        components={role: amount for role, amount in components.items() if amount},
        deduction=deduction,
        settled=max(ZERO, settled),
        owed=_owed(book, member, day),
        declared=_declared(books, member, day),
        deadline=deadline,
        rate=rate,
        payments=tuple(
            payments_of(dues, Since(day, rate, _arrears(book, member, day)), books.unit)
        ),
        undistributed=tuple(_undistributed(book, ending)),
        resolution=decided,
        planned=planned,
        text=as_text(planned, book) if planned else "",
    )


def payouts_of(book: Book, member: str, on: datetime.date) -> tuple[Payment, ...]:
    """Return what earlier settlements still ask for after a day, and when.

    Args:
        book: The book.
        member: Id of a member who left.
        on: The day.
    """
    policy, ending = book.case.policy, book.case.books.register.ending(member, on)
    if ending is None or member not in book.case.leavers:
        return ()
    years = years_to_repay(policy, ending.exit_kind, ending.date)
    dues = [*due_already(book, member, on, deadline_of(ending.date, years))]
    since = Since(on, interest_rate(policy, on), _arrears(book, member, on))
    return tuple(payments_of(dues, since, book.case.books.unit))


def write_exit(book: Book, found: Exit, *, force: bool = False) -> Path:
    """Write a settlement's proposal beside the book and include it.

    Raises:
        CoopledgerError: The file exists, or the proposal would bring findings.
    """
    return write_proposal(
        book,
        free_name(book, f"exit-{found.ending.member}"),
        found.planned,
        findings_by,
        force=force,
    )


# --- who leaves, and when it is settled -----------------------------------------------


def _ending(books: Books, member: str, wishes: Wishes) -> tuple[MemberEvent, bool]:
    """Return the exit, and whether the register has it."""
    register = books.register
    register.refuse_unknown(member)
    ending = register.ending(member, datetime.date.max)
    if ending is None:
        return _proposed_ending(books, member, wishes), False
    if ending.exit_kind not in {"", wishes.kind or ending.exit_kind}:
        why = f"the register says '{ending.exit_kind}'. Correct it there."
        raise ExitNotSettledError(member, why)
    return replace(ending, exit=ending.exit_kind or wishes.kind), True


def _proposed_ending(books: Books, member: str, wishes: Wishes) -> MemberEvent:
    if wishes.on is None:
        why = (
            "the register does not say that they left. Say on which day with --on, or "
            "add the line of the register."
        )
        raise ExitNotSettledError(member, why)
    standing = books.register.standing(member, wishes.on)
    if standing is None or not standing.is_member:
        why = f"they are no member on {wishes.on}."
        raise ExitNotSettledError(member, why)
    return MemberEvent(member, "leave", wishes.on, books.origin, exit=wishes.kind)


def _day(
    books: Books, ending: MemberEvent, wishes: Wishes, decided: Resolution | None
) -> datetime.date:
    """Return the day of the settlement: not before leaving, nor while it is refused."""
    asked = wishes.on or (decided.date if decided else last_day(books))
    if wishes.on and wishes.on < ending.date:
        why = f"they are a member until {ending.date}. Give a later day with --on."
        raise ExitNotSettledError(ending.member, why)
    day = max(asked, ending.date)
    own = [one for one in books.refunds if one.member == ending.member]
    if is_refused(own, day):
        why = (
            f"the refund was refused, as it stands on {day}. Nothing is due until the "
            "book grants it with coop-refund."
        )
        raise ExitNotSettledError(ending.member, why)
    return day


def _undistributed(book: Book, ending: MemberEvent) -> Iterator[int]:
    """Return the years of the membership of which a part is still to come."""
    books = book.case.books
    for label, figures in books.years.items():
        fiscal = figures.fiscal
        took_part = books.register.was_member(
            ending.member, fiscal.start, min(fiscal.end, ending.date)
        )
        if took_part and figures.has_activity and not is_closed(book, label):
            yield label


# --- how much -------------------------------------------------------------------------


def _balances(books: Books, member: str, day: datetime.date) -> Balances:
    found: Balances = {}
    for booking, leg in books.index.traces_of(member, CAPITAL):
        if booking.date <= day:
            _, before = found.get(leg.account, ("", ZERO))
            found[leg.account] = (leg.role, before + leg.amount)
    return {account: held for account, held in found.items() if held[1]}


def _deduction(
    book: Book, ending: MemberEvent, wishes: Wishes, balances: Balances
) -> Deduction:
    policy, kind = book.case.policy, ending.exit_kind
    limit = highest_deduction(policy, kind, ending.date)
    rate = wishes.deduction
    if rate is None:
        rate = agreed_deduction(policy, kind, ending.date)
    if rate < 0 or rate > (1 if limit is None else limit):
        most = 1 if limit is None else limit
        why = f"a deduction of {rate} is asked for; from 0 to {most} is allowed."
        raise ExitNotSettledError(ending.member, why)
    base = sum((a for role, a in balances.values() if role in COMPULSORY), ZERO)
    amount = kept_of(base, rate, book.case.books.unit)
    return Deduction(rate, limit, base, amount)


# --- when -----------------------------------------------------------------------------


def _owed(book: Book, member: str, day: datetime.date) -> Decimal:
    leaver = book.case.leavers.get(member)
    return leaver.owed(day) if leaver else ZERO


def _declared(books: Books, member: str, day: datetime.date) -> Decimal:
    traces = books.index.traces_of(member, _DECLARED)
    return sum((leg.amount for one, leg in traces if one.date <= day), ZERO)


def due_already(
    book: Book, member: str, day: datetime.date, deadline: datetime.date | None
) -> Iterator[Due]:
    """Return what earlier settlements still ask for, payments taken off the oldest."""
    leaver = book.case.leavers.get(member)
    if leaver is None:
        return
    settled = [one for one in leaver.settlements if one.date <= day]
    whole = [(deadline or one.date, one.amount) for one in settled if not one.dues]
    agreed = [due for one in settled for due in one.dues]
    paid = leaver.repaid(day)
    for due, amount in sorted([*whole, *agreed]):
        covered = min(paid, amount)
        paid -= covered
        if amount > covered:
            yield due, amount - covered


def _arrears(book: Book, member: str, day: datetime.date) -> Fraction:
    """Return the interest that an earlier debt earned and nobody booked yet."""
    leaver = book.case.leavers.get(member)
    if leaver is None or not leaver.settlements:
        return Fraction(0)
    rates = rates_of(book.case.policy, leaver.settlements[0].date, day)
    accrued = leaver.accrued(day, rates) or Fraction(0)
    return max(Fraction(0), accrued - Fraction(due_by(leaver.interest, day)))
