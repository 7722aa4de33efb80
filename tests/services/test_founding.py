"""Founding: first files that load clean, and never over what is there."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import FileExistsAlreadyError
from coopledger.errors import PresetUnknownError
from coopledger.law.preset import preset_paths
from coopledger.services.checking import check_path
from coopledger.services.founding import BadNameError
from coopledger.services.founding import FolderNotEmptyError
from coopledger.services.founding import FolderOfBooksError
from coopledger.services.founding import Founding
from coopledger.services.founding import found_coop
from coopledger.services.founding import found_federation
from tests.digests import digest

if TYPE_CHECKING:
    from pathlib import Path

START = datetime.date(2024, 1, 1)
MEMBERS = {"Ana": "Ana Ruiz", "Bo-2": 'Bo "the Baker" Berg', "Íñigo": "Íñigo Etxe"}


def founding(
    id_: str = "our-coop",
    title: str = "Our Co-op",
    preset: str = "us-worker-ica",
    currency: str = "",
    start: datetime.date = START,
    members: dict[str, str] | None = None,
) -> Founding:
    """Return what a new book is to be."""
    return Founding(id_, title, preset, currency, start, members or {})


@pytest.mark.parametrize("members", [{}, MEMBERS], ids=["nobody-yet", "members"])
@pytest.mark.parametrize("preset", sorted(preset_paths()))
def test_a_new_book_loads_clean_under_every_preset(
    tmp_path: Path, preset: str, members: dict[str, str]
) -> None:
    written = found_coop(tmp_path / "coop", founding(preset=preset, members=members))
    assert written[0] == tmp_path / "coop" / "main.beancount"
    assert all(path.is_file() for path in written)
    checked = check_path(written[0])
    assert checked.findings == ()
    register = checked.book.case.books.register
    assert {member: register.name(member) for member in register.ids} == members


def test_a_title_stays_as_it_was_given(tmp_path: Path) -> None:
    title = r'The "Corner" \ Co; of 3'
    found_coop(tmp_path / "coop", founding(title=title))
    checked = check_path(tmp_path / "coop")
    assert checked.findings == ()
    assert checked.book.case.books.title == title


@pytest.mark.parametrize(
    ("currency", "expected"), [("", "USD"), ("GBP", "GBP"), ("EUR", "EUR")]
)
def test_the_currency_is_the_presets_usual_one_unless_said(
    tmp_path: Path, currency: str, expected: str
) -> None:
    found_coop(tmp_path / "coop", founding(currency=currency))
    assert check_path(tmp_path / "coop").book.case.books.currency == expected


def test_what_the_law_leaves_to_the_co_op_waits_as_a_comment(tmp_path: Path) -> None:
    found_coop(tmp_path, founding())
    policy = (tmp_path / "policy.beancount").read_text("utf-8")
    assert ';; 2024-01-01 custom "coop-parameter" "pay.ratio-cap" VALUE' in policy


def test_a_federation_and_its_enterprises_load_clean_together(tmp_path: Path) -> None:
    written = found_federation(
        tmp_path / "ours",
        founding("federation", "Ours"),
        [founding("farm", "Farm"), founding("cafe", "Cafe", preset="es-basque-worker")],
    )
    assert written[0] == tmp_path / "ours" / "federation" / "main.beancount"
    for name in ("federation", "farm", "cafe"):
        assert check_path(tmp_path / "ours" / name).findings == ()
    books = check_path(written[0]).book.case.books
    assert [(one.id, one.path) for one in books.enterprises if one.path] == [
        ("farm", "../farm/main.beancount"),
        ("cafe", "../cafe/main.beancount"),
    ]


# --- what is refused, with nothing written --------------------------------------------


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"preset": "us-worker-icb"}, PresetUnknownError),
        ({"members": {"ana": "Ana"}}, BadNameError),
        ({"members": {"Ana Ruiz": "Ana"}}, BadNameError),
        ({"members": {"": "Ana"}}, BadNameError),
        ({"members": {"Ana": "Ana\nRuiz"}}, BadNameError),
        ({"id_": "Our Coop!"}, BadNameError),
        ({"currency": "dollars"}, BadNameError),
        ({"title": "Two\nlines"}, BadNameError),
    ],
    ids=str,
)
def test_a_name_that_cannot_serve_is_refused(
    tmp_path: Path, change: dict[str, str], error: type[Exception]
) -> None:
    asked = founding(**change)  # type: ignore[arg-type]
    with pytest.raises(error):
        found_coop(tmp_path / "coop", asked)
    with pytest.raises(error):
        found_federation(tmp_path / "ours", founding("federation"), [asked])
    assert digest(tmp_path) == {}


@pytest.mark.parametrize("ids", [("federation",), ("farm", "farm")], ids=str)
def test_two_books_never_share_a_folder(tmp_path: Path, ids: tuple[str, ...]) -> None:
    with pytest.raises(BadNameError, match="of its own"):
        found_federation(
            tmp_path / "ours", founding("federation"), [founding(id_) for id_ in ids]
        )
    assert digest(tmp_path) == {}


def test_files_that_exist_are_replaced_with_force_only(tmp_path: Path) -> None:
    found_coop(tmp_path, founding(title="First"))
    before = digest(tmp_path)
    with pytest.raises(FileExistsAlreadyError):
        found_coop(tmp_path, founding(title="Second"))
    assert digest(tmp_path) == before
    found_coop(tmp_path, founding(title="Second"), force=True)
    assert check_path(tmp_path).book.case.books.title == "Second"


def test_a_folder_with_other_things_in_it_is_no_place_without_force(
    tmp_path: Path,
) -> None:
    (tmp_path / "letters.txt").write_text("Dear members", "utf-8")
    before = digest(tmp_path)
    with pytest.raises(FolderNotEmptyError, match=r"letters\.txt"):
        found_coop(tmp_path, founding())
    with pytest.raises(FolderNotEmptyError):
        found_federation(tmp_path, founding("federation"), [])
    assert digest(tmp_path) == before
    found_coop(tmp_path, founding(), force=True)
    assert digest(tmp_path).items() > before.items()


def test_a_folder_under_version_control_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert found_coop(tmp_path, founding())


def test_a_book_never_hides_books_in_the_folders_below(tmp_path: Path) -> None:
    found_coop(tmp_path / "farm", founding())
    before = digest(tmp_path)
    with pytest.raises(FolderOfBooksError):
        found_coop(tmp_path, founding(), force=True)
    assert digest(tmp_path) == before
