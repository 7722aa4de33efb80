"""What comes out otherwise than a vector says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that comes out otherwise."""

    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.what}: expected {self.expected}, found {self.found}"


def same(what: str, expected: object, found: object) -> list[Difference]:
    """Return the difference of two values, if there is one."""
    is_same = expected == found
    return [] if is_same else [Difference(what, str(expected), str(found))]


def compared(
    what: str, expected: Mapping[str, Decimal], found: Mapping[str, Decimal]
) -> list[Difference]:
    """Compare amounts by name; what is not named is nothing."""
    return [
        difference
        for name in dict.fromkeys([*expected, *found])
        for difference in same(
            f"{what}.{name}", expected.get(name, ZERO), found.get(name, ZERO)
        )
    ]
