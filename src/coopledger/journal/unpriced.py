"""What is booked in a foreign currency without a price: no figure has it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from beancount.core import convert

from coopledger.domain.amounts import ZERO
from coopledger.domain.findings import Remark
from coopledger.journal.directives import origin_of
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from beancount.core import data

    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.periods import FiscalYear
    from coopledger.journal.accounts import Account

#: What is held and owed, counted together: moved from one to another nothing is lost.
_HELD = frozenset({"Assets", "Liabilities"})


class Unpriced:
    """Collects one year's amounts after the other, by account and currency."""

    def __init__(self, currency: str, bases: Iterable[PatronageBasis]) -> None:
        """Begin with nothing.

        Args:
            currency: The book's currency.
            bases: The bases of patronage: units that they count are goods.
        """
        self._currency = currency
        self._goods = {basis.currency for basis in bases if basis.measure == "units"}
        self._sums: dict[tuple[str, str], tuple[Decimal, data.Meta]] = {}

    def note(
        self, account: Account, entry: data.Transaction, posting: data.Posting
    ) -> None:
        """Count a posting that comes to nothing in the book's currency."""
        weight: Any = convert.get_weight(posting)
        is_foreign = weight.currency != self._currency
        if not is_foreign or account.counts_units or weight.currency in self._goods:
            return
        key = ("" if account.root in _HELD else account.name, weight.currency)
        number, meta = self._sums.get(key, (ZERO, posting.meta or entry.meta))
        self._sums[key] = (number + weight.number, meta)

    def remarks(self, year: FiscalYear) -> Iterator[Remark]:
        """Return a remark for each sum of a year that is over, and begin anew."""
        for (name, unit), (number, meta) in self._sums.items():
            if number:
                misses = Phrase("the result") if name else Phrase("net worth")
                of_what = (
                    Phrase("on {name}", name=name)
                    if name
                    else Phrase("in assets and liabilities")
                )
                yield Remark(
                    about="price",
                    found=Phrase(
                        "{amount} {currency} {of_what} in fiscal year {year} have no "
                        "price in {own}: {misses} is without them.",
                        amount=number,
                        currency=unit,
                        of_what=of_what,
                        year=year.label,
                        own=self._currency,
                        misses=misses,
                    ),
                    fix=Phrase(
                        "Write what they came to, such as @ 1.10 {own}.",
                        own=self._currency,
                    ),
                    origin=origin_of(meta),
                    date=year.end,
                )
        self._sums.clear()
