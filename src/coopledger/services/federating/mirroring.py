"""Mirrored entries as each book is to have them, worked out book by book.

Books are read for it as they are for their summaries: in parallel, and only what is
proposed comes back.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from coopledger.domain.transfers import name_of
from coopledger.journal.joint import Proposal
from coopledger.journal.joint import proposal_for
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg
from coopledger.services.federating.caching import contents_of
from coopledger.services.federating.reading import read_all
from coopledger.services.federating.sharing import YearNotSharedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.solidarity import FederalStep
    from coopledger.journal.chart import Chart
    from coopledger.journal.loading import Book
    from coopledger.services.federating.proposing import JointProposal
    from coopledger.services.federating.proposing import Mirrored
    from coopledger.services.federating.reading import Progress


def proposals_of(
    joint: JointProposal, progress: Progress | None = None
) -> list[Proposal]:
    """Return the entries for each book concerned, the federation's own first.

    Args:
        joint: What is to be booked.
        progress: Told how many books are done, and how many there are.

    Raises:
        YearNotSharedError: A book is not to be had any more, or its chart lacks an
            account.
    """
    federation, year = joint.shared.federation, joint.shared.year
    concerned = dict.fromkeys(one.enterprise for one in joint.transfers)
    names = [federation.own.id, *concerned] if concerned else []
    jobs = {name: _job(joint, name) for name in names}
    books = {name: contents_of(federation.paths[name]) for name in names}
    more = partial(_proposal, jobs=jobs)
    found: dict[str, Proposal] = {}
    for name, (_, _, why, made) in read_all(books, len(books), None, progress, more):
        if not isinstance(made, Proposal):
            raise YearNotSharedError(
                year, f"in the book of '{name}' it cannot be booked. {why}"
            )
        found[name] = made
    return [found[name] for name in names]


@dataclass(frozen=True, slots=True)
class _Job:
    """What one book is to have, and all words for it: other processes know no more.

    Attributes:
        name: What the new file is called, unless that is taken.
        planned: Each transaction without its postings.
        sides: Of each transaction the step, the peer, what the book receives, and
            whether it is the federation's own.
    """

    name: str
    planned: tuple[Planned, ...]
    sides: tuple[tuple[FederalStep, str, Decimal, bool], ...]


def _job(joint: JointProposal, name: str) -> _Job:
    federation = joint.shared.federation
    is_own = name == federation.own.id
    planned, sides = [], []
    for one in joint.transfers:
        if name in {federation.own.id, one.enterprise}:
            peer = one.enterprise if is_own else federation.own.id
            planned.append(_planned(joint, one, peer))
            sides.append((one.step, peer, -one.net if is_own else one.net, is_own))
    plain = f"federation-{joint.kind}-{joint.shared.year}"
    return _Job(plain, tuple(planned), tuple(sides))


def _planned(joint: JointProposal, one: Mirrored, peer: str) -> Planned:
    return Planned(
        date=one.date,
        payee=joint.shared.federation.books[peer].title,
        narration=f"{one.step.title}, fiscal year {joint.shared.year}",
        year=None,
        kind="",
        link=joint.resolution,
        legs=(),
        tags=frozenset(),
        metadata={
            "coop-transfer": one.id,
            "coop-peer": peer,
            "coop-nature": one.step.nature,
            "coop-year": str(joint.shared.year),
        },
    )


def _proposal(book: Book, jobs: Mapping[str, _Job]) -> Proposal:
    """Propose to one book what is its own, in whatever process."""
    job = jobs[book.case.books.enterprise]
    planned = [
        replace(plan, legs=_legs(book.chart, step, peer, amount, is_own=is_own))
        for plan, (step, peer, amount, is_own) in zip(
            job.planned, job.sides, strict=True
        )
    ]
    return proposal_for(book, _free_name(job.name, book), planned)


def _free_name(plain: str, book: Book) -> str:
    """Name the new file; what is added to a year goes into a file of its own."""
    included = {name.rpartition("/")[2] for name in book.options.get("include", ())}
    numbered = (f"{plain}-{number}" for number in itertools.count(2))
    names = itertools.chain([plain], numbered)
    return next(one for one in names if f"{one}.beancount" not in included)


def _legs(
    chart: Chart, step: FederalStep, peer: str, amount: Decimal, *, is_own: bool
) -> tuple[PlannedLeg, ...]:
    """Return what a transfer books: to whom it is owed, and what it is.

    Args:
        chart: The book's chart of accounts.
        step: The step.
        peer: The other enterprise.
        amount: What the book receives; negative what it gives.
        is_own: Whether it is the federation's own book.
    """
    due = chart.account("due-from" if amount > 0 else "due-to", peer=name_of(peer))
    role = _role(step, is_received=amount > 0, is_own=is_own)
    account = chart.account(role, fund=step.fund)
    first = PlannedLeg(due, amount, "")
    second = PlannedLeg(account, -amount, "")
    return (first, second) if amount > 0 else (second, first)


def _role(step: FederalStep, *, is_received: bool, is_own: bool) -> str:
    """Return what a transfer is booked to beside what is owed."""
    if step.kind == "pool":
        return "pool-received" if is_received else "pool-paid"
    if is_own:
        return "fund"
    return step.of or ("solidarity-received" if is_received else "solidarity-paid")
