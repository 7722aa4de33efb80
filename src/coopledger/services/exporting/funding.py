"""The sheet of reserves and funds: what nobody owns alone, account by account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import EDUCATION_FUND
from coopledger.domain.capital import SUSPENSE
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.trialing import ACCOUNTS
from coopledger.services.exporting.trialing import CLOSINGS
from coopledger.services.exporting.wishing import Tie

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.ledgering import Ledger
    from coopledger.services.exporting.subject import Subject

FUNDS = "Reserves and funds"

#: What is shown; results that are only on their way through are not.
_SHOWN = (COLLECTIVE | EDUCATION_FUND | SUSPENSE) - {"surplus-appropriated"}

_MOVED = ("opening", "distributed", "added", "taken")


@dataclass(slots=True)
class _Fund:
    """One account of a reserve or fund over the year; taken is below zero."""

    account: str
    role: str
    opening: Decimal = ZERO
    distributed: Decimal = ZERO
    added: Decimal = ZERO
    taken: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        return self.opening + self.distributed + self.added + self.taken


def funds_sheet(subject: Subject, ledger: Ledger) -> Sheet:
    """Make the sheet, and tie it to the trial balance."""
    draft = subject.draft(FUNDS, "Each reserve and fund from opening to closing", 1)
    draft.begin(
        FUNDS,
        subject.subtitle,
        Phrase(
            "What belongs to nobody alone, and losses that wait. Distributions are "
            "what was booked of a result in this year; the other movements come from "
            "other transactions."
        ),
    )
    columns = Columns.of(
        Column("fund", "Reserve or fund", 26),
        Column("account", "Account", 38),
        Column("opening", "Opening", 16),
        Column("distributed", "From distributions", 17),
        Column("added", "Added otherwise", 16),
        Column("taken", "Taken out", 16),
        Column("closing", "Closing", 16, "funds_closings"),
        Column("ledger", "Trial balance", 16),
        Column("difference", "Difference", 13, "funds_differences"),
    )
    funds = _funds(subject)
    held = {one.account: ZERO - one.closing for one in ledger.accounts}
    draft.table(
        "funds",
        columns,
        funds,
        lambda one, at: _row(ledger, one, held.get(one.account, ZERO), at),
        total=lambda over: _total(ledger, funds, held, over),
    )
    apart = sum((abs(o.closing - held.get(o.account, ZERO)) for o in funds), ZERO)
    size = 'SUMIF(funds_differences,">0")-SUMIF(funds_differences,"<0")'
    subject.ties.append(
        Tie(
            Phrase("Reserves and funds: differences from the trial balance, added up"),
            (ledger.net(size), apart),
            ("0", ZERO),
        )
    )
    return draft.done


def _funds(subject: Subject) -> list[_Fund]:
    funds: dict[str, _Fund] = {}
    for booking, leg in subject.books.traces_in(_SHOWN):
        if booking.date > subject.end:
            continue
        one = funds.setdefault(leg.account, _Fund(leg.account, leg.role))
        where = _column(subject, booking, leg)
        setattr(one, where, getattr(one, where) + leg.amount)
    told = (o for o in funds.values() if any(getattr(o, key) for key in _MOVED))
    return sorted(told, key=lambda one: (one.role, one.account))


def _column(subject: Subject, booking: Booking, leg: Leg) -> str:
    if booking.date < subject.fiscal.start or booking.kind == "opening":
        return "opening"
    if booking.is_appropriation:
        return "distributed"
    return "added" if leg.amount > 0 else "taken"


def _row(ledger: Ledger, one: _Fund, there: Decimal, at: Addresses) -> Row:
    net = ledger.net
    in_trial = f"-SUMIF({ACCOUNTS},{at['account']},{CLOSINGS})"
    return {
        "fund": text(wording.of_role(one.role)),
        "account": text(one.account),
        **{key: fact(getattr(one, key), "money") for key in _MOVED},
        "closing": live(net("+".join(at[k] for k in _MOVED)), one.closing, "money"),
        "ledger": live(net(in_trial), there, "money"),
        "difference": live(
            net(f"{at['closing']}-{at['ledger']}"), one.closing - there, "difference"
        ),
    }


def _total(
    ledger: Ledger, funds: list[_Fund], held: dict[str, Decimal], over: Addresses
) -> Row:
    sums = {
        key: sum((getattr(one, key) for one in funds), ZERO)
        for key in (*_MOVED, "closing")
    }
    sums["ledger"] = sum((held.get(one.account, ZERO) for one in funds), ZERO)
    sums["difference"] = sums["closing"] - sums["ledger"]
    return {
        "fund": Cell(Phrase("All reserves and funds"), "strong", "total"),
        **{
            key: summed(ledger.net(f"SUM({over[key]})"), amount, "money")
            for key, amount in sums.items()
        },
    }
