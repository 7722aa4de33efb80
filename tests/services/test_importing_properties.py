"""Whatever is filled in comes back; whatever is spoilt is told, and nothing written."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import openpyxl
import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.domain.words import has_unseen
from coopledger.journal.loading import load_sound_book
from coopledger.journal.recalling import pay_in
from coopledger.services.checking import check_path
from coopledger.services.importing import RowsWrongError
from coopledger.services.importing import write_import
from coopledger.xlsx import templating
from tests.services.spreadsheets import PEOPLE
from tests.services.spreadsheets import capital
from tests.services.spreadsheets import coop
from tests.services.spreadsheets import filled
from tests.services.spreadsheets import read
from tests.services.spreadsheets import sentences
from tests.services.spreadsheets import state
from tests.services.spreadsheets import take
from tests.services.spreadsheets import text_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from coopledger.services.importing import Import

    #: Member, day, hours, and what else is said.
    Row = tuple[str, datetime.date, Decimal, str]

DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2025, 12, 31))
CENTS = st.integers(1, 99_999_999).map(lambda n: Decimal(n) / 100)
QUARTERS = st.integers(0, 4000).map(lambda n: Decimal(n) / 4)


def _is_line(text: str) -> bool:
    """Say whether a text may stand in a cell and in a book as it is."""
    # The library that fills the cells in takes this one code out of texts.
    return bool(text.strip()) and not has_unseen(text) and "x005F_" not in text


LINES = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=30)
    .filter(_is_line)
    .map(str.strip)
)

NAMES = st.sampled_from(sorted(PEOPLE))


def _rows(least: int = 1) -> st.SearchStrategy[list[Row]]:
    rows = st.tuples(NAMES, DAYS, QUARTERS, st.just("") | LINES)
    return st.lists(
        rows, min_size=least, max_size=6, unique_by=lambda row: (row[0], row[1], row[3])
    )


@pytest.fixture(scope="module", autouse=True)
def _short() -> Iterator[None]:
    """Keep the templates short: formatting very many rows takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templating, "_ROWS", 20)
        yield


@settings(max_examples=20)
@given(rows=_rows())
@example(rows=[("Ana", datetime.date(2024, 1, 1), Decimal(8), "=1+1")])
@example(rows=[("Ana", datetime.date(2024, 1, 1), Decimal(8), '@SUM(A1)\\"')])
@example(rows=[("Ana", datetime.date(2024, 1, 1), Decimal(0), "😀 שלום _x0041_")])
def test_hours_that_are_filled_in_are_those_of_the_book(rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        main = coop(Path(folder))
        cells = [{1: m, 2: d, 3: float(h), 5: memo or None} for m, d, h, memo in rows]
        file = filled(main, "hours", cells)
        take(main, file)
        kept = {(one.member, one.date, one.hours, one.memo) for one in pay_in_(main)}
        assert kept == set(rows)
        assert check_path(main).findings == ()
        assert read(main, file).new == 0


def said(found: Import) -> list[Row]:
    """Return what the rows of hours say."""
    words = [fact.words for fact in found.outcome.facts]
    return [(member, day, hours, memo) for member, day, hours, _, memo in words]


def pay_in_(main: Path) -> list[Any]:
    """Return the postings of pay in a book."""
    return list(pay_in(load_sound_book(main)))


COMPONENTS = {
    "Contribution": "contribution",
    "Voluntary contribution": "voluntary",
    "Retained patronage": "patronage",
    "Nonqualified notices": "nonqualified",
}


@settings(max_examples=20)
@given(
    held=st.dictionaries(
        st.tuples(NAMES, st.sampled_from(sorted(COMPONENTS)), st.integers(2010, 2023)),
        CENTS,
        min_size=1,
        max_size=6,
    )
)
def test_capital_that_is_filled_in_is_that_of_the_book(
    held: dict[tuple[str, str, int], Decimal],
) -> None:
    expected: dict[tuple[str, str, int | None], Decimal] = {}
    cells = []
    for (member, word, told), amount in held.items():
        year = told if "contribution" not in word.casefold() else None
        if (member, COMPONENTS[word], year) not in expected:
            expected[member, COMPONENTS[word], year] = amount
            cells.append({1: member, 2: word, 3: year, 4: float(amount)})
    with tempfile.TemporaryDirectory() as folder:
        main = coop(Path(folder))
        file = filled(main, "opening-balances", cells)
        take(main, file)
        assert capital(main) == expected
        assert check_path(main).findings == ()
        assert read(main, file).new == 0


@settings(max_examples=20)
@given(
    people=st.lists(
        st.tuples(LINES, DAYS), min_size=1, max_size=5, unique_by=lambda one: one[0]
    )
)
@example(people=[('=HYPERLINK("x")\\', datetime.date(2024, 1, 1))])
def test_members_that_are_filled_in_are_those_of_the_book(
    people: list[tuple[str, datetime.date]],
) -> None:
    cells = [
        {1: name, 2: f"M{number}", 3: day, 4: "Worker-member"}
        for number, (name, day) in enumerate(people)
    ]
    with tempfile.TemporaryDirectory() as folder:
        main = coop(Path(folder), members={})
        file = filled(main, "members", cells)
        take(main, file)
        register = load_sound_book(main).case.books.register
        kept = {m: (e.name, e.date) for m, (e, *_) in register.events.items()}
        assert kept == {f"M{number}": one for number, one in enumerate(people)}
        assert read(main, file).new == 0


def _english(number: Decimal) -> str:
    return f"{number:,}"


def _spanish(number: Decimal) -> str:
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


#: Headings, numbers and days of each language.
_HABITS: dict[str, tuple[tuple[str, ...], Callable[[Decimal], str], str]] = {
    "en": (("Member", "Date", "Hours", "Memo"), _english, "%Y-%m-%d"),
    "es": (("Socia", "Fecha", "Horas", "Nota"), _spanish, "%d/%m/%Y"),
}


@settings(max_examples=50)
@given(
    rows=_rows(),
    sign=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    language=st.sampled_from(["en", "es"]),
)
def test_text_files_of_both_languages_are_read_alike(
    book: Path, rows: list[Row], sign: str, encoding: str, language: str
) -> None:
    heads, shown, form = _HABITS[language]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(heads)
    writer.writerows((m, f"{d:{form}}", shown(h), memo) for m, d, h, memo in rows)
    with tempfile.TemporaryDirectory() as folder:
        found = read(book, text_file(Path(folder), out.getvalue(), encoding))
    assert sentences(found) == []
    assert said(found) == rows


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book that nothing is written into."""
    return coop(tmp_path_factory.mktemp("properties"))


# --- spoilt sheets --------------------------------------------------------------------

HEADS = ("Member", "Date", "Hours", "Memo")


def _member_unknown(sheet: Any, row: int) -> None:
    sheet.cell(row, 1).value = "Nobody"


def _blank(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = None


def _text_in_number(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = "about ten"


def _negative(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = -1


def _unclear_day(sheet: Any, row: int) -> None:
    sheet.cell(row, 2).value = "03/04/2024"


def _formula(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = "=B1*2"


def _merged(sheet: Any, row: int) -> None:
    sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)


def _twice(sheet: Any, row: int) -> None:
    for column in range(1, 5):
        sheet.cell(row, column).value = sheet.cell(row - 1, column).value


SPOILS = (
    _member_unknown,
    _blank,
    _text_in_number,
    _negative,
    _unclear_day,
    _formula,
    _merged,
    _twice,
)


def _saved(rows: list[Row], folder: str, change: Callable[[Any], None]) -> Path:
    native = openpyxl.Workbook()
    sheet = native.worksheets[0]
    sheet.append(HEADS)
    for number, (member, day, hours, memo) in enumerate(rows, start=2):
        for column, value in enumerate((member, day, float(hours), memo), start=1):
            cell: Any = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    change(sheet)
    path = Path(folder) / "sheet.xlsx"
    native.save(path)
    return path


@settings(max_examples=60)
@given(rows=_rows(2), spoil=st.sampled_from(SPOILS), data=st.data())
def test_a_spoilt_row_is_told_by_its_number_and_nothing_is_written(
    book: Path, rows: list[Row], spoil: Callable[[Any, int], None], data: st.DataObject
) -> None:
    row = data.draw(st.integers(3, len(rows) + 1))
    before = state(book.parent)
    with tempfile.TemporaryDirectory() as folder:
        file = _saved(rows, folder, lambda sheet: spoil(sheet, row))
        found = read(book, file)
    assert {trouble.row for trouble in found.outcome.troubles} == {row}
    assert all(one.startswith(f"row {row}, column ") for one in sentences(found))
    with pytest.raises(RowsWrongError, match="nothing was written"):
        write_import(load_sound_book(book), found)
    assert state(book.parent) == before


def _moved(sheet: Any) -> None:
    sheet.insert_cols(1, 2)
    sheet.insert_cols(5)


def _lowered(sheet: Any) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"] = "Hours of the year 2024"
    sheet.merge_cells("A1:D1")


def _spaced(sheet: Any) -> None:
    sheet.insert_rows(3, 2)


def _added_up(sheet: Any) -> None:
    last = sheet.max_row + 2
    sheet.cell(last, 1).value = "Total"
    sheet.cell(last, 3).value = "=SUM(C2:C9)"


@settings(max_examples=40)
@given(rows=_rows(), changes=st.permutations([_moved, _lowered, _spaced, _added_up]))
def test_where_the_cells_of_a_sheet_stand_changes_nothing(
    book: Path, rows: list[Row], changes: list[Callable[[Any], None]]
) -> None:
    # The total comes first, where it still stands in the columns of the facts.
    def change(sheet: Any) -> None:
        _added_up(sheet)
        for one in changes:
            if one is not _added_up:
                one(sheet)

    with tempfile.TemporaryDirectory() as folder:
        found = read(book, _saved(rows, folder, change))
    assert sentences(found) == []
    assert said(found) == rows
    assert len(found.totals) == 1
