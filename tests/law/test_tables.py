"""Situations in, amounts out: the tables beside this file, exact to the last unit.

A table is a TOML file for one law or one set of by-laws: a preset that ships, or the
few steps that are written out in the table itself.  Each case says in its name what it
shows.  What it expects is compared exactly: every step that takes something, every
member's part, and nothing left over unless the case says so.
"""

from __future__ import annotations

import datetime
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from coopledger.domain.steps import Appropriation
from coopledger.domain.steps import Facts
from coopledger.domain.steps import PastYear
from coopledger.domain.steps import Rates
from coopledger.domain.steps import Step
from coopledger.domain.appropriation import appropriate
from coopledger.domain.books import ParameterChoice
from coopledger.domain.books import PolicyChoice
from coopledger.domain.findings import Origin
from coopledger.law.policy import Policy
from coopledger.law.policy import RatesOn

HERE = Origin("table", 1)
LAST_DAY = datetime.date(2024, 12, 31)

Table = dict[str, Any]


def read(path: Path) -> Table:
    """Read a table; all its numbers are exact."""
    text = path.read_text("utf-8")
    table: Table = _exact(tomllib.loads(text, parse_float=Decimal))
    return table


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _exact(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if is_whole else value


TABLES = {
    path.stem: read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))
}
CASES = [
    pytest.param(table, case, id=f"{stem}: {case['name']}")
    for stem, table in TABLES.items()
    for case in table["case"]
]


class _Written:
    """The rates that a table writes out."""

    def __init__(self, rates: Table) -> None:
        self.rates = rates

    def number(self, name: str) -> Decimal:
        return Decimal(self.rates[name])

    def text(self, name: str) -> str:
        return str(self.rates[name])

    def sources(self, name: str) -> tuple[str, ...]:
        return (f"the table's {name}",)


def rates_of(table: Table, case: Table) -> Rates:
    """Return the figures in force: a preset's with the case's choices, or written."""
    if "preset" not in table:
        return _Written(table["rates"])
    first = datetime.date(2020, 1, 1)
    choices = [
        ParameterChoice(first, name, value, "statutes", "", HERE)
        for name, value in case.get("choices", {}).items()
    ]
    governing = [PolicyChoice(first, table["preset"], HERE)]
    return RatesOn(Policy("table", governing, choices), LAST_DAY)


def steps_of(table: Table, rates: Rates, side: str) -> tuple[Step, ...]:
    """Return the preset's steps, or those that the table writes out."""
    if isinstance(rates, RatesOn):
        steps: tuple[Step, ...] = getattr(rates.policy.preset_on(LAST_DAY), side)
        return steps
    return tuple(_step({"role": step["id"], **step}) for step in table[side])


def _step(written: Table) -> Step:
    given: Table = {
        key.replace("-", "_"): tuple(value) if isinstance(value, list) else value
        for key, value in written.items()
    }
    return Step(**given)


def facts_of(given: Table) -> Facts:
    """Return the facts of a year from a case's input."""
    terms = {key: value for key, value in given.items() if isinstance(value, Decimal)}
    pool = terms.get("result", Decimal(0)) - terms.get("tax", Decimal(0))
    pool = terms.get("pool", pool)
    weights = {who: Fraction(w) for who, w in given.get("weights", {}).items()}
    return Facts(
        pool=pool,
        terms={"loss": max(Decimal(0), -pool), **terms},
        weights=weights,
        loss_weights=weights,
        capital=given.get("members-capital", dict.fromkeys(weights, Decimal(10**9))),
        order=list(weights),
        history=[PastYear(1, h["surplus"], h["to"]) for h in given.get("history", ())],
        index=int(given.get("fiscal-year-number", 10)),
        unit=given.get("unit", Decimal("0.01")),
    )


def found_in(done: Appropriation) -> Table:
    """Return an appropriation in the shape in which cases expect it."""
    parts = [step.parts for step in done.steps if step.parts]
    lines = {
        field: {line.member: getattr(line, field) for line in done.lines}
        for field in ("cash", "retained", "nonqualified")
    }
    return {
        "steps": {step.step.id: step.amount for step in done.steps if step.amount},
        "remaining": done.remaining,
        "members": parts[0] if parts else {},
        **lines,
    }


@pytest.mark.parametrize(("table", "case"), CASES)
def test_a_case_comes_out_to_the_cent(table: Table, case: Table) -> None:
    facts = facts_of(case["input"])
    rates = rates_of(table, case)
    steps = steps_of(table, rates, "loss" if facts.pool < 0 else "surplus")
    found = found_in(appropriate(facts, steps, rates))
    expected = {"remaining": Decimal(0), **case["output"]}
    assert {key: found[key] for key in expected} == expected
    taken = sum(found["steps"].values(), found["remaining"])
    assert taken == abs(facts.pool)


def test_no_two_cases_of_a_table_share_a_name() -> None:
    for table in TABLES.values():
        names = [case["name"] for case in table["case"]]
        assert sorted(set(names)) == sorted(names)
