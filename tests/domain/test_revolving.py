"""Retained patronage by year: the oldest is redeemed first, and to the cent."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from coopledger.domain.bookings import Booking
from coopledger.domain.bookings import Leg
from coopledger.domain.capital import CapitalMovement
from coopledger.domain.findings import Origin
from coopledger.domain.periods import FiscalYearEnd
from coopledger.domain.revolving import ByYear
from coopledger.domain.revolving import RevolvingFund
from coopledger.domain.revolving import by_allotment
from coopledger.domain.revolving import in_proportion
from coopledger.domain.revolving import oldest_first
from coopledger.domain.revolving import out_of_proportion

CENT = Decimal("0.01")
HERE = Origin("", 0)


def money(text: str) -> Decimal:
    return Decimal(text)


def leg(member: str, amount: Decimal, role: str = "patronage", kind: str = "") -> Leg:
    return Leg(f"{role}:{member}", "Equity", role, amount, member, "", "", HERE, kind)


def booking(year: int | None, kind: str, *legs: Leg, on: int = 2025) -> Booking:
    return Booking(
        date=datetime.date(on, 6, 30),
        text="",
        flag="*",
        kind=kind,
        year=year,
        tags=frozenset(),
        links=frozenset(),
        transfer="",
        peer="",
        legs=legs,
        plain=frozenset({"Assets"}),
        origin=HERE,
    )


def fund(*bookings: Booking) -> RevolvingFund:
    found = RevolvingFund(FiscalYearEnd())
    for one in bookings:
        for own in one.legs:
            found.note(one, own)
    return found


HELD: ByYear = {
    2020: {"Ana": money("300.00"), "Bea": money("100.00")},
    2021: {"Ana": money("200.00"), "Bea": money("200.00")},
}
ORDER = ("Ana", "Bea")


def test_a_budget_pays_the_oldest_year_whole_and_the_next_in_proportion() -> None:
    assert oldest_first(money("500.01"), HELD, CENT, ORDER) == {
        2020: {"Ana": money("300.00"), "Bea": money("100.00")},
        2021: {"Ana": money("50.01"), "Bea": money("50.00")},
    }


def test_a_small_budget_stays_within_the_oldest_year() -> None:
    assert oldest_first(money("0.01"), HELD, CENT, ORDER) == {2020: {"Ana": CENT}}
    assert oldest_first(money("0.00"), HELD, CENT, ORDER) == {}


def test_no_more_is_redeemed_than_there_is() -> None:
    assert oldest_first(money("9999.00"), HELD, CENT, ORDER) == HELD


@given(
    cents=st.integers(0, 10**7),
    held=st.dictionaries(
        st.integers(2000, 2006),
        st.dictionaries(
            st.sampled_from("ABCDE"),
            st.integers(1, 10**6).map(lambda n: n * CENT),
            min_size=1,
        ),
    ),
)
def test_redemption_never_skips_a_year_and_adds_up(cents: int, held: ByYear) -> None:
    budget = cents * CENT
    whole = sum((a for own in held.values() for a in own.values()), Decimal(0))
    spread = in_proportion(budget, held, CENT, "ABCDE")
    assert sum(a for own in spread.values() for a in own.values()) == min(budget, whole)
    assert all(a <= held[y][m] for y, own in spread.items() for m, a in own.items())
    done = oldest_first(budget, held, CENT, "ABCDE")
    paid = sum((a for own in done.values() for a in own.values()), Decimal(0))
    assert paid == min(budget, whole)
    for year in done:
        assert all(done.get(y) == held[y] for y in held if y < year)
        assert list(out_of_proportion(done[year], held[year], CENT)) == []


def test_after_the_start_an_account_holds_as_many_years_as_it_takes_to_roll_over() -> (
    None
):
    # Five years, the same amount each year: every account tends to five of them.
    rolling = RevolvingFund(FiscalYearEnd())
    for year in range(2010, 2025):
        allotted = booking(year, "patronage", leg("Ana", money("100.00")), on=year + 1)
        rolling.note(allotted, allotted.legs[0])
        if year - 5 in rolling.outstanding:
            paid = booking(
                year - 5, "redemption", leg("Ana", -money("100.00")), on=year + 1
            )
            assert rolling.note(paid, paid.legs[0]) == {year - 5: money("100.00")}
    held = rolling.redeemable()
    assert sorted(held) == [2020, 2021, 2022, 2023, 2024]
    assert sum(own["Ana"] for own in held.values()) == money("500.00")


def test_capital_that_names_no_year_is_of_the_year_before() -> None:
    found = fund(booking(None, "opening", leg("Ana", money("10.00"))))
    assert found.outstanding == {2024: {"Ana": money("10.00")}}


def test_a_redemption_beyond_its_year_goes_on_with_the_oldest() -> None:
    found = fund(
        booking(2020, "opening", leg("Ana", money("10.00"))),
        booking(2021, "opening", leg("Ana", money("10.00"))),
        booking(2022, "opening", leg("Ana", money("10.00"))),
        booking(2021, "redemption", leg("Ana", -money("15.00"))),
    )
    assert found.redeemed == {
        2021: {"Ana": money("10.00")},
        2020: {"Ana": money("5.00")},
    }


def test_a_redemption_of_a_year_that_nobody_knows_takes_the_oldest() -> None:
    found = fund(
        booking(2020, "opening", leg("Ana", money("10.00"))),
        booking(1999, "redemption", leg("Ana", -money("4.00"))),
    )
    assert found.redeemed == {2020: {"Ana": money("4.00")}}


def test_losses_stand_against_what_was_allotted_last() -> None:
    years = [
        booking(year, "opening", leg("Ana", money("10.00"))) for year in (2020, 2021)
    ]
    lost = booking(2022, "loss", leg("Ana", -money("12.00"), "member-loss"))
    assert fund(*years, lost).redeemable() == {2020: {"Ana": money("8.00")}}
    direct = booking(2022, "loss", leg("Ana", -money("12.00")))
    assert fund(*years, direct).redeemable() == {2020: {"Ana": money("8.00")}}
    assert fund(*years, direct).redeemed == {}


def test_what_is_allotted_later_can_be_left_out() -> None:
    found = fund(
        booking(2020, "opening", leg("Ana", money("10.00"))),
        booking(2021, "opening", leg("Ana", money("10.00"))),
    )
    assert found.redeemable(2020) == {2020: {"Ana": money("10.00")}}


def test_a_whole_cent_more_than_in_proportion_is_too_much() -> None:
    held = {"Ana": money("300.00"), "Bea": money("100.00")}
    fair = {"Ana": money("75.01"), "Bea": money("25.00")}
    assert list(out_of_proportion(fair, held, CENT)) == []
    more = {"Ana": money("75.02"), "Bea": money("24.99")}
    assert list(out_of_proportion(more, held, CENT)) == [
        ("Ana", money("75.02"), money("75.00"))
    ]


# --- movements by the year of their allotment -----------------------------------------


def by_year(*bookings: Booking) -> list[tuple[int | None, Decimal]]:
    """Part the movements of some transactions."""
    moved = [
        (
            (one, own),
            CapitalMovement(
                one.date, own.member, own.role, one.kind, own.amount, None, "", HERE
            ),
        )
        for one in bookings
        for own in one.legs
    ]
    return [(o.year, o.amount) for o in by_allotment(moved, FiscalYearEnd())]


def test_a_redemption_is_parted_by_the_years_that_it_takes() -> None:
    assert by_year(
        booking(2020, "opening", leg("Ana", money("10.00"))),
        booking(2021, "opening", leg("Ana", money("10.00"))),
        booking(None, "redemption", leg("Ana", -money("15.00"))),
    ) == [
        (2020, money("10.00")),
        (2021, money("10.00")),
        (2020, -money("10.00")),
        (2021, -money("5.00")),
    ]


def test_what_no_year_has_is_of_none() -> None:
    assert by_year(
        booking(2020, "opening", leg("Ana", money("10.00"))),
        booking(None, "redemption", leg("Ana", -money("15.00"))),
        booking(None, "contribution", leg("Ana", money("7.00"), "contribution")),
    ) == [
        (2020, money("10.00")),
        (2020, -money("10.00")),
        (None, -money("5.00")),
        (None, money("7.00")),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, 2020, 2021, 2022]),
            st.sampled_from("AB"),
            st.integers(-(10**4), 10**4).filter(bool),
        ),
        max_size=12,
    )
)
def test_parts_always_add_up_to_the_movements(
    rows: list[tuple[int | None, str, int]],
) -> None:
    bookings = [
        booking(year, "opening" if cents > 0 else "redemption", leg(who, cents * CENT))
        for year, who, cents in rows
    ]
    parts = sum((amount for _, amount in by_year(*bookings)), Decimal(0))
    assert parts == sum((cents * CENT for _, _, cents in rows), Decimal(0))
