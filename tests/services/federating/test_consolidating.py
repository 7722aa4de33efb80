"""A group's statements: added up, and what passed between its enterprises taken out."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.amounts import round_to
from coopledger.domain.consolidation import consolidate
from coopledger.domain.pairing import pair
from coopledger.domain.statements import SECTIONS
from coopledger.errors import YearUnknownError
from coopledger.services.federating.consolidating import Consolidation
from coopledger.services.federating.consolidating import RateMissingError
from coopledger.services.federating.consolidating import YearsApartError
from coopledger.services.federating.consolidating import consolidate_year
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.layouts import LayoutUnreadableError
from coopledger.services.federating.layouts import read_layout
from tests.services.federating.federations import earned
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

if TYPE_CHECKING:
    from pathlib import Path


def group(
    folder: Path, *, year: int = 2024, currency: str = "", layout: Path | None = None
) -> Consolidation:
    """Consolidate the federation that was written to a folder."""
    federation = gather(folder / "federation" / "main.beancount")
    unread = [one.id for one in federation.troubles]
    pairing = pair(federation.books, unread, 5)
    lines = read_layout(layout)
    return consolidate_year(federation, year, lines, pairing, currency)


def rows(found: Consolidation) -> dict[str, tuple[str, str, str]]:
    """Return each line: aggregated, eliminated, consolidated."""
    return {
        row.line.id: (
            str(row.aggregated),
            str(row.eliminated),
            str(row.consolidated),
        )
        for row in found.statements.rows
    }


def transfer(
    name: str, peer: str, postings: str, *, day: str = "2024-05-02", more: str = ""
) -> str:
    """Return a transfer of an enterprise."""
    meta = f'  coop-transfer: "{name}"\n  coop-peer: "{peer}"\n{more}'
    return f'{day} * "Transfer"\n{meta}{postings}'


SOLD = "  Assets:DueFrom:B   400.00 USD\n  Income:Sales  -400.00 USD\n"
BOUGHT = "  Expenses:Goods  400.00 USD\n  Liabilities:DueTo:A  -400.00 USD\n"
TRADE = '  coop-nature: "trade"\n'


def two(folder: Path, a: str = "", b: str = "", own: str = "") -> None:
    """Write a federation of two, each with a result."""
    write_federation(folder, ["a", "b"], own + earned("10.00"))
    write_book(folder, "a", earned("1000.00") + a)
    write_book(folder, "b", earned("500.00") + b)


def assert_balanced(found: Consolidation) -> None:
    """Hold that assets are liabilities and equity, before and after."""
    columns = zip(*(found.statements.total(name) for name in SECTIONS), strict=True)
    for income, expenses, assets, liabilities, equity in columns:
        assert assets == liabilities + equity
        result = next(r for r in found.statements.rows if r.line.id == "result")
        assert income - expenses in {
            result.aggregated,
            result.eliminated,
            result.consolidated,
        }


def test_enterprises_are_added_up(tmp_path: Path) -> None:
    two(tmp_path)
    found = group(tmp_path)
    assert rows(found)["income"] == ("1510.00", "0", "1510.00")
    assert rows(found)["assets"] == ("1510.00", "0", "1510.00")
    assert rows(found)["result"] == ("1510.00", "0", "1510.00")
    assert_balanced(found)


def test_what_one_sold_to_the_other_is_taken_out_of_income_expenses_and_dues(
    tmp_path: Path,
) -> None:
    two(
        tmp_path,
        transfer("T-1", "b", SOLD, more=TRADE),
        transfer("T-1", "a", BOUGHT, more=TRADE),
    )
    found = group(tmp_path)
    assert rows(found)["income"] == ("1910.00", "-400.00", "1510.00")
    assert rows(found)["expenses"] == ("400.00", "-400.00", "0.00")
    assert rows(found)["due-from"] == ("400.00", "-400.00", "0.00")
    assert rows(found)["due-to"] == ("400.00", "-400.00", "0.00")
    assert found.statements.kept == ()
    assert_balanced(found)


def test_a_transfer_that_only_one_book_has_stays_in_and_is_listed(
    tmp_path: Path,
) -> None:
    two(tmp_path, transfer("T-1", "b", SOLD, more=TRADE))
    found = group(tmp_path)
    assert rows(found)["income"][1:] == ("0", "1910.00")
    assert rows(found)["due-from"] == ("400.00", "0", "400.00")
    assert {(k.enterprise, k.what, str(k.amount)) for k in found.statements.kept} == {
        ("a", "T-1", "400.00"),
        ("a", "Assets:DueFrom:B", "400.00"),
    }
    assert_balanced(found)


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2023-12-31", []),
        ("2024-01-01", ["T-1"]),
        ("2024-12-31", ["T-1"]),
        ("2025-01-01", []),
    ],
)
def test_a_lone_transfer_is_listed_in_its_own_year_from_first_to_last_day(
    tmp_path: Path, day: str, names: list[str]
) -> None:
    two(tmp_path, transfer("T-1", "b", SOLD, day=day, more=TRADE))
    kept = group(tmp_path).statements.kept
    assert [one.what for one in kept if one.what == "T-1"] == names


def test_what_was_bought_into_stock_does_not_cancel_and_is_listed(
    tmp_path: Path,
) -> None:
    stock = "  Assets:Stock  400.00 USD\n  Liabilities:DueTo:A  -400.00 USD\n"
    two(
        tmp_path,
        transfer("T-1", "b", SOLD, more=TRADE),
        transfer("T-1", "a", stock, more=TRADE),
    )
    found = group(tmp_path)
    assert rows(found)["income"][1] == "0"
    assert rows(found)["due-from"][2] == "0.00"
    [kept] = found.statements.kept
    assert (kept.enterprise, kept.what, str(kept.amount)) == ("a", "T-1", "400.00")
    assert "only one of them" in kept.why
    assert_balanced(found)


def test_a_fund_remains_a_fund_though_the_group_paid_into_it(tmp_path: Path) -> None:
    paid = "  Expenses:Solidarity:Aid  30.00 USD\n  Assets:Bank  -30.00 USD\n"
    got = "  Assets:Bank  30.00 USD\n  Equity:Funds:Aid  -30.00 USD\n"
    two(
        tmp_path,
        transfer("S-1", "federation", paid),
        own=transfer("S-1", "a", got),
    )
    found = group(tmp_path)
    assert rows(found)["solidarity-paid"] == ("30.00", "-30.00", "0.00")
    assert rows(found)["to-funds"] == ("0", "30.00", "30.00")
    assert rows(found)["funds"] == ("30.00", "0", "30.00")
    assert_balanced(found)


def test_both_sides_in_different_fiscal_years_stay_in(tmp_path: Path) -> None:
    two(
        tmp_path,
        transfer("T-1", "b", SOLD, day="2024-12-31", more=TRADE),
        transfer("T-1", "a", BOUGHT, day="2025-01-02", more=TRADE),
    )
    found = group(tmp_path)
    assert rows(found)["income"][1] == "0"
    assert {one.what for one in found.statements.kept} == {"T-1", "Assets:DueFrom:B"}
    assert_balanced(found)


def test_the_other_side_of_a_transfer_may_be_out_of_the_group(tmp_path: Path) -> None:
    two(
        tmp_path,
        transfer("T-1", "b", SOLD, more=TRADE),
        transfer("T-1", "a", BOUGHT, more=TRADE),
    )
    federation = gather(tmp_path / "federation" / "main.beancount")
    pairing = pair(federation.books, [], 5)
    whole = consolidate_year(federation, 2024, read_layout(None), pairing)
    views = {name: view for name, view in whole.views.items() if name != "b"}
    unit = Decimal("0.01")
    found = consolidate(views, pairing.matched, read_layout(None), unit)
    assert {one.why for one in found.kept} == {
        "the other enterprise is left out",
        "no transfer that both books have explains it",
    }


# --- currencies -----------------------------------------------------------------------

PRICES = """
2024-03-01 price EUR 1.10 USD
2024-09-01 price EUR 1.20 USD
2024-12-31 price EUR 1.25 USD
"""


def foreign(folder: Path, prices: str = PRICES, b: str = "") -> None:
    """Write a federation in dollars, one enterprise of which counts in euro."""
    write_federation(folder, ["a", "b"], prices + earned("10.00"))
    write_book(folder, "a", earned("1000.00"))
    text = earned("100.00").replace("USD", "EUR") + b
    write_book(folder, "b", text, currency="EUR")


def test_results_count_at_the_average_and_balances_at_the_closing_rate(
    tmp_path: Path,
) -> None:
    foreign(tmp_path)
    found = group(tmp_path)
    # (1.10 + 1.20 + 1.25) / 3 = 1.18333...
    assert rows(found)["income"][0] == "1128.33"
    assert rows(found)["assets"][0] == "1135.00"
    assert rows(found)["translation"][0] == "6.67"
    assert_balanced(found)


def test_a_price_the_other_way_round_is_turned(tmp_path: Path) -> None:
    foreign(tmp_path, "2024-12-31 price USD 0.80 EUR\n")
    assert rows(group(tmp_path))["assets"][0] == "1135.00"


def test_prices_of_other_currencies_are_left_aside(tmp_path: Path) -> None:
    foreign(tmp_path, f"{PRICES}2024-12-31 price GBP 1.17 EUR\n")
    assert rows(group(tmp_path))["assets"][0] == "1135.00"


def test_the_group_may_count_in_another_currency(tmp_path: Path) -> None:
    foreign(tmp_path, "2024-12-31 price EUR 1.25 USD\n")
    assert rows(group(tmp_path, currency="EUR"))["assets"][0] == "908.00"


def test_a_currency_without_a_price_is_refused_with_the_line_that_is_missing(
    tmp_path: Path,
) -> None:
    foreign(tmp_path, "")
    with pytest.raises(RateMissingError, match=r"DATE price EUR NUMBER USD"):
        group(tmp_path)


def test_a_year_without_a_price_of_its_own_has_no_average(tmp_path: Path) -> None:
    foreign(tmp_path, "2023-12-31 price EUR 1.25 USD\n")
    with pytest.raises(RateMissingError, match="between 2024-01-01 and 2024-12-31"):
        group(tmp_path)


def test_a_transfer_between_currencies_is_taken_out_and_its_difference_shown(
    tmp_path: Path,
) -> None:
    # A sells in euro, which its own book converts on the day.
    sold = "  Assets:DueFrom:B  100.00 EUR @ 1.10 USD\n  Income:Sales  -110.00 USD\n"
    bought = "  Expenses:Goods  100.00 EUR\n  Liabilities:DueTo:A  -100.00 EUR\n"
    foreign(tmp_path, b=transfer("T-1", "a", bought, more=TRADE))
    text = earned("1000.00") + transfer("T-1", "b", sold, more=TRADE)
    write_book(tmp_path, "a", text)
    found = group(tmp_path)
    [elimination] = found.statements.eliminations
    assert sum(one.amount for one in elimination.taken) == 0
    assert rows(found)["income"][1] == "-110.00"
    assert rows(found)["expenses"][1] == "-118.33"
    assert_balanced(found)


# --- fiscal years ---------------------------------------------------------------------

JUNE = '2020-01-01 custom "fava-option" "fiscal-year-end" "06-30"\n'


def test_a_year_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    two(tmp_path, b=JUNE + earned("7.00", 2025))
    with pytest.raises(YearsApartError, match="'b' ends on 2024-06-30"):
        group(tmp_path)


def test_the_federation_may_allow_years_to_be_apart(tmp_path: Path) -> None:
    two(tmp_path, b=JUNE + earned("7.00", 2025))
    own = tmp_path / "consolidation.toml"
    own.write_text("[periods]\nmonths-apart = 6\n", "utf-8")
    found = group(tmp_path, layout=own)
    assert found.views["b"].year.end == datetime.date(2024, 6, 30)
    assert rows(found)["income"][0] == "1510.00"


def test_a_book_that_does_not_reach_the_year_is_left_out_and_named(
    tmp_path: Path,
) -> None:
    write_federation(tmp_path, ["a", "b", "c"], earned("10.00"))
    write_book(tmp_path, "a", earned("1000.00"))
    write_book(tmp_path, "b", earned("500.00", 2022))
    write_book(tmp_path, "c", earned("500.00", 2026))
    found = group(tmp_path)
    assert set(found.views) == {"federation", "a"}
    assert "ends on 2022-06-30" in found.out["b"]
    assert "no fiscal year that ends by 2024-12-31" in found.out["c"]


def test_a_book_that_cannot_be_read_is_left_out_and_named(tmp_path: Path) -> None:
    two(tmp_path)
    (tmp_path / "b" / "main.beancount").unlink()
    found = group(tmp_path)
    assert set(found.out) == {"b"}


def test_a_year_that_the_federation_does_not_have_is_refused(tmp_path: Path) -> None:
    two(tmp_path)
    with pytest.raises(YearUnknownError):
        group(tmp_path, year=2031)


# --- changes --------------------------------------------------------------------------

JOINED = """
2023-03-01 custom "coop-member" "Ana" "join"
  class: "worker"
2023-03-01 * "Ana joins"
  Assets:Bank  200.00 USD
  Equity:Members:Ana:Contribution  -200.00 USD
2024-03-01 * "Ana adds to it"
  Assets:Bank  50.00 USD
  Equity:Members:Ana:Contribution  -50.00 USD
"""


def test_members_equity_is_told_from_one_year_end_to_the_next(tmp_path: Path) -> None:
    two(tmp_path, JOINED + earned("5.00", 2023))
    found = group(tmp_path)
    capital = next(one for one in found.equity if one.line.id == "members-capital")
    assert f"{capital.opening} + {capital.change}" == "200.00 + 50.00"
    assert str(capital.closing) == "250.00"
    assert found.capital["opening"] == 200
    assert found.capital["contributions"] == 50
    assert found.capital["closing"] == 250


def test_capital_in_another_currency_still_adds_up(tmp_path: Path) -> None:
    foreign(tmp_path, b=JOINED.replace("USD", "EUR").replace("200.00", "100.01"))
    moved = group(tmp_path).capital_by["b"]
    parts = [amount for name, amount in moved.items() if name != "closing"]
    assert sum(parts) == moved["closing"]


def test_capital_begins_in_both_tables_at_the_rate_of_its_day(tmp_path: Path) -> None:
    foreign(tmp_path, b=JOINED.replace("USD", "EUR"))
    found = group(tmp_path)
    capital = next(one for one in found.equity if one.line.id == "members-capital")
    assert found.capital["opening"] == capital.opening
    view = found.views["b"]
    moved = found.capital_by["b"]
    assert moved["contributions"] == round_to(50 * view.average, Decimal("0.01"))
    assert moved["closing"] == round_to(250 * view.closing, Decimal("0.01"))


# --- the lines ------------------------------------------------------------------------


def test_a_federations_own_line_collects_before_those_of_the_program(
    tmp_path: Path,
) -> None:
    two(tmp_path)
    own = tmp_path / "consolidation.toml"
    own.write_text(
        '[[line]]\nid = "sales"\ntitle = "Sales"\nsection = "income"\n'
        'accounts = ["Income:Sales*"]\n',
        "utf-8",
    )
    found = rows(group(tmp_path, layout=own))
    assert found["sales"][0] == "1510.00"
    assert "income" not in found


def test_a_file_of_lines_that_is_no_text_says_so(tmp_path: Path) -> None:
    own = tmp_path / "consolidation.toml"
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(LayoutUnreadableError, match="can't decode"):
        read_layout(own)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[line", "Expected"),
        ('[[line]]\nid = "x"\n', "line.0.title"),
        ("[periods]\nmonths-apart = 13\n", "less than or equal to 12"),
        (
            '[[line]]\nid="x"\ntitle="X"\nsection="income"\nroles=["fnd"]\n',
            "did you mean 'fund'",
        ),
        (
            '[[line]]\nid="x"\ntitle="X"\nsection="income"\ninstead="to-fund"\n',
            "did you mean 'to-funds'",
        ),
        (
            '[[line]]\nid="x"\ntitle="X"\nsection="income"\n' * 2,
            "line 'x' stands there twice",
        ),
        (
            '[[line]]\nid="result"\ntitle="X"\nsection="income"\n',
            "belongs to the equity",
        ),
    ],
)
def test_a_file_of_lines_that_is_wrong_says_what(
    tmp_path: Path, text: str, why: str
) -> None:
    own = tmp_path / "consolidation.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(LayoutUnreadableError, match=why):
        read_layout(own)


# --- whatever the books ---------------------------------------------------------------


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a federation in which everything that there is passes."""
    folder = tmp_path_factory.mktemp("traded")
    two(
        folder,
        transfer("T-1", "b", SOLD, more=TRADE) + JOINED,
        transfer("T-1", "a", BOUGHT, more=TRADE),
    )
    return folder


@given(order=st.permutations(["federation", "a", "b"]))
def test_the_order_of_enterprises_changes_nothing(
    traded: Path, order: list[str]
) -> None:
    federation = gather(traded / "federation" / "main.beancount")
    pairing = pair(federation.books, [], 5)
    layout = read_layout(None)
    found = consolidate_year(federation, 2024, layout, pairing)
    views = {name: found.views[name] for name in order}
    again = consolidate(views, pairing.matched, layout, found.unit)
    assert [(r.line.id, r.consolidated) for r in again.rows] == [
        (r.line.id, r.consolidated) for r in found.statements.rows
    ]
    assert replace(found, statements=again).statements.total("equity") == (
        found.statements.total("equity")
    )
