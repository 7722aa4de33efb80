"""Both sides of a transfer: what is wrong with one of them is found in both books."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.enterprise import EnterpriseSummary
from coopledger.domain.enterprise import Movement
from coopledger.domain.findings import Origin
from coopledger.domain.mismatches import KINDS
from coopledger.domain.pairing import Pairing
from coopledger.domain.pairing import pair
from coopledger.domain.periods import FiscalYearEnd
from coopledger.domain.transfers import NATURES
from coopledger.domain.transfers import Transfer
from coopledger.rules.federal import BY_KIND
from coopledger.rules.federal import FEDERAL_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

DAY = datetime.date(2024, 6, 1)
DAYS = 5


def transfer(name: str, peer: str, side: str = "gives", **more: Any) -> Transfer:
    plain = Transfer(
        id=name,
        peer=peer,
        nature="fee",
        stated="",
        side=side,
        amount=Decimal(100),
        currency="USD",
        date=DAY,
        year=None,
        roles=(),
        fund="",
        dues=(),
        links=(),
        kind="",
        parts=(),
        origin=Origin(f"{name}.beancount", 7),
    )
    return replace(plain, **more)


def book(
    name: str,
    transfers: Iterable[Transfer] = (),
    dues: Iterable[Movement] = (),
    **more: Any,
) -> EnterpriseSummary:
    plain = EnterpriseSummary(
        id=name,
        title=name,
        currency="USD",
        unit=Decimal("0.01"),
        preset="us-worker-ica",
        origin=Origin(f"{name}/main.beancount", 1),
        last=datetime.date(2024, 12, 31),
        years=(),
        transfers=tuple(transfers),
        dues=tuple(dues),
        funds=(),
        findings=(),
        prices=(),
        decisions=(),
        enterprises=(),
        policies=(),
        choices=(),
        founded=None,
        year_end=FiscalYearEnd(),
    )
    return replace(plain, **more)


def paired(
    books: Mapping[str, Iterable[Transfer]], unread: Iterable[str] = ()
) -> Pairing:
    """Pair the transfers of books of few lines."""
    made = {name: book(name, transfers) for name, transfers in books.items()}
    return pair(made, set(unread), DAYS)


def kinds(pairing: Pairing) -> list[tuple[str, list[str]]]:
    """Return what was found, and in which books."""
    return [
        (one.kind, sorted(side.book for side in one.sides))
        for one in pairing.mismatches
    ]


A = transfer("X", "b")
B = transfer("X", "a", "receives")


def test_a_transfer_that_both_books_have_is_matched_and_who_gives_comes_first() -> None:
    pairing = paired({"b": [B], "a": [A]})
    assert pairing.mismatches == ()
    ((giving, receiving),) = pairing.matched
    assert (giving.book, receiving.book) == ("a", "b")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"amount": Decimal("100.01")}, "amount"),
        ({"currency": "EUR"}, "currency"),
        ({"side": "gives"}, "side"),
        ({"side": ""}, "side"),
        ({"date": DAY + datetime.timedelta(days=DAYS + 1)}, "date"),
        ({"date": DAY - datetime.timedelta(days=DAYS + 1)}, "date"),
        ({"nature": "loan"}, "nature"),
        ({"nature": ""}, "nature"),
        ({"peer": "c"}, "peer"),
        ({"peer": "nobody"}, "peer"),
        ({"peer": ""}, "peer"),
        ({"peer": "b"}, "peer"),
        ({"year": 2024}, "year"),
    ],
)
def test_one_thing_that_differs_is_one_finding_in_both_books(
    change: dict[str, Any], kind: str
) -> None:
    pairing = paired({"a": [A], "b": [replace(B, **change)], "c": []})
    assert kinds(pairing) == [(kind, ["a", "b"])]
    assert pairing.matched == ()
    assert all("'X'" in side.found for side in pairing.mismatches[0].sides)


def test_dates_may_differ_by_as_many_days_as_are_allowed() -> None:
    late = replace(B, date=DAY + datetime.timedelta(days=DAYS))
    assert paired({"a": [A], "b": [late]}).mismatches == ()


def test_a_transfer_that_one_book_lacks_is_missing_there() -> None:
    pairing = paired({"a": [A], "b": []})
    assert kinds(pairing) == [("missing", ["a", "b"])]
    here, there = pairing.mismatches[0].sides
    assert here.origin == A.origin
    assert there.origin == Origin("b/main.beancount", 1)
    assert "'a' gives 100 USD at X.beancount:7" in there.found


def test_a_transfer_without_peer_or_mirror_image_is_missing_somewhere() -> None:
    pairing = paired({"a": [replace(A, peer="", side="")], "b": []})
    assert kinds(pairing) == [("missing", ["a"])]


def test_a_peer_that_does_not_exist_is_named_with_the_nearest() -> None:
    pairing = paired({"farm": [replace(A, peer="caffe")], "cafe": []})
    assert kinds(pairing) == [("peer", ["farm"])]
    assert "did you mean 'cafe'" in pairing.mismatches[0].sides[0].found


def test_what_stands_twice_is_found_in_both_books() -> None:
    pairing = paired({"a": [A, replace(A, origin=Origin("a", 9))], "b": [B]})
    assert kinds(pairing) == [("twice", ["a", "b"])]
    assert pairing.matched == ()


def test_what_stands_twice_in_one_book_only_is_missing_as_well() -> None:
    pairing = paired({"a": [A, A], "b": []})
    assert kinds(pairing) == [("twice", ["a", "b"]), ("missing", ["a", "b"])]


def test_what_stands_twice_with_an_unknown_peer_is_found_where_it_stands() -> None:
    wrong = replace(A, peer="nobody")
    assert kinds(paired({"a": [wrong, wrong]})) == [
        ("twice", ["a"]),
        ("peer", ["a"]),
    ]


def test_an_id_that_two_others_have_already_is_found_in_all_three_books() -> None:
    pairing = paired({"a": [A], "b": [B], "c": [transfer("X", "a")]})
    assert kinds(pairing) == [("peer", ["a", "b", "c"])]


def test_a_book_that_cannot_be_had_makes_no_transfer_wrong() -> None:
    pairing = paired({"a": [A]}, unread=["b"])
    assert pairing.mismatches == ()
    assert [entry.transfer.id for entry in pairing.unread] == ["X"]


# --- any single corruption ------------------------------------------------------------

_NAMES = ["a", "b", "c", "d"]


@st.composite
def books_in_order(draw: st.DrawFn) -> dict[str, list[Transfer]]:
    """Return books whose transfers all match."""
    found: dict[str, list[Transfer]] = {name: [] for name in _NAMES}
    for number in range(draw(st.integers(1, 6))):
        giver, taker = draw(st.permutations(_NAMES))[:2]
        shared: dict[str, Any] = {
            "amount": Decimal(draw(st.integers(1, 10**7))) / 100,
            "nature": draw(st.sampled_from(NATURES)),
            "date": DAY + datetime.timedelta(days=draw(st.integers(0, 300))),
        }
        shared["person"] = f"P{number}" if shared["nature"] == "capital" else ""
        apart = datetime.timedelta(days=draw(st.integers(-DAYS, DAYS)))
        name = f"T{number}"
        found[giver].append(transfer(name, taker, "gives", **shared))
        shared["date"] += apart
        found[taker].append(transfer(name, giver, "receives", **shared))
    return found


_CORRUPTIONS = {
    "dropped": "missing",
    "duplicated": "twice",
    "amount": "amount",
    "currency": "currency",
    "side": "side",
    "date": "date",
    "peer": "peer",
    "nature": "nature",
    "person": "person",
    "year": "year",
    "id": "missing",
}


@given(books_in_order(), st.data())
def test_any_single_corruption_is_found_in_both_books(
    books: dict[str, list[Transfer]], data: st.DataObject
) -> None:
    assert paired(books).mismatches == ()
    name = data.draw(st.sampled_from([n for n in _NAMES if books[n]]))
    index = data.draw(st.integers(0, len(books[name]) - 1))
    victim = books[name][index]
    what = data.draw(st.sampled_from(sorted(_CORRUPTIONS)))
    days = data.draw(st.integers(2 * DAYS + 1, 400))
    others = [n for n in [*_NAMES, "nobody", ""] if n != victim.peer]
    natures = [n for n in ("", *NATURES) if n != victim.nature]
    changed = {
        "dropped": [],
        "duplicated": [victim, victim],
        "amount": [replace(victim, amount=victim.amount + Decimal("0.01"))],
        "currency": [replace(victim, currency="EUR")],
        "side": [
            replace(victim, side="gives" if victim.side == "receives" else "receives")
        ],
        "date": [replace(victim, date=victim.date + datetime.timedelta(days=days))],
        "peer": [replace(victim, peer=data.draw(st.sampled_from(others)))],
        "nature": [replace(victim, nature=data.draw(st.sampled_from(natures)))],
        "person": [replace(victim, person="somebody else")],
        "year": [replace(victim, year=2023)],
        "id": [replace(victim, id="other")],
    }[what]
    corrupt = {**books, name: [*books[name]]}
    corrupt[name][index : index + 1] = changed
    pairing = paired(corrupt)
    found = {one.kind for one in pairing.mismatches}
    places = {side.book for one in pairing.mismatches for side in one.sides}
    assert found == {_CORRUPTIONS[what]}
    assert places == {name, victim.peer}


@given(books_in_order(), st.permutations(_NAMES))
def test_the_order_of_enterprises_changes_nothing(
    books: dict[str, list[Transfer]], order: list[str]
) -> None:
    again = paired({name: books[name] for name in order})
    assert sorted(map(str, again.matched)) == sorted(map(str, paired(books).matched))


# --- what is owed ---------------------------------------------------------------------


def due(name: str, amount: int, day: int) -> Movement:
    date = DAY + datetime.timedelta(days=day)
    return Movement(date, name, Decimal(amount), Origin("dues", day + 1))


def owing(mine: list[Movement], theirs: list[Movement], **more: Any) -> Pairing:
    books = {
        "one-coop": book("one-coop", dues=mine),
        "two": book("two", dues=theirs, **more),
    }
    return pair(books, (), DAYS)


def test_dues_agree_where_both_books_have_them_with_opposite_signs() -> None:
    mine = [due("Two", 100, 0), due("Two", -100, 60)]
    theirs = [due("OneCoop", -100, 3), due("OneCoop", 100, 65)]
    assert owing(mine, theirs).mismatches == ()


def test_dues_that_disagree_are_found_in_both_books_from_the_first_day_on() -> None:
    pairing = owing([due("Two", 100, 0)], [due("OneCoop", -90, 0)])
    assert kinds(pairing) == [("dues", ["one-coop", "two"])]
    side = pairing.mismatches[0].sides[0]
    assert (side.date, side.amount, side.limit) == (DAY, Decimal(100), Decimal(90))
    assert "'two' owes 'one-coop' 100 by this book" in side.found
    assert "'two' owes 'one-coop' 90 by that of 'two'" in side.found


def test_dues_that_agree_again_too_late_are_found() -> None:
    mine = [due("Two", 100, 0), due("Two", 20, 30)]
    pairing = owing(mine, [due("OneCoop", -100, 6), due("OneCoop", -20, 30)])
    (mismatch,) = pairing.mismatches
    assert mismatch.sides[0].date == DAY
    assert "owe each other nothing by that of" in mismatch.sides[0].found
    assert mismatch.sides[1].origin == Origin("two/main.beancount", 1)


def test_a_book_that_ends_earlier_says_nothing_of_later_dues() -> None:
    assert owing([due("Two", 100, 20)], [], last=DAY).mismatches == ()


def test_dues_in_books_of_other_currencies_are_not_added() -> None:
    assert owing([due("Two", 100, 0)], [], currency="EUR").mismatches == ()


def test_dues_of_somebody_outside_the_federation_are_left_alone() -> None:
    assert owing([due("Somebody", 100, 0)], []).mismatches == ()


# --- the rules ------------------------------------------------------------------------


def test_every_kind_of_mismatch_has_a_rule_of_its_own() -> None:
    assert set(KINDS) <= set(BY_KIND)
    assert len({rule.id for rule in FEDERAL_RULES}) == len(FEDERAL_RULES)
    assert all(
        one.statement.endswith(".") and one.fix.endswith(".") for one in FEDERAL_RULES
    )
