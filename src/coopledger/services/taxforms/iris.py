"""A year's patron forms in the shape of the file that the IRIS portal reads.

It is a worksheet, and says so in a column of its own: nothing is sent anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.delimited import delimited
from coopledger.domain.filings import PATRON_FORM
from coopledger.law.forms import year_end
from coopledger.phrases import Phrase
from coopledger.phrases import enumerated
from coopledger.services.keeping.numbers import OTHER
from coopledger.services.keeping.vault import PAYER
from coopledger.services.taxforms.columns import BOX
from coopledger.services.taxing import LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.members import Register
    from coopledger.services.keeping.vault import Kept
    from coopledger.services.keeping.vault import Number
    from coopledger.services.taxforms.columns import ColumnMap
    from coopledger.services.taxing import Worksheet
    from coopledger.services.taxing import WorksheetLine

#: What somebody is called by, by field of `PERSON_FIELDS`.
Person = dict[str, str]

#: What a form needs of payer and recipient; one of several is enough.
_NEEDED = (
    ("tin",),
    ("tin-type",),
    ("business", "last-name"),
    ("address",),
    ("city",),
    ("state", "country"),
    ("zip", "country"),
)
_CALLED = {
    "tin": Phrase("tax number"),
    "tin-type": Phrase("kind of tax number"),
    "business": Phrase("name"),
    "address": Phrase("address"),
    "city": Phrase("city"),
    "state": Phrase("state or country"),
    "zip": Phrase("postal code"),
}
_PERSON, _BUSINESS = "I", "B"


@dataclass(frozen=True, slots=True)
class Sheets:
    """Files for the portal, and what is missing in them.

    Attributes:
        files: Comma-separated values, no file longer than the portal takes.
        count: How many forms there are in all.
        gaps: What each row lacks.
    """

    files: tuple[str, ...]
    count: int
    gaps: tuple[Phrase, ...]


def masked(kept: Mapping[str, Kept]) -> dict[str, Person]:
    """Return what may be shown of people: the last four of their numbers."""
    return {
        member: {"tin": one.masked, "tin-type": _type(one.kind)}
        for member, one in kept.items()
    }


def plain(numbers: Mapping[str, Number]) -> dict[str, Person]:
    """Return all that was entered of people, numbers included."""
    return {
        member: {**one.details, "tin": one.text, "tin-type": _type(one.kind)}
        for member, one in numbers.items()
    }


def _type(kind: str) -> str:
    """Return what the office calls a kind of number; it has no word for others."""
    return "" if kind == OTHER else kind


def sheets_of(
    sheet: Worksheet,
    columns: ColumnMap,
    register: Register,
    people: Mapping[str, Person],
    payer: str,
) -> Sheets:
    """Lay out the forms that are due.

    Args:
        sheet: What is reported.
        columns: The columns of the year.
        register: Names of members, and what they are.
        people: What is known of members and of the co-op itself, by id.
        payer: The co-op's name.
    """
    due = [line for line in sheet.lines if line.is_due]
    own = {"business": payer, "name-type": _BUSINESS, **people.get(PAYER, {})}
    rows, gaps = [], [*_gaps(PAYER, own)] if due else []
    for line in due:
        person = _recipient(line, register, people.get(line.member, {}), sheet.year)
        gaps += _gaps(line.member, person)
        rows.append(_row(sheet, columns, line, own, person))
    most = columns.rows or max(len(rows), 1)
    heads = [heading for heading, _ in columns.columns]
    parts = [rows[start : start + most] for start in range(0, len(rows), most)]
    files = tuple(delimited(heads, part) for part in parts or [[]])
    return Sheets(files, len(rows), tuple(gaps))


def _recipient(
    line: WorksheetLine, register: Register, known: Person, year: int
) -> Person:
    """Return what stands in a recipient's columns.

    A name is not taken apart by guessing: where it was not entered in parts, all of it
    is the last name.
    """
    if "business" in known or register.entity(line.member, year_end(year)):
        return {"name-type": _BUSINESS, "business": line.name, **known}
    return {"name-type": _PERSON, "last-name": line.name, **known}


def _gaps(member: str, person: Person) -> Iterator[Phrase]:
    lacking = [one[0] for one in _NEEDED if not any(map(person.get, one))]
    if lacking:
        yield Phrase(
            "{member}: missing are {fields}; enter them with 'coopledger tax-ids add'.",
            member=member,
            fields=enumerated([_CALLED[one] for one in lacking]),
        )


def _row(
    sheet: Worksheet,
    columns: ColumnMap,
    line: WorksheetLine,
    payer: Person,
    recipient: Person,
) -> Sequence[object]:
    plain_words: dict[str, object] = {
        "form": PATRON_FORM,
        "year": str(sheet.year),
        "member": line.member,
        "specified": "Y" if line.filing and line.filing.is_specified else "N",
        "label": LABEL,
    }
    people = {"payer": payer, "recipient": recipient}

    def cell(means: str) -> object:
        if means.startswith(BOX):
            return line.boxes.get(means.removeprefix(BOX)) or None
        who, mark, field = means.partition(".")
        return people[who].get(field) if mark else plain_words.get(means)

    return [cell(means) for _, means in columns.columns]
