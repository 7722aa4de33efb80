"""From a preset's file, read strictly, to the preset.

An unknown key, a missing source or a value without a date is an error, and all problems
of a file are reported at once.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.kinds import BY_TIME
from coopledger.domain.solidarity import FederalStep
from coopledger.domain.steps import Step
from coopledger.errors import PresetInvalidError
from coopledger.law.format import RawPreset
from coopledger.law.format import number_of
from coopledger.law.misfits import misfits_of
from coopledger.law.parameter import DatedValue
from coopledger.law.parameter import Parameter
from coopledger.law.parameter import Source
from coopledger.law.preset import COMMON
from coopledger.law.preset import MemberClass
from coopledger.law.preset import Preset
from coopledger.law.preset import SuggestedBasis
from coopledger.law.preset import common_preset
from coopledger.law.preset import load_preset
from coopledger.law.strictly import read_strictly

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.law.format import RawParameter
    from coopledger.law.format import RawSource
    from coopledger.law.format import RawStep
    from coopledger.law.format import RawValue


def read_preset(path: Path) -> Preset:
    """Read one preset file strictly.

    Raises:
        PresetInvalidError: With all problems of the file.
        PresetUnknownError: It extends a preset that does not exist.
    """
    refusal = partial(PresetInvalidError, str(path))
    file = read_strictly(path.read_bytes(), RawPreset, refusal)
    below = load_preset(file.extends) if file.extends else None
    preset = _built(file, path, below)
    problems = misfits_of(file, preset)
    if problems:
        raise PresetInvalidError(str(path), problems)
    return preset


def _built(file: RawPreset, path: Path, below: Preset | None) -> Preset:
    steps = {
        name: tuple(step_of(step, file.sources) for step in listed)
        if listed is not None
        else (getattr(below, name) if below else ())
        for name, listed in (("surplus", file.surplus), ("loss", file.loss))
    }
    bases = tuple(
        SuggestedBasis(name, basis.template, basis.measure, Decimal(basis.weight))
        for name, basis in file.patronage.items()
    )
    own_chart = {
        role: (text,) if isinstance(text, str) else tuple(text)
        for role, text in file.chart.items()
    }
    own_classes = {
        name: MemberClass(name, **own.model_dump())
        for name, own in file.classes.items()
    }
    return Preset(
        id=file.id,
        title=file.title,
        jurisdiction=file.jurisdiction,
        level=file.level,
        language=file.language,
        currency=file.currency,
        path=path,
        parameters={p.name: _parameter(p, file.sources, path) for p in file.parameter},
        below=below,
        chart={**(below.chart if below else {}), **own_chart},
        classes={**(below.classes if below else {}), **own_classes},
        patronage=bases or (below.patronage if below else ()),
        surplus=steps["surplus"],
        loss=steps["loss"],
        federation=_federation(file, path, below),
    )


def _federation(
    file: RawPreset, path: Path, below: Preset | None
) -> tuple[FederalStep, ...]:
    """Return what enterprises do together: a preset's own steps, or the common ones."""
    if file.federation is None:
        if below:
            return below.federation
        return () if path.name == COMMON else common_preset().federation
    return tuple(
        FederalStep(
            **raw.model_dump(exclude={"source"}),
            source=str(_source(raw.source, file.sources)),
        )
        for raw in file.federation
    )


def _source(text: str, sources: dict[str, RawSource]) -> Source:
    key, _, locator = text.partition(" ")
    known = sources.get(key)
    if known is None:
        return Source("", text, "")
    # A figure may rest on two texts: "SELC 7.3, IRC 1388(a)".
    others = [_in_full(part, sources) for part in locator.split(", ")]
    return Source(known.title, ", ".join(others), known.address)


def _in_full(part: str, sources: dict[str, RawSource]) -> str:
    key, _, locator = part.partition(" ")
    return str(Source(sources[key].title, locator, "")) if key in sources else part


def _parameter(
    raw: RawParameter, sources: dict[str, RawSource], path: Path
) -> Parameter:
    values = sorted(raw.values, key=lambda value: value.start)
    return Parameter(
        name=raw.name,
        title=raw.title,
        unit=raw.unit,
        bound=raw.bound,
        choices=tuple(raw.choices),
        values=tuple(_dated(value, sources) for value in values),
        file=path.name,
        before_year=raw.before_year,
    )


def _dated(raw: RawValue, sources: dict[str, RawSource]) -> DatedValue:
    return DatedValue(
        start=raw.start,
        value=number_of(raw.value),
        minimum=number_of(raw.min),
        maximum=number_of(raw.max),
        source=_source(raw.source, sources),
        confidence=raw.confidence,
        checked_on=raw.checked_on,
        until=raw.until,
        note=raw.note,
    )


#: What a step is reckoned on where it does not say.
_BASES = {"interest": (BY_TIME,), "per-unit": ("units",)}
_REMAINING = ("remaining",)

#: Fields that are lists of words, and those that need a look.
_WORDS = ("less", "against", "counts", "caps", "bases", "classes")
_LISTS = {*_WORDS, "source", "base", "limit", "when"}


def _limits(raw: list[str] | list[list[str]] | None) -> tuple[tuple[str, ...], ...]:
    """Return sums of terms: a plain list of terms is a single one."""
    if raw is None:
        return ()
    single = [term for term in raw if isinstance(term, str)]
    several = tuple(tuple(terms) for terms in raw if not isinstance(terms, str))
    return several or (tuple(single),)


def step_of(raw: RawStep, sources: dict[str, RawSource]) -> Step:
    """Return a step as it is applied, with the text it rests on."""
    given: dict[str, Any] = raw.model_dump(exclude=_LISTS)
    given |= {name: tuple(getattr(raw, name)) for name in _WORDS}
    return Step(
        **given,
        base=_BASES.get(raw.kind, _REMAINING) if raw.base is None else tuple(raw.base),
        limits=_limits(raw.limit),
        when=tuple(map(tuple, raw.when)),
        source=(str(_source(raw.source, sources)),) if raw.source else (),
    )
