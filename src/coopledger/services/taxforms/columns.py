"""Column maps of tax forms, read from versioned files and chosen by the payment year.

A map says which heading has which meaning: the number of a box on paper, or the heading
of a column in a file for upload.  What the portal asks for changes by year, the meaning
never does; nothing of it stands in the code.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Literal

from pydantic import Field

from coopledger.domain.filings import PATRON_BOXES
from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.law.parameter import Confidence
from coopledger.law.strictly import Strict
from coopledger.law.strictly import read_strictly

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

_FOLDER = Path(__file__).parent

#: What is known of payer and recipient, beside the boxes.
PERSON_FIELDS = (
    "tin-type",
    "tin",
    "name-type",
    "business",
    "business-2",
    "first-name",
    "middle-name",
    "last-name",
    "suffix",
    "country",
    "address",
    "address-2",
    "city",
    "state",
    "zip",
    "phone-type",
    "phone",
    "email",
)
#: Meaning of a box: this, and its name.
BOX = "box:"
_MEANINGS = frozenset(
    {
        *("", "form", "year", "member", "specified", "label"),
        *(f"{who}.{what}" for who in ("payer", "recipient") for what in PERSON_FIELDS),
        *(f"{BOX}{box}" for box in PATRON_BOXES),
    }
)

Kind = Literal["paper", "iris"]


class ColumnMapUnreadableError(CoopledgerError):
    """A column map is not as it should be."""

    def __init__(self, path: str, problems: Iterable[str]) -> None:
        """Name the file and everything that is wrong in it."""
        super().__init__(
            f"{path} cannot be used as a column map: {'; '.join(problems)}. Correct "
            "the file; docs/tax.md shows its form."
        )


class NoColumnMapError(CoopledgerError):
    """No map is on file for a payment year."""

    def __init__(self, form: str, year: int, known: Iterable[ColumnMap]) -> None:
        """Name the year and the maps that there are."""
        listed = ", ".join(f"{one.id} ({one.years})" for one in known)
        super().__init__(
            f"No column map of Form {form} is for payments of {year}; there are: "
            f"{listed}. Headings change by year, so none of them is guessed: take the "
            "portal's template of that year and name your own map with --columns FILE "
            "(docs/tax.md)."
        )


class _RawColumn(Strict):
    heading: str = Field(min_length=1)
    means: str = ""


class _RawMap(Strict):
    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(min_length=1)
    form: str
    kind: Kind
    version: str
    first: int = Field(alias="from-year")
    last: int | None = Field(default=None, alias="to-year")
    rows: int | None = Field(default=None, ge=1)
    source: str
    confidence: Confidence
    checked_on: datetime.date = Field(alias="checked-on")
    note: str = ""
    column: list[_RawColumn] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which heading has which meaning, in one edition of a form.

    Attributes:
        id: Its name.
        form: The form.
        kind: ``paper`` for numbers of boxes, ``iris`` for a file for upload.
        version: Which version of the map, or edition of the form, it is.
        first: First calendar year of payment that it is for.
        last: Last one; None while it is in use.
        rows: Most records in one file; None for no limit.
        source: What it rests on.
        confidence: How sure that is, as of parameters of law.
        checked_on: When somebody looked.
        columns: Heading and meaning of each column, in order; "" for an empty one.
    """

    id: str
    form: str
    kind: Kind
    version: str
    first: int
    last: int | None
    rows: int | None
    source: str
    confidence: Confidence
    checked_on: datetime.date
    columns: tuple[tuple[str, str], ...]

    @property
    def years(self) -> str:
        """The payment years that it is for, in words."""
        return (
            f"{self.first} on" if self.last is None else f"{self.first} to {self.last}"
        )

    @property
    def numbers(self) -> dict[str, str]:
        """The heading of each box, by the box's meaning."""
        return {
            means.removeprefix(BOX): heading
            for heading, means in self.columns
            if means.startswith(BOX)
        }

    def is_for(self, year: int) -> bool:
        """Say whether it is for payments of a calendar year."""
        return self.first <= year and (self.last is None or year <= self.last)


def read_map(path: Path) -> ColumnMap:
    """Read a map.

    Raises:
        ColumnMapUnreadableError: It cannot be used, with all that is wrong in it.
    """
    refusal = partial(ColumnMapUnreadableError, str(path))
    try:
        raw = read_strictly(path.read_bytes(), _RawMap, refusal)
    except OSError as error:
        raise refusal([str(error.strerror)]) from None
    if problems := [*_problems(raw)]:
        raise ColumnMapUnreadableError(str(path), problems)
    return ColumnMap(
        id=raw.id,
        form=raw.form,
        kind=raw.kind,
        version=raw.version,
        first=raw.first,
        last=raw.last,
        rows=raw.rows,
        source=raw.source,
        confidence=raw.confidence,
        checked_on=raw.checked_on,
        columns=tuple((one.heading, one.means) for one in raw.column),
    )


def _problems(raw: _RawMap) -> Iterator[str]:
    """Say what no type can: words that there are not, and what stands there twice."""
    headings = [one.heading for one in raw.column]
    meanings = [one.means for one in raw.column if one.means]
    for one in raw.column:
        if one.means not in _MEANINGS:
            near = offer_nearest(one.means, _MEANINGS - {""}).rstrip(".")
            yield f"column '{one.heading}' has no known meaning '{one.means}'{near}"
    for what, words in (("heading", headings), ("meaning", meanings)):
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield f"{what} '{word}' stands there twice"
    if raw.last is not None and raw.last < raw.first:
        yield f"to-year {raw.last} is before from-year {raw.first}"
    if raw.kind == "iris" and "label" not in meanings:
        yield "no column means 'label', by which the file says that it is no filing"


@cache
def known_maps(form: str, kind: Kind) -> tuple[ColumnMap, ...]:
    """Return the maps of a form that come with the program, the newest first."""
    maps = [read_map(path) for path in sorted(_FOLDER.glob("*.toml"))]
    chosen = [one for one in maps if (one.form, one.kind) == (form, kind)]
    return tuple(sorted(chosen, key=lambda one: (-one.first, one.id)))


def map_for(form: str, kind: Kind, year: int) -> ColumnMap:
    """Return the map for payments of a calendar year.

    Raises:
        NoColumnMapError: None is for that year.
    """
    maps = known_maps(form, kind)
    for one in maps:
        if one.is_for(year):
            return one
    raise NoColumnMapError(form, year, maps)


def edition_for(form: str, year: int, wanted: str | None = None) -> ColumnMap:
    """Return the edition that numbers the boxes on paper.

    Numbers are shown beside the meaning only, so that a year of no edition has those of
    the newest one.

    Args:
        form: The form.
        year: Calendar year of payment.
        wanted: Id of the edition; None for that of the year.
    """
    maps = known_maps(form, "paper")
    if wanted is not None:
        return next(one for one in maps if one.id == wanted)
    return next((one for one in maps if one.is_for(year)), maps[0])
