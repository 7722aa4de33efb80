"""The rule book beside one book: what was found, what holds, what does not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from coopledger.rules import RULES
from coopledger.rules.rule import sources_of
from coopledger.services.checking import check_book
from coopledger.services.rulebook import THEMES
from coopledger.services.rulebook import theme_of
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    from coopledger.domain.findings import Finding
    from coopledger.journal.loading import Book
    from coopledger.rules import Rule

#: Whether a rule was checked: it found something, it holds, the book switched it off,
#: or nobody decided what it would hold the book to.
Verdict = Literal["broken", "holds", "off", "idle"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule beside the book.

    Attributes:
        rule: The rule.
        verdict: What came of it.
        count: How often it was broken.
        sources: The texts it rests on, of the law in force.
        reason: Why the book switched it off, or "".
    """

    rule: Rule
    verdict: Verdict
    count: int
    sources: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A book beside the rule book.

    Attributes:
        findings: All findings, errors first, each kind by place.
        themes: Rules by the title of their theme.
    """

    findings: tuple[Finding, ...]
    themes: dict[str, tuple[Judged, ...]]

    def count(self, verdict: Verdict) -> int:
        """Return how many rules have a verdict."""
        return sum(
            one.verdict == verdict for own in self.themes.values() for one in own
        )


def ruling_of(book: Book) -> Ruling:
    """Hold a loaded book beside the rule book.

    Args:
        book: The book, whose plugin has checked it.
    """
    # As Fava's own page of errors: what stands in comments, `check` alone looks at.
    check = check_book(book, every_line=False)
    counts: dict[str, int] = {}
    for finding in check.findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    off = {one.rule: one.reason for one in check.switched_off}
    judged = [_judged(book, rule, counts.get(rule.id, 0), off) for rule in RULES]
    themes = {
        title: tuple(one for one in judged if theme_of(one.rule) == title)
        for title in THEMES.values()
    }
    return Ruling(
        tuple(sorted(check.findings, key=lambda one: one.severity != "error")),
        {title: own for title, own in themes.items() if own},
    )


def _judged(book: Book, rule: Rule, count: int, off: dict[str, str]) -> Judged:
    books, policy = book.case.books, book.case.policy
    day = last_day(books)
    settings = [policy.find(name, day) for name in rule.needs]
    own = sources_of(rule.sources, policy.jurisdiction_on(day))
    named = [source for found in settings if found for source in found.sources]
    verdict: Verdict = "holds"
    if count:
        verdict = "broken"
    elif rule.id in off:
        verdict = "off"
    elif not all(settings):
        verdict = "idle"
    sources = tuple(dict.fromkeys([*own, *named]))
    return Judged(rule, verdict, count, sources, off.get(rule.id, ""))
