"""The page on letters to members shows what its commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.docs.documents import ROOT
from tests.docs.documents import play

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "notices.md"


def test_the_page_shows_what_its_commands_print(
    sandbox: Path, *, update_goldens: bool
) -> None:
    assert play(PAGE, sandbox, update=update_goldens) == []
