"""How a member's part was worked out, as far as it is their own."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.portal.composing import written
from coopledger.portal.gate import MINE
from coopledger.portal.proving import NotPublishedError
from coopledger.portal.proving import prove
from coopledger.services.ownparts import OwnMeasure
from coopledger.services.ownparts import OwnPart
from tests import books
from tests.portal.door import BOOK
from tests.portal.door import Door
from tests.portal.door import door_to
from tests.portal.test_deriving import book_of
from tests.portal.test_deriving import divided
from tests.portal.test_sums import many

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.portal.deriving import Division

PAGE = f"/books/{MINE}/extension/CapitalAccounts/?partial=true"
PART = 'custom "portal-part" "2022" "patronage" 1.000000 151.750000 70.24\n'
MEASURE = 'custom "portal-measure" "2022" "patronage" "hours" 151.75 1\n'


@pytest.fixture
def division(tmp_path: Path) -> Division:
    return divided(tmp_path, BOOK)


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_member_reads_the_own_side_of_the_reckoning(shared: Door) -> None:
    told = words_of(shared.browser("ana").get(PAGE).text)
    assert "The member's own hours 151.75" in told
    assert "The member's weight 151.75" in told
    # 70.24 / 151.75, from the own figures alone.
    assert "Came to each unit of it, about 0.462867" in told
    assert "The member's part 70.24" in told


def test_without_by_laws_that_show_sums_a_sentence_says_whom_to_ask(
    shared: Door,
) -> None:
    told = words_of(shared.browser("ana").get(PAGE).text)
    assert "ask whoever keeps the books to show you the whole reckoning" in told
    assert "This book alone" not in told


def test_the_own_side_is_in_the_json(shared: Door) -> None:
    address = f"/books/{MINE}/extension/CapitalAccounts/statement?member=M-Ana"
    (working,) = shared.browser("ana").get(address).get_json()["workings"]
    assert working["parts"] == []
    assert working["own"] == [
        {
            "step": "patronage",
            "measures": [{"unit": "hours", "quantity": "151.75", "weight": "1"}],
            "times": "1.000000",
            "weight": "151.750000",
            "amount": "70.24",
        }
    ]


def test_where_by_laws_show_sums_they_stand_beside_it_rounded(tmp_path: Path) -> None:
    # The others' pay comes out of more sales, so that there is as much to divide.
    sales = """
2022-12-31 * "Customers" "More sales"
  Assets:Bank    2,697.56 USD
  Income:Sales  -2,697.56 USD
"""
    booked = "-75.06 USD\n  Equity:Members:M-Ana:Patronage           -70.24 USD"
    own = "-120.03 USD\n  Equity:Members:M-Ana:Patronage           -25.27 USD"
    text = many(sales, booked, own)
    with door_to(books.write(tmp_path, text), tmp_path / "state") as door:
        told = words_of(door.browser("ana").get(PAGE).text)
    assert "Hours of all members in 2022: about 1,400." in told
    assert "sums, rounded" in told


def test_a_part_that_was_booked_otherwise_has_no_reckoning(tmp_path: Path) -> None:
    text = BOOK.replace("-70.24", "-70.25").replace("-75.06", "-75.05")
    assert "portal-part" not in book_of(tmp_path, text)
    with door_to(tmp_path / "main.beancount", tmp_path / "state") as door:
        told = door.browser("ana").get(PAGE).text
    assert "This book alone does not lead to that amount" in told


def test_what_was_taken_back_is_a_number_of_its_own(tmp_path: Path) -> None:
    division = divided(tmp_path, BOOK)
    share = division.shares["M-Ana"]
    measures = (
        OwnMeasure("hours", Decimal(-3), Decimal(2)),
        OwnMeasure("KG", Decimal(10), Decimal("0.5")),
    )
    share.parts = [OwnPart(2022, "x", Decimal(2), Decimal(-2), Decimal(7), measures)]
    prove(written(division, "M-Ana"), division, "M-Ana")


def test_a_weight_of_more_than_the_own_measures_closes_the_book(
    division: Division,
) -> None:
    share = division.shares["M-Ana"]
    share.parts = [share.parts[0]._replace(weight=Decimal("486.5"))]
    with pytest.raises(NotPublishedError, match="more than their own"):
        prove(written(division, "M-Ana"), division, "M-Ana")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PART, PART.replace("70.24", "75.68")),
        (PART, PART.replace("2022", "2023")),
        (PART, ""),
        (PART, f"{PART}2022-01-01 {PART}"),
        (MEASURE, MEASURE.replace("151.75", "163.5")),
        (MEASURE, MEASURE.replace('"hours"', '"Bolivar"')),
        (MEASURE, f'{MEASURE}  by: "M-Bo"\n'),
    ],
)
def test_a_reckoning_that_is_not_the_full_books_closes_the_book(
    division: Division, old: str, new: str
) -> None:
    text = written(division, "M-Ana")
    prove(text, division, "M-Ana")
    assert old in text
    forged = re.sub(rf".*{re.escape(old)}", f"2022-01-01 {new}" if new else "", text)
    with pytest.raises(NotPublishedError):
        prove(forged, division, "M-Ana")


def test_the_own_weight_is_not_empty_where_all_weigh_the_same() -> None:
    part = OwnPart(2022, "x", Decimal(1), Decimal(1), Decimal(5), ())
    assert part.is_consistent
    assert part.rate == 5
    assert part._replace(weight=Decimal(0)).rate is None
