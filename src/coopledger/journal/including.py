"""Lines that stand in an included file, where Beancount ignores them without a word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.findings import Origin
from coopledger.domain.findings import Remark
from coopledger.journal.chart import ROOTS
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Lines that count in the top-level file only.
_TOP_LEVEL_ONLY = re.compile(r'^(plugin|option)\s+"([^"]*)"', re.MULTILINE)

#: Options that count in included files: two are taken over from them, and the root
#: names of accounts are asked of each file by itself.
_COUNTING_OPTIONS = frozenset({"operating_currency", "insert_pythonpath"}) | {
    f"name_{root.lower()}" for root in ROOTS
}


def included_lines(options: Mapping[str, Any]) -> list[Remark]:
    """Find plugin lines and options in included files, where they do not count."""
    top = str(options.get("filename", ""))
    return [
        remark
        for name in options.get("include", ())
        if name != top and Path(name).suffix != ".toml"
        for remark in _top_level_lines(Path(name))
    ]


def _top_level_lines(path: Path) -> list[Remark]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [
        Remark(
            about="included",
            found=Phrase(
                "The line '{word} \"{name}\"' stands in an included file, where "
                "Beancount ignores it without a word.",
                word=match[1],
                name=match[2],
            ),
            fix=Phrase("Move it to the top-level file."),
            origin=Origin(str(path), text.count("\n", 0, match.start()) + 1),
        )
        for match in _TOP_LEVEL_ONLY.finditer(text)
        if match[2] not in _COUNTING_OPTIONS
    ]
