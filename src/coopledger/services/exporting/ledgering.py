"""The year's accounts and postings, on the lines of the statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.statements import DEBITED
from coopledger.domain.statements import EARLIER
from coopledger.domain.statements import INCOME_AND_EXPENSES
from coopledger.domain.statements import RESULT
from coopledger.journal.postings import known_of
from coopledger.journal.postings import postings_between
from coopledger.phrases import Phrase
from coopledger.services.exporting.arithmetic import decimals_of
from coopledger.services.federating.layouts import OWN_FILE
from coopledger.services.federating.layouts import read_layout

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.statements import Layout
    from coopledger.domain.statements import Line
    from coopledger.journal.loading import Book
    from coopledger.journal.postings import Known
    from coopledger.journal.postings import Posting

#: Decimals below the currency's unit that are kept, at most.
_FINEST = 6

_ROOTS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")

#: What stands for the accounts of income and expenses before the year.
BEFORE = Phrase("(income and expenses of earlier years)")


class AccountYear(NamedTuple):
    """What one account held and moved in a year; positive for a debit.

    Attributes:
        account: Its name.
        known: What it is.
        line: The line of the statements that collects it.
        group: What it is added up with: its name without a person's part.
        opening: What it held before the year.
        debits: What was debited in the year.
        credits: What was credited in the year, positive.
    """

    account: str
    known: Known
    line: Line
    group: str
    opening: Decimal
    debits: Decimal
    credits: Decimal

    @property
    def closing(self) -> Decimal:
        """What it holds at the year's end."""
        return self.opening + self.debits - self.credits


class Amount(NamedTuple):
    """A row of a statement: this year's amount and that of the year before.

    Both are positive for what such a line usually is.
    """

    line: Line
    group: str
    now: Decimal
    before: Decimal


@dataclass(frozen=True)
class Ledger:
    """One year of a book, account by account.

    Attributes:
        book: The book.
        year: The fiscal year.
        layout: The lines of the statements.
    """

    book: Book
    year: int
    layout: Layout

    @classmethod
    def of(cls, book: Book, year: int) -> Ledger:
        """Take the book's own lines, if there are any, before the program's."""
        own = book.path.parent / OWN_FILE
        return cls(book, year, read_layout(own if own.is_file() else None))

    @cached_property
    def postings(self) -> tuple[Posting, ...]:
        """The postings of the year."""
        fiscal = self.book.case.books.years[self.year].fiscal
        return tuple(
            one._replace(amount=self._kept(one.amount))
            for one in postings_between(self.book, fiscal.start, fiscal.end)
        )

    @cached_property
    def places(self) -> int:
        """How many decimals the amounts of the year have."""
        amounts = [one.amount for one in self.postings]
        amounts += self._held(self.year - 1).values()
        return max(map(decimals_of, [self.book.case.books.unit, *amounts]))

    def net(self, formula: str) -> str:
        """Clear a sum of the noise of floats."""
        return f"ROUND({formula},{self.places})"

    def _kept(self, amount: Decimal) -> Decimal:
        unit = self.book.case.books.unit.scaleb(-_FINEST)
        return (
            amount
            if decimals_of(amount) <= decimals_of(unit)
            else round_to(amount, unit)
        )

    def _held(self, until: int) -> dict[str, Decimal]:
        """Add up what every account moved up to the end of a year."""
        sums: dict[str, Decimal] = {}
        for label, figures in self.book.case.books.years.items():
            if label <= until:
                for account, number in figures.sums.items():
                    _add(sums, account, number)
        return {account: self._kept(number) for account, number in sums.items()}

    # --- accounts ---------------------------------------------------------------------

    @cached_property
    def accounts(self) -> tuple[AccountYear, ...]:
        """The accounts that held or moved anything, in the order of a trial balance."""
        debits: dict[str, Decimal] = {}
        credits_: dict[str, Decimal] = {}
        for one in self.postings:
            side, amount = (
                (debits, one.amount) if one.amount > 0 else (credits_, -one.amount)
            )
            _add(side, one.account, amount)
        held = self._held(self.year - 1)
        lasting, earlier = self._parted(held)
        names = lasting.keys() | debits.keys() | credits_.keys()
        rows = [
            self._account(
                name,
                lasting.get(name, ZERO),
                debits.get(name, ZERO),
                credits_.get(name, ZERO),
            )
            for name in names
        ]
        rows = [row for row in rows if row.opening or row.debits or row.credits]
        rows.sort(key=lambda row: (_ROOTS.index(row.known.root), row.account))
        if earlier:
            rows.append(self._earlier(earlier))
        return tuple(rows)

    def _parted(self, held: dict[str, Decimal]) -> tuple[dict[str, Decimal], Decimal]:
        """Part balances into those that go on and what income and expenses left."""
        activity = {a for a in held if self._known(a).root in INCOME_AND_EXPENSES}
        earlier = sum((held[account] for account in activity), ZERO)
        return {a: n for a, n in held.items() if a not in activity}, earlier

    def _known(self, account: str) -> Known:
        if account not in self._kinds:
            # Very many members' accounts are alike, and only that counts here.
            known = known_of(self.book, account)._replace(member="", name="")
            self._kinds[account] = self._alike.setdefault(known, known)
        return self._kinds[account]

    @cached_property
    def _kinds(self) -> dict[str, Known]:
        return {}

    @cached_property
    def _alike(self) -> dict[Known, Known]:
        return {}

    @cached_property
    def _lines(self) -> dict[tuple[str, str, str], Line]:
        return {}

    @cached_property
    def _groups(self) -> dict[str, list[str]]:
        """Names that differ in capitals only, which spreadsheets take for one."""
        return {}

    def _account(
        self, name: str, opening: Decimal, debits: Decimal, credits_: Decimal
    ) -> AccountYear:
        known = self._known(name)
        line = self._line_of(known)
        group = self._group(known.general)
        return AccountYear(name, known, line, group, opening, debits, credits_)

    def _line_of(self, known: Known) -> Line:
        # Very many members' accounts are of one kind.
        kind = known.general, known.root, known.role
        if kind not in self._lines:
            self._lines[kind] = self.layout.line_of(*kind)
        return self._lines[kind]

    def _group(self, general: str) -> str:
        alike = self._groups.setdefault(general.casefold(), [])
        if general not in alike:
            alike.append(general)
        number = alike.index(general)
        return f"{general} ({number + 1})" if number else general

    def _earlier(self, amount: Decimal) -> AccountYear:
        known = self._known("Equity")._replace(general=BEFORE, role="")
        return AccountYear(
            BEFORE, known, self.line(EARLIER), BEFORE, amount, ZERO, ZERO
        )

    def line(self, id_: str) -> Line:
        """Return a line of the statements by its id."""
        return next(line for line in self.layout.lines if line.id == id_)

    # --- statements -------------------------------------------------------------------

    def statement(self, section: str) -> list[Amount]:
        """Return a section of the statements, group by group in the order of lines."""
        sign = 1 if section in DEBITED else -1
        now: dict[tuple[str, str], Decimal] = {}
        for one in self.accounts:
            key = one.line.id, one.group
            now[key] = now.get(key, ZERO) + sign * one.closing
        before = {key: sign * n for key, n in self._before(section).items()}
        found: list[Amount] = []
        for line in self.layout.lines:
            if line.section != section:
                continue
            keys = sorted(
                key for key in now.keys() | before.keys() if key[0] == line.id
            )
            found += [
                Amount(line, k[1], now.get(k, ZERO), before.get(k, ZERO)) for k in keys
            ]
            if line.id == RESULT:
                found.append(Amount(line, "", self.result(), self.result(last=True)))
        return [one for one in found if one.now or one.before or one.line.id == RESULT]

    def _before(self, section: str) -> dict[tuple[str, str], Decimal]:
        """Return the amounts of the year before, as in double entry."""
        if section in {"income", "expenses"}:
            figures = self.book.case.books.years.get(self.year - 1)
            held = dict(figures.sums) if figures else {}
            earlier = ZERO
        else:
            held, _ = self._parted(self._held(self.year - 1))
            _, earlier = self._parted(self._held(self.year - 2))
        found: dict[tuple[str, str], Decimal] = {}
        for account, amount in held.items():
            one = self._account(account, self._kept(amount), ZERO, ZERO)
            if one.line.section == section:
                key = one.line.id, one.group
                found[key] = found.get(key, ZERO) + one.opening
        if earlier and section == "equity":
            found[EARLIER, BEFORE] = earlier
        return found

    def result(self, *, last: bool = False) -> Decimal:
        """Return income less expenses, after tax, of this year or the last one."""
        if last:
            both = [
                *self._before("income").values(),
                *self._before("expenses").values(),
            ]
            return ZERO - sum(both, ZERO)
        rows = (one.closing for one in self.accounts if _is_activity(one))
        return ZERO - sum(rows, ZERO)


def _add(sums: dict[str, Decimal], account: str, amount: Decimal) -> None:
    """Add an amount up; the only one of an account is kept as it is."""
    sums[account] = sums[account] + amount if account in sums else amount


def _is_activity(one: AccountYear) -> bool:
    return one.known.root in INCOME_AND_EXPENSES
