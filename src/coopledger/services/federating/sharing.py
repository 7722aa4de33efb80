"""A year's pooling, funds and aid for a whole federation, from its summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.solidarity import FederalShare
from coopledger.domain.solidarity import Standing
from coopledger.domain.solidarity import WeightlessPoolError
from coopledger.domain.solidarity import share_out
from coopledger.domain.transfers import booked_within
from coopledger.domain.transfers import of_year
from coopledger.errors import CoopledgerError
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import YearSummary
    from coopledger.domain.solidarity import FederalStep
    from coopledger.domain.transfers import Transfer
    from coopledger.law.policy import Policy
    from coopledger.services.federating.gathering import Federation


class YearNotSharedError(CoopledgerError):
    """A year cannot be pooled or funded, for the reason given."""

    def __init__(self, year: int, why: str) -> None:
        """Keep the reason as the end of the sentence."""
        super().__init__(
            Phrase("Fiscal year {year} cannot be shared out: {why}", year=year, why=why)
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """A year of a federation, shared out.

    Attributes:
        federation: The federation.
        year: Label of the fiscal year.
        on: The federation's own last day of it, whose decisions count.
        years: The year of each enterprise that takes part.
        shares: What comes of each step.
    """

    federation: Federation
    year: int
    on: datetime.date
    years: dict[str, YearSummary]
    shares: tuple[FederalShare, ...]

    def of_kind(self, kind: str) -> list[FederalShare]:
        """Return what comes of the steps of one kind."""
        return [one for one in self.shares if one.step.kind == kind]


@dataclass(frozen=True, slots=True)
class _Decided:
    """The federation's decisions on a day, as the steps ask for them."""

    policies: dict[str, Policy]
    on: datetime.date

    def number(self, enterprise: str, name: str) -> Decimal:
        return self.policies[enterprise].number(name, self.on)

    def text(self, enterprise: str, name: str) -> str:
        return self.policies[enterprise].text(name, self.on, "")

    def switch(self, enterprise: str, name: str) -> bool:
        return self.policies[enterprise].setting(name, self.on).value is True

    def is_decided(self, enterprise: str, name: str) -> bool:
        return self.policies[enterprise].find(name, self.on) is not None


def share_year(federation: Federation, year: int) -> Shared:
    """Share a year of a federation out, by the steps of its policy.

    Args:
        federation: The federation.
        year: Label of the fiscal year; each enterprise's own year of that label.

    Raises:
        YearNotSharedError: A book is missing, does not reach the year, or is kept in
            another currency, or may have wrong figures; or nobody has any of the key
            of a pool.
        CoopledgerError: A parameter that a step needs is not to be had.
    """
    on = federation.own.year_end.year(year).end
    years = _years(federation, year, on)
    policy = federation.policy
    decided = _Decided({name: policy.for_enterprise(name) for name in years}, on)
    standings = [
        _standing(federation.enterprises[name], one) for name, one in years.items()
    ]
    steps = policy.preset_on(on).federation
    funds = {one.fund: _held(federation, one.fund, year) for one in steps if one.fund}
    try:
        shares = share_out(steps, standings, funds, decided, federation.own.unit)
    except WeightlessPoolError:
        key = policy.text("pool.key", on, "")
        why = Phrase(
            "there is a pool, and nobody has any {key} to share it by.", key=key
        )
        raise YearNotSharedError(year, why) from None
    return Shared(federation, year, on, years, tuple(shares))


def _years(
    federation: Federation, year: int, on: datetime.date
) -> dict[str, YearSummary]:
    """Return the year of every enterprise that belonged to the federation in it."""
    for trouble in federation.troubles:
        missing = Phrase(
            "the book of '{id}' is missing. {why}", id=trouble.id, why=trouble.why
        )
        raise YearNotSharedError(year, missing)
    found = {}
    for name in belonging(federation, on):
        book = federation.enterprises[name]
        own = book.year(year)
        if own is None:
            why = Phrase(
                "the book of '{name}' does not reach it ({file}).",
                name=name,
                file=book.origin.file,
            )
            raise YearNotSharedError(year, why)
        if book.currency != federation.own.currency:
            raise YearNotSharedError(
                year,
                Phrase(
                    "'{name}' keeps its book in {currency} and the federation in "
                    "{own}; results of several currencies add up to nothing.",
                    name=name,
                    currency=book.currency,
                    own=federation.own.currency,
                ),
            )
        _refuse_doubtful(book, own)
        found[name] = own
    return found


def _refuse_doubtful(book: EnterpriseSummary, year: YearSummary) -> None:
    """Refuse to share out what may be wrong: everybody's part would be."""
    if not book.preset:
        raise YearNotSharedError(
            year.label,
            Phrase(
                "the book of '{id}' names no law, and without one nothing tells what "
                "its accounts are ({file}). Add its coop-policy.",
                id=book.id,
                file=book.origin.file,
            ),
        )
    if year.doubt:
        raise YearNotSharedError(
            year.label,
            Phrase(
                "the figures of '{id}' may be wrong, and everybody's part with them: "
                "{where} ({rule}). Correct that first; 'coopledger check' says what "
                "it is.",
                id=book.id,
                where=f"{year.doubt.origin.file}:{year.doubt.origin.line}",
                rule=year.doubt.rule,
            ),
        )


def belonging(federation: Federation, on: datetime.date) -> list[str]:
    """Return the enterprises, of those that can be had, that are in it on a day."""
    joined = {one.id: one.date for one in reversed(federation.own.enterprises)}
    return [name for name in federation.enterprises if joined[name] <= on]


def _standing(book: EnterpriseSummary, year: YearSummary) -> Standing:
    """Return a year before its own pooling, funds and aid, and before interest."""
    own = booked_within(book.transfers, year.label, year.start, year.end)
    return Standing(
        book.id,
        year.result + year.interest - own,
        year.tax,
        {
            "payroll": year.work.payroll_members,
            "members": book.unit * 0 + year.work.members,
            "hours": year.work.hours_members,
        },
        dict(year.allocated),
    )


def _held(federation: Federation, fund: str, year: int) -> Decimal:
    """Return what a fund holds without what the year itself brought and took."""
    own = federation.own
    held = sum((one.amount for one in own.funds if one.name == fund), ZERO)
    return held - sum(
        (one.signed for one in of_year(own.transfers, year) if one.fund == fund), ZERO
    )


def booked_by(shared: Shared, step: FederalStep) -> dict[str, Decimal]:
    """Return what is booked of a step, by enterprise, as its own book has it."""
    own, books = shared.federation.own, shared.federation.enterprises
    found = {
        name: booked_of(books[name], step, shared.year, own.id) for name in shared.years
    }
    return {name: amount for name, amount in found.items() if amount is not None}


def held_after(shared: Shared, share: FederalShare) -> Decimal:
    """Return what a step's fund holds after it: less aid may be given than could be."""
    booked = booked_by(shared, share.step)
    return share.fund + sum(
        (share.nets[name] - amount for name, amount in booked.items()), ZERO
    )


def booked_of(
    book: EnterpriseSummary, step: FederalStep, year: int, peer: str
) -> Decimal | None:
    """Return what a book has of a step with another enterprise; None if nothing.

    Positive is what it received.
    """
    own = booked_in(book, step, year, peer)
    return sum((one.signed for one in own), ZERO) if own else None


def booked_in(
    book: EnterpriseSummary, step: FederalStep, year: int, peer: str
) -> list[Transfer]:
    """Return the transfers of a step that a book has with another enterprise."""
    return [
        one
        for one in of_year(book.transfers, year)
        if one.nature == step.nature
        and one.peer == peer
        and step.fund in {"", one.fund, *_other_names(one.roles, step)}
    ]


def _other_names(roles: Iterable[str], step: FederalStep) -> Iterable[str]:
    """A part of what a role was given names no fund in the giver's book."""
    return [step.fund] if step.of and step.of in roles else []
