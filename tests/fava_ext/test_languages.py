"""The pages in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from fava.application import create_app

from coopledger.rules import RULES
from coopledger.services.wording import wording_of
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import SLUG
from tests.fava_ext.pages import Office
from tests.fava_ext.pages import text_of

LEDGER = Path(__file__).parents[2] / "ledger"
PAGES = ("CapitalAccounts", "Distribution", "Register", "Rules", "Solidarity")
SPANISH = {"Accept-Language": "es"}


def in_spanish(office: Office, page: str, **query: str) -> str:
    address = f"{SLUG}/extension/{page}/"
    return office.client.get(address, query_string=query, headers=SPANISH).text


def test_the_browsers_language_is_taken(office: Office) -> None:
    page = text_of(in_spanish(office, "CapitalAccounts", member="Ana"))
    assert "Todas las socias y socios" in page
    assert "Retorno de 2022" in page
    assert "1.250,15" in page
    assert 'lang="es"' in in_spanish(office, "CapitalAccounts")


def test_each_language_has_its_own_kept_page(office: Office) -> None:
    english = office.page()
    assert "Cuentas" not in english
    assert "Libro de socias y socios" in in_spanish(office, "Register")
    assert office.page() == english


def test_the_names_of_pages_in_the_sidebar_are_translated(office: Office) -> None:
    page = in_spanish(office, "Rules")
    for title in ("Cuentas de capital", "Reglas", "Solidaridad"):
        assert f'"report_title":"{title}"' in page


def test_a_books_own_locale_decides_how_figures_of_its_language_look(
    tmp_path: Path,
) -> None:
    from tests import books  # noqa: PLC0415 - only here

    swiss = '2022-01-01 custom "fava-option" "locale" "de_CH"\n'
    own = '2022-01-01 custom "fava-option" "language" "de"\n'
    office = Office.over(books.write(tmp_path, BOOK + swiss + own))
    assert "1\N{RIGHT SINGLE QUOTATION MARK}250.15" in office.page()


def test_sentences_about_what_is_wrong_are_translated(office: Office) -> None:
    for query in ({"member": "Anna"}, {"member": "zzz"}, {"time": "x"}):
        page = text_of(in_spanish(office, "CapitalAccounts", **query))
        assert "«" in page


@pytest.mark.parametrize("book", ["basque", "nubias-cafe", "freedom-farms"])
def test_nothing_on_the_demonstration_books_pages_is_left_in_english(
    book: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    main = str(LEDGER / book / "main.beancount")
    app = create_app([main], load=True, poll_watcher=True)
    ledgers = app.config["LEDGERS"]
    monkeypatch.setattr(ledgers.ledgers[0].fava_options, "language", "es")
    register = ledgers.ledgers[0].extensions.get_extension(PAGES[0]).book.case.books
    say = wording_of("es_ES" if book == "basque" else "es")
    say.missing.clear()
    client = app.test_client()
    for page in PAGES:
        address = f"/{ledgers.first_slug()}/extension/{page}/"
        assert client.get(address).status_code == 200
        assert client.get(f"{address}?time=FY2024").status_code == 200
    for member in register.register.ids:
        address = f"/{ledgers.first_slug()}/extension/{PAGES[0]}/?member={member}"
        assert "Todas las socias" in client.get(address).text
    of_rules = {text for rule in RULES for text in (rule.statement, rule.reason)}
    assert say.missing - of_rules == set()
