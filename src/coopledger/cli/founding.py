"""``new``: the first files of a co-op, or of a federation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli.options import Day
from coopledger.cli.options import today
from coopledger.services.founding import Founding
from coopledger.services.founding import found_coop
from coopledger.services.founding import found_federation

if TYPE_CHECKING:
    import datetime


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--preset", required=True, help="Law and statutes; see 'coopledger law'.")
@click.option("--title", default="", help="Name; default: the folder's.")
@click.option("--currency", default="", help="Default: the preset's usual one.")
@click.option("--from", "start", type=Day(), default=None, help="First day.")
@click.option("--member", "members", multiple=True, help='A member: "Ana=Ana Ruiz".')
@click.option("--federation", is_flag=True, help="A federation and its enterprises.")
@click.option("--enterprise", "enterprises", multiple=True, help="Id of an enterprise.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
def new(
    folder: Path,
    preset: str,
    title: str,
    currency: str,
    start: datetime.date | None,
    members: tuple[str, ...],
    federation: bool,
    enterprises: tuple[str, ...],
    force: bool,
) -> None:
    """Start the book of a co-op, or the books of a federation, from a preset.

    \b
    Example: coopledger new our-coop --preset us-worker-ica --member "Ana=Ana Ruiz"
    Example: coopledger new ours --preset us-worker-ica --federation --enterprise farm
    """
    _refuse_unused(members, enterprises, federation=federation)
    first = start or today().replace(month=1, day=1)
    name = folder.resolve().name

    def founding(id_: str, of: str, own: dict[str, str]) -> Founding:
        return Founding(id_, of, preset, currency, first, own)

    if federation:
        written = found_federation(
            folder,
            founding("federation", title or name, {}),
            [founding(one, one.replace("-", " ").title(), {}) for one in enterprises],
            force=force,
        )
    else:
        people = _people(members)
        id_ = name.lower().replace("_", "-").replace(" ", "-")
        coop = founding(id_, title or name, people)
        written = found_coop(folder, coop, force=force)
    for path in written:
        rendering.say(f"wrote {path}")
    rendering.say(f"Next: {rendering.program()} check --book {folder}")


def _refuse_unused(
    members: tuple[str, ...], enterprises: tuple[str, ...], *, federation: bool
) -> None:
    if enterprises and not federation:
        message = "--enterprise is for --federation"
        raise click.UsageError(message)
    if members and federation:
        message = "--member is for one co-op and not for --federation"
        raise click.UsageError(message)


def _people(members: tuple[str, ...]) -> dict[str, str]:
    """Read names by member id."""
    people: dict[str, str] = {}
    for text in members:
        id_, _, name = (part.strip() for part in text.partition("="))
        if id_ in people:
            message = (
                f"--member names '{id_}' twice; each member needs an id of their own"
            )
            raise click.UsageError(message)
        people[id_] = name or id_
    return people
