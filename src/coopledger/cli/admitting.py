"""``users``: who may sign in to the portal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import click

from coopledger.cli import rendering
from coopledger.cli import wiring
from coopledger.cli.options import format_option
from coopledger.errors import MemberUnknownError
from coopledger.journal.loading import load_sound_book
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., object]")

#: The roles, in the order in which they see more.
ROLES = ("member", "bookkeeper", "treasurer", "auditor", "administrator")
_HOURS = 72.0
_NOT_BOTH = "Name one session with --end or somebody with --all, not both."


def state_option(function: _F) -> _F:
    """Add ``--state``."""
    return click.option(
        "--state",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="COOPLEDGER_STATE",
        default="portal",
        show_default=True,
        show_envvar=True,
        help="The folder in which the portal keeps people, sessions and its log.",
    )(function)


_hours_option = click.option(
    "--hours",
    type=click.FloatRange(0, 24 * 30, min_open=True),
    default=_HOURS,
    show_default=True,
    help="How long the link is good for.",
)


@click.group()
def users() -> None:
    """Say who may sign in to the portal, and as what.

    \b
    Example: coopledger users add tess --role treasurer --state portal
    """


@users.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they are.")
@click.option("--member", default="", help="A member's id in the book, for that role.")
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="The book in which that id is looked up first, if it can be read from here.",
)
@click.option(
    "--change", is_flag=True, help="Give another role to somebody who is there."
)
@_hours_option
@state_option
def add(
    name: str,
    role: str,
    member: str,
    book: Path | None,
    change: bool,
    hours: float,
    state: Path,
) -> None:
    """Add somebody; print a link with which they choose a password, once.

    \b
    Example: coopledger users add ana --role member --member Ana --state portal
    """
    if member and book:
        _refuse_unknown(member, book)
    with wiring.portal_office(state, is_new=not change) as office:
        if change:
            office.change_role(name, role, member)
            rendering.say(f"{name} is {role} now; their sessions have ended.")
        else:
            link = office.add(name, role, member, hours)
            rendering.say(f"{name} may sign in as {role}.")
            _give(link, hours)


def _refuse_unknown(member: str, book: Path) -> None:
    known = load_sound_book(book).case.books.register.ids
    if member not in known:
        raise MemberUnknownError(member, known)


@users.command("list")
@state_option
@format_option("text", "json")
def list_(state: Path, form: str) -> None:
    """List everybody.

    \b
    Example: coopledger users list --state portal
    """
    with wiring.portal_office(state) as office:
        people = office.everybody()
    if form == "json":
        rendering.as_json({"schema": SCHEMA, "people": people})
    else:
        names = ("name", "role", "member", "state", "second factor")
        rendering.table(names, [list(one.values()) for one in people])


@users.command()
@click.argument("name")
@click.option("--enable", is_flag=True, help="Let them in again.")
@state_option
def disable(name: str, enable: bool, state: Path) -> None:
    """Keep somebody out at once; their sessions end.

    \b
    Example: coopledger users disable ana --state portal
    """
    with wiring.portal_office(state) as office:
        office.disable(name, is_disabled=not enable)
    may = "may sign in again" if enable else "cannot sign in any more"
    rendering.say(f"{name} {may}.")


@users.command()
@click.argument("name")
@_hours_option
@state_option
def reset(name: str, hours: float, state: Path) -> None:
    """Forget a lost password and second factor; print a new link.

    \b
    Example: coopledger users reset ana --state portal
    """
    with wiring.portal_office(state) as office:
        _give(office.reset(name, hours), hours)


@users.command()
@click.argument("name")
@_hours_option
@state_option
def invite(name: str, hours: float, state: Path) -> None:
    """Print another link with which somebody chooses a password, once.

    \b
    Example: coopledger users invite ana --state portal
    """
    with wiring.portal_office(state) as office:
        _give(office.invite(name, hours), hours)


@users.command()
@click.option("--end", metavar="ID", help="End the session of this id.")
@click.option("--all", "name", metavar="NAME", help="End all sessions of somebody.")
@state_option
@format_option("text", "json")
def sessions(end: str | None, name: str | None, state: Path, form: str) -> None:
    """List who is signed in (times are UTC), or end sessions.

    \b
    Example: coopledger users sessions --state portal
    """
    if end is not None and name is not None:
        raise click.UsageError(_NOT_BOTH)
    with wiring.portal_office(state) as office:
        if end is not None:
            rendering.say(f"{office.end_session(end)}'s session has ended.")
        elif name is not None:
            number = office.end_sessions(name)
            noun = "session" if number == 1 else "sessions"
            rendering.say(f"{number} {noun} of {name} ended.")
        else:
            _list_sessions(office.sessions(), form)


def _list_sessions(found: list[dict[str, str]], form: str) -> None:
    if form == "json":
        rendering.as_json({"schema": SCHEMA, "sessions": found})
    else:
        names = ("id", "name", "started", "seen", "address")
        rendering.table(names, [list(one.values()) for one in found])


def _give(link: str, hours: float) -> None:
    # The address is known once the portal has been served.
    before = ", behind the portal's address" if link.startswith("/") else ""
    rendering.say(f"Give them this link{before}; it works once, for {hours:g} hours:")
    rendering.say(link)
