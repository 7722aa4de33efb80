"""Vectors of what is repaid: redemption in order, and accounts of those who leave."""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from coopledger.domain.leaving import kept_of
from coopledger.domain.revolving import ORDERS
from coopledger.services.paying import Since
from coopledger.services.paying import deadline_of
from coopledger.services.paying import payments_of
from coopledger.services.paying import plan_for
from coopledger.services.vectors.comparing import compared
from coopledger.services.vectors.comparing import same

if TYPE_CHECKING:
    from coopledger.services.vectors.comparing import Difference
    from coopledger.services.vectors.format import RedemptionVector
    from coopledger.services.vectors.format import SettlementVector


def redemption(vector: RedemptionVector) -> list[Difference]:
    """Redeem what a vector says, in its order."""
    order = list(dict.fromkeys(name for own in vector.held.values() for name in own))
    done = ORDERS[vector.method](vector.budget, vector.held, vector.unit, order)
    return [
        difference
        for year in vector.held
        for difference in compared(
            f"redeemed.{year}", vector.expect.get(year, {}), done.get(year, {})
        )
    ]


def settlement(vector: SettlementVector) -> list[Difference]:
    """Settle the account of a vector, and pay it."""
    kept = kept_of(vector.compulsory, vector.deduction, vector.unit)
    owed = vector.compulsory - kept + vector.others - vector.losses
    differences = same("settled", vector.expect, owed)
    deadline = deadline_of(vector.left, vector.years)
    plan = plan_for(vector.left, vector.settled, deadline, vector.instalments)
    if plan is None or not vector.payments:
        return differences
    dues = plan.dues(owed, vector.settled, vector.unit)
    since = Since(vector.settled, vector.rate, Fraction(0))
    found = [
        (one.date, one.capital, one.interest)
        for one in payments_of(dues, since, vector.unit)
    ]
    wanted = [(one.date, one.capital, one.interest) for one in vector.payments]
    return differences + [
        difference
        for number, pair in enumerate(zip_longest(wanted, found), start=1)
        for difference in same(f"payments.{number}", *map(_in_words, pair))
    ]


def _in_words(payment: tuple[object, ...] | None) -> str:
    return "none" if payment is None else " ".join(map(str, payment))
