"""What the portal has put into a member's own book, beside their movements."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.phrases import Rate
from coopledger.services.attributing import FIGURES
from coopledger.services.ownparts import MEASURE
from coopledger.services.ownparts import PART
from coopledger.services.ownparts import OwnMeasure
from coopledger.services.ownparts import OwnPart
from coopledger.services.showing import RATE
from coopledger.services.showing import Told
from coopledger.services.summing import DIRECTIVE
from coopledger.services.summing import LEFT_OUT
from coopledger.services.summing import Sum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fava.beans.abc import Custom

#: Number and rounding by figure and year; no number where it is left out.
Together = dict[str, dict[str, tuple[Decimal | None, Decimal]]]

#: What stands in such directives behind the year.
_OF_PART = [str, Decimal, Decimal, Decimal]
_OF_MEASURE = [str, str, Decimal, Decimal]


def sums_in(entries: Iterable[Custom]) -> Together:
    """Return what a member's book says of all members together."""
    found: Together = {}
    for entry in entries:
        said = _said(entry)
        if entry.type == DIRECTIVE and len(said) == len(Sum._fields):
            year, name, number, step = said
            known = None if number == LEFT_OUT else number
            found.setdefault(name, {})[year] = known, step
    return {name: found[name] for name in FIGURES if name in found}


def told_in(entries: Iterable[Custom]) -> Told:
    """Return what a member's book says of the member."""
    rates: dict[int, Rate] = {}
    parts: dict[tuple[int, str], OwnPart] = {}
    for entry in entries:
        year, *said = _said(entry) or [""]
        if not (isinstance(year, str) and year.isdecimal()):
            continue
        key = int(year), str(said[0] if said else "")
        types = [type(value) for value in said]
        if entry.type == RATE and types == [Decimal]:
            rates[int(year)] = Rate(said[0])
        elif entry.type == PART and types == _OF_PART:
            step, times, weight, amount = said
            parts[key] = OwnPart(int(year), step, times, weight, amount, ())
        elif entry.type == MEASURE and types == _OF_MEASURE and key in parts:
            measures = (*parts[key].measures, OwnMeasure(*said[1:]))
            parts[key] = parts[key]._replace(measures=measures)
    return Told(rates, tuple(parts.values()))


def _said(entry: Custom) -> list[Any]:
    return [one.value for one in entry.values or ()]
