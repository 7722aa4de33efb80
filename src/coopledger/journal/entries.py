"""Transactions that touch what is cooperative, as plain bookings with their legs."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from coopledger.domain.bookings import Booking
from coopledger.domain.bookings import Leg
from coopledger.domain.findings import Origin
from coopledger.domain.instalments import Plan
from coopledger.journal.directives import origin_of
from coopledger.journal.directives import wrong_metadata
from coopledger.journal.directives import year_in

#: Metadata of which any makes a transaction one that agrees instalments.
_PLANNED = frozenset({"coop-instalments", "coop-every", "coop-due", "coop-each"})
_NOWHERE = Origin("", 0)

if TYPE_CHECKING:
    from decimal import Decimal

    from beancount.core import data

    from coopledger.journal.accounts import Account
    from coopledger.journal.chart import Place

#: Roles that are nobody's and may concern a member.
_CONCERNING = frozenset({"entry-fees", "withholding-payable"})


def leg_of(
    account: Account,
    place: Place,
    posting: data.Posting,
    entry: data.Transaction,
    growth: Decimal,
) -> Leg:
    """Return a posting to an account with a role as a leg.

    Args:
        account: The account.
        place: What it is for, and whose.
        posting: The posting.
        entry: Its transaction.
        growth: What it adds to what the account is about, in the book's currency.
    """
    own = posting.meta or {}
    return Leg(
        account=account.name,
        root=account.root,
        role=place.role,
        amount=growth,
        member=place.member or _concerned(place, own, entry.meta),
        name=place.name,
        step=str(own.get("coop-step", "")),
        origin=origin_of(own if "lineno" in own else entry.meta),
        kind=str(own.get("coop-kind", "")),
        refund=str(own.get("coop-refund-class", account.refund)),
        year=year_in(own["coop-year"]) if "coop-year" in own else None,
        cleared=own.get("coop-cleared") or entry.meta.get("coop-cleared"),
    )


def _concerned(place: Place, own: data.Meta, whole: data.Meta) -> str:
    """Return whose entry fee, or whose tax, a posting is, where the book says so."""
    if place.role not in _CONCERNING:
        return ""
    return str(own.get("coop-member", whole.get("coop-member", "")))


def booking_of(
    entry: data.Transaction, legs: tuple[Leg, ...], plain: frozenset[str]
) -> Booking:
    """Return a transaction as a booking.

    Args:
        entry: The transaction.
        legs: Its postings to accounts with a role.
        plain: Roots of the accounts of its other postings.
    """
    meta = entry.meta
    text = " · ".join(part for part in (entry.payee, entry.narration) if part)
    return Booking(
        date=entry.date,
        text=text,
        flag=entry.flag or "",
        kind=str(meta.get("coop-kind", "")),
        year=year_in(meta.get("coop-year", "")),
        tags=frozenset(entry.tags or ()),
        links=frozenset(entry.links or ()),
        transfer=str(meta.get("coop-transfer", "")),
        peer=str(meta.get("coop-peer", "")),
        legs=legs,
        plain=plain,
        origin=origin_of(meta),
        plan=_plan_of(meta),
        notified=_day(meta, "coop-notified"),
    )


def _plan_of(meta: data.Meta) -> Plan | None:
    """Read the instalments that a transaction agrees; None where it names none."""
    if _PLANNED.isdisjoint(meta) or wrong_metadata(meta, datetime.date.min, _NOWHERE):
        return None
    given = Plan()
    return Plan(
        count=int(meta.get("coop-instalments", given.count)),
        every=int(meta.get("coop-every", given.every)),
        first=_day(meta, "coop-due"),
        each=meta.get("coop-each"),
    )


def _day(meta: data.Meta, key: str) -> datetime.date | None:
    day = meta.get(key)
    return day if isinstance(day, datetime.date) else None
