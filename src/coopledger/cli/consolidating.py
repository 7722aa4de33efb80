"""``federation consolidate``: the statements of all enterprises as one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.federating import INTERRUPTED
from coopledger.cli.federating import gathered
from coopledger.cli.federating import reading_options
from coopledger.cli.groupshapes import consolidation_shape
from coopledger.cli.options import format_option
from coopledger.cli.sharing import refuse_no_workbook
from coopledger.domain.capital import COLUMNS
from coopledger.domain.statements import RESULT
from coopledger.domain.statements import SECTIONS
from coopledger.domain.statements import Group
from coopledger.journal.grouping import group_journal
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.consolidating import consolidate_year
from coopledger.services.federating.layouts import OWN_FILE
from coopledger.services.federating.layouts import read_layout
from coopledger.services.federating.principling import OWN_LIST
from coopledger.services.federating.principling import measure_all
from coopledger.services.federating.principling import read_principles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.consolidation import Row
    from coopledger.domain.statements import Layout
    from coopledger.services.federating.consolidating import Consolidation
    from coopledger.services.federating.gathering import Federation

_HEADINGS = {
    "income": "Income statement",
    "assets": "Balance sheet",
}


@click.command()
@reading_options
@click.option("--year", type=int, required=True, help="The federation's fiscal year.")
@click.option(
    "--currency",
    default="",
    help="The group's currency; by default that of the federation's book.",
)
@click.option(
    "--lines",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=f"Lines of the statements; else {OWN_FILE} beside the federation's book.",
)
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a workbook with live formulas there.",
)
@click.option("--force", is_flag=True, help="Replace the workbook if it exists.")
@format_option("text", "json", "beancount")
def consolidate(
    book: Path,
    cache: Path | None,
    no_cache: bool,
    year: int,
    currency: str,
    lines: Path | None,
    xlsx: Path | None,
    force: bool,
    form: str,
) -> None:
    """Show the group: added up, and what passed between its enterprises taken out.

    \b
    Example: coopledger federation consolidate --year 2025
    Example: coopledger federation consolidate --year 2025 --format beancount
    Example: coopledger federation consolidate --year 2025 --xlsx group-2025.xlsx
    """
    if xlsx:
        refuse_no_workbook(xlsx)
    found = gathered(book, cache, no_cache=no_cache)
    layout, group = consolidated(found, year, lines, currency)
    if xlsx:
        write_group_workbook(found, group, xlsx, force=force)
    if form == "json":
        rendering.as_json(consolidation_shape(group))
    elif form == "beancount":
        title = f"{found.own.title} {year}, consolidated"
        rendering.say(
            group_journal(
                Group(title, group.currency, group.end),
                group.views,
                group.statements.eliminations,
                layout,
            )
        )
    else:
        _show(f"{found.own.title}, {year}, in {group.currency}", group)
        if xlsx:
            rendering.say(f"Written to {xlsx}.")
    if found.is_interrupted:
        click.echo(INTERRUPTED, err=True)
    sys.exit(1 if group.out or found.is_interrupted else 0)


def write_group_workbook(
    found: Federation, group: Consolidation, file: Path, *, force: bool
) -> None:
    """Write the group's year as a workbook, the federation's principles included."""
    from coopledger.cli.wiring import write_group  # noqa: PLC0415 - loads openpyxl

    listed = read_principles("", found.paths[found.own.id].parent / OWN_LIST)
    measured = measure_all(listed, group.views, group.unit)
    write_group(found.own.title, group, measured, file, force=force)


def consolidated(
    found: Federation, year: int, lines: Path | None = None, currency: str = ""
) -> tuple[Layout, Consolidation]:
    """Put the statements of a year together, by the federation's own lines."""
    own = found.paths[found.own.id].parent / OWN_FILE
    layout = read_layout(lines or (own if own.exists() else None))
    pairing = check_federation(found).pairing
    return layout, consolidate_year(found, year, layout, pairing, currency.upper())


def _show(title: str, group: Consolidation) -> None:
    rendering.heading(title)
    names = list(group.views) if len(group.views) <= rendering.FEW else []
    for first, sections in (("income", SECTIONS[:2]), ("assets", SECTIONS[2:])):
        rendering.heading(_HEADINGS[first])
        columns = ("", *names, "sum", "eliminated", "group")
        rows = [row for section in sections for row in _section(group, section, names)]
        if first == "income":
            rows += _result(group, names)
        rendering.table(columns, rows)
    rendering.heading("Changes in equity")
    rendering.table(
        ("", "opening", "change", "closing"),
        [(e.line.title, e.opening, e.change, e.closing) for e in group.equity],
    )
    rendering.heading("Members' capital")
    rendering.table(
        ("", *COLUMNS),
        [
            (name, *(moved[column] for column in COLUMNS))
            for name, moved in [*group.capital_by.items(), ("all", group.capital)]
            if any(moved.values())
        ],
    )
    _notes(group)


def _section(
    group: Consolidation, section: str, names: list[str]
) -> Iterator[tuple[object, ...]]:
    rows = [row for row in group.statements.rows if row.line.section == section]
    yield from (_row(row, row.line.title, names) for row in rows)
    totals = [_sum_of(rows, name) for name in names]
    yield (f"= {section}", *totals, *group.statements.total(section))


def _row(row: Row, title: str, names: list[str]) -> tuple[object, ...]:
    own = [row.amounts.get(name) for name in names]
    return title, *own, row.aggregated, row.eliminated, row.consolidated


def _result(group: Consolidation, names: list[str]) -> Iterator[tuple[object, ...]]:
    """Give what income less expenses comes to, as the balance sheet has it."""
    for row in group.statements.rows:
        if row.line.id == RESULT:
            yield _row(row, "= result after tax", names)


def _sum_of(rows: list[Row], name: str) -> Decimal | None:
    amounts = [row.amounts[name] for row in rows if name in row.amounts]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _notes(group: Consolidation) -> None:
    count = len(group.statements.eliminations)
    rendering.say(f"\n{count} transfers stand in both books and were taken out.")
    for one in group.statements.kept:
        rendering.say(
            f"Not taken out: {rendering.money(one.amount)} of '{one.enterprise}' "
            f"({one.what}): {one.why}."
        )
    for name, view in group.views.items():
        if view.book.found:
            found = rendering.counted(view.book.found)
            rendering.say(f"'{name}' is in as its book stands, with {found} in it.")
        if view.year.end != group.end:
            rendering.say(f"'{name}' is in with its year to {view.year.end}.")
    for name, why in group.out.items():
        rendering.say(f"'{name}' is left out: {why}")
