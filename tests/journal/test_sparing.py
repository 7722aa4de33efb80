"""What is left out while a book loads would have come to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount import loader
from beancount.core import data
from beancount.ops import balance
from beancount.ops import pad
from beancount.ops import validation
from hypothesis import given
from hypothesis import strategies as st

from coopledger.journal.loading import load_entries
from coopledger.journal.loading import words_of
from coopledger.journal.sparing import spared

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
option "operating_currency" "USD"
2020-01-01 open Assets:Bank
2020-01-01 open Assets:Stock
2020-01-01 open Income:Sales
2020-01-01 open Expenses:Fees
"""

PLUGINS = {"pad": "pad", "balance": "check"}

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


LATER = {
    "padded": """
2024-01-03 pad Assets:Bank Income:Sales
2024-01-04 balance Assets:Bank  12.00 USD
""",
    "padded in vain": "2024-01-03 pad Assets:Bank Income:Sales",
    "padded twice": """
2024-01-03 pad Assets:Bank Income:Sales
2024-01-03 pad Assets:Bank Expenses:Fees
2024-01-04 balance Assets:Bank  12.00 USD
2024-01-05 balance Assets:Bank  13.00 USD
""",
    "padded beyond what is held at cost": """
2024-01-02 * "bought"
  Assets:Stock  5 ACME {2.00 USD}
  Assets:Bank  -10.00 USD
2024-01-03 pad Assets:Stock Income:Sales
2024-01-04 balance Assets:Stock  -7 ACME
""",
    "asserted": "2024-01-04 balance Assets:Bank  10.00 USD",
    "asserted and wrong": "2024-01-04 balance Assets:Bank  10.01 USD",
    "asserted of what is above": "2024-01-04 balance Assets  10.00 USD",
    "asserted of nothing": "2024-01-04 balance Assets:Nobody  10.00 USD",
    "nothing asserted and a line without values": '2024-01-03 custom "coop-unit"',
    "asserted on the day of a pad": """
2024-01-02 pad Assets:Bank Income:Sales
2024-01-02 balance Assets:Bank  12.00 USD
2024-01-03 balance Assets:Bank  13.00 USD
""",
}


@pytest.mark.parametrize("name", TRANSACTIONS)
def test_errors_are_those_of_beancount(tmp_path: Path, name: str) -> None:
    _holds_against_beancount(tmp_path, f'2024-01-02 * "{name}"\n{TRANSACTIONS[name]}')


@pytest.mark.parametrize("name", LATER)
def test_what_is_padded_and_asserted_is_as_in_beancount(
    tmp_path: Path, name: str
) -> None:
    sale = f'2024-01-02 * "sale"\n{TRANSACTIONS["even"]}'
    _holds_against_beancount(tmp_path, sale + LATER[name])


@pytest.mark.parametrize("name", ["pad", "balance"])
def test_a_plugin_of_beancounts_that_fails_is_named_as_beancount_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(name)

    path = tmp_path / "main.beancount"
    path.write_text(HEAD + LATER["padded"], "utf-8")
    monkeypatch.setattr(pad if name == "pad" else balance, PLUGINS[name], fail)
    loader.initialize(use_cache=False)
    _, theirs, _ = loader.load_file(str(path))
    _, ours, _ = load_entries(path)
    assert [words_of(one) for one in ours] == [words_of(one) for one in theirs]
    assert f'"beancount.ops.{name}"' in ours[0].message


def test_other_plugins_than_beancounts_usual_ones_are_left_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(HEAD + LATER["padded"], "utf-8")
    monkeypatch.setattr(loader, "PLUGINS_POST", [])
    entries, _, _ = load_entries(path)
    assert not [one for one in entries if isinstance(one, data.Transaction)]


def test_what_is_beancounts_own_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(HEAD, "utf-8")
    before = list(validation.VALIDATIONS), list(loader.PLUGINS_POST)
    load_entries(path)
    assert before == (validation.VALIDATIONS, loader.PLUGINS_POST)
    assert validation.validate_check_transaction_balances in before[0]


_NUMBERS = st.sampled_from(["1", "10.00", "-10.00", "0.005", "-3.123", "0"])
_CURRENCIES = st.sampled_from(["USD", "EUR", "ACME"])
_PLACES = st.sampled_from(["Assets:Bank", "Assets:Stock", "Income:Sales"])
_AMOUNTS = st.one_of(
    st.just(""),
    st.builds("{} {}".format, _NUMBERS, _CURRENCIES),
    st.builds("{} {}".format, _NUMBERS, st.just("USD")),
    st.builds("{} {} @ {}".format, _NUMBERS, _CURRENCIES, st.just("2 USD")),
    st.builds("{} {} {}".format, _NUMBERS, _CURRENCIES, st.just("{2 USD}")),
    # Beancount itself divides by the number of units where a price is to be guessed.
    st.builds("3 {} {}".format, _CURRENCIES, st.sampled_from(["@", "{}"])),
    _NUMBERS,
    _CURRENCIES,
)
_POSTINGS = st.lists(st.builds("  {}  {}".format, _PLACES, _AMOUNTS), max_size=4)
_PLAIN = st.lists(
    st.builds("  {}  {} USD".format, _PLACES, _NUMBERS), min_size=1, max_size=4
)


@given(
    st.lists(st.one_of(_PLAIN, _PLAIN, _PLAIN, _POSTINGS), max_size=5),
    st.sampled_from(
        [
            "",
            'option "x" "y"',
            'option "use_precise_interpolation" "TRUE"',
            'option "inferred_tolerance_default" "USD:0.01"',
        ]
    ),
)
def test_every_transaction_is_completed_as_beancount_completes_it(
    transactions: list[list[str]], option: str
) -> None:
    days = "".join(
        f'2024-01-{number:02} * "one"\n' + "".join(f"{line}\n" for line in lines)
        for number, lines in enumerate(transactions, 2)
    )
    _holds_as_text(f"{option}\n{HEAD}\n{days}")


def _holds_as_text(text: str) -> None:
    theirs = loader.load_string(text)
    with spared():
        ours = loader.load_string(text)
    assert list(ours[0]) == list(theirs[0])
    assert [one.meta for one in ours[0]] == [one.meta for one in theirs[0]]
    assert list(map(words_of, ours[1])) == list(map(words_of, theirs[1]))


def _holds_against_beancount(tmp_path: Path, text: str) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(f"{HEAD}\n{text}", "utf-8")
    loader.initialize(use_cache=False)
    theirs = loader.load_file(str(path))
    ours = load_entries(path)
    assert list(ours[0]) == list(theirs[0])
    assert list(map(words_of, ours[1])) == list(map(words_of, theirs[1]))
