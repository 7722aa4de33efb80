"""Rules on a co-op's own criteria: what stays capital, and when returns may be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import all_of
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.surpluses import surplus_years

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case

_IN_MONEY = frozenset({"member-payable"})


@rule(
    "COOP-APP-13",
    basis="statutes",
    sources=("MONDRAGON, corporate glossary", "the by-laws: the choices on file"),
    needs=("patronage.cash-share",),
    catalogue=("R48",),
    example="mondragon-2015",
)
def what_the_bylaws_keep_is_not_paid_out(case: Case) -> Iterator[Breach]:
    """Nothing of a return is declared in money where by-laws add it to the capital.

    Holds::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                  1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion       -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio     -450.00 EUR
          Equity:Socias:Ana:Retornos                  -337.50 EUR
          Equity:Socias:Bea:Retornos                  -112.50 EUR

    Breaks::

        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                  1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion       -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio     -450.00 EUR
          Equity:Socias:Ana:Retornos                  -337.49 EUR
          Liabilities:Socias:Ana:RetornosAPagar         -0.01 EUR
          Equity:Socias:Bea:Retornos                  -112.50 EUR
    """
    for figures, posted in surplus_years(case):
        on = figures.fiscal.end
        share = case.policy.find_number("patronage.cash-share", on)
        small = case.policy.find_number("patronage.cash-below", on)
        if share is None or share > 0 or small:
            continue
        for member, paid in posted.patronage_in(_IN_MONEY).items():
            if paid > 0:
                booking, origin = posted.place_of(member)
                yield Breach(
                    Phrase(
                        "{paid} of {member}'s return of fiscal year {year} is "
                        "declared in money; the by-laws add returns to the capital.",
                        paid=paid,
                        member=member,
                        year=figures.fiscal.label,
                    ),
                    Phrase(
                        "Credit it to the member's capital, or put the year's other "
                        "choice of patronage.cash-share on file."
                    ),
                    origin,
                    booking.date,
                    amount=paid,
                    limit=ZERO,
                )


@rule(
    "COOP-APP-14",
    basis="federation",
    sources=("MONDRAGON Congress of 2018",),
    needs=(
        "prudence.return-minimum",
        "prudence.debt-cap",
        "prudence.independence-minimum",
        "prudence.debt-ratio",
    ),
    catalogue=("R51",),
    example="mondragon-2015",
)
def weak_years_are_not_distributed_as_usual(case: Case) -> Iterator[Breach]:
    """Members get a return by the usual criteria only in a year whose ratios are sound.

    Holds::

        2024-12-31 custom "coop-parameter" "prudence.debt-ratio" 2.5
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                  1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion       -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio     -450.00 EUR
          Equity:Socias:Ana:Retornos                  -337.50 EUR
          Equity:Socias:Bea:Retornos                  -112.50 EUR

    Breaks::

        2024-12-31 custom "coop-parameter" "prudence.debt-ratio" 2.51
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                  1,000.00 EUR
          Liabilities:Fondos:EducacionPromocion       -100.00 EUR
          Equity:Reservas:FondoReservaObligatorio     -450.00 EUR
          Equity:Socias:Ana:Retornos                  -337.50 EUR
          Equity:Socias:Bea:Retornos                  -112.50 EUR
    """
    for figures, posted in surplus_years(case):
        gets_any = any(part > 0 for part in posted.patronage.values())
        weak = _weak_ratios(case, figures) if gets_any else []
        if weak:
            label = figures.fiscal.label
            yield Breach(
                Phrase(
                    "Members get a return of fiscal year {year}, in which {weak}.",
                    year=label,
                    weak=all_of(weak),
                ),
                Phrase(
                    "Keep the surplus, or put the assembly's decision on other "
                    "criteria on file: prudence.other-criteria TRUE, dated in that "
                    "year."
                ),
                *posted.first.place,
            )


def _weak_ratios(case: Case, figures: YearFigures) -> list[Phrase]:
    """Say which ratios of a year are not met; none where not all of them are known.

    The two that the books give would mislead without the third.
    """
    on = figures.fiscal.end
    names = ("return-minimum", "debt-cap", "independence-minimum", "debt-ratio")
    found = [case.policy.find_number(f"prudence.{name}", on) for name in names]
    known = [one for one in found if one is not None]
    decided = case.policy.find("prudence.other-criteria", on)
    if len(known) < len(names) or (decided and decided.value is True):
        return []
    least, cap, independence, debt = known
    terms = case.facts(figures.fiscal.label).terms
    net = terms["result"] - terms["tax"]
    checks = [
        (
            net < least * terms["equity"],
            Phrase("the net result is below {least} of net worth", least=Figure(least)),
        ),
        (
            debt > cap,
            Phrase(
                "net debt is {debt} times EBITDA, above {cap}",
                debt=Figure(debt),
                cap=Figure(cap),
            ),
        ),
        (
            terms["equity"] < independence * terms["debts"],
            Phrase(
                "net worth is below {independence} times the debts",
                independence=Figure(independence),
            ),
        ),
    ]
    return [words for is_weak, words in checks if is_weak]
