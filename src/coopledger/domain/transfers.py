"""Transfers between enterprises, as one book tells of them.

Both books write a transfer under one id.  Its nature follows from the roles of the
accounts that it touches; where it could be several, the book says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import NOTICES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.findings import Origin

#: Everything that passes between enterprises is one of these.
NATURES = (
    "pool",
    "solidarity",
    "central",
    "education",
    "aid",
    "loan",
    "fee",
    "trade",
    "capital",
)

#: A member's capital, which goes with them to another enterprise.
CAPITAL_MOVED = "capital"

GIVES = "gives"
RECEIVES = "receives"

#: Roles of what enterprises owe each other.
DUES = frozenset({"due-from", "due-to"})

#: Roles of what passes between enterprises only: no other movement touches them.
FEDERAL = DUES | {
    "pool-paid",
    "pool-received",
    "solidarity-paid",
    "solidarity-received",
}

#: What a transfer that touches a role can be; the first where the book says nothing.
#: A fund tells apart what comes in and what goes out.
_BY_ROLE: dict[tuple[str, str], tuple[str, ...]] = {
    ("pool-paid", ""): ("pool",),
    ("pool-received", ""): ("pool",),
    ("solidarity-paid", ""): ("solidarity", "central", "education"),
    ("solidarity-received", ""): ("aid", "central", "education"),
    ("education-fund", ""): ("education",),
    ("education-expense", ""): ("education",),
    ("fund", RECEIVES): ("solidarity", "central", "education"),
    ("fund", GIVES): ("aid", "central", "education"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What a transfer does to one account.

    Attributes:
        account: Its name; a member's or worker's own part is a placeholder.
        root: Its kind.
        role: Its role, or "".
        amount: Positive for a debit, in the book's currency.
        year: The posting's own `coop-year`, or None.
    """

    account: str
    root: str
    role: str
    amount: Decimal
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One side of a movement between two enterprises.

    Attributes:
        id: `coop-transfer`, the same in both books.
        peer: Id of the enterprise on the other side, or "".
        nature: What it is, or "" where it could be several things.
        stated: What the book says that it is (`coop-nature`), or "".
        side: ``gives`` or ``receives``; "" where the postings do not tell.
        amount: How much, positive.
        currency: In which currency.
        date: Day of the transaction.
        year: `coop-year`: fiscal year that it belongs to, or None.
        roles: Roles of the accounts that it touches, in their order.
        fund: The fund that it goes to or comes from, or "".
        dues: Whom its accounts of dues name.
        links: Links; resolutions are linked.
        kind: `coop-kind`, or "".
        parts: What it does to each account.
        origin: Where it stands.
        person: Whose capital it is, by the id that the federation gave them, or "".
    """

    id: str
    peer: str
    nature: str
    stated: str
    side: str
    amount: Decimal
    currency: str
    date: datetime.date
    year: int | None
    roles: tuple[str, ...]
    fund: str
    dues: tuple[str, ...]
    links: tuple[str, ...]
    kind: str
    parts: tuple[Part, ...]
    origin: Origin
    person: str = ""

    @property
    def allotted(self) -> dict[int | None, Decimal]:
        """What goes along of what was retained, by the year of its allotment."""
        found: dict[int | None, Decimal] = {}
        for part in self.parts if self.nature == CAPITAL_MOVED else ():
            if part.role in NOTICES:
                year = part.year or self.year
                sign = 1 if self.side == GIVES else -1
                found[year] = found.get(year, ZERO) + sign * part.amount
        return {year: amount for year, amount in found.items() if amount}

    @property
    def signed(self) -> Decimal:
        """The amount: positive when it is received."""
        return self.amount if self.side == RECEIVES else -self.amount


def natures_by(roles: Iterable[str], side: str) -> tuple[str, ...]:
    """Return what a transfer can be by its roles; () where they do not tell.

    Args:
        roles: Roles of the accounts that it touches.
        side: ``gives`` or ``receives``.

    Returns:
        The natures that fit every role that tells, the likeliest first.  What touches
        nothing but money and dues is a loan, or pays what was owed.
    """
    touched = tuple(roles)
    telling = [
        _BY_ROLE.get((role, ""), _BY_ROLE.get((role, side), ())) for role in touched
    ]
    told = [natures for natures in telling if natures]
    if not told:
        return ()
    return tuple(one for one in told[0] if all(one in others for others in told))


def name_of(enterprise: str) -> str:
    """Return an enterprise's id as a part of an account name.

    ``nubias-cafe`` becomes ``NubiasCafe``.
    """
    words = "".join(char if char.isalnum() else " " for char in enterprise).split()
    return "".join(word[:1].upper() + word[1:] for word in words)


def is_named(name: str, enterprise: str) -> bool:
    """Say whether a part of an account name stands for an enterprise."""
    return _plain(name) == _plain(enterprise)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


#: Roles of transfers that are part of an enterprise's result.
IN_RESULT = FEDERAL - DUES


def of_year(transfers: Iterable[Transfer], year: int) -> list[Transfer]:
    """Return what was shared, contributed or given as aid for a fiscal year.

    Paying later what was owed already is not counted again.
    """
    return [
        one
        for one in transfers
        if one.year == year and not (one.roles and DUES.issuperset(one.roles))
    ]


def booked_within(
    transfers: Iterable[Transfer],
    year: int,
    start: datetime.date,
    end: datetime.date,
) -> Decimal:
    """Return what a year's own pooling, funds and aid added to the year's own result.

    What is booked in another year, or for another one, is like any income or expense.
    """
    return sum(
        (
            one.signed
            for one in of_year(transfers, year)
            if start <= one.date <= end and IN_RESULT.intersection(one.roles)
        ),
        ZERO,
    )
