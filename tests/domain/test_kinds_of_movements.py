"""The kind of each of very many movements in one transaction."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.bookings import Booking
from coopledger.domain.bookings import Leg
from coopledger.domain.bookings import kind_of
from coopledger.domain.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Origin("main.beancount", 1)


class Counted(tuple[Leg, ...]):
    """Legs that count how often somebody looks at one of them."""

    __slots__ = ()
    looks = 0

    def __iter__(self) -> Iterator[Leg]:
        for leg in super().__iter__():
            Counted.looks += 1
            yield leg


def booked(role: str, sign: int, number: int, plain: frozenset[str]) -> Booking:
    legs = Counted(
        Leg(f"X:{n}", "Equity", role, Decimal(sign), f"M{n}", "", "", HERE)
        for n in range(number)
    )
    return Booking(
        datetime.date(2024, 1, 1),
        "All at once",
        "*",
        "",
        None,
        frozenset(),
        frozenset(),
        "",
        "",
        legs,
        plain,
        HERE,
    )


@pytest.mark.parametrize(
    ("role", "sign", "plain", "kind"),
    [
        ("contribution", 1, frozenset({"Assets"}), "contribution"),
        ("contribution", -1, frozenset({"Assets"}), "redemption"),
        ("uncalled", -1, frozenset({"Assets"}), "contribution"),
        ("patronage", 1, frozenset[str](), ""),
        ("member-loss", 1, frozenset({"Assets"}), ""),
    ],
)
def test_legs_are_looked_at_as_often_as_there_are_legs_and_no_more(
    role: str, sign: int, plain: frozenset[str], kind: str
) -> None:
    looks = []
    for number in (40, 80):
        Counted.looks = 0
        booking = booked(role, sign, number, plain)
        kinds = {kind_of(booking, leg) for leg in tuple.__iter__(booking.legs)}
        assert kinds == {kind}
        looks.append(Counted.looks)
    assert looks[1] <= 2 * looks[0]
