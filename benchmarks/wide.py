"""Open a book with thousands of members in one transaction, beside stock Fava.

    python benchmarks/wide.py [--members 5000]

The book of `closing.py`, closed and written as `coopledger close --write` does it, is
opened three times: by stock Fava, with each member in transactions of their own; by
`coopledger serve`, with transactions of as many members as `close` writes; and by
`coopledger serve` again, with all members in one transaction.  Printed are seconds of
CPU time, and their part of what stock Fava needed for the same.

Stock Fava is not shown on the other two books: its start takes minutes there.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from fava.application import create_app

from benchmarks.closing import TODAY
from benchmarks.closing import YEAR
from benchmarks.closing import lines
from coopledger.fava_ext import serving
from coopledger.journal.loading import load_book
from coopledger.services import proposing
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

EXTENSION = '\n1990-01-01 custom "fava-extension" "coopledger.fava_ext"\n'
MEMBER = "M000007"
PAGES = {
    "balance sheet": "api/balance_sheet",
    "journal, first page": "api/journal_page?page=1&order=desc",
    "all members": "extension/CapitalAccounts/?partial=true",
    "one member": f"extension/CapitalAccounts/?member={MEMBER}&partial=true",
    "distribution": "extension/Distribution/?partial=true",
    "a member's account": (
        f"api/account_report?a=Equity:Members:{MEMBER}:Contribution"
    ),
}


def written(folder: Path, members: int, together: int) -> Path:
    """Write and close the book, with so many members in each transaction."""
    path = folder / f"{members}-{together}" / "main.beancount"
    path.parent.mkdir()
    path.write_text("".join(lines(members, together)) + EXTENSION, "utf-8")
    book = load_book(path)
    with mock.patch.object(proposing, "CHUNK", together):
        write_closing(book, close_year(book, YEAR, "GA-2025", TODAY))
    return path


def stock(path: Path) -> Flask:
    """Open a book in Fava as it comes."""
    return create_app([str(path)], load=True)


def served(path: Path) -> Flask:
    """Open a book as `coopledger serve` does."""
    server, app = serving.prepare([path], "127.0.0.1", 0, read_only=False)
    try:
        serving.first_page(app)
    finally:
        server.stop()
    return app


def measured(opened: Callable[[Path], Flask], path: Path) -> dict[str, float]:
    """Return the seconds of the start, and of the first time of each page."""
    gc.collect()
    begun = time.process_time()
    app = opened(path)
    found = {"start": time.process_time() - begun}
    slug, client = app.config["LEDGERS"].first_slug(), app.test_client()
    for name, address in PAGES.items():
        begun = time.process_time()
        answer = client.get(f"/{slug}/{address}")
        found[name] = time.process_time() - begun
        if answer.status_code != 200:
            message = f"{address}: {answer.status_code}"
            raise SystemExit(message)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=5_000)
    members = parser.parse_args().members
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = written(folder, members, 1)
        chunked = written(folder, members, proposing.CHUNK)
        whole = written(folder, members, members)
        other = written(folder, 60, 1)
        for opened in (stock, served):
            # Warms the program up: templates and modules.
            measured(opened, other)
        base = measured(stock, small)
        found = [measured(served, path) for path in (chunked, whole)]
    print(f"{members} members: CPU seconds, and the part of stock Fava's")
    print(f"{'':20}{'stock, small':>14}{'chunks':>16}{'one':>16}")
    for what, seconds in base.items():
        parts = [f"{one[what]:9.2f} {one[what] / seconds:6.2f}" for one in found]
        print(f"{what:20}{seconds:14.2f}{''.join(parts)}")


if __name__ == "__main__":
    main()
