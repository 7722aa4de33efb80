"""The workbook of every form: a rate that is changed on Inputs moves everything."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_sound_book
from coopledger.law.preset import preset_paths
from coopledger.services.exporting import workbook_of
from tests.services.journeys import book_year
from tests.services.test_preset_journeys import journey_of
from tests.services.workbooks import appropriated
from tests.services.workbooks import engine_parts
from tests.services.workbooks import live_parts
from tests.services.workbooks import slugged
from tests.services.workbooks import steps_in
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.exporting.description import Workbook


def changeable(workbook: Workbook) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the rates that may be changed: each as it is, and otherwise."""
    table = workbook.sheet("Inputs").table("parameters")
    place = [column.key for column in table.columns].index("value")
    found = {}
    for row in table.rows:
        cell = row[place]
        if cell.entry and isinstance(cell.content, Decimal):
            is_whole = cell.entry.kind == "whole"
            other = cell.content + 1 if is_whole else cell.content / 2 or Decimal("0.3")
            found[str(row[0].content)] = (cell.content, other)
    return found


#: What nothing is revalued of, in a book of `Journey`.
NOTHING_THERE = "Members' capital brought up to date"


def test_a_step_that_has_nothing_to_give_at_any_rate_has_no_sheet_of_parts(
    tmp_path: Path,
) -> None:
    journey = journey_of("es-state-worker")
    main = journey.write(tmp_path)
    workbook = workbook_of(load_sound_book(main), journey.years[0])
    steps = [cell.content for _, _, cell in workbook.sheet("Appropriation").cells()]
    assert NOTHING_THERE in steps
    sheets = [one.name for one in workbook.sheets if NOTHING_THERE in one.purpose]
    assert sheets == []


@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_a_changed_rate_moves_the_workbook_of_every_form_as_the_engine_does(
    preset: str, tmp_path: Path
) -> None:
    journey = journey_of(preset)
    main = journey.write(tmp_path)
    for year in journey.years[:2]:
        book = load_sound_book(main)
        workbook = Recalculated(workbook_of(book, year))
        rates = changeable(workbook.workbook)
        assert rates
        for name, (old, new) in rates.items():
            workbook.change(slugged(name), new)
            expected = appropriated(book, year, name, new)
            wanted = [float(one.amount) for one in expected.steps]
            assert (name, steps_in(workbook)) == (name, wanted)
            parts = live_parts(workbook)
            assert (name, parts) == (name, engine_parts(expected, parts))
            assert workbook.flag == "CHECK"
            workbook.change(slugged(name), old)
            assert workbook.flag == "OK"
        book_year(main, year)
