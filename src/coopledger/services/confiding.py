"""What of a book's own texts may stand on one member's paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.findings import Origin

_WORD = re.compile(r"\w+")
#: Parts of a name that are shorter are found in every text.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Confidence:
    """Says which narrations speak of one member alone.

    Attributes:
        shared: Where the postings of transactions of several members stand.
        words: Members by each word of their ids and names, in small letters.
    """

    shared: frozenset[Origin]
    words: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, books: Books) -> Self:
        """Look through a book once, for all of its members."""
        shared: set[Origin] = set()
        for booking in books.bookings:
            if len({leg.member for leg in booking.legs if leg.member}) > 1:
                shared.update(leg.origin for leg in booking.legs)
        words: dict[str, set[str]] = {}
        for member, events in books.register.events.items():
            names = {text for event in events for text in (event.name, event.person)}
            found = _WORD.findall(" ".join(names).casefold())
            for word in {member.casefold(), *(w for w in found if len(w) >= _SHORTEST)}:
                words.setdefault(word, set()).add(member)
        return cls(
            frozenset(shared),
            {word: frozenset(members) for word, members in words.items()},
        )

    def text_of(self, movement: CapitalMovement) -> str:
        """Return a movement's narration; "" where it may tell of somebody else."""
        if movement.origin in self.shared:
            return ""
        said = movement.text.casefold()
        pieces = {*_WORD.findall(said), *re.findall(r"[\w-]+", said)}
        others = (self.words.get(piece) for piece in pieces)
        is_own = all(movement.member in own for own in others if own)
        return movement.text if is_own else ""
