"""Our tables, asked from the command line, from beanquery alone, and inside Fava."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import beanquery
import pytest
from fava.core import FavaLedger

from coopledger.domain.capital import roll_forward
from coopledger.journal.loading import load_book
from coopledger.journal.querying import QueryFailedError
from coopledger.journal.querying import as_csv
from coopledger.journal.querying import plain
from coopledger.journal.querying import register_tables
from coopledger.journal.querying import run_query
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.journal.loading import Book

MORE = """
2023-03-01 * "Ana adds to her capital"
  Assets:Bank  50.00 USD
  Equity:Members:Ana:Contribution  -50.00 USD

2024-03-01 * "Bea adds to hers"
  Assets:Bank  70.00 USD
  Equity:Members:Bea:Contribution  -70.00 USD

2025-02-28 custom "coop-member" "Bea" "leave"
  reason: "moves away"

2025-03-31 note Assets:Bank "The last day of the book"
"""

BY_MEMBER = "SELECT member, sum(amount) AS total FROM #capital GROUP BY member"
EVERYTHING = {"Ana": Decimal(1050), "Bea": Decimal(1070)}


@pytest.fixture
def main(tmp_path: Path) -> Path:
    return books.write(tmp_path, books.preamble("us-worker-ica") + MORE)


@pytest.fixture
def book(main: Path) -> Book:
    return load_book(main)


def rows(book: Book, query: str) -> list[tuple[Any, ...]]:
    """Return a query's rows."""
    return list(run_query(book, query).rows)


# --- the tables -----------------------------------------------------------------------


def test_members_are_shown_as_of_the_last_entry(book: Book) -> None:
    query = "SELECT member, name, class, status, left_on FROM #members"
    answer = run_query(book, query)
    names, found, text = list(answer.names), list(answer.rows), answer.text
    assert names == ["member", "name", "class", "status", "left_on"]
    assert [row[:4] for row in found] == [
        ("Ana", "Ana", "worker", "member"),
        ("Bea", "Bea", "worker", "left"),
    ]
    assert str(found[1][4]) == "2025-02-28"
    assert "left" in text


def test_capital_movements_add_up_to_the_members_capital(book: Book) -> None:
    ours = book.case.books
    lines = roll_forward(ours.movements(), ours.last.replace(year=1), ours.last)
    expected = {member: line.closing for member, line in lines.items()}
    assert dict(rows(book, BY_MEMBER)) == expected == EVERYTHING


def test_a_capital_movement_says_date_component_kind_and_narration(book: Book) -> None:
    query = "SELECT date, component, kind, amount, year, narration FROM #capital"
    (row,) = rows(book, f"{query} WHERE date >= 2024-01-01")
    assert (str(row[0]), *row[1:]) == (
        "2024-03-01",
        "contribution",
        "contribution",
        Decimal(70),
        None,
        "Bea adds to hers",
    )


def test_patronage_shows_quantity_and_weight_by_year_and_member(book: Book) -> None:
    found = rows(book, "SELECT year, member, basis, quantity, weight FROM #patronage")
    assert found == [
        (2024, "Ana", "labour", Decimal(30), Decimal(30)),
        (2024, "Bea", "labour", Decimal(10), Decimal(10)),
    ]


def test_activity_of_nobody_in_the_register_has_no_weight(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica").replace("Advances:Bea", "Advances:Zoe")
    book = load_book(books.write(tmp_path, text))
    found = rows(book, "SELECT member, weight FROM #patronage")
    assert found == [("Ana", Decimal(30)), ("Zoe", None)]


def test_without_a_law_there_is_no_patronage(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica", with_policy=False)
    book = load_book(books.write(tmp_path, text))
    assert rows(book, "SELECT * FROM #patronage") == []
    assert len(rows(book, "SELECT * FROM #members")) == 2


def test_beancounts_own_tables_can_be_asked_as_well(book: Book) -> None:
    assert rows(book, "SELECT sum(number) WHERE account ~ 'Income:'") == [
        (Decimal(-1400),)
    ]


def test_tables_are_known_once_however_often_they_are_registered(book: Book) -> None:
    register_tables()
    register_tables()
    assert len(rows(book, "SELECT * FROM #members")) == 2


# --- queries that cannot be answered --------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "SELEC member",
        "SELECT 'open",
        "SELECT nothing FROM #capital",
        "SELECT * FROM #nothing",
        "SELECT sum(narration) FROM #capital",
        "SELECT date + 'a day' FROM #capital",
        "SELECT sum(amount) FROM #capital GROUP BY 9",
        "SELECT date_add(date, 99999999) FROM #capital",
        "SELECT account WHERE account ~ '('",
        "SELECT maxwidth(narration, 0) FROM #capital",
        "INSERT INTO somewhere VALUES (1)",
        "SELECT account; SELECT date",
    ],
)
def test_a_query_that_cannot_be_answered_is_quoted_with_the_reason(
    book: Book, query: str
) -> None:
    with pytest.raises(QueryFailedError, match=r"cannot be answered: .") as caught:
        run_query(book, query)
    assert f"'{query}'" in str(caught.value)


def test_the_names_of_narrow_columns_are_printed_whole(book: Book) -> None:
    answer = run_query(book, "SELECT 1 AS a_name_wider_than_its_values")
    names, text = list(answer.names), answer.text
    assert names[0] in text.splitlines()[0]


# --- results as text ------------------------------------------------------------------


def test_a_result_as_csv_has_a_head_and_one_line_for_each_row() -> None:
    text = as_csv(["member", "amount"], [("Ana", Decimal("1.50")), ("Bea", None)])
    assert text == "member,amount\nAna,1.50\nBea,\n"


@pytest.mark.parametrize("word", ["=1+1", "+cmd", "@SUM(A1)", "-2+3", "\tx", "\rx"])
def test_no_text_becomes_a_formula_when_a_spreadsheet_opens_the_csv(word: str) -> None:
    text = as_csv(["narration", "amount"], [(word, Decimal(-1))])
    assert text.splitlines(keepends=False)[1].strip('"').startswith("'")
    assert text.rstrip().endswith(",-1")


def test_sets_are_written_in_one_order_and_amounts_as_beancount_writes_them(
    book: Book,
) -> None:
    ((accounts, position),) = rows(
        book, "SELECT other_accounts, position WHERE number = 300 LIMIT 1"
    )
    assert plain(accounts) == ["Assets:Bank", "Expenses:Advances:Bea"]
    assert plain(position) == "300.00 USD"
    assert plain(Decimal("1.50")) == "1.50"
    assert plain(7) == 7
    assert plain(None) is None
    assert as_csv(["a"], [(accounts,)]) == 'a\n"Assets:Bank, Expenses:Advances:Bea"\n'


# --- beanquery alone, after the plugin was imported -----------------------------------


def test_beanquery_alone_knows_the_tables_of_a_book_with_the_plugin(main: Path) -> None:
    connect: Any = beanquery.connect
    found = connect(f"beancount:{main}").execute(BY_MEMBER).fetchall()
    assert dict(found) == EVERYTHING


def test_the_tables_need_no_plugin_line_once_the_plugin_is_imported(
    tmp_path: Path,
) -> None:
    text = books.preamble("us-worker-ica").replace('plugin "coopledger.plugin"', "")
    main = books.write(tmp_path, text)
    program = """\
import beanquery, coopledger.plugin, sys
asked = beanquery.connect(f'beancount:{sys.argv[1]}')
print(len(asked.execute('SELECT * FROM #members').fetchall()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(main)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "2\n"


# --- inside Fava ----------------------------------------------------------------------


def asked_in_fava(main: Path, query: str, time: str | None = None) -> list[list[Any]]:
    """Return the rows that Fava's query page shows under a time filter."""
    ledger = FavaLedger(str(main))
    entries = ledger.get_filtered(time=time).entries
    table = ledger.query_shell.execute_query_serialised(entries, query)
    return [list(row) for row in getattr(table, "rows", ())]


def test_favas_query_page_shows_the_same_capital(main: Path) -> None:
    found = asked_in_fava(main, BY_MEMBER)
    assert dict(found) == EVERYTHING


def test_capital_follows_favas_time_filter_and_roles_stay_known(main: Path) -> None:
    query = "SELECT member, component, amount FROM #capital"
    assert asked_in_fava(main, query, "2023") == [["Ana", "contribution", Decimal(50)]]
    assert asked_in_fava(main, query, "2024") == [["Bea", "contribution", Decimal(70)]]
    assert asked_in_fava(main, query, "2022") == []


def test_the_register_is_that_of_the_filters_end(main: Path) -> None:
    query = "SELECT member, status FROM #members"
    assert asked_in_fava(main, query, "2024") == [["Ana", "member"], ["Bea", "member"]]
    assert asked_in_fava(main, query) == [["Ana", "member"], ["Bea", "left"]]
    assert asked_in_fava(main, query, "1999") == []


def test_patronage_stays_whole_under_a_time_filter(main: Path) -> None:
    query = "SELECT member, quantity FROM #patronage"
    expected = [["Ana", Decimal(30)], ["Bea", Decimal(10)]]
    assert asked_in_fava(main, query, "2023") == expected
