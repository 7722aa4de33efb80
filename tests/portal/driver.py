"""Chromium as a person uses it: signing in, following links, looking at pages.

It is steered through its debugging pipe, which needs no library: messages are JSON,
each ends with a zero byte, and file descriptors 3 and 4 carry them.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

from tests.browser import FLAGS
from tests.browser import SECONDS
from tests.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Puts the ends of the pipes where Chromium looks for them, and becomes Chromium.
_MOVE = """
import os, sys
for end, high in ((1, 200), (2, 201)):
    os.dup2(int(sys.argv[end]), high)
os.dup2(200, 3)
os.dup2(201, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
#: The links that can be seen, each with where it leads, without what follows #.
_LINKS = (
    "[...document.querySelectorAll('a[href]')]"
    ".filter(a => a.getClientRects().length > 0)"
    ".map(a => [a, new URL(a.getAttribute('href'), location).href.split('#')[0]])"
)
_DOMAINS = ("Page", "Runtime", "Network", "Log")


class Chromium:
    """One page of a running Chromium.

    Attributes:
        complaints: What the console said, and requests that failed.
    """

    def __init__(self, read: int, write: int) -> None:
        self._read = read
        self._write = write
        self._rest = b""
        self._number = 0
        self._session = ""
        self._pending: dict[str, str] = {}
        self.complaints: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in _DOMAINS:
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command; return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method}
        message["params"] = parameters
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next(SECONDS)
            assert answer is not None, f"no answer to {method}"
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self, seconds: float) -> dict[str, Any] | None:
        """Return the next message, and keep what was complained about."""
        end = time.monotonic() + seconds
        while b"\0" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                return None
            self._rest += os.read(self._read, 1 << 20)
        first, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        about = message.get("params", {})
        method = message.get("method")
        if method == "Network.requestWillBeSent":
            self._pending[about["requestId"]] = about["loaderId"]
        elif method in {"Network.loadingFinished", "Network.loadingFailed"}:
            self._pending.pop(about["requestId"], "")
        elif method == "Page.frameNavigated" and "parentId" not in about["frame"]:
            # What the page before it was still waiting for never comes to an end.
            loader = about["frame"]["loaderId"]
            left = {one: its for one, its in self._pending.items() if its == loader}
            self._pending = left
        self._note_complaint(method, about)

    def _note_complaint(self, method: str | None, about: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(about["exceptionDetails"]))
        elif method == "Log.entryAdded" and about["entry"]["level"] == "error":
            entry = about["entry"]
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and about["type"] == "error":
            self.complaints.append(json.dumps(about["args"]))
        elif method == "Network.loadingFailed" and not about.get("canceled"):
            self.complaints.append(f"failed: {about['errorText']}")
        elif method == "Network.responseReceived" and about["response"]["status"] > 399:
            shown = about["response"]
            self.complaints.append(f"{shown['status']} {shown['url']}")

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing is under way and nothing has happened for a while."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if self._next(quiet) is None and not self._pending:
                return

    def open(self, url: str, quiet: float = 0.3) -> None:
        """Open an address, and wait until the page has come to rest."""
        self.ask("Page.navigate", url=url)
        self.settle(quiet)

    def follow(self, url: str, quiet: float = 0.3) -> bool:
        """Click on a link that leads to an address; say whether there is one."""
        click = "new MouseEvent('click', {bubbles: true, cancelable: true})"
        script = f"{_LINKS}.find(([a, to]) => to === {json.dumps(url)})"
        # Whoever takes the click over says no to what browsers would do with it.
        if self.run(f"(([a]) => a && [a.dispatchEvent({click})])({script} ?? [])"):
            self.settle(quiet)
            return True
        return False

    def run(self, script: str) -> Any:
        """Run a script in the page; return what it gives."""
        done = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return done["result"].get("value")

    def fill(self, **fields: str) -> None:
        """Fill fields of a form by what they are known by, or else by their names."""
        for name, value in fields.items():
            field = (
                f"(document.getElementById('{name}')"
                f" ?? document.querySelector('[name={name}]'))"
            )
            self.run(f"{field}.value = {json.dumps(value)}")

    def click(self, selector: str) -> None:
        """Click on something, and wait until the page has come to rest."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self.settle()

    def text(self) -> str:
        """Return what can be read on the page."""
        return str(self.run("document.body.innerText"))

    def links(self) -> list[str]:
        """Return where the links that can be seen lead, without what follows #."""
        found: list[str] = self.run(f"{_LINKS}.map(([a, to]) => to)")
        return [one for one in dict.fromkeys(found) if one.startswith("http")]

    def show(
        self, width: int, height: int, *, is_dark: bool = False, language: str = "en"
    ) -> None:
        """Take the window's size, the colours and the language that a reader has."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {
            "name": "prefers-color-scheme",
            "value": "dark" if is_dark else "light",
        }
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        headers = {"Accept-Language": language}
        self.ask("Network.setExtraHTTPHeaders", headers=headers)

    def picture(self, path: Path) -> None:
        """Write what is seen into a file."""
        taken = self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(taken["data"]))


@contextmanager
def started(browser: Browser) -> Iterator[Chromium]:
    """Start a Chromium; end it at the end of the block."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    program = (
        browser.program,
        *FLAGS,
        f"--user-data-dir={browser.profile / 'driven'}",
        "--remote-debugging-pipe",
    )
    with subprocess.Popen(
        (sys.executable, "-c", _MOVE, str(theirs_in), str(theirs_out), *program),
        pass_fds=(theirs_in, theirs_out),
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Chromium(ours_in, ours_out)
        finally:
            process.terminate()
            os.close(ours_in)
            os.close(ours_out)
