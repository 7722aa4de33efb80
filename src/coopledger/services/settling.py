"""A settlement as transactions: what is kept, and the debt that the rest becomes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg
from coopledger.law.leaving import COMPULSORY

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.books import Resolution
    from coopledger.domain.instalments import Plan
    from coopledger.domain.members import MemberEvent
    from coopledger.journal.loading import Book

#: Role and balance, by account.
Balances = dict[str, tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What every transaction of a settlement needs to know."""

    ending: MemberEvent
    is_on_file: bool
    day: datetime.date
    resolution: Resolution | None
    plan: Plan | None


def settlement_entries(
    book: Book, terms: Terms, balances: Balances, kept: Decimal
) -> Iterator[Planned]:
    """Return the transactions that settle an account, the deduction first.

    Args:
        book: The book.
        terms: Who leaves, when, and what was agreed.
        balances: The account.
        kept: What the co-op keeps of it.
    """
    before = "" if terms.is_on_file else _register_line(terms.ending)
    left = {account: amount for account, (_, amount) in balances.items()}
    if kept:
        compulsory = [a for a, (role, _) in balances.items() if role in COMPULSORY]
        legs = list(_deduction_legs(left, compulsory, kept))
        for leg in legs:
            left[leg.account] -= leg.amount
        legs.append(PlannedLeg(_reserve(book, terms.day), -kept))
        yield _transaction(
            book, terms, "Deduction on leaving", "deduction", legs, before=before
        )
        before = ""
    legs = [PlannedLeg(account, amount) for account, amount in left.items() if amount]
    owed = book.chart.account("redemption-payable", member=terms.ending.member)
    legs.append(PlannedLeg(owed, -sum((leg.amount for leg in legs), ZERO)))
    text = "The account becomes a debt"
    yield _transaction(book, terms, text, "redemption", legs, before=before)


def _transaction(  # noqa: PLR0913 - one argument for each part of a transaction
    book: Book,
    terms: Terms,
    text: str,
    kind: str,
    legs: list[PlannedLeg],
    *,
    before: str,
) -> Planned:
    return Planned(
        date=terms.day,
        payee=book.case.books.register.name(terms.ending.member),
        narration=text,
        year=None,
        kind=kind,
        link=terms.resolution.id if terms.resolution else "",
        legs=tuple(legs),
        tags=frozenset(),
        metadata=_words(terms.plan) if kind == "redemption" else {},
        before=before,
    )


def _words(plan: Plan | None) -> dict[str, object]:
    """Say instalments as a transaction's metadata."""
    if plan is None:
        return {}
    words: dict[str, object] = {"coop-instalments": Decimal(plan.count)}
    words |= {"coop-due": plan.first} if plan.first else {}
    return words | ({"coop-every": Decimal(plan.every)} if plan.count > 1 else {})


def _register_line(ending: MemberEvent) -> str:
    line = f'{ending.date} custom "coop-member" "{ending.member}" "leave"\n'
    return line + (f'  exit: "{ending.exit}"\n' if ending.exit else "") + "\n"


def _deduction_legs(
    balances: Mapping[str, Decimal], accounts: list[str], kept: Decimal
) -> Iterator[PlannedLeg]:
    for account in accounts:
        part = min(kept, max(ZERO, balances[account]))
        if part:
            yield PlannedLeg(account, part)
        kept -= part


def _reserve(book: Book, day: datetime.date) -> str:
    """Return the account that deductions feed: where the surplus feeds it as well."""
    fed = {step.role for step in book.case.policy.preset_on(day).surplus}
    role = "collective" if "collective" in fed else "mandatory-reserve"
    return book.chart.account(role)
