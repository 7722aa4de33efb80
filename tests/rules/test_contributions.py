"""Rules on contributions: who may take them over, and how they are paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

STATE = "es-state-worker"
TRANSFER = """
2024-03-01 * "Cesión a Cleo"
  Equity:Socias:Ana:Aportaciones    100.00 EUR
  Equity:Socias:Cleo:Aportaciones  -100.00 EUR
"""


def ids(folder: Path, preset: str, ledger: str) -> list[str]:
    return [one.rule for one in found(folder, preset, ledger)]


def event(day: str, member: str, what: str) -> str:
    more = '  class: "worker"\n' if what in {"join", "apply"} else ""
    return f'{day} custom "coop-member" "{member}" "{what}"\n{more}'


def test_a_transfer_to_an_outsider_says_until_when_they_had_to_join(
    tmp_path: Path,
) -> None:
    ledger = TRANSFER + event("2024-01-01", "Cleo", "apply")
    assert said(tmp_path, STATE, ledger) == [
        (
            "COOP-CAP-05: Cleo takes over capital on 2024-03-01 and is no member by "
            "2024-06-01."
        ),
    ]


def test_whoever_is_not_in_the_register_at_all_is_found_as_a_stranger(
    tmp_path: Path,
) -> None:
    rules = ids(tmp_path, STATE, TRANSFER)
    assert ("COOP-CAP-02" in rules, "COOP-CAP-05" in rules) == (True, False)


def test_a_transfer_between_members_is_no_matter(tmp_path: Path) -> None:
    ledger = TRANSFER.replace(":Cleo:", ":Bea:")
    assert ids(tmp_path, STATE, ledger) == []


def test_a_transfer_waits_as_long_as_the_book_has_not_come_to_its_day(
    tmp_path: Path,
) -> None:
    ledger = TRANSFER.replace("2024-03-01", "2024-10-01")
    ledger += event("2024-01-01", "Cleo", "apply")
    # The book ends on 31 December 2024.
    assert ids(tmp_path, STATE, ledger) == []


@pytest.mark.parametrize(
    ("preset", "asked", "expected"),
    [
        (STATE, "2024-08-10", []),
        (STATE, "2024-08-11", ["COOP-CAP-05"]),
        (BASQUE, "2024-05-10", []),
        (BASQUE, "2024-05-11", ["COOP-CAP-05"]),
    ],
)
def test_an_heir_asks_to_join_within_the_months_of_each_law(
    tmp_path: Path, preset: str, asked: str, expected: list[str]
) -> None:
    ledger = event("2024-02-10", "Ana", "die") + TRANSFER
    ledger += event(asked, "Cleo", "apply")
    assert ids(tmp_path, preset, ledger) == expected


def test_by_laws_that_say_nothing_of_transfers_forbid_none(tmp_path: Path) -> None:
    ledger = """
2024-01-01 custom "coop-member" "Cleo" "apply"
2024-03-01 * "To Cleo"
  Equity:Members:Ana:Contribution    100.00 USD
  Equity:Members:Cleo:Contribution  -100.00 USD
"""
    assert ids(tmp_path, US, ledger) == []


# --- paying in ------------------------------------------------------------------------

JOINS = """
{day} custom "coop-member" "Cleo" "join"
  class: "worker"
{day} * "Cleo suscribe"
  {says}
  Assets:Banco                                {paid} EUR
  Equity:Socias:Cleo:DesembolsosPendientes    {unpaid} EUR
  Equity:Socias:Cleo:Aportaciones          -1000.00 EUR
"""
PAYS = """
{0} * "Cleo paga"
  Assets:Banco                              {1} EUR
  Equity:Socias:Cleo:DesembolsosPendientes -{1} EUR
"""
GOES_ON = """
{0} * "El libro sigue"
  Expenses:Varios   1.00 EUR
  Assets:Banco     -1.00 EUR
"""


def subscribes(
    day: str = "2024-06-01",
    paid: str = "250.00",
    unpaid: str = "750.00",
    says: str = "office: 1",
) -> str:
    return JOINS.format(day=day, paid=paid, unpaid=unpaid, says=says)


def test_what_is_paid_later_on_the_same_day_counts_as_paid_at_once(
    tmp_path: Path,
) -> None:
    ledger = subscribes(paid="0.00", unpaid="1000.00")
    assert ids(tmp_path, BASQUE, ledger) == ["COOP-CAP-06"]
    assert ids(tmp_path, BASQUE, ledger + PAYS.format("2024-06-01", "250.00")) == []
    assert ids(tmp_path, BASQUE, ledger + PAYS.format("2024-06-02", "250.00")) == [
        "COOP-CAP-06"
    ]


def test_what_was_subscribed_before_the_book_is_not_asked_what_was_paid_then(
    tmp_path: Path,
) -> None:
    ledger = subscribes(paid="0.00", unpaid="1000.00", says='coop-kind: "opening"')
    assert ids(tmp_path, BASQUE, ledger) == []


def test_what_was_subscribed_before_the_book_is_due_from_the_day_of_joining(
    tmp_path: Path,
) -> None:
    ledger = subscribes("2024-06-01", says='coop-kind: "opening"').replace(
        '2024-06-01 custom "coop-member"', '2020-06-01 custom "coop-member"'
    )
    assert said(tmp_path, BASQUE, ledger) == [
        (
            "COOP-CAP-07: 750.00 of what Cleo subscribed is unpaid on 2024-06-01, the "
            "last day for it."
        )
    ]


def test_by_laws_may_ask_for_the_rest_sooner(tmp_path: Path) -> None:
    own = '2020-01-01 custom "coop-parameter" "subscription.instalment-months" 6\n'
    book = subscribes() + GOES_ON.format("2024-12-02")
    assert ids(tmp_path, BASQUE, book) == []
    assert ids(tmp_path, BASQUE, own + book) == ["COOP-CAP-07"]
    # Under the act for all of Spain the statutes alone say until when.
    assert ids(tmp_path, STATE, book) == []


def test_whoever_left_owes_no_instalments(tmp_path: Path) -> None:
    own = '2020-01-01 custom "coop-parameter" "subscription.instalment-months" 6\n'
    ledger = own + subscribes() + event("2024-11-30", "Cleo", "leave")
    assert ids(tmp_path, BASQUE, ledger + GOES_ON.format("2024-12-02")) == []


def test_payments_count_for_the_oldest_subscription_first(tmp_path: Path) -> None:
    own = '2020-01-01 custom "coop-parameter" "subscription.instalment-months" 6\n'
    more = """
2024-10-01 * "Cleo suscribe más"
  Assets:Banco                                100.00 EUR
  Equity:Socias:Cleo:DesembolsosPendientes    300.00 EUR
  Equity:Socias:Cleo:Aportaciones            -400.00 EUR
"""
    ledger = own + subscribes() + more + PAYS.format("2024-11-01", "750.00")
    assert ids(tmp_path, BASQUE, ledger + GOES_ON.format("2025-04-01")) == []
    (one,) = found(tmp_path, BASQUE, ledger + GOES_ON.format("2025-04-02"))
    assert (one.rule, str(one.amount)) == ("COOP-CAP-07", "300.00")


PLAN = "coop-instalments: 3\n  coop-every: 1"


@pytest.mark.parametrize(
    ("preset", "last", "expected"),
    [
        (BASQUE, "2025-08-30", []),
        (BASQUE, "2025-08-31", ["COOP-CAP-08"]),
        (STATE, "2025-07-01", []),
        (STATE, "2025-07-02", ["COOP-CAP-08"]),
    ],
)
def test_an_instalment_is_overdue_when_the_grace_of_each_law_is_over(
    tmp_path: Path, preset: str, last: str, expected: list[str]
) -> None:
    # Of 750.00 a third is due on 1 July.
    ledger = subscribes("2025-06-01", says=PLAN) + GOES_ON.format(last)
    assert ids(tmp_path, preset, ledger) == expected


def test_an_overdue_instalment_says_what_is_paid_and_what_was_due(
    tmp_path: Path,
) -> None:
    ledger = subscribes("2025-06-01", says=PLAN) + PAYS.format("2025-07-01", "249.99")
    ledger += GOES_ON.format("2025-07-02")
    (one,) = found(tmp_path, STATE, ledger)
    assert one.found == (
        "Cleo has paid 249.99 of the instalments that were agreed; 250.00 were due by "
        "now."
    )
    assert one.severity == "warning"
    paid = ledger + PAYS.format("2025-07-01", "0.01")
    assert ids(tmp_path, STATE, paid) == []


def test_an_instalment_of_somebody_who_left_is_settled_with_them(
    tmp_path: Path,
) -> None:
    ledger = subscribes("2025-06-01", says=PLAN) + event("2025-06-30", "Cleo", "leave")
    assert ids(tmp_path, STATE, ledger + GOES_ON.format("2025-09-01")) == []


VOLUNTARY = """
2024-06-01 custom "coop-member" "Cleo" "join"
  class: "worker"
2024-06-01 * "Cleo suscribe"
  {says}
  Assets:Banco                                 {paid} EUR
  Equity:Socias:Cleo:DesembolsosPendientes     {unpaid} EUR
  Equity:Socias:Cleo:Aportaciones             -800.00 EUR
  Equity:Socias:Cleo:AportacionesVoluntarias  -200.00 EUR
"""


def test_of_a_mixed_subscription_only_the_compulsory_part_may_wait(
    tmp_path: Path,
) -> None:
    says = "office: 1"
    at = VOLUNTARY.format(paid="400.00", unpaid="600.00", says=says)
    assert ids(tmp_path, STATE, at) == []
    below = VOLUNTARY.format(paid="199.99", unpaid="800.01", says=says)
    assert ids(tmp_path, STATE, below) == ["COOP-CAP-06", "COOP-CAP-09"]
    # The Basque act does not say when voluntary capital is paid.
    assert ids(tmp_path, BASQUE, below) == ["COOP-CAP-06"]
    forward = below.replace(says, 'coop-kind: "opening"')
    assert ids(tmp_path, STATE, forward) == []
