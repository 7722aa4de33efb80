"""What a load does once stays done once, whatever the rules become.

Nothing here measures time: calls are counted.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest

from benchmarks.books import write_book
from coopledger.journal import loading
from coopledger.journal.figures import Pass
from coopledger.law.preset import load_preset
from coopledger.services.checking import check_path
from tests import books

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PADDED = """
2023-01-01 pad Assets:Till Expenses:Shrinkage
2023-12-31 balance Assets:Till -7.00 USD
"""

SPENT = """
option "insert_pythonpath" "TRUE"
plugin "doubling_what_is_spent"

2023-05-01 * "Supplies"
  Expenses:Supplies   7.00 USD
  Assets:Bank        -7.00 USD
"""

#: It makes no new entries: the postings' own lists are changed.
LATER = """
from decimal import Decimal

__plugins__ = ("double",)

def double(entries, options):
    for entry in entries:
        if getattr(entry, "narration", "") == "Supplies":
            entry.postings[:] = [
                one._replace(units=one.units._replace(number=2 * one.units.number))
                for one in entry.postings
            ]
    return entries, []
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a co-op of twelve workers and five years, with the plugin."""
    path = tmp_path_factory.mktemp("once") / "small.beancount"
    write_book("small", path)
    return path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[Any]]:
    """Return a function that notes the first argument of each call of another."""

    def count(owner: Any, name: str) -> list[Any]:
        calls: list[Any] = []
        original = getattr(owner, name)

        def noting(*given: Any, **named: Any) -> Any:
            calls.append(given[-1])
            return original(*given, **named)

        monkeypatch.setattr(owner, name, noting)
        return calls

    return count


def test_check_passes_once_over_the_transactions_of_a_book(
    book: Path, counted: Callable[[Any, str], list[Any]]
) -> None:
    passes = counted(Pass, "run")
    assert check_path(book).is_clean
    assert len(passes) == 1


def test_a_preset_is_parsed_once_in_a_process(
    book: Path, counted: Callable[[Any, str], list[Any]]
) -> None:
    check_path(book)
    parsed = counted(tomllib, "loads")
    check_path(book)
    load_preset("us-worker-ica")
    assert parsed == []


def test_payroll_makes_no_booking(book: Path) -> None:
    loaded = loading.load_book(book)
    roles = {leg.role for one in loaded.case.books.bookings for leg in one.legs}
    paid = [e for e in loaded.entries if "payroll" in (getattr(e, "tags", None) or ())]
    assert paid
    assert not roles & {"advance", "wages", "withholding-payable"}


def test_commands_read_a_book_once_however_often_it_is_asked(
    book: Path, counted: Callable[[Any, str], list[Any]]
) -> None:
    passes = counted(Pass, "run")
    loaded = loading.load_book(book)
    assert loaded.case is loaded.case
    assert loaded.chart is loaded.chart
    assert len(passes) == 1


def test_a_book_without_the_plugin_is_read_once_too(
    book: Path, tmp_path: Path, counted: Callable[[Any, str], list[Any]]
) -> None:
    bare = tmp_path / "bare.beancount"
    text = book.read_text("utf-8").replace('plugin "coopledger.plugin"\n', "")
    bare.write_text(text, "utf-8")
    passes = counted(Pass, "run")
    loaded = loading.load_book(bare)
    assert loaded.case is loaded.case
    assert loaded.chart is loaded.chart
    assert len(passes) == 1


def test_what_beancount_pads_is_in_what_commands_read(tmp_path: Path) -> None:
    """The plugin's reading is of the book before that."""
    main = books.write(tmp_path, books.preamble("us-worker-ica") + PADDED)
    result = loading.load_book(main).case.books.years[2023].result
    assert result == {"cooperative": Decimal(-7)}


def test_what_a_later_plugin_changes_is_in_what_commands_read(tmp_path: Path) -> None:
    (tmp_path / "doubling_what_is_spent.py").write_text(LATER, "utf-8")
    main = books.write(tmp_path, books.preamble("us-worker-ica") + SPENT)
    result = loading.load_book(main).case.books.years[2023].result
    assert result == {"cooperative": Decimal(-14)}
