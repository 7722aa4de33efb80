"""The README and the other pages: commands, links, and what a person types first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coopledger.cli import main
from tests.books import findings_of
from tests.docs.commands import printed
from tests.docs.documents import ROOT
from tests.docs.documents import blocks
from tests.docs.documents import play

if TYPE_CHECKING:
    from pathlib import Path

README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"Example: (coopledger .+)")

#: What stands in a new book before the lines that the README shows.
START = """\
option "operating_currency" "USD"
plugin "coopledger.plugin"
2024-01-01 custom "coop-patronage" "labour" "Expenses:Advances:{member}"
  measure: "hours"
"""

#: Pieces of the architecture's table that stand for a file or a folder.
PLACE = re.compile(r"`([\w/]+(?:\.py|/))`")

#: What these records may take of a reader's time.
LIMITS = {
    **{path.name: 40 for path in (ROOT / "docs" / "decisions").glob("*.md")},
    "architecture.md": 120,
    # One line for each number of the list.
    "0009-the-rule-list.md": 160,
}


def commands_in(page: Path) -> set[str]:
    """Return the names of the commands that a page runs."""
    run = (command for block in blocks(page) for command, _, _ in block.commands)
    return {command.split()[1] for command in run}


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = HEADING.findall(page.read_text("utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings
    }


def test_the_readme_shows_what_its_commands_print(
    sandbox: Path, *, update_goldens: bool
) -> None:
    assert play(README, sandbox, update=update_goldens) == []


def test_the_lines_of_a_book_in_the_readme_load_without_a_finding(
    tmp_path: Path,
) -> None:
    shown = [b.text for b in blocks(README) if b.language == "beancount"]
    assert len(shown) == 1
    assert findings_of(tmp_path, START + shown[0]) == []


def test_each_command_has_an_example_in_the_readme() -> None:
    assert commands_in(README) == set(main.commands)


def test_each_command_is_on_another_page_too() -> None:
    shown = set().union(*(commands_in(page) for page in PAGES if page != README))
    assert shown >= set(main.commands) - {"demo"}


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_example_in_a_commands_help_runs(name: str, sandbox: Path) -> None:
    examples = EXAMPLE.findall(main.commands[name].help or "")
    assert examples != []
    for example in examples:
        assert not printed(example, sandbox).startswith(("coopledger:", "Usage:"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_stay_short(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()
    assert len(lines) <= LIMITS.get(page.name, len(lines))


def test_the_architecture_names_places_that_exist() -> None:
    page = ROOT / "docs" / "architecture.md"
    places = PLACE.findall(page.read_text("utf-8"))
    homes = (ROOT, ROOT / "src" / "coopledger", ROOT / "tests", page.parent)
    assert [p for p in places if not any((home / p).exists() for home in homes)] == []


def test_the_make_targets_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README.read_text("utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
