"""The Beancount plugin: checks a cooperative book each time it loads.

Put this line into the top-level file of a book::

    plugin "coopledger.plugin"

``bean-check``, Fava and editors then show each finding with its line, limit and
source.  The plugin adds and alters nothing; a book without any cooperative directive is
left alone.
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

from beancount.core import data

from coopledger.domain.findings import Finding
from coopledger.domain.findings import Origin
from coopledger.errors import CoopledgerError
from coopledger.journal import overhearing
from coopledger.journal import querying
from coopledger.journal.loading import collector_off
from coopledger.journal.reading import read_books
from coopledger.law.case import Case
from coopledger.phrases import Phrase
from coopledger.rules import LANGUAGE
from coopledger.rules import RULES
from coopledger.rules import run

__plugins__ = ("check",)

querying.register_tables()


class RuleViolation(NamedTuple):
    """What Beancount and Fava see of a finding."""

    source: data.Meta
    message: str
    entry: data.Directive | None


def check(
    entries: list[data.Directive], options: dict[str, Any]
) -> tuple[list[data.Directive], list[RuleViolation]]:
    """Check the cooperative rules over a book.

    Args:
        entries: All entries of the book.
        options: Its options.

    Returns:
        The same entries, and a violation for each finding.
    """
    with collector_off():
        return entries, _violations(entries, options)


def _violations(
    entries: list[data.Directive], options: dict[str, Any]
) -> list[RuleViolation]:
    try:
        books, policy, chart = read_books(entries, options)
    except CoopledgerError as error:
        return [_violation(_unread(error, options))]
    if not books.is_cooperative:
        return []
    overhearing.tell(entries, books, policy, chart)
    # Fava watches these files: editing a preset reloads the book.
    watched = options.setdefault("include", [])
    watched.extend(
        str(layer.path)
        for preset in policy.presets
        for layer in preset.grounds
        if str(layer.path) not in watched
    )
    case = Case(books, policy)
    querying.remember(str(options.get("filename")), case)
    rules = RULES if policy.policies else LANGUAGE
    return [_violation(finding) for finding in run(rules, case)]


def _unread(error: CoopledgerError, options: dict[str, Any]) -> Finding:
    """Return the one finding on a book that could not be read."""
    file = getattr(error, "file", options.get("filename"))
    return Finding(
        rule=LANGUAGE[0].id,
        basis=LANGUAGE[0].basis,
        severity="error",
        found=error.words,
        why=Phrase("Without reading a book its rules cannot be checked."),
        fix="",
        origin=Origin(str(file), getattr(error, "line", 0) or 1),
    )


def _violation(finding: Finding) -> RuleViolation:
    source = data.new_metadata(finding.origin.file, finding.origin.line)
    return RuleViolation({**source, "finding": finding}, finding.sentence, None)
