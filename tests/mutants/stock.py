"""Books as stock for mutants: loaded once, changed in memory, judged by all rules.

A mutant is a book with one thing made wrong.  Beancount's own checks and the rule book
see it exactly as they would see the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.ops import balance
from beancount.ops import validation

from coopledger.journal.loading import collector_off
from coopledger.journal.loading import load_entries
from coopledger.journal.reading import read_books
from coopledger.law.case import Case
from coopledger.rules import RULES
from coopledger.rules import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

    from coopledger.journal.chart import Chart
    from coopledger.journal.chart import Place


@dataclass(frozen=True, slots=True)
class Stock:
    """A clean book.

    Attributes:
        name: Name of its folder.
        entries: Its entries.
        options: Its options.
        chart: Its chart of accounts.
    """

    name: str
    entries: tuple[data.Directive, ...]
    options: dict[str, Any]
    chart: Chart

    def role(self, account: str) -> str:
        """Return the role of an account, or ""."""
        place = self.place(account)
        return place.role if place else ""

    def place(self, account: str) -> Place | None:
        """Return what an account is for, or None."""
        return self.chart.place(account)

    def member(self, account: str) -> str:
        """Return the member whose account it is, or ""."""
        place = self.place(account)
        return place.member if place else ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A book with one thing made wrong.

    Attributes:
        operator: What was done.
        book: To which book.
        place: Where in it.
        entries: The book's entries now.
    """

    operator: str
    book: str
    place: str
    entries: tuple[data.Directive, ...]

    @property
    def key(self) -> str:
        """Its name: operator, book and place."""
        return f"{self.operator} | {self.book} | {self.place}"


#: Where one thing was made wrong, and the entries now.
Change = tuple[str, tuple[data.Directive, ...]]


def load_stock(path: Path) -> Stock:
    """Load a clean book.

    Raises:
        ValueError: It is not clean.
    """
    entries, errors, options = load_entries(path)
    if errors:
        message = f"{path} is not clean: {errors[0].message}"
        raise ValueError(message)
    _, _, chart = read_books(entries, options)
    return Stock(path.parent.name, tuple(entries), options, chart)


def place_of(entry: data.Directive) -> str:
    """Return a name for an entry that a reader finds again."""
    if isinstance(entry, data.Transaction):
        return f"{entry.date} {entry.narration}"
    if isinstance(entry, data.Custom):
        words = " ".join(str(value.value) for value in entry.values[:2])
        return f"{entry.date} {entry.type} {words}"
    return f"{entry.date} {type(entry).__name__}"


def replaced(
    stock: Stock, index: int, *others: data.Directive
) -> tuple[data.Directive, ...]:
    """Return the entries with one of them replaced by others, in order again."""
    rest = [*stock.entries[:index], *others, *stock.entries[index + 1 :]]
    return tuple(sorted(rest, key=data.entry_sortkey))


def transactions(stock: Stock) -> Iterator[tuple[int, data.Transaction]]:
    """Yield all transactions with their indexes."""
    for index, entry in enumerate(stock.entries):
        if isinstance(entry, data.Transaction):
            yield index, entry


def customs(stock: Stock, kind: str = "coop-") -> Iterator[tuple[int, data.Custom]]:
    """Yield the cooperative directives whose type begins with some text."""
    for index, entry in enumerate(stock.entries):
        if isinstance(entry, data.Custom) and entry.type.startswith(kind):
            yield index, entry


def judged(stock: Stock, entries: Sequence[data.Directive]) -> list[str]:
    """Return who speaks up about some entries: rule ids, or ``Beancount``."""
    with collector_off():
        own = validation.validate(entries, stock.options)  # type: ignore[no-untyped-call]
        _, unbalanced = balance.check(entries, stock.options)  # type: ignore[no-untyped-call]
        books, policy, _ = read_books(entries, stock.options)
        found = run(RULES, Case(books, policy))
    ids = {finding.rule for finding in found}
    return sorted(ids | ({"Beancount"} if [*own, *unbalanced] else set()))
