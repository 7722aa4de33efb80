"""``notices``, ``schedule`` and ``reminders``: what members are written about money."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import TypeVar

import click

from coopledger.cli import options
from coopledger.cli import papershapes
from coopledger.cli import rendering
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import year_option
from coopledger.cli.progress import bar
from coopledger.cli.stating import page_options
from coopledger.journal.loading import load_sound_book
from coopledger.services.allotting import allotments_of
from coopledger.services.reminding import reminders_of
from coopledger.services.reminding import reminders_shape
from coopledger.services.scheduling import schedule_csv
from coopledger.services.scheduling import schedule_of
from coopledger.services.scheduling import schedule_shape
from coopledger.services.wording import OWN

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from coopledger.domain.books import Books
    from coopledger.services.allotments import Allotment
    from coopledger.services.allotments import Allotments
    from coopledger.services.reminding import Reminders
    from coopledger.services.scheduling import Schedule

_F = TypeVar("_F", bound="Callable[..., object]")

#: What becomes a page.
PAGES = ("html", "pdf")

_member = click.option("--member", default="", help="One member alone.")
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, with --format html or pdf.",
)
_force = click.option("--force", is_flag=True, help="Replace the file if it exists.")
_folder = click.argument("folder", type=click.Path(path_type=Path), required=False)


def _format_option(*printed: str) -> Callable[[_F], _F]:
    """Add ``--format``, without which a folder gets pages and a terminal text."""
    return click.option(
        "--format",
        "form",
        type=click.Choice((*printed, *PAGES)),
        default=None,
        help="How to print; default: text, or html into a folder.",
    )


class Place(NamedTuple):
    """Where pages are written: a folder for all, a file for one, or neither."""

    folder: Path | None
    output: Path | None


def form_of(form: str | None, place: Place, look: dict[str, str]) -> str:
    """Return what is written; refuse what does not go together.

    Raises:
        UsageError: A page without a place, a place without a page, or both places.
    """
    folder, output = place
    chosen = form or ("text" if folder is None else PAGES[0])
    is_page = chosen in PAGES
    problem = ""
    if folder is not None and output is not None:
        problem = "FOLDER is for all members and --output for one page; give one"
    elif is_page is (folder is None and output is None):
        problem = (
            "pages need a place and a place needs pages: --format html or pdf, with "
            "--output FILE (or FOLDER, where a command takes one)"
        )
    elif not is_page and (look["contact"] or look["language"] != OWN):
        problem = "--language and --contact are for pages; add --format html or pdf"
    if problem:
        raise click.UsageError(problem)
    return chosen


def refuse_unnamed(member: str, output: Path | None) -> None:
    """Refuse one page of which nobody says whose it is."""
    if output is not None and not member:
        message = "--output is for one page: say whose with --member, or give FOLDER"
        raise click.UsageError(message)


def file_letters(
    books: Books,
    told: object,
    place: Place,
    form: str,
    *,
    force: bool,
    **look: str,
) -> None:
    """Write letters into a folder, or one of them into a file, and say so."""
    from coopledger.cli.wiring import write_letter  # noqa: PLC0415 - loads Jinja
    from coopledger.cli.wiring import write_letters  # noqa: PLC0415

    if place.output is not None:
        write_letter(books, told, place.output, force=force, form=form, **look)
        rendering.say(f"Written to {place.output}, which only you may read.")
    elif place.folder is not None:
        with bar("Writing") as progress:
            count = write_letters(
                books, told, place.folder, progress, form=form, **look
            )
        rendering.say(
            f"Written to {place.folder}, which only you may read: {count} letter(s)."
        )


@click.command()
@_folder
@book_option
@year_option
@_member
@click.option(
    "--proposed",
    is_flag=True,
    help="Also of a year that is not booked: drafts, marked as such.",
)
@_format_option("text", "json")
@page_options
@output_option
@_force
def notices(
    folder: Path | None,
    book: Path,
    year: int,
    member: str,
    proposed: bool,
    form: str | None,
    output: Path | None,
    force: bool,
    **look: str,
) -> None:
    """Write notices of what members were allotted of a year.

    With FOLDER: a page for each member. In the United States it says whether what is
    retained is qualified, and what follows for the member's tax.

    \b
    Example: coopledger notices --book ledger/green-team --year 2024
    Example: coopledger notices notices-2024 --book ledger/basque --year 2024
    """
    place = Place(folder, output)
    chosen = form_of(form, place, look)
    refuse_unnamed(member, output)
    loaded = load_sound_book(book)
    found = allotments_of(loaded, year, member, proposed=proposed)
    books = loaded.case.books
    if chosen == "json":
        rendering.as_json(papershapes.notices_shape(found, books.currency))
        return
    if chosen == "text":
        _show_notices(books, found)
    else:
        file_letters(books, found, place, chosen, force=force, **look)
    _warn(found)


def _show_notices(books: Books, found: Allotments) -> None:
    by = f" by {found.resolution}" if found.resolution else ""
    state = f"distributed on {found.day}{by}"
    if found.is_proposed:
        state = "proposed and not decided"
    rendering.heading(
        f"{books.title}: fiscal year {found.figures.fiscal.label}, {state}, in "
        f"{books.currency}"
    )
    rows: list[tuple[object, ...]] = [
        (
            one.name,
            one.stated,
            one.money,
            one.paid,
            one.retained,
            one.qualification.verdict if one.qualification else "",
        )
        for one in found.members
    ]
    sums = [sum(row[at] for row in rows) for at in range(1, 5)]  # type: ignore[misc]
    rows.append(("total", *sums, " "))
    columns = ("member", "allotted", "in money", "paid", "retained")
    rendering.table((*columns, "notice" if found.terms else " "), rows)


def _warn(found: Allotments) -> None:
    """Name what stands in the way of qualified notices, and whose."""
    for key, state, sentence in _TROUBLES:
        whose = [one.name for one in found.members if (key, state) in _states(one)]
        if whose:
            more = f" and {len(whose) - _NAMED} more" if len(whose) > _NAMED else ""
            rendering.warn(f"{sentence}: {', '.join(whose[:_NAMED])}{more}.")


def _states(one: Allotment) -> set[tuple[str, str]]:
    needed = one.qualification.conditions if one.qualification else ()
    return {(condition.key, condition.state) for condition in needed}


#: How many members a warning names.
_NAMED = 5
_TROUBLES = (
    ("money", "failed", "Not qualified, too little in money"),
    ("time", "failed", "Not qualified, not paid within the payment period"),
    ("consent", "failed", "Not qualified, no consent on record"),
    ("consent", "unknown", "The book names no consent, and the notices say so"),
)


@click.command()
@book_option
@_member
@click.option(
    "--on", type=Day(), default=None, help="The day; default: the book's last."
)
@_format_option("text", "json", "csv")
@page_options
@output_option
@_force
def schedule(
    book: Path,
    member: str,
    on: datetime.date | None,
    form: str | None,
    output: Path | None,
    force: bool,
    **look: str,
) -> None:
    """Show what is still to be paid to members, day by day.

    \b
    Example: coopledger schedule --book ledger/basque
    Example: coopledger schedule --book ledger/nubias-cafe --on 2024-04-01
    """
    place = Place(None, output)
    chosen = form_of(form, place, look)
    loaded = load_sound_book(book)
    books, found = loaded.case.books, schedule_of(loaded, on, member)
    if chosen == "json":
        rendering.as_json(schedule_shape(found))
    elif chosen == "csv":
        rendering.say(schedule_csv(found).rstrip("\n"))
    elif chosen == "text":
        _show_schedule(books, found)
    else:
        file_letters(books, found, place, chosen, force=force, **look)


def _show_schedule(books: Books, found: Schedule) -> None:
    rendering.heading(
        f"{books.title}: still to be paid to members on {found.on}, in {found.currency}"
    )
    if not found.payouts:
        rendering.say("Nothing is left to be paid.")
        return
    rows: list[tuple[Any, ...]] = [
        (
            one.date or "no day agreed",
            one.name,
            one.words,
            one.amount,
            "" if one.interest is None else one.interest,
            found.days_late(one) or "",
        )
        for one in found.payouts
    ]
    rows.append(("total", "", "", found.total, found.interest or "", ""))
    rendering.table(("date", "member", "what", "amount", "interest", "days late"), rows)


@click.command()
@_folder
@book_option
@_member
@click.option("--today", type=Day(), default=None, help="The day; default: today.")
@click.option("--overdue", is_flag=True, help="Only who is behind with something.")
@_format_option("text", "json")
@page_options
@output_option
@_force
def reminders(
    folder: Path | None,
    book: Path,
    member: str,
    today: datetime.date | None,
    overdue: bool,
    form: str | None,
    output: Path | None,
    force: bool,
    **look: str,
) -> None:
    """Remind members of unpaid instalments, oldest first.

    With FOLDER: a letter to each who owes any.

    \b
    Example: coopledger reminders --book ledger/green-team --today 2025-08-01
    """
    place = Place(folder, output)
    chosen = form_of(form, place, look)
    refuse_unnamed(member, output)
    loaded = load_sound_book(book)
    day = today or options.today()
    found = reminders_of(loaded, day, member, only_overdue=overdue)
    books = loaded.case.books
    if chosen == "json":
        rendering.as_json(reminders_shape(found))
    elif chosen == "text":
        _show_reminders(books, found)
    else:
        file_letters(books, found, place, chosen, force=force, **look)


def _show_reminders(books: Books, found: Reminders) -> None:
    rendering.heading(
        f"{books.title}: instalments unpaid on {found.today}, in {found.currency}"
    )
    rendering.table(
        ("member", "due", "amount", "days late"),
        [
            (one.name, own.date or "no day agreed", own.amount, own.days or "")
            for one in found.members
            for own in one.instalments
        ],
    )
