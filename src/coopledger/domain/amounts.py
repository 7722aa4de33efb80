"""Exact money: the only place that rounds.

Money is `Decimal`.  A pool is divided by largest remainder over whole numbers of the
currency's smallest unit, so that the parts always add up to the pool, each within one
unit of its exact share, whatever the order in which members are listed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import TYPE_CHECKING
from typing import Literal
from typing import TypeVar

from babel.numbers import get_currency_precision

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Mapping
    from collections.abc import Sequence

    _K = TypeVar("_K", bound=Hashable)

ZERO = Decimal(0)

Rounding = Literal["nearest", "up", "down"]


@lru_cache(maxsize=64)
def unit_of(currency: str) -> Decimal:
    """Return the smallest unit of a currency, e.g. 0.01 for USD, 1 for JPY.

    The precision is that of the Unicode CLDR (through Babel); a commodity that is no
    currency there has two decimals.
    """
    return Decimal(1).scaleb(-get_currency_precision(currency))


def round_to(
    amount: Decimal | Fraction, unit: Decimal, how: Rounding = "nearest"
) -> Decimal:
    """Round an exact amount to a multiple of the unit.

    Args:
        amount: Any exact amount.
        unit: The smallest unit, positive.
        how: ``nearest`` (halves away from zero), ``up`` (towards plus infinity, for
            legal minimums) or ``down``.

    Returns:
        The multiple of the unit, with the unit's own number of decimals.
    """
    return _rounded(*amount.as_integer_ratio(), unit, how)


def portion(
    amount: Decimal, rate: Decimal, unit: Decimal, how: Rounding = "nearest"
) -> Decimal:
    """Return an amount at a rate, reckoned exactly and then rounded as by `round_to`.

    Args:
        amount: The amount.
        rate: What is taken of it, e.g. 0.25 for a quarter.
        unit: The smallest unit, positive.
        how: As for `round_to`.
    """
    number, per = amount.as_integer_ratio()
    rate_number, rate_per = rate.as_integer_ratio()
    return _rounded(number * rate_number, per * rate_per, unit, how)


def _rounded(number: int, per: int, unit: Decimal, how: Rounding) -> Decimal:
    # The amount in units, as two whole numbers; fractions would take much longer.
    unit_number, unit_per = unit.as_integer_ratio()
    number, per = number * unit_per, per * unit_number
    if how == "up":
        units = -(-number // per)
    elif how == "down":
        units = number // per
    else:
        units = (2 * abs(number) + per) // (2 * per) * (1 if number >= 0 else -1)
    return (units * unit).quantize(unit)


def is_whole(amount: Decimal, unit: Decimal) -> bool:
    """Say whether an amount is a whole number of units."""
    return amount % unit == 0


def share(pool: Decimal, part: Decimal, whole: Decimal, unit: Decimal) -> Decimal:
    """Return the part of a pool that falls to `part` out of `whole`, rounded.

    Args:
        pool: The amount to share.
        part: The weight of one side, not negative.
        whole: The weight of all sides; zero gives zero.
        unit: The smallest unit of the currency.
    """
    if whole == 0:
        return ZERO
    return round_to(Fraction(pool) * Fraction(part) / Fraction(whole), unit)


def split(
    pool: Decimal,
    weights: Mapping[_K, Decimal] | Mapping[_K, Fraction],
    unit: Decimal,
    order: Sequence[_K],
) -> dict[_K, Decimal]:
    """Divide a pool by weights with the largest-remainder method, exactly.

    Args:
        pool: The amount to divide, a whole number of units, of either sign.
        weights: Weight by member, none negative, not all zero.
        unit: The smallest unit of the currency.
        order: All members in the order that breaks ties (join date, then id); the
            order of `weights` never matters.

    Returns:
        Part by member, in the given order; the parts add up to the pool.

    Raises:
        ValueError: The pool is no whole number of units, a weight is negative, all
            weights are zero, or somebody with a weight has no place in the order.
    """
    if not is_whole(pool, unit):
        message = f"a pool of {pool} is no whole number of units of {unit}"
        raise ValueError(message)
    members = [member for member in order if member in weights]
    if len(members) != len(weights):
        message = "somebody with a weight has no place in the order, or has two"
        raise ValueError(message)
    integers = _as_integers([weights[member] for member in members])
    units = int(abs(pool) / unit)
    parts = _largest_remainder(units, integers)
    signed = unit if pool >= 0 else -unit
    return {
        member: (part * signed).quantize(unit)
        for member, part in zip(members, parts, strict=True)
    }


def _as_integers(weights: Sequence[Decimal | Fraction]) -> list[int]:
    """Scale weights to whole numbers without changing their proportions."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    if any(number < 0 for number, _ in ratios):
        message = "a weight is negative"
        raise ValueError(message)
    scale = lcm(*(denominator for _, denominator in ratios))
    return [number * (scale // denominator) for number, denominator in ratios]


def _largest_remainder(units: int, weights: Sequence[int]) -> list[int]:
    """Give each its whole units, then one more to the largest remainders."""
    total = sum(weights)
    if total == 0:
        message = "all weights are zero"
        raise ValueError(message)
    whole, rest = zip(
        *(divmod(units * weight, total) for weight in weights), strict=True
    )
    parts = list(whole)
    # sorted() is stable: equal remainders keep the given order, which breaks the tie.
    ranked = sorted(range(len(rest)), key=lambda index: -rest[index])
    for index in ranked[: units - sum(parts)]:
        parts[index] += 1
    return parts
