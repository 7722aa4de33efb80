"""From a loaded book to what its federation needs of it."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLUMNS
from coopledger.domain.capital import NOTICES
from coopledger.domain.capital import CapitalLine
from coopledger.domain.enterprise import Count
from coopledger.domain.enterprise import Decision
from coopledger.domain.enterprise import Doubt
from coopledger.domain.enterprise import EnterpriseSummary
from coopledger.domain.enterprise import Move
from coopledger.domain.enterprise import Movement
from coopledger.domain.enterprise import Presence
from coopledger.domain.enterprise import Work
from coopledger.domain.enterprise import YearSummary
from coopledger.domain.members import ENDINGS
from coopledger.domain.revolving import REVOLVING
from coopledger.domain.revolving import RevolvingFund
from coopledger.errors import CoopledgerError
from coopledger.journal.loading import collector_off
from coopledger.journal.summarising import balances_by_year
from coopledger.journal.summarising import prices_in
from coopledger.law.standing import members_on
from coopledger.law.weighing import labour_of
from coopledger.rules.pay import hourly_pay
from coopledger.services.checking import check_book
from coopledger.services.closability import doubts_of
from coopledger.services.closability import is_closed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Leg
    from coopledger.domain.books import Books
    from coopledger.domain.books import YearFigures
    from coopledger.domain.enterprise import Balance
    from coopledger.domain.findings import Finding
    from coopledger.domain.members import MemberEvent
    from coopledger.journal.loading import Book


def summary_of(book: Book) -> EnterpriseSummary:
    """Reduce a book to its summary."""
    check = check_book(book)
    with collector_off():
        books, policy = book.case.books, book.case.policy
        balances = balances_by_year(book)
        changes = _changes(books)
        return EnterpriseSummary(
            id=books.enterprise,
            title=books.title,
            currency=books.currency,
            unit=books.unit,
            preset=policy.preset_on(books.last).id if policy.policies else "",
            origin=books.origin,
            last=books.last,
            years=tuple(
                replace(
                    _year(book, figures, *balances[label], changes[label]),
                    doubt=_doubt(check.findings, figures),
                )
                for label, figures in books.years.items()
            ),
            transfers=tuple(books.transfers),
            dues=tuple(_movements(books, {"due-from": 1, "due-to": -1})),
            funds=tuple(_movements(books, {"fund": 1})),
            findings=tuple(_counts(check.findings)),
            prices=prices_in(book.entries),
            decisions=tuple(
                Decision(one.id, one.date) for one in books.resolutions.values()
            ),
            enterprises=tuple(books.enterprises),
            policies=tuple(books.policies),
            choices=tuple(books.choices),
            founded=books.founded,
            year_end=books.year_end,
            persons=tuple(_persons(books)),
            moves=tuple(_moves(books)),
        )


def _persons(books: Books) -> Iterator[Presence]:
    """Return the memberships of those whom the whole federation knows by an id."""
    register = books.register
    for member in sorted(register.federated):
        if not (person := register.federal(member)):
            continue
        joined = None
        for event in register.events[member]:
            if event.event == "join":
                joined = event.date
            elif event.event in ENDINGS and joined:
                yield Presence(person, joined, event.date)
                joined = None
        if joined:
            yield Presence(person, joined, None)


def _moves(books: Books) -> Iterator[Move]:
    """Return who went to other enterprises or came from them, by the register."""
    register = books.register
    for member in sorted(register.federated):
        for event in register.events[member]:
            if event.peer:
                is_leaving = event.event in ENDINGS
                yield Move(
                    event.date,
                    is_leaving,
                    event.peer,
                    register.federal(member),
                    is_leaving and _leaves_capital(books, event),
                    is_leaving and _loses_years(books, event),
                    event.origin,
                )


def _leaves_capital(books: Books, ending: MemberEvent) -> bool:
    """Say whether any capital of a day stayed that was not transferred then or later.

    What is allotted after that day is no part of it, nor is what they bring back.
    """
    events = books.register.events[ending.member]
    joins = (one.date for one in events if one.event == "join")
    back = min((day for day in joins if day > ending.date), default=datetime.date.max)
    held = (
        leg.amount
        for booking, leg in books.traces_in(CAPITAL)
        if leg.member == ending.member
        and (booking.date <= ending.date or (booking.transfer and booking.date < back))
    )
    return bool(sum(held, ZERO))


def _loses_years(books: Books, ending: MemberEvent) -> bool:
    """Say whether what was retained is transferred as of a year that it is not of."""
    fund = RevolvingFund(books.year_end)
    for booking, leg in books.traces_in(REVOLVING):
        if leg.member != ending.member:
            continue
        if booking.peer == ending.peer and leg.role in NOTICES and leg.amount < 0:
            year = leg.year or booking.year
            held = fund.held(leg.member, leg.account)
            if held and held.get(year or 0, ZERO) < -leg.amount:
                return True
        fund.note(booking, leg)
    return False


def _counts(findings: Iterable[Finding]) -> Iterator[Count]:
    counted = Counter((one.rule, str(one.severity)) for one in findings)
    return (Count(*which, number) for which, number in sorted(counted.items()))


def _movements(books: Books, signs: dict[str, int]) -> Iterator[Movement]:
    """Return what the accounts of some roles moved, each with its sign."""
    for booking in books.bookings:
        for leg in booking.legs:
            if leg.role in signs:
                amount = signs[leg.role] * leg.amount
                yield Movement(booking.date, leg.name, amount, leg.origin)


def _year(
    book: Book,
    figures: YearFigures,
    balances: tuple[Balance, ...],
    flows: tuple[Balance, ...],
    changes: CapitalLine,
) -> YearSummary:
    fiscal = figures.fiscal
    return YearSummary(
        label=fiscal.label,
        start=fiscal.start,
        end=fiscal.end,
        is_closed=_is_closed(book, fiscal.label),
        has_activity=figures.has_activity,
        result=sum(figures.result.values(), ZERO),
        tax=sum(figures.tax.values(), ZERO),
        interest=figures.interest,
        turnover=figures.turnover,
        net_worth=figures.net_worth,
        debts=figures.debts,
        capital=sum(figures.capital.values(), ZERO),
        work=work_of(book, figures),
        balances=balances,
        flows=flows,
        allocated=tuple(_allocated(book, fiscal.label).items()),
        changes=tuple((name, getattr(changes, name)) for name in COLUMNS),
    )


def _doubt(findings: Iterable[Finding], figures: YearFigures) -> Doubt | None:
    """Return why a year's figures may be wrong, without the words: they may name."""
    doubts = doubts_of(findings, figures)
    return Doubt(doubts[0].rule, doubts[0].origin) if doubts else None


def _changes(books: Books) -> dict[int, CapitalLine]:
    """Return how all members' capital together moved, by fiscal year."""
    found = {label: CapitalLine("") for label in books.years}
    for movement in books.movements():
        label = books.year_end.year_of(movement.date).label
        if label in found:
            found[label].add(movement, books.years[label].fiscal.start)
    before = ZERO
    for line in found.values():
        line.opening += before
        before = line.closing
    return found


def _is_closed(book: Book, year: int) -> bool:
    try:
        return is_closed(book, year)
    except CoopledgerError:
        # No law is named, or none of that time is on file: a rule of its own says so.
        return False


def _allocated(book: Book, year: int) -> dict[str, Decimal]:
    """Return what a year's distribution credited, by role, itself left out."""
    found: dict[str, Decimal] = {}
    for booking in book.case.books.appropriations(year):
        for leg in filter(_is_credited, booking.legs):
            found[leg.role] = found.get(leg.role, ZERO) + leg.amount
    return dict(sorted(found.items()))


def _is_credited(leg: Leg) -> bool:
    return leg.role != "surplus-appropriated" and leg.root not in {"Income", "Expenses"}


def work_of(book: Book, figures: YearFigures) -> Work:
    """Return pay, hours and people of a year."""
    books, fiscal = book.case.books, figures.fiscal
    members, hired = figures.members.values(), figures.hired.values()
    governed = bool(book.case.policy.policies)
    pay = hourly_pay(book.case, figures).values() if governed else ()
    happened = Counter(
        event.event
        for events in books.register.events.values()
        for event in events
        if event.date in fiscal
    )
    return Work(
        payroll_members=labour_of(members, "amount"),
        payroll_hired=labour_of(hired, "amount"),
        hours_members=labour_of(members, "hours"),
        hours_hired=labour_of(hired, "hours"),
        members=members_on(books, fiscal.end),
        joined=happened["join"],
        left=happened["leave"] + happened["die"],
        hired=len(figures.hired),
        highest=round_to(max(pay), books.unit) if pay else None,
        lowest=round_to(min(pay), books.unit) if pay else None,
    )
