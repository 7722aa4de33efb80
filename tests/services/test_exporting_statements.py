"""Statements in the workbook: the books' own figures, tied to each other."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount.core import convert
from beancount.core import data

from coopledger.journal.loading import load_book
from coopledger.services.exporting import Wish
from coopledger.services.exporting import workbook_of
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.consolidating import consolidate_year
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.layouts import read_layout
from coopledger.services.federating.showing import neighbours_of
from coopledger.services.stating import capital_of_year
from tests.cli.running import run
from tests.services import coops
from tests.services.test_exporting import basque_loss
from tests.services.workbooks import DEMO
from tests.services.workbooks import LEDGER
from tests.services.workbooks import YEARS
from tests.services.workbooks import copied
from tests.services.workbooks import demo
from tests.services.workbooks import reckoned
from tests.services.workbooks import slugged
from tests.services.workbooks import with_more

if TYPE_CHECKING:
    from pathlib import Path

    from tests.xlsx.recalculating import Recalculated

_ACTIVITY = ("Income", "Expenses")


def weight(posting: data.Posting) -> Decimal:
    reckon: Any = convert.get_weight
    return Decimal(reckon(posting).number)


@pytest.mark.parametrize("name", DEMO)
@pytest.mark.parametrize("year", YEARS)
def test_the_trial_balance_is_what_beancount_adds_up(name: str, year: int) -> None:
    book = demo(name)
    fiscal = book.case.books.years[year].fiscal
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in book.entries:
        if isinstance(entry, data.Transaction) and entry.date <= fiscal.end:
            for posting in entry.postings:
                is_old = entry.date < fiscal.start
                if not (is_old and posting.account.startswith(_ACTIVITY)):
                    sums[posting.account] += weight(posting)
    workbook = reckoned(book, year)
    accounts = workbook.column("Trial balance", "trial", "account")
    closings = workbook.column("Trial balance", "trial", "closing")
    got = dict(zip(accounts, closings, strict=True))
    got.pop("(income and expenses of earlier years)", None)
    expected = {account: float(amount) for account, amount in sums.items() if amount}
    assert {account: amount for account, amount in got.items() if amount} == expected


def lines_in(workbook: Recalculated, sheet: str) -> dict[str, float]:
    """Add the rows of a statement up by their line."""
    found: dict[str, float] = defaultdict(float)
    for table in workbook.workbook.sheet(sheet).tables:
        if table.name.startswith("statement_"):
            titles = workbook.column(sheet, table.name, "line")
            amounts = workbook.column(sheet, table.name, "now")
            for title, amount in zip(titles, amounts, strict=True):
                found[title] += amount or 0
    return {title: round(amount, 2) for title, amount in found.items() if amount}


def test_statements_are_the_enterprises_columns_of_the_consolidation() -> None:
    federation = gather(LEDGER)
    group = consolidate_year(
        federation, 2025, read_layout(None), check_federation(federation).pairing
    )
    own = [n for n, v in group.views.items() if v.closing == v.average == 1]
    for name in sorted(set(own) & set(DEMO)):
        workbook = reckoned(demo(name), group.views[name].year.label)
        got = {
            **lines_in(workbook, "Income statement"),
            **lines_in(workbook, "Balance sheet"),
        }
        expected = {
            row.line.title: float(row.amounts[name])
            for row in group.statements.rows
            if row.amounts.get(name)
        }
        assert got == expected, name
    assert len(set(own) & set(DEMO)) >= 3


@pytest.mark.parametrize("name", DEMO)
def test_last_years_column_is_last_years_statement(name: str) -> None:
    now, before = reckoned(demo(name), 2025), reckoned(demo(name), 2024)
    tables = [
        ("Income statement", "income"),
        ("Income statement", "expenses"),
        ("Balance sheet", "assets"),
        ("Balance sheet", "liabilities"),
        ("Balance sheet", "equity"),
    ]
    for sheet, section in tables:
        last = by_group(now, sheet, section, "before")
        assert last == by_group(before, sheet, section, "now"), section


def by_group(
    workbook: Recalculated, sheet: str, section: str, key: str
) -> dict[tuple[str, str], float]:
    table = f"statement_{section}"
    columns = [workbook.column(sheet, table, name) for name in ("line", "group", key)]
    rows = zip(*columns, strict=True)
    return {(line, group or ""): amount for line, group, amount in rows if amount}


@pytest.mark.parametrize("name", DEMO)
def test_capital_by_component_and_by_year_is_that_of_all_members(name: str) -> None:
    workbook = reckoned(demo(name), 2025)
    total = capital_of_year(demo(name).case.books, 2025).total
    for table in ("components", "allotments"):
        for column in ("opening", "redemptions", "closing"):
            values = workbook.column("Capital by component", table, column)
            assert round(sum(v or 0 for v in values), 2) == float(
                getattr(total, column)
            )


def test_a_loss_stands_in_every_statement(tmp_path: Path) -> None:
    book = basque_loss(tmp_path)
    workbook = reckoned(book)
    assert (workbook.flag, workbook.disagreements()) == ("OK", [])
    (result,) = workbook.column("Income statement", "result", "now")
    assert result == float(book.case.facts(2025).pool) < 0
    assert workbook.column("Charts", "waterfall", "added")[0] == -result


def test_equity_that_is_no_part_of_the_accounts_is_found() -> None:
    book = load_book(LEDGER / "freedom-farms")
    bookings = book.case.books.bookings
    bookings.remove(next(o for o in bookings if o.is_appropriation and o.year == 2024))
    workbook = reckoned(book, 2025)
    failing = " ".join(workbook.failing)
    assert "Changes in equity: differences line by line, added up" in failing
    assert workbook.disagreements() == []


def test_accounts_that_differ_in_capitals_only_are_told_apart(tmp_path: Path) -> None:
    book = with_more(
        copied("green-team", tmp_path),
        "2025-01-01 open Expenses:Vans USD\n"
        "2025-01-01 open Expenses:VANS USD\n"
        '2025-02-01 * "Two accounts"\n'
        "  Expenses:Vans  7.00 USD\n"
        "  Expenses:VANS  11.00 USD\n"
        "  Assets:Bank  -18.00 USD\n",
    )
    workbook = reckoned(book, 2025)
    groups = workbook.column("Income statement", "statement_expenses", "group")
    amounts = workbook.column("Income statement", "statement_expenses", "now")
    found = dict(zip(groups, amounts, strict=True))
    vans = {k: v for k, v in found.items() if k.casefold().startswith("expenses:van")}
    assert sorted(vans.values())[-2:] == [7, 11]
    assert workbook.disagreements() == []
    assert not [check for check in workbook.failing if "statement" in check]


def test_a_books_own_lines_may_be_called_anything(tmp_path: Path) -> None:
    main = copied("green-team", tmp_path)
    own = (
        '[[line]]\nid = "supplies"\ntitle = "{Supplies} & =1+1"\n'
        'section = "expenses"\naccounts = ["Expenses:*"]\n'
    )
    (main.parent / "consolidation.toml").write_text(own, "utf-8")
    workbook = reckoned(load_book(main), 2025)
    lines = workbook.column("Income statement", "statement_expenses", "line")
    assert set(lines) == {"{Supplies} & =1+1"}
    assert workbook.disagreements() == []
    assert workbook.flag == "OK"


# --- what passes between enterprises, rules, and charts -------------------------------


def test_transfers_say_what_the_other_book_has() -> None:
    alone = reckoned(demo("freedom-farms"), 2025)
    assert set(alone.column("Solidarity", "transfers", "match")) == {"not at hand"}
    wish = Wish(neighbours=neighbours_of(LEDGER))
    together = workbook_of(demo("freedom-farms"), 2025, wish)
    column = [c.key for c in together.sheet("Solidarity").table("transfers").columns]
    at = column.index("match")
    rows = together.sheet("Solidarity").table("transfers").rows
    assert {str(row[at].content) for row in rows} == {"says the same"}


def test_a_books_own_funds_stand_with_opening_and_closing() -> None:
    workbook = reckoned(demo("federation"), 2025)
    table = ("Solidarity", "federal_funds")
    opening, received, given, closing = (
        workbook.column(*table, key)
        for key in ("opening", "received", "given", "closing")
    )
    expected = [
        round(o + r - g, 2) for o, r, g in zip(opening, received, given, strict=True)
    ]
    assert closing == expected
    assert any(closing)


def test_rules_say_what_was_found_and_where(tmp_path: Path) -> None:
    book = with_more(
        copied("freedom-farms", tmp_path),
        '2025-11-11 custom "coop-membre" "X"\n',
    )
    sheet = workbook_of(book, 2025).sheet("Rules")
    findings = sheet.table("findings")
    keys = [column.key for column in findings.columns]
    cells = dict(zip(keys, findings.rows[0], strict=True))
    assert cells["rule"].content == "COOP-LANG-01"
    assert str(cells["where"].content).startswith("main.beancount:")
    verdicts = {str(row[1].content) for row in sheet.table("rules").rows}
    assert {"broken", "holds"} <= verdicts


def test_a_book_that_deals_with_nobody_has_no_sheet_of_solidarity(
    tmp_path: Path,
) -> None:
    book = coops.of_hours("10", "20").write(tmp_path)
    names = [sheet.name for sheet in workbook_of(book, 2025).sheets]
    assert "Solidarity" not in names


def test_the_waterfall_ends_where_the_appropriation_does() -> None:
    workbook = reckoned(demo("basque"), 2025)
    after = workbook.column("Charts", "waterfall", "after")
    assert after[0] == workbook.named("fact_pool")
    assert after[-1] == 0
    workbook.change("education_rate", Decimal("0.15"))
    steps = workbook.column("Appropriation", "steps", "amount")
    taken = workbook.column("Charts", "waterfall", "taken")
    assert round(sum(taken), 2) == round(sum(steps), 2) == after[0]


# --- a changed rate, and what the command says of it ----------------------------------


@pytest.mark.parametrize(
    ("name", "rate", "value"),
    [
        ("freedom-farms", "collective.share", "0.417523"),
        ("freedom-farms", "patronage.cash-share", "0.333333"),
        ("basque", "education.rate", "0.15"),
        ("community-production", "collective.share", "0.255"),
        ("green-team", "patronage.cash-share", "0.333333"),
        ("nubias-cafe", "collective.share", "0.41"),
    ],
)
def test_a_changed_rate_gives_what_close_says_with_it(
    name: str, rate: str, value: str
) -> None:
    workbook = reckoned(demo(name), 2025)
    workbook.change(slugged(rate), Decimal(value))
    place = ("--book", demo(name).path, "--year", 2025, "--format", "json")
    done = run("close", *place, "--set", f"{rate}={value}")
    _, changed = json.loads(done.stdout)["scenarios"]
    steps = [float(step["amount"]) for step in changed["steps"]]
    assert workbook.column("Appropriation", "steps", "amount") == steps
    for key in ("amount", "cash"):
        said = {one["member"]: float(one[key]) for one in changed["members"]}
        got = workbook.amounts("Patronage", "members_patronage", key)
        assert {member: got[member] for member in said} == said
    assert workbook.column("Charts", "waterfall", "after")[-1] == 0
    ties = ("Trial", "Journal", "Balance", "Income", "Changes in equity", "Capital by")
    assert not [check for check in workbook.failing if check.startswith(ties)]


@pytest.mark.parametrize("name", DEMO)
def test_the_capital_accounts_are_those_of_the_command(name: str) -> None:
    done = run("capital", "--book", demo(name).path, "--year", 2025, "--format", "json")
    lines = json.loads(done.stdout)["members"]
    workbook = reckoned(demo(name), 2025)
    for column in ("opening", "patronage", "redemptions", "closing"):
        got = workbook.amounts("Capital accounts", "capital", column)
        for line in lines:
            assert got[line["member"]] == float(line[column])
