"""Sums over all members: when they are shown, and when they would tell of a few."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount import loader

from coopledger.journal.reading import read_books
from coopledger.journal.sealing import digests_of
from coopledger.services.checking import check_path
from coopledger.services.summing import LEFT_OUT
from coopledger.services.summing import Sum
from coopledger.services.summing import Sums
from coopledger.services.summing import closed_years
from coopledger.services.summing import doubt_about
from coopledger.services.summing import sums_of
from tests import books

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from coopledger.domain.books import Books
    from coopledger.law.policy import Policy

ON = '2022-01-01 custom "coop-parameter" "members.aggregates" TRUE\n'
LETTERS = "ABCDEFGHIJKLMNOP"


def people(number: int) -> list[str]:
    return [f"M{letter}" for letter in LETTERS[:number]]


def joined(names: Iterable[str], day: str) -> str:
    return "".join(
        f'{day} custom "coop-member" "{name}" "join"\n  class: "worker"\n'
        f'{day} * "{name}" "Contribution"\n'
        f"  Equity:Members:{name}:Contribution  -{1000 + 10 * n}.00 USD\n"
        "  Assets:Bank\n"
        for n, name in enumerate(names)
    )


def worked(names: Iterable[str], year: int) -> str:
    lines = "".join(
        f"  Expenses:Advances:{name}  {2000 + year + n}.00 USD\n"
        f"    hours: {1500 + year - 2000 + n}\n"
        for n, name in enumerate(names)
    )
    return f'{year}-12-30 * "Pay"\n{lines}  Assets:Bank\n'


def distributed(names: Iterable[str], year: int) -> str:
    lines = "".join(
        f"  Equity:Members:{name}:Patronage  -{100 + year % 10 + n}.00 USD\n"
        for n, name in enumerate(names)
    )
    return (
        f'{year + 1}-03-31 * "Surplus" #coop-appropriation\n'
        f'  coop-year: "{year}"\n{lines}  Equity:Collective  -500.00 USD\n'
        "  Equity:Surplus:Appropriated\n"
    )


def book(number: int, more: str = "", *, is_on: bool = True) -> str:
    """Write three years of so many members who founded the co-op together."""
    names = people(number)
    return "".join(
        [
            'option "title" "Any"\noption "operating_currency" "USD"\n',
            '2022-01-01 custom "coop-enterprise" "any"\n',
            '2022-01-01 custom "coop-policy" "us-worker-ica"\n',
            ON if is_on else "",
            joined(names, "2022-01-02"),
            *(worked(names, year) for year in (2022, 2023, 2024)),
            *(distributed(names, year) for year in (2022, 2023)),
            more,
        ]
    )


def read(text: str) -> tuple[Books, Policy, list[Any]]:
    entries, _, options = loader.load_string(books.with_opens(text))
    found, policy, _ = read_books(entries, options)
    return found, policy, list(entries)


def sealed(text: str, years: Iterable[int] = (2022, 2023, 2024)) -> str:
    found, _, entries = read(text)
    fiscal = [found.years[year].fiscal for year in years]
    digests = digests_of(entries, fiscal)
    lines = [
        f'2025-06-30 custom "coop-seal" "{year}" "{digest}"\n'
        for year, digest in digests.items()
    ]
    return text + "".join(lines)


def sums(text: str, *private: int) -> Sums:
    found, policy, _ = read(text)
    return sums_of(found, policy, [Decimal(one) for one in private])


def said(text: str, *private: int) -> dict[tuple[str, int], Any]:
    return {
        (one.name, one.year): LEFT_OUT if one.number is None else one.number
        for one in sums(text, *private).said
    }


def test_nothing_is_shown_unless_by_laws_say_so() -> None:
    assert said(sealed(book(9, is_on=False))) == {}


def test_a_book_that_no_law_governs_shows_nothing() -> None:
    text = book(9).replace('custom "coop-policy" "us-worker-ica"', 'event "x" "y"')
    assert said(text) == {}


def test_of_closed_years_what_all_have_together_is_shown_rounded() -> None:
    found = said(sealed(book(9)))
    assert found["members", 2022] == 9
    # 9,360 of capital; the largest part is 1,080.
    assert found["capital", 2022] == 10_000
    # And 990 of patronage each year, 111 at most.
    assert found["patronage", 2023] == 1_000
    assert found["hours", 2024] == 14_000
    assert found["collective", 2023] == 500
    assert found["collective", 2024] == 1_000
    assert LEFT_OUT not in found.values()


@pytest.mark.parametrize(("number", "is_shown"), [(6, True), (5, False)])
def test_a_sum_is_over_five_others_at_least(number: int, *, is_shown: bool) -> None:
    found = said(sealed(book(number)))
    assert {value != LEFT_OUT for value in found.values()} == {is_shown}


def test_by_laws_may_ask_for_more_others_or_fewer() -> None:
    least = '2022-01-01 custom "coop-parameter" "members.aggregates-others" {}\n'
    assert LEFT_OUT not in said(sealed(book(4, least.format(3)))).values()
    assert set(said(sealed(book(9, least.format(9)))).values()) == {LEFT_OUT}
    # What was asked for once is asked for still: earlier sums are known.
    twice = least.format(9) + least.format(3).replace("2022", "2024")
    assert set(said(sealed(book(9, twice))).values()) == {LEFT_OUT}


def test_fewer_others_than_the_floor_show_nothing_and_are_found(
    tmp_path: Path,
) -> None:
    under = '2022-01-01 custom "coop-parameter" "members.aggregates-others" 2\n'
    text = sealed(book(9, under))
    assert said(text) == {}
    main = books.write(tmp_path, 'plugin "coopledger.plugin"\n' + text)
    found = [one for one in check_path(main).findings if one.rule == "COOP-LAW-03"]
    assert len(found) == 1
    assert str(found[0].found).endswith("asks for at least 3 and at most 1000.")


@pytest.mark.parametrize(
    ("years", "closed"),
    [((2022, 2023, 2024), [2022, 2023, 2024]), ((2022, 2024), [2022]), ((2023,), [])],
)
def test_a_year_is_closed_when_it_and_all_before_it_are_sealed(
    years: tuple[int, ...], closed: list[int]
) -> None:
    text = sealed(book(9), years)
    assert closed_years(read(text)[0]) == closed
    assert sorted({year for _, year in said(text)}) == closed


def test_a_sealed_year_that_changed_is_not_closed() -> None:
    text = sealed(book(9)).replace('2024-12-30 * "Pay"', '2024-12-30 * "Wages"')
    assert closed_years(read(text)[0]) == [2022, 2023]


def test_a_year_without_business_needs_no_seal() -> None:
    before = joined(people(9), "2021-12-31").replace("Contribution  -", "Voluntary  -")
    assert "2022" in str(said(sealed(book(9) + before)))


def test_by_laws_hold_from_their_day_and_until_they_are_changed() -> None:
    late = ON.replace("2022-01-01", "2023-06-30")
    text = sealed(book(9, late, is_on=False))
    assert sorted({year for _, year in said(text)}) == [2023, 2024]
    off = ON.replace("2022-01-01", "2027-01-01").replace("TRUE", "FALSE")
    assert said(sealed(book(9, off))) == {}


@pytest.mark.parametrize(("joiners", "is_shown"), [(1, False), (5, False), (6, True)])
def test_what_a_few_who_joined_would_stand_behind_is_left_out(
    joiners: int, *, is_shown: bool
) -> None:
    late = joined(people(9 + joiners)[9:], "2023-05-01")
    found = said(sealed(book(9, late)))
    assert (found["members", 2023] != LEFT_OUT) == is_shown
    assert (found["capital", 2023] != LEFT_OUT) == is_shown
    assert found["capital", 2022] == 10_000
    assert (found["members", 2024] != LEFT_OUT) == is_shown


def test_what_only_a_few_have_of_something_is_left_out() -> None:
    lent = "".join(
        f'2023-05-01 * "Voluntary"\n  coop-kind: "contribution"\n'
        f"  Equity:Members:{name}:Voluntary  -50.00 USD\n  Assets:Bank\n"
        for name in people(2)
    )
    found = said(sealed(book(9, lent)))
    assert found["capital", 2023] == LEFT_OUT
    assert found["patronage", 2023] == 1_000


@pytest.mark.parametrize(
    "legs",
    [
        "  Equity:Members:MA:Contribution  77.00 USD\n  Equity:Collective\n",
        "  Assets:Bank  77.00 USD\n  Equity:Collective\n",
    ],
)
def test_what_one_person_brought_into_the_reserve_is_left_out(legs: str) -> None:
    found = said(sealed(book(9, f'2023-05-01 * "A fee"\n{legs}')))
    assert found["collective", 2023] == found["collective", 2024] == LEFT_OUT


def test_two_ids_of_one_person_are_one() -> None:
    text = book(6)
    for name in people(2):
        line = f'"{name}" "join"\n'
        text = text.replace(line, f'{line}  name: "One and the same"\n')
    assert set(said(sealed(text)).values()) == {LEFT_OUT}


def test_nobody_stands_out_by_their_size() -> None:
    much = (
        '2022-02-01 * "Much"\n  Equity:Members:MA:Contribution  -98000.00 USD\n'
        "  Assets:Bank\n"
    )
    assert said(sealed(book(9, much)))["capital", 2022] == 100_000
    (one,) = (o for o in sums(sealed(book(9, much))).said if o[:2] == ("capital", 2022))
    assert one.step == 100_000


def test_a_sum_that_is_also_somebodys_own_amount_is_left_out() -> None:
    assert said(sealed(book(9)), 10_000)["capital", 2022] == LEFT_OUT
    assert said(sealed(book(9)), 9)["members", 2022] == 9


def test_members_see_the_years_in_which_they_were_one() -> None:
    late = joined(people(10)[9:], "2024-05-01")
    text = sealed(book(9, late))
    found, _, _ = read(text)
    assert {one.year for one in sums(text).said_to(found, "MJ")} == {2024}
    assert {one.year for one in sums(text).said_to(found, "MA")} == {2022, 2023, 2024}


# --- the proof ------------------------------------------------------------------------


def test_what_is_said_is_proved_for_each_reader() -> None:
    text = sealed(book(9))
    found, (all_of_it,) = read(text)[0], [sums(text)]
    for member in people(9):
        own = all_of_it.said_to(found, member)
        assert {doubt_about(one, own, all_of_it, member) for one in own} == {""}


def test_the_proof_finds_each_sum_that_may_not_be_said() -> None:
    late = joined(people(10)[9:], "2023-05-01")
    found = sums(sealed(book(9, late)))
    first, thousand = Sum("members", 2022, Decimal(9), Decimal(1)), Decimal(1000)

    def doubt(one: Sum, *others: Sum) -> str:
        return doubt_about(one, [one, *others], found, "MA")

    joiner = Sum("members", 2023, Decimal(10), Decimal(1))
    assert doubt(first) == ""
    assert "differs from another year" in doubt(joiner, first)
    assert "no figure" in doubt(Sum("wages", 2023, thousand, thousand))
    assert "no figure" in doubt(Sum("members", 2029, thousand, thousand))
    assert "rounded" in doubt(Sum("capital", 2022, Decimal(9360), Decimal(1)))
    assert "rounded" in doubt(Sum("capital", 2022, Decimal(11000), thousand * 2))
    few = sums(sealed(book(5)))
    one = Sum("members", 2022, Decimal(5), Decimal(1))
    assert "too few" in doubt_about(one, [one], few, "MA")
