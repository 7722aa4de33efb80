"""Rules on capital: every account a member's, none below zero, all adding up."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import MISPLACED
from coopledger.domain.capital import OWED
from coopledger.domain.capital import PAID_IN
from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase
from coopledger.phrases import enumerated
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.bookings import Trace
    from coopledger.law.case import Case

#: Roles of accounts that somebody of the register must own.
_MEMBERS_OWN = CAPITAL | OWED | {MISPLACED}

#: Debts to members and to workers who are none.
_OWED_TO_PEOPLE = OWED | {"worker-payable"}

_ICA_SOURCES = (
    "New York Cooperative Corporations Law, art. 5-A § 93",
    "Connecticut General Statutes 33-418m and 33-418n",
)


def days_below_zero(
    traces: Iterable[Trace],
    whose: Callable[[Leg], str],
    takes: Callable[[Booking, Leg], bool],
) -> Iterator[tuple[datetime.date, Leg, Decimal]]:
    """Return each day at whose end a balance is below zero, where something took of it.

    The order of a day's transactions means nothing, so that only its end is looked at.

    Args:
        traces: The postings that make the balances, in order of date.
        whose: Says whose balance a posting belongs to.
        takes: Says of a posting whether it is one that may be blamed.

    Returns:
        The day, the last posting to blame on it, and the balance.
    """
    owned: defaultdict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        owned[whose(trace[1])].append(trace)
    for own in owned.values():
        # Hardly any balance ever falls below zero, at whatever hour of the day.
        if min(accumulate([leg.amount for _, leg in own])) < 0:
            yield from _ends_below_zero(own, takes)


def _ends_below_zero(
    own: Iterable[Trace], takes: Callable[[Booking, Leg], bool]
) -> Iterator[tuple[datetime.date, Leg, Decimal]]:
    balance = ZERO
    ends: dict[datetime.date, tuple[Leg | None, Decimal]] = {}
    for booking, leg in own:
        balance += leg.amount
        is_taker = leg.amount < 0 and takes(booking, leg)
        taker = leg if is_taker else ends.get(booking.date, (None, ZERO))[0]
        ends[booking.date] = (taker, balance)
    for date, (taker, end) in ends.items():
        if taker and end < 0:
            yield date, taker, end


def member_of(leg: Leg) -> str:
    """Return whose a posting is."""
    return leg.member


def account_of(leg: Leg) -> str:
    """Return the account of a posting."""
    return leg.account


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
        case.books.traces_in(CAPITAL),
        member_of,
        lambda booking, leg: kind_of(booking, leg) != "loss",
    ):
        yield Breach(
            Phrase(
                "The capital of {member} falls to {balance}.",
                member=leg.member,
                balance=balance,
            ),
            Phrase(
                "Correct the amount or the member; nobody can be paid more than they "
                "hold."
            ),
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
    for booking, leg in case.books.traces_in(_MEMBERS_OWN):
        if leg.account in seen or leg.member in known:
            continue
        if leg.role == MISPLACED:
            found = Phrase(
                "{account} stands among the members and has no role.",
                account=leg.account,
            )
            fix = Phrase(
                "Book to an account of the chart, or add one with coop-account."
            )
        else:
            nearest = offer_nearest(leg.member, known)
            found = Phrase(
                "{account} belongs to nobody in the register{nearest}",
                account=leg.account,
                nearest=nearest,
            )
            fix = Phrase(
                "Correct the account, or register the member with coop-member."
            )
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
                    Phrase(
                        "'{member}' is paid as a member and is not in the "
                        "register{nearest}",
                        member=member,
                        nearest=offer_nearest(member, known),
                    ),
                    Phrase(
                        "Correct the account, register the member with coop-member, "
                        "or book the pay of hired workers as wages."
                    ),
                    origin,
                    date,
                )


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
        case.books.traces_in(_OWED_TO_PEOPLE),
        account_of,
        lambda booking, _: not booking.is_appropriation,
    ):
        yield Breach(
            Phrase(
                "{account}: {amount} more was paid than was owed.",
                account=leg.account,
                amount=-balance,
            ),
            Phrase("Correct the amount or the person, or book first what is owed."),
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
        listed = enumerated(
            [
                Phrase("{name} {amount}", name=name, amount=sum_)
                for name, sum_ in figures.unplaced.items()
            ]
        )
        placed = figures.net_worth - sum(figures.unplaced.values(), ZERO)
        yield Breach(
            Phrase(
                "At the end of fiscal year {year} the net worth is {net_worth}, but "
                "members, collective accounts and open results come to {placed}; no "
                "role has: {listed}.",
                year=figures.fiscal.label,
                net_worth=figures.net_worth,
                placed=placed,
                listed=listed,
            ),
            Phrase(
                "Book the amount to a member or a collective account, or give the "
                "account a role with coop-account."
            ),
            case.books.origin,
            figures.fiscal.end,
            amount=placed,
            limit=figures.net_worth,
        )


#: Refund class by role, where neither posting nor account states one.
_CLASS_OF = {"redeemable": "a", "contribution": "b", "voluntary": "b"}
#: Where capital of a class stands in the balance sheet.
_ROOT_OF = {"a": "Liabilities", "b": "Equity"}


@rule(
    "COOP-CAP-14",
    basis="law",
    sources=("Orden EHA/3360/2010", "Ley 27/1999, art. 45.1", "Ley 11/2019, art. 60.1"),
    needs=("capital.presentation",),
    catalogue=("R19", "R20"),
    example="es-basque-worker",
)
def capital_stands_where_its_refund_puts_it(case: Case) -> Iterator[Breach]:
    """Capital that has to be repaid is a debt; capital that may be kept is equity.

    Holds::

        2024-06-01 * "Ana aporta, con derecho a reembolso"
          Assets:Banco                         100.00 EUR
          Liabilities:Socias:Ana:Reembolsable -100.00 EUR
            coop-refund-class: "a"

    Breaks::

        2024-06-01 * "Ana aporta, con derecho a reembolso"
          Assets:Banco                    100.00 EUR
          Equity:Socias:Ana:Aportaciones -100.00 EUR
            coop-refund-class: "a"
    """
    seen: set[str] = set()
    for booking, leg in case.books.traces_in(PAID_IN):
        refund = leg.refund or _CLASS_OF.get(leg.role, "")
        where = _ROOT_OF.get(refund, leg.root)
        if where == leg.root or leg.account in seen:
            continue
        if case.policy.text("capital.presentation", booking.date, "") == "by-refund":
            seen.add(leg.account)
            yield Breach(
                Phrase(
                    "{account} holds capital of class ({refund}), which is {what}.",
                    account=leg.account,
                    refund=refund,
                    what=Phrase("a debt") if refund == "a" else Phrase("equity"),
                ),
                Phrase(
                    "Book it to an account below {where}, or correct the class.",
                    where=where,
                ),
                leg.origin,
                booking.date,
                amount=leg.amount,
            )
