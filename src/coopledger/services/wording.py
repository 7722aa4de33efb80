"""Saying things in the reader's language: words, amounts, shares and days.

Texts in the code are English.  Each other language is a folder of gettext catalogues,
``locale/LANGUAGE/LC_MESSAGES/*.po``, which are read as they stand: nothing has to be
compiled, and a further language is a further folder.  What no catalogue has is said in
English.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel import UnknownLocaleError
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from coopledger.domain.amounts import round_to
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import Rate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from coopledger.domain.findings import Finding

LOCALES = Path(__file__).parents[1] / "locale"
#: The language of the texts in the code.
OWN = "en"

#: How finely an exact number is shown; nothing is reckoned with what is shown.
SHOWN = Decimal("0.000001")
_THOUSANDS = (3, 3)


def languages() -> tuple[str, ...]:
    """Return the languages that texts can be said in, the code's own first."""
    return OWN, *sorted({path.parents[1].name for path in LOCALES.glob("*/*/*.po")})


@cache
def catalogue_of(language: str) -> Mapping[str, str]:
    """Return what texts are called in a language; nothing where there are no files."""
    found: dict[str, str] = {}
    for path in sorted(LOCALES.glob(f"{language}/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found |= {
                str(message.id): str(message.string)
                for message in read_po(file)
                if message.id and message.string
            }
    return found


def locale_of(name: str) -> Locale:
    """Return the locale of a name such as ``es`` or ``es_ES``; English for others."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(OWN)


class Wording:
    """Words, amounts and days as the readers of one locale write them.

    Attributes:
        locale: The locale.
        language: Its language, as in HTML.
        missing: Texts that the catalogue does not have.
    """

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.language = locale.language
        self.missing: set[str] = set()
        self._catalogue = catalogue_of(locale.language)
        symbols = locale.number_symbols
        own = symbols.get(locale.default_numbering_system, symbols)
        self._signs = str.maketrans({",": str(own["group"]), ".": str(own["decimal"])})
        self._is_usual = locale.decimal_formats[None].grouping == _THOUSANDS

    def __call__(self, text: str, /, **values: object) -> str:
        """Say a text, with values in place of the names in its braces."""
        if isinstance(text, Phrase):
            return self._filled(self._named(text.pattern), text.values)
        named = self._named(text)
        return self._filled(named, values) if values else named

    def several(self, one: str, more: str, count: int, /, **values: object) -> str:
        """Say a text for one thing or for several, ``{count}`` of them."""
        return self(one if count == 1 else more, count=count, **values)

    def speaks(self, text: str) -> str:
        """Return the language in which a text is said, as in HTML."""
        pattern = text.pattern if isinstance(text, Phrase) else text
        return self.language if pattern in self._catalogue else OWN

    def _named(self, text: str) -> str:
        if self.language == OWN:
            return text
        found = self._catalogue.get(text)
        if found is None:
            self.missing.add(text)
            return text
        return found

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        return text.format(**{name: self.value(one) for name, one in values.items()})

    def value(self, value: object) -> str:
        """Write any value: a day, a rate, an amount, a text of ours, or as it is."""
        if isinstance(value, Phrase):
            return self(value)
        if isinstance(value, Rate):
            return self.share(value)
        if isinstance(value, Figure):
            return self.plain(value)
        if isinstance(value, Decimal):
            return self.number(value)
        if isinstance(value, datetime.date):
            return self.day(value)
        return str(value)

    def number(self, number: Decimal, least: int = 2) -> str:
        """Write a number with all its decimals, and with so many at least."""
        decimals = max(least, -int(number.as_tuple().exponent))
        if self._is_usual:
            return f"{number:,.{decimals}f}".translate(self._signs)
        pattern = self.locale.decimal_formats[None].pattern.split(";")[0]
        whole = pattern.partition(".")[0]
        form = f"{whole}.{'0' * decimals}" if decimals else whole
        return str(format_decimal(number, form, self.locale))

    def plain(self, number: Decimal) -> str:
        """Write a number without zeros that say nothing."""
        return self.number(Decimal(f"{number.normalize():f}"), 0)

    def exact(self, number: Fraction) -> str:
        """Write an exact number with at most six decimals."""
        return self.plain(round_to(number, SHOWN))

    def share(self, rate: Decimal) -> str:
        """Write a part of a whole as a percentage."""
        return f"{self.plain(rate * 100)}\N{NO-BREAK SPACE}%"

    def day(self, day: datetime.date) -> str:
        """Write a day."""
        return _day(day, str(self.locale))


@lru_cache(maxsize=4096)
def _day(day: datetime.date, locale: str) -> str:
    return str(format_date(day, "medium", locale=locale))


def said_in(language: str, finding: Finding) -> Finding:
    """Return a finding whose sentences are of a language, with its amounts and days."""
    if language == OWN:
        return finding
    found, why, reason, fix = map(wording_of(language), finding.words)
    return replace(finding, found=found, why=why, reason=reason, fix=fix)


@lru_cache(maxsize=32)
def wording_of(locale: str) -> Wording:
    """Return the wording of a locale by its name."""
    return Wording(locale_of(locale))
