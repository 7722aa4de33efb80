"""A federation's check: both sides of every transfer, and what is owed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.mismatches import Side
from coopledger.domain.moving import wrong_moves
from coopledger.domain.pairing import pair
from coopledger.errors import CoopledgerError
from coopledger.services.federating.sharing import booked_in
from coopledger.services.federating.sharing import share_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.findings import Finding
    from coopledger.domain.pairing import Pairing
    from coopledger.domain.solidarity import FederalShare
    from coopledger.rules.federal import FederalRule
    from coopledger.services.federating.gathering import Federation


@dataclass(frozen=True, slots=True)
class FederationCheck:
    """What came of checking a federation.

    Attributes:
        federation: The federation.
        days: How many days both sides of a transfer may be apart.
        pairing: All transfers, matched or not.
        findings: All that is wrong between the books, by place.
    """

    federation: Federation
    days: int
    pairing: Pairing
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether all books were read, whole, and nothing is wrong between them."""
        is_whole = not (self.federation.troubles or self.federation.is_interrupted)
        return is_whole and not self.findings


def check_federation(
    federation: Federation, days: int | None = None
) -> FederationCheck:
    """Hold the books of a federation against each other.

    Args:
        federation: The federation.
        days: How many days both sides of a transfer may be apart; without it, what
            the federation decided.
    """
    allowed = _days(federation) if days is None else days
    unread = {trouble.id for trouble in federation.troubles}
    pairing = pair(federation.books, unread, allowed)
    moved = wrong_moves(federation.books, unread, allowed)
    findings = [
        _rule(mismatch.kind).finding(side)
        for mismatch in (*pairing.mismatches, *moved)
        for side in mismatch.sides
    ]
    findings += _not_as_decided(federation)
    findings.sort(key=lambda finding: finding.sort_key)
    return FederationCheck(federation, allowed, pairing, tuple(findings))


def _rule(kind: str) -> FederalRule:
    """Return the rule that a kind of mismatch breaks.

    All rules are loaded with it, which a federation where nothing is wrong has no use
    for.
    """
    from coopledger.rules.federal import BY_KIND  # noqa: PLC0415 - see above

    return BY_KIND[kind]


# --- what was decided -----------------------------------------------------------------


def _not_as_decided(federation: Federation) -> Iterator[Finding]:
    """Find what was booked of pools, funds and aid otherwise than it was decided.

    A year that cannot be worked out, because a book is missing or does not reach it, is
    not judged; nor is what is booked nowhere yet.
    """
    years = {
        transfer.year
        for transfer in federation.own.transfers
        if transfer.year is not None
    }
    for year in sorted(years):
        try:
            shared = share_year(federation, year)
        except CoopledgerError:
            continue
        for share in shared.shares:
            for name, part in share.parts.items():
                if part.rate is not None:
                    yield from _of_part(federation, share, name, year)


def _of_part(
    federation: Federation, share: FederalShare, name: str, year: int
) -> Iterator[Finding]:
    """Compare one enterprise's part with both books."""
    step, own, net = share.step, federation.own, share.nets[name]
    for book, peer, due in (
        (federation.enterprises[name], own.id, net),
        (own, name, -net),
    ):
        booked = booked_in(book, step, year, peer)
        amount = sum((one.signed for one in booked), ZERO)
        is_less_aid = step.kind == "aid" and abs(amount) <= abs(due)
        if booked and amount != due and not is_less_aid:
            yield _rule("pool").finding(
                Side(
                    book.id,
                    f"'{step.title}' of fiscal year {year} comes to {due} with "
                    f"'{peer}', and {amount} is booked.",
                    booked[-1].origin,
                    booked[-1].date,
                    amount,
                    due,
                )
            )


def _days(federation: Federation) -> int:
    last = max(book.last for book in federation.books.values())
    on = last if last > datetime.date.min else datetime.date.today()  # noqa: DTZ011
    return int(federation.policy.number("transfer.days", on))
