"""Formulas that reckon money exactly, although a spreadsheet only knows floats.

Money becomes whole units of the currency, rates become whole numbers of a small part,
and no product grows beyond what every program still divides without error.  Where that
is not possible no formula is written: a value with a note is better than a wrong cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from math import lcm
from typing import TYPE_CHECKING

from coopledger.domain.amounts import is_whole

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Sequence
    from fractions import Fraction

    from coopledger.domain.amounts import Rounding

#: No numerator is larger where any divisor is possible.  Floats are exact to 2**53
#: (9.0e15), and some programs round a quotient at its fifteenth digit; up to here a
#: quotient differs from the whole number above it by more than that.
LIMIT = 10**14

#: The same where the divisor is a power of ten, so that quotients end.
DECIMAL_LIMIT = 10**15

#: Decimals of a rate that formulas take, at most and at least.
_MOST, _LEAST = 6, 4

#: Decimals below the unit that are kept where a book knows parts of a unit.
_PARTS = 4

#: How weights are parted when one product would be too large.
LIMB = 10**4

_ROUNDINGS: dict[Rounding, str] = {
    "nearest": "ROUND",
    "up": "ROUNDUP",
    "down": "ROUNDDOWN",
}


def decimals_of(number: Decimal) -> int:
    """Return how many decimals a number needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def literal(number: Decimal) -> str:
    """Write a number into a formula."""
    return f"{number.normalize():f}"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How formulas of one workbook reckon.

    Attributes:
        decimals: Decimals of the currency.
        rate_decimals: Decimals of a rate that count; None when amounts are too large
            (or rates too fine) for exact formulas.
        places: Decimals to which sums are cleared of the noise of floats; those of the
            currency, or more where the book itself knows parts of a unit.
    """

    decimals: int
    rate_decimals: int | None
    places: int

    @classmethod
    def for_amounts(
        cls, unit: Decimal, amounts: Collection[Decimal], rates: Iterable[Decimal]
    ) -> Arithmetic:
        """Choose how to reckon.

        Args:
            unit: Smallest unit of the currency.
            amounts: All amounts that steps start from.
            rates: All rates.
        """
        decimals = decimals_of(unit)
        if not all(is_whole(amount, unit) for amount in amounts):
            return cls(decimals, None, decimals + _PARTS)
        largest = int(sum((abs(one) for one in amounts), Decimal(0)) / unit)
        needed = max([_LEAST, *(decimals_of(rate) for rate in rates)])
        fitting = [
            places
            for places in range(_MOST, needed - 1, -1)
            if largest * 10**places <= DECIMAL_LIMIT
        ]
        return cls(decimals, fitting[0] if fitting else None, decimals)

    @property
    def is_exact(self) -> bool:
        """Whether formulas with rates are exact."""
        return self.rate_decimals is not None

    @property
    def factor(self) -> int:
        """Units in one of the currency, e.g. 100."""
        return int(10**self.decimals)

    @property
    def scale(self) -> int:
        """Parts of a rate in a whole one, e.g. a million."""
        return int(10 ** (self.rate_decimals or 0))

    def units(self, amount: str) -> str:
        """Turn an amount into whole units."""
        return f"ROUND({amount}*{self.factor},0)" if self.decimals else amount

    def money(self, units: str) -> str:
        """Turn whole units into an amount."""
        return f"{units}/{self.factor}" if self.decimals else units

    def net(self, amount: str) -> str:
        """Take the noise of floats from a sum of amounts."""
        return f"ROUND({amount},{self.places})"

    def times(self, amount: str, rate: str, rounding: Rounding) -> str:
        """Multiply an amount by a rate and round to whole units, exactly."""
        parts = f"ROUND({rate}*{self.scale},0)/{self.scale}"
        product = f"{_ROUNDINGS[rounding]}({self.units(amount)}*{parts},0)"
        return self.money(product)

    def rounded(self, units: str, rounding: Rounding) -> str:
        """Round a number of units to whole ones and turn them into an amount."""
        return self.money(f"{_ROUNDINGS[rounding]}({units},0)")


# --- weights --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scaling:
    """Weights as whole numbers, and how a formula may multiply them.

    Attributes:
        weights: Whole numbers in the proportion of the weights, as small as can be.
        limbs: 1 when one product fits, 2 when weights must be parted, 0 when no
            formula is exact.
    """

    weights: tuple[int, ...]
    limbs: int

    @property
    def total(self) -> int:
        """All weights together."""
        return sum(self.weights)


def scaled(weights: Sequence[Fraction], pool_units: int) -> Scaling:
    """Scale exact weights to whole numbers, and choose how to multiply them.

    Args:
        weights: The weights, at least one above zero.
        pool_units: What is divided, in units.
    """
    scale = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * scale) for weight in weights]
    divisor = gcd(*whole)
    whole = [weight // divisor for weight in whole]
    total, largest = sum(whole), max(whole)
    limbs = 0
    if pool_units <= LIMIT:
        upper = largest // LIMB
        if largest * total <= LIMIT:
            limbs = 1
        elif upper * total <= LIMIT and 2 * LIMB * total <= LIMIT:
            limbs = 2
    return Scaling(tuple(whole), limbs)
