"""The tutorial, played from its first line to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.docs.documents import ROOT
from tests.docs.documents import blocks
from tests.docs.documents import play

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = ROOT / "docs" / "tutorial.md"


def test_the_tutorial_shows_what_its_commands_print(
    sandbox: Path, *, update_goldens: bool
) -> None:
    assert play(TUTORIAL, sandbox, update=update_goldens) == []


def test_the_words_above_an_entry_say_which_file_it_goes_into() -> None:
    text = TUTORIAL.read_text("utf-8")
    for block in blocks(TUTORIAL):
        if block.language == "beancount":
            above = text[: text.rindex("```", 0, block.start)].rstrip().splitlines()[-1]
            assert f"`{block.value('file')}`" in above
