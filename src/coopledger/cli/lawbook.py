"""``law`` and ``replay``: what governs, since when, by which text, and did we obey."""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli import yearshapes
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.options import today
from coopledger.journal.loading import load_sound_book
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.services import lawreading
from coopledger.services import shaping
from coopledger.services.replaying import replay_year

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.domain.books import Value
    from coopledger.services.lawreading import Reading
    from coopledger.services.lawreading import Record
    from coopledger.services.replaying import Replay


class _Law(click.Group):
    """A group in which the name of a preset is a command that shows it."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, or one that shows the preset of that name."""
        return super().get_command(ctx, cmd_name) or _showing(cmd_name)


@click.group(cls=_Law, invoke_without_command=True)
@click.option("--unconfirmed", is_flag=True, help="List what no text itself confirms.")
@format_option("text", "json")
@click.pass_context
def law(ctx: click.Context, unconfirmed: bool, form: str) -> None:
    """List the presets; show one: law PRESET [--on DATE]; compare; find what is due.

    \b
    Example: coopledger law
    Example: coopledger law es-basque-worker --on 2025-12-31
    Example: coopledger law diff es-basque-worker 2022-12-31 2024-12-31
    Example: coopledger law due
    Example: coopledger law --unconfirmed
    """
    if ctx.invoked_subcommand:
        return
    if unconfirmed:
        _records(lawreading.unconfirmed_on(today()), form, _ALL_CONFIRMED)
    else:
        _list(form)


#: So many digits has no figure that somebody wrote down.
_ENDLESS = 20

#: Switches as books and scenarios write them.
_SWITCHES = {True: "TRUE", False: "FALSE"}


def _showing(preset: str) -> click.Command:
    @click.command(preset)
    @click.option("--on", type=Day(), default=None, help="The day; default: today.")
    @format_option("text", "json")
    def show(on: datetime.date | None, form: str) -> None:
        """Show a preset's parameters on a day."""
        day = on or today()
        chosen, readings = load_preset(preset), lawreading.read_law(preset, day)
        if form == "json":
            rendering.as_json(shapes.law_shape(chosen, day, readings))
            return
        rendering.heading(f"{chosen.title}, on {day}")
        for reading in readings:
            _show(reading, day)

    return show


def _shown(value: Value | None) -> str:
    """Write a value; a number without end, such as a third, as a fraction."""
    if isinstance(value, bool):
        return _SWITCHES[value]
    if not isinstance(value, Decimal) or len(value.as_tuple().digits) < _ENDLESS:
        return str(value)
    return str(Fraction(value).limit_denominator(100))


def _absence(reading: Reading, day: datetime.date) -> str:
    if reading.parameter.latest(day) is None:
        return f"no value is recorded for {day}"
    return "for the co-op to decide"


def _show(reading: Reading, day: datetime.date) -> None:
    name, title = reading.parameter.name, reading.parameter.title
    setting = reading.setting
    if setting is None:
        rendering.say(f"{name} = ({_absence(reading, day)})\n    {title}")
        return
    rendering.say(f"{name} = {_shown(setting.value)}  ({setting.level})\n    {title}")
    dated = setting.dated
    since = f"since {dated.start}, checked {dated.checked_on}"
    rendering.say(f"    {'; '.join(setting.sources)} · {since}")


@law.command()
@click.argument("preset")
@click.argument("first", type=Day())
@click.argument("second", type=Day())
@format_option("text", "json")
def diff(preset: str, first: datetime.date, second: datetime.date, form: str) -> None:
    """Show what changed in a preset between two days.

    \b
    Example: coopledger law diff es-basque-worker 2022-12-31 2024-12-31
    """
    changes = lawreading.changes_between(preset, first, second)
    if form == "json":
        rendering.as_json(shapes.law_diff_shape(preset, first, second, changes))
        return
    if not changes:
        rendering.say(f"Nothing in '{preset}' differs between {first} and {second}.")
        return
    rendering.table(
        ("parameter", str(first), str(second), "source"),
        [
            (
                one.parameter.name,
                _shown(one.before.value) if one.before else "-",
                _shown(one.after.value) if one.after else "-",
                "; ".join(one.after.sources) if one.after else "",
            )
            for one in changes
        ],
    )


@law.command()
@click.option("--on", type=Day(), default=None, help="The day; default: today.")
@format_option("text", "json")
def due(on: datetime.date | None, form: str) -> None:
    """List the figures that nobody compared with their text for a year.

    \b
    Example: coopledger law due
    """
    records = lawreading.due_on(on or today())
    _records(records, form, _NONE_DUE)
    sys.exit(1 if records else 0)


_ALL_CONFIRMED = "Every figure in force was read in the text itself."
_NONE_DUE = "Nothing is due: every figure was compared with its text within a year."


def _records(records: Sequence[Record], form: str, none: str) -> None:
    if form == "json":
        rendering.as_json(shapes.law_records_shape(records))
        return
    if not records:
        rendering.say(none)
        return
    rendering.table(
        ("preset", "parameter", "value", "since", "checked", "how", "source"),
        [
            (
                one.preset.id,
                one.parameter.name,
                _shown(one.dated.value),
                one.dated.start,
                one.dated.checked_on,
                one.dated.confidence,
                str(one.dated.source),
            )
            for one in records
        ],
    )


def _list(form: str) -> None:
    presets = [load_preset(name) for name in preset_paths()]
    if form == "json":
        listed = [
            {"id": one.id, "title": one.title, "jurisdiction": one.jurisdiction}
            for one in presets
        ]
        rendering.as_json({"schema": shaping.SCHEMA, "presets": listed})
        return
    rendering.table(
        ("preset", "place", "title"),
        [(one.id, one.jurisdiction, one.title) for one in presets],
    )


@click.command()
@click.argument("year", type=int)
@book_option
@format_option("text", "json")
def replay(year: int, book: Path, form: str) -> None:
    """Work a past year out again, under the values then in force, and compare.

    \b
    Example: coopledger replay 2024 --book ledger/freedom-farms
    """
    loaded = load_sound_book(book)
    found = replay_year(loaded, year)
    if form == "json":
        rendering.as_json(yearshapes.replay_shape(found, loaded.case.books.currency))
    else:
        word = "Loss" if found.appropriation.is_loss else "Surplus"
        rendering.heading(f"{loaded.case.books.title}: fiscal year {year}, replayed")
        rendering.waterfall(found.appropriation, f"{word} of the year after tax")
        rendering.say()
        _differences(found)
    sys.exit(1 if found.differences else 0)


def _differences(found: Replay) -> None:
    if not found.is_booked:
        rendering.say("Nothing of this year is booked yet.")
    elif not found.differences:
        rendering.say("What was booked is exactly what follows.")
    else:
        rendering.table(
            ("account", "follows", "booked", "difference"),
            [(d.account, d.follows, d.booked, d.gap) for d in found.differences],
        )
