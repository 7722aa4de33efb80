"""Mirrored entries for every book of a federation, out of a year that is shared."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.transfers import name_of
from coopledger.errors import CoopledgerError
from coopledger.errors import ResolutionUnknownError
from coopledger.journal.finding import MARKER
from coopledger.journal.joint import Proposal
from coopledger.journal.joint import finish
from coopledger.journal.joint import write_together
from coopledger.journal.querying import forget
from coopledger.services.checking import findings_by
from coopledger.services.federating.sharing import YearNotSharedError
from coopledger.services.federating.sharing import booked_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.findings import Finding
    from coopledger.domain.solidarity import FederalShare
    from coopledger.domain.solidarity import FederalStep
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.reading import Progress
    from coopledger.services.federating.sharing import Shared


class NothingDecidedError(CoopledgerError):
    """The federation decided no rate of what is asked for."""

    def __init__(self, names: Iterable[str], on: datetime.date) -> None:
        """Name the parameters and how to decide one."""
        listed = sorted(names)
        super().__init__(
            f"Nothing is decided for {on}: {' and '.join(listed)} has no value. "
            f"Record the decision in the federation's book: DATE custom \"coop-"
            f'parameter" "{listed[0]}" RATE, with its resolution.'
        )


@dataclass(frozen=True, slots=True)
class Mirrored:
    """One transfer to be, as it stands in both books.

    Attributes:
        id: Its id.
        step: The step that it comes of.
        enterprise: The enterprise; the other side is the federation.
        net: What the enterprise receives; negative what it gives.
        date: Its day in both books.
    """

    id: str
    step: FederalStep
    enterprise: str
    net: Decimal
    date: datetime.date


@dataclass(frozen=True, slots=True)
class JointProposal:
    """What a year's steps of one kind come to, and what is left to book.

    Attributes:
        shared: The year, all steps of it.
        kind: ``pool``, ``fund`` or ``aid``.
        resolution: Id of the decision, or "" for a draft.
        transfers: What is not booked yet.
    """

    shared: Shared
    kind: str
    resolution: str
    transfers: tuple[Mirrored, ...]

    @property
    def shares(self) -> list[FederalShare]:
        """What comes of the steps of the kind."""
        return self.shared.of_kind(self.kind)

    @property
    def decided(self) -> list[FederalShare]:
        """Those of them that have a rate."""
        return [one for one in self.shares if _has_rate(one)]

    @property
    def is_booked(self) -> bool:
        """Whether there is nothing left to book."""
        return not self.transfers


def propose(shared: Shared, kind: str, resolution: str) -> JointProposal:
    """Propose what is not booked yet of a year's steps of one kind.

    Args:
        shared: The year.
        kind: ``pool``, ``fund`` or ``aid``.
        resolution: Id of the decision, on file in the federation's book; "" for none.

    Raises:
        NothingDecidedError: No step of the kind has a rate.
        ResolutionUnknownError: No such resolution is on file.
        YearNotSharedError: An earlier step is not booked, something else was booked, a
            year is distributed already, or the decision is older than the year.
    """
    asked = shared.of_kind(kind)
    if not any(map(_has_rate, asked)):
        raise NothingDecidedError((one.step.rate for one in asked), shared.on)
    day = _day_of(shared, resolution)
    earlier = list(itertools.takewhile(lambda one: one not in asked, shared.shares))
    for share in earlier:
        for name, _ in _open(shared, share):
            raise YearNotSharedError(
                shared.year,
                f"'{share.step.title}' comes first, and what '{name}' has in it is not "
                "booked yet.",
            )
    transfers = [
        _mirrored(shared, share.step, name, net, day)
        for share in asked
        for name, net in _open(shared, share)
    ]
    _refuse_overdrawn(shared, transfers)
    return JointProposal(shared, kind, resolution, tuple(transfers))


def _refuse_overdrawn(shared: Shared, transfers: Iterable[Mirrored]) -> None:
    """Refuse what a fund cannot give on its day, though it holds enough later.

    Where all is booked at each year's own end, and the years end on different days, an
    enterprise may be helped before the others have fed the fund.
    """
    own = shared.federation.own
    for fund, given in _by_fund(transfers).items():
        held = [(one.date, one.amount) for one in own.funds if one.name == fund]
        changes = sorted([*held, *((one.date, -one.net) for one in given)])
        first = min(one.date for one in given)
        total = ZERO
        for day, moves in itertools.groupby(changes, lambda change: change[0]):
            total += sum((amount for _, amount in moves), ZERO)
            if total < 0 and day >= first:
                raise YearNotSharedError(
                    shared.year,
                    f"on {day} the fund '{fund}' would be at {total}, because it is "
                    "fed later than it gives. Book on the day of the decision "
                    "(parameter 'federation.booking'), or give less aid.",
                )


def _by_fund(transfers: Iterable[Mirrored]) -> dict[str, list[Mirrored]]:
    """Return what each fund is to give, and what it receives beside it."""
    found: dict[str, list[Mirrored]] = {}
    for one in transfers:
        if one.step.fund:
            found.setdefault(one.step.fund, []).append(one)
    giving = {fund for fund, own in found.items() if any(one.net > 0 for one in own)}
    return {fund: own for fund, own in found.items() if fund in giving}


def _has_rate(share: FederalShare) -> bool:
    return any(part.rate is not None for part in share.parts.values())


def _day_of(shared: Shared, resolution: str) -> datetime.date:
    """Return the day of the decision, or the first day on which it can be taken."""
    last = max(year.end for year in shared.years.values())
    if not resolution:
        return last + ONE_DAY
    decisions = {one.id: one.date for one in shared.federation.own.decisions}
    if resolution not in decisions:
        raise ResolutionUnknownError(resolution, decisions)
    if decisions[resolution] <= last:
        raise YearNotSharedError(
            shared.year,
            f"resolution {resolution} is of {decisions[resolution]}, and the year of "
            f"the last enterprise ends on {last}.",
        )
    return decisions[resolution]


def _open(shared: Shared, share: FederalShare) -> Iterator[tuple[str, Decimal]]:
    """Return what of a step is booked nowhere yet, by enterprise.

    Raises:
        YearNotSharedError: It was booked otherwise, or in one of the books only.
    """
    federation, year = shared.federation, shared.year
    own = federation.own
    for name, net in share.nets.items():
        book = federation.enterprises[name]
        here = booked_of(book, share.step, year, own.id)
        there = booked_of(own, share.step, year, name)
        if here is None and there is None:
            if net:
                yield name, net
        elif _is_less_aid(share, here, there, net):
            continue
        elif here != net or there != -net:
            raise YearNotSharedError(
                year,
                f"'{share.step.title}' gives '{name}' {net}; its own book has "
                f"{here or 0} and the federation's {-(there or 0)}. Correct what is "
                "booked, or decide otherwise for this enterprise.",
            )


def _is_less_aid(
    share: FederalShare, here: Decimal | None, there: Decimal | None, net: Decimal
) -> bool:
    """Say whether less aid was given than could be: its cap is a limit, and no more."""
    is_same = here is not None and there == -here
    return share.step.kind == "aid" and is_same and ZERO <= (here or ZERO) <= net


def _mirrored(
    shared: Shared, step: FederalStep, name: str, net: Decimal, day: datetime.date
) -> Mirrored:
    year = shared.years[name]
    at_end = (
        not step.of
        and shared.federation.policy.text("federation.booking", shared.on, "")
        == "year-end"
    )
    if at_end and year.is_closed and year.has_activity:
        raise YearNotSharedError(
            shared.year,
            f"'{name}' has distributed its result already, and {step.title.lower()} "
            "would change it. Take that distribution out first, or book on the day of "
            "the decision (parameter 'federation.booking').",
        )
    date = year.end if at_end else day
    return Mirrored(_free_id(shared, step, name), step, name, net, date)


def _free_id(shared: Shared, step: FederalStep, name: str) -> str:
    """Return an id that no transfer of the federation has."""
    taken = {
        transfer.id
        for book in shared.federation.books.values()
        for transfer in book.transfers
    }
    plain = f"{step.id.upper()}-{shared.year}-{name_of(name)}"
    numbered = (f"{plain}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([plain], numbered) if one not in taken)


def marker_of(federation: Federation) -> Path:
    """Return where it is told what is being written."""
    return federation.paths[federation.own.id].parent / MARKER


def write_joint(
    federation: Federation,
    proposals: Sequence[Proposal],
    progress: Progress | None = None,
) -> list[Path]:
    """Write proposals into all their books, or into none.

    Args:
        federation: The federation.
        proposals: The proposals, each for a book of its own.
        progress: Told how many books are checked, and how many there are.

    Raises:
        CoopledgerError: A file exists, a proposal would bring findings, or a book was
            saved meanwhile.
    """
    if not proposals:
        return []
    marker = marker_of(federation)
    return write_together(proposals, marker, _findings_once, progress)


def _findings_once(path: Path, until: datetime.date) -> list[Finding]:
    """Check a book as `findings_by` does, and let go of it: others follow."""
    found = findings_by(path, until)
    forget(str(path))
    return found


def finish_interrupted(federation: Federation) -> list[Path]:
    """Finish what a run that was killed had begun to write into the books."""
    return finish(marker_of(federation))
