"""A closing that is killed leaves the old book or the new one, and can be repeated."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from coopledger.journal.loading import load_book
from coopledger.services.checking import check_path
from tests import books
from tests.cli.running import run

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
import sys
from coopledger.cli import main
print("ready", flush=True)
main(sys.argv[1:])
"""
ROUNDS = 10


def close(folder: Path) -> tuple[str, ...]:
    """Return the command that closes the year of a book."""
    asked = ("close", "--book", str(folder), "--year", "2024")
    return (*asked, "--resolution", "GA-2025-01", "--write")


def killed_after(folder: Path, seconds: float | None) -> float:
    """Kill a closing so long after it began; return how long it ran."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *close(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        begun = time.monotonic()
        if seconds is not None:
            time.sleep(seconds)
            process.kill()
        process.communicate()
        return time.monotonic() - begun


def new_book(folder: Path) -> Path:
    """Write a book whose year is to be closed."""
    folder.mkdir()
    return books.write(folder, books.preamble("us-worker-ica"))


def test_a_closing_killed_at_any_moment_leaves_a_book_that_can_be_closed(
    tmp_path: Path,
) -> None:
    new_book(tmp_path / "whole")
    whole = killed_after(tmp_path / "whole", None)
    chance = random.Random(2024)  # noqa: S311 - any moments will do
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        main = new_book(folder)
        old = main.read_text("utf-8")
        killed_after(folder, chance.uniform(0, whole))
        is_old = main.read_text("utf-8") == old
        included = load_book(main).options["include"]
        assert [
            name for name in included if not name.endswith((".beancount", "toml"))
        ] == []
        assert check_path(main).findings == ()
        shown = run("capital", "--book", folder, "--year", 2025)
        assert ("no transactions" in shown.stderr) is is_old
        again = run(*close(folder))
        assert (again.exit_code, again.stderr) == (0, "")
        assert "Everything is booked" in run(*close(folder)).stdout
        assert list(folder.rglob("*.new")) == []
        assert check_path(main).findings == ()
