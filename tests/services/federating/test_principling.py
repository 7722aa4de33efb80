"""Principles, measured as far as books can tell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from coopledger.domain.pairing import pair
from coopledger.domain.principles import MEASURES
from coopledger.domain.principles import Measure
from coopledger.domain.principles import measure
from coopledger.services.federating.consolidating import consolidate_year
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.layouts import read_layout
from coopledger.services.federating.principling import PrinciplesUnknownError
from coopledger.services.federating.principling import PrinciplesUnreadableError
from coopledger.services.federating.principling import measure_all
from coopledger.services.federating.principling import read_principles
from coopledger.services.federating.principling import reservations
from coopledger.services.federating.principling import shipped
from tests.services.federating.federations import earned
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation
from tests.services.federating.test_consolidating import group

LEDGER = Path(__file__).parents[3] / "ledger"
NOWHERE = Path("nowhere") / "principles.toml"
HEAD = 'id = "ours"\ntitle = "Ours"\nsource = "our assembly"\n'

WORK = """
2024-01-01 custom "coop-member" "Ana" "join"
  class: "worker"
2024-01-01 * "Ana joins"
  Assets:Bank  1100.00 USD
  Equity:Members:Ana:Contribution  -1000.00 USD
  Equity:Reserves:EntryFees  -100.00 USD
2024-02-01 * "Pay"
  Expenses:Advances:Ana  300.00 USD
    hours: 10
  Assets:Bank  -300.00 USD
2024-02-01 * "Pay"
  Expenses:Wages:Wim  150.00 USD
    hours: 10
  Assets:Bank  -150.00 USD
"""

GIVEN = """
2024-05-02 * "To the fund"
  coop-transfer: "S-1"
  coop-peer: "federation"
  Expenses:Solidarity:Aid  30.00 USD
  Assets:Bank  -30.00 USD
"""


def figures(folder: Path) -> dict[str, Measure]:
    """Measure everything of a federation that was written to a folder."""
    found = group(folder)
    measured = measure_all(
        read_principles("thirteen", NOWHERE), found.views, found.unit
    )
    return {one.id: one for principle in measured for one in principle.measures}


def test_what_books_can_tell_is_measured(tmp_path: Path) -> None:
    write_federation(tmp_path, ["a", "b"], earned("10.00"))
    write_book(tmp_path, "a", earned("1000.00") + WORK + GIVEN)
    write_book(tmp_path, "b", earned("-500.00"))
    found = figures(tmp_path)
    assert {name: str(one.group) for name, one in found.items()} == {
        "members": "1",
        "joined": "1",
        "left": "0",
        "entry-fees": "100.00",
        "entry-fee-each": "100.00",
        "decisions": "0",
        "members-share-of-hours": "0.5000",
        "hours-of-members": "10.00",
        "hours-of-hired": "10.00",
        "hired": "1",
        "share-to-labour": "None",
        "capital": "1000.00",
        "interest": "0.00",
        "interest-on-capital": "None",
        "interest-cap": "0.1500",
        "pay-ratio": "1.00",
        "given": "30.00",
        "received": "0.00",
        # 30 of 520 + 10: the loss of the other enterprise has no parts.
        "share-to-solidarity": "0.0566",
        "share-to-reserves": "None",
        "share-to-education": "0.0000",
    }
    assert found["share-to-solidarity"].values["b"] is None
    assert found["pay-ratio"].values == {
        "federation": None,
        "a": Decimal("1.00"),
        "b": None,
    }


def test_a_measure_says_of_how_many_enterprises_it_is(tmp_path: Path) -> None:
    write_federation(tmp_path, ["a", "b"], earned("10.00"))
    write_book(tmp_path, "a", earned("1000.00") + WORK)
    write_book(tmp_path, "b", earned("-500.00"))
    found = figures(tmp_path)
    names = ("members", "pay-ratio", "share-to-reserves", "share-to-solidarity")
    assert [found[name].taken for name in names] == [3, 1, 0, 2]


LAST = '2024-12-31 * "The year ends"\n  Assets:Bank  0 USD\n  Assets:Bank  0 USD\n'


def test_books_whose_figures_are_missing_or_will_change_are_named(
    tmp_path: Path,
) -> None:
    ids = ["whole", "short", "absent", "broken", "faulty", "early"]
    write_federation(tmp_path, ids, earned("0.00") + LAST)
    write_book(tmp_path, "whole", LAST)
    write_book(tmp_path, "short", earned("1000.00"))
    write_book(tmp_path, "broken", earned("1000.00") + "2024-01-01 * (\n")
    unknown = '2024-06-30 custom "coop-membr" "Ana" "join"\n'
    write_book(tmp_path, "faulty", unknown + LAST)
    write_book(tmp_path, "early", earned("1000.00", 2022))
    kinds: dict[str, list[str]] = {}
    for one in reservations(group(tmp_path)):
        kinds.setdefault(one.enterprise, []).append(one.kind)
        assert f"'{one.enterprise}'" in one.why
    assert kinds == {
        "early": ["missing"],
        "absent": ["missing"],
        "federation": ["findings"],
        "short": ["unfinished", "open"],
        "broken": ["unfinished", "open", "findings"],
        "faulty": ["findings"],
    }


def test_money_of_another_currency_counts_at_the_year_s_average(tmp_path: Path) -> None:
    write_federation(tmp_path, ["a"], earned("10.00"))
    write_book(tmp_path, "a", earned("1000.00") + WORK + GIVEN)
    found = group(tmp_path)
    views = {
        name: replace(one, average=Fraction(2)) for name, one in found.views.items()
    }
    given = measure("given", views, found.unit)
    assert (given.values["a"], given.group) == (Decimal("60.00"), Decimal("60.00"))
    hours = measure("hours-of-members", views, found.unit)
    assert hours.values["a"] == Decimal("10.00")


def test_a_distributed_year_tells_what_went_where() -> None:
    federation = gather(LEDGER)
    pairing = pair(federation.books, [], 5)
    layout = replace(read_layout(None), months_apart=6)
    found = consolidate_year(federation, 2024, layout, pairing)
    reserves = measure("share-to-reserves", found.views, found.unit)
    labour = measure("share-to-labour", found.views, found.unit)
    assert (reserves.values["freedom-farms"], labour.values["freedom-farms"]) == (
        Decimal("0.3000"),
        Decimal("0.7000"),
    )
    assert reserves.values["nubias-cafe"] is None


def test_interest_is_measured_beside_the_cap_that_law_or_statutes_set(
    tmp_path: Path,
) -> None:
    write_federation(tmp_path, ["a", "b"], earned("10.00"))
    cap = '2020-01-01 custom "coop-parameter" "interest.policy-cap" 0.06\n'
    write_book(tmp_path, "a", cap + WORK + earned("900.00"))
    write_book(tmp_path, "b", WORK + earned("900.00"))
    found = figures(tmp_path)["interest-cap"]
    own, law = Decimal("0.0600"), Decimal("0.1500")
    assert found.values == {"federation": law, "a": own, "b": law}
    assert found.group == law


def test_every_measure_is_named_by_one_of_the_lists() -> None:
    named = {
        name
        for one in shipped()
        for principle in read_principles(one, NOWHERE).principle
        for name in principle.measures
    }
    assert named == set(MEASURES)


def test_the_lists_have_as_many_principles_as_they_say() -> None:
    assert {
        name: len(read_principles(name, NOWHERE).principle) for name in shipped()
    } == {
        "ica": 7,
        "mondragon": 10,
        "thirteen": 13,
    }


def test_a_federations_own_list_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "principles.toml"
    own.write_text(
        f'{HEAD}[[principle]]\ntitle = "Work"\nmeasures = ["members"]\n', "utf-8"
    )
    assert read_principles("", own).id == "ours"
    assert read_principles("ica", own).id == "ica"
    assert read_principles("", NOWHERE).id == "mondragon"


def test_a_list_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(PrinciplesUnknownError, match="did you mean 'mondragon'"):
        read_principles("mondragón", NOWHERE)


def test_a_list_that_is_no_text_says_so(tmp_path: Path) -> None:
    own = tmp_path / "principles.toml"
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(PrinciplesUnreadableError, match="can't decode"):
        read_principles("", own)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id =", "Invalid value"),
        (HEAD, "principle: Field required"),
        (
            f'{HEAD}[[principle]]\ntitle = "W"\nmeasures = ["member"]\n',
            "no measure 'member'; did you mean 'members'",
        ),
    ],
)
def test_a_list_that_is_wrong_says_what(tmp_path: Path, text: str, why: str) -> None:
    own = tmp_path / "principles.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(PrinciplesUnreadableError, match=why):
        read_principles("", own)
