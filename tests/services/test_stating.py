"""Stating: the register, everybody's capital, and one member's account."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.capital import CapitalMovement
from coopledger.domain.findings import Origin
from coopledger.errors import MemberUnknownError
from coopledger.errors import YearUnknownError
from coopledger.journal.loading import load_book
from coopledger.services.stating import capital_of_year
from coopledger.services.stating import in_words
from coopledger.services.stating import last_day
from coopledger.services.stating import members_on
from coopledger.services.stating import statement_of
from tests import books as small

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.books import Books

MORE = """
2023-05-01 custom "coop-member" "Cleo" "join"
  name: "Cleo Marsh"
  class: "worker"
2023-05-01 * "Cleo subscribes 400 and pays 100 of it"
  Assets:Bank                        100.00 USD
  Equity:Members:Cleo:Uncalled       300.00 USD
  Equity:Members:Cleo:Contribution  -400.00 USD
2024-05-01 * "Cleo pays an instalment"
  Assets:Bank                   120.00 USD
  Equity:Members:Cleo:Uncalled -120.00 USD
2024-08-01 custom "coop-member" "Dan" "apply"
  name: "Dan Ode"
2024-09-01 * "Bea is to be paid for her shares"
  Equity:Members:Bea:Contribution      250.00 USD
  Liabilities:Redemptions:Bea         -250.00 USD
2025-06-30 custom "coop-member" "Bea" "leave"
  reason: "moves away"
"""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    path = small.write(tmp_path, small.preamble("us-worker-ica") + MORE)
    return load_book(path).case.books


# --- the register ---------------------------------------------------------------------


def test_whoever_leaves_on_a_day_is_a_member_on_it_and_not_on_the_next(
    books: Books,
) -> None:
    def status(on: str) -> dict[str, str]:
        return {one.member: one.status for one in members_on(books, day(on))}

    assert status("2025-06-30")["Bea"] == "member"
    assert status("2025-07-01")["Bea"] == "left"
    assert status("2024-08-01")["Dan"] == "applicant"
    assert "Cleo" not in status("2023-04-30")


def test_the_register_is_in_order_of_joining(books: Books) -> None:
    assert [one.member for one in members_on(books, day("2024-01-01"))] == [
        "Ana",
        "Bea",
        "Cleo",
    ]


def test_a_books_last_day_is_its_last_transaction_or_event_of_a_member(
    books: Books, tmp_path: Path
) -> None:
    assert last_day(books) == day("2025-06-30")
    text = small.preamble("us-worker-ica")
    assert last_day(load_book(small.write(tmp_path, text)).case.books) == day(
        "2024-12-31"
    )


def test_a_book_without_transactions_has_a_register_all_the_same(
    tmp_path: Path,
) -> None:
    text = small.preamble("us-worker-ica")
    path = small.write(tmp_path, text[: text.index("2020-01-02 *")])
    books = load_book(path).case.books
    on = last_day(books)
    assert [one.member for one in members_on(books, on)] == ["Ana", "Bea"]
    assert statement_of(books, "Ana").rows == ()


# --- everybody's capital --------------------------------------------------------------


def test_a_year_of_capital_adds_up_in_both_directions(books: Books) -> None:
    table = capital_of_year(books, 2024)
    assert (table.start, table.end) == (day("2024-01-01"), day("2024-12-31"))
    assert [line.member for line in table.lines] == ["Ana", "Bea", "Cleo"]
    bea, cleo = table.lines[1], table.lines[2]
    assert (bea.opening, bea.redemptions, bea.closing) == (
        Decimal(1000),
        Decimal(-250),
        Decimal(750),
    )
    assert (cleo.opening, cleo.contributions, cleo.closing) == (
        Decimal(100),
        Decimal(120),
        Decimal(220),
    )
    assert table.total.closing == sum(line.closing for line in table.lines) == 1970


def test_a_year_the_book_does_not_reach_is_refused_with_its_years(
    books: Books,
) -> None:
    with pytest.raises(YearUnknownError, match=r"2031.*2020"):
        capital_of_year(books, 2031)


# --- one member's account -------------------------------------------------------------


def test_a_statement_carries_every_movement_to_the_closing_balance(
    books: Books,
) -> None:
    cleo = statement_of(books, "Cleo")
    assert [(row.words, row.movement.amount) for row in cleo.rows] == [
        ("Still to be paid", Decimal(-300)),
        ("Contribution", Decimal(400)),
        ("Instalment paid", Decimal(120)),
    ]
    assert cleo.rows[-1].balance == cleo.line.closing == 220
    assert cleo.components == {"uncalled": Decimal(-180), "contribution": Decimal(400)}
    assert cleo.uncalled == 180
    assert (cleo.start, cleo.end) == (day("2023-05-01"), day("2025-06-30"))


def test_a_statement_over_a_period_begins_with_what_was_there(books: Books) -> None:
    cleo = statement_of(books, "Cleo", day("2024-01-01"), day("2024-12-31"))
    assert cleo.line.opening == 100
    assert [row.balance for row in cleo.rows] == [220]
    assert (cleo.start, cleo.end) == (day("2024-01-01"), day("2024-12-31"))


def test_what_the_co_op_owes_a_member_stands_beside_the_capital(books: Books) -> None:
    assert statement_of(books, "Bea").owed == {"redemption-payable": Decimal(250)}
    early = statement_of(books, "Bea", end=day("2024-08-31"))
    assert early.owed == {}


def test_a_statement_knows_who_somebody_was_at_its_end(books: Books) -> None:
    assert statement_of(books, "Bea").membership.status == "member"
    assert statement_of(books, "Dan").membership.status == "applicant"


def test_a_statement_that_ends_before_somebody_came_is_empty(books: Books) -> None:
    cleo = statement_of(books, "Cleo", end=day("2022-12-31"))
    assert cleo.rows == ()
    assert cleo.line.closing == 0
    assert cleo.membership.name == "Cleo Marsh"


def test_somebody_who_is_nobody_is_refused_with_the_nearest(books: Books) -> None:
    with pytest.raises(MemberUnknownError, match="did you mean 'Cleo'"):
        statement_of(books, "Clio")


@pytest.mark.parametrize(
    ("kind", "role", "year", "words"),
    [
        ("patronage", "patronage", 2024, "Patronage of 2024"),
        ("patronage", "nonqualified", 2024, "Patronage (nonqualified) of 2024"),
        ("loss", "member-loss", 2023, "Share of a loss of 2023"),
        ("contribution", "contribution", None, "Contribution"),
        ("", "voluntary", None, "Movement"),
    ],
)
def test_a_movement_is_said_in_plain_words(
    kind: str, role: str, year: int | None, words: str
) -> None:
    movement = CapitalMovement(
        day("2024-01-01"), "Ana", role, kind, Decimal(1), year, "", Origin("", 1)
    )
    assert in_words(movement) == words
