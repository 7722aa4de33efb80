"""The group's workbook: an independent engine comes to the statements' own cents."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.services.exporting.description import Formula
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.consolidating import Consolidation
from coopledger.services.federating.consolidating import consolidate_year
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.groupbook import group_workbook
from coopledger.services.federating.layouts import read_layout
from coopledger.services.federating.principling import measure_all
from coopledger.services.federating.principling import read_principles
from tests.cli.running import run
from tests.services.federating.federations import earned
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation
from tests.services.federating.test_consolidating import BOUGHT
from tests.services.federating.test_consolidating import SOLD
from tests.services.federating.test_consolidating import TRADE
from tests.services.federating.test_consolidating import foreign
from tests.services.federating.test_consolidating import group
from tests.services.federating.test_consolidating import transfer
from tests.services.federating.test_consolidating import two
from tests.xlsx.recalculating import Recalculated

LEDGER = Path(__file__).parents[3] / "ledger"


def reckoned(found: Consolidation) -> Recalculated:
    listed = read_principles("mondragon", Path("none"))
    measured = measure_all(listed, found.views, found.unit)
    return Recalculated(group_workbook("The group", found, measured))


def demonstration() -> Consolidation:
    federation = gather(LEDGER)
    pairing = check_federation(federation).pairing
    return consolidate_year(federation, 2025, read_layout(None), pairing)


@pytest.fixture(scope="module")
def demo() -> Recalculated:
    return reckoned(demonstration())


def test_every_formula_of_the_demonstration_comes_to_the_cent(
    demo: Recalculated,
) -> None:
    assert demo.disagreements() == []
    assert demo.flag == "OK"
    assert len(demo.formulas()) > 100


def test_the_sheets_are_those_that_a_group_shows(demo: Recalculated) -> None:
    assert [sheet.name for sheet in demo.workbook.sheets] == [
        "Read me",
        "Enterprises",
        "Income statement",
        "Balance sheet",
        "Changes in equity",
        "Members' capital",
        "Taken out",
        "Not taken out",
        "Principles",
        "Checks",
    ]


def test_what_is_taken_out_follows_the_list_of_transfers(tmp_path: Path) -> None:
    two(
        tmp_path,
        transfer("T-1", "b", SOLD, more=TRADE),
        transfer("T-1", "a", BOUGHT, more=TRADE),
    )
    book = reckoned(group(tmp_path))
    assert book.disagreements() == []
    table = book.workbook.sheet("Taken out").table("taken")
    column = [one.key for one in table.columns].index("amount") + 1
    lines = book.column("Taken out", "taken", "line")
    row = table.first + lines.index("income")
    assert book.value("Taken out", row, column) == -400
    before = book.column("Income statement", "income", "group")
    book.native.set_value("Taken out", row, column, -300.0)
    book.native.evaluate_all()
    after = book.column("Income statement", "income", "group")
    assert sum(after) - sum(before) == 100
    assert book.flag == "CHECK"


def test_the_groups_equity_is_held_against_that_of_its_enterprises(
    demo: Recalculated,
) -> None:
    checks = demo.column("Checks", "checks", "what")
    assert "Equity: the group's, and the enterprises' less what is taken out" in checks


def test_several_currencies_come_to_the_cent(tmp_path: Path) -> None:
    foreign(tmp_path)
    book = reckoned(group(tmp_path))
    assert book.disagreements() == []
    assert book.flag == "OK"


def test_what_stays_in_and_who_is_left_out_is_listed(tmp_path: Path) -> None:
    two(tmp_path, transfer("T-1", "b", SOLD, more=TRADE))
    write_book(tmp_path, "c")
    path = tmp_path / "federation" / "main.beancount"
    named = '2020-01-01 custom "coop-enterprise" "c" "../c/main.beancount"\n'
    path.write_text(path.read_text("utf-8") + named, "utf-8")
    book = reckoned(group(tmp_path))
    assert book.disagreements() == []
    assert "T-1" in book.column("Not taken out", "kept", "what")
    assert any(
        "left out" in str(one)
        for one in book.column("Enterprises", "enterprises", "state")
    )


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30),
    st.integers(1, 10**7),
)
def test_any_results_and_any_transfer_come_to_the_cent(
    results: list[int], passed: int
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        ids = [f"e{number}" for number in range(len(results))]
        amount = Decimal(passed) / 100
        fed = transfer("T", "e0", BOUGHT.replace("400.00", str(amount)), more=TRADE)
        fed = fed.replace("DueTo:A", "DueTo:E0")
        write_federation(folder, ids, earned("0.10") + fed)
        for id_, result in zip(ids, results, strict=True):
            text = earned(str(Decimal(result) / 100))
            if id_ == "e0":
                sold = SOLD.replace("400.00", str(amount)).replace(
                    ":B ", ":Federation "
                )
                text += transfer("T", "federation", sold, more=TRADE)
            write_book(folder, id_, text)
        found = group(folder)
        assert len(found.statements.eliminations) == 1
        book = reckoned(found)
        assert book.disagreements() == []
        assert book.flag == "OK"


def test_no_text_of_a_book_becomes_a_formula(tmp_path: Path) -> None:
    two(tmp_path)
    found = group(tmp_path)
    workbook = group_workbook("=1+1", found, [])
    cells = [c.content for s in workbook.sheets for _, _, c in s.cells()]
    assert "=1+1" in cells
    assert not any(isinstance(c, Formula) and "1+1" in c.text for c in cells)


def test_the_command_writes_it_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    two(tmp_path)
    file = tmp_path / "group.xlsx"
    asked: tuple[str | Path, ...] = (
        *("federation", "consolidate", "--no-cache", "--year", "2024"),
        *("--book", tmp_path / "federation", "--xlsx", file),
    )
    done = run(*asked)
    assert done.exit_code == 0
    assert "Written to" in done.stdout
    first = file.read_bytes()
    assert first[:2] == b"PK"
    assert run(*asked).exit_code == 2
    assert run(*asked, "--force").exit_code == 0
    assert file.read_bytes() == first
    wrong = run(*asked[:-1], tmp_path / "group.pdf")
    assert "does not end in .xlsx" in wrong.stderr
