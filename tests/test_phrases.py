"""Texts with values in them: English as they stand, and ready for any language."""

from __future__ import annotations

import copy
import datetime
import pickle
from decimal import Decimal

import pytest

from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.phrases import all_of
from coopledger.phrases import enumerated
from coopledger.phrases import figure
from coopledger.phrases import one_of

DAY = datetime.date(2024, 5, 6)


def test_a_phrase_is_its_english_text() -> None:
    said = Phrase(
        "{who} left on {day} with {left}.", who="Ana", day=DAY, left=Decimal("1.50")
    )
    assert said == "Ana left on 2024-05-06 with 1.50."
    assert said.pattern == "{who} left on {day} with {left}."
    assert said.values == {"who": "Ana", "day": DAY, "left": Decimal("1.50")}


def test_no_number_in_a_phrase_is_written_with_a_power_of_ten() -> None:
    huge = Decimal(60).normalize()
    assert Phrase("{a}, {b}", a=huge, b=Figure(huge)) == "60, 60"
    assert Phrase("{rate}", rate=Rate("0.20")) == "20 %"


def test_braces_in_a_value_or_in_a_pattern_are_text() -> None:
    said = Phrase("{{member}} of {name}", name="{x}")
    assert said == "{member} of {x}"
    assert copy.deepcopy(said) == said


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_phrase_is_the_same_after_a_journey_to_another_process(protocol: int) -> None:
    inner = Phrase("{rate} of {{it}}", rate=Rate("0.2"))
    sent = Phrase("{inner} on {day}", inner=inner, day=DAY)
    came = pickle.loads(pickle.dumps(sent, protocol))  # noqa: S301 - our own bytes
    assert came == sent == "20 % of {it} on 2024-05-06"
    assert (came.pattern, came.values) == (sent.pattern, sent.values)
    assert came.values["inner"].pattern == inner.pattern


def test_several_things_are_named_one_after_the_other() -> None:
    assert all_of(["a", "b", "c"]) == "a and b and c"
    assert one_of(["a", "b"]) == "a or b"
    assert enumerated(["a", "b", "c"]) == "a, b, c"
    assert all_of(["alone"]) == "alone"


def test_a_figure_is_a_number_that_is_no_amount() -> None:
    assert isinstance(figure(Decimal(5)), Figure)
    assert figure("5") == "5"
