"""The kind of a movement follows from the roles on its legs, or the book says it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from coopledger.domain.bookings import Booking
from coopledger.domain.bookings import Leg
from coopledger.domain.bookings import kind_of
from coopledger.domain.findings import Origin

HERE = Origin("main.beancount", 1)
ASSETS = frozenset({"Assets"})
NOTHING: frozenset[str] = frozenset()

# Legs are written as "role amount", with the member's initial where it is not Ana.
KINDS = [
    ("a payment into capital", ["contribution 100"], ASSETS, "", "contribution"),
    ("capital repaid", ["contribution -100"], ASSETS, "", "redemption"),
    (
        "an entry fee beside a contribution",
        ["contribution 100", "entry-fees 20"],
        ASSETS,
        "",
        "contribution",
    ),
    ("subscribed", ["contribution 100", "uncalled -100"], NOTHING, "", "contribution"),
    ("an instalment paid", ["uncalled 25"], ASSETS, "", "contribution"),
    ("subscribed, the other leg", ["uncalled -100"], NOTHING, "", "contribution"),
    (
        "a leaver's account becomes a debt",
        ["contribution -100", "redemption-payable 100"],
        NOTHING,
        "",
        "redemption",
    ),
    (
        "a leaver's unpaid instalments fall away",
        ["uncalled 40", "contribution -100", "patronage -5", "redemption-payable 65"],
        NOTHING,
        "",
        "redemption",
    ),
    (
        "what losses took from a leaver stays taken",
        ["member-loss 30", "contribution -100"],
        ASSETS,
        "",
        "redemption",
    ),
    (
        "money that was owed stays as capital",
        ["contribution 100", "member-payable -100"],
        NOTHING,
        "",
        "contribution",
    ),
    (
        "a share of the surplus",
        ["patronage 100", "surplus-appropriated -100"],
        NOTHING,
        "",
        "patronage",
    ),
    (
        "a share of the surplus, nonqualified",
        ["nonqualified 100", "surplus-appropriated -100"],
        NOTHING,
        "appropriation",
        "patronage",
    ),
    (
        "interest out of the surplus",
        ["member-interest 100", "surplus-appropriated -100"],
        NOTHING,
        "",
        "interest",
    ),
    (
        "interest as an expense",
        ["member-interest 100", "capital-interest-expense 100"],
        NOTHING,
        "",
        "interest",
    ),
    (
        "a share of the loss",
        ["member-loss -100", "surplus-appropriated 100"],
        NOTHING,
        "",
        "loss",
    ),
    (
        "a share of the loss, on retained patronage",
        ["patronage -100", "surplus-appropriated 100"],
        NOTHING,
        "",
        "loss",
    ),
    (
        "a loss made good out of a surplus",
        ["member-loss 100", "surplus-appropriated -100"],
        NOTHING,
        "",
        "loss-restored",
    ),
    (
        "a contribution out of a surplus could be several things",
        ["contribution 100", "surplus-appropriated -100"],
        NOTHING,
        "",
        "",
    ),
    (
        "from one member to another",
        ["contribution -100", "contribution 100 B"],
        NOTHING,
        "",
        "transfer",
    ),
    (
        "from one member to another, the one who receives",
        ["contribution 100", "contribution -100 B"],
        NOTHING,
        "",
        "transfer",
    ),
    (
        "two members pay in together",
        ["contribution 100", "contribution 100 B"],
        ASSETS,
        "",
        "contribution",
    ),
    (
        "one pays in while another is paid out",
        ["contribution 100", "contribution -100 B"],
        ASSETS,
        "",
        "contribution",
    ),
    (
        "retained patronage becomes contribution",
        ["contribution 100", "patronage -100"],
        NOTHING,
        "",
        "conversion",
    ),
    (
        "retained patronage becomes contribution, the other leg",
        ["patronage -100", "contribution 100"],
        NOTHING,
        "",
        "conversion",
    ),
    (
        "from a member to a reserve could be several things",
        ["contribution -100", "collective 100"],
        NOTHING,
        "",
        "",
    ),
    (
        "from a reserve to a member could be several things",
        ["contribution 100", "voluntary-reserve -100"],
        NOTHING,
        "",
        "",
    ),
    ("retained patronage out of nowhere", ["patronage 100"], ASSETS, "", ""),
    ("capital against income", ["contribution 100"], frozenset({"Income"}), "", ""),
    (
        "retained patronage against a loss account",
        ["patronage -100", "member-loss 100"],
        NOTHING,
        "",
        "",
    ),
    ("the book says it", ["contribution -100"], ASSETS, "deduction", "deduction"),
    (
        "the book says revaluation",
        ["contribution 100", "voluntary-reserve -100"],
        NOTHING,
        "revaluation",
        "revaluation",
    ),
    ("the book says loss", ["contribution -100"], ASSETS, "loss", "loss"),
    (
        "a loss with a plus is made good",
        ["member-loss 5"],
        ASSETS,
        "loss",
        "loss-restored",
    ),
    (
        "an entry fee is no kind of capital",
        ["contribution 100", "entry-fees 20"],
        ASSETS,
        "entry-fee",
        "contribution",
    ),
]


def leg(written: str) -> Leg:
    """Read a leg from its role, its amount and, after it, another member."""
    role, amount, *other = written.split()
    member = "Bea" if other else "Ana"
    return Leg("An:Account", "Equity", role, Decimal(amount), member, "", "", HERE)


def booking(legs: list[str], plain: frozenset[str], kind: str) -> Booking:
    """Build a transaction."""
    return Booking(
        date=datetime.date(2024, 1, 1),
        text="",
        flag="*",
        kind=kind,
        year=None,
        tags=frozenset(),
        links=frozenset(),
        transfer="",
        peer="",
        legs=tuple(leg(written) for written in legs),
        plain=plain,
        origin=HERE,
    )


@pytest.mark.parametrize(
    ("legs", "plain", "stated", "kind"),
    [row[1:] for row in KINDS],
    ids=[row[0] for row in KINDS],
)
def test_the_first_leg_is_of_this_kind(
    legs: list[str], plain: frozenset[str], stated: str, kind: str
) -> None:
    made = booking(legs, plain, stated)
    assert kind_of(made, made.legs[0]) == kind
