"""Rules on refunds that the co-op may refuse: who comes first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import REDEMPTIONS
from coopledger.domain.instalments import due_by
from coopledger.domain.refunds import is_refused
from coopledger.domain.refunds import requested_on
from coopledger.domain.revolving import out_of_proportion
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.findings import Origin
    from coopledger.domain.instalments import Due
    from coopledger.domain.refunds import Refund
    from coopledger.law.case import Case


@rule(
    "COOP-INT-08",
    basis="law",
    sources=("Ley 27/1999, art. 48", "Ley 11/2019, art. 63"),
    needs=("interest.refused-first",),
    catalogue=("R28",),
    example="es-basque-worker",
)
def whoever_was_refused_earns_interest(case: Case) -> Iterator[Breach]:
    """Where capital earns interest, leavers whose refund was refused earn it first.

    Holds::

        2020-01-02 custom "coop-parameter" "interest.rate" 0.01
        2023-12-31 custom "coop-member" "Bea" "leave"
        2024-02-01 custom "coop-refund" "Bea" "refuse"
        2024-12-31 * "Intereses de 2024"
          Expenses:InteresesAportaciones   20.00 EUR
          Equity:Socias:Ana:Intereses     -10.00 EUR
          Equity:Socias:Bea:Intereses     -10.00 EUR

    Breaks::

        2020-01-02 custom "coop-parameter" "interest.rate" 0.01
        2023-12-31 custom "coop-member" "Bea" "leave"
        2024-02-01 custom "coop-refund" "Bea" "refuse"
        2024-12-31 * "Intereses de 2024, solo a las socias"
          Expenses:InteresesAportaciones   10.00 EUR
          Equity:Socias:Ana:Intereses     -10.00 EUR
    """
    refused = [one for one in case.leavers.values() if one.refunds]
    if not refused:
        return
    for label, traces in case.traces.interest.items():
        end = case.books.year_end.year(label).end
        first = case.policy.find("interest.refused-first", end)
        credited = {leg.member for _, leg in traces if leg.amount > 0}
        if first is None or first.value is not True or not credited:
            continue
        for leaver in refused:
            is_waiting = is_refused(leaver.refunds, end) and leaver.held(end) > 0
            if is_waiting and leaver.member not in credited:
                booking, leg = traces[0]
                yield Breach(
                    Phrase(
                        "The capital of {member}, whose refund was refused, earned "
                        "no interest in fiscal year {year}, and that of others did.",
                        member=leaver.member,
                        year=label,
                    ),
                    Phrase(
                        "Credit the interest to {member} as well.", member=leaver.member
                    ),
                    leg.origin,
                    booking.date,
                )


@dataclass(slots=True)
class _Claim:
    """A request for a refund, with what became of it.

    Attributes:
        member: Whose.
        asked: The day of the request.
        amount: How much of it; None for all there is.
        standing: Changes of capital and debt together, by day.
        paid: Payments since the request: day, amount, and where each stands.
    """

    member: str
    asked: datetime.date
    amount: Decimal | None
    standing: list[Due] = field(default_factory=list)
    paid: list[tuple[datetime.date, Decimal, Origin]] = field(default_factory=list)

    def repaid(self, on: datetime.date) -> Decimal:
        return sum((amount for day, amount, _ in self.paid if day <= on), ZERO)

    def open(self, on: datetime.date) -> Decimal:
        """Return what is still to be paid at the end of a day."""
        left = due_by(self.standing, on)
        if self.amount is None:
            return left
        return min(left, self.amount - self.repaid(on))

    def whole(self, on: datetime.date) -> Decimal:
        """Return what was asked for, paid or not."""
        return self.open(on) + self.repaid(on)


def _claims_of(case: Case) -> list[_Claim]:
    """Return all requests that stand, with the payments on them, the oldest first."""
    lines: dict[str, list[Refund]] = defaultdict(list)
    for one in case.books.refunds:
        lines[one.member].append(one)
    claims: dict[str, _Claim] = {}
    for member, own in lines.items():
        leaver = case.leavers.get(member)
        asked = requested_on(own, leaver.left if leaver else None)
        amounts = [one.amount for one in own if one.event == "request"]
        if asked:
            claims[member] = _Claim(member, asked, amounts[-1] if amounts else None)
    if len(claims) > 1:
        _note_payments(case, claims)
    return sorted(claims.values(), key=lambda claim: claim.asked)


def _note_payments(case: Case, claims: dict[str, _Claim]) -> None:
    for booking, leg in case.books.traces_in(CAPITAL | REDEMPTIONS):
        claim = claims.get(leg.member)
        if claim is None:
            continue
        claim.standing.append((booking.date, leg.amount))
        is_paid = leg.amount < 0 and "Assets" in booking.plain
        if is_paid and booking.date >= claim.asked:
            claim.paid.append((booking.date, -leg.amount, leg.origin))


@rule(
    "COOP-RED-01",
    basis="law",
    sources=("Ley 27/1999, art. 51.6", "Ley 11/2019, art. 66"),
    catalogue=("R67",),
    example="es-state-worker",
)
def the_oldest_request_is_paid_first(case: Case) -> Iterator[Breach]:
    """Refunds that may be refused are paid by age of request, alike on the same day.

    Holds::

        2024-01-10 custom "coop-refund" "Ana" "request" 400.00 EUR
        2024-02-10 custom "coop-refund" "Bea" "request" 400.00 EUR
        2024-06-30 * "La más antigua, entera, y de la otra lo que alcanza"
          coop-kind: "redemption"
          Equity:Socias:Ana:Aportaciones   400.00 EUR
          Equity:Socias:Bea:Aportaciones   100.00 EUR
          Assets:Banco                    -500.00 EUR

    Breaks::

        2024-01-10 custom "coop-refund" "Ana" "request" 400.00 EUR
        2024-02-10 custom "coop-refund" "Bea" "request" 400.00 EUR
        2024-06-30 * "De la más antigua, un céntimo menos"
          coop-kind: "redemption"
          Equity:Socias:Ana:Aportaciones   399.99 EUR
          Equity:Socias:Bea:Aportaciones   100.00 EUR
          Assets:Banco                    -499.99 EUR
    """
    claims = _claims_of(case)
    for claim in claims:
        older = [one for one in claims if one.asked < claim.asked]
        for day, amount, origin in claim.paid:
            first = next((one for one in older if one.open(day) > 0), None)
            if first:
                yield Breach(
                    Phrase(
                        "{member} asked on {asked} and was paid {amount}, while "
                        "{left} of what {older} asked for on {before} is unpaid.",
                        member=claim.member,
                        asked=claim.asked,
                        amount=amount,
                        left=first.open(day),
                        older=first.member,
                        before=first.asked,
                    ),
                    Phrase("Pay the oldest request first."),
                    origin,
                    day,
                    amount=amount,
                    limit=ZERO,
                )
    yield from _unequal(case, claims)


def _unequal(case: Case, claims: list[_Claim]) -> Iterator[Breach]:
    """Find requests of one day that were not paid in proportion by a year's end."""
    days: dict[datetime.date, list[_Claim]] = defaultdict(list)
    for claim in claims:
        days[claim.asked].append(claim)
    for asked, group in days.items():
        paid = [day for claim in group for day, _, _ in claim.paid]
        ends = {case.books.year_end.year_of(day).end for day in paid}
        for end in sorted(min(end, case.books.last) for end in ends):
            redeemed = {one.member: one.repaid(end) for one in group}
            held = {one.member: one.whole(end) for one in group}
            for member, amount, fair in out_of_proportion(
                redeemed, held, case.books.unit
            ):
                origin = next(o.paid[-1][2] for o in group if o.member == member)
                yield Breach(
                    Phrase(
                        "Of the requests of {asked}, {member} was paid {amount} by "
                        "{end}; in proportion it is {fair}.",
                        asked=asked,
                        member=member,
                        amount=amount,
                        end=end,
                        fair=fair,
                    ),
                    Phrase("Pay requests of the same day in proportion."),
                    origin,
                    end,
                    amount=amount,
                    limit=fair,
                )
