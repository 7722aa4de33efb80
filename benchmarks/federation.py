"""Measure a federation of Mondragón's size against a loop of bean-check over its books.

    python benchmarks/federation.py --members 70000

Four runs are timed by the clock, one after the other and round after round: the loop
(the plugin's line taken out of every book), `coopledger federation check` with an empty
cache, with nothing changed, and after a change in the book of middle size.  Each
command is a process of its own, and the clock counts all that it starts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import mondragon
from run import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILD = ROOT / "build" / "federation"
PLUGIN_LINE = 'plugin "coopledger.plugin"\n'


def clocked(*commands: Sequence[str]) -> float:
    """Run Python commands one after the other; return the seconds that they took.

    Raises:
        RuntimeError: One of them failed, so that its time means nothing.
    """
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.getenv("PYTHONPATH"))))
    start = time.perf_counter()
    for command in commands:
        done = subprocess.run(  # noqa: S603 - the commands are those of this file
            (sys.executable, *command),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
        )
        if done.returncode:
            message = f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"
            raise RuntimeError(message)
    return time.perf_counter() - start


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


def measure(members: int, enterprises: int, rounds: int) -> dict[str, list[float]]:
    """Make the federation and time everything; seconds by what was run."""
    folder, cache = BUILD / str(members), BUILD / f"{members}-cache"
    shutil.rmtree(folder, ignore_errors=True)
    main = mondragon.write(folder, members, enterprises)
    loop = bare(folder)
    book = ("--book", str(main), "--cache", str(cache))
    check = ("-m", "coopledger.cli", "federation", "check", *book)
    coops = sorted(folder.glob("coop-*/main.beancount"))
    changed = coops[len(coops) // 2]
    times: dict[str, list[float]] = {}
    for number in range(1, rounds + 1):
        print(f"{members} members, round {number} of {rounds}", file=sys.stderr)
        shutil.rmtree(cache, ignore_errors=True)
        times.setdefault("loop of bean-check", []).append(clocked(*loop))
        times.setdefault("first time", []).append(clocked(check))
        times.setdefault("nothing changed", []).append(clocked(check))
        with changed.open("a", encoding="utf-8") as file:
            file.write(f"\n; changed {number}\n")
        times.setdefault("one book changed", []).append(clocked(check))
    return times


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure a federation.")
    parser.add_argument("--members", default="7000,35000,70000")
    parser.add_argument("--enterprises", type=int, default=mondragon.ENTERPRISES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    given = parser.parse_args()
    found = {}
    for members in map(int, given.members.split(",")):
        found[members] = measure(members, given.enterprises, given.rounds)
        base = median(found[members]["loop of bean-check"])
        print(f"\n{members:,} members, {given.enterprises} enterprises")
        for name, seconds in found[members].items():
            own = median(seconds)
            print(f"{name:24}{own:9.2f} s{own / base:9.3f}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    print(f"most memory of any process: {peak:,.0f} MB")
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
