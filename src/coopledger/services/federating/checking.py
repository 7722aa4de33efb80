"""A federation's check: both sides of every transfer, and what is owed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.moving import wrong_moves
from coopledger.domain.pairing import pair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopledger.domain.findings import Finding
    from coopledger.domain.pairing import Pairing
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


def _not_as_decided(federation: Federation) -> Iterable[Finding]:
    """Find what was shared otherwise than it was decided, where anything was."""
    if all(one.year is None for one in federation.own.transfers):
        return ()
    from coopledger.services.federating import deciding  # noqa: PLC0415 - see above

    return deciding.not_as_decided(federation)


def _days(federation: Federation) -> int:
    last = max(book.last for book in federation.books.values())
    on = last if last > datetime.date.min else datetime.date.today()  # noqa: DTZ011
    return int(federation.policy.number("transfer.days", on))
