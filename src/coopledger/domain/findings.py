"""What is wrong in the books, and where.

A finding is a value: it says what was found, the limit, why it matters, what to do and
by which source.  Nothing here prints; `Finding.sentence` is the text that Beancount,
Fava and the terminal show.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple

from coopledger.domain.words import seen

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.phrases import Phrase

Severity = Literal["error", "warning"]


class Origin(NamedTuple):
    """Where something stands: file and line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader of a book could not take as it stands.

    Attributes:
        about: What kind of remark, one word; the rules on the language pick theirs.
        found: What was found, as the beginning of a sentence.
        fix: What to do.
        origin: Where it stands.
        date: Date of the directive.
        suggestion: The corrected lines, where exactly one correction is possible.
    """

    about: str
    found: Phrase
    fix: Phrase
    origin: Origin
    date: datetime.date | None = None
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, broken at one place.

    Attributes:
        rule: Id of the rule, e.g. ``COOP-CAP-01``.
        basis: ``law``, ``federation``, ``statutes`` or ``practice``.
        severity: ``error`` or ``warning``.
        found: What was found, one sentence.
        why: Which rule is broken: its own statement.
        fix: What to do, one sentence.
        origin: File and line.
        date: Date of the directive, where there is one.
        amount: The amount that was found, in the book's currency.
        limit: The amount it should have been or must not pass.
        sources: The texts behind the rule.
        book: Id of the enterprise.
        suggestion: The corrected lines, as Beancount text, where exactly one
            correction is possible.
        reason: Why it matters: what somebody would lose without the rule.
    """

    rule: str
    basis: str
    severity: Severity
    found: str
    why: str
    fix: str
    origin: Origin
    date: datetime.date | None = None
    amount: Decimal | None = None
    limit: Decimal | None = None
    sources: tuple[str, ...] = ()
    book: str = ""
    suggestion: str = ""
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The finding as text: id, what, why, what to do, source."""
        source = f"[{'; '.join(self.sources)}]" if self.sources else ""
        return seen(f"{self.rule}: {joined(*self.words, source)}")

    @property
    def words(self) -> tuple[str, str, str, str]:
        """What was found, which rule is broken, why it matters, what to do."""
        return self.found, self.why, self.reason, self.fix

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Order findings by place, then by rule."""
        return (self.origin.file, self.origin.line, self.rule, self.found)


def joined(*sentences: str) -> str:
    """Put those sentences together that say anything."""
    return " ".join(sentence for sentence in sentences if sentence)


def counted_by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by rule, the most frequent first."""
    return dict(Counter(finding.rule for finding in findings).most_common())
