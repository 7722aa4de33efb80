"""Text files of columns: how their letters are written, and what parts columns."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from coopledger.services.importing.sheets import Cell
from coopledger.services.importing.sheets import Sheet
from coopledger.services.importing.sheets import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"

#: No cell of a text file is longer.
_LONGEST = 1_000_000


def read_text_sheet(path: Path, fits: Callable[[Sheet], int]) -> Sheet:
    """Read a text file of columns.

    Args:
        path: The file.
        fits: Says how many columns of a sheet are recognised: what parts the columns is
            what makes the most of them known.

    Raises:
        UnreadableFileError: It is no text, or its quotes do not end.
    """
    text, encoding = _decoded(path)
    if "\0" in text:
        raise UnreadableFileError(str(path), "it is no text file")
    found = [
        (fits(sheet), _width(sheet), sheet)
        for sign, name in _DELIMITERS.items()
        if (sheet := _parted(path, text, sign, f"{encoding}, parted by {name}"))
    ]
    if not found:
        raise UnreadableFileError(str(path), "a quoted text in it does not end")
    return max(found, key=lambda one: one[:2])[2]


def is_workbook(path: Path) -> bool:
    """Say whether a file is a packed workbook.

    Raises:
        UnreadableFileError: It is one of another program, or an old one.
    """
    with path.open("rb") as file:
        first = file.read(100)
    if first.startswith(_OLD_EXCEL):
        raise UnreadableFileError(
            str(path), "it is an Excel workbook of the old form, or has a password"
        )
    if _OPEN_DOCUMENT in first:
        raise UnreadableFileError(str(path), "it is an OpenDocument spreadsheet")
    return first.startswith(b"PK")


def _decoded(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return _as(path, raw, encoding), encoding.removesuffix("-sig").upper()
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _as(path, raw, "cp1252"), "Windows-1252"


def _as(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        why = "its letters are written in no way that is recognised"
        raise UnreadableFileError(str(path), why) from None


def _parted(path: Path, text: str, sign: str, form: str) -> Sheet | None:
    # The limit is the whole process's: others that read keep theirs.
    usual = csv.field_size_limit(_LONGEST)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        rows = tuple(tuple(Cell(value) for value in row) for row in lines)
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(usual)
    return Sheet(path.name, rows, form=form)


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows[:20]), default=0)
