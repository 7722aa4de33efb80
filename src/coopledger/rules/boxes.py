"""Rules on the boxes of a form: what each of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.filings import SPECIFIED
from coopledger.law.reporting import RETAINS
from coopledger.law.reporting import WITHHELD
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.filings import Filing
    from coopledger.law.case import Case
from coopledger.rules.filings import FORM_ON
from coopledger.rules.filings import breach_of
from coopledger.rules.filings import forms_of


@rule(
    "COOP-TAX-16",
    basis="law",
    sources=(FORM_ON,),
    needs=("tax.regime",),
    catalogue=("R98", "R99"),
)
def boxes_hold_what_they_mean(case: Case) -> Iterator[Breach]:
    """Each box of a form holds what it means: paper that is retained is a dividend.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Bea:Patronage        -93.75 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
        2025-05-01 * "Ana's money part"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
          Assets:Bank                        -281.25 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          patronage-dividends: 562.50

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated       1,000.00 USD
          Equity:Collective                  -250.00 USD
          Equity:Members:Ana:Patronage       -281.25 USD
          Liabilities:Members:Ana:Payable    -281.25 USD
          Equity:Members:Bea:Patronage        -93.75 USD
          Liabilities:Members:Bea:Payable     -93.75 USD
        2025-05-01 * "Ana's money part"
          coop-kind: "payment"
          Liabilities:Members:Ana:Payable     281.25 USD
          Assets:Bank                        -281.25 USD
        2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
          patronage-dividends: 562.50
          qualified-payments: 281.25
    """
    for filing, boxes in forms_of(case):
        for found, fix in _misplaced(filing, boxes):
            yield breach_of(filing, found, fix)


def _misplaced(
    filing: Filing, boxes: dict[str, Decimal]
) -> Iterator[tuple[Phrase, Phrase]]:
    retains = filing.amount(RETAINS)
    if retains > 0 and not boxes.get(RETAINS):
        yield (
            Phrase(
                "reports {amount} as {box}, and nothing was kept back by unit.",
                amount=retains,
                box=RETAINS,
            ),
            Phrase("Report what is retained of the surplus with the dividend."),
        )
    special = [box for box in SPECIFIED if filing.amount(box) > 0]
    if special and not filing.is_specified:
        yield (
            Phrase(
                "fills {boxes} and is not marked as specified-cooperative.",
                boxes=", ".join(special),
            ),
            Phrase(
                "Leave them empty, as money is part of the dividend, or mark the form."
            ),
        )
    if filing.is_specified and not special:
        yield (
            Phrase(
                "is marked as specified-cooperative and fills no box that is for such."
            ),
            Phrase("Leave the mark out, or fill the box."),
        )
    if filing.amount(WITHHELD) and filing.amount(WITHHELD) >= filing.counted:
        yield (
            Phrase(
                "reports {stated} as {box}, of {all}.",
                stated=filing.amount(WITHHELD),
                box=WITHHELD,
                all=filing.counted,
            ),
            Phrase(
                "Tax withheld is less than what it is withheld from; correct the boxes."
            ),
        )
