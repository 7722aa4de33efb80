"""What no type can say of a preset: names that must exist, steps in their order."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import KINDS as KINDS_OF_MOVEMENT
from coopledger.domain.capital import ROLES
from coopledger.domain.kinds import BY_TIME
from coopledger.domain.kinds import KINDS
from coopledger.domain.steps import split_term
from coopledger.domain.transfers import NATURES
from coopledger.law.format import number_of

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.domain.solidarity import FederalStep
    from coopledger.domain.steps import Step
    from coopledger.law.format import RawParameter
    from coopledger.law.format import RawPreset
    from coopledger.law.preset import Preset

#: Everything a term of a step may name, besides balances and earlier steps.
TERMS = frozenset(
    {
        "result",
        "result.cooperative",
        "result.extra-cooperative",
        "result.extraordinary",
        "tax",
        "tax.cooperative",
        "tax.extra-cooperative",
        "tax.extraordinary",
        "surplus",
        "profit",
        "prior-losses",
        "interest",
        "loss",
        "capital",
        "capital.highest",
        "capital.by-time",
        "debts",
        "equity",
        "payroll",
        "payroll.members",
        "payroll.hired",
        "members",
        "units",
        "workers",
        "turnover",
        "remaining",
    }
)


def misfits_of(file: RawPreset, preset: Preset) -> list[str]:
    """Return all that is wrong with a preset, as sentences."""
    problems = [
        f"chart.{role}: no such role" for role in preset.chart if role not in ROLES
    ]
    problems += [
        f"{name}: stands twice"
        for name in _repeated(one.name for one in file.parameter)
    ]
    for raw in file.parameter:
        problems += _bad_values(raw, file, preset)
    problems += [
        f"{id_}: stands twice" for id_ in _repeated(s.id for s in preset.federation)
    ]
    for steps in (preset.surplus, preset.loss):
        problems += [f"{id_}: stands twice" for id_ in _repeated(s.id for s in steps)]
        before: set[str] = set()
        for step in steps:
            problems += _bad_step(step, preset, before)
            before |= {f"step:{step.id}", f"spill:{step.id}"}
    problems += [
        f"{step.id}: {problem}"
        for step in preset.federation
        for problem in _bad_federal(step, preset)
    ]
    problems += [
        f"{step.id}: bases and classes are for steps of a surplus"
        for step in preset.loss
        if step.bases or step.classes
    ]
    return problems


#: Units of the parameters that a federation's steps name, by field.
_FEDERAL = {
    "rate": "ratio",
    "base": "choice",
    "key": "choice",
    "losses": "switch",
    "unit": "amount",
}
#: What a federation's step needs by its kind, of what not all kinds have.
_NEEDED = {
    "pool": ("base", "key", "losses"),
    "fund": ("fund",),
    "aid": ("fund",),
}


def _bad_federal(step: FederalStep, preset: Preset) -> Iterator[str]:
    """Check a step that enterprises take together."""
    for field, unit in _FEDERAL.items():
        name = getattr(step, field)
        parameter = preset.parameter(name) if name else None
        if name and parameter is None:
            yield f"no parameter '{name}'"
        elif parameter and parameter.unit != unit:
            yield f"'{name}' is no {unit}"
    needed = _NEEDED[step.kind]
    yield from (f"{step.kind} needs {one}" for one in needed if not getattr(step, one))
    yield from _bad_federal_words(step)


def _bad_federal_words(step: FederalStep) -> Iterator[str]:
    if step.nature not in NATURES:
        yield f"no such nature '{step.nature}'"
    if step.of and step.of not in ROLES:
        yield f"no such role '{step.of}'"
    if step.kind == "fund" and bool(step.base) == bool(step.of):
        yield "a fund's part is taken of a base or of a role"


def _repeated(words: Iterable[Hashable]) -> list[Any]:
    return [word for word, count in Counter(words).items() if count > 1]


def _bad_values(raw: RawParameter, file: RawPreset, preset: Preset) -> list[str]:
    starts = _repeated(value.start for value in raw.values)
    problems = [f"{raw.name}: two values from {start}" for start in starts]
    for value in raw.values:
        if value.source.partition(" ")[0] not in file.sources:
            problems.append(f"{raw.name}: unknown source '{value.source}'")
        misfit = preset.parameters[raw.name].misfit(number_of(value.value))
        if value.value is not None and misfit:
            problems.append(misfit)
        if raw.bound == "range" and (value.min is None or value.max is None):
            problems.append(f"{raw.name}: a range needs min and max")
    return problems


def _bad_step(step: Step, preset: Preset, before: set[str]) -> list[str]:
    counted = [name for name in step.counts if not name.startswith("step:")]
    roles = (step.role, step.expense_role, *counted)
    problems = [
        f"{step.id}: {problem}"
        for problem in (
            *_bad_names(step, preset),
            *(
                f"no such term '{term}'"
                for term in step.terms
                if not _is_term(term, before)
            ),
            *(f"no such class '{c}'" for c in step.classes if c not in preset.classes),
            *(f"no such role '{r}'" for r in roles if r and r not in preset.chart),
        )
    ]
    if step.kind not in KINDS:
        problems.append(f"{step.id}: no such kind of step '{step.kind}'")
    if step.movement and step.movement not in KINDS_OF_MOVEMENT:
        problems.append(f"{step.id}: no such kind of movement '{step.movement}'")
    is_apart = step.treatment != "appropriation" or bool(step.presentation)
    if is_apart != bool(step.expense_role):
        problems.append(
            f"{step.id}: an expense or a transfer, and nothing else, has an "
            "expense-role"
        )
    return problems


#: Fields of a step that name a parameter which is a word or a switch.
_NO_NUMBERS = {
    "notice": "choice",
    "consent": "choice",
    "presentation": "choice",
    "replenish": "switch",
}
_WORDS_FOR = {"choice": "choice of words", "switch": "switch"}


def _bad_names(step: Step, preset: Preset) -> Iterator[str]:
    """Check the names of parameters: numbers, but for a few words and switches."""
    words = {getattr(step, field): unit for field, unit in _NO_NUMBERS.items()}
    for name in step.parameters:
        parameter = preset.parameter(name)
        unit = words.get(name)
        if parameter is None:
            yield f"no parameter '{name}'"
        elif unit is None and parameter.misfit(Decimal(1)):
            yield f"'{name}' is no number"
        elif unit is not None and parameter.unit != unit:
            yield f"'{name}' is no {_WORDS_FOR[unit]}"


def _is_term(term: str, before: set[str]) -> bool:
    _, _, name = split_term(term)
    kind, _, what = name.partition(":")
    return (
        name in TERMS | before
        or (kind in {"balance", "highest"} and what in ROLES)
        or (kind == BY_TIME and what in CAPITAL)
    )
