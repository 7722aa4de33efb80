"""The page on vectors: its examples come out as it says, and no key is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coopledger.services.vectors import format as vectors_format
from coopledger.services.vectors import play
from coopledger.services.vectors import read_vectors
from tests.docs.documents import ROOT
from tests.docs.documents import blocks
from tests.docs.documents import play as play_page

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "vectors.md"
EXAMPLES = [block.text for block in blocks(PAGE) if "vectors" in block.words]
MODELS = (
    vectors_format.VectorFile,
    vectors_format.CaseVector,
    vectors_format.Year,
    vectors_format.Expected,
    vectors_format.Past,
    vectors_format.SplitVector,
    vectors_format.InterestVector,
    vectors_format.DeadlineVector,
    vectors_format.NoticesVector,
)


@pytest.mark.parametrize("text", EXAMPLES, ids=["a case", "the others"])
def test_an_example_comes_out_as_it_says(text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(text, "utf-8")
    outcomes = play(read_vectors(path))
    assert outcomes
    assert [outcome for outcome in outcomes if outcome.differences] == []


def test_the_page_shows_what_its_command_prints(
    sandbox: Path, *, update_goldens: bool
) -> None:
    assert sandbox.is_dir()
    assert play_page(PAGE, sandbox, update=update_goldens) == []


def test_each_key_of_the_format_is_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    keys = {
        field.alias or name
        for model in MODELS
        for name, field in model.model_fields.items()
    }
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", text)] == []
