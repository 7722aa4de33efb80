"""The sheet of charts: where the result went, and how capital grew over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLLECTIVE
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Series
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.waterfall import first_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject

CHARTS = "Charts"

_COLOURS = (
    "35466B",
    "6C8EBF",
    "9AB97A",
    "D6A84B",
    "B5655D",
    "7E6AA3",
    "5FA3A3",
    "8C8C8C",
    "C98FB0",
)
_UP, _DOWN = _COLOURS[0], _COLOURS[3]

#: How many years are shown at most.
_YEARS = 15


def charts_sheet(subject: Subject) -> Sheet:
    """Make the sheet; each chart stands beside the table of its figures."""
    draft = subject.draft(CHARTS, "Where the result went, and capital over the years")
    draft.begin(CHARTS, subject.subtitle)
    _waterfall(subject, draft)
    years = [o for o in subject.books.years.values() if o.fiscal.end <= subject.end]
    _components(subject, draft, years[-_YEARS:])
    _capital(subject, draft, years[-_YEARS:])
    return draft.done


# --- the waterfall --------------------------------------------------------------------


class _Fall(NamedTuple):
    """One column of the waterfall: what is there after it, as formula and value."""

    label: str
    formula: str
    after: Decimal


def _falls(subject: Subject) -> Iterator[_Fall]:
    whole = subject.loss if subject.is_loss else subject.facts.pool
    if subject.is_loss:
        whole -= subject.appropriation.charges
    label = Phrase("Loss") if subject.is_loss else Phrase("Result after tax")
    yield _Fall(label, first_before(subject), whole)
    for one in subject.steppings.values():
        taking = subject.taking(one.applied.step)
        if taking:
            whole -= taking * one.applied.amount
            yield _Fall(
                wording.ours(one.applied.step.title), one.at["remaining"], whole
            )


def _waterfall(subject: Subject, draft: Draft) -> None:
    net, before = subject.arithmetic.net, ("", ZERO)

    def row(fall: _Fall, at: Addresses) -> Row:
        nonlocal before
        old, was = before
        before = at["after"], fall.after
        grown = f"{at['after']}-{old}" if old else at["after"]
        change = fall.after - was
        lift = f"MIN({old},{at['after']})" if old else "0"
        return {
            "step": text(fall.label, "wrapped"),
            "after": live(fall.formula, fall.after, "money"),
            "lift": live(lift, min(was, fall.after) if old else ZERO, "money"),
            "added": live(net(f"MAX(0,{grown})"), max(ZERO, change), "money"),
            "taken": live(net(f"MAX(0,-({grown}))"), max(ZERO, -change), "money"),
        }

    table = draft.table(
        "waterfall",
        Columns.of(
            Column("step", "Step", 40),
            Column("after", "Remaining", 16),
            Column("lift", "Lifted by", 16),
            Column("added", "Added", 16),
            Column("taken", "Taken", 16),
        ),
        _falls(subject),
        row,
        caption="Where the result went",
    )
    draft.chart(
        Phrase("Where the result went"),
        table,
        "step",
        Series("lift", ""),
        Series("added", _UP),
        Series("taken", _DOWN),
        is_lying=True,
    )


# --- capital over the years -----------------------------------------------------------


def _components(subject: Subject, draft: Draft, years: list[YearFigures]) -> None:
    held = {one.fiscal.label: _held(subject, one) for one in years}
    roles = sorted({role for own in held.values() for role, n in own.items() if n})
    if not roles:
        return
    titles = {role: wording.of_role(role) for role in roles}
    table = draft.table(
        "capital_years",
        Columns.of(
            Column("year", "Year", 40),
            *(Column(role, titles[role], 16) for role in roles),
        ),
        held.items(),
        lambda item, _: {
            "year": text(str(item[0])),
            **{role: fact(item[1].get(role, ZERO), "money") for role in roles},
        },
        caption="Members' capital by component",
    )
    series = [
        Series(role, _COLOURS[number % len(_COLOURS)])
        for number, role in enumerate(roles)
    ]
    draft.chart(Phrase("Members' capital by component"), table, "year", *series)


def _held(subject: Subject, year: YearFigures) -> dict[str, Decimal]:
    """Return what members held of each component on a year's last day."""
    held: dict[str, Decimal] = {}
    for one in subject.books.movements():
        if one.date <= year.fiscal.end:
            held[one.role] = held.get(one.role, ZERO) + one.amount
    return held


def _capital(subject: Subject, draft: Draft, years: list[YearFigures]) -> None:
    net = subject.arithmetic.net

    def row(one: YearFigures, at: Addresses) -> Row:
        members = sum(one.capital.values(), ZERO)
        nobodys = sum((one.balances.get(role, ZERO) for role in COLLECTIVE), ZERO)
        both = net(f"{at['members']}+{at['collective']}")
        return {
            "year": text(str(one.fiscal.label)),
            "members": fact(members, "money"),
            "collective": fact(nobodys, "money"),
            "both": live(both, members + nobodys, "money"),
        }

    table = draft.table(
        "capital_sides",
        Columns.of(
            Column("year", "Year", 40),
            Column("members", "Members' capital", 16),
            Column("collective", "Reserves and funds", 16),
            Column("both", "Both", 16),
        ),
        years,
        row,
        caption="Capital of members, and of nobody alone",
    )
    draft.chart(
        Phrase("Capital of members, and of nobody alone"),
        table,
        "year",
        Series("members", _UP),
        Series("collective", _COLOURS[2]),
    )
