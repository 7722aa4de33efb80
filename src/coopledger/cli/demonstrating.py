"""``demo``: watch a federation being checked, closed, distributed and exported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.closing import show
from coopledger.cli.consolidating import consolidated
from coopledger.cli.consolidating import write_group_workbook
from coopledger.cli.federalsharing import show_joint
from coopledger.cli.options import book_option
from coopledger.domain.statements import SECTIONS
from coopledger.journal.loading import load_sound_book
from coopledger.services.demonstrating import act_together
from coopledger.services.demonstrating import close_last_years
from coopledger.services.demonstrating import copy_books
from coopledger.services.demonstrating import earlier_aid
from coopledger.services.demonstrating import last_year
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import gather

if TYPE_CHECKING:
    from coopledger.services.demonstrating import Closed


@click.command()
@book_option
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo-output",
    show_default=True,
    help="Where the copy goes.",
)
def demo(book: Path, into: Path) -> None:
    """Check, share, close and export the demonstration federation, on a copy.

    \b
    Example: coopledger demo
    """
    from coopledger.cli.wiring import write_workbook  # noqa: PLC0415 - loads openpyxl

    copies = copy_books(book, into)
    rendering.say(f"Copied {book} to {into}; the originals stay as they are.")
    is_matched = _acted_together(into)
    closed = list(_shown(copies))
    rendering.heading("Workbooks")
    for one in closed:
        file = (
            one.book.path.parent / f"workbook-{one.closing.figures.fiscal.label}.xlsx"
        )
        fresh = load_sound_book(one.book.path)
        write_workbook(fresh, one.closing.figures.fiscal.label, file, force=True)
        rendering.say(f"{one.book.case.books.title}: {file}")
    is_balanced = _consolidated(into)
    _what_to_open(closed, into)
    is_good = all(
        one.before.is_clean and one.after.is_clean and one.again.is_booked
        for one in closed
    )
    sys.exit(0 if is_good and is_matched and is_balanced else 1)


def _acted_together(folder: Path) -> bool:
    """Show what the enterprises do together; say whether all pairs are matched."""
    done = list(act_together(folder))
    for one in done:
        show_joint(one.joint)
        count = len(one.written)
        where = f"into {count} books" if count else "nowhere: there is nothing to book"
        rendering.say(f"\n  written {where}")
    if not done:
        return True
    if earlier := earlier_aid(folder):
        year = earlier.joint.shared.year
        rendering.heading(f"The last year before with a loss in it: {year}")
        show_joint(earlier.joint)
        given = rendering.money(earlier.given)
        rendering.say(f"\n  given by the federation's own decision: {given}")
    check = check_federation(gather(folder))
    rendering.findings(check.findings)
    matched = len(check.pairing.matched)
    state = rendering.counted(len(check.findings))
    rendering.say(f"\n  {matched} transfers stand in both books: {state}")
    return check.is_clean


def _consolidated(folder: Path) -> bool:
    """Show the group; say whether its equity is all equity less what is taken out."""
    found = last_year(folder)
    if found is None:
        return True
    federation, year = found
    _, group = consolidated(federation, year)
    rendering.heading(f"The group, {year}, in {group.currency}")
    totals = {section: group.statements.total(section) for section in SECTIONS}
    rendering.table(
        ("", "sum", "eliminated", "group"),
        [(section, *amounts) for section, amounts in totals.items()],
    )
    over = zip(*(totals[section] for section in SECTIONS[2:]), strict=True)
    is_balanced = all(
        assets == liabilities + equity for assets, liabilities, equity in over
    )
    count = len(group.statements.eliminations)
    state = "balance in every column" if is_balanced else "DO NOT BALANCE"
    rendering.say(f"\n  {count} transfers taken out; both sides {state}")
    file = federation.paths[federation.own.id].parent / f"group-{year}.xlsx"
    write_group_workbook(federation, group, file, force=True)
    rendering.say(f"  workbook: {file}")
    return is_balanced


def _shown(paths: list[Path]) -> list[Closed]:
    closed = []
    for one in close_last_years(paths):
        closed.append(one)
        show(one.book, one.closing, explain=False)
        _states(one)
    return closed


def _states(one: Closed) -> None:
    year = one.closing.figures.fiscal.label
    rendering.findings([*one.before.findings, *one.after.findings])
    before = rendering.counted(len(one.before.findings))
    after = rendering.counted(len(one.after.findings))
    again = "proposes nothing" if one.again.is_booked else "PROPOSES AGAIN"
    where = one.written or "nothing: it was booked already"
    rendering.say(f"\n  checked before: {before}")
    rendering.say(f"  proposal written to: {where}")
    rendering.say(f"  checked after: {after}; closing {year} again {again}")


def _what_to_open(closed: list[Closed], into: Path) -> None:
    rendering.heading("What to open")
    if closed:
        first = closed[0].book
        member = next(iter(first.case.books.register.ids), "")
        folder = first.path.parent
        program = rendering.program()
        rendering.say(f"  {program} serve --book {into}")
        rendering.say("      the books in Fava; see 'Capital accounts' in the sidebar")
        rendering.say(f"  {program} statement {member} --book {folder}")
        rendering.say("      one member's account, movement by movement")
        rendering.say(f"  {closed[0].written or folder}")
        rendering.say("      the proposal, as it was written into the book")
