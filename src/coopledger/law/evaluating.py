"""A fiscal year under the law in force: its facts, and its appropriation.

This is where books and policy meet.  Services propose from it and rules compare with
it, so that there is one calculation and not two.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import share
from coopledger.domain.books import ORIGINS
from coopledger.domain.capital import ACTIVITY
from coopledger.domain.interest import capital_by_time
from coopledger.domain.interest import paths_of
from coopledger.domain.patronage import bases_in_force
from coopledger.domain.patronage import measured
from coopledger.domain.patronage import weights
from coopledger.domain.steps import Facts
from coopledger.domain.steps import PastYear

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from coopledger.domain.books import Booking
    from coopledger.domain.books import Books
    from coopledger.domain.books import Labour
    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.steps import Step
    from coopledger.law.policy import Policy


def steps_of(policy: Policy, figures: YearFigures, pool: Decimal) -> tuple[Step, ...]:
    """Return the preset's steps for a surplus, or for a loss."""
    preset = policy.preset_on(figures.fiscal.end)
    return preset.loss if pool < 0 else preset.surplus


def facts_of(books: Books, policy: Policy, figures: YearFigures) -> Facts:
    """Collect what the steps may ask about a year."""
    fiscal = figures.fiscal
    capital_time = capital_time_of(books, policy, fiscal)
    terms = terms_of(books, policy, figures)
    by_time = sum(capital_time.values(), Fraction(0))
    pool = pool_of(books, figures)
    # Nobody asks for a loss's weights in a year without one, and they cost time.
    losses = weights_of(books, policy, figures, "losses") if pool < 0 else {}
    return Facts(
        pool=pool,
        terms={**terms, "capital.by-time": round_to(by_time, books.unit)},
        weights=weights_of(books, policy, figures, "patronage"),
        loss_weights=losses,
        hired_weights=hired_weights_of(books, figures),
        seniority=seniority_of(books, fiscal.end),
        capital_time=capital_time,
        consents=consents_of(books, fiscal.end),
        deficits=deficits_of(books, fiscal.end),
        capital=figures.capital,
        order=books.register.ids,
        history=history_of(books, policy, figures),
        index=_index(books, fiscal.end),
        unit=books.unit,
    )


def capital_time_of(
    books: Books, policy: Policy, year: FiscalYear
) -> dict[str, Fraction]:
    """Return members' capital by the time it stood in a year; {} without interest.

    The method is the by-laws' own: parameters ``interest.method``,
    ``interest.balance`` and ``interest.day-count``.
    """
    if not policy.find_number("interest.rate", year.end):
        return {}
    running = policy.text("interest.balance", year.end, "running") == "running"
    paths = paths_of(books.movements(), year, running=running)
    method = policy.text("interest.method", year.end, "day")
    day_count = policy.text("interest.day-count", year.end, "actual")
    return capital_by_time(paths, year, method, day_count)


def hired_weights_of(books: Books, figures: YearFigures) -> dict[str, Fraction]:
    """Return the patronage weight of people who are no members, by name.

    They are measured as members are: by hours where the basis counts hours, by pay
    otherwise.
    """
    by_hours = any(basis.measure == "hours" for basis in bases_of(books, figures))
    found = {
        name: Fraction(labour.hours if by_hours else labour.amount)
        for name, labour in figures.hired.items()
    }
    return {name: weight for name, weight in found.items() if weight > 0}


def seniority_of(books: Books, on: datetime.date) -> dict[str, int]:
    """Return everybody's full years of membership on a day."""
    return {
        one.member: _full_years(one.joined, on)
        for one in books.register.as_of(on)
        if one.joined
    }


def consents_of(books: Books, on: datetime.date) -> frozenset[str]:
    """Return the members whose written consent is of that day or earlier.

    A consent holds for the patronage of the year in which it is given and of later
    years (26 U.S.C. 1388(c)(3)(B)).
    """
    return frozenset(
        event.member
        for events in books.register.events.values()
        for event in events
        if event.consent and event.consent <= on
    )


def deficits_of(books: Books, on: datetime.date) -> dict[str, Decimal]:
    """Return what losses took from each member and was not made good by a day."""
    found: dict[str, Decimal] = {}
    for movement in books.movements():
        if movement.role == "member-loss" and movement.date <= on:
            old = found.get(movement.member, ZERO)
            found[movement.member] = old - movement.amount
    return {member: deficit for member, deficit in found.items() if deficit > 0}


def _full_years(start: datetime.date, end: datetime.date) -> int:
    had_anniversary = (end.month, end.day) >= (start.month, start.day)
    return max(0, end.year - start.year - (0 if had_anniversary else 1))


def pool_of(books: Books, figures: YearFigures) -> Decimal:
    """Return what a year leaves to distribute: the result after tax, in whole units.

    Foreign money at its price leaves fractions of a cent, which nobody can be paid.
    """
    result = sum(figures.result.values(), ZERO) - sum(figures.tax.values(), ZERO)
    return round_to(result, books.unit)


def terms_of(books: Books, policy: Policy, figures: YearFigures) -> dict[str, Decimal]:
    """Return the amount of every term a step may name, but for the running ones.

    Returns:
        Amount by term, in the book's currency; balances are those of the last day of
        the year, before its own appropriation.
    """
    pool = pool_of(books, figures)
    surplus = member_labour_result(books, policy, figures)
    balances = {f"balance:{role}": sum_ for role, sum_ in figures.balances.items()}
    return {
        **balances,
        **{f"result.{name}": figures.result.get(name, ZERO) for name in ORIGINS},
        **{f"tax.{name}": figures.tax.get(name, ZERO) for name in ORIGINS},
        "result": sum(figures.result.values(), ZERO),
        "tax": sum(figures.tax.values(), ZERO),
        "surplus": surplus,
        "profit": pool - surplus,
        "prior-losses": prior_losses(figures),
        "interest": figures.interest,
        "loss": max(ZERO, -pool),
        "capital": sum(figures.capital.values(), ZERO),
        "capital.highest": _highest_capital(books, figures),
        "debts": figures.debts,
        "payroll": _labour(
            [*figures.members.values(), *figures.hired.values()], "amount"
        ),
        "payroll.members": _labour(figures.members.values(), "amount"),
        "payroll.hired": _labour(figures.hired.values(), "amount"),
        "members": Decimal(_members_at(books, figures.fiscal.end)),
        "workers": Decimal(len(figures.hired)),
        "turnover": figures.turnover,
    }


def _members_at(books: Books, on: datetime.date) -> int:
    return sum(one.is_member for one in books.register.as_of(on))


def prior_losses(figures: YearFigures) -> Decimal:
    """Return the losses of earlier years that are still carried."""
    return max(ZERO, -figures.balances.get("prior-losses", ZERO))


def _highest_capital(books: Books, figures: YearFigures) -> Decimal:
    return max(
        sum(other.capital.values(), ZERO)
        for other in books.years.values()
        if other.fiscal.end <= figures.fiscal.end
    )


def member_labour_result(books: Books, policy: Policy, figures: YearFigures) -> Decimal:
    """Return the part of the cooperative result that is due to members' labour.

    The cooperative result is divided by hours or by pay (parameter
    ``labour.measure``) between members and other workers; what others worked is no
    patronage of members.
    """
    cooperative = figures.result.get("cooperative", ZERO)
    measure = policy.text("labour.measure", figures.fiscal.end, "hours")
    own = _labour(figures.members.values(), measure)
    whole = own + _labour(figures.hired.values(), measure)
    if whole == 0:
        return cooperative
    return share(cooperative, own, whole, books.unit)


def _labour(people: Iterable[Labour], measure: str) -> Decimal:
    return sum(
        (one.hours if measure == "hours" else one.amount for one in people), ZERO
    )


# --- who takes part, with which weight ------------------------------------------------


def weights_of(
    books: Books, policy: Policy, figures: YearFigures, switch: str
) -> dict[str, Fraction]:
    """Return the exact patronage weight of everybody who takes part.

    Args:
        books: The books.
        policy: What governs them.
        figures: The year.
        switch: ``patronage`` for a surplus, ``losses`` for a loss.

    Returns:
        Weight by member.  Somebody takes part who was a member on any day of the
        year, with what was done in a class that takes part; a leaver's last pay
        counts.
    """
    fiscal = figures.fiscal
    bases = bases_in_force(books.bases, fiscal, books.founded)
    counts = counting_of(books, policy, figures, switch)
    quantities = {basis.basis: measured(figures, basis, counts) for basis in bases}
    combination = policy.text("patronage.combination", fiscal.end, "weighted-sum")
    return weights(quantities, bases, combination)


def bases_of(books: Books, figures: YearFigures) -> list[PatronageBasis]:
    """Return the patronage bases that hold for a year."""
    return bases_in_force(books.bases, figures.fiscal, books.founded)


def counting_of(
    books: Books, policy: Policy, figures: YearFigures, switch: str
) -> Counting:
    """Return who counts on which day of a year, for a surplus or for a loss."""
    return Counting(books, policy, figures, switch)


class Counting:
    """Says whether what a member did on a day counts towards the year's patronage."""

    def __init__(
        self, books: Books, policy: Policy, figures: YearFigures, switch: str
    ) -> None:
        self.register = books.register
        self.policy = policy
        self.figures = figures
        self.switch = switch
        fiscal = figures.fiscal
        self.minimum = policy.find_number("patronage.minimum-hours", fiscal.end) or ZERO
        self._law_changes = policy.changes(fiscal.start, fiscal.end)
        self._all_year: dict[str, bool | None] = {}

    def __call__(self, member: str, day: datetime.date) -> bool:
        try:
            answer = self._all_year[member]
        except KeyError:
            answer = self._all_year[member] = self._throughout(member)
        return self._on(member, day) if answer is None else answer

    def _throughout(self, member: str) -> bool | None:
        """Answer once for the whole year; None where something changes within it."""
        fiscal = self.figures.fiscal
        if not self._is_in(member):
            return False
        if self._law_changes or self.register.changes(member, fiscal.start, fiscal.end):
            return None
        return self._on(member, fiscal.end)

    def _on(self, member: str, day: datetime.date) -> bool:
        standing = self.register.standing(member, day)
        if standing is None or standing.joined is None:
            return False
        own = self.policy.class_on(standing.member_class, day)
        return own is not None and bool(getattr(own, self.switch))

    def _is_in(self, member: str) -> bool:
        fiscal = self.figures.fiscal
        labour = self.figures.members.get(member)
        if self.minimum and labour is not None and labour.hours < self.minimum:
            return False
        return self.register.was_member(member, fiscal.start, fiscal.end)


# --- history --------------------------------------------------------------------------


def history_of(books: Books, policy: Policy, figures: YearFigures) -> list[PastYear]:
    """Return what earlier years put where, oldest first, as it was booked."""
    bookings = books.appropriations_by_year()
    return [
        _past_year(books, policy, earlier, bookings.get(earlier.fiscal.label, ()))
        for earlier in books.years.values()
        if earlier.fiscal.end < figures.fiscal.start
    ]


def _past_year(
    books: Books, policy: Policy, figures: YearFigures, bookings: Iterable[Booking]
) -> PastYear:
    """Return one earlier year: its surplus after losses, and its allocations."""
    allocated: dict[str, Decimal] = {}
    for booking in bookings:
        for leg in booking.legs:
            for name in (leg.role, f"step:{leg.step}"):
                if leg.amount > 0 and leg.role not in ACTIVITY:
                    allocated[name] = allocated.get(name, ZERO) + leg.amount
    surplus = max(ZERO, pool_of(books, figures) - prior_losses(figures))
    terms = terms_of(books, policy, figures)
    return PastYear(figures.fiscal.label, surplus, allocated, terms)


def _index(books: Books, end: datetime.date) -> int:
    founded = books.founded
    first = books.year_end.year_of(founded).label if founded else end.year
    return books.year_end.year_of(end).label - first + 1
