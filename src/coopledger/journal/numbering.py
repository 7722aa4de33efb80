"""Tax numbers that stand in a book, where everybody who reads it can read them.

While a book loads, only its cooperative directives are looked at: they are where the
people are, and a look at every text would cost each load.  `numbers_in_files` reads all
of the text, comments included, when somebody checks the book.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.findings import Origin
from coopledger.domain.findings import Remark
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.journal.directives import Directive

#: What such remarks are about.
ABOUT = "tax-number"
#: A person's number in the United States: no part of it is all zeros.
_OF_PERSON = r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}"
_HYPHENED = re.compile(rf"(?<![\w-]){_OF_PERSON}(?![\w-])")
#: Any tax number where a word says that it is one.
_LABELLED = re.compile(
    r"\b(?:ssn|ein|fein|tin|itin|tax[ -]?id)\b[^0-9\n]{0,12}"
    rf"({_OF_PERSON}|[0-9]{{2}}-[0-9]{{7}}|[0-9]{{9}})(?![\w-])",
    re.IGNORECASE,
)
#: What every line that matters has in it; all but a few lines are passed over so.
_LIKELY = re.compile(rb"-(?:[0-9]{2}-[0-9]{4}|[0-9]{7})(?![0-9-])")
_LABELS = (b"ssn", b"tin:", b"ein:")


def number_in(text: str) -> str:
    """Return what looks like a tax number in a line, or ""."""
    found = _HYPHENED.search(text)
    if found:
        return found[0]
    labelled = _LABELLED.search(text)
    return labelled[1] if labelled else ""


def numbers_in_directives(directives: Iterable[Directive]) -> Iterator[Remark]:
    """Find tax numbers in the texts of cooperative directives."""
    for directive in directives:
        for value in (*directive.values.values(), *directive.metadata.values()):
            if isinstance(value, str) and (number := number_in(value)):
                yield _remark(number, directive.origin, directive.date)


def numbers_in_files(options: Mapping[str, Any]) -> list[Remark]:
    """Find tax numbers in every line of a book.

    Args:
        options: Beancount's options of the top-level file.
    """
    names = dict.fromkeys([options.get("filename", ""), *options.get("include", ())])
    return [
        _remark(number, Origin(name, line))
        for name in names
        if name
        for line, number in _in_file(Path(name))
    ]


def _in_file(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_bytes()
    except OSError:
        return
    starts = {text.rfind(b"\n", 0, at) + 1 for at in _places(text)}
    for start in sorted(starts):
        end = text.find(b"\n", start)
        line = text[start : end if end >= 0 else len(text)].decode("utf-8", "replace")
        if number := number_in(line):
            yield text.count(b"\n", 0, start) + 1, number


def _places(text: bytes) -> Iterator[int]:
    """Return where a number may be."""
    yield from (match.start() for match in _LIKELY.finditer(text))
    small = text.lower()
    for label in _LABELS:
        at = small.find(label)
        while at >= 0:
            yield at
            at = small.find(label, at + 1)


def _remark(number: str, origin: Origin, date: datetime.date | None = None) -> Remark:
    return Remark(
        about=ABOUT,
        found=Phrase(
            "What looks like a tax number, ending in {last}, stands in the book.",
            last=number[-4:],
        ),
        fix=Phrase(
            "Take it out, of copies and of the history of versions too; 'coopledger "
            "tax-ids add' keeps it encrypted beside the book."
        ),
        origin=origin,
        date=date,
    )
