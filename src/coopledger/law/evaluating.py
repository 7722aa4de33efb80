"""A fiscal year under the law in force: its facts, and its appropriation.

This is where books and policy meet.  Services propose from it and rules compare with
it, so that there is one calculation and not two.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.books import ORIGINS
from coopledger.domain.capital import ACTIVITY
from coopledger.domain.capital import CAPITAL
from coopledger.domain.interest import capital_by_time
from coopledger.domain.kinds import BY_TIME
from coopledger.domain.kinds import CHARGES
from coopledger.domain.steps import Facts
from coopledger.domain.steps import PastYear
from coopledger.domain.steps import split_term
from coopledger.domain.weights import Weights
from coopledger.law.standing import bearable
from coopledger.law.standing import classes_on
from coopledger.law.standing import consents_of
from coopledger.law.standing import deficits_of
from coopledger.law.standing import highest_of
from coopledger.law.standing import members_on
from coopledger.law.standing import movements_before
from coopledger.law.standing import seniority_of
from coopledger.law.standing import standing_of
from coopledger.law.weighing import ALL
from coopledger.law.weighing import counting_of
from coopledger.law.weighing import hired_weights_of
from coopledger.law.weighing import labour_of
from coopledger.law.weighing import member_labour_result
from coopledger.law.weighing import units_of
from coopledger.law.weighing import weights_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import Booking
    from coopledger.domain.books import Books
    from coopledger.domain.books import YearFigures
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.steps import Step
    from coopledger.law.policy import Policy
    from coopledger.law.standing import Standing
    from coopledger.law.weighing import Counting


def facts_of(
    books: Books,
    policy: Policy,
    figures: YearFigures,
    decided_on: datetime.date | None = None,
) -> Facts:
    """Collect what the steps may ask about a year.

    What no step of the preset asks for is left empty: in a large book it costs time.

    Args:
        books: The books.
        policy: The law and the by-laws.
        figures: The year.
        decided_on: The day on which its result is distributed, where it is known.
    """
    fiscal = figures.fiscal
    preset = policy.preset_on(fiscal.end)
    steps = (*preset.surplus, *preset.loss)
    standing = standing_of(books, figures)
    pool = pool_of(books, figures)
    has_charges = any(step.kind in CHARGES for step in steps)
    may_lose = pool < 0 or has_charges
    earning = capital_time_of(books, policy, fiscal, preset.surplus)
    counts = counting_of(books, policy, figures, "patronage")
    losing = counting_of(books, policy, figures, "losses")
    units = units_of(counts) if has_charges else Weights({})
    facts = Facts(
        pool=pool,
        terms={
            **terms_of(counts, standing),
            **_counted_terms(books, figures, standing, steps, units),
            **_terms_by_time(earning, books.unit),
        },
        weights=weights_of(counts),
        loss_weights=weights_of(losing) if may_lose else {},
        hired_weights=hired_weights_of(counts),
        units=units,
        capital_time=earning.get("", {}),
        capital_time_by=earning,
        capital=standing.capital,
        order=books.register.ids,
        history=(),
        index=_index(books, fiscal.end),
        unit=books.unit,
    )
    asked = _asked_by_steps(books, fiscal, steps)
    asked |= _asked_by_audiences(books, policy, figures, preset.surplus)
    if may_lose and any(step.kind == "average" for step in preset.loss):
        asked["history"] = history_of(books, policy, figures)
    if may_lose and decided_on:
        asked["capital"] = bearable(books, standing, fiscal, decided_on)
    return replace(facts, **asked)


def _asked_by_steps(
    books: Books, year: FiscalYear, steps: Iterable[Step]
) -> dict[str, Any]:
    """Return the facts that only some steps ask for, by their name."""
    listed = tuple(steps)
    asked: dict[str, Any] = {}
    if any(step.seniority_step for step in listed):
        asked["seniority"] = seniority_of(books, year.end)
    if any(step.consent for step in listed):
        asked["consents"] = consents_of(books, year.end)
    if any(step.replenish for step in listed):
        asked["deficits"] = deficits_of(books, year)
    return asked


def _asked_by_audiences(
    books: Books, policy: Policy, figures: YearFigures, steps: Sequence[Step]
) -> dict[str, Any]:
    """Return the facts of steps that look at some bases or classes only."""
    audiences = {step.audience for step in steps} - {ALL}
    if not audiences:
        return {}
    counting = {
        classes: counting_of(books, policy, figures, "patronage", classes)
        for _, classes in audiences
    }
    charged = any(step.kind in CHARGES for step in steps)
    return {
        "classes": classes_on(books, figures.fiscal.end),
        "weights_by": {
            (named, classes): weights_of(counting[classes], named)
            for named, classes in audiences
        },
        "units_by": {
            (named, classes): units_of(counting[classes], named)
            for named, classes in audiences
            if charged
        },
    }


def capital_time_of(
    books: Books, policy: Policy, year: FiscalYear, steps: Iterable[Step]
) -> dict[str, Weights[str]]:
    """Return members' capital by the time it stood in a year, by role.

    Returns:
        Exact capital by member under "" for all roles, and under the name of each role
        that a step pays interest on by itself; {} where no step pays any.
    """
    paying = [
        step
        for step in steps
        if step.kind == "interest" and policy.find_number(step.rate, year.end)
    ]
    if not paying:
        return {}
    movements = movements_before(books, year)
    return {
        role: time_stood(
            policy, year, [one for one in movements if role in {"", one.role}]
        )
        for role in dict.fromkeys(["", *roles_earning(paying)])
    }


def time_stood(
    policy: Policy, year: FiscalYear, movements: Iterable[CapitalMovement]
) -> Weights[str]:
    """Return capital by the time it stood in a year, as the by-laws count time.

    The method is the by-laws' own: parameters ``interest.method``,
    ``interest.balance`` and ``interest.day-count``.

    Args:
        policy: What governs the books.
        year: The year.
        movements: The movements of capital that earn.

    Returns:
        Exact capital by member.
    """
    running = policy.text("interest.balance", year.end, "running") == "running"
    method = policy.text("interest.method", year.end, "day")
    day_count = policy.text("interest.day-count", year.end, "actual")
    return capital_by_time(movements, year, method, day_count, running=running)


def roles_earning(steps: Iterable[Step]) -> list[str]:
    """Return the roles of capital that steps pay interest on by themselves."""
    names = [split_term(term)[2] for step in steps for term in step.base]
    return [
        name.removeprefix(f"{BY_TIME}:")
        for name in names
        if name.startswith(f"{BY_TIME}:")
    ]


def _terms_by_time(
    earning: Mapping[str, Weights[str]], unit: Decimal
) -> dict[str, Decimal]:
    return {
        f"{BY_TIME}:{role}" if role else BY_TIME: round_to(found.total, unit)
        for role, found in earning.items()
    }


def _counted_terms(
    books: Books,
    figures: YearFigures,
    standing: Standing,
    steps: Iterable[Step],
    units: Weights[str],
) -> dict[str, Decimal]:
    """Return the terms that are counted only where a step names them."""
    named = {split_term(term)[2] for step in steps for term in step.terms}
    counted = {}
    if "members" in named:
        counted["members"] = Decimal(members_on(books, figures.fiscal.end))
    if "units" in named:
        whole = units.total
        counted["units"] = Decimal(whole.numerator) / Decimal(whole.denominator)
    if "capital.highest" in named:
        held = sum(standing.capital.values(), ZERO)
        peak = highest_of(books, figures.fiscal, CAPITAL)
        counted["capital.highest"] = max(held, peak)
    for name in named:
        kind, _, role = name.partition(":")
        if kind == "highest":
            counted[name] = highest_of(books, figures.fiscal, {role})
    return counted


def pool_of(books: Books, figures: YearFigures) -> Decimal:
    """Return what a year leaves to distribute: the result after tax, in whole units.

    Foreign money at its price leaves fractions of a cent, which nobody can be paid.
    """
    result = sum(figures.result.values(), ZERO) - sum(figures.tax.values(), ZERO)
    return round_to(result, books.unit)


def terms_of(counts: Counting, standing: Standing) -> dict[str, Decimal]:
    """Return the amount of every term a step may name, but for the running ones.

    Args:
        counts: Who takes part in which year.
        standing: What stood at its end.

    Returns:
        Amount by term, in the book's currency; balances are those of the last day of
        the year, before its own appropriation.
    """
    figures = counts.figures
    pool = pool_of(counts.books, figures)
    surplus = member_labour_result(counts)
    balances = {f"balance:{role}": sum_ for role, sum_ in standing.balances.items()}
    members, hired = figures.members.values(), figures.hired.values()
    return {
        **balances,
        **{f"result.{name}": figures.result.get(name, ZERO) for name in ORIGINS},
        **{f"tax.{name}": figures.tax.get(name, ZERO) for name in ORIGINS},
        "result": sum(figures.result.values(), ZERO),
        "tax": sum(figures.tax.values(), ZERO),
        "surplus": surplus,
        "profit": pool - surplus,
        "prior-losses": standing.prior_losses,
        "interest": figures.interest,
        "loss": max(ZERO, -pool),
        "capital": sum(standing.capital.values(), ZERO),
        "debts": standing.debts,
        "equity": standing.equity,
        "payroll": labour_of([*members, *hired], "amount"),
        "payroll.members": labour_of(members, "amount"),
        "payroll.hired": labour_of(hired, "amount"),
        "workers": Decimal(len(figures.hired)),
        "turnover": figures.turnover,
    }


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
            if leg.amount <= 0 or leg.role in ACTIVITY:
                continue
            for name in (leg.role, f"step:{leg.step}" if leg.step else ""):
                if name:
                    allocated[name] = allocated.get(name, ZERO) + leg.amount
    standing = standing_of(books, figures)
    surplus = max(ZERO, pool_of(books, figures) - standing.prior_losses)
    counts = counting_of(books, policy, figures, "patronage")
    terms = terms_of(counts, standing)
    return PastYear(figures.fiscal.label, surplus, allocated, terms)


def _index(books: Books, end: datetime.date) -> int:
    founded = books.founded
    first = books.year_end.year_of(founded).label if founded else end.year
    return books.year_end.year_of(end).label - first + 1
