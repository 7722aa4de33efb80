"""The demonstration, as a person sees it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from coopledger.cli import wiring
from tests import books
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.cli.test_snapshots import SNAPSHOTS
from tests.cli.test_snapshots import normalised
from tests.digests import digest
from tests.goldens import expect

if TYPE_CHECKING:
    from pathlib import Path


def test_the_demonstration_closes_and_exports_every_book_on_a_copy(
    tmp_path: Path, *, update_goldens: bool
) -> None:
    before = digest(LEDGER)
    into = tmp_path / "demo-output"
    done = run("demo", "--book", LEDGER, "--into", into)
    assert (done.exit_code, done.stderr) == (0, "")
    assert digest(LEDGER) == before
    expect(SNAPSHOTS / "demo.txt", normalised(done.stdout, into), update=update_goldens)
    names = sorted(path.name for path in LEDGER.iterdir() if path.is_dir())
    assert [path.parent.name for path in sorted(into.glob("*/workbook-2025.xlsx"))] == (
        names
    )
    assert (into / "federation" / "group-2025.xlsx").is_file()
    assert "both sides balance in every column" in done.stdout
    assert run("check", "--book", into).exit_code == 0
    kept = digest(into)
    assert {name for name, text in before.items() if kept[name] != text} == {
        f"{name}/main.beancount" for name in names
    }


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one small book; workbooks are left out."""
    monkeypatch.setattr(wiring, "write_workbook", lambda *_, **__: None)
    (tmp_path / "source" / "one").mkdir(parents=True)
    books.write(tmp_path / "source" / "one", books.preamble("us-worker-ica"))
    return tmp_path / "source"


def test_a_second_demonstration_replaces_the_first(small: Path, tmp_path: Path) -> None:
    asked = ("demo", "--book", small, "--into", tmp_path / "copy")
    first = run(*asked)
    once = digest(tmp_path / "copy")
    assert run(*asked).stdout == first.stdout
    assert digest(tmp_path / "copy") == once


def test_what_no_demonstration_made_is_refused(small: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    before = digest(tmp_path)
    done = run("demo", "--book", small, "--into", tmp_path / "mine")
    assert (done.exit_code, done.stdout) == (2, "")
    assert digest(tmp_path) == before


def test_a_demonstration_of_books_with_findings_exits_with_1(
    small: Path, tmp_path: Path
) -> None:
    path = small / "one" / "main.beancount"
    text = path.read_text("utf-8")
    path.write_text(f"{text}2025-02-01 balance Assets:Bank  1 USD\n", "utf-8")
    done = run("demo", "--book", small, "--into", tmp_path / "copy")
    assert done.exit_code == 1
    assert "checked before: 1 finding" in done.stdout
    assert "checked after: 1 finding" in done.stdout


def test_books_that_are_closed_already_have_nothing_proposed(
    small: Path, tmp_path: Path
) -> None:
    run("demo", "--book", small, "--into", tmp_path / "copy")
    shutil.copytree(tmp_path / "copy", tmp_path / "closed")
    done = run("demo", "--book", tmp_path / "closed", "--into", tmp_path / "again")
    assert done.exit_code == 0
    assert "proposal written to: nothing: it was booked already" in done.stdout


def test_books_without_a_decided_year_have_nothing_to_show(
    small: Path, tmp_path: Path
) -> None:
    path = small / "one" / "main.beancount"
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if "coop-resolution" not in line]
    path.write_text("\n".join(kept), "utf-8")
    done = run("demo", "--book", small, "--into", tmp_path / "copy")
    assert done.exit_code == 0
    assert "proposal" not in done.stdout
