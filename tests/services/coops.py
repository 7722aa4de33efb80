"""Books of co-ops for workbooks: members, their work, one year's result."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.journal.loading import load_book
from tests import books

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coopledger.journal.loading import Book

YEAR = 2025


@dataclass(frozen=True)
class Coop:
    """A co-op with one year of work.

    Attributes:
        work: Hours (or pay, where that is the measure) by member, in order of joining.
        result: The year's result after everything.
        currency: The book's currency.
        preset: Its law.
        measure: What counts as patronage: ``hours`` or ``amount``.
        names: Names of members, where they differ from the id.
        choices: Its own parameters.
        title: Title of the book.
        more: More lines of the book.
    """

    work: Mapping[str, Decimal]
    result: Decimal
    currency: str = "USD"
    preset: str = "us-worker-ica"
    measure: str = "hours"
    names: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Decimal | str] = field(default_factory=dict)
    title: str = "Example Co-operative"
    more: str = ""

    @property
    def text(self) -> str:
        """The book."""
        lines = [
            f'option "title" "{self.title}"',
            f'option "operating_currency" "{self.currency}"',
            'plugin "coopledger.plugin"',
            '2020-01-01 custom "coop-enterprise" "example"',
            f'2020-01-01 custom "coop-policy" "{self.preset}"',
            f'2020-01-01 custom "coop-patronage" "labour" "{self._pay("{member}")}"',
            f'  measure: "{self.measure}"',
        ]
        for name, value in self.choices.items():
            shown = f'"{value}"' if isinstance(value, str) else value
            lines.append(f'2020-01-01 custom "coop-parameter" "{name}" {shown}')
        for member in self.work:
            lines += [
                f'2020-01-01 custom "coop-member" "{member}" "join"',
                f'  name: "{self.names.get(member, member)}"',
                '  class: "worker"',
            ]
        return "\n".join([*lines, *self._year(), self.more]) + "\n"

    def _year(self) -> list[str]:
        lines, paid = [], Decimal(0)
        for member, work in self.work.items():
            pay = work if self.measure == "amount" else Decimal(100)
            paid += pay
            lines += [
                f'{YEAR}-06-30 * "Pay"',
                f"  {self._pay(member)}  {pay} {self.currency}",
                *([f"    hours: {work}"] if self.measure == "hours" else []),
                f"  Assets:Bank  -{pay} {self.currency}",
            ]
        income = self.result + paid
        return [
            *lines,
            f'{YEAR}-12-31 * "Sales"',
            f"  Assets:Bank  {income} {self.currency}",
            f"  Income:Sales  {-income} {self.currency}",
        ]

    def _pay(self, member: str) -> str:
        is_spanish = self.preset.startswith(("es-", "mondragon"))
        return f"Expenses:{'Anticipos' if is_spanish else 'Advances'}:{member}"

    def write(self, folder: Path) -> Book:
        """Write the book and load it."""
        return load_book(books.write(folder, self.text))


def of_hours(*hours: str, result: str = "1000.00") -> Coop:
    """Return a co-op of members A, B, C ... with their hours."""
    work = {f"M{number:02}": Decimal(one) for number, one in enumerate(hours)}
    return Coop(work, Decimal(result))
