"""What members were allotted of a year, and what makes a notice qualified."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.errors import MemberUnknownError
from coopledger.errors import YearUnknownError
from coopledger.journal.loading import load_book
from coopledger.services.allotments import Allotment
from coopledger.services.allotments import Allotments
from coopledger.services.allotments import NotDistributedError
from coopledger.services.allotments import NothingAllottedError
from coopledger.services.allotting import allotments_of
from coopledger.services.checking import check_book
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from coopledger.services.qualifying import tax_words
from tests import books
from tests.cli.running import LEDGER
from tests.rules.ledgers import lines_of
from tests.services import coops

if TYPE_CHECKING:
    from coopledger.journal.loading import Book

DEMONSTRATION = sorted(
    {path.parent.name for path in LEDGER.glob("*/members.beancount")} - {"federation"}
)
BYLAW = '2023-01-01 custom "coop-parameter" "patronage.consent" "bylaw"\n'
WRITTEN = BYLAW.replace('"bylaw"', '"written"')
CHECK = BYLAW.replace('"bylaw"', '"check"')
#: Of 33.32 a fifth is 6.664: 6.67 in money is enough, and 6.66 is not.
DISTRIBUTED = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated        1,000.00 USD
  Equity:Collective                   -966.68 USD
  Liabilities:Members:Ana:Payable      -{money} USD
  Equity:Members:Ana:{role}           -{paper} USD
"""
PAID = """
{day} * "Paid"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable       {money} USD
  {to}                                 -{money} USD
"""
LAST_DAY = "2025-09-15"


def book_of(folder: Path, more: str, preset: str = "us-worker-ica") -> Book:
    text = f"{books.preamble(preset)}\n{lines_of(more)}"
    return load_book(books.write(folder, text))


def given_of(
    folder: Path,
    more: str = BYLAW,
    money: str = "6.67",
    role: str = "Patronage",
    paid: str = LAST_DAY,
    to: str = "Assets:Bank",
) -> tuple[Allotments, Allotment]:
    """Return what Ana was allotted of 2024: 33.32, some of it in money."""
    paper = Decimal("33.32") - Decimal(money)
    text = more + DISTRIBUTED.format(money=money, paper=paper, role=role)
    text += PAID.format(day=paid, money=money, to=to) if paid else ""
    found = allotments_of(book_of(folder, text), 2024)
    return found, found.members[0]


def states(one: Allotment) -> dict[str, str]:
    assert one.qualification is not None
    return {needed.key: needed.state for needed in one.qualification.conditions}


def words_of(found: Allotments, one: Allotment) -> str:
    assert found.terms
    verdict = one.qualification.verdict if one.qualification else None
    return " ".join(tax_words(found.terms, one.dividend, verdict, found.day))


# --- the books' own figures -----------------------------------------------------------


@pytest.mark.parametrize("name", DEMONSTRATION)
@pytest.mark.parametrize("year", [2023, 2024])
def test_a_notice_has_the_figures_of_appropriation_and_capital(
    name: str, year: int
) -> None:
    book = load_book(LEDGER / name)
    found = allotments_of(book, year)
    assert not found.is_proposed
    own = {one.member: one for one in found.members}
    lines: dict[str, Decimal] = {}
    cash: dict[str, Decimal] = {}
    appropriation = close_year(book, year).appropriation
    sign = -1 if appropriation.is_loss else 1
    for step in appropriation.steps:
        for line in step.lines:
            lines[line.member] = lines.get(line.member, Decimal(0)) + line.amount
            cash[line.member] = cash.get(line.member, Decimal(0)) + line.cash
        for member, part in step.parts.items() if not step.lines else ():
            lines[member] = lines.get(member, Decimal(0)) + sign * part
    assert {m: one.stated for m, one in own.items()} == lines
    assert {m: one.money for m, one in own.items() if one.money} == cash
    added: dict[str, Decimal] = {}
    for movement in book.case.books.movements():
        if movement.year == year and movement.kind in {"patronage", "loss"}:
            before = added.get(movement.member, Decimal(0))
            added[movement.member] = before + movement.amount
    assert {m: one.retained for m, one in own.items()} == added
    assert all(sum(p.amount for p in one.parts) == one.stated for one in own.values())


@settings(max_examples=12)
@given(
    hours=st.lists(st.integers(1, 2000), min_size=1, max_size=6),
    cents=st.integers(1, 10**8),
    share=st.integers(20, 100),
)
def test_proposed_and_booked_notices_say_what_the_closing_books(
    hours: list[int], cents: int, share: int
) -> None:
    coop = coops.Coop(
        {f"M{n:02}": Decimal(one) for n, one in enumerate(hours)},
        Decimal(cents).scaleb(-2),
        choices={"patronage.cash-share": Decimal(share).scaleb(-2)},
        more='2026-03-01 custom "coop-resolution" "GA" "Accounts approved"',
    )
    with tempfile.TemporaryDirectory() as folder:
        book = coop.write(Path(folder))
        closing = close_year(book, coops.YEAR, "GA")
        lines = [one for step in closing.appropriation.steps for one in step.lines]
        due = {line.member: (line.amount, line.cash) for line in lines if line.amount}
        if not due:
            return
        draft = allotments_of(book, coops.YEAR, proposed=True)
        write_closing(book, closing)
        booked = allotments_of(load_book(Path(folder)), coops.YEAR)
    assert (draft.is_proposed, booked.is_proposed) == (True, False)
    assert booked.resolution == "GA"
    for found in (draft, booked):
        assert {o.member: (o.stated, o.money) for o in found.members} == due
        assert all(o.stated == o.money + o.retained for o in found.members)
        assert all(o.open == o.money for o in found.members)
    # The part in money is rounded up, so that it is never a cent short.
    assert all(states(o)["money"] == "met" for o in booked.members if o.retained)


def test_what_is_withheld_of_interest_is_a_part_of_the_money(tmp_path: Path) -> None:
    more = (
        '2023-01-01 custom "coop-parameter" "interest.rate" 0.05\n'
        '2023-01-01 custom "coop-parameter" "interest.cash-share" 1\n'
        '2023-01-01 custom "coop-parameter" "interest.withholding" 0.19\n'
    )
    book = book_of(tmp_path, more, "es-basque-worker")
    found = allotments_of(book, 2024, proposed=True)
    interest = {
        one.member: sum(p.amount for p in one.parts if p.kind == "interest")
        for one in found.members
    }
    closing = close_year(book, 2024)
    lines = [
        line
        for step in closing.appropriation.steps
        if step.step.kind == "interest"
        for line in step.lines
    ]
    assert {line.member: line.amount for line in lines} == interest
    withheld = {one.member: one.withheld for one in found.members}
    assert {line.member: line.withheld for line in lines} == withheld
    assert all(withheld.values())


def test_what_was_kept_back_per_unit_is_told_beside_the_dividend(
    tmp_path: Path,
) -> None:
    more = """
2024-12-31 * "Retains of 2024"
  coop-kind: "patronage"
  Expenses:PerUnitRetains       20.00 USD
  Equity:Members:Ana:Retains   -15.00 USD
  Equity:Members:Bea:Retains    -5.00 USD
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated         10.00 USD
  Liabilities:Members:Ana:Payable    -10.00 USD
"""
    found = allotments_of(book_of(tmp_path, more, "us-producer"), 2024)
    assert [one.member for one in found.members] == ["Ana", "Bea"]
    assert [one.stated for one in found.members] == [25, 5]
    assert [one.dividend.whole for one in found.members] == [10, 0]
    assert "What was kept back per unit, 15.00" in words_of(found, found.members[0])
    assert found.members[0].qualification is None


def test_a_loss_is_told_below_zero_and_without_words_on_notices() -> None:
    found = allotments_of(load_book(LEDGER / "nubias-cafe"), 2024)
    assert all(one.stated < 0 and one.money == 0 for one in found.members)
    assert {one.qualification for one in found.members} == {None}


# --- qualified or not -----------------------------------------------------------------


def test_a_fifth_in_money_paid_on_the_last_day_makes_a_qualified_notice(
    tmp_path: Path,
) -> None:
    found, ana = given_of(tmp_path)
    assert states(ana) == {"money": "met", "time": "met", "consent": "met"}
    assert ana.qualification
    assert ana.qualification.verdict == "qualified"
    money, time, consent = ana.qualification.conditions
    assert money.answer == "6.67 is in money; at least 6.67 has to be."
    assert "1388(c)(1)" in money.sources[0]
    assert "1382(d)" in time.sources[0]
    assert "the co-op's by-laws of 2023-01-01" in consent.sources
    said = words_of(found, ana)
    assert "The retained part, 26.65, is income of the year in which you get" in said
    assert "For 2025 you get it by 2026-01-31, if it comes to 10 or more" in said


def test_one_cent_less_in_money_makes_it_nonqualified(tmp_path: Path) -> None:
    found, ana = given_of(tmp_path, money="6.66")
    assert states(ana) == {"money": "failed", "time": "failed", "consent": "met"}
    assert ana.qualification
    assert ana.qualification.verdict == "nonqualified"
    assert "The nonqualified part, 26.66, is no income now." in words_of(found, ana)
    rules = {one.rule for one in check_book(load_book(tmp_path)).findings}
    assert "COOP-TAX-02" in rules


@pytest.mark.parametrize(
    ("paid", "to", "state"),
    [
        (LAST_DAY, "Assets:Bank", "met"),
        ("2025-09-16", "Assets:Bank", "failed"),
        (LAST_DAY, "Equity:Collective", "failed"),
        (LAST_DAY, "Equity:Members:Ana:Voluntary", "met"),
        ("", "", "open"),
    ],
)
def test_money_counts_that_is_paid_within_the_payment_period(
    paid: str, to: str, state: str, tmp_path: Path
) -> None:
    _, ana = given_of(tmp_path, paid=paid, to=to)
    assert states(ana)["time"] == state
    assert ana.open == (0 if paid else Decimal("6.67"))
    assert [one.is_money for one in ana.payments] == [":Ana:" not in to][: len(paid)]


def test_what_is_not_paid_when_the_period_is_over_is_not_qualified(
    tmp_path: Path,
) -> None:
    later = '2025-09-16 * "Later"\n  Assets:Bank  1.00 USD\n  Income:Sales  -1.00 USD\n'
    _, ana = given_of(tmp_path, BYLAW + later, paid="")
    assert states(ana)["time"] == "failed"


def test_the_rest_may_come_late_once_a_fifth_was_paid_in_time(tmp_path: Path) -> None:
    late = PAID.format(day="2025-12-01", money="3.33", to="Assets:Bank")
    text = BYLAW + DISTRIBUTED.format(money="10.00", paper="23.32", role="Patronage")
    text += PAID.format(day=LAST_DAY, money="6.67", to="Assets:Bank") + late
    ana = allotments_of(book_of(tmp_path, text), 2024).members[0]
    assert states(ana)["time"] == "met"
    assert [one.amount for one in ana.payments] == [Decimal("6.67"), Decimal("3.33")]


CONSENT = """
{day} custom "coop-member" "Ana" "class"
  class: "worker"
  consent: {day}
"""


@pytest.mark.parametrize(
    ("more", "state", "said"),
    [
        ("", "unknown", "The book names none: no consent of yours"),
        (BYLAW, "met", "The by-laws say"),
        (WRITTEN, "failed", "No consent of yours of 2024-12-31 or earlier"),
        (
            WRITTEN + CONSENT.format(day="2024-12-31"),
            "met",
            "Your consent of 2024-12-31 is on record.",
        ),
        (WRITTEN + CONSENT.format(day="2025-01-01"), "failed", "No consent of yours"),
        (CONSENT.format(day="2024-02-01"), "met", "Your consent of 2024-02-01"),
    ],
)
def test_a_consent_is_what_the_book_names_and_nothing_else(
    more: str, state: str, said: str, tmp_path: Path
) -> None:
    found, ana = given_of(tmp_path, more)
    assert ana.qualification
    consent = ana.qualification.conditions[-1]
    assert (consent.key, consent.state) == ("consent", state)
    assert consent.answer.startswith(said)
    verdict = {"met": "qualified", "failed": "nonqualified", "unknown": "unknown"}
    assert ana.qualification.verdict == verdict[state]
    assert ("If the notice is qualified" in words_of(found, ana)) is (
        state == "unknown"
    )


@pytest.mark.parametrize(
    ("cleared", "last", "state"),
    [
        ("2025-12-14", "2025-12-20", "met"),
        ("2025-12-15", "2025-12-20", "failed"),
        ("", "2025-12-14", "open"),
        ("", "2025-12-15", "failed"),
    ],
)
def test_a_cashed_check_is_a_consent_for_so_long_as_the_law_says(
    cleared: str, last: str, state: str, tmp_path: Path
) -> None:
    paid = PAID.format(day=LAST_DAY, money="6.67", to="Assets:Bank")
    if cleared:
        paid = paid.replace("6.67 USD\n", f"6.67 USD\n    coop-cleared: {cleared}\n", 1)
    text = CHECK + DISTRIBUTED.format(money="6.67", paper="26.65", role="Patronage")
    text += f'{paid}\n{last} * "Later"\n  Assets:Bank  1 USD\n  Income:Sales  -1 USD\n'
    ana = allotments_of(book_of(tmp_path, text), 2024).members[0]
    assert states(ana)["consent"] == state


def test_what_can_be_had_in_cash_needs_no_consent_and_says_so(tmp_path: Path) -> None:
    own = BYLAW.replace('"bylaw"', '"redeemable"')
    found, ana = given_of(tmp_path, own)
    assert states(ana) == {"money": "met", "time": "met", "consent": "met"}
    assert ana.qualification
    assert any("1388(c)(1)(A)" in s for s in ana.qualification.conditions[-1].sources)
    assert found.terms
    assert "in cash, at that amount, within 90 days" in str(found.terms.cash_right)
    rules = {one.rule for one in check_book(load_book(tmp_path)).findings}
    assert rules == {"COOP-APP-04"}  # Bea has nothing in these few lines


def test_what_was_booked_as_nonqualified_asks_for_no_consent(tmp_path: Path) -> None:
    found, ana = given_of(tmp_path, "", "3.32", role="Nonqualified")
    assert states(ana) == {}
    assert ana.qualification
    assert ana.qualification.verdict == "nonqualified"
    assert "The nonqualified part, 30.00, is no income now." in words_of(found, ana)


@pytest.mark.parametrize("regime", ["sub-k", "none"])
def test_without_subchapter_t_nothing_is_said_of_notices(
    regime: str, tmp_path: Path
) -> None:
    more = f'2020-01-01 custom "coop-parameter" "tax.regime" "{regime}"\n'
    found, ana = given_of(tmp_path, more)
    assert (found.regime, found.terms, ana.qualification) == (regime, None, None)


def test_who_gets_no_form_is_told_of_none(tmp_path: Path) -> None:
    exempt = CONSENT.format(day="2024-02-01") + '  payee: "exempt"\n'
    found, ana = given_of(tmp_path, exempt)
    assert "1099-PATR" not in words_of(found, ana)


# --- what is not decided --------------------------------------------------------------


def test_a_year_that_is_not_booked_has_drafts_only(tmp_path: Path) -> None:
    book = book_of(tmp_path, BYLAW)
    with pytest.raises(NotDistributedError, match="is not booked as distributed"):
        allotments_of(book, 2024)
    found = allotments_of(book, 2024, proposed=True)
    assert (found.is_proposed, found.resolution) == (True, "")
    assert {states(one)["time"] for one in found.members} == {"open"}
    assert [one.payments for one in found.members] == [(), ()]


def test_a_draft_in_the_book_is_no_decision(tmp_path: Path) -> None:
    text = BYLAW + DISTRIBUTED.format(money="6.67", paper="26.65", role="Patronage")
    book = book_of(tmp_path, text.replace("2025-04-01 *", "2025-04-01 !"))
    with pytest.raises(NotDistributedError, match="is a draft in the book"):
        allotments_of(book, 2024)
    found = allotments_of(book, 2024, proposed=True)
    assert [(o.stated, o.payments) for o in found.members] == [(Decimal("33.32"), ())]


def test_what_cannot_be_told_of_is_one_sentence(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        DISTRIBUTED.format(money="6.67", paper="26.65", role="Patronage"),
    )
    with pytest.raises(YearUnknownError):
        allotments_of(book, 1999)
    with pytest.raises(MemberUnknownError):
        allotments_of(book, 2024, "Cy")
    with pytest.raises(NothingAllottedError, match="Bea has no part"):
        allotments_of(book, 2024, "Bea")
