"""Transactions to be, and their Beancount text."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core import data
from beancount.core import display_context
from beancount.parser import printer

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import APPROPRIATION_TAG

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.journal.loading import Book


class PlannedLeg(NamedTuple):
    """One posting to be: account, amount in Beancount's sign, what it says itself."""

    account: str
    amount: Decimal
    step: str = ""
    kind: str = ""
    year: int | None = None
    own: tuple[tuple[str, Decimal | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A transaction to be.

    Attributes:
        date: Its date.
        payee: The enterprise.
        narration: What it is.
        year: Fiscal year that it belongs to, if it belongs to one.
        kind: `coop-kind`.
        link: Id of the resolution, or "" for a draft.
        legs: Its postings; they balance.
        tags: Its tags.
        metadata: More of our metadata.
        before: A directive that comes before it, as text.
        is_fact: Whether it happened and nobody has to decide it, so that it is no
            draft without a resolution either.
    """

    date: datetime.date
    payee: str
    narration: str
    year: int | None
    kind: str
    link: str
    legs: tuple[PlannedLeg, ...]
    tags: frozenset[str] = frozenset({APPROPRIATION_TAG})
    metadata: Mapping[str, Any] = field(default_factory=dict)
    before: str = ""
    is_fact: bool = False

    def by_account(self) -> dict[str, Decimal]:
        """Add the postings up by account."""
        sums: dict[str, Decimal] = {}
        for leg in self.legs:
            sums[leg.account] = sums.get(leg.account, ZERO) + leg.amount
        return sums


def as_text(planned: Sequence[Planned], book: Book) -> str:
    """Write transactions as Beancount text, with the accounts they need opened.

    Args:
        planned: The transactions.
        book: The book they are for.

    Returns:
        Text that ends with a newline; a draft is flagged ``!``.
    """
    written = printer.EntryPrinter(_context(book))
    opened = "".join(_opens(planned, book))
    entries = [
        plan.before + written(_head(plan)) + _postings(plan, book) for plan in planned
    ]
    return "\n".join([opened, *entries] if opened else entries)


def quoted(text: str) -> str:
    """Write a text as it may stand between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _context(book: Book) -> display_context.DisplayContext:
    """Print every amount with all decimals of its currency.

    The book's own context follows what most of its amounts look like: in a book of
    whole numbers it would round the cents of a proposal away.
    """
    context = display_context.DisplayContext()
    context.set_commas(book.options["render_commas"])
    context.update(book.case.books.unit, book.case.books.currency)
    return context


def _opens(planned: Iterable[Planned], book: Book) -> Iterator[str]:
    """Open what is not open yet, in lines as Beancount's printer would write them."""
    known, currency = book.opened, book.case.books.currency
    for plan in sorted(planned, key=lambda plan: plan.date):
        opening = f"{plan.date} open"
        for account, *_ in plan.legs:
            if account not in known:
                known.add(account)
                yield f"{opening} {account:47} {currency}\n"


def _head(plan: Planned) -> data.Transaction:
    """Return a transaction without its postings."""
    meta: dict[str, Any] = {"coop-kind": plan.kind} if plan.kind else {}
    if plan.year is not None:
        meta["coop-year"] = str(plan.year)
    meta.update(plan.metadata)
    return data.Transaction(
        meta=meta,
        date=plan.date,
        flag="*" if plan.link or plan.is_fact else "!",
        payee=plan.payee,
        narration=plan.narration,
        tags=plan.tags,
        links=frozenset({plan.link} if plan.link else ()),
        postings=[],
    )


def _postings(plan: Planned, book: Book) -> str:
    """Write a transaction's postings as Beancount's printer would, but faster.

    There may be as many as a few for each of very many members.
    """
    books = book.case.books
    digits = max(0, -int(books.unit.as_tuple().exponent))
    commas = "," if book.options["render_commas"] else ""
    numbers = [f"{leg.amount:{commas}.{digits}f}" for leg in plan.legs]
    account_width = max(len(leg.account) for leg in plan.legs)
    width = max(map(len, numbers))
    return "".join(
        f"  {leg.account:{account_width}}  {number:>{width}} {books.currency}\n"
        + (f'    coop-step: "{leg.step}"\n' if leg.step else "")
        + (f'    coop-kind: "{leg.kind}"\n' if leg.kind else "")
        + (f'    coop-year: "{leg.year}"\n' if leg.year else "")
        + "".join(f"    {key}: {_value(value)}\n" for key, value in leg.own)
        for leg, number in zip(plan.legs, numbers, strict=True)
    )


def _value(value: Decimal | str) -> str:
    """Write a value of metadata."""
    return f'"{quoted(value)}"' if isinstance(value, str) else f"{value:f}"
