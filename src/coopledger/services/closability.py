"""Whether a year may be closed: it is over, it is known, and somebody is to have it.

Each question that fails raises one sentence that says what to do.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.errors import ParameterUndatedError
from coopledger.errors import ResolutionUnknownError
from coopledger.errors import YearNotClosableError
from coopledger.law.weighing import bases_of
from coopledger.services.checking import check_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from coopledger.domain.books import Resolution
    from coopledger.domain.books import YearFigures
    from coopledger.domain.findings import Finding
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book

#: Findings after which figures of the year may be wrong: something was left out.
_FALSIFYING = frozenset(
    {
        "COOP-LANG-01",
        "COOP-LANG-03",
        "COOP-LANG-04",
        "COOP-LANG-05",
        "COOP-BOOK-01",
        "COOP-BOOK-02",
        "COOP-BOOK-05",
        "COOP-LAW-02",
    }
)


def closable_year(book: Book, year: int, today: datetime.date) -> YearFigures:
    """Return a year that is over, has a result, and follows closed years only.

    Raises:
        YearNotClosableError: It is none of that, or its figures may be wrong.
    """
    books = book.case.books
    figures = books.years.get(year)
    if figures is None or not figures.has_activity:
        active = [str(y) for y, one in books.years.items() if one.has_activity]
        raise YearNotClosableError(
            year,
            "the book has no income and no expenses in it. Years with activity: "
            f"{', '.join(active) or 'none'}.",
        )
    if figures.fiscal.end >= today:
        raise YearNotClosableError(
            year, f"it ends on {figures.fiscal.end}; close it after that day."
        )
    _refuse_doubtful(book, figures)
    for label in _open_years(book, figures):
        raise YearNotClosableError(
            year,
            f"fiscal year {label} before it was not distributed yet, and what it "
            f"leaves counts here. Close {label} first.",
        )
    return figures


def _refuse_doubtful(book: Book, figures: YearFigures) -> None:
    doubts = doubts_of(check_book(book).findings, figures)
    if doubts:
        first = doubts[0]
        others = f" Another {len(doubts) - 1} like it." if len(doubts) > 1 else ""
        raise YearNotClosableError(
            figures.fiscal.label,
            f"its figures may be wrong. {first.origin.file}:{first.origin.line}: "
            f"{first.found.rstrip('.')}.{others} Correct that first; 'coopledger "
            "check' lists everything.",
        )


def doubts_of(findings: Iterable[Finding], figures: YearFigures) -> list[Finding]:
    """Return the findings after which a year's figures may be wrong."""
    return [one for one in findings if _falsifies(one, figures)]


def _falsifies(finding: Finding, figures: YearFigures) -> bool:
    is_later = finding.date is not None and finding.date > figures.fiscal.end
    is_known = finding.basis == "beancount" or finding.rule in _FALSIFYING
    return is_known and not is_later


def _open_years(book: Book, figures: YearFigures) -> Iterator[int]:
    """Return earlier years of the co-op that still have something to distribute."""
    books = book.case.books
    founded = books.founded or datetime.date.min
    for label, earlier in books.years.items():
        is_earlier = founded <= earlier.fiscal.end < figures.fiscal.start
        is_open = is_earlier and earlier.has_activity and not is_closed(book, label)
        if is_open and _is_under_law(book, earlier):
            yield label


def _is_under_law(book: Book, figures: YearFigures) -> bool:
    """Say whether the law on file reaches back to a year, so that it can be closed."""
    try:
        book.case.appropriation(figures.fiscal.label)
    except ParameterUndatedError:
        return False
    except CoopledgerError:
        return True
    return True


def is_closed(book: Book, year: int) -> bool:
    """Say whether a year's result was distributed, or there was nothing to."""
    pool = book.case.facts(year).pool
    posted = book.case.posted(year)
    return posted.is_decided or posted.expensed == pool


def decided_by(book: Book, figures: YearFigures, name: str) -> Resolution | None:
    """Return the resolution that decides a distribution; None without a name.

    Raises:
        ResolutionUnknownError: No such resolution is on file.
        YearNotClosableError: It is older than the year's end.
    """
    if not name:
        return None
    on_file = book.case.books.resolutions
    if name not in on_file:
        raise ResolutionUnknownError(name, on_file)
    resolution = on_file[name]
    if resolution.date <= figures.fiscal.end:
        raise YearNotClosableError(
            figures.fiscal.label,
            f"resolution {name} is of {resolution.date}, before the year ended on "
            f"{figures.fiscal.end}. Name the resolution that approved its accounts.",
        )
    return resolution


def whole_appropriation(book: Book, figures: YearFigures) -> Appropriation:
    """Return a year's appropriation, which leaves nothing without a destination.

    Raises:
        YearNotClosableError: Something has none, or a member's patronage is negative.
        CoopledgerError: A parameter that is needed is unknown, undated or undecided.
    """
    year = figures.fiscal.label
    facts = book.case.facts(year)
    for member in facts.taken_back:
        raise YearNotClosableError(
            year,
            f"the patronage of {member} is negative: more was taken back than "
            "recorded in it. Book what belongs to another year there.",
        )
    appropriation = book.case.appropriation(year)
    why = _without_destination(book, figures, appropriation)
    if why:
        raise YearNotClosableError(year, why)
    return appropriation


def _without_destination(
    book: Book, figures: YearFigures, appropriation: Appropriation
) -> str:
    kind = "members" if appropriation.is_loss else "patronage"
    unserved = [
        step
        for step in appropriation.steps
        if step.step.kind == kind and not step.parts and not step.key and _wants(step)
    ]
    if unserved and not bases_of(book.case.books, figures):
        return f"{unserved[0].base} has no destination, because {_no_basis(book)}"
    if unserved and appropriation.remaining:
        return (
            f"{appropriation.remaining} has no destination, because no member has "
            "any patronage in the year. Record it, or have the assembly decide."
        )
    if appropriation.remaining:
        return (
            f"{appropriation.remaining} has no destination: the steps of the preset do "
            "not use it up. Set the shares so that they do."
        )
    return ""


def _wants(step: AppliedStep) -> bool:
    """Say whether there was anything for a step that took nothing."""
    return step.wanted > 0 and (step.cap is None or step.cap > 0)


def _no_basis(book: Book) -> str:
    later = [basis.date for basis in book.case.books.bases]
    if not later:
        return (
            "the book says nowhere what counts as patronage. Declare it with "
            "coop-patronage."
        )
    return (
        f"what counts as patronage is declared from {min(later)} on only, after the "
        "year's first day. A basis holds for years that begin after it was chosen."
    )
