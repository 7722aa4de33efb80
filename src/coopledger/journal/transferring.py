"""Transfers between enterprises: what a transaction that names one moves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.transfers import CAPITAL_MOVED
from coopledger.domain.transfers import DUES
from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import RECEIVES
from coopledger.domain.transfers import Part
from coopledger.domain.transfers import Transfer
from coopledger.domain.transfers import natures_by
from coopledger.journal.accounts import impersonal
from coopledger.journal.accounts import number_of
from coopledger.journal.directives import origin_of
from coopledger.journal.directives import year_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from beancount.core import data

    from coopledger.domain.members import Register
    from coopledger.journal.accounts import Account
    from coopledger.journal.chart import Place

#: Number and currency of a posting, in Beancount's sign.
_Sum = tuple[Decimal, str]

#: What is often owed for before it is paid, and not lent.
_ON_CREDIT = frozenset({"trade", "fee"})

_NOMINAL = frozenset({"Income", "Expenses", "Equity"})


def transfer_of(
    entry: data.Transaction,
    accounts: Mapping[str, Account],
    currency: str,
    register: Register,
) -> Transfer:
    """Return what a transaction with a `coop-transfer` says of it.

    Args:
        entry: The transaction.
        accounts: The book's accounts, by name.
        currency: The book's currency.
        register: The members, whose capital may move with them.
    """
    meta = entry.meta
    touched = [accounts[p.account] for p in entry.postings if p.account in accounts]
    places = [account.place for account in touched if account.place]
    roles = tuple(dict.fromkeys(place.role for place in places))
    stated = str(meta.get("coop-nature", ""))
    on_credit = stated in _ON_CREDIT
    side, amount, moved = _moved(entry.postings, accounts, on_credit=on_credit)
    nature = stated or _inferred(roles, touched, side)
    return Transfer(
        id=str(meta["coop-transfer"]),
        peer=str(meta.get("coop-peer", "")),
        nature=nature,
        stated=stated,
        side=side,
        amount=amount,
        currency=moved,
        date=entry.date,
        year=year_in(meta.get("coop-year", "")),
        roles=roles,
        fund=next((p.name for p in places if p.name and p.role not in DUES), ""),
        dues=tuple(dict.fromkeys(p.name for p in places if p.role in DUES)),
        links=tuple(sorted(entry.links or ())),
        kind=str(meta.get("coop-kind", "")),
        parts=tuple(_parts(entry.postings, accounts, currency)),
        origin=origin_of(meta),
        person=_person(places, register) if nature == CAPITAL_MOVED else "",
    )


def _person(places: Iterable[Place], register: Register) -> str:
    """Return whose capital moves, by the federation's id; "" where several people's."""
    members = {place.member for place in places if place.role in CAPITAL}
    return register.federal(members.pop()) if len(members) == 1 else ""


def _parts(
    postings: Iterable[data.Posting], accounts: Mapping[str, Account], currency: str
) -> Iterator[Part]:
    for posting in postings:
        account = accounts.get(posting.account)
        if account:
            yield Part(
                account=impersonal(account.name, account.place),
                root=account.root,
                role=account.place.role if account.place else "",
                amount=number_of(posting, currency),
                year=year_in((posting.meta or {}).get("coop-year", "")),
            )


def _inferred(roles: Iterable[str], touched: Iterable[Account], side: str) -> str:
    """Return the nature that follows from the accounts; "" where several could be."""
    natures = natures_by(roles, side)
    if natures:
        return natures[0]
    # Nothing but money and what is owed: lent, paid back, or paid at last.
    is_owed = DUES.intersection(roles)
    is_plain = all(account.root not in _NOMINAL for account in touched)
    return "loan" if is_owed and is_plain else ""


def _moved(
    postings: Iterable[data.Posting],
    accounts: Mapping[str, Account],
    *,
    on_credit: bool,
) -> tuple[str, Decimal, str]:
    """Return on which side the book stands, how much passed, in which currency.

    Money tells, or what is owed; where both are counted, what is owed says which way it
    went.  Where there is neither, income, expenses and equity do.

    Args:
        postings: Those of the transaction.
        accounts: The book's accounts, by name.
        on_credit: Whether something is bought and sold, so that assets beside what is
            owed for them are goods and no money lent.
    """
    money: list[_Sum] = []
    dues: list[_Sum] = []
    nominal: list[_Sum] = []
    others = 0
    for posting in postings:
        account = accounts.get(posting.account)
        units: Any = posting.units
        number, currency = units.number, units.currency
        if account and account.place and account.place.role in DUES:
            dues.append((number, currency))
        elif account and account.root == "Assets":
            money.append((number, currency))
        elif account and account.root in _NOMINAL:
            nominal.append((-number, currency))
        else:
            others += 1
    if dues and (on_credit or nominal or others or not money):
        # As far as money went the same way it is part of the transfer.
        is_in = sum((number for number, _ in dues), ZERO) > 0
        return _larger([*dues, *(one for one in money if (one[0] > 0) is is_in)])
    return _larger(money or nominal)


def _larger(sums: Iterable[_Sum]) -> tuple[str, Decimal, str]:
    """Return the larger of what comes in and what goes out, of one currency."""
    listed = [one for one in sums if one[0]]
    currencies = {currency for _, currency in listed}
    if len(currencies) != 1:
        return "", ZERO, ""
    received = sum((number for number, _ in listed if number > 0), ZERO)
    given = sum((-number for number, _ in listed if number < 0), ZERO)
    currency = currencies.pop()
    if received == given:
        return "", ZERO, currency
    if received > given:
        return RECEIVES, received, currency
    return GIVES, given, currency
