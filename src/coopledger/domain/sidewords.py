"""What one side says of a transfer or of a debt, as a part of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import RECEIVES
from coopledger.phrases import Phrase
from coopledger.phrases import all_of

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.transfers import Transfer

_VERBS = {GIVES: Phrase("gives"), RECEIVES: Phrase("receives")}


def moved_in_words(transfer: Transfer) -> Phrase:
    """Say what passes, and which way."""
    return Phrase(
        "{verb} {amount} {currency}",
        verb=_VERBS.get(transfer.side, Phrase("moves")),
        amount=transfer.amount,
        currency=transfer.currency,
    )


def amount_in_words(transfer: Transfer) -> Phrase:
    """Say of how much it is."""
    return Phrase(
        "is of {amount} {currency}",
        amount=transfer.amount,
        currency=transfer.currency,
    )


def currency_in_words(transfer: Transfer) -> Phrase:
    """Say in which currency it is."""
    return Phrase("is in {currency}", currency=transfer.currency or Phrase("nothing"))


def day_in_words(transfer: Transfer) -> Phrase:
    """Say of which day it is."""
    return Phrase("is of {day}", day=transfer.date)


def peer_in_words(transfer: Transfer) -> Phrase:
    """Say with whom it is."""
    if not transfer.peer:
        return Phrase("names no peer")
    return Phrase("names '{peer}' as its peer", peer=transfer.peer)


def side_in_words(transfer: Transfer) -> Phrase:
    """Say whether it gives or receives."""
    return _VERBS.get(transfer.side, Phrase("moves nothing that could be told"))


def nature_in_words(transfer: Transfer) -> Phrase:
    """Say what it is."""
    if not transfer.nature:
        return Phrase("has no nature")
    return Phrase("is of nature '{nature}'", nature=transfer.nature)


def year_in_words(transfer: Transfer) -> Phrase:
    """Say for which year it is."""
    if not transfer.year:
        return Phrase("is for no year")
    return Phrase("is for {year}", year=transfer.year)


def person_in_words(transfer: Transfer) -> Phrase:
    """Say whose capital it is."""
    whose = f"'{transfer.person}'" if transfer.person else ""
    nobody = Phrase("nobody that could be told")
    return Phrase("is the capital of {whose}", whose=whose or nobody)


def allotted_in_words(transfer: Transfer) -> Phrase:
    """Say of which years it takes along what was retained."""
    parts = [
        Phrase("{amount} of {year}", amount=amount, year=year or Phrase("no year"))
        for year, amount in sorted(
            transfer.allotted.items(), key=lambda one: one[0] or 0
        )
    ]
    what = all_of(parts) if parts else Phrase("of nothing")
    return Phrase("takes along what was retained, {what}", what=what)


def owing_in_words(book: str, peer: str, claim: Decimal) -> Phrase:
    """Say who owes whom what, by a claim of the first on the second."""
    if not claim:
        return Phrase(
            "'{book}' and '{peer}' owe each other nothing", book=book, peer=peer
        )
    debtor, creditor = (peer, book) if claim > 0 else (book, peer)
    return Phrase(
        "'{debtor}' owes '{creditor}' {amount}",
        debtor=debtor,
        creditor=creditor,
        amount=abs(claim),
    )
