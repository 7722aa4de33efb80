"""Members who go to another enterprise: both registers and the capital agree."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.enterprise import Move
from coopledger.domain.findings import Origin
from coopledger.domain.moving import wrong_moves
from tests.domain.test_pairing import DAY
from tests.domain.test_pairing import DAYS
from tests.domain.test_pairing import book
from tests.domain.test_pairing import transfer

if TYPE_CHECKING:
    from coopledger.domain.mismatches import Mismatch
    from coopledger.domain.transfers import Transfer

LEAVES = Move(
    date=DAY,
    is_leaving=True,
    peer="b",
    person="P-1",
    leaves_capital=False,
    loses_years=False,
    origin=Origin("a.beancount", 3),
)
JOINS = replace(LEAVES, is_leaving=False, peer="a", origin=Origin("b.beancount", 4))


def found(
    leaving: list[Move],
    joining: list[Move],
    transfers: tuple[Transfer, ...] = (),
    unread: set[str] | None = None,
) -> list[Mismatch]:
    books = {
        "a": book("a", transfers, moves=tuple(leaving)),
        "b": book("b", moves=tuple(joining)),
        "c": book("c"),
    }
    return list(wrong_moves(books, unread or set(), DAYS))


def kinds(mismatches: list[Mismatch]) -> set[tuple[str, tuple[str, ...]]]:
    return {(one.kind, tuple(sorted(s.book for s in one.sides))) for one in mismatches}


def test_who_leaves_in_one_register_and_joins_in_the_other_is_no_finding() -> None:
    assert found([LEAVES], [JOINS]) == []


def test_the_days_may_differ_by_as_many_as_are_allowed() -> None:
    later = DAY + datetime.timedelta(days=DAYS)
    assert found([LEAVES], [replace(JOINS, date=later)]) == []
    too_late = replace(JOINS, date=later + datetime.timedelta(days=1))
    assert kinds(found([LEAVES], [too_late])) == {("move", ("a", "b"))}


@pytest.mark.parametrize(
    "joining",
    [
        [],
        [replace(JOINS, person="P-2")],
        [replace(JOINS, person="")],
        [replace(JOINS, peer="c")],
        [replace(JOINS, is_leaving=True)],
    ],
    ids=["nobody", "somebody else", "nobody known", "from elsewhere", "leaves too"],
)
def test_who_goes_and_does_not_arrive_is_found_in_both_books(
    joining: list[Move],
) -> None:
    mismatches = found([LEAVES], joining)
    assert ("move", ("a", "b")) in kinds(mismatches)
    assert "'P-1' goes to 'b'" in mismatches[0].sides[0].found
    assert "a.beancount:3" in mismatches[0].sides[1].found


def test_who_arrives_and_never_left_is_found_in_both_books() -> None:
    assert kinds(found([], [JOINS])) == {("move", ("a", "b"))}


def test_without_an_id_of_the_federation_nobody_can_tell_who_it_is() -> None:
    nameless = found([replace(LEAVES, person="")], [replace(JOINS, person="")])
    assert len(nameless) == 2
    assert all("without federation-member" in one.sides[0].found for one in nameless)
    assert "somebody goes to" in nameless[0].sides[1].found


@pytest.mark.parametrize("peer", ["bb", "a"])
def test_an_enterprise_that_is_none_is_named_with_the_nearest(peer: str) -> None:
    (mismatch,) = found([replace(LEAVES, peer=peer)], [])
    assert [side.book for side in mismatch.sides] == ["a"]
    assert f"'{peer}' is no other enterprise of the federation" in (
        mismatch.sides[0].found
    )


def test_a_book_that_cannot_be_had_makes_no_move_wrong() -> None:
    assert found([replace(LEAVES, peer="gone")], [], unread={"gone"}) == []


def test_capital_that_stays_behind_is_found_in_both_books() -> None:
    behind = replace(LEAVES, leaves_capital=True)
    assert kinds(found([behind], [JOINS])) == {("capital", ("a", "b"))}


def test_what_was_retained_and_is_of_other_years_is_found_in_both_books() -> None:
    older = replace(LEAVES, loses_years=True)
    assert kinds(found([older], [JOINS])) == {("allotment", ("a", "b"))}


def test_capital_that_moves_with_nobody_is_found_in_both_books() -> None:
    moved = transfer("M", "b", nature="capital", person="P-1")
    assert found([LEAVES], [JOINS], (moved,)) == []
    assert kinds(found([], [], (moved,))) == {("capital", ("a", "b"))}
    for other in (replace(moved, person="P-2"), replace(moved, person="")):
        assert ("capital", ("a", "b")) in kinds(found([LEAVES], [JOINS], (other,)))
    outside = replace(moved, peer="nobody")
    assert found([], [], (outside,)) == []
    assert found([], [], (replace(moved, nature="loan"),)) == []
