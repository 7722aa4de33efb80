"""The same bytes each time, with the rows of tables in their places.

openpyxl stamps a file with the clock.  Here every stamp is a fixed one, so that two
files of the same book are one file, and the rows of tables, with the value of each
formula beside it so that previews show figures, go between the rows that it made.
"""

from __future__ import annotations

import re
import zipfile
from heapq import merge
from typing import IO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    #: Rows of a sheet: number and XML, in order.
    Rows = Iterable[tuple[int, str]]

_STAMP = (1980, 1, 1, 0, 0, 0)

_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")

_ROW = re.compile(r'<row r="(\d+)".*?(?:</row>|/>)', re.DOTALL)

_DATA = re.compile(r"(.*<sheetData)>(.*)(</sheetData>.*)", re.DOTALL)

_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

#: How much text is handed on at once.
_PIECE = 500


def pack(
    raw: IO[bytes], rows: Sequence[Rows], dated: datetime.date, file: IO[bytes]
) -> None:
    """Pack a workbook anew.

    Args:
        raw: The file that openpyxl made.
        rows: For each sheet, the rows that it did not make.
        dated: The day to stamp it with.
        file: Where it goes.
    """
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            sheet = _SHEET.fullmatch(name)
            with new.open(entry, "w") as part:
                if sheet:
                    _put(part, old.read(name), rows[int(sheet[1]) - 1])
                else:
                    part.write(_content(name, old.read(name), dated))


def _content(name: str, content: bytes, dated: datetime.date) -> bytes:
    if name == "docProps/core.xml":
        stamp = f"{dated.isoformat()}T00:00:00Z"
        text = content.decode("utf-8")
        return _MODIFIED.sub(rf"\g<1>{stamp}\g<2>", text).encode("utf-8")
    return content


def _put(file: IO[bytes], content: bytes, rows: Rows) -> None:
    """Write a sheet piece by piece: no long one is ever whole in memory."""
    # A carriage return that stands as it is would be read as a line feed.
    text = content.decode("utf-8").replace("\r", "&#13;")
    data = _DATA.fullmatch(text)
    if data is None:
        file.write(text.encode("utf-8"))
        return
    own = ((int(row[1]), row[0]) for row in _ROW.finditer(data[2]))
    file.write(f"{data[1]}>".encode())
    for piece in _pieces(merge(own, rows)):
        file.write(piece.encode("utf-8"))
    file.write(data[3].encode("utf-8"))


def _pieces(rows: Rows) -> Iterator[str]:
    some: list[str] = []
    for _, xml in rows:
        some.append(xml)
        if len(some) >= _PIECE:
            yield "".join(some)
            some.clear()
    yield "".join(some)
