"""Backup withholding: from whose money tax is kept, and at which rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.law.forms import is_under_subchapter_t
from coopledger.law.reporting import PATRONAGE

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from coopledger.law.case import Case
    from coopledger.law.policy import Policy


def withholding_rate(policy: Policy, on: datetime.date) -> Decimal | None:
    """Return the rate of a day; None where no such tax is withheld."""
    if not is_under_subchapter_t(policy, on):
        return None
    return policy.find_number("backup-withholding.rate", on)


def is_withheld_from(
    case: Case, member: str, cause: str, paid: tuple[datetime.date, str, int | None]
) -> bool:
    """Say whether tax is kept from a payment in money, which may depend on its paper.

    Args:
        case: The books under their law.
        member: Who is paid.
        cause: Why tax is withheld from them.
        paid: Day, box and fiscal year of what is paid.
    """
    day, box, year = paid
    share = case.policy.find_number("backup-withholding.money-minimum", day)
    if cause == "tin" or share is None or year is None or box != PATRONAGE:
        return True
    posted = case.posted(year)
    money = posted.patronage_in(frozenset({"member-payable"}))[member]
    paper = posted.patronage_in(frozenset({"patronage"})).get(member, ZERO)
    return money >= share * (money + paper)
