"""What the columns of an import are called, in each language, and the words in them."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["members", "hours", "opening-balances"]
Form = Literal[
    "text", "member", "date", "number", "amount", "year", "class", "exit", "component"
]

KINDS: tuple[Kind, ...] = ("members", "hours", "opening-balances")
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can be.

    Attributes:
        name: Its name, as in ``--map COLUMN=NAME``.
        form: What its cells are.
        is_needed: Whether every row has it.
        headings: Headings by language, the one of the template first.
        notes: What to enter, by language.
    """

    name: str
    form: Form
    is_needed: bool
    headings: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]


@cache
def words() -> dict[str, Any]:
    """Return the file of words."""
    folder = resources.files("coopledger.services.importing")
    return tomllib.loads(folder.joinpath("words.toml").read_text("utf-8"))


@cache
def fields_of(kind: Kind) -> dict[str, Field]:
    """Return the fields of a kind, by name, in the order of the template."""
    return {
        name: Field(
            name,
            told["form"],
            told.get("needed", False),
            {language: tuple(told[language]) for language in LANGUAGES},
            told["note"],
        )
        for name, told in words()[kind].items()
    }


@cache
def called(table: str) -> dict[str, str]:
    """Return what each word of a table means, as it is compared."""
    return {
        compared(word): meaning
        for meaning, told in words()[table].items()
        for language in LANGUAGES
        for word in (meaning, *told[language])
    }


@cache
def totals() -> frozenset[str]:
    """Return the words by which a row is a total, as they are compared."""
    told = words()["totals"]
    return frozenset(compared(word) for one in told.values() for word in one)


def compared(text: str) -> str:
    """Return a text without what does not count: capitals, accents and signs."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = (char if char.isalnum() else " " for char in parts if not _is_accent(char))
    return " ".join("".join(kept).split())


def _is_accent(char: str) -> bool:
    return bool(unicodedata.combining(char))
