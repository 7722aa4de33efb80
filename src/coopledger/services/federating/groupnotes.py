"""The sheets of a group's workbook beside its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import COLUMNS
from coopledger.services.exporting.arithmetic import decimals_of as decimals_in
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.drafting import Draft
from coopledger.services.exporting.reading import COLOURS
from coopledger.services.exporting.reading import README
from coopledger.services.exporting.reading import flag_of
from coopledger.services.provenance import made_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from coopledger.domain.elimination import Elimination
    from coopledger.domain.elimination import Taken
    from coopledger.domain.principles import Measure
    from coopledger.services.exporting.description import Form
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.federating.consolidating import Consolidation
    from coopledger.services.federating.consolidating import EquityChange
    from coopledger.services.federating.principling import Measured

#: Names of the columns of what was taken out.
TAKEN_LINES, TAKEN_AMOUNTS = "taken_lines", "taken_amounts"

#: How a measure is shown.
_FORMS: dict[str, Form] = {
    "money": "money",
    "share": "rate",
    "people": "whole",
    "number": "whole",
}


def decimals_of(group: Consolidation) -> int:
    """Return how many decimals the group's currency has."""
    return decimals_in(group.unit)


def net(group: Consolidation, formula: str) -> str:
    """Clear a sum of the noise of floats."""
    return f"ROUND({formula},{decimals_of(group)})"


def subtitle(title: str, group: Consolidation) -> str:
    """Say whose year it is, in which currency."""
    return f"{title}, fiscal year {group.year} to {group.end}, in {group.currency}"


# --- the enterprises ------------------------------------------------------------------


def enterprises_sheet(title: str, group: Consolidation) -> Sheet:
    """Show the enterprises side by side, each as its own book has it."""
    draft = Draft("Enterprises", "Each enterprise's year, as its own book has it", 1)
    draft.begin(
        "Enterprises",
        subtitle(title, group),
        "Amounts are in each book's own currency; the rates are what one unit of it "
        "counts in the group.",
    )
    columns = Columns.of(
        Column("id", "Enterprise", 24),
        Column("title", "Name", 32),
        Column("end", "Year ends", 13),
        Column("currency", "Currency", 10),
        Column("closing", "Rate at the end", 14),
        Column("average", "Average rate", 14),
        Column("members", "Members", 11),
        Column("turnover", "Income", 18),
        Column("result", "Result before tax", 18),
        Column("worth", "Net worth", 18),
        Column("capital", "Members' capital", 18),
        Column("findings", "Findings", 11),
        Column("state", "State", 44),
    )
    draft.table("enterprises", columns, _enterprises(group), lambda row, _: row)
    return draft.done


def _enterprises(group: Consolidation) -> Iterator[Row]:
    for name, view in group.views.items():
        year = view.year
        yield {
            "id": text(name),
            "title": text(view.book.title),
            "end": Cell(year.end, "date"),
            "currency": text(view.book.currency),
            "closing": text(str(view.closing)),
            "average": text(str(view.average)),
            "members": fact(group.unit * 0 + year.work.members, "whole"),
            "turnover": fact(year.turnover, "money"),
            "result": fact(year.result, "money"),
            "worth": fact(year.net_worth, "money"),
            "capital": fact(year.capital, "money"),
            "findings": fact(group.unit * 0 + view.book.found, "whole"),
            "state": text("distributed" if year.is_closed else "not distributed yet"),
        }
    for name, why in group.out.items():
        yield {"id": text(name), "state": text(f"left out: {why}", "wrapped")}


# --- equity ---------------------------------------------------------------------------


def equity_sheet(title: str, group: Consolidation, lines: Mapping[str, str]) -> Sheet:
    """Show how each line of the equity came from the year's beginning to its end.

    Args:
        title: What the group is called.
        group: Its statements.
        lines: Address of each line's amount in the group.
    """
    draft = Draft("Changes in equity", "Each line of the equity, opening to closing", 1)
    draft.begin("Changes in equity", subtitle(title, group))
    columns = Columns.of(
        Column("line", "", 44),
        Column("opening", "Opening", 18),
        Column("change", "Change", 18),
        Column("closing", "Closing", 18),
    )

    def row(one: EquityChange, at: Addresses) -> Row:
        known = lines.get(one.line.id)
        change = net(group, f"{at['closing']}-{at['opening']}")
        return {
            "line": text(one.line.title),
            "opening": fact(one.opening, "money"),
            "change": live(change, one.change, "money"),
            "closing": live(known, one.closing, "money")
            if known
            else fact(one.closing, "money"),
        }

    totals = {
        name: sum((getattr(one, name) for one in group.equity), ZERO)
        for name in ("opening", "change", "closing")
    }
    draft.table(
        "equity_changes", columns, group.equity, row, total=_adder(group, totals)
    )
    return draft.done


def capital_sheet(title: str, group: Consolidation) -> Sheet:
    """Show how members' capital moved, enterprise by enterprise."""
    draft = Draft("Members' capital", "How members' capital moved in the year", 1)
    draft.begin("Members' capital", subtitle(title, group), "All members together.")
    moves = COLUMNS[:-1]
    columns = Columns.of(
        Column("line", "Enterprise", 28),
        *(Column(name, name.capitalize(), 17) for name in COLUMNS),
    )

    def row(item: tuple[str, dict[str, Decimal]], at: Addresses) -> Row:
        name, moved = item
        over = f"SUM({at[moves[0]]}:{at[moves[-1]]})"
        return {
            "line": text(name),
            **{one: fact(moved[one], "money") for one in moves},
            "closing": live(net(group, over), moved["closing"], "money"),
        }

    by = group.capital_by.items()
    total = _adder(group, group.capital)
    draft.table("capital_moves", columns, by, row, total=total)
    return draft.done


def _adder(
    group: Consolidation, totals: Mapping[str, Decimal]
) -> Callable[[Addresses], Row]:
    """Return what makes a row of totals out of the ranges of columns."""
    return lambda over: {
        "line": Cell("All", "strong", "total"),
        **{
            key: summed(net(group, f"SUM({over[key]})"), value, "money")
            for key, value in totals.items()
        },
    }


# --- what was taken out, and what was not ---------------------------------------------


def eliminations_sheet(title: str, group: Consolidation) -> Sheet:
    """List what was taken out: each transfer that both books have, part by part."""
    draft = Draft("Taken out", "Transfers that both books have, part by part", 1)
    draft.begin(
        "Taken out",
        subtitle(title, group),
        "Positive is a debit in the enterprise's book. The parts of a transfer add up "
        "to nothing; the statements take them out line by line.",
    )
    columns = Columns.of(
        Column("transfer", "Transfer", 28),
        Column("nature", "Nature", 12),
        Column("giver", "Gives", 22),
        Column("receiver", "Receives", 22),
        Column("enterprise", "In the book of", 22),
        Column("account", "Account", 44),
        Column("line", "Line", 22, TAKEN_LINES),
        Column("amount", "Amount", 18, TAKEN_AMOUNTS),
    )
    parts = [(e, taken) for e in group.statements.eliminations for taken in e.taken]
    over_all = sum((taken.amount for _, taken in parts), ZERO)

    def row(item: tuple[Elimination, Taken], _: Addresses) -> Row:
        transfer, taken = item
        return {
            "transfer": text(transfer.giver.transfer.id),
            "nature": text(transfer.giver.transfer.nature),
            "giver": text(transfer.giver.book),
            "receiver": text(transfer.receiver.book),
            "enterprise": text(taken.enterprise),
            "account": text(taken.account),
            "line": text(taken.line, "code"),
            "amount": fact(taken.amount, "money"),
        }

    draft.table(
        "taken",
        columns,
        parts,
        row,
        total=lambda over: {
            "transfer": Cell("All", "strong", "total"),
            "amount": summed(net(group, f"SUM({over['amount']})"), over_all, "money"),
        },
    )
    return draft.done


def kept_sheet(title: str, group: Consolidation) -> Sheet:
    """List what stands between enterprises and could not be taken out."""
    draft = Draft("Not taken out", "What stands between enterprises and stayed in", 1)
    draft.begin("Not taken out", subtitle(title, group))
    columns = Columns.of(
        Column("enterprise", "In the book of", 24),
        Column("what", "Transfer or account", 44),
        Column("amount", "Amount", 18),
        Column("why", "Why", 70),
    )
    draft.table(
        "kept",
        columns,
        group.statements.kept,
        lambda one, _: {
            "enterprise": text(one.enterprise),
            "what": text(one.what),
            "amount": fact(one.amount, "money"),
            "why": text(one.why, "wrapped"),
        },
    )
    return draft.done


# --- principles, checks, and the first sheet ------------------------------------------


def principles_sheet(
    title: str, group: Consolidation, measured: Iterable[Measured]
) -> Sheet:
    """Show what the books can tell of the federation's principles."""
    draft = Draft("Principles", "What the books can tell of the principles", 2)
    draft.begin("Principles", subtitle(title, group))
    keys = {f"e{number}": name for number, name in enumerate(group.views)}
    columns = Columns.of(
        Column("principle", "Principle", 36),
        Column("measure", "Measured by", 46),
        Column("unit", "Unit", 10),
        *(Column(key, name, 18) for key, name in keys.items()),
        Column("all", "All", 18),
        Column("taken", "Taken over", 12),
    )
    rows = [
        (number, one, measure)
        for number, one in enumerate(measured, start=1)
        for measure in (*one.measures, *([None] if not one.measures else []))
    ]

    def row(item: tuple[int, Measured, Measure | None], _: Addresses) -> Row:
        number, one, measure = item
        cells = {"principle": text(f"{number}. {one.principle.title}", "wrapped")}
        if measure is None:
            return {**cells, "measure": text("no book can tell")}
        figures = {key: measure.values.get(name) for key, name in keys.items()}
        figures["all"] = measure.group
        form = _FORMS.get(measure.unit, "quantity")
        cells["measure"] = text(measure.title, "wrapped")
        cells["unit"] = text(group.currency if form == "money" else measure.unit)
        cells["taken"] = text(f"{measure.taken} of {len(group.enterprises)}")
        for key, figure in figures.items():
            cells[key] = text("-") if figure is None else fact(figure, form)
        return cells

    draft.table("principles", columns, rows, row)
    return draft.done


def readme_sheet(title: str, group: Consolidation, sheets: Sequence[Sheet]) -> Sheet:
    """Make the first sheet: whose year it is, and whether it agrees."""
    draft = Draft(README, "What this workbook is, and whether it agrees")
    draft.begin(title, f"Statements of the group for {group.year}, not audited")
    pairs = Columns.of(Column("what", "About", 28), Column("value", "What it says", 76))
    out = "; ".join(f"{name}: {why}" for name, why in group.out.items())
    about = [
        ("All checks", flag_of(sheets)),
        ("Group", text(title, "strong")),
        ("Fiscal year", text(str(group.year))),
        ("Last day", Cell(group.end, "date")),
        ("Currency", text(group.currency)),
        ("Enterprises", text(", ".join(group.views), "wrapped")),
        ("Left out", text(out or "nobody", "wrapped")),
        ("Made by", text(made_by())),
    ]
    draft.table(
        "about", pairs, about, lambda one, _: {"what": text(one[0]), "value": one[1]}
    )
    draft.table(
        "sheets",
        Columns.of(Column("what", "Sheet", 28), Column("value", "What it holds", 76)),
        [(sheet.name, sheet.purpose) for sheet in sheets],
        lambda one, _: {"what": text(one[0]), "value": text(one[1], "wrapped")},
        caption="Sheets",
    )
    draft.table(
        "colours",
        Columns.of(Column("what", "Colour", 28), Column("value", "What it means", 76)),
        COLOURS[1:],
        lambda one, _: {"what": one[0], "value": text(one[1], "wrapped")},
        caption="Colours",
    )
    return draft.done
