"""Rules on United States tax under Subchapter T: what is patronage, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.filings import NETTING_NOTICE
from coopledger.domain.periods import nth_day_of_month_after
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.reporting import is_kept
from coopledger.phrases import Phrase
from coopledger.phrases import enumerated
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.case import Posted
    from coopledger.law.reporting import Debt


def subchapter_t_years(case: Case) -> Iterator[tuple[YearFigures, Posted]]:
    """Return the distributed years in which the co-op was under Subchapter T."""
    for figures, posted in case.distributed_years():
        if is_under_subchapter_t(case.policy, figures.fiscal.end):
            yield figures, posted


@rule(
    "COOP-TAX-01",
    basis="law",
    sources=("26 U.S.C. § 1388(a)",),
    needs=("tax.regime",),
    catalogue=("R88",),
)
def patronage_comes_from_members_labour(case: Case) -> Iterator[Breach]:
    """Patronage is paid out of what members' own work or business earned.

    Holds::

        2024-11-30 * "Wages of a helper, as many hours as the members'"
          Expenses:Wages:Dan   400.00 USD
            hours: 40
          Assets:Bank         -400.00 USD
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         600.00 USD
          Equity:Collective                  -300.00 USD
          Liabilities:Members:Ana:Payable    -225.00 USD
          Liabilities:Members:Bea:Payable     -75.00 USD

    Breaks::

        2024-11-30 * "Wages of a helper, as many hours as the members'"
          Expenses:Wages:Dan   400.00 USD
            hours: 40
          Assets:Bank         -400.00 USD
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         600.00 USD
          Equity:Collective                  -299.99 USD
          Liabilities:Members:Ana:Payable    -225.01 USD
          Liabilities:Members:Bea:Payable     -75.00 USD
    """
    for figures, posted in subchapter_t_years(case):
        paid = sum(posted.patronage.values(), ZERO)
        earned = max(ZERO, case.facts(posted.year).terms["surplus"])
        if paid > earned:
            yield Breach(
                Phrase(
                    "{paid} is distributed as patronage of fiscal year {year}; "
                    "members' own part of it is {earned}.",
                    paid=paid,
                    year=figures.fiscal.label,
                    earned=earned,
                ),
                Phrase("Put what others earned into the collective account."),
                *posted.first.place,
                amount=paid,
                limit=earned,
            )


@rule(
    "COOP-TAX-02",
    basis="law",
    sources=("26 U.S.C. § 1388(c)(1)",),
    needs=("tax.regime", "patronage.cash-minimum"),
    catalogue=("R91",),
)
def qualified_notices_pay_their_cash(case: Case) -> Iterator[Breach]:
    """With a qualified notice each patron receives at least the legal part in money.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -112.50 USD
          Equity:Members:Ana:Patronage       -450.00 USD
          Liabilities:Members:Bea:Payable     -37.50 USD
          Equity:Members:Bea:Patronage       -150.00 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -112.49 USD
          Equity:Members:Ana:Patronage       -450.01 USD
          Liabilities:Members:Bea:Payable     -37.50 USD
          Equity:Members:Bea:Patronage       -150.00 USD
    """
    for figures, posted in subchapter_t_years(case):
        on = figures.fiscal.end
        least = case.policy.find_number("patronage.cash-minimum", on) or ZERO
        qualified = posted.patronage_in(frozenset({"patronage"}))
        money = posted.patronage_in(frozenset({"member-payable"}))
        for member, part in posted.patronage.items():
            paid = money.get(member, ZERO)
            if qualified.get(member, ZERO) > 0 and paid < least * part:
                booking, origin = posted.place_of(member)
                needed = portion(part, least, case.books.unit, "up")
                yield Breach(
                    Phrase(
                        "{member} receives {paid} in money of {part}; a qualified "
                        "notice needs {needed}.",
                        member=member,
                        paid=paid,
                        part=part,
                        needed=needed,
                    ),
                    Phrase(
                        "Raise the part in money, or book the rest as nonqualified."
                    ),
                    origin,
                    booking.date,
                    amount=paid,
                    limit=needed,
                )


@rule(
    "COOP-TAX-03",
    basis="law",
    sources=("26 U.S.C. § 1382(d)",),
    needs=("tax.regime", "payment-period.month", "payment-period.day"),
    catalogue=("R92",),
)
def patronage_is_paid_in_time(case: Case) -> Iterator[Breach]:
    """The money part of patronage is paid within the payment period.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -562.50 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
        2025-09-15 * "Paid on the last day"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     562.50 USD
          Liabilities:Members:Bea:Payable     187.50 USD
          Assets:Bank                        -750.00 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -562.50 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
        2025-09-16 * "Paid one day late"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     562.50 USD
          Liabilities:Members:Bea:Payable     187.50 USD
          Assets:Bank                        -750.00 USD
    """
    for figures, posted in subchapter_t_years(case):
        deadline = payment_deadline(case, figures)
        for debt in case.reports.patronage.get(posted.year, ()):
            late = [one for one in debt.payments if one[0].date > deadline]
            if late:
                booking, leg, _ = late[0]
                yield _late(figures, booking, leg, deadline)
            elif case.books.last > deadline and (debt.open > 0 or _is_kept(debt)):
                yield _unpaid(figures, debt, deadline)


def _is_kept(debt: Debt) -> bool:
    """Say whether any of a debt was settled by putting it into a reserve."""
    return any(is_kept(booking) for booking, _, _ in debt.payments)


def payment_deadline(case: Case, figures: YearFigures) -> datetime.date:
    """Return the last day of a fiscal year's payment period."""
    month, day = (
        int(case.policy.number(f"payment-period.{part}", figures.fiscal.end))
        for part in ("month", "day")
    )
    return nth_day_of_month_after(figures.fiscal, month, day)


def _late(
    figures: YearFigures, booking: Booking, leg: Leg, deadline: datetime.date
) -> Breach:
    found = Phrase(
        "{member}'s money of fiscal year {year} is paid on {day}; the payment "
        "period ended on {deadline}.",
        member=leg.member,
        year=figures.fiscal.label,
        day=booking.date,
        deadline=deadline,
    )
    return Breach(found, _LATE_FIX, leg.origin, booking.date, -leg.amount)


def _unpaid(figures: YearFigures, debt: Debt, deadline: datetime.date) -> Breach:
    declared = debt.leg
    what = (
        Phrase("{amount} of it is open", amount=debt.open)
        if debt.open > 0
        else Phrase("a reserve got some of it")
    )
    found = Phrase(
        "{member}'s money of fiscal year {year} is not paid in full: {what}; the "
        "payment period ended on {deadline}.",
        member=declared.member,
        year=figures.fiscal.label,
        what=what,
        deadline=deadline,
    )
    return Breach(found, _LATE_FIX, declared.origin, deadline, declared.amount)


_LATE_FIX = Phrase(
    "Pay it; the part that is paid late is no longer deductible as a qualified notice."
)


@rule(
    "COOP-TAX-13",
    basis="law",
    sources=("26 U.S.C. § 1388(j)",),
    needs=("tax.regime", "payment-period.month", "payment-period.day"),
    catalogue=("R103",),
)
def netting_is_told_to_patrons(case: Case) -> Iterator[Breach]:
    """Patrons are told when one unit's loss is set against another one's earnings.

    Holds::

        2024-01-01 open Expenses:Press
          coop-unit: "press"
        2024-01-01 open Income:Fields
          coop-unit: "fields"
        2024-07-01 * "The press made a loss"
          Expenses:Press                      300.00 USD
          Income:Fields                      -300.00 USD
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -562.50 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
        2025-09-15 custom "coop-filing" "netting-notice" "2024"

    Breaks::

        2024-01-01 open Expenses:Press
          coop-unit: "press"
        2024-01-01 open Income:Fields
          coop-unit: "fields"
        2024-07-01 * "The press made a loss"
          Expenses:Press                      300.00 USD
          Income:Fields                      -300.00 USD
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -562.50 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
        2025-09-16 custom "coop-filing" "netting-notice" "2024"
    """
    for figures, posted in subchapter_t_years(case):
        lost = {unit: made for unit, made in figures.units.items() if made < 0}
        if not lost or max(figures.units.values()) <= 0 or not posted.patronage:
            continue
        deadline = payment_deadline(case, figures)
        told = [
            filing.date
            for filing in case.books.filings
            if filing.form == NETTING_NOTICE and filing.year == posted.year
        ]
        if min(told, default=case.books.last) > deadline:
            yield _untold(posted, lost, deadline)


def _untold(
    posted: Posted, lost: dict[str, Decimal], deadline: datetime.date
) -> Breach:
    units = enumerated(
        [Phrase("{unit} ({made})", unit=unit, made=made) for unit, made in lost.items()]
    )
    return Breach(
        Phrase(
            "The patronage of fiscal year {year} sets the loss of {units} against "
            "what other units earned, and patrons were not told by {deadline}.",
            year=posted.year,
            units=units,
            deadline=deadline,
        ),
        Phrase(
            'Tell them, and record the day: custom "coop-filing" "netting-notice" '
            '"{year}".',
            year=posted.year,
        ),
        *posted.first.place,
        amount=sum(lost.values(), ZERO),
    )
