"""Rules on members' capital that is brought up to date with prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.law.traces import by_member
from coopledger.law.traces import place_of
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Trace
    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case


@rule(
    "COOP-INT-04",
    basis="law",
    sources=("Ley 27/1999, art. 49", "Ley 11/2019, art. 64"),
    needs=("revaluation.cpi", "revaluation.cpi-share"),
    catalogue=("R29",),
    example="es-basque-worker",
)
def capital_follows_prices_and_no_more(case: Case) -> Iterator[Breach]:
    """Members' capital is brought up to date by the decided rise in prices at most.

    Holds::

        2024-01-01 custom "coop-parameter" "revaluation.cpi" 0.02
        2024-06-30 * "Regularización de balances"
          Assets:Edificio                   100.00 EUR
          Equity:Reservas:Actualizacion    -100.00 EUR
        2024-12-31 * "Actualización de las aportaciones de Ana"
          coop-kind: "revaluation"
          Equity:Reservas:Actualizacion      20.00 EUR
          Equity:Socias:Ana:Aportaciones    -20.00 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "revaluation.cpi" 0.02
        2024-06-30 * "Regularización de balances"
          Assets:Edificio                   100.00 EUR
          Equity:Reservas:Actualizacion    -100.00 EUR
        2024-12-31 * "Actualización de las aportaciones de Ana"
          coop-kind: "revaluation"
          Equity:Reservas:Actualizacion      20.01 EUR
          Equity:Socias:Ana:Aportaciones    -20.01 EUR
    """
    for figures, traces in _revalued_years(case):
        on = figures.fiscal.end
        cpi = case.policy.find_number("revaluation.cpi", on)
        share = case.policy.find_number("revaluation.cpi-share", on)
        if cpi is None or share is None:
            continue
        given = by_member(traces)
        held = case.facts(figures.fiscal.label).capital
        for member, amount in given.items():
            before = held.get(member, ZERO) - _inside(traces, member)
            limit = cpi * share * before
            if amount - limit >= case.books.unit:
                booking, leg = place_of(traces, member)
                yield Breach(
                    Phrase(
                        "The capital of {member}, {before}, is raised by {amount} "
                        "for fiscal year {year}; the rise in prices that was decided "
                        "allows {limit}.",
                        member=member,
                        before=before,
                        amount=amount,
                        year=figures.fiscal.label,
                        limit=limit.normalize(),
                    ),
                    Phrase("Lower it, or record the decided rise as revaluation.cpi."),
                    leg.origin,
                    booking.date,
                    amount=amount,
                    limit=limit,
                )


def _inside(traces: list[Trace], member: str) -> Decimal:
    """Return what of a revaluation a year's capital contains already."""
    own = [t for t in traces if t[1].member == member and not t[0].is_appropriation]
    return sum((leg.amount for _, leg in own), ZERO)


def _revalued_years(case: Case) -> Iterator[tuple[YearFigures, list[Trace]]]:
    for year, traces in case.traces.revaluations.items():
        if traces and year in case.books.years:
            yield case.books.years[year], traces


@rule(
    "COOP-INT-05",
    basis="law",
    sources=("Ley 27/1999, art. 49", "Ley 11/2019, art. 64"),
    needs=("revaluation.cpi",),
    catalogue=("R30",),
    example="es-basque-worker",
)
def losses_come_before_revaluation(case: Case) -> Iterator[Breach]:
    """Members' capital is brought up to date after all losses were made good.

    Holds::

        2024-01-01 custom "coop-parameter" "revaluation.cpi" 0.02
        2024-06-30 * "Regularización de balances, y una pérdida que compensa"
          coop-kind: "loss"
          Assets:Edificio                         100.00 EUR
          Equity:Resultado:PerdidasAnteriores      10.00 EUR
          Assets:Banco                            -10.00 EUR
          Equity:Reservas:Actualizacion          -100.00 EUR
        2024-07-01 * "Pérdida compensada con la reserva de actualización"
          coop-kind: "loss"
          Equity:Reservas:Actualizacion            10.00 EUR
          Equity:Resultado:PerdidasAnteriores     -10.00 EUR
        2024-12-31 * "Actualización de las aportaciones de Ana"
          coop-kind: "revaluation"
          Equity:Reservas:Actualizacion            20.00 EUR
          Equity:Socias:Ana:Aportaciones          -20.00 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "revaluation.cpi" 0.02
        2024-06-30 * "Regularización de balances, y una pérdida que compensa"
          coop-kind: "loss"
          Assets:Edificio                         100.00 EUR
          Equity:Resultado:PerdidasAnteriores      10.00 EUR
          Assets:Banco                            -10.00 EUR
          Equity:Reservas:Actualizacion          -100.00 EUR
        2024-07-01 * "Pérdida compensada con la reserva de actualización"
          coop-kind: "loss"
          Equity:Reservas:Actualizacion             9.99 EUR
          Equity:Resultado:PerdidasAnteriores      -9.99 EUR
        2024-12-31 * "Actualización de las aportaciones de Ana"
          coop-kind: "revaluation"
          Equity:Reservas:Actualizacion            20.00 EUR
          Equity:Socias:Ana:Aportaciones          -20.00 EUR
    """
    for figures, traces in _revalued_years(case):
        year = figures.fiscal.label
        carried = case.facts(year).terms["prior-losses"]
        good = case.posted(year).to_role("prior-losses")
        booking, leg = traces[-1]
        if (
            case.policy.find("revaluation.cpi", figures.fiscal.end) is not None
            and carried > good
        ):
            yield Breach(
                Phrase(
                    "Members' capital is raised in fiscal year {year} while losses "
                    "of {amount} are carried.",
                    year=year,
                    amount=carried - good,
                ),
                Phrase("Set the revaluation reserve against the losses first."),
                leg.origin,
                booking.date,
                amount=carried - good,
                limit=ZERO,
            )
