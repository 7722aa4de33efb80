"""What steps ask of the law in force: values of parameters, and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Protocol

if TYPE_CHECKING:
    from decimal import Decimal


class Rates(Protocol):
    """Gives the value of a parameter for the year, and its sources."""

    def number(self, name: str) -> Decimal:
        """Return a parameter that is a number."""

    def text(self, name: str) -> str:
        """Return a parameter that is a word."""

    def is_decided(self, name: str) -> bool:
        """Say whether a parameter has a value at all."""

    def switch(self, name: str) -> bool:
        """Return a parameter that is true or false."""

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the texts that the value rests on."""
