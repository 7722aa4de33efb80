"""Files put in their places, at once or not at all."""

from __future__ import annotations

import os
import shutil
from glob import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def put_file(path: Path, text: str, *, like: Path | None = None) -> None:
    """Write a file at once or not at all, over what is there."""
    staged = beside(path)
    write_text(staged, text, like=like)
    staged.replace(path)


def put_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, at once or not at all."""
    staged = beside(path)
    staged.unlink(missing_ok=True)
    try:
        handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Return where this run writes a file before it goes to its place."""
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def clear_beside(*paths: Path) -> None:
    """Take away what stands beside files or folders, by this run or a killed one.

    What another run is just writing stays.
    """
    for path in paths:
        for left in path.parent.glob(f".{escape(path.name)}.*.new"):
            if left == beside(path) or not _is_running(left.suffixes[-2][1:]):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)


def _is_running(process: str) -> bool:
    """Say whether a process still runs, as far as this system tells without harm."""
    if not process.isdecimal() or os.name == "nt":
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def read_text(path: Path) -> str:
    """Read a file with its own line ends."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def write_text(path: Path, text: str, *, like: Path | None = None) -> None:
    """Write a file to the disk, readable to those who may read another one."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if like is not None:
            shutil.copymode(like, path)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
