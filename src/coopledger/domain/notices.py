"""Qualified and nonqualified notices compared: which money leaves a co-op the same.

A co-op deducts a qualified dividend whole, paper included.  Of a nonqualified one it
deducts the money now and the paper when it is redeemed (26 U.S.C. 1382(b), 1383), so
that for the time being the paper costs tax.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Notice:
    """One way to distribute an amount to patrons.

    Attributes:
        cash: What is paid in money.
        paper: What is retained against a written notice.
        tax: What the co-op is taxed on it now.
        kept: What the co-op has left to work with.
    """

    cash: Decimal
    paper: Decimal
    tax: Decimal
    kept: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """A qualified notice, and the nonqualified one that leaves as much.

    Attributes:
        qualified: The qualified notice.
        nonqualified: The nonqualified one.
        is_neutral: Whether it does leave as much; without any money to patrons a high
            rate of tax may still leave less.
    """

    qualified: Notice
    nonqualified: Notice
    is_neutral: bool


def compare_notices(
    amount: Decimal, cash_share: Decimal, tax_rate: Decimal, unit: Decimal
) -> Comparison:
    """Find the money part of a nonqualified notice that leaves the co-op as much.

    Of 100 with 40 % in money a co-op keeps 60 under a qualified notice.  Under a
    nonqualified one, at 25 % tax, it keeps 75 % of what it does not pay: with 20 in
    money that is 60 again (Kenkel, Oklahoma State University, on nonqualified and
    qualified distributions).

    Args:
        amount: The dividend.
        cash_share: Part of it paid in money under the qualified notice; that part is
            rounded up.
        tax_rate: The co-op's rate of tax, from 0 up to below 1.
        unit: Smallest unit of the currency.

    Returns:
        Both sides; the money of the nonqualified notice is rounded down, so that the
        co-op never keeps less for it.
    """
    paid = round_to(Fraction(amount) * Fraction(cash_share), unit, "up")
    kept = amount - paid
    after_tax = 1 - Fraction(tax_rate)
    exact = Fraction(amount) - Fraction(kept) / after_tax
    money = max(ZERO, round_to(exact, unit, "down"))
    paper = amount - money
    tax = round_to(Fraction(paper) * Fraction(tax_rate), unit)
    return Comparison(
        qualified=Notice(cash=paid, paper=kept, tax=ZERO, kept=kept),
        nonqualified=Notice(cash=money, paper=paper, tax=tax, kept=paper - tax),
        is_neutral=paper - tax >= kept,
    )
