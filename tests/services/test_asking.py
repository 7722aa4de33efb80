"""Queries that are kept answer on every book, in whatever form is wanted."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from coopledger.cli import main
from coopledger.errors import CoopledgerError
from coopledger.errors import YearUnknownError
from coopledger.journal.loading import load_sound_book
from coopledger.journal.querying import parted
from coopledger.journal.querying import run_query
from coopledger.services import asking
from coopledger.services.exporting import asked
from coopledger.services.exporting import workbook_of

if TYPE_CHECKING:
    from coopledger.journal.loading import Book

ROOT = Path(__file__).parents[2]
BOOKS = sorted((ROOT / "ledger").glob("*/main.beancount"))
NAMES = [*sorted(asking.queries_for(BOOKS[0]))]
HOSTILE = [
    "=1+1",
    "+cmd",
    "@SUM(A1)",
    '=HYPERLINK("x")',
    "-1",
    "עברית",
    "🐝",
    "a" * 400,
]


@pytest.fixture(scope="module", params=BOOKS, ids=lambda path: path.parent.name)
def book(request: pytest.FixtureRequest) -> Book:
    return load_sound_book(request.param)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder for queries, above a book."""
    folder = tmp_path / "reports" / "queries"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    names = "".join(
        f'2024-01-0{number} custom "coop-member" "M{number}" "join"\n'
        f"  name: {json.dumps(name, ensure_ascii=False)}\n"
        for number, name in enumerate(HOSTILE, 1)
    )
    path = tmp_path / "books" / "farm" / "main.beancount"
    path.parent.mkdir(parents=True)
    path.write_text(
        'option "title" "Farm"\noption "operating_currency" "USD"\n'
        '2024-01-01 custom "coop-policy" "us-worker-ica"\n'
        "2024-01-01 open Assets:Bank\n2024-01-01 open Assets:Stock\n"
        f"2024-01-01 open Income:Sales\n{names}"
        '2024-02-01 * "A payee" "Sold"\n  Assets:Bank  10.00 USD\n'
        "  Assets:Bank  5.00 EUR\n  Income:Sales  -10.00 USD\n"
        "  Income:Sales  -5.00 EUR\n"
        '2024-03-01 * "Bought"\n  Assets:Stock  3 ACME {2.00 USD}\n'
        "  Assets:Bank  -6.00 USD\n",
        "utf-8",
    )
    return path


@pytest.mark.parametrize("name", NAMES)
def test_every_query_answers_on_every_book(book: Book, name: str) -> None:
    query = asking.query_named(name, book.path)
    year = max(book.case.books.years)
    answer = asking.answer_to(query, book, year)
    assert answer.names
    workbook = asked.workbook_of(query, book, year, "es")
    (sheet,) = workbook.sheets
    assert sheet.lines[0].text == query.title("es")


@pytest.mark.parametrize("name", NAMES)
def test_every_query_says_in_both_languages_what_it_is(name: str) -> None:
    query = asking.query_named(name, BOOKS[0])
    assert {"", "es"} <= query.titles.keys()
    assert all(query.purposes[language] for language in ("", "es"))


@pytest.mark.parametrize("name", NAMES)
def test_every_column_of_a_query_has_a_spanish_head(book: Book, name: str) -> None:
    query = asking.query_named(name, book.path)
    answer = asking.answer_to(query, book, max(book.case.books.years))
    assert set(answer.names) == set(query.heads["es"])


def test_a_column_of_amounts_is_called_by_its_head_and_the_currency(
    own: Path, small: Path
) -> None:
    (own / "sold.bql").write_text(
        "; Sold\n; columns: what = What for\n; es: columns: paid = Pagado, odd\n"
        "SELECT narration AS what, sum(position) AS paid\n"
        "WHERE account = 'Assets:Bank' AND narration = 'Sold' GROUP BY what\n",
        "utf-8",
    )
    query = asking.query_named("sold", small)
    (sheet,) = asked.workbook_of(query, load_sound_book(small), None, "es").sheets
    heads = [column.title for column in sheet.tables[0].columns]
    assert heads == ["What for", "Pagado EUR", "Pagado USD"]
    assert query.purpose("es") == ""


def test_what_is_ours_on_the_sheet_of_a_query_is_said_in_the_language(
    book: Book,
) -> None:
    year = max(book.case.books.years)
    for name, words in (("patronage", f"Ejercicio {year}"), ("members", "Hasta el ")):
        query = asking.query_named(name, book.path)
        workbook = asked.workbook_of(query, book, year, "es")
        assert workbook.warning == "sin auditar"
        assert words in workbook.period
        assert words in workbook.sheets[0].lines[1].text


def test_a_query_that_is_dropped_in_is_one_of_them(own: Path, small: Path) -> None:
    (own / "hens.bql").write_text(
        "; Hens\nSELECT count(*) AS hens FROM #members;\n", "utf-8"
    )
    query = asking.query_named("hens", small)
    assert (query.title(), query.purpose(), query.needs_year) == ("Hens", "", False)
    assert asking.answer_to(query, load_sound_book(small), None).rows == ((8,),)


def test_ones_own_comes_before_one_that_ships(own: Path, small: Path) -> None:
    (own / "members.bql").write_text("; Only the hens\nSELECT 1 AS hens\n", "utf-8")
    assert asking.queries_for(small)["members"].title("es") == "Only the hens"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"SELECT 1 AS one", "does not say what it is"),
        (b";\nSELECT 1 AS one", "does not say what it is"),
        (b"", "does not say what it is"),
        (b"; \xff", "no text in UTF-8"),
    ],
)
def test_a_file_that_is_no_query_is_named(
    own: Path, small: Path, text: bytes, why: str
) -> None:
    (own / "odd.bql").write_bytes(text)
    with pytest.raises(CoopledgerError, match=rf"odd\.bql.*{why}"):
        asking.queries_for(small)


def test_a_query_that_cannot_be_answered_is_named_by_its_file(
    own: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "odd.bql").write_text("; Odd\nSELECT nothing\n", "utf-8")
    query = asking.query_named("odd", small)
    with pytest.raises(CoopledgerError, match=r"odd\.bql cannot be answered.*nothing"):
        asking.answer_to(query, load_sound_book(small), None)
    book, file = tmp_path / "ledger" / "green-team", tmp_path / "year.xlsx"
    shutil.copytree(ROOT / "ledger", tmp_path / "ledger")
    with pytest.raises(SystemExit):
        main(["export", "--book", str(book), "--year", "2024", str(file)])
    assert "odd.bql cannot be answered" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("In/out: what?", "In out what"),
        ("'Quoted'", "Quoted"),
        ("[/]", "Queries"),
        ("x" * 40, "x" * 31),
        ("x" * 30 + "'y", "x" * 30),
        ("Ünïcode 🐝", "Ünïcode 🐝"),
    ],
)
def test_any_title_makes_a_sheet_that_spreadsheets_open(
    own: Path, small: Path, tmp_path: Path, title: str, name: str
) -> None:
    (own / "odd.bql").write_text(f"; {title}\nSELECT 1 AS one\n", "utf-8")
    file = tmp_path / "odd.xlsx"
    _run("odd", small, "--format", "xlsx", "--output", str(file))
    (found,) = openpyxl.load_workbook(file).sheetnames
    assert " ".join(found.split()) == name


def test_a_year_is_asked_for_where_a_query_is_about_one(small: Path) -> None:
    book = load_sound_book(small)
    query = asking.query_named("trial-balance", small)
    with pytest.raises(asking.YearNeededError, match="--year"):
        asking.answer_to(query, book, None)
    with pytest.raises(YearUnknownError, match="1900"):
        asking.answer_to(query, book, 1900)


def test_an_unknown_name_is_answered_with_those_that_there_are(small: Path) -> None:
    with pytest.raises(asking.QueryUnknownError, match=r"trial-balance.*reports"):
        asking.query_named("balance", small)


def test_amounts_are_parted_by_currency_and_lots_stay_text(small: Path) -> None:
    answer = run_query(
        load_sound_book(small),
        "SELECT account, sum(position) AS held WHERE account ~ 'Bank' GROUP BY account",
    )
    found = parted(answer)
    assert found.names == ("account", "held EUR", "held USD")
    assert found.rows == (("Assets:Bank", Decimal("5.00"), Decimal("4.00")),)
    lots = run_query(
        load_sound_book(small),
        "SELECT position, units(position) AS units WHERE account ~ 'Stock'",
    )
    assert parted(lots).names == ("position", "units ACME")


def test_ones_own_are_sheets_of_the_years_workbook_each_with_a_name_of_its_own(
    own: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "ledger", tmp_path / "ledger")
    folder = tmp_path / "ledger" / "green-team"
    for name in ("a", "b", "c"):
        text = "; Members\n; es: Personas\nSELECT member, name FROM #members\n"
        (own / f"{name}.bql").write_text(text, "utf-8")
    workbook = workbook_of(load_sound_book(folder), 2024)
    found = [sheet for sheet in workbook.sheets if sheet.id == "queries"]
    assert [sheet.name for sheet in found] == [
        "Members (2)",
        "Members (3)",
        "Members (4)",
    ]
    for sheet in found:
        cells = [cell.content for _, _, cell in sheet.cells()]
        assert cells[:2] == ["Curtis", "Curtis Applewhite"]


def test_nothing_found_is_a_sheet_without_rows(small: Path) -> None:
    query = asking.query_named("members-left", small)
    (sheet,) = asked.workbook_of(query, load_sound_book(small), 2024, "").sheets
    assert not any(cell.content for _, _, cell in sheet.cells())


def test_a_workbook_holds_numbers_dates_and_texts_that_are_never_formulas(
    small: Path, tmp_path: Path
) -> None:
    _run("members", small, "--format", "xlsx", "--output", str(tmp_path / "m.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
    rows = [row for row in sheet.iter_rows() if str(row[0].value).startswith("M")]
    assert [row[1].value for row in rows] == HOSTILE
    assert {row[1].data_type for row in rows} == {"s"}
    assert rows[0][4].value == datetime(2024, 1, 1)  # noqa: DTZ001 - as openpyxl
    _run(
        *("income-and-expenses", small, "--year", "2024"),
        *("--format", "xlsx", "--output", str(tmp_path / "i.xlsx")),
    )
    found = openpyxl.load_workbook(tmp_path / "i.xlsx").worksheets[0]
    values = [row for row in found.iter_rows(values_only=True) if row[0]]
    assert ("Income:Sales", -5, -10) in [row[:3] for row in values]


def test_what_is_printed_is_the_same_in_each_form(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("members", small, "--format", "json")
    data = json.loads(capsys.readouterr().out)
    _run("members", small, "--format", "csv")
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    _run("members", small)
    text = capsys.readouterr().out
    assert rows[0] == data["columns"]
    assert [row[0] for row in rows[1:]] == [one["member"] for one in data["rows"]]
    assert all(one["member"] in text for one in data["rows"])
    assert all(not row[1].startswith(("=", "+", "@", "-")) for row in rows[1:])


def test_all_queries_are_listed_with_what_they_are_for(
    small: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "hens.bql").write_text("; Hens\n; Why\nSELECT 1 AS hens\n", "utf-8")
    with pytest.raises(SystemExit):
        main(["report", "list", "--book", str(small), "--language", "es"])
    text = capsys.readouterr().out
    assert "Hens. Why" in text
    assert "Libro de personas socias" in text
    assert str(own) in text
    with pytest.raises(SystemExit):
        main(["report", "list", "--book", str(small), "--format", "json"])
    listed = {
        one["name"]: one for one in json.loads(capsys.readouterr().out)["queries"]
    }
    assert listed["hens"]["file"] == str(own / "hens.bql")
    assert listed["trial-balance"]["needs_year"]
    assert listed["members"]["file"] is None


def test_a_workbook_needs_a_file(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["report", "run", "members", "--book", str(small), "--format", "xlsx"])
    assert "--output FILE.xlsx" in capsys.readouterr().err


def _run(name: str, book: Path, *options: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", "run", name, "--book", str(book), *options])
    assert not ended.value.code
