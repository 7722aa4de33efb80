"""Exact weights of very many people, as whole numbers over one denominator.

A fraction for each member of a large co-op takes longer than all the rest of its year.
Here all of them share one denominator, so that what is done with everybody's weight is
done with whole numbers; whoever looks at one of them sees a fraction.
"""

from __future__ import annotations

from collections.abc import Hashable
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

_K = TypeVar("_K", bound=Hashable)


class Weights(Mapping[_K, Fraction]):
    """Exact numbers by person, to be read like a mapping of fractions.

    Attributes:
        numbers: Whole number by person.
        per: The denominator of all of them.
    """

    __slots__ = ("_total", "numbers", "per")

    def __init__(self, numbers: Mapping[_K, int], per: int = 1) -> None:
        self.numbers = numbers
        self.per = per
        self._total: Fraction | None = None

    @classmethod
    def of(cls, weights: Mapping[_K, Decimal] | Mapping[_K, Fraction]) -> Weights[_K]:
        """Bring exact numbers under one denominator, if they are not yet."""
        if isinstance(weights, Weights):
            return weights
        ratios = [weight.as_integer_ratio() for weight in weights.values()]
        per = lcm(*{own for _, own in ratios})
        numbers = [number * (per // own) for number, own in ratios]
        return cls(dict(zip(weights, numbers, strict=True)), per)

    def __getitem__(self, person: _K) -> Fraction:
        """Return the weight of somebody."""
        return Fraction(self.numbers[person], self.per)

    def __contains__(self, person: object) -> bool:
        """Say whether somebody is among the people, without making a fraction."""
        return person in self.numbers

    def __iter__(self) -> Iterator[_K]:
        """Go through the people."""
        return iter(self.numbers)

    def __len__(self) -> int:
        """Count the people."""
        return len(self.numbers)

    def __repr__(self) -> str:
        """Show them as fractions."""
        return f"{type(self).__name__}({dict(self)})"

    @property
    def total(self) -> Fraction:
        """All of them together, added up once."""
        if self._total is None:
            self._total = Fraction(sum(self.numbers.values()), self.per)
        return self._total

    @property
    def below_zero(self) -> tuple[_K, ...]:
        """Whoever has a weight below zero."""
        return tuple(one for one, number in self.numbers.items() if number < 0)

    @property
    def above_zero(self) -> Weights[_K]:
        """Those that are above zero."""
        return self._where(lambda number: number > 0)

    @property
    def without_zeros(self) -> Weights[_K]:
        """Those that are not zero."""
        return self if all(self.numbers.values()) else self._where(bool)

    def of_people(self, people: Iterable[_K]) -> Weights[_K]:
        """Return those of some of the people, in the order given."""
        return Weights({one: self.numbers[one] for one in people}, self.per)

    def _where(self, holds: Callable[[int], bool]) -> Weights[_K]:
        found = {one: number for one, number in self.numbers.items() if holds(number)}
        return Weights(found, self.per)

    def times(self, factor: Decimal | Fraction) -> Weights[_K]:
        """Multiply all of them."""
        number, per = factor.as_integer_ratio()
        if number == per:
            return self
        found = {one: own * number for one, own in self.numbers.items()}
        return Weights(found, self.per * per)

    def plus(self, other: Weights[_K]) -> Weights[_K]:
        """Add up person by person."""
        if not self.numbers:
            return other
        per = lcm(self.per, other.per)
        own, others = per // self.per, per // other.per
        found = {one: number * own for one, number in self.numbers.items()}
        for one, number in other.numbers.items():
            found[one] = found.get(one, 0) + number * others
        return Weights(found, per)
