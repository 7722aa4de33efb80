"""What is still to be paid to members, and by them: all of it, with its days."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.capital import OWED
from coopledger.errors import MemberUnknownError
from coopledger.journal.loading import load_book
from coopledger.services.exitnotice import exit_notice_of
from coopledger.services.leaving import Wishes
from coopledger.services.leaving import exit_of
from coopledger.services.payouts.gathering import due_payouts
from coopledger.services.reminding import NobodyOwesError
from coopledger.services.reminding import reminders_of
from coopledger.services.scheduling import schedule_csv
from coopledger.services.scheduling import schedule_of
from coopledger.services.stating import statement_of
from tests import books
from tests.cli.running import LEDGER
from tests.rules.ledgers import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.scheduling import Schedule

DEMONSTRATION = sorted(
    {path.parent.name for path in LEDGER.glob("*/members.beancount")} - {"federation"}
)
LEAVES = """
2025-01-31 custom "coop-member" "Bea" "leave"
  exit: "unjustified"
2025-02-10 * "Settlement" ^GA-2025-01
  coop-kind: "redemption"
  coop-instalments: 2
  coop-due: 2025-04-30
  coop-every: 6
  Equity:Members:Bea:Contribution   1,000.00 USD
  Liabilities:Redemptions:Bea      -1,000.00 USD
"""
OWES = """
2025-01-15 custom "coop-enterprise" "example"
  pay-to: "Credit union, account 7"
2025-02-01 * "More capital, in parts"
  coop-instalments: 3
  coop-due: 2025-03-01
  coop-every: 1
  Equity:Members:{0}:Contribution  -300.00 USD
  Equity:Members:{0}:Uncalled       300.00 USD
"""


def book_of(folder: Path, more: str, preset: str = "us-worker-ica") -> Book:
    text = f"{books.preamble(preset)}\n{lines_of(more)}"
    return load_book(books.write(folder, text))


def rows(found: Schedule) -> list[tuple[str, str, Decimal, int]]:
    return [
        (str(one.date), one.member, one.amount, found.days_late(one))
        for one in found.payouts
    ]


@pytest.mark.parametrize("name", DEMONSTRATION)
@pytest.mark.parametrize("day", ["2023-12-31", "2024-04-01", "2024-09-30", ""])
def test_the_schedule_adds_up_to_what_the_accounts_owe(name: str, day: str) -> None:
    book = load_book(LEDGER / name)
    on = datetime.date.fromisoformat(day) if day else None
    found = schedule_of(book, on)
    owed = {
        member: total
        for member in book.case.books.register.ids
        if (total := sum(statement_of(book.case.books, member, None, on).owed.values()))
    }
    assert found.by_member() == owed
    assert found.total == sum(owed.values())
    traces = book.case.books.traces_in(OWED)
    booked = (leg.amount for one, leg in traces if one.date <= found.on)
    assert found.total == sum(booked)
    dates = [one.date or datetime.date.max for one in found.payouts]
    assert dates == sorted(dates)
    paid = due_payouts(book, found.on)
    assert found.total == paid.owed + paid.rest + paid.overpaid
    alone = [schedule_of(book, on, member) for member in owed]
    assert sum(one.total for one in alone) == found.total


def test_what_is_past_its_day_is_late_and_keeps_its_day(tmp_path: Path) -> None:
    found = schedule_of(book_of(tmp_path, LEAVES), datetime.date(2025, 5, 10))
    assert rows(found) == [
        ("2025-04-30", "Bea", Decimal(500), 10),
        ("2025-10-30", "Bea", Decimal(500), 0),
    ]
    assert found.overdue == 500
    assert found.total == 1000


def test_patronage_in_money_has_the_end_of_the_payment_period(tmp_path: Path) -> None:
    more = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated       1,000.00 USD
  Equity:Collective                  -250.00 USD
  Liabilities:Members:Ana:Payable    -562.50 USD
  Liabilities:Members:Bea:Payable    -187.50 USD
2025-04-02 * "Lent by Ana for a day"
  Assets:Bank                          10.00 USD
  Liabilities:Members:Ana:Payable     -10.00 USD
2025-06-01 * "A part of it"
  coop-kind: "payment"
  Liabilities:Members:Ana:Payable     100.00 USD
  Assets:Bank                        -100.00 USD
"""
    book = book_of(tmp_path, more)
    found = schedule_of(book, datetime.date(2025, 5, 1))
    assert [(one.words, one.date, one.amount) for one in found.payouts] == [
        ("Patronage of 2024 in money", datetime.date(2025, 9, 15), Decimal("562.50")),
        ("Patronage of 2024 in money", datetime.date(2025, 9, 15), Decimal("187.50")),
        ("Payable to the member", None, Decimal(10)),
    ]
    later = schedule_of(book, member="Ana")
    assert rows(later) == [
        ("2025-09-15", "Ana", Decimal("462.50"), 0),
        ("None", "Ana", Decimal(10), 0),
    ]
    before = schedule_of(book, datetime.date(2025, 3, 1))
    assert before.payouts == ()


def test_elsewhere_money_has_no_day_that_nobody_agreed(tmp_path: Path) -> None:
    more = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated          10.00 USD
  Liabilities:Members:Ana:Payable     -10.00 USD
"""
    partnership = '2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"\n'
    found = schedule_of(book_of(tmp_path, partnership + more))
    assert rows(found) == [("None", "Ana", Decimal(10), 0)]


def test_no_text_of_the_csv_is_a_formula(tmp_path: Path) -> None:
    named = '2025-01-01 custom "coop-member" "Bea" "class"\n  name: "=1+1"\n'
    text = schedule_csv(schedule_of(book_of(tmp_path, named + LEAVES)))
    assert text.splitlines()[0].startswith("date,member,name,what,owed_as,amount")
    assert ",'=1+1," in text


def test_nobody_of_that_id_is_refused(tmp_path: Path) -> None:
    book = book_of(tmp_path, OWES.format("Ana"))
    with pytest.raises(MemberUnknownError):
        schedule_of(book, member="Cy")
    with pytest.raises(MemberUnknownError):
        reminders_of(book, datetime.date(2025, 3, 2), "Cy")


# --- reminders ------------------------------------------------------------------------


def test_whose_instalment_is_oldest_is_reminded_first(tmp_path: Path) -> None:
    more = OWES.format("Ana") + OWES.format("Bea").replace("2025-03-01", "2025-02-28")
    book = book_of(tmp_path, more)
    found = reminders_of(book, datetime.date(2025, 4, 3))
    assert [one.member for one in found.members] == ["Bea", "Ana"]
    assert [(str(i.date), i.amount, i.days) for i in found.members[1].instalments] == [
        ("2025-03-01", Decimal(100), 33),
        ("2025-04-01", Decimal(100), 2),
        ("2025-05-01", Decimal(100), 0),
    ]
    assert found.members[1].total == 300
    assert found.members[1].overdue == 200
    assert found.pay_to == "Credit union, account 7"


def test_who_owes_nothing_is_not_reminded(tmp_path: Path) -> None:
    paid = """
2025-03-01 * "All of it"
  Assets:Bank                     300.00 USD
  Equity:Members:Ana:Uncalled    -300.00 USD
"""
    book = book_of(tmp_path, OWES.format("Ana") + paid)
    assert reminders_of(book, datetime.date(2025, 2, 28)).members[0].total == 300
    with pytest.raises(
        NobodyOwesError, match="Nobody owes an instalment on 2025-03-01"
    ):
        reminders_of(book, datetime.date(2025, 3, 1))
    with pytest.raises(NobodyOwesError, match="Bea owes no instalment"):
        reminders_of(book, datetime.date(2025, 2, 28), "Bea")
    with pytest.raises(NobodyOwesError):
        reminders_of(book, datetime.date(1999, 1, 1), "Ana")


def test_where_no_day_was_agreed_it_is_the_last_day_of_the_rules() -> None:
    book = load_book(LEDGER / "basque")
    (youssef,) = reminders_of(book, datetime.date(2025, 8, 1)).members
    (rest,) = youssef.instalments
    assert (str(rest.date), rest.days) == ("2026-09-01", 0)
    assert any("by-laws of 2020-02-03" in one for one in rest.sources)
    (later,) = reminders_of(book, datetime.date(2026, 9, 11)).members
    assert [one.days for one in later.instalments] == [10]


def test_only_who_is_behind_is_reminded_where_that_is_asked(tmp_path: Path) -> None:
    book = book_of(tmp_path, OWES.format("Ana"))
    on_the_day, after = datetime.date(2025, 3, 1), datetime.date(2025, 3, 2)
    with pytest.raises(NobodyOwesError, match="is behind"):
        reminders_of(book, on_the_day, only_overdue=True)
    found = reminders_of(book, after, only_overdue=True)
    assert [one.overdue for one in found.members] == [100]


@pytest.mark.parametrize("name", DEMONSTRATION)
@pytest.mark.parametrize("day", ["2023-12-01", "2024-04-01", "2025-08-01"])
def test_reminders_ask_for_what_is_uncalled_and_no_more(name: str, day: str) -> None:
    book, on = load_book(LEDGER / name), datetime.date.fromisoformat(day)
    uncalled = {
        member: owed
        for member in book.case.books.register.ids
        if book.case.books.register.during(member, on)
        and (owed := statement_of(book.case.books, member, None, on).uncalled)
    }
    if not uncalled:
        with pytest.raises(NobodyOwesError):
            reminders_of(book, on)
        return
    found = reminders_of(book, on)
    assert {one.member: one.total for one in found.members} == uncalled


# --- leaving --------------------------------------------------------------------------


def test_the_paper_of_a_leaver_has_the_figures_of_exit(tmp_path: Path) -> None:
    more = '2023-01-01 custom "coop-parameter" "exit.deduction-unjustified" 0.10\n'
    book = book_of(tmp_path, more, "es-basque-worker")
    found = exit_of(book, "Ana", Wishes(datetime.date(2025, 6, 30), "unjustified"))
    told = exit_notice_of(book, found)
    assert told.whole == found.settled + found.owed + found.declared
    assert sum(p.capital for p in found.payments) == told.whole
    assert told.interest == sum(p.interest or 0 for p in found.payments)
    assert told.history == ()
    assert told.settled == {}
    assert told.kept == 0
    kept, due, interest = told.rules
    assert kept.words.startswith("10 % of the compulsory contributions, ")
    assert "the co-op's by-laws of 2023-01-01" in kept.sources
    assert any("66.1" in one for one in kept.sources)
    assert due.words == "Everything is due by 2030-06-30."
    assert any("66.4" in one for one in due.sources)
    assert any("66.5" in one for one in interest.sources)


def test_what_happened_since_leaving_ends_in_what_is_owed() -> None:
    book = load_book(LEDGER / "basque")
    found = exit_of(book, "Unai", Wishes())
    told = exit_notice_of(book, found)
    assert told.history[-1].owed == found.owed
    became = [one.amount for one in told.history if one.amount > 0]
    assert sum(told.settled.values()) - told.kept == sum(became)
    assert told.kind == "retirement"
    assert told.rules[0].words == "Nothing may be kept for an exit of this kind."


def test_money_that_was_declared_and_not_paid_belongs_to_a_settlement(
    tmp_path: Path,
) -> None:
    more = """
2025-04-01 * "Distribution of 2024" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated          10.00 USD
  Liabilities:Members:Ana:Payable     -10.00 USD
"""
    book = book_of(tmp_path, more)
    before = exit_of(book, "Ana", Wishes(datetime.date(2025, 3, 31)))
    after = exit_of(book, "Ana", Wishes(datetime.date(2025, 4, 1)))
    assert [before.declared, after.declared] == [0, 10]
    assert exit_notice_of(book, after).whole == after.settled + 10


def test_a_death_is_repaid_by_the_rule_for_deaths() -> None:
    book = load_book(LEDGER / "basque")
    found = exit_of(book, "Leire", Wishes(datetime.date(2025, 12, 31), "death"))
    _, due, _ = exit_notice_of(book, found).rules
    assert found.deadline == datetime.date(2026, 12, 31)
    assert due.words == "Everything is due by 2026-12-31."
    assert due.sources


def test_what_no_rule_says_the_paper_does_not_make_up(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica").replace('"us-worker-ica"', '"custom"')
    book = load_book(books.write(tmp_path, text))
    found = exit_of(book, "Ana", Wishes(datetime.date(2025, 3, 31)))
    kept, due, interest = exit_notice_of(book, found).rules
    assert kept.words == "The by-laws, as this book has them, keep nothing of it back."
    assert due.words == "This book has no rule on how soon it has to be paid."
    assert interest.words == "This book has no rule on interest until then."
