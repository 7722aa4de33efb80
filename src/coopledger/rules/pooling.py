"""Rules on what enterprises pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.transfers import DUES
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.transfers import Transfer
    from coopledger.law.case import Case
from coopledger.rules.transfers import FEDERATION_REFERENCE


@rule(
    "COOP-FED-15",
    basis="federation",
    sources=FEDERATION_REFERENCE,
    catalogue=("R74",),
)
def pools_add_up_to_nothing(case: Case) -> Iterator[Breach]:
    """What a federation collects for a year's pool it gives out again, to the cent.

    Holds::

        2020-01-01 custom "coop-enterprise" "farm" "farm.beancount"
        2024-12-31 * "Farm" "Pool of 2024"
          coop-transfer: "POOL-1"
          coop-peer: "farm"
          coop-year: "2024"
          Assets:DueFrom:Farm   20.00 USD
          Income:Pooling       -20.00 USD
        2024-12-31 * "Cafe" "Pool of 2024"
          coop-transfer: "POOL-2"
          coop-peer: "cafe"
          coop-year: "2024"
          Expenses:Pooling      20.00 USD
          Liabilities:DueTo:Cafe   -20.00 USD

    Breaks::

        2020-01-01 custom "coop-enterprise" "farm" "farm.beancount"
        2024-12-31 * "Farm" "Pool of 2024"
          coop-transfer: "POOL-1"
          coop-peer: "farm"
          coop-year: "2024"
          Assets:DueFrom:Farm   20.00 USD
          Income:Pooling       -20.00 USD
        2024-12-31 * "Cafe" "Pool of 2024"
          coop-transfer: "POOL-2"
          coop-peer: "cafe"
          coop-year: "2024"
          Expenses:Pooling      19.99 USD
          Liabilities:DueTo:Cafe   -19.99 USD
    """
    if not any(one.path for one in case.books.enterprises):
        return
    pools: dict[int | None, list[Transfer]] = {}
    for transfer in case.books.transfers:
        if transfer.nature == "pool" and not DUES.issuperset(transfer.roles):
            pools.setdefault(transfer.year, []).append(transfer)
    for year, transfers in pools.items():
        left = sum((one.signed for one in transfers), ZERO)
        if left:
            of = (
                Phrase("of {year}", year=year)
                if year
                else Phrase("without a coop-year")
            )
            yield Breach(
                Phrase(
                    "The pool {of} leaves {left} with the federation.", of=of, left=left
                ),
                Phrase("Give out what was collected, and nothing else."),
                transfers[-1].origin,
                transfers[-1].date,
                amount=left,
                limit=ZERO,
            )


@rule(
    "COOP-FED-21",
    basis="law",
    sources=("Orden EHA/3360/2010, norma 11.2",),
    catalogue=("R81",),
    severity="warning",
    example="es-basque-worker",
)
def pooling_is_part_of_the_result(case: Case) -> Iterator[Breach]:
    """What is pooled for solidarity is an income or expense, and passes no reserve.

    Holds::

        2024-12-31 * "Federación" "Reconversión de resultados"
          coop-transfer: "POOL-1"
          coop-peer: "federation"
          Expenses:Reconversion                          20.00 EUR
          Liabilities:AcreedoresVinculados:Federation   -20.00 EUR

    Breaks::

        2024-12-31 * "Federación" "Reconversión de resultados"
          coop-kind: "statutory"
          coop-transfer: "POOL-1"
          coop-peer: "federation"
          coop-nature: "pool"
          Equity:Reservas:FondoReservaVoluntario        -20.00 EUR
          Assets:DeudoresVinculados:Federation           20.00 EUR
    """
    for transfer in case.books.transfers:
        others = set(transfer.roles) - DUES
        if transfer.nature == "pool" and others - {"pool-paid", "pool-received"}:
            role = min(others)
            yield Breach(
                Phrase(
                    "Transfer '{id}' of the pool is booked against {role}.",
                    id=transfer.id,
                    role=role,
                ),
                Phrase(
                    "Book it as an income or expense, and name it in the notes; to "
                    "equity only what is given without anything in return."
                ),
                transfer.origin,
                transfer.date,
            )
