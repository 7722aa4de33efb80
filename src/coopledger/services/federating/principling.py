"""Lists of principles, and a federation's year measured by one of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from coopledger.domain.principles import MEASURES
from coopledger.domain.principles import Measure
from coopledger.domain.principles import measure
from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.law.strictly import Strict
from coopledger.law.strictly import read_strictly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.statements import View
    from coopledger.services.federating.consolidating import Consolidation

#: Name of a federation's own list, beside its main book.
OWN_LIST = "principles.toml"

_FOLDER = "principles"


class PrinciplesUnknownError(CoopledgerError):
    """There is no list of principles of that name."""

    def __init__(self, name: str) -> None:
        """Offer the nearest one."""
        super().__init__(
            f"There is no list of principles '{name}'{offer_nearest(name, shipped())} "
            f"A federation's own is a file {OWN_LIST} beside its book."
        )


class PrinciplesUnreadableError(CoopledgerError):
    """A list of principles is not as it should be."""

    def __init__(self, path: str, problems: list[str]) -> None:
        """Name the file and everything that is wrong in it."""
        super().__init__(
            f"{path} is no list of principles: {'; '.join(problems)}. Correct the "
            "file; docs/federation.md shows its form."
        )


class Principle(Strict):
    """One principle, and what speaks of it.

    Attributes:
        title: What it is called.
        text: The federation's own words, or "".
        measures: Ids of measures; none where no book can tell.
    """

    title: str
    text: str = ""
    measures: list[str]


class Principles(Strict):
    """A list of principles.

    Attributes:
        id: Its id.
        title: What it is called.
        source: Where it is from.
        confidence: ``seen`` where the source was read, ``background`` otherwise.
        principle: The principles, in order.
    """

    id: str
    title: str
    source: str
    confidence: str = "background"
    principle: list[Principle]


@dataclass(frozen=True, slots=True)
class Measured:
    """A principle with its figures; none where it cannot be measured from books."""

    principle: Principle
    measures: tuple[Measure, ...]


def shipped() -> list[str]:
    """Return the ids of the lists that come with the program."""
    folder = resources.files("coopledger.services.federating").joinpath(_FOLDER)
    return sorted(
        one.name.removesuffix(".toml")
        for one in folder.iterdir()
        if one.name.endswith(".toml")
    )


def read_principles(name: str, own: Path) -> Principles:
    """Read a list of principles.

    Args:
        name: Id of one that comes with the program, or "" for the federation's own.
        own: Where the federation's own would be.

    Returns:
        The list; without a name and without an own one, Mondragón's.

    Raises:
        PrinciplesUnknownError: There is none of that name.
        PrinciplesUnreadableError: With all problems of the file.
    """
    if not name and own.is_file():
        return _read(own.read_bytes(), str(own))
    name = name or "mondragon"
    if name not in shipped():
        raise PrinciplesUnknownError(name)
    folder = resources.files("coopledger.services.federating").joinpath(_FOLDER)
    return _read(folder.joinpath(f"{name}.toml").read_bytes(), f"{name}.toml")


def _read(data: bytes, path: str) -> Principles:
    found = read_strictly(data, Principles, partial(PrinciplesUnreadableError, path))
    unknown = [
        f"there is no measure '{name}'{offer_nearest(name, MEASURES)}"
        for one in found.principle
        for name in one.measures
        if name not in MEASURES
    ]
    if unknown:
        raise PrinciplesUnreadableError(path, unknown)
    return found


@dataclass(frozen=True, slots=True)
class Reservation:
    """Why the figures of an enterprise are none, or not its last ones.

    Attributes:
        enterprise: Its id.
        kind: ``missing``, ``earlier``, ``unfinished``, ``open`` or ``findings``.
        why: What is so, one sentence.
    """

    enterprise: str
    kind: str
    why: str


def reservations(group: Consolidation) -> Iterator[Reservation]:
    """Name whose figures are missing from a year, or will still change."""
    for name, why in group.out.items():
        yield Reservation(name, "missing", f"'{name}' is left out: {why}")
    for name, view in group.views.items():
        book, year = view.book, view.year
        if year.end != group.end:
            why = f"'{name}' is in with its year to {year.end}."
            yield Reservation(name, "earlier", why)
        if book.last < year.end:
            why = (
                f"The book of '{name}' ends on {book.last}, before its fiscal year "
                f"{year.label} does on {year.end}: it is in as far as it goes."
            )
            yield Reservation(name, "unfinished", why)
        if year.has_activity and not year.is_closed:
            why = (
                f"Fiscal year {year.label} of '{name}' is still open: what becomes of "
                "its surplus is not measured before it is distributed."
            )
            yield Reservation(name, "open", why)
        if book.found:
            why = (
                f"'{name}' is in as its book stands, which "
                f"'coopledger check' finds fault with ({book.found})."
            )
            yield Reservation(name, "findings", why)


def measure_all(
    principles: Principles, views: Mapping[str, View], unit: Decimal
) -> list[Measured]:
    """Measure a federation's year by a list of principles.

    Args:
        principles: The list.
        views: The enterprises by id.
        unit: The smallest unit of the group's currency.
    """
    known = {
        name: measure(name, views, unit)
        for one in principles.principle
        for name in one.measures
    }
    return [
        Measured(one, tuple(known[name] for name in one.measures))
        for one in principles.principle
    ]
