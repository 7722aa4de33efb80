"""The books that the benchmarks load are the same everywhere, and sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.books import write_book
from coopledger.services.checking import check_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "small.beancount"
    write_book("small", path)
    return path


def test_one_seed_gives_one_book(small: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again.beancount", tmp_path / "other.beancount"
    write_book("small", again)
    write_book("small", other, seed=1)
    assert again.read_bytes() == small.read_bytes()
    assert other.read_bytes() != small.read_bytes()


def test_nothing_is_found_in_a_book(small: Path) -> None:
    assert check_path(small).findings == ()


def test_a_book_spans_years_of_surplus_and_one_of_loss(small: Path) -> None:
    text = small.read_text("utf-8")
    assert text.count('coop-kind: "loss"') > 0
    assert text.count('coop-step: "patronage"') > 0
    assert text.count(' "join"') == 12
    assert text.count(' "leave"') == 1


def test_a_cent_moved_between_members_is_found(small: Path, tmp_path: Path) -> None:
    lines = small.read_text("utf-8").splitlines()
    # Of two neighbours' parts in money, one cent goes from the first to the second.
    first, second = [n for n, line in enumerate(lines) if ":Payable  -" in line][:2]
    lines[first] = _plus(lines[first], 1)
    lines[second] = _plus(lines[second], -1)
    moved = tmp_path / "moved.beancount"
    moved.write_text("\n".join(lines) + "\n", "utf-8")
    assert "COOP-APP-02" in {finding.rule for finding in check_path(moved).findings}


def _plus(line: str, cents: int) -> str:
    account, number, currency = line.split()
    amount = int(number.replace(".", "")) + cents
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 100)
    return f"  {account}  {sign}{whole}.{part:02d} {currency}"
