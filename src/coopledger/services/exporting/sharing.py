"""What a person's row on a sheet of parts says: what is paid and kept, or borne."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Phrase
from coopledger.services.exporting.comparing import borne_by
from coopledger.services.exporting.comparing import given_by
from coopledger.services.exporting.comparing import received_by
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.naming import parts_name
from coopledger.services.exporting.naming import slug

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence
    from decimal import Decimal
    from fractions import Fraction

    from coopledger.domain.division import Person
    from coopledger.services.exporting.comparing import Shares
    from coopledger.services.exporting.description import Cell
    from coopledger.services.exporting.dividing import MemberFigures
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.stepping import Stepping


class Someone(NamedTuple):
    """Somebody in a row: number, who, weight, and figures on the way if there are."""

    number: int
    person: Person
    weight: Fraction
    figures: MemberFigures | None


class Side(NamedTuple):
    """What surplus and loss differ in: columns, a person's cells, what adds up."""

    columns: list[Column]
    row: Callable[[Someone, Addresses], Row]
    totals: dict[str, Decimal]


def units_of(one: Stepping) -> str:
    """Return the key of the column of units, a row for each person in their order."""
    return f"units:{one.applied.step.id}"


def _part_of(one: Stepping, who: Someone) -> Decimal:
    is_hired, name = who.person
    return (one.applied.hired if is_hired else one.applied.parts)[name]


def _amount(one: Stepping, who: Someone) -> Cell:
    """Return somebody's part: the units of the division, as money."""
    place = one.subject.places.get(units_of(one))
    if place is None or who.figures is None:
        return fact(_divided(one, who), "money")
    units = one.subject.arithmetic.money(place.at(who.number))
    return live(units, _divided(one, who), "money")


def _divided(one: Stepping, who: Someone) -> Decimal:
    """Return what the division gives, before anybody's own capital limits it."""
    if who.figures is None:
        return _part_of(one, who)
    return who.figures.units * one.subject.facts.unit


# --- what is given --------------------------------------------------------------------

#: Columns of what somebody gets, in the order of `given_by`.
_KEYS = ("cash", "retained", "nonqualified", "restored")
_WORDS = ("Paid in money", "Retained", "Nonqualified", "Makes good losses")


def _keys(one: Stepping) -> list[str]:
    """Return the columns that are needed: few distributions make losses good."""
    restores = any(line.replenished for line in one.applied.lines)
    return list(_KEYS if restores else _KEYS[:3])


def given_side(one: Stepping, people: Sequence[Someone]) -> Side:
    """Return each part, what is paid of it, and what is kept."""
    subject, tag = one.subject, slug(one.applied.step.id)
    compared, keys = subject.compared_with, _keys(one)
    words = dict(zip(_KEYS, _WORDS, strict=True))
    withheld = {line.member: line.withheld for line in one.applied.lines}
    has_tax = any(withheld.values())
    columns = [
        Column("amount", "Amount", 14, parts_name(one.applied.step.id)),
        *(Column(key, words[key], 14) for key in keys),
        *([Column("withheld", "Withheld", 14)] if has_tax else []),
        Column("gap", "Parts less amount", 12, f"gaps_{tag}"),
        *(
            Column(
                f"{key}_there",
                Phrase("{what}, {where}", what=Phrase(words[key]), where=compared),
                14,
            )
            for key in keys
        ),
        Column("difference", "Difference", 12, f"differences_{tag}"),
    ]
    here, there = given_by(one.applied), received_by(one)

    def row(who: Someone, at: Addresses) -> Row:
        own = dict(zip(_KEYS, here[who.person], strict=True))
        taken = withheld.get(who.person[1], ZERO)
        added = "+".join(at[key] for key in (*keys, "withheld") if key in at)
        gap = subject.arithmetic.net(f"{added}-{at['amount']}")
        return {
            "amount": _amount(one, who),
            **_kept(one, who, own, at),
            **({"withheld": fact(taken, "money")} if has_tax else {}),
            "gap": live(gap, ZERO, "difference"),
            **_compared(one, own, there[who.person], at),
        }

    totals = {
        "amount": sum((_part_of(one, who) for who in people), ZERO),
        **_sums(keys, here),
        **({"withheld": sum(withheld.values(), ZERO)} if has_tax else {}),
        **{f"{key}_there": total for key, total in _sums(keys, there).items()},
    }
    return Side(columns, row, totals)


def _sums(keys: Sequence[str], given: Shares) -> dict[str, Decimal]:
    return {
        key: sum((own[_KEYS.index(key)] for own in given.values()), ZERO)
        for key in keys
    }


def _kept(one: Stepping, who: Someone, own: dict[str, Decimal], at: Addresses) -> Row:
    """Part an amount: a share in money, rounded up, and the rest."""
    is_hired, _ = who.person
    if is_hired and one.subject.arithmetic.is_exact:
        cash = live(at["amount"], own["cash"], "money")
        return {**_values(own, at), "cash": cash}
    if not one.is_plain or not one.is_live:
        return _values(own, at)
    step, arithmetic = one.applied.step, one.subject.arithmetic
    paper = arithmetic.net(f"{at['amount']}-{at['cash']}")
    retained, nonqualified = paper, "0"
    if step.notice:
        is_nonqualified = f'{slug(step.notice)}="nonqualified"'
        retained = f"IF({is_nonqualified},0,{paper})"
        nonqualified = f"IF({is_nonqualified},{paper},0)"
    cash_part = "0"
    if step.cash:
        share = arithmetic.times(at["amount"], slug(step.cash), "up")
        cash_part = f"MIN({at['amount']},{share})"
    return {
        "cash": live(cash_part, own["cash"], "money"),
        "retained": live(retained, own["retained"], "money"),
        "nonqualified": live(nonqualified, own["nonqualified"], "money"),
    }


def _values(own: dict[str, Decimal], at: Addresses) -> dict[str, Cell]:
    return {key: fact(own[key], "money") for key in _KEYS if key in at}


def _compared(
    one: Stepping, own: dict[str, Decimal], there: tuple[Decimal, ...], at: Addresses
) -> Row:
    other = dict(zip(_KEYS, there, strict=True))
    keys = [key for key in _KEYS if key in at]
    gaps = "+".join(f"ABS({at[key]}-{at[f'{key}_there']})" for key in keys)
    difference = sum((abs(own[key] - other[key]) for key in keys), ZERO)
    return {
        **{f"{key}_there": fact(other[key], "money") for key in keys},
        "difference": live(one.subject.arithmetic.net(gaps), difference, "difference"),
    }


# --- what is borne --------------------------------------------------------------------


def borne_side(one: Stepping, people: Sequence[Someone]) -> Side:
    """Return each member's part of a loss, as far as their own capital reaches."""
    subject, net = one.subject, one.subject.arithmetic.net
    tag = slug(one.applied.step.id)
    columns = [
        Column("part", "Part of the loss", 14, f"shares_{tag}"),
        Column("capital", "Own capital", 14),
        Column("amount", "Bears", 14, parts_name(one.applied.step.id)),
        Column("uncovered", "Not covered", 14, f"uncovered_{tag}"),
        Column(
            "there",
            Phrase(
                "{what}, {where}", what=Phrase("Bears"), where=subject.compared_with
            ),
            14,
        ),
        Column("difference", "Difference", 12, f"differences_{tag}"),
    ]
    capital, bears = subject.facts.capital, one.applied.parts
    there, closing, cells = borne_by(one), subject.closing, subject.closing_cells

    def row(who: Someone, at: Addresses) -> Row:
        _, member = who.person
        own, borne = capital.get(member, ZERO), bears[member]
        uncovered = net(f"{at['part']}-{at['amount']}")
        gap = net(f"ABS({at['amount']}-{at['there']})")
        limited = f"MIN({at['part']},MAX(0,{at['capital']}))"
        place = cells.get(member)
        is_there = place is not None and closing.get(member, ZERO) == own
        apart = abs(borne - there[member])
        return {
            "part": _amount(one, who),
            "capital": live(place, own, "money")
            if place and is_there
            else fact(own, "money"),
            "amount": live(limited, borne, "money"),
            "uncovered": live(uncovered, _divided(one, who) - borne, "money"),
            "there": fact(there[member], "money"),
            "difference": live(gap, apart, "difference"),
        }

    parts = sum((_divided(one, who) for who in people), ZERO)
    borne = sum(bears.values(), ZERO)
    totals = {
        "part": parts,
        "amount": borne,
        "uncovered": parts - borne,
        "there": sum(there.values(), ZERO),
    }
    return Side(columns, row, totals)
