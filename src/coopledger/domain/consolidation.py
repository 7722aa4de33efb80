"""Many enterprises' years as one: added up, and what passed between them taken out.

A line of a statement collects accounts by a mapping that the federation may edit.  Only
what both books of a matched transfer say is taken out, and only where both sides cancel
each other; everything else stays in and is listed.

Amounts are kept as in double entry, positive for a debit, until `Row` turns them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.enterprise import Balance
    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import YearSummary
    from coopledger.domain.pairing import Entry

    #: Amount by line, positive for a debit.
    Amounts = Mapping[str, Decimal]

#: Sections of the statements, in their order.
SECTIONS = ("income", "expenses", "assets", "liabilities", "equity")

#: Those of them that a debit raises.
_DEBITED = frozenset({"expenses", "assets"})
_ACTIVITY = frozenset({"Income", "Expenses"})

#: Lines of the equity that are worked out: no account holds them.
RESULT = "result"
EARLIER = "earlier-results"
TRANSLATION = "translation"
WORKED_OUT = (RESULT, EARLIER, TRANSLATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, and which accounts it collects.

    Attributes:
        id: Its id.
        title: As people read it.
        section: One of `SECTIONS`.
        accounts: Patterns of account names that it collects, before all else.
        roles: Roles that it collects where no pattern does.
        roots: Kinds of accounts that it collects where nothing closer does.
        instead: Line on which a transfer is taken out that touches this one, so that
            this one stays: a fund remains a fund though the group itself paid into it.
        is_internal: Whether it holds nothing but what stands between enterprises.
    """

    id: str
    title: str
    section: str
    accounts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    instead: str = ""
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of the statements in their order, and how far years may be apart.

    Attributes:
        lines: The lines.
        months_apart: How many months an enterprise's year may end before the group's.
    """

    lines: tuple[Line, ...]
    months_apart: int

    def line_of(self, account: str, root: str, role: str) -> Line:
        """Return the line that collects an account.

        Args:
            account: Its name; persons stand in it as placeholders.
            root: Its kind.
            role: Its role, or "".
        """
        found = next(
            (
                one
                for one in self.lines
                if any(fnmatchcase(account, pattern) for pattern in one.accounts)
            ),
            None,
        ) or next((one for one in self.lines if role and role in one.roles), None)
        return found or next(one for one in self.lines if root in one.roots)


@dataclass(frozen=True, slots=True)
class View:
    """One enterprise as the group sees it.

    Attributes:
        book: The enterprise's book in small.
        year: The fiscal year that goes into the group's.
        closing: What a unit of its currency is worth at the year's end.
        average: What it was worth on average over the year.
    """

    book: EnterpriseSummary
    year: YearSummary
    closing: Fraction
    average: Fraction


@dataclass(frozen=True, slots=True)
class Group:
    """Whose statements they are: title, currency, and the last day of the year."""

    title: str
    currency: str
    end: datetime.date


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken out of one line of one enterprise, positive for a debit there.

    Attributes:
        enterprise: Whose it is.
        account: The account there; "" where it stands on a line of the group's own.
        line: The line.
        amount: How much, in the group's currency.
        own: How much in the enterprise's own currency.
    """

    enterprise: str
    account: str
    line: str
    amount: Decimal
    own: Decimal


@dataclass(frozen=True, slots=True)
class Elimination:
    """A matched transfer, and what of it is taken out.

    Attributes:
        giver: The side that gives.
        receiver: The side that receives.
        taken: What is taken out of which line; it adds up to zero.
    """

    giver: Entry
    receiver: Entry
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something between enterprises that could not be taken out.

    Attributes:
        enterprise: In whose book it stands.
        what: The transfer, or the account.
        amount: How much, in the group's currency.
        why: Why it stays, the end of a sentence.
    """

    enterprise: str
    what: str
    amount: Decimal
    why: str


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
    for giver, receiver in pairs:
        sides = [one for one in (giver, receiver) if one.book in views]
        taken, left = _taken(sides, views, layout, unit)
        kept += left
        if taken:
            eliminations.append(Elimination(giver, receiver, tuple(taken)))
    out = _sums((one.line, -one.amount) for e in eliminations for one in e.taken)
    # What is taken out of income and expenses changes the result in the equity too.
    sections = {line.id: line.section for line in layout.lines}
    activity = [n for line, n in out.items() if sections[line] in SECTIONS[:2]]
    out[RESULT] = out.get(RESULT, ZERO) + sum(activity, ZERO)
    rows = tuple(_rows(amounts, out, layout))
    kept += _left_of_dues(views, eliminations, layout, unit)
    return Statements(rows, tuple(eliminations), tuple(kept))


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for name, amount in pairs:
        found[name] += amount
    return dict(found)


def _debit(balance: Balance) -> Decimal:
    debited = balance.root in {"Assets", "Expenses"}
    return balance.amount if debited else -balance.amount


def _amounts(view: View, layout: Layout, unit: Decimal) -> dict[str, Decimal]:
    """Return an enterprise's amount by line, in the group's currency.

    What it holds is worth the closing rate, what it earned the average one.  Results
    of earlier years are what the accounts leave over; the difference between the rates
    stands on a line of its own, so that both sides stay equal.
    """
    flows = [one for one in view.year.flows if one.root in _ACTIVITY]

    def lined(balances: Sequence[Balance], rate: Fraction) -> dict[str, Decimal]:
        return {
            line: round_to(rate * Fraction(amount), unit)
            for line, amount in _sums(
                (layout.line_of(b.account, b.root, b.role).id, _debit(b))
                for b in balances
            ).items()
        }

    earned = sum(map(_debit, flows), ZERO)
    rest = -sum(map(_debit, view.year.balances), ZERO) - earned
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
        is_debited = line.section in _DEBITED
        own = {
            name: found[line.id] if is_debited else ZERO - found[line.id]
            for name, found in amounts.items()
            if found.get(line.id)
        }
        taken = out.get(line.id, ZERO)
        eliminated = taken if is_debited else ZERO - taken
        if own or eliminated:
            yield Row(line, own, sum(own.values(), ZERO), eliminated)


# --- what is taken out ----------------------------------------------------------------


def _taken(
    sides: Sequence[Entry], views: Mapping[str, View], layout: Layout, unit: Decimal
) -> tuple[list[Taken], list[Kept]]:
    """Return what of a matched transfer is taken out, and what is not and why."""
    found: list[Taken] = []
    kept: list[Kept] = []
    for is_activity in (True, False):
        parts = [
            taken
            for side in sides
            for taken in _parts(
                side, views[side.book], layout, unit, is_activity=is_activity
            )
        ]
        over = sum((part.amount for part in parts), ZERO)
        if len({views[side.book].book.currency for side in sides}) > 1 and over:
            # Two books convert the same money at rates of their own.
            parts.append(Taken(parts[0].enterprise, "", TRANSLATION, -over, ZERO))
            over = ZERO
        if over:
            kept += [
                Kept(
                    part.enterprise,
                    sides[0].transfer.id,
                    abs(part.amount),
                    _WHY_ONE_SIDED if len(sides) > 1 else _WHY_OUTSIDE,
                )
                for part in parts
            ]
        else:
            found += parts
    return found, kept


_WHY_ONE_SIDED = (
    "both books have it, but only one of them as income, expense or debt of this year"
)
_WHY_OUTSIDE = "the other enterprise is left out"


def _parts(
    side: Entry, view: View, layout: Layout, unit: Decimal, *, is_activity: bool
) -> Iterator[Taken]:
    """Return the parts of one side that may be taken out.

    Args:
        side: The transfer in one book.
        view: That enterprise.
        layout: The lines.
        unit: The smallest unit of the group's currency.
        is_activity: Whether parts of the year's income and expenses are asked for, or
            those of what lasts.
    """
    date, year = side.transfer.date, view.year
    for part in side.transfer.parts:
        line = layout.line_of(part.account, part.root, part.role)
        is_of_the_year = part.root in _ACTIVITY or bool(line.instead)
        lasts = line.is_internal or part.root == "Equity"
        if is_of_the_year is not is_activity or not (is_of_the_year or lasts):
            continue
        if date > year.end or (is_of_the_year and date < year.start):
            continue
        rate = view.average if is_of_the_year else view.closing
        amount = round_to(rate * Fraction(part.amount), unit)
        account = "" if line.instead else part.account
        yield Taken(side.book, account, line.instead or line.id, amount, part.amount)


def _left_of_dues(
    views: Mapping[str, View],
    eliminations: Iterable[Elimination],
    layout: Layout,
    unit: Decimal,
) -> Iterator[Kept]:
    """Return what internal accounts still hold after all that was taken out."""
    taken = chain.from_iterable(one.taken for one in eliminations)
    out: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for one in taken:
        out[one.enterprise, one.account] += one.amount
    for name, view in views.items():
        for balance in view.year.balances:
            line = layout.line_of(balance.account, balance.root, balance.role)
            held = round_to(view.closing * Fraction(_debit(balance)), unit)
            left = held - out[name, balance.account]
            if line.is_internal and left:
                yield Kept(name, balance.account, abs(left), _WHY_UNMATCHED)


_WHY_UNMATCHED = "no transfer that both books have explains it"
