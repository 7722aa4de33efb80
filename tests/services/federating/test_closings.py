"""The year of every enterprise, reckoned in one run."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.amounts import ZERO
from coopledger.journal.loading import load_sound_book
from coopledger.services.closing import close_year
from coopledger.services.closing import seal_year
from coopledger.services.federating import reading
from coopledger.services.federating.closings import YearTotals
from coopledger.services.federating.closings import closings_of
from coopledger.services.federating.closings import totals_of_year
from coopledger.services.federating.gathering import Settings
from coopledger.services.federating.gathering import gather
from tests.services.federating.federations import earned
from tests.services.federating.federations import named
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from coopledger.journal.loading import Book
    from coopledger.services.federating.closings import FederalClosing

LEDGER = Path(__file__).parents[3] / "ledger"


def closed(
    path: Path, year: int, cache: Path | None = None, executor: Executor | None = None
) -> FederalClosing:
    """Reckon a year of a federation."""
    settings = Settings(cache, executor, more=totals_of_year(year))
    return closings_of(gather(path, settings), year)


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_every_enterprise_has_the_figures_of_its_own_closing(year: int) -> None:
    found = closed(LEDGER, year)
    assert len(found.enterprises) == 4
    for name, totals in found.enterprises.items():
        closing = close_year(load_sound_book(LEDGER / name), year)
        steps = [one for one in closing.appropriation.steps if one.amount]
        assert totals.base == closing.appropriation.pool
        assert [(one.id, abs(one.amount)) for one in totals.steps] == [
            (one.step.id, one.amount) for one in steps
        ]
        assert sum(one.amount for one in totals.steps) == totals.base
        assert totals.members == len({who for one in steps for who in one.parts})
        shared = sum(sum(one.parts.values(), ZERO) for one in steps)
        assert abs(totals.cash + totals.retained) == shared


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_totals_add_up_to_the_cent(year: int) -> None:
    found = closed(LEDGER, year)
    total, listed = found.totals["USD"], found.enterprises.values()
    for name in ("result", "base", "cash", "retained", "members"):
        assert getattr(total, name) == sum(getattr(one, name) for one in listed)
    assert sum(step.amount for step in total.steps) == total.base


def test_a_loss_is_taken_from_capital_and_counts_below_zero() -> None:
    totals = closed(LEDGER, 2024).enterprises["nubias-cafe"]
    assert (totals.state, totals.base) == ("booked", Decimal("-13906.44"))
    assert (totals.cash, totals.retained) == (ZERO, Decimal("-10429.83"))
    assert not any(step.retained.is_signed() for step in totals.steps[:1])


def test_a_sealed_year_is_called_sealed(tmp_path: Path) -> None:
    folder = shutil.copytree(LEDGER, tmp_path / "ledger")
    path = folder / "green-team"
    seal = seal_year(load_sound_book(path), 2024)
    with (path / "2025.beancount").open("a", encoding="utf-8") as file:
        file.write(f"{seal}\n")
    found = closed(folder, 2024).enterprises
    assert found.pop("green-team").state == "sealed"
    assert {one.state for one in found.values()} == {"booked"}


@pytest.fixture
def at_year_end(tmp_path: Path) -> Path:
    """The demonstration federation, booking its steps within each year."""
    folder = shutil.copytree(LEDGER, tmp_path / "ledger")
    path = folder / "federation" / "parameters.beancount"
    line = '"federation.booking" "decision"'
    text = path.read_text("utf-8")
    assert line in text
    path.write_text(text.replace(line, '"federation.booking" "year-end"'), "utf-8")
    return folder


def test_what_is_to_be_booked_before_a_year_is_distributed_is_named(
    at_year_end: Path,
) -> None:
    found = closed(at_year_end, 2025)
    assert found.pending["freedom-farms"][0] == "Pooling of results"
    assert closed(at_year_end, 2024).pending == {}
    assert closed(LEDGER, 2025).pending == {}


def test_what_is_to_be_booked_before_is_unknown_while_a_book_is_missing(
    at_year_end: Path,
) -> None:
    shutil.rmtree(at_year_end / "green-team")
    found = closed(at_year_end, 2025)
    assert found.pending == {}
    assert "'green-team' is missing" in found.doubt
    assert len(found.enterprises) == 3


def test_a_year_that_cannot_be_closed_is_named_and_the_others_are_reckoned(
    tmp_path: Path,
) -> None:
    work = (
        '2020-01-02 custom "coop-member" "Ana" "join"\n'
        '2024-06-30 * "Pay"\n'
        "  Expenses:Advances:Ana  10.00 USD\n"
        "  Assets:Bank\n"
    )
    write_book(tmp_path, "farm", f"{earned('100.00')}")
    write_book(tmp_path, "cafe", f"{work}{earned('-40.00')}", "EUR")
    main = write_federation(tmp_path, ["farm", "cafe", "gone"])
    found = closed(main, 2024)
    assert not found.is_whole
    assert [one.id for one in found.federation.troubles] == ["gone"]
    farm = found.enterprises["farm"]
    assert farm.state == "not closable"
    assert farm.base is None
    assert farm.result == Decimal(100)
    assert farm.why.startswith("Fiscal year 2024 cannot be closed: ")
    assert "cafe" in found.enterprises


def test_who_joined_the_federation_later_is_left_out(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100.00"))
    write_book(tmp_path, "cafe", earned("100.00"))
    late = named("cafe").replace("2020", "2025")
    main = write_federation(tmp_path, ["farm"], late)
    assert list(closed(main, 2024).enterprises) == ["farm"]


def test_each_book_is_loaded_once_and_its_summary_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []

    def load(path: Path) -> Book:
        loads.append(path)
        return load_sound_book(path)

    monkeypatch.setattr(reading, "load_sound_book", load)
    with ThreadPoolExecutor(1) as executor:
        first = closed(LEDGER, 2025, tmp_path, executor)
        assert len(loads) == len(set(loads)) == 5
        assert closed(LEDGER, 2025, tmp_path, executor) == first
        assert len(loads) == 9
        assert gather(LEDGER, Settings(tmp_path)).asked == 0


def test_nothing_but_totals_comes_back() -> None:
    totals = totals_of_year(2025)(load_sound_book(LEDGER / "green-team"))
    assert isinstance(totals, YearTotals)
    texts = [totals.currency, totals.state, totals.why]
    texts += [text for step in totals.steps for text in (step.id, step.title)]
    people = load_sound_book(LEDGER / "green-team").case.books.register.ids
    assert not [who for who in people for text in texts if who in text]
    assert {one.name for one in fields(totals)} == {
        *("currency", "state", "why", "result", "base", "steps", "members")
    }
