"""Letters to members: the commands' own figures, text as text, nobody else's data."""

from __future__ import annotations

import datetime
import html
import json
import os
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.appropriation import appropriate
from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.loading import load_book
from coopledger.paper import filing
from coopledger.paper import letters
from coopledger.paper.letters import Look
from coopledger.services.allotting import allotments_of
from coopledger.services.exitnotice import exit_notice_of
from coopledger.services.leaving import Wishes
from coopledger.services.leaving import exit_of
from coopledger.services.reminding import reminders_of
from coopledger.services.scheduling import schedule_of
from coopledger.services.wording import wording_of
from tests import books
from tests.cli.running import FARMS
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.paper.test_statements import RISKY
from tests.paper.test_statements import figures_of
from tests.paper.test_statements import page_of
from tests.paper.test_statements import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.journal.loading import Book

DEMONSTRATION = sorted(
    {path.parent.name for path in LEDGER.glob("*/members.beancount")} - {"federation"}
)
LANGUAGES = ("en", "es")
DAY = datetime.date(2025, 4, 30)
BOOK = """\
option "title" "Ours</style><script>alert(1)</script>"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2020-01-01 custom "coop-enterprise" "ours"
  pay-to: "{name}"
2020-01-01 custom "coop-policy" "us-worker-ica"
2020-01-02 custom "coop-member" "Ana" "join"
  name: "{name}"
  class: "worker"
2020-01-02 custom "coop-member" "Bo" "join"
  name: "Bo Quince"
  class: "worker"
2025-03-31 custom "coop-resolution" "GA-2025-01" "{name}"
2020-01-02 * "{name}"
  coop-kind: "opening"
  coop-instalments: 2
  coop-due: 2025-03-01
  Equity:Members:Ana:Contribution  -300.00 USD
  Equity:Members:Ana:Uncalled       200.00 USD
  Assets:Bank
2024-06-30 * "Sales"
  Assets:Bank   1,000.00 USD
  Income:Sales
2025-04-01 * "{name}" #coop-appropriation ^GA-2025-01
  coop-year: "2024"
  Equity:Surplus:Appropriated      100.00 USD
  Liabilities:Members:Ana:Payable  -20.00 USD
  Equity:Members:Ana:Patronage     -80.00 USD
"""


def book_of(folder: Path, name: str = "Ana Ruiz") -> Book:
    return load_book(books.write(folder, BOOK.replace("{name}", name)))


def pages_of(book: Book, told: object, look: Look | None = None) -> list[str]:
    own = book.case.books
    return [*letters.pages(own, letters.batch_of(told, own), look or Look())]


def all_told(book: Book, day: datetime.date = DAY) -> Iterator[object]:
    """Return one answer of each kind that letters are made of."""
    yield allotments_of(book, 2024, "Ana")
    yield exit_notice_of(book, exit_of(book, "Ana", Wishes(day)))
    yield schedule_of(book, day)
    yield schedule_of(book, day, "Ana")
    yield reminders_of(book, day)


def words_of(page: str) -> str:
    return " ".join(text_of(page).split())


# --- figures --------------------------------------------------------------------------


@pytest.mark.parametrize("name", DEMONSTRATION)
@pytest.mark.parametrize("language", LANGUAGES)
def test_notices_have_the_figures_of_the_json_and_nobody_elses_name(
    name: str, language: str, tmp_path: Path
) -> None:
    asked = ("--book", LEDGER / name, "--year", 2024)
    folder = tmp_path / "pages"
    done = run("notices", folder, *asked, "--language", language)
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(run("notices", *asked, "--format", "json").stdout)
    register = load_book(LEDGER / name / "main.beancount").case.books.register
    files = {path.stem.removeprefix("notice-"): path for path in folder.iterdir()}
    assert {one["member"] for one in told["members"]} == {*files}
    for one in told["members"]:
        page = files[one["member"]].read_text("utf-8")
        amounts = [one["stated"], *(p["amount"] for p in one["parts"])]
        amounts += [paid["amount"] for paid in one["payments"]]
        assert {Decimal(a) for a in amounts} - figures_of(page, language) == set()
        own = {one["member"], one["name"]}
        foreign = {*register.ids, *map(register.name, register.ids)} - own
        words = text_of(page)
        assert [who for who in foreign if re.search(rf"\b{who}\b", words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_of_a_leaver_has_the_figures_of_the_json(
    language: str, tmp_path: Path
) -> None:
    asked = ("exit", "Leire", "--book", LEDGER / "basque", "--on", "2025-12-31")
    file = tmp_path / "leire.html"
    more = ("--format", "html", "--output", file, "--language", language)
    assert run(*asked, *more).exit_code == 0
    found = json.loads(run(*asked, "--format", "json").stdout)
    page = file.read_text("utf-8")
    amounts = [*found["components"].values(), found["settled"]]
    for one in found["payments"]:
        amounts += [one["capital"], one["interest"], one["outstanding"]]
    assert {Decimal(one) for one in amounts} - figures_of(page, language) == set()
    assert ("PROPOSED" if language == "en" else "PROPUESTA") in page
    assert "Ley 11/2019" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_schedule_as_a_page_has_the_figures_of_the_json(
    language: str, tmp_path: Path
) -> None:
    asked = ("schedule", "--book", LEDGER / "nubias-cafe", "--on", "2024-04-01")
    file = tmp_path / "schedule.html"
    more = ("--format", "html", "--output", file, "--language", language)
    assert run(*asked, *more).exit_code == 0
    found = json.loads(run(*asked, "--format", "json").stdout)
    amounts = [found["total"], *(one["amount"] for one in found["payouts"])]
    amounts += [one["amount"] for one in found["members"]]
    shown = figures_of(file.read_text("utf-8"), language)
    assert {Decimal(one) for one in amounts} - shown == set()


@pytest.mark.parametrize("name", DEMONSTRATION)
def test_nothing_in_a_spanish_letter_is_left_in_english(name: str) -> None:
    book, say = load_book(LEDGER / name), wording_of("es")
    say.missing.clear()
    on = datetime.date(2024, 4, 1)
    ids = book.case.books.register.ids
    told: list[object] = [allotments_of(book, year) for year in (2023, 2024)]
    told += [allotments_of(book, 2025, proposed=True), schedule_of(book, on)]
    told += [exit_notice_of(book, exit_of(book, ids[0], Wishes(DAY)))]
    for one in told:
        pages_of(book, one, Look("es"))
    assert say.missing == set()


def test_a_draft_is_headed_as_one_and_as_nothing_else() -> None:
    book = load_book(FARMS)
    for page in pages_of(book, allotments_of(book, 2025, proposed=True)):
        words = words_of(page)
        assert words.count("Draft of a notice, not decided") == 2
        assert "PROPOSED Nobody has decided this yet" in words
        assert "Written notice of allocation" not in words
        assert "Given to the member on" not in words


def test_the_command_says_that_a_draft_is_not_decided() -> None:
    asked = ("notices", "--book", FARMS, "--year", 2025, "--proposed")
    assert "fiscal year 2025, proposed and not decided, in USD" in run(*asked).stdout
    told = json.loads(run(*asked, "--format", "json").stdout)
    assert (told["state"], told["date"], told["resolution"]) == ("proposed", None, None)
    assert {one["unpaid"] == one["money"] for one in told["members"]} == {True}


def test_what_is_booked_is_no_draft_and_names_its_resolution() -> None:
    book = load_book(FARMS)
    words = words_of(pages_of(book, allotments_of(book, 2024))[0])
    assert "Written notice of allocation: Amara Boateng" in words
    assert "Decided on Mar 20, 2025, resolution GA-2025-01." in words
    assert "PROPOSED" not in words
    assert "Given to the member on:" in words


def test_only_books_under_subchapter_t_speak_of_united_states_tax() -> None:
    book = load_book(LEDGER / "basque")
    for page in pages_of(book, allotments_of(book, 2024)):
        words = words_of(page)
        assert "Notice of allocation: " in words
        for word in ("ritten", "qualified", "tax", "1099", "U.S.C.", "dividend"):
            assert word not in words


def test_members_of_a_partnership_are_told_of_their_schedule(tmp_path: Path) -> None:
    own = '2020-01-01 custom "coop-parameter" "tax.regime" "sub-k"\n'
    book = load_book(books.write(tmp_path, BOOK.replace("{name}", "Ana Ruiz") + own))
    words = words_of(pages_of(book, allotments_of(book, 2024))[0])
    assert "taxed as a partnership (Subchapter K)" in words
    assert "1099" not in words


def test_a_loss_is_said_as_one() -> None:
    book = load_book(LEDGER / "nubias-cafe")
    words = words_of(pages_of(book, allotments_of(book, 2024))[0])
    assert "Notice of your part of a loss: Loretta Quarles" in words
    assert "Your part of the loss of 2024 is 2,098.49 USD." in words
    assert "income" not in words


def test_without_a_named_consent_the_notice_says_so(tmp_path: Path) -> None:
    words = words_of(pages_of(book := book_of(tmp_path), allotments_of(book, 2024))[0])
    assert "depends on a consent that the book does not name" in words
    assert "The book names none" in words


def test_a_reminder_says_how_to_pay_as_the_book_does(tmp_path: Path) -> None:
    book = book_of(tmp_path, "Credit union, account 7")
    words = words_of(pages_of(book, reminders_of(book, DAY))[0])
    assert "Reminder of an instalment that is overdue" in words
    assert "Mar 1, 2025 60 days late 100.00" in words
    assert "How do I pay? Credit union, account 7" in words
    text = re.sub(r"  pay-to: .*\n", "", BOOK).replace("{name}", "Ana Ruiz")
    silent = load_book(books.write(tmp_path, text))
    soon = reminders_of(silent, datetime.date(2025, 2, 1))
    words = words_of(pages_of(silent, soon)[0])
    assert "Nothing is overdue. The next part has to be paid by Mar 1, 2025." in words
    assert "the book does not say how" in words


def test_each_member_is_written_to_in_their_own_language(tmp_path: Path) -> None:
    own = '  name: "Ana Ruiz"\n  language: "es"\n'
    text = BOOK.replace('  name: "{name}"\n', own, 1).replace("{name}", "Ana Ruiz")
    both = text.replace(
        "Liabilities:Members:Ana:Payable  -20.00", "Liabilities:Members:Bo:Payable  -20"
    )
    book = load_book(books.write(tmp_path, both))
    ana, bo = pages_of(book, allotments_of(book, 2024))
    assert 'lang="es"' in ana
    assert "80,00" in ana
    assert 'lang="en"' in bo
    assert 'lang="es"' in page_of(book, "Ana")
    assert 'lang="en"' in page_of(book, "Bo")
    (schedule,) = pages_of(book, schedule_of(book, DAY), Look("en"))
    assert 'lang="en"' in schedule


def test_a_language_that_nobody_speaks_is_a_finding(tmp_path: Path) -> None:
    own = '  name: "Ana Ruiz"\n  language: "esp"\n'
    text = BOOK.replace('  name: "{name}"\n', own, 1).replace("{name}", "Ana Ruiz")
    found = books.findings_of(tmp_path, text)
    assert any("esp" in one.found for one in found)


def test_what_letters_do_not_tell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError):
        letters.batch_of(appropriate, book_of(tmp_path).case.books)


# --- text is text ---------------------------------------------------------------------


@pytest.mark.parametrize("risky", RISKY, ids=range(len(RISKY)))
def test_names_contacts_and_ways_to_pay_are_text(risky: str, tmp_path: Path) -> None:
    book = book_of(tmp_path, risky)
    for told in all_told(book):
        for page in pages_of(book, told, Look(contact=risky)):
            assert risky in text_of(page)
            assert "<script" not in page
            assert "<img" not in page
            assert page.count("<style>") == page.count("</style>") == 1


def test_what_steers_and_shows_nothing_is_written_out(tmp_path: Path) -> None:
    book = book_of(tmp_path, "A\u202ena \x1b[31mRuiz")
    for told in all_told(book):
        (page,) = pages_of(book, told)
        assert r"A\u202ena \x1b[31mRuiz" in html.unescape(page)
        assert not set("\u202e\x1b") & set(page)


def test_a_letter_asks_for_nothing_and_lets_nothing_run(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    for told in all_told(book):
        (page,) = pages_of(book, told)
        assert "default-src 'none'; style-src 'sha256-" in html.unescape(page)
        assert re.findall(r"(?:src|href|action)=|url\(|https?:|@import", page) == []


# --- files ----------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_letters_are_for_their_owner_alone_and_come_together(tmp_path: Path) -> None:
    book = load_book(FARMS)
    own, folder = book.case.books, tmp_path / "pages"
    batch = letters.batch_of(allotments_of(book, 2024), own)
    told: list[tuple[int, int]] = []
    count = letters.write_letters(
        own, batch, Look(), folder, lambda *far: told.append(far)
    )
    assert count == len(batch.letters) == len([*folder.iterdir()]) == 9
    assert told[-1] == (9, 9)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(filing.FolderInUseError):
        letters.write_letters(own, batch, Look(), folder)


def test_a_letter_replaces_a_file_only_where_that_is_asked(tmp_path: Path) -> None:
    book, file = book_of(tmp_path), tmp_path / "letter.html"
    own = book.case.books
    batch = letters.batch_of(reminders_of(book, DAY), own)
    letters.write_letter(own, batch, Look(), file)
    with pytest.raises(FileExistsAlreadyError):
        letters.write_letter(own, batch, Look(), file)
    letters.write_letter(own, batch, Look("es"), file, force=True)
    assert 'lang="es"' in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("notices", "--year=2024", "--format=html"), "pages need a place"),
        (
            ("notices", "x", "--year=2024", "--format=json"),
            "pages need a place",
        ),
        (("notices", "x", "--year=2024", "--output=y.html"), "give one"),
        (
            ("notices", "--year=2024", "--output=y.html", "--format=html"),
            "say whose with --member",
        ),
        (("notices", "--year=2024", "--contact=Cy"), "are for pages"),
        (("notices", "--year=2025"), "is not booked as distributed"),
        (("notices", "--year=1999"), "1999"),
        (("notices", "--year=2024", "--member=Nobody"), "Nobody"),
        (("schedule", "--member=Nobody"), "Nobody"),
        (("schedule", "--language=es"), "are for pages"),
        (("reminders", "--today=2025-08-01"), "Nobody owes an instalment"),
        (("exit", "Tobias", "--format=html"), "pages need a place"),
    ],
)
def test_wrong_use_gets_one_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    before = {*tmp_path.iterdir()}
    done = run(*arguments, "--book", FARMS)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert {*tmp_path.iterdir()} == before


def test_the_command_names_whose_notices_are_not_qualified(tmp_path: Path) -> None:
    book_of(tmp_path)
    done = run("notices", "--book", tmp_path, "--year", 2024)
    assert done.exit_code == 0
    said = "The book names no consent, and the notices say so: Ana Ruiz.\n"
    assert done.stderr == said
    text = BOOK.replace("{name}", "Ana Ruiz").replace("-20.00", "-19.99")
    books.write(tmp_path, text.replace("-80.00", "-80.01"))
    done = run("notices", "--book", tmp_path, "--year", 2024)
    assert "Not qualified, too little in money: Ana Ruiz.\n" in done.stderr
    assert " nonqualified" in done.stdout
