"""Presets: one legal form's parameters, chart of accounts, classes and steps, as data.

Presets are TOML files in ``presets/<jurisdiction>/<form>.toml``, which
`coopledger.law.building` reads strictly.  A preset may extend another one and then lies
on top of it as a layer of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.errors import PresetUnknownError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.solidarity import FederalStep
    from coopledger.domain.steps import Step
    from coopledger.law.parameter import Parameter

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


# --- finding --------------------------------------------------------------


@lru_cache(maxsize=1)
def preset_paths() -> dict[str, Path]:
    """Return the file of every preset that ships, by preset id."""
    paths = sorted(PRESETS.glob("*/*.toml"))
    return {_ID.findall(path.read_text("utf-8"))[0]: path for path in paths}


#: The presets that were read, by id; the common one by the name of its file.
_READ: dict[str, Preset] = {}


def presets_read() -> dict[str, Preset]:
    """Return the presets that were read so far, for `take_over` in another process."""
    return dict(_READ)


def take_over(presets: Mapping[str, Preset]) -> None:
    """Take presets as read that were read before, of the very same files."""
    _READ.update(presets)


def common_preset() -> Preset:
    """Return what federations of every form may decide; it governs no book by itself.

    It lies below all presets, so that any of them may bring values of its own.
    """
    if COMMON not in _READ:
        _READ[COMMON] = _read(PRESETS / COMMON)
    return _READ[COMMON]


def load_preset(preset: str) -> Preset:
    """Load a preset by its id, with everything it extends.

    Raises:
        PresetUnknownError: There is none of that id.
        PresetInvalidError: Its file breaks the format.
    """
    if preset not in _READ:
        paths = preset_paths()
        if preset not in paths:
            raise PresetUnknownError(preset, paths)
        _READ[preset] = _read(paths[preset])
    return _READ[preset]


def _read(path: Path) -> Preset:
    """Read a file; what checks its form is loaded only where there is one to read."""
    from coopledger.law.building import read_preset  # noqa: PLC0415 - see above

    return read_preset(path)
