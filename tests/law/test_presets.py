"""What holds for every preset that ships: each figure has a day and a text."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from coopledger.domain.capital import ROLES
from coopledger.domain.kinds import KINDS
from coopledger.errors import PresetUnknownError
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths

PRESETS = sorted(preset_paths())

#: Folders that are not named after the first letters of the jurisdiction.
FOLDERS = {"GB": "uk", "ZZ": "custom"}

each_preset = pytest.mark.parametrize("name", PRESETS)


def test_these_presets_ship() -> None:
    assert PRESETS == [
        "ar",
        "ca-hypha",
        "custom",
        "es-basque-worker",
        "es-state-worker",
        "fr-scic",
        "fr-scop",
        "it-prevalent",
        "mondragon-2015",
        "mondragon-classic",
        "qc-worker",
        "uk-fairshares",
        "uk-suma",
        "uk-worker",
        "us-colab",
        "us-consumer",
        "us-producer",
        "us-worker-ica",
        "uy",
    ]


@each_preset
def test_a_preset_loads_under_its_own_id_from_its_country_s_folder(name: str) -> None:
    preset = load_preset(name)
    assert preset.id == name
    assert preset.path.parent.name == FOLDERS.get(
        preset.jurisdiction, preset.jurisdiction[:2].lower()
    )


@each_preset
def test_each_value_has_a_text_a_day_of_reading_and_a_confidence(name: str) -> None:
    for parameter in load_preset(name).parameters.values():
        assert parameter.title.endswith(".")
        for dated in parameter.values:
            assert dated.source.title
            assert dated.source.address.startswith("http")
            assert dated.confidence in {"seen", "secondary", "background", "derived"}
            assert dated.start <= dated.checked_on <= datetime.date(2026, 12, 31)


@each_preset
def test_values_follow_each_other_in_time(name: str) -> None:
    for parameter in load_preset(name).parameters.values():
        starts = [dated.start for dated in parameter.values]
        assert all(before < after for before, after in pairwise(starts))


@each_preset
def test_ratios_are_written_as_parts_of_one(name: str) -> None:
    for parameter in load_preset(name).parameters.values():
        if parameter.unit == "ratio" and not parameter.name.startswith("pay."):
            for dated in parameter.values:
                if isinstance(dated.value, Decimal):
                    assert 0 <= dated.value <= 1, parameter.name


@each_preset
def test_a_preset_has_the_accounts_that_every_co_op_needs(name: str) -> None:
    chart = load_preset(name).chart
    needed = {"contribution", "patronage", "member-loss", "surplus-appropriated"}
    assert needed <= set(chart) <= ROLES


@each_preset
def test_a_preset_says_what_becomes_of_a_surplus_and_of_a_loss(name: str) -> None:
    preset = load_preset(name)
    assert preset.surplus
    assert preset.loss
    steps = (*preset.surplus, *preset.loss)
    assert {step.kind for step in steps} <= set(KINDS)
    assert all(step.source for step in steps)


@each_preset
def test_a_preset_has_a_class_of_members_with_full_rights(name: str) -> None:
    first = next(iter(load_preset(name).classes.values()))
    assert first.patronage
    assert first.losses
    assert first.votes
    assert first.capital


@each_preset
def test_a_preset_suggests_how_patronage_is_measured(name: str) -> None:
    (basis, *_) = load_preset(name).patronage
    assert "{member}" in basis.template
    assert basis.measure in {"amount", "hours", "quantity"}
    assert basis.weight == 1


def test_a_preset_lies_on_top_of_the_one_it_extends() -> None:
    preset = load_preset("mondragon-2015")
    assert [layer.id for layer in preset.layers] == [
        "es-basque-worker",
        "mondragon-2015",
    ]
    assert preset.chart == load_preset("es-basque-worker").chart
    assert preset.classes == load_preset("es-basque-worker").classes
    assert preset.surplus == load_preset("es-basque-worker").surplus
    rate = preset.parameter("reserves.mandatory.rate")
    assert rate
    assert rate.values[-1].value == Decimal("0.45")
    assert preset.parameter("capital.minimum")
    assert preset.parameter("no.such") is None


def test_an_unknown_preset_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(PresetUnknownError, match="did you mean 'us-worker-ica'"):
        load_preset("us-worker-ika")
