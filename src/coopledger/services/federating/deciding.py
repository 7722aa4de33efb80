"""What a federation decided of pools, funds and aid, held against what is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.mismatches import Side
from coopledger.errors import CoopledgerError
from coopledger.rules.federal import BY_KIND
from coopledger.services.federating.sharing import booked_in
from coopledger.services.federating.sharing import share_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.findings import Finding
    from coopledger.domain.solidarity import FederalShare
    from coopledger.services.federating.gathering import Federation


def not_as_decided(federation: Federation) -> Iterator[Finding]:
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
            yield BY_KIND["pool"].finding(
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
