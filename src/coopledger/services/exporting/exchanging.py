"""The sheet of solidarity: what passed between this enterprise and the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import RECEIVES
from coopledger.phrases import Phrase
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.federating.showing import solidarity_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject
    from coopledger.services.federating.showing import Fund
    from coopledger.services.federating.showing import Passage

SOLIDARITY = "Solidarity"

_MATCHES = {
    "matched": Phrase("says the same"),
    "unmatched": Phrase("says something else"),
    "unknown": Phrase("not at hand"),
}

_PASSAGES = Columns.of(
    Column("date", "Date", 12),
    Column("id", "Transfer", 22),
    Column("peer", "Other enterprise", 22),
    Column("nature", "What it is", 16),
    Column("fund", "Fund", 14),
    Column("paid", "Paid", 16, "solidarity_paid"),
    Column("received", "Received", 16, "solidarity_received"),
    Column("match", "The other book", 20),
    Column("why", "What is different", 46),
    Column("links", "Resolution", 18),
)
_FUNDS = Columns.of(
    Column("name", "Fund", 24),
    Column("opening", "Opening", 18),
    Column("received", "Received", 18),
    Column("given", "Given", 18),
    Column("closing", "Closing", 18),
)
_DUES = Columns.of(
    Column("peer", "Other enterprise", 24),
    Column("amount", "Owes this one", 18),
)


def solidarity_sheets(subject: Subject) -> Iterator[Sheet]:
    """Make the sheet, where the book says anything of other enterprises."""
    fiscal = subject.fiscal
    page = solidarity_of(
        subject.books, fiscal.start, fiscal.end, subject.wish.neighbours
    )
    if not (page.passages or page.funds or page.dues):
        return
    draft = subject.draft(
        SOLIDARITY, "What passed between enterprises, and what is due"
    )
    draft.begin(
        SOLIDARITY,
        subject.subtitle,
        Phrase("Each transfer is held against the other enterprise's book.")
        if page.is_known
        else Phrase(
            "The other enterprises' books were not at hand, so that nothing is held "
            "against them."
        ),
        *page.troubles,
    )
    _passages(subject, draft, page.passages)
    if page.funds:
        _funds(subject, draft, page.funds)
    if page.dues:
        draft.table(
            "dues",
            _DUES,
            page.dues.items(),
            lambda due, _: {"peer": text(due[0]), "amount": fact(due[1], "money")},
            caption="What other enterprises owe; negative is owed to them",
        )
    yield draft.done


def _passages(subject: Subject, draft: Draft, passages: Sequence[Passage]) -> None:
    net = subject.arithmetic.net
    sums = {
        "paid": sum((_paid(one) for one in passages), ZERO),
        "received": sum((_received(one) for one in passages), ZERO),
    }
    draft.table(
        "transfers",
        _PASSAGES,
        passages,
        lambda one, _: _passage_row(one),
        total=lambda over: {
            "date": Cell(Phrase("Total"), "strong", "total"),
            **{
                key: summed(net(f"SUBTOTAL(109,{over[key]})"), amount, "money")
                for key, amount in sums.items()
            },
        },
        filtered=True,
    )


def _paid(one: Passage) -> Decimal:
    return one.transfer.amount if one.transfer.side == GIVES else ZERO


def _received(one: Passage) -> Decimal:
    return one.transfer.amount if one.transfer.side == RECEIVES else ZERO


def _passage_row(one: Passage) -> Row:
    transfer = one.transfer
    return {
        "date": Cell(transfer.date, "date"),
        "id": text(transfer.id),
        "peer": text(transfer.peer),
        "nature": text(Phrase(transfer.nature) if transfer.nature else ""),
        "fund": text(transfer.fund),
        "paid": fact(_paid(one), "money"),
        "received": fact(_received(one), "money"),
        "match": text(_MATCHES[one.match]),
        "why": text(one.why, "wrapped"),
        "links": text(", ".join(transfer.links)),
    }


def _funds(subject: Subject, draft: Draft, funds: Sequence[Fund]) -> None:
    net = subject.arithmetic.net

    def row(one: Fund, at: Addresses) -> Row:
        moved = f"{at['opening']}+{at['received']}-{at['given']}"
        return {
            "name": text(one.name),
            "opening": fact(one.opening, "money"),
            "received": fact(one.received, "money"),
            "given": fact(one.given, "money"),
            "closing": live(net(moved), one.closing, "money"),
        }

    draft.table(
        "federal_funds", _FUNDS, funds, row, caption="Funds that the book holds"
    )
