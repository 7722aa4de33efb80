"""Rules on losses that are carried: for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import PRIOR_LOSSES
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Trace
    from coopledger.law.case import Case


@dataclass(slots=True)
class _Lot:
    """A loss that is carried, and what of it is left."""

    label: int
    left: Decimal
    trace: Trace


@rule(
    "COOP-LOSS-10",
    basis="law",
    sources=("Ley 27/1999, art. 59.1", "Ley 11/2019, art. 73.3"),
    needs=("loss.carry-years",),
    catalogue=("R55",),
    example="es-basque-worker",
)
def losses_are_not_carried_for_ever(case: Case) -> Iterator[Breach]:
    """A loss that is carried is made good within the years that the law gives.

    Holds::

        2020-06-30 * "Pérdida de antes"
          Equity:Resultado:PerdidasAnteriores   100.00 EUR
          Assets:Banco                         -100.00 EUR
        2026-12-31 * "El último día del año en que se aplica el quinto resultado"
          coop-kind: "loss"
          Equity:Resultado:PerdidasAnteriores   -100.00 EUR
          Assets:Banco                           100.00 EUR
        2027-01-01 * "El libro sigue"
          Assets:Caja                             1.00 EUR
          Assets:Banco                           -1.00 EUR

    Breaks::

        2020-06-30 * "Pérdida de antes"
          Equity:Resultado:PerdidasAnteriores   100.00 EUR
          Assets:Banco                         -100.00 EUR
        2026-12-31 * "El último día del año en que se aplica el quinto resultado"
          coop-kind: "loss"
          Equity:Resultado:PerdidasAnteriores    -99.99 EUR
          Assets:Banco                            99.99 EUR
        2027-01-01 * "El libro sigue"
          Assets:Caja                             1.00 EUR
          Assets:Banco                           -1.00 EUR
    """
    for lot, deadline in _overdue(case):
        booking, leg = lot.trace
        yield Breach(
            Phrase(
                "{left} of the loss of fiscal year {year} is still carried after "
                "{deadline}.",
                left=lot.left,
                year=lot.label,
                deadline=deadline,
            ),
            Phrase("Charge what is left to reserves and members, by decision."),
            leg.origin,
            booking.date,
            amount=lot.left,
            limit=ZERO,
        )


def _overdue(case: Case) -> Iterator[tuple[_Lot, datetime.date]]:
    """Return what is left of each carried loss when its time is over.

    The last result that may make it good is distributed in the year after.
    """
    label_of = case.books.year_end.year_of
    lots = [
        _Lot(booking.year or label_of(booking.date).label, -leg.amount, (booking, leg))
        for booking, leg in case.books.traces_in(PRIOR_LOSSES)
        if leg.amount < 0
    ]
    for lot in lots:
        end = case.books.year_end.year(lot.label).end
        years = case.policy.find_number("loss.carry-years", end)
        if years is None:
            continue
        deadline = case.books.year_end.year(lot.label + int(years) + 1).end
        lot.left = _left_of(case, lots, lot, deadline)
        if lot.left > 0 and case.books.last > deadline:
            yield lot, deadline


def _left_of(
    case: Case, lots: list[_Lot], lot: _Lot, deadline: datetime.date
) -> Decimal:
    """Return what of a lot is not made good by a day; older losses come first."""
    good = sum(
        (
            leg.amount
            for booking, leg in case.books.traces_in(PRIOR_LOSSES)
            if leg.amount > 0 and booking.date <= deadline
        ),
        ZERO,
    )
    lost = [one for one in lots if one.label <= lot.label]
    whole = sum((-one.trace[1].amount for one in lost), ZERO)
    return min(-lot.trace[1].amount, max(ZERO, whole - good))
