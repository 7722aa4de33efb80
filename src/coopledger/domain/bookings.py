"""Transactions that touch what is cooperative, and the kinds of what they move."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import OWED
from coopledger.domain.capital import PAID_IN

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.findings import Origin
    from coopledger.domain.instalments import Plan

#: The tag of every transaction that distributes a result.
APPROPRIATION_TAG = "coop-appropriation"


class Leg(NamedTuple):
    """One posting to an account that has a role.

    Attributes:
        account: The account's name, for messages only.
        root: Its kind: ``Assets``, ``Liabilities``, ``Equity`` ...
        role: What the account is for.
        amount: Positive when it increases what the role is about.
        member: Member id, for members' accounts; for entry fees who pays, for tax that
            is withheld from whom, or "".
        name: Year, peer, fund or worker that the account names, if any.
        step: The step of an appropriation (`coop-step`), or "".
        origin: Where the posting stands.
        kind: The posting's own `coop-kind`, or "".
        refund: Refund class that the posting or its account states: ``a``, ``b`` or "".
        year: The posting's own `coop-year`, or None.
        cleared: Day on which the bank paid the cheque, or None.
    """

    account: str
    root: str
    role: str
    amount: Decimal
    member: str
    name: str
    step: str
    origin: Origin
    kind: str = ""
    refund: str = ""
    year: int | None = None
    cleared: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """What all legs of a transaction are together, for the kind of each one.

    Attributes:
        roles: How many legs each role has.
        increased: Members whose capital a leg increases.
        decreased: Members whose capital a leg decreases or leaves.
        capital: What the transaction adds to each member's capital.
        is_from_reserves: Whether it takes from what is collective.
    """

    roles: Mapping[str, int]
    increased: set[str]
    decreased: set[str]
    capital: Mapping[str, Decimal]
    is_from_reserves: bool

    @classmethod
    def of(cls, legs: Iterable[Leg]) -> Sides:
        """Look at all legs once."""
        roles: dict[str, int] = {}
        capital: dict[str, Decimal] = {}
        increased: set[str] = set()
        decreased: set[str] = set()
        is_from_reserves = False
        for leg in legs:
            roles[leg.role] = roles.get(leg.role, 0) + 1
            if leg.role in CAPITAL:
                capital[leg.member] = capital.get(leg.member, ZERO) + leg.amount
                (increased if leg.amount > 0 else decreased).add(leg.member)
            elif leg.role in COLLECTIVE and leg.amount < 0:
                is_from_reserves = True
        return cls(roles, increased, decreased, capital, is_from_reserves)

    def beside(self, role: str) -> set[str]:
        """Return the roles of all legs but one of a role."""
        return {one for one, count in self.roles.items() if one != role or count > 1}


@dataclass(frozen=True, slots=True)
class Booking:
    """A transaction that touches capital, reserves, funds or another enterprise.

    Attributes:
        date: Its date.
        text: Payee and narration.
        flag: ``*`` when it is final, ``!`` for a draft.
        kind: `coop-kind`, or "".
        year: `coop-year`, or None.
        tags: Tags.
        links: Links; resolutions are linked.
        transfer: `coop-transfer`, or "".
        peer: `coop-peer`, or "".
        legs: Postings with a role.
        plain: Roots of the accounts of its other postings (``Assets`` ...).
        origin: Where it stands.
        plan: Instalments that were agreed (`coop-instalments` and its like), or None.
        notified: `coop-notified`: the day on which a holder was written to, or None.
        is_appropriation: Whether it distributes a year's result.  The tag says so;
            without it, what takes from the result does so all the same, because a
            forgotten tag must not put a distribution out of the rules' sight.
    """

    date: datetime.date
    text: str
    flag: str
    kind: str
    year: int | None
    tags: frozenset[str]
    links: frozenset[str]
    transfer: str
    peer: str
    legs: tuple[Leg, ...]
    plain: frozenset[str]
    origin: Origin
    plan: Plan | None = None
    notified: datetime.date | None = None

    @property
    def place(self) -> tuple[Origin, datetime.date]:
        """Where it stands, and its date: what a finding about it has to say."""
        return self.origin, self.date

    # Worked out once, because every rule on distributions asks for it.
    is_appropriation: bool = field(init=False)
    _takes: bool = field(init=False, repr=False, compare=False)
    _sides: Sides | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Say whether it distributes a year's result."""
        takes = any(leg.role == "surplus-appropriated" for leg in self.legs)
        is_one = APPROPRIATION_TAG in self.tags or (self.kind != "opening" and takes)
        object.__setattr__(self, "_takes", takes)
        object.__setattr__(self, "is_appropriation", is_one)

    @property
    def takes_from_result(self) -> bool:
        """Whether a leg takes from the year's result."""
        return self._takes

    @property
    def sides(self) -> Sides:
        """What is on its sides, looked at once: there may be thousands of legs."""
        if self._sides is None:
            object.__setattr__(self, "_sides", Sides.of(self.legs))
        sides: Sides = self._sides  # type: ignore[assignment]
        return sides


#: A posting with its transaction.
Trace = tuple[Booking, Leg]

#: Capital that was retained.
_RETAINED = frozenset({"patronage", "nonqualified", "member-interest"})


def kind_of(booking: Booking, leg: Leg) -> str:
    """Return the kind of a movement of capital; "" when it could be several.

    The kind that the booking states decides for every leg that it can apply to; where
    nothing is stated it follows from the roles on the legs.  A posting may state its
    own.
    """
    if leg.kind:
        return leg.kind
    if booking.kind and booking.kind not in {"appropriation", "entry-fee"}:
        return _stated(booking, leg)
    return _inferred(booking, leg)


def _stated(booking: Booking, leg: Leg) -> str:
    # A loss year's transaction may also offset or restore; the sign tells.
    if booking.kind == "loss" and leg.role == "member-loss" and leg.amount > 0:
        return "loss-restored"
    return booking.kind


def _inferred(booking: Booking, leg: Leg) -> str:
    # First, because a distribution has two legs for each of very many members.
    if booking.takes_from_result:
        return _of_appropriation(leg)
    sides = booking.sides
    others = sides.beside(leg.role)
    if _is_between_members(booking, leg):
        return "transfer"
    if leg.amount > 0 and not _closes_an_account(booking, leg):
        is_gift = sides.is_from_reserves
        return "" if is_gift else _of_increase(leg, others, booking.plain)
    return _of_decrease(leg, others, booking.plain)


def _of_appropriation(leg: Leg) -> str:
    if leg.role == "member-loss":
        return "loss" if leg.amount < 0 else "loss-restored"
    if leg.role == "member-interest":
        return "interest"
    if leg.amount < 0:
        return "loss"
    return "patronage" if leg.role in {"patronage", "nonqualified"} else ""


def _is_between_members(booking: Booking, leg: Leg) -> bool:
    if booking.plain:
        return False
    sides = booking.sides
    others = sides.decreased if leg.amount > 0 else sides.increased
    return not others <= {leg.member}


def _closes_an_account(booking: Booking, leg: Leg) -> bool:
    """Say whether a leg only clears what stands against capital that is paid out."""
    if leg.role not in {"uncalled", "member-loss"}:
        return False
    return booking.sides.capital.get(leg.member, ZERO) < 0


def _of_increase(leg: Leg, others: set[str], plain: frozenset[str]) -> str:
    if leg.role == "member-interest" and "capital-interest-expense" in others:
        return "interest"
    if leg.role not in PAID_IN or not plain <= {"Assets"}:
        return ""
    return "conversion" if others & _RETAINED else "contribution"


def _of_decrease(leg: Leg, others: set[str], plain: frozenset[str]) -> str:
    if leg.role == "uncalled" and leg.amount < 0:
        return "contribution"
    if others & COLLECTIVE:
        # A deduction, a fee, a gift to the reserve: only the book can say.
        return ""
    if others & OWED or plain == {"Assets"}:
        return "redemption"
    return "conversion" if others & PAID_IN and not plain else ""
