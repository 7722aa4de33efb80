"""The sheets about members: the register, and their capital accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLUMNS
from coopledger.phrases import Phrase
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.subject import CLOSINGS
from coopledger.services.exporting.wording import ours
from coopledger.services.titles import STATUS

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.capital import CapitalLine
    from coopledger.domain.members import Membership
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject

MEMBERS = "Members"
CAPITAL = "Capital accounts"

_MEMBERS = Columns.of(
    Column("member", "Member", 14),
    Column("name", "Name", 26),
    Column("class", "Class", 28),
    Column("status", "Status", 21),
    Column("joined", "Joined", 12),
    Column("left", "Left", 12),
    Column("hours", "Hours in the year", 14, "members_hours"),
    Column("pay", "Pay in the year", 16, "members_pay"),
)


def members_sheet(subject: Subject) -> Sheet:
    """Make the register as of the last day of the year."""
    draft = subject.draft(
        MEMBERS, "The register on the last day, with hours and pay", fixed=1
    )
    draft.begin(
        Phrase("Members on {day}", day=subject.end),
        subject.subtitle,
        "Everybody whom the register knows on the last day, by first join date. Hours "
        "and pay are those of members' own accounts; other people's are on Inputs.",
    )
    known = subject.books.register.as_of(subject.end)
    others = sorted(subject.figures.members.keys() - {one.member for one in known})
    people: list[Membership | str] = [*known, *others]
    draft.table(
        "register",
        _MEMBERS,
        people,
        lambda one, _: _register_row(subject, one),
        total=lambda over: _members_total(subject, over),
        filtered=True,
        is_long=True,
    )
    return draft.done


def _register_row(subject: Subject, one: Membership | str) -> Row:
    """Make the row of a member, or of somebody who is none but has pay or hours."""
    if isinstance(one, str):
        return _stranger_row(subject, one)
    known = subject.policy.class_on(one.member_class, subject.end)
    return {
        "member": text(one.member),
        "name": text(one.name),
        "class": text(ours(known.title) if known else one.member_class),
        "status": text(Phrase(STATUS[one.status])),
        "joined": Cell(one.joined, "date"),
        "left": Cell(one.left, "date"),
        **_labour(subject, one.member),
    }


def _stranger_row(subject: Subject, member: str) -> Row:
    return {
        "member": text(member),
        "status": text(Phrase("not in the register")),
        **_labour(subject, member),
    }


def _labour(subject: Subject, member: str) -> Row:
    labour = subject.figures.members.get(member)
    return {
        "hours": fact(labour.hours if labour else ZERO, "quantity"),
        "pay": fact(labour.amount if labour else ZERO, "money"),
    }


def _members_total(subject: Subject, over: Addresses) -> Row:
    people = subject.figures.members.values()
    hours = sum((labour.hours for labour in people), ZERO)
    pay = sum((labour.amount for labour in people), ZERO)
    net = subject.arithmetic.net
    return {
        "member": Cell(Phrase("Total"), "strong", "total"),
        "hours": summed(f"SUBTOTAL(109,{over['hours']})", hours, "quantity"),
        "pay": summed(net(f"SUBTOTAL(109,{over['pay']})"), pay, "money"),
    }


# --- capital accounts -----------------------------------------------------------------

#: Columns that add up to the closing balance.
_MOVED = COLUMNS[:-1]

#: What the columns of a roll-forward are called.
TITLES = {name: name.capitalize() for name in COLUMNS}

_CAPITAL = Columns.of(
    Column("member", "Member", 14),
    Column("name", "Name", 24),
    *(Column(name, TITLES[name], 14) for name in _MOVED),
    Column("closing", TITLES["closing"], 15, "capital_closing"),
    Column("ledger", "In the ledger", 15, "capital_ledger"),
    Column("difference", "Difference", 12, "capital_differences"),
)


def capital_sheet(subject: Subject) -> Sheet:
    """Make the roll-forward of every member's capital account over the year."""
    draft = subject.draft(
        CAPITAL, "Every member's capital, from opening to closing balance", fixed=1
    )
    draft.begin(
        "Members' capital accounts",
        subject.subtitle,
        "Opening balance and movements come from the transactions; the closing balance "
        "adds them up and is compared with the balance of the member's accounts.",
    )
    table = draft.table(
        "capital",
        _CAPITAL,
        subject.accounts,
        lambda line, at: _capital_row(subject, line, at),
        total=lambda over: _capital_total(subject, subject.capital.total, over),
        filtered=True,
        is_long=True,
    )
    subject.places[CLOSINGS] = draft.place(table, "closing")
    return draft.done


def _capital_row(subject: Subject, line: CapitalLine, at: Addresses) -> Row:
    net = subject.arithmetic.net
    ledger = subject.figures.capital.get(line.member, ZERO)
    moved = "+".join(at[name] for name in _MOVED)
    difference = line.closing - ledger
    return {
        "member": text(line.member),
        "name": text(subject.books.register.name(line.member)),
        **{name: fact(getattr(line, name), "money") for name in _MOVED},
        "closing": live(net(moved), line.closing, "money"),
        "ledger": fact(ledger, "money"),
        "difference": live(
            net(f"{at['closing']}-{at['ledger']}"), difference, "difference"
        ),
    }


def _capital_total(subject: Subject, total: CapitalLine, over: Addresses) -> Row:
    ledger = sum(subject.figures.capital.values(), ZERO)
    sums: dict[str, Decimal] = {
        **{name: getattr(total, name) for name in _MOVED},
        "closing": total.closing,
        "ledger": ledger,
        "difference": total.closing - ledger,
    }
    net = subject.arithmetic.net
    return {
        "member": Cell(Phrase("Total"), "strong", "total"),
        **{
            name: summed(net(f"SUBTOTAL(109,{over[name]})"), amount, "money")
            for name, amount in sums.items()
        },
    }
