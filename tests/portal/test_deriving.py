"""A member's book holds their movements and nothing of anybody else."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest
from beancount import loader
from beancount.core import data
from beancount.core.inventory import Inventory
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.journal.loading import load_entries
from coopledger.portal.composing import written
from coopledger.portal.deriving import Division
from coopledger.portal.deriving import Share
from coopledger.portal.deriving import divide
from coopledger.portal.proving import NotPublishedError
from coopledger.portal.proving import prove
from tests import books
from tests.portal.door import BOOK

if TYPE_CHECKING:
    from pathlib import Path


def divided(folder: Path, text: str) -> Division:
    entries, _, options = load_entries(books.write(folder, text))
    return divide(entries, options)


def book_of(folder: Path, text: str, member: str = "M-Ana") -> str:
    division = divided(folder, text)
    book = written(division, member)
    prove(book, division, member)
    return book


def test_own_postings_stay_and_one_counter_account_balances_them(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, BOOK)
    assert (
        '2022-01-02 * "Anastasia" "Pays her contribution"\n'
        "  Equity:Members:M-Ana:Contribution  -1250.19 USD\n"
        '    coop-kind: "contribution"\n'
        "  Equity:Cooperative  1250.19 USD\n"
    ) in book


def test_a_transaction_of_several_members_keeps_its_kind_instead_of_its_words(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, BOOK)
    assert '2023-03-15 * "Distribution of 2022"' in book
    assert '2022-03-31 * "Advance"' in book
    assert "hours: 151.75" in book


def test_the_kind_is_said_in_the_language_of_the_book(tmp_path: Path) -> None:
    more = '2022-01-01 custom "fava-option" "language" "es"\n'
    book = book_of(tmp_path, BOOK + more)
    assert '2023-03-15 * "Distribución de 2022"' in book
    assert '2022-03-31 * "Anticipos"' in book


def test_a_member_called_like_a_word_of_ours_closes_no_book(tmp_path: Path) -> None:
    more = """
2022-01-01 custom "fava-option" "language" "es"
2022-01-01 custom "coop-member" "M-Di" "join"
  name: "Distribución de Anticipo"
  class: "worker"
"""
    assert '"Distribución de 2022"' in book_of(tmp_path, BOOK + more)


def test_own_balances_are_asserted_again(tmp_path: Path) -> None:
    assert (
        "2023-12-31 balance Equity:Members:M-Ana:Contribution  -1261.26 USD"
        in book_of(tmp_path, BOOK)
    )


def test_a_balance_that_fails_is_for_those_who_can_mend_it(tmp_path: Path) -> None:
    book = book_of(tmp_path, BOOK.replace("-1,261.26 USD", "-1.00 USD"))
    assert "balance Equity" not in book


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Instalment 9 of 15", True),
        ("Pays 1.377,31 too", False),
        ("Pays 1 377.31 too", False),
        ("Pays 137731 too", True),
        ("with 163.50 hours", False),
        ("for BOLIVAR", False),
        ("for the M-Bo household", False),
        ("Ruiz", True),
        ("for_bolivar", False),
        ("70.24 as well", True),
        ("steers \N{RIGHT-TO-LEFT OVERRIDE} the page", False),
    ],
)
def test_a_text_stays_only_where_nothing_in_it_is_anybody_elses(
    tmp_path: Path, *, text: str, stays: bool
) -> None:
    book = book_of(tmp_path, BOOK.replace("Pays her contribution", text, 1))
    assert (text in book) == stays


def test_a_text_with_quotes_and_backslashes_is_the_same_text(tmp_path: Path) -> None:
    text = r"says \"hello\" and \\"
    book = book_of(tmp_path, BOOK.replace("Pays her contribution", text, 1))
    entries, errors, _ = loader.load_string(book)
    narrations = [e.narration for e in entries if isinstance(e, data.Transaction)]
    assert not errors
    assert 'says "hello" and \\' in narrations


def test_capital_held_at_cost_or_price_weighs_the_same(tmp_path: Path) -> None:
    more = """
2023-05-01 * "Anastasia" "Shares"
  Equity:Members:M-Ana:Contribution  -3 SHARE {10.10 USD}
  Assets:Bank                        30.30 USD
2023-05-02 * "Anastasia" "Abroad"
  Equity:Members:M-Ana:Contribution  -7 EUR @ 1.11 USD
  Assets:Bank                         7.77 USD
"""
    book = book_of(tmp_path, BOOK + more)
    assert "Contribution  -3 SHARE @ 10.10 USD" in book
    assert "Cooperative  30.30 USD" in book
    assert "Contribution  -7 EUR @ 1.11 USD" in book


def test_closed_accounts_are_closed_and_options_of_the_reader_are_kept(
    tmp_path: Path,
) -> None:
    more = """
2022-01-01 custom "fava-option" "language" "es"
2022-01-01 custom "fava-option" "import-config" "import.py"
2022-01-01 custom "fava-option" "locale"
2024-01-01 close Expenses:Advances:M-Ana
"""
    book = book_of(tmp_path, BOOK + more)
    assert '"language" "es"' in book
    assert "import" not in book
    assert "close Expenses:Advances:M-Ana" in book


def test_somebody_without_an_account_has_an_empty_book(tmp_path: Path) -> None:
    more = '2023-01-01 custom "coop-member" "M-Di" "apply"\n  name: "Diana"\n'
    assert "* " not in book_of(tmp_path, BOOK + more, "M-Di")


def test_accounts_that_measure_patronage_are_their_members(tmp_path: Path) -> None:
    more = """
2022-01-01 custom "coop-patronage" "purchases" "Income:Shop:{member}"
2022-05-01 * "Anastasia" "Buys"
  Assets:Bank          5.55 USD
  Income:Shop:M-Ana   -5.55 USD
"""
    assert "Income:Shop:M-Ana  -5.55 USD" in book_of(tmp_path, BOOK + more)


def test_the_statement_opens_with_the_kinds_that_the_full_book_tells(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, BOOK)
    assert '"default-page" "extension/CapitalAccounts/?member=M-Ana"' in book
    assert '2022-01-01 custom "coop-policy" "us-worker-ica"\n' in book
    assert (
        '2022-01-01 custom "coop-member" "M-Ana" "join"\n'
        '  name: "Anastasia Ruiz"\n'
        '  class: "worker"\n'
    ) in book
    assert '-70.24 USD\n    coop-kind: "patronage"\n' in book


def test_a_book_without_our_pages_opens_at_the_journal_of_the_capital(
    tmp_path: Path,
) -> None:
    text = re.sub(".*fava-extension.*", "", BOOK)
    assert '"default-page" "account/Equity:Members:M-Ana/"' in book_of(tmp_path, text)


def test_of_enterprises_only_the_books_own_line_stays(tmp_path: Path) -> None:
    (tmp_path / "other.beancount").touch()
    more = '2022-01-01 custom "coop-enterprise" "other" "other.beancount"\n'
    assert "other" not in book_of(tmp_path, BOOK + more)


def test_steps_are_kept_by_their_ids_alone(tmp_path: Path) -> None:
    text = BOOK.replace("-70.24 USD", '-70.24 USD\n    coop-step: "retained-a"')
    assert 'coop-step: "retained-a"' in book_of(tmp_path, text)
    text = BOOK.replace("-70.24 USD", '-70.24 USD\n    coop-step: "For Bolivar"')
    assert "coop-step" not in book_of(tmp_path, text)


# --- the proof ------------------------------------------------------------------------

FORGED = (
    ("another plugin", 'plugin "beancount.ops.balance"\n', 'plugin "x.y"\n'),
    (
        "more plugins",
        'option "title"',
        'plugin "beancount.plugins.auto"\noption "title"',
    ),
    ("an include", 'option "title"', 'include "more.beancount"\noption "title"'),
    ("documents", 'option "title"', 'option "documents" "d"\noption "title"'),
    ("a title", '"Test Co-op"', '"Bolivar and others"'),
    ("a name", "Pays her contribution", "Pays for Bolivar"),
    ("another year", "Distribution of 2022", "Distribution of 2711.93"),
    ("a figure", "Pays her contribution", "Pays for 1377.31"),
    ("an amount", "-1250.19 USD", "-1250.20 USD"),
    ("a date", "2022-01-02 *", "2022-01-03 *"),
    ("a link", '"Pays her contribution"', '"Pays her contribution" ^GA-1'),
    ("a tag", '"Pays her contribution"', '"Pays her contribution" #tag'),
    ("metadata", '"Pays her contribution"\n', '"Pays her contribution"\n  by: "x"\n'),
    ("a kind", 'coop-kind: "appropriation"', 'coop-kind: "nothing"'),
    ("metadata of a posting", "    hours: 151.75", "    whole: 486.50"),
    ("an account", "2022-01-02 *", "2022-01-01 open Assets:Bank\n2022-01-02 *"),
    ("a note", "2022-01-02 *", '2022-01-02 note Equity:Cooperative "x"\n2022-01-02 *'),
    ("a line", "2022-01-02 *", '2022-01-02 custom "coop-x" "y"\n2022-01-02 *'),
    ("a balance", "2023-12-31 balance", "2023-12-30 balance"),
    (
        "more of an opening",
        "open Equity:Cooperative",
        'open Equity:Cooperative\n  by: "x"',
    ),
    ("a register line", '"M-Ana" "join"', '"M-Bo" "join"'),
    ("a name in the register", 'name: "Anastasia Ruiz"', 'name: "Bolivar Ruiz"'),
    ("more of the register", 'class: "worker"', 'class: "worker"\n  reason: "x"'),
    ("another page", '"coopledger.fava_ext.own"', '"coopledger.fava_ext"'),
    ("another law", '"us-worker-ica"', '"es-basque-worker"'),
    ("a kind of a posting", 'coop-kind: "contribution"', 'coop-kind: "gift"'),
    ("a movement", "  Equity:Members:M-Ana:Contribution  -11.07 USD\n", "  ; "),
)


@pytest.mark.parametrize(("what", "old", "new"), FORGED, ids=[one[0] for one in FORGED])
def test_a_book_that_shows_anything_else_is_not_published(
    tmp_path: Path, what: str, old: str, new: str
) -> None:
    division = divided(tmp_path, BOOK)
    book = written(division, "M-Ana")
    assert old in book, what
    with pytest.raises(NotPublishedError, match="M-Ana"):
        prove(book.replace(old, new, 1), division, "M-Ana")


def test_an_account_that_names_another_member_is_not_published(tmp_path: Path) -> None:
    more = """
2023-05-01 * "Anastasia" "Lends"
  Equity:Members:M-Ana:Contribution:Bolivar  -1.01 USD
  Assets:Bank                                 1.01 USD
"""
    with pytest.raises(NotPublishedError, match="bolivar"):
        book_of(tmp_path, BOOK + more)


def test_a_member_called_like_an_account_closes_books_rather_than_opening_them(
    tmp_path: Path,
) -> None:
    more = '2023-01-01 custom "coop-member" "Contribution" "join"\n  class: "worker"\n'
    with pytest.raises(NotPublishedError):
        book_of(tmp_path, BOOK + more)


# --- any book -------------------------------------------------------------------------

NAMES = ("Ana", "Bo", "Cleo", "Di", "Eve")
_CENTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents).scaleb(-2))
_PARTS = st.dictionaries(st.sampled_from(NAMES), _CENTS, min_size=1)


@st.composite
def any_book(draw: st.DrawFn) -> str:
    """Make a book of contributions, pay and patronage, with gossip in its texts."""
    lines = [
        'option "title" "Any"',
        'option "operating_currency" "USD"',
        '2020-01-01 custom "coop-enterprise" "any"',
        '2020-01-01 custom "coop-policy" "us-worker-ica"',
    ]
    lines += [
        f'2020-01-01 custom "coop-member" "{name}" "join"\n  class: "worker"'
        for name in NAMES
    ]
    day = datetime.date(2020, 1, 2)
    for parts in draw(st.lists(_PARTS, max_size=8)):
        day += datetime.timedelta(draw(st.integers(0, 40)))
        gossip = draw(st.sampled_from([*NAMES, "nobody", "Mariana", "ana-bo"]))
        figure = draw(_CENTS | st.sampled_from(sorted(parts.values())))
        role = draw(st.sampled_from(["Contribution", "Patronage", "Advances"]))
        text = f"of {gossip}, {figure} or {figure:,}"
        lines.append(f'{day} * "{gossip}" "{text}" ^{gossip}')
        for name, number in parts.items():
            account = f"Equity:Members:{name}:{role}"
            if role == "Advances":
                account = f"Expenses:Advances:{name}"
            lines.append(f"  {account}  {number} USD\n    hours: {number + 3}")
        lines.append(f"  Assets:Bank  -{sum(parts.values())} USD")
    return "\n".join(lines) + "\n"


def balances(text: str) -> dict[str, Any]:
    entries, errors, _ = loader.load_string(books.with_opens(text))
    assert not [one for one in errors if "Unknown account" in one.message]
    found: dict[str, Inventory] = {}
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            found.setdefault(posting.account, Inventory()).add_position(posting)
    return {name: str(one) for name, one in found.items() if len(one)}


@settings(max_examples=60)
@given(any_book())
def test_in_any_book_own_balances_are_equal_and_no_foreign_name_is_found(
    text: str,
) -> None:
    entries, _, options = loader.load_string(books.with_opens(text))
    division = divide(entries, options)
    full = balances(text)
    for member in NAMES:
        book = written(division, member)
        prove(book, division, member)
        words = set(re.findall(r"\w+", book.casefold()))
        assert not words & {other.casefold() for other in NAMES if other != member}
        own = {
            account: balance
            for account, balance in balances(book).items()
            if account != division.counter
        }
        assert own == {
            account: balance
            for account, balance in full.items()
            if member in account.split(":")
        }


@settings(max_examples=30)
@given(any_book())
def test_in_any_book_no_number_is_another_members_only(text: str) -> None:
    entries, _, options = loader.load_string(books.with_opens(text))
    division = divide(entries, options)
    figures = {member: figures_of(share) for member, share in division.shares.items()}
    for member in NAMES:
        others = set().union(*(figures[one] for one in NAMES if one != member))
        found = re.findall(r"\d+\.\d\d\b", written(division, member))
        assert not {Decimal(number) for number in found} & (others - figures[member])


def figures_of(share: Share) -> set[Decimal]:
    postings: list[Any] = [p for one in share.movements for p in one.postings]
    amounts = {abs(one.units.number) for one in postings}
    return amounts | {one.meta["hours"] for one in postings}


def test_the_division_knows_whoever_has_an_account(tmp_path: Path) -> None:
    division = divided(tmp_path, BOOK)
    assert set(division.shares) == {"M-Ana", "M-Bo", "M-Cleo"}
    assert replace(division, title="x").counter == "Equity:Cooperative"
