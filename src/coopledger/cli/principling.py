"""``federation principles``: what books can tell of a federation's principles."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING
from typing import Any

import click

from coopledger.cli import rendering
from coopledger.cli.consolidating import consolidated
from coopledger.cli.federating import INTERRUPTED
from coopledger.cli.federating import gathered
from coopledger.cli.federating import reading_options
from coopledger.cli.options import format_option
from coopledger.cli.shapes import amount_text
from coopledger.services.federating.principling import OWN_LIST
from coopledger.services.federating.principling import measure_all
from coopledger.services.federating.principling import read_principles
from coopledger.services.federating.principling import reservations
from coopledger.services.federating.principling import shipped
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.principles import Measure
    from coopledger.services.federating.consolidating import Consolidation
    from coopledger.services.federating.principling import Measured
    from coopledger.services.federating.principling import Principles
    from coopledger.services.federating.principling import Reservation

_NOT_MEASURED = "no book can tell"


@click.command()
@reading_options
@click.option("--year", type=int, required=True, help="The federation's fiscal year.")
@click.option(
    "--list",
    "name",
    default="",
    help=f"Which list: {', '.join(shipped())}; else {OWN_LIST} beside the book.",
)
@format_option("text", "json")
def principles(
    book: Path, cache: Path | None, no_cache: bool, year: int, name: str, form: str
) -> None:
    """Measure the federation's principles, as far as books can tell.

    \b
    Example: coopledger federation principles --year 2025 --list ica
    """
    found = gathered(book, cache, no_cache=no_cache)
    listed = read_principles(name, found.paths[found.own.id].parent / OWN_LIST)
    _, group = consolidated(found, year)
    measured = measure_all(listed, group.views, group.unit)
    if form == "json":
        rendering.as_json(_shape(listed, group, measured))
    else:
        _show(f"{listed.title}: {found.own.title}, {year}", group, measured)
    if found.is_interrupted:
        click.echo(INTERRUPTED, err=True)
    sys.exit(1 if group.out or found.is_interrupted else 0)


def _show(title: str, group: Consolidation, measured: list[Measured]) -> None:
    rendering.heading(title)
    names = list(group.views) if len(group.views) <= rendering.FEW else []
    rows: list[list[str]] = []
    for number, one in enumerate(measured, start=1):
        blank = [""] * (len(names) + 2)
        rows.append([f"{number}. {one.principle.title}", *blank])
        if one.principle.text:
            rows.append([f"   {one.principle.text}", *blank])
        if not one.measures:
            rows.append([f"   {_NOT_MEASURED}", *blank])
        rows += [_row(measure, names, group) for measure in one.measures]
    rendering.table(("", *names, "all", "taken over"), rows)
    _reserve(list(reservations(group)))


def _reserve(found: list[Reservation]) -> None:
    """Name the books whose figures are missing, or not the last ones."""
    for one in found:
        if one.kind != "open":
            rendering.say(one.why)
    if names := [one.enterprise for one in found if one.kind == "open"]:
        rendering.say(
            f"Still open, and so what becomes of a surplus not measured: "
            f"{', '.join(names)}."
        )


def _row(measure: Measure, names: list[str], group: Consolidation) -> list[str]:
    unit = group.currency if measure.unit == "money" else measure.unit
    words = f"   {measure.title}" + (f" ({unit})" if unit != "share" else "")
    figures = [*(measure.values.get(name) for name in names), measure.group]
    taken = f"{measure.taken} of {len(group.enterprises)}"
    return [words, *(_in_words(figure, measure.unit) for figure in figures), taken]


def _in_words(figure: Decimal | None, unit: str) -> str:
    if figure is None:
        return "-"
    return rendering.percent(figure) if unit == "share" else rendering.money(figure)


def _shape(
    listed: Principles, group: Consolidation, measured: list[Measured]
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "list": listed.id,
        "title": listed.title,
        "source": listed.source,
        "confidence": listed.confidence,
        "year": group.year,
        "currency": group.currency,
        "among": len(group.enterprises),
        "principles": [
            {
                "title": one.principle.title,
                "text": one.principle.text,
                "measured": bool(one.measures),
                "measures": [
                    {
                        "id": measure.id,
                        "title": measure.title,
                        "unit": measure.unit,
                        "group": amount_text(measure.group),
                        "taken_over": measure.taken,
                        "enterprises": {
                            name: amount_text(value)
                            for name, value in measure.values.items()
                        },
                    }
                    for measure in one.measures
                ],
            }
            for one in measured
        ],
        "left_out": [
            {"enterprise": name, "why": why} for name, why in group.out.items()
        ],
        "reservations": [asdict(one) for one in reservations(group)],
    }
