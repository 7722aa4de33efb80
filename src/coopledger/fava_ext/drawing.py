"""Our charts as Fava's chart component takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from fava.core.charts import DateAndBalance
from fava.core.charts import DateAndBalanceWithBudget
from fava.core.inventory import SimpleCounterInventory
from fava.internal_api import BalancesChart
from fava.internal_api import BarChart

if TYPE_CHECKING:
    from coopledger.fava_ext.charting import Chart


def line(chart: Chart, currency: str) -> BalancesChart:
    """Return the sum of a chart's parts as a line."""
    return BalancesChart(
        chart.label,
        [
            DateAndBalance(day, _inventory(currency, sum(parts.values())))
            for day, parts in chart.points
        ],
    )


def bars(chart: Chart, currency: str) -> BarChart:
    """Return a chart's parts as bars that stand on each other."""
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
