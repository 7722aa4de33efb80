"""``federation move``: a member goes to another enterprise, capital and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import federalshapes
from coopledger.cli import rendering
from coopledger.cli.federalsharing import ready
from coopledger.cli.federalsharing import say_files
from coopledger.cli.federalsharing import say_proposals
from coopledger.cli.federating import reading_options
from coopledger.cli.leaving import UndecidedError
from coopledger.cli.options import Day
from coopledger.cli.options import format_option
from coopledger.domain.amounts import ZERO
from coopledger.services.federating.moving import Wish
from coopledger.services.federating.moving import move as propose_move
from coopledger.services.federating.proposing import write_joint

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from coopledger.services.federating.moving import Moving


@click.command()
@click.argument("member")
@reading_options
@click.option("--from", "giver", required=True, help="Id of the enterprise they leave.")
@click.option("--to", "receiver", required=True, help="Id of the one they join.")
@click.option(
    "--on",
    type=Day(),
    required=True,
    help="Last day in the one and first day in the other.",
)
@click.option(
    "--resolution",
    default="",
    help="Id of the federation's resolution that decides it.",
)
@click.option("--as", "as_", default="", help="Their id where they join, if another.")
@click.option(
    "--class", "member_class", default="", help="Their class there, if another."
)
@click.option(
    "--federation-member",
    "person",
    default="",
    help="The id by which the whole federation knows them, where there is none yet.",
)
@click.option("--write", is_flag=True, help="Write into both books, or into none.")
@format_option("text", "json")
def move(
    member: str,
    book: Path,
    cache: Path | None,
    no_cache: bool,
    giver: str,
    receiver: str,
    on: datetime.date,
    resolution: str,
    as_: str,
    member_class: str,
    person: str,
    write: bool,
    form: str,
) -> None:
    """Move a member to another enterprise: both registers, and the capital.

    \b
    Example: coopledger federation move Marisol --from green-team --to freedom-farms \\
             --on 2026-05-01
    """
    wish = Wish(member, giver, receiver, on, resolution, as_, member_class, person)
    if write and not resolution:
        raise UndecidedError
    found = ready(book, cache, form, no_cache=no_cache, write=write)
    moving = propose_move(found, wish)
    if form == "json":
        rendering.as_json(federalshapes.move_shape(moving))
    else:
        _show(moving)
    if write:
        files = write_joint(found, moving.proposals)
        say_files(form, "\nWritten, and included in both books:", files)
    elif form == "text":
        say_proposals(moving.proposals)


def _show(moving: Moving) -> None:
    wish = moving.wish
    rendering.heading(
        f"{moving.name}: from '{wish.giver}' to '{wish.receiver}' on {wish.on}"
    )
    rendering.say(f"The federation knows them as '{moving.person}'.")
    rendering.table(
        ("capital that goes along", ""),
        [*_rows(moving), ("all", moving.amount)],
    )


def _rows(moving: Moving) -> Iterator[tuple[str, Decimal]]:
    """Give what goes along, what was retained by the year of its allotment."""
    for role, amount in moving.capital.items():
        own = {year: part for (of, year), part in moving.allotted.items() if of == role}
        for year, part in own.items():
            yield f"{role} of {year}", part
        if left := amount - sum(own.values(), ZERO):
            yield role, left
