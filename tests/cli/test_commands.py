"""What holds for all commands: help, the book's place, exit codes, JSON shapes."""

from __future__ import annotations

import datetime
import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import Any

import pytest

from coopledger.cli import main
from coopledger.cli import rendering
from coopledger.cli.options import Day
from coopledger.domain.findings import Finding
from coopledger.domain.findings import Origin
from coopledger.rules.capital import capital_is_never_negative
from coopledger.services.yearshaping import exact
from tests import books
from tests.cli.running import FARMS
from tests.cli.running import LEDGER
from tests.cli.running import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMANDS = sorted(main.commands)
CAFE = LEDGER / "nubias-cafe"


# --- help -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example_that_begins_with_it(
    command: str,
) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"Example: coopledger {command}" in done.stdout
    assert run(command, "-h").stdout == done.stdout


def test_the_help_lists_every_command() -> None:
    done = run("--help")
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []


def test_without_a_command_the_help_is_shown() -> None:
    assert "Commands:" in run().output


def test_the_version_is_the_packages() -> None:
    assert run("--version").stdout.startswith("coopledger, version 0.")


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coopledger.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("coopledger, version 0.")


# --- which book -----------------------------------------------------------------------


def test_the_book_is_taken_from_the_environment() -> None:
    done = run("members", COOPLEDGER_BOOK=str(FARMS))
    assert done.stdout == run("members", "--book", FARMS).stdout


def test_the_option_goes_before_the_environment() -> None:
    done = run("members", "--book", CAFE, COOPLEDGER_BOOK=str(FARMS))
    assert "Nubia's Cafe" in done.stdout


@pytest.mark.parametrize("empty", ["", None])
def test_the_book_is_in_the_folder_ledger_when_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CAFE, tmp_path / "ledger")
    (tmp_path / "federation").mkdir()
    shutil.copy(LEDGER / "federation" / "parameters.beancount", tmp_path / "federation")
    assert run("check", COOPLEDGER_BOOK=empty).stdout == "Nubia's Cafe: clean\n"


def test_one_book_alone_in_a_folder_needs_no_name(tmp_path: Path) -> None:
    (tmp_path / "only").mkdir()
    books.write(tmp_path / "only", books.preamble("us-worker-ica"))
    assert "Example Co-operative" in run("members", "--book", tmp_path).stdout


def test_a_day_may_be_a_date_already() -> None:
    day = datetime.date(2024, 12, 31)
    assert Day().convert(day, None, None) == day


# --- exit codes -----------------------------------------------------------------------


def test_a_clean_check_exits_with_0_and_one_with_findings_with_1(
    tmp_path: Path,
) -> None:
    path = books.write(tmp_path, books.preamble("us-worker-ica"))
    assert run("check", "--book", tmp_path).exit_code == 0
    text = path.read_text("utf-8")
    path.write_text(text.replace("hours: 30", 'hours: "many"'), "utf-8")
    done = run("check", "--book", tmp_path)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{path}:")
    assert done.stdout.endswith("Example Co-operative: 1 finding\n")
    assert run("check", "--book", tmp_path, "--format", "json").exit_code == 1
    assert run("check", "--book", tmp_path / "nowhere").exit_code == 2


MISTAKES = """
2024-05-01 custom "coop-resolutoin" "GA-1" "Misspelt"
2025-05-01 custom "coop-resolutoin" "GA-2" "Misspelt again"
2025-06-01 custom "coop-member" "Bea" "join"
  clas: "worker"
"""


@pytest.fixture
def mistaken(tmp_path: Path) -> Path:
    """Return a book with three mistakes, one of them of 2024."""
    return books.write(tmp_path, books.preamble("us-worker-ica") + MISTAKES)


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 3),
        (("--since", "2025-05-01"), 2),
        (("--since", "2025-05-02"), 1),
        (("--rule", "COOP-CAP-01"), 0),
        (("--rule", "COOP-CAP-01", "--rule", "COOP-LANG-01"), 3),
        (("--severity", "error"), 3),
    ],
    ids=str,
)
def test_findings_are_chosen_by_rule_day_and_severity(
    mistaken: Path, options: tuple[str, ...], count: int
) -> None:
    done = run("check", "--book", mistaken, *options, "--format", "json")
    assert len(json.loads(done.stdout)["findings"]) == count
    assert done.exit_code == (1 if count else 0)


OFF = """
2024-01-01 custom "coop-rule" "COOP-PAY-02" "off"
  reason: "nobody kept the hours"
2024-01-01 custom "coop-rule" "COOP-PAY-03" "off"
2024-01-01 custom "coop-rule" "COOP-CAP-01" "off"
  reason: "it is in the way"
2024-01-01 custom "coop-rule" "COOP-LANG-01" "off"
  reason: "for a while"
2024-06-01 custom "coop-rule" "COOP-LANG-01" "on"
"""


def test_what_is_switched_off_is_said(tmp_path: Path) -> None:
    books.write(tmp_path, books.preamble("us-worker-ica") + OFF)
    text = run("check", "--book", tmp_path).stdout
    assert text.endswith(
        "    off since 2024-01-01: COOP-PAY-02 (nobody kept the hours)\n"
    )
    assert text.count("off since") == 1
    done = run("check", "--book", tmp_path, "--format", "json")
    (off,) = json.loads(done.stdout)["switched_off"]
    assert (off["rule"], off["since"], off["reason"]) == (
        "COOP-PAY-02",
        "2024-01-01",
        "nobody kept the hours",
    )


def test_findings_are_counted_by_rule(mistaken: Path) -> None:
    done = run("check", "--book", mistaken)
    assert "rule          findings\nCOOP-LANG-01         3\n" in done.stdout


def test_the_one_possible_correction_is_shown_as_text_to_copy(mistaken: Path) -> None:
    done = run("check", "--book", mistaken)
    assert (
        '    write: 2024-05-01 custom "coop-resolution" "GA-1" "Misspelt"\n'
    ) in done.stdout
    assert (
        '    write: 2025-06-01 custom "coop-member" "Bea" "join"\n'
        '             class: "worker"\n'
    ) in done.stdout


def test_a_rule_that_does_not_exist_is_refused_and_the_nearest_offered() -> None:
    done = run("check", "--book", CAFE, "--rule", "COOP-LANG-O1")
    assert done.exit_code == 2
    assert (
        "There is no rule 'COOP-LANG-O1'; did you mean 'COOP-LANG-01'?" in done.stderr
    )


def test_findings_are_said_in_another_language_with_its_amounts(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica") + capital_is_never_negative.breaks
    book = books.write(tmp_path, text)
    done = run("check", "--book", book, "--language", "es")
    assert "error: COOP-CAP-01: El capital de Ana baja a -0,01.\n" in done.stdout
    assert "por qué: El capital de una persona nunca está por debajo" in done.stdout
    assert "qué hacer: Corrija el importe o la persona;" in done.stdout
    assert re.search(r"\d+ hallazgos?$", done.stdout.strip())
    shape = json.loads(
        run("check", "--book", book, "--language=es", "--format=json").stdout
    )
    one = next(one for one in shape["findings"] if one["rule"] == "COOP-CAP-01")
    assert one["reason"] == "Lo que una persona toma de más lo pagan las otras."
    assert one["amount"] == "-0.01"


def test_github_shows_findings_beside_the_lines(mistaken: Path) -> None:
    done = run("check", "--book", mistaken, "--format", "github")
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"::error file={mistaken},line=")
    assert ",title=COOP-LANG-01::There is no directive 'coop-resolutoin'" in lines[0]
    assert done.exit_code == 1


def test_what_would_break_a_workflow_command_is_escaped() -> None:
    odd = Finding(
        rule="COOP-X",
        basis="law",
        severity="warning",
        found="50 %\nof it.",
        why="",
        fix="",
        origin=Origin("a,b:c.beancount", 3),
    )
    buffer = io.StringIO()
    with redirect_stdout(buffer):
        rendering.workflow_commands([odd])
    assert buffer.getvalue() == (
        "::warning file=a%2Cb%3Ac.beancount,line=3,title=COOP-X::50 %25%0Aof it.\n"
    )


def test_a_reader_that_has_seen_enough_ends_a_command_quietly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def closed(_: str) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    monkeypatch.setattr(rendering, "say", closed)
    done = run("rules")
    assert (done.exit_code, done.output) == (1, "")


# --- JSON -----------------------------------------------------------------------------

CLOSE = ("close", "--book", CAFE, "--year", 2025)


def printed(*arguments: object) -> Any:
    """Return what a command prints as JSON."""
    return json.loads(run(*arguments, "--format", "json").stdout)


def numbers(value: object) -> Iterator[float]:
    """Return all numbers that are no whole ones, however deep."""
    if isinstance(value, float):
        yield value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--book", LEDGER),
        ("rules",),
        ("law",),
        ("law", "us-worker-ica"),
        ("members", "--book", FARMS),
        ("capital", "--book", FARMS, "--year", 2024),
        ("statement", "Amara", "--book", FARMS),
        CLOSE,
        ("query", "SELECT * FROM #capital", "--book", FARMS),
    ],
    ids=lambda one: " ".join(map(str, one[:2])),
)
def test_every_shape_has_its_version_and_writes_amounts_as_text(
    arguments: tuple[object, ...],
) -> None:
    shape = printed(*arguments)
    assert shape["schema"] == 1
    assert list(numbers(shape)) == []


def test_the_shape_of_check_is_as_documented(tmp_path: Path) -> None:
    books.write(
        tmp_path,
        books.preamble("us-worker-ica") + '2024-05-01 * "More than she has"\n'
        "  Equity:Members:Ana:Contribution  1,200.00 USD\n"
        "  Assets:Bank  -1,200.00 USD\n",
    )
    shape = printed("check", "--book", tmp_path)
    assert shape["book"] == str(tmp_path)
    (found,) = shape["findings"]
    assert {"rule", "basis", "message", "file", "line", "date", "amount", "limit"} | {
        "source"
    } <= set(found)
    assert (found["rule"], found["amount"], found["date"]) == (
        "COOP-CAP-01",
        "-200.00",
        "2024-05-01",
    )
    assert found["source"]


def test_the_shape_of_rules_is_as_documented() -> None:
    for one in printed("rules")["rules"]:
        assert {"id", "statement", "basis", "severity", "sources", "presets"} == set(
            one
        )
    listed = printed("rules", "--preset", "es-basque-worker")["rules"]
    assert all("es-basque-worker" in one["presets"] for one in listed)


def test_the_shapes_of_members_and_capital_are_as_documented() -> None:
    shape = printed("members", "--book", FARMS, "--on", "2024-09-01")
    assert shape["on"] == "2024-09-01"
    for one in shape["members"]:
        assert {"member", "name", "class", "joined", "left", "status"} == set(one)
    table = printed("capital", "--book", FARMS, "--year", 2024)
    columns = {"opening", "contributions", "patronage", "interest", "losses"}
    columns |= {"transfers", "redemptions", "other", "closing"}
    assert set(table["total"]) == columns
    for one in table["members"]:
        assert set(one) == {"member", *columns}
    assert sum(Decimal(one["closing"]) for one in table["members"]) == Decimal(
        table["total"]["closing"]
    )


@pytest.mark.parametrize("year", [2024, 2025], ids=["loss", "surplus"])
def test_the_shape_of_close_is_as_documented(year: int) -> None:
    shape = printed("close", "--book", CAFE, "--year", year)
    assert {"schema", "year", "currency", "result", "base", "steps", "members"} | {
        "entries"
    } <= set(shape)
    for one in shape["steps"]:
        assert {"id", "kind", "base", "rate", "amount", "account", "source"} <= set(one)
    for one in shape["members"]:
        assert {
            "member",
            "weight",
            "amount",
            "cash",
            "retained",
            "nonqualified",
            "withheld",
            "replenished",
        } == set(one)
    taken = sum(Decimal(one["amount"]) for one in shape["steps"])
    assert taken == abs(Decimal(shape["result"]))


@pytest.mark.parametrize(
    ("weight", "text"),
    [
        ("12", "12"),
        ("2.5", "2.5"),
        ("0.000001", "0.000001"),
        ("12345678901234567.891", "12345678901234567.891"),
        ("100/3", "100/3"),
    ],
)
def test_a_weight_is_written_exactly(weight: str, text: str) -> None:
    assert exact(Fraction(weight)) == text
