"""``federation``: enterprises that act as one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.grouping import Commands
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.cli.progress import bar
from coopledger.domain.findings import Finding
from coopledger.domain.findings import counted_by_rule
from coopledger.services.federating.caching import cache_folder
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import Settings
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.scheduling import cluster_at
from coopledger.services.federating.status import lines_of
from coopledger.services.federating.status import people_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from coopledger.domain.pairing import Entry
    from coopledger.services.federating.checking import FederationCheck
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.reading import More
    from coopledger.services.federating.status import Line
    from coopledger.services.federating.status import People

    _F = TypeVar("_F", bound=Callable[..., object])


#: Every command of the group: module and name in it.
_COMMANDS = {
    "status": "federating:status",
    "check": "federating:check_",
    "pool": "federalsharing:pool",
    "solidarity": "federalsharing:solidarity",
    "aid": "federalsharing:aid",
    "close": "federalclosing:close",
    "move": "moving:move",
    "consolidate": "consolidating:consolidate",
    "principles": "principling:principles",
}


@click.group(commands=Commands(_COMMANDS))
def federation() -> None:
    """Look at all enterprises of a federation together.

    \b
    Example: coopledger federation status
    """


#: Under which name a command remembers the scheduler that it was given.
_SCHEDULER = "coopledger.scheduler"


def _remember_scheduler(
    context: click.Context, _: click.Parameter, address: str | None
) -> None:
    context.meta[_SCHEDULER] = address


def reading_options(function: _F) -> _F:
    """Add what every command has that reads all books of a federation."""
    for option in (
        click.option(
            "--no-cache", is_flag=True, help="Read every book; keep and use no summary."
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            expose_value=False,
            callback=_remember_scheduler,
            help="Read the books on a Dask cluster, such as tcp://10.0.0.1:8786.",
        ),
        click.option(
            "--cache",
            type=click.Path(path_type=Path, file_okay=False),
            envvar="COOPLEDGER_CACHE",
            show_envvar=True,
            help="Folder of kept summaries; by default where the system keeps caches.",
        ),
        book_option,
    ):
        function = option(function)
    return function


def gathered(
    book: Path, cache: Path | None, *, no_cache: bool, more: More | None = None
) -> Federation:
    """Read a federation, with a bar where that takes long and somebody looks on."""
    folder = None if no_cache else cache_folder(cache)
    address = click.get_current_context().meta[_SCHEDULER]
    with bar("Reading") as progress, cluster_at(address) as executor:
        return gather(book, Settings(folder, executor, progress, more))


@federation.command()
@reading_options
@click.option(
    "--year", type=int, help="Fiscal year; by default each book's last whole one."
)
@format_option("text", "json")
def status(
    book: Path, cache: Path | None, no_cache: bool, year: int | None, form: str
) -> None:
    """Show each enterprise: its year, people, findings, and what it is owed and owes.

    \b
    Example: coopledger federation status --year 2024
    """
    found = gathered(book, cache, no_cache=no_cache)
    lines = lines_of(found, year)
    if form == "json":
        from coopledger.cli import federalshapes  # noqa: PLC0415 - for JSON only

        rendering.as_json(federalshapes.status_shape(found, lines))
    else:
        rendering.heading(f"{found.own.title}, in {found.own.currency}")
        rendering.table(_STATUS, [_status_row(line) for line in lines])
        people(people_of(lines))
        troubles(found)
    sys.exit(1 if found.troubles or found.is_interrupted else 0)


def _unseen(entry: Entry) -> str:
    """Say whose transfer could be held against nothing."""
    transfer = entry.transfer
    return (
        f"Transfer '{transfer.id}' of '{entry.book}': not seen, for the book of "
        f"'{transfer.peer}' could not be had"
    )


def _outcome(check: FederationCheck) -> str:
    """Say what was found, and that not all was seen where a book could not be had."""
    federation = check.federation
    found = rendering.counted(len(check.findings))
    words = f"{found} between {len(federation.books)} books"
    missing = len(federation.troubles)
    return f"{words}, of {len(federation.books) + missing}" if missing else words


INTERRUPTED = (
    "A run was interrupted while it wrote into the books; the next one of 'federation "
    "pool', 'solidarity', 'aid' or 'move' with --write finishes it first."
)

_STATUS = (
    "enterprise",
    "year",
    "state",
    "result",
    "members",
    "payroll",
    "owed",
    "owing",
    "findings",
)


def _status_row(line: Line) -> tuple[object, ...]:
    year, book = line.year, line.book
    if year is None:
        return (book.id, "", "no such year", *[None] * 3, *_ends(line))
    work = year.work
    return (
        book.id,
        year.label,
        "closed" if year.is_closed else "open",
        year.result,
        work.members,
        work.payroll_members + work.payroll_hired,
        *_ends(line),
    )


def _ends(line: Line) -> tuple[object, ...]:
    return line.owed, line.owing, line.book.found


def people(found: People) -> None:
    """Say how many people there are, where some are in several enterprises."""
    if found.several:
        rendering.say(
            f"\n{found.persons} people in {found.memberships} memberships: "
            f"{found.several} of them belong to several enterprises, by the id that "
            "the federation gave them."
        )


def troubles(found: Federation) -> None:
    """Name the books that could not be had, and a run that was killed."""
    if found.is_interrupted:
        rendering.say(INTERRUPTED)
    for trouble in found.troubles:
        place = f"{trouble.origin.file}:{trouble.origin.line}"
        rendering.say(f"{place}: no book of '{trouble.id}': {trouble.why}")


def _troubles_found(found: Federation) -> list[Finding]:
    """Return the books that could not be had as findings, each where it is named."""
    return [
        Finding(
            rule="book missing",
            basis="federation",
            severity="error",
            found=f"No book of '{one.id}': {one.why}",
            why="",
            fix="",
            origin=one.origin,
        )
        for one in found.troubles
    ]


@federation.command("check")
@reading_options
@click.option(
    "--days",
    type=click.IntRange(min=0),
    help="Days that both sides of a transfer may be apart; else as decided.",
)
@format_option("text", "json", "github")
def check_(
    book: Path, cache: Path | None, no_cache: bool, days: int | None, form: str
) -> None:
    """Hold both sides of every transfer against each other, and what is owed.

    \b
    Example: coopledger federation check
    Example: coopledger federation check --days 0 --format json
    """
    found = gathered(book, cache, no_cache=no_cache)
    check = check_federation(found, days)
    if form == "json":
        from coopledger.cli import federalshapes  # noqa: PLC0415 - for JSON only

        rendering.as_json(federalshapes.federation_check_shape(check))
    elif form == "github":
        rendering.workflow_commands([*check.findings, *_troubles_found(found)])
    else:
        rendering.findings(check.findings)
        rendering.counts(counted_by_rule(check.findings))
        matched = len(check.pairing.matched)
        rendering.say(f"{matched} transfers stand in both books, as they should.")
        for entry in check.pairing.unread:
            rendering.say(_unseen(entry))
        troubles(found)
        rendering.say(f"{found.own.title}: {_outcome(check)}")
    sys.exit(0 if check.is_clean else 1)
