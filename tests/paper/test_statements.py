"""Members' statements as pages: the same figures, one member's data, text as text."""

from __future__ import annotations

import datetime
import html
import json
import os
import re
import sys
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest

from benchmarks import wide
from coopledger import paper
from coopledger.errors import FileExistsAlreadyError
from coopledger.errors import MemberUnknownError
from coopledger.journal.loading import load_book
from coopledger.paper import filing
from coopledger.paper import issuing
from coopledger.paper.composing import Composer
from coopledger.services.proposing import CHUNK
from coopledger.services.wording import wording_of
from tests import books
from tests.cli.running import LEDGER
from tests.cli.running import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from coopledger.journal.loading import Book
    from coopledger.services.showing import Payable

DEMONSTRATION = sorted(
    {path.parent.name for path in LEDGER.glob("*/members.beancount")} - {"federation"}
)
LANGUAGES = ("en", "es")
YEAR = 2024

_CELL = re.compile(r'<td class="num">([^<]*)</td>')
_TAG = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)

BOOK = """\
option "title" "Ours</style><script>alert(1)</script>"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2024-01-01 custom "coop-enterprise" "ours"
2024-01-01 custom "coop-policy" "us-worker-ica"
2024-01-01 custom "coop-member" "Ana" "join"
  name: "{name}"
  class: "worker"
2024-01-01 custom "coop-member" "Bo" "join"
  name: "Bo Quince"
  class: "worker"
2024-02-01 * "{memo}"
  Equity:Members:Ana:Contribution  -100.00 USD
  Assets:Bank
2024-02-02 * "For Bo, paid by a friend"
  Equity:Members:Ana:Contribution   -10.00 USD
  Assets:Bank
2024-02-03 * "Both of them together"
  Equity:Members:Ana:Contribution   -20.00 USD
  Equity:Members:Bo:Contribution    -20.00 USD
  Assets:Bank
"""

RISKY = [
    "=1+1",
    "+cmd",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "</title><img src=x>",
    "{{ 7 * 7 }}",
    "&lt;b&gt;",
    "שלום עולם",
    "😀 Ana",
    "A" * 5000,
]


def book_of(folder: Path, name: str = "Ana Ruiz", memo: str = "Paid in") -> Book:
    return load_book(
        books.write(folder, BOOK.replace("{name}", name).replace("{memo}", memo))
    )


def page_of(book: Book, member: str = "Ana", **wishes: str) -> str:
    composer = Composer(book, paper.Wishes(**wishes))  # type: ignore[arg-type]
    return composer.page(composer.account(member))


def text_of(page: str) -> str:
    return html.unescape(_TAG.sub(" ", page))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return book_of(tmp_path)


# --- figures --------------------------------------------------------------------------


def figures_of(page: str, language: str) -> set[Decimal]:
    """Read the amounts of a page back as its language writes them."""
    point = "," if language == "es" else "."
    group = "." if language == "es" else ","
    plain = (one.replace(group, "").replace(point, ".") for one in _CELL.findall(page))
    return {Decimal(one) for one in plain}


def owed_to(composer: Composer, member: str) -> tuple[Payable, ...]:
    """Return what is to be paid out, which adds up to what is owed."""
    account = composer.account(member)
    owed = sum(account.statement.owed.values(), Decimal(0))
    assert sum((one.amount for one in account.to_get), Decimal(0)) == owed
    return account.to_get


@pytest.mark.parametrize("name", DEMONSTRATION)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_has_the_figures_of_the_json_and_nobody_elses_name(
    name: str, language: str, tmp_path: Path
) -> None:
    asked = ("--book", LEDGER / name, "--year", YEAR)
    folder = tmp_path / "pages"
    done = run("statements", folder, *asked, "--language", language)
    assert (done.exit_code, done.stderr) == (0, "")
    register = load_book(LEDGER / name / "main.beancount").case.books.register
    pages = {path.stem.removeprefix("statement-"): path for path in folder.iterdir()}
    assert pages
    say = wording_of(language)
    first, last = datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)
    composer = Composer(load_book(LEDGER / name), paper.Wishes(first, last))
    for member, path in pages.items():
        page = path.read_text("utf-8")
        shown = run("statement", member, *asked, "--format", "json")
        found = json.loads(shown.stdout)
        amounts = [found["opening"], found["closing"]]
        amounts += [m[key] for m in found["movements"] for key in ("amount", "balance")]
        amounts += [one.amount for one in owed_to(composer, member)]
        assert {Decimal(one) for one in amounts} - figures_of(page, language) == set()
        assert say.number(Decimal(found["closing"])) in page
        foreign = {*register.ids, *map(register.name, register.ids)}
        foreign -= {member, register.name(member)}
        words = text_of(page)
        assert [one for one in foreign if re.search(rf"\b{one}\b", words)] == []


@pytest.mark.parametrize("name", DEMONSTRATION)
def test_nothing_on_a_spanish_page_is_left_in_english(name: str) -> None:
    composer = Composer(load_book(LEDGER / name), paper.Wishes(language="es"))
    # The wording is shared with whatever else spoke Spanish in this process.
    composer._press.say.missing.clear()
    for member in composer.books.register.ids:
        composer.page(composer.account(member))
    assert composer._press.say.missing == set()


def test_a_page_explains_the_patronage_that_moves_in_its_period() -> None:
    # Interest of 2024 is booked on the last day of 2024; its return in March 2025.
    first, last = datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)
    composer = Composer(load_book(LEDGER / "basque"), paper.Wishes(first, last))
    account = composer.account("Youssef")
    assert [one.year for one in account.workings] == [2023]
    assert "Patronage of 2023: " in text_of(composer.page(account))


def test_what_is_still_owed_stands_with_its_days() -> None:
    composer = Composer(load_book(LEDGER / "freedom-farms"), paper.Wishes())
    account = composer.account("Tobias")
    words = " ".join(text_of(composer.page(account)).split())
    assert account.statement.membership.left is not None
    assert "The membership ended on" in words
    for one in account.to_get:
        assert composer._press.say.number(one.amount) in words
        assert one.date is None or composer._press.say.day(one.date) in words


def test_what_happens_on_leaving_follows_the_law_and_the_by_laws(
    tmp_path: Path,
) -> None:
    own = (
        '2024-01-02 custom "coop-parameter" "exit.deduction-unjustified" 0.10\n'
        '2024-01-02 custom "coop-parameter" "exit.deduction-expulsion" 0.15\n'
    )
    basque = LEDGER / "basque" / "main.beancount"
    plain = text_of(page_of(load_book(basque), "Maite"))
    assert "It has to be paid within 5 years." in plain
    changed = tmp_path / "main.beancount"
    options = 'option "operating_currency" "EUR"\nplugin "coopledger.plugin"\n'
    changed.write_text(f'{options}include "{basque}"\n{own}', "utf-8")
    kept = text_of(page_of(load_book(changed), "Maite"))
    assert "justification loses 10\N{NO-BREAK SPACE}% of the compulsory" in kept
    assert "expelled loses 15\N{NO-BREAK SPACE}% of the compulsory" in kept


def test_a_book_that_no_law_governs_says_that_it_knows_no_rules(tmp_path: Path) -> None:
    text = re.sub(r".*coop-policy.*\n", "", BOOK)
    words = text_of(page_of(load_book(books.write(tmp_path, text))))
    assert "This book does not say which law and by-laws govern it." in words


def test_where_law_and_by_laws_are_silent_the_page_says_so(tmp_path: Path) -> None:
    text = BOOK.replace("us-worker-ica", "custom")
    words = text_of(page_of(load_book(books.write(tmp_path, text))))
    assert "The by-laws, as this book has them, keep nothing of it back." in words
    assert "This book has no rule on how soon it has to be paid." in words
    assert "This book has no rule on interest until then." in words


def test_whom_to_ask_is_named(book: Book) -> None:
    assert "Cy, books@x.example" in text_of(
        page_of(book, contact="Cy, books@x.example")
    )
    assert "Whoever keeps the co-operative's books" in text_of(page_of(book))


def whole_of(folder: Path, members: int) -> tuple[str, set[str]]:
    """Return the words of the first one's page, and what would tell of the others."""
    book = load_book(wide.written(folder, members, CHUNK))
    composer = Composer(book, paper.Wishes())
    first, *others = composer.books.register.ids
    account, say = composer.account(first), composer._press.say
    parts = [part for one in account.workings for part in one.parts]
    assert parts
    told = {say.number(part.step.divided) for part in parts}
    told |= {say.exact(part.whole) for part in parts}
    told |= {say.number(part.step.parts[other]) for part in parts for other in others}
    return text_of(composer.page(account)), told


def test_in_a_coop_of_two_nothing_tells_the_other_ones_part(tmp_path: Path) -> None:
    words, told = whole_of(tmp_path, 2)
    assert [
        one for one in told if re.search(rf"(?<![\d.,]){one}(?![\d.,])", words)
    ] == []
    assert "Two people divide this" in words


def test_among_three_everybody_can_reckon_their_part(tmp_path: Path) -> None:
    words, told = whole_of(tmp_path, 3)
    assert told & {*re.findall(r"[\d.,]*\d", words)}
    assert "Everybody's weight together" in words
    assert "Two people divide this" not in words


# --- text is text ---------------------------------------------------------------------


@pytest.mark.parametrize("risky", RISKY, ids=range(len(RISKY)))
def test_names_and_memos_are_text(risky: str, tmp_path: Path) -> None:
    page = page_of(book_of(tmp_path, name=risky, memo=risky), contact=risky)
    assert text_of(page).count(risky) >= 4
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("<style>") == page.count("</style>") == 1


def test_what_steers_and_shows_nothing_is_written_out(tmp_path: Path) -> None:
    page = page_of(book_of(tmp_path, name="A\u202ena", memo="x\x1b[31my\x00"))
    assert r"A\u202ena" in page
    assert r"x\x1b[31my\x00" in page
    assert not set("\u202e\x1b\x00") & set(page)


def test_a_page_asks_for_nothing_and_lets_nothing_run(book: Book) -> None:
    page = page_of(book)
    assert "default-src 'none'; style-src 'sha256-" in page.replace("&#39;", "'")
    assert re.findall(r"(?:src|href|action)=|url\(|https?:|@import", page) == []


def test_a_narration_that_tells_of_somebody_else_is_left_out(book: Book) -> None:
    words = text_of(page_of(book))
    assert "Paid in" in words
    assert "paid by a friend" not in words
    assert "Both of them together" not in words


# --- files ----------------------------------------------------------------------------


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_folder_and_files_are_for_their_owner_alone(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "pages"
    told: list[tuple[int, int]] = []
    count = paper.write_all(book, paper.Wishes(), folder, lambda *far: told.append(far))
    names = {path.name for path in folder.iterdir()}
    assert names == {"statement-Ana.html", "statement-Bo.html"}
    assert (count, told) == (2, [(1, 2), (2, 2)])
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    one = tmp_path / "one.html"
    one.touch(mode=0o644)
    paper.write_one(book, "Ana", paper.Wishes(), one, force=True)
    assert mode(one) == 0o600


def test_an_interruption_leaves_nothing_half(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    before = {*tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        paper.write_all(book, paper.Wishes(), tmp_path / "pages", stop)
    assert {*tmp_path.iterdir()} == before

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError):  # noqa: PT011 - the very one
        paper.write_one(book, "Ana", paper.Wishes(), tmp_path / "one.html")
    assert {*tmp_path.iterdir()} == before


def test_what_a_killed_run_left_is_taken_away(book: Book, tmp_path: Path) -> None:
    left = tmp_path / ".pages.999999999999999999999.new"
    left.mkdir()
    (left / "statement-Ana.html").touch()
    paper.write_all(book, paper.Wishes(), tmp_path / "pages")
    assert not left.exists()


def test_a_folder_with_something_in_it_is_left_as_it_is(
    book: Book, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    paper.write_all(book, paper.Wishes(), folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    with pytest.raises(filing.FolderInUseError):
        paper.write_all(book, paper.Wishes(), folder)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    with pytest.raises(FileExistsAlreadyError):
        paper.write_one(book, "Ana", paper.Wishes(), folder / "statement-Ana.html")
    with pytest.raises(MemberUnknownError):
        paper.write_one(book, "Cy", paper.Wishes(), tmp_path / "x.html")


def test_members_who_had_nothing_in_a_period_get_no_page(
    tmp_path: Path, book: Book
) -> None:
    day = book.case.books.bookings[0].date.replace(year=2020)
    with pytest.raises(issuing.NobodyInPeriodError):
        paper.write_all(book, paper.Wishes(start=day, end=day), tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_odd_ids_give_safe_names_that_never_meet() -> None:
    ids = ["Ana", "ANA", "Bo", "../../x", "a/b", "a b", "CON.", "\x00", "é", "B" * 300]
    names = filing.file_names(ids, "statement")
    assert names["Bo"] == "statement-Bo.html"
    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert all(re.fullmatch(r"statement-[\w.-]{1,60}\.html", n) for n in names.values())
    assert not any(".." in name for name in names.values())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--format", "html"), "go together"),
        (("--output", "x.html"), "go together"),
        (("--language", "es", "--format", "json"), "leave them out for JSON"),
        (("--contact", "Cy", "--format", "json"), "leave them out for JSON"),
        (("--force",), "--force is for a file that --output names"),
        (("--force", "--format", "json"), "--force is for a file"),
        (("--year", "2024", "--from", "2024-01-01"), "leave --from and --to out"),
        (("--from", "2024-02-01", "--to", "2024-01-01"), "is later than"),
        (("--year", "1999"), "1999"),
        (("--from", "2030-01-01"), "is later than the book's last day, 2025-12-31"),
    ],
)
def test_wrong_use_gets_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = run("statement", "Odessa", "--book", LEDGER / "freedom-farms", *arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_one_statement_is_written_as_a_page(tmp_path: Path) -> None:
    file = tmp_path / "odessa.html"
    asked = ("statement", "Odessa", "--book", LEDGER / "freedom-farms")
    done = run(*asked, "--format", "html", "--output", file)
    assert done.stdout == f"Written to {file}, which only you may read.\n"
    assert "Odessa" in file.read_text("utf-8")


# --- leaving --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "sentences"),
    [
        (
            (
                '2024-03-01 custom "coop-member" "Ana" "leave"\n'
                '2024-04-01 custom "coop-member" "Cy" "apply"\n'
            ),
            ("ended on Mar 1, 2024.", "Capital of 130.00 is not settled yet."),
        ),
        (
            '2024-01-05 custom "coop-parameter" "exit.years" 1\n',
            ("It has to be paid within a year.",),
        ),
    ],
)
def test_what_happens_on_leaving_is_said_as_things_stand(
    more: str, sentences: tuple[str, ...], tmp_path: Path
) -> None:
    text = BOOK.replace("{name}", "Ana Ruiz") + more
    words = " ".join(text_of(page_of(load_book(books.write(tmp_path, text)))).split())
    assert [one for one in sentences if one not in words] == []


def test_an_applicants_membership_has_not_begun(tmp_path: Path) -> None:
    text = f'{BOOK}\n2024-01-05 custom "coop-member" "Cy" "apply"\n'
    page = page_of(load_book(books.write(tmp_path, text)), "Cy")
    assert "The membership has not begun." in text_of(page)


# --- very many members ----------------------------------------------------------------


def steps_of(work: Callable[[], object]) -> int:
    """Count the steps that this package takes in some work, loops included."""
    taken = 0

    def look(frame: FrameType, event: str, _: object) -> Any:
        nonlocal taken
        if "coopledger" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        taken += event == "opcode"
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        work()
    finally:
        sys.settrace(before)
    return taken


def second_page(folder: Path, members: int) -> Callable[[], str]:
    """Make one page, for which the book is looked through, and return the next."""
    book = load_book(wide.written(folder, members, CHUNK))
    composer = Composer(book, paper.Wishes())
    first, second, *_ = composer.books.register.ids
    composer.page(composer.account(first))
    return lambda: composer.page(composer.account(second))


def test_a_statement_takes_no_longer_among_more_members(tmp_path: Path) -> None:
    few, many = (steps_of(second_page(tmp_path, number)) for number in (20, 80))
    assert few > 1000
    assert many - few < 20, "a step for each other member would be 60"
