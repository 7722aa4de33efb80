"""Lists of numbers as they are typed or exported: read row by row, judged row by row.

They come through a pipe or from a file, never from the words of a command, which other
users of the machine and the shell's history would see.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase
from coopledger.services.keeping.numbers import WrongNumberError
from coopledger.services.keeping.numbers import bic
from coopledger.services.keeping.numbers import iban
from coopledger.services.keeping.numbers import routed
from coopledger.services.keeping.numbers import tax_number
from coopledger.services.keeping.vault import Number

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Mapping

    from coopledger.services.keeping.vault import Sort

#: One row by field.
_Row = dict[str, str]
#: More figures than an id has, and fewer than a number.
_FEW_DIGITS = 3
#: Fields that say what the number is; all others go along with it.
_OF_NUMBER = frozenset({"member", "kind", "number", "iban", "account"})
_NEEDED: Mapping[Sort, tuple[frozenset[str], ...]] = {
    "tax-ids": (frozenset({"member", "number"}),),
    "accounts": (
        frozenset({"member", "iban"}),
        frozenset({"member", "routing", "account"}),
    ),
}


class ListUnreadableError(CoopledgerError):
    """A list is no table of comma-separated values."""

    def __init__(self) -> None:
        """Say what it should be."""
        super().__init__(
            "The list is no text of comma-separated values in UTF-8, or has a cell "
            "that is far too long. Save the sheet as CSV (UTF-8); nothing was written."
        )


class HeadingTwiceError(CoopledgerError):
    """Two columns of a list would be the same."""

    def __init__(self, field: str) -> None:
        """Name what both are."""
        super().__init__(
            f"Two columns of the list are both '{field}', and nobody can tell which "
            "one is meant. Take one out; nothing was written."
        )


class NoHeadingsError(CoopledgerError):
    """The first line of a list does not say what its columns are."""

    def __init__(self, sort: Sort, found: Collection[str]) -> None:
        """Say which columns are needed."""
        ways = " or ".join(", ".join(sorted(one)) for one in _NEEDED[sort])
        shown = "nothing" if not found else "other headings"
        super().__init__(
            f"The first line has to name the columns, and has {shown}: needed are "
            f"{ways} (docs/tax.md). Nothing was written."
        )


@dataclass(frozen=True, slots=True)
class Entered:
    """What a list came to.

    Attributes:
        numbers: The numbers that are right.
        troubles: What is wrong, each with its row.
        unread: Headings that say nothing that is kept.
    """

    numbers: tuple[Number, ...]
    troubles: tuple[Phrase, ...]
    unread: tuple[str, ...] = ()


def read_list(sort: Sort, text: bytes, known: Collection[str]) -> Entered:
    """Read a list of numbers.

    Args:
        sort: What they are.
        text: The list, as comma-separated values with headings, in UTF-8.
        known: Ids that there are in the register, and the co-op's own.

    Raises:
        ListUnreadableError: It is no such text.
        NoHeadingsError: The first line does not name the columns that are needed.
        HeadingTwiceError: It names one of them twice.
    """
    lines = _lines(text)
    heads = _heads(sort, lines[0] if lines else [])
    numbers: dict[str, Number] = {}
    troubles = []
    for place, line in enumerate(lines[1:], start=2):
        row = {head: one.strip() for head, one in zip(heads, line, strict=False)}
        if not any(map(str.strip, line)):
            continue
        try:
            _refuse_wider(line, heads)
            one = _number(sort, row, known, numbers)
        except WrongNumberError as wrong:
            troubles.append(_trouble(place, row.get("member", ""), wrong.why))
        else:
            numbers[one.member] = one
    first = zip(lines[0], heads, strict=True)
    unread = tuple(heading for heading, field in first if heading and not field)
    return Entered(tuple(numbers.values()), tuple(troubles), unread)


def _lines(text: bytes) -> list[list[str]]:
    try:
        plain = text.decode("utf-8-sig")
        return [*csv.reader(io.StringIO(plain), delimiter=_delimiter(plain))]
    except (UnicodeDecodeError, csv.Error):
        raise ListUnreadableError from None


def _heads(sort: Sort, first: list[str]) -> list[str]:
    """Return the field of each column, "" for what is not kept."""
    heads = [_field_of(one) for one in first]
    if not any(needed <= {*heads} for needed in _NEEDED[sort]):
        raise NoHeadingsError(sort, heads)
    for field in filter(None, heads):
        if heads.count(field) > 1:
            raise HeadingTwiceError(field)
    return heads


def _refuse_wider(line: list[str], heads: list[str]) -> None:
    """Refuse a row in which a comma that was not quoted moved the columns."""
    if any(map(str.strip, line[len(heads) :])):
        raise WrongNumberError(
            Phrase("the row has more columns than the headings; quote its commas")
        )


def _trouble(place: int, member: str, why: Phrase) -> Phrase:
    """Say what is wrong in a row, with the id unless that may be a number itself."""
    if not member or sum(map(str.isdigit, member)) > _FEW_DIGITS:
        return Phrase("row {row}: {why}", row=place, why=why)
    return Phrase("row {row} ({member}): {why}", row=place, member=member, why=why)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


@cache
def _headings() -> Mapping[str, str]:
    path = Path(__file__).with_name("headings.toml")
    listed = tomllib.loads(path.read_text("utf-8"))
    return {_plain(word): field for field, words in listed.items() for word in words}


def _plain(heading: str) -> str:
    return " ".join(re.split(r"[\s_-]+", heading.strip().casefold()))


def _field_of(heading: str) -> str:
    return _headings().get(_plain(heading), "")


def _number(
    sort: Sort, row: _Row, known: Collection[str], before: Mapping[str, Number]
) -> Number:
    member = row.get("member", "")
    if member not in known:
        near = offer_nearest(member, known)
        raise WrongNumberError(
            Phrase("nobody in the register has this id{near}", near=near)
        )
    if member in before:
        raise WrongNumberError(Phrase("this id stands in an earlier row already"))
    kind, text = _READERS[sort](row)
    details = {
        field: value
        for field, value in row.items()
        if field and value and field not in _OF_NUMBER
    }
    return Number(member, kind, text, details)


def _tax_id(row: _Row) -> tuple[str, str]:
    if not row["number"]:
        raise WrongNumberError(Phrase("the number is missing"))
    return tax_number(row.get("kind", ""), row["number"])


def _account(row: _Row) -> tuple[str, str]:
    if row.get("bic"):
        row["bic"] = bic(row["bic"])
    if row.get("iban"):
        return "IBAN", iban(row["iban"])
    if not row.get("account"):
        raise WrongNumberError(Phrase("the account is missing"))
    row["routing"], account = routed(row.get("routing", ""), row["account"])
    return "ACCOUNT", account


_READERS: Mapping[Sort, Callable[[_Row], tuple[str, str]]] = {
    "tax-ids": _tax_id,
    "accounts": _account,
}
