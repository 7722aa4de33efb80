"""Many enterprises' years as one: added up, and what passed between them taken out.

A line of a statement collects accounts by a mapping that the federation may edit.  Only
what both books of a matched transfer say is taken out, and only where both sides cancel
each other; everything else stays in and is listed.

Amounts are kept as in double entry, positive for a debit, until `Row` turns them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.elimination import Elimination
from coopledger.domain.elimination import left_of_dues
from coopledger.domain.elimination import taken_of
from coopledger.domain.elimination import unmatched
from coopledger.domain.statements import DEBITED
from coopledger.domain.statements import EARLIER
from coopledger.domain.statements import INCOME_AND_EXPENSES
from coopledger.domain.statements import RESULT
from coopledger.domain.statements import SECTIONS
from coopledger.domain.statements import TRANSLATION
from coopledger.domain.statements import debit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.elimination import Kept
    from coopledger.domain.enterprise import Balance
    from coopledger.domain.pairing import Entry
    from coopledger.domain.statements import Layout
    from coopledger.domain.statements import Line
    from coopledger.domain.statements import View

    #: Amount by line, positive for a debit.
    Amounts = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its amounts, positive for what such a line usually is.

    Attributes:
        line: The line.
        amounts: Amount by enterprise.
        aggregated: All of them.
        eliminated: What is taken out, to be added.
    """

    line: Line
    amounts: dict[str, Decimal]
    aggregated: Decimal
    eliminated: Decimal

    @property
    def consolidated(self) -> Decimal:
        """What remains."""
        return self.aggregated + self.eliminated


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of the group.

    Attributes:
        rows: All lines that hold anything, in the order of the layout.
        eliminations: What was taken out.
        kept: What was not.
    """

    rows: tuple[Row, ...]
    eliminations: tuple[Elimination, ...]
    kept: tuple[Kept, ...]

    def total(self, section: str) -> tuple[Decimal, Decimal, Decimal]:
        """Return a section added up: aggregated, eliminated, consolidated."""
        rows = [row for row in self.rows if row.line.section == section]
        aggregated = sum((row.aggregated for row in rows), ZERO)
        eliminated = sum((row.eliminated for row in rows), ZERO)
        return aggregated, eliminated, aggregated + eliminated

    def of(self, line: str) -> Decimal:
        """Return what a line comes to, consolidated."""
        rows = (row.consolidated for row in self.rows if row.line.id == line)
        return sum(rows, ZERO)


def consolidate(
    views: Mapping[str, View],
    pairs: Iterable[tuple[Entry, Entry]],
    layout: Layout,
    unit: Decimal,
) -> Statements:
    """Add enterprises up and take out what passed between them.

    Args:
        views: The enterprises by id.
        pairs: Both sides of each matched transfer.
        layout: The lines.
        unit: The smallest unit of the group's currency.

    Returns:
        The statements; assets are liabilities and equity, in all three columns.
    """
    amounts = {name: _amounts(view, layout, unit) for name, view in views.items()}
    eliminations, kept = [], []
    matched = list(pairs)
    for giver, receiver in matched:
        sides = [one for one in (giver, receiver) if one.book in views]
        taken, left = taken_of(sides, views, layout, unit)
        kept += left
        if taken:
            eliminations.append(Elimination(giver, receiver, tuple(taken)))
    out = _sums((one.line, -one.amount) for e in eliminations for one in e.taken)
    # What is taken out of income and expenses changes the result in the equity too.
    sections = {line.id: line.section for line in layout.lines}
    activity = [n for line, n in out.items() if sections[line] in SECTIONS[:2]]
    out[RESULT] = out.get(RESULT, ZERO) + sum(activity, ZERO)
    rows = tuple(_rows(amounts, out, layout))
    kept += unmatched(views, matched, unit)
    kept += left_of_dues(views, eliminations, layout, unit)
    return Statements(rows, tuple(eliminations), tuple(kept))


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for name, amount in pairs:
        found[name] += amount
    return dict(found)


def _amounts(view: View, layout: Layout, unit: Decimal) -> dict[str, Decimal]:
    """Return an enterprise's amount by line, in the group's currency.

    What it holds is worth the closing rate, what it earned the average one.  Results
    of earlier years are what the accounts leave over; the difference between the rates
    stands on a line of its own, so that both sides stay equal.
    """
    flows = [one for one in view.year.flows if one.root in INCOME_AND_EXPENSES]

    def lined(balances: Sequence[Balance], rate: Fraction) -> dict[str, Decimal]:
        return {
            line: round_to(rate * Fraction(amount), unit)
            for line, amount in _sums(
                (layout.line_of(b.account, b.root, b.role).id, debit(b))
                for b in balances
            ).items()
        }

    earned = sum(map(debit, flows), ZERO)
    rest = -sum(map(debit, view.year.balances), ZERO) - earned
    activity = lined(flows, view.average)
    lasting = lined(view.year.balances, view.closing)
    result = sum(activity.values(), ZERO)
    lasting[EARLIER] = lasting.get(EARLIER, ZERO) + round_to(
        view.closing * Fraction(rest), unit
    )
    difference = -sum(lasting.values(), ZERO) - result
    return {**activity, **lasting, RESULT: result, TRANSLATION: difference}


def _rows(
    amounts: Mapping[str, Amounts], out: Amounts, layout: Layout
) -> Iterator[Row]:
    for line in layout.lines:
        is_debited = line.section in DEBITED
        own = {
            name: found[line.id] if is_debited else ZERO - found[line.id]
            for name, found in amounts.items()
            if found.get(line.id)
        }
        taken = out.get(line.id, ZERO)
        eliminated = taken if is_debited else ZERO - taken
        if own or eliminated:
            yield Row(line, own, sum(own.values(), ZERO), eliminated)
