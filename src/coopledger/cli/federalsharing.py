"""``federation pool``, ``federation solidarity`` and ``federation aid``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopledger.cli import federalshapes
from coopledger.cli import rendering
from coopledger.cli.closing import ResolutionNeededError
from coopledger.cli.federating import INTERRUPTED
from coopledger.cli.federating import federation
from coopledger.cli.federating import gathered
from coopledger.cli.federating import reading_options
from coopledger.cli.options import format_option
from coopledger.cli.options import year_option
from coopledger.cli.progress import bar
from coopledger.errors import CoopledgerError
from coopledger.services.federating.mirroring import proposals_of
from coopledger.services.federating.proposing import finish_interrupted
from coopledger.services.federating.proposing import propose
from coopledger.services.federating.proposing import write_joint
from coopledger.services.federating.sharing import booked_by
from coopledger.services.federating.sharing import held_after
from coopledger.services.federating.sharing import share_year

__all__ = ["aid", "federation", "pool", "show_joint", "solidarity"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TypeVar

    from coopledger.domain.solidarity import FederalShare
    from coopledger.domain.solidarity import Part
    from coopledger.journal.joint import Proposal
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.proposing import JointProposal
    from coopledger.services.federating.sharing import Shared

    _F = TypeVar("_F", bound=Callable[..., object])


class UnfinishedError(CoopledgerError):
    """The books are half written: what is missing in them is no mistake of anybody."""

    def __init__(self) -> None:
        """Say what happened and what finishes it."""
        super().__init__(INTERRUPTED)


def _options(function: _F) -> _F:
    """Add what the three commands have in common."""
    for option in (
        format_option("text", "json"),
        click.option("--write", is_flag=True, help="Write into all books, or none."),
        click.option(
            "--resolution", default="", help="Id of the resolution that decides it."
        ),
        year_option,
        reading_options,
    ):
        function = option(function)
    return function


@federation.command()
@_options
def pool(
    book: Path,
    cache: Path | None,
    no_cache: bool,
    year: int,
    resolution: str,
    write: bool,
    form: str,
) -> None:
    """Pool a year's results: a part of each, shared again by the agreed key.

    \b
    Example: coopledger federation pool --year 2025
    """
    _run("pool", book, cache, year, resolution, form, no_cache=no_cache, write=write)


@federation.command()
@_options
def solidarity(
    book: Path,
    cache: Path | None,
    no_cache: bool,
    year: int,
    resolution: str,
    write: bool,
    form: str,
) -> None:
    """Feed the common funds: the agreed part of each positive result.

    \b
    Example: coopledger federation solidarity --year 2025
    """
    _run("fund", book, cache, year, resolution, form, no_cache=no_cache, write=write)


@federation.command()
@_options
def aid(
    book: Path,
    cache: Path | None,
    no_cache: bool,
    year: int,
    resolution: str,
    write: bool,
    form: str,
) -> None:
    """Help with losses, from the fund: up to the cap, and as far as it reaches.

    \b
    Example: coopledger federation aid --year 2024
    """
    _run("aid", book, cache, year, resolution, form, no_cache=no_cache, write=write)


def _run(
    kind: str,
    book: Path,
    cache: Path | None,
    year: int,
    resolution: str,
    form: str,
    *,
    no_cache: bool,
    write: bool,
) -> None:
    """Work out a year's steps of one kind; show them, and write what is not booked."""
    if write and not resolution:
        raise ResolutionNeededError(year)
    found = ready(book, cache, form, no_cache=no_cache, write=write)
    joint = propose(share_year(found, year), kind, resolution)
    if form == "json":
        rendering.as_json(federalshapes.joint_shape(joint))
    else:
        show_joint(joint)
    if write and not joint.is_booked:
        proposals = _proposals(joint)
        with bar("Checking") as progress:
            files = write_joint(found, proposals, progress)
        say_files(form, "\nWritten, and included in each book:", files)
    elif form == "text":
        _propose(joint)


def ready(
    book: Path, cache: Path | None, form: str, *, no_cache: bool, write: bool
) -> Federation:
    """Read a federation; before anything is written, finish what was interrupted.

    Raises:
        UnfinishedError: Books are half written, and nothing is to be written now.
    """
    found = gathered(book, cache, no_cache=no_cache)
    if write and (finished := finish_interrupted(found)):
        say_files(form, "An interrupted run was finished:", finished)
        found = gathered(book, cache, no_cache=no_cache)
    if found.is_interrupted:
        raise UnfinishedError
    return found


def show_joint(joint: JointProposal) -> None:
    """Print each step's parts, enterprise by enterprise."""
    for share in joint.decided:
        _show(share, joint.shared)


def _propose(joint: JointProposal) -> None:
    if joint.is_booked:
        rendering.say("\nEverything is booked; there is nothing to propose.")
    say_proposals(_proposals(joint))


def _proposals(joint: JointProposal) -> list[Proposal]:
    with bar("Proposing") as progress:
        return proposals_of(joint, progress)


def say_proposals(proposals: Iterable[Proposal]) -> None:
    """Print the entries for each book."""
    for proposal in proposals:
        rendering.heading(f"Proposal for {proposal.title}")
        rendering.say(proposal.text.rstrip())


def say_files(form: str, words: str, files: Sequence[Path]) -> None:
    """Say which files were written, where people read it."""
    if form == "text":
        rendering.say(words)
        for file in files:
            rendering.say(f"  {file}")


def _show(share: FederalShare, shared: Shared) -> None:
    step = share.step
    rendering.heading(f"{step.title}, in {shared.federation.own.currency}")
    if step.kind == "aid":
        booked = booked_by(shared, step)
        rendering.table(
            ("enterprise", "loss", "rate", "wanted", "possible", "booked"),
            [
                (name, *_head(part), part.wanted, part.received, booked.get(name))
                for name, part in share.parts.items()
            ],
        )
    else:
        rendering.table(
            ("enterprise", "base", "rate", "gives", "receives", "net"),
            [
                (name, *_head(part), part.given, part.received, part.net)
                for name, part in share.parts.items()
            ],
        )
    if step.fund:
        held = held_after(shared, share)
        rendering.say(f"The fund '{step.fund}' then holds {held:,f}.")


def _head(part: Part) -> tuple[object, object]:
    rate = "undecided" if part.rate is None else rendering.percent(part.rate)
    return part.base, rate
