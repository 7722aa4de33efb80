"""Members who go from one enterprise of a federation to another, by both registers.

They leave in one and join in the other, under the id by which the whole federation
knows them, and their capital goes along: as a transfer that both books have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.mismatches import ALLOTMENT
from coopledger.domain.mismatches import CAPITAL
from coopledger.domain.mismatches import MOVE
from coopledger.domain.mismatches import Mismatch
from coopledger.domain.mismatches import Side
from coopledger.domain.transfers import CAPITAL_MOVED
from coopledger.errors import offer_nearest

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import Move
    from coopledger.domain.findings import Origin
    from coopledger.domain.transfers import Transfer

    Books = Mapping[str, EnterpriseSummary]


def wrong_moves(books: Books, unread: Collection[str], days: int) -> Iterator[Mismatch]:
    """Hold all registers against each other, and against the capital that moved.

    Args:
        books: The books by enterprise.
        unread: Enterprises whose books cannot be had.
        days: How many days the dates of both sides may be apart.
    """
    for name, book in books.items():
        for move in book.moves:
            if move.peer not in unread:
                yield from _of_move(books, name, move, days)
        for transfer in book.transfers:
            is_moved = transfer.nature == CAPITAL_MOVED and transfer.peer in books
            if is_moved and not _is_known(book.moves, transfer):
                yield _unregistered(books, name, transfer)


def _of_move(books: Books, name: str, move: Move, days: int) -> Iterator[Mismatch]:
    if move.peer not in books or move.peer == name:
        known = [one for one in books if one != name]
        found = (
            f"'{move.peer}' is no other enterprise of the federation"
            f"{offer_nearest(move.peer, known)}"
        )
        yield Mismatch(MOVE, "", (Side(name, found, move.origin, move.date),))
        return
    if not any(_is_other_side(move, name, one, days) for one in books[move.peer].moves):
        yield _one_sided(books, name, move)
    elif move.leaves_capital:
        here = (
            f"{_who(move)} goes to '{move.peer}' on {move.date}, and not all of their "
            "capital of that day goes along."
        )
        there = (
            f"'{name}' did not transfer all the capital of {_who(move)}, who comes "
            f"from there on {move.date} ({_where(move.origin)})."
        )
        yield Mismatch(CAPITAL, "", _sides(books, name, move, here, there))
    elif move.loses_years:
        here = (
            f"{_who(move)} goes to '{move.peer}' on {move.date}, and what was retained "
            "goes along as of other years than those for which it was allotted here."
        )
        there = (
            f"What was retained of {_who(move)}, who comes from '{name}' on "
            f"{move.date}, was allotted there for other years than the transfer says "
            f"({_where(move.origin)})."
        )
        yield Mismatch(ALLOTMENT, "", _sides(books, name, move, here, there))


def _is_other_side(move: Move, name: str, other: Move, days: int) -> bool:
    return (
        bool(move.person)
        and other.person == move.person
        and other.peer == name
        and other.is_leaving is not move.is_leaving
        and abs((other.date - move.date).days) <= days
    )


def _one_sided(books: Books, name: str, move: Move) -> Mismatch:
    """Report a line of a register that the other one knows nothing of."""
    verb, lack = ("goes to", "join") if move.is_leaving else ("comes from", "leave")
    if not move.person:
        here = (
            f"Somebody {verb} '{move.peer}' on {move.date}, and without "
            "federation-member nobody can tell who they are there."
        )
    else:
        here = (
            f"{_who(move)} {verb} '{move.peer}' on {move.date}, and does not {lack} "
            "there about that day."
        )
    there = (
        f"By the register of '{name}' ({_where(move.origin)}) {_who(move)} {verb} "
        f"'{move.peer}' on {move.date}; here they do not {lack} about that day."
    )
    return Mismatch(MOVE, "", _sides(books, name, move, here, there))


def _is_known(moves: Iterable[Move], transfer: Transfer) -> bool:
    return bool(transfer.person) and any(
        one.person == transfer.person and one.peer == transfer.peer for one in moves
    )


def _unregistered(books: Books, name: str, transfer: Transfer) -> Mismatch:
    """Report capital that moved with nobody."""
    here = (
        f"Transfer '{transfer.id}' moves capital to or from '{transfer.peer}', and by "
        "the register nobody whose capital it could be goes there or comes from there."
    )
    there = (
        f"Transfer '{transfer.id}' moves capital, and the register of '{name}' has "
        f"nobody whose it could be ({_where(transfer.origin)})."
    )
    sides = _sides(books, name, transfer, here, there)
    return Mismatch(CAPITAL, transfer.id, sides)


def _sides(
    books: Books, name: str, line: Move | Transfer, here: str, there: str
) -> tuple[Side, Side]:
    """Say it in the book where the line stands, and in that of its peer."""
    return (
        Side(name, here, line.origin, line.date),
        Side(line.peer, there, books[line.peer].origin, line.date),
    )


def _who(move: Move) -> str:
    return f"'{move.person}'" if move.person else "somebody"


def _where(origin: Origin) -> str:
    return f"{origin.file}:{origin.line}"
