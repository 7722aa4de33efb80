"""Statements as PDF: the same bytes, text as text, nobody else's to read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import pytest

from coopledger import paper
from coopledger.journal.loading import load_book
from coopledger.paper import filing
from coopledger.paper import printing
from coopledger.services.extras import LibraryMissingError
from tests import books
from tests.cli.running import LEDGER
from tests.cli.running import run
from tests.needing import PROGRAMS
from tests.needing import lack
from tests.needing import need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.journal.loading import Book


BOOK = """\
option "title" "Ours"
option "operating_currency" "USD"
plugin "coopledger.plugin"
2024-01-01 custom "coop-enterprise" "ours"
2024-01-01 custom "coop-policy" "us-worker-ica"
2024-01-01 custom "coop-member" "Ana" "join"
  name: "{name}"
  class: "worker"
2024-02-01 * "{memo}"
  Equity:Members:Ana:Contribution  -100.00 USD
  Assets:Bank
"""
PAGE = '<!DOCTYPE html><html lang="es"><title>Una</title><style>%s</style><p>%s</p>'


@pytest.fixture(autouse=True)
def _printer() -> None:
    try:
        printing.printed(PAGE % ("", ""))
    except (LibraryMissingError, printing.PangoMissingError) as error:
        lack(str(error), PROGRAMS)


def book_of(folder: Path, name: str = "Ana Ruiz", memo: str = "Paid in") -> Book:
    text = BOOK.replace("{name}", name).replace("{memo}", memo)
    return load_book(books.write(folder, text))


def asked(*command: str | Path) -> str:
    need(str(command[0]))
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def text_of(file: Path) -> str:
    """Read the words of a PDF back, one space between them."""
    text = asked("pdftotext", file, "-")
    # Marks of the direction of writing, which the reader of PDF adds.
    return " ".join(re.sub("[\u202a-\u202e\u2066-\u2069]", "", text).split())


def unpacked(file: Path) -> bytes:
    """Return the objects that stand in the compressed streams of a PDF."""
    streams = re.findall(
        rb"stream\r?\n(.*?)\r?\nendstream", file.read_bytes(), re.DOTALL
    )
    return b"".join(zlib.decompress(one) for one in streams)


def printed_to(folder: Path, page: str) -> Path:
    file = folder / "page.pdf"
    filing.put_page(file, page, filing.PDF)
    return file


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    file = tmp_path / "ana.pdf"
    wishes = paper.Wishes(language="es", form=paper.PDF)
    paper.write_one(book_of(tmp_path), "Ana", wishes, file)
    return file


def test_a_pdf_has_title_language_tags_and_its_own_letters(statement: Path) -> None:
    told = asked("pdfinfo", statement)
    assert re.search(r"Title: +Extracto de la persona socia: Ana Ruiz\n", told)
    assert re.search(r"Tagged: +yes\n", told)
    assert re.search(r"Encrypted: +no\n", told)
    assert "Date" not in told
    assert b"/Lang (es)" in unpacked(statement)
    fonts = asked("pdffonts", statement).splitlines()[2:]
    assert fonts
    assert all(re.search(r"yes yes yes +\d+ +\d+$", font) for font in fonts)


def test_the_same_page_gives_the_same_bytes_in_every_process(
    statement: Path, tmp_path: Path
) -> None:
    wishes = paper.Wishes(language="es", form=paper.PDF)
    again = tmp_path / "again.pdf"
    paper.write_one(book_of(tmp_path), "Ana", wishes, again)
    assert again.read_bytes() == statement.read_bytes()
    elsewhere = tmp_path / "elsewhere.pdf"
    order = ("statement", "Ana", "--book", tmp_path, "--language", "es")
    start = "from coopledger.cli import main; main()"
    command = (sys.executable, "-c", start, *order, "--format", "pdf")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run(
        (*command, "--output", elsewhere),
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert elsewhere.read_bytes() == statement.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_a_pdf_is_for_its_owner_alone(statement: Path) -> None:
    assert statement.stat().st_mode & 0o777 == 0o600


RISKY = {
    "=1+1": r"=1+1",
    "+cmd": r"+cmd",
    "@SUM(A1)": r"@SUM(A1)",
    "=HYPERLINK(x)": r"=HYPERLINK(x)",
    "<script>alert(1)</script>": r"<script>alert(1)</script>",
    "&lt;b&gt;": r"&lt;b&gt;",
    "Tab\there": r"Tab\there",
    "Return\rhere": r"Return\rhere",
    "שלום עולם": "שלום עולם",
    "مرحبا": "مرحبا",
    "😀 Ana": "😀 Ana",
    "A\u202ena": r"A\u202ena",
}


@pytest.mark.parametrize("risky", RISKY, ids=range(len(RISKY)))
def test_names_and_memos_are_text_in_a_pdf(risky: str, tmp_path: Path) -> None:
    file, wishes = tmp_path / "ana.pdf", paper.Wishes(contact=risky, form=paper.PDF)
    paper.write_one(book_of(tmp_path, risky, risky), "Ana", wishes, file)
    # Name above, memo with the movement, and whom to ask.
    assert text_of(file).count(RISKY[risky]) >= 3


def test_a_very_long_name_is_whole_and_leaves_the_figures_on_the_page(
    tmp_path: Path,
) -> None:
    file, name = tmp_path / "ana.pdf", "A" * 3000
    paper.write_one(
        book_of(tmp_path, name, name), "Ana", paper.Wishes(form=paper.PDF), file
    )
    assert text_of(file).count("A") >= 2 * len(name)
    words = asked("pdftotext", "-bbox", file, "-")
    width = float(re.findall(r'page width="([\d.]+)', words)[0])
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', words))) < width
    assert "100.00" in words


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_printing_fetches_nothing(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'fetched' }", "utf-8")
    address = secret.as_uri() if scheme == "file" else "http://127.0.0.1:9/secret.css"
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("asked"))
    page = PAGE % (f"@import '{address}';", f"<img src='{address}'>seen")
    page += (
        f"<link rel=stylesheet href='{address}'><link rel=attachment href='{address}'>"
    )
    file = printed_to(tmp_path, page)
    assert text_of(file) == "seen"
    assert b"EmbeddedFile" not in file.read_bytes()


def test_without_the_library_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printing._printer.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    file = tmp_path / "odessa.pdf"
    order = ("statement", "Odessa", "--book", LEDGER / "freedom-farms")
    done = run(*order, "--format", "pdf", "--output", file)
    assert done.exit_code == 2
    assert "pip install 'coopledger[pdf]'" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not file.exists()
    many = run("statements", tmp_path / "all", *order[2:], "--format", "pdf")
    assert (many.exit_code, many.stderr) == (2, done.stderr)
    assert not (tmp_path / "all").exists()


def test_without_pango_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise OSError(name)

    printing._printer.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint.text.fonts", Broken())
    with pytest.raises(printing.PangoMissingError, match="libpangoft2"):
        printed_to(tmp_path, PAGE % ("", "seen"))
    printing._printer.cache_clear()


def test_many_pages_are_printed_side_by_side_as_one_by_one(
    capfd: pytest.CaptureFixture[str],
) -> None:
    style = "@media screen and (width <= 44rem) { p { color: red } }"
    pages = [PAGE % (style, f"Page {number}") for number in range(printing.FEW + 2)]
    assert [*printing.printed_all(pages)] == [*map(printing.printed, pages)]
    assert capfd.readouterr() == ("", "")


def test_only_a_few_pages_are_taken_ahead_of_the_one_that_is_given() -> None:
    taken: list[int] = []

    def pages() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield PAGE % ("", f"Page {number}")

    first = printing.printed_all(pages())
    assert next(iter(first)).startswith(b"%PDF")
    assert len(taken) < 40


def test_everybodys_statements_are_printed_into_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    book = ("--book", LEDGER / "nubias-cafe", "--year", "2024")
    done = run("statements", folder, *book, "--format", "pdf", "--language", "es")
    assert (done.exit_code, done.stderr) == (0, "")
    files = sorted(folder.iterdir())
    assert f"{len(files)} statement(s)." in done.stdout
    for file in files:
        assert re.fullmatch(r"statement-\w+\.pdf", file.name)
        assert file.stat().st_mode & 0o777 == 0o600
    member = files[0].stem.removeprefix("statement-")
    assert member in text_of(files[0])


def test_letters_are_printed_as_statements_are(tmp_path: Path) -> None:
    file, book = tmp_path / "amara.pdf", ("--book", LEDGER / "freedom-farms")
    only = ("--member", "Amara", "--format", "pdf", "--output", file)
    done = run("notices", *book, "--year", 2024, *only, "--contact", "=1+1 <b>")
    assert done.stdout == f"Written to {file}, which only you may read.\n"
    words = text_of(file)
    assert "Written notice of allocation: Amara Boateng" in words
    assert "3,651.06" in words
    assert "=1+1 <b>" in words
    folder = tmp_path / "pages"
    basque = ("--book", LEDGER / "basque", "--year", 2024, "--language", "es")
    assert run("notices", folder, *basque, "--format", "pdf").exit_code == 0
    files = [*folder.iterdir()]
    assert {one.suffix for one in files} == {".pdf"}
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
