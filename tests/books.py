"""Books of a few lines, written to a folder and loaded as anybody's book is.

The real plugin runs through Beancount's own loader, so that a test sees exactly what
``bean-check`` and Fava would show.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.findings import Finding
from coopledger.journal.loading import load_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

PREAMBLES = Path(__file__).parent / "rules" / "preambles"

_QUOTED = re.compile(r'"[^"]*"')
_ACCOUNT = re.compile(
    r"\b(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][\w-]*)+"
)
_OPENED = re.compile(r"^\S+ open (\S+)", re.MULTILINE)
_BESIDE = re.compile(r'custom "coop-enterprise" "[^"]+" "([^"/]+)"')
_POLICY = re.compile(r'^\S+ custom "coop-policy" .*\n', re.MULTILINE)


def preamble(preset: str, *, with_policy: bool = True) -> str:
    """Return the lines that the example ledgers of a preset's rules share."""
    text = (PREAMBLES / f"{preset}.beancount").read_text("utf-8")
    return text if with_policy else _POLICY.sub("", text)


def with_opens(text: str) -> str:
    """Open every account that a book mentions and does not open itself."""
    mentioned = set(_ACCOUNT.findall(_QUOTED.sub("", text)))
    missing = sorted(mentioned - set(_OPENED.findall(text)))
    return text + "\n" + "".join(f"2000-01-01 open {name}\n" for name in missing)


def write(folder: Path, text: str, name: str = "main.beancount") -> Path:
    """Write a book into a folder, with all its accounts opened.

    The books of a federation that are named beside it stand there, and are empty.
    """
    path = folder / name
    path.write_text(with_opens(text), "utf-8")
    for other in _BESIDE.findall(text):
        (folder / other).touch()
    return path


def errors_of(folder: Path, text: str) -> list[Any]:
    """Write and load a book; return Beancount's errors, the findings among them."""
    _, errors, _ = load_entries(write(folder, text))
    return list(errors)


def findings_of(folder: Path, text: str) -> list[Finding]:
    """Write and load a book; return the findings, and let no other error pass."""
    return findings_in(errors_of(folder, text))


def findings_in(errors: Iterable[Any]) -> list[Finding]:
    """Return the findings among Beancount's errors, which must all be findings."""
    found = [error.source.get("finding", error.message) for error in errors]
    assert [one for one in found if not isinstance(one, Finding)] == []
    return found
