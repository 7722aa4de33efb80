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
#: Fields that say what the number is; all others go along with it.
_OF_NUMBER = frozenset({"member", "kind", "number", "iban", "account"})
_NEEDED: Mapping[Sort, tuple[frozenset[str], ...]] = {
    "tax-ids": (frozenset({"member", "number"}),),
    "accounts": (
        frozenset({"member", "iban"}),
        frozenset({"member", "routing", "account"}),
    ),
}


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
    """

    numbers: tuple[Number, ...]
    troubles: tuple[Phrase, ...]


def read_list(sort: Sort, text: str, known: Collection[str]) -> Entered:
    """Read a list of numbers.

    Args:
        sort: What they are.
        text: The list, as comma-separated values with headings.
        known: Ids that there are in the register, and the co-op's own.

    Raises:
        NoHeadingsError: The first line does not name the columns that are needed.
    """
    lines = [*csv.reader(io.StringIO(text), delimiter=_delimiter(text))]
    heads = [_field_of(one) for one in lines[0]] if lines else []
    if not any(needed <= {*heads} for needed in _NEEDED[sort]):
        raise NoHeadingsError(sort, heads)
    numbers: dict[str, Number] = {}
    troubles = []
    for place, line in enumerate(lines[1:], start=2):
        row = {head: one.strip() for head, one in zip(heads, line, strict=False)}
        if not any(row.values()):
            continue
        try:
            one = _number(sort, row, known, numbers)
        except WrongNumberError as wrong:
            whose = row.get("member", "")
            troubles.append(
                Phrase(
                    "row {row} ({member}): {why}",
                    row=place,
                    member=whose,
                    why=wrong.why,
                )
            )
        else:
            numbers[one.member] = one
    return Entered(tuple(numbers.values()), tuple(troubles))


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


@cache
def _headings() -> Mapping[str, str]:
    path = Path(__file__).with_name("headings.toml")
    listed = tomllib.loads(path.read_text("utf-8"))
    return {_plain(word): field for field, words in listed.items() for word in words}


def _plain(heading: str) -> str:
    return " ".join(re.split(r"[\s_-]+", heading.lstrip("\ufeff").strip().casefold()))


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
