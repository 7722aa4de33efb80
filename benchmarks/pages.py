"""Measure our pages in Fava beside Fava's own balance sheet, on the same book.

    python benchmarks/pages.py medium

Each address is asked for the first time after a load, and then again a few times; what
is printed is milliseconds of CPU time, and of it the part of Fava's balance sheet in
the same run.  Pages come without Fava's frame, as its router fetches them.  The first
round warms the program up (templates, modules) on another book and is not printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from fava.application import create_app

from benchmarks.books import SIZES
from benchmarks.books import write_book

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BALANCE_SHEET = "api/balance_sheet"
PAGES = {
    "all members": "extension/CapitalAccounts/",
    "a year's members": "extension/CapitalAccounts/?time=FY2024",
    "one member": "extension/CapitalAccounts/?member={member}",
    "distribution": "extension/Distribution/",
    "register": "extension/Register/",
    "rules": "extension/Rules/",
    "solidarity": "extension/Solidarity/",
}
ROUNDS = 5
EXTENSION = '\n1990-01-01 custom "fava-extension" "coopledger.fava_ext"\n'


def opened(size: str, folder: Path) -> tuple[FlaskClient, str, str]:
    """Write a book and open Fava over it; return client, prefix and a member."""
    path = folder / f"{size}.beancount"
    write_book(size, path)
    with path.open("a", encoding="utf-8") as file:
        file.write(EXTENSION)
    app = create_app([str(path.resolve())], load=True, poll_watcher=True)
    books = app.config["LEDGERS"]
    page = books.ledgers[0].extensions.get_extension("CapitalAccounts")
    ids = page.book.case.books.register.ids
    return app.test_client(), f"/{books.first_slug()}/", ids[0]


def milliseconds(client: FlaskClient, address: str) -> float:
    """Ask for an address; return what that cost."""
    begun = time.process_time()
    answer = client.get(address)
    spent = (time.process_time() - begun) * 1000
    if answer.status_code != 200:
        message = f"{address}: {answer.status_code}"
        raise SystemExit(message)
    return spent


def measured(client: FlaskClient, prefix: str, member: str) -> dict[str, list[float]]:
    """Return the first and the later times of every address."""
    asked = {"balance sheet": BALANCE_SHEET, **PAGES}
    found: dict[str, list[float]] = {}
    for name, address in asked.items():
        whole = prefix + address.format(member=member)
        whole += ("&" if "?" in whole else "?") + "partial=true"
        found[name] = [milliseconds(client, whole) for _ in range(1 + ROUNDS)]
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", nargs="?", default="medium", choices=SIZES)
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory() as folder:
        measured(*opened("small", Path(folder)))
        found = measured(*opened(size, Path(folder)))
    first, *later = found["balance sheet"]
    again = median(later)
    print(f"{size}: milliseconds, and the part of Fava's balance sheet")
    for name, (one, *more) in found.items():
        print(
            f"{name:20}first {one:8.1f} {one / first:6.2f}"
            f"    again {median(more):8.2f} {median(more) / again:6.2f}"
        )


if __name__ == "__main__":
    main()
