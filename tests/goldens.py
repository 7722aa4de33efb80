"""Expected texts that live in files: compared, or rewritten when that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def expect(path: Path, text: str, *, update: bool) -> None:
    """Compare a text with a file; when updating, write the file."""
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"differs from {path}"
