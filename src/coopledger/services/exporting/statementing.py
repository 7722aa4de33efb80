"""The statements of one enterprise: income, balance sheet, and changes in equity."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.statements import DEBITED
from coopledger.domain.statements import RESULT
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.trialing import CLOSINGS
from coopledger.services.exporting.trialing import GROUPS
from coopledger.services.exporting.wishing import Tie

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.statements import Line
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Draft
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.ledgering import Amount
    from coopledger.services.exporting.ledgering import Ledger
    from coopledger.services.exporting.subject import Subject

INCOME = "Income statement"
BALANCE = "Balance sheet"
EQUITY = "Changes in equity"

_TITLES = {
    "income": "Income",
    "expenses": "Expenses",
    "assets": "Assets",
    "liabilities": "Liabilities",
    "equity": "Equity",
}
_TOTALS = {
    "income": "All income",
    "expenses": "All expenses",
    "assets": "All assets",
    "liabilities": "All liabilities",
    "equity": "All equity",
}

#: Columns of the changes in equity that add up to the closing balance.
_MOVED = ("opening", "result", "distributed", "paid_in", "paid_out", "other")

#: Where a movement of capital goes; all other kinds are other changes.
_KINDS = {"contribution": "paid_in", "redemption": "paid_out"}


_EQUITY = Columns.of(
    Column("line", "Line", 40),
    Column("opening", "Opening", 16),
    Column("result", "Result of the year", 16),
    Column("distributed", "Distributed", 16),
    Column("paid_in", "Paid in", 16),
    Column("paid_out", "Paid out", 16),
    Column("other", "Other changes", 16),
    Column("closing", "Closing", 16, "equity_closings"),
    Column("sheet", "Balance sheet", 16),
    Column("difference", "Difference", 13, "equity_differences"),
)


@dataclass(slots=True)
class Statements:
    """The statements in the making; later ones call cells of earlier ones.

    Attributes:
        subject: The year.
        ledger: Its accounts.
    """

    subject: Subject
    ledger: Ledger
    _totals: dict[str, tuple[str, Decimal, Decimal]] = field(default_factory=dict)
    _equity: list[Amount] = field(default_factory=list)

    # --- both statements --------------------------------------------------------------

    def income_sheet(self) -> Sheet:
        """Make the income statement."""
        draft = self._draft(
            INCOME, "What the year earned and cost, beside the last one"
        )
        income, expenses = (
            self._section(draft, "income"),
            self._section(draft, "expenses"),
        )
        now, last = (self.ledger.result(last=is_last) for is_last in (False, True))

        def row(_: str, at: Addresses) -> Row:
            self._totals[RESULT] = (draft.elsewhere(at["now"]), now, last)
            net = self.ledger.net
            return {
                "line": Cell(
                    Phrase("Result of the year, after tax"), "strong", "total"
                ),
                "group": Cell(None, "text", "total"),
                "now": summed(net(f"{income['now']}-{expenses['now']}"), now, "money"),
                "before": summed(
                    net(f"{income['before']}-{expenses['before']}"), last, "money"
                ),
            }

        draft.table("result", self._columns("result"), [RESULT], row)
        self._tie_result()
        return draft.done

    def balance_sheet(self) -> Sheet:
        """Make the balance sheet, the year's result in the equity."""
        draft = self._draft(BALANCE, "What the co-operative owns, owes and is worth")
        for section in ("assets", "liabilities", "equity"):
            self._section(draft, section)
        (assets, own, _), (debts, owed, _), (equity, worth, _) = (
            self._totals[section] for section in ("assets", "liabilities", "equity")
        )
        self.subject.ties.append(
            Tie(
                Phrase("Balance sheet: assets, and liabilities with equity"),
                (assets, own),
                (self.ledger.net(f"{debts}+{equity}"), owed + worth),
            )
        )
        return draft.done

    def _draft(self, name: str, purpose: str) -> Draft:
        draft = self.subject.draft(name, purpose, fixed=2)
        draft.begin(
            name,
            self.subject.subtitle,
            Phrase(
                "Amounts add up the rows of the trial balance by their account; those "
                "of the year before come from the book."
            ),
        )
        return draft

    @staticmethod
    def _columns(section: str) -> Columns:
        return Columns.of(
            Column("line", "Line", 38, f"{section}_lines"),
            Column("group", "Account", 46),
            Column("now", "This year", 18, f"{section}_now"),
            Column("before", "Last year", 18),
        )

    def _section(self, draft: Draft, section: str) -> dict[str, str]:
        """Add a section's rows; return the addresses of its totals."""
        rows = self.ledger.statement(section)
        now = sum((row.now for row in rows), ZERO)
        before = sum((row.before for row in rows), ZERO)
        net = self.ledger.net
        table = draft.table(
            f"statement_{section}",
            self._columns(section),
            rows,
            lambda row, at: self._row(section, row, at),
            total=lambda over: {
                "line": Cell(Phrase(_TOTALS[section]), "strong", "total"),
                "now": summed(net(f"SUM({over['now']})"), now, "money"),
                "before": summed(net(f"SUM({over['before']})"), before, "money"),
            },
            caption=_TITLES[section],
        )
        at = Columns(table.columns).at(table.last + 1)
        self._totals[section] = draft.elsewhere(at["now"]), now, before
        if section == "equity":
            self._equity = rows
        return at

    def _row(self, section: str, row: Amount, at: Addresses) -> Row:
        sign = "" if section in DEBITED else "-"
        formula = self.ledger.net(f"{sign}SUMIF({GROUPS},{at['group']},{CLOSINGS})")
        before = fact(row.before, "money")
        if row.line.id == RESULT and not row.group:
            formula = self._totals[RESULT][0]
        return {
            "line": text(wording.ours(row.line.title)),
            "group": text(row.group),
            "now": live(formula, row.now, "money"),
            "before": before,
        }

    def _tie_result(self) -> None:
        """Hold the result against what there is to distribute.

        What the distribution itself books as an expense is in the statement only.
        """
        facts, net = self.subject.facts, self.ledger.net
        at, now, _ = self._totals[RESULT]
        beside = now - (facts.terms["result"] - facts.terms["tax"])
        what, there = "Income statement: the result, and that on Inputs after tax", ""
        if beside:
            what += " with {amount} that distributions booked as income or expenses"
            there = f"+{beside.normalize():f}"
        self.subject.ties.append(
            Tie(
                Phrase(what, amount=beside),
                (at, now),
                (net(f"fact_result-fact_tax{there}"), now),
            )
        )

    # --- changes in equity ------------------------------------------------------------

    def equity_sheet(self) -> Sheet:
        """Make the statement of changes in equity, line by line."""
        draft = self.subject.draft(
            EQUITY, "How the equity came from opening to closing", 1
        )
        draft.begin(
            EQUITY,
            self.subject.subtitle,
            Phrase(
                "Openings and movements come from the transactions; the closing amount "
                "adds them up and is compared with the balance sheet. What was "
                "distributed leaves earlier results, and what members are paid of it "
                "leaves the equity."
            ),
        )
        moved = self._moved()
        lines = self._lines(moved)
        sheet = self._by_line()
        totals = self._equity_totals(moved, sheet, lines)
        draft.table(
            "equity_changes",
            _EQUITY,
            lines,
            lambda line, at: self._equity_row(line, moved[line.id], sheet, at),
            total=lambda over: {
                "line": Cell(Phrase("All equity"), "strong", "total"),
                **{
                    key: summed(self.ledger.net(f"SUM({over[key]})"), amount, "money")
                    for key, amount in totals.items()
                },
            },
        )
        self._tie_equity(totals["closing"], moved, sheet)
        return draft.done

    @staticmethod
    def _equity_totals(
        moved: dict[str, dict[str, Decimal]],
        sheet: dict[str, Decimal],
        lines: list[Line],
    ) -> dict[str, Decimal]:
        totals = {
            **{key: sum((moved[o.id][key] for o in lines), ZERO) for key in _MOVED},
            "sheet": sum(sheet.values(), ZERO),
        }
        totals["closing"] = sum((totals[key] for key in _MOVED), ZERO)
        totals["difference"] = totals["closing"] - totals["sheet"]
        return totals

    def _equity_row(
        self,
        line: Line,
        moved: dict[str, Decimal],
        sheet: dict[str, Decimal],
        at: Addresses,
    ) -> Row:
        net = self.ledger.net
        closing = sum((moved[key] for key in _MOVED), ZERO)
        there = sheet.get(line.id, ZERO)
        return {
            "line": text(wording.ours(line.title)),
            **{key: fact(moved[key], "money") for key in _MOVED},
            "closing": live(net("+".join(at[k] for k in _MOVED)), closing, "money"),
            "sheet": live(
                net(f"SUMIF(equity_lines,{at['line']},equity_now)"), there, "money"
            ),
            "difference": live(
                net(f"{at['closing']}-{at['sheet']}"), closing - there, "difference"
            ),
        }

    def _by_line(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for row in self._equity:
            found[row.line.id] = found.get(row.line.id, ZERO) + row.now
        return found

    def _lines(self, moved: dict[str, dict[str, Decimal]]) -> list[Line]:
        shown = {row.line.id for row in self._equity}
        shown |= {id_ for id_, own in moved.items() if any(own.values())}
        return [
            line
            for line in self.ledger.layout.lines
            if line.section == "equity" and line.id in shown
        ]

    def _moved(self) -> dict[str, dict[str, Decimal]]:
        """Return what moved on each line, by column, from the transactions."""
        moved: dict[str, dict[str, Decimal]] = defaultdict(
            lambda: dict.fromkeys(_MOVED, ZERO)
        )
        groups = {one.account: one for one in self.ledger.accounts}
        end = self.subject.end
        for booking in self.subject.books.bookings:
            for leg in booking.legs if booking.date <= end else ():
                known = groups.get(leg.account)
                if known and known.line.section == "equity":
                    moved[known.line.id][self._column(booking, leg)] += leg.amount
        for one in groups.values():
            if one.line.section == "equity" and not one.known.role:
                moved[one.line.id]["opening"] -= one.opening
                moved[one.line.id]["other"] += one.credits - one.debits
        moved[RESULT]["result"] += self.ledger.result()
        return moved

    def _column(self, booking: Booking, leg: Leg) -> str:
        if booking.date < self.subject.fiscal.start or booking.kind == "opening":
            return "opening"
        if booking.is_appropriation:
            return "distributed"
        return (
            _KINDS.get(kind_of(booking, leg), "other")
            if leg.role in CAPITAL
            else "other"
        )

    def _tie_equity(
        self,
        closing: Decimal,
        moved: dict[str, dict[str, Decimal]],
        sheet: dict[str, Decimal],
    ) -> None:
        net, (at, worth, _) = self.ledger.net, self._totals["equity"]
        apart = sum(
            (
                abs(sum(moved[line].values(), ZERO) - sheet.get(line, ZERO))
                for line in moved.keys() | sheet.keys()
            ),
            ZERO,
        )
        differences = "equity_differences"
        size = f'SUMIF({differences},">0")-SUMIF({differences},"<0")'
        self.subject.ties.extend(
            [
                Tie(
                    Phrase(
                        "Changes in equity: all closing amounts, and the balance sheet"
                    ),
                    (net("SUM(equity_closings)"), closing),
                    (at, worth),
                ),
                Tie(
                    Phrase("Changes in equity: differences line by line, added up"),
                    (net(size), apart),
                    ("0", ZERO),
                ),
            ]
        )
