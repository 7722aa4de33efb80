"""What ``law`` says where there is nothing to list, and how it writes figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.services import lawreading
from tests.cli.running import run

if TYPE_CHECKING:
    import pytest


def test_when_nothing_is_due_the_command_says_so() -> None:
    result = run("law", "due", "--on", "1800-01-01")
    assert result.exit_code == 0
    assert result.output.startswith("Nothing is due: every figure was compared")


def test_figures_that_are_due_are_listed_and_the_exit_code_says_so() -> None:
    result = run("law", "due", "--on", "2100-01-01")
    assert result.exit_code == 1
    assert "reserves.mandatory.rate" in result.output


def test_when_every_text_was_read_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lawreading, "unconfirmed_on", lambda _: [])
    assert "read in the text itself" in run("law", "--unconfirmed").output


def test_two_days_under_the_same_law_are_said_to_be_alike() -> None:
    result = run("law", "diff", "es-basque-worker", "2025-01-01", "2025-01-02")
    assert result.output == (
        "Nothing in 'es-basque-worker' differs between 2025-01-01 and 2025-01-02.\n"
    )


def test_thirds_are_fractions_and_switches_are_written_as_in_books() -> None:
    shown = run("law", "es-basque-worker", "--on", "2025-12-31").output
    assert "capital.member-share-cap = 1/3  (law)" in shown
    assert "loss.replenish = FALSE  (law)" in shown
