"""Rules on entry: what it costs, and how long somebody may be on probation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import COMPULSORY
from coopledger.domain.capital import PAID_IN
from coopledger.domain.periods import add_months
from coopledger.phrases import Phrase
from coopledger.phrases import word
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.bookings import Trace
    from coopledger.domain.members import MemberEvent
    from coopledger.law.case import Case

_PROBATION = ("Ley 11/2019, art. 104", "Ley 27/1999, art. 81")


def fees(case: Case) -> Iterator[tuple[Booking, Leg, str]]:
    """Return each entry fee with the member who pays it; "" where nothing tells."""
    for booking, leg in case.books.traces_in(COLLECTIVE):
        stated = leg.kind or booking.kind
        is_one = stated == "entry-fee" or (leg.role == "entry-fees" and not stated)
        if is_one and leg.amount > 0:
            yield booking, leg, leg.member or _joins_with(booking)


def _joins_with(booking: Booking) -> str:
    """Return the only member who pays capital in by a transaction, or ""."""
    members = {leg.member for leg in booking.legs if leg.role in PAID_IN}
    return members.pop() if len(members) == 1 else ""


@rule(
    "COOP-MEM-04",
    basis="law",
    sources=("Ley 27/1999, art. 52.2", "Ley 11/2019, art. 68.2"),
    needs=("entry-fee.rate-cap",),
    catalogue=("R01",),
    example="es-basque-worker",
)
def entry_fee_stays_within_its_share(case: Case) -> Iterator[Breach]:
    """An entry fee is at most so much of the compulsory contribution on joining.

    Holds::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Cleo" "Aportación y cuota de ingreso"
          Assets:Banco                      1,250.00 EUR
          Equity:Reservas:CuotasDeIngreso    -250.00 EUR
          Equity:Socias:Cleo:Aportaciones  -1,000.00 EUR

    Breaks::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Cleo" "Aportación y cuota de ingreso"
          Assets:Banco                      1,250.01 EUR
          Equity:Reservas:CuotasDeIngreso    -250.01 EUR
          Equity:Socias:Cleo:Aportaciones  -1,000.00 EUR
    """
    paid: dict[str, Decimal] = {}
    subscribed = _subscriptions(case)
    for booking, leg, member in fees(case):
        cap = case.policy.find_number("entry-fee.rate-cap", booking.date)
        paid[member] = paid.get(member, ZERO) + leg.amount
        asked = _asked_on_joining(case, subscribed.get(member, ()), booking.date)
        if cap is None or not asked or paid[member] <= cap * asked:
            continue
        limit = portion(asked, cap, case.books.unit, "down")
        yield Breach(
            Phrase(
                "{member} pays an entry fee of {paid} on a compulsory contribution "
                "of {asked}; {limit} is the most.",
                member=member,
                paid=paid[member],
                asked=asked,
                limit=limit,
            ),
            Phrase("Lower the fee and book the rest as contribution."),
            leg.origin,
            booking.date,
            amount=paid[member],
            limit=limit,
        )


def _subscriptions(case: Case) -> dict[str, list[tuple[datetime.date, Decimal]]]:
    """Return what each member subscribed of compulsory contributions, by day."""
    found: dict[str, list[tuple[datetime.date, Decimal]]] = {}
    for booking, leg in case.books.traces_in(COMPULSORY):
        if leg.role != "uncalled" and leg.amount > 0:
            found.setdefault(leg.member, []).append((booking.date, leg.amount))
    return found


def _asked_on_joining(
    case: Case, own: Sequence[tuple[datetime.date, Decimal]], on: datetime.date
) -> Decimal:
    """Return the compulsory contribution of somebody who pays an entry fee on a day.

    What they subscribed by then, or by the day of their first contribution if that
    comes later; the co-op's own figure where it is more, as where people pay in before
    anything is subscribed.
    """
    if not own:
        return ZERO
    until = max(on, own[0][0])
    subscribed = sum((amount for day, amount in own if day <= until), ZERO)
    stated = case.policy.find_number("contribution.compulsory", until)
    return max(subscribed, stated or ZERO)


@rule(
    "COOP-MEM-06",
    basis="law",
    sources=(*_PROBATION, "the classes of members in the preset"),
    catalogue=("R15",),
    example="es-basque-worker",
)
def probation_costs_nothing(case: Case) -> Iterator[Breach]:
    """Whoever is in a class without capital, as on probation, pays none in and no fee.

    Holds::

        2024-03-01 custom "coop-member" "Cleo" "join"
          class: "probationer"
        2024-06-01 custom "coop-member" "Cleo" "class"
          class: "worker"
        2024-06-01 * "Cleo" "Aportación y cuota de ingreso"
          Assets:Banco                      1,200.00 EUR
          Equity:Reservas:CuotasDeIngreso    -200.00 EUR
          Equity:Socias:Cleo:Aportaciones  -1,000.00 EUR

    Breaks::

        2024-03-01 custom "coop-member" "Cleo" "join"
          class: "probationer"
        2024-05-31 * "Cleo" "Aportación y cuota de ingreso"
          Assets:Banco                      1,200.00 EUR
          Equity:Reservas:CuotasDeIngreso    -200.00 EUR
          Equity:Socias:Cleo:Aportaciones  -1,000.00 EUR
        2024-06-01 custom "coop-member" "Cleo" "class"
          class: "worker"
    """
    for booking, leg, member, what in _paid_on_joining(case):
        title = _class_without_capital(case, member, booking.date)
        if title:
            yield Breach(
                Phrase(
                    "{member} pays {what} of {amount} and is in the class '{title}', "
                    "which holds no capital.",
                    member=member,
                    what=what,
                    amount=leg.amount,
                    title=word(title),
                ),
                Phrase("Pay it back, or put the day on which the class changes right."),
                leg.origin,
                booking.date,
                amount=leg.amount,
                limit=ZERO,
            )


def _paid_on_joining(case: Case) -> Iterator[tuple[Booking, Leg, str, Phrase]]:
    for booking, leg in case.books.traces_in(PAID_IN):
        if _is_paid_in((booking, leg)):
            yield booking, leg, leg.member, Phrase("a contribution")
    for booking, leg, member in fees(case):
        yield booking, leg, member, Phrase("an entry fee")


def _is_paid_in(trace: Trace) -> bool:
    booking, leg = trace
    is_more = leg.role != "uncalled" and leg.amount > 0
    return is_more and kind_of(booking, leg) == "contribution"


def _class_without_capital(case: Case, member: str, on: datetime.date) -> str:
    """Return the title of somebody's class on a day if it holds no capital."""
    standing = case.books.register.during(member, on)
    if standing is None or not standing.is_member:
        return ""
    own = case.policy.class_on(standing.member_class, on)
    return own.title if own and not own.capital else ""


@rule(
    "COOP-MEM-07",
    basis="law",
    sources=_PROBATION,
    needs=("probation.months",),
    catalogue=("R16",),
    severity="warning",
    example="es-basque-worker",
)
def probation_ends_in_time(case: Case) -> Iterator[Breach]:
    """Nobody is on probation longer than the law or the by-laws allow.

    Holds::

        2025-02-28 custom "coop-member" "Cleo" "join"
          class: "probationer"
        2025-08-28 custom "coop-member" "Cleo" "class"
          class: "worker"
        2025-12-31 * "El libro sigue"
          Expenses:Varios   1.00 EUR
          Assets:Banco     -1.00 EUR

    Breaks::

        2025-02-28 custom "coop-member" "Cleo" "join"
          class: "probationer"
        2025-08-29 custom "coop-member" "Cleo" "class"
          class: "worker"
        2025-12-31 * "El libro sigue"
          Expenses:Varios   1.00 EUR
          Assets:Banco     -1.00 EUR
    """
    longer: list[datetime.date] = []
    for event, end in sorted(_probations(case), key=lambda one: one[0].date):
        limit = _after_months(case, "probation.months", event.date)
        if limit is None or end <= limit:
            continue
        if _may_be_longer(case, event.date, limit, longer):
            longer.append(end)
            limit = _after_months(case, "probation.months-special", event.date) or limit
        if end > limit:
            yield Breach(
                Phrase(
                    "{member} is on probation from {day} and should not be after "
                    "{limit}.",
                    member=event.member,
                    day=event.date,
                    limit=limit,
                ),
                Phrase(
                    "Admit them in full, or end the probation; correct the day if "
                    "the register is behind."
                ),
                event.origin,
                limit,
            )


def _after_months(case: Case, name: str, start: datetime.date) -> datetime.date | None:
    months = case.policy.find_number(name, start)
    return None if months is None else add_months(start, int(months))


def _probations(case: Case) -> Iterator[tuple[MemberEvent, datetime.date]]:
    """Return each time in a class without capital: its first line and its last day."""
    for member, events in case.books.register.events.items():
        start: MemberEvent | None = None
        for event in events:
            is_on_it = bool(_class_without_capital(case, member, event.date))
            if start and (not is_on_it or event.event in {"leave", "die"}):
                yield start, event.date
                start = None
            elif is_on_it and start is None:
                start = event
        if start:
            yield start, case.books.last


def _may_be_longer(
    case: Case, start: datetime.date, limit: datetime.date, longer: list[datetime.date]
) -> bool:
    """Say whether a probation may go beyond the ordinary limit.

    A share of all members may be on probation for longer, for posts that ask for it.

    Args:
        case: The books.
        start: When it began.
        limit: The ordinary limit.
        longer: Last days of the longer ones that began before.
    """
    share = case.policy.find_number("probation.special-share", start)
    if share is None:
        return False
    members = sum(one.is_member for one in case.books.register.as_of(limit))
    return sum(day > limit for day in longer) + 1 <= share * members
