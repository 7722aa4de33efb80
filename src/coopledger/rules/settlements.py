"""Rules on what is owed to people who left: its interest, and what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import OWED
from coopledger.domain.instalments import due_by
from coopledger.domain.periods import ONE_DAY
from coopledger.law.leaving import rates_of
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.leaving import Leaver
    from coopledger.law.case import Case


@rule(
    "COOP-EXIT-05",
    basis="law",
    sources=("Ley 27/1999, art. 51.4", "Ley 11/2019, art. 66.5", "SELC sample by-laws"),
    needs=("exit.interest-over",),
    catalogue=("R66",),
    example="es-basque-worker",
)
def deferred_refunds_earn_interest(case: Case) -> Iterator[Breach]:
    """What is owed to a leaver for a year and longer earns at least the legal interest.

    Holds::

        2023-06-30 custom "coop-member" "Bea" "leave"
        2023-06-30 * "Bea" "Liquidación"
          coop-kind: "redemption"
          Equity:Socias:Bea:Aportaciones  1,000.00 EUR
          Liabilities:Reembolsos:Bea     -1,000.00 EUR
        2024-06-30 * "Bea" "Interés legal de un año"
          coop-kind: "interest"
          Expenses:Intereses:Reembolsos      32.50 EUR
          Liabilities:Reembolsos:Bea        -32.50 EUR
        2024-12-31 * "Ventas"
          Assets:Banco                       32.50 EUR
          Income:Ventas                     -32.50 EUR

    Breaks::

        2023-06-30 custom "coop-member" "Bea" "leave"
        2023-06-30 * "Bea" "Liquidación"
          coop-kind: "redemption"
          Equity:Socias:Bea:Aportaciones  1,000.00 EUR
          Liabilities:Reembolsos:Bea     -1,000.00 EUR
        2024-06-30 * "Bea" "Interés, un céntimo menos"
          coop-kind: "interest"
          Expenses:Intereses:Reembolsos      32.49 EUR
          Liabilities:Reembolsos:Bea        -32.49 EUR
        2024-12-31 * "Ventas"
          Assets:Banco                       32.49 EUR
          Income:Ventas                     -32.49 EUR
    """
    for leaver in case.leavers.values():
        day = _last_full_year(case, leaver)
        if day is None:
            continue
        until = case.books.year_end.year_of(day).end
        rates = rates_of(case.policy, leaver.settlements[0].date, day)
        accrued = leaver.accrued(day, rates)
        credited = due_by(leaver.interest, until)
        if accrued is None:
            continue
        least = round_to(accrued, case.books.unit, "down")
        if credited < least:
            yield Breach(
                Phrase(
                    "What {member} is owed earned {credited} by {until}; the legal "
                    "interest up to {day} is {least}.",
                    member=leaver.member,
                    credited=credited,
                    until=until,
                    day=day,
                    least=least,
                ),
                Phrase(
                    "Credit the difference to the same debt with coop-kind "
                    '"interest", then pay it.'
                ),
                leaver.settlements[0].origin,
                until,
                amount=credited,
                limit=least,
            )


def _last_full_year(case: Case, leaver: Leaver) -> datetime.date | None:
    """Return the end of the last full year of a debt whose interest must be booked.

    The interest of a year may be booked up to the end of the fiscal year.
    """
    if not leaver.settlements:
        return None
    days = [
        day
        for _, day in leaver.anniversaries(leaver.settlements[0], case.books.last)
        if leaver.outstanding(day - ONE_DAY) > 0
        and case.books.year_end.year_of(day).end <= case.books.last
    ]
    return days[-1] if days else None


@rule(
    "COOP-EXIT-06",
    basis="statutes",
    severity="warning",
    sources=("what was agreed with the leaver: coop-instalments in the book",),
    catalogue=("instalments",),
)
def agreed_instalments_are_paid(case: Case) -> Iterator[Breach]:
    """Instalments that were agreed with a leaver are paid by their days.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Her account becomes a debt, paid in two halves"
          coop-kind: "redemption"
          coop-instalments: 2
          coop-every: 6
          Equity:Members:Bea:Contribution  1,000.00 USD
          Liabilities:Redemptions:Bea     -1,000.00 USD
        2024-12-30 * "Bea" "First half"
          coop-kind: "redemption"
          Liabilities:Redemptions:Bea        500.00 USD
          Assets:Bank                       -500.00 USD

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Her account becomes a debt, paid in two halves"
          coop-kind: "redemption"
          coop-instalments: 2
          coop-every: 6
          Equity:Members:Bea:Contribution  1,000.00 USD
          Liabilities:Redemptions:Bea     -1,000.00 USD
        2024-12-30 * "Bea" "A cent less than the first half"
          coop-kind: "redemption"
          Liabilities:Redemptions:Bea        499.99 USD
          Assets:Bank                       -499.99 USD
    """
    for leaver in case.leavers.values():
        dues = [due for one in leaver.settlements for due in one.dues]
        for day in sorted({day for day, _ in dues if day <= case.books.last}):
            due, paid = due_by(dues, day), leaver.repaid(day)
            if paid < due:
                yield Breach(
                    Phrase(
                        "By {day} {due} is due to {member} as it was agreed, and "
                        "{paid} was paid.",
                        day=day,
                        due=due,
                        member=leaver.member,
                        paid=paid,
                    ),
                    Phrase(
                        "Pay the instalment, correct the day of a payment that is "
                        "misdated, or agree on other days."
                    ),
                    leaver.settlements[0].origin,
                    day,
                    amount=paid,
                    limit=due,
                )
                break


@rule(
    "COOP-EXIT-07",
    basis="law",
    sources=("Ley 27/1999, art. 51.4", "Ley 11/2019, art. 66.5"),
    needs=("exit.interest-over",),
    catalogue=("R71",),
    example="es-basque-worker",
)
def settled_accounts_are_not_revalued(case: Case) -> Iterator[Breach]:
    """What a leaver is owed earns interest and is not brought up to date besides.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Liquidación"
          coop-kind: "redemption"
          Equity:Socias:Bea:Aportaciones  1,000.00 EUR
          Liabilities:Reembolsos:Bea     -1,000.00 EUR
        2024-12-31 * "Bea" "Interés"
          coop-kind: "interest"
          Expenses:Intereses:Reembolsos      16.00 EUR
          Liabilities:Reembolsos:Bea        -16.00 EUR

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Liquidación"
          coop-kind: "redemption"
          Equity:Socias:Bea:Aportaciones  1,000.00 EUR
          Liabilities:Reembolsos:Bea     -1,000.00 EUR
        2024-12-31 * "Bea" "Actualización"
          coop-kind: "revaluation"
          Expenses:Intereses:Reembolsos       0.01 EUR
          Liabilities:Reembolsos:Bea         -0.01 EUR
    """
    for leaver in case.leavers.values():
        for booking, leg in leaver.raised:
            if case.policy.find("exit.interest-over", booking.date) is None:
                continue
            yield Breach(
                Phrase(
                    "What {member} is owed, who left on {leaving}, is brought up to "
                    "date by {amount}.",
                    member=leaver.member,
                    leaving=leaver.left,
                    amount=leg.amount,
                ),
                Phrase(
                    "Take it back; what is outstanding earns interest and nothing else."
                ),
                leg.origin,
                booking.date,
                amount=leg.amount,
                limit=ZERO,
            )


@rule(
    "COOP-EXIT-08",
    basis="statutes",
    severity="warning",
    sources=("SELC sample by-laws",),
    needs=("exit.unclaimed-days",),
    catalogue=("R72",),
)
def nothing_is_kept_without_notice(case: Case) -> Iterator[Breach]:
    """What nobody claims becomes the co-op's only some time after its holder was told.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-09-30 * "Bea cannot be found"
          coop-kind: "unclaimed"
          coop-notified: 2024-08-01
          Equity:Members:Bea:Contribution  1,000.00 USD
          Equity:Collective               -1,000.00 USD

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-09-30 * "Bea cannot be found"
          coop-kind: "unclaimed"
          coop-notified: 2024-08-02
          Equity:Members:Bea:Contribution  1,000.00 USD
          Equity:Collective               -1,000.00 USD
    """
    for booking, leg in case.books.traces_in(_HELD):
        # Parameters are asked for last: hardly any posting is one of these.
        if not _is_unclaimed(booking, leg):
            continue
        days = case.policy.find_number("exit.unclaimed-days", booking.date)
        if days is None:
            continue
        told = booking.notified
        if told is None or booking.date < told + ONE_DAY * int(days):
            when = Phrase("told on {told}", told=told) if told else Phrase("not told")
            yield Breach(
                Phrase(
                    "{amount} of {member} becomes the co-op's; {member} was {when}, "
                    "and {days} days' notice are needed.",
                    amount=-leg.amount,
                    member=leg.member,
                    when=when,
                    days=Figure(days),
                ),
                Phrase(
                    "Write to the holder, wait, and give the day of the letter with "
                    "coop-notified."
                ),
                leg.origin,
                booking.date,
                amount=-leg.amount,
                limit=ZERO,
            )


#: What somebody holds in the co-op, or is owed by it.
_HELD = CAPITAL | OWED


def _is_unclaimed(booking: Booking, leg: Leg) -> bool:
    """Say whether something of a member's becomes the co-op's because nobody asks."""
    if leg.amount >= 0:
        return False
    if "unclaimed" in (leg.kind, booking.kind):
        return True
    # What is cheap to know first: a payment to many has as many legs to look through.
    if leg.role not in OWED or "Assets" in booking.plain:
        return False
    return "Income" in booking.plain or any(
        one.role in COLLECTIVE and one.amount > 0 for one in booking.legs
    )
