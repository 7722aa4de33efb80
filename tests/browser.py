"""The Chromium that page tests look through, driven by its own command line.

A page test asks for the `browser` marker's sake only once, through `Browser.find`:

    @pytest.mark.browser
    def test_page_shows_ana(tmp_path: Path) -> None:
        assert "Ana" in Browser.find(tmp_path).dom(url)

Where there is no Chromium the test is skipped and says so; with
COOPLEDGER_REQUIRE_BROWSER=1 in the environment it fails instead.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import Self

from tests.needing import lack

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "COOPLEDGER_REQUIRE_BROWSER"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)
SECONDS = 60


class Browser(NamedTuple):
    """A Chromium and the empty profile that it starts with."""

    program: str
    profile: Path

    @classmethod
    def find(cls, profile: Path) -> Self:
        """Return the browser, or skip (or, where it is required, fail) the test."""
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if program is None:
            reason = f"no browser on the path (looked for {', '.join(NAMES)})"
            lack(reason, REQUIRED)
        return cls(program, profile)

    def dom(self, url: str, *flags: str, patience: int = 5000) -> str:
        """Return the page's HTML after its scripts had `patience` milliseconds."""
        time = f"--virtual-time-budget={patience}"
        return self._run(url, "--dump-dom", time, *flags)

    def screenshot(self, url: str, picture: Path, *, patience: int = 5000) -> None:
        """Write the page as a picture of 1280 by 900 points."""
        self._run(
            url,
            f"--screenshot={picture}",
            "--window-size=1280,900",
            f"--virtual-time-budget={patience}",
        )

    def _run(self, url: str, *flags: str) -> str:
        profile = f"--user-data-dir={self.profile / 'profile'}"
        done = subprocess.run(
            (self.program, *FLAGS, profile, *flags, url),
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
        return done.stdout
