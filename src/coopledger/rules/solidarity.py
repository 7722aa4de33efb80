"""Rules on what goes to common funds and comes from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import portion
from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import RECEIVES
from coopledger.domain.transfers import booked_within
from coopledger.domain.transfers import of_year
from coopledger.phrases import Figure
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.books import YearFigures
    from coopledger.domain.solidarity import FederalStep
    from coopledger.domain.transfers import Transfer
    from coopledger.law.case import Case

from coopledger.rules.transfers import FEDERATION_REFERENCE

#: A year, a step, what it is reckoned on, and what was booked of it.
_Judged = tuple["YearFigures", "FederalStep", "Decimal", "list[Transfer]"]


def _judged(case: Case) -> Iterator[_Judged]:
    """Return each step of each year with the result before it and what was booked.

    The result is that of the year before its own pooling, funds and aid, and before
    interest on capital; then with what was booked of the steps that come first.
    """
    if not case.books.transfers:
        return
    for label, figures in case.books.years.items():
        own = of_year(case.books.transfers, label)
        if not own:
            continue
        fiscal = figures.fiscal
        result = sum(figures.result.values(), ZERO) + figures.interest
        running = result - booked_within(own, label, fiscal.start, fiscal.end)
        for step in case.policy.preset_on(fiscal.end).federation:
            booked = [one for one in own if one.nature == step.nature]
            yield figures, step, running, booked
            if not step.of:
                running += sum((one.signed for one in booked), ZERO)


def _base(
    case: Case, figures: YearFigures, step: FederalStep, result: Decimal
) -> Decimal:
    """Return what a fund's part is taken of."""
    word = case.policy.text(step.base, figures.fiscal.end, "result")
    tax = sum(figures.tax.values(), ZERO)
    return result - tax if word == "result-after-tax" else result


def _given(case: Case) -> Iterator[_Judged]:
    """Return what was given to funds that take a part of the result, with the base."""
    for figures, step, running, booked in _judged(case):
        given = [one for one in booked if one.side == GIVES]
        if given and step.kind == "fund" and step.base:
            yield figures, step, _base(case, figures, step, running), given


@rule(
    "COOP-FED-17",
    basis="federation",
    sources=FEDERATION_REFERENCE,
    catalogue=("R77",),
)
def losses_feed_no_fund(case: Case) -> Iterator[Breach]:
    """Nothing goes to a solidarity fund of a year without a positive result.

    Holds::

        2025-04-01 * "Federation" "To the solidarity fund, for 2024"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2024"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD

    Breaks::

        2023-06-30 * "Rent"
          Expenses:Rent                20.00 USD
          Assets:Bank                 -20.00 USD
        2025-04-01 * "Federation" "To the solidarity fund, for 2023"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2023"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD
    """
    for figures, step, base, given in _given(case):
        if base <= 0:
            amount = sum((one.amount for one in given), ZERO)
            yield Breach(
                Phrase(
                    "{amount} goes to the fund '{fund}' for fiscal year {year}, "
                    "whose result is {base}.",
                    amount=amount,
                    fund=step.fund,
                    year=figures.fiscal.label,
                    base=base,
                ),
                Phrase("Take it back, or correct the coop-year."),
                given[-1].origin,
                given[-1].date,
                amount=amount,
                limit=ZERO,
            )


@rule(
    "COOP-FED-18",
    basis="federation",
    sources=FEDERATION_REFERENCE,
    catalogue=("R78",),
)
def funds_get_their_part(case: Case) -> Iterator[Breach]:
    """What goes to a fund is the agreed part of the year's result.

    Holds::

        2024-01-01 custom "coop-parameter" "solidarity.rate" 0.02
        2025-04-01 * "Federation" "To the solidarity fund, 2 % of 1,000 for 2024"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2024"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD

    Breaks::

        2024-01-01 custom "coop-parameter" "solidarity.rate" 0.02
        2025-04-01 * "Federation" "To the solidarity fund, 2 % of 1,000 for 2024"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2024"
          Expenses:Solidarity:Mutual   19.99 USD
          Assets:Bank                 -19.99 USD
    """
    for figures, step, base, given in _given(case):
        on = figures.fiscal.end
        rate = case.policy.find_number(step.rate, on)
        if rate is None or base <= 0:
            continue
        unit = case.policy.find_number(step.unit, on) if step.unit else None
        due = portion(base, rate, max(case.books.unit, unit or ZERO))
        amount = sum((one.amount for one in given), ZERO)
        if amount != due:
            yield Breach(
                Phrase(
                    "{amount} goes to the fund '{fund}' for fiscal year {year}; "
                    "{rate} of {base} is {due}.",
                    amount=amount,
                    fund=step.fund,
                    year=figures.fiscal.label,
                    rate=Figure(rate.normalize()),
                    base=base,
                    due=due,
                ),
                Phrase("Correct the amount, or decide another rate."),
                given[-1].origin,
                given[-1].date,
                amount=amount,
                limit=due,
            )


@rule(
    "COOP-FED-19",
    basis="federation",
    sources=FEDERATION_REFERENCE,
    catalogue=("R79",),
)
def aid_stays_below_its_cap(case: Case) -> Iterator[Breach]:
    """Aid is for a loss, and no more than the agreed part of it.

    Holds::

        2024-01-01 custom "coop-parameter" "aid.cap" 0.50
        2023-06-30 * "Rent"
          Expenses:Rent                20.00 USD
          Assets:Bank                 -20.00 USD
        2025-04-01 * "Federation" "Half the loss of 2023"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2023"
          Assets:Bank                  10.00 USD
          Income:Solidarity:Mutual    -10.00 USD

    Breaks::

        2023-01-01 custom "coop-parameter" "aid.cap" 0.50
        2023-06-30 * "Rent"
          Expenses:Rent                20.00 USD
          Assets:Bank                 -20.00 USD
        2025-04-01 * "Federation" "Half the loss of 2023"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2023"
          Assets:Bank                  10.01 USD
          Income:Solidarity:Mutual    -10.01 USD
    """
    for figures, step, running, booked in _judged(case):
        received = [one for one in booked if one.side == RECEIVES]
        if step.kind != "aid" or not received:
            continue
        cap = case.policy.find_number(step.rate, figures.fiscal.end)
        loss = max(ZERO, -running)
        limit = loss if cap is None else portion(loss, cap, case.books.unit, "down")
        amount = sum((one.amount for one in received), ZERO)
        if amount > limit:
            yield Breach(
                Phrase(
                    "Aid of {amount} for fiscal year {year}, whose loss is {loss}.",
                    amount=amount,
                    year=figures.fiscal.label,
                    loss=loss,
                ),
                Phrase("Give back what is too much, or correct the coop-year."),
                received[-1].origin,
                received[-1].date,
                amount=amount,
                limit=limit,
            )


@rule(
    "COOP-FED-20",
    basis="federation",
    sources=FEDERATION_REFERENCE,
    needs=("transfer.days",),
    catalogue=("R80",),
    severity="warning",
)
def aid_does_not_go_in_circles(case: Case) -> Iterator[Breach]:
    """Nobody feeds a fund and is helped by it for one year, or within a few days.

    Holds::

        2023-06-30 * "Rent"
          Expenses:Rent                20.00 USD
          Assets:Bank                 -20.00 USD
        2025-04-01 * "Federation" "The loss of 2023"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2023"
          Assets:Bank                  10.00 USD
          Income:Solidarity:Mutual    -10.00 USD
        2025-04-07 * "Federation" "To the solidarity fund, for 2024"
          coop-transfer: "FED-2"
          coop-peer: "federation"
          coop-year: "2024"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD

    Breaks::

        2023-06-30 * "Rent"
          Expenses:Rent                20.00 USD
          Assets:Bank                 -20.00 USD
        2025-04-01 * "Federation" "The loss of 2023"
          coop-transfer: "FED-1"
          coop-peer: "federation"
          coop-year: "2023"
          Assets:Bank                  10.00 USD
          Income:Solidarity:Mutual    -10.00 USD
        2025-04-06 * "Federation" "To the solidarity fund, for 2024"
          coop-transfer: "FED-2"
          coop-peer: "federation"
          coop-year: "2024"
          Expenses:Solidarity:Mutual   20.00 USD
          Assets:Bank                 -20.00 USD
    """
    received = [
        one for one in case.books.transfers if "solidarity-received" in one.roles
    ]
    given = [one for one in case.books.transfers if "solidarity-paid" in one.roles]
    for aid in received:
        days = case.policy.number("transfer.days", aid.date)
        for one in given:
            apart = abs((one.date - aid.date).days)
            is_same_year = aid.year is not None and one.year == aid.year
            if one.fund == aid.fund and (is_same_year or apart <= days):
                yield Breach(
                    Phrase(
                        "The fund '{fund}' gives {given} on {day} and is given {fed} "
                        "on {on}.",
                        fund=aid.fund,
                        given=aid.amount,
                        day=aid.date,
                        fed=one.amount,
                        on=one.date,
                    ),
                    Phrase("Book what is left of both, or say in the minutes why not."),
                    aid.origin,
                    aid.date,
                )
                break
