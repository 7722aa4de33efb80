"""What passed between enterprises of a group, taken out of its statements.

Only what both books of a matched transfer say is taken out, and only where both sides
cancel each other; everything else stays in and is listed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.statements import INCOME_AND_EXPENSES
from coopledger.domain.statements import TRANSLATION
from coopledger.domain.statements import debit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.pairing import Entry
    from coopledger.domain.statements import Layout
    from coopledger.domain.statements import View


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken out of one line of one enterprise, positive for a debit there.

    Attributes:
        enterprise: Whose it is.
        account: The account there; "" where it stands on a line of the group's own.
        line: The line.
        amount: How much, in the group's currency.
        own: How much in the enterprise's own currency.
    """

    enterprise: str
    account: str
    line: str
    amount: Decimal
    own: Decimal


@dataclass(frozen=True, slots=True)
class Elimination:
    """A matched transfer, and what of it is taken out.

    Attributes:
        giver: The side that gives.
        receiver: The side that receives.
        taken: What is taken out of which line; it adds up to zero.
    """

    giver: Entry
    receiver: Entry
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something between enterprises that could not be taken out.

    Attributes:
        enterprise: In whose book it stands.
        what: The transfer, or the account.
        amount: How much, in the group's currency.
        why: Why it stays, the end of a sentence.
    """

    enterprise: str
    what: str
    amount: Decimal
    why: str


def taken_of(
    sides: Sequence[Entry], views: Mapping[str, View], layout: Layout, unit: Decimal
) -> tuple[list[Taken], list[Kept]]:
    """Return what of a matched transfer is taken out, and what is not and why."""
    found: list[Taken] = []
    kept: list[Kept] = []
    for is_activity in (True, False):
        parts = [
            part
            for side in sides
            for part in _parts(
                side, views[side.book], layout, unit, is_activity=is_activity
            )
        ]
        over = sum((part.amount for part in parts), ZERO)
        if len({views[side.book].book.currency for side in sides}) > 1 and over:
            # Two books convert the same money at rates of their own.
            parts.append(Taken(parts[0].enterprise, "", TRANSLATION, -over, ZERO))
            over = ZERO
        if over:
            kept += [
                Kept(
                    part.enterprise,
                    sides[0].transfer.id,
                    abs(part.amount),
                    _WHY_ONE_SIDED if len(sides) > 1 else _WHY_OUTSIDE,
                )
                for part in parts
            ]
        else:
            found += parts
    return found, kept


_WHY_ONE_SIDED = (
    "both books have it, but only one of them as income, expense or debt of this year"
)
_WHY_OUTSIDE = "the other enterprise is left out"


def _parts(
    side: Entry, view: View, layout: Layout, unit: Decimal, *, is_activity: bool
) -> Iterator[Taken]:
    """Return the parts of one side that may be taken out.

    Args:
        side: The transfer in one book.
        view: That enterprise.
        layout: The lines.
        unit: The smallest unit of the group's currency.
        is_activity: Whether parts of the year's income and expenses are asked for, or
            those of what lasts.
    """
    date, year = side.transfer.date, view.year
    for part in side.transfer.parts:
        line = layout.line_of(part.account, part.root, part.role)
        is_of_the_year = part.root in INCOME_AND_EXPENSES or bool(line.instead)
        lasts = line.is_internal or part.root == "Equity"
        if is_of_the_year is not is_activity or not (is_of_the_year or lasts):
            continue
        if date > year.end or (is_of_the_year and date < year.start):
            continue
        rate = view.average if is_of_the_year else view.closing
        amount = round_to(rate * Fraction(part.amount), unit)
        account = "" if line.instead else part.account
        yield Taken(side.book, account, line.instead or line.id, amount, part.amount)


def unmatched(
    views: Mapping[str, View], matched: Iterable[tuple[Entry, Entry]], unit: Decimal
) -> Iterator[Kept]:
    """Return the year's transfers that no other book has, or has otherwise."""
    known = {(one.book, one.transfer.origin) for pair in matched for one in pair}
    for name, view in views.items():
        for one in view.book.transfers:
            is_within = view.year.start <= one.date <= view.year.end
            if is_within and (name, one.origin) not in known:
                is_own = one.currency == view.book.currency
                rate = view.average if is_own else Fraction(1)
                amount = round_to(rate * Fraction(one.amount), unit)
                why = _WHY_ALONE if one.peer in views else _WHY_OUTSIDE
                yield Kept(name, one.id, amount, why)


_WHY_ALONE = "no other book has it, or has it otherwise"


def left_of_dues(
    views: Mapping[str, View],
    eliminations: Iterable[Elimination],
    layout: Layout,
    unit: Decimal,
) -> Iterator[Kept]:
    """Return what internal accounts still hold after all that was taken out."""
    taken = chain.from_iterable(one.taken for one in eliminations)
    out: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for one in taken:
        out[one.enterprise, one.account] += one.amount
    for name, view in views.items():
        for balance in view.year.balances:
            line = layout.line_of(balance.account, balance.root, balance.role)
            held = round_to(view.closing * Fraction(debit(balance)), unit)
            left = held - out[name, balance.account]
            if line.is_internal and left:
                yield Kept(name, balance.account, abs(left), _WHY_UNMATCHED)


_WHY_UNMATCHED = "no transfer that both books have explains it"
