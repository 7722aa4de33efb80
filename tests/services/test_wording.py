"""Texts, amounts and days in the reader's language."""

from __future__ import annotations

import ast
import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.capital import ROLES
from coopledger.domain.words import role_in_words
from coopledger.fava_ext import words
from coopledger.fava_ext.words import BASES
from coopledger.journal.sayings import SAYINGS
from coopledger.law.preset import load_preset
from coopledger.law.preset import preset_paths
from coopledger.phrases import Phrase
from coopledger.phrases import Rate
from coopledger.rules import RULES
from coopledger.services import titles
from coopledger.services.rulebook import THEMES
from coopledger.services.wording import OWN
from coopledger.services.wording import catalogue_of
from coopledger.services.wording import languages
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[2] / "src" / "coopledger"
PAGES = SOURCE / "fava_ext"
OTHERS = [language for language in languages() if language != OWN]
DAY = datetime.date(2024, 5, 6)

_NAMED = re.compile(r"\{(\w+)\}")
_SAID = re.compile(r'\bt\(\s*"([^"]*)"')
_SEVERAL = re.compile(r't\.several\(\s*"([^"]*)",\s*"([^"]*)"')
#: Layers whose phrases become findings.
_OF_FINDINGS = {"errors.py", "domain", "law", "rules", "journal", "plugin.py"}
_PHRASE = re.compile(r'\b(?:Phrase|say)\(\s*((?:"[^"]*"\s*)+)')


def said() -> set[str]:
    """Return every text that a page may say and that stands in the code or a preset."""
    named = {*THEMES.values(), *_in_words(), *_in_law(), *_of_findings()}
    return named | {*_in_templates(), *_in_code(), *_in_phrases()}


def _of_findings() -> Iterator[str]:
    """Return the words in findings that come from tables."""
    yield from (role_in_words(role) for role in ROLES)
    yield from SAYINGS
    yield from (*(BASES.keys() - {"beancount"}), "unknown")


def _in_phrases() -> Iterator[str]:
    """Return the pattern of each phrase in the code that has any words."""
    for _, pattern in phrases():
        text = str(pattern.value) if isinstance(pattern, ast.Constant) else ""
        if any(map(str.isalpha, _NAMED.sub("", text))):
            yield text


def phrases() -> Iterator[tuple[Path, ast.expr]]:
    """Return the pattern of each phrase in the code, with its file."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _is_phrase(node.func):
                yield path, node.args[0]


def _is_phrase(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and called.id == Phrase.__name__


def _in_templates() -> Iterator[str]:
    for path in (*PAGES.rglob("*.html"), *(SOURCE / "paper").rglob("*.html")):
        page = path.read_text("utf-8")
        yield from _SAID.findall(page)
        for pair in _SEVERAL.findall(page):
            yield from pair


def _in_code() -> Iterator[str]:
    names = ("parting.py", "showing.py", "stating.py", "titles.py")
    services = [SOURCE / "services" / name for name in names]
    for path in (*PAGES.glob("*.py"), *services):
        for quoted in _PHRASE.findall(path.read_text("utf-8")):
            yield "".join(re.findall(r'"([^"]*)"', quoted))


def _in_words() -> Iterator[str]:
    named = {**vars(words), **vars(titles)}
    tables = [
        one for name, one in named.items() if name.isupper() and isinstance(one, dict)
    ]
    for text in (text for table in tables for text in table.values()):
        if isinstance(text, str | tuple):
            yield from [text] if isinstance(text, str) else text


def _in_law() -> Iterator[str]:
    for name in preset_paths():
        preset = load_preset(name)
        yield from preset.classes
        yield from (step.title for step in (*preset.surplus, *preset.loss))
        yield from (step.title for step in preset.federation)


def test_spanish_is_one_of_the_languages() -> None:
    assert "es" in languages()


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_of_the_pages_and_presets(language: str) -> None:
    texts = said()
    assert len(texts) > 700
    assert texts - catalogue_of(language).keys() == set()


def test_the_sentences_of_findings_are_written_out_in_the_code() -> None:
    made = [
        (path.name, ast.unparse(pattern))
        for path, pattern in phrases()
        if path.relative_to(SOURCE).parts[0] in _OF_FINDINGS
        and not isinstance(pattern, ast.Constant)
    ]
    # What Beancount says stands in a table.
    assert made == [("sayings.py", "pattern")]


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_says_what_every_rule_asks_and_why(language: str) -> None:
    texts = {text for rule in RULES for text in (rule.statement, rule.reason)}
    assert texts - catalogue_of(language).keys() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_the_same_values(language: str) -> None:
    differing = [
        text
        for text, other in catalogue_of(language).items()
        if set(_NAMED.findall(text)) != set(_NAMED.findall(other))
    ]
    assert differing == []


def test_a_language_without_a_catalogue_is_said_in_english() -> None:
    say = wording_of("fr")
    assert say("All members") == "All members"
    assert say.missing == {"All members"}
    assert say.number(Decimal("1234.5")) == "1\N{NARROW NO-BREAK SPACE}234,50"


@pytest.mark.parametrize("name", ["", "no such", "xx_YY", "../../etc"])
def test_a_locale_that_is_none_is_english(name: str) -> None:
    assert wording_of(name).number(Decimal("1234.5")) == "1,234.50"


def test_values_are_written_as_the_reader_writes_them() -> None:
    phrase = Phrase("Interest of {year} at {rate}", year=2024, rate=Rate("0.025"))
    assert phrase == "Interest of 2024 at 2.5 %"
    assert wording_of("es_ES")(phrase) == "Intereses de 2024 al 2,5\N{NO-BREAK SPACE}%"
    say = wording_of("es_ES")
    assert say("left on {day}", day=DAY) == "baja el 6 may 2024"
    assert say("{start} to {end}", start=DAY, end="X") == "Del 6 may 2024 al X"


def test_an_amount_keeps_all_its_decimals_and_two_at_least() -> None:
    say = wording_of("en")
    assert say.number(Decimal("-1234567.125")) == "-1,234,567.125"
    assert say.number(Decimal(7)) == "7.00"
    assert say.plain(Decimal("20.50")) == "20.5"
    assert say.plain(Decimal(1200)) == "1,200"


def test_thousands_are_grouped_as_the_locale_does() -> None:
    assert wording_of("hi_IN").number(Decimal(1234567)) == "12,34,567.00"


def test_one_and_several_are_told_apart() -> None:
    say = wording_of("es")
    pair = ("{count} error", "{count} errors")
    assert say.several(*pair, 1) == "1 error"
    assert say.several(*pair, 2) == "2 errores"


def test_markup_in_a_value_is_left_to_whoever_prints_it() -> None:
    assert wording_of("es")("With {name}", name="<b>{x}</b>") == "With <b>{x}</b>"
