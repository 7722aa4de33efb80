"""What does not balance is told as Beancount tells it, and in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount import loader
from beancount.ops import validation

from coopledger.journal.loading import load_entries

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
option "operating_currency" "USD"
2020-01-01 open Assets:Bank
2020-01-01 open Assets:Stock
2020-01-01 open Income:Sales
2020-01-01 open Expenses:Fees
"""

TRANSACTIONS = {
    "even": "  Assets:Bank  10.00 USD\n  Income:Sales  -10.00 USD\n",
    "a cent too much": "  Assets:Bank  10.01 USD\n  Income:Sales  -10.00 USD\n",
    "within tolerance": "  Assets:Bank  10.004 USD\n  Income:Sales  -10.00 USD\n",
    "left out": "  Assets:Bank  10.00 USD\n  Income:Sales\n",
    "two currencies": "  Assets:Bank  10.00 USD\n  Income:Sales  -10.00 EUR\n",
    "at a price": "  Assets:Bank  10.00 EUR @ 2 USD\n  Income:Sales  -20.00 USD\n",
    "at a wrong price": "  Assets:Bank  10 EUR @ 2 USD\n  Income:Sales  -9.00 USD\n",
    "the same number at a price": (
        "  Assets:Bank  10.00 USD @ 2 EUR\n  Income:Sales  -10.00 USD\n"
    ),
    "at cost": "  Assets:Stock  5 ACME {2.00 USD}\n  Assets:Bank  -10.00 USD\n",
    "the same number at cost": (
        "  Assets:Stock  5 ACME {2.00 USD}\n  Assets:Bank  -5 ACME\n"
    ),
    "nothing at all": "",
    "one posting": "  Assets:Bank  10.00 USD\n",
    "both left out": "  Assets:Bank\n  Income:Sales\n",
}


@pytest.mark.parametrize("name", TRANSACTIONS)
def test_errors_are_those_of_beancount(tmp_path: Path, name: str) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(f'{HEAD}\n2024-01-02 * "{name}"\n{TRANSACTIONS[name]}', "utf-8")
    loader.initialize(use_cache=False)
    theirs = loader.load_file(str(path))
    ours = load_entries(path)
    assert list(ours[0]) == list(theirs[0])
    assert list(map(repr, ours[1])) == list(map(repr, theirs[1]))


def test_beancounts_own_check_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(HEAD, "utf-8")
    before = list(validation.VALIDATIONS)
    load_entries(path)
    assert before == validation.VALIDATIONS
    assert validation.validate_check_transaction_balances in before
