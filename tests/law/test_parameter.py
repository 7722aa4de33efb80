"""A parameter over time: a value holds from its day until the next, or its end."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest

from coopledger.errors import ParameterUndatedError
from coopledger.law.parameter import DatedValue
from coopledger.law.parameter import Parameter
from coopledger.law.parameter import Source
from coopledger.law.parameter import Unit
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths


def day(year: int) -> datetime.date:
    """Return the first day of a year."""
    return datetime.date(year, 1, 1)


def value(since: int, number: str, until: datetime.date | None = None) -> DatedValue:
    """Record a value."""
    return DatedValue(
        start=day(since),
        value=Decimal(number),
        minimum=None,
        maximum=None,
        source=Source("An act", "art. 1", ""),
        confidence="seen",
        checked_on=day(2026),
        until=until,
    )


def parameter(*values: DatedValue, unit: Unit = "ratio") -> Parameter:
    """Record a parameter."""
    return Parameter("a.rate", "A rate.", unit, "min", ("a", "b"), values, "act.toml")


def test_a_value_holds_until_the_next_one() -> None:
    rate = parameter(value(2020, "0.1"), value(2022, "0.2"))
    assert rate.dated(datetime.date(2021, 12, 31)).value == Decimal("0.1")
    assert rate.dated(day(2022)).value == Decimal("0.2")


def test_an_abolished_value_holds_until_its_last_day() -> None:
    rate = parameter(value(2020, "0.1", until=datetime.date(2021, 12, 31)))
    assert rate.holds_on(datetime.date(2021, 12, 31))
    assert not rate.holds_on(day(2022))
    with pytest.raises(ParameterUndatedError, match="has no value on 2022-01-01"):
        rate.bound_on(day(2022))


@pytest.mark.parametrize(
    ("unit", "fits", "does_not", "sentence"),
    [
        ("ratio", Decimal(1), True, "'a.rate' takes a number, not True"),
        (
            "text",
            "any",
            Decimal(1),
            "'a.rate' takes a text in quotes, not Decimal('1')",
        ),
        ("choice", "a", "c", "'a.rate' takes one of a, b, not 'c'"),
        (
            "choice",
            "b",
            Decimal(1),
            "'a.rate' takes a word in quotes, not Decimal('1')",
        ),
        ("switch", True, "TRUE", "'a.rate' takes TRUE or FALSE, not 'TRUE'"),
        ("date", day(2024), "2024", "'a.rate' takes a date, not '2024'"),
    ],
)
def test_a_value_must_fit_its_unit(
    unit: Unit, fits: object, does_not: object, sentence: str
) -> None:
    one = parameter(value(2020, "0.1"), unit=unit)
    assert one.misfit(fits) is None  # type: ignore[arg-type]  # of several types
    assert one.misfit(does_not) == sentence  # type: ignore[arg-type]  # likewise


def test_a_source_is_named_with_its_place_where_there_is_one() -> None:
    assert str(Source("An act", "art. 1", "")) == "An act, art. 1"
    assert str(Source("An act", "", "")) == "An act"


def test_a_remark_in_brackets_follows_a_source_without_a_comma() -> None:
    assert str(Source("Reports", "(background)", "")) == "Reports (background)"


@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_no_step_names_its_sources_with_a_comma_before_nothing(preset: str) -> None:
    loaded = load_preset(preset)
    named = [
        source for step in (*loaded.surplus, *loaded.loss) for source in step.source
    ]
    assert [one for one in named if re.search(r", *([,(;]|$)", one)] == []
