"""The rule book as an assembly reads it: what each rule asks, and by which text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.law.forms import knows_regime_of
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.rules import RULES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Sequence

    from coopledger.law.preset import Preset
    from coopledger.rules import Rule

#: Themes of rules by the word in their ids, in the order of the rule book.
THEMES = {
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
    "it. Each rule says what\nit asks and why, on whose authority, where it is "
    "written, under which presets and since when it\nholds, and shows a book in "
    "which it is broken. It is made from the rules themselves\n(`coopledger rules "
    "--format markdown`; with `--preset` for one of them).\n\n"
)


def theme_of(rule: Rule) -> str:
    """Return the title of a rule's theme."""
    return THEMES[rule.id.split("-")[1]]


def presets_of(rule: Rule) -> list[str]:
    """Return the ids of the presets that have every parameter a rule needs."""
    needed = set(rule.needs)
    presets = {name: load_preset(name) for name in preset_paths()}
    return [
        name
        for name, preset in presets.items()
        if needed <= preset.known and knows_regime_of(rule.needs, preset)
    ]


def printed(rules: Sequence[Rule] = RULES, preset: str = "") -> str:
    """Return rules as Markdown: by theme, then by preset.

    Args:
        rules: The rules; all of them if not given.
        preset: The only preset that the book is for; "" for all.
    """
    shown = [preset] if preset else list(preset_paths())
    by_preset = [] if preset else _by_preset(rules)
    return "".join([_HEAD, *_by_theme(rules, shown), *by_preset])


def _by_theme(rules: Sequence[Rule], presets: Sequence[str]) -> Iterator[str]:
    for theme, title in THEMES.items():
        own = [rule for rule in rules if rule.id.split("-")[1] == theme]
        if own:
            yield f"## {title}\n\n"
            for rule in sorted(own, key=lambda rule: rule.id):
                yield _chapter(rule, presets)


def _chapter(rule: Rule, presets: Sequence[str]) -> str:
    indented = "".join(
        f"    {line}".rstrip() + "\n" for line in rule.breaks.split("\n")
    )
    found = "an error" if rule.severity == "error" else "a warning"
    return (
        f"### {rule.id}\n\n**{rule.statement}**\n\n"
        f"{rule.reason}\n\n"
        f"Rests on {_BASES[rule.basis]}. What breaks it is {found}.\n\n"
        f"Written in: {'; '.join(rule.sources)}.\n\n"
        f"{_reach(rule, presets)}\n\n"
        f"Broken here:\n\n{indented.rstrip()}\n\n"
    )


def _reach(rule: Rule, presets: Sequence[str]) -> str:
    """Say under which presets a rule holds, since when, and by which figures."""
    if not rule.needs:
        return "Holds under every law, at all times."
    own = presets_of(rule)
    places = [
        f"`{name}` {_since(rule, load_preset(name))}" for name in presets if name in own
    ]
    read = ", ".join(f"`{name}`" for name in rule.needs)
    return f"Reads {read}. Holds under {', '.join(places)}."


def _since(rule: Rule, preset: Preset) -> str:
    """Say from which day on a preset has every figure that a rule needs."""
    starts = {name: _first(name, preset) for name in rule.needs}
    if None in starts.values():
        return "once the co-op decides"
    # What federations of every form may decide has no date of a law.
    dated = [day for name, day in starts.items() if day and name in preset.names]
    return f"from {max(dated)}" if dated else "at all times"


def _first(name: str, preset: Preset) -> datetime.date | None:
    """Return the first day on which a parameter has a value; None without any."""
    days = (
        dated.start
        for layer in preset.grounds
        if name in layer.parameters
        for dated in layer.parameters[name].values
        if dated.value is not None
    )
    return min(days, default=None)


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
