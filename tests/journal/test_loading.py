"""Finding books, and loading one of which every line could be read."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import BookNotFoundError
from coopledger.errors import BookUnreadableError
from coopledger.errors import NoPolicyError
from coopledger.errors import SeveralBooksError
from coopledger.journal.finding import find_book
from coopledger.journal.finding import find_books
from coopledger.journal.loading import collector_off
from coopledger.journal.loading import load_book
from coopledger.journal.loading import load_entries
from coopledger.journal.loading import load_sound_book
from tests import books

if TYPE_CHECKING:
    from pathlib import Path


def us_book(folder: Path, more: str = "") -> Path:
    """Write a small book with something more at its end."""
    folder.mkdir(exist_ok=True)
    return books.write(folder, books.preamble("us-worker-ica") + more)


# --- where books stand ----------------------------------------------------------------


def test_a_file_is_its_own_book_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "any.bean"
    path.touch()
    assert find_books(path) == [path]


def test_a_folder_stands_for_its_main_file(tmp_path: Path) -> None:
    main = us_book(tmp_path)
    assert find_books(tmp_path) == [main]
    assert find_book(tmp_path) == main


def test_a_folder_of_folders_holds_all_their_books_in_order(tmp_path: Path) -> None:
    second, first = us_book(tmp_path / "b"), us_book(tmp_path / "a")
    (tmp_path / "notes").mkdir()
    assert find_books(tmp_path) == [first, second]


def test_one_book_alone_in_a_folder_of_folders_is_the_one_meant(tmp_path: Path) -> None:
    main = us_book(tmp_path / "a")
    assert find_book(tmp_path) == main


def test_several_books_are_listed_where_one_is_needed(tmp_path: Path) -> None:
    us_book(tmp_path / "a")
    us_book(tmp_path / "b")
    with pytest.raises(SeveralBooksError, match=r"holds several books \(a, b\)"):
        find_book(tmp_path)


@pytest.mark.parametrize("name", ["missing.beancount", "empty-folder"])
def test_where_no_book_is_the_path_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    with pytest.raises(BookNotFoundError, match=name):
        load_book(tmp_path / name)


# --- loading --------------------------------------------------------------------------


def test_a_book_knows_its_path_plugin_and_open_accounts(tmp_path: Path) -> None:
    main = us_book(tmp_path)
    book = load_book(tmp_path)
    assert book.path == main.resolve()
    assert book.has_plugin
    assert "Equity:Members:Ana:Contribution" in book.opened
    assert book.case.books.register.ids == ("Ana", "Bea")


def test_loading_leaves_no_cache_beside_the_book(tmp_path: Path) -> None:
    main = us_book(tmp_path)
    load_entries(main)
    assert list(tmp_path.iterdir()) == [main]


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_afterwards_what_it_was(*, was_on: bool) -> None:
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        with collector_off():
            assert not gc.isenabled()
        assert gc.isenabled() is was_on
    finally:
        (gc.enable if before else gc.disable)()


def test_what_a_program_froze_itself_stays_frozen() -> None:
    gc.freeze()
    try:
        with collector_off():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


# --- figures are taken from whole books only ------------------------------------------


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("2024-01-01 opne Assets:Till\n", "main.beancount:[0-9]+: .*opne"),
        ('2024-01-01 open "Assets:Till\n', "main.beancount:[0-9]+: "),
        ('include "nowhere.beancount"\n', "main.beancount: .*nowhere.beancount"),
        ('plugin "coopledger.plugni"\n', "main.beancount: .*plugni.* No module named"),
        (
            '2024-01-01 custom "coop-seal"\n',
            "main.beancount:[0-9]+: the book cannot be read: 'coop-seal' has no values",
        ),
    ],
    ids=[
        "misspelt-word",
        "open-quote",
        "missing-include",
        "missing-plugin",
        "no-values",
    ],
)
def test_a_book_that_was_not_read_to_the_end_gives_no_figures(
    tmp_path: Path, more: str, words: str
) -> None:
    us_book(tmp_path, more)
    with pytest.raises(BookUnreadableError, match=words) as caught:
        load_sound_book(tmp_path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_several_lines_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    us_book(tmp_path, "2024-01-01 opne Assets:A\n2024-01-01 opne Assets:B\n")
    with pytest.raises(BookUnreadableError, match=r"\(1 more follows\)"):
        load_sound_book(tmp_path)


def test_a_file_that_is_no_text_is_refused_in_one_printable_sentence(
    tmp_path: Path,
) -> None:
    path = tmp_path / "main.beancount"
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(BookUnreadableError) as caught:
        load_sound_book(path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("text", ["", "2024-01-01 open Assets:Bank\n"])
def test_a_book_without_a_cooperative_word_is_no_cooperatives(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "main.beancount"
    path.write_text(text, "utf-8")
    with pytest.raises(NoPolicyError, match=r"main\.beancount has no coop-policy"):
        load_sound_book(path)


def test_a_book_with_errors_of_bookkeeping_is_loaded_all_the_same(
    tmp_path: Path,
) -> None:
    us_book(tmp_path, "2024-02-01 balance Assets:Bank 1.00 USD\n")
    assert len(load_sound_book(tmp_path).errors) == 1
