"""What a rule is, and how all of them run.

A rule is a function from a case (books under their law) to breaches.  Its docstring is
its documentation and its test: the first line is the statement; the *Holds* and
*Breaks* blocks are ledgers that the tests run for every rule.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING
from typing import Literal

from coopledger.domain.findings import Finding
from coopledger.phrases import Phrase
from coopledger.rules.reasons import REASONS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.findings import Origin
    from coopledger.domain.findings import Severity
    from coopledger.law.case import Case

#: Beginnings of the sources' names, by the jurisdiction whose texts they are.  A source
#: that is none of these speaks to everybody.
_JURISDICTIONS = {
    "es": ("Ley 27/1999", "Ley 20/1990", "Ley 11/2019", "Orden EHA", "MONDRAGON"),
    "us": (
        "26 U.S.C.",
        "New York",
        "Connecticut",
        "Massachusetts",
        "SELC",
        "CoLab",
        "USDA",
    ),
    "it": ("Codice civile", "Legge "),
    "fr": ("Loi n°",),
    "ca": ("Hypha",),
}


def jurisdiction_of(source: str) -> str:
    """Return whose text a source is, such as ``us``; "" where it is anybody's."""
    return next(
        (
            place
            for place, beginnings in _JURISDICTIONS.items()
            if source.startswith(beginnings)
        ),
        "",
    )


def sources_of(sources: Iterable[str], jurisdiction: str) -> tuple[str, ...]:
    """Leave out the sources that are another jurisdiction's texts.

    Args:
        sources: Names of texts.
        jurisdiction: Of the law in force, such as ``us``; "" keeps all.

    Returns:
        The sources in force; where no text of the jurisdiction is on record, all of
        them, so that a finding always says where the rule comes from.
    """
    listed = tuple(sources)
    own = tuple(
        source for source in listed if jurisdiction_of(source) in {"", jurisdiction}
    )
    return own if jurisdiction and own else listed


Basis = Literal["law", "federation", "statutes", "practice"]


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is broken, in the rule's own words.

    Attributes:
        found: What was found, one sentence.
        fix: What to do, one sentence.
        origin: Where it stands.
        date: Date of the directive.
        amount: The amount that was found.
        limit: The amount it should have been or must not pass.
        suggestion: The corrected lines, where exactly one correction is possible.
    """

    found: Phrase
    fix: Phrase
    origin: Origin
    date: datetime.date | None = None
    amount: Decimal | None = None
    limit: Decimal | None = None
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the rule book.

    Attributes:
        id: Id; it never changes meaning and is never used again.
        basis: Who demands it.
        severity: ``error``, or ``warning`` where a note suffices.
        statement: The rule in one sentence.
        reason: Why it is there, one sentence.
        holds: A ledger in which it holds.
        breaks: A ledger that breaks it and no other rule.
        needs: Parameters it reads; it applies where all of them are decided.
        sources: Texts it rests on, besides those of the parameters.
        catalogue: Numbers in the project's catalogue of checkable rules.
        example: Preset of the two ledgers.
        yields_to: Rules that say the same more exactly: about a place of which one of
            them speaks, this one keeps silent.
        check: The function.
    """

    id: str
    basis: Basis
    severity: Severity
    statement: str
    reason: str
    holds: str
    breaks: str
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    catalogue: tuple[str, ...]
    example: str
    yields_to: tuple[str, ...]
    check: Callable[[Case], Iterator[Breach]]

    def findings(self, case: Case) -> Iterator[Finding]:
        """Check a case and put the rule's own words to every breach."""
        for breach in self.check(case):
            yield Finding(
                rule=self.id,
                basis=self.basis,
                severity=self.severity,
                found=breach.found,
                why=self.statement,
                fix=breach.fix,
                origin=breach.origin,
                date=breach.date,
                amount=breach.amount,
                limit=breach.limit,
                sources=self._sources(case, breach.date),
                book=case.books.enterprise or case.books.title,
                suggestion=breach.suggestion,
                reason=self.reason,
            )

    def _sources(self, case: Case, on: datetime.date | None) -> tuple[str, ...]:
        day = on or case.books.last
        settings = [case.policy.find(name, day) for name in self.needs]
        named = [source for found in settings if found for source in found.sources]
        own = sources_of(self.sources, case.policy.jurisdiction_on(day))
        return tuple(dict.fromkeys([*own, *named]))


def rule(  # noqa: PLR0913 - a rule has this many properties, all named
    id_: str,
    *,
    basis: Basis,
    sources: tuple[str, ...],
    needs: tuple[str, ...] = (),
    catalogue: tuple[str, ...] = (),
    severity: Severity = "error",
    example: str = "us-worker-ica",
    yields_to: tuple[str, ...] = (),
) -> Callable[[Callable[[Case], Iterator[Breach]]], Rule]:
    """Make a rule of a function; its docstring holds statement and ledgers."""

    def make(check: Callable[[Case], Iterator[Breach]]) -> Rule:
        text = inspect.cleandoc(check.__doc__ or "")
        return Rule(
            id=id_,
            basis=basis,
            severity=severity,
            statement=_statement(text),
            reason=REASONS.get(id_, ""),
            holds=_block(text, "Holds"),
            breaks=_block(text, "Breaks"),
            needs=needs,
            sources=sources,
            catalogue=catalogue,
            example=example,
            yields_to=yields_to,
            check=check,
        )

    return make


def _statement(text: str) -> str:
    """Return the first paragraph as one line."""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _block(text: str, title: str) -> str:
    """Return the indented block after ``Title::``, without its indentation."""
    match = re.search(rf"^{title}::\n\n((?:    .*\n?|\n)+)", text + "\n", re.MULTILINE)
    return dedent(match[1]).strip() + "\n" if match else ""


def run(rules: Iterable[Rule], case: Case) -> list[Finding]:
    """Run rules over a case.

    Args:
        rules: The rules.
        case: Books under their law.

    Returns:
        All findings, by place.  A rule that fails becomes one finding of its own id,
        and the others still run.  What a switched off rule would say is left out, and
        what a rule says that yields to another one there.
    """
    listed = list(rules)
    case.known_rules = {one.id: one.basis for one in listed}
    found = {one: _findings(one, case) for one in listed}
    spoken = {one.id: {f.origin for f in findings} for one, findings in found.items()}
    kept = [
        finding
        for one, findings in found.items()
        for finding in findings
        if not any(finding.origin in spoken.get(name, ()) for name in one.yields_to)
    ]
    return sorted(kept, key=lambda finding: finding.sort_key)


def is_switched_off(finding: Finding, case: Case) -> bool:
    """Say whether the book switched a rule of practice off for what a finding is about.

    A switch holds from its date on; a finding without a date is of the last day.
    """
    day = finding.date or case.books.last
    return finding.basis == "practice" and is_off(finding.rule, day, case)


def is_off(rule_id: str, day: datetime.date, case: Case) -> bool:
    """Say whether the book says of a rule, with a reason, that it is off on a day."""
    states = [
        switch.is_off and bool(switch.reason)
        for switch in case.books.switches
        if switch.rule == rule_id and switch.date <= day
    ]
    return bool(states) and states[-1]


def _findings(one: Rule, case: Case) -> list[Finding]:
    try:
        found = list(one.findings(case))
    except Exception as error:  # noqa: BLE001 - one broken rule must not hide others
        return [_could_not_run(one, case, error)]
    return [finding for finding in found if not is_switched_off(finding, case)]


def _could_not_run(one: Rule, case: Case, error: Exception) -> Finding:
    return Finding(
        rule=one.id,
        basis=one.basis,
        severity="error",
        found=Phrase(
            "This rule could not run ({kind}: {error}).",
            kind=type(error).__name__,
            error=str(error),
        ),
        why=one.statement,
        fix=Phrase(
            "Whether it holds is not known; please report this with the book's lines."
        ),
        origin=case.books.origin,
        book=case.books.enterprise,
    )
