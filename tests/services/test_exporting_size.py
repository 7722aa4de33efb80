"""Workbooks of very many members: no cell is kept, and nothing is done member by member
twice.
"""

from __future__ import annotations

import io
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from benchmarks.closing import YEAR
from benchmarks.closing import lines
from coopledger.journal.loading import load_book
from coopledger.services.exporting import subject
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.making import Made
from coopledger.services.stating import capital_of_year
from coopledger.xlsx import writing
from tests.services import coops

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.journal.loading import Book
    from coopledger.services.stating import CapitalTable

#: So many members more or fewer show what one of them costs.
FEW, MANY = 60, 360


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    found = []
    for members in (FEW, MANY):
        path = tmp_path_factory.mktemp("book") / "main.beancount"
        path.write_text("".join(lines(members)), "utf-8")
        found.append(load_book(path))
        # What is looked up once is no part of what a member costs.
        writing.as_bytes(workbook_of(found[-1], YEAR))
    return found


def a_member(books: list[Book], held: Callable[[Book], tuple[object, int]]) -> float:
    """Return how many bytes more are held for each member more."""
    sizes = []
    for book in books:
        tracemalloc.start()
        kept, most = held(book)
        sizes.append(most)
        del kept
        tracemalloc.stop()
    return (sizes[1] - sizes[0]) / (MANY - FEW)


def described(book: Book) -> tuple[object, int]:
    made = workbook_of(book, YEAR)
    return made, tracemalloc.get_traced_memory()[0]


def all_cells(book: Book) -> tuple[object, int]:
    made = workbook_of(book, YEAR)
    before = tracemalloc.get_traced_memory()[0]
    cells = [[*table.cells()] for sheet in made.sheets for table in sheet.tables]
    return cells, tracemalloc.get_traced_memory()[0] - before


def written(book: Book) -> tuple[object, int]:
    made, out = workbook_of(book, YEAR), io.BytesIO()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    writing.write_into(made, out)
    return made, tracemalloc.get_traced_memory()[1] - before


def test_a_described_workbook_takes_a_small_part_of_what_its_cells_would(
    books: list[Book],
) -> None:
    assert a_member(books, described) < a_member(books, all_cells) / 4


def test_writing_takes_a_small_part_of_what_all_cells_would(books: list[Book]) -> None:
    assert a_member(books, written) < a_member(books, all_cells) / 4


def test_tables_with_a_row_for_each_member_make_their_rows_when_read(
    books: list[Book],
) -> None:
    tables = [t for sheet in workbook_of(books[1], YEAR).sheets for t in sheet.tables]
    long = [table for table in tables if len(table.rows) >= MANY]
    assert len(long) > 6
    assert all(table.is_long for table in long)


def test_rows_are_the_same_each_time_they_are_read(books: list[Book]) -> None:
    tables = [t for sheet in workbook_of(books[0], YEAR).sheets for t in sheet.tables]
    assert [[*table.rows] for table in tables] == [[*table.rows] for table in tables]


def test_in_a_year_of_loss_capital_is_rolled_forward_once_for_all_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coop = coops.of_hours("10", "20", "30", result="-90.00")
    book = coop.write(tmp_path)
    years: list[int] = []

    def counted(books: Books, year: int) -> CapitalTable:
        years.append(year)
        return capital_of_year(books, year)

    monkeypatch.setattr(f"{subject.__name__}.capital_of_year", counted)
    workbook = workbook_of(book, coops.YEAR)
    names = [sheet.name for sheet in workbook.sheets]
    assert "Loss by member" in names
    assert [cell for sheet in workbook.sheets for cell in sheet.cells()]
    assert years == [coops.YEAR]


# --- what is made when it is read -----------------------------------------------------


def numbers(*made: int) -> Made[Cell]:
    return Made(len(made), lambda number: Cell(str(made[number])))


def test_what_is_made_is_read_like_any_sequence() -> None:
    made = numbers(7, 8, 9)
    assert [*made] == [Cell("7"), Cell("8"), Cell("9")]
    assert made[0] == made[-3] == Cell("7")
    assert made[1:] == (Cell("8"), Cell("9"))
    with pytest.raises(IndexError):
        made[3]


def test_what_is_made_can_be_changed_as_it_is_made() -> None:
    assert numbers(7, 8).each(lambda cell: cell.content) == Made(2, "78".__getitem__)


def test_what_is_made_is_compared_item_by_item() -> None:
    assert numbers(7, 8) == numbers(7, 8)
    assert numbers(7, 8) != numbers(7, 9)
    assert numbers(7, 8) != numbers(7)
    assert numbers(7) != [Cell("7")]
