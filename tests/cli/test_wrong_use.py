"""Wrong use of any kind: one clear sentence, exit code 2 (or a finding), no trace."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from beancount.parser import parser

from tests import books
from tests.cli.running import run
from tests.digests import digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLOSE = ("close", "--year", 2024, "--resolution", "GA-2025-01", "--write")
#: Commands that need one sound book, with all that they need besides.
FIGURES: tuple[tuple[object, ...], ...] = (
    CLOSE,
    ("members",),
    ("capital", "--year", 2024),
    ("statement", "Ana"),
    ("seal", "--year", 2024),
    ("exit", "Ana", "--on", "2024-12-31"),
    ("redeem", "--year", 2024),
    ("export", "--year", 2024, "out.xlsx"),
    ("query", "SELECT 1"),
)
FOREIGN = """
2024-05-01 * "Euro"
  Assets:Bank  9.00 EUR
  Equity:Members:Ana:Contribution  -9.00 EUR
"""
NOBODY = """
2024-05-01 * "Zoe pays in"
  Assets:Bank  9.00 USD
  Equity:Members:Zoe:Contribution  -9.00 USD
"""
EARLIER = """
2023-05-01 * "Sales of the year before"
  Assets:Bank  9.00 USD
  Income:Sales  -9.00 USD
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with a small book in ``book/``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book").mkdir()
    books.write(tmp_path / "book", books.preamble("us-worker-ica"))
    return tmp_path


def sentence_of(stderr: str) -> str:
    """Return the one sentence that a person reads."""
    lines = stderr.strip().splitlines()
    assert "Traceback" not in stderr
    if len(lines) > 1:
        assert lines[0].startswith("Usage: ")
        assert lines[1].startswith("Try ")
    sentence = lines[-1]
    assert sentence.startswith(("coopledger: ", "Error: "))
    assert sentence.endswith((".", "?")) or sentence.startswith("Error: ")
    return sentence


def refused(place: Path, *arguments: object) -> str:
    """Run a command that is refused; return the sentence, nothing else being there."""
    before = digest(place)
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert digest(place) == before
    return sentence_of(done.stderr)


def changed(place: Path, old: str, new: str) -> None:
    """Change the book."""
    path = place / "book" / "main.beancount"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def extended(place: Path, more: str) -> None:
    """Add something to the book."""
    text = books.preamble("us-worker-ica") + more
    books.write(place / "book", text)


# --- the book -------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*FIGURES, ("check",)], ids=lambda one: one[0])
@pytest.mark.parametrize(
    "path", ["missing.beancount", "missing", "empty", "folder.bean"]
)
def test_where_no_book_is_every_command_says_so(
    place: Path, command: tuple[object, ...], path: str
) -> None:
    (place / "empty").mkdir()
    (place / "folder.bean").mkdir()
    assert f"No book at {path}" in refused(place, *command, "--book", path)


@pytest.mark.parametrize("command", FIGURES, ids=lambda one: one[0])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.write_text("", "utf-8"), "has no coop-policy"),
        (lambda path: path.write_bytes(bytes(range(256))), "cannot be read"),
        (lambda path: path.write_bytes(b"\xff\xfe1 open Assets:A\n"), "cannot be read"),
        (
            lambda path: path.write_text("2024-01-01 opne Assets:A\n", "utf-8"),
            "main.beancount:1: the book cannot be read: Invalid token: 'opne'",
        ),
        (
            lambda path: path.write_text('include "gone.beancount"\n', "utf-8"),
            'main.beancount: the book cannot be read: File glob "gone.beancount"',
        ),
    ],
    ids=["empty", "binary", "latin-1", "syntax", "include"],
)
def test_no_figure_is_given_of_a_book_that_cannot_be_read(
    place: Path,
    command: tuple[object, ...],
    spoil: Callable[[Path], object],
    words: str,
) -> None:
    spoil(place / "book" / "main.beancount")
    assert words in refused(place, *command, "--book", "book")


@pytest.mark.parametrize("command", [*FIGURES, ("check",)], ids=lambda one: one[0])
def test_a_file_that_may_not_be_read_is_named(
    place: Path, command: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(name: str, **_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)

    # Taking the permission away would not stop root, whom containers run tests as.
    monkeypatch.setattr(parser, "parse_file", denied)
    said = refused(place, *command, "--book", "book")
    assert said.endswith("main.beancount: Permission denied.")


@pytest.mark.parametrize("command", FIGURES, ids=lambda one: one[0])
def test_several_books_are_named_where_one_is_needed(
    place: Path, command: tuple[object, ...]
) -> None:
    shutil.copytree(place / "book", place / "other")
    assert "(book, other)" in refused(place, *command, "--book", ".")


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ('"us-worker-ica"', '"us-worker-icb"', "COOP-LANG-01", "'us-worker-ica'?"),
        ('"coop-patronage"', '"coop-patronge"', "COOP-LANG-01", "'coop-patronage'?"),
        ("hours: 30", 'hours: "30 h"', "COOP-LANG-03", "'30 h'"),
        ("  measure:", "  mesure:", "COOP-LANG-01", "'measure'?"),
        (";; A small", f"{FOREIGN};; A small", "COOP-BOOK-02", "EUR"),
        (";; A small", f"{NOBODY};; A small", "COOP-CAP-02", "Zoe"),
    ],
    ids=["preset", "directive", "hours", "metadata", "currency", "member"],
)
def test_a_slip_in_the_book_is_a_finding_with_its_line(
    place: Path, old: str, new: str, rule: str, words: str
) -> None:
    changed(place, old, new)
    books.write(place / "book", (place / "book" / "main.beancount").read_text("utf-8"))
    before = digest(place)
    done = run("check", "--book", "book")
    assert done.exit_code == 1
    assert f": error: {rule}: " in done.stdout
    assert words in done.stdout
    assert done.stderr == ""
    assert digest(place) == before


# --- closing --------------------------------------------------------------------------


def test_a_year_without_activity_is_not_closed(place: Path) -> None:
    asked = ("close", "--book", "book", "--year", 1999)
    assert "no income and no expenses" in refused(place, *asked)


def test_a_year_that_is_not_over_is_not_closed(place: Path) -> None:
    year = datetime.datetime.now(tz=datetime.UTC).year
    extended(place, EARLIER.replace("2023", f"{year}"))
    asked = ("close", "--book", "book", "--year", year)
    assert "close it after that day" in refused(place, *asked)


def test_a_year_after_an_open_one_is_not_closed(place: Path) -> None:
    extended(place, EARLIER)
    assert "Close 2023 first" in refused(place, *CLOSE, "--book", "book")


def test_a_resolution_that_is_not_on_file_decides_nothing(place: Path) -> None:
    asked = ("close", "--book", "book", "--year", 2024, "--resolution", "GA-2025-1")
    assert "did you mean 'GA-2025-01'" in refused(place, *asked)


def test_a_resolution_from_before_the_years_end_decides_nothing(place: Path) -> None:
    extended(place, '2024-11-01 custom "coop-resolution" "GA-2024-11" "Budget"\n')
    asked = (*CLOSE[:-2], "GA-2024-11", "--write", "--book", "book")
    assert "before the year ended" in refused(place, *asked)


def test_nothing_is_written_without_a_resolution(place: Path) -> None:
    asked = ("close", "--book", "book", "--year", 2024, "--write")
    assert "--resolution ID" in refused(place, *asked)


@pytest.mark.parametrize(
    "asked", [("exit", "Ana", "--on", "2024-12-31"), ("redeem", "--year", 2024)]
)
def test_nothing_is_repaid_without_a_resolution(
    asked: tuple[object, ...], place: Path
) -> None:
    sentence = refused(place, *asked, "--book", "book", "--write")
    assert "nobody has decided it" in sentence
    assert "--resolution ID" in sentence


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("exit", "Anna", "--on", "2024-12-31"), "did you mean 'Ana'?"),
        (("exit", "Ana"), "does not say that they left"),
        (("exit", "Ana", "--on", "2024-12-31", "--kind", "unjust"), "unjustified"),
        (("exit", "Ana", "--on", "2024-12-31", "--instalments", 0), "instalments"),
        (("exit", "Ana", "--on", "2024-12-31", "--deduction", "1%"), "is allowed"),
        (("redeem", "--year", 2024), "nothing that was retained"),
        (("redeem", "--year", 2024, "--amount", "much"), "is no number"),
    ],
)
def test_what_cannot_be_repaid_is_refused_in_one_sentence(
    asked: tuple[object, ...], words: str, place: Path
) -> None:
    assert words in refused(place, *asked, "--book", "book")


def test_a_closing_never_replaces_a_file_without_force(place: Path) -> None:
    (place / "book" / "closings").mkdir()
    (place / "book" / "closings" / "closing-2024.beancount").write_text(";; mine\n")
    assert "--force" in refused(place, *CLOSE, "--book", "book")
    assert run(*CLOSE, "--book", "book", "--force").exit_code == 0


def test_figures_known_to_be_wrong_are_not_distributed(place: Path) -> None:
    changed(place, "hours: 30", 'hours: "thirty"')
    said = refused(place, *CLOSE, "--book", "book")
    assert "its figures may be wrong" in said
    assert "main.beancount:" in said


def test_an_amount_beyond_all_measure_is_no_traceback(place: Path) -> None:
    changed(place, "1,400.00", f"{10**29}.00")
    assert "too many digits" in refused(place, *CLOSE, "--book", "book")
    assert run("check", "--book", "book").exit_code == 1


def test_a_year_that_is_not_distributed_is_not_sealed(place: Path) -> None:
    asked = ("seal", "--book", "book", "--year", 2024)
    assert "its result is not distributed yet" in refused(place, *asked)


# --- arguments ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("close", "--book", "book"), "Missing option '--year'"),
        (("capital", "--book", "book"), "Missing option '--year'"),
        (("capital", "--book", "book", "--year", "MMXXIV"), "not a valid integer"),
        (("capital", "--book", "book", "--year", 1999), "no transactions in"),
        (("statement", "--book", "book"), "Missing argument 'MEMBER'"),
        (("statement", "Anna", "--book", "book"), "did you mean 'Ana'?"),
        (
            ("statement", "Ana", "--from", "2024-02-01", "--to", "2024-01-01"),
            "--from 2024-02-01 is later than --to 2024-01-01",
        ),
        (("members", "--book", "book", "--on", "31.12.2024"), "write it as 2024-12-31"),
        (("members", "--book", "book", "--on", "2024-02-30"), "is no date"),
        (("members", "--format", "xml"), "'xml' is not one of"),
        (("law", "us-worker-ika"), "did you mean 'us-worker-ica'?"),
        (("law", "us-worker-ica", "--on", "today"), "is no date"),
        (("rules", "--preset", "us-worker-ika"), "did you mean 'us-worker-ica'?"),
        (("query", "--book", "book"), "Missing argument 'BQL'"),
        (("query", "SELEC *", "--book", "book"), "syntax error"),
        (("query", "", "--book", "book"), "it is empty"),
        (("query", "SELECT x FROM #capital", "--book", "book"), 'column "x" not found'),
        (("serve", "--book", "book", "--port", 70000), "70000 is not in the range"),
        (("serve", "--book", "book", "--port", -1), "-1 is not in the range"),
        (("serve", "--book", "book", "--port", "web"), "not a valid integer"),
        (("serve", "--book", "nowhere"), "No book at nowhere"),
        (("export", "--book", "book", "--year", 2024), "Missing argument 'FILE'"),
        (("export", "--book", "book", "--year", 2024, "a.ods"), ".xlsx"),
        (("export", "--book", "book", "--year", 2024, "book"), "is a directory"),
        (("export", "--book", "book", "--year", 1999, "a.xlsx"), "1999"),
        (("export", "--book", "book", "--year", 2024, "gone/a.xlsx"), "gone"),
        (("new", "there"), "Missing option '--preset'"),
        (
            ("new", "there", "--preset", "us-worker-ika"),
            "did you mean 'us-worker-ica'?",
        ),
        (("new", "book", "--preset", "us-worker-ica"), "main.beancount exists already"),
        (("new", ".", "--preset", "us-worker-ica"), "folder of books"),
        (("new", "full", "--preset", "us-worker-ica"), "is not empty"),
        (("new", "a.txt", "--preset", "us-worker-ica"), "is a file"),
        (("new", "x", "--preset", "us-worker-ica", "--member", "ana"), "begin with a"),
        (("new", "x", "--preset", "us-worker-ica", "--member", "=Ana"), "begin with a"),
        (
            ("new", "x", "--preset=us-worker-ica", "--member=Ana=A", "--member=Ana=B"),
            "twice",
        ),
        (("new", "x", "--preset", "us-worker-ica", "--currency", "$"), "in capitals"),
        (("new", "x", "--preset", "us-worker-ica", "--from", "2024"), "is no date"),
        (
            ("new", "x", "--preset", "us-worker-ica", "--enterprise", "a"),
            "--federation",
        ),
        (
            ("new", "x", "--preset=us-worker-ica", "--federation", "--member", "Ana"),
            "--federation",
        ),
        (("demo", "--book", "nowhere"), "No book at nowhere"),
        (("demo", "--book", "book", "--into", "full"), "exists already"),
        (("demo", "--book", "book", "--into", "book"), "lie within each other"),
        (("check", "--preset", "x"), "No such option"),
        (("chekc",), "No such command 'chekc'"),
    ],
    ids=lambda one: " ".join(map(str, one)) if isinstance(one, tuple) else "",
)
def test_a_wrong_argument_is_told_in_one_sentence(
    place: Path, arguments: tuple[object, ...], words: str
) -> None:
    (place / "full").mkdir()
    (place / "full" / "letter.txt").write_text("Dear members", "utf-8")
    (place / "a.txt").write_text("", "utf-8")
    assert words in refused(place, *arguments)


def test_a_workbook_never_replaces_a_file_without_force(place: Path) -> None:
    (place / "mine.xlsx").write_text("mine", "utf-8")
    asked = ("export", "--book", "book", "--year", 2024, "mine.xlsx")
    assert "--force" in refused(place, *asked)
    assert run(*asked, "--force").exit_code == 0
    assert (place / "mine.xlsx").read_bytes()[:2] == b"PK"


def test_a_file_that_cannot_be_written_is_named_with_the_reason(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in refused(place, *CLOSE, "--book", "book")


@pytest.mark.parametrize(
    "asked",
    [
        ("check",),
        ("check", "--format", "json"),
        ("check", "--format", "github"),
        ("members",),
        ("capital", "--year", 2024),
        ("statement", "Ana"),
        ("statement", "Ana", "--format", "json"),
        ("statement", "A\x1b[2Jna"),
        ("query", "SELECT payee"),
    ],
    ids=lambda asked: " ".join(map(str, asked)),
)
def test_nothing_in_a_book_steers_the_terminal(
    place: Path, asked: tuple[object, ...]
) -> None:
    changed(place, '"join"\n  class', '"join"\n  name: "A\x1b[2J\x9b2J"\n  class')
    changed(place, '"What the members', '"A\x1b[2J\x9b2J" "What\nthe members')
    done = run(*asked, "--book", "book")
    assert done.exit_code in {0, 1, 2}
    said = done.stdout + done.stderr
    assert said
    assert {char for char in said if ord(char) < 32 or 127 <= ord(char) < 160} <= {"\n"}
