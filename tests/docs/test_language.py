"""The language reference: every example loads, and no word is missing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.books import ORIGINS
from coopledger.domain.capital import KINDS
from coopledger.domain.capital import ROLES
from coopledger.domain.members import EVENTS
from coopledger.journal.vocabulary import DIRECTIVES
from coopledger.journal.vocabulary import METADATA
from coopledger.law.preset import load_preset
from tests.books import findings_of
from tests.docs.documents import ROOT
from tests.docs.documents import Block
from tests.docs.documents import blocks
from tests.docs.documents import write

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "language.md"
ROW = re.compile(r"^\| `([\w-]+)` \| (.*) \|$", re.MULTILINE)


@cache
def text() -> str:
    """Return the page."""
    return PAGE.read_text("utf-8")


def section(heading: str) -> str:
    """Return what stands under a heading, up to the next one of any level."""
    pattern = rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)"
    found = re.search(pattern, text(), re.MULTILINE | re.DOTALL)
    assert found, f"no heading '{heading}'"
    return found[1]


def rows(heading: str) -> dict[str, list[str]]:
    """Return the other cells of a section's tables, by the word in the first one."""
    found = ROW.findall(section(heading))
    return {word: [c.strip(" `") for c in cells.split("|")] for word, cells in found}


def examples() -> list[Block]:
    """Return the examples that are loaded one by one."""
    loaded = [block for block in blocks(PAGE) if block.language == "beancount"]
    return [b for b in loaded if "preamble" not in b.words and not b.value("file")]


@pytest.mark.parametrize("example", examples(), ids=lambda b: b.text.partition("\n")[0])
def test_an_example_gives_the_findings_that_it_states(
    example: Block, tmp_path: Path
) -> None:
    start = ""
    # The book that the page's federation names stands beside its own.
    folder, other = tmp_path / "example", tmp_path / "farm"
    folder.mkdir()
    other.mkdir()
    (other / "main.beancount").touch()
    for block in blocks(PAGE):
        if "preamble" in block.words:
            start = block.text
        elif block.value("file"):
            write(block, folder)
    stated = [example.value("finding")] if example.value("finding") else []
    found = findings_of(folder, f"{start}\n{example.text}")
    assert [finding.rule for finding in found] == stated


@pytest.mark.parametrize("name", sorted(DIRECTIVES))
def test_a_directive_has_a_section_with_its_words(name: str) -> None:
    form, own = DIRECTIVES[name], section(f"`{name}`")
    assert f'custom "{name}"' in own
    words = [*form.metadata, *(word for known in form.words.values() for word in known)]
    missing = [word for word in words if not re.search(rf'[`"]{word}[`"]', own)]
    # A role is the first argument of coop-account; all of them have a table.
    assert set(missing) <= ROLES


def test_each_metadata_key_is_in_the_table() -> None:
    assert set(METADATA) <= set(rows("Metadata"))


def test_each_kind_is_in_the_tables() -> None:
    assert set(rows("Kinds of movement")) == KINDS


def test_each_event_of_the_register_is_in_the_table() -> None:
    assert set(rows("`coop-member`")) == set(EVENTS)


@pytest.mark.parametrize("origin", ORIGINS)
def test_each_origin_is_named(origin: str) -> None:
    assert f"`{origin}`" in section("Origins of the result")


def test_each_role_is_in_the_table_and_explained() -> None:
    listed = rows("Roles and accounts")
    meaning = section("Roles and accounts").partition("What they mean")[2]
    assert set(listed) == ROLES
    assert [role for role in listed if f"`{role}`" not in meaning] == []


@pytest.mark.parametrize(
    ("preset", "column"), [("us-worker-ica", 0), ("es-basque-worker", 1)]
)
def test_the_accounts_are_those_of_the_presets(preset: str, column: int) -> None:
    listed = rows("Roles and accounts")
    written = {role: cells[column] for role, cells in listed.items() if cells[column]}
    chart = load_preset(preset).chart
    assert written == {role: templates[-1] for role, templates in chart.items()}
