"""Somebody in each role follows every link of the demonstration, and nothing fails.

A walk begins with an invitation.  It clicks on links where they stand, as people do, so
that Fava's own scripts fetch the next page; what is left over is opened by its address.
Pages are told apart by what Fava calls them and by what is asked of them, not by which
account or year it is.

With COOPLEDGER_EVERY_WALK=1 in the environment everybody walks in every language, once
clicking and once opening every page anew.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import NamedTuple
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pyotp
import pytest
from werkzeug.exceptions import HTTPException

from coopledger.portal.people import ROLES
from coopledger.portal.people import People
from coopledger.portal.running import Place
from coopledger.portal.serving import PREFIX
from coopledger.portal.serving import make_fava
from coopledger.portal.storing import Store
from tests.browser import Browser
from tests.fava_ext.test_languages import LEDGER
from tests.portal.door import PASSWORD
from tests.portal.driver import Chromium
from tests.portal.driver import started
from tests.portal.test_running import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.portal.people import Role

pytestmark = pytest.mark.browser

WALKS: tuple[tuple[Role, str, bool], ...] = (
    ("member", "en", False),
    ("member", "es", True),
    ("bookkeeper", "es", True),
    ("treasurer", "en", True),
    ("auditor", "es", True),
    ("administrator", "en", True),
)
if os.environ.get("COOPLEDGER_EVERY_WALK") == "1":
    WALKS = tuple(
        (role, language, clicks)
        for role in ROLES
        for language in ("en", "es")
        for clicks in (True, False)
    )

#: What has to be among the pages that are found, or a walk proves nothing.
OF_ALL = {"journal", "account", "CapitalAccounts", "/account", "query", "statistics"}
OF_STAFF = OF_ALL | {"editor", "Distribution", "Register", "Rules", "Solidarity"}
FOUND = {
    "member": OF_ALL,
    "bookkeeper": OF_STAFF,
    "treasurer": OF_STAFF,
    "auditor": OF_STAFF | {"/log"},
    "administrator": OF_STAFF | {"/log", "/people"},
}
#: What is saved, and leaves the page where it is.
DOWNLOADS = {"download_query", "document", "statement"}
#: How long a page that has come to rest is watched, in seconds.
QUIET = 0.05

PLACES = make_fava().url_map.bind("localhost")


class Portal(NamedTuple):
    """A portal over a demonstration book, in one language."""

    address: str
    store: Store


@contextmanager
def demonstrated(folder: Path, language: str) -> Iterator[Portal]:
    """Serve a demonstration book in a language."""
    shutil.copytree(LEDGER, folder / "ledger")
    book = folder / "ledger" / "freedom-farms" / "main.beancount"
    text = book.read_text("utf-8").replace(
        '"language" "en"', f'"language" "{language}"'
    )
    book.write_text(text, "utf-8")
    place = Place(folder / "state", port=0)
    with served(book, place) as address, Store(place.state) as store:
        yield Portal(address, store)


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Portal]]:
    folder = tmp_path_factory.mktemp("walks")
    with (
        demonstrated(folder / "en", "en") as english,
        demonstrated(folder / "es", "es") as spanish,
    ):
        yield {"en": english, "es": spanish}


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chromium]:
    with started(Browser.find(tmp_path)) as found:
        yield found


def begin(chromium: Chromium, portal: Portal, role: Role) -> None:
    """Accept an invitation, sign in, set up a second factor, and sign in with it."""
    people, name = People(portal.store), f"{role}-{time.monotonic_ns()}"
    people.add(name, role, "Yesenia" if role == "member" else "")
    chromium.open(f"{portal.address}/invitation/{people.invite(name)}")
    chromium.fill(password=PASSWORD, again=PASSWORD)
    chromium.click("main button")
    chromium.fill(name=name, password=PASSWORD)
    chromium.click("main button")
    if role != "member":
        assert chromium.run("location.pathname") == "/account"
        code = pyotp.TOTP(chromium.run("document.querySelector('[name=secret]').value"))
        chromium.fill(code=code.now())
        chromium.click("[action='/account/factor'] button")
        chromium.click("[action='/sign-out'] button")
        following = code.at(int(time.time()) + code.interval)
        chromium.fill(name=name, password=PASSWORD, code=following)
        chromium.click("main button")
    assert chromium.run("location.pathname").startswith(f"{PREFIX}/"), chromium.text()


def page_of(link: str) -> tuple[str, ...]:
    """Tell pages apart: what a page is called, and what is asked of it."""
    parts = urlsplit(link)
    # What a time filter gives stands beside it: every page has one with it.
    asked = sorted(set(parse_qs(parts.query)) - {"time"})
    try:
        endpoint, words = PLACES.match(parts.path.removeprefix(PREFIX))
    except HTTPException:
        return (parts.path, *asked)
    kept = ("report_name", "extension_name", "aggregation_key", "page_slug")
    return (endpoint, *(words[one] for one in kept if one in words), *asked)


def walk(chromium: Chromium, portal: Portal, *, clicks: bool) -> dict[str, str]:
    """Follow every link; return the pages that were seen, and where each was."""
    todo, seen = [chromium.run("location.href")], {}
    while todo:
        link = todo.pop()
        page = page_of(link)
        if page in seen or not link.startswith(portal.address):
            continue
        seen[page] = link
        before = chromium.run("location.href")
        if not clicks or not chromium.follow(link, QUIET):
            chromium.open(link, QUIET)
        is_there = link == before or chromium.run("location.href") != before
        assert is_there or page[0] in DOWNLOADS, link
        assert chromium.complaints == [], link
        assert chromium.run("document.body.innerText.length") > 20, link
        todo += chromium.links()
    return {word: link for page, link in seen.items() for word in page}


@pytest.mark.parametrize(("role", "language", "clicks"), WALKS)
def test_whatever_somebody_sees_a_link_to_opens_without_a_complaint(
    chromium: Chromium,
    portals: dict[str, Portal],
    role: Role,
    language: str,
    clicks: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    chromium.show(1280, 900, language=language)
    begin(chromium, portals[language], role)
    chromium.complaints.clear()
    found = walk(chromium, portals[language], clicks=clicks)
    assert found.keys() >= FOUND[role]


def test_a_walk_notices_a_page_that_fails(
    chromium: Chromium, portals: dict[str, Portal]
) -> None:
    begin(chromium, portals["en"], "member")
    chromium.open(f"{portals['en'].address}{PREFIX}/mine/nothing/")
    with pytest.raises(AssertionError, match="404"):
        walk(chromium, portals["en"], clicks=False)
