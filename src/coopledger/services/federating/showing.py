"""Showing one enterprise's place in its federation: funds, transfers, pool, dues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError
from coopledger.services.federating.caching import contents_of
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import Settings
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.sharing import share_year

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.domain.findings import Origin
    from coopledger.domain.solidarity import FederalShare
    from coopledger.domain.transfers import Transfer
    from coopledger.services.federating.checking import FederationCheck

#: Whether the other book tells the same of a transfer; unknown where it is not at hand.
Match = Literal["matched", "unmatched", "unknown"]

_FUND = frozenset({"fund"})
_DUES = {"due-from": 1, "due-to": -1}


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund that the book holds: what came in and went out in the period."""

    name: str
    opening: Decimal
    received: Decimal
    given: Decimal

    @property
    def closing(self) -> Decimal:
        """What it holds at the end of the period."""
        return self.opening + self.received - self.given


@dataclass(frozen=True, slots=True)
class Passage:
    """One transfer, with what the other book says.

    Attributes:
        transfer: The transfer.
        match: Whether the other book tells the same.
        why: What is wrong, where it does not.
    """

    transfer: Transfer
    match: Match
    why: str


@dataclass(frozen=True, slots=True)
class PoolYear:
    """A year that the federation shares out: each step with every enterprise's part.

    Attributes:
        year: The fiscal year.
        shares: The steps; none where it cannot be worked out.
        why: Why not, one sentence.
    """

    year: int
    shares: tuple[FederalShare, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The books of a federation beside one another, as they were read.

    Attributes:
        check: The books, and what holding them against each other gave.
        files: Every file of them with its size and the time of its last change.
    """

    check: FederationCheck
    files: tuple[tuple[Path, int, int], ...]

    @property
    def is_outdated(self) -> bool:
        """Whether any of the files was changed or is gone."""
        return self.files != tuple(_stamps(path for path, *_ in self.files))


@dataclass(frozen=True, slots=True)
class SolidarityPage:
    """What passes between one enterprise and the others.

    Attributes:
        enterprise: Its id.
        funds: The funds that it holds.
        passages: Transfers of the period.
        dues: What each other enterprise owes it (below zero: what it owes).
        years: The years shared out.
        is_known: Whether the others' books are at hand.
        troubles: Books that could not be read, in words.
    """

    enterprise: str
    funds: tuple[Fund, ...]
    passages: tuple[Passage, ...]
    dues: dict[str, Decimal]
    years: tuple[PoolYear, ...]
    is_known: bool
    troubles: tuple[str, ...]


def neighbours_of(path: Path, cache: Path | None = None) -> Neighbours:
    """Read a federation and hold its books against each other.

    Args:
        path: The federation's book, or a folder of books of which one is.
        cache: Folder of kept summaries, or None for none.

    Raises:
        CoopledgerError: There is no federation's book, or it cannot be read.
    """
    federation = gather(path, Settings(cache=cache))
    files: dict[Path, None] = {}
    for main in federation.paths.values():
        files |= dict.fromkeys(_contents(main))
    return Neighbours(check_federation(federation), tuple(_stamps(files)))


def _contents(main: Path) -> list[Path]:
    try:
        return [*contents_of(main).digests]
    except OSError:
        return [main]


def _stamps(files: Iterable[Path]) -> Iterator[tuple[Path, int, int]]:
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            yield path, -1, -1
        else:
            yield path, stat.st_size, stat.st_mtime_ns


def solidarity_of(
    books: Books,
    start: datetime.date,
    end: datetime.date,
    neighbours: Neighbours | None = None,
) -> SolidarityPage:
    """Return what passed between an enterprise and the others in a period.

    Args:
        books: The enterprise's book.
        start: First day of the period.
        end: Last day.
        neighbours: The federation's books, where they are at hand.
    """
    check = neighbours.check if neighbours else None
    passing = [one for one in books.transfers if start <= one.date <= end]
    told = _told(check, books) if check else {}
    return SolidarityPage(
        enterprise=books.enterprise,
        funds=tuple(_funds(books, start, end)),
        passages=tuple(_passage(one, told, check) for one in passing),
        dues=_dues(books, end),
        years=tuple(_years(check, books, start, end)) if check else (),
        is_known=check is not None,
        troubles=tuple(one.why for one in check.federation.troubles) if check else (),
    )


def _funds(books: Books, start: datetime.date, end: datetime.date) -> Iterator[Fund]:
    sums: dict[str, list[Decimal]] = {}
    for booking, leg in books.traces_in(_FUND):
        if booking.date > end:
            continue
        own = sums.setdefault(leg.name, [ZERO, ZERO, ZERO])
        if booking.date < start or booking.kind == "opening":
            own[0] += leg.amount
        elif leg.amount > 0:
            own[1] += leg.amount
        else:
            own[2] -= leg.amount
    return (Fund(name, *own) for name, own in sums.items())


def _dues(books: Books, end: datetime.date) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for booking, leg in books.traces_in(frozenset(_DUES)):
        if booking.date <= end:
            amount = _DUES[leg.role] * leg.amount
            found[leg.name] = found.get(leg.name, ZERO) + amount
    return {name: amount for name, amount in found.items() if amount}


def _told(check: FederationCheck, books: Books) -> dict[Origin, tuple[Match, str]]:
    """Return what the other books say of each transfer, by its place in this one."""
    told: dict[Origin, tuple[Match, str]] = {}
    for pair in check.pairing.matched:
        for entry in pair:
            if entry.book == books.enterprise:
                told[entry.transfer.origin] = ("matched", "")
    for mismatch in check.pairing.mismatches:
        for side in mismatch.sides:
            if side.book == books.enterprise:
                told[side.origin] = ("unmatched", side.found)
    return told


def _passage(
    transfer: Transfer,
    told: dict[Origin, tuple[Match, str]],
    check: FederationCheck | None,
) -> Passage:
    is_federal = check is not None and transfer.peer in check.federation.books
    unsaid: tuple[Match, str] = ("unknown", "")
    match, why = told.get(transfer.origin, unsaid) if is_federal else unsaid
    return Passage(transfer, match, why)


def _years(
    check: FederationCheck, books: Books, start: datetime.date, end: datetime.date
) -> Iterator[PoolYear]:
    """Return the years of the period that the federation shares out, latest first."""
    for label, figures in reversed(books.years.items()):
        fiscal = figures.fiscal
        if fiscal.end < start or fiscal.start > end:
            continue
        try:
            shares = share_year(check.federation, label).shares
        except CoopledgerError as error:
            yield PoolYear(label, (), error.words)
        else:
            yield PoolYear(label, shares)
