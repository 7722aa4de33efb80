"""What a newcomer gets wrong is answered with one sentence, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coopledger.cli import main

if TYPE_CHECKING:
    from pathlib import Path

MISTAKES = {
    "check --book nowhere": "No book at nowhere",
    "new ours --preset us-wrker-ica": "did you mean 'us-worker-ica'?",
    "new ours --preset us-worker-ica --member ana": "'ana' cannot be a member id",
    "new ours --preset us-worker-ica --currency dollars": "'dollars' cannot be",
    "new ours --preset us-worker-ica --enterprise farm": "--enterprise is for",
    "new ours --preset us-worker-ica --federation --member Ana": "--member is for one",
    "new ledger --preset us-worker-ica": "ledger is a folder of books",
    "new ledger/green-team --preset us-worker-ica": "exists already",
    "members --book ledger/green-team --on 2024-31-12": "write it as 2024-12-31",
    "capital --year 2024": "ledger holds several books",
    "capital --book ledger/green-team --year 2031": "its years: 2023, 2024, 2025",
    "statement Devin --book ledger/green-team": "did you mean 'Devon'?",
    "statement Devon --from 2025-02-01 --to 2025-01-01": "is later than --to",
    "close --book ledger/green-team --year 2026": "Years with activity: 2023, 2024",
    "close --book ledger/green-team --year 2025 --resolution GA-2026-1": "GA-2026-01",
    "close --book ledger/green-team --year 2025 --write": "without a resolution",
    "seal --book ledger/green-team --year 2025": "its result is not distributed yet",
    "export --book ledger/green-team --year 2025 year.csv": "does not end in .xlsx",
    "query --book ledger/green-team SELEC": "cannot be answered",
    "serve --book nowhere": "No book at nowhere",
    "demo --into ledger": "another folder with --into",
}


def state(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder with its content."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("command", "sentence"), MISTAKES.items(), ids=list(MISTAKES))
def test_a_mistake_gets_a_sentence(command: str, sentence: str, sandbox: Path) -> None:
    before = state(sandbox)
    done = CliRunner().invoke(main, command.split(), prog_name="coopledger")
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stdout == ""
    assert state(sandbox) == before
