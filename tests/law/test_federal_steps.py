"""The steps of a federation in a preset: read strictly, lying below every preset."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import PresetInvalidError
from coopledger.law.parameter import Source
from coopledger.law.policy import Policy
from coopledger.law.preset import common_preset
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from tests.law.test_format import WHOLE
from tests.law.test_format import read

if TYPE_CHECKING:
    from pathlib import Path

POOL = """
[[federation]]
id = "pool"
title = "Pool"
kind = "pool"
nature = "pool"
rate = "pool.rate"
base = "pool.base"
key = "pool.key"
losses = "pool.losses"
source = "ACT 9"
"""
FUND = """
[[federation]]
id = "fund"
title = "Fund"
kind = "fund"
nature = "solidarity"
rate = "solidarity.rate"
base = "solidarity.base"
fund = "Common"
source = "ACT 9"
"""


def test_a_preset_may_bring_its_own_steps_in_another_order(tmp_path: Path) -> None:
    preset = read(tmp_path, WHOLE + FUND + POOL)
    assert [step.id for step in preset.federation] == ["fund", "pool"]
    assert preset.federation[0].source.endswith("9")


def test_without_its_own_it_has_the_common_ones(tmp_path: Path) -> None:
    common = common_preset().federation
    assert read(tmp_path, WHOLE).federation == common
    assert [load_preset(one).federation == common for one in preset_paths()] == [
        True
    ] * len(preset_paths())
    assert common_preset().grounds == (common_preset(),)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"pool.rate"', '"pool.rat"', "pool: no parameter 'pool.rat'"),
        ('"pool.key"', '"pool.rate"', "pool: 'pool.rate' is no choice"),
        ('"pool.losses"', '""', "pool: pool needs losses"),
        ('nature = "pool"', 'nature = "pooling"', "pool: no such nature 'pooling'"),
        ('"Common"', '""', "fund: fund needs fund"),
        (
            'base = "solidarity.base"',
            'of = "fonds"',
            "fund: no such role 'fonds'",
        ),
        (
            'base = "solidarity.base"',
            "",
            "fund: a fund's part is taken of a base or of a role",
        ),
        ('id = "fund"', 'id = "pool"', "pool: stands twice"),
    ],
)
def test_a_slip_in_a_step_is_refused_with_its_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(PresetInvalidError) as caught:
        read(
            tmp_path,
            WHOLE + POOL + FUND.replace(old, new)
            if old in FUND
            else WHOLE + POOL.replace(old, new) + FUND,
        )
    assert sentence in str(caught.value)


def test_a_book_that_names_no_preset_has_no_policy_for_one_enterprise() -> None:
    policy = Policy("Book", [], []).for_enterprise("farm")
    assert policy.enterprise == "farm"
    assert policy.jurisdiction_on(datetime.date(2025, 1, 1)) == ""


def test_the_days_of_a_transfer_have_a_source() -> None:
    (dated,) = common_preset().parameters["transfer.days"].values
    assert isinstance(dated.source, Source)
    assert dated.confidence == "background"
