"""The rule book as an assembly reads it: what each rule asks, and by which text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.rules import Rule

_THEMES = {
    "LANG": "Words",
    "BOOK": "Bookkeeping",
    "LAW": "Law and by-laws",
    "MEM": "Membership",
    "CAP": "Capital",
    "EXIT": "Leaving and being repaid",
    "RED": "Redemption in order",
    "INT": "Interest and revaluation",
    "APP": "Distribution of a result",
    "RES": "Reserves and funds",
    "LOSS": "Losses",
    "PAY": "Pay and hours",
    "FED": "Between enterprises",
    "TAX": "Tax",
    "FORM": "Single legal forms",
}

_BASES = {
    "law": "law: nobody may depart from it",
    "federation": "the federation's rules: its own assembly may change them",
    "statutes": "by-laws: the assembly may change them within the law",
    "practice": "good practice: it can be switched off in a book, with a reason",
}

_HEAD = (
    "# The rule book\n\n"
    "What coopledger checks each time a book loads, for the assembly that lives by "
    "it. Each rule says what\nit asks, on whose authority, where it is written, and "
    "shows a book in which it is broken. It is made\nfrom the rules themselves "
    "(`coopledger rules --format markdown`).\n\n"
)


def presets_of(rule: Rule) -> list[str]:
    """Return the ids of the presets that have every parameter a rule needs."""
    needed = set(rule.needs)
    return [name for name in preset_paths() if needed <= load_preset(name).known]


def printed(rules: Sequence[Rule] = RULES) -> str:
    """Return rules as Markdown: by theme, then by preset.

    Args:
        rules: The rules; all of them if not given.
    """
    return "".join([_HEAD, *_by_theme(rules), *_by_preset(rules)])


def _by_theme(rules: Sequence[Rule]) -> Iterator[str]:
    for theme, title in _THEMES.items():
        own = [rule for rule in rules if rule.id.split("-")[1] == theme]
        if own:
            yield f"## {title}\n\n"
            yield from map(_chapter, sorted(own, key=lambda rule: rule.id))


def _chapter(rule: Rule) -> str:
    indented = "".join(
        f"    {line}".rstrip() + "\n" for line in rule.breaks.split("\n")
    )
    found = "an error" if rule.severity == "error" else "a warning"
    return (
        f"### {rule.id}\n\n**{rule.statement}**\n\n"
        f"Rests on {_BASES[rule.basis]}. What breaks it is {found}.\n\n"
        f"Written in: {'; '.join(rule.sources)}.\n\n"
        f"Broken here:\n\n{indented.rstrip()}\n\n"
    )


def _by_preset(rules: Sequence[Rule]) -> Iterator[str]:
    yield "## By preset\n\n"
    yield "| preset | rules beside those that hold everywhere |\n|---|---|\n"
    everywhere = set(preset_paths())
    special = {rule.id: presets_of(rule) for rule in rules}
    for preset in preset_paths():
        own = [
            name
            for name, presets in special.items()
            if preset in presets and set(presets) != everywhere
        ]
        yield f"| `{preset}` | {', '.join(sorted(own))} |\n"
