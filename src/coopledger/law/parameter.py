"""A legal number is a dated, sourced record.

A parameter has values, each from a date; asking for a day without a value is an error
that names the parameter, the first date and the file.  There is no silent default.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Literal

from coopledger.errors import ParameterUndatedError
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import all_of
from coopledger.phrases import figure

if TYPE_CHECKING:
    from coopledger.domain.books import Value

BoundKind = Literal["min", "max", "fixed", "free", "range"]
Confidence = Literal["seen", "secondary", "background", "derived"]
Unit = Literal[
    "ratio",
    "amount",
    "years",
    "months",
    "days",
    "hours",
    "count",
    "text",
    "choice",
    "switch",
    "date",
]

#: Type of the value by unit, and how to say it.
_TYPES: dict[str, tuple[type, Phrase]] = {
    "text": (str, Phrase("a text in quotes")),
    "choice": (str, Phrase("a word in quotes")),
    "switch": (bool, Phrase("TRUE or FALSE")),
    "date": (datetime.date, Phrase("a date")),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A text that a figure rests on.

    Attributes:
        title: Name of the law, rule or publication.
        locator: Article, paragraph or page.
        address: Where to read it.
    """

    title: str
    locator: str
    address: str

    def __str__(self) -> str:
        """Name the text and the place in it."""
        if not self.locator:
            return self.title
        comma = "" if self.locator.startswith("(") else ","
        return f"{self.title}{comma} {self.locator}"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What a parameter is from a date.

    Attributes:
        start: First day of validity.
        value: The value, or None when the co-op has to decide.
        minimum: The least that anybody below may choose, where given.
        maximum: The most that anybody below may choose, where given.
        source: The text.
        confidence: Whether the text itself was read.
        checked_on: The day on which somebody last compared the figure with the text.
        until: Last day of validity, None while it lasts.
        note: A remark for the reader.
    """

    start: datetime.date
    value: Value | None
    minimum: Decimal | None
    maximum: Decimal | None
    source: Source
    confidence: Confidence
    checked_on: datetime.date
    until: datetime.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a layer lets those below choose; None means no limit on that side."""

    minimum: Decimal | None
    maximum: Decimal | None
    fixed: Value | None
    source: Source

    @property
    def least(self) -> Decimal | None:
        """The smallest number that is allowed; None without a limit on that side."""
        return self.fixed if isinstance(self.fixed, Decimal) else self.minimum

    def allows(self, value: Value) -> bool:
        """Say whether somebody below may choose a value."""
        if self.fixed is not None:
            return value == self.fixed
        if not isinstance(value, Decimal):
            return True
        under = self.minimum is not None and value < self.minimum
        over = self.maximum is not None and value > self.maximum
        return not under and not over

    @property
    def in_words(self) -> str:
        """The limit in words."""
        if self.fixed is not None:
            return Phrase("exactly {value}", value=figure(self.fixed))
        sides = []
        if self.minimum is not None:
            sides.append(Phrase("at least {value}", value=Figure(self.minimum)))
        if self.maximum is not None:
            sides.append(Phrase("at most {value}", value=Figure(self.maximum)))
        return all_of(sides) if sides else Phrase("free")

    def __str__(self) -> str:
        """Say the limit in words."""
        return self.in_words


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named figure of a law or policy with all its values over time.

    Attributes:
        name: Dotted name, e.g. ``education.rate``.
        title: What it is, one sentence.
        unit: Kind of value.
        bound: How a value binds those below.
        choices: The words allowed for a choice.
        values: Values in order of date.
        file: Where the parameter is recorded.
        before_year: Whether the co-op's choice has to stand before a year begins.
    """

    name: str
    title: str
    unit: Unit
    bound: BoundKind
    choices: tuple[str, ...]
    values: tuple[DatedValue, ...]
    file: str
    before_year: bool = False

    def dated(self, on: datetime.date) -> DatedValue:
        """Return the value in force on a day.

        Raises:
            ParameterUndatedError: There is none on that day.
        """
        found = self.latest(on)
        if found is None:
            raise ParameterUndatedError(self.name, on, self.values[0].start, self.file)
        return found

    def latest(self, on: datetime.date) -> DatedValue | None:
        """Return the value in force on a day, or None."""
        for dated in reversed(self.values):
            if dated.start <= on:
                is_over = dated.until is not None and on > dated.until
                return None if is_over else dated
        return None

    def holds_on(self, on: datetime.date) -> bool:
        """Say whether there is a value on a day."""
        try:
            self.dated(on)
        except ParameterUndatedError:
            return False
        return True

    def bound_on(self, on: datetime.date) -> Bound:
        """Return what the value in force on a day lets those below choose."""
        dated = self.dated(on)
        value = dated.value if isinstance(dated.value, Decimal) else None
        return Bound(
            minimum=value if self.bound == "min" else dated.minimum,
            maximum=value if self.bound == "max" else dated.maximum,
            fixed=dated.value if self.bound == "fixed" else None,
            source=dated.source,
        )

    def bound_by(self, value: Value, source: Source) -> Bound:
        """Return what somebody's choice lets those below choose.

        A choice binds in the way in which the law's own figure does: as the least, the
        most, or the only one; where the law leaves a figure free, so does a choice.
        """
        number = value if isinstance(value, Decimal) else None
        return Bound(
            minimum=number if self.bound == "min" else None,
            maximum=number if self.bound == "max" else None,
            fixed=value if self.bound == "fixed" else None,
            source=source,
        )

    def misfit(self, value: Value, currency: str = "") -> Phrase | None:
        """Say what is wrong with the type of a value; None when it fits.

        Args:
            value: The value; of an amount its number.
            currency: That of an amount, or "".
        """
        name = self.name
        expected, words = _TYPES.get(self.unit, (Decimal, Phrase("a number")))
        if currency and self.unit != "amount":
            return Phrase(
                "'{name}' takes {words}, not the amount {value} {currency}",
                name=name,
                words=words,
                value=value,
                currency=currency,
            )
        if type(value) is not expected:
            return Phrase(
                "'{name}' takes {words}, not {value}",
                name=name,
                words=words,
                value=repr(value),
            )
        if self.unit == "choice" and value not in self.choices:
            return Phrase(
                "'{name}' takes one of {choices}, not '{value}'",
                name=name,
                choices=", ".join(self.choices),
                value=value,
            )
        return None
