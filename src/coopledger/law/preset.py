"""Presets: one legal form's parameters, chart of accounts, classes and steps, as data.

Presets are TOML files in ``presets/<jurisdiction>/<form>.toml``.  They are read
strictly: an unknown key, a missing source or a value without a date is an error, and
all problems of a file are reported at once.  A preset may extend another one and then
lies on top of it as a layer of its own.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from pydantic import ValidationError

from coopledger.domain.kinds import BY_TIME
from coopledger.domain.solidarity import FederalStep
from coopledger.domain.steps import Step
from coopledger.errors import PresetInvalidError
from coopledger.errors import PresetUnknownError
from coopledger.law.format import RawPreset
from coopledger.law.format import number_of
from coopledger.law.misfits import misfits_of
from coopledger.law.parameter import DatedValue
from coopledger.law.parameter import Parameter
from coopledger.law.parameter import Source

if TYPE_CHECKING:
    from coopledger.law.format import RawParameter
    from coopledger.law.format import RawSource
    from coopledger.law.format import RawStep
    from coopledger.law.format import RawValue

PRESETS = Path(__file__).parent / "presets"
#: What every preset has besides its own.
COMMON = "federation.toml"

#: A preset's id is the first of its file; finding it needs no reading of the whole.
_ID = re.compile(r'^id = "([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MemberClass:
    """A class of members and what its members take part in."""

    id: str
    title: str
    patronage: bool
    losses: bool
    votes: bool
    capital: bool


@dataclass(frozen=True, slots=True)
class SuggestedBasis:
    """The patronage basis that a new co-op of this form starts with."""

    basis: str
    template: str
    measure: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Preset:
    """A legal form: its own layer, on top of the layers it extends.

    Attributes:
        id: Id, as in `coop-policy`.
        title: Name for people.
        jurisdiction: ISO 3166 code of country or region.
        level: Who sets the values in this file: ``law`` or ``federation``.
        language: Language of account names.
        currency: Usual currency; for scaffolding only.
        path: The file.
        parameters: This file's parameters, by name.
        below: The preset that this one extends, if any.
        chart: Account templates by role, inherited ones included.
        classes: Classes of members, inherited ones included.
        patronage: Suggested bases.
        surplus: Steps for a surplus.
        loss: Steps for a loss.
        federation: Steps that enterprises of a federation take together.
    """

    id: str
    title: str
    jurisdiction: str
    level: str
    language: str
    currency: str
    path: Path
    parameters: dict[str, Parameter]
    below: Preset | None
    chart: dict[str, tuple[str, ...]]
    classes: dict[str, MemberClass]
    patronage: tuple[SuggestedBasis, ...]
    surplus: tuple[Step, ...]
    loss: tuple[Step, ...]
    federation: tuple[FederalStep, ...]

    @property
    def layers(self) -> tuple[Preset, ...]:
        """This preset and all it extends, the lowest (the law) first."""
        return (*(self.below.layers if self.below else ()), self)

    @property
    def grounds(self) -> tuple[Preset, ...]:
        """Its layers, and below them what federations of every form may decide."""
        if self.path.name == COMMON:
            return (self,)
        return (common_preset(), *self.layers)

    @property
    def known(self) -> frozenset[str]:
        """Names of all parameters that a book under it may choose."""
        return frozenset(name for layer in self.grounds for name in layer.parameters)

    @property
    def names(self) -> frozenset[str]:
        """Names of all parameters of its own layers, not of the common ones."""
        return frozenset(name for layer in self.layers for name in layer.parameters)

    @property
    def shares(self) -> frozenset[str]:
        """Names of the parameters that say which part of something a step takes."""
        steps = (*self.surplus, *self.loss)
        # A part of capital, as a reserve's target, may be more than the whole of it.
        rates = {step.rate for step in steps if "capital" not in step.base}
        rates |= {step.rate for step in self.federation}
        return frozenset(rates | {step.cash for step in steps}) - {""}

    def parameter(self, name: str) -> Parameter | None:
        """Return a parameter from the highest layer that has it."""
        for layer in reversed(self.grounds):
            if name in layer.parameters:
                return layer.parameters[name]
        return None


# --- finding and reading --------------------------------------------------------------


@lru_cache(maxsize=1)
def preset_paths() -> dict[str, Path]:
    """Return the file of every preset that ships, by preset id."""
    paths = sorted(PRESETS.glob("*/*.toml"))
    return {_ID.findall(path.read_text("utf-8"))[0]: path for path in paths}


@lru_cache(maxsize=1)
def common_preset() -> Preset:
    """Return what federations of every form may decide; it governs no book by itself.

    It lies below all presets, so that any of them may bring values of its own.
    """
    return read_preset(PRESETS / COMMON)


@lru_cache(maxsize=32)
def load_preset(preset: str) -> Preset:
    """Load a preset by its id, with everything it extends.

    Raises:
        PresetUnknownError: There is none of that id.
        PresetInvalidError: Its file breaks the format.
    """
    paths = preset_paths()
    if preset not in paths:
        raise PresetUnknownError(preset, paths)
    return read_preset(paths[preset])


def read_preset(path: Path) -> Preset:
    """Read one preset file strictly.

    Raises:
        PresetInvalidError: With all problems of the file.
        PresetUnknownError: It extends a preset that does not exist.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        file = RawPreset.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise PresetInvalidError(str(path), [str(error)]) from None
    except ValidationError as error:
        raise PresetInvalidError(str(path), _problems(error)) from None
    below = load_preset(file.extends) if file.extends else None
    preset = _built(file, path, below)
    problems = misfits_of(file, preset)
    if problems:
        raise PresetInvalidError(str(path), problems)
    return preset


def _problems(error: ValidationError) -> list[str]:
    return [
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
        for problem in error.errors()
    ]


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
