"""The page *Distribution*: a year's result, where each part of it goes, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from fava.ext import extension_endpoint

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import share
from coopledger.domain.steps import split_term
from coopledger.errors import CoopledgerError
from coopledger.fava_ext import words
from coopledger.fava_ext.adapter import CooperativePage
from coopledger.fava_ext.adapter import View
from coopledger.fava_ext.asking import fiscal_label
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.services.closing import base_of
from coopledger.services.distributing import distribution_of
from coopledger.services.distributing import outlines_of
from coopledger.services.yearshaping import year_shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from flask import Response

    from coopledger.domain.books import Resolution
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.fava_ext.asking import Period
    from coopledger.services.distributing import Distribution as Distributed
    from coopledger.services.distributing import Outline


class NothingDistributedError(CoopledgerError):
    """There is no year with a result."""

    def __init__(self) -> None:
        """Say where results are."""
        super().__init__(
            Phrase(
                "There is no year with income and expenses in this book or in the "
                "period that was chosen, so that there is no result to distribute. A "
                "member's own book never has one: it is in the co-operative's book."
            )
        )


#: A whole in percent, and how finely the widths of bars are said.
_HUNDRED, _FINE = Decimal(1).scaleb(2), Decimal(1).scaleb(-2)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the waterfall as it is laid out.

    Attributes:
        step: The step with its figures.
        how: How the amount comes about, piece by piece.
        terms: What the base is made of: words and amounts.
        resolutions: The decisions behind it.
        before: Where its bar begins, in percent of the picture.
        width: How wide its bar is.
        is_empty: Whether it took nothing.
    """

    step: AppliedStep
    how: tuple[Phrase, ...]
    terms: tuple[tuple[Phrase, Decimal], ...]
    resolutions: tuple[Resolution, ...]
    before: Decimal
    width: Decimal
    is_empty: bool


@dataclass(slots=True, kw_only=True)
class Year(View):
    """A year's distribution, and all years in a line each.

    Attributes:
        found: The distribution.
        label: The fiscal year.
        steps: The waterfall.
        outlines: All years.
        base: What the result is made of: words and amounts.
        states: What the states are called.
        short_states: The same in one word.
        columns: The steps that people divide: id and title.
        names: Names of members by id.
    """

    found: Distributed
    label: int
    steps: tuple[StepLine, ...]
    outlines: list[Outline]
    base: dict[str, Decimal]
    states: Mapping[str, str]
    short_states: Mapping[str, str]
    columns: dict[str, str]
    names: dict[str, str]


class Distribution(CooperativePage):
    """Where a year's result goes: the steps, their sources, and everybody's part."""

    title = "Distribution"

    def view(self) -> View:
        """Return the year that is asked for, or the last one that there is."""
        years, period = self._active(), self.period()
        label = self._label(period, years)
        found = distribution_of(self.book, label)
        view = self._year(found, outlines_of(self.book))
        self.framed(view, period)
        return view

    def _active(self) -> list[int]:
        """Return the years with a result."""
        years = self.books.years.items()
        return [year for year, figures in years if figures.has_activity]

    def _label(self, period: Period, years: list[int]) -> int:
        """Choose the last year that ends in the period."""
        of_period = fiscal_label(self.books, period)
        if of_period in years:
            return of_period
        all_years = self.books.years
        within = [
            year
            for year in years
            if period.first <= all_years[year].fiscal.end
            and all_years[year].fiscal.start <= period.end
        ]
        if not within:
            raise NothingDistributedError
        return within[-1]

    @extension_endpoint
    def year(self) -> Response:
        """Answer with the year that is asked for, step by step."""
        return self.answer(self._shape)

    def _shape(self) -> dict[str, Any]:
        label = self._label(self.period(), self._active())
        found = distribution_of(self.book, label)
        return {
            **year_shape(self.book, found.figures, found.appropriation),
            "state": found.state,
            "resolutions": [one.id for one in found.resolutions.get("", ())],
            "differences": [
                {
                    "account": one.account,
                    "follows": str(one.follows),
                    "booked": str(one.booked),
                }
                for one in found.differences
            ],
        }

    def _year(self, found: Distributed, outlines: list[Outline]) -> Year:
        register = self.books.register
        steps = found.appropriation.steps
        return Year(
            template="coopledger/distribution.html",
            found=found,
            label=found.figures.fiscal.label,
            steps=tuple(_lines(found)),
            outlines=outlines,
            base={
                words.ORIGINS.get(name, name): amount
                for name, amount in base_of(found.figures).items()
                if amount
            },
            states=words.STATES,
            short_states=words.SHORT_STATES,
            columns={
                step.step.id: step.step.title
                for step in steps
                if found.totals.get(step.step.id)
            },
            names={one: register.name(one) for one in register.ids},
        )


def _lines(found: Distributed) -> Iterator[StepLine]:
    whole = _whole(found.appropriation)
    titles = {one.step.id: one.step.title for one in found.appropriation.steps}
    for step in found.appropriation.steps:
        is_aside = step.step.treatment == "transfer"
        before = ZERO if is_aside else whole - abs(step.remaining) - step.amount
        yield StepLine(
            step=step,
            how=tuple(_how(step, titles)),
            terms=tuple(_terms(step.terms, titles)),
            resolutions=found.resolutions.get(step.step.id, ()),
            before=_percent(before, whole),
            width=_percent(step.amount, whole),
            is_empty=not step.amount,
        )


def _whole(appropriation: Appropriation) -> Decimal:
    """Return what the whole width of the picture stands for."""
    return max(abs(appropriation.pool), *(s.amount for s in appropriation.steps), ZERO)


def _percent(amount: Decimal, whole: Decimal) -> Decimal:
    """Return a part in percent of a whole, as finely as a picture needs."""
    return share(_HUNDRED, min(max(amount, ZERO), whole), whole, _FINE)


def _how(step: AppliedStep, titles: Mapping[str, str]) -> Iterator[Phrase]:
    """Say how a step's amount comes about, piece by piece."""
    if step.unmet:
        what = next(phrase for phrase, _ in _terms(step.unmet, titles))
        yield Phrase("nothing, because {what} is not above zero", what=what)
        return
    if step.rate is not None:
        rate, base = Rate(step.rate), step.base
        yield Phrase("{rate} of {base}", rate=rate, base=base)
    elif step.base:
        yield Phrase("of {base}", base=step.base)
    for what, amount in _terms(step.less, titles):
        if amount:
            yield Phrase("less {amount} ({what})", amount=amount, what=what)
    if step.amount < step.wanted:
        yield Phrase("limited to {amount}", amount=step.amount)


def _terms(
    terms: tuple[tuple[str, Decimal], ...], titles: Mapping[str, str]
) -> Iterator[tuple[Phrase, Decimal]]:
    telling = [term for term in terms if term[1]] or terms[:1]
    for term, amount in telling:
        _, factor, name = split_term(term)
        what = _term(name, titles)
        yield (Phrase("a part of {what}", what=what) if factor else what), amount


def _term(name: str, titles: Mapping[str, str]) -> Phrase:
    kind, _, of = name.partition(":")
    if kind == "step":
        return Phrase("{step} (above)", step=Phrase(titles.get(of, of)))
    if kind in words.TERMS_OF and of:
        role = Phrase(words.ROLES.get(of, of.replace("-", " ")))
        return Phrase(words.TERMS_OF[kind], role=role)
    return Phrase(words.TERMS.get(name, name.replace(".", " ").replace("-", " ")))
