"""What the law says of somebody who leaves: deductions, deadlines, interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.periods import add_months
from coopledger.domain.refunds import demands_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.leaving import Leaver
    from coopledger.domain.leaving import Rates
    from coopledger.domain.refunds import Demand
    from coopledger.law.policy import Policy

#: Parameters that say what is kept, by kind of exit; the others cost nothing.
_DEDUCTIONS: dict[str, tuple[str, ...]] = {
    "unjustified": ("exit.deduction-unjustified",),
    "minimum-stay": ("exit.deduction-unjustified", "exit.deduction-stay-extra"),
    "expulsion": ("exit.deduction-expulsion",),
}
#: Contributions of which something may be kept; what is retained or voluntary is not.
COMPULSORY = frozenset({"contribution", "redeemable", "uncalled"})
#: What the interest on a debt to a leaver is made of.
_OVER, _REFERENCES = (
    "exit.interest-over",
    ("exit.reference-rate", "interest.legal-rate"),
)

_MONTHS = 12


def highest_deduction(policy: Policy, kind: str, on: datetime.date) -> Decimal | None:
    """Return the highest share of the contributions that may be kept.

    Args:
        policy: What governs the book.
        kind: Kind of exit; "" where it is not known, and the highest of all counts.
        on: The day.

    Returns:
        The share, or None where law and statutes say nothing of that day.
    """
    if not kind:
        shares = [highest_deduction(policy, one, on) for one in _DEDUCTIONS]
        known = [share for share in shares if share is not None]
        return max(known) if len(known) == len(shares) else None
    if kind not in _DEDUCTIONS:
        return ZERO if highest_deduction(policy, "", on) is not None else None
    first, *more = _DEDUCTIONS[kind]
    share = policy.find_number(first, on)
    if share is None:
        return None
    return share + sum((policy.find_number(name, on) or ZERO for name in more), ZERO)


def agreed_deduction(policy: Policy, kind: str, on: datetime.date) -> Decimal:
    """Return the share that the co-op's own by-laws keep; none where they are silent.

    The law only says how much they may.
    """
    own = (
        policy.find_number(name, on)
        for name in _DEDUCTIONS.get(kind, ())
        if policy.choice_of(name, on, "statutes")
    )
    return sum((share for share in own if share is not None), ZERO)


def deduction_sources(policy: Policy, kind: str, on: datetime.date) -> tuple[str, ...]:
    """Return the texts behind what is kept, or may be, for a kind of exit."""
    names = _DEDUCTIONS.get(kind) or [n for own in _DEDUCTIONS.values() for n in own]
    return _sources(policy, tuple(dict.fromkeys(names)), on)


def years_sources(policy: Policy, kind: str, left: datetime.date) -> tuple[str, ...]:
    """Return the texts behind the time to repay somebody who left on a day."""
    names = ("exit.death-years", "exit.years") if kind == "death" else ("exit.years",)
    known = [one for one in names if policy.find_number(one, left) is not None]
    return _sources(policy, tuple(known[:1]), left)


def interest_sources(policy: Policy, on: datetime.date) -> tuple[str, ...]:
    """Return the texts behind the least interest on a debt to a leaver on a day."""
    known = [one for one in _REFERENCES if policy.find_number(one, on) is not None]
    return _sources(policy, (_OVER, *known[:1]), on)


def _sources(
    policy: Policy, names: Iterable[str], on: datetime.date
) -> tuple[str, ...]:
    settings = (policy.find(name, on) for name in names)
    sources = (text for one in settings if one for text in one.sources)
    return tuple(dict.fromkeys(sources))


def years_to_repay(policy: Policy, kind: str, left: datetime.date) -> Decimal | None:
    """Return how many years there are to repay somebody who left on a day."""
    years = policy.find_number("exit.years", left)
    if kind == "death":
        return policy.find_number("exit.death-years", left) or years
    return years


def deadlines_of(
    policy: Policy, leaver: Leaver
) -> Iterator[tuple[Demand, datetime.date]]:
    """Return what has to be repaid to a leaver with the last day for it."""
    years = years_to_repay(policy, leaver.ending.exit_kind, leaver.left)
    if years is not None:
        for demand in demands_of(leaver.refunds, leaver.left):
            yield demand, add_months(demand.start, int(years * _MONTHS))


def rates_of(policy: Policy, start: datetime.date, end: datetime.date) -> Rates:
    """Return the least rates of interest on debts to leavers over a time.

    Returns:
        Each day on which the rate may change, with the rate from then on; None where
        it is not decided.
    """
    names = (_OVER, *_REFERENCES)
    days = {one.date for one in policy.policies}
    days |= {one.date for one in policy.choices if one.name in names}
    for preset in policy.presets:
        for layer in preset.layers:
            for name in names:
                parameter = layer.parameters.get(name)
                for dated in parameter.values if parameter else ():
                    days.add(dated.start)
                    days |= {dated.until + ONE_DAY} if dated.until else set()
    inside = sorted({start, *(day for day in days if start < day <= end)})
    return [(day, interest_rate(policy, day)) for day in inside]


def interest_rate(policy: Policy, on: datetime.date) -> Decimal | None:
    """Return the least rate of interest on a debt to a leaver on a day."""
    over = policy.find_number(_OVER, on)
    reference = next(
        (
            rate
            for name in _REFERENCES
            if (rate := policy.find_number(name, on)) is not None
        ),
        None,
    )
    return None if over is None or reference is None else reference + over
