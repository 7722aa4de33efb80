"""Documents that run: fenced blocks of Markdown, played in a folder of their own.

``beancount file=PATH`` writes a file, with ``append`` adds to it, and with ``replace``
puts its text in place of the paragraph with the same first line.  ``console`` holds
commands after ``$`` with what they print; ``...`` stands for any lines, and at the end
of a line for the rest of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.docs.commands import printed

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the words after it, its text, and its place."""

    language: str
    words: tuple[str, ...]
    text: str
    start: int

    def value(self, name: str) -> str:
        """Return what stands after ``name=``, or ""."""
        found = (word.partition("=") for word in self.words)
        return next((value for key, _, value in found if key == name), "")

    @property
    def commands(self) -> list[tuple[str, str, int]]:
        """Each command, with what the document says it prints, and where."""
        found = COMMAND.finditer(self.text) if self.language == "console" else ()
        return [(m[1], m[2], self.start + m.start(2)) for m in found]


def blocks(document: Path) -> list[Block]:
    """Return a document's fenced blocks, in order."""
    found = FENCE.finditer(document.read_text("utf-8"))
    return [Block(m[1], tuple(m[2].split()), m[3], m.start(3)) for m in found]


def write(block: Block, folder: Path) -> None:
    """Write a block into the file that it names."""
    path = folder / block.value("file")
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text("utf-8") if path.exists() else ""
    if "replace" in block.words:
        first = re.escape(block.text.partition("\n")[0])
        old, count = re.subn(rf"^{first}\n(?:.+\n)*", "", old, flags=re.MULTILINE)
        assert count == 1, f"{path}: {count} paragraphs begin with {first}"
    is_new = not {"append", "replace"} & set(block.words)
    path.write_text(block.text if is_new else f"{old}\n{block.text}", "utf-8")


def agrees(promised: str, output: str) -> bool:
    """Say whether an output is what was promised."""
    lines = promised.splitlines(keepends=True)
    return re.fullmatch("".join(map(_pattern, lines)), output) is not None


def _pattern(line: str) -> str:
    start = re.escape(line.removesuffix("...\n"))
    if not line.endswith("...\n"):
        return start
    return f"{start}.*\\n" if start else r"(?:.*\n)*?"


def play(document: Path, folder: Path, *, update: bool = False) -> list[str]:
    """Play a document's blocks; return what its commands print otherwise.

    Args:
        document: The document.
        folder: The current folder, in which files are written.
        update: Whether to mend the document, where no elision stands in the way.
    """
    text, differences, shift = document.read_text("utf-8"), [], 0
    for block in blocks(document):
        if block.value("file"):
            write(block, folder)
        for command, promised, place in block.commands:
            output = printed(command, folder)
            if agrees(promised, output):
                continue
            if update and "...\n" not in promised:
                start = place + shift
                text = text[:start] + output + text[start + len(promised) :]
                shift += len(output) - len(promised)
            else:
                differences.append(f"$ {command}\n{output}")
    if update:
        document.write_text(text, "utf-8")
    return differences
