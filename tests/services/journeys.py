"""Books of every legal form: founded, kept for some years, closed year by year.

Everything goes the way of a co-op: `found_coop`, ordinary transactions, a resolution, a
proposal that is written, and the payment of what is due.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.journal.finding import MAIN
from coopledger.journal.loading import load_sound_book
from coopledger.law.forms import terms_of
from coopledger.law.preset import load_preset
from coopledger.services.checking import check_path
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from coopledger.services.founding import Founding
from coopledger.services.founding import found_coop
from coopledger.services.taxing import filing_lines
from coopledger.services.taxing import patron_worksheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.law.preset import Preset
    from coopledger.services.closing import Closing

FIRST = 2023
LATER = datetime.date(2035, 1, 1)
MEMBERS = {"Ana": 1800, "Bea": 1200, "Cleo": 600}

#: What the custom form leaves to the co-op; a quarter, a tenth, or the first word.
DECIDED = {"ratio": "0.10", "switch": "FALSE"}
#: What the co-op of the journeys has to choose so as to keep within it.
OWN = {"pay.sector-norm": "100000", "hired.hours-cap": "0.25"}


@dataclass(frozen=True)
class Journey:
    """A co-op of three members, with a hired worker, and its result year by year.

    Attributes:
        preset: Its law.
        results: Result of each year, from the first.
        choices: Its own parameters, beside those that the preset leaves to it.
        more: More lines of the book.
    """

    preset: str
    results: tuple[int, ...]
    choices: tuple[tuple[str, str], ...] = ()
    more: str = ""

    @property
    def years(self) -> list[int]:
        return [FIRST + index for index in range(len(self.results))]

    def write(self, folder: Path) -> Path:
        """Found the co-op and write all its years, without any distribution."""
        start = datetime.date(FIRST, 1, 1)
        names = {member: member for member in MEMBERS}
        founding = Founding("example", "Example", self.preset, "", start, names)
        found_coop(folder / self.preset, founding)
        main = folder / self.preset / MAIN
        preset = load_preset(self.preset)
        year_file = main.with_name(f"{FIRST}.beancount")
        year_file.write_text("\n".join(self._lines(preset)) + "\n", "utf-8")
        return main

    def _lines(self, preset: Preset) -> Iterator[str]:
        yield from _opens(preset, self)
        for name, value in (*_undecided(preset), *self.choices):
            yield f'{FIRST}-01-01 custom "coop-parameter" "{name}" {value}'
        yield from _capital(preset)
        for year, result in zip(self.years, self.results, strict=True):
            yield f'{year + 1}-03-31 custom "coop-resolution" "GA-{year}" "Accounts"'
            yield from _year(preset, year, result)
        yield self.more


def _opens(preset: Preset, journey: Journey) -> Iterator[str]:
    names = {"Assets:Purse", "Income:Turnover", "Expenses:Costs"}
    for role in ("contribution", "advance", "wages"):
        for template in preset.chart.get(role, ()):
            for member in MEMBERS:
                names.add(template.format(member=member, worker="Helga"))
    for basis in preset.patronage:
        names |= {basis.template.format(member=member) for member in MEMBERS}
    known = _scaffolded(journey)
    for name in sorted(names):
        if name not in known:
            yield f"{FIRST}-01-01 open {name}"


def _scaffolded(journey: Journey) -> str:
    """Return nothing is known here: the scaffold opens some accounts by itself."""
    preset = load_preset(journey.preset)
    return "\n".join(
        template.format(member=member)
        for role in ("contribution", "advance")
        for template in preset.chart.get(role, ())
        for member in MEMBERS
        if "{member}" in template
    )


def _undecided(preset: Preset) -> Iterator[tuple[str, str]]:
    for name in sorted(preset.names):
        parameter = preset.parameter(name)
        assert parameter
        if parameter.values[-1].value is not None or name.startswith("interest."):
            continue
        if parameter.unit == "choice":
            yield name, f'"{parameter.choices[0]}"'
        else:
            yield name, OWN.get(name) or DECIDED.get(parameter.unit, "1")


def _capital(preset: Preset) -> Iterator[str]:
    (template, *_) = reversed(preset.chart["contribution"])
    for member in MEMBERS:
        yield f'{FIRST}-07-01 * "{member} pays in"'
        yield f"  {template.format(member=member)}  -6000.00 {preset.currency}"
        yield f"  Assets:Purse  6000.00 {preset.currency}"


def _year(preset: Preset, year: int, result: int) -> Iterator[str]:
    effect = Decimal(0)
    for basis in preset.patronage:
        for member, hours in MEMBERS.items():
            account = basis.template.format(member=member)
            sign = -1 if account.startswith("Income") else 1
            amount = sign * hours
            effect -= amount
            yield f'{year}-06-30 * "{member}"'
            yield f"  {account}  {amount}.00 {preset.currency}"
            if basis.measure != "amount":
                yield f"    {basis.measure}: {hours}"
            yield f"  Assets:Purse  {-amount}.00 {preset.currency}"
    (wages, *_) = preset.chart["wages"]
    yield f'{year}-06-30 * "Helga"'
    yield f"  {wages.format(worker='Helga')}  900.00 {preset.currency}"
    yield "    hours: 900"
    yield f"  Assets:Purse  -900.00 {preset.currency}"
    rest = result - effect + 900
    yield f'{year}-12-31 * "Everything else"'
    yield f"  Income:Turnover  {-rest - 1000} {preset.currency}"
    yield f"  Expenses:Costs  1000 {preset.currency}"
    yield f"  Assets:Purse  {rest} {preset.currency}"


def close(main: Path, year: int) -> Closing:
    """Work a year out."""
    return close_year(load_sound_book(main), year, f"GA-{year}", LATER)


def book_year(main: Path, year: int) -> Closing:
    """Close a year, write the proposal, pay what is due, and furnish tax forms."""
    closing = close(main, year)
    write_closing(load_sound_book(main), closing)
    book = load_sound_book(main)
    lines = list(_payments(book, year))
    path = main.with_name(f"{FIRST}.beancount")
    path.write_text(path.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    case = load_sound_book(main).case
    if terms_of(case.policy, year + 1):
        forms = filing_lines(patron_worksheet(case, year + 1))
        path.write_text(path.read_text("utf-8") + forms, "utf-8")
    return closing


def _payments(book: Book, year: int) -> Iterator[str]:
    for booking in book.case.books.appropriations(year):
        for leg in booking.legs:
            if leg.role == "education-fund" and leg.amount > 0:
                yield f'{year + 1}-11-01 * "Courses"'
                yield f"  {leg.account}  {leg.amount} {book.case.books.currency}"
                yield f"  Assets:Purse  -{leg.amount} {book.case.books.currency}"
            if leg.role in {"member-payable", "worker-payable"} and leg.amount > 0:
                currency = book.case.books.currency
                yield f'{year + 1}-05-01 * "Paid"'
                yield '  coop-kind: "payment"'
                yield f'  coop-year: "{year}"'
                yield f"  {leg.account}  {leg.amount} {currency}"
                yield f"  Assets:Purse  -{leg.amount} {currency}"


def findings(main: Path) -> list[str]:
    return [finding.sentence for finding in check_path(main).findings]
