"""What a transaction is called where its own words cannot stand."""

from __future__ import annotations

import pytest

from coopledger.domain.capital import KINDS
from coopledger.domain.capital import ROLES
from coopledger.services.narrating import is_narration
from coopledger.services.narrating import narration_of
from coopledger.services.titles import MOVEMENTS
from coopledger.services.wording import Wording
from coopledger.services.wording import languages
from coopledger.services.wording import locale_of


@pytest.mark.parametrize(
    ("word", "year", "english", "spanish"),
    [
        ("appropriation", "2024", "Distribution of 2024", "Distribución de 2024"),
        ("advance", "", "Advance", "Anticipos"),
        (
            "mandatory-reserve",
            "2024",
            "Mandatory reserve",
            "Fondo de reserva obligatorio",
        ),
        ("", "2024", "Movement of 2024", "Movimiento de 2024"),
        ("", "", "Movement", "Movimiento"),
    ],
)
def test_a_kind_or_a_role_is_said_in_the_language_that_is_asked_for(
    word: str, year: str, english: str, spanish: str
) -> None:
    said = [narration_of(word, year, Wording(locale_of(one))) for one in ("en", "es")]
    assert said == [english, spanish]
    assert [is_narration(said[0], year, one) for one in ("en", "es")] == [True, False]
    assert [is_narration(said[1], year, one) for one in ("en", "es")] == [False, True]


def test_every_kind_has_words_of_its_own() -> None:
    assert MOVEMENTS.keys() == KINDS


@pytest.mark.parametrize("language", languages())
def test_every_kind_and_role_is_said_in_every_language(language: str) -> None:
    wording = Wording(locale_of(language))
    for word in (*KINDS, *ROLES, ""):
        for year in ("", "2024"):
            assert is_narration(narration_of(word, year, wording), year, language)
    assert wording.missing == set()


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Distribution of 2023", "2024"),
        ("Distribution of 2024", ""),
        ("Distribution of {year} and more", "2024"),
        ("Distribution of 2024 to Ana", "2024"),
        ("Fine of Ana", "Ana "),
        ("", ""),
    ],
)
def test_a_text_that_says_anything_else_is_no_such_narration(
    text: str, year: str
) -> None:
    assert not is_narration(text, year, "en")
