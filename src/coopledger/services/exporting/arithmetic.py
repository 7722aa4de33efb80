"""Formulas that reckon money exactly, although a spreadsheet only knows floats.

Money becomes whole units of the currency, rates become whole numbers of a small part,
and no product grows beyond what every program still divides without error.  Where that
is not possible no formula is written: a value with a note is better than a wrong cent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from math import lcm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

#: Decimals below the unit that formulas take, at most.
_FINEST = 6

#: How weights are parted when one product would be too large.
LIMB = 10**4

#: One name or address, with or without a sheet.
_NAME = re.compile(r"('[^']*'!)?[$\w]+")

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


def _grouped(formula: str) -> str:
    """Put a sum into brackets, so that it can be multiplied."""
    return formula if _NAME.fullmatch(formula) else f"({formula})"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How formulas of one workbook reckon.

    Attributes:
        decimals: Decimals of the currency.
        places: Decimals that amounts of the year have: those of the currency, or more
            where foreign money leaves parts of a unit.  Sums are cleared of the noise
            of floats beyond them.
        rate_decimals: Decimals of a rate that count; None when amounts are too large
            (or rates too fine) for exact formulas.
    """

    decimals: int
    places: int
    rate_decimals: int | None

    @classmethod
    def for_amounts(
        cls,
        unit: Decimal,
        amounts: Iterable[Decimal],
        bases: Iterable[Decimal],
        rates: Iterable[Decimal],
    ) -> Arithmetic:
        """Choose how to reckon.

        Args:
            unit: Smallest unit of the currency.
            amounts: All amounts of the year.
            bases: Those that steps multiply by a rate.
            rates: All rates.
        """
        decimals = decimals_of(unit)
        places = max([decimals, *(decimals_of(amount) for amount in amounts)])
        if places > decimals + _FINEST:
            return cls(decimals, decimals + _FINEST, None)
        largest = int(sum((abs(one) for one in bases), Decimal(0)) * 10**places)
        needed = max([_LEAST, *(decimals_of(rate) for rate in rates)])
        fitting = [
            rate_decimals
            for rate_decimals in range(_MOST, needed - 1, -1)
            if largest * 10**rate_decimals <= DECIMAL_LIMIT
        ]
        return cls(decimals, places, fitting[0] if fitting else None)

    @property
    def is_exact(self) -> bool:
        """Whether formulas with rates are exact."""
        return self.rate_decimals is not None

    @property
    def is_whole(self) -> bool:
        """Whether all amounts of the year are whole units."""
        return self.places == self.decimals

    @property
    def factor(self) -> int:
        """Units in one of the currency, e.g. 100."""
        return int(10**self.decimals)

    @property
    def grain(self) -> int:
        """Parts of a unit that count: 1 where all amounts are whole units."""
        return int(10 ** (self.places - self.decimals))

    @property
    def scale(self) -> int:
        """Parts of a rate in a whole one, e.g. a million."""
        return int(10 ** (self.rate_decimals or 0))

    def units(self, amount: str) -> str:
        """Turn an amount of whole units into their number."""
        grouped = _grouped(amount)
        return f"ROUND({grouped}*{self.factor},0)" if self.decimals else grouped

    def grains(self, amount: str) -> str:
        """Turn any amount into a whole number of the smallest parts that count."""
        grouped = _grouped(amount)
        return f"ROUND({grouped}*{10**self.places},0)" if self.places else grouped

    def money(self, units: str) -> str:
        """Turn a number of units into an amount."""
        return f"{units}/{self.factor}" if self.decimals else units

    def net(self, amount: str) -> str:
        """Take the noise of floats from a sum of amounts."""
        return f"ROUND({amount},{self.places})"

    def whole(self, amount: str, rounding: Rounding) -> str:
        """Round an amount to whole units, exactly."""
        if self.is_whole:
            return self.net(amount)
        return self.rounded(f"{self.grains(amount)}/{self.grain}", rounding)

    def times(self, amount: str, rate: str, rounding: Rounding) -> str:
        """Multiply an amount by a rate and round to whole units, exactly."""
        parts = f"{self.grains(amount)}*ROUND({rate}*{self.scale},0)"
        return self.rounded(f"{parts}/{self.scale * self.grain}", rounding)

    def rounded(self, units: str, rounding: Rounding) -> str:
        """Round a number of units to whole ones and turn them into an amount."""
        return self.money(f"{_ROUNDINGS[rounding]}({units},0)")


# --- weights --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scaling:
    """Weights as whole numbers, and how a formula may multiply them.

    Attributes:
        weights: Whole numbers in the proportion of the weights, as small as can be.
        total: All of them together.
        limbs: 1 when one product fits, 2 when weights must be parted, 0 when no
            formula is exact.
    """

    weights: tuple[int, ...]
    total: int
    limbs: int


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
    return Scaling(tuple(whole), total, limbs)
