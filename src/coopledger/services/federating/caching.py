"""Summaries kept from one run to the next, by what they were made of.

A summary is kept under a key: the digest of every file of the book, of every preset,
and of the program's version.  Another byte in any of them and it is made anew.  A file
of the cache may be deleted, shared or cut off at any moment: what is not whole, or not
what its key says, is as good as absent.  Nobody may read it who may not read the book.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from functools import cache
from glob import glob
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.domain.enterprise import EnterpriseSummary
from coopledger.law.preset import preset_paths
from coopledger.services.federating.packing import pack
from coopledger.services.federating.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Raised whenever summaries come to hold something else.
FORM = 1

_LINE = b"\ninclude"
_INCLUDE = re.compile(rb'include[ \t]+"([^"\n]*)"')
_READABLE = 0o666


def cache_folder(given: Path | None) -> Path:
    """Return where summaries are kept: as told, or where the system keeps caches."""
    if given is not None:
        return given
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "coopledger"


def contents_of(main: Path) -> dict[Path, bytes]:
    """Return the digest of every file of a book, those it includes among them.

    Raises:
        OSError: A file is not to be had.
    """
    found: dict[Path, bytes] = {}
    waiting = [main.resolve()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            text = path.read_bytes()
            found[path] = hashlib.sha256(text).digest()
            waiting += _included(path.parent, text)
    return found


def _included(folder: Path, text: bytes) -> Iterator[Path]:
    """Return the files that a text includes, as Beancount looks for them.

    One that is missing is an error of the book, which its load tells.
    """
    for pattern in _included_patterns(text):
        looked_for = str(folder / os.fsdecode(pattern))
        for name in glob(looked_for, recursive=True):  # noqa: PTH207 - as Beancount
            if Path(name).is_file():
                yield Path(name).resolve()


def _included_patterns(text: bytes) -> Iterator[bytes]:
    """Return what lines that begin with `include` name.

    Looking for the word alone is many times as fast as asking every line.
    """
    first, at = _INCLUDE.match(text), text.find(_LINE)
    if first:
        yield first[1]
    while at >= 0:
        line = _INCLUDE.match(text, at + 1)
        if line:
            yield line[1]
        at = text.find(_LINE, at + 1)


@cache
def _program() -> bytes:
    """Return the digest of all that makes summaries of books: presets and program."""
    digest = hashlib.sha256()
    versions = (version("coopledger"), version("beancount"), str(FORM))
    for part in (*versions, *sys.version_info[:2]):
        digest.update(f"{part}\n".encode())
    for path in (*sorted(map(str, preset_paths().values())), *_sources()):
        with open(path, "rb") as file:  # noqa: PTH123 - many, and each time
            text = file.read()
        digest.update(f"{len(text)}:".encode() + text)
    return digest.digest()


def _sources() -> list[str]:
    """Return the program's own files: a version may change while it is worked on."""
    return sorted(
        os.path.join(folder, name)  # noqa: PTH118 - many, and each time
        for folder, _, names in os.walk(Path(__file__).parents[2])
        for name in names
        if name.endswith(".py")
    )


def key_of(main: Path) -> str:
    """Return the key of a book as it stands.

    Raises:
        OSError: A file is not to be had.
    """
    digest = hashlib.sha256(_program())
    for path, content in sorted(contents_of(main).items()):
        name = os.path.relpath(path, main.resolve().parent)
        digest.update(f"{len(os.fsencode(name))}:".encode() + os.fsencode(name))
        digest.update(content)
    return digest.hexdigest()


def kept(folder: Path, main: Path, key: str) -> EnterpriseSummary | None:
    """Return the summary that is kept of a book, or None where none fits the key."""
    try:
        text = _file(folder, main).read_text("utf-8")
        head, _, body = text.partition("\n")
        if head != f"{key} {_digest(body)}":
            return None
        parent = str(main.resolve().parent)
        found = unpack(EnterpriseSummary, json.loads(body), parent)
    except (OSError, ValueError):
        return None
    assert isinstance(found, EnterpriseSummary)  # noqa: S101 - says so to the types
    return found


def keep(folder: Path, main: Path, key: str, summary: EnterpriseSummary) -> None:
    """Keep a summary, at once or not at all; a cache that cannot be written is none."""
    packed = pack(summary, str(main.resolve().parent))
    body = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(_file(folder, main), f"{key} {_digest(body)}\n{body}", _mode(main))


def _write(path: Path, text: str, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(main: Path) -> int:
    """Return who may read a summary: whoever may read every file of the book."""
    mode = _READABLE
    for path in contents_of(main):
        mode &= path.stat().st_mode
    return mode | 0o600


def _file(folder: Path, main: Path) -> Path:
    return folder / f"{_digest(str(main.resolve()))[:32]}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
