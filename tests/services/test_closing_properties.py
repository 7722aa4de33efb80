"""What holds for the closing of any co-op's year, whatever its figures."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.errors import YearNotClosableError
from coopledger.journal.loading import load_book
from coopledger.law.preset import load_preset
from coopledger.services.checking import check_path
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.services.closing import Closing

RESOLUTION = "GA-2025-01"
HEAD = """\
option "title" "Any Co-op"
option "operating_currency" "{currency}"
plugin "beancount.plugins.auto_accounts"
plugin "coopledger.plugin"

{founded} custom "coop-enterprise" "any-co-op"
{founded} custom "coop-policy" "{preset}"
{founded} custom "coop-parameter" "patronage.cash-share" {cash}
{founded} custom "coop-parameter" "patronage.notice" "{notice}"
{founded} custom "coop-patronage" "labour" "{advance}"
  measure: "{measure}"
2025-03-15 custom "coop-resolution" "GA-2025-01" "Accounts of 2024 approved"
"""


@dataclass(frozen=True)
class Worker:
    """What one member has, earns and does."""

    hours: int
    hourly: Decimal
    capital: Decimal

    @property
    def pay(self) -> Decimal:
        return self.hours * self.hourly


@dataclass(frozen=True)
class Coop:
    """A co-op with one year of activity."""

    preset: str
    currency: str
    founded: str
    notice: str
    cash: Decimal
    members: tuple[Worker, ...]
    hired: Worker
    sales: Decimal
    reserve: Decimal

    @property
    def text(self) -> str:
        return "".join(self._blocks())

    def _blocks(self) -> Iterator[str]:
        chart = {role: t[-1] for role, t in load_preset(self.preset).chart.items()}
        is_us = self.preset.startswith("us")
        yield HEAD.format(
            currency=self.currency,
            founded=self.founded,
            preset=self.preset,
            cash=self.cash,
            notice=self.notice,
            advance=chart["advance"],
            measure="hours" if is_us else "amount",
        )
        money = [f"  Income:Sales  -{self.sales} {self.currency}\n"]
        opening = []
        for number, one in enumerate(self.members):
            member = f"M{number}"
            yield f'{self.founded} custom "coop-member" "{member}" "join"\n'
            yield '  class: "worker"\n'
            paid_in = chart["contribution"].format(member=member)
            opening.append(f"  {paid_in}  -{one.capital} {self.currency}\n")
            money.append(self._pay(chart["advance"].format(member=member), one))
        money.append(self._pay(chart["wages"].format(worker="Jo"), self.hired))
        reserve = chart["collective" if is_us else "mandatory-reserve"]
        opening.append(f"  {reserve}  -{self.reserve} {self.currency}\n")
        yield f'\n{self.founded} * "Opening"\n  coop-kind: "opening"\n'
        yield f"{''.join(opening)}  Assets:Bank\n"
        yield f'\n2024-12-31 * "The year"\n{"".join(money)}  Assets:Bank\n'

    def _pay(self, account: str, one: Worker) -> str:
        return f"  {account}  {one.pay} {self.currency}\n    hours: {one.hours}\n"


def money(places: int, most: int) -> st.SearchStrategy[Decimal]:
    """Return amounts with a fixed number of decimals."""
    return st.decimals(0, most, places=places, allow_nan=False)


@st.composite
def coops(draw: st.DrawFn) -> Coop:
    """Return any co-op under any preset: with a surplus, a loss, or neither."""
    preset = draw(
        st.sampled_from(["us-worker-ica", "es-basque-worker", "mondragon-2015"])
    )
    notices = ["qualified", "nonqualified"] if preset[:2] == "us" else ["capitalised"]
    notice = draw(st.sampled_from(notices))
    least = Decimal("0.2") if notice == "qualified" else Decimal(0)
    currency, places = draw(st.sampled_from([("USD", 2), ("JPY", 0), ("USD", 0)]))
    workers = st.builds(
        Worker,
        hours=st.integers(0, 2000),
        hourly=st.decimals(10, 25, places=places, allow_nan=False),
        capital=money(places, 5000),
    )
    return Coop(
        preset=preset,
        currency=currency,
        founded=draw(st.sampled_from(["2021-01-01", "2024-01-01"])),
        notice=notice,
        cash=draw(st.decimals(least, 1, places=2, allow_nan=False)),
        members=tuple(draw(st.lists(workers, min_size=1, max_size=5))),
        hired=draw(workers),
        sales=draw(money(places, 150000)),
        reserve=draw(money(places, 5000)),
    )


def closing_of(main: Path) -> Closing | None:
    """Close the year, unless nobody did anything that could be rewarded."""
    try:
        return close_year(load_book(main), 2024, RESOLUTION)
    except YearNotClosableError as error:
        if "no destination" not in str(error):
            raise
        return None


@given(coops())
@settings(max_examples=60)
def test_a_closing_divides_all_and_balances_and_is_booked_once(coop: Coop) -> None:
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.beancount"
        main.write_text(coop.text, "utf-8")
        before = check_path(main).findings
        closing = closing_of(main)
        if closing is None:
            return
        divides_exactly(closing)
        for plan in closing.planned:
            assert sum(leg.amount for leg in plan.legs) == 0
        if closing.planned:
            write_closing(load_book(main), closing)
        assert check_path(main).findings == before == ()
        assert close_year(load_book(main), 2024, RESOLUTION).is_booked


def divides_exactly(closing: Closing) -> None:
    """Hold that the steps, and the parts of members, add up to what there was."""
    appropriation = closing.appropriation
    assert appropriation.remaining == 0
    taken = sum((step.amount for step in appropriation.steps), Decimal(0))
    assert taken == abs(appropriation.pool)
    for step in appropriation.steps:
        assert step.amount >= 0
        if step.parts:
            parts = [*step.parts.values(), *step.hired.values()]
            assert sum(parts) == step.amount
        for line in step.lines:
            assert line.cash + line.retained + line.nonqualified == line.amount
            assert min(line.cash, line.retained, line.nonqualified) >= 0
