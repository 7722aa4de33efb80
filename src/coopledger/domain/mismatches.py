"""What can be wrong between two books, and what it is in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from coopledger.domain.findings import Origin

#: Everything that can be wrong between two books.
MISSING = "missing"
TWICE = "twice"
PEER = "peer"
SIDE = "side"
CURRENCY = "currency"
AMOUNT = "amount"
DATE = "date"
NATURE = "nature"
DUES = "dues"
YEAR = "year"
PERSON = "person"
MOVE = "move"
CAPITAL = "capital"
ALLOTMENT = "allotment"

KINDS = (
    MISSING,
    TWICE,
    PEER,
    SIDE,
    CURRENCY,
    AMOUNT,
    DATE,
    NATURE,
    DUES,
    YEAR,
    PERSON,
    MOVE,
    CAPITAL,
    ALLOTMENT,
)


@dataclass(frozen=True, slots=True)
class Side:
    """What is wrong in one of the two books.

    Attributes:
        book: Id of the enterprise whose book it is.
        found: What was found there, one sentence.
        origin: Where it stands.
        date: Date of the transaction.
        amount: The amount there.
        limit: The amount in the other book.
    """

    book: str
    found: str
    origin: Origin
    date: datetime.date | None = None
    amount: Decimal | None = None
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is wrong between books.

    Attributes:
        kind: What: one of `KINDS`.
        transfer: Id of the transfer, or "" for dues.
        sides: What it is in each book concerned.
    """

    kind: str
    transfer: str
    sides: tuple[Side, ...]
