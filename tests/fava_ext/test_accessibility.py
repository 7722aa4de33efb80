"""The pages as axe-core judges them in Chromium: nothing serious is wrong for anybody.

What Fava's own components draw inside them is Fava's; each chart has its table.

axe-core comes from npm: `.ci/run` puts it below build/npm.  Where it is not to be had
the tests are skipped and say so; with COOPLEDGER_REQUIRE_AXE=1 they fail instead.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from cheroot.wsgi import Server
from fava.application import create_app

from tests.browser import Browser
from tests.fava_ext.test_languages import LEDGER
from tests.needing import lack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from flask import Flask
    from flask import Response

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "build/npm/node_modules/axe-core/axe.min.js"
REQUIRED = "COOPLEDGER_REQUIRE_AXE"
PAGES = (
    "CapitalAccounts/",
    "CapitalAccounts/?member=Yesenia",
    "CapitalAccounts/?member=nobody",
    "Distribution/?time=FY2024",
    "Register/?time=FY2024",
    "Rules/",
    "Solidarity/",
)
JUDGE = """
const ours = {include: ".coopledger", exclude: "svelte-component"};
setTimeout(() => axe.run(ours, {resultTypes: ["violations"]}).then((found) => {
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify(found.violations.map(
    (one) => [one.impact, one.id, one.nodes.map((node) => node.html).slice(0, 3)]));
  document.body.append(told);
}), 2000);
"""


def loading(scripts: Iterable[str], server: str = "") -> str:
    """Return what loads scripts from a server."""
    return "".join(f'<script src="{server}/scripts/{one}"></script>' for one in scripts)


def axe_or_skip() -> str:
    """Return axe-core, or skip (or, where it is required, fail) the test."""
    if not AXE.is_file():
        lack(f"no axe-core at {AXE}", REQUIRED)
    return AXE.read_text("utf-8")


def with_axe(app: Flask) -> Flask:
    """Let every page of Fava load axe and write down what it finds."""
    scripts = {"axe.js": axe_or_skip(), "judge.js": JUDGE}

    @app.route("/scripts/<name>")
    def script(name: str) -> tuple[str, dict[str, str]]:
        return scripts[name], {"Content-Type": "text/javascript"}

    @app.after_request
    def inject(answer: Response) -> Response:
        if answer.mimetype == "text/html" and not answer.direct_passthrough:
            page = answer.get_data(as_text=True)
            loads = "".join(
                f'<script src="/scripts/{one}"></script>' for one in scripts
            )
            answer.set_data(page.replace("</body>", f"{loads}</body>"))
        return answer

    return app


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    axe_or_skip()
    books = tmp_path_factory.mktemp("books") / "ledger"
    shutil.copytree(LEDGER, books)
    main = str(books / "freedom-farms" / "main.beancount")
    app = with_axe(create_app([main], load=True, poll_watcher=True))
    server = Server(("127.0.0.1", 0), app)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}/freedom-farms/extension/"
    finally:
        server.stop()
        thread.join()


def violations(browser: Browser, url: str, *flags: str) -> list[Any]:
    """Return what axe finds on a page: impact, rule and examples."""
    dom = browser.dom(url, *flags, patience=8000)
    told = re.search(r'<pre id="told">(.*?)</pre>', dom, re.DOTALL)
    assert told is not None, "axe did not come to an end"
    return list(json.loads(unescape(told[1])))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious(
    address: str, page: str, scheme: str, tmp_path: Path
) -> None:
    number = 1 if scheme == "light" else 0
    flag = f"--blink-settings=preferredColorScheme={number}"
    found = violations(Browser.find(tmp_path), f"{address}{page}", flag)
    assert [one for one in found if one[0] in {"serious", "critical"}] == []


def test_axe_would_find_something(address: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    loads = loading(("axe.js", "judge.js"), address.partition("/freedom")[0])
    page.write_text(f'<div class="coopledger"><img src="x"></div>{loads}', "utf-8")
    found = violations(Browser.find(tmp_path), page.as_uri())
    assert "image-alt" in {one[1] for one in found}
