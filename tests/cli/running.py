"""Running commands as the command line does, in this very process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from coopledger.cli import main

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[2]
LEDGER = ROOT / "ledger"
FARMS = LEDGER / "freedom-farms"


def run(*arguments: object, **variables: str | None) -> Result:
    """Run a command; an exception that escapes it fails the test."""
    environment = {"COOPLEDGER_BOOK": None, **variables}
    runner = CliRunner(env=environment)
    return runner.invoke(main, [str(one) for one in arguments], catch_exceptions=False)
