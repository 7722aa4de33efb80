"""The rate of a member's interest, which their own book alone does not lead to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_book
from coopledger.portal.composing import written
from coopledger.portal.deriving import Division
from coopledger.portal.deriving import divide
from coopledger.portal.gate import MINE
from coopledger.portal.proving import NotPublishedError
from coopledger.portal.proving import prove
from tests.fava_ext.test_languages import LEDGER
from tests.portal.door import door_to

if TYPE_CHECKING:
    from pathlib import Path

BOOK = LEDGER / "basque" / "main.beancount"
PAGE = f"/books/{MINE}/extension/CapitalAccounts/?member=Ainhoa"


def test_a_member_reads_at_which_rate_interest_was_given(tmp_path: Path) -> None:
    with door_to(BOOK, tmp_path / "state") as door:
        door.people.add("ainhoa", "member", "Ainhoa")
        told = door.browser("ainhoa").get(f"{PAGE}&partial=true").text
    for year in (2024, 2025):
        assert f"Intereses de {year} al 2\N{NO-BREAK SPACE}%" in told


@pytest.fixture(scope="module")
def division() -> Division:
    book = load_book(BOOK)
    return divide(book.entries, {**book.options})


def test_a_member_is_told_the_rates_of_their_own_interest_alone(
    division: Division,
) -> None:
    both = {2024: Decimal("0.02"), 2025: Decimal("0.02")}
    assert division.shares["Ainhoa"].rates == both
    for member, share in division.shares.items():
        kinds = {
            division.kinds.get((str(one.meta["filename"]), one.meta["lineno"]))
            for movement in share.movements
            for one in movement.postings
            if one.meta
        }
        assert bool(share.rates) == ("interest" in kinds), member


LINE = 'custom "portal-rate" "2024" 0.02\n'


@pytest.mark.parametrize(
    "forged",
    [
        LINE.replace("0.02", "0.03"),
        LINE.replace("2024", "2023"),
        LINE.replace("0.02", "0.02 77"),
        f'{LINE}  by: "Iker"\n',
        f'{LINE}2024-01-01 custom "portal-rate" "2023" 0.5\n',
    ],
)
def test_a_rate_that_is_not_the_full_books_closes_the_book(
    division: Division, forged: str
) -> None:
    text = written(division, "Ainhoa")
    prove(text, division, "Ainhoa")
    assert LINE in text
    with pytest.raises(NotPublishedError, match="rates of interest"):
        prove(text.replace(LINE, forged, 1), division, "Ainhoa")
