"""Rules on contributions: who may take them over, and how they are paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.instalments import due_by
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.periods import add_months
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.subscriptions import Subscriber
    from coopledger.domain.subscriptions import Subscription
    from coopledger.law.case import Case

_PAYING_IN = ("Ley 27/1999, art. 46", "Ley 11/2019, art. 61")


def _subscriptions(
    case: Case,
) -> Iterator[tuple[str, Subscriber, int, Subscription]]:
    """Return each subscription with its member, all of theirs, and its place there."""
    for member, whose in case.subscribers.items():
        for number, one in enumerate(whose.subscriptions):
            yield member, whose, number, one


@rule(
    "COOP-CAP-05",
    basis="law",
    sources=("Ley 27/1999, art. 50", "Ley 11/2019, art. 65"),
    needs=("transfer.join-months", "transfer.heir-months"),
    catalogue=("R11",),
    example="es-basque-worker",
    yields_to=("COOP-CAP-02",),
)
def capital_passes_to_members_and_heirs(case: Case) -> Iterator[Breach]:
    """Capital passes only to members, to who joins soon, and to heirs who ask to join.

    Holds::

        2024-03-01 * "Ana cede parte de su aportación a Cleo"
          Equity:Socias:Ana:Aportaciones    100.00 EUR
          Equity:Socias:Cleo:Aportaciones  -100.00 EUR
        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"

    Breaks::

        2024-03-01 * "Ana cede parte de su aportación a Cleo"
          Equity:Socias:Ana:Aportaciones    100.00 EUR
          Equity:Socias:Cleo:Aportaciones  -100.00 EUR
        2024-06-02 custom "coop-member" "Cleo" "join"
          class: "worker"
    """
    for booking, leg in case.books.traces_in(CAPITAL):
        if leg.amount <= 0 or kind_of(booking, leg) != "transfer":
            continue
        limit = _last_day_to_join(case, booking, leg)
        if limit is None or case.books.last <= limit:
            continue
        yield Breach(
            Phrase(
                "{member} takes over capital on {day} and is no member by {limit}.",
                member=leg.member,
                day=booking.date,
                limit=limit,
            ),
            Phrase(
                "Register when they joined or asked to; otherwise undo the transfer "
                "and repay the capital."
            ),
            leg.origin,
            booking.date,
            amount=leg.amount,
        )


def _last_day_to_join(case: Case, booking: Booking, taken: Leg) -> datetime.date | None:
    """Return the day by which whoever took capital over had to join and did not.

    An heir has to ask for it, counted from the death; everybody else has to join.
    """
    register, find = case.books.register, case.policy.find_number
    died = _day_of_death(case, booking, taken)
    months = find(f"transfer.{'heir' if died else 'join'}-months", booking.date)
    if months is None:
        return None
    start = died or booking.date
    limit = add_months(start, int(months))
    asked = any(
        event.event in ({"apply", "join"} if died else {"join"})
        and start <= event.date <= limit
        for event in register.events.get(taken.member, ())
    )
    standing = register.during(taken.member, booking.date)
    is_member = standing is not None and standing.is_member
    return None if asked or is_member else limit


def _day_of_death(case: Case, booking: Booking, taken: Leg) -> datetime.date | None:
    """Return when the member died whose capital somebody takes over."""
    givers = {leg.member for leg in booking.legs if leg.role in CAPITAL}
    for giver in sorted(givers - {taken.member}):
        standing = case.books.register.standing(giver, booking.date)
        if standing and standing.status == "deceased":
            return standing.left
    return None


@rule(
    "COOP-CAP-06",
    basis="law",
    sources=_PAYING_IN,
    needs=("subscription.initial-fraction",),
    catalogue=("R04",),
    example="es-basque-worker",
)
def a_part_is_paid_on_subscription(case: Case) -> Iterator[Breach]:
    """Of a compulsory contribution at least the legal part is paid at once.

    Holds::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Cleo suscribe su aportación y paga una cuarta parte"
          Assets:Banco                                250.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes    750.00 EUR
          Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR

    Breaks::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Cleo suscribe su aportación y paga menos"
          Assets:Banco                                249.99 EUR
          Equity:Socias:Cleo:DesembolsosPendientes    750.01 EUR
          Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR
    """
    for member, whose, number, one in _subscriptions(case):
        if one.is_brought_forward or not one.unpaid:
            continue
        day = one.booking.date
        part = case.policy.find_number("subscription.initial-fraction", day)
        left = min(one.compulsory, whose.left(number, day))
        if part is None or one.compulsory - left >= part * one.compulsory:
            continue
        yield Breach(
            Phrase(
                "{member} subscribes {subscribed} and pays {paid} on that day; at "
                "least {due} is due.",
                member=member,
                subscribed=one.compulsory,
                paid=one.compulsory - left,
                due=(part * one.compulsory).normalize(),
            ),
            Phrase(
                "Let them pay the rest at once, or book the subscription when they do."
            ),
            one.leg.origin,
            day,
            amount=one.compulsory - left,
            limit=part * one.compulsory,
        )


@rule(
    "COOP-CAP-07",
    basis="law",
    sources=_PAYING_IN,
    needs=("subscription.instalment-months",),
    catalogue=("R05",),
    example="es-basque-worker",
)
def contributions_are_paid_in_time(case: Case) -> Iterator[Breach]:
    """A contribution is paid in full within the time that law and by-laws allow.

    Holds::

        2020-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2020-06-01 * "Cleo suscribe su aportación y paga una cuarta parte"
          Assets:Banco                                250.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes    750.00 EUR
          Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR
        2024-06-01 * "Cleo paga el resto, a los cuatro años"
          Assets:Banco                                750.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes   -750.00 EUR

    Breaks::

        2020-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2020-06-01 * "Cleo suscribe su aportación y paga una cuarta parte"
          Assets:Banco                                250.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes    750.00 EUR
          Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR
        2024-06-01 * "Cleo paga el resto, menos un céntimo"
          Assets:Banco                                749.99 EUR
          Equity:Socias:Cleo:DesembolsosPendientes   -749.99 EUR
    """
    for member, whose, number, one in _subscriptions(case):
        limit = last_day_to_pay(case, member, one) if one.unpaid else None
        left = whose.left(number, limit) if limit else ZERO
        if limit and left > 0 and case.books.last > limit:
            yield Breach(
                Phrase(
                    "{left} of what {member} subscribed is unpaid on {limit}, the "
                    "last day for it.",
                    left=left,
                    member=member,
                    limit=limit,
                ),
                Phrase("Book what was paid; otherwise the board decides what follows."),
                one.leg.origin,
                limit,
                amount=left,
                limit=ZERO,
            )


def last_day_to_pay(case: Case, member: str, one: Subscription) -> datetime.date | None:
    """Return the day by which a subscription has to be paid, if somebody still owes it.

    What was subscribed before the book began counts from the day of joining.
    """
    start = one.booking.date
    standing = case.books.register.during(member, start)
    if one.is_brought_forward and standing and standing.joined:
        start = standing.joined
    months = case.policy.find_number("subscription.instalment-months", one.booking.date)
    if months is None:
        return None
    limit = add_months(start, int(months))
    return limit if _owes(case, member, limit) else None


def _owes(case: Case, member: str, on: datetime.date) -> bool:
    """Say whether somebody is still to pay in on a day: leavers are settled with."""
    standing = case.books.register.during(member, on)
    return standing is not None and standing.left is None


@rule(
    "COOP-CAP-08",
    basis="law",
    sources=_PAYING_IN,
    needs=("subscription.grace-days",),
    catalogue=("R06",),
    severity="warning",
    example="es-basque-worker",
    yields_to=("COOP-CAP-07",),
)
def agreed_instalments_are_paid(case: Case) -> Iterator[Breach]:
    """What was agreed to be paid in of a contribution is paid soon after its day.

    Holds::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Cleo suscribe su aportación, y paga el resto en tres meses"
          coop-instalments: 3
          coop-every: 1
          Assets:Banco                                400.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes    600.00 EUR
          Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR
        2024-12-01 * "Cleo paga dos plazos"
          Assets:Banco                                400.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes   -400.00 EUR
        2024-12-02 * "Cleo paga el último"
          Assets:Banco                                200.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes   -200.00 EUR

    Breaks::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 * "Cleo suscribe su aportación, y paga el resto en tres meses"
          coop-instalments: 3
          coop-every: 1
          Assets:Banco                                400.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes    600.00 EUR
          Equity:Socias:Cleo:Aportaciones          -1,000.00 EUR
        2024-12-01 * "Cleo paga dos plazos"
          Assets:Banco                                400.00 EUR
          Equity:Socias:Cleo:DesembolsosPendientes   -400.00 EUR
    """
    last, unit = case.books.last, case.books.unit
    for member, whose, number, one in _subscriptions(case):
        plan = one.booking.plan
        grace = case.policy.find_number("subscription.grace-days", last)
        if plan is None or grace is None or not _owes(case, member, last):
            continue
        dues = plan.dues(one.unpaid, one.booking.date, unit)
        due = due_by(dues, last - (int(grace) + 1) * ONE_DAY)
        paid = one.unpaid - whose.left(number, last)
        if paid < due:
            yield Breach(
                Phrase(
                    "{member} has paid {paid} of the instalments that were agreed; "
                    "{due} were due by now.",
                    member=member,
                    paid=paid,
                    due=due,
                ),
                Phrase(
                    "Ask for the instalment, with the legal interest on it, or book it."
                ),
                one.leg.origin,
                last,
                amount=paid,
                limit=due,
            )


@rule(
    "COOP-CAP-09",
    basis="law",
    sources=("Ley 27/1999, art. 47.2",),
    needs=("subscription.voluntary-fraction",),
    catalogue=("R07",),
    example="es-state-worker",
)
def voluntary_contributions_are_paid_at_once(case: Case) -> Iterator[Breach]:
    """A voluntary contribution is paid in full when it is subscribed.

    Holds::

        2024-06-01 * "Ana suscribe y paga"
          Assets:Banco                               100.00 EUR
          Equity:Socias:Ana:AportacionesVoluntarias -100.00 EUR

    Breaks::

        2024-06-01 * "Ana suscribe y deja un céntimo a deber"
          Assets:Banco                                99.99 EUR
          Equity:Socias:Ana:DesembolsosPendientes      0.01 EUR
          Equity:Socias:Ana:AportacionesVoluntarias -100.00 EUR
    """
    for member, whose, number, one in _subscriptions(case):
        if one.is_brought_forward or not one.voluntary:
            continue
        day = one.booking.date
        part = case.policy.find_number("subscription.voluntary-fraction", day)
        left = max(ZERO, whose.left(number, day) - one.compulsory)
        if part is not None and one.voluntary - left < part * one.voluntary:
            yield Breach(
                Phrase(
                    "{member} subscribes {subscribed} of voluntary capital and "
                    "leaves {left} unpaid.",
                    member=member,
                    subscribed=one.voluntary,
                    left=left,
                ),
                Phrase("Book what is paid; the rest is subscribed when it is paid."),
                one.leg.origin,
                day,
                amount=one.voluntary - left,
                limit=part * one.voluntary,
            )
