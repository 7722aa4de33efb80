"""Rules on contributions: who may take them over, and how they are paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

STATE = "es-state-worker"
TRANSFER = """
2024-03-01 * "Cesión a Cleo"
  Equity:Socias:Ana:Aportaciones    100.00 EUR
  Equity:Socias:Cleo:Aportaciones  -100.00 EUR
"""


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


def event(day: str, member: str, what: str) -> str:
    more = '  class: "worker"\n' if what in {"join", "apply"} else ""
    return f'{day} custom "coop-member" "{member}" "{what}"\n{more}'


def test_a_transfer_to_an_outsider_says_until_when_they_had_to_join(
    tmp_path: Path,
) -> None:
    ledger = TRANSFER + event("2024-01-01", "Cleo", "apply")
    assert said(tmp_path, STATE, ledger) == [
        (
            "COOP-CAP-05: Cleo takes over capital on 2024-03-01 and is no member by "
            "2024-06-01."
        ),
    ]


def test_whoever_is_not_in_the_register_at_all_is_found_as_a_stranger(
    tmp_path: Path,
) -> None:
    rules = ids(tmp_path, STATE, TRANSFER)
    assert ("COOP-CAP-02" in rules, "COOP-CAP-05" in rules) == (True, False)


def test_a_transfer_between_members_is_no_matter(tmp_path: Path) -> None:
    ledger = TRANSFER.replace(":Cleo:", ":Bea:")
    assert ids(tmp_path, STATE, ledger) == []


def test_a_transfer_waits_as_long_as_the_book_has_not_come_to_its_day(
    tmp_path: Path,
) -> None:
    ledger = TRANSFER.replace("2024-03-01", "2024-10-01")
    ledger += event("2024-01-01", "Cleo", "apply")
    # The book ends on 31 December 2024.
    assert ids(tmp_path, STATE, ledger) == []


@pytest.mark.parametrize(
    ("preset", "asked", "expected"),
    [
        (STATE, "2024-08-10", []),
        (STATE, "2024-08-11", ["COOP-CAP-05"]),
        (BASQUE, "2024-05-10", []),
        (BASQUE, "2024-05-11", ["COOP-CAP-05"]),
    ],
)
def test_an_heir_asks_to_join_within_the_months_of_each_law(
    tmp_path: Path, preset: str, asked: str, expected: list[str]
) -> None:
    ledger = event("2024-02-10", "Ana", "die") + TRANSFER
    ledger += event(asked, "Cleo", "apply")
    assert ids(tmp_path, preset, ledger) == expected


def test_by_laws_that_say_nothing_of_transfers_forbid_none(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-member" "Cleo" "apply"
2024-03-01 * "To Cleo"
  Equity:Members:Ana:Contribution    100.00 USD
  Equity:Members:Cleo:Contribution  -100.00 USD
"""
    assert ids(tmp_path, US, ledger) == []
