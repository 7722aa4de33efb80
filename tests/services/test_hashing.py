"""Hashes of entries, each reckoned once while a book loads."""

from __future__ import annotations

from types import SimpleNamespace

from coopledger.services.hashing import HashedOnce
from coopledger.services.hashing import hashed_once


def counting() -> tuple[SimpleNamespace, list[object]]:
    asked: list[object] = []

    def reckon(entry: object) -> str:
        asked.append(entry)
        return str(entry)

    return SimpleNamespace(hash_entry=reckon), asked


def test_within_a_load_an_entry_is_reckoned_once() -> None:
    home, asked = counting()
    with hashed_once(home):
        first, second = (1, 2), (3, 4)
        assert [home.hash_entry(one) for one in (first, second, first)] == [
            "(1, 2)",
            "(3, 4)",
            "(1, 2)",
        ]
    assert asked == [first, second]


def test_outside_a_load_nothing_is_remembered() -> None:
    home, asked = counting()
    entry = ["1"]
    with hashed_once(home):
        home.hash_entry(entry)
    entry.append("2")
    assert home.hash_entry(entry) == "['1', '2']"
    assert len(asked) == 2


def test_every_load_begins_anew_and_no_memory_is_put_upon_another() -> None:
    home, asked = counting()
    entry = (1,)
    for _ in range(2):
        with hashed_once(home):
            home.hash_entry(entry)
    assert len(asked) == 2
    assert not isinstance(home.hash_entry._reckon, HashedOnce)
