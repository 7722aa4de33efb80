"""The demonstration works on a copy, and replaces nothing but its own copies."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import BookNotFoundError
from coopledger.services.demonstrating import _MARK
from coopledger.services.demonstrating import CopyOverlapsError
from coopledger.services.demonstrating import FolderTakenError
from coopledger.services.demonstrating import act_together
from coopledger.services.demonstrating import close_last_years
from coopledger.services.demonstrating import copy_books
from coopledger.services.demonstrating import earlier_aid
from coopledger.services.demonstrating import last_year
from coopledger.services.federating.checking import check_federation
from coopledger.services.federating.gathering import gather
from tests import books
from tests.digests import digest
from tests.services.federating.federations import earned
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation
from tests.services.federating.test_sharing import COOPS
from tests.services.federating.test_sharing import DECISIONS
from tests.services.federating.test_sharing import coop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a folder of two small books."""
    for preset in ("us-worker-ica", "es-basque-worker"):
        folder = tmp_path / "source" / preset
        folder.mkdir(parents=True)
        books.write(folder, books.preamble(preset))
    return tmp_path / "source"


def test_books_are_copied_and_the_originals_stay(source: Path, tmp_path: Path) -> None:
    before = digest(source)
    copies = copy_books(source, tmp_path / "copy")
    assert [path.parent.name for path in copies] == [
        "es-basque-worker",
        "us-worker-ica",
    ]
    assert digest(source) == before
    assert before.items() <= digest(tmp_path / "copy").items()


def test_a_copy_that_a_demonstration_made_is_replaced(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    copy_books(source, target)
    first = digest(target)
    (target / "us-worker-ica" / "main.beancount").write_text("edited", "utf-8")
    copy_books(source, target)
    assert digest(target) == first


@pytest.mark.parametrize("make", ["folder", "file"])
def test_what_no_demonstration_made_is_left_as_it_is(
    source: Path, tmp_path: Path, make: str
) -> None:
    target = tmp_path / "taken"
    if make == "folder":
        target.mkdir()
    else:
        target.write_text("mine", "utf-8")
    before = digest(tmp_path)
    with pytest.raises(FolderTakenError, match="--into"):
        copy_books(source, target)
    assert digest(tmp_path) == before


@pytest.mark.parametrize(
    "into",
    [
        lambda source: source,
        lambda source: source / "us-worker-ica",
        lambda source: source / "deeper" / "copy",
        lambda source: source.parent,
    ],
    ids=["itself", "one-of-its-books", "below", "above"],
)
def test_books_are_never_copied_over_or_into_themselves(
    source: Path, tmp_path: Path, into: Callable[[Path], Path]
) -> None:
    # Even where an earlier demonstration made the folder.
    for folder in (tmp_path, source, source / "us-worker-ica"):
        (folder / _MARK).write_text("", "utf-8")
    before = digest(tmp_path)
    with pytest.raises(CopyOverlapsError, match="lie within each other"):
        copy_books(source, into(source))
    assert digest(tmp_path) == before


def test_one_file_is_copied_with_its_folder(source: Path, tmp_path: Path) -> None:
    main = source / "us-worker-ica" / "main.beancount"
    assert copy_books(main, tmp_path / "copy") == [tmp_path / "copy" / "main.beancount"]


def test_where_no_books_are_nothing_is_copied(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(BookNotFoundError):
        copy_books(tmp_path / "nothing", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_an_interrupted_copy_is_replaced_by_the_next(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path, target: Path, **__: object) -> None:
        target.mkdir(exist_ok=True)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", interrupted)
        with pytest.raises(KeyboardInterrupt):
            copy_books(source, tmp_path / "copy")
    assert len(copy_books(source, tmp_path / "copy")) == 2


def test_each_books_last_year_is_closed_once(source: Path, tmp_path: Path) -> None:
    copies = copy_books(source, tmp_path / "copy")
    closed = list(close_last_years(copies))
    assert [one.closing.figures.fiscal.label for one in closed] == [2024, 2024]
    for one in closed:
        assert one.before.is_clean
        assert one.after.is_clean
        assert one.again.is_booked
        assert one.written is not None
        assert one.written.is_file()
    assert [one.written for one in close_last_years(copies)] == [None, None]


def test_a_book_with_nothing_decided_yet_has_no_year_to_close(tmp_path: Path) -> None:
    text = books.preamble("us-worker-ica")
    undecided = "\n".join(
        line for line in text.splitlines() if "coop-resolution" not in line
    )
    assert list(close_last_years([books.write(tmp_path, undecided)])) == []


# --- the federation -------------------------------------------------------------------

#: The books go on after the year, and the year after it is without a loss.
_AFTERWARDS = """
2026-03-31 custom "coop-resolution" "FA-2026" "Pool, funds and aid of 2025"
2026-04-30 * "Later"
  Assets:Bank  0.00 USD
  Assets:Bank  0.00 USD
"""


def federation(folder: Path) -> Path:
    """Write a federation of which one enterprise has a loss in 2024."""
    for name in COOPS:
        write_book(folder, name, coop(name))
    path = write_federation(folder, COOPS, DECISIONS)
    begun = '2024-01-31 * "Early"\n  Assets:Bank  0.00 USD\n  Assets:Bank  0.00 USD\n'
    ended = (
        begun
        + '2025-04-30 * "Later"\n  Assets:Bank  0.00 USD\n  Assets:Bank  0.00 USD\n'
    )
    path.write_text(path.read_text("utf-8") + ended, "utf-8")
    return path


def test_a_federation_pools_feeds_its_fund_and_helps_where_there_is_a_loss(
    tmp_path: Path,
) -> None:
    path = federation(tmp_path)
    done = {one.joint.kind: one for one in act_together(path)}
    assert {kind: len(one.written) for kind, one in done.items()} == {
        "pool": 4,
        "fund": 3,
        "aid": 2,
    }
    [aid] = done["aid"].joint.transfers
    assert aid.net == Decimal(1750)
    check = check_federation(gather(path))
    assert check.is_clean
    assert len(check.pairing.matched) == 6
    assert earlier_aid(path) is None


def test_aid_of_an_earlier_year_is_shown_with_what_was_given(tmp_path: Path) -> None:
    path = federation(tmp_path)
    list(act_together(path))
    for name in COOPS:
        book = tmp_path / name / "main.beancount"
        book.write_text(book.read_text("utf-8") + earned("5.00", 2025), "utf-8")
    path.write_text(path.read_text("utf-8") + _AFTERWARDS, "utf-8")
    helped = earlier_aid(path)
    assert helped is not None
    assert helped.joint.shared.year == 2024
    assert helped.given == Decimal(1750)


def test_books_that_are_no_federation_have_nothing_in_common(source: Path) -> None:
    assert list(act_together(source)) == []
    assert earlier_aid(source) is None
    assert last_year(source) is None


def test_a_federation_without_a_whole_year_does_nothing_yet(tmp_path: Path) -> None:
    for name in COOPS:
        write_book(tmp_path, name, coop(name))
    path = write_federation(tmp_path, COOPS, DECISIONS)
    assert list(act_together(path)) == []
    assert earlier_aid(path) is None
