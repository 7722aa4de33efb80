"""Checking a federation of real books, from their text to the findings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import gather
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

LEDGER = Path(__file__).parents[3] / "ledger"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LEDGER, tmp_path / "ledger"))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_pair_of_the_demonstration_federation_is_matched() -> None:
    check = check_federation(gather(LEDGER))
    assert check.is_clean
    assert len(check.pairing.matched) == 25
    assert check.days == 5


LOAN = """  coop-transfer: "FED-2024-NC-03"
  coop-peer: "federation"
  Assets:Bank                                    4,000.00 USD
  Liabilities:DueTo:Federation                  -4,000.00 USD
"""


@pytest.mark.parametrize(
    ("new", "rules"),
    [
        (LOAN.replace("4,000", "4,100"), {"COOP-FED-03", "COOP-FED-09"}),
        (LOAN.replace("-03", "-33"), {"COOP-FED-01"}),
        (LOAN.replace('"federation"', '"green-team"'), {"COOP-FED-08"}),
        (
            LOAN.replace("  Assets", '  coop-nature: "aid"\n  Assets', 1),
            {"COOP-FED-07"},
        ),
        ("", {"COOP-FED-01", "COOP-FED-09"}),
    ],
)
def test_a_corrupt_line_is_found_in_both_books(
    ledger: Path, new: str, rules: set[str]
) -> None:
    path = ledger / "nubias-cafe" / "2024.beancount"
    header = new or "  Assets:Bank  0.00 USD\n  Assets:Bank  0.00 USD\n"
    replace_in(path, LOAN, header)
    check = check_federation(gather(ledger))
    assert {one.rule for one in check.findings} == rules
    for rule in rules:
        books = {one.book for one in check.findings if one.rule == rule}
        assert books == {"nubias-cafe", "federation"}
    assert all(one.origin.line > 0 for one in check.findings)


def test_a_book_that_is_gone_is_named_and_its_transfers_are_not_called_missing(
    ledger: Path,
) -> None:
    shutil.rmtree(ledger / "green-team")
    check = check_federation(gather(ledger))
    assert check.findings == ()
    assert not check.is_clean
    assert [one.id for one in check.federation.troubles] == ["green-team"]
    assert {one.transfer.peer for one in check.pairing.unread} == {"green-team"}


def test_days_may_be_given(ledger: Path) -> None:
    check = check_federation(gather(ledger), 0)
    assert {one.rule for one in check.findings} == {"COOP-FED-06"}


def test_an_empty_federation_is_clean(tmp_path: Path) -> None:
    write_book(tmp_path, "farm")
    check = check_federation(gather(write_federation(tmp_path, ["farm"])))
    assert check.is_clean
