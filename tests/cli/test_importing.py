"""``template`` and ``import``: what they print, where to, and with which exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coopledger.cli import main
from tests.services.spreadsheets import coop
from tests.services.spreadsheets import state
from tests.services.spreadsheets import text_file

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

HOURS = "Member,Date,Hours\nAna,2024-01-31,8\n"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_preview_writes_nothing_and_says_how_to(tmp_path: Path) -> None:
    book, file = coop(tmp_path), text_file(tmp_path, HOURS)
    before = state(tmp_path)
    done = run("import", file, "--book", book)
    assert done.exit_code == 0
    assert "1 new, 0 in the book already; add --write" in done.stdout
    assert state(tmp_path) == before


def test_wrong_rows_are_findings_and_nothing_is_written(tmp_path: Path) -> None:
    book, file = coop(tmp_path), text_file(tmp_path, f"{HOURS}Bea,2024-01-31,x\n")
    before = state(tmp_path)
    for form in ("text", "json", "beancount"):
        done = run("import", file, "--book", book, "--write", "--format", form)
        assert done.exit_code == 1
        assert "is no number" in done.output
    assert state(tmp_path) == before


def test_the_text_alone_is_what_is_written(tmp_path: Path) -> None:
    book, file = coop(tmp_path), text_file(tmp_path, HOURS)
    shown = run("import", file, "--book", book, "--format", "beancount").stdout
    done = run("import", file, "--book", book, "--write", "--format", "json")
    told = json.loads(done.stdout)
    assert told["text"].rstrip() == shown.rstrip()
    written = book.parent / "imports" / "hours.beancount"
    assert told["written"] == str(written)
    assert written.read_text() == told["text"]


def test_sums_can_be_compared_with_the_sheets_own(tmp_path: Path) -> None:
    text = "Member,Contribution,Losses\nAna,1000,20.50\nBea,500,\nTotal,1500,20.50\n"
    done = run("import", text_file(tmp_path, text), "--book", coop(tmp_path))
    assert "Not read: row 4, a total." in done.stdout
    assert "In all: contribution 1,500.00, member-loss 20.50." in done.stdout


def test_a_long_sheet_is_shown_in_short(tmp_path: Path) -> None:
    rows = "".join(f"Ana,2024-03-{day:02},8\n" for day in range(1, 32))
    file = text_file(tmp_path, f"Member,Date,Hours\n{rows}")
    done = run("import", file, "--book", coop(tmp_path))
    assert "2024-03-20" in done.stdout
    assert "2024-03-21" not in done.stdout
    assert "... and 11 more rows" in done.stdout


@pytest.mark.parametrize("option", [("--dates", "month-first"), ("--kind", "hours")])
def test_what_is_said_of_the_file_holds(
    tmp_path: Path, option: tuple[str, str]
) -> None:
    text = "Member,Date,Hours\nAna,03/04/2024,8\n"
    done = run("import", text_file(tmp_path, text), "--book", coop(tmp_path), *option)
    assert ("2024-03-04" in done.stdout) == (option[0] == "--dates")


#: A command on a sheet of hours, and the sentence for it.
MISTAKES = {
    ("--map", "Hours"): "--map takes COLUMN=FIELD, not 'Hours'",
    ("--map", "=hours"): "--map takes COLUMN=FIELD",
    ("--map", "Hours=ours"): "no column can be 'ours'; did you mean 'hours'?",
    ("--map", "Ours=hours"): "no column 'Ours'; did you mean 'Hours'?",
    ("--sheet", "May"): "There is no sheet 'May'",
    ("--against", "Assets:Bnk"): "did you mean 'Assets:Bank'?",
    ("--component", "gold"): "There is no component 'gold'",
    ("--kind", "members"): "nothing says which column is 'joined'",
}


@pytest.mark.parametrize(("words", "sentence"), MISTAKES.items())
def test_a_mistake_gets_a_sentence(
    tmp_path: Path, words: tuple[str, str], sentence: str
) -> None:
    book, file = coop(tmp_path), text_file(tmp_path, HOURS)
    done = run("import", file, "--book", book, *words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stdout == ""


def test_a_template_does_not_replace_a_file_unless_told(tmp_path: Path) -> None:
    book, file = coop(tmp_path), tmp_path / "hours.xlsx"
    assert run("template", "hours", file, "--book", book).exit_code == 0
    again = run("template", "hours", file, "--book", book)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    assert run("template", "hours", file, "--book", book, "--force").exit_code == 0
    odd = run("template", "hours", tmp_path / "hours.csv", "--book", book)
    assert "does not end in .xlsx" in odd.stderr
