"""The sheets of parts: who gets or bears what of a step, and how it was divided."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.law.weighing import bases_of
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.phrases import enumerated as joined
from coopledger.services.exporting import dividing
from coopledger.services.exporting import wording
from coopledger.services.exporting.arithmetic import scaled
from coopledger.services.exporting.comparing import people_of
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.dividing import Division
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.making import Made
from coopledger.services.exporting.naming import slug
from coopledger.services.exporting.sharing import Side
from coopledger.services.exporting.sharing import Someone
from coopledger.services.exporting.sharing import borne_side
from coopledger.services.exporting.sharing import given_side
from coopledger.services.exporting.sharing import units_of
from coopledger.services.exporting.subject import MEMBERS
from coopledger.services.exporting.subject import PATRONAGE
from coopledger.services.exporting.wanting import VALUED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from fractions import Fraction

    from coopledger.domain.books import PatronageBasis
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.stepping import Stepping
    from coopledger.services.exporting.subject import Subject

_NOT_LIVE = (
    "The weights or amounts are too long for exact formulas: members' amounts on this "
    "sheet are values, and a changed rate does not move them."
)

_VALUED = (
    "Each part is the rate of what stands beside the name, rounded by itself (or "
    "scaled exactly where a limit binds). Amounts on this sheet are values, and a "
    "changed rate does not move them."
)

_CUT = (
    "Parts are cut at the largest or the smallest amount for one person. Amounts on "
    "this sheet are values, and a changed rate does not move them."
)


def parts_sheets(subject: Subject) -> Iterator[Sheet]:
    """Make the sheets of each step that people divide: the parts, and the division."""
    made: Counter[str] = Counter()

    def drafted(title: str, purpose: str, fixed: int) -> Draft:
        made[title] += 1
        return subject.draft(title, purpose, fixed, made[title])

    for one in subject.steppings.values():
        if not one.has_parts:
            continue
        what = wording.ours(one.applied.step.title)
        parts = drafted(_title(one), Phrase("{what}, member by member", what=what), 2)
        if not one.is_split:
            yield _parts_sheet(one, None, _people(one), parts)
            continue
        draft = drafted(
            "Division", Phrase("{what}, divided to the last unit", what=what), 0
        )
        division = _division(one)
        people = _people(one, division.members)
        # Parts call cells of the division, which comes after them in the workbook.
        divided = _division_sheet(one, division, people, draft)
        yield _parts_sheet(one, division, people, parts)
        yield divided


_TITLES = {
    MEMBERS: "Loss by member",
    PATRONAGE: "Patronage",
    "interest": "Interest",
    "per-unit": "Retains",
}


def _title(one: Stepping) -> str:
    return _TITLES.get(one.applied.step.kind, "Parts")


def _is_loss(one: Stepping) -> bool:
    return one.applied.step.kind == MEMBERS


def _division(one: Stepping) -> Division:
    subject = one.subject
    most = subject.units(abs(subject.facts.pool))
    return Division.of(
        slug(one.applied.step.id),
        subject.units(one.applied.divided),
        scaled([one.applied.key[who] for who in people_of(one.applied)], most),
        subject.arithmetic,
    )


def _parts_sheet(
    one: Stepping,
    division: Division | None,
    people: Sequence[Someone],
    draft: Draft,
) -> Sheet:
    subject, step = one.subject, one.applied.step
    tag = slug(step.id)
    draft.begin(
        draft.name if "by" in draft.id else Phrase("{what} by member", what=draft.name),
        subject.subtitle,
        Phrase("{step}. {state}", step=wording.ours(step.title), state=subject.state),
        _weights_in_words(one),
        *_notes(one, division),
    )
    side = borne_side(one, people) if _is_loss(one) else given_side(one, people)
    columns = Columns.of(
        Column("member", "Member", 16),
        Column("name", "Name", 26),
        Column("weight", _COUNTED.get(step.kind, "Weight"), 14),
        *side.columns,
    )
    draft.table(
        f"members_{tag}",
        columns,
        people,
        lambda who, at: _row(one, side, who, at),
        total=lambda over: _total(one, people, side, over),
        filtered=True,
        is_long=True,
    )
    return draft.done


def _notes(one: Stepping, division: Division | None) -> Iterator[str]:
    if one.applied.step.kind in VALUED:
        yield _VALUED
    elif division is None:
        yield _CUT
    elif not division.is_live:
        yield _NOT_LIVE
    elif not one.is_plain and not _is_loss(one):
        yield (
            "What is paid and what is retained of each part are values here, because "
            "of consents, small amounts or losses made good."
        )


#: What the column beside a name counts, where it is no weight.
_COUNTED = {"interest": "Capital by time", "per-unit": "Units"}


def _people(
    one: Stepping, figures: Sequence[dividing.MemberFigures] = ()
) -> Sequence[Someone]:
    applied, key = one.applied, one.applied.key
    members, names = len(applied.parts), [*applied.parts, *applied.hired]

    def someone(number: int) -> Someone:
        who = number >= members, names[number]
        own = figures[number] if figures else None
        return Someone(number, who, key[who], own)

    return Made(len(names), someone)


def _named(one: Stepping, who: Someone) -> str:
    is_hired, name = who.person
    return Phrase("(hired)") if is_hired else one.subject.books.register.name(name)


def _row(one: Stepping, side: Side, who: Someone, at: Addresses) -> Row:
    return {
        "member": text(who.person[1]),
        "name": text(_named(one, who)),
        "weight": fact(_shown(who.weight), "quantity"),
        **side.row(who, at),
    }


def _total(
    one: Stepping, people: Sequence[Someone], side: Side, over: Addresses
) -> Row:
    net = one.subject.arithmetic.net
    weight = sum((_shown(who.weight) for who in people), ZERO)
    return {
        "member": Cell(Phrase("Total"), "strong", "total"),
        "weight": summed(f"SUBTOTAL(109,{over['weight']})", weight, "quantity"),
        **{
            key: summed(net(f"SUBTOTAL(109,{over[key]})"), value, "money")
            for key, value in side.totals.items()
        },
    }


def _shown(weight: Fraction) -> Decimal:
    return Decimal(weight.numerator) / weight.denominator


def _weights_in_words(one: Stepping) -> Phrase:
    step = one.applied.step
    if step.kind == "interest":
        return Phrase("Beside each name: capital times the part of the year it stood.")
    if step.by == "capital":
        return Phrase("Weights are capital on the last day.")
    if step.by == "equal":
        return Phrase("Everybody weighs the same.")
    bases = _bases_in_words(one.subject)
    changed = [
        words
        for words, is_there in (
            (Phrase("each full year of membership adds to it"), step.seniority_step),
            (Phrase("hired workers count at their own factor"), step.hired_weight),
        )
        if is_there
    ]
    return Phrase("Weights are patronage: {how}.", how=joined([bases, *changed]))


def _bases_in_words(subject: Subject) -> str:
    return joined([_in_words(one) for one in bases_of(subject.books, subject.figures)])


def _in_words(basis: PatronageBasis) -> Phrase:
    told = {
        "basis": basis.basis,
        "measure": wording.ours(basis.measure),
        "account": basis.template,
    }
    if basis.weight == 1:
        return Phrase("{basis} ({measure} on {account})", **told)
    weight = Figure(basis.weight)
    return Phrase(
        "{basis} ({measure} on {account}, weight {weight})", weight=weight, **told
    )


# --- the division ---------------------------------------------------------------------


def _division_sheet(
    one: Stepping, division: Division, people: Sequence[Someone], draft: Draft
) -> Sheet:
    """Show how the pool is divided, what all members share first."""
    subject = one.subject
    draft.begin(
        Phrase("{what} of the pool", what=draft.name),
        subject.subtitle,
        Phrase(
            "{step}. Every member gets whole units in proportion; the units that are "
            "left go one by one to the largest remainders, equal ones in the order of "
            "the rows: join date, then id. All figures are whole numbers, so that "
            "nothing is rounded.",
            step=wording.ours(one.applied.step.title),
        ),
        *([] if division.is_live else [_NOT_LIVE]),
    )
    pool, name = one.applied.divided, division.name("pool")
    cell = fact(pool, "money", name)
    if one.is_exact:
        cell = live(one.allowed(), pool, "money", name)
    what = Phrase("What is divided: {step}", step=wording.ours(one.applied.step.title))
    rows: list[tuple[str, str, Cell]] = [(Phrase("Pool"), what, cell)]
    if division.is_live:
        rows += dividing.totals_of(division, name)
    draft.table(
        f"pool_{division.tag}",
        Columns.of(
            Column("what", "Figure", 20),
            Column("meaning", "What it is", 46),
            Column("value", "Value", 18),
        ),
        rows,
        lambda row, _: {
            "what": text(_said(row[0])),
            "meaning": text(_said(row[1]), "wrapped"),
            "value": row[2],
        },
    )
    if division.is_live:
        _members_of(one, division, people, draft)
    return draft.done


def _said(words: str) -> Phrase:
    return words if isinstance(words, Phrase) else wording.ours(words)


def _members_of(
    one: Stepping, division: Division, people: Sequence[Someone], draft: Draft
) -> None:
    columns = Columns.of(
        Column("member", "Member", 16),
        Column("name", "Name", 46),
        *dividing.columns_of(division),
    )

    def row(who: Someone, at: Addresses) -> Row:
        return {
            "member": text(who.person[1]),
            "name": text(_named(one, who)),
            **dividing.workings_of(division, who.number, at),
        }

    table = draft.table(
        f"division_{division.tag}",
        columns,
        people,
        row,
        caption="Member by member",
        is_long=True,
    )
    one.subject.places[units_of(one)] = draft.place(table, "units")
