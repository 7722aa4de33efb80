"""Both sides of every transfer, held against each other.

A transfer is matched when exactly two books have it, each once and each naming the
other, one giving what the other receives.  Everything else is a mismatch: a value that
says in each of the books what is wrong there, and where the other line stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.mismatches import ALLOTMENT
from coopledger.domain.mismatches import AMOUNT
from coopledger.domain.mismatches import CURRENCY
from coopledger.domain.mismatches import DATE
from coopledger.domain.mismatches import DUES
from coopledger.domain.mismatches import MISSING
from coopledger.domain.mismatches import NATURE
from coopledger.domain.mismatches import PEER
from coopledger.domain.mismatches import PERSON
from coopledger.domain.mismatches import SIDE
from coopledger.domain.mismatches import TWICE
from coopledger.domain.mismatches import YEAR
from coopledger.domain.mismatches import Mismatch
from coopledger.domain.mismatches import Side
from coopledger.domain.sidewords import allotted_in_words
from coopledger.domain.sidewords import amount_in_words
from coopledger.domain.sidewords import currency_in_words
from coopledger.domain.sidewords import day_in_words
from coopledger.domain.sidewords import moved_in_words
from coopledger.domain.sidewords import nature_in_words
from coopledger.domain.sidewords import owing_in_words
from coopledger.domain.sidewords import peer_in_words
from coopledger.domain.sidewords import person_in_words
from coopledger.domain.sidewords import side_in_words
from coopledger.domain.sidewords import year_in_words
from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import is_named
from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase
from coopledger.phrases import all_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import Movement
    from coopledger.domain.findings import Origin
    from coopledger.domain.transfers import Transfer

    Books = Mapping[str, EnterpriseSummary]


@dataclass(frozen=True, slots=True)
class Entry:
    """A transfer in the book of one enterprise."""

    book: str
    transfer: Transfer

    @property
    def where(self) -> str:
        """File and line, for the other book's sentence."""
        return f"{self.transfer.origin.file}:{self.transfer.origin.line}"


@dataclass(frozen=True, slots=True)
class Pairing:
    """What came of holding all books against each other.

    Attributes:
        matched: Both sides of each transfer that is right, who gives first.
        mismatches: All that is wrong.
        unread: Transfers whose other book could not be had.
    """

    matched: tuple[tuple[Entry, Entry], ...]
    mismatches: tuple[Mismatch, ...]
    unread: tuple[Entry, ...]


def pair(books: Books, unread: Collection[str], days: int) -> Pairing:
    """Hold all transfers of all books against each other, and what they owe.

    Args:
        books: The books by enterprise.
        unread: Enterprises whose books cannot be had.
        days: How many days the dates of both sides may be apart.
    """
    matched, found, left = [], [], []
    for name, entries in _by_id(books).items():
        firsts, twice = _firsts(entries)
        pairs, lone = _partners(firsts)
        wrong = [mismatch for one in twice for mismatch in _twice(name, one, books)]
        for a, b in pairs:
            differing = [*_differences(a, b, days)]
            wrong += differing
            if not differing and not twice:
                matched.append((a, b) if a.transfer.side == GIVES else (b, a))
        for one in lone:
            if one.transfer.peer in unread:
                left.append(one)
            else:
                wrong.append(_alone(one, firsts, books))
        found += wrong
    found += _dues(books, days)
    return Pairing(tuple(matched), tuple(found), tuple(left))


def _by_id(books: Books) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for book, summary in books.items():
        for transfer in summary.transfers:
            found.setdefault(transfer.id, []).append(Entry(book, transfer))
    return found


def _firsts(entries: Iterable[Entry]) -> tuple[list[Entry], list[list[Entry]]]:
    """Return the first entry of each book, and all entries of those with several."""
    by_book: dict[str, list[Entry]] = {}
    for entry in entries:
        by_book.setdefault(entry.book, []).append(entry)
    several = [own for own in by_book.values() if len(own) > 1]
    return [own[0] for own in by_book.values()], several


def _partners(
    entries: Iterable[Entry],
) -> tuple[list[tuple[Entry, Entry]], list[Entry]]:
    """Put together who name each other, then whoever is left over with another."""
    left = list(entries)
    pairs: list[tuple[Entry, Entry]] = []
    for is_mutual in (True, False):
        for a, b in combinations(list(left), 2):
            if a in left and b in left and _is_mutual(a, b) is is_mutual:
                pairs.append((a, b))
                left = [one for one in left if one not in {a, b}]
    return pairs, left


def _is_mutual(a: Entry, b: Entry) -> bool:
    return a.transfer.peer == b.book and b.transfer.peer == a.book


# --- what is wrong --------------------------------------------------------------------


def _side(entry: Entry, found: Phrase, other: Entry | None = None) -> Side:
    transfer = entry.transfer
    return Side(
        entry.book,
        Phrase("Transfer '{id}' {found}", id=transfer.id, found=found),
        transfer.origin,
        transfer.date,
        transfer.amount,
        other.transfer.amount if other else None,
    )


def _twice(name: str, several: list[Entry], books: Books) -> Iterator[Mismatch]:
    """Report an id that one book uses more than once, there and in the other book."""
    first = several[0]
    for again in several[1:]:
        found = Phrase(
            "stands here a second time, first at {first}.", first=first.where
        )
        sides = [_side(again, found)]
        if first.transfer.peer in books and first.transfer.peer != first.book:
            other = _place(books[first.transfer.peer], name)
            found = Phrase(
                "Transfer '{id}' stands twice in the book of '{book}': at {first} and "
                "{again}.",
                id=name,
                book=first.book,
                first=first.where,
                again=again.where,
            )
            sides.append(Side(first.transfer.peer, found, *other))
        yield Mismatch(TWICE, name, tuple(sides))


def _place(book: EnterpriseSummary, name: str) -> tuple[Origin, datetime.date | None]:
    """Return where a book has a transfer, or where it begins."""
    own = next((one for one in book.transfers if one.id == name), None)
    return (own.origin, own.date) if own else (book.origin, None)


def _alone(entry: Entry, others: list[Entry], books: Books) -> Mismatch:
    """Report a transfer without its mirror image."""
    transfer, book = entry.transfer, entry.book
    known = set(books) - {book}
    taken = [one for one in others if one is not entry]
    if transfer.peer and transfer.peer not in known:
        found = Phrase(
            "names '{peer}' as its peer, which is no other enterprise of the "
            "federation{nearest}",
            peer=transfer.peer,
            nearest=offer_nearest(transfer.peer, known),
        )
        return Mismatch(PEER, transfer.id, (_side(entry, found),))
    if taken:
        return _taken(entry, taken)
    words = moved_in_words(transfer)
    peer = (
        Phrase("the book of '{book}'", book=transfer.peer)
        if transfer.peer
        else Phrase("any other book")
    )
    alone = Phrase("({words}) does not stand in {peer}.", words=words, peer=peer)
    sides = [_side(entry, alone)]
    if transfer.peer:
        found = Phrase(
            "Transfer '{id}' is missing here: '{book}' {words} at {where} of {day}.",
            id=transfer.id,
            book=book,
            words=words,
            where=entry.where,
            day=transfer.date,
        )
        sides.append(Side(transfer.peer, found, books[transfer.peer].origin))
    return Mismatch(MISSING, transfer.id, tuple(sides))


def _taken(entry: Entry, taken: list[Entry]) -> Mismatch:
    """Report a transfer whose id others use."""
    where = all_of(
        [Phrase("'{book}' at {where}", book=one.book, where=one.where) for one in taken]
    )
    used = Phrase("is used already between others: {where}.", where=where)
    another = Phrase(
        "is used for another one by '{book}' at {where}.",
        book=entry.book,
        where=entry.where,
    )
    sides = (_side(entry, used), *(_side(one, another) for one in taken))
    return Mismatch(PEER, entry.transfer.id, sides)


def _differences(a: Entry, b: Entry, days: int) -> Iterator[Mismatch]:
    """Compare both sides of a transfer, one thing after the other."""
    one, two = a.transfer, b.transfer
    if not _is_mutual(a, b):
        yield _differing(PEER, a, b, peer_in_words)
    # What a transfer is decides which of its postings tell the side.
    is_same = one.nature == two.nature
    if is_same and (one.side == two.side or not (one.side and two.side)):
        yield _differing(SIDE, a, b, side_in_words)
    if one.currency != two.currency:
        yield _differing(CURRENCY, a, b, currency_in_words)
    elif one.amount != two.amount:
        yield _differing(AMOUNT, a, b, amount_in_words)
    if abs((one.date - two.date).days) > days:
        yield _differing(DATE, a, b, day_in_words)
    for kind, mine, theirs, words in (
        (NATURE, one.nature, two.nature, nature_in_words),
        (YEAR, one.year, two.year, year_in_words),
        # Only capital is anybody's.
        (PERSON, is_same and one.person, is_same and two.person, person_in_words),
        (ALLOTMENT, _allotted(one, two), _allotted(two, one), allotted_in_words),
    ):
        if mine != theirs:
            yield _differing(kind, a, b, words)


def _allotted(own: Transfer, other: Transfer) -> Mapping[int | None, Decimal | None]:
    """Return what a side says of years, as far as the other one can say the same."""
    if own.nature != other.nature:
        return {}
    if own.amount == other.amount:
        return own.allotted
    # That is wrong by itself, and then no two years have the same.
    return dict.fromkeys(own.allotted)


def _differing(
    kind: str, a: Entry, b: Entry, words: Callable[[Transfer], Phrase]
) -> Mismatch:
    return Mismatch(
        kind,
        a.transfer.id,
        tuple(
            _side(
                own,
                Phrase(
                    "{here} here; in the book of '{book}' it {there} ({where}).",
                    here=words(own.transfer),
                    book=other.book,
                    there=words(other.transfer),
                    where=other.where,
                ),
                other,
            )
            for own, other in ((a, b), (b, a))
        ),
    )


# --- what is owed ---------------------------------------------------------------------


def _dues(books: Books, days: int) -> Iterator[Mismatch]:
    """Compare what each two enterprises say that one owes the other, day by day."""
    claims = _claims(books)
    for a, b in combinations(books, 2):
        if books[a].currency != books[b].currency:
            # Each book keeps them in its own; the transfers themselves are compared.
            continue
        mine, theirs = claims.get((a, b), []), claims.get((b, a), [])
        last = min(books[a].last, books[b].last)
        day = _first_disagreement(mine, theirs, last, days)
        if day:
            yield _disagreeing(books, (a, mine), (b, theirs), day)


def _claims(books: Books) -> dict[tuple[str, str], list[Movement]]:
    """Return what moved between each enterprise and each other, as its book has it."""
    found: dict[tuple[str, str], list[Movement]] = {}
    for book, summary in books.items():
        peers: dict[str, str | None] = {}
        for movement in summary.dues:
            name = movement.name
            if name not in peers:
                named = (one for one in books if one != book and is_named(name, one))
                peers[name] = next(named, None)
            peer = peers[name]
            if peer:
                found.setdefault((book, peer), []).append(movement)
    return found


def _first_disagreement(
    mine: list[Movement], theirs: list[Movement], last: datetime.date, days: int
) -> datetime.date | None:
    """Return the first day since when both disagree for longer than dates may differ.

    What one of the books does not reach yet counts for neither.
    """
    changes: dict[datetime.date, Decimal] = {}
    for movement in (*mine, *theirs):
        if movement.date <= last:
            old = changes.get(movement.date, ZERO)
            changes[movement.date] = old + movement.amount
    total, since = ZERO, None
    for day in sorted(changes):
        if since and (day - since).days > days:
            return since
        total += changes[day]
        since = (since or day) if total else None
    return since if since and (last - since).days > days else None


def _disagreeing(
    books: Books,
    one: tuple[str, list[Movement]],
    two: tuple[str, list[Movement]],
    day: datetime.date,
) -> Mismatch:
    sides = []
    for (own, mine), (other, theirs) in ((one, two), (two, one)):
        here, there = _balance(mine, day), _balance(theirs, day)
        before = [movement.origin for movement in mine if movement.date <= day]
        sides.append(
            Side(
                own,
                Phrase(
                    "From {day} on, {here} by this book and {there} by that of "
                    "'{book}'.",
                    day=day,
                    here=owing_in_words(own, other, here),
                    there=owing_in_words(other, own, there),
                    book=other,
                ),
                before[-1] if before else books[own].origin,
                day,
                here,
                -there,
            )
        )
    return Mismatch(DUES, "", tuple(sides))


def _balance(movements: Iterable[Movement], day: datetime.date) -> Decimal:
    return sum((one.amount for one in movements if one.date <= day), ZERO)
