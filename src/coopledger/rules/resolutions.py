"""Rules on the decision behind a distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.errors import offer_nearest
from coopledger.phrases import Phrase
from coopledger.rules.rule import Breach
from coopledger.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.domain.bookings import Booking
    from coopledger.law.case import Case
from coopledger.rules.distribution import takes_from_result


@rule(
    "COOP-APP-08",
    basis="statutes",
    sources=("Ley 11/2019, art. 70", "26 U.S.C. § 1388(a)(2)"),
    catalogue=("resolution",),
)
def a_resolution_comes_first(case: Case) -> Iterator[Breach]:
    """A distribution rests on a resolution that is on file and not later than it.

    Holds::

        2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD

    Breaks::

        2025-04-01 * "Distribution of 2024" #coop-appropriation
          coop-year: "2024"
          Equity:Surplus:Appropriated         1,000.00 USD
          Equity:Collective                  -1,000.00 USD
    """
    for booking in case.books.bookings:
        if not booking.is_appropriation:
            continue
        named = [
            case.books.resolutions[link]
            for link in sorted(booking.links)
            if link in case.books.resolutions
        ]
        late = [one for one in named if one.date > booking.date]
        if not named:
            yield _without_resolution(case, booking)
        elif len(late) == len(named) and takes_from_result(booking):
            yield Breach(
                Phrase(
                    "Resolution {resolution} is of {decided}, later than the "
                    "distribution of {day}.",
                    resolution=late[0].id,
                    decided=late[0].date,
                    day=booking.date,
                ),
                Phrase(
                    "Date the distribution {decided} or later, or link with ^ID the "
                    "resolution that it rests on.",
                    decided=late[0].date,
                ),
                *booking.place,
            )


def _without_resolution(case: Case, booking: Booking) -> Breach:
    if not booking.links:
        found = Phrase("This distribution links to no resolution.")
    else:
        link = min(booking.links)
        found = Phrase(
            "This distribution links to {resolution}, and no such resolution is on "
            "file{nearest}",
            resolution=link,
            nearest=offer_nearest(link, case.books.resolutions),
        )
    return Breach(
        found,
        Phrase(
            "Write ^ID of the assembly's resolution at the end of the transaction's "
            "first line; if it is not on file, record it with coop-resolution."
        ),
        *booking.place,
    )
