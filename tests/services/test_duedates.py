"""Days by which patronage is paid, told and reported, and how they stand on one day."""

from __future__ import annotations

import csv
import datetime
import io
from typing import TYPE_CHECKING

import pytest

from coopledger.journal.loading import load_sound_book
from coopledger.services.duedates import NoPaymentPeriodError
from coopledger.services.duedates import calendar_csv
from coopledger.services.duedates import calendar_shape
from coopledger.services.duedates import due_dates
from coopledger.services.wording import wording_of
from tests import books
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import US
from tests.rules.ledgers import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.duedates import DueDate

DISTRIBUTED = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated         1000.00 USD
  Equity:Collective                   -250.00 USD
  Liabilities:Members:Ana:Payable     -562.50 USD
  Liabilities:Members:Bea:Payable     -187.50 USD
"""
PAID = """
{day} * "Paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable      562.50 USD
  Liabilities:Members:Bea:Payable      {part} USD
  Assets:Bank
"""
FORMS = """
2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Ana"
  patronage-dividends: 562.50
2026-01-31 custom "coop-filing" "1099-PATR" "2025" "Bea"
  patronage-dividends: 187.50
"""


def dates(folder: Path, ledger: str, today: str) -> tuple[DueDate, ...]:
    path = books.write(folder, f"{books.preamble(US)}\n{lines_of(ledger)}")
    return due_dates(load_sound_book(path).case, datetime.date.fromisoformat(today))


def stands(found: tuple[DueDate, ...], task: str) -> list[tuple[str, str, str]]:
    return [
        (str(one.due), one.state, "" if one.left is None else str(one.left))
        for one in found
        if one.task == task
    ]


def paid(day: str, part: str = "187.50") -> str:
    return PAID.format(day=day, part=part)


@pytest.mark.parametrize(
    ("ledger", "today", "expected"),
    [
        ("", "2025-09-15", ("open", "750.00")),
        ("", "2025-09-16", ("late", "750.00")),
        (paid("2025-09-15"), "2025-09-15", ("done", "0.00")),
        (paid("2025-09-15"), "2025-09-14", ("open", "750.00")),
        (paid("2025-09-16"), "2025-09-16", ("done late", "0.00")),
        (paid("2025-09-15", "187.49"), "2025-09-15", ("open", "0.01")),
        (paid("2025-09-15", "187.49"), "2025-09-16", ("late", "0.01")),
    ],
)
def test_money_is_paid_by_the_fifteenth_of_the_ninth_month(
    ledger: str, today: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    found = dates(tmp_path, DISTRIBUTED + ledger, today)
    assert stands(found, "pay") == [("2025-09-15", *expected)]


@pytest.mark.parametrize(
    ("end", "due"),
    [("06-30", "2025-03-15"), ("09-30", "2025-06-15"), ("01-31", "2025-10-15")],
)
def test_the_period_follows_the_fiscal_year_by_the_calendar(
    end: str, due: str, tmp_path: Path
) -> None:
    option = f'2020-01-01 custom "fava-option" "fiscal-year-end" "{end}"\n'
    sales = """
2024-05-31 * "Sales"
  Assets:Bank      100.00 USD
  Income:Sales    -100.00 USD
"""
    found = dates(tmp_path, option + sales, "2025-03-01")
    assert due in {one for one, _, _ in stands(found, "notify")}


@pytest.mark.parametrize(
    ("today", "state"), [("2025-09-15", "open"), ("2025-09-16", "late")]
)
def test_a_surplus_that_nobody_distributed_stands_there(
    today: str, state: str, tmp_path: Path
) -> None:
    assert stands(dates(tmp_path, "", today), "notify") == [("2025-09-15", state, "")]


def test_interest_that_is_booked_alone_distributes_no_surplus(tmp_path: Path) -> None:
    interest = """
2024-12-31 * "Interest of 2024" #coop-appropriation
  coop-kind: "appropriation"
  coop-year: "2024"
  Expenses:InterestOnCapital           10.00 USD
  Equity:Members:Ana:Interest         -10.00 USD
"""
    found = stands(dates(tmp_path, interest, "2025-10-01"), "notify")
    assert found == [("2025-09-15", "late", "")]


def test_a_year_that_is_not_over_or_made_a_loss_asks_for_nothing(
    tmp_path: Path,
) -> None:
    loss = """
2025-06-30 * "A bad year"
  Expenses:Rent    500.00 USD
  Assets:Bank     -500.00 USD
"""
    found = dates(tmp_path, DISTRIBUTED + loss, "2026-06-30")
    assert {one.year for one in found if one.task != "form"} == {2024}
    assert dates(tmp_path, loss, "2024-12-30") == ()


@pytest.mark.parametrize(
    ("ledger", "today", "expected"),
    [
        ("", "2026-01-31", ("open", "2")),
        ("", "2026-02-01", ("late", "2")),
        (FORMS, "2026-01-31", ("done", "0")),
        (FORMS, "2026-01-30", ("open", "2")),
        (FORMS.replace("187.50", "187.49"), "2026-01-31", ("open", "1")),
    ],
)
def test_forms_are_due_for_the_year_of_payment(
    ledger: str, today: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    found = dates(tmp_path, DISTRIBUTED + paid("2025-05-01") + ledger, today)
    assert stands(found, "form") == [("2026-01-31", *expected)]


def test_a_year_of_payment_that_is_still_to_come_has_no_form_yet(
    tmp_path: Path,
) -> None:
    found = dates(tmp_path, DISTRIBUTED + paid("2025-05-01"), "2024-12-31")
    assert stands(found, "form") == []
    assert stands(found, "pay") == [("2025-09-15", "open", "750.00")]


def test_where_nobody_gets_a_form_no_day_is_named(tmp_path: Path) -> None:
    exempt = '2020-01-01 custom "coop-parameter" "patronage-form.exempt" TRUE\n'
    found = dates(tmp_path, exempt + DISTRIBUTED + paid("2025-05-01"), "2026-02-01")
    assert stands(found, "form") == []


UNITS = """
2024-01-01 open Expenses:Press
  coop-unit: "press"
2024-01-01 open Income:Fields
  coop-unit: "fields"
2024-07-01 * "The press made a loss"
  Expenses:Press                      300.00 USD
  Income:Fields                      -300.00 USD
"""


@pytest.mark.parametrize(
    ("told", "state"),
    [("", "late"), ("2025-09-15", "done"), ("2025-09-16", "done late")],
)
def test_patrons_are_told_which_loss_was_set_off(
    told: str, state: str, tmp_path: Path
) -> None:
    notice = f'{told} custom "coop-filing" "netting-notice" "2024"\n' if told else ""
    found = dates(tmp_path, UNITS + DISTRIBUTED + notice, "2025-10-01")
    assert stands(found, "netting") == [("2025-09-15", state, "")]


@pytest.mark.parametrize(
    ("cleared", "state"),
    [("", "late"), ("2025-12-14", "done"), ("2025-12-15", "done late")],
)
def test_where_checks_are_the_consent_their_last_day_stands_there(
    cleared: str, state: str, tmp_path: Path
) -> None:
    choice = '2020-01-01 custom "coop-parameter" "patronage.consent" "check"\n'
    line = f"    coop-cleared: {cleared}\n" if cleared else ""
    ledger = paid("2025-05-01").replace("562.50 USD\n", f"562.50 USD\n{line}")
    ledger = ledger.replace("187.50 USD\n", f"187.50 USD\n{line}")
    found = dates(tmp_path, choice + DISTRIBUTED + ledger, "2025-12-20")
    assert stands(found, "check") == [("2025-12-14", state, "")]


def test_every_day_names_the_text_that_it_comes_from(tmp_path: Path) -> None:
    found = dates(tmp_path, DISTRIBUTED + paid("2025-05-01"), "2026-01-01")
    assert {one.task: one.source[-8:] for one in found} == {
        "notify": " 1382(d)",
        "pay": " 1382(d)",
        "form": "nds) (e)",
    }


@pytest.mark.parametrize("regime", ["sub-k", "none"])
def test_a_book_outside_subchapter_t_is_refused(regime: str, tmp_path: Path) -> None:
    choice = f'2020-01-01 custom "coop-parameter" "tax.regime" "{regime}"\n'
    with pytest.raises(NoPaymentPeriodError, match=f"is {regime}"):
        dates(tmp_path, choice + DISTRIBUTED, "2025-06-01")


def test_a_book_of_another_country_is_refused() -> None:
    done = run("tax", "calendar", "--book", LEDGER / "basque")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Subchapter T" in done.stderr
    assert BASQUE not in done.stderr


def test_the_faces_say_the_same(tmp_path: Path) -> None:
    found = dates(tmp_path, DISTRIBUTED, "2025-09-16")
    shape = calendar_shape("Co-op", datetime.date(2025, 9, 16), found)["dates"]
    rows = [*csv.DictReader(io.StringIO(calendar_csv(found, wording_of("es"))))]
    assert [one["state"] for one in shape] == ["done", "late"]
    assert [row["state"] for row in rows] == ["hecho", "atrasado"]
    assert [row["open"] for row in rows] == ["", "750.00"]


def test_without_a_day_it_is_as_of_today() -> None:
    words = ("tax", "calendar", "--book", LEDGER / "green-team", "--format")
    today = datetime.datetime.now().astimezone().date()
    assert f'"today": "{today}"' in run(*words, "json").stdout
    assert run(*words, "csv", "--language", "es").stdout.startswith("due,task,year")
