"""Rules on redeeming what was retained: in which order, and out of what."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from itertools import groupby
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import NOTICES
from coopledger.domain.revolving import REVOLVING
from coopledger.domain.revolving import RevolvingFund
from coopledger.domain.revolving import out_of_proportion
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from coopledger.domain.bookings import Booking
    from coopledger.domain.bookings import Leg
    from coopledger.domain.bookings import Trace
    from coopledger.domain.periods import FiscalYear
    from coopledger.domain.revolving import ByYear
    from coopledger.law.case import Case

_METHOD = "patronage.redemption-method"


@dataclass(slots=True)
class _Round:
    """What is redeemed within one fiscal year.

    Attributes:
        case: The case.
        fiscal: The year.
        last: The last posting that redeemed something of a year of allotment.
    """

    case: Case
    fiscal: FiscalYear
    last: dict[int, Trace] = field(default_factory=dict)

    def is_gone(self, member: str) -> bool:
        """Say whether somebody leaves by the year's end: their account is settled."""
        return self.case.books.register.ending(member, self.fiscal.end) is not None

    def staying(self, held: ByYear) -> ByYear:
        """Leave out the accounts of those who leave."""
        return {
            year: {m: amount for m, amount in own.items() if not self.is_gone(m)}
            for year, own in held.items()
        }

    def skipped(self, fund: RevolvingFund, today: dict[int, Trace]) -> Iterator[Breach]:
        """Find older years that were passed over on a day."""
        for year, (booking, leg) in today.items():
            older = self.staying(fund.redeemable(year - 1))
            first = next((one for one, own in sorted(older.items()) if own), None)
            if first is not None:
                left = sum(older[first].values(), ZERO)
                yield Breach(
                    Phrase(
                        "What was allotted for {year} is redeemed, while {left} "
                        "allotted for {first} is outstanding.",
                        year=year,
                        left=left,
                        first=first,
                    ),
                    Phrase(
                        "Redeem the oldest year first, or say with coop-year which "
                        "year is redeemed; {if_left}",
                        if_left=_if_left(leg.member),
                    ),
                    leg.origin,
                    booking.date,
                    amount=-leg.amount,
                    limit=ZERO,
                )

    def unequal(self, fund: RevolvingFund) -> Iterator[Breach]:
        """Find years of which somebody got more than in proportion."""
        end = min(self.fiscal.end, self.case.books.last)
        redeemable = self.staying(fund.redeemable())
        done = self.staying(fund.redeemed)
        for year, (_, leg) in self.last.items():
            held = dict(redeemable.get(year, {}))
            for member, amount in done[year].items():
                held[member] = held.get(member, ZERO) + amount
            unit = self.case.books.unit
            for member, amount, fair in out_of_proportion(done[year], held, unit):
                yield Breach(
                    Phrase(
                        "Of what was allotted for {year}, {member} got {amount} by "
                        "{end}; in proportion to what everybody holds of it, it is "
                        "{fair}.",
                        year=year,
                        member=member,
                        amount=amount,
                        end=end,
                        fair=fair,
                    ),
                    Phrase(
                        "Redeem a year in the same proportion for everybody; {if_left}",
                        if_left=_if_left(member),
                    ),
                    leg.origin,
                    end,
                    amount=amount,
                    limit=fair,
                )


def _if_left(member: str) -> str:
    """Say how the terms of those who leave come to apply, as the end of a sentence."""
    return Phrase(
        'if {member} has left, record it with coop-member "{member}" "leave".',
        member=member,
    )


@rule(
    "COOP-RED-02",
    basis="statutes",
    sources=("SELC sample by-laws", "USDA research report 23 on equity redemption"),
    needs=(_METHOD,),
    catalogue=("R68",),
)
def the_oldest_year_is_redeemed_first(case: Case) -> Iterator[Breach]:
    """Retained patronage is redeemed by year, the oldest first, alike within a year.

    Holds::

        2024-01-02 * "Allotted before the book begins"
          coop-kind: "opening"
          coop-year: "2021"
          Assets:Bank                     400.00 USD
          Equity:Members:Ana:Patronage   -300.00 USD
          Equity:Members:Bea:Patronage   -100.00 USD
        2024-07-01 * "Half of what was allotted for 2021"
          coop-kind: "redemption"
          coop-year: "2021"
          Equity:Members:Ana:Patronage    150.00 USD
          Equity:Members:Bea:Patronage     50.00 USD
          Assets:Bank                    -200.00 USD

    Breaks::

        2024-01-02 * "Allotted before the book begins"
          coop-kind: "opening"
          coop-year: "2021"
          Assets:Bank                     400.00 USD
          Equity:Members:Ana:Patronage   -300.00 USD
          Equity:Members:Bea:Patronage   -100.00 USD
        2024-07-01 * "To Ana a cent more than in proportion"
          coop-kind: "redemption"
          coop-year: "2021"
          Equity:Members:Ana:Patronage    150.01 USD
          Equity:Members:Bea:Patronage     49.99 USD
          Assets:Bank                    -200.00 USD
    """
    notices = case.books.traces_in(NOTICES)
    if not any(_is_redeemed(*one) and _stays(case, *one) for one in notices):
        return
    fund = RevolvingFund(case.books.year_end)
    current: _Round | None = None
    for day, traces in groupby(case.books.traces_in(REVOLVING), lambda t: t[0].date):
        if current is None or day not in current.fiscal:
            yield from current.unequal(fund) if current else ()
            current = _Round(case, case.books.year_end.year_of(day))
        today = _note(current, fund, day, traces)
        yield from current.skipped(fund, today)
        current.last |= today
    yield from current.unequal(fund) if current else ()


def _is_redeemed(booking: Booking, leg: Leg) -> bool:
    return leg.amount < 0 and kind_of(booking, leg) == "redemption"


def _stays(case: Case, booking: Booking, leg: Leg) -> bool:
    """Say whether it is of somebody who does not leave within the year."""
    fiscal = case.books.year_end.year_of(booking.date)
    return not _Round(case, fiscal).is_gone(leg.member)


def _note(
    current: _Round,
    fund: RevolvingFund,
    day: datetime.date,
    traces: Iterator[Trace],
) -> dict[int, Trace]:
    """Take a day's postings in; return what they redeem for those who stay."""
    in_order = current.case.policy.text(_METHOD, day, "") == "fifo"
    found: dict[int, Trace] = {}
    for booking, leg in traces:
        years = fund.note(booking, leg)
        if in_order and not current.is_gone(leg.member):
            found |= dict.fromkeys(years, (booking, leg))
    return found


@rule(
    "COOP-RED-03",
    basis="law",
    sources=(
        "CoLab by-laws 7.4",
        "nobody repays capital out of creditors' money",
    ),
    catalogue=("R69",),
)
def capital_is_repaid_by_the_solvent(case: Case) -> Iterator[Breach]:
    """Capital is repaid as long as all that the co-op has covers all that it owes.

    Holds::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Repaid"
          Equity:Members:Bea:Contribution  1,000.00 USD
          Assets:Bank                     -1,000.00 USD
        2024-12-31 * "A bad year"
          Expenses:Repairs                 2,520.00 USD
          Liabilities:Loan                -2,520.00 USD

    Breaks::

        2024-06-30 custom "coop-member" "Bea" "leave"
        2024-06-30 * "Bea" "Repaid"
          Equity:Members:Bea:Contribution  1,000.00 USD
          Assets:Bank                     -1,000.00 USD
        2024-12-31 * "A bad year"
          Expenses:Repairs                 2,520.01 USD
          Liabilities:Loan                -2,520.01 USD
    """
    year_of = case.books.year_end.year_of
    seen: set[int] = set()
    for booking, leg in case.books.traces_in(CAPITAL):
        if not _is_redeemed(booking, leg):
            continue
        fiscal = year_of(booking.date)
        figures = case.books.years[fiscal.label]
        if figures.net_worth >= 0 or fiscal.label in seen:
            continue
        seen.add(fiscal.label)
        yield Breach(
            Phrase(
                "{amount} of {member}'s capital is repaid in fiscal year {year}, at "
                "whose end the net worth is {net_worth}.",
                amount=-leg.amount,
                member=leg.member,
                year=fiscal.label,
                net_worth=figures.net_worth,
            ),
            Phrase("Repay nothing until the debts are covered; book the losses first."),
            leg.origin,
            booking.date,
            amount=figures.net_worth,
            limit=ZERO,
        )
