"""``payouts``: a file for the bank is whole or is not written."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coopledger.cli import main
from coopledger.services.payouts.filing import control_sum
from tests import books
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.rules.ledgers import US

if TYPE_CHECKING:
    from pathlib import Path

PAYOUTS = ("payouts", "--book", LEDGER / "basque", "--on", "2026-06-30")
OWN, UNAI = "ES9121000418450200051332", "DE89370400440532013000"


@pytest.fixture
def vault(tmp_path: Path) -> tuple[Path, Path]:
    """Return a file with the accounts of two, and the key that opens it."""
    key, file = tmp_path / "coop.key", tmp_path / "private.json"
    public = run("tax-ids", "key", key).stdout.splitlines()[-1]
    add = ["accounts", "add", "--book", str(LEDGER / "basque"), "--file", str(file)]
    text = f"member,iban\npayer,{OWN}\nUnai,{UNAI}\n"
    done = CliRunner().invoke(main, [*add, "--key", public], input=text)
    assert done.exit_code == 0
    return file, key


@pytest.mark.parametrize("form", ["csv", "sepa"])
def test_a_file_for_the_bank_has_whole_accounts_and_is_private(
    form: str, vault: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("--file", vault[0], "--identity", vault[1], "--output", out)
    done = run(*PAYOUTS, "--format", form, *words)
    text = out.read_text("utf-8")
    assert (done.exit_code, UNAI in text, UNAI in done.output) == (0, True, False)
    assert "5352.35" in text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "1 payment(s), 5,352.35 EUR in all" in done.stdout
    again = run(*PAYOUTS, "--format", form, *words)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    assert run(*PAYOUTS, "--format", form, *words, "--force").exit_code == 0
    assert out.read_text("utf-8") == text
    if form == "sepa":
        stated = json.loads(run(*PAYOUTS, "--format", "json").stdout)
        count, total = control_sum(text)
        assert (count, str(total)) == (len(stated["payouts"]), stated["amount"])


def test_a_missing_account_is_named_by_row_and_nothing_is_written(
    vault: tuple[Path, Path], tmp_path: Path
) -> None:
    run("accounts", "remove", "Unai", "--book", LEDGER / "basque", "--file", vault[0])
    out = tmp_path / "out.xml"
    words = ("--file", vault[0], "--identity", vault[1], "--output", out)
    done = run(*PAYOUTS, "--format", "sepa", *words, "--language", "es")
    assert done.exit_code == 2
    assert "Unai: no consta ninguna cuenta" in done.stderr
    assert "nothing was written" in done.stderr
    assert not out.exists()


def test_who_is_paid_otherwise_is_left_out_and_still_owed(
    vault: tuple[Path, Path],
) -> None:
    whole = json.loads(run(*PAYOUTS, "--format", "json").stdout)
    left = json.loads(run(*PAYOUTS, "--format", "json", "--leave-out", "Unai").stdout)
    assert left["payouts"] == []
    assert left["rest"] == "10705.13"
    assert whole["rest"] == "5352.78"
    unknown = run(*PAYOUTS, "--leave-out", "Unia", "--file", vault[0])
    assert (unknown.exit_code, "Unai" in unknown.stderr) == (2, True)


def test_what_is_shown_has_the_last_four_alone(vault: tuple[Path, Path]) -> None:
    for form in ("text", "csv", "json"):
        shown = run(*PAYOUTS, "--file", vault[0], "--format", form).stdout
        assert "*****3000" in shown
        assert UNAI not in shown


@pytest.mark.parametrize(
    "words",
    [("--format", "sepa"), ("--format", "csv", "--output", "x"), ("--identity", "x")],
)
def test_a_file_needs_key_and_name_together(words: tuple[str, ...]) -> None:
    done = run(*PAYOUTS, *words)
    assert (done.exit_code, "together" in done.stderr) == (2, True)


def test_what_was_paid_too_much_is_said(tmp_path: Path) -> None:
    ledger = """
2025-04-30 * "More than is owed"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable      10.00 USD
  Assets:Bank                         -10.00 USD
"""
    path = books.write(tmp_path, f"{books.preamble(US)}\n{ledger}")
    shown = run("payouts", "--book", path, "--on", "2025-06-30").stdout
    assert "Paid too much, as booked: 10.00." in shown


def test_what_was_booked_on_a_day_is_listed(vault: tuple[Path, Path]) -> None:
    words = ("payouts", "--book", LEDGER / "green-team", "--on", "2024-06-14")
    shown = run(*words, "--booked", "--file", vault[0]).stdout
    assert "Paid to the member" in shown
    assert "3 payment(s)" in shown
    assert "0 payment(s)" in run(*words[:-1], "2024-06-15", "--booked").stdout
