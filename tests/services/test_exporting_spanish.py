"""A workbook in another language: what is ours is said, and figures stay."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopledger import xlsx
from coopledger.domain.capital import ROLES
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.phrases import Phrase
from coopledger.services import exporting
from coopledger.services.exporting import Wish
from coopledger.services.exporting import wording
from coopledger.services.exporting import workbook_of
from coopledger.services.exporting.wording import of_role
from coopledger.services.federating.layouts import read_layout
from coopledger.services.wording import OWN
from coopledger.services.wording import catalogue_of
from coopledger.services.wording import languages
from coopledger.services.wording import wording_of
from tests.services import coops
from tests.services.workbooks import DEMO
from tests.services.workbooks import demo
from tests.xlsx.recalculating import Recalculated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.services.exporting.description import Workbook

OTHERS = [language for language in languages() if language != OWN]


def patterns_in(text: str) -> Iterator[str]:
    if not isinstance(text, Phrase):
        yield text
        return
    yield text.pattern
    for value in text.values.values():
        if isinstance(value, Phrase):
            yield from patterns_in(value)


def ours_in(workbook: Workbook) -> Iterator[str]:
    """Return all texts of a workbook that are ours."""
    yield from (workbook.period, workbook.warning, workbook.paging)
    # What a query is called stands in its own file, in each language.
    for sheet in (one for one in workbook.sheets if one.id != "queries"):
        yield from (line.text for line in sheet.lines if line.text != workbook.title)
        yield from (chart.title for chart in sheet.charts)
        yield sheet.purpose
        for table in sheet.tables:
            yield from (column.title for column in table.columns)
            for _, _, cell in table.cells():
                if isinstance(cell.content, Phrase):
                    yield cell.content


def has_words(pattern: str) -> bool:
    return any(map(str.isalpha, re.sub(r"\{\w+\}", "", pattern)))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", DEMO)
def test_every_text_of_a_workbook_is_in_the_catalogue(name: str, language: str) -> None:
    known = catalogue_of(language)
    said = {
        p for text in ours_in(workbook_of(demo(name), 2024)) for p in patterns_in(text)
    }
    assert sorted(p for p in said if has_words(p) and p not in known) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_of_the_code_is_in_the_catalogue(language: str) -> None:
    found = {line.title for line in read_layout(None).lines}
    for words in (wording.KINDS, wording.TREATMENTS, wording.ROUNDINGS):
        found |= {*words.values()}
    for path in Path(exporting.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case (
                    ast.Call(
                        func=ast.Name(id="Phrase"),
                        args=[ast.Constant(value=str(text)), *_],
                    )
                    | ast.Call(
                        func=ast.Name(id="Column"),
                        args=[_, ast.Constant(value=str(text)), *_],
                    )
                ):
                    found.add(text)
    missing = {text for text in found if has_words(text)} - set(catalogue_of(language))
    assert missing == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_title_that_presets_give_is_in_the_catalogue(language: str) -> None:
    presets = [load_preset(id_) for id_ in preset_paths()]
    titles = {preset.title for preset in presets}
    titles |= {one.title for preset in presets for one in preset.parameters.values()}
    # A class is called as its law calls it, in the law's language.
    english = [preset for preset in presets if preset.language == "en"]
    titles |= {one.title for preset in english for one in preset.classes.values()}
    assert titles - set(catalogue_of(language)) == set()


#: Columns that hold what the book, its language or the law has, by table.
BOOKS_OWN = {
    "*": {"member", "name", "account", "group", "payee", "narration", "links"},
    "about": {"value"},
    "files": {"what", "value"},
    "parameters": {"value", "book", "source"},
    "steps": {"source"},
    "rules": {"rule", "sources"},
    "transfers": {"id", "peer", "fund", "nature", "why"},
    "federal_funds": {"name"},
    "dues": {"peer"},
}


def left_as_it_was(own: Workbook, other: Workbook, known: set[str]) -> Iterator[str]:
    """Return texts of ours that are the same in both languages, and no name."""
    for mine, its in zip(own.sheets, other.sheets, strict=True):
        for one, two in zip(mine.tables, its.tables, strict=True):
            keys = [column.key for column in one.columns]
            books = BOOKS_OWN["*"] | BOOKS_OWN.get(one.name, set())
            pairs = zip(one.cells(), two.cells(), strict=True)
            for (_, column, cell), (_, _, said) in pairs:
                if keys[column - 1] in books or not isinstance(cell.content, str):
                    continue
                # What is multiplied is a parameter by its name, as on Inputs.
                plain = re.sub(r"^[\w.-]+ \N{MULTIPLICATION SIGN} ", "", cell.content)
                is_text = re.search("[A-Za-z]{2}", plain)
                if is_text and cell.content == said.content and plain not in known:
                    yield f"{mine.name}, {one.name}, {keys[column - 1]}: {said.content}"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", DEMO)
def test_no_text_of_ours_stays_as_it_was(name: str, language: str) -> None:
    own = workbook_of(demo(name), 2025)
    other = workbook_of(demo(name), 2025, Wish(language=language))
    # A word may be the same in both languages, and the catalogue then says so.
    same = {text for text, said in catalogue_of(language).items() if text == said}
    assert [*left_as_it_was(own, other, same | {"OK", "CHECK"})] == []


def test_what_a_step_starts_from_is_said_in_words_of_the_language() -> None:
    steps = workbook_of(demo("basque"), 2025, Wish(language="es")).sheets
    (table,) = (t for sheet in steps for t in sheet.tables if t.name == "steps")
    number = [column.key for column in table.columns].index("words")
    words = [str(row[number].content) for row in table.rows]
    assert "resultado \N{MINUS SIGN} impuesto" in " ".join(words)


def test_bounds_are_written_as_the_language_writes_numbers() -> None:
    sheet = workbook_of(demo("basque"), 2025, Wish(language="es")).sheet("Datos")
    cells = [str(cell.content) for _, _, cell in sheet.cells()]
    assert "exactamente 3,25\N{NO-BREAK SPACE}%" in cells


@pytest.mark.parametrize("language", OTHERS)
def test_no_two_roles_are_called_the_same(language: str) -> None:
    # The trial balance is summed by what a role is called.
    say = wording_of(language)
    assert len({say(of_role(role)) for role in ROLES}) == len(ROLES)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", DEMO)
def test_formulas_come_to_the_same_in_another_language(
    name: str, language: str
) -> None:
    workbook = workbook_of(demo(name), 2025, Wish(language=language))
    native = Recalculated(workbook)
    assert native.disagreements() == []
    assert native.named("checks_overall") == "OK"


def test_names_stay_as_the_book_has_them() -> None:
    workbook = workbook_of(demo("basque"), 2025, Wish(language="es"))
    names = [sheet.name for sheet in workbook.sheets]
    assert names[:3] == ["Léame", "Gráficos", "Datos"]
    assert names[-1] == "Comprobaciones"
    sheet = workbook.sheet("Socias y socios")
    assert sheet.table("register").columns[1].title == "Nombre"
    own = workbook_of(demo("basque"), 2025).sheet("Members").table("register")
    assert [row[1] for row in sheet.table("register").rows] == [r[1] for r in own.rows]


def test_a_member_who_is_called_like_a_word_of_ours_keeps_the_name(
    tmp_path: Path,
) -> None:
    coop = replace(coops.of_hours("10"), names={"M00": "Rules"})
    workbook = workbook_of(coop.write(tmp_path), 2025, Wish(language="es"))
    register = workbook.sheet("Socias y socios").table("register")
    assert register.rows[0][1].content == "Rules"


def test_a_workbook_in_another_language_has_the_same_bytes_each_time() -> None:
    wish = Wish(language="es")
    first, again = (workbook_of(demo("basque"), 2025, wish) for _ in range(2))
    assert xlsx.as_bytes(first) == xlsx.as_bytes(again)
