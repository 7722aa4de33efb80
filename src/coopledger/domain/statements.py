"""What a group's statements are made of: lines, and enterprises as the group sees them.

Amounts are kept as in double entry, positive for a debit.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal
    from fractions import Fraction

    from coopledger.domain.enterprise import Balance
    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import YearSummary

#: Sections of the statements, in their order.
SECTIONS = ("income", "expenses", "assets", "liabilities", "equity")

#: Those of them that a debit raises.
DEBITED = frozenset({"expenses", "assets"})
INCOME_AND_EXPENSES = frozenset({"Income", "Expenses"})

#: Lines of the equity that are worked out: no account holds them.
RESULT = "result"
EARLIER = "earlier-results"
TRANSLATION = "translation"
WORKED_OUT = (RESULT, EARLIER, TRANSLATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, and which accounts it collects.

    Attributes:
        id: Its id.
        title: As people read it.
        section: One of `SECTIONS`.
        accounts: Patterns of account names that it collects, before all else.
        roles: Roles that it collects where no pattern does.
        roots: Kinds of accounts that it collects where nothing closer does.
        instead: Line on which a transfer is taken out that touches this one, so that
            this one stays: a fund remains a fund though the group itself paid into it.
        is_internal: Whether it holds nothing but what stands between enterprises.
    """

    id: str
    title: str
    section: str
    accounts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    instead: str = ""
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of the statements in their order, and how far years may be apart.

    Attributes:
        lines: The lines.
        months_apart: How many months an enterprise's year may end before the group's.
    """

    lines: tuple[Line, ...]
    months_apart: int

    def line_of(self, account: str, root: str, role: str) -> Line:
        """Return the line that collects an account.

        Args:
            account: Its name; persons stand in it as placeholders.
            root: Its kind.
            role: Its role, or "".
        """
        found = next(
            (
                one
                for one in self.lines
                if any(fnmatchcase(account, pattern) for pattern in one.accounts)
            ),
            None,
        ) or next((one for one in self.lines if role and role in one.roles), None)
        return found or next(one for one in self.lines if root in one.roots)


@dataclass(frozen=True, slots=True)
class View:
    """One enterprise as the group sees it.

    Attributes:
        book: The enterprise's book in small.
        year: The fiscal year that goes into the group's.
        closing: What a unit of its currency is worth at the year's end.
        average: What it was worth on average over the year.
        interest_cap: The highest rate of interest that its members' capital may earn,
            where law or statutes set one.
    """

    book: EnterpriseSummary
    year: YearSummary
    closing: Fraction
    average: Fraction
    interest_cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Whose statements they are: title, currency, and the last day of the year."""

    title: str
    currency: str
    end: datetime.date


def debit(balance: Balance) -> Decimal:
    """Return a balance as in double entry: positive for a debit."""
    debited = balance.root in {"Assets", "Expenses"}
    return balance.amount if debited else ZERO - balance.amount
