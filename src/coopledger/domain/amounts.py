"""Exact money: the only place that rounds.

Money is `Decimal`.  A pool is divided by largest remainder over whole numbers of the
currency's smallest unit, so that the parts always add up to the pool, each within one
unit of its exact share, whatever the order in which members are listed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Literal
from typing import TypeVar

from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Mapping
    from collections.abc import Sequence

    _K = TypeVar("_K", bound=Hashable)

ZERO = Decimal(0)
#: One whole unit of money, such as a dollar.
WHOLE = Decimal(1)

Rounding = Literal["nearest", "up", "down"]


@lru_cache(maxsize=64)
def unit_of(currency: str) -> Decimal:
    """Return the smallest unit of a currency, e.g. 0.01 for USD, 1 for JPY.

    The precision is that of the Unicode CLDR (through Babel); a commodity that is no
    currency there has two decimals.
    """
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - slow to load

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
    # Whole numbers throughout; fractions would take much longer.
    number, per = amount.as_integer_ratio()
    unit_number, unit_per = unit.as_integer_ratio()
    return _units(number * unit_per, per * unit_number, how) * unit


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
    return portions_at(rate, unit, how)(amount)


def portions_at(
    rate: Decimal, unit: Decimal, how: Rounding = "nearest"
) -> Callable[[Decimal], Decimal]:
    """Return what takes the `portion` at one rate of one amount after another."""
    rate_number, rate_per = rate.as_integer_ratio()
    if not rate_number:
        nothing = 0 * unit
        return lambda _: nothing

    unit_number, unit_per = unit.as_integer_ratio()
    over, under = rate_number * unit_per, rate_per * unit_number

    def take(amount: Decimal) -> Decimal:
        number, per = amount.as_integer_ratio()
        return _units(number * over, per * under, how) * unit

    return take


def round_each(amounts: Weights[_K], unit: Decimal) -> dict[_K, Decimal]:
    """Round each of many exact amounts to the nearest multiple of the unit."""
    unit_number, unit_per = unit.as_integer_ratio()
    per = amounts.per * unit_number
    return {
        one: _units(number * unit_per, per, "nearest") * unit
        for one, number in amounts.numbers.items()
    }


def _units(number: int, per: int, how: Rounding) -> int:
    """Round a fraction, given as two whole numbers, to a whole number."""
    if how == "up":
        return -(-number // per)
    if how == "down":
        return number // per
    nearest = (2 * abs(number) + per) // (2 * per)
    return nearest if number >= 0 else -nearest


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
    numbers = Weights.of(weights).numbers
    ordered = [member for member in order if member in numbers]
    if len(ordered) != len(numbers):
        message = "somebody with a weight has no place in the order, or has two"
        raise ValueError(message)
    listed = Weights({member: numbers[member] for member in ordered})
    return split_as_listed(pool, listed, unit)


def split_as_listed(
    pool: Decimal, weights: Weights[_K], unit: Decimal
) -> dict[_K, Decimal]:
    """Divide a pool as by `split`; ties go to whom the weights list first."""
    if not is_whole(pool, unit):
        message = f"a pool of {pool} is no whole number of units of {unit}"
        raise ValueError(message)
    if weights.below_zero:
        message = "a weight is negative"
        raise ValueError(message)
    units = int(abs(pool) / unit)
    parts = _largest_remainder(units, list(weights.numbers.values()))
    signed = unit if pool >= 0 else -unit
    return dict(zip(weights, [part * signed for part in parts], strict=True))


def _largest_remainder(units: int, weights: Sequence[int]) -> list[int]:
    """Give each its whole units, then one more to the largest remainders."""
    total = sum(weights)
    if total == 0:
        message = "all weights are zero"
        raise ValueError(message)
    exact = [divmod(units * weight, total) for weight in weights]
    parts = [whole for whole, _ in exact]
    rest = [left for _, left in exact]
    # sorted() is stable: equal remainders keep the given order, which breaks the tie.
    ranked = sorted(range(len(rest)), key=rest.__getitem__, reverse=True)
    for index in ranked[: units - sum(parts)]:
        parts[index] += 1
    return parts
