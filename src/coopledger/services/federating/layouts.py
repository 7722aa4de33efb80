"""The lines of a group's statements, read from files that a federation may edit."""

from __future__ import annotations

from functools import partial
from importlib import resources
from typing import TYPE_CHECKING
from typing import Literal

from pydantic import Field

from coopledger.domain.capital import ROLES
from coopledger.domain.statements import WORKED_OUT
from coopledger.domain.statements import Layout
from coopledger.domain.statements import Line
from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest
from coopledger.law.strictly import Strict
from coopledger.law.strictly import read_strictly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Name of a federation's own file, beside its main book.
OWN_FILE = "consolidation.toml"


class LayoutUnreadableError(CoopledgerError):
    """A file of statement lines is not as it should be."""

    def __init__(self, path: str, problems: list[str]) -> None:
        """Name the file and everything that is wrong in it."""
        super().__init__(
            f"{path} cannot be used for the group's statements: {'; '.join(problems)}. "
            "Correct the file; docs/federation.md shows its form."
        )


class _RawLine(Strict):
    id: str
    title: str
    section: Literal["income", "expenses", "assets", "liabilities", "equity"]
    accounts: list[str] = Field(default_factory=list)
    roles: list[str] = Field(default_factory=list)
    roots: list[str] = Field(default_factory=list)
    instead: str = ""
    internal: bool = False


class _RawPeriods(Strict):
    months_apart: int | None = Field(default=None, alias="months-apart", ge=0, le=12)


class _RawLayout(Strict):
    periods: _RawPeriods = _RawPeriods()
    line: list[_RawLine] = Field(default_factory=list)


def _default() -> bytes:
    """Return the file that comes with the program."""
    folder = resources.files("coopledger.services.federating")
    return folder.joinpath(OWN_FILE).read_bytes()


def read_layout(path: Path | None) -> Layout:
    """Read the lines that come with the program, and a federation's own before them.

    Args:
        path: The federation's file; None where it has none.

    Raises:
        LayoutUnreadableError: With all problems of the file.
        OSError: It cannot be opened.
    """
    given = _read(_default(), OWN_FILE)
    own = _read(path.read_bytes(), str(path)) if path else _RawLayout()
    named = {line.id for line in own.line}
    raw = [*own.line, *(line for line in given.line if line.id not in named)]
    problems = [*_problems(raw)]
    if problems:
        raise LayoutUnreadableError(str(path), problems)
    apart = own.periods.months_apart
    return Layout(
        tuple(_line(one) for one in raw),
        apart if apart is not None else given.periods.months_apart or 0,
    )


def _read(data: bytes, path: str) -> _RawLayout:
    return read_strictly(data, _RawLayout, partial(LayoutUnreadableError, path))


def _problems(lines: list[_RawLine]) -> Iterator[str]:
    known = {line.id for line in lines}
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            yield f"line '{line.id}' stands there twice"
        seen.add(line.id)
        if line.instead and line.instead not in known:
            offer = offer_nearest(line.instead, known)
            yield f"there is no line '{line.instead}'{offer}"
        for role in line.roles:
            if role not in ROLES:
                yield f"there is no role '{role}'{offer_nearest(role, ROLES)}"
        if line.id in WORKED_OUT and line.section != "equity":
            yield f"line '{line.id}' belongs to the equity"


def _line(raw: _RawLine) -> Line:
    return Line(
        id=raw.id,
        title=raw.title,
        section=raw.section,
        accounts=tuple(raw.accounts),
        roles=tuple(raw.roles),
        roots=tuple(raw.roots),
        instead=raw.instead,
        is_internal=raw.internal,
    )
