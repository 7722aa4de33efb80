"""Measure a federation of Mondragón's size against a loop of bean-check over its books.

    python benchmarks/federation.py --members 70000

Each run is timed by the clock, one after the other and round after round: the loop
(the plugin's line taken out of every book, Beancount's pickle cache off),
`coopledger federation check` with an empty cache, with nothing changed, and after a
change in the book of middle size; then the year's pool and the appropriation of all
enterprises, as proposals.  With `--write` follows the whole year in its order, once:
the pool is written into all books, and the funds that follow from it are proposed and
written, and then aid; before each proposal `check` has read what was written.  Each
command is a process of its own, and the clock counts all that it starts.  Beside it
stand the processors' time, which a busy machine leaves nearly as it is, and the most
memory of any one process of the run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from typing import NamedTuple

import mondragon
from run import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from resource import struct_rusage

BUILD = ROOT / "build" / "federation"
PLUGIN_LINE = 'plugin "coopledger.plugin"\n'


class Cost(NamedTuple):
    """Seconds by the clock and of all processors; most memory of a process, in MB."""

    seconds: float
    cpu: float
    peak: float


def clocked(*commands: Sequence[str]) -> Cost:
    """Run Python commands one after the other; return what they cost together.

    Raises:
        RuntimeError: One of them failed, so that its time means nothing.
    """
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.getenv("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    start = time.perf_counter()
    used = [_used((sys.executable, *command), environment) for command in commands]
    return Cost(
        time.perf_counter() - start,
        sum(one.ru_utime + one.ru_stime for one in used),
        max(one.ru_maxrss for one in used) / 2**10,
    )


def _used(command: Sequence[str], environment: dict[str, str]) -> struct_rusage:
    """Run a command; return what it and all that it started used."""
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(  # noqa: S603 - the commands are those of this file
            command, stdout=said, stderr=said, text=True, env=environment
        ) as process,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            message = f"{' '.join(command)} failed:\n{said.read()}"
            raise RuntimeError(message)
    return usage


def bare(folder: Path) -> list[tuple[str, ...]]:
    """Write every book without the plugin's line, and return the loop over them."""
    target = folder.with_name(f"{folder.name}-bare")
    shutil.rmtree(target, ignore_errors=True)
    commands: list[tuple[str, ...]] = []
    for book in sorted(folder.glob("*/main.beancount")):
        copy = target / book.parent.name / book.name
        copy.parent.mkdir(parents=True)
        copy.write_text(book.read_text("utf-8").replace(PLUGIN_LINE, "", 1), "utf-8")
        script = "beancount.scripts.check"
        commands.append(("-m", script, "--no-cache", str(copy)))
    return commands


def measure(
    build: Path, members: int, enterprises: int, rounds: int, *, writing: bool
) -> dict[str, list[Cost]]:
    """Make the federation and time everything; costs by what was run."""
    folder, cache = build / str(members), build / f"{members}-cache"
    shutil.rmtree(folder, ignore_errors=True)
    main = mondragon.write(folder, members, enterprises)
    loop = bare(folder)
    book = ("--book", str(main), "--cache", str(cache))
    program = ("-m", "coopledger.cli", "federation")
    check = (*program, "check", *book)
    year = ("--year", str(mondragon.YEAR))
    decided = (*year, "--resolution", "CP-2026", "--write", *book)
    pool = (*program, "pool", *year, *book)
    close = (*program, "close", *year, *book)
    coops = sorted(folder.glob("coop-*/main.beancount"))
    changed = coops[len(coops) // 2]
    times: dict[str, list[Cost]] = {}

    def note(name: str, *commands: Sequence[str]) -> None:
        times.setdefault(name, []).append(clocked(*commands))
        print(f"  {name}: {times[name][-1].seconds:.2f} s", file=sys.stderr)

    for number in range(1, rounds + 1):
        print(f"{members} members, round {number} of {rounds}", file=sys.stderr)
        shutil.rmtree(cache, ignore_errors=True)
        note("loop of bean-check", *loop)
        note("first time", check)
        note("nothing changed", check)
        with changed.open("a", encoding="utf-8") as file:
            file.write(f"\n; changed {number}\n")
        note("one book changed", check)
        note("pool of all, proposed", pool)
        note("appropriation of all, proposed", close)
    if writing:
        # They write into all books, and come last for that.
        note("pool of all, written", (*program, "pool", *decided))
        for name, what in (("solidarity", "funds of all"), ("aid", "aid of all")):
            note("after it was written", check)
            note(f"{what}, proposed", (*program, name, *year, *book))
            note(f"{what}, written", (*program, name, *decided))
        note("after it was written", check)
        note("appropriation after all that", close)
    return times


def _middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each column."""
    return Cost(*map(median, zip(*costs, strict=True)))


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure a federation.")
    parser.add_argument("--members", default="7000,35000,70000")
    parser.add_argument("--enterprises", type=int, default=mondragon.ENTERPRISES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="book the year as well")
    parser.add_argument("--folder", type=Path, default=BUILD, help="for the books")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    given = parser.parse_args()
    found = {}
    for members in map(int, given.members.split(",")):
        found[members] = measure(
            given.folder.resolve(),
            members,
            given.enterprises,
            given.rounds,
            writing=given.write,
        )
        base = _middle(found[members]["loop of bean-check"])
        print(f"\n{members:,} members, {given.enterprises} enterprises")
        for name, costs in found[members].items():
            own = _middle(costs)
            print(
                f"{name:31}"
                f"{own.seconds:9.2f} s {own.seconds / base.seconds:6.3f}"
                f"{own.cpu:9.2f} s CPU {own.cpu / base.cpu:6.3f}"
                f"{own.peak:7.0f} MB {own.peak / base.peak:5.2f}",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
