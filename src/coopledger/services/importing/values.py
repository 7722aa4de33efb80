"""Values out of cells: numbers and days as people of several countries write them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.words import has_unseen
from coopledger.services.importing.sheets import EPOCH
from coopledger.services.importing.sheets import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable

POINT, COMMA = "point", "comma"
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"

_SIGNS = re.compile("[\\s'\N{RIGHT SINGLE QUOTATION MARK}$€£]")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*|[-+]?[.,]\d+")
_POINTED = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")
_COMMAED = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ]00:00(:00(\.0+)?)?)?")
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")

#: The serial numbers of days that a book may be about: from 1927 to 2119.
_SERIALS = range(10_000, 80_000)

#: Digits before the decimals, and behind, of the longest number: far more than any
#: amount or time has, and as many as spreadsheets keep.
_WHOLE, _DECIMALS = 12, 15

_NO_TEXT = ("is no text", "Write it as a text.")
_OTHERWISE = ("is no number", "Write a number, and format the cell as one.")
_NO_NUMBER = (
    "is no number",
    "Write a number such as 1234.50, without words and other currencies.",
)
_TIME = ("is a time and no number", "Write a number, such as 7.5 for 7:30.")
_NEGATIVE = (
    "is negative",
    "Write it without the sign; book what was taken back by hand.",
)
_TOO_LONG = (
    "has more digits than a book can keep exactly",
    f"Correct it: {_WHOLE} whole digits and {_DECIMALS} decimals are the most.",
)
_NO_DATE = ("is no date", "Write a date such as 2024-12-31.")
_NO_DAY = ("is no day of any year", "Correct the date.")
_NO_YEAR = ("is no year", "Write a year such as 2024.")


class UnfitError(Exception):
    """A value is not what its column holds: what was found, and what to do."""

    def __init__(self, found: str, fix: str) -> None:
        """Keep both sentences."""
        super().__init__(found)
        self.found = found
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Habits:
    """How the texts of a file write numbers and days.

    Attributes:
        mark: What parts whole numbers from decimals.
        days: Which comes first, day or month; "" where nothing tells.
        currency: The book's currency, which may stand beside amounts.
        epoch: The day from which numbers count as days.
    """

    mark: str = POINT
    days: str = ""
    currency: str = ""
    epoch: datetime.date = EPOCH


def mark_told_by(texts: Iterable[str], currency: str) -> str:
    """Return the decimal mark that the numbers of a file tell, or ""."""
    for text in texts:
        bare = _bare(text, currency)
        if not _NUMBER.fullmatch(bare):
            continue
        pointed, commaed = _POINTED.fullmatch(bare), _COMMAED.fullmatch(bare)
        if bool(pointed) != bool(commaed):
            return POINT if pointed else COMMA
    return ""


def days_told_by(texts: Iterable[str]) -> str:
    """Return whether day or month comes first in the days of a file, or ""."""
    for text in texts:
        parts = _PARTS.fullmatch(text.strip())
        if parts and int(parts[1]) > 12:
            return DAY_FIRST
        if parts and int(parts[3]) > 12:
            return MONTH_FIRST
    return ""


def text_in(cell: Cell) -> str:
    """Return a cell's text on one line; of a number, the number as written.

    Raises:
        UnfitError: It has characters that show nothing, or is no text.
    """
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, str | Decimal):
        raise UnfitError(*_NO_TEXT)
    text = f"{value:f}" if isinstance(value, Decimal) else value.strip()
    if has_unseen(text):
        found = "has a line break or another character that cannot be seen"
        raise UnfitError(found, "Write it on one line, and take that character out.")
    return text


def number_in(cell: Cell, habits: Habits) -> Decimal:
    """Return the number in a cell.

    Raises:
        UnfitError: There is none, it is negative, or of too many digits.
    """
    value = cell.value
    if isinstance(value, bool | datetime.date):
        raise UnfitError(*_OTHERWISE)
    number = value if isinstance(value, Decimal) else _parsed(str(value), habits)
    if number < 0:
        raise UnfitError(*_NEGATIVE)
    if number.adjusted() >= _WHOLE or int(number.as_tuple().exponent) < -_DECIMALS:
        raise UnfitError(*_TOO_LONG)
    return number


def amount_in(cell: Cell, habits: Habits, unit: Decimal) -> Decimal:
    """Return the amount in a cell.

    Raises:
        UnfitError: There is none, it is negative, or finer than the currency.
    """
    amount = number_in(cell, habits)
    if amount % unit:
        found = f"is finer than {unit} {habits.currency}"
        raise UnfitError(found, "Round it in the sheet, so that the sums still tie.")
    return amount.quantize(unit)


def _parsed(text: str, habits: Habits) -> Decimal:
    bare = _bare(text, habits.currency)
    if re.fullmatch(r"\d+:\d\d(:\d\d)?", bare):
        raise UnfitError(*_TIME)
    if not re.fullmatch(r"[-+]?[\d.,]*\d[\d.,]*", bare) or not bare.isascii():
        raise UnfitError(*_NO_NUMBER)
    wanted = _POINTED if habits.mark == POINT else _COMMAED
    if not wanted.fullmatch(bare):
        found = f"does not have the decimal {habits.mark} that other numbers have"
        fix = "Write all numbers alike, or say --decimal point or --decimal comma."
        raise UnfitError(found, fix)
    group, decimal = (",", ".") if habits.mark == POINT else (".", ",")
    return Decimal(bare.replace(group, "").replace(decimal, "."))


def _bare(text: str, currency: str) -> str:
    """Return a number without spaces and the currency; of (1.50) minus it."""
    bare = _SIGNS.sub("", text).replace("\N{MINUS SIGN}", "-")
    if currency:
        bare = bare.removeprefix(currency).removesuffix(currency)
    return f"-{bare[1:-1]}" if bare.startswith("(") and bare.endswith(")") else bare


def date_in(cell: Cell, habits: Habits) -> datetime.date:
    """Return the day in a cell.

    Raises:
        UnfitError: There is none, or it could be two.
    """
    value = cell.value
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, Decimal):
        if value % 1 or int(value) not in _SERIALS:
            raise UnfitError(*_NO_DATE)
        return habits.epoch + datetime.timedelta(days=int(value))
    year, month, day = _day_of(str(value).strip(), habits)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise UnfitError(*_NO_DAY) from None


def _day_of(text: str, habits: Habits) -> tuple[int, int, int]:
    iso, parts = _ISO.fullmatch(text), _PARTS.fullmatch(text)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    if not parts:
        raise UnfitError(*_NO_DATE)
    first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
    days = DAY_FIRST if parts[2] == "." else habits.days
    if not days and first != second:
        found = "could be two days"
        fix = "Write 2024-12-31, or say --dates day-first or --dates month-first."
        raise UnfitError(found, fix)
    return (year, second, first) if days != MONTH_FIRST else (year, first, second)


def year_in(cell: Cell) -> int:
    """Return the year in a cell.

    Raises:
        UnfitError: There is none.
    """
    text = f"{cell.value:f}" if isinstance(cell.value, Decimal) else str(cell.value)
    if not re.fullmatch(r"(19|20)\d\d(\.0+)?", text.strip(), re.ASCII):
        raise UnfitError(*_NO_YEAR)
    return int(text.strip()[:4])
