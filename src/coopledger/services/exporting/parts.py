"""The sheets of members' parts: a surplus by patronage, a loss up to own capital."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.law.evaluating import bases_of
from coopledger.services.exporting import dividing
from coopledger.services.exporting.arithmetic import scaled
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.dividing import Division
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.drafting import Draft
from coopledger.services.exporting.subject import MEMBERS
from coopledger.services.exporting.subject import parts_name
from coopledger.services.exporting.subject import slug

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from fractions import Fraction

    from coopledger.domain.steps import Line
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.stepping import Stepping
    from coopledger.services.exporting.subject import Subject

_NOT_LIVE = (
    "The weights or amounts are too long for exact formulas: members' amounts on this "
    "sheet are values, and a changed rate does not move them."
)


def parts_sheets(subject: Subject) -> Iterator[Sheet]:
    """Make two sheets for each step that goes to members: the parts, the division."""
    made: dict[str, int] = {}
    for one in subject.steppings.values():
        if not one.applied.parts:
            continue
        title = "Loss by member" if _is_loss(one) else "Patronage"
        made[title] = number = made.get(title, 0) + 1
        ending = "" if number == 1 else f" {number}"
        what = one.applied.step.title
        parts = Draft(f"{title}{ending}", f"{what}, member by member", fixed=2)
        division = Draft(f"Division{ending}", f"{what}, divided to the last unit")
        # Parts call cells of the division, which comes after them in the workbook.
        divided = _division_sheet(one, division)
        yield _parts_sheet(one, parts)
        yield divided


def _is_loss(one: Stepping) -> bool:
    return one.applied.step.kind == MEMBERS


def _weights(one: Stepping) -> list[Fraction]:
    facts = one.subject.facts
    weights = facts.loss_weights if _is_loss(one) else facts.weights
    return [weights[member] for member in one.applied.parts]


def _division(one: Stepping) -> Division:
    subject = one.subject
    most = subject.units(abs(subject.facts.pool))
    return Division(
        slug(one.applied.step.id),
        subject.units(one.allowed_value()),
        scaled(_weights(one), most),
        subject.arithmetic,
    )


def _parts_sheet(one: Stepping, draft: Draft) -> Sheet:
    subject, step, division = one.subject, one.applied.step, _division(one)
    draft.begin(
        f"{step.title}, member by member",
        subject.subtitle,
        f"{subject.state} Weights are patronage: {_bases_in_words(subject)}.",
        *([] if division.is_live else [_NOT_LIVE]),
    )
    side = (_losses if _is_loss(one) else _dividends)(one, division)
    columns = Columns.of(
        Column("member", "Member", 16),
        Column("name", "Name", 26),
        Column("weight", "Weight", 14),
        *side.columns,
    )
    draft.table(
        f"members_{division.tag}",
        columns,
        _people(one, division),
        lambda who, at: _row(one, side, who, at),
        total=lambda over: _total(one, side, over),
        filtered=True,
    )
    return draft.done


class _Person(NamedTuple):
    """One member in a row: number, weight, and figures on the way."""

    number: int
    member: str
    weight: Fraction
    figures: dividing.MemberFigures


def _people(one: Stepping, division: Division) -> list[_Person]:
    rows = zip(
        one.applied.parts, _weights(one), dividing.figures_of(division), strict=True
    )
    return [_Person(number, *row) for number, row in enumerate(rows)]


def _row(one: Stepping, side: _Side, who: _Person, at: Addresses) -> Row:
    return {
        "member": text(who.member),
        "name": text(one.subject.books.register.name(who.member)),
        "weight": fact(_shown(who.weight), "quantity"),
        **side.row(who, at),
    }


def _total(one: Stepping, side: _Side, over: Addresses) -> Row:
    net = one.subject.arithmetic.net
    weight = sum((_shown(weight) for weight in _weights(one)), ZERO)
    return {
        "member": Cell("Total", "strong", "total"),
        "weight": summed(f"SUBTOTAL(109,{over['weight']})", weight, "quantity"),
        **{
            key: summed(net(f"SUBTOTAL(109,{over[key]})"), value, "money")
            for key, value in side.totals.items()
        },
    }


def _shown(weight: Fraction) -> Decimal:
    return Decimal(weight.numerator) / weight.denominator


def _bases_in_words(subject: Subject) -> str:
    return ", ".join(
        f"{basis.basis} ({basis.measure} on {basis.template}"
        f"{'' if basis.weight == 1 else f', weight {basis.weight}'})"
        for basis in bases_of(subject.books, subject.figures)
    )


# --- the division ---------------------------------------------------------------------


def _division_sheet(one: Stepping, draft: Draft) -> Sheet:
    """Show how the pool is divided, what all members share first."""
    subject, division = one.subject, _division(one)
    draft.begin(
        f"{one.applied.step.title}: the division",
        subject.subtitle,
        "Every member gets whole units in proportion; the units that are left go one "
        "by one to the largest remainders, equal ones in the order of the rows: join "
        "date, then id. All figures are whole numbers, so that nothing is rounded.",
        *([] if division.is_live else [_NOT_LIVE]),
    )
    pool, name = one.allowed_value(), division.name("pool")
    cell = fact(pool, "money", name)
    if one.is_exact:
        cell = live(one.allowed(), pool, "money", name)
    rows = [("Pool", f"What is divided: {one.applied.step.title}", cell)]
    if division.is_live:
        rows += dividing.totals_of(division, name)
    draft.table(
        f"pool_{division.tag}",
        Columns.of(
            Column("what", "Figure", 16),
            Column("meaning", "What it is", 46),
            Column("value", "Value", 18),
        ),
        rows,
        lambda row, _: {
            "what": text(row[0]),
            "meaning": text(row[1], "wrapped"),
            "value": row[2],
        },
    )
    if division.is_live:
        _members_of(one, division, draft)
    return draft.done


def _members_of(one: Stepping, division: Division, draft: Draft) -> None:
    columns = Columns.of(
        Column("member", "Member", 16),
        Column("name", "Name", 46),
        *dividing.columns_of(division),
    )

    def row(who: _Person, at: Addresses) -> Row:
        place = f"units:{division.tag}:{who.member}"
        one.subject.places[place] = draft.elsewhere(at["units"])
        is_first = who.number == 0
        return {
            "member": text(who.member),
            "name": text(one.subject.books.register.name(who.member)),
            **dividing.workings_of(division, who.figures, at, is_first=is_first),
        }

    draft.table(
        f"division_{division.tag}",
        columns,
        _people(one, division),
        row,
        caption="Member by member",
    )


def _amount(one: Stepping, division: Division, who: _Person) -> Cell:
    """Return a member's part: the units of the division, as money."""
    amount = who.figures.units * one.subject.facts.unit
    place = one.subject.places.get(f"units:{division.tag}:{who.member}")
    if place is None:
        return fact(amount, "money")
    return live(one.subject.arithmetic.money(place), amount, "money")


# --- parts ----------------------------------------------------------------------------


class _Side(NamedTuple):
    """What surplus and loss differ in: columns, a member's cells, what adds up."""

    columns: list[Column]
    row: Callable[[_Person, Addresses], Row]
    totals: dict[str, Decimal]


# --- a surplus ------------------------------------------------------------------------


def _dividends(one: Stepping, division: Division) -> _Side:
    """Each member's part, what is paid of it, and what is kept."""
    subject, name = one.subject, division.name
    lines = {line.member: line for line in one.applied.lines}
    compared = subject.compared_with
    columns = [
        Column("amount", "Amount", 14, parts_name(one.applied.step.id)),
        Column("cash", "Paid in money", 14),
        Column("retained", "Retained", 14),
        Column("nonqualified", "Nonqualified", 14),
        Column("gap", "Parts less amount", 12, name("gaps")),
        Column("cash_there", f"Paid, {compared}", 14),
        Column("retained_there", f"Retained, {compared}", 14),
        Column("nonqualified_there", f"Nonqualified, {compared}", 14),
        Column("difference", "Difference", 12, name("differences")),
    ]
    there = subject.received_by(one)

    def row(who: _Person, at: Addresses) -> Row:
        line = lines[who.member]
        together = f"{at['cash']}+{at['retained']}+{at['nonqualified']}"
        gap = subject.arithmetic.net(f"{together}-{at['amount']}")
        return {
            "amount": _amount(one, division, who),
            **_kept(one, line, at),
            "gap": live(gap, ZERO, "difference"),
            **_compared(one, line, there[who.member], at),
        }

    sums = zip(*there.values(), strict=True)
    paid, retained, nonqualified = (sum(column, ZERO) for column in sums)
    totals = {
        "amount": sum((line.amount for line in lines.values()), ZERO),
        "cash": sum((line.cash for line in lines.values()), ZERO),
        "retained": sum((line.retained for line in lines.values()), ZERO),
        "nonqualified": sum((line.nonqualified for line in lines.values()), ZERO),
        "cash_there": paid,
        "retained_there": retained,
        "nonqualified_there": nonqualified,
    }
    return _Side(columns, row, totals)


def _kept(one: Stepping, line: Line, at: Addresses) -> Row:
    """Part an amount: a share in money, rounded up, and the rest."""
    step, arithmetic = one.applied.step, one.subject.arithmetic
    if not arithmetic.is_exact:
        return {
            "cash": fact(line.cash, "money"),
            "retained": fact(line.retained, "money"),
            "nonqualified": fact(line.nonqualified, "money"),
        }
    paper = arithmetic.net(f"{at['amount']}-{at['cash']}")
    retained, nonqualified = paper, "0"
    if step.notice:
        is_nonqualified = f'{slug(step.notice)}="nonqualified"'
        retained = f"IF({is_nonqualified},0,{paper})"
        nonqualified = f"IF({is_nonqualified},{paper},0)"
    cash = "0"
    if step.cash:
        share = arithmetic.times(at["amount"], slug(step.cash), "up")
        cash = f"MIN({at['amount']},{share})"
    return {
        "cash": live(cash, line.cash, "money"),
        "retained": live(retained, line.retained, "money"),
        "nonqualified": live(nonqualified, line.nonqualified, "money"),
    }


def _compared(
    one: Stepping,
    line: Line,
    there: tuple[Decimal, ...],
    at: Addresses,
) -> Row:
    keys = ("cash", "retained", "nonqualified")
    here = (line.cash, line.retained, line.nonqualified)
    gaps = "+".join(f"ABS({at[key]}-{at[f'{key}_there']})" for key in keys)
    difference = sum((abs(a - b) for a, b in zip(here, there, strict=True)), ZERO)
    return {
        **{
            f"{key}_there": fact(amount, "money")
            for key, amount in zip(keys, there, strict=True)
        },
        "difference": live(one.subject.arithmetic.net(gaps), difference, "difference"),
    }


# --- a loss ---------------------------------------------------------------------------


def _losses(one: Stepping, division: Division) -> _Side:
    """Each member's part of a loss, as far as their own capital reaches."""
    subject, name, net = one.subject, division.name, one.subject.arithmetic.net
    columns = [
        Column("part", "Part of the loss", 14, name("shares")),
        Column("capital", "Own capital", 14),
        Column("amount", "Bears", 14, parts_name(one.applied.step.id)),
        Column("uncovered", "Not covered", 14, name("uncovered")),
        Column("there", f"Bears, {subject.compared_with}", 14),
        Column("difference", "Difference", 12, name("differences")),
    ]
    unit, capital, bears = subject.facts.unit, subject.facts.capital, one.applied.parts
    parts = {who.member: who.figures.units * unit for who in _people(one, division)}
    there = subject.borne_by(one)

    def row(who: _Person, at: Addresses) -> Row:
        own, borne = capital.get(who.member, ZERO), bears[who.member]
        uncovered = net(f"{at['part']}-{at['amount']}")
        gap = net(f"ABS({at['amount']}-{at['there']})")
        limited = f"MIN({at['part']},MAX(0,{at['capital']}))"
        place = subject.places.get(f"closing:{who.member}")
        apart = abs(borne - there[who.member])
        return {
            "part": _amount(one, division, who),
            "capital": live(place, own, "money") if place else fact(own, "money"),
            "amount": live(limited, borne, "money"),
            "uncovered": live(uncovered, parts[who.member] - borne, "money"),
            "there": fact(there[who.member], "money"),
            "difference": live(gap, apart, "difference"),
        }

    borne = sum(bears.values(), ZERO)
    totals = {
        "part": sum(parts.values(), ZERO),
        "amount": borne,
        "uncovered": sum(parts.values(), ZERO) - borne,
        "there": sum(there.values(), ZERO),
    }
    return _Side(columns, row, totals)
