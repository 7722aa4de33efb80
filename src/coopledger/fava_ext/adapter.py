"""The one place that touches what Fava does not promise to keep.

Fava promises little more than its extension class.  Whatever our pages need beyond it
(filters, chart data, hashes of entries, the tree behind the balance sheet) is here, so
that a new Fava is met in one file.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from itertools import islice
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

from babel import Locale
from fava.ext import FavaExtensionBase
from fava.util.date import parse_date
from flask import has_request_context
from flask import make_response
from flask import request
from flask_babel import get_locale
from markupsafe import Markup

from coopledger.domain.amounts import ZERO
from coopledger.domain.findings import Finding
from coopledger.domain.periods import ONE_DAY
from coopledger.errors import CoopledgerError
from coopledger.errors import NoPolicyError
from coopledger.fava_ext.asking import FilterUnreadableError
from coopledger.fava_ext.asking import NothingCooperativeError
from coopledger.fava_ext.asking import Period
from coopledger.fava_ext.asking import fiscal_label
from coopledger.fava_ext.drawing import bars
from coopledger.fava_ext.drawing import line
from coopledger.fava_ext.keeping import COMPILED
from coopledger.fava_ext.keeping import Shelf
from coopledger.fava_ext.keeping import capital_by_day
from coopledger.journal.directives import origin_of
from coopledger.journal.loading import Book
from coopledger.journal.overhearing import heard_so_far
from coopledger.services.shaping import SCHEMA
from coopledger.services.wording import Wording
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from fava.beans.abc import Transaction
    from flask import Response
    from jinja2 import Environment

    from coopledger.domain.books import Books
    from coopledger.domain.findings import Origin
    from coopledger.fava_ext.charting import Chart

#: Fava asks for a page without its frame by this word.
_PART = "partial"

#: Filters of Fava's header that a capital account cannot follow, in plain words.
_NOT_FOLLOWED = {"account": "account filter", "filter": "text filter"}


class Placed(Protocol):
    """Whatever stands at a place of the book, on a day."""

    @property
    def date(self) -> datetime.date:
        """The day."""

    @property
    def origin(self) -> Origin:
        """The place."""


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
        if not self.title or (isinstance(pages, list) and self.name not in pages):
            return None
        return self.wording(self.title) if has_request_context() else self.title

    def has_page(self, name: str) -> bool:
        """Say whether the book has a page of ours, so that a link leads somewhere."""
        page = self.ledger.extensions.get_extension(name)
        return page is not None and page.report_title is not None

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
        book = Book(path, entries, ledger.load_errors, options, heard_so_far())
        shelf = Shelf(book, tuple(capital_by_day(book)))
        shelf.prepare()
        return shelf

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

    @cached_property
    def jinja_env(self) -> Environment:
        """Fava's environment for an extension, with templates compiled only once."""
        inherited: Environment = super().jinja_env
        return inherited.overlay(bytecode_cache=COMPILED)

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
            view = View(sentence=self.wording(error.words))
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
        if not time:
            return Period(None, self.book.case.books.last, "")
        try:
            begin, end = parse_date(time, self.ledger.fava_options.fiscal_year_end)
        except (ValueError, OverflowError):
            raise FilterUnreadableError(time) from None
        if begin is None or end is None or not datetime.date.min < begin < end:
            # Fava lets pass what is no range, and what lies beyond the calendar.
            raise FilterUnreadableError(time)
        # Fava's end is the day after.
        return Period(begin, end - ONE_DAY, time)

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

    def balance_sheet(self, period: Period) -> dict[str, Decimal]:
        """Return what Fava's balance sheet has as members' capital, by currency.

        Args:
            period: The balance sheet's period.

        Returns:
            Amount by currency at cost, positive where the accounts are credited.
        """
        sums: dict[str, Decimal] = {}
        # Without a filter what is dated in the future counts as well.
        last = period.end if period.start else datetime.date.max
        for day, currency, number in self.shelf.capital:
            if day > last:
                break
            sums[currency] = sums.get(currency, ZERO) + number
        return {currency: number for currency, number in sums.items() if number}

    def entry_hashes(self, movements: Collection[Placed]) -> dict[Origin, str]:
        """Find the entries of movements, by the hash that Fava opens them with."""
        wanted = {movement.origin for movement in movements}
        found: dict[Origin, str] = {}
        for day in {movement.date for movement in movements}:
            for entry in self._dated(day):
                for meta in (entry.meta, *(p.meta or {} for p in entry.postings)):
                    origin = origin_of(dict(meta))
                    if origin in wanted:
                        found[origin] = self.shelf.hash_of(entry)
        return found

    def _dated(self, day: datetime.date) -> Iterator[Transaction]:
        """Return the transactions of a day; entries stand in order of date."""
        listed = self.ledger.all_entries_by_type.Transaction
        first = bisect_left(listed, day, key=attrgetter("date"))
        return takewhile(lambda one: one.date == day, islice(listed, first, None))

    # --- what Fava is given ---------------------------------------------------------

    @staticmethod
    def charts(charts: Iterable[Chart], currency: str) -> list[Any]:
        """Return charts as Fava's chart component takes them."""
        return [
            bars(chart, currency) if chart.stacked else line(chart, currency)
            for chart in charts
        ]


def _address() -> str:
    """Return what a page was asked for, without what only says how to send it."""
    asked = [
        (name, text) for name, text in request.args.items(multi=True) if name != _PART
    ]
    return repr(sorted(asked))
