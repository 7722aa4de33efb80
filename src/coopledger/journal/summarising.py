"""A book's balances and prices, without anybody's name, for its federation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from babel.numbers import list_currencies
from beancount.core import data

from coopledger.domain.amounts import ZERO
from coopledger.domain.enterprise import Balance
from coopledger.domain.enterprise import Price
from coopledger.journal.accounts import OF_WORKERS
from coopledger.journal.postings import known_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.journal.loading import Book

_DEBITED = frozenset({"Assets", "Expenses"})
_LASTING = frozenset({"Assets", "Liabilities", "Equity"})


class _Kind(NamedTuple):
    """Which accounts are added up: name without a person, root, role, other name."""

    account: str
    root: str
    role: str
    name: str


def balances_by_year(
    book: Book,
) -> dict[int, tuple[tuple[Balance, ...], tuple[Balance, ...]]]:
    """Return what accounts held at each year's end, and moved in the year.

    All members' accounts of a role are added up, and so is what was paid to workers.
    """
    kinds: dict[str, _Kind] = {}
    held: dict[_Kind, Decimal] = {}
    found = {}
    for label, figures in book.case.books.years.items():
        flows: dict[_Kind, Decimal] = {}
        for account, number in figures.sums.items():
            if account not in kinds:
                kinds[account] = _kind(account, book)
            kind = kinds[account]
            grown = number if kind.root in _DEBITED else -number
            flows[kind] = flows.get(kind, ZERO) + grown
            if kind.root in _LASTING:
                held[kind] = held.get(kind, ZERO) + grown
        found[label] = _balances(held), _balances(flows)
    return found


def _kind(account: str, book: Book) -> _Kind:
    known = known_of(book, account)
    name = "" if known.role in OF_WORKERS else known.name
    return _Kind(known.general, known.root, known.role, name)


def _balances(sums: Mapping[_Kind, Decimal]) -> tuple[Balance, ...]:
    return tuple(Balance(*kind, amount) for kind, amount in sorted(sums.items()))


def prices_in(entries: Iterable[data.Directive]) -> tuple[Price, ...]:
    """Return the prices of currencies, in order of date; goods are left out."""
    known = list_currencies()
    return tuple(
        Price(entry.date, entry.currency, entry.amount.number, entry.amount.currency)
        for entry in entries
        if type(entry) is data.Price
        and entry.amount.number is not None
        and {entry.currency, entry.amount.currency} <= known
    )
