"""Instalments that were agreed: how much of an amount is due, and on which days."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import split
from coopledger.domain.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A day, and what is due on it.
Due = tuple[datetime.date, Decimal]

_YEARLY = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """How an amount is paid in parts.

    Attributes:
        count: How many parts.
        every: Months from one to the next.
        first: Day of the first one; None is `every` months after the agreement.
        each: What one part is, the last one being the rest; None for equal parts.
    """

    count: int = 1
    every: int = _YEARLY
    first: datetime.date | None = None
    each: Decimal | None = None

    def dues(self, amount: Decimal, agreed: datetime.date, unit: Decimal) -> list[Due]:
        """Return the day and amount of each part; the parts add up to the amount.

        Args:
            amount: What is paid in parts, a whole number of units.
            agreed: The day on which it was agreed.
            unit: The smallest unit of the currency.
        """
        first = self.first or _later(agreed, self.every)
        days = [_later(first, number * self.every) for number in range(self.count)]
        return list(zip(days, self._parts(amount, unit), strict=True))

    def _parts(self, amount: Decimal, unit: Decimal) -> list[Decimal]:
        if self.each is None:
            order = range(self.count)
            weights = dict.fromkeys(order, Decimal(1))
            return list(split(amount, weights, unit, order).values())
        parts, left = [], amount
        for _ in range(self.count - 1):
            parts.append(min(self.each, left))
            left -= parts[-1]
        return [*parts, left]


def _later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later, or the last day there is."""
    is_beyond = day.year + months // _YEARLY >= datetime.MAXYEAR
    return datetime.date.max if is_beyond else add_months(day, months)


def due_by(dues: Sequence[Due], on: datetime.date) -> Decimal:
    """Return what is due by the end of a day."""
    return sum((amount for day, amount in dues if day <= on), ZERO)
