"""A statement as text: the words and figures of the page, in the member's language."""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from coopledger import paper
from coopledger.journal.loading import load_book
from coopledger.paper.composing import Composer
from coopledger.services.provenance import made_by
from coopledger.services.showing import account_of
from coopledger.services.wording import wording_of
from tests import books
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.paper.test_statements import BOOK

if TYPE_CHECKING:
    from pathlib import Path

FIRST, LAST = datetime.date(2024, 3, 1), datetime.date(2025, 6, 30)
PERIOD = ("--from", FIRST, "--to", LAST)
#: With many movements; left, and still paid out; with an instalment to pay.
MEMBERS = (("green-team", "Devon"), ("basque", "Unai"), ("basque", "Youssef"))


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\s:]+", text)


@pytest.mark.parametrize(("name", "member"), MEMBERS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_text_has_the_words_and_figures_of_the_page(
    name: str, member: str, language: str
) -> None:
    contact = ("--contact", "Ane, 943 000 000")
    asked = ("statement", member, "--book", LEDGER / name, *PERIOD, *contact)
    done = run(*asked, "--language", language)
    assert (done.exit_code, done.stderr) == (0, "")
    wishes = paper.Wishes(FIRST, LAST, language, contact[1])
    composer = Composer(load_book(LEDGER / name), wishes)
    page = composer.page(composer.account(member))
    body = re.sub(r"<[^>]*>", " ", page[page.index("<body") :])
    # Captions that text has no room for, and tables' points between day and what.
    shown = words_of(html.unescape(body))
    say = wording_of(language)
    captions = ("What the capital consists of", "The period")
    spare = {word for one in captions for word in words_of(say(one))}
    assert {*shown} - {*words_of(done.stdout)} - spare == set()
    assert {*words_of(done.stdout)} - {*shown} == set()


def test_nothing_of_the_text_is_left_in_english() -> None:
    say = wording_of("es")
    say.missing.clear()
    for name, member in MEMBERS:
        run("statement", member, "--book", LEDGER / name, "--language", "es")
    assert say.missing == set()


def test_the_foot_has_the_program_and_the_digest_of_the_workbook(
    tmp_path: Path,
) -> None:
    workbook, page = tmp_path / "book.xlsx", tmp_path / "devon.html"
    book = ("--book", LEDGER / "green-team")
    run("export", workbook, *book, "--year", "2024")
    cells = [*load_workbook(workbook)["Read me"].iter_rows(values_only=True)]
    digest = next(row[1] for row in cells if row[0] == "Digest of the book")
    run("statement", "Devon", *book, "--format", "html", "--output", page)
    for text in (run("statement", "Devon", *book).stdout, page.read_text("utf-8")):
        foot = " ".join(text.split())
        assert f"Made by {made_by()}. Digest of the book (SHA-256): {digest}" in foot


def test_what_steers_a_terminal_is_written_out(tmp_path: Path) -> None:
    text = BOOK.replace("{name}", "A\x1b[31mna").replace("{memo}", "x\x1b[2Jy")
    main = books.write(tmp_path, text)
    done = run("statement", "Ana", "--book", main, "--contact", "C\u202ey")
    assert r"A\x1b[31mna" in done.stdout
    assert r"x\x1b[2Jy" in done.stdout
    assert r"C\u202ey" in done.stdout
    assert not set("\x1b\u202e") & set(done.stdout)


@pytest.mark.parametrize(
    ("member", "words"), [("Unai", "To you"), ("Youssef", "From you")]
)
def test_what_is_still_to_be_paid_stands_with_its_day(member: str, words: str) -> None:
    done = run("statement", member, "--book", LEDGER / "basque")
    account, say = account_of(load_book(LEDGER / "basque"), member), wording_of("en")
    dues = (*account.to_get, *account.to_pay)
    assert dues
    for one in dues:
        day = say.day(one.date) if one.date else "no day agreed"
        amount = say.number(one.amount)
        assert re.search(rf"{words}: .*  {day} +{amount}\n", done.stdout)


def test_a_member_is_told_in_the_language_that_the_register_has(
    tmp_path: Path,
) -> None:
    text = BOOK.replace('name: "{name}"', 'name: "Ana"\n  language: "es"')
    main = books.write(tmp_path, text.replace("{memo}", "x"))
    done = run("statement", "Ana", "--book", main)
    assert "¿A quién pregunto?" in done.stdout
    assert "Whom do I ask?" in run("statement", "Bo", "--book", main).stdout
