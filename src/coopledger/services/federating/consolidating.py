"""The statements of a whole federation for one year."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import unit_of
from coopledger.domain.capital import COLUMNS
from coopledger.domain.consolidation import consolidate
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.statements import View
from coopledger.errors import CoopledgerError
from coopledger.errors import YearUnknownError
from coopledger.services.federating.gathering import policy_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.consolidation import Statements
    from coopledger.domain.enterprise import EnterpriseSummary
    from coopledger.domain.enterprise import Price
    from coopledger.domain.enterprise import YearSummary
    from coopledger.domain.pairing import Pairing
    from coopledger.domain.statements import Layout
    from coopledger.domain.statements import Line
    from coopledger.services.federating.gathering import Federation


class YearsApartError(CoopledgerError):
    """An enterprise's fiscal year ends too long before the group's."""

    def __init__(self, name: str, end: datetime.date, group: datetime.date) -> None:
        """Name the enterprise and both days."""
        super().__init__(
            f"The fiscal year of '{name}' ends on {end} and the group's on {group}: "
            "they are further apart than the federation allows, and added up they "
            "would mean little. Set months-apart under [periods] in the federation's "
            "consolidation.toml, or give both the same fiscal year."
        )


class RateMissingError(CoopledgerError):
    """No book records what a currency is worth."""

    def __init__(self, currency: str, group: str, when: str) -> None:
        """Name both currencies and the time."""
        super().__init__(
            f"No book of the federation records what {currency} is worth in {group} "
            f"{when}, so that amounts in {currency} cannot be added up. Record it: "
            f"DATE price {currency} NUMBER {group}."
        )


@dataclass(frozen=True, slots=True)
class EquityChange:
    """How one line of the equity came from the year's beginning to its end.

    Attributes:
        line: The line.
        opening: What it was a year before, consolidated.
        closing: What it is.
    """

    line: Line
    opening: Decimal
    closing: Decimal

    @property
    def change(self) -> Decimal:
        """By how much it grew."""
        return self.closing - self.opening


@dataclass(frozen=True, slots=True)
class Consolidation:
    """A federation's statements for one year.

    Attributes:
        year: The group's fiscal year.
        end: Its last day.
        currency: The group's currency.
        unit: Its smallest unit.
        views: The enterprises that are in, by id.
        out: Why each of the others is not, by id.
        statements: The statements.
        equity: The changes of each line of the equity.
        capital: How members' capital moved, by column of the roll-forward.
        capital_by: The same by enterprise.
        pairing: All transfers, matched and not.
    """

    year: int
    end: datetime.date
    currency: str
    unit: Decimal
    views: dict[str, View]
    out: dict[str, str]
    statements: Statements
    equity: tuple[EquityChange, ...]
    capital: dict[str, Decimal]
    capital_by: dict[str, dict[str, Decimal]]
    pairing: Pairing

    @property
    def enterprises(self) -> list[str]:
        """All whose figures would be in if their books told them."""
        return [*self.views, *self.out]


def consolidate_year(
    federation: Federation,
    year: int,
    layout: Layout,
    pairing: Pairing,
    currency: str = "",
) -> Consolidation:
    """Put a federation's statements for a year together.

    Args:
        federation: All books, read.
        year: The fiscal year of the federation's own book.
        layout: The lines of the statements.
        pairing: The transfers, held against each other.
        currency: The group's currency; that of the federation's book by default.

    Raises:
        YearUnknownError: The federation's own book does not reach the year.
        YearsApartError: An enterprise's year ends too long before the group's.
        RateMissingError: A currency's worth is recorded nowhere.
    """
    own = federation.own.year(year)
    if own is None:
        raise YearUnknownError(year, [one.label for one in federation.own.years])
    currency = currency or federation.own.currency
    unit = unit_of(currency)
    rates = _Rates(federation.books.values(), currency)
    views, out = _views(federation, own.end, layout, rates)
    out |= {one.id: one.why for one in federation.troubles}
    statements = consolidate(views, pairing.matched, layout, unit)
    before = _before(federation, own.start - ONE_DAY, layout, rates)
    earlier = consolidate(before, pairing.matched, layout, unit)
    by = {
        name: _capital_of(view, before.get(name), unit) for name, view in views.items()
    }
    return Consolidation(
        year=year,
        end=own.end,
        currency=currency,
        unit=unit,
        views=views,
        out=out,
        statements=statements,
        equity=tuple(_changes(layout, statements, earlier)),
        capital={
            name: sum((found[name] for found in by.values()), ZERO) for name in COLUMNS
        },
        capital_by=by,
        pairing=pairing,
    )


def _views(
    federation: Federation, end: datetime.date, layout: Layout, rates: _Rates
) -> tuple[dict[str, View], dict[str, str]]:
    """Return each enterprise's year that goes into a group's year, and who has none."""
    views, out = {}, {}
    for name, book in federation.books.items():
        year = _year_until(book, end)
        if year is None:
            out[name] = f"Its book has no fiscal year that ends by {end}."
            continue
        if _months_apart(year.end, end) > layout.months_apart:
            if not any(one.end > year.end for one in book.years):
                out[name] = f"Its book ends on {book.last}, before the group's year."
                continue
            raise YearsApartError(name, year.end, end)
        views[name] = View(
            book,
            year,
            rates.closing(book.currency, year.end),
            rates.average(book.currency, year.start, year.end),
            policy_of(book).interest_cap(year.end),
        )
    return views, out


def _months_apart(earlier: datetime.date, later: datetime.date) -> int:
    """Return how many months lie between the months of two days."""
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def _before(
    federation: Federation, end: datetime.date, layout: Layout, rates: _Rates
) -> dict[str, View]:
    """Return the views of a year before, for the opening balances only.

    Only closing rates count for these; where the books record none that early, the
    first that they do record.
    """
    views = {}
    for name, book in federation.books.items():
        year = _year_until(book, end)
        if year and _months_apart(year.end, end) <= layout.months_apart:
            rate = rates.earliest(book.currency, year.end)
            views[name] = View(book, year, rate, rate)
    return views


def _year_until(book: EnterpriseSummary, end: datetime.date) -> YearSummary | None:
    """Return the last fiscal year that is over by a day."""
    return max(
        (one for one in book.years if one.end <= end),
        key=lambda one: one.end,
        default=None,
    )


def _capital_of(view: View, before: View | None, unit: Decimal) -> dict[str, Decimal]:
    """Return how an enterprise's members' capital moved; the parts add up.

    The beginning is told at the rate of its day, as in the year before, movements at
    the average one; what the rates make of it is among the others.
    """
    earlier = before.closing if before else view.closing
    ends = {"opening": earlier, "closing": view.closing}
    moved = {
        name: round_to(ends.get(name, view.average) * Fraction(amount), unit)
        for name, amount in view.year.changes
    }
    moved["other"] += moved["closing"] - sum(
        (amount for name, amount in moved.items() if name != "closing"), ZERO
    )
    return moved


def _changes(
    layout: Layout, now: Statements, before: Statements
) -> Iterable[EquityChange]:
    for line in layout.lines:
        if line.section == "equity":
            change = EquityChange(line, before.of(line.id), now.of(line.id))
            if change.opening or change.closing:
                yield change


class _Rates:
    """What currencies were worth, by the prices that the books record."""

    def __init__(self, books: Iterable[EnterpriseSummary], group: str) -> None:
        self.group = group
        self._prices: dict[str, dict[datetime.date, Fraction]] = {}
        for book in books:
            for price in book.prices:
                self._note(price)

    def _note(self, price: Price) -> None:
        """Keep a price that concerns the group's currency; the first of a day counts.

        The federation's own book comes first.
        """
        pair = (price.currency, price.quote)
        if self.group in pair and price.number and pair[0] != pair[1]:
            is_direct = price.quote == self.group
            worth = Fraction(price.number) if is_direct else 1 / Fraction(price.number)
            currency = price.currency if is_direct else price.quote
            self._prices.setdefault(currency, {}).setdefault(price.date, worth)

    def closing(self, currency: str, day: datetime.date) -> Fraction:
        """Return the last rate on or before a day."""
        if currency == self.group:
            return Fraction(1)
        known = self._prices.get(currency, {})
        past = [date for date in known if date <= day]
        if not past:
            raise RateMissingError(currency, self.group, f"on or before {day}")
        return known[max(past)]

    def earliest(self, currency: str, day: datetime.date) -> Fraction:
        """Return the last rate on or before a day, or else the first one after it."""
        known = self._prices.get(currency, {})
        return self.closing(currency, max(day, min(known, default=day)))

    def average(
        self, currency: str, start: datetime.date, end: datetime.date
    ) -> Fraction:
        """Return the mean of all rates of a period."""
        if currency == self.group:
            return Fraction(1)
        known = self._prices.get(currency, {})
        within = [rate for date, rate in known.items() if start <= date <= end]
        if not within:
            when = f"between {start} and {end}"
            raise RateMissingError(currency, self.group, when)
        return sum(within, Fraction(0)) / len(within)
