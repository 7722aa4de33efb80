"""What a load does once stays done once, whatever the rules become.

Nothing here measures time: calls are counted.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from typing import Any

import pytest

from benchmarks.books import write_book
from coopledger.journal import loading
from coopledger.journal.figures import Pass
from coopledger.law.preset import load_preset
from coopledger.services.checking import check_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
    loaded = loading.load_book(book)
    readings = counted(loading, "read_books")
    assert loaded.case is loaded.case
    assert loaded.chart is loaded.chart
    assert len(readings) == 1
