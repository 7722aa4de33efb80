"""Text that stays text, whatever it begins with and whatever is in it.

A spreadsheet takes text for a formula when it begins with one of a few signs, and XML
cannot hold some characters at all.  Every text that goes into a workbook passes here.
"""

from __future__ import annotations

import re

#: What a text may begin with to be taken for a formula, here or in a CSV made from it.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")

#: Characters that XML 1.0 cannot hold, not even written as a number.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: Spreadsheets read ``_x0041_`` as a character code; the underscore is one, too.
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

#: No cell holds more characters.
LONGEST = 32_767

_DROPPED = "\N{REPLACEMENT CHARACTER}"


def is_risky(text: str) -> bool:
    """Say whether a text has to be marked as one."""
    return text.startswith(_RISKY)


def plain(text: str) -> str:
    """Return a text as a cell can hold it; what was dropped or cut can be seen."""
    legal = _CODE.sub("_x005F_", _ILLEGAL.sub(_DROPPED, text))
    return legal if len(legal) <= LONGEST else legal[: LONGEST - 1] + "…"


def in_header(text: str) -> str:
    """Return a text for the head of a printed page, where ``&`` begins a code."""
    return _ILLEGAL.sub(_DROPPED, text)[:80].replace("&", "&&")
