"""Rules on leaving: what may be kept and when the rest is paid, to cent and day."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import STATE
from tests.rules.ledgers import US
from tests.rules.ledgers import found
from tests.rules.ledgers import said

if TYPE_CHECKING:
    from pathlib import Path

LEAVES = """
2024-06-30 custom "coop-member" "Bea" "leave"
"""
KEPT = """
2024-06-30 * "Deducción"
  coop-kind: "deduction"
  Equity:Socias:Bea:Aportaciones            {0} EUR
  Equity:Reservas:FondoReservaObligatorio  -{0} EUR
"""


def test_deductions_in_two_parts_are_added_up(tmp_path: Path) -> None:
    ledger = LEAVES + KEPT.format("200.00")
    assert said(tmp_path, BASQUE, ledger + KEPT.format("100.00")) == []
    (finding,) = found(tmp_path, BASQUE, ledger + KEPT.format("100.01"))
    assert (finding.rule, str(finding.limit)) == ("COOP-EXIT-01", "300.00")
    assert finding.found == (
        "300.01 is kept of Bea's contributions of 1000.00; 300.00 is the most."
    )


def test_what_a_member_gives_up_is_no_deduction_of_a_leaver(tmp_path: Path) -> None:
    assert said(tmp_path, BASQUE, KEPT.format("300.01")) == []


def test_bylaws_without_deductions_let_not_a_cent_be_kept(tmp_path: Path) -> None:
    ledger = (
        LEAVES
        + """
2024-06-30 * "Kept"
  coop-kind: "deduction"
  Equity:Members:Bea:Contribution   0.01 USD
  Equity:Collective                -0.01 USD
"""
    )
    assert [line[:12] for line in said(tmp_path, US, ledger)] == ["COOP-EXIT-01"]


def test_a_posting_of_another_kind_is_no_deduction(tmp_path: Path) -> None:
    moved = KEPT.format("300.01").replace(
        "Aportaciones            300.01 EUR",
        'Aportaciones            300.01 EUR\n    coop-kind: "correction"',
    )
    assert said(tmp_path, BASQUE, LEAVES + moved) == []


def test_before_the_law_held_nothing_is_limited(tmp_path: Path) -> None:
    ledger = (LEAVES + KEPT.format("500.00")).replace("2024-06-30", "2020-01-28")
    assert said(tmp_path, BASQUE, ledger) == []


def leaves(kind: str, on: str = "2024-06-30") -> str:
    return f'{on} custom "coop-member" "Bea" "leave"\n  exit: "{kind}"\n'


@pytest.mark.parametrize(
    ("preset", "kind", "most"),
    [
        (BASQUE, "justified", "0.00"),
        (BASQUE, "retirement", "0.00"),
        (BASQUE, "death", "0.00"),
        (BASQUE, "unjustified", "200.00"),
        (BASQUE, "minimum-stay", "300.00"),
        (BASQUE, "expulsion", "300.00"),
        (STATE, "unjustified", "0.00"),
        (STATE, "minimum-stay", "300.00"),
        (STATE, "expulsion", "0.00"),
    ],
)
def test_each_kind_of_exit_has_its_own_limit(
    preset: str, kind: str, most: str, tmp_path: Path
) -> None:
    more = str(Decimal(most) + Decimal("0.01"))
    (finding,) = found(tmp_path, preset, leaves(kind) + KEPT.format(more))
    assert (finding.rule, str(finding.limit)) == ("COOP-EXIT-01", most)
    if most != "0.00":
        assert said(tmp_path, preset, leaves(kind) + KEPT.format(most)) == []


def test_the_reason_stands_in_the_finding(tmp_path: Path) -> None:
    (line,) = said(tmp_path, BASQUE, leaves("unjustified") + KEPT.format("250.00"))
    assert line == (
        "COOP-EXIT-01: 250.00 is kept of Bea's contributions of 1000.00; 200.00 is the "
        "most for an unjustified exit."
    )


def test_what_was_retained_is_spared_where_nothing_may_be_kept(tmp_path: Path) -> None:
    ledger = (
        leaves("unjustified")
        + """
2024-01-02 * "From before"
  coop-kind: "opening"
  Assets:Bank                     100.00 USD
  Equity:Members:Bea:Patronage   -100.00 USD
2024-06-30 * "Kept"
  coop-kind: "deduction"
  Equity:Members:Bea:Patronage      0.01 USD
  Equity:Collective                -0.01 USD
"""
    )
    assert [line[:12] for line in said(tmp_path, US, ledger)] == ["COOP-EXIT-02"]


# --- in time -------------------------------------------------------------------------

SETTLED = """
{0} * "Bea" "Her account becomes a debt"
  coop-kind: "redemption"
  Equity:Socias:Bea:Aportaciones            1000.00 EUR
  Liabilities:Reembolsos:Bea               -1000.00 EUR
"""
PAID = """
{0} * "Bea" "Paid"
  coop-kind: "redemption"
  Liabilities:Reembolsos:Bea                {1} EUR
  Assets:Banco                             -{1} EUR
"""
INTEREST = """
{0} * "Bea" "Interest"
  Expenses:Intereses                        {1} EUR
  Liabilities:Reembolsos:Bea               -{1} EUR
"""
GOES_ON = """
{0} * "The book goes on"
  Assets:Banco                              500.00 EUR
  Income:Ventas                            -500.00 EUR
"""


def test_a_death_is_paid_within_its_own_time(tmp_path: Path) -> None:
    dies = '2024-01-31 custom "coop-member" "Bea" "die"\n'
    ledger = dies + SETTLED.format("2024-02-01") + PAID.format("2025-01-31", "{0}")
    ledger += GOES_ON.format("2025-02-01")
    assert said(tmp_path, BASQUE, ledger.format("1000.00")) == []
    assert said(tmp_path, BASQUE, ledger.format("999.99")) == [
        "COOP-EXIT-03: Bea left on 2024-01-31; 0.01 was not repaid by 2025-01-31."
    ]


def test_who_comes_back_is_no_leaver(tmp_path: Path) -> None:
    ledger = (
        leaves("justified", "2020-03-31")
        + '2021-01-01 custom "coop-member" "Bea" "join"\n  class: "worker"\n'
        + GOES_ON.format("2025-04-01")
    )
    assert said(tmp_path, BASQUE, ledger) == []


def test_an_account_that_nobody_settled_is_late_as_well(tmp_path: Path) -> None:
    ledger = leaves("justified", "2020-03-31") + GOES_ON.format("{0}")
    assert said(tmp_path, BASQUE, ledger.format("2025-03-31")) == []
    assert said(tmp_path, BASQUE, ledger.format("2025-04-01")) == [
        "COOP-EXIT-03: Bea left on 2020-03-31; 1000.00 was not repaid by 2025-03-31."
    ]


REFUND = '{0} custom "coop-refund" "Bea" "{1}" {2}\n'


def test_a_refused_refund_is_not_late_and_a_granted_one_has_its_own_time(
    tmp_path: Path,
) -> None:
    start = leaves("justified", "2020-03-31") + REFUND.format(
        "2020-04-01", "refuse", ""
    )
    assert said(tmp_path, BASQUE, start + GOES_ON.format("2025-12-31")) == []
    granted = start + REFUND.format("2020-12-31", "grant", "") + GOES_ON.format("{0}")
    assert said(tmp_path, BASQUE, granted.format("2025-12-31")) == []
    assert said(tmp_path, BASQUE, granted.format("2026-01-01")) == [
        "COOP-EXIT-03: Bea left on 2020-03-31; 1000.00 was not repaid by 2025-12-31."
    ]


def test_of_a_part_that_was_granted_only_that_part_is_due(tmp_path: Path) -> None:
    ledger = (
        leaves("justified", "2020-03-31")
        + REFUND.format("2020-06-30", "grant", "400.00 EUR")
        + SETTLED.format("2020-07-01").replace("1000.00", "400.00")
        + PAID.format("2020-07-02", "{0}")
        + GOES_ON.format("2025-07-01")
    )
    assert said(tmp_path, BASQUE, ledger.format("400.00")) == []
    lines = said(tmp_path, BASQUE, ledger.format("399.99"))
    late = "COOP-EXIT-03: Bea left on 2020-03-31; 0.01 was not repaid by 2025-06-30."
    assert late in lines


def agreed(words: str) -> str:
    return SETTLED.format("2024-06-30").replace(
        'coop-kind: "redemption"', f'coop-kind: "redemption"\n  {words}'
    )


def test_instalments_that_end_too_late_are_found_when_they_are_agreed(
    tmp_path: Path,
) -> None:
    ledger = leaves("justified") + agreed("coop-instalments: {0}")
    late = (
        "COOP-EXIT-03: The last instalment agreed with Bea is due on 2030-06-30; "
        "everything is due by 2029-06-30."
    )
    assert said(tmp_path, BASQUE, ledger.format("5")) == []
    assert said(tmp_path, BASQUE, ledger.format("6")) == [late]


def test_a_first_instalment_has_its_own_day(tmp_path: Path) -> None:
    ledger = (
        leaves("justified")
        + agreed("coop-instalments: 3\n  coop-due: 2024-07-31")
        + PAID.format("2024-07-31", "{0}")
    )
    late = (
        "COOP-EXIT-06: By 2024-07-31 333.34 is due to Bea as it was agreed, and "
        "333.33 was paid."
    )
    assert said(tmp_path, BASQUE, ledger.format("333.34")) == []
    assert said(tmp_path, BASQUE, ledger.format("333.33")) == [late]


# --- by yearly parts, with interest ---------------------------------------------------


@pytest.mark.parametrize("year", [1, 2, 3, 4])
def test_every_year_another_fifth_is_due(year: int, tmp_path: Path) -> None:
    paid = {n: "199.99" if n == year else "200.00" for n in (1, 2, 3, 4)}
    start = leaves("justified", "2020-06-30") + SETTLED.format("2020-06-30")
    parts = [PAID.format(f"{2020 + n}-06-30", part) for n, part in paid.items()]
    lines = said(tmp_path, STATE, start + "".join(parts))
    first = (
        f"COOP-EXIT-04: By {2020 + year}-06-30 {200 * year - 1}.99 of what Bea is owed "
        f"was repaid; {200 * year}.00 is the least."
    )
    assert next(one for one in lines if "EXIT-04" in one) == first
    right = start + "".join(parts).replace("199.99", "200.00")
    assert [one[:12] for one in said(tmp_path, STATE, right)] == ["COOP-EXIT-05"]


def test_what_is_paid_pays_the_interest_first(tmp_path: Path) -> None:
    ledger = (
        leaves("justified")
        + SETTLED.format("2024-06-30")
        + INTEREST.format("2025-06-30", "32.50")
        + PAID.format("2025-06-30", "{0}")
    )
    assert said(tmp_path, STATE, ledger.format("232.50")) == []
    assert [one[:12] for one in said(tmp_path, STATE, ledger.format("232.49"))] == [
        "COOP-EXIT-04"
    ]


def test_the_legal_interest_follows_its_changes_and_the_debt(tmp_path: Path) -> None:
    # 184 days of 2022 at 3 % on 1,000; 181 of 2023 at 3.25 %, from 1 April on 400.
    exact = 1000 * Fraction(3, 100) * 184 / 365
    exact += (1000 * 90 + 400 * 91) * Fraction(325, 10000) / 365
    assert exact * 100 // 1 == 2637
    ledger = (
        leaves("justified", "2022-07-01")
        + SETTLED.format("2022-07-01")
        + PAID.format("2023-04-01", "600.00")
        + PAID.format("2023-07-01", "400.00")
        + INTEREST.format("2023-12-31", "{0}")
        + PAID.format("2023-12-31", "{0}")
    )
    late = (
        "COOP-EXIT-05: What Bea is owed earned 26.36 by 2023-12-31; the legal interest "
        "up to 2023-07-01 is 26.37."
    )
    assert said(tmp_path, BASQUE, ledger.format("26.37")) == []
    assert said(tmp_path, BASQUE, ledger.format("26.36")) == [late]


def test_what_is_paid_within_the_year_is_asked_for_no_interest(tmp_path: Path) -> None:
    ledger = leaves("justified", "2022-07-01") + SETTLED.format("2022-07-01")
    ledger += PAID.format("{0}", "1000.00")
    assert said(tmp_path, BASQUE, ledger.format("2023-06-29")) == []
    late = said(tmp_path, BASQUE, ledger.format("2023-07-01"))
    assert [one[:12] for one in late] == ["COOP-EXIT-05"]


REDEEMED = """
2023-07-01 * "Bea" "Her account becomes a debt"
  Equity:Members:Bea:Contribution  1000.00 USD
  Liabilities:Redemptions:Bea     -1000.00 USD
2024-12-31 * "Bea" "Interest of a year"
  Expenses:Interest                  {0} USD
  Liabilities:Redemptions:Bea       -{0} USD
"""
RATE = '2022-01-01 custom "coop-parameter" "exit.reference-rate" 0.02\n'


def test_a_reference_rate_that_nobody_wrote_down_asks_for_nothing(
    tmp_path: Path,
) -> None:
    ledger = leaves("justified", "2023-07-01") + REDEEMED
    late = (
        "COOP-EXIT-05: What Bea is owed earned 39.99 by 2024-12-31; the legal interest "
        "up to 2024-07-01 is 40.00."
    )
    assert said(tmp_path, US, ledger.format("0.01")) == []
    assert said(tmp_path, US, RATE + ledger.format("40.00")) == []
    assert said(tmp_path, US, RATE + ledger.format("39.99")) == [late]
    # A rate from later on does not tell what the first days earned.
    unknown = RATE.replace("2022-01-01", "2023-07-02") + ledger
    assert said(tmp_path, US, unknown.format("0.01")) == []


# --- afterwards -----------------------------------------------------------------------


def test_capital_of_a_leaver_may_follow_prices_for_the_year_of_leaving(
    tmp_path: Path,
) -> None:
    ledger = (
        leaves("justified", "2023-12-31")
        + """
2020-02-01 * "Actualización del balance"
  Assets:Maquinaria                  10.00 EUR
  Equity:Reservas:Actualizacion     -10.00 EUR
2024-03-31 * "Actualización"
  coop-kind: "revaluation"
  {0}
  Equity:Reservas:Actualizacion      10.00 EUR
  Equity:Socias:Bea:Aportaciones    -10.00 EUR
"""
    )
    late = "COOP-EXIT-07: What Bea is owed, who left on 2023-12-31, is brought up to"
    same_year = said(tmp_path, BASQUE, ledger.format('coop-year: "2023"'))
    next_year = said(tmp_path, BASQUE, ledger.format('coop-year: "2024"'))
    assert [one for one in same_year if one.startswith(late)] == []
    assert [one for one in next_year if one.startswith(late)] == [
        f"{late} date by 10.00."
    ]


def test_a_debt_out_of_the_revaluation_reserve_is_brought_up_to_date(
    tmp_path: Path,
) -> None:
    ledger = (
        leaves("justified")
        + SETTLED.format("2024-06-30")
        + """
2020-02-01 * "Actualización del balance"
  Assets:Maquinaria                  10.00 EUR
  Equity:Reservas:Actualizacion     -10.00 EUR
2024-12-31 * "Actualización de lo pendiente"
  Equity:Reservas:Actualizacion      10.00 EUR
  Liabilities:Reembolsos:Bea        -10.00 EUR
"""
    )
    assert [one[:12] for one in said(tmp_path, BASQUE, ledger)] == ["COOP-EXIT-07"]


def test_before_the_law_held_a_debt_might_follow_prices(tmp_path: Path) -> None:
    ledger = (leaves("justified") + SETTLED.format("2024-06-30")).replace(
        "2024-06-30", "2020-01-10"
    )
    raised = """
2020-01-28 * "Actualización"
  coop-kind: "revaluation"
  Expenses:Intereses            10.00 EUR
  Liabilities:Reembolsos:Bea   -10.00 EUR
"""
    paid = PAID.format("2020-01-28", "1010.00")
    assert said(tmp_path, BASQUE, ledger + raised + paid) == []


UNCLAIMED = """
2024-09-30 * "Nobody asks for it"
  {0}
  Liabilities:Redemptions:Bea     100.00 USD
  {1}                            -100.00 USD
"""
OWED = """
2024-06-30 * "Bea" "Her account becomes a debt"
  coop-kind: "redemption"
  Equity:Members:Bea:Contribution  1000.00 USD
  Liabilities:Redemptions:Bea     -1000.00 USD
"""


@pytest.mark.parametrize("account", ["Income:Other", "Equity:Collective"])
def test_a_debt_that_nobody_claims_is_kept_after_a_notice_only(
    account: str, tmp_path: Path
) -> None:
    ledger = leaves("justified") + OWED
    untold = UNCLAIMED.format("note: 1", account)
    (one,) = said(tmp_path, US, ledger + untold)
    assert one == (
        "COOP-EXIT-08: 100.00 of Bea becomes the co-op's; Bea was not told, and 60 "
        "days' notice are needed."
    )
    told = UNCLAIMED.format("coop-notified: 2024-08-01", account)
    assert said(tmp_path, US, ledger + told) == []


def test_where_no_notice_is_asked_for_none_is_missed(tmp_path: Path) -> None:
    ledger = (
        leaves("justified")
        + """
2024-09-30 * "Nobody asks for it"
  coop-kind: "unclaimed"
  Equity:Socias:Bea:Aportaciones            1000.00 EUR
  Equity:Reservas:FondoReservaObligatorio  -1000.00 EUR
"""
    )
    assert said(tmp_path, BASQUE, ledger) == []


def test_a_debt_that_is_paid_is_not_unclaimed(tmp_path: Path) -> None:
    paid = UNCLAIMED.format("note: 1", "Assets:Bank")
    assert said(tmp_path, US, leaves("justified") + OWED + paid) == []
