"""Rules on membership: who joins in which class, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path


def test_a_class_that_comes_later_does_not_help_the_day_of_joining(
    tmp_path: Path,
) -> None:
    ledger = """
2024-06-01 custom "coop-member" "Cleo" "join"
2024-07-01 custom "coop-member" "Cleo" "class"
  class: "worker"
"""
    assert said(tmp_path, US, ledger) == ["COOP-MEM-03: Cleo joins without a class."]


def test_who_applied_in_a_class_joins_in_it(tmp_path: Path) -> None:
    ledger = """
2024-06-01 custom "coop-member" "Cleo" "apply"
  class: "worker"
2024-07-01 custom "coop-member" "Cleo" "join"
"""
    assert said(tmp_path, US, ledger) == []


def test_nobody_joins_twice(tmp_path: Path) -> None:
    ledger = """
2024-06-01 custom "coop-member" "Ana" "join"
  class: "worker"
"""
    assert said(tmp_path, US, ledger) == [
        "COOP-MEM-02: 'join' of Ana cannot follow: Ana is member on 2024-06-01.",
    ]


def test_a_class_that_nobody_knows_is_found_with_the_nearest_one(
    tmp_path: Path,
) -> None:
    ledger = """
2024-06-01 custom "coop-member" "Ana" "class"
  class: "probatoner"
"""
    assert said(tmp_path, US, ledger) == [
        "COOP-MEM-03: There is no class 'probatoner'; did you mean 'probationer'?",
    ]
