"""What a transaction between enterprises moves: how much, which way, and what it is."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.transfers import NATURES
from coopledger.domain.transfers import is_named
from coopledger.domain.transfers import name_of
from coopledger.journal.loading import load_book
from tests.books import findings_of
from tests.books import preamble
from tests.books import write

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.transfers import Transfer

HEAD = """2024-06-01 * "Other" "Something"
  coop-transfer: "X-1"
  coop-peer: "other"
"""


def transfer(folder: Path, postings: str, more: str = "") -> Transfer:
    text = f"{preamble('us-worker-ica')}\n{HEAD}{more}{postings}"
    (found,) = load_book(write(folder, text)).case.books.transfers
    return found


@pytest.mark.parametrize(
    ("postings", "side", "amount", "nature"),
    [
        (
            "  Expenses:Dues  30 USD\n  Assets:Bank  -30 USD\n",
            "gives",
            "30",
            "",
        ),
        (
            "  Expenses:Pooling  48 USD\n  Liabilities:DueTo:Other  -48 USD\n",
            "gives",
            "48",
            "pool",
        ),
        (
            "  Assets:DueFrom:Other  48 USD\n  Income:Pooling  -48 USD\n",
            "receives",
            "48",
            "pool",
        ),
        (
            "  Expenses:Solidarity:Mutual  5 USD\n  Assets:Bank  -5 USD\n",
            "gives",
            "5",
            "solidarity",
        ),
        (
            "  Assets:Bank  5 USD\n  Equity:Funds:Mutual  -5 USD\n",
            "receives",
            "5",
            "solidarity",
        ),
        (
            "  Equity:Funds:Mutual  5 USD\n  Assets:Bank  -5 USD\n",
            "gives",
            "5",
            "aid",
        ),
        (
            "  Assets:Bank  5 USD\n  Income:Solidarity:Mutual  -5 USD\n",
            "receives",
            "5",
            "aid",
        ),
        (
            "  Assets:DueFrom:Other  40 USD\n  Assets:Bank  -40 USD\n",
            "gives",
            "40",
            "loan",
        ),
        (
            "  Liabilities:DueTo:Other  40 USD\n  Assets:Bank  -40 USD\n",
            "gives",
            "40",
            "loan",
        ),
        (
            "  Liabilities:Funds:Education  9 USD\n  Assets:Bank  -9 USD\n",
            "gives",
            "9",
            "education",
        ),
        # Tax on a purchase is part of what is paid, and of what is owed.
        (
            "  Expenses:Food  100 USD\n  Assets:Tax  21 USD\n  Assets:Bank  -121 USD\n",
            "gives",
            "121",
            "",
        ),
        (
            """  Expenses:Food  100 USD
  Assets:Tax  21 USD
  Liabilities:DueTo:Other  -121 USD
""",
            "gives",
            "121",
            "",
        ),
        # Half is paid at once and half is owed.
        (
            """  Assets:DueFrom:Other  50 USD
  Assets:Bank  50 USD
  Income:Sales  -100 USD
""",
            "receives",
            "100",
            "",
        ),
        # Neither money nor dues: a card.
        (
            "  Expenses:Dues  30 USD\n  Liabilities:Card  -30 USD\n",
            "gives",
            "30",
            "",
        ),
    ],
)
def test_money_or_dues_say_how_much_passes_and_roles_what_it_is(
    tmp_path: Path, postings: str, side: str, amount: str, nature: str
) -> None:
    found = transfer(tmp_path, postings)
    assert (found.side, found.amount, found.nature) == (side, Decimal(amount), nature)
    assert found.signed == Decimal(amount) * (1 if side == "receives" else -1)


@pytest.mark.parametrize(
    "postings",
    [
        "  Assets:Stock  5 USD\n  Assets:Bank  -5 USD\n",
        "  Assets:Cash  5 EUR @ 2 USD\n  Assets:Bank  -10 USD\n",
    ],
)
def test_where_it_cannot_be_told_which_way_it_went_nothing_is_guessed(
    tmp_path: Path, postings: str
) -> None:
    found = transfer(tmp_path, postings)
    assert (found.side, found.amount) == ("", Decimal(0))


def test_what_the_book_says_goes_before_what_the_accounts_mean(tmp_path: Path) -> None:
    more = '  coop-nature: "central"\n  coop-year: "2023"\n'
    postings = "  Expenses:Solidarity:Central  5 USD\n  Assets:Bank  -5 USD\n"
    found = transfer(tmp_path, postings, more)
    assert (found.nature, found.stated, found.year) == ("central", "central", 2023)
    assert (found.fund, found.dues, found.peer) == ("Central", (), "other")
    assert found.date == datetime.date(2024, 6, 1)


def test_an_unknown_nature_is_a_finding_that_offers_the_nearest(tmp_path: Path) -> None:
    book = preamble("us-worker-ica") + (
        f'\n{HEAD}  coop-nature: "solidarty"\n'
        "  Expenses:Solidarity:Mutual  5 USD\n  Assets:Bank  -5 USD\n"
    )
    found = [one for one in findings_of(tmp_path, book) if one.rule == "COOP-LANG-01"]
    assert ["did you mean 'solidarity'" in one.found for one in found] == [True]


def test_the_natures_are_a_closed_list() -> None:
    assert len(NATURES) == len(set(NATURES)) == 9


def test_an_enterprise_is_one_word_in_an_account_name() -> None:
    assert name_of("nubias-cafe") == "NubiasCafe"
    assert is_named("NubiasCafe", "nubias-cafe")
    assert not is_named("NubiasCafes", "nubias-cafe")
