"""Make the large cooperative books that the benchmarks load.

    python benchmarks/books.py medium build/medium.beancount

A book is the life of an invented worker co-operative under the preset
``us-worker-ica``: the register, capital paid in instalments, one payroll transaction
for each worker and month with the hours worked, trade, and every year the distribution
of its result (the third year is a loss).

The same size and seed give the same bytes on every Python.  All amounts are whole
cents, and the distributions are reckoned here without the package that is measured, so
that a book without findings also is a second opinion on its engine.
"""

from __future__ import annotations

import argparse
import calendar
import datetime
import random
from collections import Counter
from collections import deque
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

SEED = 20250101
FIRST_YEAR = 2015

#: What each member puts in, and how much of it on joining; the rest by quarters.
CONTRIBUTION = 500_000
PAID_ON_JOINING = 200_000
INSTALMENT = 100_000

#: Members in one transaction of a distribution: Fava hashes the whole transaction once
#: for each account in it.
CHUNK = 250

#: Income as a percentage of costs, year by year and then again; the third is a loss.
MARGINS = (112, 109, 96, 110, 115, 107, 111)
LOSING_YEAR = 2

BANK = "Assets:Bank"
RECEIVABLE = "Assets:Receivable"
SUPPLIERS = "Liabilities:Suppliers"
WITHHOLDING = "Liabilities:Withholding"
SOCIAL = "Liabilities:SocialSecurity"
COLLECTIVE = "Equity:Collective"
APPROPRIATED = "Equity:Surplus:Appropriated"
SALES = ("Income:Sales:Goods", "Income:Sales:Services", "Income:Sales:Workshops")
COSTS = (
    "Expenses:Energy",
    "Expenses:Insurance",
    "Expenses:Materials",
    "Expenses:Rent",
    "Expenses:Transport",
)

_HEADER = """\
option "title" "{title}"
option "operating_currency" "USD"

plugin "coopledger.plugin"

{start} custom "coop-enterprise" "benchmark"
{start} custom "coop-policy" "us-worker-ica"
{start} custom "coop-patronage" "labour" "Expenses:Advances:{{member}}"
  measure: "hours"
"""

#: Account, amount in cents (None: Beancount works it out), metadata under the posting.
Leg = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a book is.

    Attributes:
        members: Everybody who is ever a member.
        years: Fiscal years with activity.
        trades: Invoices, receipts, bills and payments in a month.
    """

    members: int
    years: int
    trades: int


SIZES = {
    "small": Size(members=12, years=5, trades=40),
    "medium": Size(members=200, years=10, trades=300),
    "large": Size(members=1_000, years=10, trades=1_000),
}


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who is paid.

    Attributes:
        id: As in account names.
        account: Where the pay is booked.
        rate: Pay for an hour, in cents.
        joined: First day.
        left: Last day, or None.
    """

    id: str
    account: str
    rate: int
    joined: datetime.date
    left: datetime.date | None = None

    def works_on(self, day: datetime.date) -> bool:
        """Say whether the person works on a day."""
        return self.joined <= day and (self.left is None or day <= self.left)


class Draws:
    """Random numbers from `random()` alone, whose stream never changes."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random  # noqa: S311 - no secret is made

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, items: Sequence[str]) -> str:
        """Return one of several."""
        return items[self.between(0, len(items) - 1)]


@dataclass(slots=True)
class Journal:
    """The text of a book while it is written, with the balance of its bank account."""

    lines: list[str] = field(default_factory=list)
    bank: int = 0

    def note(self, date: datetime.date, text: str, *metadata: str) -> None:
        """Write a directive that is no transaction."""
        self.lines.append(f"\n{date} {text}")
        self.lines.extend(f"  {line}" for line in metadata)

    def open(self, date: datetime.date, accounts: Iterable[str]) -> None:
        """Open accounts."""
        self.lines.append("")
        self.lines.extend(f"{date} open {account} USD" for account in accounts)

    def book(
        self,
        date: datetime.date,
        narration: str,
        legs: Sequence[Leg],
        *metadata: str,
    ) -> None:
        """Write a transaction; the narration comes with its quotes, tags and links."""
        self.lines.append(f"\n{date} * {narration}")
        self.lines.extend(f"  {line}" for line in metadata)
        for account, amount, meta in legs:
            number = "" if amount is None else f"  {_decimal(amount)} USD"
            self.lines.append(f"  {account}{number}")
            if meta:
                self.lines.append(f"    {meta}")
            if account == BANK:
                self.bank += amount or 0


@dataclass(slots=True)
class Trade:
    """Dealings with customers and suppliers: what is open, and the next number."""

    draws: Draws
    invoices: deque[tuple[str, int]] = field(default_factory=deque)
    bills: deque[tuple[str, int]] = field(default_factory=deque)
    number: int = 0

    def deal(
        self, kind: int, day: datetime.date, journal: Journal, price: int, cost: int
    ) -> int:
        """Book one of the four kinds of dealing, and return what it adds to income."""
        if kind == 0:
            return self._sell(day, journal, price * self.draws.between(80, 120) // 100)
        if kind == 1:
            number, due = self.invoices.popleft()
            legs: list[Leg] = [(BANK, due, ""), (RECEIVABLE, -due, "")]
            journal.book(day, f'"Receipt for {number}" ^{number}', legs)
        if kind == 2:
            return -self._buy(day, journal, cost * self.draws.between(80, 120) // 100)
        if kind == 3:
            number, due = self.bills.popleft()
            legs = [(SUPPLIERS, due, ""), (BANK, -due, "")]
            journal.book(day, f'"Payment of {number}" ^{number}', legs)
        return 0

    def _sell(self, day: datetime.date, journal: Journal, amount: int) -> int:
        number = self._numbered("F", day)
        self.invoices.append((number, amount))
        customer = f"Customer {self.draws.between(1, 500):03d}"
        journal.book(
            day,
            f'"{customer}" "Invoice {number}" #sale ^{number}',
            [(RECEIVABLE, amount, ""), (self.draws.pick(SALES), -amount, "")],
            f'invoice: "{number}"',
        )
        return amount

    def _buy(self, day: datetime.date, journal: Journal, amount: int) -> int:
        number = self._numbered("S", day)
        self.bills.append((number, amount))
        freight = amount // 20
        supplier = f"Supplier {self.draws.between(1, 200):03d}"
        journal.book(
            day,
            f'"{supplier}" "Bill {number}" #purchase ^{number}',
            [
                (self.draws.pick(COSTS), amount - freight, ""),
                ("Expenses:Transport", freight, ""),
                (SUPPLIERS, None, ""),
            ],
            f'bill: "{number}"',
            'due: "30 days"',
        )
        return amount

    def _numbered(self, letter: str, day: datetime.date) -> str:
        self.number += 1
        return f"{letter}{day.year}-{self.number:06d}"


@dataclass(slots=True)
class Year:
    """What a year has come to so far: its result, and hours by worker."""

    number: int
    result: int = 0
    hours: Counter[str] = field(default_factory=Counter)


class Cooperative:
    """One co-operative, which writes its whole life down."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size = size
        self.draws = Draws(seed)
        self.journal = Journal()
        self.trade = Trade(self.draws)
        self.start = datetime.date(FIRST_YEAR, 1, 1)
        self.members = [self._member(index) for index in range(size.members)]
        self.hired = [self._hired(n) for n in range(1, size.members // 25 + 2)]
        self.collective = 0
        self.shares: dict[int, dict[str, int]] = {}
        self.retained: Counter[str] = Counter()

    def _member(self, index: int) -> Worker:
        """Return a member: nine of ten are founders, one of twenty leaves."""
        members, years = self.size.members, self.size.years
        founders = members * 9 // 10
        joined, left = FIRST_YEAR, None
        if index >= founders:
            later = (index - founders) * (years - 1) // (members - founders)
            joined += 1 + later
        elif index % 20 == 7:
            after = LOSING_YEAR + index // 20 % (years - LOSING_YEAR)
            left = datetime.date(FIRST_YEAR + after, 6, 30)
        name = f"M{index + 1:04d}"
        first = datetime.date(joined, 1, 1)
        rate = self.draws.between(1_500, 3_000)
        return Worker(name, f"Expenses:Advances:{name}", rate, first, left)

    def _hired(self, number: int) -> Worker:
        name = f"W{number:03d}"
        rate = self.draws.between(1_500, 2_500)
        return Worker(name, f"Expenses:Wages:{name}", rate, self.start)

    def live(self) -> Iterator[str]:
        """Return the lines of the whole book, year by year."""
        title = f"{self.size.members} members, {self.size.years} years"
        yield _HEADER.format(title=title, start=self.start)
        fixed = [BANK, RECEIVABLE, SUPPLIERS, WITHHOLDING, SOCIAL, COLLECTIVE]
        fixed += [APPROPRIATED, *SALES, *COSTS]
        fixed += [worker.account for worker in self.hired]
        self.journal.open(self.start, fixed)
        last: Year | None = None
        for index in range(self.size.years):
            last = self._year(index, last)
            yield from self.journal.lines
            self.journal.lines.clear()
        if last:
            self._forms(last.number, datetime.date(last.number + 1, 1, 31))
            self._distribute(last)
        yield from self.journal.lines

    def _year(self, index: int, before: Year | None) -> Year:
        """Book a year, and in April what is done with the result of the one before."""
        year = Year(FIRST_YEAR + index)
        workers = [*self.members, *self.hired]
        labour = 148 * sum(
            worker.rate
            for month in range(1, 13)
            for worker in workers
            if worker.works_on(datetime.date(year.number, month, 15))
        )
        deals = self.size.trades * 12 // 4
        price = labour * 125 * MARGINS[index % len(MARGINS)] // 10_000 // deals
        for month in range(1, 13):
            first = datetime.date(year.number, month, 1)
            last = first.replace(day=calendar.monthrange(year.number, month)[1])
            if month > 1 or index:
                self.journal.note(
                    first, f"balance {BANK}  {_decimal(self.journal.bank)} USD"
                )
            if month == 4 and before:
                self._distribute(before)
            if month == 1:
                self._forms(year.number - 1, last)
            self._members_of(first, last)
            for deal in range(self.size.trades):
                day = first.replace(day=1 + deal * last.day // self.size.trades)
                year.result += self.trade.deal(
                    deal % 4, day, self.journal, price, labour // 4 // deals
                )
            for worker in workers:
                if worker.works_on(last):
                    self._pay(worker, last, year)
        return year

    # --- members ----------------------------------------------------------------------

    def _members_of(self, first: datetime.date, last: datetime.date) -> None:
        """Book who joins, pays an instalment, leaves or is repaid in a month."""
        for member in self.members:
            if first.year == member.joined.year:
                if first == member.joined:
                    self._join(member)
                elif first.month in {4, 7, 10}:
                    self._instalment(member, first)
            if member.left == last:
                self._leave(member, last)

    def _join(self, member: Worker) -> None:
        name, day = member.id, member.joined
        own = f"Equity:Members:{name}"
        self.journal.note(
            day,
            f'custom "coop-member" "{name}" "join"',
            f'name: "Member {name[1:]}"',
            'class: "worker"',
            f"consent: {day}",
        )
        parts = ("Contribution", "Uncalled", "Patronage", "Losses")
        owed = f"Liabilities:Members:{name}:Payable"
        capital = [f"{own}:{part}" for part in parts]
        self.journal.open(day, [*capital, owed, member.account])
        self.journal.book(
            day,
            f'"Member {name}" "Contribution subscribed, the first part paid"',
            [
                (BANK, PAID_ON_JOINING, ""),
                (f"{own}:Uncalled", CONTRIBUTION - PAID_ON_JOINING, ""),
                (f"{own}:Contribution", -CONTRIBUTION, ""),
            ],
            'coop-kind: "contribution"',
        )

    def _instalment(self, member: Worker, day: datetime.date) -> None:
        self.journal.book(
            day,
            f'"Member {member.id}" "Instalment"',
            [
                (BANK, INSTALMENT, ""),
                (f"Equity:Members:{member.id}:Uncalled", -INSTALMENT, ""),
            ],
            'coop-kind: "contribution"',
        )

    def _leave(self, member: Worker, day: datetime.date) -> None:
        """Turn the contribution of a leaver into a debt, and pay it."""
        owed = f"Liabilities:Redemptions:{member.id}"
        own = f"Equity:Members:{member.id}:Contribution"
        self.journal.note(
            day, f'custom "coop-member" "{member.id}" "leave"', 'reason: "moves away"'
        )
        self.journal.open(day, [owed])
        text = f'"Member {member.id}" "Contribution to be repaid"'
        due: list[Leg] = [(own, CONTRIBUTION, ""), (owed, -CONTRIBUTION, "")]
        self.journal.book(day, text, due, 'coop-kind: "redemption"')
        text = f'"Member {member.id}" "Contribution repaid"'
        paid: list[Leg] = [(owed, CONTRIBUTION, ""), (BANK, -CONTRIBUTION, "")]
        self.journal.book(day, text, paid)

    def _pay(self, worker: Worker, day: datetime.date, year: Year) -> None:
        hours = self.draws.between(120, 176)
        gross = worker.rate * hours
        tax, social = gross * 15 // 100, gross * 6 // 100
        self.journal.book(
            day,
            f'"{worker.id}" "Pay of {day:%Y-%m}" #payroll',
            [
                (worker.account, gross, f"hours: {hours}"),
                (WITHHOLDING, -tax, ""),
                (SOCIAL, -social, ""),
                (BANK, tax + social - gross, ""),
            ],
        )
        year.result -= gross
        year.hours[worker.id] += hours

    # --- the year's result ------------------------------------------------------------

    def _distribute(self, year: Year) -> None:
        """Decide on a year's result and pay the part in money, both next April."""
        name = f"GA-{year.number + 1}"
        decided = datetime.date(year.number + 1, 4, 10)
        paid = datetime.date(year.number + 1, 4, 20)
        hours = {m.id: year.hours[m.id] for m in self.members if year.hours[m.id]}
        word = "loss" if year.result < 0 else "surplus"
        text = f'custom "coop-resolution" "{name}" "Accounts of {year.number} approved"'
        self.journal.note(decided, text)
        shared_out = self._loss if year.result < 0 else self._surplus
        for chunk in shared_out(year, hours):
            self.journal.book(
                decided,
                f'"The {word} of {year.number}" #coop-appropriation ^{name}',
                chunk,
                f'coop-kind: "{"loss" if word == "loss" else "appropriation"}"',
                f'coop-year: "{year.number}"',
            )
            money = [leg for leg in chunk if leg[0].endswith(":Payable")]
            if money:
                out: list[Leg] = [(acct, -(sum_ or 0), "") for acct, sum_, _ in money]
                total = sum(amount or 0 for _, amount, _ in money)
                self.journal.book(
                    paid,
                    f'"Dividends of {year.number} paid"',
                    [*out, (BANK, total, "")],
                    'coop-kind: "payment"',
                    f'coop-year: "{year.number}"',
                )
        for member in self.members:
            if member.left and member.left.year == year.number:
                self._settle(member, paid)

    def _forms(self, year: int, day: datetime.date) -> None:
        """Furnish members' tax forms on what they were paid in a year."""
        for member, share in self.shares.get(year, {}).items():
            self.journal.note(
                day,
                f'custom "coop-filing" "1099-PATR" "{year}" "{member}"',
                f"patronage-dividends: {_decimal(share)}",
            )

    def _settle(self, member: Worker, day: datetime.date) -> None:
        """Repay what was retained of a leaver, once their last year is distributed."""
        owed = f"Liabilities:Redemptions:{member.id}"
        own = f"Equity:Members:{member.id}"
        held = [f"{own}:Patronage", f"{own}:Losses"]
        legs: list[Leg] = [(a, self.retained[a], "") for a in held if self.retained[a]]
        total = sum(self.retained[account] for account in held)
        if total > 0:
            text = f'"Member {member.id}" "What was retained to be repaid"'
            due: list[Leg] = [*legs, (owed, -total, "")]
            self.journal.book(day, text, due, 'coop-kind: "redemption"')
            text = f'"Member {member.id}" "What was retained repaid"'
            self.journal.book(day, text, [(owed, total, ""), (BANK, -total, "")])

    def _surplus(self, year: Year, hours: Mapping[str, int]) -> Iterator[list[Leg]]:
        """A quarter for the collective account, half of the rest in money."""
        result = year.result
        labour = _rounded(result * sum(hours.values()), year.hours.total())
        profit = result - labour
        top_up = max(0, _rounded(result, 4) - profit)
        self.collective += profit + top_up
        yield [
            *_step("profit", -profit, [(COLLECTIVE, -profit)]),
            *_step("collective", -top_up, [(COLLECTIVE, -top_up)]),
        ]
        shares = _split(result - profit - top_up, hours)
        self.shares[year.number + 1] = shares
        for chunk in _chunks(shares):
            parts = []
            for member, share in chunk:
                money = (share + 1) // 2
                parts.append((f"Liabilities:Members:{member}:Payable", -money))
                parts.append((f"Equity:Members:{member}:Patronage", money - share))
                self.retained[f"Equity:Members:{member}:Patronage"] += share - money
            yield _step("patronage", -sum(share for _, share in chunk), parts)

    def _loss(self, year: Year, hours: Mapping[str, int]) -> Iterator[list[Leg]]:
        """A quarter on the collective account, the rest on members."""
        loss = -year.result
        borne = _rounded(loss, 4)
        if borne > self.collective:
            message = f"the collective account cannot bear its part of {year.number}"
            raise ValueError(message)
        self.collective -= borne
        yield _step("collective", borne, [(COLLECTIVE, borne)])
        for chunk in _chunks(_split(loss - borne, hours)):
            parts = [(f"Equity:Members:{name}:Losses", part) for name, part in chunk]
            for account, part in parts:
                self.retained[account] -= part
            yield _step("members", sum(part for _, part in chunk), parts)


def _step(name: str, total: int, parts: Iterable[tuple[str, int]]) -> list[Leg]:
    """Return the legs of one step of a distribution."""
    meta = f'coop-step: "{name}"'
    return [(APPROPRIATED, -total, meta), *((a, amount, meta) for a, amount in parts)]


def _chunks(shares: Mapping[str, int]) -> Iterator[list[tuple[str, int]]]:
    rows = list(shares.items())
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _split(pool: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide a pool by largest remainder; ties go by the order of the weights."""
    total = sum(weights.values())
    shares = {member: pool * weight // total for member, weight in weights.items()}
    left = pool - sum(shares.values())
    ranked = sorted(weights, key=lambda member: -(pool * weights[member] % total))
    for member in ranked[:left]:
        shares[member] += 1
    return shares


def _rounded(number: int, by: int) -> int:
    """Divide whole numbers that are not negative; halves go up."""
    return (2 * number + by) // (2 * by)


def _decimal(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def write_book(name: str, path: Path, seed: int = SEED) -> None:
    """Write the book of a size.

    Args:
        name: Key of `SIZES`.
        path: The file; its folder is made.
        seed: Another seed gives another book of the same size.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in Cooperative(SIZES[name], seed).live():
            file.write(f"{line}\n")


def main() -> None:
    """Write the book that the command line asks for."""
    parser = argparse.ArgumentParser(description="Make a large cooperative book.")
    parser.add_argument("size", choices=list(SIZES))
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    write_book(given.size, given.path, given.seed)


if __name__ == "__main__":
    main()
