"""Write the statements of all members of a large co-operative, as pages and as PDF.

    python benchmarks/statements.py [--members 1000] [--form html] [--form pdf]

The book is the one of `wide.py`, closed and distributed; loading it is not timed.
Printed is how many statements were written in a second of the clock, each with its
arithmetic, in a file of its own that stands on the disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.wide import written
from coopledger import paper
from coopledger.journal.loading import load_book
from coopledger.services.proposing import CHUNK

if TYPE_CHECKING:
    from coopledger.journal.loading import Book


def main() -> None:
    """Measure a co-op of as many members as the command line says."""
    parser = argparse.ArgumentParser(description="Write all members' statements.")
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--form", action="append", choices=paper.FORMS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = load_book(written(Path(folder), asked.members, CHUNK))
        _ = book.case
        for form in asked.form or paper.FORMS:
            measure(book, form, Path(folder) / form)


def measure(book: Book, form: str, folder: Path) -> None:
    """Write everybody's statement in one form, and print how fast that went."""
    begun = time.perf_counter()
    count = paper.write_all(book, paper.Wishes(form=form), folder)
    seconds = time.perf_counter() - begun
    rate = f"{count} in {seconds:.1f} s, {count / seconds:.0f} a second"
    print(f"statements as {form}: {rate}")


if __name__ == "__main__":
    main()
