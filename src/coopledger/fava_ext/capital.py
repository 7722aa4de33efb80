"""The page *Capital accounts*: all members, and one member's own page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from fava.ext import extension_endpoint

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLUMNS
from coopledger.domain.capital import is_plain
from coopledger.domain.capital import total_of
from coopledger.errors import NobodyError
from coopledger.fava_ext import words
from coopledger.fava_ext.adapter import CooperativePage
from coopledger.fava_ext.adapter import View
from coopledger.fava_ext.asking import fiscal_label
from coopledger.fava_ext.charting import charts_of_all
from coopledger.fava_ext.charting import charts_of_member
from coopledger.fava_ext.published import sums_in
from coopledger.fava_ext.published import told_in
from coopledger.phrases import Phrase
from coopledger.services import shaping
from coopledger.services import titles
from coopledger.services.attributing import COUNTS
from coopledger.services.attributing import FIGURES
from coopledger.services.narrating import is_narration
from coopledger.services.showing import account_of
from coopledger.services.stating import capital_between
from coopledger.services.wording import OWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from flask import Response

    from coopledger.domain.books import Books
    from coopledger.domain.capital import CapitalLine
    from coopledger.domain.capital import CapitalMovement
    from coopledger.domain.findings import Origin
    from coopledger.fava_ext.asking import Period
    from coopledger.fava_ext.charting import Point
    from coopledger.fava_ext.published import Together
    from coopledger.services.showing import MemberAccount
    from coopledger.services.stating import CapitalTable


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
    status: Phrase
    line: CapitalLine


@dataclass(frozen=True, slots=True)
class ClassLine:
    """All members of one class: how many have capital, and how much."""

    member_class: str
    count: int
    closing: Decimal


@dataclass(slots=True, kw_only=True)
class Listing(View):
    """What the list shows.

    Attributes:
        columns: The columns that are shown, with their names.
        members: Everybody with capital or a movement in the period.
        idle: Everybody else who ever had capital.
        classes: The same by class.
        total: All lines added up.
        sheet: What the balance sheet has as members' capital, by currency.
        ties: Whether that is the total.
        components: What all capital consists of at each year end.
        charts: The charts, as Fava takes them.
    """

    columns: dict[str, str]
    components: tuple[Point, ...]
    members: tuple[MemberLine, ...]
    idle: tuple[MemberLine, ...]
    classes: tuple[ClassLine, ...]
    total: CapitalLine
    sheet: Mapping[str, Decimal]
    ties: bool
    charts: list[Any]


@dataclass(slots=True, kw_only=True)
class Account(View):
    """What a member's page shows.

    Attributes:
        account: The account.
        standing: Since when somebody is or was a member.
        columns: The names of the columns of the way through the period.
        charts: The charts, as Fava takes them.
        hashes: Hash of the entry behind each row, by which Fava opens it.
        texts: What the book says of each row, where it is more than its kind.
        is_alone: Whether nobody else is in the book.
        sums: What all members have together: number and rounding of each figure by
            year, where the book has them; no number where it is left out.
    """

    account: MemberAccount
    standing: Phrase
    columns: dict[str, str]
    charts: list[Any]
    texts: list[str]
    is_alone: bool
    hashes: Mapping[Origin, str] = field(default_factory=dict)
    sums: Mapping[str, Mapping[str, tuple[Decimal | None, Decimal]]] = field(
        default_factory=dict
    )

    @property
    def sum_years(self) -> list[str]:
        """The years of the sums."""
        return sorted({year for of_years in self.sums.values() for year in of_years})


class CapitalAccounts(CooperativePage):
    """Members' capital: a list with totals, and a page for each member."""

    title = "Capital accounts"
    components = titles.COMPONENTS
    figures = FIGURES
    amounts = frozenset(FIGURES) - COUNTS - {"hours"}
    measures = titles.MEASURES
    uses_of = staticmethod(titles.uses_of)

    def view(self) -> View:
        """Return the list, or a member's page; a book of one member opens at theirs."""
        books, period = self.books, self.period()
        ids = books.register.ids
        alone = ids[0] if len(ids) == 1 else ""
        member = self.asked("member") or alone
        view = self._account(member, period) if member else self._listing(period)
        self.framed(view, period)
        return view

    # --- JSON -----------------------------------------------------------------------

    @extension_endpoint
    def members(self) -> Response:
        """Answer with all members' capital over the period."""
        return self.answer(self._members)

    def _members(self) -> dict[str, Any]:
        books, period = self.books, self.period()
        return {
            "schema": shaping.SCHEMA,
            "year": fiscal_label(books, period),
            "start": period.start.isoformat() if period.start else None,
            "end": period.end.isoformat(),
            "currency": books.currency,
            **shaping.capital_lines(_table(books, period)),
        }

    @extension_endpoint
    def statement(self) -> Response:
        """Answer with one member's statement over the period."""
        return self.answer(self._statement)

    def _statement(self) -> dict[str, Any]:
        books, period = self.books, self.period()
        found = self._account_of(self.asked("member"), period)
        return {
            **shaping.statement_shape(books.currency, found.statement),
            **shaping.account_shape(found),
            "sums": [
                {
                    "figure": name,
                    "year": year,
                    "number": None if number is None else str(number),
                    "rounded_to": str(step),
                }
                for name, years in self._sums().items()
                for year, (number, step) in sorted(years.items())
            ],
        }

    # --- the list -------------------------------------------------------------------

    def _listing(self, period: Period) -> Listing:
        books = self.books
        table = _table(books, period)
        lines = [_member_line(books, line, period) for line in table.lines]
        shown = tuple(line for line in lines if _has_figures(line.line))
        sheet = self.balance_sheet(period)
        closing = table.total.closing
        charts = charts_of_all(books, period.start, period.end, self.wording)
        return Listing(
            template="coopledger/listing.html",
            columns=_columns(table),
            members=shown,
            idle=tuple(line for line in lines if not _has_figures(line.line)),
            classes=_by_class(shown),
            total=table.total,
            sheet=sheet or {books.currency: ZERO},
            ties=sheet == ({books.currency: closing} if closing else {}),
            components=next((one.points for one in charts if one.stacked), ()),
            charts=self.charts(charts, books.currency),
        )

    # --- one account ----------------------------------------------------------------

    def _account_of(self, member: str, period: Period) -> MemberAccount:
        if member not in self.books.register.events:
            raise NobodyError(member, self.books.register.ids)
        told = told_in(self.ledger.all_entries_by_type.Custom)
        return account_of(self.book, member, period.start, period.end, told)

    @property
    def _language(self) -> str:
        """The language that the book is in, whatever its reader's is."""
        return self.ledger.fava_options.language or OWN

    def _sums(self) -> Together:
        return sums_in(self.ledger.all_entries_by_type.Custom)

    def _account(self, member: str, period: Period) -> Account:
        books = self.books
        found = self._account_of(member, period)
        statement = found.statement
        charts = charts_of_member(books, statement, self.wording)
        return Account(
            template="coopledger/account.html",
            account=found,
            standing=titles.standing_of(statement.membership),
            columns=titles.columns_of(statement.line),
            charts=self.charts(charts, books.currency),
            hashes=self.entry_hashes([row.movement for row in statement.rows]),
            texts=[_text(row.movement, self._language) for row in statement.rows],
            is_alone=len(books.register.ids) == 1,
            sums=self._sums(),
        )


def _text(movement: CapitalMovement, language: str) -> str:
    """Return what the book says, where that is more than the kind of movement."""
    text, year = movement.text, str(movement.year or "")
    is_kind = all(map(is_plain, text.split())) or is_narration(text, year, language)
    return "" if is_kind else text


def _columns(table: CapitalTable) -> dict[str, str]:
    """Return the columns to show: rare ones only where there is something in them."""
    return {
        column: name
        for column, name in titles.COLUMNS.items()
        if column not in words.RARE
        or any(getattr(line, column) for line in table.lines)
    }


def _table(books: Books, period: Period) -> CapitalTable:
    return capital_between(books, period.first, period.end)


def _member_line(books: Books, line: CapitalLine, period: Period) -> MemberLine:
    known = books.register.during(line.member, period.end)
    if known is None:
        stranger = Phrase("not in the register")
        return MemberLine(line.member, line.member, "", stranger, line)
    status = titles.status_of(known)
    return MemberLine(line.member, known.name, known.member_class, status, line)


def _has_figures(line: CapitalLine) -> bool:
    return any(getattr(line, column) for column in COLUMNS)


def _by_class(members: tuple[MemberLine, ...]) -> tuple[ClassLine, ...]:
    """Add up what each class has at the end of the period."""
    counts = Counter(one.member_class for one in members if one.line.closing)
    return tuple(
        ClassLine(
            name,
            count,
            total_of(one.line for one in members if one.member_class == name).closing,
        )
        for name, count in sorted(counts.items())
    )
