"""Summaries kept from one run to the next, by what they were made of.

A summary is kept under a key: the digest of every file of the book, of every preset,
and of the program's version.  Another byte in any of them and it is made anew.  A file
of the cache may be deleted, shared or cut off at any moment: what is not whole, or not
what its key says, is as good as absent.  Nobody may read it who may not read the book.
The presets that govern the books stand beside the summaries, read and checked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from functools import cached_property
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.enterprise import EnterpriseSummary
from coopledger.law.preset import PRESETS
from coopledger.law.preset import Preset
from coopledger.law.preset import preset_paths
from coopledger.services.federating.packing import pack
from coopledger.services.federating.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

#: Raised whenever summaries come to hold something else.
FORM = 2
#: Where presets are kept; every other file is named by a digest.
_PRESETS = "presets.json"

_LINE = b"\ninclude"
_INCLUDE = re.compile(rb'include[ \t]+"([^"\n]*)"')
_DOCUMENT_WORD = b"document"
_DOCUMENT = re.compile(rb'document(?:s"|\s+[^\s"]+)\s+"([^"\n]+)"')
_READABLE = 0o666


def cache_folder(given: Path | None) -> Path:
    """Return where summaries are kept: as told, or where the system keeps caches."""
    if given is not None:
        return given
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "coopledger"


@dataclass(frozen=True)
class Contents:
    """A book's files as they stood when they were looked at.

    Attributes:
        main: The top-level file.
        digests: The digest of every file, those it includes among them.
        missing: The documents and their folders that it names and that are not there,
            which is an error of it.
        size: How many bytes there are to read.
    """

    main: Path
    digests: dict[Path, bytes]
    missing: frozenset[str]
    size: int

    @cached_property
    def key(self) -> str:
        """What a summary of the book is kept under."""
        digest = hashlib.sha256(_program())
        folder = os.path.dirname(os.path.realpath(self.main))  # noqa: PTH120 - quick
        for path, content in sorted(self.digests.items()):
            name = os.fsencode(os.path.relpath(path, folder))
            digest.update(f"{len(name)}:".encode() + name + content)
        for missing in sorted(self.missing):
            name = os.fsencode(os.path.relpath(missing, folder))
            digest.update(f"-{len(name)}:".encode() + name)
        return digest.hexdigest()


def contents_of(main: Path) -> Contents:
    """Look at every file of a book.

    Raises:
        OSError: A file is not to be had.
    """
    found: dict[Path, bytes] = {}
    missing: set[str] = set()
    size = 0
    waiting = [main.resolve()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            text = path.read_bytes()
            found[path] = hashlib.sha256(text).digest()
            size += len(text)
            waiting += _included(path.parent, text)
            missing |= _missing_documents(path.parent, text)
    return Contents(main, found, frozenset(missing), size)


def _included(folder: Path, text: bytes) -> Iterator[Path]:
    """Return the files that a text includes, as Beancount looks for them.

    One that is missing is an error of the book, which its load tells.
    """
    for pattern in _named(text, _LINE, 1, _INCLUDE):
        looked_for = str(folder / os.fsdecode(pattern))
        for name in glob(looked_for, recursive=True):  # noqa: PTH207 - as Beancount
            if Path(name).is_file():
                yield Path(name).resolve()


def _missing_documents(folder: Path, text: bytes) -> set[str]:
    """Return the documents and folders of them that are not where a text says."""
    named = {
        os.path.join(folder, os.fsdecode(name))  # noqa: PTH118 - may be many
        for name in _named(text, _DOCUMENT_WORD, 0, _DOCUMENT)
    }
    return {name for name in named if not Path(name).exists()}


def _named(
    text: bytes, word: bytes, ahead: int, pattern: re.Pattern[bytes]
) -> Iterator[bytes]:
    """Return what stands in quotes after a word, the last of them first.

    Looking for the word alone is many times as fast as asking every line, and three
    times as fast again from the end.

    Args:
        text: What a file holds.
        word: What is looked for.
        ahead: How many of its bytes come before what the pattern matches.
        pattern: What has to stand there.
    """
    at = text.rfind(word)
    while at >= 0:
        found = pattern.match(text, at + ahead)
        if found:
            yield found[1]
        at = text.rfind(word, 0, at)
    if ahead and (first := pattern.match(text)):
        yield first[1]


@cache
def _program() -> bytes:
    """Return the digest of all that makes summaries of books: presets and program."""
    digest = hashlib.sha256()
    for part in (_beancount(), str(FORM), *sys.version_info[:2]):
        digest.update(f"{part}\n".encode())
    for path in (*sorted(map(str, preset_paths().values())), *_sources()):
        with open(path, "rb") as file:  # noqa: PTH123 - many, and each time
            text = file.read()
        digest.update(f"{len(text)}:".encode() + text)
    return digest.digest()


def _beancount() -> str:
    """Return Beancount's version, without loading it or looking all packages through.

    A distribution that packs it in another way is asked in the ordinary, slower one.
    """
    found = find_spec("beancount")
    for folder in (found and found.submodule_search_locations) or ():
        with contextlib.suppress(OSError):
            return Path(folder, "VERSION").read_text("utf-8").strip()
    from importlib.metadata import version  # noqa: PLC0415 - it takes its time

    return version("beancount")


def _sources() -> list[str]:
    """Return the program's own files: a version may change while it is worked on."""
    return sorted(
        os.path.join(folder, name)  # noqa: PTH118 - many, and each time
        for folder, _, names in os.walk(Path(__file__).parents[2])
        for name in names
        if name.endswith(".py")
    )


def kept(folder: Path, contents: Contents) -> EnterpriseSummary | None:
    """Return the summary that is kept of a book, or None where none fits its files."""
    parent = str(contents.main.resolve().parent)
    found = _unpacked(
        EnterpriseSummary, _file(folder, contents.main), contents.key, parent
    )
    return found if isinstance(found, EnterpriseSummary) else None


def keep(folder: Path, contents: Contents, summary: EnterpriseSummary) -> None:
    """Keep a summary, at once or not at all; a cache that cannot be written is none."""
    packed = pack(summary, str(contents.main.resolve().parent))
    with contextlib.suppress(OSError):
        path = _file(folder, contents.main)
        _keep(path, contents.key, packed, _mode(contents))


def kept_presets(folder: Path) -> dict[str, Preset]:
    """Return the presets that are kept, as this program would read them, by id.

    Reading them again is as much work as all else that is done while nothing changed.
    """
    found = _unpacked(
        dict[str, Preset], folder / _PRESETS, _program().hex(), str(PRESETS)
    )
    return found if isinstance(found, dict) else {}


def keep_presets(folder: Path, presets: Mapping[str, Preset]) -> None:
    """Keep presets, at once or not at all; they are nobody's secret."""
    packed = pack(dict(presets), str(PRESETS))
    with contextlib.suppress(OSError):
        _keep(folder / _PRESETS, _program().hex(), packed, _READABLE & ~0o022)


def _unpacked(kind: Any, path: Path, key: str, folder: str) -> object:
    """Return what a file holds, or None where it is not whole or not of the key."""
    try:
        head, _, body = path.read_text("utf-8").partition("\n")
        is_whole = head == f"{key} {_digest(body)}"
        return unpack(kind, json.loads(body), folder) if is_whole else None
    except (OSError, ValueError):
        return None


def _keep(path: Path, key: str, packed: Any, mode: int) -> None:
    body = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, f"{key} {_digest(body)}\n{body}", mode)


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


def _mode(contents: Contents) -> int:
    """Return who may read a summary: whoever may read every file of the book."""
    mode = _READABLE
    for path in contents.digests:
        mode &= path.stat().st_mode
    return mode | 0o600


def _file(folder: Path, main: Path) -> Path:
    return folder / f"{_digest(str(main.resolve()))[:32]}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
