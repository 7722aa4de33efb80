"""Ties, currencies, weights and kinds of step: the workbook is exact for all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.journal import records
from coopledger.law import preset as presets
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.arithmetic import Arithmetic
from coopledger.services.exporting.arithmetic import scaled
from coopledger.services.exporting.description import Formula
from tests.services import coops
from tests.services.workbooks import appropriated
from tests.services.workbooks import reckoned
from tests.services.workbooks import steps_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopledger.journal.loading import Book
    from tests.xlsx.recalculating import Recalculated

# --- ties, few members, other currencies ----------------------------------------------


@pytest.mark.parametrize("result", ["0.02", "100.00", "100.01", "1333.37"])
def test_equal_members_get_the_odd_cents_in_order_of_the_rows(
    tmp_path: Path, result: str
) -> None:
    coop = coops.of_hours("160", "160", "160", "160", "160", "160", result=result)
    workbook = reckoned(coop.write(tmp_path))
    assert workbook.disagreements() == []
    got = list(workbook.amounts("Patronage", "members_patronage", "amount").values())
    assert got == sorted(got, reverse=True)


def test_one_member_gets_the_whole_pool(tmp_path: Path) -> None:
    workbook = reckoned(coops.of_hours("1600", result="1234.57").write(tmp_path))
    assert workbook.disagreements() == []
    amounts = workbook.amounts("Patronage", "members_patronage", "amount")
    assert amounts == {"M00": workbook.named("amount_patronage")}


def test_a_year_without_result_is_all_nil_and_agrees(tmp_path: Path) -> None:
    workbook = reckoned(coops.of_hours("10", "20", result="0.00").write(tmp_path))
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


def test_a_year_in_which_nobody_worked_gives_nobody_anything(tmp_path: Path) -> None:
    coop = replace(
        coops.of_hours(result="50.00"), choices={"collective.share": Decimal("0.3")}
    )
    workbook = reckoned(coop.write(tmp_path))
    assert workbook.disagreements() == []
    assert "Patronage" not in [sheet.name for sheet in workbook.workbook.sheets]


@pytest.mark.parametrize(
    ("currency", "result", "decimals"),
    [("JPY", "1000003", 0), ("USD", "1000.03", 2), ("TND", "1000.003", 3)],
)
def test_amounts_have_the_currencys_own_decimals(
    tmp_path: Path, currency: str, result: str, decimals: int
) -> None:
    coop = replace(
        coops.of_hours("7", "7", "7", result=result),
        currency=currency,
        choices={"collective.share": Decimal("0.333")},
    )
    workbook = reckoned(coop.write(tmp_path))
    assert workbook.workbook.decimals == decimals
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


# --- weights of any kind --------------------------------------------------------------

hours = st.decimals(
    Decimal("0.01"), Decimal(3000), places=2, allow_nan=False, allow_infinity=False
)
cents = st.integers(-(10**7), 10**9).map(lambda units: Decimal(units) / 100)
rates = st.decimals(Decimal(0), Decimal(1), places=4)


@settings(max_examples=40)
@given(st.lists(hours, min_size=1, max_size=9), cents, rates, rates)
def test_any_weights_pool_and_rates_come_to_the_engines_cents(
    work: list[Decimal], result: Decimal, collective: Decimal, cash: Decimal
) -> None:
    coop = replace(
        coops.of_hours(*map(str, work), result=f"{result:.2f}"),
        choices={
            "collective.share": collective,
            "loss.collective-share": collective,
            "patronage.cash-share": cash,
        },
    )
    with TemporaryDirectory() as folder:
        workbook = reckoned(coop.write(Path(folder)))
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


pays = st.decimals(Decimal("0.01"), Decimal(90_000), places=2)


@settings(max_examples=15)
@given(st.lists(pays, min_size=12, max_size=20), cents)
def test_long_weights_are_multiplied_in_two_and_stay_exact(
    work: list[Decimal], result: Decimal
) -> None:
    coop = replace(
        coops.of_hours(*map(str, work), result=f"{abs(result):.2f}"),
        measure="amount",
        choices={"labour.measure": "amount"},
    )
    with TemporaryDirectory() as folder:
        workbook = reckoned(coop.write(Path(folder)))
    assert workbook.disagreements() == []


def test_weights_are_multiplied_in_two_once_one_product_is_too_long(
    tmp_path: Path,
) -> None:
    work = [f"{40_000 + number * 7}.{number:02}" for number in range(1, 30)]
    coop = replace(coops.of_hours(*work, result="98765.43"), measure="amount")
    workbook = reckoned(coop.write(tmp_path))
    table = workbook.workbook.sheet("Division").table("division_patronage")
    assert "upper" in [column.key for column in table.columns]
    assert workbook.disagreements() == []


def test_weights_too_long_for_any_formula_become_values_with_a_note(
    tmp_path: Path,
) -> None:
    work = [f"{10**9 + number}.{number:02}" for number in range(1, 30)]
    coop = replace(coops.of_hours(*work, result="98765.43"), measure="amount")
    workbook = reckoned(coop.write(tmp_path))
    sheet = workbook.workbook.sheet("Patronage")
    assert any("too long for exact formulas" in line.text for line in sheet.lines)
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"
    workbook.change("collective_share", Decimal("0.9"))
    assert workbook.flag == "CHECK"


def test_a_result_too_large_for_exact_rates_becomes_values_with_a_note(
    tmp_path: Path,
) -> None:
    coop = coops.of_hours("10", "20", result="98765432109.87")
    workbook = reckoned(coop.write(tmp_path))
    how = workbook.column("Appropriation", "steps", "kind")
    assert all("no formula is exact here" in words for words in how)
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


@pytest.mark.parametrize(
    ("result", "has_long"),
    [
        ("9999999999979.99", False),
        ("12345678901234.50", False),
        ("12345678901234.56", True),
    ],
)
def test_amounts_of_more_digits_than_spreadsheets_keep_are_a_check_of_their_own(
    tmp_path: Path, result: str, *, has_long: bool
) -> None:
    coop = coops.Coop({"M00": Decimal(10)}, Decimal(result), measure="amount")
    checks = workbook_of(coop.write(tmp_path), 2025).sheet("Checks").table("checks")
    (row,) = (row for row in checks.rows if "15 digits" in str(row[0].content))
    here, status = row[1].content, row[4].content
    assert isinstance(here, Formula)
    assert isinstance(status, Formula)
    assert bool(here.value) is has_long
    assert status.value == ("CHECK" if has_long else "OK")
    assert row[1].form == "whole"


#: Foreign money at its price leaves parts of a cent in a result.
FOREIGN = """
2025-12-31 * "A sale abroad"
  Assets:Bank  {amount} USD
  Income:Sales  -{amount} USD
"""


@pytest.mark.parametrize("amount", ["0.005", "0.00333", "-77.123456"])
@pytest.mark.parametrize("preset", ["us-worker-ica", "es-basque-worker"])
def test_parts_of_a_cent_in_a_result_are_reckoned_as_the_engine_does(
    tmp_path: Path, preset: str, amount: str
) -> None:
    coop = replace(
        coops.of_hours("10", "20", "37", result="1234.56"),
        preset=preset,
        more=FOREIGN.format(amount=amount),
    )
    workbook = reckoned(coop.write(tmp_path))
    assert workbook.named("fact_result") == float(Decimal("1234.56") + Decimal(amount))
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"
    for rate in ("collective_share", "education_rate"):
        if rate in workbook:
            workbook.change(rate, Decimal("0.35"))
            assert workbook.flag == "CHECK"


def test_parts_too_small_for_formulas_make_values_of_amounts(tmp_path: Path) -> None:
    coop = replace(
        coops.of_hours("10", "20", result="1234.56"),
        more=FOREIGN.format(amount="0.000000000033"),
    )
    workbook = reckoned(coop.write(tmp_path))
    how = workbook.column("Appropriation", "steps", "kind")
    assert all("no formula is exact here" in words for words in how)
    assert workbook.flag == "OK"


def test_a_first_year_with_a_loss_has_no_average_to_look_back_on(
    tmp_path: Path,
) -> None:
    coop = coops.of_hours("10", "20", result="-1234.56")
    workbook = reckoned(replace(coop, preset="es-basque-worker").write(tmp_path))
    lines = workbook.workbook.sheet("Appropriation").lines
    assert "the average share is nil" in lines[-1].text
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


# --- first years, and kinds of step that no preset uses -------------------------------


def test_in_the_first_years_a_loss_is_the_collective_accounts(tmp_path: Path) -> None:
    coop = replace(
        coops.of_hours("10", "20", result="-500.00"),
        choices={"loss.grace-years": Decimal(6)},
    )
    workbook = reckoned(coop.write(tmp_path))
    assert workbook.disagreements() == []
    assert workbook.named("amount_members") == 0


STEPS = """
schema = 1
id = "test-steps"
title = "Every kind of step"
jurisdiction = "US"
level = "federation"
extends = "us-worker-ica"
language = "en"
currency = "USD"

[sources.T]
title = "Test"
address = "none"

[[parameter]]
name = "slice.first"
title = "First slice."
unit = "amount"
bound = "free"
[[parameter.values]]
from = 2012-05-01
value = 100.00
source = "T"
confidence = "seen"
checked_on = 2026-01-01

[[parameter]]
name = "slice.rate"
title = "Share of the rest."
unit = "ratio"
bound = "free"
[[parameter.values]]
from = 2012-05-01
value = 0.15
source = "T"
confidence = "seen"
checked_on = 2026-01-01

[[surplus]]
id = "slice"
title = "A first slice"
kind = "slice"
base = ["result"]
slice = "slice.first"
rate = "slice.rate"
role = "voluntary-reserve"

[[surplus]]
id = "nothing"
title = "A limit that nothing is under"
kind = "share"
base = ["remaining"]
limit = []
role = "voluntary-reserve"

[[surplus]]
id = "alpha"
title = "Weighed"
kind = "alpha"
base = ["result", "-step:slice"]
against = ["balance:collective", "payroll"]
rate = "slice.rate"
less = ["step:slice"]
round = "ROUND"
role = "collective"

[[surplus]]
id = "first"
title = "First patronage"
kind = "patronage"
base = ["remaining"]
rate = "collective.share"
role = "patronage"
cash = "patronage.cash-share"
notice = "patronage.notice"

[[surplus]]
id = "second"
title = "Second patronage"
kind = "patronage"
base = ["remaining"]
role = "patronage"
"""


@pytest.fixture
def every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Book]:
    """Make a book under a preset whose steps are of the kinds that none ships."""
    paths = presets.preset_paths()

    def make(result: str, rounding: str = "nearest", more: str = "") -> Book:
        name = f"test-steps-{rounding}"
        toml = tmp_path / f"{name}.toml"
        text = STEPS.replace("ROUND", rounding).replace("test-steps", name)
        toml.write_text(text, "utf-8")
        for module in (presets, records):
            monkeypatch.setattr(module, "preset_paths", lambda: {**paths, name: toml})
        coop = coops.of_hours("7", "11", "13", result=result)
        return replace(coop, preset=name, more=more).write(tmp_path)

    return make


@pytest.mark.parametrize("rounding", ["nearest", "up", "down"])
@pytest.mark.parametrize("result", ["0.00", "50.00", "1000.01", "98765.43"])
def test_steps_of_every_kind_come_to_the_engines_figures(
    every_kind: Callable[..., Book], result: str, rounding: str
) -> None:
    workbook = reckoned(every_kind(result, rounding))
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


def test_two_patronage_steps_have_two_sheets(every_kind: Callable[..., Book]) -> None:
    names = [sheet.name for sheet in workbook_of(every_kind("1000.01"), 2025).sheets]
    assert [name for name in names if name.startswith(("Patronage", "Division"))] == [
        "Patronage",
        "Patronage 2",
        "Division",
        "Division 2",
    ]


def test_a_changed_slice_moves_all_steps_as_the_engine_does(
    every_kind: Callable[..., Book],
) -> None:
    book = every_kind("9876.54")
    workbook = reckoned(book)
    workbook.change("slice_first", Decimal("250.50"))
    expected = appropriated(book, 2025, "slice.first", Decimal("250.50"))
    assert steps_in(workbook) == [float(s.amount) for s in expected.steps]


def test_an_amount_too_large_to_be_squared_is_a_value(
    every_kind: Callable[..., Book],
) -> None:
    workbook = reckoned(every_kind("987654.32"))
    assert values_among(workbook) == ["Weighed"]
    assert workbook.disagreements() == []


def test_parts_of_a_cent_make_values_of_the_steps_that_cannot_have_them(
    every_kind: Callable[..., Book],
) -> None:
    workbook = reckoned(every_kind("1234.56", more=FOREIGN.format(amount="0.005")))
    assert values_among(workbook) == ["A first slice", "Weighed"]
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


def values_among(workbook: Recalculated) -> list[str]:
    """Return the steps whose amount is a value."""
    steps = workbook.column("Appropriation", "steps", "step")
    how = workbook.column("Appropriation", "steps", "kind")
    return [
        step
        for step, words in zip(steps, how, strict=True)
        if "no formula is exact here" in words
    ]


# --- arithmetic -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("largest", "decimals"),
    [("9999999.99", 6), ("999999999.99", 4), ("9999999999.99", None)],
)
def test_rates_keep_as_many_decimals_as_amounts_allow(
    largest: str, decimals: int | None
) -> None:
    base = [Decimal(largest)]
    chosen = Arithmetic.for_amounts(Decimal("0.01"), base, base, [])
    assert chosen.rate_decimals == decimals


def test_weights_are_scaled_to_the_smallest_whole_numbers() -> None:
    assert scaled([Fraction(1, 3), Fraction(1, 2)], 100).weights == (2, 3)
    assert scaled([Fraction(1900), Fraction(950)], 100).weights == (2, 1)
