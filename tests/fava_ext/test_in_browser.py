"""The pages as Chromium shows them: laid out by Fava's own scripts, without errors."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests import books
from tests.browser import FLAGS
from tests.browser import SECONDS
from tests.browser import Browser
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.test_languages import LEDGER
from tests.fava_ext.test_serving import served
from tests.fava_ext.test_serving import text_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser.find(tmp_path)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "book").mkdir()
    wrong = '\n2024-06-01 custom "coop-membr" "Cy" "join"\n'
    books.write(tmp_path / "book", BOOK + wrong)
    with served(tmp_path / "book") as page:
        yield page


def complaints(browser: Browser, url: str) -> list[str]:
    """Return what the page's scripts complained about in the browser's console."""
    done = subprocess.run(
        (
            browser.program,
            *FLAGS,
            f"--user-data-dir={browser.profile / 'console'}",
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            "--dump-dom",
            url,
        ),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_a_complaint_in_the_console_would_be_seen(
    browser: Browser, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<script>throw Error('boom')</script>", "utf-8")
    assert "boom" in "".join(complaints(browser, page.as_uri()))


def test_the_list_stands_inside_favas_page(browser: Browser, address: str) -> None:
    dom = browser.dom(f"{address}?time=2023")
    assert '<table is="sortable-table" class="queryresults' in dom
    assert "1200.15" in dom
    aside = dom.partition("<aside")[2].partition("</aside>")[0]
    assert "Capital accounts" in aside


def test_the_members_page_has_its_chart_drawn(browser: Browser, address: str) -> None:
    dom = browser.dom(f"{address}?member=Ana")
    chart = dom.partition("<svelte-component")[2].partition("</svelte-component>")[0]
    assert '<path d="M' in re.sub(r"class=\S+ ", "", chart)
    assert "Change in each fiscal year" in chart
    assert 'class="error"' not in dom
    assert "Pays some more" in dom


def test_favas_error_page_links_a_finding_to_its_line(
    browser: Browser, address: str
) -> None:
    dom = browser.dom(address.replace("extension/CapitalAccounts/", "errors/"))
    assert "There is no directive 'coop-membr'" in dom
    assert re.search(r'<a class="source[^"]*" href="[^"]*editor/[^"]*line=\d+', dom)


@pytest.mark.parametrize("page", ["", "?member=Ana&time=2024", "?member=Bo", "?time=x"])
def test_the_pages_make_the_browser_complain_about_nothing(
    browser: Browser, address: str, page: str
) -> None:
    assert complaints(browser, f"{address}{page}") == []


ALL_PAGES = (
    "CapitalAccounts/",
    "CapitalAccounts/?member=Yesenia",
    "Distribution/",
    "Register/?time=2024",
    "Rules/",
    "Solidarity/",
)


@pytest.fixture(scope="module")
def farms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a demonstration book beside its federation, behind the guard."""
    ledger = tmp_path_factory.mktemp("books") / "ledger"
    shutil.copytree(LEDGER, ledger)
    with served(ledger / "freedom-farms") as page:
        yield page.replace("CapitalAccounts/", "")


@pytest.mark.parametrize("page", ALL_PAGES)
def test_no_page_makes_the_browser_complain(
    browser: Browser, farms: str, page: str
) -> None:
    assert complaints(browser, f"{farms}{page}") == []


@pytest.mark.parametrize("page", ALL_PAGES)
def test_every_link_of_a_page_leads_somewhere(farms: str, page: str) -> None:
    article = text_at(f"{farms}{page}").partition("<article>")[2]
    links = {unescape(link) for link in re.findall(r'href="([^"#][^"]*)"', article)}
    assert links or page.startswith("Rules")
    server = farms.partition("/freedom")[0]
    for link in links:
        assert "<html" in text_at(link if "://" in link else f"{server}{link}")


def test_no_page_has_a_script_of_its_own(farms: str) -> None:
    for page in ALL_PAGES:
        article = text_at(f"{farms}{page}").partition("<article>")[2]
        scripts = re.findall(r"<script([^>]*)>", article.partition("</article>")[0])
        assert {*scripts} <= {
            ' type="application/json"',
            ' type="application/json" id="page-title"',
        }


def test_a_script_in_a_book_does_not_run_in_favas_own_pages(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "book").mkdir()
    script = "<img src=x onerror=document.title='ran'>"
    books.write(tmp_path / "book", BOOK.replace('"Customers"', f'"{script}"'))
    with served(tmp_path / "book") as page:
        dom = browser.dom(page.replace("extension/CapitalAccounts/", "journal/"))
    assert "onerror" in dom
    assert "<title>ran" not in dom


def test_a_screenshot_can_be_taken_of_both_pages(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    for name, query in (("list", ""), ("member", "?member=Ana")):
        picture = tmp_path / f"{name}.png"
        browser.screenshot(f"{address}{query}", picture)
        assert picture.stat().st_size > 10_000
