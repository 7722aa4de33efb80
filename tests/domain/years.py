"""Years for tests of steps: facts and rates that a test writes out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.appropriation import appropriate
from coopledger.domain.steps import Facts
from coopledger.domain.steps import Step

if TYPE_CHECKING:
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation

CENT = Decimal("0.01")

#: Two members, three to one.
WEIGHTS = {"Ana": Fraction(3), "Bea": Fraction(1)}


class Written:
    """Rates that a test writes out; what it does not write is undecided."""

    def __init__(self, **rates: str) -> None:
        self.rates = rates

    def number(self, name: str) -> Decimal:
        return Decimal(self.rates[name])

    def text(self, name: str) -> str:
        return self.rates[name]

    def switch(self, name: str) -> bool:
        return self.rates[name] == "true"

    def is_decided(self, name: str) -> bool:
        return name in self.rates

    def sources(self, name: str) -> tuple[str, ...]:
        return (f"source of {name}",) if name in self.rates else ()


def year(pool: str, **more: Any) -> Facts:
    """Write a year with two members who each have a capital of 100."""
    facts = Facts(
        pool=Decimal(pool),
        terms={"result": Decimal(pool)},
        weights=WEIGHTS,
        loss_weights=WEIGHTS,
        units=WEIGHTS,
        capital={"Ana": Decimal(100), "Bea": Decimal(100)},
        order=["Ana", "Bea", "Cleo"],
        history=(),
        index=5,
        unit=CENT,
    )
    terms = {**facts.terms, **more.pop("terms", {})}
    terms = {name: Decimal(amount) for name, amount in terms.items()}
    return replace(facts, terms=terms, **more)


def run(facts: Facts, /, *steps: Step, **rates: str) -> Appropriation:
    """Apply steps at rates."""
    named = {name.replace("_", "-"): value for name, value in rates.items()}
    return appropriate(facts, steps, Written(**named))


def one(facts: Facts, step: Step, /, **rates: str) -> AppliedStep:
    """Apply a single step."""
    return run(facts, step, **rates).steps[0]


def step(kind: str, **more: Any) -> Step:
    """Write a step; its id and title are its kind."""
    return Step(**{"id": kind, "title": kind.capitalize(), "kind": kind, **more})


def patronage(**more: Any) -> Step:
    """Write a step that gives all that remains to members by patronage."""
    return step("patronage", role="patronage", **more)
