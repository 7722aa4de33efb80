"""Frames hold the book's own figures, to the cent, in the documented columns."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from typing import get_args

import pandas as pd
import pytest

from coopledger import frames
from coopledger.domain.members import Status
from coopledger.errors import CoopledgerError
from coopledger.services.distributing import distribution_of
from coopledger.services.stating import capital_of_year

if TYPE_CHECKING:
    from coopledger.journal.loading import Book

ROOT = Path(__file__).parents[1]
DEMONSTRATION = sorted(
    path.parent
    for path in (ROOT / "ledger").glob("*/main.beancount")
    if path.parent.name != "federation"
)


@pytest.fixture(scope="module", params=DEMONSTRATION, ids=lambda path: path.name)
def book(request: pytest.FixtureRequest) -> Book:
    return frames.load(request.param)


@pytest.mark.parametrize("name", frames.COLUMNS)
def test_columns_and_types_are_as_documented(book: Book, name: str) -> None:
    found: pd.DataFrame = getattr(frames, name)(book)
    types = {column: str(kind) for column, kind in found.dtypes.items()}
    assert types == {
        column: kind.dtype for column, kind in frames.COLUMNS[name].items()
    }


def test_members_capital_is_that_of_the_year(book: Book) -> None:
    books = book.case.books
    year = max(label for label in books.years if books.years[label].has_activity)
    table = capital_of_year(books, year)
    found = frames.members(book, table.end).set_index("member")["capital"]
    assert {m: found[m] for m in (one.member for one in table.lines)} == {
        one.member: one.closing for one in table.lines
    }
    assert found.sum() == table.total.closing


def test_the_documented_words_of_standing_are_all_there_are() -> None:
    said = frames.COLUMNS["members"]["status"].meaning
    assert said == "{}, {}, {}, {} or {}".format(*get_args(Status))


def test_movements_add_up_to_what_members_hold(book: Book) -> None:
    moved = frames.capital(book).groupby("member")["amount"].sum().to_dict()
    held = frames.members(book).set_index("member")["capital"].to_dict()
    assert {member: held[member] for member in moved} == moved
    assert all(type(amount) is Decimal for amount in held.values())


def test_shares_of_a_year_and_basis_add_up_to_one(book: Book) -> None:
    table = frames.patronage(book)
    for _, year in table.groupby("year"):
        shares = year.drop_duplicates("member")["share"].dropna()
        assert not len(shares) or sum(shares) == Fraction(1)


def test_parts_of_a_step_add_up_to_its_amount(book: Book) -> None:
    table = frames.appropriation(book)
    for (year, step), rows in table.groupby(["year", "step"]):
        own = distribution_of(book, int(str(year))).appropriation
        amount = next(one.amount for one in own.steps if one.step.id == step)
        assert abs(sum(rows["part"])) == abs(amount)
        assert set(rows["amount"]) == {amount}


def test_one_year_may_be_asked_for_alone(book: Book) -> None:
    every = frames.appropriation(book)
    year = int(every["year"].max())
    alone = frames.appropriation(book, year)
    pd.testing.assert_frame_equal(
        alone, every[every["year"] == year].reset_index(drop=True)
    )
    with pytest.raises(CoopledgerError, match="1900"):
        frames.appropriation(book, 1900)


def test_transfers_are_those_of_the_book(book: Book) -> None:
    table = frames.transfers(book)
    own = book.case.books.transfers
    assert list(table["amount"]) == [one.signed for one in own]
    assert list(table["id"]) == [one.id for one in own]


def test_what_is_not_there_yet_has_its_columns_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(
        'option "operating_currency" "USD"\nplugin "coopledger.plugin"\n'
        '2024-01-01 custom "coop-policy" "us-worker-ica"\n',
        "utf-8",
    )
    new = frames.load(path)
    for name, columns in frames.COLUMNS.items():
        found: pd.DataFrame = getattr(frames, name)(new)
        assert found.empty
        assert list(found.columns) == list(columns)


def test_nobody_is_a_member_before_the_first_joined(book: Book) -> None:
    assert frames.members(book, date(1900, 1, 1)).empty


def test_every_column_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "frames.md").read_text("utf-8")
    written = {
        tuple(cell.strip().strip("`") for cell in match[1].split("|"))
        for match in re.finditer(r"^\|(.+)\|$", text, re.MULTILINE)
    }
    for columns in frames.COLUMNS.values():
        for name, kind in columns.items():
            assert (name, kind.dtype, kind.meaning) in written
