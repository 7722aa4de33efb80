"""A year and its distribution as plain data: the JSON of all faces."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.services.closing import base_of
from coopledger.services.explaining import explanations_of
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from fractions import Fraction

    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.domain.steps import Line
    from coopledger.journal.chart import Chart
    from coopledger.journal.loading import Book
    from coopledger.services.explaining import Explanation


def year_shape(
    book: Book, figures: YearFigures, appropriation: Appropriation
) -> dict[str, Any]:
    """Return a year with its steps, each with everybody's part of it.

    Args:
        book: The book.
        figures: The year as the book has it.
        appropriation: Its steps.
    """
    label = figures.fiscal.label
    explained: dict[str, list[Explanation]] = {}
    for one in explanations_of(book.case, appropriation, label):
        explained.setdefault(one.step.step.id, []).append(one)
    return {
        "schema": SCHEMA,
        "year": label,
        "currency": book.case.books.currency,
        "result": str(appropriation.pool),
        "base": {name: str(amount) for name, amount in base_of(figures).items()},
        "steps": [
            _step(step, book.chart, explained.get(step.step.id, ()))
            for step in appropriation.steps
        ],
        "members": [
            _line(line, step.key[False, line.member])
            for step in appropriation.steps
            if step.step.kind == "patronage"
            for line in step.lines
        ]
        or [
            _loss_line(member, part)
            for step in appropriation.steps
            for member, part in step.parts.items()
            if step.step.kind == "members"
        ],
    }


def _step(
    step: AppliedStep, chart: Chart, explained: Iterable[Explanation]
) -> dict[str, Any]:
    templates = chart.templates.get(step.step.role, ("",))
    return {
        "id": step.step.id,
        "title": step.step.title,
        "kind": step.step.kind,
        "treatment": step.step.treatment,
        "terms": _terms(step.terms),
        "base": str(step.base),
        "rate": _text(step.rate),
        "less": _terms(step.less),
        "limit": _text(step.cap),
        "amount": str(step.amount),
        "remaining": str(step.remaining),
        "account": templates[-1],
        "source": list(step.sources),
        "sentence": step.sentence,
        "parts": [_explained(one) for one in explained],
    }


def _terms(terms: Sequence[tuple[str, Decimal]]) -> list[dict[str, str]]:
    return [{"term": term, "amount": str(amount)} for term, amount in terms]


def _explained(one: Explanation) -> dict[str, Any]:
    is_hired, name = one.person
    return {
        "member": None if is_hired else name,
        "worker": name if is_hired else None,
        "weight": exact(one.weight),
        "amount": str(one.amount),
        "sentence": one.sentence,
    }


def _line(line: Line, weight: Fraction) -> dict[str, Any]:
    return {
        "member": line.member,
        "weight": exact(weight),
        "amount": str(line.amount),
        "cash": str(line.cash),
        "retained": str(line.retained),
        "nonqualified": str(line.nonqualified),
        "withheld": str(line.withheld),
        "replenished": str(line.replenished),
    }


def _loss_line(member: str, part: Decimal) -> dict[str, Any]:
    # What a member bears of a loss is taken from capital, never asked for in money.
    borne, nothing = str(-part), str(ZERO * part)
    return {
        "member": member,
        "weight": None,
        "amount": borne,
        "cash": nothing,
        "retained": borne,
        "nonqualified": nothing,
        "withheld": nothing,
        "replenished": nothing,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def exact(weight: Fraction) -> str:
    """Write a fraction as a whole number, a finite decimal, or ``a/b``."""
    if weight.denominator == 1:
        return str(weight.numerator)
    scaled = weight * 10**6
    if scaled.denominator == 1:
        return f"{Decimal(scaled.numerator).scaleb(-6):f}".rstrip("0")
    return f"{weight.numerator}/{weight.denominator}"
