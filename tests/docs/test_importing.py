"""The page on imports, played from its first line to its last; its tables are whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coopledger.services.importing.words import KINDS
from coopledger.services.importing.words import fields_of
from tests.docs.documents import ROOT
from tests.docs.documents import play

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.services.importing.words import Kind

PAGE = ROOT / "docs" / "importing.md"


def test_the_page_shows_what_its_commands_print(
    sandbox: Path, *, update_goldens: bool
) -> None:
    assert play(PAGE, sandbox, update=update_goldens) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_a_kind_names_its_fields(kind: Kind) -> None:
    heading = kind.replace("-", " ").capitalize()
    section = PAGE.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")
    assert set(re.findall(r"^\| `(\w+)` \|", section[0], re.MULTILINE)) == set(
        fields_of(kind)
    )
