"""Spreadsheets as co-ops have them, and what an import makes of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from typing import Any

import openpyxl

from coopledger.cli.wiring import read_sheets
from coopledger.cli.wiring import write_template
from coopledger.journal.loading import load_sound_book
from coopledger.services.founding import Founding
from coopledger.services.founding import found_coop
from coopledger.services.importing import Wishes
from coopledger.services.importing import import_of
from coopledger.services.importing import write_import
from coopledger.services.importing.tables import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from coopledger.services.importing import Import
    from coopledger.services.importing.words import Kind

START = datetime.date(2024, 1, 1)
TODAY = datetime.date(2025, 12, 31)
PEOPLE = {"Ana": "Ana Ruiz", "Bea": 'Bea "la jefa" Stone', "Íñigo": "Íñigo Etxe"}

#: Row of the headings of a template.
HEADINGS = 4


def coop(
    folder: Path,
    preset: str = "us-worker-ica",
    members: Mapping[str, str] = PEOPLE,
) -> Path:
    """Found a co-op and return its top-level file."""
    founding = Founding("coop", "Our Co-op", preset, "", START, dict(members))
    return found_coop(folder / "coop", founding)[0]


def text_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text file of columns."""
    path = folder / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return path


def filled(
    main: Path,
    kind: Kind,
    rows: Sequence[Mapping[int, Any]],
    language: str = "en",
) -> Path:
    """Write a template and fill it in: values by number of the column, from 1."""
    path = main.parent.parent / f"{kind}.xlsx"
    write_template(load_sound_book(main), kind, language, path, force=True)
    native = openpyxl.load_workbook(path)
    for number, values in enumerate(rows, start=HEADINGS + 1):
        for column, value in values.items():
            cell = native.worksheets[0].cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    native.save(path)
    return path


def read(main: Path, file: Path, **said: str) -> Import:
    """Read a file for a book."""
    against, component = said.pop("against", ""), said.pop("component", "")
    wanted = Wanted(None, said, component)
    wishes = Wishes(TODAY, wanted, against=against)
    return import_of(load_sound_book(main), read_sheets(file), wishes, file.name)


def take(main: Path, file: Path, **said: str) -> Import:
    """Read a file for a book, and write it there."""
    found = read(main, file, **said)
    write_import(load_sound_book(main), found)
    return found


def sentences(found: Import) -> list[str]:
    """Return what is wrong, row by row."""
    return [trouble.sentence for trouble in found.outcome.troubles]


def state(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder with its content."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def capital(main: Path) -> dict[tuple[str, str, int | None], Decimal]:
    """Return everybody's capital by component and year of allotment."""
    held: dict[tuple[str, str, int | None], Decimal] = {}
    for one in load_sound_book(main).case.books.movements():
        place = one.member, one.role, one.year
        held[place] = held.get(place, one.amount * 0) + one.amount
    return held
