"""The values of what members were allotted of a year, as notices tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.services.qualifying import Dividend
    from coopledger.services.qualifying import Paid
    from coopledger.services.qualifying import Qualification
    from coopledger.services.qualifying import Terms

MONEY, WITHHELD = "member-payable", "withholding-payable"
#: Where what is payable in money goes: to the member, or to the tax office at once.
IN_MONEY = frozenset({MONEY, WITHHELD})


class NotDistributedError(CoopledgerError):
    """There is nothing booked to give notice of."""

    def __init__(self, year: int, *, is_draft: bool) -> None:
        """Say how it is booked, and how drafts are had."""
        how = (
            "is a draft in the book (flag !)"
            if is_draft
            else "is not booked as distributed"
        )
        super().__init__(
            f"Fiscal year {year} {how}, and a notice tells of what was decided. Book "
            f"it with 'coopledger close --year {year} --resolution ID --write'; or "
            "add --proposed for drafts, each of which says that it is proposed."
        )


class NothingAllottedError(CoopledgerError):
    """Nobody, or not the member who is asked for, has a part of that year."""

    def __init__(self, year: int, member: str) -> None:
        """Name year and member."""
        who = f"{member} has no part" if member else "No member has a part"
        super().__init__(
            f"{who} of what was distributed of fiscal year {year}, so that there is "
            "no notice to give; choose another year with --year."
        )


class Part(NamedTuple):
    """A part of what a member was allotted.

    Attributes:
        words: The step that allotted it, in words.
        kind: The step's kind; "" where the book names none.
        role: Where it went: a component of capital, or for money `member-payable` and
            `withholding-payable`.
        amount: How much; below zero for a loss.
    """

    words: str
    kind: str
    role: str
    amount: Decimal

    @property
    def is_patronage(self) -> bool:
        """Whether it is one by patronage: its step tells, else its role."""
        by_role = self.role in {"patronage", "nonqualified", MONEY}
        return self.kind == "patronage" if self.kind else by_role


@dataclass(frozen=True, slots=True)
class Allotment:
    """What one member was allotted of a year.

    Attributes:
        member: Member id.
        name: The member's name.
        parts: What it consists of, in the order of the steps.
        payments: What was paid of the money, in order.
        dividend: The part by patronage.
        qualification: Whether its paper is qualified; None where that is no question.
    """

    member: str
    name: str
    parts: tuple[Part, ...]
    payments: tuple[Paid, ...]
    dividend: Dividend
    qualification: Qualification | None

    @property
    def stated(self) -> Decimal:
        """All that was allotted: the stated amount."""
        return sum((one.amount for one in self.parts), ZERO)

    @property
    def money(self) -> Decimal:
        """What of it is payable in money, with what is withheld."""
        parts = (one.amount for one in self.parts if one.role in IN_MONEY)
        return sum(parts, ZERO)

    @property
    def withheld(self) -> Decimal:
        """What of the money goes to the tax office at once."""
        parts = (one.amount for one in self.parts if one.role == WITHHELD)
        return sum(parts, ZERO)

    @property
    def retained(self) -> Decimal:
        """What of it became capital."""
        return self.stated - self.money

    @property
    def paid(self) -> Decimal:
        """What was paid of the money."""
        return sum((one.amount for one in self.payments), ZERO)

    @property
    def open(self) -> Decimal:
        """What is still to be paid of the money."""
        return self.money - self.paid


@dataclass(frozen=True, slots=True)
class Allotments:
    """What all members were allotted of a year.

    Attributes:
        figures: The year.
        is_proposed: Whether it is proposed, and not booked for good.
        day: The day of the distribution, decided or proposed.
        resolution: Id of the decision; "" where the book links none.
        regime: The co-op's tax regime at the year's end.
        terms: What qualified notices need; None but under Subchapter T.
        members: Everybody's part, in order of join date and id.
    """

    figures: YearFigures
    is_proposed: bool
    day: datetime.date
    resolution: str
    regime: str
    terms: Terms | None
    members: tuple[Allotment, ...]
