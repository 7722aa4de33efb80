"""The portal's own pages as axe-core judges them: nothing serious is wrong for anybody.

Every page is judged light and dark, wide and narrow, and as it comes: with a sentence
that something did not work, without a book, and before anybody has signed in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import pytest

from coopledger.portal import secondfactor
from coopledger.portal.people import People
from coopledger.portal.running import Place
from coopledger.portal.sessions import Sessions
from coopledger.portal.storing import Store
from coopledger.portal.throttling import BY_NAME
from coopledger.portal.throttling import Throttle
from tests import books
from tests.browser import Browser
from tests.fava_ext.test_accessibility import axe_or_skip
from tests.portal.door import PASSWORD
from tests.portal.driver import Chromium
from tests.portal.driver import started
from tests.portal.test_running import served
from tests.portal.test_sums import PAGE
from tests.portal.test_sums import many

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

LOOKS = [(width, is_dark) for width in (1280, 360) for is_dark in (False, True)]
JUDGE = """
Promise.all(document.getAnimations().map((one) => one.finished))
  .then(() => axe.run(CONTEXT, {resultTypes: ["violations"]}))
  .then((found) => found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => [one.id, one.nodes.map((node) => node.html).slice(0, 3)]))
"""


class Judge:
    """Chromium at a portal, and axe."""

    def __init__(self, chromium: Chromium, address: str, store: Store) -> None:
        self.chromium = chromium
        self.address = address
        self.store = store
        self.people = People(store)
        self.axe = axe_or_skip()

    def enter(self, name: str) -> None:
        """Be somebody, or nobody, from now on."""
        self.chromium.ask("Network.clearBrowserCookies")
        if name:
            token = Sessions(self.store).begin(self.people.named(name), "127.0.0.1")
            cookie = {"name": "coopledger", "value": token, "url": self.address}
            self.chromium.ask("Network.setCookie", **cookie)

    def open(self, path: str, quiet: float = 0.05) -> None:
        """Open a page."""
        self.chromium.open(f"{self.address}{path}", quiet)

    def send(self, selector: str, **fields: str) -> None:
        """Send a form."""
        self.chromium.fill(**fields)
        self.chromium.click(selector)

    def found(self, within: str = "html") -> list[Any]:
        """Return what axe finds serious on a part of the page in front of it.

        The window is so tall that nothing is out of sight, where axe sees no colours.
        """
        judgement = JUDGE.replace("CONTEXT", json.dumps(within))
        self.chromium.run(self.axe)
        found: list[Any] = []
        for width, is_dark in LOOKS:
            self.chromium.show(width, 3000, is_dark=is_dark, language="es")
            judged = self.chromium.run(judgement)
            found += ([width, is_dark, *one] for one in judged)
        return found


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    axe_or_skip()
    folder = tmp_path_factory.mktemp("judge")
    place = Place(folder / "state", port=0, needs_factor={"auditor"})
    with (
        served(books.write(folder, many()), place) as address,
        Store(place.state) as store,
        started(Browser.find(folder)) as chromium,
    ):
        people = People(store)
        for name, role, member in (
            ("ana", "member", "M-Ana"),
            ("zoe", "member", "M-Nobody"),
            ("aud", "auditor", ""),
            ("ada", "administrator", ""),
            ("new", "treasurer", ""),
        ):
            people.add(name, role, member)
        people.set_secret("ada", secondfactor.new_secret())
        yield Judge(chromium, address, store)


def test_axe_would_find_something(judge: Judge) -> None:
    judge.open("/sign-in")
    judge.chromium.run("document.querySelector('label').remove()")
    judge.chromium.run("document.querySelector('.hint').style.color = '#ccd'")
    assert {"label", "color-contrast"} <= {one[2] for one in judge.found()}


@pytest.mark.parametrize(
    ("name", "path", "heading"),
    [
        ("", "/sign-in", "Entrar"),
        ("", "/nothing", "No ha funcionado"),
        ("", "/invitation/nothing", "No ha funcionado"),
        ("ana", "/account", "Mi cuenta"),
        ("aud", "/account", "Mi cuenta"),
        ("ada", "/account", "Mi cuenta"),
        ("ada", "/people", "Personas"),
        ("ada", "/log", "Registro"),
        ("ana", "/nothing", "No ha funcionado"),
        ("ana", "/books/all/journal/", "No ha funcionado"),
        ("ana", "/books/mine/journal/?account=(a%2B)%2B", "No ha funcionado"),
        ("zoe", "/books/mine/journal/", "No ha funcionado"),
    ],
)
def test_axe_finds_nothing_serious(
    judge: Judge, name: str, path: str, heading: str
) -> None:
    judge.enter(name)
    judge.chromium.show(1280, 900, language="es")
    judge.open(path)
    assert judge.chromium.run("document.querySelector('h1').innerText") == heading
    assert judge.found() == []


def test_nor_on_a_members_page_with_the_sums_over_all(judge: Judge) -> None:
    judge.enter("ana")
    judge.chromium.show(1280, 900, language="es")
    judge.open(PAGE.replace("&partial=true", ""), 0.3)
    assert "Todas las personas socias juntas" in judge.chromium.text()
    block = "[aria-labelledby=coop-together]"
    assert judge.found(block) == []
    judge.chromium.run(f"document.querySelector('{block} p').style.color = '#ccd'")
    assert {one[2] for one in judge.found(block)} == {"color-contrast"}


def test_nor_on_the_way_in(judge: Judge) -> None:
    """From the link to choosing a password, with everything that can go wrong."""
    judge.enter("")
    judge.open(f"/invitation/{judge.people.invite('new')}")
    assert judge.found() == []
    judge.send("main button", password=PASSWORD, again=f"{PASSWORD} not")
    assert "no son iguales" in judge.chromium.text()
    assert judge.found() == []
    judge.send("main button", password=PASSWORD, again=PASSWORD)
    judge.send("main button", name="new", password=f"{PASSWORD} not")
    assert "no son correctos" in judge.chromium.text()
    assert judge.found() == []
    for _ in range(BY_NAME):
        Throttle(judge.store).admit("new", "192.0.2.7")
    judge.send("main button", name="new", password=PASSWORD)
    assert "Demasiados intentos" in judge.chromium.text()
    assert judge.found() == []


def test_nor_where_somebody_is_invited_and_the_book_of_a_member_is_not_shown(
    judge: Judge,
) -> None:
    judge.enter("ada")
    judge.open("/people")
    judge.send("[value=add]", name="cy", role="auditor")
    assert "/invitation/" in judge.chromium.text()
    assert judge.found() == []
    judge.send("[value=add]", name="cy", role="auditor")
    assert "Ya hay alguien" in judge.chromium.text()
    assert judge.found() == []


def test_nor_where_another_site_has_a_link_or_something_unforeseen_happens(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge.enter("ana")
    judge.chromium.open(f"data:text/html,<a href='{judge.address}/account'>x</a>")
    judge.chromium.click("a")
    assert "solo responde a sus propias" in judge.chromium.text()
    assert judge.found() == []
    monkeypatch.setattr("fava.application.render_template", None)
    judge.open("/books/mine/journal/")
    assert "no puede responder" in judge.chromium.text()
    assert judge.found() == []
