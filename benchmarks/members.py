"""Measure a member's own page in the portal beside stock Fava's balance sheet.

    python benchmarks/members.py [--books medium,wide,one]

The full book is opened in stock Fava, and its balance sheet asked for once; then a
portal is put over the same book, and members open their own statement.  The very first
of them pays for dividing the full book among all members; another one's first page only
for writing, proving and loading their own book; and what is asked for again for little.
Printed are milliseconds of CPU time and their part of the balance sheet, as it is asked
for the first time.  ``medium`` is a book of `books.py`, ``wide`` the one of `wide.py`
with 5,000 members in transactions of 250, ``one`` the same with all of them in one.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from typing import Any

# This is a script, run by its path: the tree it stands in is not on Python's path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from fava.application import create_app
from werkzeug.test import Client

from benchmarks.books import write_book
from benchmarks.pages import BALANCE_SHEET
from benchmarks.pages import EXTENSION
from benchmarks.wide import written
from coopledger.fava_ext.serving import Ledger
from coopledger.portal.people import People
from coopledger.portal.running import Place
from coopledger.portal.running import opened
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import Store
from coopledger.services.proposing import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.portal.gate import Gate

HOST = "portal.example"
#: How many of 5,000 members are in one transaction.
WIDE = {"wide": CHUNK, "one": 5_000}
OTHERS = 5
AGAIN = 5


def book_of(name: str, folder: Path) -> Path:
    """Write a book."""
    if name in WIDE:
        return written(folder, 5_000, WIDE[name])
    path = folder / f"{name}.beancount"
    write_book(name, path)
    with path.open("a", encoding="utf-8") as file:
        file.write(EXTENSION)
    return path


def balance_sheet(path: Path) -> float:
    """Return what stock Fava's balance sheet costs the first time."""
    app = create_app([], poll_watcher=True)
    # Stock Fava takes minutes to start with the wide book: only its start is helped.
    ledger = Ledger(str(path.resolve()), poll_watcher=True)
    app.config["LEDGERS"].ledgers.append(ledger)
    client = app.test_client()
    slug = app.config["LEDGERS"].first_slug()
    begun = time.process_time()
    answer = client.get(f"/{slug}/{BALANCE_SHEET}")
    return _spent(begun, answer)


def pages(path: Path, state: Path) -> Iterator[tuple[str, float]]:
    """Open a portal; return what members' own statements cost, by what was asked."""
    place = Place(state, hostname=HOST, is_behind_proxy=True, needs_factor=())
    with opened(path, place, 443) as gate, Store(state) as store:
        ids = members_of(path)[: OTHERS + 1]
        visitors = [visitor(gate, store, member) for member in ids]
        addresses = [
            f"/books/mine/extension/CapitalAccounts/?member={member}&partial=true"
            for member in ids
        ]
        first, *others = [
            asked(client, address)
            for client, address in zip(visitors, addresses, strict=True)
        ]
        yield "the very first page", first
        yield "another's first page", median(others)
        again = [asked(visitors[0], addresses[0]) for _ in range(AGAIN)]
        yield "a page again", median(again)
        journal = "/books/mine/api/journal_page?page=1&order=desc"
        yield "another page", asked(visitors[0], journal)


def members_of(path: Path) -> list[str]:
    """Return the ids of a book's members."""
    found = re.findall(r'"coop-member" "(\w+)" "join"', path.read_text("utf-8"))
    return [str(one) for one in found]


def visitor(gate: Gate, store: Store, member: str) -> Client:
    """Return a browser in which a member has signed in."""
    people = People(store)
    people.add(member.lower(), "member", member)
    token = Sessions(store).begin(people.named(member.lower()), "192.0.2.7")
    client = Client(gate)
    client.set_cookie(gate.setting.cookie, token, domain=HOST, secure=True)
    return client


def asked(client: Client, address: str) -> float:
    """Ask for an address; return what that cost."""
    begun = time.process_time()
    answer = client.get(
        address, base_url=f"https://{HOST}", headers={"Sec-Fetch-Site": "same-origin"}
    )
    return _spent(begun, answer)


def _spent(begun: float, answer: Any) -> float:
    spent = (time.process_time() - begun) * 1000
    if answer.status_code != 200:
        message = f"{answer.status_code}: {answer.text[:200]}"
        raise SystemExit(message)
    return spent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--books", default="medium,wide,one")
    names = parser.parse_args().books.split(",")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = book_of("small", folder)
        balance_sheet(small)
        # Warms the program up: templates and modules.
        list(pages(small, folder / "small"))
        for each in names:
            path = book_of(each, folder)
            base = balance_sheet(path)
            print(f"{each}: Fava's balance sheet {base:8.1f} ms")
            for what, spent in pages(path, folder / each):
                print(f"  {what:22}{spent:8.1f} ms {spent / base:6.2f}")


if __name__ == "__main__":
    main()
