"""From what was measured to exact weights, over one basis or several."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from coopledger.domain.amounts import split
from coopledger.domain.books import Activity
from coopledger.domain.books import PatronageBasis
from coopledger.domain.books import YearFigures
from coopledger.domain.findings import Origin
from coopledger.domain.patronage import bases_in_force
from coopledger.domain.patronage import measured
from coopledger.domain.patronage import weights
from coopledger.domain.periods import FiscalYearEnd

YEAR = FiscalYearEnd().year(2024)
Quantities = dict[str, dict[str, Decimal]]


def basis(
    name: str, since: str = "2020-01-01", weight: str = "1", share: str = ""
) -> PatronageBasis:
    """Declare a basis."""
    return PatronageBasis(
        basis=name,
        template="Expenses:Advances:{member}",
        measure="hours",
        weight=Decimal(weight),
        share=Decimal(share) if share else None,
        factor="",
        currency="",
        date=datetime.date.fromisoformat(since),
        origin=Origin("policy.beancount", 1),
    )


def quantities(**columns: dict[str, int]) -> Quantities:
    """Write what was measured, by basis and member."""
    return {
        name: {member: Decimal(quantity) for member, quantity in column.items()}
        for name, column in columns.items()
    }


def test_a_weighted_sum_adds_measure_times_weight() -> None:
    found = weights(
        quantities(labour={"Ana": 10, "Bea": 20}, sales={"Ana": 100}),
        [basis("labour", weight="2"), basis("sales", weight="0.1")],
        "weighted-sum",
    )
    assert found == {"Ana": 30, "Bea": 40}


def test_four_kinds_of_contribution_weigh_40_30_20_and_10() -> None:
    rows = {
        "labour": (0.4, {"Alice": 6000, "Bob": 4000, "Carol": 3000}),
        "revenue": (0.3, {"Alice": 4000, "Bob": 1000, "Carol": 2000}),
        "cash": (0.2, {"Alice": 2000, "Bob": 5000, "Carol": 1000}),
        "community": (0.1, {"Alice": 500, "Bob": 1000, "Carol": 2000}),
    }
    found = weights(
        quantities(**{name: column for name, (_, column) in rows.items()}),
        [basis(name, weight=str(weight)) for name, (weight, _) in rows.items()],
        "weighted-sum",
    )
    assert found == {"Alice": 4050, "Bob": 3000, "Carol": 2200}


def test_each_basis_may_divide_its_own_share_of_the_pool() -> None:
    found = weights(
        quantities(labour={"Ana": 1, "Bea": 3}, equal={"Ana": 1, "Bea": 1}),
        [basis("labour", share="0.6"), basis("equal", share="0.4")],
        "share-of-pool",
    )
    assert found == {"Ana": Fraction(35, 100), "Bea": Fraction(65, 100)}
    parts = split(Decimal(1000), found, Decimal("0.01"), ["Ana", "Bea"])
    assert parts == {"Ana": 350, "Bea": 650}


def test_one_basis_without_a_share_divides_the_whole_pool() -> None:
    found = weights(
        quantities(labour={"Ana": 1, "Bea": 3}), [basis("labour")], "share-of-pool"
    )
    assert found == {"Ana": Fraction(1, 4), "Bea": Fraction(3, 4)}


def test_a_basis_that_measures_nothing_divides_nothing() -> None:
    found = weights(
        quantities(labour={"Ana": 2}),
        [basis("labour", share="0.5"), basis("sales", share="0.5")],
        "share-of-pool",
    )
    assert found == {"Ana": Fraction(1, 2)}


def test_who_weighs_nothing_is_left_out() -> None:
    given = quantities(labour={"Ana": 1, "Bea": 2})
    assert weights(given, [basis("labour", weight="0")], "weighted-sum") == {}


# --- what counts ----------------------------------------------------------------------


def figures(*rows: tuple[str, str, str, str]) -> YearFigures:
    """Write rows of basis, member, day and quantity."""
    year = YearFigures(YEAR)
    for name, member, day, quantity in rows:
        measured_on = datetime.date.fromisoformat(day)
        activity = year.activity.setdefault((name, member), Activity())
        activity.add([(measured_on, Decimal(quantity))], 1, Decimal(quantity))
    return year


def test_only_days_that_count_are_added_up() -> None:
    year = figures(
        ("labour", "Ana", "2024-01-31", "100"),
        ("labour", "Ana", "2024-02-29", "50"),
        ("labour", "Bea", "2024-02-29", "70"),
        ("sales", "Ana", "2024-02-29", "999"),
    )
    since_february = datetime.date(2024, 2, 1)
    found = measured(year, basis("labour"), lambda _, day: day >= since_february)
    assert found == {"Ana": 50, "Bea": 70}


def test_who_gave_back_more_than_they_did_stays_below_zero() -> None:
    year = figures(
        ("labour", "Ana", "2024-01-31", "100"),
        ("labour", "Bea", "2024-01-31", "10"),
        ("labour", "Bea", "2024-02-29", "-11"),
        ("labour", "Cleo", "2024-02-29", "0"),
    )
    found = measured(year, basis("labour"), lambda *_: True)
    assert found == {"Ana": 100, "Bea": -1}


# --- what was in force ----------------------------------------------------------------


def names(found: list[PatronageBasis]) -> list[tuple[str, str]]:
    """Return id and date of each basis."""
    return [(one.basis, str(one.date)) for one in found]


def test_a_basis_must_stand_before_the_year_begins() -> None:
    bases = [basis("labour", "2024-01-01"), basis("sales", "2024-01-02")]
    assert names(bases_in_force(bases, YEAR, None)) == [("labour", "2024-01-01")]


def test_the_last_one_of_a_name_holds() -> None:
    bases = [
        basis("labour", "2023-01-01"),
        basis("labour", "2020-01-01"),
        basis("labour", "2025-01-01"),
    ]
    founded = datetime.date(2020, 1, 1)
    assert names(bases_in_force(bases, YEAR, founded)) == [("labour", "2023-01-01")]


def test_in_the_year_of_foundation_those_of_that_year_count() -> None:
    bases = [basis("labour", "2024-03-15"), basis("labour", "2025-01-01")]
    founded = datetime.date(2024, 3, 1)
    assert names(bases_in_force(bases, YEAR, founded)) == [("labour", "2024-03-15")]
    assert bases_in_force([], YEAR, founded) == []
