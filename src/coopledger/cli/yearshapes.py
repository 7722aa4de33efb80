"""The JSON shapes of a year: closed, replayed, or compared with what might be."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.cli.shapes import amount_text
from coopledger.domain.amounts import ZERO
from coopledger.services.explaining import explanations_of
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from fractions import Fraction

    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Line
    from coopledger.journal.chart import Chart
    from coopledger.journal.loading import Book
    from coopledger.services.closing import Closing
    from coopledger.services.explaining import Explanation
    from coopledger.services.replaying import Replay
    from coopledger.services.whatif import Outcome


def close_shape(closing: Closing, book: Book) -> dict[str, Any]:
    """Return the shape of ``close``."""
    appropriation, label = closing.appropriation, closing.figures.fiscal.label
    explained: dict[str, list[Explanation]] = {}
    for one in explanations_of(book.case, appropriation, label):
        explained.setdefault(one.step.step.id, []).append(one)
    return {
        "schema": SCHEMA,
        "year": label,
        "currency": book.case.books.currency,
        "result": str(appropriation.pool),
        "base": {name: str(amount) for name, amount in closing.base.items()},
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
        "entries": closing.text,
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
        "rate": amount_text(step.rate),
        "less": _terms(step.less),
        "limit": amount_text(step.cap),
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


def exact(weight: Fraction) -> str:
    """Write a fraction as a whole number, a finite decimal, or ``a/b``."""
    if weight.denominator == 1:
        return str(weight.numerator)
    scaled = weight * 10**6
    if scaled.denominator == 1:
        return f"{Decimal(scaled.numerator).scaleb(-6):f}".rstrip("0")
    return f"{weight.numerator}/{weight.denominator}"


def replay_shape(replay: Replay, currency: str) -> dict[str, Any]:
    """Return the shape of ``replay``."""
    return {
        "schema": SCHEMA,
        "year": replay.year,
        "currency": currency,
        "booked": replay.is_booked,
        "result": str(replay.appropriation.pool),
        "differences": [
            {
                "account": one.account,
                "follows": str(one.follows),
                "booked": str(one.booked),
                "difference": str(one.gap),
            }
            for one in replay.differences
        ],
    }


def scenarios_shape(
    year: int, currency: str, outcomes: Iterable[Outcome]
) -> dict[str, Any]:
    """Return the shape of ``close --set``."""
    return {
        "schema": SCHEMA,
        "year": year,
        "currency": currency,
        "scenarios": [
            {
                "name": one.scenario.name,
                "settings": dict(one.scenario.settings),
                "result": str(one.appropriation.pool),
                "remaining": str(one.appropriation.remaining),
                "steps": [
                    {"id": step.step.id, "amount": str(step.amount)}
                    for step in one.appropriation.steps
                ],
                "members": [
                    {"member": member, "amount": str(amount), "cash": str(cash)}
                    for member, (amount, cash) in received(one).items()
                ],
            }
            for one in outcomes
        ],
    }


def received(outcome: Outcome) -> Mapping[str, tuple[Decimal, Decimal]]:
    """Return what each member gets of all steps (below zero: bears), and in money."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for step in outcome.appropriation.steps:
        cash = {line.member: line.cash for line in step.lines}
        sign = -1 if step.step.kind == "members" else 1
        for member, part in step.parts.items():
            amount, paid = found.get(member, (ZERO, ZERO))
            found[member] = (amount + sign * part, paid + cash.get(member, ZERO))
    return found
