"""What becomes of a member's capital on leaving, by the rules that a book knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.law.leaving import agreed_deduction
from coopledger.law.leaving import interest_rate
from coopledger.law.leaving import years_to_repay
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.phrases import figure

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.members import Membership
    from coopledger.law.case import Case
    from coopledger.law.policy import Policy
    from coopledger.services.stating import Statement


def parting_of(case: Case, found: Statement) -> tuple[Phrase, ...]:
    """Say what happens when a member leaves, as things stand on a statement's last day.

    Args:
        case: The book under its law.
        found: The member's statement.
    """
    who = found.membership
    if not case.policy.policies:
        return (Phrase("This book does not say which law and by-laws govern it."),)
    if who.is_member:
        return tuple(_of_a_member(case, found))
    if who.left:
        return tuple(_of_a_leaver(case.policy, who, who.left, found))
    return (Phrase("The membership has not begun."),)


def _of_a_member(case: Case, found: Statement) -> Iterator[Phrase]:
    closing, currency = found.line.closing, case.books.currency
    yield Phrase(
        "Your capital becomes a debt of the co-operative to you. On {day} that was "
        "{amount} {currency}.",
        day=found.end,
        amount=closing,
        currency=currency,
    )
    yield from _kept(case.policy, found.end)
    yield _within(case.policy, "", found.end)
    yield _earning(case.policy, found.end)
    yield Phrase(
        "Your part of a surplus or loss that is not distributed yet comes on top or "
        "off."
    )


def _of_a_leaver(
    policy: Policy, who: Membership, left: datetime.date, found: Statement
) -> Iterator[Phrase]:
    kind = "death" if who.status == "deceased" else ""
    yield Phrase("The membership ended on {day}.", day=left)
    if found.line.closing:
        yield Phrase(
            "Capital of {amount} is not settled yet.", amount=found.line.closing
        )
    if found.line.closing or found.owed:
        yield _within(policy, kind, left)
        yield _earning(policy, left)


def _kept(policy: Policy, on: datetime.date) -> Iterator[Phrase]:
    """Say what the co-op's own by-laws keep of the compulsory contributions."""
    unjustified = agreed_deduction(policy, "unjustified", on)
    expelled = agreed_deduction(policy, "expulsion", on)
    if unjustified:
        yield Phrase(
            "Who leaves without justification loses {rate} of the compulsory "
            "contributions.",
            rate=Rate(unjustified),
        )
    if expelled:
        yield Phrase(
            "Who is expelled loses {rate} of the compulsory contributions.",
            rate=Rate(expelled),
        )
    if not unjustified and not expelled:
        yield Phrase("The by-laws, as this book has them, keep nothing of it back.")


def _within(policy: Policy, kind: str, on: datetime.date) -> Phrase:
    """Say how soon it has to be paid."""
    years = years_to_repay(policy, kind, on)
    if years is None:
        return Phrase("This book has no rule on how soon it has to be paid.")
    if years == 1:
        return Phrase("It has to be paid within a year.")
    return Phrase("It has to be paid within {years} years.", years=figure(years))


def _earning(policy: Policy, on: datetime.date) -> Phrase:
    """Say what it earns until then."""
    rate = interest_rate(policy, on)
    if rate is None:
        return Phrase("This book has no rule on interest until then.")
    return Phrase("Until then it earns {rate} a year at least.", rate=Rate(rate))
