"""Make a federation of Mondragón's size: 81 enterprises, 70,000 members, one year.

    python benchmarks/mondragon.py build/mondragon --members 70000

Every enterprise has its own book under the preset ``mondragon-2015``: a register,
capital at the beginning of the year, payroll each month as one transaction with
everybody's hours, trade, dealings with others of the federation, and dues paid to it.
The sizes are as uneven as in life, and nothing in it is real.

The same numbers give the same bytes.
"""

from __future__ import annotations

import argparse
import calendar
import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

YEAR = 2025
ENTERPRISES = 81
MEMBERS = 70_000
CONTRIBUTION = 15_000
#: Every so many enterprises one makes a loss.
LOSING = 9

START = datetime.date(YEAR, 1, 1)

_HEAD = """\
option "title" "{title}"
option "operating_currency" "EUR"

plugin "coopledger.plugin"

{start} custom "coop-enterprise" "{id}"
{start} custom "coop-policy" "mondragon-2015"
{start} custom "coop-patronage" "labour" "Expenses:Anticipos:{{member}}"
  measure: "amount"
2024-12-01 custom "coop-resolution" "CP-2024" "Rates of the federation"
2026-03-15 custom "coop-resolution" "CP-2026" "What becomes of the results of 2025"
"""

#: What the federation's assembly decided of pooling, funds and aid: invented rates.
_DECIDED = "".join(
    f'{START} custom "coop-parameter" "{name}" {value}\n  resolution: "CP-2024"\n'
    for name, value in (
        ("pool.rate", "0.20"),
        ("pool.key", '"payroll"'),
        ("pool.losses", "TRUE"),
        ("solidarity.rate", "0.02"),
        ("central.rate", "0.10"),
        ("common-education.share", "0.20"),
        ("aid.cap", "0.50"),
    )
)

_ACCOUNTS = (
    "Assets:Banco",
    "Assets:Clientes",
    "Expenses:Compras",
    "Expenses:Cuotas",
    "Expenses:SeguridadSocial",
    "Income:Ventas",
    "Liabilities:Hacienda",
    "Equity:Reservas:FondoReservaObligatorio",
)


@dataclass(frozen=True, slots=True)
class Cooperative:
    """One enterprise: its number, and how many members it has."""

    number: int
    members: int

    @property
    def id(self) -> str:
        """Its id."""
        return f"coop-{self.number:02d}"

    @property
    def name(self) -> str:
        """Its id as a part of an account's name."""
        return f"Coop{self.number:02d}"

    def pay(self, member: int) -> int:
        """Return a member's pay of a month, in euro."""
        return 1_800 + (member * 7 + self.number * 13) % 1_600


def sizes(members: int, enterprises: int) -> list[int]:
    """Divide members among enterprises, as unevenly as in life; none is empty."""
    weights = [1 / (number + 8) for number in range(enterprises)]
    shares = [max(3, int(members * one / sum(weights))) for one in weights]
    shares[0] += max(0, members - sum(shares))
    return shares


def cooperatives(members: int, enterprises: int) -> list[Cooperative]:
    """Return the enterprises, the largest first."""
    return [
        Cooperative(n + 1, size) for n, size in enumerate(sizes(members, enterprises))
    ]


def dealings(coops: Sequence[Cooperative]) -> dict[str, list[str]]:
    """Return what enterprises sell to the next one, and pay to the federation."""
    found: dict[str, list[str]] = {one.id: [] for one in coops}
    found["federation"] = []
    for one, other in zip(coops, [*coops[1:], coops[0]], strict=True):
        if one is other:
            continue
        name, day = f"T-{one.number:02d}", f"{YEAR}-05-12"
        price = 10_000 + 100 * one.number
        found[one.id].append(
            _transfer(day, name, other.id, "trade")
            + f"  Assets:DeudoresVinculados:{other.name}  {price}.00 EUR\n"
            f"  Income:Ventas  -{price}.00 EUR\n"
        )
        found[other.id].append(
            _transfer(day, name, one.id, "trade")
            + f"  Expenses:Compras  {price}.00 EUR\n"
            f"  Liabilities:AcreedoresVinculados:{one.name}  -{price}.00 EUR\n"
        )
    for one in coops:
        name, day = f"F-{one.number:02d}", f"{YEAR}-02-03"
        fee = 50 * one.members
        found[one.id].append(
            _transfer(day, name, "federation", "fee")
            + f"  Expenses:Cuotas  {fee}.00 EUR\n  Assets:Banco  -{fee}.00 EUR\n"
        )
        found["federation"].append(
            _transfer(day, name, one.id, "fee")
            + f"  Assets:Banco  {fee}.00 EUR\n  Income:Cuotas  -{fee}.00 EUR\n"
        )
    return found


def _transfer(day: str, name: str, peer: str, nature: str) -> str:
    return (
        f'{day} * "Transfer {name}"\n  coop-transfer: "{name}"\n'
        f'  coop-peer: "{peer}"\n  coop-nature: "{nature}"\n'
    )


def book(coop: Cooperative, own: Sequence[str]) -> Iterator[str]:
    """Return the text of an enterprise's book, piece by piece."""
    yield _HEAD.format(title=f"Cooperative {coop.number:02d}", start=START, id=coop.id)
    peers = {word for text in own for word in text.split() if "Vinculados:" in word}
    for account in (*_ACCOUNTS, *sorted(peers)):
        yield f"{START} open {account} EUR\n"
    ids = [f"S{number:05d}" for number in range(1, coop.members + 1)]
    for name in ids:
        yield (
            f'{START} custom "coop-member" "{name}" "join"\n  class: "worker"\n'
            f"{START} open Equity:Socias:{name}:Aportaciones EUR\n"
            f"{START} open Equity:Socias:{name}:Retornos EUR\n"
            f"{START} open Liabilities:Socias:{name}:RetornosAPagar EUR\n"
            f"{START} open Equity:Socias:{name}:Intereses EUR\n"
            f"{START} open Equity:Socias:{name}:Perdidas EUR\n"
            f"{START} open Expenses:Anticipos:{name} EUR\n"
        )
    yield f'\n{START} * "Opening"\n  coop-kind: "opening"\n'
    for name in ids:
        yield f"  Equity:Socias:{name}:Aportaciones  -{CONTRIBUTION}.00 EUR\n"
    reserve = 2_000 * coop.members
    yield f"  Equity:Reservas:FondoReservaObligatorio  -{reserve}.00 EUR\n"
    yield f"  Assets:Banco  {CONTRIBUTION * coop.members + reserve}.00 EUR\n"
    wages = sum(coop.pay(member) for member in range(coop.members))
    margin = 94 if coop.number % LOSING == 0 else 108 + coop.number % 7
    for month in range(1, 13):
        yield from _month(coop, month, ids, wages, margin)
    yield from own


def _month(
    coop: Cooperative, month: int, ids: Sequence[str], wages: int, margin: int
) -> Iterator[str]:
    last = datetime.date(YEAR, month, calendar.monthrange(YEAR, month)[1])
    costs = wages * 3
    sales = (wages + costs) * margin // 100
    for part in range(1, 21):
        day = datetime.date(YEAR, month, part)
        yield (
            f'\n{day} * "Customer {part}" "Invoice {month}-{part}"\n'
            f"  Assets:Clientes  {sales // 20}.00 EUR\n"
            f"  Income:Ventas  -{sales // 20}.00 EUR\n"
            f'\n{day} * "Supplier {part}" "Bill {month}-{part}"\n'
            f"  Expenses:Compras  {costs // 20}.00 EUR\n"
            f"  Assets:Banco  -{costs // 20}.00 EUR\n"
        )
    yield f'\n{last} * "Anticipos {month}"\n'
    for member, name in enumerate(ids):
        hours = 120 + (member + month) % 40
        pay = coop.pay(member)
        yield f"  Expenses:Anticipos:{name}  {pay}.00 EUR\n    hours: {hours}\n"
    tax = wages // 5
    yield f"  Liabilities:Hacienda  -{tax}.00 EUR\n"
    yield f"  Assets:Banco  -{wages - tax}.00 EUR\n"


def federation(coops: Sequence[Cooperative], own: Sequence[str]) -> Iterator[str]:
    """Return the text of the federation's own book."""
    yield _HEAD.format(title="Federation", start=START, id="federation")
    yield _DECIDED
    for one in coops:
        path = f"../{one.id}/main.beancount"
        yield f'{START} custom "coop-enterprise" "{one.id}" "{path}"\n'
    for account in ("Assets:Banco", "Income:Cuotas"):
        yield f"{START} open {account} EUR\n"
    yield from own


def write(folder: Path, members: int, enterprises: int) -> Path:
    """Write the federation, and return its main book."""
    coops = cooperatives(members, enterprises)
    texts = dealings(coops)
    for one in coops:
        _write(folder / one.id, book(one, texts[one.id]))
    return _write(folder / "federation", federation(coops, texts["federation"]))


def _write(folder: Path, pieces: Iterator[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "main.beancount"
    path.write_text("".join(pieces), "utf-8")
    return path


def main() -> None:
    """Write the federation that the command line asks for."""
    parser = argparse.ArgumentParser(description="Make a federation of books.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES)
    given = parser.parse_args()
    path = write(given.folder, given.members, given.enterprises)
    print(path)


if __name__ == "__main__":
    main()
