"""Proposals as text, and into files without ever losing one."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from coopledger.errors import FileExistsAlreadyError
from coopledger.journal.loading import load_book
from coopledger.journal.writing import BookChangedError
from coopledger.journal.writing import ProposalUncleanError
from coopledger.journal.writing import write_new_file
from coopledger.services.checking import check_path
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from tests import books
from tests.digests import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopledger.journal.loading import Book
    from coopledger.services.closing import Closing

YEAR, RESOLUTION = 2024, "GA-2025-01"
PROPOSAL = "closings/closing-2024.beancount"

#: No process has so large a number.
NOBODY = 2**40


class Coop(NamedTuple):
    """A book on disk that is to be closed."""

    main: Path

    @property
    def folder(self) -> Path:
        return self.main.parent

    @property
    def proposal(self) -> Path:
        return self.folder / PROPOSAL

    @property
    def text(self) -> str:
        return self.main.read_text("utf-8")

    def load(self) -> Book:
        return load_book(self.main)

    def propose(self, resolution: str = RESOLUTION) -> Closing:
        return close_year(self.load(), YEAR, resolution)

    def close(self, resolution: str = RESOLUTION, *, force: bool = False) -> Path:
        book = self.load()
        return write_closing(book, close_year(book, YEAR, resolution), force=force)

    def holds_old_or_new(self, old: dict[str, str]) -> bool:
        """Whether the book is as it was, or closed, and includes no rest of a run."""
        is_closed = self.propose().is_booked
        assert check_path(self.main).findings == ()
        included = self.load().options["include"]
        assert [name for name in included if name.endswith(".new")] == []
        now = digest(self.folder)
        return is_closed or now["main.beancount"] == old["main.beancount"]


@pytest.fixture
def coop(tmp_path: Path) -> Coop:
    return Coop(books.write(tmp_path, books.preamble("us-worker-ica")))


def coop_of(folder: Path, change: Callable[[str], str]) -> Coop:
    """Write the book after a change of its text."""
    return Coop(books.write(folder, change(books.preamble("us-worker-ica"))))


# --- text -----------------------------------------------------------------------------


def test_amounts_have_all_decimals_in_a_book_of_whole_numbers(tmp_path: Path) -> None:
    coop = coop_of(tmp_path, lambda text: text.replace(".00 USD", " USD"))
    coop.main.write_text(coop.text.replace("1,400 USD", "1,401 USD"), "utf-8")
    assert "250.25 USD" in coop.propose().text
    coop.close()
    assert check_path(coop.main).findings == ()
    assert coop.propose().is_booked


def test_a_proposal_follows_the_books_thousands_separators(tmp_path: Path) -> None:
    coop = coop_of(
        tmp_path,
        lambda text: 'option "render_commas" "TRUE"\n' + text.replace("1,400", "9,400"),
    )
    assert "2,250.00 USD" in coop.propose().text


def test_a_title_with_quotes_stays_a_title(tmp_path: Path) -> None:
    title = r"The \"Corner\" \\ Co"
    coop = coop_of(tmp_path, lambda text: text.replace("Example Co-operative", title))
    coop.close()
    assert coop.load().case.books.bookings[-1].text.startswith(r'The "Corner" \ Co ·')


def test_each_account_that_is_new_is_opened_once_on_its_first_day(coop: Coop) -> None:
    lines = coop.propose().text.splitlines()
    opened = [line.split()[2] for line in lines if " open " in line]
    assert "Equity:Members:Ana:Patronage" in opened
    assert sorted(set(opened)) == sorted(opened)
    assert {line.split()[0] for line in lines if " open " in line} == {"2025-03-31"}


def test_a_draft_is_flagged_and_links_to_nothing(coop: Coop) -> None:
    text = coop.propose(resolution="").text
    assert '2025-01-01 ! "Example Co-operative"' in text
    assert "^" not in text


# --- into files -----------------------------------------------------------------------


def test_a_proposal_goes_into_a_file_of_its_own_that_the_book_includes(
    coop: Coop,
) -> None:
    before = coop.text
    assert coop.close() == coop.proposal
    assert coop.text == f'{before}include "{PROPOSAL}"\n'
    assert check_path(coop.main).findings == ()
    assert coop.propose().is_booked


def test_an_include_that_is_commented_out_is_none(tmp_path: Path) -> None:
    coop = coop_of(tmp_path, lambda text: f'{text}\n;; include "{PROPOSAL}"\n')
    coop.close()
    assert coop.propose().is_booked


@pytest.mark.parametrize(
    "pattern",
    [
        "closings/*.beancount",
        "./closings/../*/closing-*.beancount",
        "closings/**/*.beancount",
    ],
)
def test_a_pattern_that_covers_the_new_file_includes_it(
    tmp_path: Path, pattern: str
) -> None:
    (tmp_path / "closings").mkdir()
    (tmp_path / "closings" / "closing-none.beancount").write_text(";; none\n", "utf-8")
    coop = coop_of(tmp_path, lambda text: f'{text}\ninclude "{pattern}"\n')
    before = coop.text
    coop.close()
    assert coop.text == before
    assert check_path(coop.main).findings == ()
    assert coop.propose().is_booked


def test_a_pattern_of_another_folder_does_not_include_it(tmp_path: Path) -> None:
    (tmp_path / "more.beancount").write_text(";; none\n", "utf-8")
    coop = coop_of(tmp_path, lambda text: f'{text}\ninclude "m*.beancount"\n')
    coop.main.rename(tmp_path / "book.bean")
    coop = Coop(tmp_path / "book.bean")
    coop.close()
    assert coop.propose().is_booked


def test_line_ends_of_the_top_level_file_stay_as_they_are(coop: Coop) -> None:
    crlf = coop.main.read_bytes().replace(b"\n", b"\r\n")
    coop.main.write_bytes(crlf)
    coop.close()
    assert coop.main.read_bytes() == crlf + f'include "{PROPOSAL}"\r\n'.encode()


def test_a_book_nobody_else_may_read_stays_so(coop: Coop) -> None:
    coop.main.chmod(0o600)
    coop.close()
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (coop.main, coop.proposal)]
    assert modes == [0o600, 0o600]


def test_a_book_reached_through_a_link_is_written_where_it_stands(coop: Coop) -> None:
    link = coop.folder.parent / f"{coop.folder.name}-link.beancount"
    link.symlink_to(coop.main)
    Coop(link).close()
    assert link.is_symlink()
    assert coop.propose().is_booked
    link.unlink()


def test_root_names_of_ones_own_stand_in_the_new_file_too(tmp_path: Path) -> None:
    coop = Coop(books.write(tmp_path, books.preamble("us-worker-ica")))
    ours = coop.text.replace("Equity:", "Patrimonio:")
    coop.main.write_text(f'option "name_equity" "Patrimonio"\n{ours}', "utf-8")
    coop.close()
    assert 'option "name_equity" "Patrimonio"' in coop.proposal.read_text("utf-8")
    assert check_path(coop.main).findings == ()
    assert coop.propose().is_booked


def test_what_a_killed_run_left_is_cleared_whatever_the_books_name(coop: Coop) -> None:
    main = coop.main.rename(coop.folder / "our [own] book.beancount")
    (coop.folder / f".{main.name}.{NOBODY}.new").write_text("half a bo", "utf-8")
    (coop.folder / f".{main.name}.x.new").write_text("half a bo", "utf-8")
    (coop.folder / "closings").mkdir()
    (coop.folder / "closings" / f".closing-2024.beancount.{NOBODY}.new").touch()
    Coop(main).close()
    assert list(coop.folder.rglob("*.new")) == []
    assert Coop(main).propose().is_booked


def test_what_another_run_is_just_writing_stays(coop: Coop) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=PIPE) as running:
        other = coop.folder / f".{coop.main.name}.{running.pid}.new"
        other.write_text("being written", "utf-8")
        coop.close()
        assert other.exists()
        running.communicate(b"")


# --- never over what is there ---------------------------------------------------------


def test_a_file_that_is_included_is_replaced_with_force_only(coop: Coop) -> None:
    coop.proposal.parent.mkdir()
    coop.proposal.write_text(";; reserved\n", "utf-8")
    coop.main.write_text(f'{coop.text}include "{PROPOSAL}"\n', "utf-8")
    before = digest(coop.folder)
    with pytest.raises(FileExistsAlreadyError, match="--force"):
        coop.close()
    assert digest(coop.folder) == before
    main = coop.text
    coop.close(force=True)
    assert coop.text == main
    assert coop.propose().is_booked


def test_a_file_of_somebody_elses_is_replaced_with_force_only(coop: Coop) -> None:
    coop.proposal.parent.mkdir()
    coop.proposal.write_text(";; notes for the assembly\n", "utf-8")
    before = digest(coop.folder)
    with pytest.raises(FileExistsAlreadyError):
        coop.close()
    assert digest(coop.folder) == before
    coop.close(force=True)
    assert coop.propose().is_booked


def test_the_same_proposal_left_by_an_interrupted_run_is_taken(coop: Coop) -> None:
    before = coop.text
    coop.close()
    coop.main.write_text(before, "utf-8")
    coop.close()
    assert coop.propose().is_booked


@pytest.mark.parametrize("plugin", ['plugin "coopledger.plugin"', ""])
def test_a_proposal_that_brings_a_finding_is_not_written(
    tmp_path: Path, plugin: str
) -> None:
    coop = coop_of(
        tmp_path, lambda text: text.replace('plugin "coopledger.plugin"', plugin)
    )
    before = digest(tmp_path)
    with pytest.raises(ProposalUncleanError, match="resolution"):
        coop.close(resolution="")
    assert digest(tmp_path) == before


def test_findings_that_were_there_before_do_not_stop_a_proposal(coop: Coop) -> None:
    note = "2025-02-01 balance Assets:Bank 1.00 USD\n"
    coop.main.write_text(f"{coop.text}{note}", "utf-8")
    coop.close()
    assert coop.propose().is_booked


def test_what_is_due_only_later_does_not_stop_a_proposal(coop: Coop) -> None:
    coop.main.write_text(
        coop.text + '2026-06-01 * "Long after the payment period"\n'
        "  Assets:Bank    1.00 USD\n  Income:Sales  -1.00 USD\n",
        "utf-8",
    )
    coop.close()
    found = check_path(coop.main).findings
    assert {finding.rule for finding in found} == {"COOP-TAX-03", "COOP-TAX-14"}


def test_a_book_that_changes_while_it_is_closed_is_left_alone(
    coop: Coop, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = coop.load()
    closing = close_year(book, YEAR, RESOLUTION)
    edited = coop.text + "\n;; saved by somebody else at this very moment\n"

    def fsync(_: int) -> None:
        coop.main.write_text(edited, "utf-8")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(BookChangedError):
        write_closing(book, closing)
    assert coop.text == edited
    assert [p.name for p in coop.folder.iterdir()] == ["main.beancount"]


# --- interrupted ----------------------------------------------------------------------

STEPS = ("mkdir", "open", "replace", "unlink", "rmdir", "chmod")


def interrupt_at(
    monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException, *, after: bool
) -> Callable[[], int]:
    """Let the n-th step that touches a file fail; return a count of the steps."""
    steps = 0

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **options: object) -> object:
            nonlocal steps
            steps += 1
            if steps != number:
                return real(*args, **options)
            done = real(*args, **options) if after else None
            if isinstance(done, io.IOBase):
                done.close()
            raise error

        return step

    for name in STEPS:
        monkeypatch.setattr(Path, name, failing(getattr(Path, name)))
    monkeypatch.setattr(os, "fsync", failing(os.fsync))
    return lambda: steps


def steps_of_a_closing(folder: Path) -> int:
    """Return how many steps a closing takes that is not interrupted."""
    coop = Coop(books.write(folder, books.preamble("us-worker-ica")))
    book = coop.load()
    closing = close_year(book, YEAR, RESOLUTION)
    with pytest.MonkeyPatch.context() as patch:
        count = interrupt_at(patch, 0, OSError(), after=False)
        write_closing(book, closing)
    return count()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=repr
)
def test_a_closing_interrupted_at_any_step_leaves_the_old_book_or_the_new(
    tmp_path: Path, error: BaseException, *, after: bool
) -> None:
    counted = tmp_path / "counted"
    counted.mkdir()
    total = steps_of_a_closing(counted)
    assert total >= 8
    for number in range(1, total + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        coop = Coop(books.write(folder, books.preamble("us-worker-ica")))
        old = digest(folder)
        book = coop.load()
        closing = close_year(book, YEAR, RESOLUTION)
        with pytest.MonkeyPatch.context() as patch:
            interrupt_at(patch, number, error, after=after)
            with contextlib.suppress(type(error)):
                write_closing(book, closing)
        assert coop.holds_old_or_new(old), number
        if not coop.propose().is_booked:
            coop.close()
        assert coop.propose().is_booked, number
        assert check_path(coop.main).findings == (), number


# --- single files ---------------------------------------------------------------------


def test_a_new_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write_new_file(tmp_path / "a" / "b.txt", "b\n")
    assert digest(tmp_path).keys() == {"a", "a/b.txt"}


def test_a_file_that_exists_is_replaced_with_force_only(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", "utf-8")
    with pytest.raises(FileExistsAlreadyError):
        write_new_file(path, "new")
    assert path.read_text("utf-8") == "old"
    write_new_file(path, "new", force=True)
    assert path.read_text("utf-8") == "new"


def test_a_file_that_cannot_be_finished_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", "utf-8")
    interrupt_at(monkeypatch, 2, KeyboardInterrupt(), after=False)
    with pytest.raises(KeyboardInterrupt):
        write_new_file(path, "new", force=True)
    monkeypatch.undo()
    assert digest(tmp_path).keys() == {"a.txt"}
    assert path.read_text("utf-8") == "old"
