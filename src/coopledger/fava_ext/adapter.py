"""The one place that touches what Fava does not promise to keep.

Fava promises little more than its extension class.  Whatever our pages need beyond it
(filters, chart data, hashes of entries, the tree behind the balance sheet) is here, so
that a new Fava is met in one file.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

from babel import Locale
from fava.beans.funcs import hash_entry
from fava.core.charts import DateAndBalance
from fava.core.charts import DateAndBalanceWithBudget
from fava.core.conversion import conversion_from_str
from fava.core.inventory import SimpleCounterInventory
from fava.ext import FavaExtensionBase
from fava.helpers import FavaAPIError
from fava.internal_api import BalancesChart
from fava.internal_api import BarChart
from flask import has_request_context
from flask import make_response
from flask import request
from flask_babel import get_locale
from markupsafe import Markup

from coopledger.domain.findings import Finding
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.words import Phrase
from coopledger.errors import CoopledgerError
from coopledger.errors import NoPolicyError
from coopledger.journal.directives import origin_of
from coopledger.journal.loading import Book
from coopledger.services.shaping import SCHEMA
from coopledger.services.wording import Wording
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from flask import Response

    from coopledger.domain.books import Books
    from coopledger.domain.findings import Origin
    from coopledger.fava_ext.charting import Chart

#: How many pages are kept as they were laid out.
_KEPT_PAGES = 48
#: Fava asks for a page without its frame by this word.
_PART = "partial"

#: Filters of Fava's header that a capital account cannot follow, in plain words.
_NOT_FOLLOWED = {"account": "account filter", "filter": "text filter"}


class FilterUnreadableError(CoopledgerError):
    """Fava cannot read its time filter."""

    def __init__(self, time: str) -> None:
        """Quote the filter and show what Fava reads."""
        super().__init__(
            Phrase(
                "The time filter '{time}' is no period. Fava reads, for example: 2024, "
                "FY2024, 2024-Q3, 2024-03 - 2024-08.",
                time=time,
            )
        )


class NothingCooperativeError(CoopledgerError):
    """The book says nothing about a co-operative."""

    def __init__(self) -> None:
        """Say which directives are missing."""
        super().__init__(
            Phrase(
                "This book has no cooperative directives, so that there is nothing to "
                "show here. Name the law that governs it with a coop-policy directive "
                "and the members with coop-member directives."
            )
        )


@dataclass(slots=True)
class Shelf:
    """What was worked out of one load, for all our pages; a reload begins a new one.

    Attributes:
        book: The whole book, whatever Fava's filters say.
        pages: Pages as they were laid out, by address and locale, the last ones only.
    """

    book: Book
    pages: dict[tuple[str, ...], Markup] = field(default_factory=dict)

    def keep(self, key: tuple[str, ...], page: Markup) -> None:
        """Keep a page, and let the oldest go where there are too many."""
        # One step each, so that threads cannot disturb one another.
        for oldest in list(self.pages)[: -_KEPT_PAGES + 1]:
            self.pages.pop(oldest, None)
        self.pages[key] = page


class Placed(Protocol):
    """Whatever stands at a place of the book, on a day."""

    @property
    def date(self) -> datetime.date:
        """The day."""

    @property
    def origin(self) -> Origin:
        """The place."""


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


@dataclass(slots=True, kw_only=True)
class View:
    """What a page lays out, whatever it shows.

    Attributes:
        template: The template.
        sentence: What is wrong, if nothing can be shown.
        period: What the time filter asks for, where the page follows it.
        year: The fiscal year that the period is, if it is one.
        currency: The book's currency.
        years: Labels of the fiscal years to choose from.
        ignored: Filters that are set and not followed: kind and text.
        load_errors: How many errors of the load are no findings.
    """

    template: str = "coopledger/sentence.html"
    sentence: str = ""
    period: Period | None = None
    year: int | None = None
    currency: str = ""
    years: tuple[int, ...] = ()
    ignored: list[tuple[str, str]] = field(default_factory=list)
    load_errors: int = 0


class CooperativePage(FavaExtensionBase):
    """What all our pages share."""

    #: The page's name in the sidebar, in English.
    title = ""
    _shelf: Shelf | None = None

    @property
    def settings(self) -> Mapping[str, object]:
        """What the line of the book that asks for our pages says besides.

        ``{'pages': ['CapitalAccounts']}`` leaves the other pages out, ``{'editor':
        False}`` leaves out what leads to the editor, and ``{'federation': PATH}`` names
        the federation's book, as seen from the folder of this one.
        """
        return self.config if isinstance(self.config, dict) else {}

    @property
    def report_title(self) -> str | None:  # type: ignore[override]
        """The page's name in the reader's language; Fava asks for each page.

        A page without a name is none: that is how Fava leaves one out.
        """
        pages = self.settings.get("pages")
        if isinstance(pages, list) and self.name not in pages:
            return None
        return self.wording(self.title) if has_request_context() else self.title

    # --- what was loaded ------------------------------------------------------------

    def after_load_file(self) -> None:
        """Read what was loaded, once for all our pages."""
        if self._first is self:
            self._shelf = self._new_shelf()

    @property
    def _first(self) -> CooperativePage:
        """The page that holds what all our pages of a ledger share."""
        pages = self.ledger.extensions._exts  # noqa: SLF001 - nothing else lists them
        return next(page for page in pages if isinstance(page, CooperativePage))

    def _new_shelf(self) -> Shelf:
        ledger = self.ledger
        entries: Sequence[Any] = ledger.all_entries
        options: dict[str, Any] = {**ledger.options}
        path = Path(ledger.beancount_file_path)
        book = Book(path, entries, ledger.load_errors, options)
        _ = book.case
        return Shelf(book)

    @property
    def shelf(self) -> Shelf:
        """What was worked out of the present load."""
        first = self._first
        known = first._shelf  # noqa: SLF001 - another of our own pages
        # Another thread may be in the middle of a reload: then it is outdated.
        entries: Sequence[Any] = self.ledger.all_entries
        if known is None or known.book.entries is not entries:
            known = first._shelf = first._new_shelf()  # noqa: SLF001 - as above
        return known

    @property
    def book(self) -> Book:
        """The whole book, whatever Fava's filters say."""
        return self.shelf.book

    @property
    def books(self) -> Books:
        """What is cooperative in the book.

        Raises:
            NothingCooperativeError: Nothing is.
            NoPolicyError: Nothing says which law governs it.
        """
        case = self.book.case
        if not case.books.is_cooperative:
            raise NothingCooperativeError
        if not case.policy.policies:
            # Without a preset no account is known to be anybody's.
            raise NoPolicyError(case.books.title)
        return case.books

    # --- what is shown --------------------------------------------------------------

    def view(self) -> View:
        """Return what is asked for; each page says what."""
        raise NotImplementedError

    def rendered(self) -> Markup:
        """Return the page's HTML, laid out once for each address and locale."""
        shelf = self.shelf
        locale = str(self.wording.locale)
        key = (request.script_root, request.path, _address(), locale, self.stamp())
        page = shelf.pages.get(key)
        if page is None:
            page = self._laid_out()
            shelf.keep((*key[:-1], self.stamp()), page)
        return page

    def stamp(self) -> str:
        """Say in which state it is what a page shows from outside the book."""
        return ""

    def _laid_out(self) -> Markup:
        try:
            view = self.view()
        except CoopledgerError as error:
            view = View(sentence=self.wording(_words_of(error)))
        template = self.jinja_env.get_template("coopledger/frame.html")
        # The templates escape whatever they are given.
        return Markup(  # noqa: S704
            template.render(
                ledger=self.ledger, extension=self, page=view, t=self.wording
            )
        )

    def answer(self, shape: Callable[[], Mapping[str, Any]]) -> Response:
        """Answer with JSON, or with the sentence that says why there is none."""
        try:
            return make_response(dict(shape()))
        except CoopledgerError as error:
            return make_response({"schema": SCHEMA, "error": str(error)}, 404)

    @property
    def wording(self) -> Wording:
        """Words and figures as the reader writes them.

        The language is Fava's; where the book names a locale of that language, figures
        are written as in it.
        """
        reader = get_locale() or Locale("en")
        own = self.ledger.fava_options.locale or ""
        is_own = own.replace("-", "_").partition("_")[0] == reader.language
        return wording_of(own if is_own else str(reader))

    def framed(self, view: View, period: Period) -> None:
        """Put into a view what all pages that follow the time filter tell."""
        books = self.books
        view.period, view.currency = period, books.currency
        view.year = fiscal_label(books, period)
        view.years = tuple(books.years)
        view.ignored = self.filters_not_followed()
        view.load_errors = self.load_errors

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
            return Period(None, self.book.case.books.last, "")
        # Fava's end is the day after.
        return Period(found.date_range.begin, found.date_range.end - ONE_DAY, time)

    def filters_not_followed(self) -> list[tuple[str, str]]:
        """Name the filters that are set and that these pages cannot follow."""
        return [
            (words, self.asked(name))
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

    def entry_hashes(self, movements: Collection[Placed]) -> dict[Origin, str]:
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


def fiscal_label(books: Books, period: Period) -> int | None:
    """Return the label of the fiscal year that a period is, or None."""
    fiscal = books.year_end.year_of(period.end)
    return (
        fiscal.label
        if (fiscal.start, fiscal.end) == (period.start, period.end)
        else None
    )


def _address() -> str:
    """Return what a page was asked for, without what only says how to send it."""
    asked = [
        (name, text) for name, text in request.args.items(multi=True) if name != _PART
    ]
    return repr(sorted(asked))


def _words_of(error: CoopledgerError) -> str:
    """Return an error's words, as a phrase where they are one."""
    words = error.args[0] if error.args else ""
    return words if isinstance(words, Phrase) else str(error)


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
