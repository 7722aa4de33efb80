"""A fiscal year under the law in force: its facts, and its appropriation.

This is where books and policy meet.  Services propose from it and rules compare with
it, so that there is one calculation and not two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import share
from coopledger.domain.appropriation import Facts
from coopledger.domain.appropriation import PastYear
from coopledger.domain.books import ORIGINS
from coopledger.domain.patronage import bases_in_force
from coopledger.domain.patronage import measured
from coopledger.domain.patronage import weights
from coopledger.domain.periods import add_months

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction

    from coopledger.domain.appropriation import Step
    from coopledger.domain.books import Booking
    from coopledger.domain.books import Books
    from coopledger.domain.books import Labour
    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.law.policy import Policy


def steps_of(policy: Policy, figures: YearFigures, pool: Decimal) -> tuple[Step, ...]:
    """Return the preset's steps for a surplus, or for a loss."""
    preset = policy.preset_on(figures.fiscal.end)
    return preset.loss if pool < 0 else preset.surplus


def facts_of(books: Books, policy: Policy, figures: YearFigures) -> Facts:
    """Collect what the steps may ask about a year."""
    end = figures.fiscal.end
    terms = terms_of(books, policy, figures)
    pool = pool_of(books, figures)
    # Nobody asks for a loss's weights in a year without one, and they cost time.
    losses = weights_of(books, policy, figures, "losses") if pool < 0 else {}
    return Facts(
        pool=pool,
        terms=terms,
        weights=weights_of(books, policy, figures, "patronage"),
        loss_weights=losses,
        capital=figures.capital,
        order=books.register.ids,
        history=history_of(books, figures),
        index=_index(books, end),
        unit=books.unit,
    )


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
        "payroll": sum(
            (
                labour.amount
                for side in (figures.members, figures.hired)
                for labour in side.values()
            ),
            ZERO,
        ),
    }


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
    own = _labour(
        (
            labour
            for member, labour in figures.members.items()
            if _takes_part(books, policy, figures, member)
        ),
        measure,
    )
    everybody = [*figures.members.values(), *figures.hired.values()]
    whole = _labour(everybody, measure)
    if whole == 0:
        return cooperative
    return share(cooperative, own, whole, books.unit)


def _takes_part(
    books: Books, policy: Policy, figures: YearFigures, member: str
) -> bool:
    """Say whether somebody was a member of a class with patronage in a year.

    A candidate's labour, though it stands on a member's account, is no member's.
    """
    fiscal = figures.fiscal
    if not books.register.was_member(member, fiscal.start, fiscal.end):
        return False
    held = books.register.classes(member, fiscal.start, fiscal.end) or ("",)
    classes = (policy.class_on(name, fiscal.end) for name in held)
    return any(one.patronage for one in classes if one)


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
    counts = _Counting(books, policy, figures, switch)
    quantities = {basis.basis: measured(figures, basis, counts) for basis in bases}
    combination = policy.text("patronage.combination", fiscal.end, "weighted-sum")
    return weights(quantities, bases, combination)


def bases_of(books: Books, figures: YearFigures) -> list[PatronageBasis]:
    """Return the patronage bases that hold for a year."""
    return bases_in_force(books.bases, figures.fiscal, books.founded)


class _Counting:
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
        # The last pay often comes after the last day; what is later is nobody's.
        if standing.left and day > add_months(standing.left, 1):
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


def history_of(books: Books, figures: YearFigures) -> list[PastYear]:
    """Return what earlier years put where, oldest first, as it was booked."""
    bookings = books.appropriations_by_year()
    return [
        _past_year(books, earlier, bookings.get(earlier.fiscal.label, ()))
        for earlier in books.years.values()
        if earlier.fiscal.end < figures.fiscal.start
    ]


def _past_year(
    books: Books, figures: YearFigures, bookings: Iterable[Booking]
) -> PastYear:
    """Return one earlier year: its surplus after losses, and its allocations."""
    allocated: dict[str, Decimal] = {}
    for booking in bookings:
        for leg in booking.legs:
            if leg.amount > 0:
                allocated[leg.role] = allocated.get(leg.role, ZERO) + leg.amount
    surplus = max(ZERO, pool_of(books, figures) - prior_losses(figures))
    return PastYear(figures.fiscal.label, surplus, allocated)


def _index(books: Books, end: datetime.date) -> int:
    founded = books.founded
    first = books.year_end.year_of(founded).label if founded else end.year
    return books.year_end.year_of(end).label - first + 1
