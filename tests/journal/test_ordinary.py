"""Ordinary books stay as they are: the plugin neither adds nor alters anything."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount.core import compare
from beancount.core import data
from beancount.core import inventory

from coopledger.journal.loading import load_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

BOOKS = Path(__file__).parents[1] / "data" / "ordinary"
BASELINE = list(
    csv.DictReader(
        (BOOKS / "baseline.tsv").read_text("utf-8").splitlines(), dialect="excel-tab"
    )
)

each_book = pytest.mark.parametrize("row", BASELINE, ids=lambda row: row["file"])

Row = dict[str, str]
Loaded = tuple["Sequence[data.Directive]", "Sequence[Any]", dict[str, Any]]


def with_plugin(name: str, folder: Path) -> Path:
    """Copy a book's folder and switch the plugin on in its top-level file."""
    copy = shutil.copytree((BOOKS / name).parent, folder / "book")
    path = Path(copy) / Path(name).name
    text = path.read_text("utf-8")
    path.write_text(f'plugin "coopledger.plugin"\n{text}', "utf-8")
    return path


def fingerprint(entries: Sequence[data.Directive], errors: Sequence[Any]) -> Row:
    """Return counts and a hash of all final balances."""
    balances: dict[str, inventory.Inventory] = {}
    transactions = list(data.filter_txns(list(entries)))
    for entry in transactions:
        for posting in entry.postings:
            account = balances.setdefault(posting.account, inventory.Inventory())
            account.add_position(posting)
    lines = [
        f"{account}|{position}"
        for account in sorted(balances)
        for position in sorted(map(str, balances[account]))
    ]
    return {
        "entries": str(len(entries)),
        "transactions": str(len(transactions)),
        "errors": str(len(errors)),
        "balances_sha256_16": hashlib.sha256("\n".join(lines).encode()).hexdigest()[
            :16
        ],
    }


@each_book
def test_an_ordinary_book_keeps_its_fingerprint(row: Row, tmp_path: Path) -> None:
    entries, errors, _ = load_entries(with_plugin(row["file"], tmp_path))
    assert {"file": row["file"], **fingerprint(entries, errors)} == row


@each_book
def test_no_entry_of_an_ordinary_book_is_altered(row: Row, tmp_path: Path) -> None:
    before, errors_before, _ = load_entries(BOOKS / row["file"])
    after, errors_after, _ = load_entries(with_plugin(row["file"], tmp_path))
    assert compare.hash_entries(list(after), exclude_meta=True)[0].keys() == (
        compare.hash_entries(list(before), exclude_meta=True)[0].keys()
    )
    assert [error.message for error in errors_after] == [
        error.message for error in errors_before
    ]


def test_each_book_that_is_not_ours_comes_with_its_licence() -> None:
    for name in {Path(row["file"]).parts[0] for row in BASELINE} - {"household"}:
        texts = [
            path for path in (BOOKS / name).iterdir() if path.suffix in {"", ".md"}
        ]
        assert any(
            "icen" in path.read_text("utf-8") for path in texts if path.is_file()
        )
