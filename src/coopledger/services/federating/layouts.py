"""The lines of a group's statements, read from files that a federation may edit."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError

from coopledger.domain.capital import ROLES
from coopledger.domain.statements import WORKED_OUT
from coopledger.domain.statements import Layout
from coopledger.domain.statements import Line
from coopledger.errors import CoopledgerError
from coopledger.errors import offer_nearest

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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _RawLine(_Strict):
    id: str
    title: str
    section: Literal["income", "expenses", "assets", "liabilities", "equity"]
    accounts: list[str] = []
    roles: list[str] = []
    roots: list[str] = []
    instead: str = ""
    internal: bool = False


class _RawPeriods(_Strict):
    months_apart: int | None = Field(default=None, alias="months-apart", ge=0, le=12)


class _RawLayout(_Strict):
    periods: _RawPeriods = _RawPeriods()
    line: list[_RawLine] = []


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
    try:
        return _RawLayout.model_validate(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LayoutUnreadableError(path, [str(error)]) from None
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
        ]
        raise LayoutUnreadableError(path, problems) from None


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
