"""Documents that run: fenced blocks of Markdown, played in a folder of their own.

``beancount file=PATH`` writes a file, with ``append`` adds to it, and with ``replace``
puts its text in place of the paragraph with the same first line.  ``console`` holds
commands after ``$`` with what they print; a line ``...`` stands for any lines.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from coopledger.cli import main

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
ELISION = re.compile(r"^\\\.\\\.\\\.\n", re.MULTILINE)


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


def printed(command: str, folder: Path) -> str:
    """Run a ``coopledger`` command; return what it prints, without the folder."""
    program, *arguments = shlex.split(command)
    assert program == "coopledger", f"documents run coopledger only, not {program}"
    done = CliRunner().invoke(main, arguments, prog_name=program)
    if not isinstance(done.exception, SystemExit | None):
        raise done.exception
    lines = done.output.replace(f"{folder}/", "").strip("\n").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def agrees(promised: str, output: str) -> bool:
    """Say whether an output is what was promised, ``...`` standing for any lines."""
    pattern = ELISION.sub(r"(?:.*\\n)*?", re.escape(promised).replace(r"\n", "\n"))
    return re.fullmatch(pattern, output) is not None


def play(document: Path, folder: Path, *, update: bool = False) -> list[str]:
    """Play a document's blocks; return what its commands print otherwise.

    Args:
        document: The document.
        folder: The current folder, in which files are written.
        update: Whether to put outputs that differ into the document.
    """
    text, differences, shift = document.read_text("utf-8"), [], 0
    for block in blocks(document):
        if block.value("file"):
            write(block, folder)
        for command, promised, place in block.commands:
            output = printed(command, folder)
            if not agrees(promised, output):
                differences.append(f"$ {command}\n{output}")
                start = place + shift
                text = text[:start] + output + text[start + len(promised) :]
                shift += len(output) - len(promised)
    if update and differences:
        document.write_text(text, "utf-8")
    return differences
