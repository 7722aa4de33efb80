"""Each text of the portal's pages is said in every language there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import coopledger.portal
from coopledger.portal.people import ROLES
from coopledger.services.wording import OWN
from coopledger.services.wording import catalogue_of
from coopledger.services.wording import languages

FOLDER = Path(coopledger.portal.__file__).parent


def texts() -> set[str]:
    found = {*ROLES, "active", "invited", "disabled", "People", "Log"}
    for path in (FOLDER / "templates").glob("*.html"):
        for _, text in re.findall(r"""_\((["'])(.*?)\1\)""", path.read_text("utf-8")):
            found.add(str(text))
    pages = (FOLDER / "pages.py").read_text("utf-8")
    sentence = re.compile(r'^(?:_[A-Z_]+|    +sentence) = "(.*)"$', re.MULTILINE)
    return found | set(sentence.findall(pages))


@pytest.mark.parametrize("language", [one for one in languages() if one != OWN])
def test_no_text_is_left_in_english(language: str) -> None:
    assert sorted(texts() - set(catalogue_of(language))) == []
