"""Presets are read strictly: each slip in a file has its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopledger.errors import PresetInvalidError
from coopledger.errors import PresetUnknownError
from coopledger.law.building import read_preset

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.law.preset import Preset

HEAD = """\
schema = 1
id = "xx-test"
title = "A test"
jurisdiction = "XX"
level = "law"
language = "en"
currency = "EUR"

[sources.ACT]
title = "Act on tests"
address = "https://example.org/act"

[chart]
collective = "Equity:Collective"
education-expense = "Expenses:EducationFund"

[classes.worker]
title = "Worker"
patronage = true
losses = true
votes = true
capital = true

[patronage.labour]
template = "Expenses:Advances:{member}"
measure = "hours"
weight = 2
"""
RATE = """
[[parameter]]
name = "collective.share"
title = "Share for the collective account."
unit = "ratio"
bound = "min"
values = [
  { from = 2020-01-01, value = 0.25, source = "ACT 1", confidence = "seen", checked_on = 2026-11-24 },
]
"""  # noqa: E501 - as it stands in a file
NOTICE = """
[[parameter]]
name = "patronage.notice"
title = "Kind of notice."
unit = "choice"
bound = "free"
choices = ["qualified", "nonqualified"]
values = [
  { from = 2020-01-01, value = "qualified", source = "ACT 2", confidence = "seen", checked_on = 2026-11-24 },
]
"""  # noqa: E501 - as it stands in a file
STEP = """
[[surplus]]
id = "collective"
title = "Collective account"
kind = "share"
base = ["result", "-tax"]
rate = "collective.share"
role = "collective"
"""
WHOLE = HEAD + RATE + NOTICE + STEP


def read(folder: Path, text: str) -> Preset:
    """Write a preset file and read it."""
    path = folder / "test.toml"
    path.write_text(text, "utf-8")
    return read_preset(path)


def test_a_file_that_is_not_in_utf_8_has_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "test.toml"
    path.write_bytes(WHOLE.replace("A test", "Un prové").encode("latin-1"))
    with pytest.raises(PresetInvalidError, match="not a valid preset: 'utf-8' codec"):
        read_preset(path)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    preset = read(tmp_path, WHOLE)
    assert preset.names == {"collective.share", "patronage.notice"}
    assert preset.patronage[0].weight == 2
    assert [step.id for step in preset.surplus] == ["collective"]
    assert preset.loss == ()


def test_an_account_may_have_several_templates(tmp_path: Path) -> None:
    text = WHOLE.replace('"Equity:Collective"', '["Equity:Old", "Equity:Collective"]')
    assert read(tmp_path, text).chart["collective"] == (
        "Equity:Old",
        "Equity:Collective",
    )


def test_a_step_reckons_on_what_remains_unless_its_kind_has_a_base_of_its_own(
    tmp_path: Path,
) -> None:
    based = STEP.replace('base = ["result", "-tax"]\n', "")
    for kind, base in (
        ("share", "remaining"),
        ("interest", "capital.by-time"),
        ("per-unit", "units"),
    ):
        text = WHOLE.replace(STEP, based.replace('"share"', f'"{kind}"'))
        (step,) = read(tmp_path, text).surplus
        assert step.base == (base,)


def test_a_step_may_have_one_limit_or_several(tmp_path: Path) -> None:
    for written, limits in (
        ('["result", "-tax"]', (("result", "-tax"),)),
        ('[["result"], ["-tax"]]', (("result",), ("-tax",))),
        ("[]", ((),)),
    ):
        (step,) = read(tmp_path, f"{WHOLE}limit = {written}\n").surplus
        assert step.limits == limits


def test_a_parameter_may_have_to_stand_before_the_year(tmp_path: Path) -> None:
    assert not read(tmp_path, WHOLE).parameters["collective.share"].before_year
    text = WHOLE.replace('bound = "min"', 'bound = "min"\nbefore-year = true')
    assert read(tmp_path, text).parameters["collective.share"].before_year


def test_a_step_without_a_source_of_its_own_has_none(tmp_path: Path) -> None:
    (step,) = read(tmp_path, WHOLE).surplus
    assert step.source == ()


SLIPS = {
    "an unknown key": (
        'currency = "EUR"',
        'currency = "EUR"\ncurency = "EUR"',
        "curency: Extra inputs are not permitted",
    ),
    "an unknown key of a value": (
        "checked_on = 2026-11-24",
        "checked_on = 2026-11-24, check = 1",
        "parameter.0.values.0.check: Extra inputs are not permitted",
    ),
    "a missing source": (
        'source = "ACT 1", ',
        "",
        "parameter.0.values.0.source: Field required",
    ),
    "a missing day of reading": (
        ', checked_on = 2026-11-24 },\n]\n\n[[parameter]]\nname = "patronage',
        ' },\n]\n\n[[parameter]]\nname = "patronage',
        "parameter.0.values.0.checked_on: Field required",
    ),
    "a missing date": (
        "from = 2020-01-01, value = 0.25",
        "value = 0.25",
        "parameter.0.values.0.from: Field required",
    ),
    "a source that is not listed": (
        '"ACT 1"',
        '"LAW 1"',
        "collective.share: unknown source 'LAW 1'",
    ),
    "an unknown confidence": (
        '"ACT 1", confidence = "seen"',
        '"ACT 1", confidence = "sure"',
        (
            "parameter.0.values.0.confidence: Input should be 'seen', 'secondary', "
            "'background' or 'derived'"
        ),
    ),
    "an unknown bound": (
        'bound = "min"',
        'bound = "least"',
        "parameter.0.bound: Input should be 'min', 'max', 'fixed', 'free' or 'range'",
    ),
    "an unknown level": (
        'level = "law"',
        'level = "statutes"',
        "level: Input should be 'law' or 'federation'",
    ),
    "another schema": (
        "schema = 1",
        "schema = 2",
        "schema: Input should be less than or equal to 1",
    ),
    "a value of the wrong type": (
        "value = 0.25",
        'value = "a quarter"',
        "'collective.share' takes a number, not 'a quarter'",
    ),
    "a number for a word": (
        'value = "qualified"',
        "value = 1",
        "'patronage.notice' takes a word in quotes, not Decimal('1')",
    ),
    "a word that is no choice": (
        'value = "qualified"',
        'value = "qualifed"',
        "'patronage.notice' takes one of qualified, nonqualified, not 'qualifed'",
    ),
    "a range without ends": (
        'bound = "min"',
        'bound = "range"',
        "collective.share: a range needs min and max",
    ),
    "a parameter that stands twice": (
        STEP,
        RATE + STEP,
        "collective.share: stands twice",
    ),
    "two values from one day": (
        "checked_on = 2026-11-24 },\n]\n",
        (
            "checked_on = 2026-11-24 },\n  { from = 2020-01-01, value = 0.3, "
            'source = "ACT 1", confidence = "seen", checked_on = 2026-11-24 },\n]\n'
        ),
        "collective.share: two values from 2020-01-01",
    ),
    "a parameter without values": (
        NOTICE,
        NOTICE[: NOTICE.index("values")] + "values = []\n",
        "parameter.1.values: List should have at least 1 item after validation, not 0",
    ),
    "an unknown role in the chart": (
        "[chart]\n",
        '[chart]\ncolective = "Equity:Collective"\n',
        "chart.colective: no such role",
    ),
    "an unknown role in a step": (
        'role = "collective"',
        'role = "colective"',
        "collective: no such role 'colective'",
    ),
    "a role without an account": (
        'role = "collective"',
        'role = "suspense"',
        "collective: no such role 'suspense'",
    ),
    "an unknown term": (
        '"-tax"',
        '"-taxes"',
        "collective: no such term '-taxes'",
    ),
    "the balance of an unknown role": (
        '"-tax"',
        '"-balance:colective"',
        "collective: no such term '-balance:colective'",
    ),
    "a step that does not stand before": (
        '"-tax"',
        '"-step:collective"',
        "collective: no such term '-step:collective'",
    ),
    "an unknown kind of step": (
        'kind = "share"',
        'kind = "part"',
        "collective: no such kind of step 'part'",
    ),
    "an unknown way to round": (
        'kind = "share"',
        'kind = "share"\nround = "sideways"',
        "surplus.0.round: Input should be 'nearest', 'up' or 'down'",
    ),
    "a parameter that is not there": (
        'rate = "collective.share"',
        'rate = "colective.share"',
        "collective: no parameter 'colective.share'",
    ),
    "a word where a number is needed": (
        'rate = "collective.share"',
        'rate = "patronage.notice"',
        "collective: 'patronage.notice' is no number",
    ),
    "a number where a word is needed": (
        'role = "collective"',
        'role = "collective"\nnotice = "collective.share"',
        "collective: 'collective.share' is no choice of words",
    ),
    "an expense without an account": (
        'role = "collective"',
        'role = "collective"\ntreatment = "expense"',
        ("collective: an expense or a transfer, and nothing else, has an expense-role"),
    ),
    "an expense-role without an expense": (
        'role = "collective"',
        'role = "collective"\nexpense-role = "education-expense"',
        ("collective: an expense or a transfer, and nothing else, has an expense-role"),
    ),
    "an unknown kind of movement": (
        'role = "collective"',
        'role = "collective"\nmovement = "revaluatoin"',
        "collective: no such kind of movement 'revaluatoin'",
    ),
    "a number where a switch is needed": (
        'role = "collective"',
        'role = "collective"\nreplenish = "collective.share"',
        "collective: 'collective.share' is no switch",
    ),
    "interest on a role that is no capital": (
        '"-tax"',
        '"capital.by-time:collective"',
        "collective: no such term 'capital.by-time:collective'",
    ),
    "what a later step leaves": (
        '"-tax"',
        '"spill:collective"',
        "collective: no such term 'spill:collective'",
    ),
    "a factor that is not there": (
        '"-tax"',
        '"-colective.share*tax"',
        "collective: no parameter 'colective.share'",
    ),
    "a step that stands twice": (
        STEP,
        STEP + STEP,
        "collective: stands twice",
    ),
    "a class that is not there": (
        'role = "collective"',
        'role = "collective"\nclasses = ["user"]',
        "collective: no such class 'user'",
    ),
    "classes in a loss": (
        STEP,
        STEP.replace("surplus", "loss") + 'classes = ["worker"]\n',
        "collective: bases and classes are for steps of a surplus",
    ),
    "a condition on what is not known": (
        'role = "collective"',
        'role = "collective"\nwhen = [["result"], ["worth"]]',
        "collective: no such term 'worth'",
    ),
    "one of several limits that is not known": (
        'role = "collective"',
        'role = "collective"\nlimit = [["result"], ["worth"]]',
        "collective: no such term 'worth'",
    ),
    "a presentation that is a number": (
        'role = "collective"',
        'role = "collective"\nexpense-role = "education-expense"\npresentation = "collective.share"',  # noqa: E501
        "collective: 'collective.share' is no choice of words",
    ),
    "no TOML at all": (
        "schema = 1",
        "schema: 1",
        "Expected '=' after a key in a key/value pair (at line 1, column 7)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused_with_its_sentence(slip: str, tmp_path: Path) -> None:
    right, wrong, sentence = SLIPS[slip]
    assert right in WHOLE
    with pytest.raises(PresetInvalidError) as refused:
        read(tmp_path, WHOLE.replace(right, wrong, 1))
    path = tmp_path / "test.toml"
    assert str(refused.value) == f"{path} is not a valid preset: {sentence}."


def test_all_slips_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace('"-tax"', '"-taxes"').replace('"ACT 1"', '"LAW 1"')
    with pytest.raises(PresetInvalidError) as refused:
        read(tmp_path, text)
    assert "unknown source 'LAW 1'; collective: no such term" in str(refused.value)


def test_a_preset_cannot_extend_one_that_does_not_exist(tmp_path: Path) -> None:
    text = WHOLE.replace('level = "law"', 'level = "law"\nextends = "us-worker-ika"')
    with pytest.raises(PresetUnknownError, match="did you mean 'us-worker-ica'"):
        read(tmp_path, text)
