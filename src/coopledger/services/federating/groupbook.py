"""A group's year as a workbook: enterprises side by side, and what was taken out.

Sums, eliminations and what remains are live formulas over the figures of the books, so
that a reader can follow every cent of the group back to an enterprise or a transfer.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.statements import DEBITED
from coopledger.domain.statements import RESULT
from coopledger.domain.statements import SECTIONS
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Workbook
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.drafting import Draft
from coopledger.services.federating import groupnotes
from coopledger.services.federating.groupchecks import Check
from coopledger.services.federating.groupchecks import checks_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from pathlib import Path

    from coopledger.domain.consolidation import Row
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Writer
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row as Laid
    from coopledger.services.federating.consolidating import Consolidation
    from coopledger.services.federating.principling import Measured

INCOME_STATEMENT = "Income statement"
BALANCE_SHEET = "Balance sheet"

_TITLES = {
    "income": "Income",
    "expenses": "Expenses",
    "assets": "Assets",
    "liabilities": "Liabilities",
    "equity": "Equity",
}


def export_group(  # noqa: PLR0913 - what there is to write, and where
    title: str,
    group: Consolidation,
    measured: Iterable[Measured],
    path: Path,
    writer: Writer,
    *,
    force: bool = False,
) -> Workbook:
    """Describe a group's year as a workbook and have it written.

    Args:
        title: What the group is called.
        group: Its statements.
        measured: Its principles with their figures.
        path: The file to write.
        writer: Who writes it.
        force: Whether a file that is there already may be replaced.
    """
    workbook = group_workbook(title, group, measured)
    writer(workbook, path, force=force)
    return workbook


def group_workbook(
    title: str, group: Consolidation, measured: Iterable[Measured]
) -> Workbook:
    """Describe a group's year as a workbook with live formulas."""
    statements = _Statements(title, group)
    eliminations = groupnotes.eliminations_sheet(title, group)
    income = statements.income_statement()
    balance = statements.balance_sheet()
    sheets = [
        groupnotes.enterprises_sheet(title, group),
        income,
        balance,
        groupnotes.equity_sheet(title, group, statements.lines),
        groupnotes.capital_sheet(title, group),
        eliminations,
        groupnotes.kept_sheet(title, group),
        groupnotes.principles_sheet(title, group, measured),
        checks_sheet(title, group, statements.checks),
    ]
    return Workbook(
        title=title,
        period=f"fiscal year {group.year}",
        sheets=(groupnotes.readme_sheet(title, group, sheets), *sheets),
        decimals=groupnotes.decimals_of(group),
        dated=group.end,
    )


@dataclass(slots=True)
class _Statements:
    """Both statements in the making; the second one calls cells of the first.

    Attributes:
        title: What the group is called.
        group: Its statements as data.
        lines: Address of each line's amount in the group, as other sheets write it.
        checks: What has to agree: words, both sides as formulas, and their values.
    """

    title: str
    group: Consolidation
    lines: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    _results: dict[str, str] = field(default_factory=dict)

    def income_statement(self) -> Sheet:
        draft = self._draft(INCOME_STATEMENT, "Income and expenses, side by side")
        income = self._section(draft, "income")
        expenses = self._section(draft, "expenses")
        own = self._totals("income"), self._totals("expenses")

        def result(_: str, at: Addresses) -> Laid:
            cells = {
                key: summed(
                    self._net(f"{income[key]}-{expenses[key]}"),
                    own[0][key] - own[1][key],
                    "money",
                )
                for key in own[0]
            }
            self._results = {key: draft.elsewhere(at[key]) for key in cells}
            return {
                "title": Cell("Result of the year, after tax", "strong"),
                **cells,
            }

        draft.table("result", self._columns(), ["result"], result)
        return draft.done

    def balance_sheet(self) -> Sheet:
        draft = self._draft(BALANCE_SHEET, "What the group owns, owes and is worth")
        assets, liabilities, equity = (
            self._section(draft, section) for section in SECTIONS[2:]
        )
        values = {section: self._totals(section) for section in SECTIONS[2:]}
        for key, column in (("sum", "sum"), ("group", "group")):
            claims = values["liabilities"][key] + values["equity"][key]
            both = "+".join(draft.elsewhere(one[key]) for one in (liabilities, equity))
            self.checks.append(
                Check(
                    f"Assets, and liabilities with equity: {column}",
                    (draft.elsewhere(assets[key]), values["assets"][key]),
                    (self._net(both), claims),
                )
            )
        self.checks.append(self._equity_check(draft, equity, values["equity"]))
        return draft.done

    def _equity_check(
        self, draft: Draft, equity: dict[str, str], values: dict[str, Decimal]
    ) -> Check:
        """Hold the group's equity against the enterprises', less what is taken out."""
        parts = [*self._keys(), "eliminated"]
        both = "+".join(draft.elsewhere(equity[key]) for key in parts)
        return Check(
            "Equity: the group's, and the enterprises' less what is taken out",
            (draft.elsewhere(equity["group"]), values["group"]),
            (self._net(both), sum((values[key] for key in parts), ZERO)),
        )

    # --- a section --------------------------------------------------------------------

    def _section(self, draft: Draft, section: str) -> dict[str, str]:
        """Add a section's lines; return the addresses of its totals."""
        rows = [r for r in self.group.statements.rows if r.line.section == section]
        totals = self._totals(section)
        columns = self._columns()
        table = draft.table(
            section,
            columns,
            rows,
            lambda row, at: self._row(draft, row, at),
            total=lambda over: {
                "title": Cell(f"All {section}", "strong", "total"),
                **{
                    key: summed(self._net(f"SUM({over[key]})"), value, "money")
                    for key, value in totals.items()
                },
            },
            caption=_TITLES[section],
        )
        return columns.at(table.last + 1)

    def _row(self, draft: Draft, row: Row, at: Addresses) -> Laid:
        line = row.line
        self.lines[line.id] = draft.elsewhere(at["group"])
        keys = list(self._keys())
        over = f"{at[keys[0]]}:{at[keys[-1]]}"
        cells: dict[str, Cell] = {
            "line": text(line.id, "code"),
            "title": text(line.title),
        }
        for key, name in self._keys().items():
            if name in row.amounts:
                cells[key] = self._figure(line.id, key, row.amounts[name])
        cells["sum"] = live(self._net(f"SUM({over})"), row.aggregated, "money")
        cells["eliminated"] = live(
            self._eliminated(line.id, line.section, at["line"]), row.eliminated, "money"
        )
        cells["group"] = live(
            self._net(f"{at['sum']}+{at['eliminated']}"), row.consolidated, "money"
        )
        return cells

    def _figure(self, line: str, key: str, amount: Decimal) -> Cell:
        """Return an enterprise's figure: from its book, or the result reckoned here."""
        if line == RESULT:
            return live(self._results[key], amount, "money")
        return fact(amount, "money")

    def _eliminated(self, line: str, section: str, id_cell: str) -> str:
        """Return what is taken out of a line: the transfers, turned to its own sign."""
        if line == RESULT:
            return self._results["eliminated"]
        taken = (
            f"SUMPRODUCT(({groupnotes.TAKEN_LINES}={id_cell})*"
            f"{groupnotes.TAKEN_AMOUNTS})"
        )
        return self._net(f"-{taken}" if section in DEBITED else taken)

    # --- columns ----------------------------------------------------------------------

    def _keys(self) -> dict[str, str]:
        """Return the key of each enterprise's column."""
        return {f"e{number}": name for number, name in enumerate(self.group.views)}

    def _columns(self) -> Columns:
        return Columns.of(
            Column("line", "Line", 20),
            Column("title", "", 40),
            *(Column(key, name, 18) for key, name in self._keys().items()),
            Column("sum", "Sum", 18),
            Column("eliminated", "Taken out", 18),
            Column("group", "Group", 18),
        )

    def _totals(self, section: str) -> dict[str, Decimal]:
        rows = [r for r in self.group.statements.rows if r.line.section == section]
        found = {
            key: sum((row.amounts.get(name, ZERO) for row in rows), ZERO)
            for key, name in self._keys().items()
        }
        summed_up, eliminated, group = self.group.statements.total(section)
        return {**found, "sum": summed_up, "eliminated": eliminated, "group": group}

    def _net(self, formula: str) -> str:
        return groupnotes.net(self.group, formula)

    def _draft(self, name: str, purpose: str) -> Draft:
        draft = Draft(name, purpose, fixed=2)
        draft.begin(name, groupnotes.subtitle(self.title, self.group))
        return draft
