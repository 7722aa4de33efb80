"""Exact weights as whole numbers over one denominator."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.weights import Weights

if TYPE_CHECKING:
    from decimal import Decimal

FRACTIONS = st.fractions(-1000, 1000, max_denominator=1000)
BY_NAME = st.dictionaries(st.sampled_from("abcdef"), FRACTIONS)


@given(BY_NAME)
def test_they_read_like_the_fractions_they_came_from(
    drawn: dict[str, Fraction],
) -> None:
    weights = Weights.of(drawn)
    assert [*weights.items()] == [*drawn.items()]
    assert weights.total == sum(drawn.values())


@given(st.dictionaries(st.sampled_from("abcdef"), st.decimals(-99, 99, places=4)))
def test_amounts_become_weights_without_losing_anything(
    drawn: dict[str, Decimal],
) -> None:
    assert Weights.of(drawn) == drawn


@given(BY_NAME, FRACTIONS)
def test_all_are_multiplied_alike(drawn: dict[str, Fraction], factor: Fraction) -> None:
    wanted = {name: weight * factor for name, weight in drawn.items()}
    assert Weights.of(drawn).times(factor) == wanted


@given(BY_NAME, BY_NAME)
def test_they_add_up_person_by_person(
    drawn: dict[str, Fraction], others: dict[str, Fraction]
) -> None:
    wanted = {
        name: drawn.get(name, 0) + others.get(name, 0) for name in {**drawn, **others}
    }
    assert Weights.of(drawn).plus(Weights.of(others)) == wanted


@given(BY_NAME)
def test_they_tell_who_is_above_below_and_at_zero(drawn: dict[str, Fraction]) -> None:
    weights = Weights.of(drawn)
    assert weights.above_zero == {n: w for n, w in drawn.items() if w > 0}
    assert weights.without_zeros == {n: w for n, w in drawn.items() if w}
    assert set(weights.below_zero) == {n for n, w in drawn.items() if w < 0}


def test_some_people_keep_their_weights_in_the_order_that_is_asked_for() -> None:
    weights = Weights.of({"Ana": Fraction(1, 2), "Bea": Fraction(1, 3)})
    assert [*weights.of_people(["Bea", "Ana"]).items()] == [
        ("Bea", Fraction(1, 3)),
        ("Ana", Fraction(1, 2)),
    ]


def test_they_are_shown_as_fractions() -> None:
    assert repr(Weights({"Ana": 1}, 2)) == "Weights({'Ana': Fraction(1, 2)})"
