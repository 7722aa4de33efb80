"""Rules on capital: every account a member's, none below zero, all adding up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import MISPLACED
from coopledger.domain.capital import OWED
from coopledger.errors import offer_nearest
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.law.case import Case

_ICA_SOURCES = (
    "New York Cooperative Corporations Law, art. 5-A § 93",
    "Connecticut General Statutes 33-418m and 33-418n",
)


def days_below_zero(
    case: Case,
    whose: Callable[[Leg], str | None],
    takes: Callable[[Booking, Leg], bool],
) -> Iterator[tuple[datetime.date, Leg, Decimal]]:
    """Return each day at whose end a balance is below zero, where something took of it.

    The order of a day's transactions means nothing, so that only its end is looked at.

    Args:
        case: The books.
        whose: Says whose balance a leg belongs to; None for nobody's.
        takes: Says of a leg whether it is one that may be blamed.

    Returns:
        The day, the last leg to blame on it, and the balance.
    """
    balances: dict[str, Decimal] = {}
    ends: dict[tuple[str, datetime.date], tuple[Leg | None, Decimal]] = {}
    for booking in case.books.bookings:
        for leg in booking.legs:
            owner = whose(leg)
            if owner is None:
                continue
            balances[owner] = balances.get(owner, ZERO) + leg.amount
            day = (owner, booking.date)
            is_taker = leg.amount < 0 and takes(booking, leg)
            taker = leg if is_taker else ends.get(day, (None, ZERO))[0]
            ends[day] = (taker, balances[owner])
    for (_, date), (taker, balance) in ends.items():
        if taker and balance < 0:
            yield date, taker, balance


def capital_of(leg: Leg) -> str | None:
    """Return whose capital a leg belongs to, if any."""
    return leg.member if leg.role in CAPITAL else None


@rule(
    "COOP-CAP-01",
    basis="statutes",
    sources=("New York Cooperative Corporations Law, art. 5-A § 93",),
    catalogue=("R14",),
)
def capital_is_never_negative(case: Case) -> Iterator[Breach]:
    """A member's capital is never below zero at the end of a day.

    Holds::

        2024-06-01 * "All of the capital repaid"
          Equity:Members:Ana:Contribution  1,000.00 USD
          Assets:Bank                     -1,000.00 USD

    Breaks::

        2024-06-01 * "More repaid than was ever paid in"
          Equity:Members:Ana:Contribution  1,000.01 USD
          Assets:Bank                     -1,000.01 USD
    """
    # A loss above the capital is the business of the rule on losses.
    for date, leg, balance in days_below_zero(
        case, capital_of, lambda booking, leg: kind_of(booking, leg) != "loss"
    ):
        yield Breach(
            f"The capital of {leg.member} falls to {balance}.",
            "Correct the amount or the member; nobody can be paid more than they hold.",
            leg.origin,
            date,
            amount=balance,
            limit=ZERO,
        )


@rule(
    "COOP-CAP-02",
    basis="law",
    sources=_ICA_SOURCES,
    catalogue=("R17",),
)
def every_capital_account_is_a_members(case: Case) -> Iterator[Breach]:
    """Every account of members' capital belongs to somebody in the register.

    Holds::

        2024-06-01 * "Bea adds to her capital"
          Assets:Bank                      100.00 USD
          Equity:Members:Bea:Contribution -100.00 USD

    Breaks::

        2024-06-01 * "Beatrice adds to her capital"
          Assets:Bank                           100.00 USD
          Equity:Members:Beatrice:Contribution -100.00 USD
    """
    known = case.books.register.events
    seen: set[str] = set()
    for booking in case.books.bookings:
        for leg in booking.legs:
            if leg.account in seen or leg.member in known:
                continue
            if leg.role == MISPLACED:
                found = f"{leg.account} stands among the members and has no role."
                fix = "Book to an account of the chart, or add one with coop-account."
            elif leg.role in CAPITAL | OWED:
                nearest = offer_nearest(leg.member, known)
                found = f"{leg.account} belongs to nobody in the register{nearest}"
                fix = "Correct the account, or register the member with coop-member."
            else:
                continue
            seen.add(leg.account)
            yield Breach(found, fix, leg.origin, booking.date, amount=leg.amount)
    yield from _pay_of_strangers(case)


def _pay_of_strangers(case: Case) -> Iterator[Breach]:
    known = case.books.register.events
    seen: set[str] = set()
    for figures in case.books.years.values():
        for member, labour in figures.members.items():
            if member not in known and member not in seen and labour.first:
                seen.add(member)
                date, origin = labour.first
                yield Breach(
                    f"'{member}' is paid as a member and is not in the register"
                    f"{offer_nearest(member, known)}",
                    "Correct the account, register the member with coop-member, or "
                    "book the pay of hired workers as wages.",
                    origin,
                    date,
                )


def _owed_to(leg: Leg) -> str | None:
    """Return whom a debt to members or workers is owed to, if a leg is of one."""
    return leg.account if leg.role in OWED | {"worker-payable"} else None


@rule(
    "COOP-CAP-04",
    basis="statutes",
    sources=("a debt is paid as far as it exists: double entry, and nothing else",),
    catalogue=("R70",),
)
def nobody_is_paid_more_than_is_owed(case: Case) -> Iterator[Breach]:
    """A member or worker is never paid more than is owed to them.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                    -250.00 USD
          Liabilities:Members:Ana:Payable      -562.50 USD
          Liabilities:Members:Bea:Payable      -187.50 USD
        2025-04-02 * "Paid"
          Liabilities:Members:Ana:Payable       562.50 USD
          Assets:Bank                          -562.50 USD

    Breaks::

        2024-04-02 * "Paid, though nothing was declared"
          Liabilities:Members:Ana:Payable         0.01 USD
          Assets:Bank                            -0.01 USD
    """
    for date, leg, balance in days_below_zero(
        case, _owed_to, lambda booking, _: not booking.is_appropriation
    ):
        yield Breach(
            f"{leg.account}: {-balance} more was paid than was owed.",
            "Correct the amount or the person, or book first what is owed.",
            leg.origin,
            date,
            amount=balance,
            limit=ZERO,
        )


@rule("COOP-CAP-03", basis="law", sources=_ICA_SOURCES, catalogue=("R18",))
def accounts_add_up_to_net_worth(case: Case) -> Iterator[Breach]:
    """Members' accounts, collective accounts and open results make up the net worth.

    Holds::

        2024-06-01 * "A gift to the co-op"
          Assets:Bank         100.00 USD
          Equity:Collective  -100.00 USD

    Breaks::

        2024-06-01 * "A gift to the co-op"
          Assets:Bank              100.00 USD
          Equity:Opening-Balances -100.00 USD
    """
    for figures in case.books.years.values():
        if not figures.unplaced or figures.fiscal.end > case.books.last:
            continue
        listed = ", ".join(f"{name} {sum_}" for name, sum_ in figures.unplaced.items())
        placed = figures.net_worth - sum(figures.unplaced.values(), ZERO)
        yield Breach(
            f"At the end of fiscal year {figures.fiscal.label} the net worth is "
            f"{figures.net_worth}, but members, collective accounts and open results "
            f"come to {placed}; no role has: {listed}.",
            "Book the amount to a member or a collective account, or give the account "
            "a role with coop-account.",
            case.books.origin,
            figures.fiscal.end,
            amount=placed,
            limit=figures.net_worth,
        )
