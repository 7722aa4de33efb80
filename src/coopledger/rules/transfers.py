"""Rules on what passes between enterprises, as far as one book shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.transfers import FEDERAL
from coopledger.domain.transfers import is_named
from coopledger.domain.transfers import natures_by
from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase
from coopledger.phrases import figure
from coopledger.phrases import one_of
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.language import remarks_as_breaches
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.transfers import Transfer
    from coopledger.law.case import Case

FEDERATION_REFERENCE = ("coopledger federation reference, docs/federation.md",)


@rule(
    "COOP-FED-11",
    basis="practice",
    sources=FEDERATION_REFERENCE,
    catalogue=("R73",),
)
def transfers_say_what_they_are(case: Case) -> Iterator[Breach]:
    """What passes between enterprises has an id, a peer, a nature and an amount.

    Holds::

        2024-02-01 * "Federation" "Dues for 2024"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-nature: "fee"
          Expenses:Dues       20.00 USD
          Assets:Bank        -20.00 USD

    Breaks::

        2024-02-01 * "Federation" "Dues for 2024"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          Expenses:Dues       20.00 USD
          Assets:Bank        -20.00 USD
    """
    yield from remarks_as_breaches(case, "transfer")
    said = {one.origin for one in case.books.remarks if one.about == "transfer"}
    for booking, leg in case.books.traces_in(FEDERAL):
        if booking.origin in said:
            continue
        if not booking.transfer and booking.kind != "opening":
            yield Breach(
                Phrase(
                    "{account} is for what passes between enterprises, and this "
                    "transaction has no coop-transfer.",
                    account=leg.account,
                ),
                Phrase(
                    "Add coop-transfer, an id that the other book has as well, and "
                    "coop-peer."
                ),
                *booking.place,
            )
    for transfer in case.books.transfers:
        missing = _missing_in(transfer)
        if missing:
            yield Breach(
                *missing,
                transfer.origin,
                transfer.date,
            )


def _missing_in(transfer: Transfer) -> tuple[Phrase, Phrase] | None:
    """Return what a transfer does not say, and what to do."""
    if not transfer.peer:
        return (
            Phrase("Transfer '{id}' names no peer.", id=transfer.id),
            Phrase("Add coop-peer, the id of the enterprise it is with."),
        )
    if not transfer.side:
        return (
            Phrase(
                "Transfer '{id}' moves no amount that could be told.", id=transfer.id
            ),
            Phrase(
                "Book it with money of one currency or with dues: they tell who gives."
            ),
        )
    if not transfer.nature:
        return (
            Phrase(
                "Transfer '{id}' has no nature, and its accounts could be several "
                "things.",
                id=transfer.id,
            ),
            Phrase('Add coop-nature, for instance coop-nature: "fee".'),
        )
    return None


@rule(
    "COOP-FED-12",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("R73",),
)
def natures_fit_their_accounts(case: Case) -> Iterator[Breach]:
    """What a transfer is said to be fits the accounts that it touches.

    Holds::

        2024-02-01 * "Federation" "To the central fund"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-nature: "central"
          Expenses:Solidarity:Central   20.00 USD
          Assets:Bank                  -20.00 USD

    Breaks::

        2024-02-01 * "Federation" "To the central fund"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-nature: "loan"
          Expenses:Solidarity:Central   20.00 USD
          Assets:Bank                  -20.00 USD
    """
    for transfer in case.books.transfers:
        fitting = natures_by(transfer.roles, transfer.side)
        if fitting and transfer.stated and transfer.stated not in fitting:
            yield Breach(
                Phrase(
                    "Transfer '{id}' is called '{stated}', and its accounts are for "
                    "{fitting}.",
                    id=transfer.id,
                    stated=transfer.stated,
                    fitting=one_of(fitting),
                ),
                Phrase("Correct coop-nature, or book it to other accounts."),
                transfer.origin,
                transfer.date,
            )


@rule(
    "COOP-FED-13",
    basis="practice",
    sources=FEDERATION_REFERENCE,
    catalogue=("R73",),
)
def ids_are_used_once(case: Case) -> Iterator[Breach]:
    """A transfer's id is used once in a book.

    Holds::

        2024-02-01 * "Federation" "To the solidarity fund"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD
        2024-03-01 * "Federation" "To the solidarity fund"
          coop-transfer: "FED-2"
          coop-peer: "federation"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD

    Breaks::

        2024-02-01 * "Federation" "To the solidarity fund"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD
        2024-03-01 * "Federation" "To the solidarity fund"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD
    """
    first: dict[str, Transfer] = {}
    for transfer in case.books.transfers:
        known = first.setdefault(transfer.id, transfer)
        if known is not transfer:
            where = f"{known.origin.file}:{known.origin.line}"
            yield Breach(
                Phrase(
                    "Transfer '{id}' stands here again, first at {where}.",
                    id=transfer.id,
                    where=where,
                ),
                Phrase("Take the second one out, or give it an id of its own."),
                transfer.origin,
                transfer.date,
            )


@rule(
    "COOP-FED-14",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("R73",),
)
def dues_are_of_the_peer(case: Case) -> Iterator[Breach]:
    """What is owed in a transfer is owed by or to the peer that it names.

    Holds::

        2024-02-01 * "Federation" "A bridging loan"
          coop-transfer: "FED-1"
          coop-peer: "green-team"
          Assets:DueFrom:GreenTeam   20.00 USD
          Assets:Bank               -20.00 USD

    Breaks::

        2024-02-01 * "Federation" "A bridging loan"
          coop-transfer: "FED-1"
          coop-peer: "green-team"
          Assets:DueFrom:GreenTeems   20.00 USD
          Assets:Bank                -20.00 USD
    """
    for transfer in case.books.transfers:
        others = [one for one in transfer.dues if not is_named(one, transfer.peer)]
        if others and transfer.peer:
            yield Breach(
                Phrase(
                    "Transfer '{id}' is with '{peer}', and books what '{other}' owes "
                    "or is owed.",
                    id=transfer.id,
                    peer=transfer.peer,
                    other=others[0],
                ),
                Phrase("Book it to the account of the peer, or correct coop-peer."),
                transfer.origin,
                transfer.date,
            )


@rule(
    "COOP-FED-16",
    basis="federation",
    sources=FEDERATION_REFERENCE,
    catalogue=("R75",),
)
def exceptions_are_decided(case: Case) -> Iterator[Breach]:
    """What holds for one enterprise alone names it, and rests on a resolution.

    Holds::

        2020-01-01 custom "coop-enterprise" "farm" "farm.beancount"
        2025-03-31 custom "coop-parameter" "pool.rate" 0.20
          enterprise: "farm"
          resolution: "GA-2025-01"

    Breaks::

        2020-01-01 custom "coop-enterprise" "farm" "farm.beancount"
        2025-03-31 custom "coop-parameter" "pool.rate" 0.20
          enterprise: "farm"
    """
    named = [one.id for one in case.books.enterprises]
    for choice in case.books.choices:
        if not choice.enterprise:
            continue
        if choice.enterprise not in named:
            nearest = offer_nearest(choice.enterprise, named)
            yield Breach(
                Phrase(
                    "'{name}' is chosen for '{enterprise}', which is no enterprise "
                    "of this book{nearest}",
                    name=choice.name,
                    enterprise=choice.enterprise,
                    nearest=nearest,
                ),
                Phrase("Correct the id, or name the enterprise with coop-enterprise."),
                choice.origin,
                choice.date,
            )
        elif not choice.resolution:
            yield Breach(
                Phrase(
                    "'{name}' is {value} for '{enterprise}' alone, and nothing says "
                    "who decided it.",
                    name=choice.name,
                    value=figure(choice.value),
                    enterprise=choice.enterprise,
                ),
                Phrase("Name the resolution."),
                choice.origin,
                choice.date,
            )
