"""People sign in with Chromium, follow every link they see, and nothing goes wrong."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from coopledger.portal.people import People
from coopledger.portal.running import Place
from coopledger.portal.storing import Store
from tests import books
from tests.browser import Browser
from tests.portal.door import BOOK
from tests.portal.door import PASSWORD
from tests.portal.door import PEOPLE
from tests.portal.driver import Chromium
from tests.portal.driver import started
from tests.portal.test_running import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

SCRIPT = "<img src=x onerror=document.title='ran'>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with people_served(tmp_path_factory.mktemp("portal"), BOOK) as found:
        yield found


@contextmanager
def people_served(folder: Path, text: str) -> Iterator[str]:
    """Serve a book to somebody in every role; give the address."""
    place = Place(folder / "state", port=0, needs_factor=())
    with served(books.write(folder, text), place) as found, Store(place.state) as store:
        people = People(store)
        for name, role, member in PEOPLE:
            people.add(name, role, member)
            people.set_password(name, PASSWORD)
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Browser.find(tmp_path_factory.mktemp("profile"))
    with started(browser) as found:
        found.show(1280, 900)
        yield found


def signed_in(chromium: Chromium, address: str, name: str) -> None:
    chromium.ask("Network.clearBrowserCookies")
    chromium.open(f"{address}/sign-in")
    chromium.fill(name=name, password=PASSWORD)
    chromium.complaints.clear()
    chromium.click("main button")
    assert chromium.run("location.pathname").startswith("/books/"), chromium.text()


def test_a_member_signs_in_and_is_at_their_statement(
    chromium: Chromium, address: str
) -> None:
    signed_in(chromium, address, "ana")
    assert chromium.run("location.pathname + location.search") == (
        "/books/mine/extension/CapitalAccounts/?member=M-Ana"
    )
    text = chromium.text()
    assert "1,261.26" in text
    assert "Bolivar" not in text
    chromium.open(f"{address}/books/mine/journal/")
    assert "Pays her contribution" in chromium.text()
    assert chromium.complaints == []


def test_a_script_in_a_payee_does_not_run(chromium: Chromium, tmp_path: Path) -> None:
    text = BOOK.replace('"Anastasia" "Pays', f'"{SCRIPT}" "Pays')
    with people_served(tmp_path, text) as address:
        for name, slug in (("ana", "mine"), ("tess", "all")):
            signed_in(chromium, address, name)
            chromium.open(f"{address}/books/{slug}/journal/")
            assert "onerror" in chromium.run("document.body.innerHTML")
            assert chromium.run("document.title") != "ran"
            assert any("Content Security Policy" in c for c in chromium.complaints)


def test_a_form_on_another_site_does_nothing(chromium: Chromium, address: str) -> None:
    signed_in(chromium, address, "ana")
    form = f"<form method=post action={address}/sign-out><button>x</button></form>"
    chromium.open(f"data:text/html,{form}")
    chromium.click("button")
    assert any(one.startswith("403") for one in chromium.complaints)
    chromium.open(f"{address}/account")
    assert chromium.run("location.pathname") == "/account"


def test_signing_out_leaves_nothing_to_go_back_to(
    chromium: Chromium, address: str
) -> None:
    signed_in(chromium, address, "ana")
    chromium.open(f"{address}/account")
    chromium.click("header form button")
    chromium.run("history.back()")
    chromium.settle()
    assert chromium.run("location.pathname") == "/sign-in"
    assert "M-Ana" not in chromium.text()


@pytest.mark.parametrize("width", [360, 390])
def test_a_members_statement_fits_a_telephone(
    chromium: Chromium, address: str, width: int
) -> None:
    signed_in(chromium, address, "ana")
    chromium.show(width, 800)
    page = f"{address}/books/mine/extension/CapitalAccounts/?member=M-Ana"
    chromium.open(page)
    assert chromium.run("document.querySelectorAll('article details').length") > 0
    article = "document.querySelector('article')"
    assert not chromium.run(f"{article}.scrollWidth > {article}.clientWidth")
    chromium.show(1280, 900)


@pytest.mark.parametrize("path", ["/account", "/people", "/log", "/sign-in"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_is_wider_than_the_window_and_each_field_has_a_label(
    chromium: Chromium, address: str, path: str, width: int
) -> None:
    signed_in(chromium, address, "ada")
    chromium.show(width, 900, language="es")
    chromium.open(f"{address}{path}")
    wider = "document.documentElement.scrollWidth - innerWidth"
    bare = (
        "[...document.querySelectorAll('input:not([type=hidden]),select')]"
        ".filter(field => field.labels.length === 0).length"
    )
    assert chromium.run(wider) <= 0
    assert chromium.run(bare) == 0
    assert chromium.run("document.documentElement.lang") == "es"
    chromium.show(1280, 900)
