"""``federation close``: the year of every enterprise, reckoned in one run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopledger.cli import federalshapes
from coopledger.cli import rendering
from coopledger.cli.federating import federation
from coopledger.cli.federating import gathered
from coopledger.cli.federating import reading_options
from coopledger.cli.federating import troubles
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.services.federating.closings import closings_of
from coopledger.services.federating.closings import totals_of_year

__all__ = ["close", "federation"]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.services.federating.closings import FederalClosing
    from coopledger.services.federating.closings import YearTotals


@federation.command()
@reading_options
@year_option
@format_option("text", "json")
def close(book: Path, cache: Path | None, no_cache: bool, year: int, form: str) -> None:
    """Reckon the year of every enterprise; each assembly decides, nothing is written.

    \b
    Example: coopledger federation close --year 2025
    """
    more = totals_of_year(year)
    found = gathered(book, cache, no_cache=no_cache, more=more)
    closing = closings_of(found, year)
    if form == "json":
        rendering.as_json(federalshapes.close_shape(closing))
    else:
        _show(closing)
    sys.exit(0 if closing.is_whole else 1)


_HEAD = ("result", "base", "members", "cash", "retained")


def _show(closing: FederalClosing) -> None:
    found = closing.federation
    if not closing.enterprises:
        rendering.say(
            f"No enterprise that can be read belonged to {found.own.title} in fiscal "
            f"year {closing.year}."
        )
        troubles(found)
        return
    rendering.heading(f"{found.own.title}: fiscal year {closing.year}")
    # A column only where something is missing: most years have nothing to say there.
    more = ("before it, still to be booked",) if closing.pending else ()
    rendering.table(
        ("enterprise", "currency", "state", *_HEAD, *more),
        [
            (name, one.currency, one.state, *_row(one), *_pending(closing, name, more))
            for name, one in _named(closing)
        ],
    )
    rendering.heading("Step by step")
    rendering.table(
        ("enterprise", "step", "amount", "members", "cash", "retained"),
        [
            (name, step.title, step.amount, step.members, step.cash, step.retained)
            for name, one in _named(closing)
            for step in one.steps
        ],
    )
    _say_what_is_open(closing)
    troubles(found)


def _named(closing: FederalClosing) -> Iterator[tuple[str, YearTotals]]:
    """Return each enterprise, and then what all come to in each currency."""
    yield from closing.enterprises.items()
    for one in closing.totals.values():
        yield "all", one


def _row(one: YearTotals) -> tuple[object, ...]:
    if one.base is None:
        return one.result, None, None, None, None
    return one.result, one.base, one.members, one.cash, one.retained


def _pending(
    closing: FederalClosing, name: str, columns: tuple[str, ...]
) -> tuple[str, ...]:
    titles = closing.pending.get(name, ())
    return ("; ".join(titles),) if columns else ()


def _say_what_is_open(closing: FederalClosing) -> None:
    """Say which years cannot be closed, and which would come out otherwise."""
    for name, one in closing.enterprises.items():
        if one.why:
            rendering.say(f"{name}: {one.why}")
        if name in closing.pending:
            rendering.say(
                f"{name}: its appropriation will be another once this is booked: "
                f"{', '.join(closing.pending[name])}."
            )
    if closing.doubt:
        rendering.say(
            "Whether pooling, funds and aid of the year are booked cannot be said. "
            f"{closing.doubt}"
        )
