"""Texts with values in them, kept apart so that they can be said in any language.

The code speaks English.  Whoever shows a text to somebody may say its pattern in
another language, and put the values back as the reader writes them.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING
from typing import Self

if TYPE_CHECKING:
    from collections.abc import Sequence


#: What may stand in a text: a phrase and plain text, a year, an amount or another
#: number, a day.
Value = str | int | Decimal | datetime.date


class Phrase(str):
    """A text with values in it.

    It is the English text, and may be used as any text.

    Attributes:
        pattern: The text with names in braces.
        values: What stands for the names; phrases among them are said by themselves.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, Value]

    def __new__(cls, pattern: str, /, **values: Value) -> Self:
        """Put the values into the pattern."""
        shown = {name: _plain(value) for name, value in values.items()}
        made = super().__new__(cls, pattern.format(**shown))
        made.pattern, made.values = pattern, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Value]]:
        """Say how a copy is made, here or in another process."""
        return (self.pattern,), self.values


class Rate(Decimal):
    """A part of a whole, which people read as a percentage."""

    __slots__ = ()

    def __format__(self, _spec: str, _context: object = None, /) -> str:
        """Write it as a percentage, without zeros that say nothing."""
        return f"{(self * 100).normalize():f} %"


class Figure(Decimal):
    """A number that is no amount of money: hours, days, a ratio."""

    __slots__ = ()

    def __format__(self, _spec: str, _context: object = None, /) -> str:
        """Write it as it stands, without powers of ten."""
        return f"{Decimal(self):f}"


def word(text: str) -> Phrase:
    """Return a word or title that comes from a table or a file, to be said as it is."""
    return Phrase(text.replace("{", "{{").replace("}", "}}"))


def figure(value: Value) -> Value:
    """Return a value so that a number among values is no amount of money."""
    return Figure(value) if type(value) is Decimal else value


def all_of(words: Sequence[str]) -> str:
    """Name several things: ``a and b``."""
    return reduce(
        lambda some, more: Phrase("{some} and {more}", some=some, more=more), words
    )


def one_of(words: Sequence[str]) -> str:
    """Name things of which it is one: ``a or b``."""
    return reduce(
        lambda some, more: Phrase("{some} or {more}", some=some, more=more), words
    )


def enumerated(words: Sequence[str]) -> str:
    """Name things one after the other: ``a, b``."""
    return reduce(
        lambda some, more: Phrase("{some}, {more}", some=some, more=more), words
    )


def _plain(value: Value) -> Value:
    return f"{value:f}" if type(value) is Decimal else value
