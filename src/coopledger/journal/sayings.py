"""What Beancount says is wrong, with its values apart, as our own sentences have them.

Only what bookkeepers meet is listed; anything else stays as Beancount says it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Beancount's sentences, with names in braces where it puts values.
SAYINGS = (
    (
        "Balance failed for '{account}': expected {expected} {currency} != accumulated "
        "{found} {currency} ({more} too much)"
    ),
    (
        "Balance failed for '{account}': expected {expected} {currency} != accumulated "
        "{found} {currency} ({less} too little)"
    ),
    "Transaction does not balance: ({left} {currency})",
    "Transaction does not balance: {left}",
    "Invalid reference to unknown account '{account}'",
    "Invalid reference to inactive account '{account}'",
    "Invalid currency {currency} for account '{account}'",
    "Duplicate open directive for {account}",
    "Duplicate close directive for {account}",
    "Unopened account {account} is being closed",
    "Duplicate balance assertion with different amounts",
    "Unused Pad entry",
    "Too many missing numbers for currency group '{currency}'",
    'File does not exist: "{file}"',
    "Invalid token: '{token}'",
    "syntax error, unexpected {token}, expecting {other}",
    "syntax error, unexpected {token}",
)

_NAME = re.compile(r"\\\{(\w+)\\\}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def as_phrase(text: str) -> str:
    """Return what Beancount says as a phrase, where its sentence is a known one."""
    for pattern, form in _forms():
        match = form.fullmatch(text)
        if match:
            values = {name: _value(one) for name, one in match.groupdict().items()}
            return Phrase(pattern, **values)
    return text


@cache
def _forms() -> Sequence[tuple[str, re.Pattern[str]]]:
    return [(pattern, re.compile(_form(pattern))) for pattern in SAYINGS]


def _form(pattern: str) -> str:
    """Return a pattern as a regular expression; a name has one value everywhere."""
    seen: set[str] = set()

    def group(match: re.Match[str]) -> str:
        name = match[1]
        form = f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
        seen.add(name)
        return form

    return _NAME.sub(group, re.escape(pattern))


def _value(text: str) -> str | Decimal:
    return Decimal(text) if _NUMBER.fullmatch(text) else text
