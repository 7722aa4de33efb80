"""Who was there long enough to share in the part for work of a French SCOP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_book
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

BOOK = """
option "title" "SCOP"
option "operating_currency" "EUR"
plugin "coopledger.plugin"
2020-01-01 custom "coop-policy" "fr-scop"
2020-01-01 custom "coop-patronage" "labour" "Expenses:Remunerations:{member}"
2020-01-02 custom "coop-member" "Ana" "join"
  class: "worker"
2024-06-30 * "Ventes"
  Assets:Banque   9000.00 EUR
  Income:Ventes  -9000.00 EUR
"""
PAY = """
2024-{0:02}-28 * "Paie"
  Expenses:{1}   100.00 EUR
  Assets:Banque -100.00 EUR
"""


def pay(account: str, months: range) -> str:
    return "".join(PAY.format(month, account) for month in months)


ANA = pay("Remunerations:Ana", range(1, 13))


def shares(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Return the members and the others who share in the part for work of 2024."""
    facts = load_book(books.write(folder, BOOK + text)).case.facts(2024)
    return list(facts.weights), list(facts.hired_weights)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(range(10, 13), ["Dan"]), (range(11, 13), []), (range(12, 13), [])],
)
def test_a_worker_needs_three_months_in_the_year(
    tmp_path: Path, months: range, expected: list[str]
) -> None:
    assert shares(tmp_path, ANA + pay("Salaires:Dan", months))[1] == expected


def test_or_six_months_of_seniority_at_its_end(tmp_path: Path) -> None:
    twice = pay("Salaires:Dan", range(6, 7)) + pay("Salaires:Dan", range(12, 13))
    assert shares(tmp_path, ANA + twice)[1] == ["Dan"]
    late = pay("Salaires:Dan", range(7, 8)) + pay("Salaires:Dan", range(12, 13))
    assert shares(tmp_path, ANA + late)[1] == []
    before = late + late.replace("2024-", "2023-")
    assert shares(tmp_path, ANA + before)[1] == ["Dan"]


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("2024-10-01", ["Ana", "Eva"]),
        ("2024-10-02", ["Ana"]),
        ("2023-01-01", ["Ana", "Eva"]),
    ],
)
def test_a_member_s_membership_counts_as_presence_whatever_was_paid(
    tmp_path: Path, joined: str, expected: list[str]
) -> None:
    member = f'{joined} custom "coop-member" "Eva" "join"\n  class: "worker"\n'
    text = ANA + member + pay("Remunerations:Eva", range(11, 13))
    assert shares(tmp_path, text)[0] == expected


def test_work_before_joining_is_seniority_too(tmp_path: Path) -> None:
    member = '2024-11-01 custom "coop-member" "Eva" "join"\n  class: "worker"\n'
    text = ANA + member + pay("Remunerations:Eva", range(11, 13))
    assert shares(tmp_path, text)[0] == ["Ana"]
    assert shares(tmp_path, text + pay("Salaires:Eva", range(6, 7)))[0] == [
        "Ana",
        "Eva",
    ]


def test_a_book_that_pays_once_a_year_leaves_nobody_out(tmp_path: Path) -> None:
    once = pay("Remunerations:Ana", range(12, 13)) + pay("Salaires:Dan", range(12, 13))
    assert shares(tmp_path, once) == (["Ana"], ["Dan"])
