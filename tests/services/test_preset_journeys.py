"""Every preset: founded, a surplus, losses, a surplus again, each closed and booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_sound_book
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.services.exporting import workbook_of
from tests.services.journeys import Journey
from tests.services.journeys import book_year
from tests.services.journeys import close
from tests.services.journeys import findings
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from pathlib import Path


def journey_of(preset: str) -> Journey:
    """Return a co-op with interest and retains where its law knows any."""
    kinds = {step.kind for step in load_preset(preset).surplus}
    rates = {"interest": ("interest.rate", "0.05"), "per-unit": ("retain.rate", "0.10")}
    choices = tuple(rate for kind, rate in rates.items() if kind in kinds)
    return Journey(preset, (40_000, -9_000, -30_000, 25_000), choices)


@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_a_co_op_of_every_form_closes_good_years_and_bad_ones(
    preset: str, tmp_path: Path
) -> None:
    journey = journey_of(preset)
    main = journey.write(tmp_path)
    assert findings(main) == []
    for year, result in zip(journey.years, journey.results, strict=True):
        closing = book_year(main, year)
        appropriation = closing.appropriation
        assert appropriation.pool == result
        assert appropriation.remaining == 0
        assert findings(main) == []
        assert close(main, year).is_booked


@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_the_workbook_of_every_form_comes_to_the_ledger_s_figures(
    preset: str, tmp_path: Path
) -> None:
    journey = journey_of(preset)
    main = journey.write(tmp_path)
    for year in journey.years:
        proposed = Recalculated(workbook_of(load_sound_book(main), year))
        book_year(main, year)
        booked = Recalculated(workbook_of(load_sound_book(main), year))
        for workbook in (proposed, booked):
            assert workbook.disagreements() == []
            assert (workbook.flag, workbook.failing) == ("OK", [])
