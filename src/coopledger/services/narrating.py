"""Saying in a few words what a transaction is, where its own words cannot stand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from coopledger.domain.capital import ROLES
from coopledger.domain.words import role_in_words
from coopledger.phrases import Phrase
from coopledger.services.titles import MOVEMENTS
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from coopledger.services.wording import Wording

_YEAR = "{year}"


def narration_of(word: str, year: str, wording: Wording) -> str:
    """Say what a transaction is: "Distribution of 2024", "Advance".

    Args:
        word: A kind of movement, the role of an account, or "" where neither is known.
        year: The fiscal year that it belongs to, or "".
        wording: The language.
    """
    if word in ROLES - MOVEMENTS.keys():
        said = wording(role_in_words(word))
        return f"{said[:1].upper()}{said[1:]}"
    named = MOVEMENTS.get(word, "Movement")
    if year:
        return wording(Phrase(f"{named} of {{year}}", year=year))
    return wording(named)


def is_narration(text: str, year: str, language: str) -> bool:
    """Say whether a text is such a narration of a year.

    Args:
        text: The text.
        year: The fiscal year that it belongs to, or "".
        language: The book's language; no other is read, as that takes a while.
    """
    return (text.replace(year, _YEAR) if year else text) in _narrations(language)


@cache
def _narrations(language: str) -> frozenset[str]:
    wording = wording_of(language)
    return frozenset(
        narration_of(word, year, wording)
        for word in (*MOVEMENTS, *ROLES, "")
        for year in ("", _YEAR)
    )
