"""What holds for every federation's books, from their text on: transfers and funds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.domain.amounts import split
from coopledger.journal.loading import load_sound_book
from coopledger.services.checking import check_book
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import gather
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

if TYPE_CHECKING:
    from coopledger.services.federating.checking import FederationCheck

IDS = ("farm", "cafe", "shop")
DAY = datetime.date(2024, 6, 1)


@dataclass(frozen=True)
class Side:
    """One side of a transfer as it is written into a book."""

    id: str
    peer: str
    gives: bool
    amount: Decimal
    day: datetime.date
    nature: str = "fee"
    currency: str = "USD"

    @property
    def text(self) -> str:
        account, sign = ("Expenses:Fees", 1) if self.gives else ("Income:Fees", -1)
        return (
            f'{self.day} * "Transfer"\n'
            f'  coop-transfer: "{self.id}"\n'
            f'  coop-peer: "{self.peer}"\n'
            f'  coop-nature: "{self.nature}"\n'
            f"  {account}  {sign * self.amount} {self.currency}\n"
            f"  Assets:Bank  {-sign * self.amount} {self.currency}\n"
        )


@st.composite
def federations(draw: st.DrawFn) -> dict[str, list[Side]]:
    """Return books whose transfers all match."""
    found: dict[str, list[Side]] = {name: [] for name in IDS}
    for number in range(draw(st.integers(1, 4))):
        giver, taker = draw(st.permutations(IDS))[:2]
        amount = Decimal(draw(st.integers(1, 10**7))) / 100
        day = DAY + datetime.timedelta(days=draw(st.integers(0, 100)))
        name = f"T-{number}"
        found[giver].append(Side(name, taker, True, amount, day))  # noqa: FBT003
        found[taker].append(Side(name, giver, False, amount, day))  # noqa: FBT003
    return found


def checked(books: dict[str, list[Side]]) -> FederationCheck:
    """Write books, and hold them against each other."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for id_, sides in books.items():
            last = '2024-12-31 * "Last"\n  Assets:Bank  1 USD\n  Income:Sales  -1 USD\n'
            write_book(folder, id_, "".join(one.text for one in sides) + last)
        return check_federation(gather(write_federation(folder, IDS)))


_CORRUPTIONS = {
    "dropped": "COOP-FED-01",
    "duplicated": "COOP-FED-02",
    "amount": "COOP-FED-03",
    "currency": "COOP-FED-04",
    "side": "COOP-FED-05",
    "date": "COOP-FED-06",
    "nature": "COOP-FED-07",
    "peer": "COOP-FED-08",
}


def _corrupted(side: Side, what: str) -> list[Side]:
    def changed(**values: object) -> Side:
        return Side(**{**vars(side), **values})

    third = next(name for name in (*IDS, "federation") if name != side.peer)
    return {
        "dropped": [],
        "duplicated": [side, side],
        "amount": [changed(amount=side.amount + Decimal("0.01"))],
        "currency": [changed(currency="EUR")],
        "side": [changed(gives=not side.gives)],
        "date": [changed(day=side.day + datetime.timedelta(days=6))],
        "nature": [changed(nature="trade")],
        "peer": [changed(peer=third)],
    }[what]


@settings(max_examples=30, deadline=None)
@given(federations(), st.data())
def test_any_single_corruption_of_a_line_is_found_in_both_books(
    books: dict[str, list[Side]], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([one for one in IDS if books[one]]))
    index = data.draw(st.integers(0, len(books[name]) - 1))
    what = data.draw(st.sampled_from(sorted(_CORRUPTIONS)))
    victim = books[name][index]
    corrupt = {**books, name: [*books[name]]}
    corrupt[name][index : index + 1] = _corrupted(victim, what)
    found = checked(corrupt).findings
    rule = _CORRUPTIONS[what]
    assert {one.rule for one in found} == {rule}
    assert {one.book for one in found if one.rule == rule} == {name, victim.peer}


@settings(max_examples=10, deadline=None)
@given(federations())
def test_transfers_that_both_books_have_are_no_finding(
    books: dict[str, list[Side]],
) -> None:
    check = checked(books)
    assert check.is_clean
    assert len(check.pairing.matched) == sum(map(len, books.values())) // 2


# --- a fund's own ledger --------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10**6),
    st.lists(
        st.tuples(
            st.integers(0, 360), st.integers(-(10**6), 10**6).filter(lambda n: n != 0)
        ),
        max_size=6,
    ),
)
def test_a_fund_is_its_opening_and_what_came_in_less_what_went_out(
    opening: int, moves: list[tuple[int, int]]
) -> None:
    first = Decimal(opening) / 100
    text = (
        '2023-12-31 * "Opening"\n  coop-kind: "opening"\n'
        f"  Assets:Bank  {first} USD\n  Equity:Funds:Mutual  -{first} USD\n"
    )
    ends: dict[datetime.date, Decimal] = {}
    for number, (offset, cents) in enumerate(moves):
        day, amount = DAY.replace(month=1), Decimal(cents) / 100
        day += datetime.timedelta(days=offset)
        ends[day] = ends.get(day, Decimal(0)) + amount
        text += (
            f'{day} * "To or from the fund"\n  coop-transfer: "T-{number}"\n'
            f'  coop-peer: "farm"\n  Assets:Bank  {amount} USD\n'
            f"  Equity:Funds:Mutual  {-amount} USD\n"
        )
    text += '2025-01-02 * "Last"\n  Assets:Bank  1 USD\n  Income:Sales  -1 USD\n'
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_book(folder, "farm")
        path = write_federation(folder, ["farm"], text)
        own = gather(path).own
        found = {one.rule for one in check_book(load_sound_book(path)).findings}
    year = own.year(2024)
    assert year is not None
    came = sum(
        (one.signed for one in own.transfers if one.side == "receives"), Decimal()
    )
    went = sum((-one.signed for one in own.transfers if one.side == "gives"), Decimal())
    assert year.balance("fund", "Mutual") == first + came - went
    assert sum(one.amount for one in own.funds) == first + came - went
    balance = first
    is_overdrawn = False
    for day in sorted(ends):
        balance += ends[day]
        is_overdrawn |= balance < 0
    assert ("COOP-LOSS-05" in found) is is_overdrawn


def test_seventy_millions_raised_by_110_co_operatives_arrive_whole() -> None:
    """Press of May 2013: 110 co-operatives financed a fund of 70 million euro."""
    names = [f"coop-{number:03}" for number in range(110)]
    pool = Decimal("70000000.00")
    parts = split(pool, dict.fromkeys(names, Fraction(1)), Decimal("0.01"), names)
    assert sum(parts.values()) == pool
    with TemporaryDirectory() as name:
        folder = Path(name)
        text = "".join(
            Side(f"F-{one}", one, False, parts[one], DAY).text  # noqa: FBT003
            for one in names
        )
        path = write_federation(folder, names, text)
        for one in names:
            side = Side(f"F-{one}", "federation", True, parts[one], DAY)  # noqa: FBT003
            write_book(folder, one, side.text)
        check = check_federation(gather(path))
    assert check.is_clean
    assert len(check.pairing.matched) == 110
    assert sum(r.transfer.amount for _, r in check.pairing.matched) == pool
