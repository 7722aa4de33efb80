"""Books with very many members in one transaction: written, ruled, served.

Nothing here measures time: what is counted is how many entries and postings are hashed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount.core import compare
from beancount.core import data
from fava.application import create_app

from benchmarks.closing import TODAY
from benchmarks.closing import YEAR
from benchmarks.closing import lines
from coopledger.fava_ext import serving
from coopledger.fava_ext.serving import Ledger
from coopledger.journal.loading import load_book
from coopledger.portal.serving import Snapshot
from coopledger.services import proposing
from coopledger.services.checking import check_path
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from coopledger.services.proposing import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEMBERS = 2 * CHUNK + 10
_STOCK = compare.stable_hash_namedtuple


def written(folder: Path, members: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a closed book with all its members in one transaction of each kind."""
    path = folder / "main.beancount"
    folder.mkdir()
    path.write_text("".join(lines(members)), "utf-8")
    book = load_book(path)
    with monkeypatch.context() as patch:
        patch.setattr(proposing, "CHUNK", members)
        write_closing(book, close_year(book, YEAR, "GA-2025", TODAY))
    return path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count what is hashed: entries, and each posting of an entry."""
    number = [0]

    def counting(one: Any, ignore: Any = frozenset()) -> str:
        number[0] += 1
        return _STOCK(one, ignore)

    monkeypatch.setattr(compare, "stable_hash_namedtuple", counting)
    return number


@pytest.mark.parametrize("opened", [lambda path: Ledger(str(path)), Snapshot])
def test_the_start_hashes_each_posting_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    counted: list[int],
    opened: Callable[[Path], Any],
) -> None:
    paths = [written(tmp_path / str(n), n, monkeypatch) for n in (30, 60)]
    hashed = []
    for path in paths:
        counted[0] = 0
        opened(path)
        hashed.append(counted[0])
    assert hashed[1] < 2.2 * hashed[0], "twice the members, twice the work"


def test_stock_fava_hashes_the_square_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: list[int]
) -> None:
    # Otherwise the test above could not fail.
    paths = [written(tmp_path / str(n), n, monkeypatch) for n in (30, 60)]
    hashed = []
    for path in paths:
        counted[0] = 0
        create_app([str(path)], load=True, poll_watcher=True)
        hashed.append(counted[0])
    assert hashed[1] > 3 * hashed[0]


def test_a_book_that_changed_is_read_again_as_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: list[int]
) -> None:
    path = written(tmp_path / "book", 60, monkeypatch)
    server, app = serving.prepare([path], "127.0.0.1", 0, read_only=False)
    try:
        serving.first_page(app)
        ledger = app.config["LEDGERS"].ledgers[0]
        first, counted[0] = counted[0], 0
        stat = path.stat()
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))
        ledger.load_file()
    finally:
        server.stop()
    assert 0 < counted[0] <= first


def test_a_large_closing_is_written_in_linked_chunks_that_are_one_distribution(
    tmp_path: Path,
) -> None:
    path = tmp_path / "main.beancount"
    path.write_text("".join(lines(MEMBERS)), "utf-8")
    book = load_book(path)
    write_closing(book, close_year(book, YEAR, "GA-2025", TODAY))

    again = load_book(path)
    chunks = [
        entry
        for entry in again.entries
        if type(entry) is data.Transaction
        and (entry.narration or "").startswith("Distribution")
    ]
    assert len(chunks) > 2
    for entry in chunks:
        people = {one.account.split(":")[2] for one in entry.postings if _is_of(one)}
        assert len(people) <= CHUNK
        amounts = [one.units.number for one in entry.postings if one.units]
        assert sum(filter(None, amounts)) == 0
        assert entry.links == {"GA-2025"}
    assert check_path(path).findings == ()
    assert close_year(again, YEAR, "GA-2025", TODAY).is_booked


def _is_of(posting: data.Posting) -> bool:
    return ":Members:" in posting.account
