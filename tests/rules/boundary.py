"""A limit to the cent, as the tests write it down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Boundary:
    """A ledger with a gap, the figures at the limit, and those one cent beyond it."""

    rule: str
    what: str
    preset: str
    ledger: str
    at: tuple[str, ...]
    beyond: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}-{self.what}".replace(" ", "-")
