"""``law``: the presets, and each parameter with its date and source."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli.options import Day
from coopledger.cli.options import format_option
from coopledger.domain.books import PolicyChoice
from coopledger.domain.findings import Origin
from coopledger.errors import ParameterUndatedError
from coopledger.law.policy import Policy
from coopledger.law.policy import Setting
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths

if TYPE_CHECKING:
    from coopledger.law.parameter import Parameter


@click.command()
@click.argument("preset", default="")
@click.option("--on", type=Day(), default=None, help="The day; default: today.")
@format_option("text", "json")
def law(preset: str, on: datetime.date | None, form: str) -> None:
    """List the presets, or one preset's parameters in force on a day.

    \b
    Example: coopledger law es-basque-worker --on 2025-12-31
    """
    if not preset:
        _list(form)
        return
    chosen = load_preset(preset)
    day = on or datetime.datetime.now(tz=datetime.UTC).date()
    choice = PolicyChoice(day, preset, Origin(str(chosen.path), 1))
    policy = Policy(chosen.title, [choice], [])
    settings = [policy.find(name, day) or name for name in sorted(chosen.names)]
    if form == "json":
        rendering.as_json(shapes.law_shape(chosen, day, settings))
        return
    rendering.heading(f"{chosen.title}, on {day}")
    for one in settings:
        parameter = chosen.parameter(one if isinstance(one, str) else one.name)
        if parameter is not None:
            _show(one, parameter, day)


def _show(one: Setting | str, parameter: Parameter, day: datetime.date) -> None:
    if isinstance(one, str):
        rendering.say(f"{one} = ({_absence(parameter, day)})\n    {parameter.title}")
        return
    rendering.say(f"{one.name} = {one.value}  ({one.level})\n    {parameter.title}")
    checked = f"checked {one.dated.checked_on}"
    rendering.say(f"    {'; '.join(one.sources)} · since {one.dated.start}, {checked}")


def _absence(parameter: Parameter, day: datetime.date) -> str:
    try:
        parameter.dated(day)
    except ParameterUndatedError:
        return f"no value is recorded for {day}"
    return "for the co-op to decide"


def _list(form: str) -> None:
    presets = [load_preset(name) for name in preset_paths()]
    if form == "json":
        listed = [
            {"id": one.id, "title": one.title, "jurisdiction": one.jurisdiction}
            for one in presets
        ]
        rendering.as_json({"schema": shapes.SCHEMA, "presets": listed})
        return
    rendering.table(
        ("preset", "place", "title"),
        [(one.id, one.jurisdiction, one.title) for one in presets],
    )
