"""What the ledgers of the rule tests share: presets, headings, and how they are read.

The preambles have two members, Ana with three quarters of the work and Bea with one,
and a surplus of 1,000.00 in 2024.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.domain.findings import Finding

US = "us-worker-ica"
BASQUE = "es-basque-worker"
STATE = "es-state-worker"
MONDRAGON = "mondragon-2015"

DISTRIBUTION = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
"""
LOSS = """
2026-03-31 * "Loss of 2025" #coop-appropriation ^GA-2026-01
  coop-year: "2025"
"""
#: The by-laws' choice of what the collective account bears of a loss.
COLLECTIVE_BEARS = """
2025-01-01 custom "coop-parameter" "loss.collective-share" {0}
"""
WORK_OF_2025 = """
2025-06-30 * "Advances of 2025"
  Expenses:Advances:Ana   75.00 USD
    hours: 15
  Expenses:Advances:Bea   25.00 USD
    hours: 5
  Assets:Bank           -100.00 USD
"""


def lines_of(ledger: str) -> str:
    """Return a ledger without its blank lines, which would end a transaction."""
    return "".join(f"{line}\n" for line in ledger.splitlines() if line)


def found(
    folder: Path, preset: str, ledger: str, text: str | None = None
) -> list[Finding]:
    """Return the findings in a ledger after its preset's preamble, or another text."""
    before = books.preamble(preset) if text is None else text
    return books.findings_of(folder, f"{before}\n{lines_of(ledger)}")


def said(folder: Path, preset: str, ledger: str, text: str | None = None) -> list[str]:
    """Return id and first sentence of each finding."""
    return [f"{one.rule}: {one.found}" for one in found(folder, preset, ledger, text)]


def rules_of(sentences: list[str]) -> list[str]:
    """Return the rules that said something, in order."""
    return [sentence.partition(":")[0] for sentence in sentences]


def filing(day: str, words: str, **boxes: str) -> str:
    """Return the record of a form, such as ``"1120-C" "2024"``, with its boxes."""
    filled = [f"  {box.replace('_', '-')}: {sum_}\n" for box, sum_ in boxes.items()]
    return f'{day} custom "coop-filing" {words}\n{"".join(filled)}'
