"""Workbooks of books, and what the engine says for a changed rate."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coopledger.domain.appropriation import appropriate
from coopledger.domain.appropriation import steps_for
from coopledger.journal.loading import load_book
from coopledger.law.policy import RatesOn
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.description import Formula
from tests.services.coops import YEAR
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Appropriation
    from coopledger.journal.loading import Book

LEDGER = Path(__file__).parents[2] / "ledger"
DEMO = sorted(path.parent.name for path in LEDGER.glob("*/main.beancount"))
YEARS = (2023, 2024, 2025)


@cache
def demo(name: str) -> Book:
    """Load a book of the demonstration, once."""
    return load_book(LEDGER / name)


def copied(name: str, folder: Path) -> Path:
    """Copy the whole demonstration and return one book of it."""
    shutil.copytree(LEDGER, folder / "ledger")
    return folder / "ledger" / name / "main.beancount"


def with_more(main: Path, text: str) -> Book:
    """Add lines to a book and load it."""
    old = main.read_text("utf-8")
    main.write_text(f"{old}\n{text}\n", "utf-8")
    return load_book(main)


def closed(book: Book, year: int, resolution: str) -> Book:
    """Book a year's proposal and load the book again."""
    write_closing(book, close_year(book, year, resolution))
    return load_book(book.path)


def reckoned(book: Book, year: int = YEAR) -> Recalculated:
    return Recalculated(workbook_of(book, year))


class Changed:
    """The rates of a year with one of them changed."""

    def __init__(self, rates: RatesOn, name: str, value: Decimal | str) -> None:
        self.rates = rates
        self.name = name
        self.value = value

    def number(self, name: str) -> Decimal:
        if name == self.name:
            return Decimal(self.value)
        return self.rates.number(name)

    def text(self, name: str) -> str:
        return str(self.value) if name == self.name else self.rates.text(name)

    def is_decided(self, name: str) -> bool:
        return name == self.name or self.rates.is_decided(name)

    def switch(self, name: str) -> bool:
        return self.rates.switch(name)

    def sources(self, name: str) -> tuple[str, ...]:
        return self.rates.sources(name)


def appropriated(
    book: Book, year: int, name: str, value: Decimal | str
) -> Appropriation:
    """Apply the steps with one parameter changed: what a changed workbook must say."""
    case = book.case
    facts, figures = case.facts(year), case.books.years[year]
    rates = Changed(RatesOn(case.policy, figures.fiscal.end), name, value)
    preset = case.policy.preset_on(figures.fiscal.end)
    facts, steps = steps_for(facts, preset.surplus, preset.loss, rates)
    return appropriate(facts, steps, rates)


def slugged(name: str) -> str:
    return re.sub(r"\W", "_", name)


def steps_in(workbook: Recalculated) -> list[float]:
    return workbook.column("Appropriation", "steps", "amount")


def parts_in(workbook: Recalculated) -> list[dict[str, float]]:
    """Return members' figures of all kinds, as the workbook has them."""
    names = [sheet.name for sheet in workbook.workbook.sheets]
    if "Patronage" in names:
        keys = ("amount", "cash", "retained", "nonqualified")
        table = "members_patronage"
        return [workbook.amounts("Patronage", table, key) for key in keys]
    if "Loss by member" in names:
        return [workbook.amounts("Loss by member", "members_members", "amount")]
    return []


def parts_of(expected: Appropriation) -> list[dict[str, float]]:
    """Return the same as the engine has them."""
    lines = expected.lines
    if lines:
        return [
            {line.member: float(getattr(line, key)) for line in lines}
            for key in ("amount", "cash", "retained", "nonqualified")
        ]
    return [
        {member: float(part) for member, part in step.parts.items()}
        for step in expected.steps
        if step.step.kind == "members"
    ]


#: Figures of one step: by column of its sheet, then by member or hired worker.
Parts = dict[str, dict[str, float]]

_GIVEN = ("amount", "cash", "retained", "nonqualified")


def live_parts(workbook: Recalculated) -> dict[str, Parts]:
    """Return everybody's figures that are formulas, by the ending of the table."""
    found: dict[str, Parts] = {}
    for sheet in workbook.workbook.sheets:
        for table in sheet.tables:
            kind, _, step = table.name.partition("_")
            cells = zip(table.columns, table.rows[0], strict=True)
            keys = [
                column.key
                for column, cell in cells
                if column.key in _GIVEN and isinstance(cell.content, Formula)
            ]
            if kind == "members" and keys:
                found[step] = {
                    key: workbook.amounts(sheet.name, table.name, key) for key in keys
                }
    return found


def engine_parts(expected: Appropriation, like: dict[str, Parts]) -> dict[str, Parts]:
    """Return the same figures as the engine has them."""
    steps = {slugged(one.step.id): one for one in expected.steps}
    return {
        step: {key: _given(steps[step], key) for key in keys}
        for step, keys in like.items()
    }


def _given(one: AppliedStep, key: str) -> dict[str, float]:
    if key == "amount":
        given = {**one.parts, **one.hired}
    else:
        paid = one.hired if key == "cash" else dict.fromkeys(one.hired, Decimal(0))
        given = {**{line.member: getattr(line, key) for line in one.lines}, **paid}
    return {name: float(part) for name, part in given.items()}
