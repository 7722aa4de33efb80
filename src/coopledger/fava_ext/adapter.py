"""The one place that touches what Fava does not promise to keep.

Fava promises little more than its extension class.  Whatever our pages need beyond it
(filters, chart data, hashes of entries, the tree behind the balance sheet) is here, so
that a new Fava is met in one file.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from fava.beans.funcs import hash_entry
from fava.core.charts import DateAndBalance
from fava.core.charts import DateAndBalanceWithBudget
from fava.core.conversion import conversion_from_str
from fava.core.inventory import SimpleCounterInventory
from fava.ext import FavaExtensionBase
from fava.helpers import FavaAPIError
from fava.internal_api import BalancesChart
from fava.internal_api import BarChart
from flask import make_response
from flask import request

from coopledger.domain.findings import Finding
from coopledger.domain.periods import ONE_DAY
from coopledger.errors import CoopledgerError
from coopledger.journal.directives import origin_of
from coopledger.journal.loading import collector_off
from coopledger.journal.reading import read_books
from coopledger.law.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from flask import Response

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.findings import Origin
    from coopledger.fava_ext.charting import Chart
    from coopledger.journal.chart import Chart as ChartOfAccounts

#: Filters of Fava's header that a capital account cannot follow, in plain words.
_NOT_FOLLOWED = {"account": "account filter", "filter": "text filter"}


class FilterUnreadableError(CoopledgerError):
    """Fava cannot read its time filter."""

    def __init__(self, time: str) -> None:
        """Quote the filter and show what Fava reads."""
        super().__init__(
            f"The time filter '{time}' is no period. Fava reads, for example: 2024, "
            "FY2024, 2024-Q3, 2024-03 - 2024-08."
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """The cooperative reading of a whole book, whatever Fava's filters say.

    Attributes:
        entries: The entries that were read.
        case: The books under their law.
        accounts: The chart of accounts.
    """

    entries: Sequence[Any]
    case: Case
    accounts: ChartOfAccounts

    @property
    def books(self) -> Books:
        """The books."""
        return self.case.books


@dataclass(frozen=True, slots=True)
class Period:
    """What Fava's time filter asks for, both days inclusive.

    Attributes:
        start: First day; None without a filter.
        end: Last day; without a filter the book's last.
        time: The filter's own text, "" without one.
    """

    start: datetime.date | None
    end: datetime.date
    time: str

    @property
    def first(self) -> datetime.date:
        """The first day, or the first day there is."""
        return self.start or datetime.date.min


class CooperativePage(FavaExtensionBase):
    """What all our pages share."""

    _reading: Reading | None = None

    def after_load_file(self) -> None:
        """Forget the reading of what was loaded before."""
        self._reading = None

    @property
    def reading(self) -> Reading:
        """The whole book, read when first asked for after a load."""
        entries: Sequence[Any] = self.ledger.all_entries
        known = self._reading
        # Another thread may have begun reading before a reload: then it is outdated.
        if known is None or known.entries is not entries:
            with collector_off():
                options: dict[str, Any] = {**self.ledger.options}
                books, policy, accounts = read_books(entries, options)
            known = self._reading = Reading(entries, Case(books, policy), accounts)
        return known

    # --- what was asked for ---------------------------------------------------------

    @staticmethod
    def asked(name: str) -> str:
        """Return one word of the page's address."""
        return request.args.get(name, "").strip()

    def period(self) -> Period:
        """Return the period that Fava's time filter asks for.

        Raises:
            FilterUnreadableError: The filter is no period.
        """
        time = self.asked("time")
        try:
            found = self.ledger.get_filtered(account="", filter="", time=time)
        except (FavaAPIError, ValueError, OverflowError):
            # Fava lets pass what is no range, and what lies beyond the calendar.
            raise FilterUnreadableError(time) from None
        if found.date_range is None:
            return Period(None, self.reading.books.last, "")
        # Fava's end is the day after.
        return Period(found.date_range.begin, found.date_range.end - ONE_DAY, time)

    def filters_not_followed(self) -> list[str]:
        """Name the filters that are set and that these pages cannot follow."""
        return [
            f"{words} “{self.asked(name)}”"
            for name, words in _NOT_FOLLOWED.items()
            if self.asked(name)
        ]

    # --- what Fava knows ------------------------------------------------------------

    @property
    def load_errors(self) -> int:
        """How many errors of the load are not findings of ours."""
        return sum(
            not isinstance((error.source or {}).get("finding"), Finding)
            for error in self.ledger.load_errors
        )

    def number_currency(self, currency: str, unit: Decimal) -> str | None:
        """Return the currency by which Fava writes numbers without rounding them.

        Fava writes a currency with as many decimals as most of the book's amounts
        have; where these are whole, it would hide cents.  Without a currency it writes
        two decimals.
        """
        needed = -int(unit.as_tuple().exponent)
        shown = self.ledger.format_decimal.precisions.get(currency, 2)
        return currency if shown >= needed else None

    def balance_sheet(
        self, period: Period, belongs: Callable[[str], bool]
    ) -> dict[str, Decimal]:
        """Return what Fava's balance sheet has on some accounts, by currency.

        Args:
            period: The balance sheet's period.
            belongs: Says whether an account counts.

        Returns:
            Amount by currency, positive where the accounts are credited.
        """
        tree = self.ledger.get_filtered(
            account="", filter="", time=period.time
        ).root_tree
        at_cost = conversion_from_str("at_cost")
        sums: dict[str, Decimal] = {}
        for account, node in tree.items():
            if not belongs(account):
                continue
            balance = at_cost.apply(node.balance, self.ledger.prices, period.end)
            for currency, number in balance.items():
                sums[currency] = sums.get(currency, 0 * number) - number
        return {currency: number for currency, number in sums.items() if number}

    def entry_hashes(self, movements: Collection[CapitalMovement]) -> dict[Origin, str]:
        """Find the entries of movements, by the hash that Fava opens them with."""
        days = {movement.date for movement in movements}
        wanted = {movement.origin for movement in movements}
        found: dict[Origin, str] = {}
        for entry in self.ledger.all_entries_by_type.Transaction:
            if entry.date not in days:
                continue
            for meta in (entry.meta, *(p.meta or {} for p in entry.postings)):
                origin = origin_of(dict(meta))
                if origin in wanted:
                    found[origin] = hash_entry(entry)
        return found

    # --- what Fava is given ---------------------------------------------------------

    @staticmethod
    def charts(charts: Iterable[Chart], currency: str) -> list[Any]:
        """Return charts as Fava's chart component takes them."""
        return [
            _bars(chart, currency) if chart.stacked else _line(chart, currency)
            for chart in charts
        ]

    @staticmethod
    def as_json(shape: Mapping[str, Any], status: int = 200) -> Response:
        """Answer with JSON."""
        return make_response(dict(shape), status)


def _line(chart: Chart, currency: str) -> BalancesChart:
    return BalancesChart(
        chart.label,
        [
            DateAndBalance(day, _inventory(currency, sum(parts.values())))
            for day, parts in chart.points
        ],
    )


def _bars(chart: Chart, currency: str) -> BarChart:
    return BarChart(
        chart.label,
        [
            DateAndBalanceWithBudget(
                date=day,
                balance=_inventory(currency, sum(parts.values())),
                account_balances={
                    account: _inventory(currency, amount)
                    for account, amount in parts.items()
                },
                budgets={},
            )
            for day, parts in chart.points
        ],
    )


def _inventory(currency: str, amount: Any) -> SimpleCounterInventory:
    return SimpleCounterInventory({currency: amount})
