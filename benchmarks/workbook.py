"""Write the workbook of a very large co-operative, beside openpyxl's write-only mode.

    python benchmarks/workbook.py [--members 70000] [--rounds 2]

The book is the one of `closing.py`.  First all of it is done in a fresh process: the
book is loaded, described as a workbook and written, and the most memory that this
process ever held is printed.

Then the book is loaded and described once more, and its workbook is written by our
writer, and the same cells by openpyxl in its write-only mode, without styles, widths,
names or values of formulas: what it does fastest.  Each runs in a process of its own,
forked once the workbook is described, so that all of them find the same.  Rows are made
as they are read, which a third process does and nothing else: openpyxl's own time is
what it takes beyond that, while ours is all that it takes.  Printed are CPU seconds and
the most memory that the process held.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

import openpyxl

from benchmarks.closing import YEAR
from benchmarks.closing import lines
from coopledger import xlsx
from coopledger.journal.loading import load_book
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.description import Formula

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.description import Workbook

_MEGABYTE = 1024


def write_ours(workbook: Workbook, path: Path) -> None:
    """Write with our writer."""
    xlsx.write(workbook, path)


def write_plain(workbook: Workbook, path: Path) -> None:
    """Write the same cells with openpyxl's write-only mode."""
    native = openpyxl.Workbook(write_only=True)
    for sheet in workbook.sheets:
        target = native.create_sheet(sheet.name)
        for line in sheet.lines:
            target.append([str(line.text)])
        for table in sheet.tables:
            target.append([str(column.title) for column in table.columns])
            for row in (*table.rows, table.total):
                target.append([_plain(cell) for cell in row])
    native.save(path)


def read_only(workbook: Workbook, path: Path) -> None:
    """Make every row and write none."""
    for sheet in workbook.sheets:
        for table in sheet.tables:
            for _ in table.rows:
                pass
    path.touch()


def _plain(cell: Cell) -> object:
    content = cell.content
    if isinstance(content, Formula):
        return f"={content.text}"
    return str(content) if isinstance(content, str) else content


def measured(
    write: Callable[[Workbook, Path], None], workbook: Workbook
) -> list[float]:
    """Return CPU seconds and megabytes of writing, in a process of its own."""
    return _answer("fork", _child, write, workbook)


def _answer(how: str, work: Callable[..., None], *given: object) -> list[float]:
    context = multiprocessing.get_context(how)
    here, there = context.Pipe()
    child = context.Process(target=work, args=(*given, there))  # type: ignore[attr-defined]
    child.start()
    found: list[float] = here.recv()
    child.join()
    return found


def _whole(path: Path, there: Connection) -> None:
    """Do all of it, and say how many CPU seconds and megabytes that took."""
    begun = time.process_time()
    workbook = workbook_of(load_book(path), YEAR)
    xlsx.write(workbook, path.with_suffix(".xlsx"))
    there.send([time.process_time() - begun, _most()])


def _most() -> float:
    """Return the most megabytes that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


def _child(
    write: Callable[[Workbook, Path], None], workbook: Workbook, there: Connection
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        write(workbook, Path(folder) / "year.xlsx")
        spent = time.process_time() - begun
        size = (Path(folder) / "year.xlsx").stat().st_size / _MEGABYTE**2
    there.send([spent, _most(), size])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=70_000)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "main.beancount"
        path.write_text("".join(lines(given.members)), "utf-8")
        # While this process is small: a child begins with what its parent holds.
        spent, most = _answer("spawn", _whole, path)
        begun = time.process_time()
        book = load_book(path)
        loaded = time.process_time()
        workbook = workbook_of(book, YEAR)
    described = time.process_time()
    gc.freeze()
    cells = sum(1 for sheet in workbook.sheets for _ in sheet.cells())
    print(f"{given.members} members, {cells} cells, {len(workbook.sheets)} sheets")
    print(f"all in a process of its own: {spent:.1f} s, {most:.0f} MB held at most")
    print(f"loaded in {loaded - begun:.1f} s, described in {described - loaded:.1f} s;")
    print(f"{_most():.0f} MB held by then")
    read, ours, plain = [], [], []
    for _ in range(given.rounds):
        read.append(measured(read_only, workbook))
        plain.append(measured(write_plain, workbook))
        ours.append(measured(write_ours, workbook))
    ratios = [o[0] / (p[0] - r[0]) for o, p, r in zip(ours, plain, read, strict=True)]
    named = {"rows alone": read, "openpyxl, write-only": plain, "our writer": ours}
    for what, runs in named.items():
        seconds, most, size = (median(column) for column in zip(*runs, strict=True))
        print(f"{what:22}{seconds:8.1f} s {most:8.0f} MB held {size:8.1f} MB file")
    print(f"ratio {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})")


if __name__ == "__main__":
    main()
