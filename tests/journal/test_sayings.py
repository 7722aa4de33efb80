"""Beancount's own sentences, taken apart and put together again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount import loader

from coopledger.journal.loading import words_of
from coopledger.journal.sayings import SAYINGS
from coopledger.journal.sayings import as_phrase
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from pathlib import Path

OPENS = """
2024-01-01 open Assets:Bank USD
2024-01-01 open Income:Sales
2024-12-31 close Income:Sales
"""
#: A line that Beancount refuses, and the beginning of what it says.
MISTAKES = {
    "2024-02-01 balance Assets:Bank 5.00 USD": "Balance failed for 'Assets:Bank'",
    '2024-02-01 * ""\n  Assets:Bank  1.00 USD\n  Income:Sales': "",
    '2024-02-01 * ""\n  Assets:Bank  1.00 USD\n  Income:Sales  -2.00 USD': (
        "Transaction does not balance"
    ),
    '2024-02-01 * ""\n  Assets:Bank  1.00 USD\n  Income:Sale  -1.00 USD': (
        "Invalid reference to unknown account"
    ),
    '2025-02-01 * ""\n  Assets:Bank  1.00 USD\n  Income:Sales  -1.00 USD': (
        "Invalid reference to inactive account"
    ),
    '2024-02-01 * ""\n  Assets:Bank  1.00 EUR\n  Income:Sales  -1.00 EUR': (
        "Invalid currency EUR for account"
    ),
    "2024-02-01 open Assets:Bank": "Duplicate open directive",
    "2025-01-01 close Income:Sales": "Duplicate close directive",
    "2024-02-01 close Income:Other": "Unopened account",
    "2024-02-01 pad Assets:Bank Income:Sales": "Unused Pad entry",
    '2024-02-01 document Assets:Bank "none.pdf"': "File does not exist",
    "2024-02-01 open": "syntax error, unexpected EOL, expecting ACCOUNT",
}


@pytest.mark.parametrize(("line", "beginning"), MISTAKES.items())
def test_what_beancount_says_stays_as_it_says_it(
    line: str, beginning: str, tmp_path: Path
) -> None:
    book = tmp_path / "main.beancount"
    book.write_text(f"{OPENS}{line}\n", "utf-8")
    _, errors, _ = loader.load_file(str(book))
    said = [words_of(error) for error in errors]
    phrases = [as_phrase(words) for words in said]
    assert phrases == said
    assert any(words.startswith(beginning) for words in said) or not beginning
    for phrase in phrases:
        assert isinstance(phrase, Phrase), phrase
        assert phrase.pattern in SAYINGS


def test_the_amounts_in_it_are_amounts() -> None:
    said = as_phrase(
        "Balance failed for 'Assets:Bank': expected 5.00 USD != accumulated 0 USD "
        "(5.00 too little)"
    )
    assert isinstance(said, Phrase)
    assert said.values == {
        "account": "Assets:Bank",
        "expected": Decimal("5.00"),
        "currency": "USD",
        "found": Decimal(0),
        "less": Decimal("5.00"),
    }


@pytest.mark.parametrize("text", ["", "Something else", "Unused Pad entry {x}"])
def test_what_is_not_known_stays_text(text: str) -> None:
    assert as_phrase(text) == text
    assert not isinstance(as_phrase(text), Phrase)
