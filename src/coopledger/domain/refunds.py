"""Requests to repay capital whose refund the co-op may refuse, and the answers.

Where the statutes let the board refuse a refund, the time to pay runs from the day on
which it is granted, and the oldest request comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal
from typing import get_args

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.findings import Origin

RefundEvent = Literal["request", "refuse", "grant", "withdraw"]

REFUND_EVENTS: tuple[str, ...] = get_args(RefundEvent)


@dataclass(frozen=True, slots=True)
class Refund:
    """One line about a refund.

    Attributes:
        member: Whose capital it is.
        event: What happened.
        date: When.
        amount: How much it is about; None for all of it.
        origin: Where the line stands.
    """

    member: str
    event: RefundEvent
    date: datetime.date
    amount: Decimal | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Demand:
    """Capital that has to be repaid, and from when the time runs.

    Attributes:
        start: The day from which the time to pay runs.
        amount: How much; None for all there is.
    """

    start: datetime.date
    amount: Decimal | None = None


def is_refused(refunds: Sequence[Refund], on: datetime.date) -> bool:
    """Say whether the last answer by a day was a refusal."""
    answers = [
        one.event
        for one in refunds
        if one.date <= on and one.event in {"refuse", "grant"}
    ]
    return bool(answers) and answers[-1] == "refuse"


def demands_of(refunds: Sequence[Refund], left: datetime.date) -> list[Demand]:
    """Return what has to be repaid to somebody who left on a day.

    Without an answer on record everything is due from the day of leaving on.
    """
    answers = [one for one in refunds if one.event in {"refuse", "grant"}]
    if not answers:
        return [Demand(left)]
    return [
        Demand(max(left, one.date), one.amount)
        for one in answers
        if one.event == "grant"
    ]


def requested_on(
    refunds: Sequence[Refund], left: datetime.date | None
) -> datetime.date | None:
    """Return the day of the request that stands; who leaves requests by leaving."""
    day: datetime.date | None = None
    for one in refunds:
        if one.event == "request":
            day = day or one.date
        elif one.event == "withdraw":
            day = None
    return day or left
