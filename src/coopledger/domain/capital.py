"""Roles of accounts, kinds of movement, and the roll-forward of members' capital.

Rules and engines see roles, never account names.  Every amount here is positive when
it increases what the role is about: capital, a reserve, a fund, an expense.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.findings import Origin

#: Roles that make up a member's capital.
CAPITAL = frozenset(
    {
        "contribution",
        "voluntary",
        "redeemable",
        "uncalled",
        "patronage",
        "nonqualified",
        "member-interest",
        "member-loss",
        "per-unit-retain",
    }
)
#: Capital that is paid in, and what of it is compulsory.
#: Capital that was allotted to members and retained, each year's by itself.
NOTICES = frozenset({"patronage", "nonqualified", "per-unit-retain"})
PAID_IN = frozenset({"contribution", "voluntary", "redeemable", "uncalled"})
COMPULSORY = PAID_IN - {"voluntary"}
#: What the co-op owes a member outside capital.
OWED = frozenset({"member-payable", "redemption-payable"})
#: Reserves that no member can ever claim.
INDIVISIBLE = frozenset({"mandatory-reserve", "collective", "entry-fees"})
#: All net worth that belongs to nobody in particular.
COLLECTIVE = INDIVISIBLE | {
    "voluntary-reserve",
    "development-fund",
    "revaluation-reserve",
    "fund",
}
#: Results that wait for a decision.
SUSPENSE = frozenset({"suspense", "surplus-appropriated", "prior-losses"})
#: Income and expenses with a meaning of their own.
ACTIVITY = frozenset(
    {
        "advance",
        "wages",
        "tax-expense",
        "education-expense",
        "capital-interest-expense",
        "solidarity-paid",
        "solidarity-received",
        "pool-paid",
        "pool-received",
        "per-unit-expense",
    }
)
#: Balances with other enterprises, funds, tax offices and hired workers.
BALANCES = frozenset(
    {
        "due-from",
        "due-to",
        "education-fund",
        "fund-payable",
        "tax-payable",
        "withholding-payable",
        "worker-payable",
    }
)

#: Under which roots the accounts of a role can stand; others would turn its sign.  The
#: education fund is none of the capital, which is a rule of its own.
ROOTS_BY_ROLE: dict[str, frozenset[str]] = {
    **dict.fromkeys(CAPITAL, frozenset({"Equity", "Liabilities"})),
    **dict.fromkeys(COLLECTIVE | SUSPENSE, frozenset({"Equity"})),
    **dict.fromkeys(OWED | BALANCES, frozenset({"Liabilities"})),
    **dict.fromkeys(ACTIVITY, frozenset({"Expenses"})),
    **dict.fromkeys(("solidarity-received", "pool-received"), frozenset({"Income"})),
    "due-from": frozenset({"Assets"}),
    "education-fund": frozenset({"Liabilities", "Equity"}),
}

#: Single roles that several rules follow in time.
EDUCATION_FUND = frozenset({"education-fund"})
PRIOR_LOSSES = frozenset({"prior-losses"})
MEMBER_LOSS = frozenset({"member-loss"})
REDEMPTIONS = frozenset({"redemption-payable"})

#: Stands among the members' accounts and is nobody's; no chart may assign it.
MISPLACED = "misplaced"

ROLES = CAPITAL | OWED | COLLECTIVE | SUSPENSE | ACTIVITY | BALANCES

#: Capital that has to be repaid on leaving (a), and capital whose refund the co-op may
#: refuse (b): article 45.1 of the Spanish act.
REFUND_CLASSES = ("a", "b")

#: Everything a transaction's `coop-kind` may say.
KINDS = frozenset(
    {
        "contribution",
        "entry-fee",
        "patronage",
        "interest",
        "revaluation",
        "loss",
        "loss-restored",
        "transfer",
        "redemption",
        "conversion",
        "deduction",
        "fine",
        "unclaimed",
        "payment",
        "appropriation",
        "statutory",
        "transfer-by-law",
        "opening",
        "correction",
    }
)

_YEAR = re.compile(r"[0-9]{4}")


def is_plain(word: str) -> bool:
    """Say whether a word is one of the language, or a year."""
    return word in KINDS or word in ROLES or bool(_YEAR.fullmatch(word))


#: Where a movement's kind goes in the roll-forward of a capital account.
_COLUMNS = {
    "contribution": "contributions",
    "patronage": "patronage",
    "interest": "interest",
    "loss": "losses",
    "loss-restored": "losses",
    "transfer": "transfers",
    "redemption": "redemptions",
}

COLUMNS = (
    "opening",
    "contributions",
    "patronage",
    "interest",
    "losses",
    "transfers",
    "redemptions",
    "other",
    "closing",
)


class CapitalMovement(NamedTuple):
    """One change of one component of a member's capital.

    Attributes:
        date: Day of the transaction.
        member: Member id.
        role: Component of the capital.
        kind: Kind of movement.
        amount: In the book's currency; positive increases the capital.
        year: Fiscal year the movement belongs to (allocation year), if said.
        text: Narration of the transaction.
        origin: Where the transaction stands.
    """

    date: datetime.date
    member: str
    role: str
    kind: str
    amount: Decimal
    year: int | None
    text: str
    origin: Origin


@dataclass(slots=True)
class CapitalLine:
    """A member's capital over a period, column by column; closing adds up."""

    member: str
    opening: Decimal = ZERO
    contributions: Decimal = ZERO
    patronage: Decimal = ZERO
    interest: Decimal = ZERO
    losses: Decimal = ZERO
    transfers: Decimal = ZERO
    redemptions: Decimal = ZERO
    other: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        """Opening plus all movements."""
        return (
            self.opening
            + self.contributions
            + self.patronage
            + self.interest
            + self.losses
            + self.transfers
            + self.redemptions
            + self.other
        )

    def add(self, movement: CapitalMovement, start: datetime.date) -> None:
        """Put a movement into its column; before the start it is the opening."""
        column = _COLUMNS.get(movement.kind, "other")
        if movement.date < start or movement.kind == "opening":
            column = "opening"
        setattr(self, column, getattr(self, column) + movement.amount)


def roll_forward(
    movements: Iterable[CapitalMovement],
    start: datetime.date,
    end: datetime.date,
    by: Callable[[CapitalMovement], str] = attrgetter("member"),
) -> dict[str, CapitalLine]:
    """Roll members' capital forward over a period.

    Args:
        movements: All movements of the book, in any order.
        start: First day of the period.
        end: Last day of the period (inclusive).
        by: What a line is about: a member, or a component, or a year.

    Returns:
        Line by member, for everybody with a movement up to the end.  Movements that
        the book itself labels as opening balances count as opening.
    """
    lines: dict[str, CapitalLine] = {}
    for movement in movements:
        if movement.date > end:
            continue
        about = by(movement)
        line = lines.get(about)
        if line is None:
            line = lines[about] = CapitalLine(about)
        line.add(movement, start)
    return lines


def total_of(lines: Iterable[CapitalLine]) -> CapitalLine:
    """Add lines up, column by column."""
    total = CapitalLine("")
    for line in lines:
        for column in COLUMNS[:-1]:
            setattr(total, column, getattr(total, column) + getattr(line, column))
    return total
