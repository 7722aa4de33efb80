"""Rules on what members hold: never too much, and never too little for long."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from itertools import pairwise
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.domain.periods import add_months
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.bookings import Trace
    from coopledger.domain.books import YearFigures
    from coopledger.domain.findings import Origin
    from coopledger.law.case import Case


_UNCALLED = frozenset({"uncalled"})


@rule(
    "COOP-CAP-10",
    basis="law",
    sources=("Ley 27/1999, art. 45.6", "Ley 11/2019, art. 60.5"),
    needs=("capital.member-share-cap",),
    catalogue=("R08",),
    example="es-state-worker",
)
def nobody_holds_too_much_of_the_capital(case: Case) -> Iterator[Breach]:
    """No member holds more of the capital at a year's end than the law's largest part.

    Holds::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 custom "coop-member" "Dan" "join"
          class: "worker"
        2024-06-01 * "Aportaciones de Cleo y Dan"
          Assets:Banco                      2,500.00 EUR
          Equity:Socias:Cleo:Aportaciones  -1,500.00 EUR
          Equity:Socias:Dan:Aportaciones   -1,000.00 EUR

    Breaks::

        2024-06-01 custom "coop-member" "Cleo" "join"
          class: "worker"
        2024-06-01 custom "coop-member" "Dan" "join"
          class: "worker"
        2024-06-01 * "Aportaciones de Cleo y Dan"
          Assets:Banco                      2,500.01 EUR
          Equity:Socias:Cleo:Aportaciones  -1,500.01 EUR
          Equity:Socias:Dan:Aportaciones   -1,000.00 EUR
    """
    for figures in case.books.years.values():
        on = min(figures.fiscal.end, case.books.last)
        cap = case.policy.find_number("capital.member-share-cap", on)
        if cap is None:
            continue
        held = _subscribed(case, figures)
        limit = cap * sum(held.values(), ZERO)
        above = {member: own for member, own in held.items() if own > limit}
        for member, own in above.items() if _can_be_kept(case, cap, on) else ():
            if not _is_exempt(case, member, on):
                yield _too_much(case, figures, member, own, limit)


def _subscribed(case: Case, figures: YearFigures) -> dict[str, Decimal]:
    """Return what each member holds at a year's end, paid or still to be paid."""
    held = dict(figures.capital)
    for booking, leg in case.books.traces_in(_UNCALLED):
        if booking.date <= figures.fiscal.end:
            held[leg.member] = held.get(leg.member, ZERO) - leg.amount
    return held


def _can_be_kept(case: Case, cap: Decimal, on: datetime.date) -> bool:
    """Say whether there are members enough for nobody to hold more than a part.

    Some laws leave co-ops up to a number of members alone.  Three members would have to
    hold exactly a third each, which returns by work never leave.
    """
    members = sum(one.is_member for one in case.books.register.as_of(on))
    few = case.policy.find_number("capital.share-cap-exempt-members", on) or ZERO
    return members > few and (members - 1) * cap >= 1


def _is_exempt(case: Case, member: str, on: datetime.date) -> bool:
    """Say whether the limit leaves out what a member is, or the class they are in."""
    listed = case.policy.text("capital.share-cap-exempt", on, "").split(", ")
    register = case.books.register
    standing = register.during(member, on)
    own_class = standing.member_class if standing else ""
    return not {own_class, register.entity(member, on)}.isdisjoint(set(listed) - {""})


def _too_much(
    case: Case, figures: YearFigures, member: str, own: Decimal, limit: Decimal
) -> Breach:
    origin, day = _last_gain(case, member, figures.fiscal.end)
    return Breach(
        Phrase(
            "{member} holds {held} of the capital at the end of fiscal year {year}; "
            "{limit} is the most.",
            member=member,
            held=own,
            year=figures.fiscal.label,
            limit=round_to(limit, case.books.unit, "down"),
        ),
        Phrase(
            "Repay or pass on what is above the limit, or let the others pay more "
            "in; say with entity: on the member's line what is no person."
        ),
        origin,
        day,
        amount=own,
        limit=limit,
    )


def _last_gain(
    case: Case, member: str, until: datetime.date
) -> tuple[Origin, datetime.date]:
    """Return where a member's capital grew last."""
    gains = [
        (leg.origin, booking.date)
        for booking, leg in case.books.traces_in(CAPITAL)
        if leg.member == member and leg.amount > 0 and booking.date <= until
    ]
    return gains[-1]


# --- too little -----------------------------------------------------------------------


@rule(
    "COOP-CAP-12",
    basis="law",
    sources=("Ley 27/1999, art. 46.4", "Ley 11/2019, art. 61.3"),
    needs=("contribution.minimum", "capital.restore-months"),
    catalogue=("R12",),
    example="es-basque-worker",
)
def what_losses_took_is_made_good(case: Case) -> Iterator[Breach]:
    """Whoever a loss takes below the minimum contribution makes it good, or leaves.

    Holds::

        2024-01-01 custom "coop-parameter" "contribution.minimum" 900
        2024-06-01 * "Pérdida, a cargo de Ana"
          coop-kind: "loss"
          Equity:Socias:Ana:Perdidas              100.01 EUR
          Equity:Resultado:PerdidasAnteriores    -100.01 EUR
        2025-06-01 * "Ana repone"
          Assets:Banco                    0.01 EUR
          Equity:Socias:Ana:Aportaciones -0.01 EUR
        2025-06-02 * "El libro sigue"
          Expenses:Varios   1.00 EUR
          Assets:Banco     -1.00 EUR

    Breaks::

        2024-01-01 custom "coop-parameter" "contribution.minimum" 900
        2024-06-01 * "Pérdida, a cargo de Ana"
          coop-kind: "loss"
          Equity:Socias:Ana:Perdidas              100.01 EUR
          Equity:Resultado:PerdidasAnteriores    -100.01 EUR
        2025-06-02 * "Ana repone tarde"
          Assets:Banco                    0.01 EUR
          Equity:Socias:Ana:Aportaciones -0.01 EUR
    """
    for member, traces in _losers(case).items():
        for booking, leg in traces:
            limit = _day_to_restore(case, member, traces, booking.date)
            if kind_of(booking, leg) not in _TAKE_FROM_MEMBERS or limit is None:
                continue
            held = _held(traces, limit)
            yield Breach(
                Phrase(
                    "{member} holds {held} on {limit}; the minimum that a loss of "
                    "{day} took them below was to be made good by then.",
                    member=member,
                    held=held,
                    limit=limit,
                    day=booking.date,
                ),
                Phrase("Book what was paid in, or register that they left."),
                leg.origin,
                booking.date,
                amount=held,
                limit=case.policy.number("contribution.minimum", booking.date),
            )
            break


#: Kinds of movement after which a member has to make good what is missing.
_TAKE_FROM_MEMBERS = frozenset({"loss", "fine"})


def _losers(case: Case) -> dict[str, list[Trace]]:
    """Return the capital of everybody who ever bore a loss or a fine, by member."""
    found: defaultdict[str, list[Trace]] = defaultdict(list)
    losers = {
        leg.member
        for booking, leg in case.books.traces_in(CAPITAL)
        if leg.amount < 0
        and case.policy.find_number("contribution.minimum", booking.date) is not None
        and kind_of(booking, leg) in _TAKE_FROM_MEMBERS
    }
    for booking, leg in case.books.traces_in(CAPITAL) if losers else ():
        if leg.member in losers and leg.role != "uncalled":
            found[leg.member].append((booking, leg))
    return found


def _held(traces: list[Trace], on: datetime.date) -> Decimal:
    return sum((leg.amount for booking, leg in traces if booking.date <= on), ZERO)


def _day_to_restore(
    case: Case, member: str, traces: list[Trace], day: datetime.date
) -> datetime.date | None:
    """Return the last day to make good what a day took below the minimum, if missed."""
    least = case.policy.find_number("contribution.minimum", day)
    months = case.policy.find_number("capital.restore-months", day)
    if least is None or months is None or _held(traces, day) >= least:
        return None
    limit = add_months(day, int(months))
    standing = case.books.register.during(member, limit)
    stays = standing is not None and standing.is_member
    is_over = case.books.last > limit and _held(traces, limit) < least
    return limit if stays and is_over else None


@rule(
    "COOP-CAP-13",
    basis="law",
    sources=("Ley 27/1999, art. 45.8", "Ley 11/2019, art. 91.5"),
    needs=("capital.minimum", "capital.minimum-months"),
    catalogue=("R13",),
    severity="warning",
    example="es-basque-worker",
)
def capital_recovers_its_minimum(case: Case) -> Iterator[Breach]:
    """Capital that falls below the co-op's minimum is back at it in time.

    Holds::

        2023-06-01 * "Ana aporta más"
          Assets:Banco                    1,000.00 EUR
          Equity:Socias:Ana:Aportaciones -1,000.00 EUR
        2023-12-31 * "Reembolso a Ana"
          Equity:Socias:Ana:Aportaciones    200.00 EUR
          Assets:Banco                     -200.00 EUR
        2024-12-31 * "Ana repone"
          Assets:Banco                      200.00 EUR
          Equity:Socias:Ana:Aportaciones   -200.00 EUR

    Breaks::

        2023-06-01 * "Ana aporta más"
          Assets:Banco                    1,000.00 EUR
          Equity:Socias:Ana:Aportaciones -1,000.00 EUR
        2023-12-30 * "Reembolso a Ana"
          Equity:Socias:Ana:Aportaciones      0.01 EUR
          Assets:Banco                       -0.01 EUR
    """
    # A co-op that never had its minimum could not be founded: that is no fall.
    ends = _capital_by_day(case)
    for (_, before, _), (day, after, origin) in pairwise(ends):
        if after >= before:
            continue
        least = case.policy.find_number("capital.minimum", day)
        months = case.policy.find_number("capital.minimum-months", day)
        if least is None or months is None or not after < least <= before:
            continue
        limit = add_months(day, int(months))
        is_back = any(
            day < later <= limit and total >= least for later, total, _ in ends
        )
        if case.books.last > limit and not is_back:
            yield Breach(
                Phrase(
                    "The capital falls to {after} on {day} and is not back at its "
                    "minimum of {least} by {limit}.",
                    after=after,
                    day=day,
                    least=least,
                    limit=limit,
                ),
                Phrase(
                    "Raise the capital again, or let the assembly lower the minimum."
                ),
                origin,
                day,
                amount=after,
                limit=least,
            )


def _capital_by_day(case: Case) -> list[tuple[datetime.date, Decimal, Origin]]:
    """Return the capital at the end of each day that moves it, and what did last."""
    ends: list[tuple[datetime.date, Decimal, Origin]] = []
    total = ZERO
    traces = case.books.traces_in(CAPITAL)
    for day, of_day in groupby(traces, key=lambda trace: trace[0].date):
        legs = [leg for _, leg in of_day]
        total += sum((leg.amount for leg in legs), ZERO)
        ends.append((day, total, legs[-1].origin))
    return ends
