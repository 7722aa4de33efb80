"""Members' capital together: by component, and by the year of its allotment."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLUMNS
from coopledger.domain.capital import CapitalLine
from coopledger.domain.capital import roll_forward
from coopledger.domain.capital import total_of
from coopledger.domain.revolving import by_allotment
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.registers import TITLES
from coopledger.services.exporting.trialing import CLOSINGS
from coopledger.services.exporting.trialing import ROLES
from coopledger.services.exporting.wishing import Tie

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.capital import CapitalMovement
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.ledgering import Ledger
    from coopledger.services.exporting.subject import Subject

COMPONENTS = "Capital by component"

_MOVED = COLUMNS[:-1]

#: What stands for capital that was not allotted in any year.
_UNDATED = Phrase("paid in, or of no year")


def components_sheet(subject: Subject, ledger: Ledger) -> Sheet:
    """Make both roll-forwards, and tie them to each other and to the members'."""
    draft = subject.draft(
        COMPONENTS, "All members' capital by component and by year of allotment", 1
    )
    draft.begin(
        COMPONENTS,
        subject.subtitle,
        Phrase(
            "The same movements as on the capital accounts, all members together. What "
            "was redeemed without naming a year is taken from the oldest."
        ),
    )
    books = subject.books
    movements = books.movements()
    parted = by_allotment(
        zip(books.traces_in(CAPITAL), movements, strict=True), books.year_end
    )
    _by_component(subject, ledger, draft, _rolled(subject, movements, by="role"))
    _by_year(subject, ledger, draft, _rolled(subject, parted, by="year"))
    return draft.done


def _rolled(
    subject: Subject, movements: Iterable[CapitalMovement], by: str
) -> list[CapitalLine]:
    fiscal = subject.fiscal
    get = attrgetter(by)
    lines = roll_forward(
        movements, fiscal.start, fiscal.end, lambda one: str(get(one) or "")
    )
    told = (lines[about] for about in sorted(lines))
    return [line for line in told if any(getattr(line, name) for name in COLUMNS)]


def _columns(key: str, title: str, *more: Column) -> Columns:
    return Columns.of(
        Column(key, title, 38),
        *(Column(name, TITLES[name], 15) for name in _MOVED),
        Column("closing", TITLES["closing"], 16, f"{key}_closings"),
        *more,
    )


def _row(ledger: Ledger, line: CapitalLine, at: Addresses) -> Row:
    moved = "+".join(at[name] for name in _MOVED)
    return {
        **{name: fact(getattr(line, name), "money") for name in _MOVED},
        "closing": live(ledger.net(moved), line.closing, "money"),
    }


def _totals(ledger: Ledger, total: CapitalLine, over: Addresses) -> Row:
    return {
        name: summed(ledger.net(f"SUM({over[name]})"), getattr(total, name), "money")
        for name in COLUMNS
    }


def _by_component(
    subject: Subject, ledger: Ledger, draft: Draft, lines: list[CapitalLine]
) -> None:
    held = _in_trial(ledger)
    there = {line.member: held.get(line.member, ZERO) for line in lines}
    total = total_of(lines)
    draft.table(
        "components",
        _columns(
            "component",
            "Component",
            Column("ledger", "Trial balance", 16),
            Column("difference", "Difference", 13, "component_differences"),
        ),
        lines,
        lambda line, at: {
            "component": text(wording.of_role(line.member)),
            **_row(ledger, line, at),
            **_beside_trial(ledger, line, there[line.member], at),
        },
        total=lambda over: {
            "component": Cell(Phrase("All capital"), "strong", "total"),
            **_totals(ledger, total, over),
            **_totals_beside(ledger, total.closing, sum(there.values(), ZERO), over),
        },
        caption="By component",
    )
    apart = sum((abs(line.closing - there[line.member]) for line in lines), ZERO)
    subject.ties.append(
        _tie(subject, ledger, "component_closings", total, "by component")
    )
    subject.ties.append(_no_difference(ledger, apart))


def _beside_trial(
    ledger: Ledger, line: CapitalLine, there: Decimal, at: Addresses
) -> Row:
    """Hold a component's closing against the trial balance."""
    in_trial = f"-SUMIF({ROLES},{at['component']},{CLOSINGS})"
    apart = f"{at['closing']}-{at['ledger']}"
    return {
        "ledger": live(ledger.net(in_trial), there, "money"),
        "difference": live(ledger.net(apart), line.closing - there, "difference"),
    }


def _totals_beside(
    ledger: Ledger, closing: Decimal, there: Decimal, over: Addresses
) -> Row:
    apart = ledger.net(f"SUM({over['difference']})")
    return {
        "ledger": summed(ledger.net(f"SUM({over['ledger']})"), there, "money"),
        "difference": summed(apart, closing - there, "money"),
    }


def _no_difference(ledger: Ledger, apart: Decimal) -> Tie:
    differences = "component_differences"
    size = f'SUMIF({differences},">0")-SUMIF({differences},"<0")'
    words = "Capital by component: differences from the trial balance, added up"
    return Tie(Phrase(words), (ledger.net(size), apart), ("0", ZERO))


def _in_trial(ledger: Ledger) -> dict[str, Decimal]:
    """Return what the trial balance holds of each component, a credit positive."""
    held: dict[str, Decimal] = {}
    for one in ledger.accounts:
        role = one.known.role
        if role in CAPITAL:
            held[role] = held.get(role, ZERO) - one.closing
    return held


def _by_year(
    subject: Subject, ledger: Ledger, draft: Draft, lines: list[CapitalLine]
) -> None:
    total = total_of(lines)
    draft.table(
        "allotments",
        _columns("allotment", "Allotted of the year"),
        lines,
        lambda line, at: {
            "allotment": text(line.member or _UNDATED),
            **_row(ledger, line, at),
        },
        total=lambda over: {
            "allotment": Cell(Phrase("All capital"), "strong", "total"),
            **_totals(ledger, total, over),
        },
        caption="By year of allotment",
    )
    subject.ties.append(_tie(subject, ledger, "allotment_closings", total, "by year"))


def _tie(
    subject: Subject, ledger: Ledger, name: str, total: CapitalLine, how: str
) -> Tie:
    by_member = sum(subject.closing.values(), ZERO)
    return Tie(
        Phrase(
            "Capital {how}: all closing balances, and those member by member",
            how=Phrase(how),
        ),
        (ledger.net(f"SUM({name})"), total.closing),
        (ledger.net("SUM(capital_closing)"), by_member),
    )
