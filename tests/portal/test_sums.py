"""Sums over all members in a member's own book: shown, and nobody told of by them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.journal.reading import read_books
from coopledger.journal.sealing import digests_of
from coopledger.portal.composing import written
from coopledger.portal.deriving import divide
from coopledger.portal.gate import MINE
from coopledger.portal.proving import NotPublishedError
from coopledger.portal.proving import prove
from coopledger.services.summing import DIRECTIVE
from tests import books
from tests.portal.door import BOOK
from tests.portal.door import Door
from tests.portal.door import door_to
from tests.portal.test_no_leak import bare
from tests.portal.test_no_leak import canaries
from tests.portal.test_no_leak import crawl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ON = '2022-01-01 custom "coop-parameter" "members.aggregates" TRUE\n'

#: Six more members, with what is theirs: name, contribution, pay, hours.
OTHERS = {
    "M-Dora": ("Dorothea", "1471.13", "471.33", "141.25"),
    "M-Emil": ("Emiliano", "1583.29", "483.49", "142.75"),
    "M-Fred": ("Fredegund", "1697.41", "497.59", "143.25"),
    "M-Gita": ("Gitanjali", "1709.53", "409.61", "144.75"),
    "M-Hugo": ("Hugobert", "1811.67", "411.71", "146.25"),
    "M-Ines": ("Inesita", "1923.79", "423.83", "147.75"),
}
THEIRS = [word.casefold() for words in OTHERS.values() for word in words]
THEIRS += [member.casefold() for member in OTHERS]


def many(more: str = "", old: str = "-", new: str = "-") -> str:
    """Write the small co-op's book with six more members, sums switched on, sealed."""
    lines = [ON]
    for member, (name, paid, pay, hours) in OTHERS.items():
        lines.append(
            f'2022-01-01 custom "coop-member" "{member}" "join"\n'
            f'  name: "{name} Vidal"\n  class: "worker"\n'
            f'2022-01-05 * "{name}" "Pays in"\n'
            f"  Equity:Members:{member}:Contribution  -{paid} USD\n  Assets:Bank\n"
            f'2022-03-31 * "{name}" "Pay"\n'
            f"  Expenses:Advances:{member}  {pay} USD\n    hours: {hours}\n"
            "  Assets:Bank\n"
        )
    return sealed((BOOK + more + "".join(lines)).replace(old, new))


def sealed(text: str) -> str:
    """Seal all years of a book that can be sealed."""
    entries, _, options = loader.load_string(books.with_opens(text))
    found, _, _ = read_books(entries, options)
    fiscal = [one.fiscal for one in found.years.values() if one.has_activity]
    return text + "".join(
        f'{found.last} custom "coop-seal" "{year}" "{digest}"\n'
        for year, digest in digests_of(entries, fiscal).items()
    )


def sums_in(text: str) -> dict[tuple[str, int], Decimal | None]:
    """Return the sums that stand in a member's book."""
    entries, errors, _ = loader.load_string(text)
    assert not errors
    found: dict[tuple[str, int], Decimal | None] = {}
    for entry in entries:
        if isinstance(entry, data.Custom) and entry.type == DIRECTIVE:
            year, name, number, _ = [one.value for one in entry.values]
            known = number if isinstance(number, Decimal) else None
            found[name, int(year)] = known
    return found


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Open a portal whose by-laws let every member see sums."""
    folder = tmp_path_factory.mktemp("sums")
    with door_to(books.write(folder, many()), folder / "state") as found:
        yield found


PAGE = f"/books/{MINE}/extension/CapitalAccounts/?member=M-Ana&partial=true"


def test_a_members_own_page_has_the_sums_in_a_block_of_their_own(wide: Door) -> None:
    told = wide.browser("ana").get(PAGE).text
    block = told.partition('aria-labelledby="coop-together"')[2]
    block = " ".join(re.sub(r"<[^>]+>", " ", block).split())
    assert "All members together" in block
    # 15,546.77 of capital, rounded to the next above the largest part, 2,711.93.
    assert "All members&#39; capital at the year&#39;s end (USD) 15,000 5,000" in block
    assert "Members at the year&#39;s end 9 1" in block
    assert "Members&#39; hours in the year 1,400 200" in block


JSON = f"/books/{MINE}/extension/CapitalAccounts/statement?member=M-Ana"


def test_the_sums_are_in_the_json_of_the_page(wide: Door, shared: Door) -> None:
    sums = wide.browser("ana").get(JSON).get_json()["sums"]
    capital = {"figure": "capital", "year": "2022"}
    assert {**capital, "number": "15000", "rounded_to": "5000"} in sums
    assert shared.browser("ana").get(JSON).get_json()["sums"] == []


def test_a_sum_that_is_left_out_has_no_number_in_json(tmp_path: Path) -> None:
    text = many(old=f"-{OTHERS['M-Dora'][1]} USD", new="-50000.00 USD")
    with door_to(books.write(tmp_path, text), tmp_path / "state") as door:
        sums = door.browser("ana").get(JSON).get_json()["sums"]
    capital = {"figure": "capital", "year": "2022"}
    assert {**capital, "number": None, "rounded_to": "50000"} in sums


def test_a_member_reads_it_in_spanish(tmp_path: Path) -> None:
    spanish = '2022-01-01 custom "fava-option" "language" "es"\n'
    with door_to(books.write(tmp_path, many(spanish)), tmp_path / "state") as door:
        told = door.browser("ana").get(PAGE).text
    assert "Todas las personas socias juntas" in told
    assert "All members together" not in told


def test_without_the_by_laws_word_there_is_no_block(shared: Door) -> None:
    assert "coop-together" not in shared.browser("ana").get(PAGE).text


def test_a_crawl_with_sums_shows_a_member_nothing_of_any_other(wide: Door) -> None:
    foreign = [*canaries("bo", "cleo"), *THEIRS]
    leaks, seen = [], 0
    for asked, told in crawl(wide, "ana", ("GET",)):
        told_more = bare(told, asked)
        leaks += [(asked, one) for one in foreign if one in told_more]
        seen += "portal-sum" in told or "all members together" in told
    assert leaks == []
    assert seen > 0, "the sums have to be found somewhere"


# --- the proof ------------------------------------------------------------------------

FORGED = (
    ("a number", '"capital" 15000 5000', '"capital" 15546.77 5000'),
    ("a rounding", '"capital" 15000 5000', '"capital" 15000 1000'),
    ("a figure", '"2022" "capital"', '"2022" "M-wages"'),
    ("another year", '"2022" "capital"', '"2023" "capital"'),
    ("one that is left out", '"capital" 15000 5000', '"capital" "left-out" 5000'),
    ("more values", '"capital" 15000 5000', '"capital" 15000 5000 77'),
    ("metadata", '"capital" 15000 5000', '"capital" 15000 5000\n  by: "x"'),
    (
        "one more",
        "open Equity:Coop",
        'custom "portal-sum" "x"\n2022-01-01 open Equity:Coop',
    ),
)


@pytest.mark.parametrize(("what", "old", "new"), FORGED, ids=[one[0] for one in FORGED])
def test_a_sum_that_is_not_what_may_be_shown_closes_the_book(
    what: str, old: str, new: str
) -> None:
    entries, _, options = loader.load_string(books.with_opens(many()))
    division = divide(entries, options)
    text = written(division, "M-Ana")
    prove(text, division, "M-Ana")
    assert old in text, what
    with pytest.raises(NotPublishedError, match="M-Ana"):
        prove(text.replace(old, new, 1), division, "M-Ana")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"number": Decimal(20000)}, "rounded"),
        ({"number": Decimal(9), "name": "wages"}, "no figure"),
    ],
)
def test_the_proof_does_not_trust_what_was_chosen_to_be_shown(
    change: dict[str, Any], why: str
) -> None:
    entries, _, options = loader.load_string(books.with_opens(many()))
    division = divide(entries, options)
    share = division.shares["M-Ana"]
    share.sums = [
        one._replace(**change) if one.name == "capital" else one for one in share.sums
    ]
    with pytest.raises(NotPublishedError, match=why):
        prove(written(division, "M-Ana"), division, "M-Ana")


def test_a_sum_that_is_anothers_amount_is_not_published() -> None:
    amount = OTHERS["M-Dora"][1]
    text = many(old=f"-{amount} USD", new="-50000.00 USD")
    entries, _, options = loader.load_string(books.with_opens(text))
    division = divide(entries, options)
    share = division.shares["M-Ana"]
    figure = next(one for one in share.sums if one.name == "capital")
    # 64,075.64 in all, and the largest part is one of 50,000: the sum would be that.
    assert figure.number is None
    assert figure.step == 50000
    share.sums = [figure._replace(number=Decimal(50000))]
    with pytest.raises(NotPublishedError, match="also another member's amount"):
        prove(written(division, "M-Ana"), division, "M-Ana")


# --- any book -------------------------------------------------------------------------

NAMES = ("Ana", "Bo", "Cleo", "Di", "Eve", "Flo", "Gus", "Hal", "Ivy")
YEARS = (2021, 2022, 2023)
_CENTS = st.integers(1, 10**6).map(lambda cents: Decimal(cents).scaleb(-2))


@st.composite
def any_sealed_book(draw: st.DrawFn) -> tuple[str, int]:
    """Make a book of three sealed years in which few or many pay in, work and join."""
    least = draw(st.integers(3, 6))
    lines = [
        'option "title" "Any"\noption "operating_currency" "USD"',
        '2021-01-01 custom "coop-enterprise" "any"',
        '2021-01-01 custom "coop-policy" "us-worker-ica"',
        ON.replace("2022", "2021").rstrip(),
        f'2021-01-01 custom "coop-parameter" "members.aggregates-others" {least}',
    ]
    joined = {name: draw(st.sampled_from((2021, 2021, 2021, *YEARS))) for name in NAMES}
    for name, year in joined.items():
        lines.append(f'{year}-01-01 custom "coop-member" "{name}" "join"')
        lines.append('  class: "worker"')
    for year in YEARS:
        there = [name for name in NAMES if joined[name] <= year]
        lines.append(f'{year}-12-31 * "Sale"\n  Assets:Bank  1 USD\n  Income:Sales')
        for role in ("Contribution", "Patronage", "Voluntary", "Advances"):
            for name in draw(st.sets(st.sampled_from(there))) if there else ():
                number = draw(_CENTS)
                own = f"Equity:Members:{name}:{role}  -{number} USD"
                if role == "Advances":
                    own = f"Expenses:Advances:{name}  {number} USD\n    hours: {number}"
                lines.append(f'{year}-06-01 * "x"\n  {own}\n  Assets:Bank')
    return sealed("\n".join(lines) + "\n"), least


def behind(entries: Any, name: str, year: int) -> dict[str, Decimal]:
    """Return whose a figure is, straight from Beancount's entries."""
    found: dict[str, Decimal] = {}
    for entry in entries:
        is_there = name == "capital" and entry.date.year <= year
        is_there |= name == "hours" and entry.date.year == year
        if name == "members" and isinstance(entry, data.Custom):
            if entry.type == "coop-member" and entry.date.year <= year:
                found[entry.values[0].value] = Decimal(1)
        elif is_there and isinstance(entry, data.Transaction):
            for posting in entry.postings:
                parts = posting.account.split(":")
                if name == "capital" and parts[:2] == ["Equity", "Members"]:
                    number: Any = posting.units and posting.units.number
                    found[parts[2]] = found.get(parts[2], Decimal()) - number
                if name == "hours" and parts[:2] == ["Expenses", "Advances"]:
                    hours = (posting.meta or {})["hours"]
                    found[parts[2]] = found.get(parts[2], Decimal()) + hours
    return found


@settings(max_examples=30, deadline=None)
@given(any_sealed_book())
def test_in_any_book_a_sum_and_the_difference_of_two_are_over_enough_others(
    made: tuple[str, int],
) -> None:
    text, least = made
    entries, _, options = loader.load_string(books.with_opens(text))
    division = divide(entries, options)
    for member in NAMES:
        book = written(division, member)
        prove(book, division, member)
        words = set(re.findall(r"\w+", book.casefold()))
        assert not words & {other.casefold() for other in NAMES if other != member}
        shown = {key: one for key, one in sums_in(book).items() if one is not None}
        whose = {
            (name, year): behind(entries, name, year)
            for name, year in shown
            if name in {"capital", "hours", "members"}
        }
        for (name, year), parts in whose.items():
            assert len(parts.keys() - {member}) >= least
            # One step for all years, so that none tells of the largest part in another.
            ever = [
                abs(one) for y in YEARS for one in behind(entries, name, y).values()
            ]
            step = max(Decimal(1), max(ever) * 5 / 2)
            assert abs(shown[name, year] - sum(parts.values())) <= step / 2
            assert name == "members" or shown[name, year] not in (
                set(division.foreigners.figures)
            )
            for (other, before), earlier in whose.items():
                if other == name and before < year:
                    apart = {
                        one
                        for one in {*parts, *earlier} - {member}
                        if parts.get(one) != earlier.get(one)
                    }
                    assert not 0 < len(apart) < least
