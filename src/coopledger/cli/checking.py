"""``check`` and ``rules``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.journal.loading import find_books
from coopledger.law.preset import load_preset
from coopledger.rules import RULES
from coopledger.services.checking import check_path

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@book_option
@format_option("text", "json")
def check(book: Path, form: str) -> None:
    """Check one book, or all books of a folder.

    \b
    Example: coopledger check --book ledger/freedom-farms
    """
    checks = [check_path(path) for path in find_books(book)]
    found = [finding for one in checks for finding in one.findings]
    if form == "json":
        rendering.as_json(shapes.check_shape(str(book), found))
    else:
        rendering.findings(found)
        for one in checks:
            title = one.book.case.books.title
            rendering.say(f"{title}: {rendering.counted(len(one.findings))}")
    sys.exit(1 if found else 0)


@click.command()
@click.option("--preset", default="", help="Only the rules that apply under a preset.")
@format_option("text", "json")
def rules(preset: str, form: str) -> None:
    """List the rule book.

    \b
    Example: coopledger rules --preset us-worker-ica
    """
    if preset:
        load_preset(preset)
    chosen = [r for r in RULES if not preset or preset in shapes.presets_of(r)]
    if form == "json":
        rendering.as_json(shapes.rules_shape(chosen))
        return
    for rule in chosen:
        rendering.say(f"{rule.id}  ({rule.basis}, {rule.severity})")
        rendering.say(f"    {rule.statement}")
        rendering.say(f"    source: {'; '.join(rule.sources)}")
