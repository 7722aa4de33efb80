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


def joins(member: str, day: str, *lines: str, event: str = "join") -> str:
    more = "".join(f"  {line}\n" for line in lines)
    return f'{day} custom "coop-member" "{member}" "{event}"\n{more}'


CLEO = 'name: "Cleo Marsh"'
WORKER = 'class: "worker"'
CANDIDATE = 'class: "probationer"'
SECOND = joins("Marsh", "2024-03-01", CLEO, WORKER)


def test_one_name_with_two_votes_is_found_at_the_second(tmp_path: Path) -> None:
    ledger = joins("Cleo", "2024-03-01", CLEO, WORKER) + SECOND
    assert said(tmp_path, US, ledger) == [
        "COOP-MEM-05: Cleo Marsh has a vote as Cleo and as Marsh on 2024-03-01."
    ]


def test_two_people_of_one_name_are_told_apart(tmp_path: Path) -> None:
    ledger = joins("Cleo", "2024-03-01", CLEO, WORKER, 'person: "born 1960"')
    assert said(tmp_path, US, ledger + SECOND) == []


def test_one_person_under_two_names_is_found(tmp_path: Path) -> None:
    ledger = joins("Cleo", "2024-01-01", CLEO, WORKER, 'person: "123"')
    ledger += joins("Cleta", "2024-02-01", 'name: "C. Marsh"', WORKER, 'person: "123"')
    assert said(tmp_path, US, ledger) == [
        "COOP-MEM-05: 123 has a vote as Cleo and as Cleta on 2024-02-01."
    ]


def test_a_second_membership_without_a_vote_is_found_when_it_gets_one(
    tmp_path: Path,
) -> None:
    ledger = joins("Cleo", "2024-03-01", CLEO, CANDIDATE) + SECOND
    assert said(tmp_path, US, ledger) == []
    ledger += joins("Cleo", "2024-06-01", WORKER, event="class")
    assert said(tmp_path, US, ledger) == [
        "COOP-MEM-05: Cleo Marsh has a vote as Marsh and as Cleo on 2024-06-01."
    ]


def test_whoever_only_applies_a_second_time_has_one_vote(tmp_path: Path) -> None:
    ledger = SECOND + joins("Cleo", "2024-05-01", CLEO, WORKER, event="apply")
    assert said(tmp_path, US, ledger) == []


def test_a_second_membership_in_an_unknown_class_is_found_for_its_class(
    tmp_path: Path,
) -> None:
    ledger = SECOND + joins("Cleo", "2024-05-01", CLEO, 'class: "baker"')
    assert [one.split(":")[0] for one in said(tmp_path, US, ledger)] == ["COOP-MEM-03"]
