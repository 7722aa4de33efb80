"""Rules on bookkeeping: nothing invented, one currency, one meaning, sealed years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.bookings import kind_of
from coopledger.domain.capital import CAPITAL
from coopledger.phrases import Phrase
from coopledger.phrases import one_of
from coopledger.rules.language import LANGUAGE_REFERENCE
from coopledger.rules.language import remarks_as_breaches
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.bookings import Leg
    from coopledger.law.case import Case


@rule(
    "COOP-BOOK-01",
    basis="practice",
    sources=("Beancount pads after the plugins ran; capital is never a plug figure",),
    catalogue=("pad",),
)
def capital_is_never_padded(case: Case) -> Iterator[Breach]:
    """No account of members, reserves, funds or results is ever padded.

    Holds::

        2024-06-01 pad Assets:Cash Assets:Bank
        2024-06-02 balance Assets:Cash 10.00 USD

    Breaks::

        2024-06-01 pad Assets:Cash Equity:Members:Ana:Contribution
        2024-06-02 balance Assets:Cash 10.00 USD
    """
    return remarks_as_breaches(case, "pad")


@rule(
    "COOP-BOOK-02",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("currency",),
)
def one_currency(case: Case) -> Iterator[Breach]:
    """Cooperative accounts are kept in the book's own currency.

    Holds::

        2024-06-01 * "A guest pays in euro, which the bank changes"
          Assets:Cash     10.00 EUR @ 1.10 USD
          Income:Sales   -11.00 USD

    Breaks::

        2024-06-01 * "Ana adds euro to her capital"
          Assets:Cash                      10.00 EUR
          Equity:Members:Ana:Contribution -10.00 EUR
    """
    return remarks_as_breaches(case, "currency")


@rule(
    "COOP-BOOK-05",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("price",),
)
def whatever_counts_has_a_price(case: Case) -> Iterator[Breach]:
    """Whatever belongs to result or net worth has a price in the book's currency.

    Holds::

        2024-06-01 * "A guest pays in euro"
          Assets:Cash     10.00 EUR @ 1.10 USD
          Income:Sales   -10.00 EUR @ 1.10 USD

    Breaks::

        2024-06-01 * "A guest pays in euro"
          Assets:Cash     10.00 EUR
          Income:Sales   -10.00 EUR
    """
    return remarks_as_breaches(case, "price")


@rule(
    "COOP-BOOK-03",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("kind",),
)
def movements_have_one_kind(case: Case) -> Iterator[Breach]:
    """Every movement of capital is of one kind; where two are possible, the book says.

    Holds::

        2024-06-01 * "Ana's deduction on exit goes to the collective account"
          coop-kind: "deduction"
          Equity:Members:Ana:Contribution  100.00 USD
          Equity:Collective               -100.00 USD

    Breaks::

        2024-06-01 * "Ana to the collective account, nobody says why"
          Equity:Members:Ana:Contribution  100.00 USD
          Equity:Collective               -100.00 USD
    """
    for booking, leg in case.books.traces_in(CAPITAL):
        if not kind_of(booking, leg):
            yield Breach(
                Phrase(
                    "{amount} on {account} could be of several kinds.",
                    amount=leg.amount,
                    account=leg.account,
                ),
                Phrase(
                    "Correct the account that is wrong; if all are right, say with "
                    "coop-kind on the transaction what it is, such as {kinds}.",
                    kinds=_kinds(leg),
                ),
                leg.origin,
                booking.date,
                amount=leg.amount,
            )


def _kinds(leg: Leg) -> str:
    """Return the likely kinds of a movement, in quotes."""
    more = ("contribution", "interest", "revaluation", "opening")
    less = ("redemption", "deduction", "loss", "unclaimed")
    *first, last = [f'"{kind}"' for kind in (more if leg.amount > 0 else less)]
    return one_of([", ".join(first), last])


@rule(
    "COOP-BOOK-04",
    basis="practice",
    sources=LANGUAGE_REFERENCE,
    catalogue=("seal",),
)
def sealed_years_stay(case: Case) -> Iterator[Breach]:
    """A sealed year never changes.

    Holds::

        2025-06-01 custom "coop-seal" "2023" "e3b0c44298fc1c14"

    Breaks::

        2025-06-01 custom "coop-seal" "2024" "e3b0c44298fc1c14"
    """
    for seal in case.books.seals:
        digest = case.books.digests.get(seal.year, "")
        if digest != seal.digest:
            yield Breach(
                Phrase(
                    "Year {year} was sealed as {sealed} and is now {now}.",
                    year=seal.year,
                    sealed=seal.digest,
                    now=digest,
                ),
                Phrase(
                    "Undo the change; book a correction in an open year, or seal "
                    "again by a new decision."
                ),
                seal.origin,
                seal.date,
            )
