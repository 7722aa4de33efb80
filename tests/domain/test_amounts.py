"""Exact money: parts add up, each within one unit of exact, in any order."""

from __future__ import annotations

from decimal import ROUND_CEILING
from decimal import ROUND_FLOOR
from decimal import ROUND_HALF_UP
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.amounts import WHOLE
from coopledger.domain.amounts import is_whole
from coopledger.domain.amounts import portion
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import share
from coopledger.domain.amounts import split
from coopledger.domain.amounts import unit_of

if TYPE_CHECKING:
    from random import Random

    from coopledger.domain.amounts import Rounding

CENT = Decimal("0.01")
UNITS = [Decimal(1), CENT, Decimal("0.001")]

units = st.sampled_from(UNITS)
counts = st.integers(-(10**12), 10**12)
names = st.lists(
    st.text("abcdefgh", min_size=1, max_size=3), min_size=1, max_size=12, unique=True
)
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.fractions()
weighed = st.decimals(min_value=0, max_value=10**6, places=3) | st.fractions(
    min_value=0, max_value=10**6
)


@st.composite
def pools(draw: st.DrawFn) -> tuple[Decimal, dict[str, Fraction], Decimal]:
    """Draw a pool, weights that are not all zero, and a unit."""
    unit = draw(units)
    members = draw(names)
    weights = {name: Fraction(draw(weighed)) for name in members}
    weights[members[0]] += 1
    return draw(counts) * unit, weights, unit


@given(pools())
def test_parts_add_up_to_the_pool(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal],
) -> None:
    pool, weights, unit = drawn
    parts = split(pool, weights, unit, list(weights))
    assert sum(parts.values()) == pool
    assert all(is_whole(part, unit) for part in parts.values())


@given(pools())
def test_each_part_is_within_one_unit_of_its_exact_share(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal],
) -> None:
    pool, weights, unit = drawn
    total = sum(weights.values())
    for member, part in split(pool, weights, unit, list(weights)).items():
        exact = Fraction(pool) * weights[member] / total
        assert abs(Fraction(part) - exact) < Fraction(unit)


@given(pools(), st.randoms())
def test_the_order_in_which_members_are_listed_changes_nothing(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal], random: Random
) -> None:
    pool, weights, unit = drawn
    order = sorted(weights)
    shuffled = list(weights)
    random.shuffle(shuffled)
    again = {member: weights[member] for member in shuffled}
    assert split(pool, again, unit, order) == split(pool, weights, unit, order)


@given(pools())
def test_a_loss_is_divided_like_a_surplus(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal],
) -> None:
    pool, weights, unit = drawn
    order = list(weights)
    negative = {m: -part for m, part in split(pool, weights, unit, order).items()}
    assert split(-pool, weights, unit, order) == negative


@given(pools(), st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal], factor: int
) -> None:
    pool, weights, unit = drawn
    order = list(weights)
    larger = {member: weight * factor for member, weight in weights.items()}
    assert split(pool, larger, unit, order) == split(pool, weights, unit, order)


@given(pools())
def test_who_has_no_weight_gets_nothing(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal],
) -> None:
    pool, weights, unit = drawn
    order = [*weights, "idle"]
    parts = split(pool, {**weights, "idle": Fraction(0)}, unit, order)
    assert parts.pop("idle") == 0
    assert parts == split(pool, weights, unit, list(weights))


@given(pools())
def test_more_weight_never_gets_less(
    drawn: tuple[Decimal, dict[str, Fraction], Decimal],
) -> None:
    pool, weights, unit = drawn
    parts = split(abs(pool), weights, unit, sorted(weights))
    ranked = sorted(weights, key=lambda member: weights[member])
    for less, more in pairwise(ranked):
        if weights[less] < weights[more]:
            assert parts[less] <= parts[more]


VECTORS: list[tuple[str, str, list[str], list[str]]] = [
    (
        "a loss of 55,000 by index times hours, where half-up rounding loses a cent",
        "55000.00",
        ["2000", "3000", "1500"],
        ["16923.08", "25384.61", "12692.31"],
    ),
    (
        "45,000 by index times hours",
        "45000.00",
        ["1720", "2752", "2064"],
        ["11842.10", "18947.37", "14210.53"],
    ),
    (
        "100 among three equals, where independent rounding leaves 99.99",
        "100.00",
        ["1", "1", "1"],
        ["33.34", "33.33", "33.33"],
    ),
    ("60 to 40", "10000.00", ["60", "40"], ["6000.00", "4000.00"]),
    (
        "a quarter, a quarter, a half",
        "1000.00",
        ["25", "25", "50"],
        ["250", "250", "500"],
    ),
    (
        "6.13 by six weights that nearly add up to it",
        "6.13",
        ["98", "92", "98", "123", "102", "92"],
        ["0.99", "0.93", "0.99", "1.25", "1.04", "0.93"],
    ),
    (
        "12,000 by four kinds of contribution, not by rounded percentages",
        "12000.00",
        ["4050", "3000", "2200"],
        ["5254.06", "3891.89", "2854.05"],
    ),
    ("less than a cent for each", "0.02", ["1", "1", "1"], ["0.01", "0.01", "0.00"]),
    ("nothing at all", "0.00", ["1", "2"], ["0.00", "0.00"]),
    ("one member", "33.33", ["0.001"], ["33.33"]),
]


@pytest.mark.parametrize(
    ("pool", "weights", "parts"),
    [vector[1:] for vector in VECTORS],
    ids=[vector[0] for vector in VECTORS],
)
def test_a_published_or_reckoned_split(
    pool: str, weights: list[str], parts: list[str]
) -> None:
    members = [f"m{index}" for index in range(len(weights))]
    given_weights = dict(zip(members, map(Decimal, weights), strict=True))
    found = split(Decimal(pool), given_weights, CENT, members)
    assert list(found.values()) == [Decimal(part) for part in parts]


def test_ties_go_by_the_order_and_not_by_the_listing() -> None:
    order = ["Cleo", "Ana", "Bea"]
    for listing in permutations(order):
        weights = dict.fromkeys(listing, Decimal(1))
        parts = split(Decimal("0.01"), weights, CENT, order)
        assert parts == {"Cleo": CENT, "Ana": 0, "Bea": 0}
        assert list(parts) == order


def test_a_pool_is_a_whole_number_of_units() -> None:
    with pytest.raises(ValueError, match="no whole number of units"):
        split(Decimal("0.005"), {"Ana": Decimal(1)}, CENT, ["Ana"])


def test_no_weight_is_negative() -> None:
    with pytest.raises(ValueError, match="a weight is negative"):
        split(CENT, {"Ana": Decimal(1), "Bea": Decimal(-1)}, CENT, ["Ana", "Bea"])


def test_somebody_has_a_weight() -> None:
    with pytest.raises(ValueError, match="all weights are zero"):
        split(CENT, {"Ana": Decimal(0)}, CENT, ["Ana"])


def test_everybody_with_a_weight_has_one_place_in_the_order() -> None:
    weights = {"Ana": Decimal(1), "Bea": Decimal(1)}
    with pytest.raises(ValueError, match="no place in the order"):
        split(CENT, weights, CENT, ["Ana"])


# --- rounding -------------------------------------------------------------------------


@given(st.decimals(-(10**9), 10**9, places=6), units)
def test_rounding_agrees_with_the_decimal_module(
    amount: Decimal, unit: Decimal
) -> None:
    assert round_to(amount, unit) == amount.quantize(unit, ROUND_HALF_UP)
    assert round_to(amount, unit, "up") == amount.quantize(unit, ROUND_CEILING)
    assert round_to(amount, unit, "down") == amount.quantize(unit, ROUND_FLOOR)


@given(amounts, units)
def test_rounding_down_and_up_enclose_the_amount(
    amount: Decimal | Fraction, unit: Decimal
) -> None:
    exact = Fraction(amount)
    low, high = (Fraction(round_to(exact, unit, how)) for how in ("down", "up"))
    assert low <= exact <= high
    assert high - low in {0, Fraction(unit)}
    assert Fraction(round_to(exact, unit)) in {low, high}


def test_halves_go_away_from_zero() -> None:
    assert round_to(Decimal("0.005"), CENT) == Decimal("0.01")
    assert round_to(Decimal("-0.005"), CENT) == Decimal("-0.01")
    assert round_to(Fraction(1, 3), CENT) == Decimal("0.33")


def test_a_legal_minimum_is_rounded_up() -> None:
    fifth = Fraction(3332, 100) / 5
    assert round_to(fifth, CENT, "up") == Decimal("6.67")
    assert round_to(fifth, CENT) == Decimal("6.66")


def test_a_rounded_amount_shows_the_unit_s_decimals() -> None:
    assert str(round_to(Decimal(1), CENT)) == "1.00"
    assert str(round_to(Decimal("1.5"), Decimal(1))) == "2"


def test_units_are_those_of_the_currency() -> None:
    assert unit_of("USD") == unit_of("EUR") == CENT
    assert unit_of("JPY") == 1
    assert unit_of("KWD") == Decimal("0.001")
    assert unit_of("HOURS") == CENT


def test_whole_units_are_rounded_to_one_by_one() -> None:
    assert round_to(Decimal("562.50"), WHOLE) == 563


def test_a_share_of_nothing_is_nothing() -> None:
    assert share(Decimal(100), Decimal(0), Decimal(0), CENT) == 0
    assert share(Decimal(100), Decimal(1), Decimal(3), CENT) == Decimal("33.33")
    assert share(Decimal(-100), Decimal(2), Decimal(3), CENT) == Decimal("-66.67")


@given(
    st.decimals(-(10**9), 10**9, places=3),
    st.decimals(-2, 2, places=6),
    units,
    st.sampled_from(["nearest", "up", "down"]),
)
def test_a_portion_is_the_exact_product_rounded_once(
    amount: Decimal, rate: Decimal, unit: Decimal, how: Rounding
) -> None:
    exact = Fraction(amount) * Fraction(rate)
    assert portion(amount, rate, unit, how) == round_to(exact, unit, how)
