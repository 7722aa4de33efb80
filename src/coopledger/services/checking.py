"""Checking books: Beancount's own errors and the cooperative findings, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.findings import Finding
from coopledger.domain.findings import Origin
from coopledger.errors import RuleUnknownError
from coopledger.journal.loading import PLUGIN
from coopledger.journal.loading import collector_off
from coopledger.journal.loading import load_book
from coopledger.journal.loading import unpadded
from coopledger.journal.loading import words_of
from coopledger.journal.numbering import ABOUT
from coopledger.journal.numbering import numbers_in_files
from coopledger.journal.sayings import as_phrase
from coopledger.phrases import Phrase
from coopledger.rules import LANGUAGE
from coopledger.rules import RULES
from coopledger.rules import run
from coopledger.rules.language import no_tax_number_stands_in_the_book

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.domain.books import RuleSwitch
    from coopledger.domain.findings import Remark
    from coopledger.domain.findings import Severity
    from coopledger.journal.loading import Book


@dataclass(frozen=True, slots=True)
class Check:
    """What checking one book gave.

    Attributes:
        book: The book.
        findings: All findings, by place.
        switched_off: Rules of practice that are off at the book's end, each with the
            line that says so: they would have nothing to say.
    """

    book: Book
    findings: tuple[Finding, ...]
    switched_off: tuple[RuleSwitch, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def check_path(path: Path) -> Check:
    """Load a book and check it.

    Args:
        path: As for `coopledger.journal.loading.find_book`.
    """
    return check_book(load_book(path))


def findings_by(path: Path, until: datetime.date) -> list[Finding]:
    """Check a book, and what it would show if it went on to a day and no further.

    So a proposal is judged: what is overdue by its day without it is not its fault.
    """
    book = load_book(path)
    found = list(check_book(book).findings)
    if book.case.books.last < until:
        book.case.books.last = until
        found += run(RULES, book.case)
    return found


def check_book(book: Book, *, every_line: bool = True) -> Check:
    """Collect the errors of the load and the findings of the plugin.

    Where the top-level file does not switch the plugin on, the rules run here, and the
    missing line is a finding of its own.  A book without a cooperative word, which the
    plugin leaves alone, is asked here which law governs it.

    Args:
        book: The book.
        every_line: Whether its text is read for tax numbers, comments and all; without
            that the answer is the plugin's, and costs no look at the files.
    """
    findings = [_finding(error) for error in book.errors]
    if not book.is_checked:
        rules = RULES if book.case.policy.policies else LANGUAGE
        with collector_off():
            findings += run(rules, unpadded(book))
    if every_line and (written := numbers_in_files(book.options)):
        findings = [*_anywhere(book, written, findings)]
    if not book.has_plugin:
        findings.append(_plugin_missing(book))
    findings.sort(key=lambda finding: finding.sort_key)
    return Check(book, tuple(findings), _switched_off(book))


def _anywhere(
    book: Book, written: Iterable[Remark], findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Return findings with each tax number that stands anywhere in the text.

    The plugin looks at directives alone, and what it found is among them.
    """
    rule = no_tax_number_stands_in_the_book
    yield from (one for one in findings if one.rule != rule.id)
    books = book.case.books
    others = [one for one in books.remarks if one.about != ABOUT]
    books.remarks = [*others, *written]
    yield from run([rule], book.case)


def _switched_off(book: Book) -> tuple[RuleSwitch, ...]:
    practice = {rule.id for rule in RULES if rule.basis == "practice"}
    last = {one.rule: one for one in book.switches if one.reason or not one.is_off}
    return tuple(one for one in last.values() if one.is_off and one.rule in practice)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which findings somebody wants to see.

    Attributes:
        rules: Ids of rules, or none for all.
        since: Leave out what is dated before this day.
        severity: ``error`` leaves warnings out.
    """

    rules: tuple[str, ...] = ()
    since: datetime.date | None = None
    severity: Severity = "warning"

    def __post_init__(self) -> None:
        """Refuse the id of a rule that does not exist.

        Raises:
            RuleUnknownError: There is no such rule.
        """
        known = {rule.id for rule in RULES}
        for wanted in self.rules:
            if wanted not in known:
                raise RuleUnknownError(wanted, known)

    def of(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings that are wanted; what has no date always is."""
        return tuple(finding for finding in findings if self._takes(finding))

    def _takes(self, finding: Finding) -> bool:
        is_dated_before = finding.date and self.since and finding.date < self.since
        return (
            (not self.rules or finding.rule in self.rules)
            and not is_dated_before
            and (self.severity == "warning" or finding.severity == "error")
        )


def _finding(error: Any) -> Finding:
    source = error.source or {}
    known = source.get("finding")
    if isinstance(known, Finding):
        return known
    return Finding(
        rule=type(error).__name__,
        basis="beancount",
        severity="error",
        found=as_phrase(words_of(error)),
        why="",
        fix="",
        origin=Origin(str(source.get("filename", "")), int(source.get("lineno", 0))),
        date=getattr(getattr(error, "entry", None), "date", None),
    )


def _plugin_missing(book: Book) -> Finding:
    return Finding(
        rule="COOP-LANG-02",
        basis="practice",
        severity="error",
        found=Phrase(
            "The top-level file does not switch on the plugin '{plugin}'.",
            plugin=PLUGIN,
        ),
        why=Phrase(
            "Without it neither bean-check nor Fava checks the cooperative rules."
        ),
        fix=Phrase('Add the line: plugin "{plugin}".', plugin=PLUGIN),
        suggestion=f'plugin "{PLUGIN}"\n',
        origin=Origin(str(book.path), 1),
        book=book.case.books.enterprise,
    )
