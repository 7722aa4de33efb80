"""Reading the law: what is in force, what changed, and what nobody re-read lately."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.books import PolicyChoice
from coopledger.domain.findings import Origin
from coopledger.law.policy import Policy
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.law.parameter import DatedValue
    from coopledger.law.parameter import Parameter
    from coopledger.law.policy import Setting
    from coopledger.law.preset import Preset

#: A figure that nobody compared with its text for so long is due.
DUE_AFTER = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Reading:
    """A parameter of a preset on a day; no setting where the co-op has to decide."""

    parameter: Parameter
    setting: Setting | None


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter whose setting differs between two days."""

    parameter: Parameter
    before: Setting | None
    after: Setting | None


@dataclass(frozen=True, slots=True)
class Record:
    """One dated value of one preset's own file."""

    preset: Preset
    parameter: Parameter
    dated: DatedValue


def read_law(preset: str, on: datetime.date) -> list[Reading]:
    """Return all parameters of a preset on a day, by name.

    Raises:
        PresetUnknownError: There is no such preset.
    """
    chosen = load_preset(preset)
    policy = _policy_of(chosen)
    return [
        Reading(parameter, policy.find(name, on))
        for name in sorted(chosen.names)
        if (parameter := chosen.parameter(name))
    ]


def changes_between(
    preset: str, first: datetime.date, second: datetime.date
) -> list[Change]:
    """Return the parameters that differ between two days.

    Raises:
        PresetUnknownError: There is no such preset.
    """
    pairs = zip(read_law(preset, first), read_law(preset, second), strict=True)
    return [
        Change(before.parameter, before.setting, after.setting)
        for before, after in pairs
        if _value(before.setting) != _value(after.setting)
    ]


def due_on(day: datetime.date) -> list[Record]:
    """Return the values in force that nobody compared with their text for a year."""
    return [
        record
        for record in _in_force(day)
        if record.dated.checked_on <= day - DUE_AFTER
    ]


def unconfirmed_on(day: datetime.date) -> list[Record]:
    """Return the values in force that were not read in the text itself."""
    return [
        record
        for record in _in_force(day)
        if record.dated.confidence in {"background", "secondary", "derived"}
        and record.dated.value is not None
    ]


def _in_force(day: datetime.date) -> Iterator[Record]:
    for name in preset_paths():
        preset = load_preset(name)
        for parameter in preset.parameters.values():
            dated = parameter.latest(day)
            if dated is not None:
                yield Record(preset, parameter, dated)


def _policy_of(preset: Preset) -> Policy:
    choice = PolicyChoice(datetime.date.min, preset.id, Origin(str(preset.path), 1))
    return Policy(preset.title, [choice], [])


def _value(setting: Setting | None) -> object:
    return setting.value if setting else None
