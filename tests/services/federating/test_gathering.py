"""Reading a federation: all of it, in parallel, and only what changed."""

from __future__ import annotations

import json
import pickle
import stat
import subprocess
import sys
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from coopledger.domain.enterprise import EnterpriseSummary
from coopledger.journal import querying
from coopledger.journal.loading import Book
from coopledger.journal.loading import load_book
from coopledger.journal.loading import load_sound_book
from coopledger.law import preset
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.services.federating import caching
from coopledger.services.federating import reading
from coopledger.services.federating.gathering import NamelessFederationError
from coopledger.services.federating.gathering import NoFederationError
from coopledger.services.federating.gathering import Settings
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.packing import pack
from coopledger.services.federating.packing import unpack
from coopledger.services.federating.summarising import summary_of
from tests.services.federating.federations import earned
from tests.services.federating.federations import named
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

LEDGER = Path(__file__).parents[3] / "ledger"
COOPS = ["freedom-farms", "nubias-cafe", "community-production", "green-team"]


def test_the_demonstration_federation_is_read_from_the_folder_of_its_books() -> None:
    federation = gather(LEDGER)
    assert federation.own.id == "federation"
    assert sorted(federation.enterprises) == sorted(COOPS)
    assert federation.troubles == ()


def test_a_summary_holds_the_figures_of_each_year_and_nobodys_name() -> None:
    book = load_book(LEDGER / "nubias-cafe")
    summary = summary_of(book)
    year = summary.year(2024)
    assert year is not None
    assert (year.result, year.is_closed) == (Decimal("-13906.44"), True)
    assert (year.work.members, year.work.payroll_members) == (5, Decimal("165809.50"))
    assert year.balance("due-to", "Federation") == Decimal("4000.00")
    assert summary.owed == 0
    assert summary.year(1999) is None
    text = json.dumps(pack(summary, str(book.path.parent)))
    people = {*book.case.books.register.ids, *book.case.books.years[2024].hired}
    assert [person for person in people if f":{person}" in text] == []


def test_balances_of_a_summary_add_up_to_the_books_own_net_worth() -> None:
    for name in COOPS:
        for year in summary_of(load_book(LEDGER / name)).years:
            worth = sum(
                one.amount if one.root == "Assets" else -one.amount
                for one in year.balances
                if one.root in {"Assets", "Liabilities"}
            )
            assert worth == year.net_worth


def test_a_summary_survives_pickle_and_its_own_json(tmp_path: Path) -> None:
    summary = summary_of(load_book(LEDGER / "federation"))
    assert pickle.loads(pickle.dumps(summary)) == summary  # noqa: S301 - made here
    folder = str(LEDGER / "federation")
    again = json.loads(json.dumps(pack(summary, folder)))
    assert unpack(EnterpriseSummary, again, folder) == summary
    moved = unpack(EnterpriseSummary, again, str(tmp_path))
    assert moved.origin.file == str(tmp_path / "main.beancount")


@pytest.mark.parametrize("spoil", [[], [1], {"id": 3}, "text", None, 5])
def test_what_is_no_summary_is_refused(spoil: object) -> None:
    with pytest.raises(ValueError, match=r"no packed|unpack|argument"):
        unpack(EnterpriseSummary, spoil, "/")


def test_an_amount_that_is_no_number_is_refused() -> None:
    summary = summary_of(load_book(LEDGER / "green-team"))
    packed = pack(summary, "/")
    packed[3] = "NaN"
    with pytest.raises(ValueError, match="no packed"):
        unpack(EnterpriseSummary, packed, "/")


# --- troubles -------------------------------------------------------------------------


def test_an_enterprise_without_a_book_is_named_and_the_others_are_reported(
    tmp_path: Path,
) -> None:
    write_book(tmp_path, "farm", earned("100"))
    federation = gather(write_federation(tmp_path, ["farm", "cafe"]))
    assert list(federation.enterprises) == ["farm"]
    (trouble,) = federation.troubles
    assert trouble.id == "cafe"
    assert "No book at" in trouble.why
    assert trouble.origin.line > 0


def test_a_book_that_cannot_be_parsed_is_named_with_its_line(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100"))
    write_book(tmp_path, "cafe", "2024-01-01 what is this\n")
    federation = gather(write_federation(tmp_path, ["farm", "cafe"]))
    assert [one.id for one in federation.troubles] == ["cafe"]
    assert "cannot be read" in federation.troubles[0].why
    assert list(federation.enterprises) == ["farm"]


def test_a_book_that_may_not_be_opened_is_named(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100"))
    book = write_book(tmp_path, "cafe", 'include "more.beancount"\n')
    (book.parent / "more.beancount").symlink_to(book.parent / "more.beancount")
    federation = gather(write_federation(tmp_path, ["farm", "cafe"]))
    assert [one.id for one in federation.troubles] == ["cafe"]


def test_a_book_that_is_a_link_to_itself_is_named(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100"))
    (tmp_path / "cafe").mkdir()
    main = tmp_path / "cafe" / "main.beancount"
    main.symlink_to(main)
    federation = gather(write_federation(tmp_path, ["farm", "cafe"]))
    assert [one.id for one in federation.troubles] == ["cafe"]
    assert list(federation.enterprises) == ["farm"]


def test_a_book_that_is_somebody_elses_is_named(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100"))
    text = named("cafe", "../farm/main.beancount")
    federation = gather(write_federation(tmp_path, ["farm"], text))
    (trouble,) = federation.troubles
    assert "is not the book of 'cafe': it gives 'farm'" in trouble.why


def test_a_book_without_enterprises_is_no_federation(tmp_path: Path) -> None:
    path = write_book(tmp_path, "farm", earned("100"))
    with pytest.raises(NoFederationError, match="names no enterprises"):
        gather(path)
    with pytest.raises(NoFederationError):
        gather(tmp_path)


def test_a_federation_without_an_id_of_its_own_is_refused(tmp_path: Path) -> None:
    write_book(tmp_path, "farm", earned("100"))
    path = write_federation(tmp_path, ["farm"])
    own = '2020-01-01 custom "coop-enterprise" "federation"\n'
    path.write_text(path.read_text("utf-8").replace(own, ""), "utf-8")
    with pytest.raises(NamelessFederationError, match="gives no id of its own"):
        gather(path)


# --- the cache ------------------------------------------------------------------------


@pytest.fixture
def coops(tmp_path: Path) -> Path:
    for name in ("farm", "cafe"):
        write_book(tmp_path, name, earned("100"))
    return write_federation(tmp_path, ["farm", "cafe"])


def test_nothing_is_read_again_until_it_changes(coops: Path, tmp_path: Path) -> None:
    how = Settings(cache=tmp_path / "cache")
    first = gather(coops, how)
    again = gather(coops, how)
    assert (first.asked, again.asked) == (2, 0)
    assert again.books == first.books
    write_book(tmp_path, "farm", earned("120"))
    changed = gather(coops, how)
    assert changed.asked == 1
    year = changed.enterprises["farm"].year(2024)
    assert year is not None
    assert year.result == Decimal(120)


def test_a_change_in_an_included_file_counts(coops: Path, tmp_path: Path) -> None:
    book = write_book(tmp_path, "farm", 'include "years/*.beancount"\n')
    years = book.parent / "years"
    years.mkdir()
    (years / "2024.beancount").write_text(earned("100"), "utf-8")
    how = Settings(cache=tmp_path / "cache")
    gather(coops, how)
    assert gather(coops, how).asked == 0
    (years / "2025.beancount").write_text(earned("50", 2025), "utf-8")
    assert gather(coops, how).asked == 1


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('2024-06-30 document Income:Sales "receipts/lease.pdf"', "lease.pdf"),
        ('option "documents" "receipts/2024"', "2024"),
    ],
)
def test_documents_that_go_away_count_and_so_does_their_return(
    coops: Path, tmp_path: Path, line: str, name: str
) -> None:
    book = write_book(tmp_path, "farm", f"{earned('100')}{line}\n")
    paper = book.parent / "receipts" / name
    paper.mkdir(parents=True)
    how = Settings(cache=tmp_path / "cache")
    findings = gather(coops, how).enterprises["farm"].found
    assert gather(coops, how).asked == 0
    paper.rmdir()
    without = gather(coops, how)
    assert without.asked == 1
    assert without.enterprises["farm"].found == findings + 1
    assert gather(coops, how).asked == 0
    paper.mkdir()
    assert gather(coops, how).enterprises["farm"].found == findings


def test_a_file_that_goes_away_before_its_book_is_read_is_named(
    coops: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = caching.contents_of

    def look_and_lose(main: Path) -> caching.Contents:
        found = looked(main)
        if main.parent.name == "farm":
            main.unlink()
        return found

    monkeypatch.setattr(f"{gather.__module__}.contents_of", look_and_lose)
    found = gather(coops)
    assert [one.id for one in found.troubles] == ["farm"]
    assert "cafe" in found.enterprises


@pytest.mark.parametrize("change", ["cut", "flip", "empty", "gone", "folder"])
def test_a_cache_that_was_tampered_with_is_as_good_as_absent(
    coops: Path, tmp_path: Path, change: str
) -> None:
    how = Settings(cache=tmp_path / "cache")
    whole = gather(coops, how)
    for path in (tmp_path / "cache").iterdir():
        text = path.read_text("utf-8")
        path.unlink()
        if change == "cut":
            path.write_text(text[:-40], "utf-8")
        elif change == "flip":
            path.write_text(text.replace("100", "900"), "utf-8")
        elif change == "empty":
            path.write_text("", "utf-8")
        elif change == "folder":
            path.mkdir()
    again = gather(coops, how)
    assert again.asked == 2
    assert again.books == whole.books


def test_a_cache_that_cannot_be_written_is_none(coops: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    assert gather(coops, Settings(cache=tmp_path / "cache")).asked == 2


def test_another_preset_or_program_makes_all_summaries_anew(
    coops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = Settings(cache=tmp_path / "cache")
    gather(coops, how)
    caching._program.cache_clear()
    monkeypatch.setattr(caching, "FORM", caching.FORM + 1)
    assert gather(coops, how).asked == 2
    monkeypatch.undo()
    caching._program.cache_clear()


def test_presets_that_are_kept_are_the_very_ones_that_were_read(tmp_path: Path) -> None:
    presets = {name: load_preset(name) for name in preset_paths()}
    caching.keep_presets(tmp_path, presets)
    assert caching.kept_presets(tmp_path) == presets


def test_presets_are_read_only_once_for_all_runs(
    coops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = Settings(cache=tmp_path / "cache")
    monkeypatch.setattr(preset, "_READ", {})
    gather(coops, how)
    monkeypatch.setattr(preset, "_READ", {})
    monkeypatch.setattr(preset, "_read", pytest.fail)
    assert gather(coops, how).policy.number("transfer.days", date(2024, 12, 31))


def test_nobody_may_read_a_summary_who_may_not_read_the_book(
    coops: Path, tmp_path: Path
) -> None:
    (tmp_path / "farm" / "main.beancount").chmod(0o600)
    (tmp_path / "cafe" / "main.beancount").chmod(0o640)
    gather(coops, Settings(cache=tmp_path / "cache"))
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "cache").iterdir()
    }
    assert {0o600, 0o640} <= modes
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_no_half_written_file_is_left_where_writing_fails(
    coops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, mode: int) -> None:
        raise PermissionError(self, mode)

    monkeypatch.setattr(Path, "chmod", fail)
    assert gather(coops, Settings(cache=tmp_path / "cache")).asked == 2
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_book_that_changes_while_it_is_read_is_not_kept(
    coops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touch(book: Book) -> EnterpriseSummary:
        with (tmp_path / "farm" / "main.beancount").open("a", encoding="utf-8") as file:
            file.write("; another line\n")
        return summary_of(book)

    monkeypatch.setattr(reading, "summary_of", touch)
    gather(coops, Settings(cache=tmp_path / "cache"))
    monkeypatch.undo()
    assert gather(coops, Settings(cache=tmp_path / "cache")).asked >= 1


def test_summaries_are_kept_where_the_system_keeps_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert caching.cache_folder(None) == tmp_path / "coopledger"
    assert caching.cache_folder(tmp_path / "x") == tmp_path / "x"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert caching.cache_folder(None) == tmp_path / ".cache" / "coopledger"


# --- parallel -------------------------------------------------------------------------


class Killed(Executor):
    """Takes one book; then the process that reads it is killed, and takes no more."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        self.taken += 1
        if self.taken > 1:
            raise BrokenProcessPool
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool())
        return future


def test_books_whose_process_was_killed_are_read_all_the_same(coops: Path) -> None:
    killed = Killed()
    found = gather(coops, Settings(executor=killed))
    assert killed.taken == 2
    assert found.books == gather(coops).books
    assert found.troubles == ()


def test_work_is_handed_to_any_executor_and_progress_is_told(coops: Path) -> None:
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(1) as executor:
        how = Settings(executor=executor, progress=lambda *at: told.append(at))
        federation = gather(coops, how)
    assert list(federation.enterprises) == ["farm", "cafe"]
    assert told == [(1, 2), (2, 2)]


def test_large_books_are_read_by_two_processes_with_the_same_result(
    coops: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = gather(coops)
    monkeypatch.setattr(reading, "_WORTHWHILE", 0)
    assert gather(coops).books == alone.books


# --- books that lack something --------------------------------------------------------


def test_a_book_without_a_law_has_its_figures_and_no_closed_year(
    tmp_path: Path,
) -> None:
    path = write_book(tmp_path, "farm", earned("100"))
    text = path.read_text("utf-8")
    path.write_text(text.replace('custom "coop-policy"', 'custom "fava-note"'), "utf-8")
    summary = summary_of(load_book(path))
    year = summary.year(2024)
    assert year is not None
    assert (summary.preset, year.result, year.is_closed) == ("", Decimal(100), False)
    assert summary.found > 0


def test_a_file_that_goes_away_while_it_is_read_is_named(
    coops: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: Path) -> Book:
        if path.parent.name == "farm":
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return load_sound_book(path)

    monkeypatch.setattr(reading, "load_sound_book", gone)
    (trouble,) = gather(coops).troubles
    assert trouble.why.endswith("farm/main.beancount: No such file or directory.")


@pytest.mark.parametrize(
    "text",
    [
        'include "more.beancount"\n',
        '; of years\ninclude "other.beancount"\ninclude   "more.beancount"\n',
        'include\n\ninclude "more.beancount"',
    ],
)
def test_a_book_is_made_of_the_files_that_whole_lines_of_it_include(
    tmp_path: Path, text: str
) -> None:
    main, more = tmp_path / "main.beancount", tmp_path / "more.beancount"
    main.write_text(text, "utf-8")
    more.write_text('; include "no.beancount"\n include "no.beancount"\n', "utf-8")
    (tmp_path / "no.beancount").touch()
    assert set(caching.contents_of(main).digests) == {main, more}


_LOADED = """
import sys
from coopledger.cli import main
main(sys.argv[1:])
"""
_TELLING = """
import atexit, sys
names = ("beancount", "coopledger.rules", "pandas", "beanquery")
atexit.register(lambda: print("loaded:", *[n for n in names if n in sys.modules]))
"""


def test_what_reads_no_book_loads_neither_beancount_nor_the_rules(
    coops: Path, tmp_path: Path
) -> None:
    where = ["--book", str(coops), "--cache", str(tmp_path / "kept")]

    def loaded() -> str:
        command = ["federation", "status", *where]
        done = subprocess.run(
            [sys.executable, "-c", _TELLING + _LOADED, *command],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()[-1]

    assert loaded() == "loaded: beancount coopledger.rules beanquery"
    assert loaded() == "loaded:"


def test_what_was_read_of_one_book_does_not_stay_while_others_are(coops: Path) -> None:
    """A process that reads many books holds no more than one of them."""
    farm = coops.parent.parent / "farm" / "main.beancount"
    load_book(farm)
    assert str(farm) in querying._READINGS
    reading.summarised(str(farm))
    assert str(farm) not in querying._READINGS
