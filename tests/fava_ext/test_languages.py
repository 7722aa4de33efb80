"""The pages in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fava.application import create_app

from coopledger.rules import RULES
from coopledger.services.wording import wording_of
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.pages import SLUG
from tests.fava_ext.pages import Office
from tests.fava_ext.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

LEDGER = Path(__file__).parents[2] / "ledger"
PAGES = ("CapitalAccounts", "Distribution", "Register", "Rules", "Solidarity")
SPANISH = {"Accept-Language": "es"}


#: Findings in the reader's words, with days and amounts; and why a rule is there.
SAID = """\
El capital de Ana baja a -1.249,85.
Corrija el importe o la persona; a nadie se le puede pagar más de lo que tiene.
No hay ninguna directiva «coop-membr»; ¿quería decir «coop-member»?
Corrija la directiva.
El acuerdo «GA-2022-1» no está anotado; ¿quería decir «GA-2022-01»?
«coop-policy» vale desde el 4 mar 2024, y el acuerdo «GA-2024-02» que nombra es del 5
Nombre el acuerdo que lo decidió, o dé una fecha desde ese día.
Lo que una persona toma de más lo pagan las otras.
"""


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
        assert "by-laws of" not in client.get(f"{address}?time=FY2024").text
    for member in register.register.ids:
        address = f"/{ledgers.first_slug()}/extension/{PAGES[0]}/?member={member}"
        assert "Todas las socias" in client.get(address).text
    of_rules = {text for rule in RULES for text in (rule.statement, rule.reason)}
    assert say.missing - of_rules == set()


def test_a_finding_is_said_whole_with_the_readers_amounts_and_days(
    office_over: Callable[[str], Office],
) -> None:
    wrong = """
2022-02-01 custom "coop-resolution" "GA-2022-01" "Returns of 2022"
2024-03-01 * "Ana" "Takes more than she has"
  Equity:Members:Ana:Contribution   2,500.00 USD
  Assets:Bank                      -2,500.00 USD
2024-03-02 custom "coop-membr" "Cy" "join"
2024-03-03 custom "coop-parameter" "collective.share" 0.30
  resolution: "GA-2022-1"
2024-03-04 custom "coop-policy" "us-worker-ica"
  resolution: "GA-2024-02"
2024-03-05 custom "coop-resolution" "GA-2024-02" "Policy"
"""
    office = office_over(f"{BOOK}\n{wrong}\n")
    page = " ".join(text_of(in_spanish(office, "Rules")).split())
    for sentence in SAID.splitlines():
        assert sentence in page
    assert 'lang="en"' not in in_spanish(office, "Rules").partition("<article>")[2]


def test_what_no_catalogue_has_is_marked_as_english(
    office_over: Callable[[str], Office],
) -> None:
    page = in_spanish(office_over(f'{BOOK}\nplugin "no.such.plugin"\n'), "Rules")
    assert re.search(r'<strong lang="en">[^<]*no\.such\.plugin', page)
