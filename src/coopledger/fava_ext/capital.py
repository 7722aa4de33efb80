"""The page *Capital accounts*: all members, and one member's statement."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from fava.ext import extension_endpoint

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLUMNS
from coopledger.errors import CoopledgerError
from coopledger.errors import NoPolicyError
from coopledger.fava_ext import shapes
from coopledger.fava_ext.adapter import CooperativePage
from coopledger.fava_ext.charting import charts_of
from coopledger.services import shaping
from coopledger.services.stating import capital_between
from coopledger.services.stating import statement_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from flask import Response

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalLine
    from coopledger.domain.findings import Origin
    from coopledger.domain.members import Membership
    from coopledger.fava_ext.adapter import Period
    from coopledger.services.stating import CapitalTable
    from coopledger.services.stating import Statement
    from coopledger.services.stating import StatementRow

#: Columns that are left out where nothing stands in them.
_RARE = frozenset({"transfers", "other"})

#: The components of capital, and what is owed besides, in plain words.
IN_WORDS = {
    "contribution": "Contribution",
    "voluntary": "Voluntary contribution",
    "redeemable": "Redeemable contribution",
    "uncalled": "Still to be paid in",
    "patronage": "Retained patronage",
    "nonqualified": "Nonqualified patronage",
    "member-interest": "Interest added",
    "member-loss": "Losses borne",
    "member-payable": "Payable to the member",
    "redemption-payable": "Capital being paid out",
}


class NothingCooperativeError(CoopledgerError):
    """The book says nothing about a co-operative."""

    def __init__(self) -> None:
        """Say which directives are missing."""
        super().__init__(
            "This book has no cooperative directives, so that there are no members' "
            "capital accounts to show. Name the law that governs it with a "
            "coop-policy directive and the members with coop-member directives."
        )


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member in the list.

    Attributes:
        member: Id.
        name: Name, or the id.
        member_class: Class, or "".
        status: Standing at the end of the period.
        line: The figures.
    """

    member: str
    name: str
    member_class: str
    status: str
    line: CapitalLine


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list shows.

    Attributes:
        columns: The columns that are shown.
        members: Everybody with capital or a movement in the period.
        idle: Everybody else who ever had capital.
        total: All lines added up.
        sheet: What the balance sheet has as members' capital, by currency.
        ties: Whether that is the total.
        years: Fiscal years to choose from: label and time filter.
    """

    columns: tuple[str, ...]
    members: tuple[MemberLine, ...]
    idle: tuple[MemberLine, ...]
    total: CapitalLine
    sheet: Mapping[str, Decimal]
    ties: bool
    years: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What a member's page shows.

    Attributes:
        statement: The statement.
        standing: Since when somebody is or was a member, in words.
        components: Capital by component: words and amount.
        owed: What is owed besides: words and amount.
        charts: The charts, as Fava takes them.
        hashes: Hash of the entry behind each row, by which Fava opens it.
    """

    statement: Statement
    standing: str
    components: tuple[tuple[str, Decimal], ...]
    owed: tuple[tuple[str, Decimal], ...]
    charts: list[Any]
    hashes: Mapping[Origin, str]


@dataclass(slots=True)
class Page:
    """What the template lays out: a sentence, the list, or one account.

    Attributes:
        sentence: What is wrong, if nothing can be shown.
        listing: The list.
        account: One member's account.
        period: The period, in words.
        year: The fiscal year that the period is, if it is one.
        currency: The book's currency.
        shown_as: The currency by which Fava writes the numbers.
        ignored: Filters that are set and not followed.
        load_errors: How many errors of the load are no findings.
    """

    sentence: str = ""
    listing: Listing | None = None
    account: Account | None = None
    period: str = ""
    year: int | None = None
    currency: str = ""
    shown_as: str | None = None
    ignored: list[str] = field(default_factory=list)
    load_errors: int = 0


class CapitalAccounts(CooperativePage):
    """Members' capital: a list with totals, and a statement for each member."""

    report_title = "Capital accounts"
    columns = COLUMNS

    def page(self) -> Page:
        """Return what is asked for by the page's address and Fava's filters."""
        try:
            return self._page()
        except CoopledgerError as error:
            return Page(sentence=str(error))

    def _page(self) -> Page:
        books, period = self._books(), self.period()
        page = Page(
            period=in_words(books, period),
            year=shapes.fiscal_label(books, period),
            currency=books.currency,
            shown_as=self.number_currency(books.currency, books.unit),
            ignored=self.filters_not_followed(),
            load_errors=self.load_errors,
        )
        if self.asked("member"):
            page.account = self._account(books, period)
        else:
            page.listing = self._listing(books, period)
        return page

    def _books(self) -> Books:
        books = self.reading.books
        if not books.is_cooperative:
            raise NothingCooperativeError
        if not self.reading.case.policy.policies:
            # Without a preset no account is known to be anybody's.
            raise NoPolicyError(books.title)
        return books

    # --- JSON -----------------------------------------------------------------------

    @extension_endpoint
    def members(self) -> Response:
        """Answer with all members' capital over the period."""
        try:
            books, period = self._books(), self.period()
        except CoopledgerError as error:
            return self._refused(error)
        table = _table(books, period)
        return self.as_json(shapes.capital_shape(books, period, table))

    @extension_endpoint
    def statement(self) -> Response:
        """Answer with one member's statement over the period."""
        try:
            books = self._books()
            found = self._statement(books, self.period())
        except CoopledgerError as error:
            return self._refused(error)
        return self.as_json(shaping.statement_shape(books.currency, found))

    def _refused(self, error: CoopledgerError) -> Response:
        return self.as_json({"schema": shaping.SCHEMA, "error": str(error)}, 404)

    # --- the list -------------------------------------------------------------------

    def _listing(self, books: Books, period: Period) -> Listing:
        table = _table(books, period)
        lines = [_member_line(books, line, period) for line in table.lines]
        sheet = self.balance_sheet(period, self._is_capital)
        closing = table.total.closing
        return Listing(
            columns=_columns(table),
            members=tuple(line for line in lines if _has_figures(line.line)),
            idle=tuple(line for line in lines if not _has_figures(line.line)),
            total=table.total,
            sheet=sheet or {books.currency: ZERO},
            ties=sheet == ({books.currency: closing} if closing else {}),
            years=tuple((label, f"FY{label}") for label in books.years),
        )

    def _is_capital(self, account: str) -> bool:
        place = self.reading.accounts.place(account)
        return place is not None and place.role in CAPITAL

    # --- one account ----------------------------------------------------------------

    def _statement(self, books: Books, period: Period) -> Statement:
        return statement_of(books, self.asked("member"), period.start, period.end)

    def _account(self, books: Books, period: Period) -> Account:
        found = self._statement(books, period)
        movements = [row.movement for row in found.rows]
        return Account(
            statement=found,
            standing=standing_of(found.membership),
            components=_in_words(found.components),
            owed=_in_words(found.owed),
            charts=self.charts(charts_of(books, found), books.currency),
            hashes=self.entry_hashes(movements),
        )

    @staticmethod
    def component(row: StatementRow) -> str:
        """Say in words which component of the capital a row is about.

        What is unpaid of a contribution, and each instalment, are about it.
        """
        role = row.movement.role
        return IN_WORDS["contribution" if role == "uncalled" else role]


def in_words(books: Books, period: Period) -> str:
    """Say which period is shown."""
    if period.start is None:
        return f"The whole book, up to {period.end}"
    label = shapes.fiscal_label(books, period)
    days = f"{period.start} to {period.end}"
    return f"Fiscal year {label}: {days}" if label else days


def status_of(membership: Membership) -> str:
    """Say how somebody stands, with the day of leaving."""
    if membership.left and not membership.is_member:
        return f"{membership.status} on {membership.left}"
    return membership.status


def standing_of(membership: Membership) -> str:
    """Say since when, or from when to when, somebody is or was a member."""
    since = f"member since {membership.joined}"
    if membership.status == "member":
        return since
    if membership.is_member:
        return f"{membership.status}, {since}"
    if membership.joined and membership.left:
        days = f"member from {membership.joined} to {membership.left}"
        return f"{days} ({membership.status})"
    return membership.status


def _columns(table: CapitalTable) -> tuple[str, ...]:
    """Return the columns to show: rare ones only where there is something in them."""
    return tuple(
        column
        for column in COLUMNS
        if column not in _RARE or any(getattr(line, column) for line in table.lines)
    )


def _table(books: Books, period: Period) -> CapitalTable:
    return capital_between(books, period.first, period.end)


def _member_line(books: Books, line: CapitalLine, period: Period) -> MemberLine:
    known = books.register.during(line.member, period.end)
    if known is None:
        return MemberLine(line.member, line.member, "", "not in the register", line)
    return MemberLine(
        line.member, known.name, known.member_class, status_of(known), line
    )


def _has_figures(line: CapitalLine) -> bool:
    return any(getattr(line, column) for column in COLUMNS)


def _in_words(amounts: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(
        (words, amounts[role]) for role, words in IN_WORDS.items() if role in amounts
    )
