"""Each text of the portal's pages is said in every language there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopledger.portal
from coopledger.portal.people import ROLES
from coopledger.portal.publishing import NoBookError
from coopledger.services.wording import OWN
from coopledger.services.wording import catalogue_of
from coopledger.services.wording import languages

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(coopledger.portal.__file__).parent


def texts() -> set[str]:
    found = {*ROLES, "active", "invited", "disabled", "People", "Log"}
    for path in (FOLDER / "templates").glob("*.html"):
        for _, text in re.findall(r"""_\((["'])(.*?)\1\)""", path.read_text("utf-8")):
            found.add(str(text))
    for name in ("answering", "gate", "pages", "people", "staffpages"):
        found |= set(sentences(FOLDER / f"{name}.py"))
    return found | {str(NoBookError()), "the book knows no such member"}


def sentences(path: Path) -> Iterator[str]:
    """Return what a module keeps as a sentence."""
    for line in ast.parse(path.read_text("utf-8")).body:
        match line:
            case ast.Assign(value=ast.Constant(value=str(text))) if text.endswith(
                (".", "{name}")
            ):
                yield text


@pytest.mark.parametrize("language", [one for one in languages() if one != OWN])
def test_no_text_is_left_in_english(language: str) -> None:
    assert sorted(texts() - set(catalogue_of(language))) == []


def test_the_sentences_of_the_gate_and_of_people_are_among_them() -> None:
    assert {*texts()} >= {
        "Please sign in.",
        "A password has {least} to {most} characters.",
        "You cannot do this to yourself; ask another administrator.",
    }
