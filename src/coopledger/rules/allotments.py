"""Rules on what of a surplus goes to earlier losses, reserves and funds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.words import role_in_words
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule
from coopledger.rules.surpluses import surplus_years

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import Appropriation
    from coopledger.law.case import Case
    from coopledger.law.case import Posted


@rule(
    "COOP-APP-05",
    basis="law",
    sources=("Ley 11/2019, art. 70 and 73", "Ley 27/1999, art. 58 and 59"),
    catalogue=("R42",),
    example="es-basque-worker",
)
def prior_losses_come_first(case: Case) -> Iterator[Breach]:
    """No patronage is distributed while losses of earlier years are not made good.

    Holds::

        2023-12-31 * "Loss carried from 2023"
          Equity:Resultado:PerdidasAnteriores  100.00 EUR
          Assets:Banco                        -100.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                1,000.00 EUR
          Equity:Resultado:PerdidasAnteriores       -100.00 EUR
          Liabilities:Fondos:EducacionPromocion      -90.00 EUR
          Equity:Reservas:FondoReservaObligatorio   -180.00 EUR
          Equity:Socias:Ana:Retornos                -472.50 EUR
          Equity:Socias:Bea:Retornos                -157.50 EUR

    Breaks::

        2023-12-31 * "Loss carried from 2023"
          Equity:Resultado:PerdidasAnteriores  100.00 EUR
          Assets:Banco                        -100.00 EUR
        2025-04-01 * "Aplicación de 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Resultado:Aplicado                1,000.00 EUR
          Equity:Resultado:PerdidasAnteriores        -99.99 EUR
          Liabilities:Fondos:EducacionPromocion      -90.01 EUR
          Equity:Reservas:FondoReservaObligatorio   -180.00 EUR
          Equity:Socias:Ana:Retornos                -472.50 EUR
          Equity:Socias:Bea:Retornos                -157.50 EUR
    """
    for figures, posted in case.distributed_years():
        expected = case.expected(posted.year)
        if expected is None or not any(part > 0 for part in posted.patronage.values()):
            continue
        for role, due in _amounts_by_role(expected, kinds=_OFFSETS).items():
            made_good = posted.to_role(role)
            if made_good < due:
                yield _not_made_good(figures, posted, role, made_good, due)


def _not_made_good(
    figures: YearFigures, posted: Posted, role: str, made_good: Decimal, due: Decimal
) -> Breach:
    return Breach(
        Phrase(
            "Fiscal year {year} was distributed to members, but of its surplus "
            "{made_good} went to the losses carried as {role}, where {due} were due.",
            year=figures.fiscal.label,
            made_good=made_good,
            role=role_in_words(role),
            due=due,
        ),
        Phrase("Set the surplus against the losses first."),
        *posted.first.place,
        amount=made_good,
        limit=due,
    )


_OFFSETS = frozenset({"offset"})


def _amounts_by_role(
    expected: Appropriation, *, kinds: frozenset[str] = frozenset()
) -> dict[str, Decimal]:
    """Return what a surplus gives to each role that is not members'.

    Args:
        expected: What follows for the year.
        kinds: Only steps of these kinds; without any, all that are no offset.
    """
    amounts: dict[str, Decimal] = {}
    for applied in () if expected.is_loss else expected.steps:
        kind, role = applied.step.kind, applied.step.role
        is_wanted = kind in kinds if kinds else kind not in _OFFSETS
        if is_wanted and not applied.parts and not applied.hired:
            amounts[role] = amounts.get(role, ZERO) + applied.amount
    return amounts


@rule(
    "COOP-APP-09",
    basis="statutes",
    sources=("the by-laws: the preset's steps and the choices on file",),
    catalogue=("R49",),
    yields_to=(
        "COOP-APP-01",
        "COOP-INT-06",
        "COOP-RES-01",
        "COOP-RES-02",
        "COOP-RES-10",
        "COOP-RES-13",
        "COOP-TAX-01",
    ),
)
def reserves_get_what_the_bylaws_give(case: Case) -> Iterator[Breach]:
    """No reserve or fund receives less of a surplus than law and by-laws give it.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -249.98 USD
          Liabilities:Members:Ana:Payable      -562.52 USD
          Liabilities:Members:Bea:Payable      -187.50 USD
    """
    # An assembly may keep more than the by-laws ask.
    for figures, posted in surplus_years(case):
        expected = case.expected(posted.year)
        for role, due in _amounts_by_role(expected).items() if expected else ():
            given = posted.to_role(role)
            if given < due:
                yield Breach(
                    Phrase(
                        "The {role} received {given} of fiscal year {year}; law and "
                        "by-laws give it {due}.",
                        role=role_in_words(role),
                        given=given,
                        year=figures.fiscal.label,
                        due=due,
                    ),
                    Phrase(
                        "Compare with 'coopledger close --year {year} --explain', "
                        "and correct the distribution or put the other choice on "
                        "file.",
                        year=figures.fiscal.label,
                    ),
                    *posted.first.place,
                    amount=given,
                    limit=due,
                )
