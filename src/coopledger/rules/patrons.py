"""Rules on United States tax: what goes with a payment to a patron.

Checks that are consents, what the co-op deducts, and tax withheld.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from coopledger.domain.amounts import WHOLE
from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.amounts import round_to
from coopledger.domain.filings import RETURN
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.reporting import PATRONAGE
from coopledger.law.reporting import is_in_money
from coopledger.law.standing import consents_of
from coopledger.law.withholding import is_withheld_from
from coopledger.law.withholding import withholding_rate
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.tax import payment_deadline
from coopledger.rules.tax import subchapter_t_years

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.domain.filings import Filing
    from coopledger.law.case import Case
    from coopledger.law.reporting import Debt
    from coopledger.law.reporting import Reported


@rule(
    "COOP-TAX-10",
    basis="law",
    sources=("26 U.S.C. § 1388(c)(2)(C)",),
    needs=("tax.regime", "patronage.consent", "qualified-check.days"),
    catalogue=("R93",),
)
def qualified_checks_are_cashed_in_time(case: Case) -> Iterator[Breach]:
    """Where cashing a check is the consent, it is cashed within its time.

    Holds::

        2020-01-01 custom "coop-parameter" "patronage.consent" "check"
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
          Equity:Members:Bea:Patronage        -93.75 USD
        2025-09-15 * "Qualified checks"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
            coop-cleared: 2025-12-14
          Liabilities:Members:Bea:Payable      93.75 USD
            coop-cleared: 2025-09-18
          Assets:Bank                        -375.00 USD

    Breaks::

        2020-01-01 custom "coop-parameter" "patronage.consent" "check"
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
          Equity:Members:Bea:Patronage        -93.75 USD
        2025-09-15 * "Qualified checks"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
            coop-cleared: 2025-12-15
          Liabilities:Members:Bea:Payable      93.75 USD
            coop-cleared: 2025-09-18
          Assets:Bank                        -375.00 USD
    """
    for figures, posted in subchapter_t_years(case):
        on = figures.fiscal.end
        days = case.policy.find_number("qualified-check.days", on)
        if case.policy.text("patronage.consent", on, "") != "check" or days is None:
            continue
        last = payment_deadline(case, figures) + datetime.timedelta(days=int(days))
        consents = consents_of(case.books, on)
        qualified = posted.patronage_in(frozenset({"patronage"}))
        for debt in case.reports.patronage.get(posted.year, ()):
            member = debt.leg.member
            if qualified.get(member, ZERO) > 0 and member not in consents:
                yield from _uncashed(case, figures, debt, last)


def _uncashed(
    case: Case, figures: YearFigures, debt: Debt, last: datetime.date
) -> Iterator[Breach]:
    for booking, leg, amount in debt.payments:
        is_late = leg.cleared > last if leg.cleared else case.books.last > last
        if is_late and is_in_money(booking, leg.member):
            cashed = (
                Phrase("is cashed on {cleared}", cleared=leg.cleared)
                if leg.cleared
                else Phrase("is not cashed")
            )
            yield Breach(
                Phrase(
                    "{member}'s check of fiscal year {year} {cashed}; as a consent "
                    "it counts until {last}.",
                    member=leg.member,
                    year=figures.fiscal.label,
                    cashed=cashed,
                    last=last,
                ),
                Phrase(
                    "Give the day with coop-cleared where it was cashed in time; "
                    "otherwise the part on paper is not qualified: book it as "
                    "nonqualified."
                ),
                leg.origin,
                booking.date,
                amount=amount,
            )


@rule(
    "COOP-TAX-11",
    basis="law",
    sources=("26 U.S.C. § 1382(b)", "26 U.S.C. § 1383"),
    needs=("tax.regime", "payment-period.month", "payment-period.day"),
    catalogue=("R95",),
)
def the_coop_deducts_what_was_paid(case: Case) -> Iterator[Breach]:
    """The co-op deducts what it paid in money or qualified paper in the payment period.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Ana:Nonqualified    -281.25 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
          Equity:Members:Bea:Nonqualified     -93.75 USD
        2025-09-15 custom "coop-filing" "1120-C" "2024"
          patronage-dividends: 375.00

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Ana:Nonqualified    -281.25 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
          Equity:Members:Bea:Nonqualified     -93.75 USD
        2025-09-15 custom "coop-filing" "1120-C" "2024"
          patronage-dividends: 750.00
    """
    latest = {
        filing.year: filing for filing in case.books.filings if filing.form == RETURN
    }
    for year, filing in latest.items():
        figures = case.books.years.get(year)
        if figures and is_under_subchapter_t(case.policy, figures.fiscal.end):
            yield from _deducted(case, figures, filing)


def _deducted(case: Case, figures: YearFigures, filing: Filing) -> Iterator[Breach]:
    deadline = payment_deadline(case, figures)
    for box, stated in filing.boxes.items():
        paid = _deductible(case, figures, box, deadline)
        # A return may be made up in whole dollars.
        if stated > paid and stated != round_to(paid, WHOLE):
            yield Breach(
                Phrase(
                    "The return of fiscal year {year} deducts {stated} as {box}; "
                    "{paid} was paid, or given qualified paper for, until {deadline}.",
                    year=filing.year,
                    stated=stated,
                    box=box,
                    paid=paid,
                    deadline=deadline,
                ),
                Phrase(
                    "Deduct what is nonqualified when it is redeemed in money; "
                    "correct the return, or the record of it."
                ),
                filing.origin,
                filing.date,
                amount=stated,
                limit=paid,
            )


def _deductible(
    case: Case, figures: YearFigures, box: str, deadline: datetime.date
) -> Decimal:
    """Return the most that a year's return may deduct under a heading."""
    reports, label = case.reports, figures.fiscal.label
    paid = sum(
        (
            entry.amount
            for entry in reports.entries
            if entry.box == box
            and entry.date <= deadline
            and (entry.year == label or _in_period(entry, figures))
        ),
        ZERO,
    )
    if box == PATRONAGE and case.books.last <= deadline:
        # What is declared may still be paid in time.
        paid += sum((debt.open for debt in reports.patronage.get(label, ())), ZERO)
    return paid


def _in_period(entry: Reported, figures: YearFigures) -> bool:
    return entry.box != PATRONAGE and entry.date >= figures.fiscal.start


@rule(
    "COOP-TAX-12",
    basis="law",
    sources=("26 U.S.C. § 3406(a)(1)", "26 U.S.C. § 3406(b)(2)"),
    needs=("tax.regime", "backup-withholding.rate"),
    catalogue=("R99",),
)
def backup_withholding_is_withheld(case: Case) -> Iterator[Breach]:
    """From money paid to who is subject to it, backup withholding is kept at its rate.

    Holds::

        2025-01-15 custom "coop-member" "Ana" "withhold"
          cause: "tin"
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
          Equity:Members:Bea:Patronage        -93.75 USD
        2025-05-01 * "Ana is paid, less 24 % of the money"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
          Liabilities:Withholding             -67.50 USD
          Assets:Bank                        -213.75 USD

    Breaks::

        2025-01-15 custom "coop-member" "Ana" "withhold"
          cause: "tin"
        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
          Equity:Members:Bea:Patronage        -93.75 USD
        2025-05-01 * "Ana is paid, less 24 % of money and paper"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
          Liabilities:Withholding            -135.00 USD
          Assets:Bank                        -146.25 USD
    """
    register = case.books.register
    paid = _paid_in_money(case)
    withheld = _withheld(case) if paid else {}
    for (member, day), entries in paid.items():
        cause = register.withheld_for(member, day)
        rate = withholding_rate(case.policy, day)
        if not cause or rate is None:
            continue
        subject = [
            one
            for one in entries
            if is_withheld_from(case, member, cause, (day, one.box, one.year))
        ]
        base = sum((one.amount for one in subject), ZERO)
        kept, unit = withheld.get((member, day), ZERO), case.books.unit
        least = portion(base, rate, unit, "down")
        most = portion(base + _other_money(case, member, day), rate, unit, "up")
        if not least <= kept <= most:
            yield Breach(
                Phrase(
                    "{kept} is withheld from {base} that {member} is paid in money; "
                    "{rate} of it is {due}.",
                    kept=kept,
                    base=base,
                    member=member,
                    rate=Rate(rate),
                    due=portion(base, rate, unit),
                ),
                Phrase(
                    "Withhold from the money alone, at that rate, and owe it to the "
                    "tax office; where several are paid, name each with coop-member."
                ),
                entries[-1].paid.origin,
                day,
                amount=kept,
                limit=portion(base, rate, unit),
            )


def _withheld(case: Case) -> dict[tuple[str, datetime.date], Decimal]:
    found: dict[tuple[str, datetime.date], Decimal] = {}
    for booking, leg, member in case.reports.withheld:
        key = (member, booking.date)
        found[key] = found.get(key, ZERO) + leg.amount
    return found


def _paid_in_money(case: Case) -> dict[tuple[str, datetime.date], list[Reported]]:
    """Return what is reported and was paid in money to whoever was ever withheld from.

    Most books have nobody like that.
    """
    events = case.books.register.events
    flagged = {
        member
        for member, own in events.items()
        if any(event.event == "withhold" for event in own)
    }
    found: dict[tuple[str, datetime.date], list[Reported]] = {}
    if flagged:
        for entry in case.reports.entries:
            if entry.is_money and entry.member in flagged:
                found.setdefault((entry.member, entry.date), []).append(entry)
    return found


def _other_money(case: Case, member: str, day: datetime.date) -> Decimal:
    """Return what else was paid that day of what is owed, such as interest."""
    return sum(
        (
            amount
            for debt in case.reports.debts.get(("member-payable", member), ())
            for booking, _, amount in debt.payments
            if not debt.box and booking.date == day
        ),
        ZERO,
    )
