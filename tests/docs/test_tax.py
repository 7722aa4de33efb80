"""The page on tax and payments shows what its commands print, and every meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.services.taxforms.columns import PERSON_FIELDS
from coopledger.services.taxforms.columns import read_map
from tests.docs.documents import ROOT
from tests.docs.documents import blocks
from tests.docs.documents import play

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "tax.md"


def test_the_page_shows_what_its_commands_print(
    sandbox: Path, *, update_goldens: bool
) -> None:
    assert play(PAGE, sandbox, update=update_goldens) == []


def test_the_page_names_every_field_of_a_person() -> None:
    text = PAGE.read_text("utf-8")
    assert [field for field in PERSON_FIELDS if f"`{field}`" not in text] == []


def test_the_column_map_of_the_page_can_be_read(tmp_path: Path) -> None:
    (shown,) = [one.text for one in blocks(PAGE) if one.language == "toml"]
    path = tmp_path / "our.toml"
    path.write_text(shown, "utf-8")
    assert read_map(path).years == "2026 to 2026"
