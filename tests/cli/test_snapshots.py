"""What every command prints about the demonstration books, word for word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.running import FARMS
from tests.cli.running import LEDGER
from tests.cli.running import ROOT
from tests.cli.running import run
from tests.digests import digest
from tests.goldens import expect

SNAPSHOTS = Path(__file__).parent / "snapshots"
BASQUE = LEDGER / "basque"
CAFE = LEDGER / "nubias-cafe"

#: By name: arguments, and how many lines of a long output are kept (0: all).
COMMANDS: dict[str, tuple[tuple[object, ...], int]] = {
    "help": (("--help",), 0),
    "check": (("check", "--book", LEDGER), 0),
    "check-json": (("check", "--book", FARMS, "--format", "json"), 0),
    "rules": (("rules", "--preset", "us-worker-ica"), 6),
    "rules-json": (("rules", "--format", "json"), 16),
    "law": (("law",), 0),
    "law-json": (("law", "--format", "json"), 0),
    "law-preset": (("law", "es-basque-worker", "--on", "2024-12-31"), 12),
    "law-preset-json": (
        ("law", "us-worker-ica", "--on=2024-12-31", "--format=json"),
        20,
    ),
    "law-undecided": (("law", "us-worker-ica", "--on", "1962-12-31"), 0),
    "law-undated-json": (
        ("law", "mondragon-2015", "--on=1990-01-01", "--format=json"),
        12,
    ),
    "members": (("members", "--book", FARMS, "--on", "2024-08-31"), 0),
    "members-json": (
        ("members", "--book", FARMS, "--on", "2024-09-01", "--format", "json"),
        0,
    ),
    "capital": (("capital", "--book", FARMS, "--year", 2024), 0),
    "capital-json": (("capital", "--book", CAFE, "--year", 2023, "--format=json"), 0),
    "statement": (("statement", "Tobias", "--book", FARMS), 0),
    "statement-period": (
        (
            "statement",
            "Yesenia",
            "--book",
            FARMS,
            "--from=2024-01-01",
            "--to=2024-12-31",
        ),
        0,
    ),
    "statement-json": (("statement", "Zora", "--book", FARMS, "--format", "json"), 0),
    "close": (("close", "--book", BASQUE, "--year", 2025, "--explain"), 0),
    "close-scenario-explained": (
        (
            *("close", "--book", BASQUE, "--year", 2025, "--explain"),
            *("--set", "more kept: reserves.voluntary.rate=0.2"),
        ),
        0,
    ),
    "close-decided": (
        ("close", "--book", CAFE, "--year", 2025, "--resolution", "GA-2026-01"),
        0,
    ),
    "close-loss": (("close", "--book", CAFE, "--year", 2024), 0),
    "close-json": (("close", "--book", CAFE, "--year", 2025, "--format", "json"), 0),
    "seal": (("seal", "--book", FARMS, "--year", 2024), 0),
    "exit": (("exit", "Unai", "--book", BASQUE), 0),
    "exit-draft": (
        (
            "exit",
            "Leire",
            "--book",
            BASQUE,
            "--on=2025-12-31",
            "--kind=unjustified",
            "--deduction=20%",
            "--instalments=3",
        ),
        0,
    ),
    "exit-settled": (("exit", "Tobias", "--book", FARMS), 0),
    "exit-json": (("exit", "Unai", "--book", BASQUE, "--format", "json"), 0),
    "redeem": (("redeem", "--book", FARMS, "--year", 2023, "--amount", 5000), 0),
    "redeem-json": (("redeem", "--book", CAFE, "--year", 2022, "--format=json"), 0),
    "query": (("query", "SELECT * FROM #members LIMIT 3", "--book", FARMS), 0),
    "query-csv": (
        ("query", "SELECT * FROM #capital LIMIT 3", "--book", FARMS, "--format=csv"),
        0,
    ),
    "query-json": (
        ("query", "SELECT * FROM #patronage LIMIT 2", "--book", FARMS, "--format=json"),
        0,
    ),
}


def normalised(text: str, *folders: Path) -> str:
    """Put a word for every folder of this machine, digest, and this year's digits."""
    for number, folder in enumerate((*folders, ROOT)):
        name = "<root>" if folder == ROOT else f"<folder{number or ''}>"
        text = text.replace(str(folder), name)
    text = re.sub(r"(?m)^[0-9a-f]{64}$", "<digest>", text)
    return re.sub(r"(?m)^wrote (.*)/\d{4}\.beancount$", r"wrote \1/<year>", text)


def first(lines: int, text: str) -> str:
    """Keep the first lines of a long text."""
    kept = text.splitlines(keepends=True)
    return (
        text if not lines or len(kept) <= lines else "".join([*kept[:lines], "...\n"])
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_what_it_printed_before(
    name: str, *, update_goldens: bool
) -> None:
    arguments, lines = COMMANDS[name]
    before = digest(LEDGER)
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    text = first(lines, normalised(done.stdout))
    expect(SNAPSHOTS / f"{name}.txt", text, update=update_goldens)
    assert digest(LEDGER) == before


def test_a_closing_that_is_written_says_where(
    tmp_path: Path, *, update_goldens: bool
) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(LEDGER, folder)
    asked = ("close", "--book", folder / "nubias-cafe", "--year", 2025)
    done = run(*asked, "--resolution", "GA-2026-01", "--write")
    assert (done.exit_code, done.stderr) == (0, "")
    text = normalised(done.stdout, folder)
    expect(SNAPSHOTS / "close-write.txt", text, update=update_goldens)
    again = run(*asked, "--resolution", "GA-2026-01", "--write")
    assert again.exit_code == 0
    assert "Everything is booked; there is nothing to propose." in again.stdout
    assert run("check", "--book", folder).exit_code == 0


def test_a_settlement_that_is_written_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(LEDGER, folder)
    asked = ("exit", "Lupe", "--book", folder / "freedom-farms", "--kind=retirement")
    done = run(*asked, "--on=2026-03-20", "--resolution=GA-2026-01", "--write")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Written to " in done.stdout
    again = run(*asked, "--resolution=GA-2026-01", "--write")
    assert again.exit_code == 0
    assert "There is nothing left to settle." in again.stdout
    assert run("check", "--book", folder).exit_code == 0


def test_a_redemption_that_is_written_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(LEDGER, folder)
    asked = ("redeem", "--book", folder / "freedom-farms", "--year=2023")
    decided = (*asked, "--amount=1000.01", "--resolution=GA-2026-01", "--write")
    done = run(*decided)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Redeemed in all: 1,000.01." in done.stdout
    assert "Written to " in done.stdout
    again = run(*decided)
    assert "That resolution is carried out already." in again.stdout
    assert run("check", "--book", folder).exit_code == 0


def test_a_co_op_that_sets_no_terms_is_told_so(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    run("new", folder, "--preset", "custom", "--member", "Ana=Ana Ruiz")
    done = run("exit", "Ana", "--book", folder, "--on", "2030-12-31")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Law and by-laws give no time; agree one with --instalments." in done.stdout
    assert "No rate of interest on what is owed is decided." in done.stdout


def test_a_new_book_says_which_files_it_has(
    tmp_path: Path, *, update_goldens: bool
) -> None:
    folder = tmp_path / "ours"
    done = run("new", folder, "--preset", "us-worker-ica", "--member", "Ana=Ana Ruiz")
    assert (done.exit_code, done.stderr) == (0, "")
    text = normalised(done.stdout, tmp_path)
    expect(SNAPSHOTS / "new.txt", text, update=update_goldens)
    assert run("check", "--book", folder).exit_code == 0
    assert "Ana Ruiz" in run("members", "--book", folder).stdout


def test_a_new_federation_says_which_files_it_has(
    tmp_path: Path, *, update_goldens: bool
) -> None:
    asked = ("new", tmp_path / "ours", "--preset", "us-worker-ica", "--federation")
    done = run(*asked, "--enterprise", "farm", "--enterprise", "night-cafe")
    assert (done.exit_code, done.stderr) == (0, "")
    text = normalised(done.stdout, tmp_path)
    expect(SNAPSHOTS / "new-federation.txt", text, update=update_goldens)
    assert "Night Cafe: clean" in run("check", "--book", tmp_path / "ours").stdout


def test_an_export_says_where_the_workbook_is(tmp_path: Path) -> None:
    file = tmp_path / "farms.xlsx"
    done = run("export", "--book", FARMS, "--year", 2024, file)
    assert (done.exit_code, done.stdout) == (0, f"Written to {file}.\n")
    assert file.read_bytes()[:2] == b"PK"
