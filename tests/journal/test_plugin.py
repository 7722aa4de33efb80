"""The plugin: what Beancount, Fava and editors see of a finding."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from beancount import loader

from coopledger import plugin
from coopledger.domain.findings import Finding
from coopledger.errors import ReaderFailedError
from coopledger.journal import figures
from coopledger.journal import reading
from coopledger.journal import records
from coopledger.journal.loading import load_entries
from coopledger.journal.loading import load_sound_book
from coopledger.rules import RULES
from coopledger.rules.rule import rule
from tests import books

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.law.case import Case
    from coopledger.rules.rule import Breach

US = books.preamble("us-worker-ica")
TOO_MUCH = """
2024-06-01 * "More than there is"
  Equity:Members:Ana:Contribution  1,000.01 USD
  Assets:Bank                     -1,000.01 USD
"""


def test_a_violation_has_a_place_a_sentence_and_the_finding(tmp_path: Path) -> None:
    path = books.write(tmp_path, US + TOO_MUCH)
    _, (violation,), _ = load_entries(path)
    finding = violation.source["finding"]
    assert isinstance(finding, Finding)
    assert violation.message == finding.sentence
    assert violation.source["filename"] == str(path)
    assert violation.source["lineno"] == finding.origin.line
    assert finding.book == "example"
    text = path.read_text("utf-8").splitlines()
    assert "1,000.01" in text[finding.origin.line - 1]


def test_a_violation_can_be_pickled_by_beancount_s_cache(tmp_path: Path) -> None:
    _, errors, _ = load_entries(books.write(tmp_path, US + TOO_MUCH))
    assert pickle.loads(pickle.dumps(errors)) == errors  # noqa: S301 - our own bytes


def test_the_presets_of_a_book_are_watched_for_changes(tmp_path: Path) -> None:
    text = books.preamble("mondragon-2015")
    _, _, options = load_entries(books.write(tmp_path, text))
    watched = [name.rpartition("/")[2] for name in options["include"]]
    assert watched == [
        "main.beancount",
        "federation.toml",
        "basque-worker.toml",
        "mondragon-2015.toml",
    ]


def test_a_preset_that_governs_twice_is_watched_once(tmp_path: Path) -> None:
    text = US + '2024-01-01 custom "coop-policy" "us-worker-ica"\n'
    _, _, options = load_entries(books.write(tmp_path, text))
    assert len(options["include"]) == len(set(options["include"])) == 3


def test_a_book_without_law_is_checked_by_the_rules_on_its_text(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica", with_policy=False) + TOO_MUCH
    assert [one.rule for one in books.findings_of(tmp_path, text)] == ["COOP-LAW-01"]


def test_options_may_come_without_a_list_of_files() -> None:
    entries, errors, options = loader.load_string(US)
    assert errors
    del options["include"]
    _, violations = plugin.check(list(entries), options)
    assert violations == []


@rule("COOP-TEST-01", basis="practice", sources=("a test",))
def broken(_case: Case) -> Iterator[Breach]:
    """A rule that is broken hides no other."""
    message = "no such figure"
    raise LookupError(message)


def test_a_rule_that_fails_is_one_finding_and_the_others_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "RULES", (broken, *RULES))
    findings = books.findings_of(tmp_path, US + TOO_MUCH)
    assert [finding.rule for finding in findings] == ["COOP-TEST-01", "COOP-CAP-01"]
    assert findings[0].found == (
        "This rule could not run (LookupError: no such figure)."
    )
    assert findings[0].severity == "error"
    assert findings[0].why == "A rule that is broken hides no other."
    assert findings[0].origin.line == 1


def test_a_rule_without_examples_has_none() -> None:
    assert (broken.holds, broken.breaks) == ("", "")


def fails(*_: object) -> None:
    """Fail as a reader does that has a mistake."""
    message = "no such word"
    raise LookupError(message)


@pytest.mark.parametrize(
    ("where", "name", "line"),
    [
        (figures, "wrong_metadata", '2020-01-02 * "What the members paid in'),
        (records, "Resolution", '2025-03-31 custom "coop-resolution"'),
    ],
    ids=["a-transaction", "a-directive"],
)
def test_a_reader_that_fails_is_one_finding_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, line: str
) -> None:
    monkeypatch.setattr(where, name, fails)
    (one,) = books.findings_of(tmp_path, US)
    assert "LookupError: no such word" in one.found
    lines = (tmp_path / "main.beancount").read_text("utf-8").splitlines()
    assert lines[one.origin.line - 1].startswith(line)
    with pytest.raises(ReaderFailedError, match=rf"main.beancount:{one.origin.line}: "):
        _ = load_sound_book(tmp_path)


def test_a_reader_that_fails_nowhere_is_a_finding_on_the_whole_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_empty_books", fails)
    (one,) = books.findings_of(tmp_path, US)
    assert one.origin == (str(tmp_path / "main.beancount"), 1)
