"""Checking: Beancount's own errors and our findings, plugin line or no plugin line."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.findings import Finding
from coopledger.domain.findings import Origin
from coopledger.services.checking import Choice
from coopledger.services.checking import check_path
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = 'plugin "coopledger.plugin"\n'
PADDED = """
2024-07-01 pad Assets:Till Equity:Members:Ana:Contribution
2024-07-02 balance Assets:Till 10.00 USD
"""


def us_book(folder: Path, more: str = "", *, plugin: str = PLUGIN) -> Path:
    """Write a small book with something more at its end."""
    text = books.preamble("us-worker-ica").replace(PLUGIN, plugin)
    return books.write(folder, text + more)


def test_a_book_in_order_is_clean(tmp_path: Path) -> None:
    checked = check_path(us_book(tmp_path))
    assert checked.findings == ()
    assert checked.is_clean


def test_errors_of_beancount_are_findings_with_their_place(tmp_path: Path) -> None:
    main = us_book(tmp_path, "2024-02-01 balance Assets:Bank 1.00 USD\n")
    (found,) = check_path(main).findings
    lines = main.read_text("utf-8").splitlines()
    assert (found.rule, found.basis, found.severity) == (
        "BalanceError",
        "beancount",
        "error",
    )
    assert found.origin.file == str(main)
    assert lines[found.origin.line - 1].startswith("2024-02-01 balance")


def test_a_warning_is_left_out_where_only_errors_are_wanted() -> None:
    error = Finding("R", "law", "error", "A.", "", "", Origin("a", 1))
    warning = replace(error, severity="warning")
    assert Choice(severity="error").of([error, warning]) == (error,)
    assert Choice().of([error, warning]) == (error, warning)


def test_what_has_no_date_is_always_shown() -> None:
    undated = Finding("R", "law", "error", "A.", "", "", Origin("a", 1))
    day = datetime.date(2025, 1, 1)
    old = replace(undated, date=datetime.date(2024, 12, 31))
    assert Choice(since=day).of([undated, old]) == (undated,)


def test_the_missing_plugin_line_is_suggested(tmp_path: Path) -> None:
    found = check_path(us_book(tmp_path, plugin="\n")).findings
    assert [one.suggestion for one in found] == [PLUGIN]


def test_findings_stand_in_the_order_of_their_lines(tmp_path: Path) -> None:
    main = us_book(
        tmp_path,
        '2024-05-01 custom "coop-resolutoin" "GA" "Misspelt"\n'
        "2024-02-01 balance Assets:Bank 1.00 USD\n"
        '2024-03-01 custom "coop-resolutoin" "GA" "Misspelt"\n',
    )
    found = check_path(main).findings
    lines = [finding.origin.line for finding in found]
    assert len(lines) == 3
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "more",
    ["", '2024-05-01 custom "coop-resolutoin" "GA" "Misspelt"\n', PADDED],
    ids=["in-order", "misspelt", "padded"],
)
def test_without_the_plugin_line_all_rules_run_and_the_line_is_missed(
    tmp_path: Path, more: str
) -> None:
    folders = tmp_path / "with", tmp_path / "without"
    for folder in folders:
        folder.mkdir()
    with_it = check_path(us_book(folders[0], more)).findings
    without = check_path(us_book(folders[1], more, plugin="\n")).findings
    missed = [finding.found for finding in without if finding.rule == "COOP-LANG-02"]
    assert missed == [
        "The top-level file does not switch on the plugin 'coopledger.plugin'."
    ]
    assert [(f.rule, f.origin.line) for f in with_it] == [
        (f.rule, f.origin.line) for f in without if f.rule != "COOP-LANG-02"
    ]


@pytest.mark.parametrize("text", ["", "2024-01-01 open Assets:Bank\n", PLUGIN])
def test_a_book_that_nothing_governs_is_not_clean(tmp_path: Path, text: str) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(text, "utf-8")
    found = check_path(path).findings
    assert "COOP-LAW-01" in {finding.rule for finding in found}


def test_a_plugin_that_fails_is_reported_in_one_line(tmp_path: Path) -> None:
    main = us_book(tmp_path, 'plugin "coopledger.plugni"\n')
    (found,) = check_path(main).findings
    assert found.found == (
        'Error importing "coopledger.plugni": '
        "ModuleNotFoundError: No module named 'coopledger.plugni'"
    )
