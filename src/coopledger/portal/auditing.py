"""The log of who saw or changed what and when.

Each line is JSON and holds the digest of the line before it, so that no line can be
changed, taken out or put in without breaking the chain.  The last digest stands in a
file of its own as well, so that lines missing at the end are noticed.

What anybody can bring about as often as they like, such as a refusal, is counted: it
has two lines a minute for each person and kind, so that nobody fills the disk with it.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import json
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "audit.jsonl"
HEAD = "audit.head"

_FIRST = "0" * 64
#: Where the last line is looked for, from the end; no line is as long.
_TAIL = 65536
#: What a browser sends is cut off after so many characters.
_LONGEST = 400
#: ... but for what was written into a book, of which more is worth keeping.
_LONGER = {"sent": 2000}
#: Events of one kind of one person are counted together for so many seconds.
_TOGETHER = 60


@dataclass
class _Counted:
    """Events that are counted: since when, how many more there were, and the last."""

    since: float
    more: int
    event: dict[str, Any]


class AuditLog:
    """An append-only file of events.

    Attributes:
        path: The file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._head = folder / HEAD
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str, object], _Counted] = {}

    def note(self, who: str, what: str, **more: str | int) -> None:
        """Write down that somebody did something.

        Args:
            who: Name of the person, or "" where nobody has signed in.
            what: What they did, in one word.
            more: Anything else that is worth knowing.
        """
        with self._lock:
            self._append_counts(_TOGETHER)
            self._append(_made(who, what, more))

    def note_refused(self, who: str, what: str, **more: str | int) -> None:
        """Write down what was refused: the first of a kind at once, the others as one.

        That one is the last of them, with `count`: how many it stands for, within a
        minute from the first.  It is written with the next line of any kind after that
        minute, or at the end.

        Args:
            who: Name of a person that there is, or "", so that kinds are not too many.
            what: What they tried, in one word; with `status` it is the kind.
            more: Anything else that is worth knowing.
        """
        kind = who, what, more.get("status")
        with self._lock:
            self._append_counts(_TOGETHER)
            event = _made(who, what, more)
            if kind in self._counted:
                self._counted[kind].more += 1
                self._counted[kind].event = event
            else:
                self._append(event)
                self._counted[kind] = _Counted(time.time(), 0, event)

    def close(self) -> None:
        """Write down what was counted and has no line yet."""
        with self._lock:
            self._append_counts(0)

    def _append_counts(self, seconds: float) -> None:
        """Write down what has been counted for so many seconds."""
        now = time.time()
        over = [k for k, one in self._counted.items() if now - one.since >= seconds]
        for kind in over:
            one = self._counted[kind]
            if one.more:
                self._append({**one.event, "count": one.more})
            del self._counted[kind]

    def _append(self, event: dict[str, Any]) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self.path, flags, 0o600), "r+b") as file:
            # Other processes write it too.
            fcntl.flock(file, fcntl.LOCK_EX)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
            # A last line that is broken breaks the chain, and stops nobody's work.
            before = _event(tail.splitlines()[-1]) if tail else {}
            number, digest = before.get("number", 0), before.get("digest", _FIRST)
            line = {"number": number + 1, **event, "before": digest}
            line["digest"] = _digest(line)
            file.write(b"" if tail.endswith(b"\n") or not tail else b"\n")
            file.write(_as_line(line))
            file.flush()
            self._write_head(line)

    def _write_head(self, line: Mapping[str, Any]) -> None:
        flags = os.O_WRONLY | os.O_CREAT
        with os.fdopen(os.open(self._head, flags, 0o600), "wb") as file:
            file.write(f"{line['number']:>12} {line['digest']}\n".encode())

    def events(self, last: int = 0) -> list[dict[str, Any]]:
        """Return the events in their order, or the last ones only."""
        if not self.path.exists():
            return []
        lines = self.path.read_text("utf-8").splitlines()
        return [_event(line) for line in lines[-last:]]

    def broken_at(self) -> str:
        """Say where the log is not as it was written; "" where it is whole."""
        before = {"number": 0, "digest": _FIRST}
        for number, line in enumerate(self.events(), start=1):
            is_next = line.get("number") == number
            is_chained = line.get("before") == before["digest"]
            if not is_next or not is_chained or line.get("digest") != _digest(line):
                return f"line {number}"
            before = line
        if self._head.exists():
            head = self._head.read_text("ascii", "replace").split()
            if head != [str(before["number"]), before["digest"]]:
                return f"after line {before['number']}"
        elif before["number"]:
            return "its end"
        return ""


def _made(who: str, what: str, more: Mapping[str, str | int]) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    cut = {key: _cut(key, value) for key, value in more.items()}
    return {"time": now, "who": who, "what": what, **cut}


def _event(line: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _digest(line: Mapping[str, Any]) -> str:
    bare = {key: value for key, value in line.items() if key != "digest"}
    return hashlib.sha256(_as_line(bare)).hexdigest()


def _as_line(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, sort_keys=True).encode() + b"\n"


def _cut(key: str, value: str | int) -> str | int:
    longest = _LONGER.get(key, _LONGEST)
    return value[:longest] if isinstance(value, str) else value
