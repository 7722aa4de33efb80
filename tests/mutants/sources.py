"""Mutation testing of the code that reckons: one thing changed, do the tests notice?

    python -m tests.mutants.sources map                which tests run which line
    python -m tests.mutants.sources run --sample 300   change, test, record
    python -m tests.mutants.sources again              ask all tests about survivors

``map`` runs the tests once with coverage.  ``run`` draws changes to domain, law and
rules, and gives each a process of its own, in which only tests of that line run, the
narrowest first, until one fails.  A change that no test notices survives.  The verdicts
go to ``sources.json`` beside this file; ``docs/quality.md`` shows them.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from importlib.machinery import ModuleSpec
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import coverage
import pytest

from tests.mutants.changes import Change
from tests.mutants.changes import changed
from tests.mutants.changes import changes_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from types import CodeType

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
LAYERS = ("domain", "law", "rules")
LINES = ROOT / "build" / "lines.coverage"
VERDICTS = Path(__file__).with_name("sources.json")
TESTS = tuple(f"tests/{name}" for name in (*LAYERS, "services", "journal"))

#: A change that makes the tests reckon longer than this many seconds does not end;
#: where all tests are asked, longer than these.
_PATIENCE = 120
_MORE_PATIENCE = 900
#: How many tests of a line are asked first, and how many of the others after them.
_ASKED = 120
_RULE_ID = re.compile(r"COOP-[A-Z]+-\d+")
#: What pytest says when a test failed, or when the tests could not even be read.
_NOTICED = frozenset({1, 2})
#: What is said where tests were not found, as when a change keeps them from being read.
_UNREADABLE = "error 4"
#: Verdicts on a change that cannot go unseen.
_SEEN = frozenset({"noticed", "endless"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change to a module, and what became of it.

    Attributes:
        module: The module's path, from the package on.
        change: The change.
    """

    module: str
    change: Change

    @property
    def path(self) -> Path:
        """The module's file."""
        return SOURCE / "coopledger" / self.module

    @property
    def name(self) -> str:
        """The module's dotted name."""
        return ".".join(["coopledger", *Path(self.module).with_suffix("").parts])

    def __str__(self) -> str:
        """Say where it is and what it does."""
        one = self.change
        return f"{self.module}:{one.line}: {one.was} -> {one.becomes}"


# --- which tests run which line -------------------------------------------------------


def map_lines() -> None:
    """Run the tests once and keep which of them runs which line."""
    LINES.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *TESTS]
    command += ["--cov=coopledger", "--cov-context=test", "--cov-report="]
    environment = {**os.environ, "COVERAGE_FILE": str(LINES)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


class Lines:
    """Which tests run a line, the narrowest first."""

    def __init__(self) -> None:
        """Read what `map_lines` kept."""
        data = coverage.CoverageData(str(LINES))
        data.read()
        self._tests: dict[str, dict[int, list[str]]] = {}
        breadth: dict[str, int] = {}
        for path in data.measured_files():
            module = path.rpartition("/coopledger/")[2]
            if module.partition("/")[0] not in LAYERS:
                continue
            lines = {
                line: [test.split("|")[0] for test in tests if test]
                for line, tests in data.contexts_by_lineno(path).items()
            }
            self._tests[module] = lines
            for tests in lines.values():
                for test in tests:
                    breadth[test] = breadth.get(test, 0) + 1
        self._breadth = breadth

    def tests_of(
        self, mutant: Mutant, *, every_one: bool = False
    ) -> tuple[list[str], list[str]]:
        """Return the tests that run a change: whom to ask first, and then the rest.

        What runs at import is every test's of the module, narrow and broad ones.  The
        module's own file of tests is asked whole, because it may be newer than the map,
        and so are the ledgers of the rules that stand in it.
        """
        lines = self._tests.get(mutant.module, {})
        own = range(mutant.change.line, mutant.change.last + 1)
        found = {test for line in own for test in lines.get(line, ())}
        whole = found or {test for tests in lines.values() for test in tests}
        ordered = sorted(whole, key=lambda test: (self._breadth[test], test))
        every = 1 if found else 1 + len(ordered) // _ASKED
        first = ordered[::every][:_ASKED]
        asked = set(first)
        layer, _, file = mutant.module.partition("/")
        file_of_tests = ROOT / "tests" / layer / f"test_{file}"
        rest = [test for test in ordered if test not in asked]
        some = rest[:: 1 + len(rest) // _ASKED]
        if every_one:
            # What runs at import is asked of by code that the map does not know.
            return first, [*_existing(file_of_tests), *TESTS]
        own_ledgers = [test for test in rest if _is_of_a_rule_in(mutant, test)]
        return first, _existing(file_of_tests) + own_ledgers + some


def _is_of_a_rule_in(mutant: Mutant, test: str) -> bool:
    """Say whether a test runs the ledgers of a rule of a module."""
    if "test_rule_book.py" not in test:
        return False
    written = set(_RULE_ID.findall(mutant.path.read_text("utf-8")))
    return not written.isdisjoint(_RULE_ID.findall(test))


def _existing(path: Path) -> list[str]:
    return [str(path.relative_to(ROOT))] if path.exists() else []


# --- one mutant, in a process of its own ----------------------------------------------


class _Changed(SourceFileLoader):
    """Loads one module with a change in it."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.name, str(mutant.path))
        self._tree = changed(mutant.path.read_text("utf-8"), mutant.change.number)

    def get_code(self, fullname: str) -> CodeType:
        """Return the changed code."""
        del fullname
        return compile(self._tree, self.path, "exec")


class _Finder:
    """Puts the changed module in the place of the one on the disk."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """Find the one module that is changed."""
        if name != self._mutant.name:
            return None
        return spec_from_loader(name, _Changed(self._mutant))


def _test(
    mutant: Mutant | None, options: Iterable[str], patience: int = _PATIENCE
) -> int:
    """Run tests with a change or none, in a child that never returns; return its id."""
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if mutant:
        sys.meta_path.insert(0, _Finder(mutant))
    code = 3
    try:
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *options]))
    finally:
        os._exit(code)


def verdicts(
    mutants: Iterable[Mutant], lines: Lines, *, every_one: bool = False
) -> Iterator[tuple[Mutant, str]]:
    """Test mutants, as many at a time as there are processors; say what became of each.

    Whom the first tests do not notice, some of the others are asked about, or all.
    """
    patience = _MORE_PATIENCE if every_one else _PATIENCE
    waiting = [
        (mutant, *lines.tests_of(mutant, every_one=every_one)) for mutant in mutants
    ][::-1]
    running: dict[int, tuple[Mutant, list[str]]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                mutant, first, rest = waiting.pop()
                child = _test(mutant, first or rest, patience)
                running[child] = (mutant, rest if first else [])
            child, status = os.wait()
            mutant, rest = running.pop(child)
            verdict = _verdict(status)
            if verdict == _UNREADABLE and _can_be_collected(lines.tests_of(mutant)[0]):
                verdict = "noticed"
            if verdict == "survived" and rest:
                waiting.append((mutant, rest, []))
            else:
                yield mutant, verdict
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)


def _can_be_collected(tests: Iterable[str]) -> bool:
    """Say whether tests are found without a change; then it was the change's fault."""
    _, status = os.waitpid(_test(None, ["--collect-only", *tests]), 0)
    return _verdict(status) == "survived"


def _verdict(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "endless"
    code = os.WEXITSTATUS(status)
    if code == 0:
        return "survived"
    return "noticed" if code in _NOTICED else f"error {code}"


# --- the record -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """What became of the mutants of a run.

    Attributes:
        seed: What they were drawn with.
        day: When.
        possible: How many there are.
        made: How many were drawn, by kind of change.
        noticed: How many of them the tests noticed.
        survivors: The others.
    """

    seed: int
    day: str
    possible: int
    made: dict[str, int]
    noticed: dict[str, int]
    survivors: list[dict[str, Any]]

    @classmethod
    def read(cls) -> Record:
        """Read the record of the last run."""
        return cls(**json.loads(VERDICTS.read_text("utf-8")))

    def write(self) -> None:
        """Keep the record."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        VERDICTS.write_text(text + "\n", "utf-8")


# --- all of it ------------------------------------------------------------------------


def mutants_of(layers: Iterable[str] = LAYERS) -> list[Mutant]:
    """Return every mutant of the layers, in order."""
    found = []
    for layer in layers:
        for path in sorted((SOURCE / "coopledger" / layer).glob("*.py")):
            module = path.relative_to(SOURCE / "coopledger").as_posix()
            code = path.read_text("utf-8")
            found += [Mutant(module, change) for change in changes_in(code)]
    return found


def run(sample: int, seed: int, minutes: int) -> None:
    """Draw mutants, test them, and record the verdicts."""
    everything = mutants_of()
    drawn = random.Random(seed).sample(everything, min(sample, len(everything)))  # noqa: S311
    found = _tested(drawn, minutes)
    Record(
        seed=seed,
        day=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        possible=len(everything),
        made=_counted(mutant for mutant, _ in found),
        noticed=_counted(mutant for mutant, verdict in found if verdict in _SEEN),
        survivors=_survivors(found),
    ).write()


def again() -> None:
    """Ask all tests about the survivors of the last run; record who is noticed now."""
    before = Record.read()
    kept = []
    for one in before.survivors:
        code = (SOURCE / "coopledger" / one["module"]).read_text("utf-8")
        kept.append(Mutant(one["module"], changes_in(code)[one["number"]]))
    found = _tested(kept, sys.maxsize, every_one=True)
    now = _counted(mutant for mutant, verdict in found if verdict in _SEEN)
    noticed = dict(Counter(before.noticed) + Counter(now))
    replace(before, noticed=noticed, survivors=_survivors(found)).write()


def _tested(
    mutants: list[Mutant], minutes: int, *, every_one: bool = False
) -> list[tuple[Mutant, str]]:
    _, status = os.waitpid(_test(None, TESTS, _MORE_PATIENCE), 0)
    if _verdict(status) != "survived":
        sys.exit("The tests fail without any change; what they notice says nothing.")
    start, found = time.monotonic(), []
    for mutant, verdict in verdicts(mutants, Lines(), every_one=every_one):
        found.append((mutant, verdict))
        done = f"{len(found)} of {len(mutants)}, {time.monotonic() - start:.0f} s"
        sys.stdout.write(f"{done}: {verdict}: {mutant}\n")
        sys.stdout.flush()
        if time.monotonic() - start > 60 * minutes:
            break
    return found


def _survivors(found: Iterable[tuple[Mutant, str]]) -> list[dict[str, Any]]:
    listed = sorted(found, key=lambda one: (one[0].module, one[0].change.number))
    return [
        {"module": mutant.module, "is": verdict, **asdict(mutant.change)}
        for mutant, verdict in listed
        if verdict not in _SEEN
    ]


def _counted(mutants: Iterable[Mutant]) -> dict[str, int]:
    return dict(Counter(mutant.change.operator for mutant in mutants))


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Mutation testing of the code.")
    parser.add_argument("what", choices=("map", "run", "again"))
    parser.add_argument("--sample", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=int, default=sys.maxsize)
    given = parser.parse_args()
    if given.what == "map":
        map_lines()
        return
    # Read once, here, and not again by every child.
    import beancount.loader  # noqa: F401, PLC0415
    import pydantic  # noqa: F401, PLC0415

    if given.what == "again":
        again()
    else:
        run(given.sample, given.seed, given.minutes)


if __name__ == "__main__":
    main()
