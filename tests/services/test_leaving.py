"""Leaving: what is owed, when it is due, and entries that load clean."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import CoopledgerError
from coopledger.journal.chart import Chart
from coopledger.journal.loading import load_book
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.services.checking import check_path
from coopledger.services.leaving import Exit
from coopledger.services.leaving import Wishes
from coopledger.services.leaving import exit_of
from coopledger.services.leaving import write_exit
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

BASQUE = "es-basque-worker"
STATE = "es-state-worker"
US = "us-worker-ica"
LEFT = datetime.date(2025, 12, 31)

#: The accounts of 2024 stay open, and nobody has to be paid for it.
BOARD = '2026-01-31 custom "coop-resolution" "BD-2026-01" "Bea leaves"\n'
LEAVES = '{on} custom "coop-member" "Bea" "leave"\n  exit: "{kind}"\n'


def leaves(kind: str, on: str = "2025-12-31") -> str:
    return LEAVES.format(on=on, kind=kind) + BOARD


def book_at(folder: Path, preset: str, ledger: str) -> Path:
    return books.write(folder, f"{books.preamble(preset)}\n{BOARD}{ledger}")


def found(folder: Path, preset: str, ledger: str, wishes: Wishes | None = None) -> Exit:
    path = books.write(folder, f"{books.preamble(preset)}\n{ledger}")
    return exit_of(load_book(path), "Bea", wishes or Wishes())


def dues(one: Exit) -> list[tuple[str, str, str | None]]:
    return [
        (
            p.date.isoformat(),
            str(p.capital),
            None if p.interest is None else str(p.interest),
        )
        for p in one.payments
    ]


def test_an_account_is_paid_on_each_anniversary_with_the_legal_interest(
    tmp_path: Path,
) -> None:
    one = found(tmp_path, BASQUE, leaves("retirement"))
    assert (one.settled, one.owed, one.deadline) == (
        Decimal("1000.00"),
        Decimal(0),
        datetime.date(2030, 12, 31),
    )
    assert dues(one) == [
        ("2026-12-31", "200.00", "32.50"),
        ("2027-12-31", "200.00", "26.00"),
        ("2028-12-31", "200.00", "19.50"),
        ("2029-12-31", "200.00", "13.00"),
        ("2030-12-31", "200.00", "6.50"),
    ]
    assert one.undistributed == (2024,)


def test_heirs_are_paid_within_their_year(tmp_path: Path) -> None:
    one = found(tmp_path, BASQUE, '2025-12-31 custom "coop-member" "Bea" "die"\n')
    assert [day for day, _, _ in dues(one)] == ["2026-12-31"]


def test_who_is_settled_too_late_is_paid_at_once(tmp_path: Path) -> None:
    wishes = Wishes(on=datetime.date(2026, 3, 1))
    one = found(tmp_path, BASQUE, leaves("justified", "2020-12-31"), wishes)
    assert dues(one) == [("2026-03-01", "1000.00", "0.00")]


def test_other_instalments_are_spread_until_the_deadline(tmp_path: Path) -> None:
    one = found(tmp_path, BASQUE, leaves("justified"), Wishes(instalments=3))
    assert [day for day, _, _ in dues(one)] == [
        "2027-08-31",
        "2029-04-30",
        "2030-12-31",
    ]


#: Beside the 1,000 that Bea paid in: compulsory and voluntary contributions, returns
#: that were capitalised, and a loss that was charged to her.
EXIT_1 = """2024-01-02 * "De años anteriores"
  coop-kind: "opening"
  Assets:Banco                                22,000.00 EUR
  Equity:Socias:Bea:Perdidas                   1,000.00 EUR
  Equity:Socias:Bea:Aportaciones             -11,000.00 EUR
  Equity:Socias:Bea:AportacionesVoluntarias   -3,000.00 EUR
  Equity:Socias:Bea:Retornos                  -8,000.00 EUR
  Equity:Resultado:PerdidasAnteriores         -1,000.00 EUR
2020-01-29 custom "coop-parameter" "exit.deduction-unjustified" 0.20
"""


def test_an_unjustified_exit_costs_a_fifth_of_the_compulsory_contributions_only(
    tmp_path: Path,
) -> None:
    one = found(tmp_path, BASQUE, EXIT_1 + leaves("unjustified"))
    assert one.deduction.base == Decimal("12000.00")
    assert one.deduction.amount == Decimal("2400.00")
    assert one.settled == Decimal("19600.00")
    assert [(capital, interest) for _, capital, interest in dues(one)] == [
        ("3920.00", "637.00"),
        ("3920.00", "509.60"),
        ("3920.00", "382.20"),
        ("3920.00", "254.80"),
        ("3920.00", "127.40"),
    ]


def test_the_by_laws_deduction_is_taken_and_a_higher_one_refused(
    tmp_path: Path,
) -> None:
    law_only = found(tmp_path, BASQUE, leaves("minimum-stay"))
    assert (law_only.deduction.amount, law_only.deduction.limit) == (
        Decimal(0),
        Decimal("0.30"),
    )
    choices = "".join(
        f'2020-01-29 custom "coop-parameter" "exit.deduction-{name}" {rate}\n'
        for name, rate in (("unjustified", "0.15"), ("stay-extra", "0.05"))
    )
    own = found(tmp_path, BASQUE, choices + leaves("minimum-stay"))
    assert (own.deduction.rate, own.deduction.amount, own.settled) == (
        Decimal("0.20"),
        Decimal("200.00"),
        Decimal("800.00"),
    )
    asked = Wishes(deduction=Decimal("0.10"))
    less = found(tmp_path, BASQUE, choices + leaves("minimum-stay"), asked)
    assert less.deduction.amount == Decimal("100.00")
    with pytest.raises(CoopledgerError, match=r"from 0 to 0\.20 is allowed"):
        found(
            tmp_path,
            BASQUE,
            choices + leaves("minimum-stay"),
            Wishes(deduction=Decimal("0.21")),
        )


def test_a_co_op_without_limits_may_be_asked_for_a_deduction(tmp_path: Path) -> None:
    text = books.preamble(US).replace("us-worker-ica", "custom")
    path = books.write(tmp_path, f"{text}\n{leaves('unjustified')}")
    one = exit_of(load_book(path), "Bea", Wishes(deduction=Decimal("0.5")))
    assert (one.deduction.limit, one.deduction.amount) == (None, Decimal("500.00"))
    assert (one.deadline, one.rate, one.payments) == (None, None, ())
    agreed = exit_of(load_book(path), "Bea", Wishes(instalments=2))
    assert [day for day, _, _ in dues(agreed)] == ["2026-12-31", "2027-12-31"]
    with pytest.raises(CoopledgerError, match="from 0 to 1 is allowed"):
        exit_of(load_book(path), "Bea", Wishes(deduction=Decimal("1.5")))


@pytest.mark.parametrize("preset", [BASQUE, STATE])
def test_a_settlement_is_written_clean_and_proposed_once(
    preset: str, tmp_path: Path
) -> None:
    line = '2020-01-29 custom "coop-parameter" "exit.deduction-unjustified" 0\n'
    extra = '2020-01-29 custom "coop-parameter" "exit.deduction-stay-extra" 0.10\n'
    path = book_at(tmp_path, preset, line + extra)
    wishes = Wishes(
        on=datetime.date(2026, 1, 31), kind="minimum-stay", resolution="BD-2026-01"
    )
    one = exit_of(load_book(path), "Bea", wishes)
    assert one.deduction.amount == Decimal("100.00")
    written = write_exit(load_book(path), one)
    assert check_path(path).findings == ()
    assert 'exit: "minimum-stay"' in written.read_text("utf-8")
    again = exit_of(load_book(path), "Bea", Wishes(resolution="BD-2026-01"))
    assert again.is_booked
    assert (again.settled, again.owed) == (Decimal(0), Decimal("900.00"))
    assert dues(again) == dues(one)
    assert again.ending.exit == "minimum-stay"


def test_the_american_account_goes_to_the_collective_and_has_no_rate_yet(
    tmp_path: Path,
) -> None:
    ledger = (
        leaves("justified")
        + """
2025-01-02 * "From before"
  coop-kind: "opening"
  Assets:Bank                     60.00 USD
  Equity:Members:Bea:Patronage  -100.00 USD
  Equity:Members:Bea:Losses       40.00 USD
"""
    )
    one = found(tmp_path, US, ledger, Wishes(resolution="BD-2026-01"))
    assert dict(one.components) == {
        "contribution": Decimal("1000.00"),
        "patronage": Decimal("100.00"),
        "member-loss": Decimal("-40.00"),
    }
    assert (one.settled, one.rate) == (Decimal("1060.00"), None)
    assert [interest for _, _, interest in dues(one)] == [None] * 5
    sums = [sum(leg.amount for leg in plan.legs) for plan in one.planned]
    assert sums == [0]


def test_what_was_settled_before_is_counted_with_its_interest(tmp_path: Path) -> None:
    ledger = (
        leaves("justified", "2023-12-31")
        + """
2024-01-01 * "Bea" "Most of it"
  coop-kind: "redemption"
  coop-instalments: 2
  Equity:Socias:Bea:Aportaciones   600.00 EUR
  Liabilities:Reembolsos:Bea      -600.00 EUR
2024-06-30 * "Bea" "A part, without a plan"
  coop-kind: "redemption"
  Equity:Socias:Bea:Aportaciones   100.00 EUR
  Liabilities:Reembolsos:Bea      -100.00 EUR
2024-12-31 * "Bea" "More than is due"
  coop-kind: "redemption"
  Liabilities:Reembolsos:Bea       400.00 EUR
  Assets:Banco                    -400.00 EUR
"""
    )
    on = datetime.date(2024, 12, 31)
    one = found(tmp_path, BASQUE, ledger, Wishes(on=on))
    assert (one.owed, one.settled) == (Decimal("300.00"), Decimal("300.00"))
    assert dues(one)[0][:2] == ("2025-12-31", "75.00")
    capital = [Decimal(amount) for _, amount, _ in dues(one)]
    assert sum(capital) == Decimal("600.00")


REFUSED = {
    "a stranger": ("Cleo", "", Wishes(), "There is no member 'Cleo'"),
    "no day": ("Bea", "", Wishes(), "does not say that they left"),
    "before joining": (
        "Bea",
        "",
        Wishes(on=datetime.date(2019, 1, 1)),
        "they are no member on 2019-01-01",
    ),
    "before leaving": (
        "Bea",
        leaves("justified"),
        Wishes(on=datetime.date(2025, 12, 30)),
        "they are a member until 2025-12-31",
    ),
    "another kind": (
        "Bea",
        leaves("justified"),
        Wishes(kind="expulsion"),
        "the register says 'justified'",
    ),
    "a resolution that is not on file": (
        "Bea",
        leaves("justified"),
        Wishes(resolution="BD-2026-02"),
        "No resolution 'BD-2026-02' is on file; did you mean 'BD-2026-01'",
    ),
    "a day before the resolution": (
        "Bea",
        leaves("justified"),
        Wishes(on=LEFT, resolution="BD-2026-01"),
        "2025-12-31 is before resolution BD-2026-01 of 2026-01-31",
    ),
    "a refund that was refused": (
        "Bea",
        leaves("justified") + '2026-01-31 custom "coop-refund" "Bea" "refuse"\n',
        Wishes(on=datetime.date(2026, 2, 1)),
        "the refund was refused, as it stands on 2026-02-01",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_settled_is_refused_in_one_sentence(
    case: str, tmp_path: Path
) -> None:
    member, ledger, wishes, sentence = REFUSED[case]
    path = books.write(tmp_path, f"{books.preamble(BASQUE)}\n{ledger}")
    with pytest.raises(CoopledgerError) as caught:
        exit_of(load_book(path), member, wishes)
    assert sentence in str(caught.value)


def test_what_follows_later_is_settled_in_a_file_of_its_own(tmp_path: Path) -> None:
    path = book_at(tmp_path, US, LEAVES.format(on="2025-12-31", kind="retirement"))
    first = exit_of(load_book(path), "Bea", Wishes(resolution="BD-2026-01"))
    written = [write_exit(load_book(path), first)]
    later = """
2026-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2026-01
  coop-year: "2024"
  Equity:Surplus:Appropriated      1,000.00 USD
  Equity:Collective                 -250.00 USD
  Equity:Members:Ana:Patronage      -562.50 USD
  Equity:Members:Bea:Patronage      -187.50 USD
2026-04-02 custom "coop-resolution" "BD-2026-02" "The rest of Bea's account"
"""
    opened = "".join(
        f"2020-01-01 open Equity:{name}\n"
        for name in (
            "Surplus:Appropriated",
            "Members:Ana:Patronage",
            "Members:Bea:Patronage",
        )
    )
    path.write_text(path.read_text("utf-8") + later + opened, "utf-8")
    second = exit_of(load_book(path), "Bea", Wishes(resolution="BD-2026-02"))
    assert (second.settled, second.owed) == (Decimal("187.50"), Decimal("1000.00"))
    written.append(write_exit(load_book(path), second))
    assert [one.stem for one in written] == ["exit-Bea", "exit-Bea-2"]
    whole = exit_of(load_book(path), "Bea", Wishes())
    assert (whole.settled, whole.owed) == (Decimal(0), Decimal("1187.50"))
    assert sum(payment.capital for payment in whole.payments) == whole.owed


@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_under_each_law_somebody_can_leave(preset: str, tmp_path: Path) -> None:
    chart = Chart.of([load_preset(preset).chart], {})
    role = "contribution" if "contribution" in chart.templates else "redeemable"
    own, bank = chart.account(role, member="Bea", year="2025"), "Assets:Bank"
    currency = load_preset(preset).currency
    path = books.write(
        tmp_path,
        f'option "operating_currency" "{currency}"\nplugin "coopledger.plugin"\n'
        f'2025-01-01 custom "coop-policy" "{preset}"\n'
        f'2025-01-01 custom "coop-member" "Bea" "join"\n'
        f'  class: "{next(iter(load_preset(preset).classes))}"\n'
        f'2025-01-02 * "Pays in"\n  {bank}  500.00 {currency}\n  {own}\n{BOARD}',
    )
    wishes = Wishes(
        on=datetime.date(2026, 1, 31),
        kind="retirement",
        resolution="BD-2026-01",
        instalments=2,
    )
    before = {one.rule for one in check_path(path).findings}
    one = exit_of(load_book(path), "Bea", wishes)
    write_exit(load_book(path), one)
    assert {one.rule for one in check_path(path).findings} == before
    again = exit_of(load_book(path), "Bea", Wishes())
    assert (again.is_booked, again.owed) == (True, Decimal(500))
