"""What is somebody else's, seen from one member: names, ids and figures."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from coopledger.domain.members import Register
    from coopledger.portal.deriving import Share

#: Parts of a name that are shorter are found in every text.
_SHORTEST = 3

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d[\d.,' \u00a0\u2009\u202f]*\d|\d")
_SPACES = re.compile(r"[' \u00a0\u2009\u202f]")


@dataclass(frozen=True)
class Foreigners:
    """Whose every name and every figure of a book is.

    Attributes:
        words: Members by each word of a name or an id, in small letters.
        figures: Members by each amount, without sign and last zeros.
    """

    words: Mapping[str, frozenset[str]]
    figures: Mapping[Decimal, frozenset[str]]

    @classmethod
    def of(cls, register: Register, shares: Iterable[Share]) -> Foreigners:
        """Collect names from a register and figures from what is each member's."""
        words: defaultdict[str, set[str]] = defaultdict(set)
        figures: defaultdict[Decimal, set[str]] = defaultdict(set)
        for share in shares:
            for word in _names(register, share.member):
                words[word].add(share.member)
            for number in _numbers(share):
                figures[abs(number)].add(share.member)
        return cls(
            {word: frozenset(members) for word, members in words.items()},
            {number: frozenset(members) for number, members in figures.items()},
        )

    def named(self, text: str, member: str) -> str:
        """Return the word in a text that names another member only; or ""."""
        for match in _WORD.finditer(text.casefold()):
            for word in (match[0], *match[0].split("_")):
                if word in self.words and member not in self.words[word]:
                    return word
        return ""

    def found(self, text: str, member: str) -> str:
        """Return the name or figure in a text that is another member's only; or ""."""
        for match in _NUMBER.finditer(text):
            for number in _readings(match[0]):
                owners = self.figures.get(number)
                if owners and member not in owners:
                    return match[0]
        return self.named(text, member)


def _readings(text: str) -> set[Decimal]:
    """Return every number that a text of digits and separators may mean."""
    close = _SPACES.sub("", text)
    whole = {
        close.replace(",", ""),
        close.replace(".", "").replace(",", "."),
        re.sub(r"[.,]", "", close),
    }
    parts = re.split(r"[.,' \u00a0\u2009\u202f]+", text)
    pairs = re.split(r"[' \u00a0\u2009\u202f]+", text)
    found = set()
    for one in {*whole, *parts, *pairs, *(p.replace(",", ".") for p in pairs)}:
        if re.fullmatch(r"\d+(\.\d+)?", one):
            found.add(Decimal(one))
    return found


def _names(register: Register, member: str) -> set[str]:
    texts = {member}
    for event in register.events.get(member, ()):
        texts |= {event.name, event.person}
    words = {word for text in texts for word in _WORD.findall(text.casefold())}
    whole = set(_WORD.findall(member.casefold()))
    return {word for word in words if len(word) >= _SHORTEST} | whole


def _numbers(share: Share) -> set[Decimal]:
    """Return every figure that is a member's."""
    found: set[Decimal] = set()
    for movement in share.movements:
        for posting in movement.postings:
            values = (posting.meta or {}).values()
            found |= {value for value in values if isinstance(value, Decimal)}
            if posting.units is not None and posting.units.number is not None:
                found.add(posting.units.number)
    return {number for number in found if number}
