"""Rules of practice can be switched off, dated and with a reason; no other rule can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import US
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

PAY = """
2024-03-01 * "Pay"
  Expenses:Advances:Ana   75.00 USD
    hours: "some"
  Assets:Bank            -75.00 USD
"""
OFF = '{date} custom "coop-rule" "{rule}" "{state}"\n'
REASON = '  reason: "nobody knows any more"\n'
IS_NO_NUMBER = (
    "COOP-LANG-03: The posting to Expenses:Advances:Ana says 'some' for 'hours', by "
    "which the patronage basis 'labour' is measured."
)


def switch(date: str, state: str = "off", rule: str = "COOP-LANG-03") -> str:
    """Return a directive that switches a rule."""
    return OFF.format(date=date, rule=rule, state=state) + REASON


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ("", [IS_NO_NUMBER]),
        (switch("2024-03-01"), []),
        (switch("2024-03-02"), [IS_NO_NUMBER]),
        (switch("2023-01-01") + switch("2024-03-01", "on"), [IS_NO_NUMBER]),
        (switch("2023-01-01") + switch("2024-03-02", "on"), []),
    ],
    ids=["never", "that-day", "a-day-late", "on-again", "on-again-later"],
)
def test_a_switch_holds_from_its_date_until_the_next(
    tmp_path: Path, switches: str, expected: list[str]
) -> None:
    assert said(tmp_path, US, switches + PAY) == expected


def test_a_switch_without_a_reason_switches_nothing_off(tmp_path: Path) -> None:
    bare = OFF.format(date="2024-01-01", rule="COOP-LANG-03", state="off")
    assert said(tmp_path, US, bare + PAY) == [
        "COOP-LAW-06: COOP-LANG-03 is switched off without a reason.",
        IS_NO_NUMBER,
    ]


def test_the_law_stays_in_force_however_it_is_switched(tmp_path: Path) -> None:
    more = '2024-05-01 * "Too much"\n'
    more += "  Equity:Members:Ana:Contribution  1,200.00 USD\n"
    more += "  Assets:Bank  -1,200.00 USD\n"
    ledger = switch("2020-02-01", rule="COOP-CAP-01") + more
    assert said(tmp_path, US, ledger) == [
        "COOP-LAW-06: COOP-CAP-01 is a rule of statutes and stays in force.",
        "COOP-CAP-01: The capital of Ana falls to -200.00.",
    ]


def test_a_rule_that_does_not_exist_cannot_be_switched(tmp_path: Path) -> None:
    (found,) = said(tmp_path, US, switch("2024-01-01", rule="COOP-LANG-3"))
    assert found.startswith("COOP-LAW-06: There is no rule 'COOP-LANG-3'; did you mean")


SHORT = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  coop-kind: "redemption"
  Equity:Surplus:Appropriated         1,000.00 USD
  Equity:Collective                    -249.98 USD
  Liabilities:Members:Ana:Payable      -562.52 USD
  Liabilities:Members:Bea:Payable      -187.50 USD
"""


@pytest.mark.parametrize("switched", ["", switch("2020-02-01", rule="COOP-APP-10")])
def test_what_by_laws_ask_is_said_beside_practice_and_without_it(
    tmp_path: Path, switched: str
) -> None:
    rules = [one.partition(":")[0] for one in said(tmp_path, US, switched + SHORT)]
    assert rules == ["COOP-APP-09", *([] if switched else ["COOP-APP-10"])]
