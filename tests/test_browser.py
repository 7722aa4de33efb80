"""The browser helper itself: page tests rely on what it skips and what it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import browser
from tests.browser import Browser

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "<!doctype html><p id=sum></p><script>sum.textContent = 40 + 2</script>"
PNG = b"\x89PNG\r\n"


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path.as_uri()


@pytest.mark.usefixtures("no_browser")
def test_without_a_browser_the_test_is_skipped_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(browser.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="looked for no-such-browser"):
        Browser.find(tmp_path)


@pytest.mark.usefixtures("no_browser")
def test_where_a_browser_is_required_its_absence_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(browser.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match=browser.REQUIRED):
        Browser.find(tmp_path)


@pytest.mark.browser
def test_the_page_is_read_after_its_scripts_ran(page: str, tmp_path: Path) -> None:
    assert '<p id="sum">42</p>' in Browser.find(tmp_path).dom(page)


@pytest.mark.browser
def test_a_screenshot_is_a_picture(page: str, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    Browser.find(tmp_path).screenshot(page, picture)
    assert picture.read_bytes().startswith(PNG)
