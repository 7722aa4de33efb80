"""What each kind of step wants, as a formula, and whether floats give it exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import Rounding
from coopledger.domain.amounts import is_whole
from coopledger.services.exporting.arithmetic import LIMIT
from coopledger.services.exporting.averaging import average_name
from coopledger.services.exporting.averaging import average_value
from coopledger.services.exporting.averaging import average_years
from coopledger.services.exporting.naming import fact_name
from coopledger.services.exporting.naming import slug

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopledger.services.exporting.stepping import Stepping

#: A fraction of a unit below which a float cannot be told from a whole number here.
_CLEAR = Fraction(1, 5000)

#: Decimals of a unit that an average keeps before it is rounded.
_KEPT = 4

#: No base of an average has more units, so that its product is good to those decimals.
_AVERAGED = 10**10


def _share(one: Stepping) -> str:
    return one.share(one.at["base"])


def _top_up(one: Stepping) -> str:
    return f"{_share(one)}-{one.at['less']}" if one.applied.step.less else _share(one)


def _slice(one: Stepping) -> str:
    base = one.at["base"]
    first = f"MIN({base},{slug(one.applied.step.slice)})"
    return f"{first}+{one.share(f'{base}-{first}')}"


def _alpha(one: Stepping) -> str:
    arithmetic, base = one.subject.arithmetic, one.at["base"]
    units = arithmetic.units(base)
    against = arithmetic.units(one.total(one.applied.step.against))
    divisor = f"({units}+{against})"
    # Rounded on whole numbers: half a divisor more, or a whole one less a unit.
    more = {"nearest": f"+{divisor}/2", "up": f"+{divisor}-1", "down": ""}
    product = f"({units}*{units}{more[one.applied.step.round]})"
    weighed = arithmetic.money(f"INT({product}/{divisor})")
    best = f"MAX({_share(one)},{weighed})" if one.applied.step.rate else weighed
    less = f"-{one.at['less']}" if one.applied.step.less else ""
    return f"IF({base}=0,0,{best}{less})"


def _rest(one: Stepping) -> str:
    return one.before


def _average(one: Stepping) -> str:
    arithmetic, step = one.subject.arithmetic, one.applied.step
    mean = average_name(step.id) if average_years(one.subject, step) else "0"
    units = f"{arithmetic.factor}*{one.at['base']}*{mean}"
    if step.excess:
        held = f"{fact_name(f'balance:{step.role}')}+{fact_name('balance:entry-fees')}"
        bearable = f"{held}-{slug(step.excess)}*{fact_name('capital')}"
        units += f"+MAX(0,{arithmetic.factor}*({bearable}))"
    return arithmetic.rounded(f"ROUND({units},{_KEPT})", step.round)


#: Kinds that are reckoned for each member by time or by unit: their figures are values.
VALUED = frozenset({"interest", "per-unit"})

#: What a step wants, by its kind.
WANTED: dict[str, Callable[[Stepping], str]] = {
    "share": _share,
    "top-up": _top_up,
    "slice": _slice,
    "alpha": _alpha,
    "offset": _share,
    "patronage": _share,
    "rest": _rest,
    "average": _average,
    "members": _share,
    "carry": _rest,
}


# --- which kinds need a look ----------------------------------------------------------


def _slice_is_exact(one: Stepping) -> bool:
    first = one.subject.settings[one.applied.step.slice].value
    if not isinstance(first, Decimal) or not one.subject.arithmetic.is_whole:
        return False
    return is_whole(first, one.subject.facts.unit)


def _alpha_is_exact(one: Stepping) -> bool:
    if not one.subject.arithmetic.is_whole:
        return False
    base = one.subject.units(one.applied.base)
    against = one.subject.units(one.value(one.applied.step.against))
    return 2 * (base * base + base + against) <= LIMIT


def _average_is_exact(one: Stepping) -> bool:
    step, subject = one.applied.step, one.subject
    amount = Fraction(one.applied.base) * average_value(subject, step)
    if step.excess:
        rate = Fraction(str(subject.settings[step.excess].value))
        held = one.value([f"balance:{step.role}", "balance:entry-fees"])
        amount += max(
            Fraction(0), Fraction(held) - rate * Fraction(one.value(["capital"]))
        )
    units = amount / Fraction(subject.facts.unit)
    return units <= _AVERAGED and _is_clear(units, step.round)


def _is_clear(units: Fraction, rounding: Rounding) -> bool:
    """Say whether no float can round to another unit than the exact figure."""
    shifted = units + Fraction(1, 2) if rounding == "nearest" else units
    gap = abs(shifted - round(shifted))
    return gap == 0 or gap > _CLEAR


#: What says whether a formula of a kind is exact; all other kinds are.
EXACT: dict[str, Callable[[Stepping], bool]] = {
    "slice": _slice_is_exact,
    "alpha": _alpha_is_exact,
    "average": _average_is_exact,
}
