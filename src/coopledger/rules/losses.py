"""Rules on losses: who bears them, in which proportion, and how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.rules.capital import account_of
from coopledger.rules.capital import days_below_zero
from coopledger.rules.capital import member_of
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.books import YearFigures
    from coopledger.law.case import Case
    from coopledger.law.case import Posted

LOSS_LAW = ("Ley 27/1999, art. 59", "Ley 11/2019, art. 73")


def losing_years(case: Case) -> Iterator[tuple[YearFigures, Posted]]:
    """Return the distributed years that ended in a loss."""
    for figures, posted in case.distributed_years():
        if case.is_loss(posted.year):
            yield figures, posted


@rule(
    "COOP-LOSS-01",
    basis="law",
    sources=LOSS_LAW,
    needs=("loss.average-years",),
    catalogue=("R54",),
    example="es-basque-worker",
)
def reserve_bears_its_average(case: Case) -> Iterator[Breach]:
    """The mandatory reserve bears no more of a loss than its recent average share.

    Holds::

        2025-06-30 * "Avería"
          Expenses:Reparaciones  100.00 EUR
          Assets:Banco          -100.00 EUR
        2026-03-31 * "Pérdida de 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Resultado:Aplicado             -100.00 EUR
          Equity:Resultado:PerdidasAnteriores    100.00 EUR

    Breaks::

        2025-06-30 * "Avería"
          Expenses:Reparaciones  100.00 EUR
          Assets:Banco          -100.00 EUR
        2026-03-31 * "Pérdida de 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Resultado:Aplicado                -100.00 EUR
          Equity:Resultado:PerdidasAnteriores        99.99 EUR
          Equity:Reservas:FondoReservaObligatorio     0.01 EUR
    """
    for figures, posted in losing_years(case):
        expected = case.expected(posted.year)
        if expected is None:
            continue
        limits = [s.wanted for s in expected.steps if s.step.kind == "average"]
        limit = sum(limits, ZERO)
        borne = -posted.to_role("mandatory-reserve")
        if limits and borne > limit:
            yield Breach(
                Phrase(
                    "The mandatory reserve bears {borne} of the loss of fiscal year "
                    "{year}; its recent average allows {limit}.",
                    borne=borne,
                    year=figures.fiscal.label,
                    limit=limit,
                ),
                Phrase("Charge the rest to members by activity, or carry it."),
                *posted.first.place,
                amount=borne,
                limit=limit,
            )


@rule(
    "COOP-LOSS-03",
    basis="law",
    sources=("Ley 11/2019, art. 59 and 66",),
    catalogue=("R57",),
)
def nobody_loses_more_than_their_capital(case: Case) -> Iterator[Breach]:
    """A member bears a loss up to their own capital and no further.

    Holds::

        2025-06-30 * "A repair"
          Expenses:Repairs  3,000.00 USD
          Assets:Bank      -3,000.00 USD
        2025-06-30 * "Advances"
          Expenses:Advances:Ana  75.00 USD
            hours: 15
          Assets:Bank           -75.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -3,075.00 USD
          Equity:Suspense               2,075.00 USD
          Equity:Members:Ana:Losses     1,000.00 USD

    Breaks::

        2025-06-30 * "A repair"
          Expenses:Repairs  3,000.00 USD
          Assets:Bank      -3,000.00 USD
        2025-06-30 * "Advances"
          Expenses:Advances:Ana  75.00 USD
            hours: 15
          Assets:Bank           -75.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -3,075.00 USD
          Equity:Suspense               2,074.99 USD
          Equity:Members:Ana:Losses     1,000.01 USD
    """
    for date, leg, balance in days_below_zero(
        case.books.traces_in(CAPITAL),
        member_of,
        lambda booking, leg: kind_of(booking, leg) == "loss",
    ):
        held = max(ZERO, balance - leg.amount)
        yield Breach(
            Phrase(
                "{member} is charged {amount} and holds {held}.",
                member=leg.member,
                amount=-leg.amount,
                held=held,
            ),
            Phrase("Charge no more than the capital; carry the rest by decision."),
            leg.origin,
            date,
            amount=-leg.amount,
            limit=held,
        )


@rule("COOP-LOSS-04", basis="law", sources=LOSS_LAW, catalogue=("R58",))
def losses_add_up(case: Case) -> Iterator[Breach]:
    """What reserves, members and carried accounts bear is the whole loss.

    Holds::

        2025-06-30 * "A repair"
          Expenses:Repairs    100.00 USD
          Assets:Bank        -100.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated  -100.00 USD
          Equity:Suspense               100.00 USD

    Breaks::

        2025-06-30 * "A repair"
          Expenses:Repairs    100.00 USD
          Assets:Bank        -100.00 USD
        2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
          coop-year: "2025"
          Equity:Surplus:Appropriated   -99.99 USD
          Equity:Suspense                99.99 USD
    """
    for figures, posted in losing_years(case):
        loss = posted.expensed - case.facts(posted.year).pool
        covered = -posted.distributed
        if posted.is_decided and covered != loss:
            yield Breach(
                Phrase(
                    "{covered} of the loss of fiscal year {year} was covered; the "
                    "loss is {loss}.",
                    covered=covered,
                    year=figures.fiscal.label,
                    loss=loss,
                ),
                Phrase(
                    "Cover the whole loss; what nobody bears is carried, by decision."
                ),
                *posted.first.place,
                amount=covered,
                limit=loss,
            )


@rule(
    "COOP-LOSS-05",
    basis="statutes",
    sources=("Hypha Worker Co-operative by-laws § 6", "SELC sample by-laws"),
    catalogue=("R60",),
)
def reserves_never_go_negative(case: Case) -> Iterator[Breach]:
    """No reserve goes below zero, and in start-up years members bear no loss.

    Holds::

        2024-06-01 * "A theft that the collective account bears" ^GA-2025-01
          coop-kind: "loss"
          Equity:Collective  500.00 USD
          Assets:Bank       -500.00 USD

    Breaks::

        2024-06-01 * "A theft that the collective account cannot bear" ^GA-2025-01
          coop-kind: "loss"
          Equity:Collective  500.01 USD
          Assets:Bank       -500.01 USD
    """
    yield from _negative_reserves(case)
    for figures, posted in losing_years(case):
        grace = case.policy.find_number("loss.grace-years", figures.fiscal.end)
        borne = sum(posted.losses.values(), ZERO)
        if grace and borne and case.facts(posted.year).index <= grace:
            yield Breach(
                Phrase(
                    "Members bear {borne} of the loss of a start-up year ({year}).",
                    borne=borne,
                    year=figures.fiscal.label,
                ),
                Phrase(
                    "Charge the losses of the first {years} years to the collective.",
                    years=Figure(grace),
                ),
                *posted.first.place,
                amount=borne,
                limit=ZERO,
            )


def _negative_reserves(case: Case) -> Iterator[Breach]:
    for date, leg, balance in days_below_zero(
        case.books.traces_in(COLLECTIVE), account_of, lambda *_: True
    ):
        yield Breach(
            Phrase(
                "{account} falls to {balance}.", account=leg.account, balance=balance
            ),
            Phrase("Take no more than it holds; say who bears the rest."),
            leg.origin,
            date,
            amount=balance,
            limit=ZERO,
        )
