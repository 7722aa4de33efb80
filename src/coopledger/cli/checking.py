"""``check`` and ``rules``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from coopledger.cli import rendering
from coopledger.cli import shapes
from coopledger.cli.options import Day
from coopledger.cli.options import book_option
from coopledger.cli.options import format_option
from coopledger.domain.findings import counted_by_rule
from coopledger.journal.finding import find_books
from coopledger.law.preset import load_preset
from coopledger.rules import RULES
from coopledger.services.checking import Choice
from coopledger.services.checking import check_path
from coopledger.services.rulebook import presets_of
from coopledger.services.rulebook import printed
from coopledger.services.wording import OWN
from coopledger.services.wording import languages
from coopledger.services.wording import said_in
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from coopledger.domain.findings import Severity


@click.command()
@book_option
@click.option("--rule", "rules", multiple=True, help="Only this rule; repeatable.")
@click.option("--since", type=Day(), help="Leave out what is dated earlier.")
@click.option(
    "--severity",
    type=click.Choice(["warning", "error"]),
    default="warning",
    show_default=True,
    help="The least that is shown; error leaves warnings out.",
)
@click.option(
    "--language",
    type=click.Choice(languages()),
    default=OWN,
    show_default=True,
    help="The language of the sentences.",
)
@format_option("text", "json", "github")
def check(
    book: Path,
    rules: tuple[str, ...],
    since: datetime.date | None,
    severity: Severity,
    language: str,
    form: str,
) -> None:
    """Check one book, or all books of a folder.

    \b
    Example: coopledger check --book ledger/freedom-farms
    Example: coopledger check --rule COOP-CAP-01 --since 2025-01-01
    Example: coopledger check --language es
    """
    choice = Choice(rules, since, severity)
    checks = [check_path(path) for path in find_books(book)]
    found = [
        said_in(language, finding)
        for one in checks
        for finding in choice.of(one.findings)
    ]
    if form == "json":
        off = [switch for one in checks for switch in one.switched_off]
        rendering.as_json(shapes.check_shape(str(book), found, off))
    elif form == "github":
        rendering.workflow_commands(found)
    else:
        say = wording_of(language)
        rendering.findings(found, say)
        rendering.counts(counted_by_rule(found), say)
        for one in checks:
            count = len(choice.of(one.findings))
            rendering.say(f"{one.book.title}: {rendering.counted(count, say)}")
            rendering.switched_off(one.switched_off, say)
    sys.exit(1 if found else 0)


@click.command()
@click.option("--preset", default="", help="Only the rules that apply under a preset.")
@format_option("text", "json", "markdown")
def rules(preset: str, form: str) -> None:
    """List the rule book.

    \b
    Example: coopledger rules --preset us-worker-ica
    """
    if preset:
        load_preset(preset)
    chosen = [r for r in RULES if not preset or preset in presets_of(r)]
    if form == "json":
        listed = ((rule, presets_of(rule)) for rule in chosen)
        rendering.as_json(shapes.rules_shape(listed))
        return
    if form == "markdown":
        rendering.say(printed(chosen, preset).rstrip())
        return
    for rule in chosen:
        rendering.say(f"{rule.id}  ({rule.basis}, {rule.severity})")
        rendering.say(f"    {rule.statement}")
        rendering.say(f"    why: {rule.reason}")
        rendering.say(f"    source: {'; '.join(rule.sources)}")
