"""The same bytes each time, and the value of each formula beside it.

openpyxl leaves the value of a formula empty and stamps the file with the clock.  Here
the values that were reckoned already are put in, so that previews show figures, and
every stamp is a fixed one, so that two files of the same book are one file.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    #: Value by address of the cell, on one sheet.
    Values = Mapping[str, Decimal | str]

_STAMP = (1980, 1, 1, 0, 0, 0)

_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")

_FORMULA = re.compile(
    r'<c r="(?P<at>[A-Z]+\d+)"(?P<more>[^>]*)><f>(?P<formula>[^<]*)</f>'
    r"<v\s*(?:/>|></v>)</c>"
)

_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def packed(raw: bytes, values: Sequence[Values], dated: datetime.date) -> bytes:
    """Pack a workbook anew.

    Args:
        raw: The file that openpyxl made.
        values: For each sheet, the values of its formulas.
        dated: The day to stamp it with.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = _content(name, old.read(name), values, dated)
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, content)
    return out.getvalue()


def _content(
    name: str, content: bytes, values: Sequence[Values], dated: datetime.date
) -> bytes:
    sheet = _SHEET.fullmatch(name)
    if sheet:
        text = content.decode("utf-8")
        return with_values(text, values[int(sheet[1]) - 1]).encode("utf-8")
    if name == "docProps/core.xml":
        stamp = f"{dated.isoformat()}T00:00:00Z"
        text = content.decode("utf-8")
        return _MODIFIED.sub(rf"\g<1>{stamp}\g<2>", text).encode("utf-8")
    return content


def with_values(xml: str, values: Values) -> str:
    """Put the value of each formula into a sheet's XML.

    Raises:
        ValueError: The XML has other formulas than there are values for.
    """
    seen: set[str] = set()

    def valued(match: re.Match[str]) -> str:
        at = match["at"]
        seen.add(at)
        value = values[at]
        kind = ' t="str"' if isinstance(value, str) else ""
        shown = escape(value) if isinstance(value, str) else _number(value)
        return (
            f'<c r="{at}"{match["more"]}{kind}><f>{match["formula"]}</f>'
            f"<v>{shown}</v></c>"
        )

    # A carriage return that stands as it is would be read as a line feed.
    done = _FORMULA.sub(valued, xml.replace("\r", "&#13;"))
    if seen != values.keys() or done.count("<f>") != len(seen):
        message = "the formulas in the sheet are not those that were described"
        raise ValueError(message)
    return done


def _number(value: Decimal) -> str:
    return repr(float(value)) if value % 1 else f"{int(value)}"
