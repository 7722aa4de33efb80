"""Rules on leaving: what may be kept of a leaver's account, and when it is repaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.periods import ONE_DAY
from coopledger.law.leaving import COMPULSORY
from coopledger.law.leaving import deadlines_of
from coopledger.law.leaving import highest_deduction
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.leaving import Leaver
    from coopledger.domain.members import MemberEvent
    from coopledger.law.case import Case

_DEDUCTION_SOURCES = ("Ley 11/2019, art. 66", "Ley 27/1999, art. 51")


def _is_kept(case: Case, booking: Booking, leg: Leg) -> MemberEvent | None:
    """Return the exit of somebody from whose account a leg is a deduction."""
    # Only what is stated can be a deduction, and few things are.
    if "deduction" not in (leg.kind, booking.kind) or leg.amount >= 0:
        return None
    if kind_of(booking, leg) != "deduction":
        return None
    return case.books.register.ending(leg.member, booking.date)


def _kept_of(
    case: Case,
) -> Iterator[tuple[Booking, Leg, MemberEvent, Decimal, Decimal]]:
    """Return each deduction with the sum kept so far and the contributions before."""
    held: dict[str, Decimal] = {}
    kept: dict[str, Decimal] = {}
    before: dict[str, Decimal] = {}
    for booking, leg in case.books.traces_in(COMPULSORY):
        ending = _is_kept(case, booking, leg)
        if ending:
            before.setdefault(leg.member, held.get(leg.member, ZERO))
            kept[leg.member] = kept.get(leg.member, ZERO) - leg.amount
            yield booking, leg, ending, kept[leg.member], before[leg.member]
        held[leg.member] = held.get(leg.member, ZERO) + leg.amount


#: How a finding calls an exit.
_CALLED = {
    "justified": Phrase("a justified exit"),
    "unjustified": Phrase("an unjustified exit"),
    "minimum-stay": Phrase("an exit before the agreed minimum stay is over"),
    "expulsion": Phrase("an expulsion"),
    "death": Phrase("a death"),
    "retirement": Phrase("a retirement"),
}


@rule(
    "COOP-EXIT-01",
    basis="law",
    sources=_DEDUCTION_SOURCES,
    needs=("exit.deduction-unjustified", "exit.deduction-expulsion"),
    catalogue=("R62",),
    example="es-basque-worker",
)
def deductions_stay_within_their_limit(case: Case) -> Iterator[Breach]:
    """Of a leaver's contributions no more is kept than that kind of exit allows.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
          exit: "unjustified"
        2024-06-30 * "Deducción del veinte por ciento"
          coop-kind: "deduction"
          Equity:Socias:Bea:Aportaciones            200.00 EUR
          Equity:Reservas:FondoReservaObligatorio  -200.00 EUR

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
          exit: "unjustified"
        2024-06-30 * "Deducción de más"
          coop-kind: "deduction"
          Equity:Socias:Bea:Aportaciones            200.01 EUR
          Equity:Reservas:FondoReservaObligatorio  -200.01 EUR
    """
    for booking, leg, ending, kept, before in _kept_of(case):
        kind = ending.exit_kind
        share = highest_deduction(case.policy, kind, booking.date)
        if share is None or kept <= share * before:
            continue
        limit = portion(before, share, case.books.unit, "down")
        why = Phrase(" for {exit}", exit=_CALLED[kind]) if kind else ""
        yield Breach(
            Phrase(
                "{kept} is kept of {member}'s contributions of {before}; {limit} is "
                "the most{why}.",
                kept=kept,
                member=leg.member,
                before=before,
                limit=limit,
                why=why,
            ),
            Phrase(
                "Lower the deduction, correct the kind of exit, or name the movement "
                "what it is with coop-kind."
            ),
            leg.origin,
            booking.date,
            amount=kept,
            limit=limit,
        )


@rule(
    "COOP-EXIT-02",
    basis="law",
    sources=_DEDUCTION_SOURCES,
    needs=("exit.deduction-unjustified", "exit.deduction-expulsion"),
    catalogue=("R63",),
    example="es-basque-worker",
)
def deductions_spare_voluntary_capital(case: Case) -> Iterator[Breach]:
    """Deductions on leaving are taken from compulsory contributions only.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
          exit: "expulsion"
        2024-06-30 * "Deducción"
          coop-kind: "deduction"
          Equity:Socias:Bea:Aportaciones              0.01 EUR
          Equity:Reservas:FondoReservaObligatorio    -0.01 EUR

    Breaks::

        2024-01-02 * "Bea" "Aportación voluntaria"
          Assets:Banco                              100.00 EUR
          Equity:Socias:Bea:AportacionesVoluntarias -100.00 EUR
        2024-06-30 custom "coop-member" "Bea" "leave"
          exit: "expulsion"
        2024-06-30 * "Deducción"
          coop-kind: "deduction"
          Equity:Socias:Bea:AportacionesVoluntarias   0.01 EUR
          Equity:Reservas:FondoReservaObligatorio    -0.01 EUR
    """
    for booking, leg in case.books.traces_in(CAPITAL):
        if leg.role in COMPULSORY or not _is_kept(case, booking, leg):
            continue
        yield Breach(
            Phrase(
                "{amount} is kept of {account}, which is no compulsory contribution.",
                amount=-leg.amount,
                account=leg.account,
            ),
            Phrase(
                "Take the deduction from the compulsory contributions, or name the "
                "movement what it is with coop-kind."
            ),
            leg.origin,
            booking.date,
            amount=-leg.amount,
            limit=ZERO,
        )


@rule(
    "COOP-EXIT-03",
    basis="law",
    sources=("Ley 27/1999, art. 51", "Ley 11/2019, art. 66", "SELC sample by-laws"),
    needs=("exit.years",),
    catalogue=("R64",),
)
def leavers_are_repaid_in_time(case: Case) -> Iterator[Breach]:
    """Whoever leaves is repaid within the years that law and by-laws give.

    Holds::

        2020-06-30 custom "coop-member" "Bea" "leave"
        2025-06-30 * "Bea" "All of it, on the last day"
          coop-kind: "redemption"
          Equity:Members:Bea:Contribution  1,000.00 USD
          Assets:Bank                     -1,000.00 USD
        2025-07-01 * "The book goes on"
          Assets:Bank                         10.00 USD
          Income:Sales                       -10.00 USD

    Breaks::

        2020-06-30 custom "coop-member" "Bea" "leave"
        2025-07-01 * "Bea" "A day late"
          coop-kind: "redemption"
          Equity:Members:Bea:Contribution  1,000.00 USD
          Assets:Bank                     -1,000.00 USD
    """
    for leaver in case.leavers.values():
        deadlines = list(deadlines_of(case.policy, leaver))
        for demand, deadline in deadlines:
            if case.books.last <= deadline:
                continue
            left = leaver.held(deadline) + leaver.owed(deadline)
            if demand.amount is not None:
                paid = leaver.repaid(deadline) - leaver.repaid(demand.start - ONE_DAY)
                left = min(left, demand.amount - paid)
            if left > 0:
                yield _unpaid(leaver, deadline, left)
        if deadlines:
            yield from _agreed_beyond(leaver, max(day for _, day in deadlines))


def _unpaid(leaver: Leaver, deadline: datetime.date, left: Decimal) -> Breach:
    return Breach(
        Phrase(
            "{member} left on {leaving}; {left} was not repaid by {deadline}.",
            member=leaver.member,
            leaving=leaver.left,
            left=left,
            deadline=deadline,
        ),
        Phrase("Repay it now; where the refund was refused, say so with coop-refund."),
        leaver.ending.origin,
        deadline,
        amount=left,
        limit=ZERO,
    )


def _agreed_beyond(leaver: Leaver, deadline: datetime.date) -> Iterator[Breach]:
    """Find instalments that were agreed for too late a day."""
    for settlement in leaver.settlements:
        late = [day for day, amount in settlement.dues if amount and day > deadline]
        if late:
            yield Breach(
                Phrase(
                    "The last instalment agreed with {member} is due on {last}; "
                    "everything is due by {deadline}.",
                    member=leaver.member,
                    last=late[-1],
                    deadline=deadline,
                ),
                Phrase("Agree instalments that end in time."),
                settlement.origin,
                settlement.date,
            )


@rule(
    "COOP-EXIT-04",
    basis="law",
    sources=("Ley 27/1999, art. 51.4",),
    needs=("exit.annual-share",),
    catalogue=("R65",),
    example="es-state-worker",
)
def refunds_are_paid_by_yearly_parts(case: Case) -> Iterator[Breach]:
    """Of what a leaver is owed a part is paid each year, as large as the law says.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Liquidación"
          coop-kind: "redemption"
          Equity:Socias:Bea:Aportaciones  1,000.00 EUR
          Liabilities:Reembolsos:Bea     -1,000.00 EUR
        2025-06-30 * "Bea" "Una quinta parte"
          coop-kind: "redemption"
          Liabilities:Reembolsos:Bea        200.00 EUR
          Assets:Banco                     -200.00 EUR

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Liquidación"
          coop-kind: "redemption"
          Equity:Socias:Bea:Aportaciones  1,000.00 EUR
          Liabilities:Reembolsos:Bea     -1,000.00 EUR
        2025-06-30 * "Bea" "Un céntimo menos"
          coop-kind: "redemption"
          Liabilities:Reembolsos:Bea        199.99 EUR
          Assets:Banco                     -199.99 EUR
    """
    for leaver in case.leavers.values():
        share = case.policy.find_number("exit.annual-share", leaver.left)
        if share is None:
            continue
        days = {
            day
            for one in leaver.settlements
            for _, day in leaver.anniversaries(one, case.books.last)
        }
        for day in sorted(days):
            least = _least_by(leaver, day, share, case.books.unit)
            paid = leaver.repaid(day)
            if paid < least:
                yield Breach(
                    Phrase(
                        "By {day} {paid} of what {member} is owed was repaid; "
                        "{least} is the least.",
                        day=day,
                        paid=paid,
                        member=leaver.member,
                        least=least,
                    ),
                    Phrase("Pay the difference now."),
                    leaver.settlements[0].origin,
                    day,
                    amount=paid,
                    limit=least,
                )


def _least_by(
    leaver: Leaver, day: datetime.date, share: Decimal, unit: Decimal
) -> Decimal:
    """Return the least that has to be repaid by a day."""
    least = ZERO
    for one in leaver.settlements:
        years = sum(1 for _ in leaver.anniversaries(one, day))
        least += min(one.amount, portion(one.amount, share * years, unit, "down"))
    return least
