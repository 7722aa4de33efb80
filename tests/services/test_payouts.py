"""Payments to members: sums to the cent, withholding, and the files for the bank."""

from __future__ import annotations

import csv
import datetime
import io
import sys
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.domain.capital import OWED
from coopledger.journal.loading import load_sound_book
from coopledger.services.extras import LibraryMissingError
from coopledger.services.keeping.vault import Number
from coopledger.services.payouts import filing
from coopledger.services.payouts.gathering import _DEBT
from coopledger.services.payouts.gathering import Payout
from coopledger.services.payouts.gathering import Payouts
from coopledger.services.payouts.gathering import WithheldFromNobodyError
from coopledger.services.payouts.gathering import booked_payouts
from coopledger.services.payouts.gathering import due_payouts
from coopledger.services.wording import wording_of
from tests import books
from tests.cli.running import LEDGER
from tests.rules.ledgers import BASQUE
from tests.rules.ledgers import US
from tests.rules.ledgers import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.journal.loading import Book

DAY = datetime.date(2025, 6, 30)
DISTRIBUTED = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated         1000.00 USD
  Equity:Collective                   -250.00 USD
  Equity:Members:Ana:Patronage        -281.25 USD
  Liabilities:Members:Ana:Payable     -281.25 USD
  Equity:Members:Bea:Patronage         -93.75 USD
  Liabilities:Members:Bea:Payable      -93.75 USD
"""
WITHHOLD = """
2025-01-01 custom "coop-member" "Ana" "withhold"
  cause: "{cause}"
"""
PAID = """
2025-06-30 * "Paid, less 24 % of Ana's money"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable      281.25 USD
  Liabilities:Members:Bea:Payable       93.75 USD
  Liabilities:Withholding              -67.50 USD
    coop-member: "Ana"
  Assets:Bank                         -307.50 USD
"""
LEAVING = """
2025-01-31 custom "coop-member" "Bea" "leave"
  exit: "retirement"
2025-02-28 * "Bea's account becomes a debt, in four parts"
  coop-kind: "redemption"
  coop-instalments: 4
  coop-due: 2025-06-30
  coop-every: 6
  Equity:Socias:Bea:Aportaciones     1000.00 EUR
  Liabilities:Reembolsos:Bea        -1000.00 EUR
"""
IBANS = {
    "payer": "ES9121000418450200051332",
    "Ana": "DE89370400440532013000",
    "Bea": "FR1420041010050500013M02606",
}


def book(folder: Path, ledger: str, preset: str = US) -> Book:
    text = f"{books.preamble(preset)}\n{lines_of(ledger)}"
    return load_sound_book(books.write(folder, text))


def accounts(**details: str) -> dict[str, Number]:
    return {who: Number(who, "IBAN", iban, details) for who, iban in IBANS.items()}


def amounts(found: Payouts) -> dict[str, tuple[str, str, str]]:
    return {
        one.member: (str(one.owed), str(one.withheld), str(one.amount))
        for one in found.lines
    }


def payables(of: Book, on: datetime.date) -> Decimal:
    """Return what a book owes to members, counted from Beancount's entries alone."""
    total = Decimal(0)
    roles = {
        account for _, leg in of.case.books.traces_in(OWED) for account in [leg.account]
    }
    for entry in of.entries:
        for posting in getattr(entry, "postings", ()):
            if entry.date <= on and posting.account in roles:
                total -= posting.units.number
    return total


# --- who is paid how much -------------------------------------------------------------


def test_what_was_declared_in_money_is_due_at_once(tmp_path: Path) -> None:
    found = due_payouts(book(tmp_path, DISTRIBUTED), DAY)
    assert amounts(found) == {
        "Ana": ("281.25", "0", "281.25"),
        "Bea": ("93.75", "0", "93.75"),
    }
    assert not found.rest
    assert not found.overpaid


def test_what_is_booked_later_is_not_due_yet(tmp_path: Path) -> None:
    found = due_payouts(book(tmp_path, DISTRIBUTED), datetime.date(2025, 3, 31))
    assert found.lines == ()


@pytest.mark.parametrize("on", [DAY, datetime.date(2026, 12, 31)])
def test_nothing_is_due_once_it_was_paid(on: datetime.date, tmp_path: Path) -> None:
    found = due_payouts(book(tmp_path, WITHHOLD + DISTRIBUTED + PAID), on)
    assert found.lines == ()
    assert not found.rest
    assert not found.overpaid


def test_tax_is_withheld_from_the_money_and_not_from_the_paper(tmp_path: Path) -> None:
    ledger = WITHHOLD.format(cause="tin") + DISTRIBUTED
    found = due_payouts(book(tmp_path, ledger), DAY)
    assert amounts(found)["Ana"] == ("281.25", "67.50", "213.75")
    assert amounts(found)["Bea"] == ("93.75", "0", "93.75")


def test_a_day_before_the_payment_is_seen_as_it_stood(tmp_path: Path) -> None:
    ledger = WITHHOLD.format(cause="tin") + DISTRIBUTED + PAID
    found = due_payouts(book(tmp_path, ledger), datetime.date(2025, 6, 29))
    assert amounts(found)["Ana"] == ("281.25", "67.50", "213.75")


def test_of_an_instalment_tax_is_kept_in_proportion_to_its_nonqualified_paper(
    tmp_path: Path,
) -> None:
    ledger = (
        WITHHOLD.format(cause="tin")
        + DISTRIBUTED.replace("Ana:Patronage   ", "Ana:Nonqualified")
        + """
2025-05-01 custom "coop-member" "Ana" "leave"
2025-05-31 * "Ana's account becomes a debt, in two parts"
  coop-kind: "redemption"
  coop-instalments: 2
  coop-due: 2025-06-30
  coop-every: 12
  Equity:Members:Ana:Nonqualified      281.25 USD
  Equity:Members:Ana:Contribution     1000.00 USD
  Liabilities:Redemptions:Ana        -1281.25 USD
"""
    )
    loaded = book(tmp_path, ledger)
    first, second = (
        next(one for one in due_payouts(loaded, day).lines if one.role == _DEBT)
        for day in (DAY, datetime.date(2026, 6, 30))
    )
    assert (str(first.owed), str(first.withheld)) == ("640.63", "33.75")
    assert (str(second.owed), str(second.withheld)) == ("1281.25", "67.50")


@pytest.mark.parametrize(
    ("paper", "money", "withheld"),
    [("281.25", "281.25", "67.50"), ("281.26", "281.24", "0.00")],
)
def test_income_that_was_not_declared_is_withheld_from_half_money_on(
    paper: str, money: str, withheld: str, tmp_path: Path
) -> None:
    ledger = WITHHOLD.format(cause="underreporting") + DISTRIBUTED
    ledger = ledger.replace("Ana:Patronage        -281.25", f"Ana:Patronage  -{paper}")
    ledger = ledger.replace("Ana:Payable     -281.25", f"Ana:Payable  -{money}")
    assert amounts(due_payouts(book(tmp_path, ledger), DAY))["Ana"][1] == withheld


@pytest.mark.parametrize("regime", ["sub-k", "none"])
def test_no_such_tax_is_withheld_outside_subchapter_t(
    regime: str, tmp_path: Path
) -> None:
    ledger = f'2020-01-01 custom "coop-parameter" "tax.regime" "{regime}"\n'
    ledger += WITHHOLD.format(cause="tin") + DISTRIBUTED
    assert amounts(due_payouts(book(tmp_path, ledger), DAY))["Ana"][1] == "0"


def test_repaid_contributions_are_not_withheld_from(tmp_path: Path) -> None:
    ledger = (
        WITHHOLD.format(cause="tin")
        + DISTRIBUTED
        + """
2025-05-01 * "A part of Ana's contribution becomes a debt"
  coop-kind: "redemption"
  Equity:Members:Ana:Contribution      100.00 USD
  Liabilities:Redemptions:Ana         -100.00 USD
"""
    )
    lines = due_payouts(book(tmp_path, ledger), DAY).lines
    shown = [(one.role, str(one.owed), str(one.withheld)) for one in lines[:2]]
    assert shown == [
        ("member-payable", "281.25", "67.50"),
        ("redemption-payable", "100.00", "0.00"),
    ]


@pytest.mark.parametrize(
    ("on", "due", "rest"),
    [
        (datetime.date(2025, 6, 29), None, "1000.00"),
        (datetime.date(2025, 6, 30), "250.00", "750.00"),
        (datetime.date(2025, 12, 30), "500.00", "500.00"),
        (datetime.date(2026, 12, 30), "1000.00", "0.00"),
    ],
)
def test_of_capital_that_is_repaid_the_agreed_part_is_due(
    on: datetime.date, due: str | None, rest: str, tmp_path: Path
) -> None:
    found = due_payouts(book(tmp_path, LEAVING, BASQUE), on)
    assert [str(one.owed) for one in found.lines] == ([due] if due else [])
    assert str(found.rest) == rest


def test_booked_interest_is_due_with_the_part_that_is_paid(tmp_path: Path) -> None:
    ledger = (
        LEAVING
        + """
2025-06-30 * "Interest up to now"
  coop-kind: "interest"
  Expenses:InteresesDeudas              12.34 EUR
  Liabilities:Reembolsos:Bea           -12.34 EUR
"""
    )
    found = due_payouts(book(tmp_path, ledger, BASQUE), DAY)
    assert (str(found.owed), str(found.rest)) == ("262.34", "750.00")


def test_a_debt_without_a_plan_is_due_by_the_last_day_of_the_law(
    tmp_path: Path,
) -> None:
    plain = "".join(
        f"{line}\n"
        for line in LEAVING.splitlines()
        if not line.startswith(("  coop-instalments", "  coop-due", "  coop-every"))
    )
    loaded = book(tmp_path, plain, BASQUE)
    last = datetime.date(2030, 1, 31)
    assert str(due_payouts(loaded, last).owed) == "1000.00"
    assert due_payouts(loaded, last - datetime.timedelta(days=1)).lines == ()


def test_who_leaves_after_the_day_is_paid_what_was_agreed(tmp_path: Path) -> None:
    ledger = LEAVING.replace("2025-01-31 custom", "2025-12-31 custom")
    found = due_payouts(book(tmp_path, ledger, BASQUE), DAY)
    assert str(found.owed + found.rest) == "1000.00"


def test_who_was_paid_too_much_is_not_paid_and_the_sum_still_ties(
    tmp_path: Path,
) -> None:
    loaded = book(tmp_path, DISTRIBUTED + PAID.replace("281.25", "300.00"))
    found = due_payouts(loaded, DAY)
    assert (found.lines, str(found.overpaid)) == ((), "-18.75")
    assert found.owed + found.rest + found.overpaid == payables(loaded, DAY)


@pytest.mark.parametrize(
    "name",
    ["basque", "freedom-farms", "green-team", "nubias-cafe", "community-production"],
)
def test_the_sums_are_those_of_the_demonstration_books(name: str) -> None:
    loaded = load_sound_book(LEDGER / name)
    for year, month in product((2023, 2024, 2025, 2027), (3, 6, 12)):
        on = datetime.date(year, month, 30)
        found = due_payouts(loaded, on)
        assert found.owed + found.rest + found.overpaid == payables(loaded, on)
        assert all(one.amount > 0 for one in found.lines)


@settings(max_examples=30, deadline=None)
@given(
    paid=st.lists(st.integers(1, 9_000), max_size=4),
    day=st.dates(datetime.date(2025, 4, 1), datetime.date(2027, 1, 1)),
)
def test_whatever_was_paid_what_is_due_and_the_rest_are_what_is_owed(
    tmp_path_factory: pytest.TempPathFactory, paid: list[int], day: datetime.date
) -> None:
    parts = "".join(
        f'2025-05-{number + 1:02d} * "A part"\n  coop-kind: "payment"\n'
        f"  Liabilities:Members:Ana:Payable  {Decimal(cents).scaleb(-2)} USD\n"
        f"  Assets:Bank\n"
        for number, cents in enumerate(paid)
    )
    loaded = book(tmp_path_factory.mktemp("book"), DISTRIBUTED + parts)
    found = due_payouts(loaded, day)
    assert found.owed + found.rest + found.overpaid == payables(loaded, day)


# --- what was booked ------------------------------------------------------------------


def test_what_was_booked_is_what_left_the_bank(tmp_path: Path) -> None:
    found = booked_payouts(book(tmp_path, DISTRIBUTED + PAID), DAY)
    assert amounts(found) == {
        "Ana": ("281.25", "67.50", "213.75"),
        "Bea": ("93.75", "0", "93.75"),
    }
    assert str(found.amount) == "307.50"


def test_what_became_capital_or_a_debt_was_not_paid(tmp_path: Path) -> None:
    ledger = (
        DISTRIBUTED
        + """
2025-06-30 * "Ana leaves her money in; Bea's contribution becomes a debt"
  Liabilities:Members:Ana:Payable      281.25 USD
  Equity:Members:Ana:Contribution     -281.25 USD
  Equity:Members:Bea:Contribution      100.00 USD
  Liabilities:Redemptions:Bea         -100.00 USD
2025-06-30 * "Bea brings money"
  Assets:Bank                           50.00 USD
  Equity:Members:Bea:Contribution      -50.00 USD
"""
    )
    assert booked_payouts(book(tmp_path, ledger), DAY).lines == ()


def test_what_is_withheld_from_nobody_in_particular_is_refused(tmp_path: Path) -> None:
    unclear = PAID.replace('    coop-member: "Ana"\n', "")
    with pytest.raises(WithheldFromNobodyError, match="coop-member on the posting"):
        booked_payouts(book(tmp_path, DISTRIBUTED + unclear), DAY)


def test_all_that_is_withheld_from_somebody_counts(tmp_path: Path) -> None:
    twice = PAID.replace(
        "  Liabilities:Withholding              -67.50 USD\n",
        "  Liabilities:Withholding              -60.00 USD\n"
        '    coop-member: "Ana"\n'
        "  Liabilities:Withholding               -7.50 USD\n",
    )
    found = booked_payouts(book(tmp_path, DISTRIBUTED + twice), DAY)
    assert amounts(found)["Ana"] == ("281.25", "67.50", "213.75")


def test_capital_that_is_repaid_at_once_was_paid(tmp_path: Path) -> None:
    ledger = """
2025-06-30 * "A part of Ana's contribution"
  coop-kind: "redemption"
  Equity:Members:Ana:Contribution      100.00 USD
  Assets:Bank                         -100.00 USD
"""
    found = booked_payouts(book(tmp_path, ledger), DAY)
    assert amounts(found) == {"Ana": ("100.00", "0", "100.00")}


# --- files ----------------------------------------------------------------------------


def made(*lines: Payout, currency: str = "EUR", title: str = "The Co-op") -> Payouts:
    return Payouts(title, currency, DAY, lines)


ANA = Payout("Ana", "Ana Núñez", "member-payable", Decimal("281.25"), Decimal("67.50"))
BEA = Payout("Bea", "Bea", "redemption-payable", Decimal("0.05"))


def test_the_csv_has_a_line_for_each_payment_and_no_formula() -> None:
    hostile = Payout("Bea", "=1+1", "", Decimal("1.00"))
    shown = filing.opened(accounts())
    text = filing.payouts_csv(made(ANA, hostile), shown, wording_of("es"))
    first, second = csv.DictReader(io.StringIO(text))
    assert first["account"] == IBANS["Ana"]
    assert (first["owed"], first["withheld"], first["amount"]) == (
        "281.25",
        "67.50",
        "213.75",
    )
    assert (second["name"], second["currency"]) == ("'=1+1", "EUR")
    assert second["reason"] == "Pagado a la socia o al socio"


def test_the_control_sum_of_a_sepa_file_is_the_sum_of_its_payments() -> None:
    payouts = made(ANA, BEA)
    text = filing.payouts_sepa(payouts, accounts())
    assert filing.control_sum(text) == (2, Decimal("213.80"))
    assert filing.control_sum(text) == (len(payouts.lines), payouts.amount)
    assert text.count("<InstdAmt ") == 2
    assert "<CtrlSum>213.80</CtrlSum>" in text


@settings(max_examples=10, deadline=None)
@given(cents=st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_whatever_is_paid_the_control_sum_ties_to_the_cent(cents: list[int]) -> None:
    lines = [Payout("Ana", "Ana", "", Decimal(one).scaleb(-2)) for one in cents]
    payouts = made(*lines)
    stated = filing.control_sum(filing.payouts_sepa(payouts, accounts()))
    assert stated == (len(cents), Decimal(sum(cents)).scaleb(-2))


def test_a_name_of_other_letters_is_written_in_those_that_banks_take() -> None:
    names = {"Łukasz Straße": "Lukasz Strasse", "Юрий": "Iurii", "=1+1": "1+1"}
    for name, shown in names.items():
        text = filing.payouts_sepa(made(Payout("Ana", name, "", BEA.owed)), accounts())
        assert f"<Nm>{shown}</Nm>" in text


def test_a_sepa_file_names_both_sides_and_the_day() -> None:
    text = filing.payouts_sepa(made(ANA), accounts())
    for piece in (
        f"<IBAN>{IBANS['payer']}</IBAN>",
        f"<IBAN>{IBANS['Ana']}</IBAN>",
        "<Nm>Ana Nunez</Nm>",
        "<Dt>2025-06-30</Dt>",
        "<BICFI>COBADEFFXXX</BICFI>",
        "<CreDtTm>2025-06-30T00:00:00</CreDtTm>",
        "pain.001.001.09",
    ):
        assert piece in text
    assert "BICFI>GENODEF1" in filing.payouts_sepa(
        made(ANA), accounts(bic="GENODEF1M04")
    )


def test_what_a_payment_is_for_is_said_in_the_members_language(tmp_path: Path) -> None:
    english = '2024-01-01 custom "coop-member" "Bea" "class"\n  class: "worker"\n'
    for ledger, said in (
        (LEAVING, "Capital en reembolso"),
        (f'{english}  language: "en"\n{LEAVING}', "Capital being paid out"),
    ):
        found = due_payouts(book(tmp_path, ledger, BASQUE), DAY)
        text = filing.payouts_sepa(found, accounts())
        assert f"<Ustrd>{said}, Cooperativa de ejemplo</Ustrd>" in text


def test_the_same_payments_give_the_same_bytes_and_others_another_id() -> None:
    first, again = (filing.payouts_sepa(made(ANA, BEA), accounts()) for _ in range(2))
    other = filing.payouts_sepa(made(ANA), accounts())
    assert first == again
    (one,), (two,) = (
        [line for line in text.splitlines() if "<MsgId>" in line]
        for text in (first, other)
    )
    assert one != two


@pytest.mark.parametrize(
    "name", ["=1+1", "<&>", "\t\r\n", "שלום", "🐝", "x" * 500, "a\x00b\x1b[31m"]
)
def test_whatever_a_member_is_called_the_sepa_file_is_one(name: str) -> None:
    hostile = Payout("Ana", name, "", Decimal("1.00"))
    text = filing.payouts_sepa(made(hostile, title=name), accounts())
    assert filing.control_sum(text) == (1, Decimal("1.00"))


def test_members_whose_ids_differ_in_letters_have_references_that_differ() -> None:
    first, second = (
        filing.reference(made(), Payout(name, "", "", Decimal(1)))
        for name in ("José", "Jose")
    )
    long = filing.reference(made(), Payout("M" * 80, "", "", Decimal(1)))
    assert first != second
    assert len({first, second, long}) == 3
    assert max(map(len, (first, second, long))) <= 35


def test_who_has_no_account_or_no_iban_is_named() -> None:
    known = accounts()
    del known["payer"]
    known["Bea"] = Number("Bea", "ACCOUNT", "12345678", {"routing": "021000021"})
    said = [str(one) for one in filing.gaps(made(ANA, BEA), known, is_sepa=True)]
    assert said == [
        "payer: no account is on file; enter it with 'coopledger accounts add'.",
        "Bea: the account on file is no IBAN, and SEPA needs one.",
    ]
    assert filing.gaps(made(ANA, BEA), known, is_sepa=False) == []


def test_a_sepa_file_is_for_euro_alone_and_never_empty() -> None:
    with pytest.raises(filing.NotInEuroError, match="USD"):
        filing.payouts_sepa(made(ANA, currency="USD"), accounts())
    with pytest.raises(filing.NothingToPayError, match="2025-06-30"):
        filing.payouts_sepa(made(), accounts())


def test_without_the_library_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sepaxml", None)
    with pytest.raises(LibraryMissingError) as raised:
        filing.payouts_sepa(made(ANA), accounts())
    assert str(raised.value) == (
        "A SEPA file needs the package sepaxml, which is not installed here: "
        "pip install 'coopledger[payments]'."
    )
