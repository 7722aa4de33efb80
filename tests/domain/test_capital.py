"""Members' capital rolled forward: each movement in its column, and columns add up."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import COLUMNS
from coopledger.domain.capital import INDIVISIBLE
from coopledger.domain.capital import KINDS
from coopledger.domain.capital import OWED
from coopledger.domain.capital import ROLES
from coopledger.domain.capital import CapitalMovement
from coopledger.domain.capital import roll_forward
from coopledger.domain.capital import total_of
from coopledger.domain.findings import Origin
from coopledger.domain.findings import Severity
from coopledger.domain.members import EVENTS
from coopledger.domain.members import EventName

START, END = datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)


def movement(day: str, kind: str, amount: str, member: str = "Ana") -> CapitalMovement:
    """Build a movement."""
    return CapitalMovement(
        date=datetime.date.fromisoformat(day),
        member=member,
        role="contribution",
        kind=kind,
        amount=Decimal(amount),
        year=None,
        text="",
        origin=Origin("main.beancount", 1),
    )


YEAR = [
    movement("2023-12-31", "contribution", "1000"),
    movement("2024-01-01", "contribution", "200"),
    movement("2024-04-01", "patronage", "300"),
    movement("2024-05-01", "interest", "15"),
    movement("2024-06-01", "loss", "-100"),
    movement("2024-06-02", "loss-restored", "40"),
    movement("2024-07-01", "transfer", "-50"),
    movement("2024-12-31", "redemption", "-25"),
    movement("2024-12-31", "conversion", "7"),
    movement("2025-01-01", "contribution", "9999"),
]


def test_lines_can_be_about_anything_that_movements_say() -> None:
    lines = roll_forward(YEAR, START, END, by=lambda one: one.kind)
    assert lines["patronage"].closing == Decimal(300)
    assert (
        total_of(lines.values()).closing
        == roll_forward(YEAR, START, END)["Ana"].closing
    )


def test_each_kind_has_its_column_and_the_closing_adds_up() -> None:
    line = roll_forward(YEAR, START, END)["Ana"]
    assert {column: getattr(line, column) for column in COLUMNS} == {
        "opening": 1000,
        "contributions": 200,
        "patronage": 300,
        "interest": 15,
        "losses": -60,
        "transfers": -50,
        "redemptions": -25,
        "other": 7,
        "closing": 1387,
    }


def test_what_the_book_calls_an_opening_balance_is_the_opening() -> None:
    opening = movement("2024-01-01", "opening", "500")
    line = roll_forward([opening], START, END)["Ana"]
    assert line.opening == line.closing == 500


def test_who_has_no_movement_up_to_the_end_has_no_line() -> None:
    lines = roll_forward(
        [movement("2025-01-01", "contribution", "1", "Bea")], START, END
    )
    assert lines == {}


@given(
    st.lists(
        st.tuples(
            st.dates(datetime.date(2023, 1, 1), datetime.date(2025, 12, 31)),
            st.sampled_from(sorted(KINDS)),
            st.decimals(-1000, 1000, places=2),
            st.sampled_from(["Ana", "Bea", "Cleo"]),
        )
    )
)
def test_one_year_s_closing_is_the_next_year_s_opening(
    drawn: list[tuple[datetime.date, str, Decimal, str]],
) -> None:
    movements = [
        movement(str(day), kind, str(amount), member)
        for day, kind, amount, member in drawn
        if kind != "opening"
    ]
    first = roll_forward(movements, START, END)
    after = END + datetime.timedelta(days=1)
    second = roll_forward(movements, after, datetime.date(2025, 12, 31))
    for member, line in first.items():
        assert second[member].opening == line.closing


@given(st.lists(st.decimals(-1000, 1000, places=2), max_size=6))
def test_the_total_adds_up_column_by_column(amounts: list[Decimal]) -> None:
    movements = [
        movement("2024-06-01", "patronage", str(amount), f"m{index}")
        for index, amount in enumerate(amounts)
    ]
    lines = roll_forward(movements, START, END).values()
    total = total_of(lines)
    assert total.patronage == total.closing == sum(amounts, Decimal(0))


def test_what_cannot_be_divided_is_never_a_member_s() -> None:
    assert INDIVISIBLE < COLLECTIVE
    assert not (COLLECTIVE & CAPITAL)
    assert not (OWED & CAPITAL)
    assert ROLES >= CAPITAL | COLLECTIVE | OWED


def test_words_are_listed_once() -> None:
    assert get_args(EventName) == EVENTS
    assert set(get_args(Severity)) == {"error", "warning"}
