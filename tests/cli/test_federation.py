"""``federation``: what its commands print, and with which exit code."""

from __future__ import annotations

import json
import shutil
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.cli import progress
from coopledger.journal.finding import MARKER
from coopledger.journal.loading import load_entries
from coopledger.journal.writing import Draft
from tests.cli.running import LEDGER
from tests.cli.running import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A federation one book of which is gone, and one transfer of another wrong."""
    folder = shutil.copytree(LEDGER, tmp_path / "ledger")
    shutil.rmtree(folder / "green-team")
    path = folder / "freedom-farms" / "2023.beancount"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"FED-2023-FF-01"', '"FED-2023-FF-0"'), "utf-8")
    return folder


def test_status_shows_each_book_and_names_those_that_are_missing(broken: Path) -> None:
    done = run("federation", "status", "--book", broken, "--no-cache")
    assert done.exit_code == 1
    assert "nubias-cafe" in done.stdout
    assert "no book of 'green-team': No book at" in done.stdout


def test_status_of_a_year_that_a_book_does_not_have_says_so() -> None:
    done = run("federation", "status", "--book", LEDGER, "--no-cache", "--year", "1999")
    assert done.exit_code == 0
    assert "no such year" in done.stdout
    shape = run(
        *("federation", "status", "--book", LEDGER, "--no-cache"),
        *("--year", "1999", "--format", "json"),
    )
    assert json.loads(shape.stdout)["enterprises"][0]["payroll"] is None


def test_check_says_what_is_wrong_in_both_books_and_what_was_not_seen(
    broken: Path,
) -> None:
    done = run("federation", "check", "--book", broken, "--no-cache")
    assert done.exit_code == 1
    assert done.stdout.count("COOP-FED-01") >= 4
    assert "Transfer 'FED-2023-GT-01' of 'federation': not seen" in done.stdout
    assert done.stdout.endswith("between 4 books, of 5\n")


def test_check_prints_workflow_commands(broken: Path) -> None:
    done = run("federation", "check", "--book", broken, "--no-cache", "--format=github")
    assert done.stdout.count("::error file=") == 5
    assert "title=book missing::No book of 'green-team'" in done.stdout


def test_summaries_are_kept_where_one_says(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    run("federation", "status", "--book", LEDGER, "--cache", cache)
    kept = {path.name for path in cache.iterdir()} - {"presets.json"}
    assert len(kept) == 5


def test_a_bar_is_shown_on_a_terminal_and_after_a_while_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    for is_terminal, patience, shown in ((1, -1.0, 1), (1, 60.0, 0), (0, -1.0, 0)):
        with monkeypatch.context() as patch:
            patch.setattr(progress, "_PATIENCE", patience)
            if is_terminal:
                patch.setattr(sys.stderr, "isatty", Terminal.isatty)
            with progress.bar("Checking") as shown_so_far:
                shown_so_far(1, 2)
                shown_so_far(2, 2)
        said = capsys.readouterr().err
        assert ("2 of 2" in said) is bool(shown)
        assert ("Checking" in said) is bool(shown)


def test_a_book_without_enterprises_is_refused_in_one_sentence() -> None:
    done = run("federation", "check", "--book", LEDGER / "basque")
    assert done.exit_code == 2
    assert "is no federation's book" in done.stderr


# --- pooling, funds and aid -----------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return shutil.copytree(LEDGER, tmp_path / "ledger")


def asked(command: str, book: Path, *more: str) -> tuple[object, ...]:
    return (
        "federation",
        command,
        "--book",
        book,
        "--no-cache",
        "--year",
        "2025",
        *more,
    )


def test_nothing_is_written_without_a_resolution(ledger: Path) -> None:
    done = run(*asked("pool", ledger, "--write"))
    assert done.exit_code == 2
    assert "not written without a resolution" in done.stderr


def test_a_proposal_is_shown_for_every_book_and_nothing_is_written(
    ledger: Path,
) -> None:
    done = run(*asked("pool", ledger))
    assert done.stdout.count("Proposal for ") == 5
    assert list(ledger.rglob("federation-*.beancount")) == []


def test_the_common_funds_are_fed_when_the_pool_is_booked(ledger: Path) -> None:
    decided = ("--resolution", "FA-2026-01", "--write")
    first = run(*asked("solidarity", ledger, *decided))
    assert first.exit_code == 2
    assert "'Pooling of results' comes first" in first.stderr
    for command in ("pool", "solidarity"):
        done = run(*asked(command, ledger, *decided))
        assert done.stdout.count("/closings/federation-") == 5
    done = run(*asked("solidarity", ledger, *decided))
    assert "Everything is booked" in done.stdout
    done = run(*asked("aid", ledger))
    assert "Everything is booked" in done.stdout
    assert "Aid from the solidarity fund" in done.stdout
    assert run("federation", "check", "--book", ledger, "--no-cache").exit_code == 0


def test_an_interrupted_run_is_told_and_finished_by_the_next(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = ("--resolution", "FA-2026-01", "--write")
    put = Draft.put

    def dying(draft: Draft) -> None:
        put(draft)
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(Draft, "put", dying)
        assert run(*asked("pool", ledger, *decided)).exit_code == 9
    done = run("federation", "status", "--book", ledger, "--no-cache")
    assert done.exit_code == 1
    assert "A run was interrupted" in done.stdout
    for command in ("pool", "solidarity"):
        # What half-written books lack is nothing to be corrected by hand.
        done = run(*asked(command, ledger))
        assert (done.exit_code, done.stdout) == (2, "")
        assert "A run was interrupted" in done.stderr
    done = run(*asked("consolidate", ledger))
    assert done.exit_code == 1
    assert "A run was interrupted" in done.stderr
    done = run(*asked("pool", ledger, *decided))
    assert "An interrupted run was finished:" in done.stdout
    assert "Everything is booked" in done.stdout


def test_json_says_what_each_gives_and_receives(ledger: Path) -> None:
    decided = ("--resolution", "FA-2026-01", "--write", "--format", "json")
    shape = json.loads(run(*asked("pool", ledger, *decided)).stdout)
    (step,) = shape["steps"]
    nets = [Decimal(part["net"]) for part in step["parts"]]
    assert sum(nets) == 0
    assert [Decimal(one["net"]) for one in shape["transfers"]] == nets
    again = json.loads(run(*asked("pool", ledger, "--format", "json")).stdout)
    assert (again["booked"], again["transfers"]) == (True, [])


FEDERATION = ("--book", LEDGER, "--no-cache")


def test_the_group_is_shown_with_what_was_taken_out() -> None:
    done = run("federation", "consolidate", *FEDERATION, "--year", "2024")
    assert done.exit_code == 0
    assert "9 transfers stand in both books and were taken out." in done.stdout
    owed = next(x for x in done.stdout.splitlines() if x.startswith("Owed by ent"))
    assert owed.split()[-3:] == ["4,000.00", "-4,000.00", "0.00"]


def test_the_group_says_which_books_are_in_with_findings(tmp_path: Path) -> None:
    folder = shutil.copytree(LEDGER, tmp_path / "ledger")
    with (folder / "green-team" / "2025.beancount").open("a") as book:
        book.write("\n2025-12-31 balance Assets:Bank  1.00 USD\n")
    command = ("federation", "consolidate", "--book", folder, "--no-cache")
    done = run(*command, "--year", "2025")
    said = [line for line in done.stdout.splitlines() if "as its book stands" in line]
    assert said == ["'green-team' is in as its book stands, with 1 finding in it."]
    shape = json.loads(run(*command, "--year", "2025", "--format", "json").stdout)
    assert [one["findings"] for one in shape["enterprises"]] == [0, 0, 0, 0, 1]


def test_less_aid_than_possible_is_shown_as_booked_and_the_fund_as_it_is() -> None:
    aid = ("federation", "aid", "--book", LEDGER, "--no-cache", "--year", "2024")
    done = run(*aid)
    (row,) = [line for line in done.stdout.splitlines() if "nubias-cafe" in line]
    assert row.split()[-2:] == ["6,953.22", "5,000.00"]
    assert "The fund 'Mutual' then holds 8,210.00." in done.stdout
    (step,) = json.loads(run(*aid, "--format", "json").stdout)["steps"]
    assert step["holds"] == "8210.00"
    assert [one["booked"] for one in step["parts"]] == [None, "5000.00", None, None]


def test_the_group_shows_its_result_after_tax_as_the_balance_sheet_has_it() -> None:
    done = run(
        *("federation", "consolidate", "--book", LEDGER, "--no-cache"),
        *("--year", "2025"),
    )
    lines = done.stdout.splitlines()
    (result,) = [one for one in lines if one.startswith("= result after tax")]
    (own, _) = [one for one in lines if one.startswith("Result of the year")]
    assert result.split()[4:] == own.split()[4:]


def test_the_group_is_one_file_that_beancount_reads(tmp_path: Path) -> None:
    command = ("federation", "consolidate", *FEDERATION, "--year", "2025")
    done = run(*command, "--format", "beancount")
    path = tmp_path / "group.beancount"
    path.write_text(done.stdout, "utf-8")
    _, errors, _ = load_entries(path)
    assert errors == []


def test_what_stays_in_and_who_is_left_out_is_said(broken: Path) -> None:
    where = ("--book", broken, "--no-cache")
    done = run("federation", "consolidate", *where, "--year", "2023")
    assert done.exit_code == 1
    assert "Not taken out: " in done.stdout
    assert "'green-team' is left out: No book at" in done.stdout
    assert "the other enterprise is left out" in done.stdout
    measured = run("federation", "principles", *where, "--year", "2023")
    assert measured.exit_code == 1
    assert "'green-team' is left out" in measured.stdout
    assert "4 of 5" in measured.stdout


def test_the_lines_may_be_named(tmp_path: Path) -> None:
    lines = tmp_path / "lines.toml"
    lines.write_text("[periods]\nmonths-apart = 0\n", "utf-8")
    command = ("federation", "consolidate", *FEDERATION, "--year", "2024")
    done = run(*command, "--lines", lines)
    assert done.exit_code == 2
    assert "ends on 2024-06-30 and the group's on 2024-12-31" in done.stderr


def test_principles_say_what_no_book_can_tell(tmp_path: Path) -> None:
    own = shutil.copytree(LEDGER, tmp_path / "ledger") / "federation"
    (own / "principles.toml").write_text(
        'id = "ours"\ntitle = "Ours"\nsource = "us"\n'
        '[[principle]]\ntitle = "Joy"\ntext = "In work."\nmeasures = []\n'
        '[[principle]]\ntitle = "Pay"\nmeasures = ["pay-ratio", "share-to-labour"]\n',
        "utf-8",
    )
    command = ("federation", "principles", "--book", own.parent, "--no-cache")
    done = run(*command, "--year", "2024")
    assert done.exit_code == 0
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[3:6] == ["1. Joy", "   In work.", "   no book can tell"]
    *_, earlier, opened = run(*command, "--year", "2025").stdout.splitlines()
    assert earlier == "'community-production' is in with its year to 2025-06-30."
    assert opened.startswith("Still open")
    assert opened.endswith("community-production, green-team.")
    (own / MARKER).write_text("[]", "utf-8")
    killed = run(*command, "--year", "2024")
    assert killed.exit_code == 1
    assert "A run was interrupted" in killed.stderr


def test_close_reckons_each_year_and_names_what_is_missing(broken: Path) -> None:
    asked = ("federation", "close", "--year", "2025", "--no-cache", "--book")
    done = run(*asked, LEDGER)
    assert done.exit_code == 0
    assert "all                   USD       proposed  178,414.94" in done.stdout
    done = run(*asked, broken)
    assert done.exit_code == 1
    assert "no book of 'green-team'" in done.stdout
    assert "nubias-cafe           USD       proposed" in done.stdout


def test_close_says_why_a_year_cannot_be_closed() -> None:
    asked = ("federation", "close", "--year", "2022", "--no-cache", "--book", LEDGER)
    done = run(*asked)
    assert done.exit_code == 1
    assert "green-team: Fiscal year 2022 cannot be closed: " in done.stdout
    shape = json.loads(run(*asked, "--format", "json").stdout)
    assert shape["totals"] == []
    assert {one["state"] for one in shape["enterprises"]} == {"not closable"}


def test_close_says_in_its_row_what_is_to_be_booked_before(tmp_path: Path) -> None:
    folder = shutil.copytree(LEDGER, tmp_path / "ledger")
    path = folder / "federation" / "parameters.beancount"
    text = path.read_text("utf-8").replace('booking" "decision"', 'booking" "year-end"')
    path.write_text(text, "utf-8")
    asked = ("federation", "close", "--year", "2025", "--no-cache", "--book", folder)
    row = next(
        line for line in run(*asked).stdout.splitlines() if line.startswith("freedom")
    )
    assert row.endswith("Pooling of results; Solidarity fund")
    shutil.rmtree(folder / "green-team")
    assert "booked cannot be said. Fiscal year 2025" in run(*asked).stdout


def test_close_of_a_year_before_anybody_joined_says_so() -> None:
    asked = ("federation", "close", "--year", "1999", "--no-cache", "--book", LEDGER)
    done = run(*asked)
    assert done.exit_code == 1
    assert done.stdout.startswith("No enterprise that can be read belonged to")
