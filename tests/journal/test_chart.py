"""The chart of accounts, both ways: from names to roles and from roles to names."""

from __future__ import annotations

import pytest

from coopledger.journal.chart import Chart
from coopledger.journal.chart import Place
from coopledger.journal.chart import RoleMissingError
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths

US = load_preset("us-worker-ica").chart


def chart(**templates: str) -> Chart:
    """Build the American chart with more templates on top."""
    own = {role.replace("_", "-"): (text,) for role, text in templates.items()}
    return Chart.of([US, own], {})


@pytest.mark.parametrize(
    ("account", "place"),
    [
        ("Equity:Members:Ana:Contribution", Place("contribution", "Ana", "")),
        ("Equity:Members:Ana:Patronage", Place("patronage", "Ana", "")),
        ("Liabilities:Members:Ana:Payable", Place("member-payable", "Ana", "")),
        ("Liabilities:Redemptions:Ana", Place("redemption-payable", "Ana", "")),
        ("Expenses:Advances:Ana", Place("advance", "Ana", "")),
        ("Expenses:Wages:Dan", Place("wages", "", "Dan")),
        ("Assets:DueFrom:Green-Team", Place("due-from", "", "Green-Team")),
        ("Equity:Funds:Solidarity", Place("fund", "", "Solidarity")),
        ("Equity:Collective", Place("collective", "", "")),
        ("Equity:Collective:Indivisible", Place("collective", "", "")),
        ("Equity:Members:Ana:Patronage:2024:Q1", Place("patronage", "Ana", "")),
    ],
)
def test_an_account_belongs_to_the_template_that_it_equals_or_lies_below(
    account: str, place: Place
) -> None:
    assert chart().place(account) == place


@pytest.mark.parametrize(
    "account", ["Assets:Bank", "Equity:Opening-Balances", "Equity", "Expenses:Wages"]
)
def test_an_ordinary_account_has_no_place(account: str) -> None:
    assert chart().place(account) is None


@pytest.mark.parametrize(
    "account",
    ["Equity:Members", "Equity:Members:Ana", "Equity:Members:Ana:Contribusion"],
)
def test_an_account_among_the_members_without_a_role_is_misplaced(account: str) -> None:
    assert chart().place(account) == Place("misplaced", "", "")


def test_a_co_op_has_names_of_its_own() -> None:
    own = chart(patronage="Equity:Socias:{member}:Retornos")
    assert own.place("Equity:Socias:Ana:Retornos") == Place("patronage", "Ana", "")
    assert own.account("patronage", member="Ana") == "Equity:Socias:Ana:Retornos"
    old = own.place("Equity:Members:Ana:Patronage")
    assert old == Place("patronage", "Ana", "")


def test_a_template_given_again_is_the_one_for_new_accounts() -> None:
    own = Chart.of(
        [
            {"collective": ("Equity:A", "Equity:B")},
            {"collective": ("Equity:A",)},
        ],
        {},
    )
    assert own.templates["collective"] == ("Equity:B", "Equity:A")
    assert own.account("collective") == "Equity:A"


def test_a_template_may_name_the_year() -> None:
    own = chart(patronage="Equity:Members:{member}:Retained:{year}")
    place = own.place("Equity:Members:Ana:Retained:2024")
    assert place == Place("patronage", "Ana", "2024")
    account = own.account("patronage", member="Ana", year="2025")
    assert account == "Equity:Members:Ana:Retained:2025"


def test_a_name_that_is_written_wins_over_a_placeholder() -> None:
    own = chart(suspense="Equity:Members:Unclaimed:Patronage")
    assert own.place("Equity:Members:Unclaimed:Patronage") == Place("suspense", "", "")
    unclaimed = own.place("Equity:Members:Unclaimed:Contribution")
    assert unclaimed == Place("contribution", "Unclaimed", "")


def test_root_accounts_may_bear_other_names() -> None:
    options = {"name_equity": "Patrimonio", "name_liabilities": "Pasivo"}
    own = Chart.of([US], options)
    place = own.place("Patrimonio:Members:Ana:Patronage")
    assert place == Place("patronage", "Ana", "")
    assert own.account("collective") == "Patrimonio:Collective"
    assert own.account("member-payable", member="Ana") == "Pasivo:Members:Ana:Payable"
    assert own.place("Equity:Collective") is None


@pytest.mark.parametrize("name", sorted(preset_paths()))
def test_each_role_of_a_preset_comes_back_from_its_own_account(name: str) -> None:
    templates = load_preset(name).chart
    own = Chart.of([templates], {})
    names = {"member": "Ana", "year": "2024", "peer": "Peer", "fund": "Fund"}
    for role in templates:
        account = own.account(role, **names, worker="Dan")
        place = own.place(account)
        assert place is not None
        assert place.role == role
        assert place.member in {"", "Ana"}


def test_a_role_without_an_account_is_refused_with_the_directive_to_add() -> None:
    with pytest.raises(RoleMissingError) as refused:
        Chart().account("patronage", member="Ana")
    assert str(refused.value) == (
        "The chart of accounts has no account for the role 'patronage' that could be "
        'booked to. Add one: DATE custom "coop-account" "patronage" "Equity:...".'
    )


def test_a_template_that_asks_for_a_name_is_refused_without_it() -> None:
    own = chart(collective="Equity:Collective:{year}")
    with pytest.raises(RoleMissingError, match="role 'collective'"):
        own.account("collective")
