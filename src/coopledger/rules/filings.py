"""Rules on the forms that patrons get: that there is one, and that it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.filings import KNOWN
from coopledger.domain.filings import PATRON_FORM
from coopledger.law.forms import counted
from coopledger.law.forms import forms_on_file
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.forms import terms_of
from coopledger.law.forms import year_end
from coopledger.law.reporting import REDEEMED
from coopledger.law.reporting import RETAINS
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.filings import Filing
    from coopledger.law.case import Case

_MINIMUM = "patronage-form.minimum"
FORM_ON = "Form 1099-PATR, instructions of 01/2023"


@rule(
    "COOP-TAX-14",
    basis="law",
    sources=("26 U.S.C. § 6044(a)(1)", "26 U.S.C. § 6044(e)"),
    needs=("tax.regime", _MINIMUM),
    catalogue=("R97",),
)
def who_is_paid_has_a_form(case: Case) -> Iterator[Breach]:
    """Whoever was paid the legal minimum or more in a year has a form on record.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Bea:Patronage        -93.75 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
        2025-05-01 * "The money part of 2024"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
          Liabilities:Members:Bea:Payable      93.75 USD
          Assets:Bank                        -375.00 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          patronage-dividends: 562.50
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Bea"
          patronage-dividends: 187.50
        2026-02-01 * "The book goes on"
          Assets:Bank                           1.00 USD
          Income:Sales                         -1.00 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Bea:Patronage        -93.75 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
        2025-05-01 * "The money part of 2024"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
          Liabilities:Members:Bea:Payable      93.75 USD
          Assets:Bank                        -375.00 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          patronage-dividends: 562.50
        2026-02-01 * "The book goes on"
          Assets:Bank                           1.00 USD
          Income:Sales                         -1.00 USD
    """
    if not any(_MINIMUM in preset.names for preset in case.policy.presets):
        return
    on_file = forms_on_file(case.books)
    for year in case.reports.years:
        terms = terms_of(case.policy, year)
        if terms is None or case.books.last <= terms.due:
            continue
        for member, boxes in case.reports.boxes(year).items():
            is_due = terms.is_due(case.books.register, member, boxes)
            if is_due and (year, member) not in on_file:
                yield Breach(
                    Phrase(
                        "{member} was paid {paid} in {year}, and no {form} is on "
                        "record.",
                        member=member,
                        paid=counted(boxes),
                        year=year,
                        form=PATRON_FORM,
                    ),
                    Phrase(
                        "Furnish the form and record it with coop-filing; "
                        "'coopledger tax 1099-patr --year {year}' works out its "
                        "boxes.",
                        year=year,
                    ),
                    case.reports.last_paid(year, member).origin,
                    terms.due,
                    amount=counted(boxes),
                    limit=terms.minimum,
                )


def forms_of(case: Case) -> Iterator[tuple[Filing, dict[str, Decimal]]]:
    """Return each form under Subchapter T with what was paid in its year."""
    for (year, member), filing in forms_on_file(case.books).items():
        if is_under_subchapter_t(case.policy, year_end(year)):
            yield filing, case.reports.boxes(year).get(member, {})


def breach_of(
    filing: Filing,
    found: Phrase,
    fix: Phrase,
    amount: Decimal | None = None,
    limit: Decimal | None = None,
) -> Breach:
    """Say what is wrong with a form; what was found is the end of a sentence."""
    about = Phrase(
        "The {form} of {member} for {year} {found}",
        form=filing.form,
        member=filing.member,
        year=filing.year,
        found=found,
    )
    return Breach(about, fix, filing.origin, filing.date, amount, limit)


@rule(
    "COOP-TAX-15",
    basis="law",
    sources=("26 U.S.C. § 1385(c)", FORM_ON),
    needs=("tax.regime",),
    catalogue=("R96",),
)
def redeemed_paper_is_on_the_form(case: Case) -> Iterator[Breach]:
    """Nonqualified paper that is redeemed is the patron's income, and on the form.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Nonqualified    -562.50 USD
          Equity:Members:Bea:Nonqualified    -187.50 USD
        2025-10-01 * "Part of the paper is redeemed"
          Equity:Members:Ana:Nonqualified      75.00 USD
          Equity:Members:Bea:Nonqualified      25.00 USD
          Assets:Bank                        -100.00 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          redeemed-nonqualified: 75.00

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Nonqualified    -562.50 USD
          Equity:Members:Bea:Nonqualified    -187.50 USD
        2025-10-01 * "Part of the paper is redeemed"
          Equity:Members:Ana:Nonqualified      75.00 USD
          Equity:Members:Bea:Nonqualified      25.00 USD
          Assets:Bank                        -100.00 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          redeemed-nonqualified: 74.99
    """
    for filing, boxes in forms_of(case):
        redeemed, stated = boxes.get(REDEEMED, ZERO), filing.amount(REDEEMED)
        if stated < redeemed:
            yield breach_of(
                filing,
                Phrase(
                    "reports {stated} as {box}; {redeemed} was redeemed in it.",
                    stated=stated,
                    box=REDEEMED,
                    redeemed=redeemed,
                ),
                Phrase("Furnish a corrected form, and record it with its date."),
                stated,
                redeemed,
            )


@rule(
    "COOP-TAX-17",
    basis="law",
    sources=("26 U.S.C. § 6044(a)(1)", FORM_ON),
    needs=("tax.regime",),
    catalogue=("R100",),
)
def a_form_is_of_the_year_of_payment(case: Case) -> Iterator[Breach]:
    """A form reports what was paid in its calendar year, and nothing of another one.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -562.50 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
        2025-05-01 * "Ana is paid"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     562.50 USD
          Assets:Bank                        -562.50 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          patronage-dividends: 562.50

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Liabilities:Members:Ana:Payable    -562.50 USD
          Liabilities:Members:Bea:Payable    -187.50 USD
        2025-05-01 * "Ana is paid"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     562.50 USD
          Assets:Bank                        -562.50 USD
        2025-05-31 custom "coop-filing" "1099-PATR" "2024" "Ana"
          patronage-dividends: 562.50
    """
    for filing, boxes in forms_of(case):
        for box in KNOWN:
            stated, paid = filing.amount(box), boxes.get(box, ZERO)
            if stated != paid and not _is_said_elsewhere(box, stated, paid):
                yield breach_of(
                    filing,
                    Phrase(
                        "reports {stated} as {box}; in that year it was "
                        "{paid}{elsewhere}.",
                        stated=stated,
                        box=box,
                        paid=paid,
                        elsewhere=_other_year(case, filing, box),
                    ),
                    Phrase(
                        "Look at the bookings of {year} first; if they are right, "
                        "correct this form, and furnish one for the year of payment.",
                        year=filing.year,
                    ),
                    stated,
                    paid,
                )


def _is_said_elsewhere(box: str, stated: Decimal, paid: Decimal) -> bool:
    """Say whether another rule says it more exactly."""
    return (box == REDEEMED and stated < paid) or (box == RETAINS and not paid)


def _other_year(case: Case, filing: Filing, box: str) -> str:
    """Say in which year the stated amount was paid, if in one."""
    stated = filing.amount(box)
    for year in case.reports.years:
        if (
            stated
            and case.reports.boxes(year).get(filing.member, {}).get(box) == stated
        ):
            return Phrase(", and {stated} in {year}", stated=stated, year=year)
    return ""


@rule(
    "COOP-TAX-18",
    basis="law",
    sources=("26 U.S.C. § 1381(a)", "26 U.S.C. § 6044(a)(1)"),
    needs=("tax.regime",),
    catalogue=("R101",),
)
def patrons_forms_are_for_subchapter_t(case: Case) -> Iterator[Breach]:
    """Forms of Subchapter T are for co-operatives that are taxed under it.

    Holds::

        2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"
        2025-05-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Patronage       -562.50 USD
          Equity:Members:Bea:Patronage       -187.50 USD

    Breaks::

        2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"
        2025-05-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Patronage       -562.50 USD
          Equity:Members:Bea:Patronage       -187.50 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          patronage-dividends: 562.50
    """
    for filing in case.books.filings:
        on = year_end(filing.year)
        if filing.form != PATRON_FORM:
            on = case.books.year_end.year(filing.year).end
        if not is_under_subchapter_t(case.policy, on):
            regime = case.policy.text("tax.regime", on, "none")
            yield Breach(
                Phrase(
                    "A {form} of {year} is on record, and the tax regime of that "
                    "year is {regime}.",
                    form=filing.form,
                    year=filing.year,
                    regime=regime,
                ),
                Phrase(
                    "A partnership gives its members a Schedule K-1 instead; take "
                    "the record out, or correct tax.regime."
                ),
                filing.origin,
                filing.date,
            )
