"""Measure what the cooperative rules cost on top of Beancount.

    python benchmarks/run.py --books small,medium --rounds 3 --json build/bench.json

Every command runs in a fresh process, one after the other, and then all of them again
(A B C, A B C ...): a machine that is busy for a while slows all of them down alike.
What counts is CPU time, and of it the ratio of two commands of the same round.  See
``benchmarks/README.md`` for how to read the table.  Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from typing import Any

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.books import SIZES
from benchmarks.books import write_book

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "benchmarks"
LOAD = Path(__file__).with_name("load.py")
CLOSING = Path(__file__).with_name("closing.py")
BEAN_CHECK = ("-m", "beancount.scripts.check", "--no-cache")
PLUGIN_LINE = 'plugin "coopledger.plugin"\n'


@dataclass(frozen=True, slots=True)
class Run:
    """What one process used.

    Attributes:
        seconds: CPU time of the process, in user and system mode.
        megabytes: The most memory that it held.
        output: What it printed.
    """

    seconds: float
    megabytes: float
    output: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: one command, all rounds.

    Attributes:
        name: What ran.
        runs: Its runs, one for each round.
        base: The runs that it is compared with, round by round.
    """

    name: str
    runs: Sequence[Run]
    base: Sequence[Run]

    @property
    def ratios(self) -> list[float]:
        """CPU time over that of the base, round by round."""
        return [
            run.seconds / base.seconds
            for run, base in zip(self.runs, self.base, strict=True)
        ]

    def __str__(self) -> str:
        """Lay the line out."""
        seconds = median(run.seconds for run in self.runs)
        ratios = self.ratios
        spread = f"{min(ratios):.3f}-{max(ratios):.3f}"
        peak = median(run.megabytes for run in self.runs)
        return (
            f"{self.name:34}{seconds:9.2f}{median(ratios):9.3f}{spread:>14}{peak:9.0f}"
        )


def commands(book: Path, bare: Path) -> dict[str, tuple[str, ...]]:
    """Return the command lines by name, without the interpreter.

    Args:
        book: A book with the plugin.
        bare: The same book without the plugin's line.
    """
    return {
        "load_file, bare": (str(LOAD), str(bare)),
        "load_file, with the plugin": (str(LOAD), str(book)),
        "load_file, bare, then the rules": (str(LOAD), str(bare), "--rules"),
        "bean-check, bare": (*BEAN_CHECK, str(bare)),
        "bean-check, with the plugin": (*BEAN_CHECK, str(book)),
        "coopledger check": ("-m", "coopledger.cli", "check", "--book", str(book)),
    }


def run_once(command: Sequence[str]) -> Run:
    """Run Python in a fresh process, and read from the system what it used.

    Raises:
        RuntimeError: It failed, so that its figures mean nothing.
    """
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), *_inherited())))
    with subprocess.Popen(  # noqa: S603 - the commands are those of this file
        (sys.executable, *command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Without a fixed seed the order of sets differs from run to run, and time too.
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{' '.join(command)} failed:\n{output}"
        raise RuntimeError(message)
    # In kilobytes, but for macOS, where it is in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    seconds = usage.ru_utime + usage.ru_stime
    return Run(seconds, usage.ru_maxrss / unit, output)


def _inherited() -> tuple[str, ...]:
    return (os.environ.get("PYTHONPATH", ""),)


def prepare(size: str) -> tuple[Path, Path]:
    """Write a book and the same book without the plugin's line."""
    book, bare = BUILD / f"{size}.beancount", BUILD / f"{size}-bare.beancount"
    write_book(size, book)
    text = book.read_text("utf-8")
    bare.write_text(text.replace(PLUGIN_LINE, "", 1), "utf-8")
    return book, bare


def measure(size: str, rounds: int) -> list[Row]:
    """Run all commands in turn, round after round.

    Returns:
        The lines of the table; the last is the plugin's own function within one
        process, compared with Beancount's load in that very process.
    """
    lines = commands(*prepare(size))
    runs: dict[str, list[Run]] = {name: [] for name in lines}
    for number in range(1, rounds + 1):
        for name, command in lines.items():
            print(f"{size}, round {number} of {rounds}: {name}", file=sys.stderr)
            runs[name].append(run_once(command))
    rows = [
        Row(name, own, runs[_base(name)])
        for name, own in runs.items()
        if not name.endswith("then the rules")
    ]
    return [*rows, _rules(runs["load_file, bare, then the rules"])]


def _base(name: str) -> str:
    return "load_file, bare" if name.startswith("load_file") else "bean-check, bare"


def _rules(runs: Sequence[Run]) -> Row:
    """Compare the rules with the load of the same process."""
    return Row(
        "the plugin's function in process", _part(runs, "rules"), _part(runs, "load")
    )


def _part(runs: Sequence[Run], name: str) -> list[Run]:
    """Return one of the parts that runs timed of themselves."""
    return [Run(json.loads(run.output)[name], run.megabytes, "") for run in runs]


def measure_closing(members: int, rounds: int) -> list[Row]:
    """Close a year of very many members, and parse what comes of it."""
    runs = []
    for number in range(1, rounds + 1):
        print(f"closing, round {number} of {rounds}", file=sys.stderr)
        runs.append(run_once((str(CLOSING), "--members", str(members))))
    close, parse = _part(runs, "close"), _part(runs, "parse")
    return [
        Row("Beancount parses the proposal", parse, parse),
        Row("closing the year", close, parse),
    ]


def report(tables: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Return everything that was measured, for a file."""
    return {
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("beancount", "coopledger")},
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "books": {
            size: {
                row.name: {
                    "seconds": [run.seconds for run in row.runs],
                    "ratios": row.ratios,
                    "megabytes": [run.megabytes for run in row.runs],
                }
                for row in rows
            }
            for size, rows in tables.items()
        },
    }


def show(title: str, rows: list[Row]) -> list[Row]:
    """Print a table, and return its lines."""
    print(f"\n{title:34}{'CPU s':>9}{'ratio':>9}{'from-to':>14}{'peak MB':>9}")
    print(*rows, sep="\n", flush=True)
    return rows


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure coopledger on large books.")
    parser.add_argument("--books", default="small,medium", help=", ".join(SIZES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument(
        "--closing", type=int, default=70_000, help="members to close a year for; or 0"
    )
    given = parser.parse_args()
    sizes = given.books.split(",")
    unknown = [size for size in sizes if size not in SIZES]
    if unknown:
        parser.error(f"no book '{unknown[0]}'; there are {', '.join(SIZES)}")
    tables: dict[str, list[Row]] = {}
    for size in sizes:
        tables[size] = show(size, measure(size, given.rounds))
    if given.closing:
        rows = measure_closing(given.closing, given.rounds)
        tables["closing"] = show(f"closing for {given.closing:,} members", rows)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(report(tables), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
