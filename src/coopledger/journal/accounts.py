"""What an account is for, known before the first posting, and where its sums go."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import convert

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL

if TYPE_CHECKING:
    from decimal import Decimal

    from beancount.core import data

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.journal.chart import Place

#: Roles that are somebody's work, counted by person.
_LABOUR_ROLES = frozenset({"advance", "wages"})

#: Roles that are pay or tax only: they make no booking of a transaction.  Every payroll
#: withholds, and a booking of each would be most of what the rules go through.
_PLAIN_ROLES = _LABOUR_ROLES | {"tax-expense", "withholding-payable"}


#: Roles of accounts whose other name is a hired worker's.
OF_WORKERS = frozenset({"wages", "worker-payable"})


def impersonal(account: str, place: Place | None) -> str:
    """Return an account's name with a placeholder where it names a person.

    Args:
        account: The name.
        place: Its role and whose it is; None for ordinary accounts.
    """
    if place is None:
        return account
    worker = place.name if place.role in OF_WORKERS else ""
    people = {place.member: "{member}", worker: "{worker}"}
    people.pop("", None)
    root, *parts = account.split(":")
    return ":".join([root, *(people.get(part, part) for part in parts)])


@dataclass(slots=True)
class Account:
    """What is known of an account before the first posting.

    Attributes:
        name: Its name.
        root: Its kind: ``Assets``, ``Liabilities`` ...
        place: Role, member and name; None for ordinary accounts.
        origin: Origin of its income or expenses.
        bases: Patronage bases that it measures, each with the member.
        unit: Unit of the co-op whose income or expense it is, or "".
        refund: Refund class of the capital on it (`coop-refund-class`), or "".
        sign: 1 when it is debited as it grows, -1 for the others.
        is_pay: Whether its postings are somebody's work.
        is_counted: Whether they are, or count as somebody's patronage.
        makes_booking: Whether a posting to it makes a booking of the transaction.
    """

    name: str
    root: str
    place: Place | None
    origin: str
    bases: tuple[tuple[PatronageBasis, str], ...] = ()
    unit: str = ""
    refund: str = ""
    # What follows from these, worked out once: every posting asks for it.
    sign: int = field(init=False)
    is_pay: bool = field(init=False)
    is_counted: bool = field(init=False)
    makes_booking: bool = field(init=False)

    def __post_init__(self) -> None:
        self.sign = 1 if self.root in {"Assets", "Expenses"} else -1
        role = self.place.role if self.place else ""
        self.is_pay = role in _LABOUR_ROLES
        self.is_counted = self.is_pay or bool(self.bases)
        self.makes_booking = bool(role) and role not in _PLAIN_ROLES

    def takes(self, number: Decimal) -> bool:
        """Whether a posting takes back, be it pay with its hours, goods or money.

        Args:
            number: The number of its units, in Beancount's sign.
        """
        return number < ZERO if self.sign > 0 else number > ZERO

    @property
    def counts_units(self) -> bool:
        """Whether a basis counts units of a commodity on the account."""
        return any(basis.measure == "units" for basis, _ in self.bases)


#: The origin of what is no part of a result at all.
LEFT_OUT = ""


def number_of(posting: data.Posting, currency: str) -> Decimal:
    """Return a posting's amount in the book's currency, at its price or cost.

    It is zero where the posting has no price in that currency.
    """
    units: Any = posting.units
    if units.currency == currency and posting.cost is None:
        number: Decimal = units.number
        return number
    weight = convert.get_weight(posting)
    return (weight.number or ZERO) if weight.currency == currency else ZERO


def growth_of(account: Account, posting: data.Posting, currency: str) -> Decimal:
    """Return how much a posting adds to what its account is about."""
    units: Any = posting.units
    if units.currency == currency and posting.cost is None:
        # As in `number_of`, without a second call for each of very many postings.
        number: Decimal = units.number
    else:
        number = number_of(posting, currency)
    return number if account.sign > 0 else -number


def add_result(
    figures: YearFigures, account: Account, origin: str, number: Decimal
) -> None:
    """Count an amount (in Beancount's sign) under the year's result or tax."""
    if origin == LEFT_OUT:
        return
    if account.root == "Income":
        figures.turnover -= number
        if origin == "extra-cooperative":
            figures.turnover_others -= number
    role = account.place.role if account.place else ""
    if role == "education-expense":
        # The fund's expense is computed from the result and is no part of it.
        return
    if role == "tax-expense":
        figures.tax[origin] = figures.tax.get(origin, ZERO) + number
        return
    if role == "capital-interest-expense":
        figures.interest += number
    figures.result[origin] = figures.result.get(origin, ZERO) - number
    if account.unit:
        figures.units[account.unit] = figures.units.get(account.unit, ZERO) - number


def add_balance(figures: YearFigures, account: Account, balance: Decimal) -> None:
    """Count an account's balance at the year's end (in Beancount's sign).

    It is an account that lasts: of assets, liabilities or equity.
    """
    place = account.place
    if account.root in {"Assets", "Liabilities"}:
        figures.net_worth += balance
    if account.root == "Liabilities":
        figures.debts -= balance
    if place is None:
        if account.root == "Equity":
            figures.unplaced[account.name] = -balance
        return
    amount = balance if account.sign > 0 else -balance
    figures.balances[place.role] = figures.balances.get(place.role, ZERO) + amount
    if place.role in CAPITAL:
        old = figures.capital.get(place.member, ZERO)
        figures.capital[place.member] = old + amount
